/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_STATS_H_
#define _MSR_STATS_H_

/*
 * Statistics of repeated measurements. Nothing is assumed about their distribution, and nothing is
 * ever left out: an outlier is counted and stays in.
 *
 * The interval around the median comes from order statistics: between the k-th smallest and the
 * k-th largest of n values the true median lies with a probability that only the binomial
 * distribution gives. The narrowest such interval of at least 95 % is taken. Below six values
 * there is none (five give 93.75 % with minimum and maximum), so the interval is minimum to
 * maximum then, and `level` says what it is worth.
 *
 * Thread-safety: pure functions.
 */

#include <stddef.h>
#include <stdint.h>

struct msr_stats {
	size_t n;
	double min;
	double max;
	double median;
	double ci_lo;
	double ci_hi;
	double level;    /* confidence of [ci_lo, ci_hi], 0 to 1 */
	size_t outliers; /* further than 5 scaled median absolute deviations from the median */
};

/**
 * @param value  @p n values in any order; not changed
 * @return 0; -EINVAL for n == 0 or a value that is not finite; -ENOMEM
 */
int msr_stats(const double *value, size_t n, struct msr_stats *out);

/**
 * Upper bound (95 %, one-sided) of the loss probability after @p lost of @p n frames: 3/n for no
 * loss at all ("rule of three"); otherwise the normal approximation. 1 when n is 0.
 */
double msr_stats_loss_bound(uint64_t lost, uint64_t n);

#endif /* _MSR_STATS_H_ */
