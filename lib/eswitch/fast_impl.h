/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_IMPL_H_
#define _ESW_FAST_IMPL_H_

/*
 * The fast path of fast.h, included once by each fast_*.c, which is compiled for its instruction
 * set and defines FAST_FIND (look a key up in a bucket; data or 0) and FAST_NAME before.
 */
#include "fast.h"
#include "deliver.h"
#include "fast_from.h"
#include "fast_rules.h"
#include "fast_spread.h"
#include "offload.h"
#include "slow.h"

#define FAST_BURST 32
#define FAST_AHEAD 8u /* frames whose data is fetched ahead of the one that is looked at */
#define FAST_FEW 4    /* frames that are not worth stages */

#include "fast_copy.h"

/* Into its slot; the doorbell is rung by the caller. */
static __rte_always_inline void
fast_place(struct esw_to *to, uint16_t pos, struct rte_mbuf *m, uint32_t len)
{
	m->port = to->port_id;
	m->ol_flags = 0;
	m->packet_type = 0;
	to->lane->slot[pos] = m;
	to->packets++;
	to->bytes += len;
}

/* The last checks and the hand-over; false: the slow path's. */
static __rte_always_inline bool
fast_push(struct esw_to *to, uint64_t gate, struct rte_mbuf *m, uint32_t len, uint64_t d,
	  const struct fast_from *ff, struct fast_done *done)
{
	const struct rte_mempool *mp = to->mp;
	struct esw_lane *l = to->lane;
	uint32_t *const at = to->bell, bell;
	uint16_t pos;

	/* No static entry: bit 16 is clear. To itself, or to another process: no pool. */
	if (unlikely((d & 0x10000) == 0 || ((gate ^ ff->gate_want) & ff->gate_mask) != 0 ||
		     len > (gate >> 16 & UINT16_MAX) || mp == NULL))
		return false;
	bell = *at;
	if (unlikely(bell == 0 || !esw_lane_next(l, bell, &pos)))
		return false;
	if (unlikely(m->pool != mp)) {
		m = fast_copy(m, to->mp, len, done);
		if (unlikely(m == NULL))
			return false;
	}
	fast_place(to, pos, m, len);
	__atomic_store_n(at, (bell & 0xffff0000) + 0x10000 + pos + 1, __ATOMIC_RELEASE);
	return true;
}

/* The frame's first octets will be read soon. */
static __rte_always_inline void
fast_prefetch(const struct rte_mbuf *m)
{
	rte_prefetch0((const uint8_t *)m->buf_addr + m->data_off);
}

#include "fast_group.h"

/* Keys of a burst's frames, and where the MAC table has them. */
static __rte_always_inline void
fast_keys(const struct esw_fdb *fdb, struct rte_mbuf **pkts, uint32_t n, uint64_t *key,
	  const struct esw_fdb_bucket **at, const struct fast_from *ff)
{
	const struct esw_fdb_bucket *b = fdb->bucket;
	const uint32_t mask = fdb->mask;

	for (uint32_t i = 0; i < n; i++) {
		if (likely(i + FAST_AHEAD < n))
			fast_prefetch(pkts[i + FAST_AHEAD]);
		key[i] = fast_key(pkts[i], ff);
		if (at == NULL)
			continue;
		at[i] = &b[esw_fdb_hash(key[i]) & mask];
		rte_prefetch0(at[i]);
	}
}

/* The one receiver, or (0) the slow path. */
static __rte_always_inline uint64_t
fast_route_fixed(uint64_t key, const struct fast_from *ff)
{
	if (key == 0 || (ff->dst != 0 && (key & ESW_MAC48) != ff->dst))
		return 0;
	return ff->to_ep | UINT64_C(0x10000);
}

/* What the frame's rule counts; octets of the switch side. */
static __rte_always_inline void
fast_count(const struct esw_txq *q, const struct esw_flow *rule, uint32_t len,
	   const struct fast_from *ff)
{
	if (rule != NULL && rule->counter != NULL)
		esw_flow_counter_add(rule->counter, q->id, 1,
				     len + (ff->tag != 0 ? ESW_TAG_LEN : 0));
}

/* Lanes whose doorbells are stored later. */
struct fast_open {
	uint32_t n;
	struct esw_to *to[FAST_BURST];
};

