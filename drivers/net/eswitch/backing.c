/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Which ports lie behind what, and who polls them. See backing.h; what is done to such a port is
 * in backing_port.c.
 */
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <ethdev_driver.h>
#include <rte_string_fns.h>

#include "backing_port.h"
#include "log.h"
#include "port.h"

static struct esn_backing table[RTE_MAX_ETHPORTS];
static uint32_t table_used; /* entries in use are below */
/* Recursive: giving a port back makes ethdev send events, which come here. */
static pthread_mutex_t ctl = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static bool listening;

/* Data path. */

uint16_t
esn_backing_rx_burst(void *rxq, struct rte_mbuf **pkts, uint16_t n)
{
	uint32_t i, used = __atomic_load_n(&table_used, __ATOMIC_ACQUIRE);

	for (i = 0; i < used; i++)
		if (__atomic_load_n(&table[i].poller, __ATOMIC_RELAXED) == rxq)
			esn_backing_poll(&table[i]);
	return esw_rx_burst(rxq, pkts, n);
}

/* Control. */

/* The representor polls what is behind its VF; where there is none, or a stopped one, the PF. */
static void
reconcile(struct esn_backing *b)
{
	void *rxq = b->rep_rxq != NULL ? b->rep_rxq : b->pf_rxq;
	struct rte_mempool *mp = b->rep_rxq != NULL ? b->rep_mp : b->pf_mp;

	if (b->port_id != ESN_PORT_NONE)
		esn_backing_port_prepare(b);
	if (b->running && (rxq == NULL || mp != b->mp || b->port_id == ESN_PORT_NONE))
		esn_backing_port_stop(b);
	__atomic_store_n(&b->poller, rxq, __ATOMIC_RELEASE);
	if (!b->running && !b->failed && rxq != NULL && b->port_id != ESN_PORT_NONE && b->prepared)
		b->failed = esn_backing_port_start(b, mp) != 0;
	esn_backing_port_follow(b);
}

/* The port has appeared: nobody else may configure it from now on. */
static void
take(struct esn_backing *b, uint16_t port_id)
{
	struct rte_eth_dev_owner owner = { .id = esn_backing_owner() };
	int ret;

	rte_strscpy(owner.name, b->nic->name, sizeof(owner.name));
	ret = rte_eth_dev_owner_set(port_id, &owner);
	if (ret != 0) {
		if (!b->refused)
			ESN_LOG_BACKING(ERR, "%s: port %s has another owner: %s", b->nic->name,
					b->name, strerror(-ret));
		b->refused = true;
		return;
	}
	b->refused = false;
	b->failed = false;
	b->prepared = false;
	b->port_id = port_id;
	ESN_LOG_BACKING(INFO, "%s: port %s is behind it", b->nic->name, b->name);
}

static int
on_new(uint16_t port_id, enum rte_eth_event_type event, void *arg, void *ret_param)
{
	const char *name = rte_eth_devices[port_id].data->name;
	bool taken = false;
	uint32_t i;

	RTE_SET_USED(event);
	RTE_SET_USED(arg);
	RTE_SET_USED(ret_param);
	pthread_mutex_lock(&ctl);
	for (i = 0; i < table_used; i++) {
		struct esn_backing *b = &table[i];

		if (b->nic == NULL || b->port_id != ESN_PORT_NONE || strcmp(b->name, name) != 0)
			continue;
		/* Its driver is not known to the bus before its probe is over: use it later. */
		take(b, port_id);
		taken = true;
	}
	pthread_mutex_unlock(&ctl);
	if (taken)
		esn_tick_soon();
	return 0;
}

/* Its driver has closed it already: only our side is to be taken down. */
static int
on_destroy(uint16_t port_id, enum rte_eth_event_type event, void *arg, void *ret_param)
{
	uint32_t i;

	RTE_SET_USED(event);
	RTE_SET_USED(arg);
	RTE_SET_USED(ret_param);
	pthread_mutex_lock(&ctl);
	for (i = 0; i < table_used; i++) {
		struct esn_backing *b = &table[i];

		if (b->nic == NULL || b->port_id != port_id)
			continue;
		esn_backing_port_lost(b);
		ESN_LOG_BACKING(NOTICE, "%s: port %s behind it is gone", b->nic->name, b->name);
		esn_backing_port_follow(b);
	}
	pthread_mutex_unlock(&ctl);
	return 0;
}

