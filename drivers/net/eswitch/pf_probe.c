/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* A PF's device comes and goes, in the primary process. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ethdev_driver.h>
#include <ethdev_vdev.h>
#include <rte_errno.h>
#include <rte_string_fns.h>

#include "backing.h"
#include "devargs.h"
#include "log.h"
#include "pf_probe.h"
#include "port.h"
#include "representor.h"

/* FNV-1a: two PFs of one process must not have VFs of the same addresses. */
static uint32_t
seed_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

/* DPDK has few port numbers: say so before half of the representors are made. */
static int
ports_check(const struct esn_pf_args *a, struct esw_err *err)
{
	unsigned int used = rte_eth_dev_count_total(), want = 1;
	uint16_t i;

	for (i = 0; i < a->vfs; i++)
		want += a->reps[i];
	if (used + want <= RTE_MAX_ETHPORTS)
		return 0;
	return esw_err_set(
		err, -ENOSPC,
		"representor: %u ports are needed and %u of RTE_MAX_ETHPORTS (%u) are left: "
		"ask for the representors that are used, and hand VFs out by attach=",
		want, RTE_MAX_ETHPORTS - used, RTE_MAX_ETHPORTS);
}

static struct esn_nic *
nic_make(const struct rte_vdev_device *vdev, const struct esn_pf_args *a, struct esw_err *err)
{
	const char *name = rte_vdev_device_name(vdev);
	struct esw_conf conf = {
		.nb_vfs = a->vfs,
		.mode = a->mode,
		.mtu_max = a->mtu,
		.seed = a->seed_set ? a->seed : seed_of(name),
		.socket_id = vdev->device.numa_node < 0 ? (int)rte_socket_id() :
							  vdev->device.numa_node,
		.fdb_entries = a->fdb_entries,
		.fdb_age_s = a->age_s,
	};
	struct esw_policy_patch *patches = NULL;
	struct esn_nic *nic = NULL;
	int ret = 0;

	rte_strscpy(conf.name, name, sizeof(conf.name));
	if (a->policy[0] != '\0') {
		patches = calloc(a->vfs, sizeof(*patches));
		ret = patches == NULL ? -ENOMEM :
					esw_policy_file_load(a->policy, a->vfs, patches, err);
		if (ret != 0)
			esw_err_prefix(err, "policy: ");
	}
	if (ret == 0)
		nic = esn_nic_create(&conf, patches, err);
	else
		rte_errno = -ret;
	/* What the file alone did not show: "vf 1: mtu: ..." */
	if (ret == 0 && nic == NULL && strncmp(err->msg, "vf ", 3) == 0)
		esw_err_prefix(err, "policy: %s: ", a->policy);
	free(patches);
	return nic;
}

static int
nic_init(struct esn_nic *nic, const struct esn_pf_args *a, struct esw_err *err)
{
	uint16_t i;
	int ret;

	nic->speed = a->speed;
	nic->telemetry_writes = a->telemetry_writes;
	nic->backed = a->uplink[0] != '\0' || a->n_attach > 0;
	rte_strscpy(nic->uplink, a->uplink, sizeof(nic->uplink));
	ret = rte_eth_switch_domain_alloc(&nic->domain_id);
	if (ret != 0)
		return esw_err_set(err, ret, "no switch domain is left");
	for (i = 0; i < a->n_attach; i++) {
		const struct esn_attach *at = &a->attach[i];

		ret = esn_nic_claim(nic, at->vf, ESN_VF_ATTACHED, err);
		if (ret != 0)
			return ret;
		rte_strscpy(nic->vf[at->vf].attached, at->port, sizeof(nic->vf[at->vf].attached));
		ret = esw_vf_backed_set(nic->sw, at->vf, true);
		if (ret != 0)
			return esw_err_set(err, ret, "attach: vf%u could not be handed out",
					   at->vf);
	}
	return 0;
}

static int
backing_init(struct esn_nic *nic, const struct esn_pf_args *a, struct esw_err *err)
{
	uint16_t i;
	int ret = 0;

	if (a->uplink[0] != '\0') {
		ret = esn_backing_add(nic, ESN_PORT_NONE, a->uplink, err);
		if (ret != 0)
			esw_err_prefix(err, "uplink: ");
	}
	for (i = 0; i < a->n_attach && ret == 0; i++) {
		ret = esn_backing_add(nic, a->attach[i].vf, a->attach[i].port, err);
		if (ret != 0)
			esw_err_prefix(err, "attach: ");
	}
	return ret;
}

