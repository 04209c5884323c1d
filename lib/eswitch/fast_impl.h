/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_IMPL_H_
#define _ESW_FAST_IMPL_H_

/*
 * The fast path of fast.h, included once by each fast_*.c, which is compiled for its instruction
 * set and defines FAST_FIND (look a key up in a bucket; data or 0) and FAST_NAME before.
 */
#include <rte_memcpy.h>

#include "fast.h"
#include "deliver.h"
#include "fast_rules.h"
#include "offload.h"
#include "slow.h"

#define FAST_BURST 32
#define FAST_AHEAD 8u /* frames whose data is fetched ahead of the one that is looked at */
#define FAST_HEADROOM 64
#define FAST_LEN_MIN 16 /* octets that are read of every frame */
/* Together with ESW_OL_MASK: flags that make an mbuf not plain. */
#define FAST_OL (ESW_OL_MASK | RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL)

/* What source addresses a sender may use on the fast path. */
enum { FAST_SRC_ONE, FAST_SRC_UNICAST, FAST_SRC_ANY };

/* What a burst needs of the sender's rules, read once. */
struct fast_from {
	uint32_t src_low; /* the one source, as it lies in the frame */
	uint16_t src_high;
	uint8_t source;    /* FAST_SRC_* */
	uint64_t key_bits; /* VLAN class and mark of the MAC table's keys */
	uint64_t gate_mask, gate_want;
	uint32_t len_max; /* octets, untagged */
	bool fixed; /* one receiver, whatever the address: `to_ep`, if that is `dst` or dst is 0 */
	uint16_t to_ep;
	uint64_t to_gate, dst;
	const struct esw_flow_subs *rules; /* NULL = none */
	uint64_t gen;                      /* of their table */
	uint32_t tag;                      /* that the sender's policy puts in, 0 = none */
};

/*
 * One receiver. Its gate and (for a VF) its own address must be of one version of its rules:
 * control closes the gate, then changes the rules, and opens it last.
 */
static inline bool
fast_fix(struct fast_from *ff, const struct esw *sw, uint16_t ep)
{
	const struct esw_rules *r = __atomic_load_n(&sw->out[ep].rules, __ATOMIC_ACQUIRE);

	ff->fixed = true;
	ff->to_ep = ep;
	ff->dst = r != NULL ? r->mac : 0;
	ff->to_gate = __atomic_load_n(&sw->gate[ep], __ATOMIC_ACQUIRE);
	return ff->to_gate != 0 && r == __atomic_load_n(&sw->out[ep].rules, __ATOMIC_ACQUIRE);
}

/* A representor, the PF or the wire sends: only form and route. */
static inline bool
fast_from_trusted(struct fast_from *ff, const struct esw_txq *q)
{
	const struct esw *sw = q->sw;

	ff->source = FAST_SRC_ANY;
	ff->key_bits = esw_fdb_key(0, 0);
	ff->gate_want = ESW_GATE_OPEN;
	ff->gate_mask = ESW_GATE_OPEN | UINT16_MAX;
	ff->len_max = UINT16_MAX;
	if (esw_ep_is_rep(sw, q->ep))
		return fast_fix(ff, sw, q->ep - sw->conf.nb_vfs);
	if (sw->conf.mode == ESW_MODE_SWITCHDEV)
		return fast_fix(ff, sw, q->ep == ESW_EP_PF ? ESW_EP_WIRE : ESW_EP_PF);
	return true;
}

