/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_CALIBRATE_H_
#define _MSR_CALIBRATE_H_

/*
 * What it costs to read a clock: the median of the differences of two readings with nothing
 * between them, to be taken off every interval that is measured with it. The median, because an
 * interrupt between two readings must not count, and the least may be luck.
 *
 * Inlined with its reader: a clock that is called costs more than one that is not.
 *
 * Thread-safety: pure but for the reader.
 */

#include <stdint.h>
#include <stdlib.h>

#include <rte_common.h>

#define MSR_CALIBRATE_PAIRS 4001

static inline int
msr_calibrate_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* In the unit of the clock. A clock that went backwards in a pair counts as no difference. */
static __rte_always_inline uint64_t
msr_calibrate(uint64_t (*read)(void *arg), void *arg)
{
	uint64_t v[MSR_CALIBRATE_PAIRS];

	for (unsigned int i = 0; i < MSR_CALIBRATE_PAIRS; i++) {
		uint64_t t0 = read(arg), t1 = read(arg);

		v[i] = t1 > t0 ? t1 - t0 : 0;
	}
	qsort(v, MSR_CALIBRATE_PAIRS, sizeof(*v), msr_calibrate_order);
	return v[MSR_CALIBRATE_PAIRS / 2];
}

#endif /* _MSR_CALIBRATE_H_ */
