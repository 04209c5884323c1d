/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* A VF's device comes and goes, in the primary process. The VF itself is always there. */
#include <errno.h>

#include <ethdev_driver.h>
#include <ethdev_vdev.h>

#include "devargs.h"
#include "log.h"
#include "pf_probe.h"
#include "port.h"

static int
port_make(struct rte_vdev_device *vdev, struct esn_nic *nic, uint16_t vf, struct esw_err *err)
{
	struct rte_eth_dev *dev;
	int ret = esn_nic_claim(nic, vf, ESN_VF_PORT, err);

	if (ret != 0)
		return ret;
	dev = rte_eth_vdev_allocate(vdev, sizeof(struct esn_port));
	if (dev == NULL) {
		esn_nic_release(nic, vf);
		return esw_err_set(err, -ENOSPC,
				   "no port is left: %u of RTE_MAX_ETHPORTS (%u) are in use",
				   rte_eth_dev_count_total(), RTE_MAX_ETHPORTS);
	}
	ret = esn_port_init(dev, nic, vf);
	if (ret != 0) {
		rte_eth_dev_release_port(dev);
		esn_nic_release(nic, vf);
		return esw_err_set(err, ret, "no memory for the port of VF %u", vf);
	}
	nic->vf[vf].vf_port = dev->data->port_id;
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static int
probe(struct rte_vdev_device *vdev, struct esw_err *err)
{
	struct esn_vf_args a;
	struct esn_dev *d;
	int ret;

	ret = esn_name_check(rte_vdev_device_name(vdev), ESN_DRIVER_VF, err);
	if (ret == 0)
		ret = esn_vf_args_parse(&a, rte_vdev_device_args(vdev), err);
	if (ret != 0)
		return ret;
	d = esn_dev_by_name(a.pf);
	if (d == NULL)
		return esw_err_set(
			err, -ENODEV,
			"pf: there is no device %s; it must be made before its VFs' ports", a.pf);
	return port_make(vdev, d->nic, a.vf, err);
}

int
esn_vf_probe(struct rte_vdev_device *vdev)
{
	struct esw_err err = { .msg = "" };
	int ret;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return esn_vf_attach(vdev);
	ret = probe(vdev, &err);
	if (ret != 0)
		ESN_LOG_INIT(ERR, "%s: %s", rte_vdev_device_name(vdev), err.msg);
	return ret;
}

int
esn_vf_remove(struct rte_vdev_device *vdev)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocated(rte_vdev_device_name(vdev));

	if (dev == NULL)
		return 0; /* closed already */
	if (rte_eal_process_type() != RTE_PROC_PRIMARY) {
		esn_detach(vdev);
		return 0;
	}
	if (dev->data->dev_started != 0)
		rte_eth_dev_stop(dev->data->port_id);
	return rte_eth_dev_close(dev->data->port_id);
}
