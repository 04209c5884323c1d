/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The receiver: find the lanes with something in them, take an equal share of each.
 *
 * Frames were judged, counted and given their metadata by the sender, so that this side touches
 * neither mbufs nor statistics: it copies pointers and says how far it got.
 */
#include <string.h>

#include "queue.h"

#define GROUP ESW_LANE_GROUP
#define HOLES_RETRY 64 /* bursts between looks for a buffer, while the pool is empty */
#define POST_MIN 32    /* slots of a lane that are posted at least */
#define HANDFUL 7      /* slots in a lane's first line: copied without asking how many are used */

/* Bit i: lane i of the group has something new. */
static inline uint32_t
group_active(const uint32_t *bell, const uint32_t *seen)
{
#ifdef RTE_ARCH_X86_64
	__m128i e[4];

	for (unsigned int i = 0; i < 4; i++)
		e[i] = _mm_cmpeq_epi32(_mm_load_si128((const __m128i *)(bell + 4 * i)),
				       _mm_load_si128((const __m128i *)(seen + 4 * i)));
	return 0xffff ^ (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(e[0], e[1]),
								    _mm_packs_epi32(e[2], e[3])));
#else
	uint32_t mask = 0;

	for (unsigned int i = 0; i < GROUP; i++)
		mask |= (uint32_t)(__atomic_load_n(&bell[i], __ATOMIC_RELAXED) != seen[i]) << i;
	return mask;
#endif
}

/*
 * Copy n slots that begin at `at`; the lane may wrap. Eight at a time where the caller's array
 * and the lane allow it, so that the usual handful of frames is one copy and no loop whose end
 * must be guessed.
 */
static inline void
copy_slots(const struct esw_lane *l, uint16_t at, struct rte_mbuf **pkts, uint16_t n, uint16_t max)
{
	uint16_t k = RTE_MIN(n, (uint16_t)(l->cap - at));

	if (likely(k == n && RTE_ALIGN_CEIL(n, 8) <= max)) {
		for (uint16_t i = 0; i < n; i += 8)
			memcpy(pkts + i, &l->slot[at + i], 8 * sizeof(void *));
		return;
	}
	for (uint16_t i = 0; i < k; i++)
		pkts[i] = l->slot[at + i];
	for (uint16_t i = k; i < n; i++)
		pkts[i] = l->slot[i - k];
}

/* New empty buffers for `n` slots from `at`; where the pool has none the slot is no room. */
static void
post(struct esw_rxq *q, struct esw_lane *l, uint16_t at, uint16_t n)
{
	for (uint16_t i = 0; i < n; i++) {
		struct rte_mbuf *m = rte_pktmbuf_alloc(q->mp);

		if (m == NULL)
			q->holes = HOLES_RETRY;
		__atomic_store_n(&l->slot[at], m, __ATOMIC_RELEASE);
		at = at + 1 == l->cap ? 0 : at + 1;
	}
}

/*
 * A posted lane: a frame takes as many slots as it has segments. @return frames; *slots = slots
 * taken
 */
static uint16_t
take_posted(struct esw_lane *l, uint16_t at, struct rte_mbuf **pkts, uint16_t max, uint16_t waiting,
	    uint16_t *slots)
{
	uint16_t n = 0, used = 0;

	while (n < max && used < waiting) {
		struct rte_mbuf *m = l->slot[at];
		uint16_t segs = m->nb_segs;

		pkts[n++] = m;
		used += segs;
		at += segs;
		if (at >= l->cap)
			at -= l->cap;
	}
	*slots = used;
	return n;
}

/*
 * At most `max` frames; `room` is what the caller's array holds from `pkts` on.
 * Order matters for a reader that may be killed: first `seen` (these frames were taken), then the
 * slots get new buffers, and only then does the sender learn that there is room (see
 * esw_rxq_adopt).
 */
static __rte_always_inline uint16_t
lane_take(struct esw_rxq *q, uint16_t id, struct rte_mbuf **pkts, uint16_t max, uint16_t room)
{
	struct esw_lane *l = __atomic_load_n(&q->lane[id], __ATOMIC_ACQUIRE);
	uint32_t bell = __atomic_load_n(&q->bell[id], __ATOMIC_ACQUIRE);
	uint32_t seen = q->seen[id];
	uint16_t waiting = esw_bell_count(bell) - esw_bell_count(seen);
	uint16_t at, n, slots;

	if (unlikely(l == NULL))
		return 0;
	at = esw_lane_first(l, bell, waiting);
	n = slots = RTE_MIN(waiting, max);
	if (unlikely(l->posted))
		n = take_posted(l, at, pkts, max, waiting, &slots);
	else
		copy_slots(l, at, pkts, n, room);
	if (slots == waiting)
		seen = bell;
	else
		seen = esw_bell_make(esw_bell_count(seen) + slots,
				     at + slots > l->cap ? at + slots - l->cap : at + slots);
	__atomic_store_n(&q->seen[id], seen, __ATOMIC_RELEASE);
	if (unlikely(l->posted))
		post(q, l, at, slots);
	__atomic_store_n(&l->cons, esw_bell_count(seen), __ATOMIC_RELEASE);
	return n;
}

