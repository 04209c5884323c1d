/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_GROUP_H_
#define _ESW_FAST_GROUP_H_

/*
 * A burst handed over receiver by receiver: each lane is looked at once and its doorbell rung once,
 * whatever the number of frames for it.
 *
 * Four passes. Only the first goes through memory that the frame before may just have written
 * (where frames to random receivers each move a doorbell on, each may have to wait for the one
 * before), and it is a loop of its own: as part of the look-up it cost more (doc/performance.md).
 * - add: number the frames of each receiver, add up their lengths;
 * - open: ask each receiver once: is its gate open, does it take the longest frame and the pool, is
 *   there room in one piece?
 * - put: each frame into its slot, known from receiver and number;
 * - ring: counters and doorbells.
 *
 * All or nothing: if any frame or receiver is not plain, nothing was done and the burst goes frame
 * by frame, in its order. So frames of one flow keep theirs.
 *
 * Included by fast_impl.h. Thread-safety: as esw_tx_burst(). The sums lie in the queue and are zero
 * between bursts; who takes over a queue whose user was killed clears them.
 */

struct fast_group {
	uint32_t n;        /* receivers */
	uint32_t len_max;  /* of all frames */
	uint64_t known;    /* bit 16: every frame has a static entry */
	uintptr_t differs; /* 0: all mbufs are of one pool, */
	const struct rte_mempool *mp;
	uint16_t ep[FAST_BURST + 1]; /* receivers, and room for one more write */
	uint8_t number[FAST_BURST];  /* of each frame among those to its receiver */
};

static __rte_always_inline void
fast_group_init(struct fast_group *g, const struct rte_mbuf *first)
{
	g->n = 0;
	g->len_max = 0;
	g->known = UINT64_MAX;
	g->differs = 0;
	g->mp = first->pool;
}

static __rte_always_inline void
fast_group_add(struct fast_group *g, uint32_t *sum, uint32_t i, const struct rte_mbuf *m,
	       uint64_t d)
{
	const uint32_t len = m->data_len, s = sum[(uint16_t)d];

	g->number[i] = (uint8_t)s;
	g->ep[g->n] = (uint16_t)d;
	g->n += (uint8_t)s == 0;
	sum[(uint16_t)d] = s + (len << 8) + 1;
	g->len_max = RTE_MAX(g->len_max, len);
	g->known &= d;
	g->differs |= (uintptr_t)m->pool ^ (uintptr_t)g->mp;
}

/* One receiver: is there room for all its frames in one piece, and nothing to ask of any? */
static __rte_always_inline bool
fast_group_open_one(const struct fast_group *g, struct esw_to *to, uint64_t gate, uint32_t n,
		    const struct fast_from *ff)
{
	struct esw_lane *l = to->lane;
	uint16_t cons, cap, waiting, at;
	uint32_t bell;

	if (unlikely(((gate ^ ff->gate_want) & ff->gate_mask) != 0 ||
		     g->len_max > (gate >> 16 & UINT16_MAX) || to->mp != g->mp))
		return false;
	bell = *to->bell;
	cons = __atomic_load_n(&l->cons, __ATOMIC_ACQUIRE);
	cap = l->cap;
	waiting = esw_bell_count(bell) - cons;
	at = waiting != 0 ? esw_bell_pos(bell) : 0;
	at = at != cap ? at : 0;
	to->next = &l->slot[at];
	to->at = at;
	return likely(bell != 0 && waiting + n <= cap && at + n <= cap);
}

/* false: it must go frame by frame. */
static __rte_always_inline bool
fast_group_open(const struct fast_group *g, const struct esw_txq *q, const struct fast_from *ff,
		const bool fixed)
{
	if (unlikely((g->known & 0x10000) == 0 || g->differs != 0))
		return false;
	for (uint32_t k = 0; k < g->n; k++) {
		const uint16_t ep = g->ep[k];
		uint64_t gate = fixed ? ff->to_gate :
					__atomic_load_n(&q->sw->gate[ep], __ATOMIC_ACQUIRE);

		if (unlikely(!fast_group_open_one(g, &q->to[0][ep], gate, (uint8_t)q->sum[ep], ff)))
			return false;
	}
	return true;
}

static __rte_always_inline void
fast_group_put(const struct fast_group *g, const struct esw_txq *q, struct rte_mbuf **pkts,
	       uint32_t n, const uint64_t *d)
{
	const struct esw_to *tos = q->to[0];

	for (uint32_t i = 0; i < n; i++) {
		const struct esw_to *to = &tos[(uint16_t)d[i]];
		struct rte_mbuf *m = pkts[i];

		m->port = to->port_id;
		m->ol_flags = 0;
		m->packet_type = 0;
		to->next[g->number[i]] = m;
	}
}

static __rte_always_inline void
fast_group_ring(const struct fast_group *g, struct esw_txq *q)
{
	uint64_t frames = 0, bytes = 0;

	for (uint32_t k = 0; k < g->n; k++) {
		const uint16_t ep = g->ep[k];
		struct esw_to *to = &q->to[0][ep];
		const uint32_t sum = q->sum[ep], n = (uint8_t)sum;

		q->sum[ep] = 0;
		to->packets += n;
		to->bytes += sum >> 8;
		frames += n;
		bytes += sum >> 8;
		__atomic_store_n(to->bell, esw_bell_make(esw_bell_count(*to->bell) + n, to->at + n),
				 __ATOMIC_RELEASE);
	}
	q->fate[ESW_TX_FORWARDED] += frames;
	q->bytes += bytes;
}

static __rte_always_inline void
fast_group_forget(const struct fast_group *g, struct esw_txq *q)
{
	for (uint32_t k = 0; k < g->n; k++)
		q->sum[g->ep[k]] = 0;
}

#endif /* _ESW_FAST_GROUP_H_ */
