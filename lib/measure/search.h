/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_SEARCH_H_
#define _MSR_SEARCH_H_

/*
 * The controller of a rate search: trial results in, next load and duration out.
 *
 * It sends nothing and knows no clock, so that it is tested against simulated devices. What a load
 * is worth is defined in classify.h (RFC 9971); how loads are chosen is left to implementations by
 * the RFC, and is done here so:
 *
 *  - Goals are worked on in the order of their loss ratio, the strictest first: its bounds are the
 *    smallest, and smaller loads are to be measured before larger ones.
 *  - Each goal is narrowed down in phases. A phase has its own trial duration (from `initial_s`,
 *    four times longer each time, to `final_s`) and a width twice the next phase's. A phase begins
 *    with the bounds of the one before it.
 *  - Within a phase: with both bounds, the geometric mean of them; with one, a step outwards that
 *    doubles each time; with none, the hint (what the device forwarded at maximum load).
 *  - A load is measured again until it is decided. With `initial_s` = `final_s` and one goal this
 *    is the bisection of RFC 2544, with an exceed ratio of 0.5 the one with loss verification of
 *    ETSI TST 009.
 *
 * The search always ends: bounds closer than the width, a load limit that is itself a bound (then
 * the result is "irregular" in the RFC's word), or the number of trials.
 *
 * Thread-safety: none; one user.
 */

#include "classify.h"

#define MSR_SEARCH_GOALS 8U
#define MSR_SEARCH_TRIALS 512U /* a search of two goals to 0.5 % needs about 40 */
#define MSR_SEARCH_PHASE_FACTOR 4.0

enum msr_end {
	MSR_END_RUNNING,
	MSR_END_REGULAR,   /* both bounds, close enough */
	MSR_END_MAX_LOAD,  /* the maximum load meets the goal: no upper bound exists */
	MSR_END_MIN_LOAD,  /* the minimum load fails the goal: no lower bound exists */
	MSR_END_NO_TRIALS, /* gave up: MSR_SEARCH_TRIALS or the caller's limit reached */
};

struct msr_search {
	struct msr_goal goal[MSR_SEARCH_GOALS]; /* as given */
	size_t n_goals;
	double min_load; /* frames per second */
	double max_load;
	double hint; /* first load to try; 0 = maximum */
	size_t max_trials;
	struct msr_trial trial[MSR_SEARCH_TRIALS];
	size_t n_trials;
	/* Where the search stands. */
	size_t order[MSR_SEARCH_GOALS]; /* goals, strictest first */
	size_t at;                      /* index into order */
	unsigned int phase;
	double step;              /* relative, of the next step outwards */
	double pending;           /* load under way; 0 = choose */
	struct msr_bounds before; /* bounds of the previous phase or goal, to begin with */
	enum msr_end end[MSR_SEARCH_GOALS];
};

struct msr_goal_result {
	enum msr_end end;
	double lower;      /* relevant lower bound, frames per second; 0 = none */
	double upper;      /* relevant upper bound; 0 = none */
	double throughput; /* conditional throughput at `lower`; 0 = none */
};

/**
 * Begin a search.
 *
 * @param goal      @p n goals, 1 to MSR_SEARCH_GOALS; the names are not copied
 * @param min_load  frames per second, above 0
 * @param max_load  frames per second, at least @p min_load
 * @param hint      load to begin with, 0 = max_load; brought into the limits
 * @param err       buffer for one sentence on error
 * @return 0, or -EINVAL with @p err filled
 */
int msr_search_init(struct msr_search *s, const struct msr_goal *goal, size_t n, double min_load,
		    double max_load, double hint, char *err, size_t errlen);

/**
 * Ask for the next trial.
 *
 * @param load        result: whole frames per second
 * @param duration_s  result: seconds
 * @return true if a trial is wanted; false when all goals have ended
 */
bool msr_search_next(struct msr_search *s, double *load, double *duration_s);

/**
 * Enter the result of the trial asked for last.
 *
 * @return 0; -EINVAL for a loss ratio outside 0 to 1 or a duration that is not positive;
 *         -ENOSPC when the search has no room left (it has ended then)
 */
int msr_search_add(struct msr_search *s, const struct msr_trial *trial);

/* Result of goal @p i (in the order given to init), also while the search is running. */
struct msr_goal_result msr_search_result(const struct msr_search *s, size_t i);

/* Name of an end, for reports. */
const char *msr_end_name(enum msr_end end);

#endif /* _MSR_SEARCH_H_ */