/* Active lanes of one group, those in `mask`, behind the `n` that are listed. */
static inline uint16_t
list_group(const struct esw_rxq *q, uint32_t g, uint32_t mask, uint16_t *act, uint16_t n,
	   uint16_t max)
{
	mask &= group_active(q->bell + g, q->seen + g);
	for (; mask != 0 && n < max; mask &= mask - 1)
		act[n++] = g + __builtin_ctz(mask);
	return n;
}

/* Those of all groups that share a bit of q->groups (there are at most 128). */
static inline uint16_t
list_groups(const struct esw_rxq *q, uint32_t bit, uint32_t mask, uint16_t *act, uint16_t n,
	    uint16_t max)
{
	const uint32_t hi = __atomic_load_n(&q->sw->hi_tx_ids, __ATOMIC_ACQUIRE);

	for (uint32_t g = bit * GROUP; g < hi; g += 64 * GROUP)
		n = list_group(q, g, mask, act, n, max);
	return n;
}

/*
 * Numbers of active lanes, at most `max`, beginning with the first at or after q->turn and going
 * round once, so that no number is too high to have its turn. @return how many
 */
static inline uint16_t
list_active(const struct esw_rxq *q, uint64_t groups, uint16_t *act, uint16_t max)
{
	const uint32_t first = q->turn / GROUP % 64;
	/* of the first group, those before turn */
	const uint32_t low = (UINT32_C(1) << (q->turn % GROUP)) - 1;
	const uint64_t below = (UINT64_C(1) << first) - 1, at = UINT64_C(1) << first;
	uint16_t n = 0;

	if ((groups & at) != 0)
		n = list_groups(q, first, ~low, act, n, max);
	for (uint64_t g = groups & ~below & ~at; g != 0; g &= g - 1)
		n = list_groups(q, __builtin_ctzll(g), UINT32_MAX, act, n, max);
	for (uint64_t g = groups & below; g != 0; g &= g - 1)
		n = list_groups(q, __builtin_ctzll(g), UINT32_MAX, act, n, max);
	if ((groups & at) != 0)
		n = list_groups(q, first, low, act, n, max);
	return n;
}

uint16_t
esw_rxq_take(struct esw_rxq *q, struct rte_mbuf **pkts, uint16_t n)
{
	uint16_t act[GROUP * 4], n_act, got = 0, share;
	uint64_t groups;

	groups = __atomic_load_n(&q->groups, __ATOMIC_ACQUIRE);
	n_act = list_active(q, groups, act, RTE_DIM(act));
	if (likely(n_act == 0))
		return 0;
	if (n_act == 1)
		return lane_take(q, act[0], pkts, n, n);
	share = RTE_MAX(n / n_act, 1);
	for (bool more = true; more && got < n; share = 1) {
		more = false;
		for (uint16_t i = 0; i < n_act && got < n; i++) {
			uint16_t k = lane_take(q, act[i], pkts + got,
					       RTE_MIN(share, (uint16_t)(n - got)), n - got);

			got += k;
			more |= k != 0;
			q->turn = act[i] + 1u;
		}
	}
	return got;
}

/* Posted buffers of all lanes are a quarter of the pool at most; but a lane has POST_MIN. */
static uint16_t
post_share(const struct esw_rxq *q)
{
	uint32_t lanes = 1, share;

	for (uint16_t i = 0; i < q->sw->hi_tx_ids; i++)
		lanes += q->lane[i] != NULL;
	share = RTE_MIN(q->mp->size / 4 / lanes, (uint32_t)UINT16_MAX);
	return (uint16_t)RTE_MAX(share, (uint32_t)POST_MIN);
}

/*
 * Some queue changed process: lanes to senders of other processes get buffers posted, once they
 * are empty. One that is not yet stays on the list for the next burst.
 */
static __rte_noinline void
post_look(struct esw_rxq *q)
{
	struct esw *sw = q->sw;
	uint32_t gen = __atomic_load_n(&sw->post_gen, __ATOMIC_ACQUIRE);
	bool done = true;
	uint16_t share;

	for (uint16_t i = 0; i < sw->hi_tx_ids; i++) {
		struct esw_txq *t = __atomic_load_n(&sw->tx_by_id[i], __ATOMIC_ACQUIRE);
		struct esw_lane *l = __atomic_load_n(&q->lane[i], __ATOMIC_ACQUIRE);

		if (t == NULL || l == NULL || l->posted || t->pid == esw_self || !t->started)
			continue;
		if (__atomic_load_n(&q->bell[i], __ATOMIC_ACQUIRE) != q->seen[i]) {
			done = false;
			continue;
		}
		/* Empty, hence the sender begins at slot 0: the lane may become shorter now. */
		share = post_share(q);
		l->cap = RTE_MIN(l->cap, share);
		post(q, l, 0, l->cap);
		__atomic_store_n(&l->posted, 1, __ATOMIC_RELEASE);
	}
	if (done)
		q->post_gen = gen;
}