/* Representors that were made before find their PF under its new number. */
static void
reps_rebase(const struct esn_dev *d)
{
	uint16_t i;

	for (i = 0; i < RTE_MAX_ETHPORTS; i++) {
		struct rte_eth_dev *dev = &rte_eth_devices[i];

		if (dev->state == RTE_ETH_DEV_ATTACHED && dev->device == d->device &&
		    (dev->data->dev_flags & RTE_ETH_DEV_REPRESENTOR) != 0)
			dev->data->backer_port_id = d->nic->pf_port;
	}
}

int
esn_pf_port_create(struct rte_vdev_device *vdev, struct esn_nic *nic, struct esn_dev **d)
{
	struct rte_eth_dev *dev = rte_eth_vdev_allocate(vdev, sizeof(struct esn_port));
	int ret;

	if (dev == NULL)
		return -ENOSPC;
	ret = esn_port_init(dev, nic, ESN_PORT_NONE);
	if (ret != 0) {
		rte_eth_dev_release_port(dev);
		return ret;
	}
	nic->pf_port = dev->data->port_id;
	if (*d == NULL) {
		*d = esn_dev_add(nic, &vdev->device);
		if (*d == NULL) {
			/* Not yet a port that could be closed. */
			esn_tick_del(nic->pf_port);
			nic->pf_port = ESN_PORT_NONE;
			rte_eth_dev_release_port(dev);
			esn_nic_unref(nic);
			return -ENOMEM;
		}
	} else {
		(*d)->sd.pf_port = nic->pf_port;
		reps_rebase(*d);
	}
	rte_eth_dev_probing_finish(dev);
	return 0;
}

static void
teardown(struct esn_dev *d)
{
	struct esn_nic *nic = d->nic;
	struct rte_eth_dev *dev;

	esn_backing_del_all(nic);
	rep_destroy_all(d->device, nic->pf_port);
	dev = rte_eth_dev_allocated(nic->name);
	if (dev != NULL) {
		if (dev->data->dev_started != 0)
			rte_eth_dev_stop(dev->data->port_id);
		rte_eth_dev_close(dev->data->port_id);
	}
	esn_nic_kill(nic);
	esn_dev_del(d);
	esn_nic_unref(nic);
}

/* The PF, then its representors: with one device, the lowest port is the PF. */
static int
ports_make(struct rte_vdev_device *vdev, struct esn_nic *nic, const struct esn_pf_args *a,
	   struct esn_dev **d, struct esw_err *err)
{
	int ret = esn_pf_port_create(vdev, nic, d);
	uint16_t i;

	if (ret != 0)
		return esw_err_set(err, ret, "the PF's port could not be made: %s",
				   rte_strerror(-ret));
	(*d)->args_seen = rte_vdev_device_args(vdev);
	for (i = 0; i < nic->nb_vfs && ret == 0; i++)
		if (a->reps[i])
			ret = rep_create(&vdev->device, &(*d)->sd, i, nic->pf_port, nic->domain_id,
					 err);
	return ret != 0 ? ret : backing_init(nic, a, err);
}

static int
probe(struct rte_vdev_device *vdev, struct esn_pf_args *a, struct esw_err *err)
{
	const char *name = rte_vdev_device_name(vdev);
	struct esn_dev *d = NULL;
	struct esn_nic *nic;
	int ret;

	ret = esn_name_check(name, ESN_DRIVER_PF, err);
	if (ret == 0)
		ret = esn_pf_args_parse(a, rte_vdev_device_args(vdev), err);
	if (ret == 0)
		ret = ports_check(a, err);
	if (ret != 0)
		return ret;
	nic = nic_make(vdev, a, err);
	if (nic == NULL)
		return rte_errno != 0 ? -rte_errno : -ENOMEM;
	ret = nic_init(nic, a, err);
	if (ret == 0)
		ret = ports_make(vdev, nic, a, &d, err);
	if (ret == 0)
		return 0;
	if (d != NULL)
		teardown(d);
	else
		esn_nic_unref(nic);
	return ret;
}

int
esn_pf_probe(struct rte_vdev_device *vdev)
{
	struct esw_err err = { .msg = "" };
	struct esn_pf_args *a;
	int ret;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return esn_pf_attach(vdev);
	a = malloc(sizeof(*a)); /* too large for a stack */
	if (a == NULL)
		return -ENOMEM;
	ret = probe(vdev, a, &err);
	free(a);
	if (ret != 0)
		ESN_LOG_INIT(ERR, "%s: %s", rte_vdev_device_name(vdev), err.msg);
	return ret;
}

int
esn_pf_remove(struct rte_vdev_device *vdev)
{
	struct esn_dev *d = esn_dev_by_name(rte_vdev_device_name(vdev));

	if (d == NULL)
		return 0;
	if (rte_eal_process_type() != RTE_PROC_PRIMARY) {
		rep_destroy_all(&vdev->device, d->nic->pf_port);
		esn_detach(vdev);
		esn_dev_del(d);
		return 0;
	}
	teardown(d);
	return 0;
}
