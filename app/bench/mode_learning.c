/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * RFC 2889 section 5.8, address learning rate: the highest rate of new source addresses at which
 * all of them are learned. First as fast as the tester sends: a device that learns in its data path
 * keeps up with that, and the result is then a lower bound.
 *
 * The table must not be what is measured, so few addresses are taught at a time.
 */

#include <errno.h>
#include <stdio.h>

#include "figure.h"
#include "learner.h"
#include "longest.h"
#include "mode.h"
#include "stats.h"

#define REPS 10U
#define ADDRESSES 256U
#define ROUNDS 16U
#define MIN_RATE 10U
#define WIDTH 0.02
#define VERIFY 1U

/* Some rounds at @p pps; whether everything was learned, and the rate reached in *reached. */
static bool
rounds(struct bench_learner *l, double pps, double *reached, struct msr_tally *tally)
{
	struct bench_learned t;
	double seconds = 0;
	uint64_t taught = 0;
	bool all = true;

	for (unsigned int i = 0; all && i < ROUNDS && *l->m->stop == 0; i++) {
		all = bench_learner_trial(l, ADDRESSES, pps, &t);
		bench_learner_tally(&t, tally);
		seconds += t.seconds;
		taught += t.taught;
	}
	*reached = seconds > 0 ? (double)taught / seconds : 0;
	return all;
}

/* The highest rate below @p max at which all is learned; 0 = none. */
static double
search(struct bench_learner *l, double max, struct msr_tally *tally)
{
	const struct msr_longest_in in = {
		.min = MIN_RATE,
		.max = RTE_MAX((uint64_t)max, (uint64_t)MIN_RATE),
		.hint = (uint64_t)max / 2,
		.width = WIDTH,
		.verify = VERIFY,
	};
	struct msr_longest s;
	double reached;
	uint64_t pps;
	char err[128];

	if (msr_longest_init(&s, &in, err, sizeof(err)) != 0)
		return 0;
	while (*l->m->stop == 0 && msr_longest_next(&s, &pps))
		msr_longest_add(&s, rounds(l, (double)pps, &reached, tally));
	return (double)s.lower;
}

static int
measure(struct bench_manager *m, struct bench_learner *l, struct bench_figure *f, double *value)
{
	double fastest;
	unsigned int limited = 0;

	rounds(l, 0, &fastest, &f->tally); /* the first touches everything */
	for (f->n = 0; f->n < REPS && *m->stop == 0; f->n++) {
		bool all = rounds(l, 0, &fastest, &f->tally);

		limited += !all;
		value[f->n] = all ? fastest : search(l, fastest, &f->tally);
	}
	bench_manager_account(m, &f->tally);
	if (*m->stop != 0)
		return -EINTR;
	f->remark = limited == 0 ? "as fast as the tester teaches: a lower bound" : NULL;
	f->more = json_pack("{s:b, s:i, s:i}", "unbounded", (int)(limited == 0), "addresses",
			    ADDRESSES, "rounds", ROUNDS);
	bench_figure_add(m, f);
	return 0;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	double value[REPS];
	struct bench_figure f = {
		.value = value,
		.kind = "learning",
		.size = m->o.size[0].name,
		.name = "new addresses of one port",
		.unit = "addresses/s",
		.shown = "M addresses/s",
		.scale = 1e6,
	};
	struct bench_learner l;
	char reason[256];

	(void)err;
	(void)errlen;
	fprintf(m->out,
		"\nAddress learning rate (RFC 2889 5.8), %u times %u rounds of %u addresses\n",
		REPS, ROUNDS, ADDRESSES);
	if (bench_learner_open(&l, m, &m->o.size[0], reason, sizeof(reason)) != 0) {
		bench_figure_none(m, &f, reason);
		return 0;
	}
	return measure(m, &l, &f, value);
}

const struct bench_mode bench_mode_learning = {
	.name = "learning",
	.help = "rate of new addresses at which all are learned (RFC 2889)",
	.run = run,
};