static inline bool
fast_from_vf(struct fast_from *ff, const struct esw_txq *q, const struct esw_rules *r)
{
	const struct esw *sw = q->sw;
	const uint64_t le = rte_cpu_to_le_64(r->mac);
	const uint8_t *mac = (const uint8_t *)&le;

	if (!r->link || (r->mode != ESW_VLAN_OFF && r->mode != ESW_VLAN_ACCESS))
		return false;
	ff->source = r->spoofchk ? FAST_SRC_ONE : FAST_SRC_UNICAST;
	memcpy(&ff->src_low, &mac[0], sizeof(ff->src_low));
	memcpy(&ff->src_high, &mac[4], sizeof(ff->src_high));
	ff->key_bits = esw_fdb_key(r->vlan, 0);
	ff->gate_want = ESW_GATE_OPEN | r->vlan;
	ff->gate_mask = ESW_GATE_OPEN | UINT16_MAX | (r->isolate ? ESW_GATE_ISOLATED : 0);
	ff->len_max = r->mtu + RTE_ETHER_HDR_LEN;
	if (r->vlan != 0)
		ff->tag = (uint32_t)(r->stag ? ESW_TPID_STAG : ESW_TPID_CTAG) << 16 |
			  (r->qos_set ? (uint32_t)r->qos << 13 : 0) | (r->vlan & 0xfff);
	if (sw->conf.mode == ESW_MODE_SWITCHDEV)
		return fast_fix(ff, sw, q->ep + sw->conf.nb_vfs);
	return r->spoofchk; /* else its sources are to be learned */
}

/* Can the fast path be used for this sender at all? */
static inline bool
fast_from_init(struct fast_from *ff, const struct esw_txq *q)
{
	const struct esw_rules *r = __atomic_load_n(&q->sw->out[q->ep].rules, __ATOMIC_ACQUIRE);
	const struct esw_flow_table *flows = __atomic_load_n(&q->sw->flow.root[q->ep],
							     __ATOMIC_ACQUIRE);

	*ff = (struct fast_from){ .fixed = false };
	if (unlikely(flows != NULL)) {
		ff->gen = __atomic_load_n(&flows->gen, __ATOMIC_ACQUIRE);
		ff->rules = __atomic_load_n(&flows->subs, __ATOMIC_ACQUIRE);
	}
	if (q->to[0] == NULL)
		return false;
	if (r != NULL ? fast_from_vf(ff, q, r) : fast_from_trusted(ff, q))
		return true;
	/* Only the one receiver is closed, and rules may name others. */
	return ff->rules != NULL && ff->fixed;
}

/* Unaligned loads of what is compared as it lies in memory. */
static __rte_always_inline uint16_t
fast_u16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static __rte_always_inline uint32_t
fast_u32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static __rte_always_inline bool
fast_source_is_bad(const uint8_t *p, const struct fast_from *ff)
{
	if (likely(ff->source == FAST_SRC_ONE))
		return fast_u32(p + 6) != ff->src_low || fast_u16(p + 10) != ff->src_high;
	return ff->source == FAST_SRC_UNICAST && (p[6] & 1) != 0;
}

/*
 * The MAC table's key of a plain frame, 0 for any other. A chain of compares with memory that are
 * nearly always all false: each is one instruction and a branch that is guessed right; gathering
 * them in vectors or in one word took half as many again (doc/performance.md).
 */
static __rte_always_inline uint64_t
fast_key(const struct rte_mbuf *m, const struct fast_from *ff)
{
	const uint32_t len = m->data_len, off = m->data_off;
	const uint8_t *p = (const uint8_t *)m->buf_addr + off;
	uint16_t type;
	uint64_t dst;

	/* refcnt and nb_segs lie side by side: both 1 */
	if (unlikely(fast_u32(&m->refcnt) != 0x00010001 || (m->ol_flags & FAST_OL) != 0 ||
		     m->pkt_len != len || len < FAST_LEN_MIN || len > ff->len_max ||
		     off < FAST_HEADROOM || off + len > m->buf_len))
		return 0;
	type = fast_u16(p + 12);
	if (unlikely((p[0] & 1) != 0 || fast_source_is_bad(p, ff) ||
		     type == RTE_BE16(ESW_TPID_CTAG) || type == RTE_BE16(ESW_TPID_STAG)))
		return 0;
	memcpy(&dst, p, sizeof(dst));
	return (rte_le_to_cpu_64(dst) & ESW_MAC48) | ff->key_bits;
}

/* Mbufs whose frames went on in buffers of the receiver. */
struct fast_done {
	uint32_t n;
	struct rte_mbuf *m[FAST_BURST];
};

