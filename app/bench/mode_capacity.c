/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * RFC 2889 section 5.7, address caching capacity: the most addresses of one port that are taught
 * and then all found there. Tables are hashed, so that the number depends on the addresses: every
 * repetition takes others.
 */

#include <errno.h>
#include <stdio.h>

#include "figure.h"
#include "learner.h"
#include "longest.h"
#include "mode.h"
#include "stats.h"

#define REPS 5U
#define MAX_ADDRESSES (1U << 20)
#define HINT 512U
#define WIDTH 0.005
#define VERIFY 1U /* trials after one in which an address was missing */

static int
search(struct bench_learner *l, uint64_t hint, struct msr_longest *s, struct msr_tally *tally,
       char *err, size_t errlen)
{
	const struct msr_longest_in in = {
		.min = 1,
		.max = MAX_ADDRESSES,
		.hint = hint,
		.width = WIDTH,
		.verify = VERIFY,
	};
	struct bench_learned t;
	uint64_t n;

	if (msr_longest_init(s, &in, err, errlen) != 0)
		return -EINVAL;
	while (*l->m->stop == 0 && msr_longest_next(s, &n)) {
		msr_longest_add(s, bench_learner_trial(l, n, 0, &t));
		bench_learner_tally(&t, tally);
	}
	return *l->m->stop != 0 ? -EINTR : 0;
}

static int
measure(struct bench_manager *m, struct bench_learner *l, struct bench_figure *f, double *value,
	char *err, size_t errlen)
{
	struct msr_longest s;
	bool unbounded = false;
	int rc = 0;

	for (f->n = 0; rc == 0 && f->n < REPS && !unbounded;) {
		rc = search(l, f->n == 0 ? HINT : (uint64_t)value[f->n - 1], &s, &f->tally, err,
			    errlen);
		if (rc != 0)
			break;
		unbounded = s.end == MSR_LONGEST_MAX;
		value[f->n++] = (double)s.lower;
	}
	bench_manager_account(m, &f->tally);
	if (f->n == 0)
		return rc;
	f->remark = unbounded    ? "as many as are tried" :
		    l->can_flush ? "the table emptied before each trial" :
				   "the table cannot be emptied: earlier addresses are in it";
	f->more = json_pack("{s:b, s:b, s:i, s:f}", "unbounded", (int)unbounded, "emptied",
			    (int)l->can_flush, "max_tried", MAX_ADDRESSES, "width", WIDTH);
	bench_figure_add(m, f);
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	double value[REPS];
	struct bench_figure f = {
		.value = value,
		.kind = "capacity",
		.size = m->o.size[0].name,
		.name = "addresses of one port",
		.unit = "addresses",
	};
	struct bench_learner l;
	char reason[256];

	fprintf(m->out, "\nAddress caching capacity (RFC 2889 5.7), %u searches to %g %%\n", REPS,
		WIDTH * 100);
	if (bench_learner_open(&l, m, &m->o.size[0], reason, sizeof(reason)) != 0) {
		bench_figure_none(m, &f, reason);
		return 0;
	}
	return measure(m, &l, &f, value, err, errlen);
}

const struct bench_mode bench_mode_capacity = {
	.name = "capacity",
	.help = "most addresses that the device learns (RFC 2889)",
	.run = run,
};
