/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The fast path with 64-octet vectors: a bucket is one. (Each 16-octet quarter is loaded at
 * once.)
 */
#include "fdb.h"

static __rte_always_inline uint64_t
find_avx512(const struct esw_fdb_bucket *b, uint64_t key)
{
	__m512i s = _mm512_load_si512(b);
	/* even lanes are keys; the data of a key is in the lane above */
	__mmask8 hit = _mm512_mask_cmpeq_epi64_mask(0x55, s, _mm512_set1_epi64((int64_t)key));
	__m512i d = _mm512_maskz_compress_epi64((__mmask8)(hit << 1), s);

	/* two learners met: two entries for one key; the slow path knows which holds */
	if (unlikely((hit & (hit - 1)) != 0))
		return 0;
	return (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(d));
}

#define FAST_FIND find_avx512
#define FAST_NAME esw_fast_avx512
#include "fast_impl.h"
