/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The fast path with 32-octet vectors: a bucket is two. (Each 16-octet half is loaded at once.) */
#include "fdb.h"

static __rte_always_inline __m256i
half_find(const struct esw_fdb_slot *two, __m256i key)
{
	__m256i s = _mm256_load_si256((const __m256i *)two);
	__m256i eq = _mm256_cmpeq_epi64(s, key);

	/* the match of a key becomes the mask of its data, its upper neighbour */
	return _mm256_and_si256(s, _mm256_unpacklo_epi64(eq, eq));
}

static __rte_always_inline uint64_t
find_avx2(const struct esw_fdb_bucket *b, uint64_t key)
{
	__m256i k = _mm256_set1_epi64x((int64_t)key);
	__m256i f = _mm256_max_epu32(half_find(&b->slot[0], k), half_find(&b->slot[2], k));
	__m128i g = _mm_max_epu32(_mm256_castsi256_si128(f), _mm256_extracti128_si256(f, 1));

	return (uint64_t)_mm_extract_epi64(g, 1);
}

#define FAST_FIND find_avx2
#define FAST_NAME esw_fast_avx2
#include "fast_impl.h"
