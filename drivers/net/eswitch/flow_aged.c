/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The event that rules have aged. See flow_ops.h.
 *
 * Thread-safety: `lock` guards the list; the device's mutex is taken under it, and nothing of an
 * application's runs under it.
 */
#include <pthread.h>

#include "flow_ops.h"

#include "flow.h"

#define TICKS 10 /* ages are in seconds */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct esw *watched[RTE_MAX_ETHPORTS]; /* e-switch of a port that has such rules */
static uint16_t owner[RTE_MAX_ETHPORTS];

void
esn_flow_aged_watch(const struct esn_flow_port *port)
{
	uint16_t id = port->dev->data->port_id;

	/* Most rules find it done. */
	if (__atomic_load_n(&watched[id], __ATOMIC_RELAXED) == port->sw)
		return;
	pthread_mutex_lock(&lock);
	owner[id] = port->ep;
	__atomic_store_n(&watched[id], port->sw, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock);
}

void
esn_flow_aged_unwatch(uint16_t port_id)
{
	pthread_mutex_lock(&lock);
	__atomic_store_n(&watched[port_id], NULL, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock);
}

void
esn_flow_aged_tick(void)
{
	static uint32_t ticks; /* one thread calls this */
	bool news;

	if (++ticks % TICKS != 0)
		return;
	for (uint16_t i = 0; i < RTE_MAX_ETHPORTS; i++) {
		pthread_mutex_lock(&lock);
		news = watched[i] != NULL && esw_flow_age_tick(watched[i], owner[i]);
		pthread_mutex_unlock(&lock);
		if (news && rte_eth_dev_is_valid_port(i) != 0)
			rte_eth_dev_callback_process(&rte_eth_devices[i], RTE_ETH_EVENT_FLOW_AGED,
						     NULL);
	}
}