static __rte_always_inline void
fast_close(struct fast_open *open)
{
	for (uint32_t i = 0; i < open->n; i++) {
		__atomic_store_n(open->to[i]->bell, open->to[i]->mine, __ATOMIC_RELEASE);
		open->to[i]->open = false;
	}
	open->n = 0;
}

/*
 * The hand-over at a receiver with several queues. That means several cores, and the doorbell's
 * line is written by some and read by others: it is stored once a burst and never loaded, and the
 * lane's line is loaded only when the room that is known of is used up. Lanes of a queue that
 * control stops meanwhile stay until this burst is over.
 */
static __rte_always_inline bool
fast_push_spread(struct esw_txq *q, uint64_t gate, struct rte_mbuf *m, uint64_t d,
		 const struct fast_from *ff, struct fast_done *done, struct fast_open *open)
{
	const uint16_t ep = (uint16_t)d, len = m->data_len;
	const uint32_t gen = __atomic_load_n(&q->sw->spread_gen, __ATOMIC_ACQUIRE);
	struct esw_to *to;
	uint16_t pos, k;

	if (unlikely((d & 0x10000) == 0 || len > (gate >> 16 & UINT16_MAX) ||
		     (gate & ff->gate_mask) != (ff->gate_want | ESW_GATE_SPREAD)))
		return false;
	k = fast_queue(&q->sw->ep[ep], rte_pktmbuf_mtod(m, const uint8_t *), len,
		       __atomic_load_n(&q->sw->out[ep].nb_rxq, __ATOMIC_ACQUIRE));
	to = q->to[k] + ep;
	if (unlikely(q->to[k] == NULL || to->mp == NULL))
		return false;
	if (unlikely(to->gen != gen)) {
		to->mine = *to->bell;
		to->cons = __atomic_load_n(&to->lane->cons, __ATOMIC_ACQUIRE);
		to->gen = gen;
	}
	if (unlikely(to->mine == 0))
		return false;
	if (unlikely(!esw_lane_next_from(to->cons, to->lane->cap, to->mine, &pos))) {
		to->cons = __atomic_load_n(&to->lane->cons, __ATOMIC_ACQUIRE);
		if (!esw_lane_next_from(to->cons, to->lane->cap, to->mine, &pos))
			return false;
	}
	if (unlikely(m->pool != to->mp)) {
		m = fast_copy(m, to->mp, len, done);
		if (unlikely(m == NULL))
			return false;
	}
	if (!to->open) {
		to->open = true;
		open->to[open->n++] = to;
	}
	fast_place(to, pos, m, len);
	to->mine = esw_bell_make(esw_bell_count(to->mine) + 1, pos + 1);
	return true;
}

/* Gate of where frame i goes. */
static __rte_always_inline uint64_t
fast_gate(const struct esw *sw, uint64_t d, const struct fast_from *ff, bool fixed)
{
	return fixed ? ff->to_gate : __atomic_load_n(&sw->gate[(uint16_t)d], __ATOMIC_ACQUIRE);
}

/*
 * Frame by frame, each where `d` says or on the slow path.
 * @param rule  of each frame, or NULL: there are no rules
 */
static __rte_always_inline void
fast_each_of(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const uint64_t *d,
	     struct esw_flow **rule, const struct fast_from *ff, const bool fixed)
{
	uint64_t bytes = 0, forwarded = 0;
	struct fast_open open;
	struct fast_done done;

	done.n = open.n = 0;
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t g = fast_gate(q->sw, d[i], ff, fixed);
		const uint32_t len = pkts[i]->data_len;
		struct esw_to *to = &q->to[0][(uint16_t)d[i]];
		bool sent;

		if (unlikely((g & ESW_GATE_SPREAD) != 0)) {
			sent = fast_push_spread(q, g, pkts[i], d[i], ff, &done, &open);
		} else {
			if (unlikely(to->open)) /* the gate has just become another */
				fast_close(&open);
			sent = fast_push(to, g, pkts[i], len, d[i], ff, &done);
		}
		if (unlikely(!sent)) {
			fast_close(&open); /* the slow path goes on from what is told */
			esw_slow_send(q, pkts[i]);
			continue;
		}
		bytes += len;
		forwarded++;
		if (rule != NULL)
			fast_count(q, rule[i], len, ff);
	}
	fast_close(&open);
	q->fate[ESW_TX_FORWARDED] += forwarded;
	q->bytes += bytes;
	if (unlikely(done.n != 0))
		fast_free(&done);
}

