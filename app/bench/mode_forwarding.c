/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * RFC 2889 sections 5.1, 5.2 and 5.6: what is forwarded when as much as possible is offered (the
 * forwarding rate at maximum offered load), and the most that is forwarded at any load. A switch
 * that spends its time on frames which it then drops forwards less at the first than at the second.
 */

#include <errno.h>
#include <stdio.h>

#include "figure.h"
#include "mode.h"
#include "setting.h"
#include "stats.h"

#define REPS 5U
#define STEP 0.1

struct rates_of {
	double at_max[REPS];
	double most[REPS];
	double offered[REPS];
	unsigned int n;
	struct msr_tally tally;
};

/* Forwarded frames a second at @p load, 0 = as many as possible; what was offered in *offered. */
static double
forwarded_at(struct bench_manager *m, double load, double *offered, struct msr_tally *tally)
{
	const struct bench_trial_in in = { .load = load, .duration_s = m->o.duration_s };
	struct bench_trial t;

	bench_measurer_trial(&m->measurer, &in, &t);
	bench_manager_account(m, &t.tally);
	msr_tally_merge(tally, &t.tally);
	*offered = (double)t.sent / t.reached_s;
	return t.forwarded / t.reached_s;
}

static void
measure(struct bench_manager *m, struct rates_of *r)
{
	for (r->n = 0; r->n < REPS && *m->stop == 0; r->n++) {
		double max, load, offered;
		unsigned int step = 0;

		r->at_max[r->n] = forwarded_at(m, 0, &max, &r->tally);
		r->offered[r->n] = max;
		r->most[r->n] = r->at_max[r->n];
		/* No more comes than is offered: below the best so far there is no better. */
		while ((load = max * (1 - STEP * ++step)) > r->most[r->n] && *m->stop == 0)
			r->most[r->n] = RTE_MAX(r->most[r->n],
						forwarded_at(m, load, &offered, &r->tally));
	}
}

static void
report(struct bench_manager *m, const struct bench_size *size, const char *pattern,
       const struct rates_of *r)
{
	struct bench_figure f = {
		.kind = "forwarding",
		.size = size->name,
		.x_name = "offered_pps",
		.n = r->n,
		.scale = 1e6,
		.unit = "frames/s",
		.shown = "Mpps",
		.tally = r->tally,
	};
	struct msr_stats offered;
	char name[64];

	if (msr_stats(r->offered, r->n, &offered) != 0)
		return;
	f.x = offered.median;
	f.name = name;
	f.value = r->at_max;
	snprintf(name, sizeof(name), "%s, at maximum offered load", pattern);
	bench_figure_add(m, &f);
	f.value = r->most;
	f.x_name = NULL;
	snprintf(name, sizeof(name), "%s, maximum", pattern);
	bench_figure_add(m, &f);
}

struct job {
	const struct bench_size *size;
	const char *pattern;
};

static int
work(struct bench_manager *m, void *arg, char *err, size_t errlen)
{
	const struct job *job = arg;
	struct rates_of r = { 0 };

	(void)err;
	(void)errlen;
	bench_traffic_size(&m->traffic, job->size);
	bench_manager_learn(m);
	measure(m, &r);
	report(m, job->size, job->pattern, &r);
	return *m->stop != 0 ? -EINTR : 0;
}

static int
run_pattern(struct bench_manager *m, const struct bench_size *size, enum bench_pattern pattern,
	    char *err, size_t errlen)
{
	struct job job = { size, bench_pattern_name(pattern) };
	const struct bench_figure none = {
		.kind = "forwarding",
		.size = size->name,
		.name = job.pattern,
		.unit = "frames/s",
	};
	static struct bench_setting s;

	if (pattern == m->o.pattern)
		return work(m, &job, err, errlen);
	bench_setting_init(&s, m);
	if (bench_setting_pattern(&s, pattern, err, errlen) == 0)
		return bench_setting_run(&s, work, &job, err, errlen);
	bench_figure_none(m, &none, err);
	return 0;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	const enum bench_pattern more[] = { BENCH_PATTERN_ONE_TO_MANY, BENCH_PATTERN_MANY_TO_ONE };
	int rc = 0;

	fprintf(m->out, "\nForwarding rates (RFC 2889 5.1, 5.2, 5.6), %u times, trials of %g s\n",
		REPS, m->o.duration_s);
	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++) {
		rc = run_pattern(m, &m->o.size[i], m->o.pattern, err, errlen);
		for (size_t k = 0; rc == 0 && k < RTE_DIM(more); k++)
			if (more[k] != m->o.pattern)
				rc = run_pattern(m, &m->o.size[i], more[k], err, errlen);
	}
	return rc;
}

const struct bench_mode bench_mode_forwarding = {
	.name = "forwarding",
	.help = "forwarded at maximum offered load, and at most, by pattern (RFC 2889)",
	.run = run,
};
