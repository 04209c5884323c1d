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
#define FAST_HEADROOM 64
#define FAST_LEN_MIN 16 /* octets that are read of every frame */
/* Together with ESW_OL_MASK: flags that make an mbuf not plain. */
#define FAST_OL (ESW_OL_MASK | RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL)

/* What a burst needs of the sender's rules, read once. */
struct fast_from {
	uint64_t src;      /* ESW_MAC48 form */
	uint64_t key_bits; /* VLAN class and mark of the MAC table's keys */
	uint64_t gate_mask, gate_want;
	int32_t len_max; /* octets, untagged */
#ifdef RTE_ARCH_X86_64
	__m128i mbuf_mask, mbuf_want; /* over rearm_data and ol_flags */
	__m128i head_mask, head_want; /* over the first 16 octets of the frame */
#endif
};

#ifdef RTE_ARCH_X86_64
static inline void
fast_vectors(struct fast_from *ff)
{
	/* refcnt and nb_segs are the second and third 16 bits of rearm_data. */
	ff->mbuf_mask = _mm_set_epi64x(FAST_OL, INT64_C(0x0000ffffffff0000));
	ff->mbuf_want = _mm_set_epi64x(0, INT64_C(0x0000000100010000));
	/* group bit of the destination, all of the source */
	ff->head_mask = _mm_set_epi64x(UINT32_MAX, (int64_t)(UINT64_C(0xffff) << 48 | 1));
	ff->head_want = _mm_set_epi64x(ff->src >> 16, (int64_t)(ff->src << 48));
}
#endif

/* Can the fast path be used for this sender at all? */
static inline bool
fast_from_init(struct fast_from *ff, const struct esw_txq *q)
{
	const struct esw *sw = q->sw;
	const struct esw_rules *r = __atomic_load_n(&sw->out[q->ep].rules, __ATOMIC_ACQUIRE);

	if (r == NULL || q->to[0] == NULL || sw->conf.mode != ESW_MODE_VEB || !r->link ||
	    !r->spoofchk || (r->mode != ESW_VLAN_OFF && r->mode != ESW_VLAN_ACCESS))
		return false;
	ff->src = r->mac;
	ff->key_bits = esw_fdb_key(r->vlan, 0);
	ff->gate_want = ESW_GATE_OPEN | r->vlan;
	ff->gate_mask = ESW_GATE_OPEN | UINT16_MAX | (r->isolate ? ESW_GATE_ISOLATED : 0);
	ff->len_max = r->mtu + RTE_ETHER_HDR_LEN;
#ifdef RTE_ARCH_X86_64
	fast_vectors(ff);
#endif
	return true;
}

#ifdef RTE_ARCH_X86_64
/* Non-zero: not plain by flags, reference count, addresses or type. */
static __rte_always_inline bool
fast_differs(const struct rte_mbuf *m, const uint8_t *p, const struct fast_from *ff)
{
	__m128i a = _mm_loadu_si128((const __m128i *)&m->rearm_data);
	__m128i h = _mm_loadu_si128((const __m128i *)p);
	__m128i tag = _mm_or_si128(_mm_cmpeq_epi16(h, _mm_set1_epi16(RTE_BE16(ESW_TPID_CTAG))),
				   _mm_cmpeq_epi16(h,
						   _mm_set1_epi16((short)RTE_BE16(ESW_TPID_STAG))));

	a = _mm_and_si128(_mm_xor_si128(a, ff->mbuf_want), ff->mbuf_mask);
	h = _mm_and_si128(_mm_xor_si128(h, ff->head_want), ff->head_mask);
	tag = _mm_and_si128(tag, _mm_set_epi16(0, -1, 0, 0, 0, 0, 0, 0)); /* the EtherType's lane */
	a = _mm_or_si128(_mm_or_si128(a, h), tag);
	return _mm_testz_si128(a, a) == 0;
}
#else
static __rte_always_inline bool
fast_differs(const struct rte_mbuf *m, const uint8_t *p, const struct fast_from *ff)
{
	uint64_t rearm, w0, w1, bad;
	uint16_t type;

	memcpy(&rearm, &m->rearm_data, sizeof(rearm));
	memcpy(&w0, p, sizeof(w0));
	memcpy(&w1, p + 8, sizeof(w1));
	type = w1 >> 32 & UINT16_MAX;
	bad = (rearm >> 16 & UINT32_MAX) ^ 0x00010001; /* refcnt 1, nb_segs 1 */
	bad |= m->ol_flags & FAST_OL;
	bad |= (w0 >> 48 | (w1 & UINT32_MAX) << 16) ^ ff->src;
	bad |= w0 & 1;
	bad |= type == RTE_BE16(ESW_TPID_CTAG);
	bad |= type == RTE_BE16(ESW_TPID_STAG);
	return bad != 0;
}
#endif

/* The MAC table's key of a plain frame, 0 for any other. */
static __rte_always_inline uint64_t
fast_key(const struct rte_mbuf *m, const struct fast_from *ff)
{
	const uint8_t *p = rte_pktmbuf_mtod(m, const uint8_t *);
	int32_t len = m->data_len, off = m->data_off;
	uint64_t w0;

	memcpy(&w0, p, sizeof(w0));
	/* Four ranges at once: the sign of any difference that is below zero. */
	if (unlikely(((len - FAST_LEN_MIN) | (ff->len_max - len) | (off - FAST_HEADROOM) |
		      (m->buf_len - off - len)) < 0 ||
		     m->pkt_len != (uint32_t)len || fast_differs(m, p, ff)))
		return 0;
	return (w0 & ESW_MAC48) | ff->key_bits;
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

static __rte_always_inline void
fast_chunk(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n, const struct fast_from *ff)
{
	const struct esw_fdb_bucket *b = q->sw->fdb.bucket;
	const uint64_t *gate = q->sw->gate;
	struct esw_to *to = q->to[0];
	uint64_t key[FAST_BURST], d[FAST_BURST], bytes = 0, sent = 0;
	uint32_t at[FAST_BURST], mask = q->sw->fdb.mask;

	for (uint16_t i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(pkts[i], const void *));
	for (uint16_t i = 0; i < n; i++) {
		key[i] = fast_key(pkts[i], ff);
		at[i] = esw_fdb_hash(key[i]) & mask;
		rte_prefetch0(&b[at[i]]);
	}
	for (uint16_t i = 0; i < n; i++)
		d[i] = FAST_FIND(&b[at[i]], key[i]);
	for (uint16_t i = 0; i < n; i++) {
		uint16_t ep = (uint16_t)d[i];
		uint32_t len = pkts[i]->data_len;

		if (likely(fast_push(&to[ep], __atomic_load_n(&gate[ep], __ATOMIC_ACQUIRE), pkts[i],
				     d[i], ff))) {
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
	for (uint16_t i = 0; i < n; i += FAST_BURST)
		fast_chunk(q, pkts + i, RTE_MIN(FAST_BURST, n - i), &ff);
	return true;
}

#endif /* _ESW_FAST_IMPL_H_ */