/* The same, made for each case. */
static __rte_noinline void
fast_each(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const uint64_t *d,
	  struct esw_flow **rule, const struct fast_from *ff)
{
	if (rule != NULL)
		fast_each_of(q, pkts, n, d, rule, ff, false);
	else if (ff->fixed)
		fast_each_of(q, pkts, n, d, NULL, ff, true);
	else
		fast_each_of(q, pkts, n, d, NULL, ff, false);
}

/* Each where `d` says, receiver by receiver if all are plain. */
static __rte_always_inline void
fast_send(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const uint64_t *d,
	  struct esw_flow **rule, const struct fast_from *ff, const bool fixed)
{
	struct fast_group g;

	/* By the first frame: queues or buffers differ from frame to frame, so no groups. */
	if ((fast_gate(q->sw, d[0], ff, fixed) & ESW_GATE_SPREAD) != 0 ||
	    q->to[0][(uint16_t)d[0]].mp != pkts[0]->pool) {
		fast_each(q, pkts, n, d, rule, ff);
		return;
	}
	fast_group_init(&g, pkts[0]);
	for (uint32_t i = 0; i < n; i++)
		fast_group_add(&g, q->sum, i, pkts[i], d[i]);
	if (unlikely(!fast_group_open(&g, q, ff, fixed))) {
		fast_group_forget(&g, q);
		fast_each(q, pkts, n, d, rule, ff);
		return;
	}
	for (uint32_t i = 0; rule != NULL && i < n; i++)
		fast_count(q, rule[i], pkts[i]->data_len, ff);
	fast_group_put(&g, q, pkts, n, d);
	fast_group_ring(&g, q);
}

/* Few frames are through sooner one after the other than in stages. */
static __rte_always_inline void
fast_few(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const struct fast_from *ff,
	 const bool fixed)
{
	const struct esw_fdb *fdb = &q->sw->fdb;
	struct fast_done done;

	done.n = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct rte_mbuf *m = pkts[i];
		const uint32_t len = m->data_len;
		const uint64_t key = fast_key(m, ff);
		const uint64_t d = fixed ? fast_route_fixed(key, ff) : fast_find(fdb, key);
		const uint64_t g = fast_gate(q->sw, d, ff, fixed);

		if (likely(fast_push(&q->to[0][(uint16_t)d], g, m, len, d, ff, &done))) {
			q->fate[ESW_TX_FORWARDED]++;
			q->bytes += len;
		} else {
			fast_each(q, &m, 1, &d, NULL, ff);
		}
	}
	if (unlikely(done.n != 0))
		fast_free(&done);
}

static __rte_always_inline void
fast_chunk(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const struct fast_from *ff,
	   const bool fixed)
{
	const struct esw_fdb_bucket *at[FAST_BURST];
	uint64_t key[FAST_BURST], d[FAST_BURST];

	for (uint32_t i = 0; i < RTE_MIN((uint32_t)n, FAST_AHEAD); i++)
		fast_prefetch(pkts[i]);
	fast_keys(&q->sw->fdb, pkts, n, key, fixed ? NULL : at, ff);
	ESW_STAGE_END(q, KEYS);
	for (uint32_t i = 0; i < n; i++)
		d[i] = fixed ? fast_route_fixed(key[i], ff) : FAST_FIND(at[i], key[i]);
	ESW_STAGE_END(q, LOOKUP);
	fast_send(q, pkts, n, d, NULL, ff, fixed);
	ESW_STAGE_END(q, DELIVER);
}

/*
 * Keys of plain frames; bit i of the result: frame i is one. At the sender's policy a plain frame
 * is untagged, so a tag that the policy puts in is patched into the key.
 */