/* The pool was empty when slots were to be filled: try again where nothing lies. */
static __rte_noinline void
fill_holes(struct esw_rxq *q)
{
	for (uint16_t i = 0; i < q->sw->hi_tx_ids && q->holes == 0; i++) {
		struct esw_lane *l = __atomic_load_n(&q->lane[i], __ATOMIC_ACQUIRE);

		for (uint16_t k = 0; l != NULL && l->posted && k < l->cap && q->holes == 0; k++)
			if (l->slot[k] == NULL)
				post(q, l, k, 1);
	}
}

/* What is rarely the case, out of the way of what usually is. */
static __rte_noinline void
look_after(struct esw_rxq *q)
{
	if (q->post_gen != q->sw->post_gen)
		post_look(q);
	if (q->holes != 0 && --q->holes == 0)
		fill_holes(q);
}

/* What is not the common case of a burst, whose epoch is odd already. */
static __rte_noinline uint16_t
take_any(struct esw_rxq *q, struct rte_mbuf **pkts, uint16_t n)
{
	if (unlikely(!q->started))
		return 0;
	if (unlikely(q->post_gen != q->sw->post_gen || q->holes != 0))
		look_after(q);
	return esw_rxq_take(q, pkts, n);
}

/*
 * A few frames of one sender that lie in one piece; 0: it is something else. The same as
 * lane_take() of a lane that is not posted, and of an empty lane never more than its first cache
 * line: it holds a header and HANDFUL slots.
 */
static __rte_always_inline uint16_t
take_handful(struct esw_rxq *q, uint32_t id, struct rte_mbuf **pkts)
{
	struct esw_lane *l = __atomic_load_n(&q->lane[id], __ATOMIC_ACQUIRE);
	const uint32_t bell = __atomic_load_n(&q->bell[id], __ATOMIC_ACQUIRE);
	const uint16_t n = esw_bell_count(bell) - esw_bell_count(q->seen[id]);
	struct rte_mbuf *const *from;

	if (unlikely(n > 2 * HANDFUL || n > esw_bell_pos(bell) || l == NULL || l->posted))
		return 0;
	from = &l->slot[esw_bell_pos(bell) - n];
	memcpy(pkts, from, HANDFUL * sizeof(void *));
	if (unlikely(n > HANDFUL))
		memcpy(pkts + HANDFUL, from + HANDFUL, HANDFUL * sizeof(void *));
	__atomic_store_n(&q->seen[id], bell, __ATOMIC_RELEASE);
	__atomic_store_n(&l->cons, esw_bell_count(bell), __ATOMIC_RELEASE);
	return n;
}

/* Short and without calls for what a poll usually finds: nothing, or a few frames of one sender. */
static __rte_always_inline uint16_t
take(struct esw_rxq *q, struct rte_mbuf **pkts, uint16_t n)
{
	const uint64_t groups = __atomic_load_n(&q->groups, __ATOMIC_ACQUIRE);
	const struct esw *sw = q->sw;
	uint32_t g, mask;
	uint16_t k;

	if (unlikely(!q->started || q->post_gen != sw->post_gen || q->holes != 0 ||
		     sw->hi_tx_ids > 64 * GROUP))
		return take_any(q, pkts, n);
	if (groups == 0)
		return 0;
	if (unlikely((groups & (groups - 1)) != 0))
		return take_any(q, pkts, n);
	g = (uint32_t)__builtin_ctzll(groups) * GROUP;
	mask = group_active(q->bell + g, q->seen + g);
	if (mask == 0)
		return 0;
	if (unlikely((mask & (mask - 1)) != 0 || n < 2 * HANDFUL))
		return take_any(q, pkts, n);
	k = take_handful(q, g + __builtin_ctz(mask), pkts);
	return likely(k != 0) ? k : take_any(q, pkts, n);
}

uint16_t
esw_rx_burst(void *rxq, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct esw_rxq *q = rxq;
	uint32_t epoch;
	uint16_t n;

	if (unlikely(q->pid != esw_self) && !esw_rxq_try_adopt(q))
		return 0;
	ESW_STAGE_BEGIN(q);
	epoch = q->epoch;
	__atomic_store_n(&q->epoch, epoch + 1, __ATOMIC_RELAXED);
	rte_compiler_barrier();
	n = take(q, pkts, nb_pkts);
	__atomic_store_n(&q->epoch, epoch + 2, __ATOMIC_RELEASE);
	ESW_STAGE_END(q, RECEIVE);
	return n;
}
