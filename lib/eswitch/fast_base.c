/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The fast path for any CPU; on x86-64 with SSE4.2, which DPDK demands. */
#include "fdb.h"

#ifdef RTE_ARCH_X86_64
/*
 * Without a branch: a random destination would miss half of them. Each slot is one 16-octet load.
 * Of two entries for one key (two learners met) the larger is taken whole: the static one if
 * there is one.
 */
static __rte_always_inline uint64_t
find_base(const struct esw_fdb_bucket *b, uint64_t key)
{
	__m128i k = _mm_set1_epi64x((int64_t)key), found = _mm_setzero_si128();

	for (unsigned int i = 0; i < ESW_FDB_WAYS; i++) {
		__m128i s = _mm_load_si128((const __m128i *)&b->slot[i]);
		__m128i eq = _mm_cmpeq_epi64(s, k);

		found = _mm_max_epu32(found, _mm_and_si128(s, _mm_unpacklo_epi64(eq, eq)));
	}
	return (uint64_t)_mm_extract_epi64(found, 1);
}
#else
static __rte_always_inline uint64_t
find_base(const struct esw_fdb_bucket *b, uint64_t key)
{
	uint64_t d = esw_fdb_bucket_find(b, key);

	return d == UINT64_MAX ? 0 : d;
}
#endif

#define FAST_FIND find_base
#define FAST_NAME esw_fast_base
#include "fast_impl.h"
