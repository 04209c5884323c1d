/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <rte_errno.h>

#include "deliver.h"
#include "offload.h"
#include "slow.h"

uint16_t
esw_tx_prepare(void *txq, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	RTE_SET_USED(txq);
	for (uint16_t i = 0; i < nb_pkts; i++) {
		int rc = esw_offload_check(pkts[i]);

		if (rc != 0) {
			rte_errno = -rc;
			return i;
		}
	}
	return nb_pkts;
}

static __rte_noinline void
drop_all(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n)
{
	q->fate[ESW_TX_LINK_DOWN] += n;
	rte_pktmbuf_free_bulk(pkts, n);
}

/* One entry of a bucket, by key: its data, or 0. Key 0 finds a free slot, whose data is 0 too. */
#ifdef RTE_ARCH_X86_64
/*
 * Without a branch: a random destination would miss half of them. Each slot is one 16-octet load.
 */
static __rte_always_inline uint64_t
find_sse(const struct esw_fdb_bucket *b, uint64_t key)
{
	__m128i k = _mm_set1_epi64x((int64_t)key), found = _mm_setzero_si128();

	for (unsigned int i = 0; i < ESW_FDB_WAYS; i++) {
		__m128i s = _mm_load_si128((const __m128i *)&b->slot[i]);
		__m128i eq = _mm_cmpeq_epi64(s, k);

		found = _mm_or_si128(found, _mm_and_si128(s, _mm_unpacklo_epi64(eq, eq)));
	}
	return (uint64_t)_mm_extract_epi64(found, 1);
}
#define FAST_FIND find_sse
#else
static __rte_always_inline uint64_t
find_scalar(const struct esw_fdb_bucket *b, uint64_t key)
{
	uint64_t d = esw_fdb_bucket_find(b, key);

	return d == UINT64_MAX ? 0 : d;
}
#define FAST_FIND find_scalar
#endif

#include "fast.h"

uint16_t
esw_tx_burst(void *txq, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct esw_txq *q = txq;
	struct fast_from ff;

	if (unlikely(q->pid != esw_self))
		esw_txq_adopt(q);
	__atomic_store_n(&q->epoch, q->epoch + 1, __ATOMIC_RELAXED);
	rte_compiler_barrier();
	if (unlikely(!q->started))
		drop_all(q, pkts, nb_pkts);
	else if (fast_from_init(&ff, q))
		for (uint16_t i = 0; i < nb_pkts; i += FAST_BURST)
			fast_chunk(q, pkts + i, RTE_MIN(FAST_BURST, nb_pkts - i), &ff);
	else
		for (uint16_t i = 0; i < nb_pkts; i++)
			esw_slow_send(q, pkts[i]);
	__atomic_store_n(&q->epoch, q->epoch + 1, __ATOMIC_RELEASE);
	return nb_pkts;
}