/*
 * The frame in a buffer of the receiver's pool, which is this process's; NULL: there is none left,
 * or it is too small (the slow path tells which).
 */
static __rte_always_inline struct rte_mbuf *
fast_copy(struct rte_mbuf *m, struct rte_mempool *mp, uint32_t len, struct fast_done *done)
{
	struct rte_mbuf *c = rte_mbuf_raw_alloc(mp);

	if (unlikely(c == NULL))
		return NULL;
	if (unlikely(len + RTE_PKTMBUF_HEADROOM > c->buf_len)) {
		rte_mbuf_raw_free(c);
		return NULL;
	}
	/* what rte_pktmbuf_reset() sets and the caller does not */
	c->data_off = RTE_PKTMBUF_HEADROOM;
	c->vlan_tci = 0;
	c->vlan_tci_outer = 0;
	c->hash.rss = 0;
	c->tx_offload = 0;
	c->data_len = (uint16_t)len;
	c->pkt_len = len;
	rte_memcpy(rte_pktmbuf_mtod(c, void *), rte_pktmbuf_mtod(m, const void *), len);
	done->m[done->n++] = m;
	return c;
}

/* The last checks and the hand-over; false: the slow path's. */
static __rte_always_inline bool
fast_push(struct esw_to *to, uint64_t gate, struct rte_mbuf *m, uint64_t d,
	  const struct fast_from *ff, struct fast_done *done)
{
	uint32_t bell, len = m->data_len;
	uint16_t pos;

	/* No static entry: bit 16 is clear. To itself, or to another process: no pool. */
	if (unlikely((d & 0x10000) == 0 || (gate & ff->gate_mask) != ff->gate_want ||
		     len > (gate >> 16 & UINT16_MAX) || to->mp == NULL))
		return false;
	bell = *to->bell;
	if (unlikely(!esw_lane_next(to->lane, bell, &pos)))
		return false;
	if (unlikely(m->pool != to->mp)) {
		m = fast_copy(m, to->mp, len, done);
		if (unlikely(m == NULL))
			return false;
	}
	m->port = to->port_id;
	m->ol_flags = 0;
	m->packet_type = 0;
	to->lane->slot[pos] = m;
	to->packets++;
	to->bytes += len;
	__atomic_store_n(to->bell, esw_bell_make(esw_bell_count(bell) + 1, pos + 1),
			 __ATOMIC_RELEASE);
	return true;
}

/* The frame's first octets will be read soon. */
static __rte_always_inline void
fast_prefetch(const struct rte_mbuf *m)
{
	rte_prefetch0((const uint8_t *)m->buf_addr + m->data_off);
}

