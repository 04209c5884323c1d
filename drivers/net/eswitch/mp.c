/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * A secondary process: it attaches to the ports that the primary made.
 *
 * The bus tells a secondary the names of the primary's devices, without arguments. All that is
 * needed beyond a name is in the shared memory of the port, so nothing here sends a message: OVS
 * turns those off.
 */
#include <errno.h>

#include <ethdev_driver.h>

#include "log.h"
#include "pf_probe.h"
#include "port.h"
#include "representor.h"

int
esn_pf_attach(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct rte_eth_dev *dev;
	struct esn_nic *nic;
	struct esn_dev *d;
	uint16_t i;
	int ret = esn_port_attach_secondary(&vdev->device, name, &esn_pf_ops, &dev);

	if (ret != 0) {
		ESN_LOG_INIT(ERR, "%s: the primary process has no such port", name);
		return ret;
	}
	nic = esn_port(dev)->nic;
	d = esn_dev_add(nic, &vdev->device);
	if (d == NULL) {
		rte_eth_dev_release_port(dev);
		ESN_LOG_INIT(ERR, "%s: no memory to attach", name);
		return -ENOMEM;
	}
	rte_eth_dev_probing_finish(dev);
	esn_tick_add(dev->data->port_id);
	for (i = 0; i < nic->nb_vfs; i++)
		if (nic->vf[i].rep_port != ESN_PORT_NONE)
			rep_attach_secondary(&vdev->device, &d->sd, i);
	return 0;
}

int
esn_vf_attach(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct rte_eth_dev *dev;
	int ret = esn_port_attach_secondary(&vdev->device, name, &esn_vf_ops, &dev);

	if (ret == 0)
		ret = esw_attach(esn_port(dev)->nic->sw);
	if (ret != 0) {
		ESN_LOG_INIT(ERR, "%s: the primary process has no such port", name);
		return ret;
	}
	rte_eth_dev_probing_finish(dev);
	esn_tick_add(dev->data->port_id);
	return 0;
}

void
esn_detach(struct rte_vdev_device *vdev)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(rte_vdev_device_name(vdev));

	if (dev == NULL)
		return;
	esn_tick_del(dev->data->port_id);
	rte_eth_dev_release_port(dev);
}
