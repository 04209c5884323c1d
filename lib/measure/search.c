/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "search.h"

static int
check_goal(const struct msr_goal *g, char *err, size_t errlen)
{
	const struct {
		const char *field;
		double value;
		double min;
		double max;
	} range[] = {
		{ "loss ratio", g->loss_ratio, 0, 0.999 },
		{ "exceed ratio", g->exceed_ratio, 0, 0.999 },
		{ "final trial duration", g->final_s, 1e-6, 1e6 },
		{ "duration sum", g->sum_s, g->final_s, 1e6 },
		{ "initial trial duration", g->initial_s, 1e-6, g->final_s },
		{ "width", g->width, 1e-6, 0.999 },
	};

	for (size_t i = 0; i < sizeof(range) / sizeof(range[0]); i++) {
		if (range[i].value >= range[i].min && range[i].value <= range[i].max)
			continue;
		snprintf(err, errlen, "goal %s: %s %g is not in %g to %g", g->name, range[i].field,
			 range[i].value, range[i].min, range[i].max);
		return -EINVAL;
	}
	return 0;
}

int
msr_search_init(struct msr_search *s, const struct msr_goal *goal, size_t n, double min_load,
		double max_load, double hint, char *err, size_t errlen)
{
	if (n == 0 || n > MSR_SEARCH_GOALS) {
		snprintf(err, errlen, "goals: %zu is not in 1 to %u", n, MSR_SEARCH_GOALS);
		return -EINVAL;
	}
	if (!(min_load >= 1) || !(max_load >= min_load) || !isfinite(max_load)) {
		snprintf(err, errlen, "load limits %g to %g: expected 1 <= minimum <= maximum",
			 min_load, max_load);
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++)
		if (check_goal(&goal[i], err, errlen) != 0)
			return -EINVAL;
	memset(s, 0, sizeof(*s));
	memcpy(s->goal, goal, n * sizeof(*goal));
	s->n_goals = n;
	s->min_load = ceil(min_load);
	s->max_load = fmax(s->min_load, floor(max_load));
	s->hint = hint > 0 ? fmin(fmax(rint(hint), s->min_load), s->max_load) : s->max_load;
	s->max_trials = MSR_SEARCH_TRIALS;
	for (size_t i = 0; i < n; i++) { /* insertion sort by loss ratio, stable */
		size_t k = i;

		for (; k > 0 && goal[s->order[k - 1]].loss_ratio > goal[i].loss_ratio; k--)
			s->order[k] = s->order[k - 1];
		s->order[k] = i;
	}
	return 0;
}

/* Phases before the final one, for durations that grow from initial_s to final_s. */
static unsigned int
early_phases(const struct msr_goal *g)
{
	double ratio = g->final_s / g->initial_s;

	return (unsigned int)ceil(log(ratio) / log(MSR_SEARCH_PHASE_FACTOR) - 1e-9);
}

/* The goal as phase @p phase pursues it: shorter, and content with a wider interval. */
static struct msr_goal
phase_goal(const struct msr_goal *g, unsigned int phase)
{
	unsigned int left = early_phases(g) - phase;
	struct msr_goal p = *g;

	if (left == 0)
		return p;
	p.final_s = fmin(g->final_s, g->initial_s * pow(MSR_SEARCH_PHASE_FACTOR, phase));
	p.sum_s = p.final_s * (g->sum_s / g->final_s);
	p.width = fmin(0.5, g->width * pow(2, left));
	return p;
}

/* A whole number of frames per second strictly between the bounds where there is one. */
static double
between(double lower, double upper)
{
	double mid = rint(sqrt(lower * upper));

	if (mid <= lower)
		mid = lower + 1;
	return mid < upper ? mid : lower;
}

/* Step outwards from the only bound, the step doubling each time. */
static double
outwards(struct msr_search *s, const struct msr_bounds *b)
{
	double load;

	if (b->upper != 0)
		load = fmax(s->min_load,
			    fmin(rint(b->upper * (1 - fmin(s->step, 0.9))), b->upper - 1));
	else
		load = fmin(s->max_load, fmax(rint(b->lower * (1 + s->step)), b->lower + 1));
	s->step *= 2;
	return load;
}