static int
listen_events(void)
{
	int ret = 0;

	if (listening)
		return 0;
	ret = rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_NEW, on_new, NULL);
	if (ret == 0)
		ret = rte_eth_dev_callback_register(RTE_ETH_ALL, RTE_ETH_EVENT_DESTROY, on_destroy,
						    NULL);
	listening = ret == 0;
	return ret;
}

/* Ports that exist and whose driver is known. */
static void
look_for(struct esn_backing *b)
{
	uint16_t port_id;

	if (b->port_id != ESN_PORT_NONE || rte_eth_dev_get_port_by_name(b->name, &port_id) != 0)
		return;
	if (rte_eth_devices[port_id].device != NULL &&
	    rte_dev_is_probed(rte_eth_devices[port_id].device))
		take(b, port_id);
}

static struct esn_backing *
slot_get(void)
{
	uint32_t i;

	for (i = 0; i < RTE_DIM(table); i++)
		if (table[i].nic == NULL)
			return &table[i];
	return NULL;
}

int
esn_backing_add(struct esn_nic *nic, uint16_t vf, const char *name, struct esw_err *err)
{
	size_t len = strlen(nic->name);
	struct esn_backing *b;
	int ret = 0;

	/* "net_eswitch_pf1" and its representors, but not "net_eswitch_pf10" */
	if (strncmp(name, nic->name, len) == 0 && !isdigit((unsigned char)name[len]))
		return esw_err_set(err, -EINVAL, "%s: a port of the device can't be behind itself",
				   name);
	pthread_mutex_lock(&ctl);
	b = slot_get();
	if (b == NULL) {
		ret = esw_err_set(err, -ENOSPC, "%s: more than %u ports behind e-switches", name,
				  RTE_MAX_ETHPORTS);
	} else if (listen_events() != 0) {
		ret = esw_err_set(err, -ENOMEM, "%s: no memory to watch for ports", name);
	} else {
		memset(b, 0, sizeof(*b));
		rte_spinlock_init(&b->lock);
		b->vf = vf;
		b->port_id = ESN_PORT_NONE;
		rte_strscpy(b->name, name, sizeof(b->name));
		b->nic = nic;
		look_for(b);
		reconcile(b);
		if (b >= &table[table_used])
			__atomic_store_n(&table_used, (uint32_t)(b - table) + 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&ctl);
	return ret;
}

void
esn_backing_del_all(struct esn_nic *nic)
{
	uint32_t i;

	pthread_mutex_lock(&ctl);
	for (i = 0; i < table_used; i++) {
		struct esn_backing *b = &table[i];

		if (b->nic != nic)
			continue;
		esn_backing_port_stop(b);
		__atomic_store_n(&b->poller, NULL, __ATOMIC_RELEASE);
		if (b->port_id != ESN_PORT_NONE)
			rte_eth_dev_owner_unset(b->port_id, esn_backing_owner());
		b->nic = NULL;
	}
	pthread_mutex_unlock(&ctl);
}

void
esn_backing_poller_set(struct esn_nic *nic, uint16_t vf, void *rxq, struct rte_mempool *mp)
{
	uint32_t i;

	if (!nic->backed || rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	pthread_mutex_lock(&ctl);
	for (i = 0; i < table_used; i++) {
		struct esn_backing *b = &table[i];

		if (b->nic != nic)
			continue;
		if (vf == ESN_PORT_NONE) {
			b->pf_rxq = rxq;
			b->pf_mp = mp;
		} else if (b->vf == vf) {
			b->rep_rxq = rxq;
			b->rep_mp = mp;
		} else {
			continue;
		}
		b->failed = false;
		reconcile(b);
	}
	pthread_mutex_unlock(&ctl);
}

void
esn_backing_tick(void)
{
	uint32_t i;

	pthread_mutex_lock(&ctl);
	for (i = 0; i < table_used; i++) {
		if (table[i].nic == NULL)
			continue;
		look_for(&table[i]);
		reconcile(&table[i]);
	}
	pthread_mutex_unlock(&ctl);
}
