/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_FROM_H_
#define _ESW_FAST_FROM_H_

/*
 * What the fast path asks of a frame on the sender's side: the sender's rules, read once for a
 * burst, and the key of each frame that is plain under them.
 *
 * Included by fast_impl.h, compiled once for each instruction set; FAST_FIND is defined there.
 * Thread-safety: as esw_tx_burst().
 */
#include "device.h"
#include "flow_table.h"
#include "offload.h"

#define FAST_HEADROOM 64
#define FAST_LEN_MIN 16 /* octets that are read of every frame */
/* Together with ESW_OL_MASK: flags that make an mbuf not plain. */
#define FAST_OL (ESW_OL_MASK | RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL)

/* What a burst needs of the sender's rules, read once. */
struct fast_from {
	/* What must be of the source, as it is read: one address, a unicast one, nothing at all. */
	uint64_t src, src_mask;
	const struct esw_rules *more; /* further sources are in there; NULL = there are none */
	const struct esw_fdb *fdb;
	bool learns;       /* any source will do, but the MAC table has to know where it is */
	uint32_t now;      /* the second that it is to have seen it in */
	uint16_t ep;       /* the sender */
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

	ff->key_bits = esw_fdb_key(0, 0);
	ff->gate_want = ESW_GATE_OPEN;
	ff->gate_mask = ESW_GATE_OPEN | ESW_GATE_SPREAD | UINT16_MAX;
	ff->len_max = UINT16_MAX;
	if (esw_ep_is_rep(sw, q->ep))
		return fast_fix(ff, sw, q->ep - sw->conf.nb_vfs);
	if (sw->conf.mode == ESW_MODE_SWITCHDEV)
		return fast_fix(ff, sw, q->ep == ESW_EP_PF ? ESW_EP_WIRE : ESW_EP_PF);
	return true;
}

/* The entry of a key in its first bucket, or 0. */
static __rte_always_inline uint64_t
fast_find(const struct esw_fdb *fdb, uint64_t key)
{
	return FAST_FIND(&fdb->bucket[esw_fdb_hash(key) & fdb->mask], key);
}

/* Is the key an address of that endpoint, and for good? */
static __rte_always_inline bool
fast_is_of(const struct esw_fdb *fdb, uint64_t key, uint16_t ep)
{
	return (fast_find(fdb, key) & 0x1ffff) == (ep | UINT64_C(0x10000));
}

/*
 * Any source may come, and the MAC table learns it. Nothing is to be learned of the VF's own
 * address if the table has it for good, which is asked for once a burst; see fast_has_source() for
 * others.
 */
static inline void
fast_from_learner(struct fast_from *ff, const struct esw_rules *r)
{
	ff->learns = true;
	ff->now = esw_fdb_now(ff->fdb);
	ff->src_mask = ESW_MAC48;
	ff->src = (fast_find(ff->fdb, r->mac | ff->key_bits) & 0x10000) != 0 ? r->mac : ESW_MAC48;
}

static inline bool
fast_from_vf(struct fast_from *ff, const struct esw_txq *q, const struct esw_rules *r)
{
	const struct esw *sw = q->sw;

	if (!r->link || !esw_rules_untagged(r))
		return false;
	ff->ep = q->ep;
	ff->fdb = sw->conf.mode == ESW_MODE_VEB ? &sw->fdb : NULL;
	ff->more = r->spoofchk && r->n_addrs > 1 ? r : NULL;
	ff->src = r->spoofchk ? r->mac : 0;
	ff->src_mask = r->spoofchk ? ESW_MAC48 : 1;
	ff->key_bits = esw_fdb_key(r->vlan, 0);
	ff->gate_want = ESW_GATE_OPEN | r->vlan;
	ff->gate_mask = ESW_GATE_OPEN | ESW_GATE_SPREAD | UINT16_MAX |
			(r->isolate ? ESW_GATE_ISOLATED : 0);
	ff->len_max = r->mtu + RTE_ETHER_HDR_LEN;
	if (r->vlan != 0)
		ff->tag = (uint32_t)(r->stag ? ESW_TPID_STAG : ESW_TPID_CTAG) << 16 |
			  (r->qos_set ? (uint32_t)r->qos << 13 : 0) | (r->vlan & 0xfff);
	if (sw->conf.mode == ESW_MODE_SWITCHDEV)
		return fast_fix(ff, sw, q->ep + sw->conf.nb_vfs);
	if (!r->spoofchk)
		fast_from_learner(ff, r);
	return true;
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

/* Unaligned loads. */
static __rte_always_inline uint32_t
fast_u32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static __rte_always_inline uint64_t
fast_u64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return rte_le_to_cpu_64(v);
}

/*
 * Is that source another address of the sender, or one that it may have, and nothing to be learned?
 * In VEB mode the MAC table says all of it: of a VF that may only send from its own addresses, a
 * static entry is there for no other reason than that the VF has the address (one that two VFs list
 * has none). Of a VF that may send from any, a static entry is left as it is whosever it is, and a
 * learned one is refreshed once a second. A group address is in no entry.
 */
static __rte_always_inline bool
fast_has_source(const struct fast_from *ff, uint64_t src)
{
	uint64_t d;

	src &= ESW_MAC48;
	if (ff->learns) {
		d = fast_find(ff->fdb, src | ff->key_bits);
		return (d & 0x10000) != 0 || d == (ff->ep | (uint64_t)ff->now << 32);
	}
	if (ff->more == NULL)
		return false;
	if (ff->fdb == NULL)
		return esw_rules_has_addr(ff->more, src);
	return fast_is_of(ff->fdb, src | ff->key_bits, ff->ep);
}

/*
 * The MAC table's key of a plain frame, 0 for any other. A chain of compares that are nearly always
 * all false: each is an instruction or two and a branch that is guessed right; gathering them in
 * vectors or in one word took half as many again (doc/performance.md).
 */
static __rte_always_inline uint64_t
fast_key(const struct rte_mbuf *m, const struct fast_from *ff)
{
	const uint32_t len = m->data_len, off = m->data_off;
	const uint8_t *p = (const uint8_t *)m->buf_addr + off;
	uint64_t dst, src;
	uint16_t type;

	/* refcnt and nb_segs lie side by side: both 1 */
	if (unlikely(fast_u32(&m->refcnt) != 0x00010001 || (m->ol_flags & FAST_OL) != 0 ||
		     m->pkt_len != len || len - FAST_LEN_MIN > ff->len_max - FAST_LEN_MIN ||
		     off < FAST_HEADROOM || off + len > m->buf_len))
		return 0;
	dst = fast_u64(p);
	src = fast_u64(p + 6);
	type = src >> 48;
	if (unlikely((dst & 1) != 0 ||
		     (((src ^ ff->src) & ff->src_mask) != 0 && !fast_has_source(ff, src)) ||
		     type == RTE_STATIC_BSWAP16(ESW_TPID_CTAG) ||
		     type == RTE_STATIC_BSWAP16(ESW_TPID_STAG)))
		return 0;
	return (dst & ESW_MAC48) | ff->key_bits;
}

#endif /* _ESW_FAST_FROM_H_ */
