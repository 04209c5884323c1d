/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Counters are kept where they are written (a queue, a lane) and added up here when somebody
 * asks. Reading while traffic runs gives each number at some moment during the call.
 */
#include <errno.h>
#include <string.h>

#include "device.h"

static uint64_t
get(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static void
add_sent(const struct esw_txq *q, struct esw_counters *c)
{
	for (unsigned int f = 0; f < ESW_FATE_RX_FIRST; f++)
		c->fate[f] += get(&q->fate[f]);
	c->tx_bytes += get(&q->bytes);
	c->tx_mcast += get(&q->mcast);
	c->tx_bcast += get(&q->bcast);
	for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
		if (q->to[k] != NULL)
			c->tx_wire += get(&q->to[k][ESW_EP_WIRE].packets);
	}
}

static void
add_at(const struct esw_at *at, struct esw_counters *c)
{
	for (unsigned int f = ESW_FATE_RX_FIRST; f < ESW_FATE_COUNT; f++)
		c->fate[f] += get(&at->n[f - ESW_FATE_RX_FIRST]);
	c->rx_mcast += get(&at->n[ESW_AT_MCAST]);
	c->rx_bcast += get(&at->n[ESW_AT_BCAST]);
}

static void
add_received(const struct esw *sw, const struct esw_rxq *q, struct esw_counters *c)
{
	for (uint16_t i = 0; i < sw->hi_tx_ids; i++) {
		const struct esw_txq *t = sw->tx_by_id[i];
		const struct esw_to *to;

		if (t == NULL || t->to[q->qid] == NULL)
			continue;
		to = &t->to[q->qid][q->ep];
		c->fate[ESW_RX_DELIVERED] += get(&to->packets);
		c->rx_bytes += get(&to->bytes);
		if (t->ep == ESW_EP_WIRE)
			c->rx_wire += get(&to->packets);
	}
}

int
esw_counters_get(const struct esw *sw, uint16_t ep, struct esw_counters *c)
{
	if (ep >= sw->nb_ep)
		return -EINVAL;
	esw_lock(sw);
	*c = sw->ep[ep].old;
	for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
		if (sw->ep[ep].txq[k] != NULL)
			add_sent(sw->ep[ep].txq[k], c);
		if (sw->ep[ep].rxq[k] != NULL)
			add_received(sw, sw->ep[ep].rxq[k], c);
	}
	for (uint16_t i = 0; i < sw->hi_tx_ids; i++)
		if (sw->tx_by_id[i] != NULL)
			add_at(&sw->tx_by_id[i]->at[ep], c);
	esw_unlock(sw);
	return 0;
}

void
esw_rxq_counters_get(const struct esw_rxq *q, struct esw_queue_counters *c)
{
	struct esw_counters all;

	memset(&all, 0, sizeof(all));
	esw_lock(q->sw);
	add_received(q->sw, q, &all);
	esw_unlock(q->sw);
	c->packets = all.fate[ESW_RX_DELIVERED] + q->old_packets;
	c->bytes = all.rx_bytes + q->old_bytes;
	c->errors = 0;
}

void
esw_txq_counters_get(const struct esw_txq *q, struct esw_queue_counters *c)
{
	c->packets = get(&q->fate[ESW_TX_FORWARDED]);
	c->bytes = get(&q->bytes);
	c->errors = 0;
	for (unsigned int f = ESW_TX_FORWARDED + 1; f < ESW_FATE_RX_FIRST; f++)
		c->errors += get(&q->fate[f]);
}
