/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <ethdev_driver.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_string_fns.h>

#include "log.h"
#include "nic.h"
#include "port.h"
#include "representor.h"

RTE_LOG_REGISTER(esn_logtype, pmd.net.eswitch, NOTICE);
RTE_LOG_REGISTER(esn_logtype_init, pmd.net.eswitch.init, NOTICE);
RTE_LOG_REGISTER(esn_logtype_backing, pmd.net.eswitch.backing, NOTICE);

static TAILQ_HEAD(, esn_dev) devs = TAILQ_HEAD_INITIALIZER(devs);
/*
 * Never held while anything is called that may come back into an application (events of ethdev,
 * ports made or closed): its callback may wait for a thread that waits for this lock.
 */
static pthread_mutex_t devs_lock = PTHREAD_MUTEX_INITIALIZER;

struct esn_nic *
esn_nic_create(const struct esw_conf *conf, const struct esw_policy_patch *patches,
	       struct esw_err *err)
{
	size_t size = sizeof(struct esn_nic) + conf->nb_vfs * sizeof(struct esn_nic_vf);
	struct esn_nic *nic = rte_zmalloc_socket(conf->name, size, RTE_CACHE_LINE_SIZE,
						 conf->socket_id);
	uint16_t i;

	if (nic == NULL) {
		rte_errno = ENOMEM;
		esw_err_set(err, -ENOMEM, "%s: no memory for %zu octets", conf->name, size);
		return NULL;
	}
	nic->sw = esw_create(conf, patches, err);
	if (nic->sw == NULL) {
		rte_free(nic);
		return NULL;
	}
	rte_strscpy(nic->name, conf->name, sizeof(nic->name));
	nic->nb_vfs = conf->nb_vfs;
	nic->refs = 1;
	nic->pf_port = ESN_PORT_NONE;
	nic->domain_id = RTE_ETH_DEV_SWITCH_DOMAIN_ID_INVALID;
	nic->socket_id = conf->socket_id;
	for (i = 0; i < nic->nb_vfs; i++) {
		nic->vf[i].vf_port = ESN_PORT_NONE;
		nic->vf[i].rep_port = ESN_PORT_NONE;
	}
	return nic;
}

void
esn_nic_ref(struct esn_nic *nic)
{
	nic->refs++;
}

void
esn_nic_unref(struct esn_nic *nic)
{
	if (nic == NULL || --nic->refs > 0)
		return;
	if (nic->domain_id != RTE_ETH_DEV_SWITCH_DOMAIN_ID_INVALID)
		rte_eth_switch_domain_free(nic->domain_id);
	esw_free(nic->sw);
	rte_free(nic);
}

void
esn_nic_kill(struct esn_nic *nic)
{
	struct esw_policy_patch down = {
		.fields = ESW_F_BIT(ESW_F_LINK),
		.value.link = ESW_LINK_DOWN,
	};
	uint16_t i;

	nic->dead = true;
	nic->pf_port = ESN_PORT_NONE;
	for (i = 0; i < nic->nb_vfs; i++)
		if (nic->vf[i].claim == ESN_VF_PORT)
			esw_policy_patch_set(nic->sw, i, &down, NULL);
}

int
esn_nic_claim(struct esn_nic *nic, uint16_t vf, enum esn_claim claim, struct esw_err *err)
{
	struct esn_nic_vf *v;

	if (vf >= nic->nb_vfs)
		return esw_err_set(err, -ERANGE, "vf: %u is out of range 0 to %u of %s", vf,
				   nic->nb_vfs - 1, nic->name);
	v = &nic->vf[vf];
	if (v->claim == ESN_VF_ATTACHED)
		return esw_err_set(err, -EBUSY, "vf: %u of %s is handed to port %s by attach=", vf,
				   nic->name, v->attached);
	if (v->claim == ESN_VF_PORT)
		return esw_err_set(err, -EBUSY, "vf: %u of %s has a port already, %s", vf,
				   nic->name,
				   v->vf_port == ESN_PORT_NONE ?
					   "being made" :
					   rte_eth_devices[v->vf_port].data->name);
	v->claim = claim;
	return 0;
}

void
esn_nic_release(struct esn_nic *nic, uint16_t vf)
{
	nic->vf[vf].claim = ESN_VF_FREE;
	nic->vf[vf].vf_port = ESN_PORT_NONE;
}

void
esn_nic_vf_sync(struct esn_nic *nic, uint16_t vf)
{
	uint16_t port_id = nic->vf[vf].vf_port;
	struct esn_dev *d;
	int rep = -1;
	struct rte_eth_dev_data *data = NULL;
	struct esw_vf_state st;
	struct esw_policy p;

	if (port_id < RTE_MAX_ETHPORTS)
		data = rte_eth_devices[port_id].data;
	if (data != NULL && data->mac_addrs != NULL && esw_policy_get(nic->sw, vf, &p) == 0 &&
	    esw_vf_state_get(nic->sw, vf, &st) == 0) {
		rte_ether_addr_copy(&p.mac, &data->mac_addrs[0]);
		data->mtu = RTE_MIN(data->mtu, st.effective_mtu);
	}
	esn_dev_lock();
	TAILQ_FOREACH(d, &devs, next)
		if (d->nic == nic)
			rep = rep_refresh_quietly(&d->sd, vf);
	esn_dev_unlock();
	if (rep >= 0)
		esn_link_tell(rep);
}

void
esn_dev_lock(void)
{
	pthread_mutex_lock(&devs_lock);
}

void
esn_dev_unlock(void)
{
	pthread_mutex_unlock(&devs_lock);
}

struct esn_dev *
esn_dev_next(struct esn_dev *d)
{
	return d == NULL ? TAILQ_FIRST(&devs) : TAILQ_NEXT(d, next);
}

struct esn_dev *
esn_dev_add(struct esn_nic *nic, struct rte_device *device)
{
	struct esn_dev *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->nic = nic;
	d->device = device;
	rte_strscpy(d->sd.name, nic->name, sizeof(d->sd.name));
	d->sd.pf_port = nic->pf_port;
	/* A secondary does not reach ports behind the e-switch: their queues are the primary's. */
	d->sd.ops = nic->backed && rte_eal_process_type() == RTE_PROC_PRIMARY ?
			    &esn_swd_ops_backed :
			    &esn_swd_ops;
	d->sd.dev = d;
	if (esw_attach(nic->sw) != 0 || swd_register(&d->sd) != 0) {
		free(d);
		return NULL;
	}
	swd_telemetry_allow_write(&d->sd, nic->telemetry_writes);
	esn_dev_lock();
	TAILQ_INSERT_TAIL(&devs, d, next);
	esn_dev_unlock();
	esn_tick_arm();
	return d;
}

void
esn_dev_del(struct esn_dev *d)
{
	esn_dev_lock();
	TAILQ_REMOVE(&devs, d, next);
	esn_dev_unlock();
	swd_unregister(&d->sd);
	free(d);
}

struct esn_dev *
esn_dev_by_name(const char *name)
{
	struct esn_dev *d;

	esn_dev_lock();
	TAILQ_FOREACH(d, &devs, next)
		if (strcmp(d->nic->name, name) == 0)
			break;
	esn_dev_unlock();
	return d;
}

struct esn_dev *
esn_dev_by_nic(const struct esn_nic *nic)
{
	struct esn_dev *d;

	esn_dev_lock();
	TAILQ_FOREACH(d, &devs, next)
		if (d->nic == nic)
			break;
	esn_dev_unlock();
	return d;
}
