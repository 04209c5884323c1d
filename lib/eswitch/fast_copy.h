/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_COPY_H_
#define _ESW_FAST_COPY_H_

/*
 * Frames for a receiver with another pool than the sender's: copied into a buffer of that pool, and
 * the sender's mbufs put back together at the end of a burst.
 *
 * Only plain mbufs come here: one segment, direct, not shared.
 *
 * Included by fast_impl.h, which says how many frames are a burst. Thread-safety: as
 * esw_tx_burst().
 */
#include <rte_mbuf.h>
#include <rte_memcpy.h>

#define FAST_COPY_AHEAD 4u /* buffers of a receiver that are fetched ahead */

/* Mbufs whose frames went on in buffers of the receiver. */
struct fast_done {
	uint32_t n;
	struct rte_mbuf *m[FAST_BURST];
};

/*
 * Back to their pool, which is one as a rule. They are plain: one segment, direct, not shared, so
 * there is nothing to undo, and their second cache lines are left alone.
 */
static __rte_noinline void
fast_free(struct fast_done *done)
{
	for (uint32_t i = 1; i < done->n; i++) {
		if (unlikely(done->m[i]->pool != done->m[0]->pool)) {
			rte_pktmbuf_free_bulk(done->m, done->n);
			return;
		}
	}
	rte_mempool_put_bulk(done->m[0]->pool, (void *const *)done->m, done->n);
}

/*
 * Buffers lie in a pool's cache in the order in which they will be taken: have one fetched that is
 * due soon. `off`: from an mbuf of this pool to where frames begin.
 */
static __rte_always_inline void
fast_prefetch_buffer(struct rte_mempool *mp, size_t off)
{
	const struct rte_mempool_cache *cache = rte_mempool_default_cache(mp, rte_lcore_id());
	const char *next;

	if (unlikely(cache == NULL || cache->len < FAST_COPY_AHEAD))
		return;
	next = cache->objs[cache->len - FAST_COPY_AHEAD];
	rte_prefetch0(next);
	rte_prefetch0(next + off);
}

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
	/* what rte_pktmbuf_reset() sets and the caller does not; tx_offload is the next sender's */
	c->data_off = RTE_PKTMBUF_HEADROOM;
	c->vlan_tci = 0;
	c->vlan_tci_outer = 0;
	c->hash.rss = 0;
	c->data_len = (uint16_t)len;
	c->pkt_len = len;
	fast_prefetch_buffer(mp, (size_t)(rte_pktmbuf_mtod(c, char *) - (char *)c));
	rte_memcpy(rte_pktmbuf_mtod(c, void *), rte_pktmbuf_mtod(m, const void *), len);
	done->m[done->n++] = m;
	return c;
}

#endif /* _ESW_FAST_COPY_H_ */
