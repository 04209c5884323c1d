/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_RNG_H_
#define _BENCH_RNG_H_

/*
 * Seeded random numbers: splitmix64, a full-period generator of one word of state. Everything that
 * is drawn in a run comes from --seed by this, so that a run repeats bit for bit.
 *
 * Thread-safety: the caller's state.
 */

#include <stdint.h>

static inline uint64_t
bench_rng(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* A number in (0, 1]: its logarithm is finite. */
static inline double
bench_rng_unit(uint64_t *state)
{
	return ((double)(bench_rng(state) >> 11) + 1) * 0x1p-53;
}

static inline void
bench_rng_shuffle(uint32_t *v, uint32_t n, uint64_t *state)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t k = (uint32_t)(bench_rng(state) % i), x = v[i - 1];

		v[i - 1] = v[k];
		v[k] = x;
	}
}

#endif /* _BENCH_RNG_H_ */