/* Whether phase goal @p g has its answer; the reason goes to @p end. */
static bool
phase_done(const struct msr_search *s, const struct msr_goal *g, const struct msr_bounds *b,
	   enum msr_end *end)
{
	if (b->upper != 0 && b->upper <= s->min_load)
		*end = MSR_END_MIN_LOAD;
	else if (b->upper == 0 && b->lower >= s->max_load)
		*end = MSR_END_MAX_LOAD;
	else if (b->upper != 0 && b->lower != 0 &&
		 (msr_bounds_width(b) <= g->width || b->upper - b->lower <= 1))
		*end = MSR_END_REGULAR;
	else
		return false;
	return true;
}

/* The next load of a phase that is not done. The previous phase's bounds come first, smaller one
 * before larger one, as long as they lie inside what this phase knows.
 */
static double
choose(struct msr_search *s, const struct msr_bounds *b)
{
	double *first[] = { &s->before.lower, &s->before.upper };

	for (size_t i = 0; i < 2; i++) {
		double load = *first[i];

		*first[i] = 0;
		if (load > b->lower && (b->upper == 0 || load < b->upper))
			return load;
	}
	if (b->lower == 0 && b->upper == 0)
		return s->hint;
	if (b->lower == 0 || b->upper == 0)
		return outwards(s, b);
	return between(b->lower, b->upper);
}

static void
enter_phase(struct msr_search *s, unsigned int phase, struct msr_bounds before)
{
	s->phase = phase;
	s->before = before;
	s->step = 0;
	s->pending = 0;
}

bool
msr_search_next(struct msr_search *s, double *load, double *duration_s)
{
	while (s->at < s->n_goals) {
		size_t i = s->order[s->at];
		struct msr_goal g = phase_goal(&s->goal[i], s->phase);
		struct msr_bounds b = msr_bounds(&g, s->trial, s->n_trials);
		enum msr_end end = MSR_END_RUNNING;

		if (s->n_trials >= s->max_trials) {
			s->end[i] = MSR_END_NO_TRIALS;
			s->at++;
			continue;
		}
		if (phase_done(s, &g, &b, &end)) {
			if (s->phase == early_phases(&s->goal[i])) {
				s->end[i] = end;
				s->at++;
				/* Only what this goal passed is a likely load for a laxer one. */
				b.upper = 0;
				enter_phase(s, 0, b);
			} else {
				enter_phase(s, s->phase + 1, b);
			}
			continue;
		}
		if (s->step == 0)
			s->step = g.width;
		if (s->pending == 0 ||
		    msr_classify(&g, s->trial, s->n_trials, s->pending) != MSR_UNDECIDED)
			s->pending = choose(s, &b);
		*load = s->pending;
		*duration_s = g.final_s;
		return true;
	}
	return false;
}

int
msr_search_add(struct msr_search *s, const struct msr_trial *trial)
{
	if (!(trial->loss_ratio >= 0 && trial->loss_ratio <= 1) || !(trial->effective_s > 0) ||
	    !(trial->duration_s > 0))
		return -EINVAL;
	if (s->n_trials >= s->max_trials)
		return -ENOSPC;
	s->trial[s->n_trials++] = *trial;
	return 0;
}

struct msr_goal_result
msr_search_result(const struct msr_search *s, size_t i)
{
	struct msr_bounds b = msr_bounds(&s->goal[i], s->trial, s->n_trials);
	struct msr_goal_result r = {
		.end = s->end[i],
		.lower = b.lower,
		.upper = b.upper,
	};

	if (b.lower != 0)
		r.throughput = msr_conditional_throughput(&s->goal[i], s->trial, s->n_trials,
							  b.lower);
	return r;
}

const char *
msr_end_name(enum msr_end end)
{
	static const char *const name[] = {
		[MSR_END_RUNNING] = "running",
		[MSR_END_REGULAR] = "regular",
		[MSR_END_MAX_LOAD] = "maximum load meets the goal",
		[MSR_END_MIN_LOAD] = "minimum load fails the goal",
		[MSR_END_NO_TRIALS] = "out of trials",
	};

	return name[end];
}