static __rte_always_inline uint32_t
fast_rule_keys(struct rte_mbuf **pkts, uint16_t n, union esw_flow_key *key, uint64_t *mac_key,
	       const struct fast_from *ff)
{
	const enum esw_flow_depth depth = ff->rules->depth;
	struct fast_tag tag;
	uint32_t plain = 0;

	fast_tag_init(&tag, ff->tag);

	for (uint32_t i = 0; i < n; i++) {
		if (likely(i + FAST_AHEAD < n))
			fast_prefetch(pkts[i + FAST_AHEAD]);
		mac_key[i] = fast_key(pkts[i], ff);
		if (unlikely(mac_key[i] == 0))
			continue;
		plain |= UINT32_C(1) << i;
		fast_rules_key(rte_pktmbuf_mtod(pkts[i], const uint8_t *),
			       RTE_MIN((uint32_t)pkts[i]->data_len, (uint32_t)ESW_FLOW_LOOK), depth,
			       &key[i], &tag);
	}
	return plain;
}

/*
 * Is that an address of the receiver? Its first one, or one that the MAC table has for it; if
 * neither the slow path knows.
 */
static __rte_always_inline bool
fast_wants(const struct esw *sw, uint16_t ep, uint64_t mac_key)
{
	const uint64_t own = __atomic_load_n(&sw->own[ep], __ATOMIC_RELAXED);

	if (own == 0 || own == (mac_key & ESW_MAC48))
		return true;
	return fast_is_of(&sw->fdb, mac_key, ep);
}

/*
 * Where frames go: by their rule if that is a simple one (count, one port), by what is known of
 * their address if no rule matches; the rest (0) to the slow path. rule[i]: whose counter counts.
 */
static __rte_always_inline void
fast_route_rules(const struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, uint64_t *d,
		 struct esw_flow **rule, const struct fast_from *ff)
{
	const struct esw_fdb *fdb = &q->sw->fdb;
	union esw_flow_key key[FAST_BURST];
	uint64_t mac_key[FAST_BURST];
	uint32_t plain = fast_rule_keys(pkts, n, key, mac_key, ff);

	ESW_STAGE_END(q, KEYS);
	fast_rules_lookup(__atomic_load_n(&q->cache, __ATOMIC_ACQUIRE), ff->gen, ff->rules, key,
			  plain, rule, n);
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t dst = mac_key[i] & ESW_MAC48;

		d[i] = 0;
		if (unlikely(mac_key[i] == 0))
			continue;
		if (likely(rule[i] != NULL)) {
			uint16_t ep = rule[i]->to_ep;

			if ((rule[i]->bits & ESW_FLOW_IS_SIMPLE) != 0 &&
			    fast_wants(q->sw, ep, mac_key[i]))
				d[i] = ep | UINT64_C(0x10000);
		} else if (ff->fixed) {
			if (ff->dst == 0 || dst == ff->dst)
				d[i] = ff->to_ep | UINT64_C(0x10000);
		} else {
			d[i] = fast_find(fdb, mac_key[i]);
		}
	}
}

static __rte_noinline void
fast_chunk_rules(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const struct fast_from *ff)
{
	struct esw_flow *rule[FAST_BURST];
	uint64_t d[FAST_BURST];

	for (uint32_t i = 0; i < RTE_MIN((uint32_t)n, FAST_AHEAD); i++)
		fast_prefetch(pkts[i]);
	fast_route_rules(q, pkts, n, d, rule, ff);
	ESW_STAGE_END(q, LOOKUP);
	fast_send(q, pkts, n, d, rule, ff, false);
	ESW_STAGE_END(q, DELIVER);
}

bool
FAST_NAME(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n)
{
	struct fast_from ff;

	ESW_STAGE_BEGIN(q);
	if (!fast_from_init(&ff, q))
		return false;
	ESW_STAGE_END(q, RULES);
	if (n <= FAST_FEW && likely(ff.rules == NULL)) {
		if (ff.fixed)
			fast_few(q, pkts, n, &ff, true);
		else
			fast_few(q, pkts, n, &ff, false);
		ESW_STAGE_END(q, DELIVER);
		return true;
	}
	for (uint16_t i = 0; i < n; i += FAST_BURST) {
		uint16_t k = RTE_MIN(FAST_BURST, n - i);

		if (unlikely(ff.rules != NULL))
			fast_chunk_rules(q, pkts + i, k, &ff);
		else if (ff.fixed)
			fast_chunk(q, pkts + i, k, &ff, true);
		else
			fast_chunk(q, pkts + i, k, &ff, false);
	}
	return true;
}

#endif /* _ESW_FAST_IMPL_H_ */
