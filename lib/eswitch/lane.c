/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Lanes between queues: where they may be, made, emptied, taken down. Control only. */
#include <errno.h>

#include <rte_malloc.h>

#include "queue.h"

/* Slots of all lanes into one receiver: beyond 64 senders at the default depth, each gets fewer. */
#define LANE_BUDGET 32768
#define LANE_MIN 64

/* Does, or did, a flow rule send frames there? */
static bool
is_flow_path(const struct esw *sw, uint16_t from, uint16_t to)
{
	uint32_t bit = (uint32_t)from * sw->nb_ep + to;

	return (sw->flow.path[bit / 64] >> (bit % 64) & 1) != 0;
}

bool
esw_is_path(const struct esw *sw, uint16_t from, uint16_t to)
{
	bool veb = sw->conf.mode == ESW_MODE_VEB;

	if (from == to)
		return false;
	if (is_flow_path(sw, from, to))
		return true;
	if (esw_ep_is_rep(sw, from))
		return to == from - sw->conf.nb_vfs;
	if (esw_ep_is_rep(sw, to))
		return !veb && from == to - sw->conf.nb_vfs;
	if (veb)
		return true;
	return !esw_ep_is_vf(sw, from) && !esw_ep_is_vf(sw, to);
}

/* The sender's table for receivers' queue number `qid`. */
static struct esw_to *
to_table(struct esw *sw, struct esw_txq *t, uint16_t qid)
{
	struct esw_to *to = t->to[qid];

	if (to != NULL)
		return to;
	to = rte_zmalloc_socket("esw_to", sizeof(struct esw_to) * sw->nb_ep, RTE_CACHE_LINE_SIZE,
				sw->conf.socket_id);
	__atomic_store_n(&t->to[qid], to, __ATOMIC_RELEASE);
	return to;
}

int
esw_lane_create(struct esw *sw, struct esw_txq *t, struct esw_rxq *r)
{
	uint16_t share = RTE_MAX(LANE_MIN, LANE_BUDGET / (sw->hi_tx_ids + 1));
	uint16_t cap = RTE_MIN(r->nb_desc, share);
	struct esw_to *to = to_table(sw, t, r->qid);
	struct esw_lane *l = rte_zmalloc_socket("esw_lane", esw_lane_size(cap), RTE_CACHE_LINE_SIZE,
						sw->conf.socket_id);

	if (l == NULL || to == NULL) {
		rte_free(l);
		return -ENOMEM;
	}
	l->cap = cap;
	r->seen[t->id] = 0;
	r->bell[t->id] = 0;
	to += r->ep;
	to->bell = &r->bell[t->id];
	to->port_id = r->port_id;
	to->mp = t->pid == r->pid ? r->mp : NULL;
	__atomic_store_n(&r->lane[t->id], l, __ATOMIC_RELEASE);
	__atomic_store_n(&to->lane, l, __ATOMIC_RELEASE);
	return 0;
}

/*
 * Free what waits and what was posted; nobody uses the lane any more. Not if the receiver's process
 * was killed: it may have died inside its pool's ring, and who frees into that then waits for ever.
 */
static void
lane_empty(struct esw_rxq *r, uint16_t id, struct esw_lane *l)
{
	uint32_t bell = r->bell[id];
	uint16_t n = esw_bell_count(bell) - esw_bell_count(r->seen[id]);
	uint16_t at = esw_lane_first(l, bell, n);

	if (esw_is_gone(r->pid)) {
		l->posted = 0;
		n = 0;
	}
	if (l->posted) {
		for (uint16_t i = 0; i < l->cap; i++) {
			if (l->slot[i] == NULL)
				continue;
			l->slot[i]->next =
				NULL; /* a frame over several slots: each is freed by its own */
			l->slot[i]->nb_segs = 1;
			rte_pktmbuf_free(l->slot[i]);
			l->slot[i] = NULL;
		}
		l->posted = 0;
	} else {
		for (; n > 0; n--) {
			rte_pktmbuf_free(l->slot[at]);
			at = at + 1 == l->cap ? 0 : at + 1;
		}
	}
	r->seen[id] = bell;
	l->cons = esw_bell_count(bell);
}

static void
lane_fold(struct esw *sw, const struct esw_to *to, uint16_t from, uint16_t ep)
{
	struct esw_counters *rx = &sw->ep[ep].old, *tx = &sw->ep[from].old;

	rx->fate[ESW_RX_DELIVERED] += to->packets;
	rx->rx_bytes += to->bytes;
	if (from == ESW_EP_WIRE)
		rx->rx_wire += to->packets;
	if (ep == ESW_EP_WIRE)
		tx->tx_wire += to->packets;
}

void
esw_lane_destroy(struct esw *sw, struct esw_txq *t, struct esw_rxq *r, bool safe)
{
	struct esw_to *to = t->to[r->qid] != NULL ? &t->to[r->qid][r->ep] : NULL;
	struct esw_lane *l;

	if (to == NULL || to->lane == NULL)
		return;
	l = to->lane;
	lane_fold(sw, to, t->ep, r->ep);
	r->old_packets += to->packets;
	r->old_bytes += to->bytes;
	memset(to, 0, sizeof(*to));
	r->lane[t->id] = NULL;
	if (!safe)
		return;
	lane_empty(r, t->id, l);
	r->bell[t->id] = 0;
	r->seen[t->id] = 0;
	rte_free(l);
}

/* Lanes that lack; the path counts as open only when all of them are there. */
int
esw_path_open(struct esw *sw, uint16_t from, uint16_t to)
{
	uint32_t bit = (uint32_t)from * sw->nb_ep + to;

	if (esw_is_path(sw, from, to))
		return 0;
	for (uint16_t i = 0; i < ESW_QUEUES_MAX; i++) {
		struct esw_txq *t = sw->ep[from].txq[i];

		for (uint16_t k = 0; t != NULL && k < ESW_QUEUES_MAX; k++) {
			struct esw_rxq *r = sw->ep[to].rxq[k];

			if (r != NULL && r->lane[t->id] == NULL && esw_lane_create(sw, t, r) != 0)
				return -ENOMEM;
		}
	}
	sw->flow.path[bit / 64] |= UINT64_C(1) << (bit % 64);
	__atomic_fetch_add(&sw->post_gen, 1, __ATOMIC_RELEASE); /* buffers for other processes */
	return 0;
}
