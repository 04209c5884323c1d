/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_CLASSIFY_H_
#define _MSR_CLASSIFY_H_

/*
 * MLRsearch's definitions (RFC 9971): what a set of trial results says about a load, for one goal.
 *
 * A goal is met at a load if trials that add up to `sum_s` seconds, each at least `final_s` long,
 * lose no more than `loss_ratio`, except for a share of `exceed_ratio` of the time. Shorter trials
 * can rule a load out early (more bad ones than the exceed ratio explains) but never confirm it.
 *
 * What surprises
 *  - The relevant upper bound is the smallest load that failed; a larger load that passed does not
 *    count (section "Conservativeness and Relevant Bounds").
 *  - The number to compare between testers is the conditional throughput: what was forwarded at
 *    the relevant lower bound in the worst trial that the goal does not forgive. With a loss ratio
 *    of 0 it equals the load.
 *  - The duration that counts is the effective one: set-up and draining add to it when the
 *    measurer says so.
 *
 * RFC 2544 is {final 60, sum 60, loss 0, exceed 0}; ETSI TST 009's binary search with loss
 * verification is {final 60, sum 120, loss 0, exceed 0.5}.
 *
 * Thread-safety: pure functions.
 */

#include <stdbool.h>
#include <stddef.h>

struct msr_goal {
	const char *name;
	double loss_ratio;   /* 0 to below 1 */
	double exceed_ratio; /* 0 to below 1 */
	double final_s;      /* duration of a full-length trial, seconds */
	double sum_s;        /* time needed to classify a load, seconds */
	double initial_s;    /* shortest trial used to narrow down, seconds */
	double width;        /* relative distance of the bounds at which to stop, 0 to below 1 */
};

struct msr_trial {
	double load;       /* intended, frames per second */
	double duration_s; /* intended */
	double effective_s;
	double loss_ratio; /* of the intended frames: a shortfall of the sender is loss */
};

enum msr_class {
	MSR_UNDECIDED,
	MSR_LOWER, /* the load meets the goal whatever further trials say */
	MSR_UPPER, /* the load fails the goal whatever further trials say */
};

/* The bounds that all trials so far imply; a bound is 0 where none exists. */
struct msr_bounds {
	double lower; /* largest lower bound below `upper` */
	double upper; /* smallest upper bound */
};

/* RFC 9971 appendix A: classify @p load by those of @p n trials that were made at it. */
enum msr_class msr_classify(const struct msr_goal *goal, const struct msr_trial *trial, size_t n,
			    double load);

/**
 * RFC 9971 appendix B. Where the specification's text and its code differ (whether missing time
 * counts against the load) the code is followed.
 *
 * @return frames per second; 0 without a full-length trial at @p load
 */
double msr_conditional_throughput(const struct msr_goal *goal, const struct msr_trial *trial,
				  size_t n, double load);

/* Relevant bounds (RFC 9971, "Relevant Upper Bound", "Relevant Lower Bound"). */
struct msr_bounds msr_bounds(const struct msr_goal *goal, const struct msr_trial *trial, size_t n);

/* Relative distance of two existing bounds: (upper - lower) / upper. */
double msr_bounds_width(const struct msr_bounds *b);

#endif /* _MSR_CLASSIFY_H_ */
