/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdint.h>

#include "classify.h"

struct sums {
	double full_low;
	double full_high;
	double short_low;
	double short_high;
};

static double
max_double(double a, double b)
{
	return a > b ? a : b;
}

static struct sums
sum_durations(const struct msr_goal *goal, const struct msr_trial *trial, size_t n, double load)
{
	struct sums s = { 0 };

	for (size_t i = 0; i < n; i++) {
		bool full = trial[i].duration_s >= goal->final_s;
		bool high = trial[i].loss_ratio > goal->loss_ratio;

		if (trial[i].load != load)
			continue;
		if (full)
			*(high ? &s.full_high : &s.full_low) += trial[i].effective_s;
		else
			*(high ? &s.short_high : &s.short_low) += trial[i].effective_s;
	}
	return s;
}

/*
 * The quantities have the names of RFC 9971 appendix A. "Optimistic" takes the time that is still
 * missing as good, "pessimistic" as bad; the load is decided when both agree.
 */
enum msr_class
msr_classify(const struct msr_goal *goal, const struct msr_trial *trial, size_t n, double load)
{
	struct sums s = sum_durations(goal, trial, n, load);
	double balancing = s.short_low * goal->exceed_ratio / (1 - goal->exceed_ratio);
	double effect_high = s.full_high + max_double(0, s.short_high - balancing);
	double whole = max_double(s.full_low + effect_high, goal->sum_s);
	double allowed = whole * goal->exceed_ratio;
	/* Sums of many short durations are not exact: a nanosecond of a whole is no evidence. */
	double slack = 1e-9 * whole;

	if (whole - s.full_low <= allowed + slack)
		return MSR_LOWER;
	if (effect_high > allowed + slack)
		return MSR_UPPER;
	return MSR_UNDECIDED;
}

/* Next full-length trial at @p load in increasing order of (loss, index); n when there is none. */
static size_t
next_by_loss(const struct msr_goal *goal, const struct msr_trial *trial, size_t n, double load,
	     size_t last)
{
	size_t best = n;

	for (size_t i = 0; i < n; i++) {
		const struct msr_trial *t = &trial[i];

		if (t->load != load || t->duration_s < goal->final_s)
			continue;
		if (last != n && (t->loss_ratio < trial[last].loss_ratio ||
				  (t->loss_ratio == trial[last].loss_ratio && i <= last)))
			continue;
		if (best == n || t->loss_ratio < trial[best].loss_ratio)
			best = i;
	}
	return best;
}

double
msr_conditional_throughput(const struct msr_goal *goal, const struct msr_trial *trial, size_t n,
			   double load)
{
	struct sums s = sum_durations(goal, trial, n, load);
	double whole = max_double(goal->sum_s, s.full_low + s.full_high);
	double remaining = whole * (1 - goal->exceed_ratio) - 1e-9 * whole;
	size_t i = next_by_loss(goal, trial, n, load, n);
	double loss = 1;

	if (i == n)
		return 0;
	loss = trial[i].loss_ratio;
	remaining -= trial[i].effective_s;
	while (remaining > 0) {
		i = next_by_loss(goal, trial, n, load, i);
		if (i == n) {
			loss = 1;
			break;
		}
		loss = trial[i].loss_ratio;
		remaining -= trial[i].effective_s;
	}
	return load * (1 - loss);
}

struct msr_bounds
msr_bounds(const struct msr_goal *goal, const struct msr_trial *trial, size_t n)
{
	struct msr_bounds b = { 0 };

	for (size_t i = 0; i < n; i++)
		if ((b.upper == 0 || trial[i].load < b.upper) &&
		    msr_classify(goal, trial, n, trial[i].load) == MSR_UPPER)
			b.upper = trial[i].load;
	for (size_t i = 0; i < n; i++)
		if ((b.upper == 0 || trial[i].load < b.upper) && trial[i].load > b.lower &&
		    msr_classify(goal, trial, n, trial[i].load) == MSR_LOWER)
			b.lower = trial[i].load;
	return b;
}

double
msr_bounds_width(const struct msr_bounds *b)
{
	return (b->upper - b->lower) / b->upper;
}