/* Where each frame goes: by the MAC table. */
static __rte_always_inline void
fast_route(const struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, uint64_t *d,
	   const struct fast_from *ff)
{
	const struct esw_fdb_bucket *b = q->sw->fdb.bucket, *at[FAST_BURST];
	const uint32_t mask = q->sw->fdb.mask;
	uint64_t key[FAST_BURST];

	for (uint32_t i = 0; i < n; i++) {
		if (likely(i + FAST_AHEAD < n))
			fast_prefetch(pkts[i + FAST_AHEAD]);
		key[i] = fast_key(pkts[i], ff);
		at[i] = &b[esw_fdb_hash(key[i]) & mask];
		rte_prefetch0(at[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		d[i] = FAST_FIND(at[i], key[i]);
}

/* Where each frame goes: to the one receiver, or (0) to the slow path. */
static __rte_always_inline void
fast_route_fixed(struct rte_mbuf **pkts, uint16_t n, uint64_t *d, const struct fast_from *ff)
{
	const uint64_t to = ff->to_ep | UINT64_C(0x10000);

	for (uint32_t i = 0; i < n; i++) {
		uint64_t key;

		if (likely(i + FAST_AHEAD < n))
			fast_prefetch(pkts[i + FAST_AHEAD]);
		key = fast_key(pkts[i], ff);
		d[i] = key != 0 && (ff->dst == 0 || (key & ESW_MAC48) == ff->dst) ? to : 0;
	}
}

static __rte_always_inline void
fast_chunk(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const struct fast_from *ff,
	   const bool fixed)
{
	const uint64_t *gate = q->sw->gate;
	struct esw_to *to = q->to[0];
	uint64_t d[FAST_BURST], bytes = 0, sent = 0;
	struct fast_done done;

	done.n = 0;
	for (uint32_t i = 0; i < RTE_MIN((uint32_t)n, FAST_AHEAD); i++)
		fast_prefetch(pkts[i]);
	if (fixed)
		fast_route_fixed(pkts, n, d, ff);
	else
		fast_route(q, pkts, n, d, ff);
	for (uint32_t i = 0; i < n; i++) {
		uint16_t ep = (uint16_t)d[i];
		uint32_t len = pkts[i]->data_len;
		uint64_t g = fixed ? ff->to_gate : __atomic_load_n(&gate[ep], __ATOMIC_ACQUIRE);

		if (likely(fast_push(&to[ep], g, pkts[i], d[i], ff, &done))) {
			bytes += len;
			sent++;
		} else {
			esw_slow_send(q, pkts[i]);
		}
	}
	q->fate[ESW_TX_FORWARDED] += sent;
	q->bytes += bytes;
	if (unlikely(done.n != 0))
		rte_pktmbuf_free_bulk(done.m, done.n);
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

	fast_rules_lookup(__atomic_load_n(&q->cache, __ATOMIC_ACQUIRE), ff->gen, ff->rules, key,
			  plain, rule, n);
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t dst = mac_key[i] & ESW_MAC48;

		d[i] = 0;
		if (unlikely(mac_key[i] == 0))
			continue;
		if (likely(rule[i] != NULL)) {
			uint16_t ep = rule[i]->to_ep;
			uint64_t own = __atomic_load_n(&q->sw->own[ep], __ATOMIC_RELAXED);

			if ((rule[i]->bits & ESW_FLOW_IS_SIMPLE) != 0 && (own == 0 || own == dst))
				d[i] = ep | UINT64_C(0x10000);
		} else if (ff->fixed) {
			if (ff->dst == 0 || dst == ff->dst)
				d[i] = ff->to_ep | UINT64_C(0x10000);
		} else {
			d[i] = FAST_FIND(&fdb->bucket[esw_fdb_hash(mac_key[i]) & fdb->mask],
					 mac_key[i]);
		}
	}
}

static __rte_noinline void
fast_chunk_rules(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const struct fast_from *ff)
{
	const uint32_t more = ff->tag != 0 ? ESW_TAG_LEN : 0;
	struct esw_flow *rule[FAST_BURST];
	struct esw_to *to = q->to[0];
	struct fast_done done;
	uint64_t d[FAST_BURST];

	done.n = 0;
	for (uint32_t i = 0; i < RTE_MIN((uint32_t)n, FAST_AHEAD); i++)
		fast_prefetch(pkts[i]);
	fast_route_rules(q, pkts, n, d, rule, ff);
	for (uint32_t i = 0; i < n; i++) {
		uint16_t ep = (uint16_t)d[i];
		uint32_t len = pkts[i]->data_len;
		uint64_t g = __atomic_load_n(&q->sw->gate[ep], __ATOMIC_ACQUIRE);

		if (unlikely(!fast_push(&to[ep], g, pkts[i], d[i], ff, &done))) {
			esw_slow_send(q, pkts[i]);
			continue;
		}
		q->fate[ESW_TX_FORWARDED]++;
		q->bytes += len;
		if (rule[i] != NULL && rule[i]->counter != NULL)
			esw_flow_counter_add(rule[i]->counter, q->id, 1, len + more);
	}
	if (unlikely(done.n != 0))
		rte_pktmbuf_free_bulk(done.m, done.n);
}

bool
FAST_NAME(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n)
{
	struct fast_from ff;

	if (!fast_from_init(&ff, q))
		return false;
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
