/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Representors asked for after the probe: "port attach net_eswitch_pf0,representor=[2]", or a new
 * port in OVS.
 *
 * The vdev bus probes no device twice. But before it says that the device is there already, EAL
 * puts the new arguments in place of the old and has the bus scan, and a scan calls here. The bus
 * holds a lock meanwhile, so nothing here adds devices or scans. Ours is not held while ports are
 * made, since each one's event goes to applications; the devices are held instead. Arguments are
 * only looked at when they are new: any other device's probe scans as well, and must not bring
 * back a representor that its user closed.
 */
#include <errno.h>

#include <rte_errno.h>

#include "devargs.h"
#include "log.h"
#include "pf_probe.h"
#include "port.h"
#include "representor.h"

static void
make_asked(struct esn_dev *d, struct rte_vdev_device *vdev, const char *args)
{
	struct esw_err err = { .msg = "" };
	bool reps[ESW_VFS_MAX] = { false };
	struct esn_nic *nic = d->nic;
	uint16_t i;
	int n = esn_args_representors(args, nic->nb_vfs, reps, &err);
	int ret = 0;

	if (n < 0) {
		ESN_LOG_INIT(ERR, "%s: %s", nic->name, err.msg);
		return;
	}
	if (rte_eth_dev_allocated(nic->name) == NULL)
		ret = esn_pf_port_create(vdev, nic, &d);
	if (ret != 0)
		ESN_LOG_INIT(ERR, "%s: the PF's port could not be made: %s", nic->name,
			     rte_strerror(-ret));
	for (i = 0; i < nic->nb_vfs; i++) {
		if (!reps[i] || rep_exists(d->device, i))
			continue;
		ret = rep_create(d->device, &d->sd, i, nic->pf_port, nic->domain_id, &err);
		if (ret != 0)
			ESN_LOG_INIT(ERR, "%s: %s", nic->name, err.msg);
	}
}

/* What the primary made since this process attached. */
static void
attach_new(struct esn_dev *d)
{
	uint16_t i;

	for (i = 0; i < d->nic->nb_vfs; i++)
		if (d->nic->vf[i].rep_port != ESN_PORT_NONE && rep_port_id(&d->sd, i) < 0)
			rep_attach_secondary(d->device, &d->sd, i);
}

/* Is there anything to do for it? Marked as done: whoever scans meanwhile leaves it to us. */
static bool
take(struct esn_dev *d)
{
	const char *args = rte_vdev_device_args(ESW_DEV_TO_VDEV(d->device));

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return swd_hold(&d->sd);
	if (args == d->args_seen || !swd_hold(&d->sd))
		return false;
	d->args_seen = args;
	return true;
}

void
esn_scan(void *arg)
{
	struct esn_dev *todo[RTE_MAX_ETHPORTS]; /* more have to wait for the next scan */
	struct esn_dev *d;
	uint32_t i, n = 0;

	RTE_SET_USED(arg);
	esn_dev_lock();
	for (d = esn_dev_next(NULL); d != NULL && n < RTE_DIM(todo); d = esn_dev_next(d))
		if (take(d))
			todo[n++] = d;
	esn_dev_unlock();
	for (i = 0; i < n; i++) {
		d = todo[i];
		if (rte_eal_process_type() != RTE_PROC_PRIMARY)
			attach_new(d);
		else
			make_asked(d, ESW_DEV_TO_VDEV(d->device), d->args_seen);
		swd_release(&d->sd);
	}
}
