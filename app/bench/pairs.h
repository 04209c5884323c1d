/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PAIRS_H_
#define _BENCH_PAIRS_H_

/*
 * The figures of a comparison: for each metric one value of A and one of B in every round, and what
 * follows from them.
 *
 * Only values of one round are set against each other: they are seconds apart, and what the machine
 * does meanwhile falls on both. The answer is the median of the ratios B/A with its interval
 * (stats.h), not the ratio of two medians.
 *
 * Thread-safety: none; one user.
 */

#include <stdbool.h>
#include <stddef.h>

#include "metric.h"
#include "stats.h"

struct bench_pair_list {
	struct bench_metric metric; /* value unused */
	double *value[2];           /* a round each; NAN = not measured */
};

struct bench_pairs {
	struct bench_pair_list *list;
	size_t n;
	unsigned int rounds;
	bool no_memory;
};

struct bench_pair_result {
	struct msr_stats side[2]; /* of the rounds in which both were measured */
	struct msr_stats ratio;   /* B / A */
	bool slower;              /* B is worse than A by more than the limit */
};

void bench_pairs_open(struct bench_pairs *p, unsigned int rounds);

void bench_pairs_close(struct bench_pairs *p);

/* Enter the figures of @p result for side 0 (A) or 1 (B) of a round; -ENOMEM. */
int bench_pairs_add(struct bench_pairs *p, unsigned int side, unsigned int round,
		    const json_t *result);

/**
 * What came of metric @p i.
 *
 * @param limit  in %; below 0: none, nothing is slower
 * @return 0; -ENODATA when no round has both values; -ENOMEM
 */
int bench_pairs_result(const struct bench_pairs *p, size_t i, double limit,
		       struct bench_pair_result *out);

/* The pairs of metric @p i as [[a, b]...]. */
json_t *bench_pairs_json(const struct bench_pairs *p, size_t i);

#endif /* _BENCH_PAIRS_H_ */
