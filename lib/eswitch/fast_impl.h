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
	if (sw->conf.mode == ESW_MODE_SWITCHDEV)
		return fast_fix(ff, sw, q->ep + sw->conf.nb_vfs);
	return r->spoofchk; /* else its sources are to be learned */
}

/* Can the fast path be used for this sender at all? */
static inline bool
fast_from_init(struct fast_from *ff, const struct esw_txq *q)
{
	const struct esw_rules *r = __atomic_load_n(&q->sw->out[q->ep].rules, __ATOMIC_ACQUIRE);

	*ff = (struct fast_from){ .fixed = false };
	if (q->to[0] == NULL || !(r != NULL ? fast_from_vf(ff, q, r) : fast_from_trusted(ff, q)))
		return false;
	return true;
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

/* The last checks and the hand-over; false: the slow path's. */
static __rte_always_inline bool
fast_push(struct esw_to *to, uint64_t gate, struct rte_mbuf *m, uint64_t d,
	  const struct fast_from *ff)
{
	uint32_t bell, len = m->data_len;
	uint16_t pos;

	/* No static entry: bit 16 is clear. To itself: no lane, no pool. */
	if (unlikely((d & 0x10000) == 0 || (gate & ff->gate_mask) != ff->gate_want ||
		     len > (gate >> 16 & UINT16_MAX) || m->pool != to->mp))
		return false;
	bell = *to->bell;
	if (unlikely(!esw_lane_next(to->lane, bell, &pos)))
		return false;
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

		if (likely(fast_push(&to[ep], g, pkts[i], d[i], ff))) {
			bytes += len;
			sent++;
		} else {
			esw_slow_send(q, pkts[i]);
		}
	}
	q->fate[ESW_TX_FORWARDED] += sent;
	q->bytes += bytes;
}

bool
FAST_NAME(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n)
{
	struct fast_from ff;

	if (!fast_from_init(&ff, q))
		return false;
	for (uint16_t i = 0; i < n; i += FAST_BURST) {
		uint16_t k = RTE_MIN(FAST_BURST, n - i);

		if (ff.fixed)
			fast_chunk(q, pkts + i, k, &ff, true);
		else
			fast_chunk(q, pkts + i, k, &ff, false);
	}
	return true;
}

#endif /* _ESW_FAST_IMPL_H_ */
