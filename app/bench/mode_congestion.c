/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * RFC 2889 section 5.5, congestion control: one sender halves its frames between two receivers, a
 * second sends all of its own to one of the two, which so is offered one and a half times what it
 * can take. What the first sender loses to the other receiver is lost to head-of-line blocking.
 *
 * A software port has no rate of its own; it takes what is polled. So the congested receiver is
 * polled once for each two bursts that are sent, for a burst: as much as one port sends. The other
 * one is polled after every burst. For that the main lcore sends and receives in turn.
 *
 * Back pressure, which the RFC looks for as well, shows as frames that tx_burst did not take. It
 * loses nothing, but holds back the other receiver's frames: that one's rate beside a run in which
 * both are polled alike tells.
 */

#include <errno.h>
#include <stdio.h>

#include "figure.h"
#include "mode.h"
#include "setting.h"

#define REPS 5U
#define CONGESTED 1U /* receiver, as pattern.h has it */

struct shares {
	double free[REPS];      /* received of sent */
	double congested[REPS]; /* of both senders */
	double rate[REPS];      /* of the free receiver's, against the run without congestion */
	uint64_t refused;
	unsigned int n;
	struct msr_tally tally;
	struct msr_tally free_tally;
};

/* Rate of the free receiver's frames. */
static double
trial(struct bench_manager *m, bool congested, struct bench_trial *t, struct msr_tally *free)
{
	const struct bench_trial_in in = { .duration_s = m->o.duration_s };

	m->sink.slow = congested ? (int)CONGESTED : -1;
	bench_measurer_trial(&m->measurer, &in, t);
	m->sink.slow = -1;
	bench_manager_account(m, &t->tally);
	*free = bench_sink_group(&m->sink, BENCH_GROUP_FREE);
	return (double)free->received / t->reached_s;
}

static double
share(const struct msr_tally *t)
{
	return t->sent != 0 ? (double)t->received / (double)t->sent : 0;
}

static void
measure(struct bench_manager *m, struct shares *s)
{
	for (s->n = 0; s->n < REPS && *m->stop == 0; s->n++) {
		struct msr_tally free, congested;
		struct bench_trial t;
		double alone = trial(m, false, &t, &free);
		double beside = trial(m, true, &t, &free);

		congested = t.tally;
		congested.sent -= free.sent;
		congested.received -= free.received;
		congested.lost -= free.lost;
		msr_tally_merge(&s->free_tally, &free);
		msr_tally_merge(&s->tally, &congested);
		s->free[s->n] = share(&free);
		s->congested[s->n] = share(&congested);
		s->rate[s->n] = alone > 0 ? beside / alone : 0;
		s->refused += t.refused;
	}
}

static void
report(struct bench_manager *m, const struct bench_size *size, const struct shares *s)
{
	struct bench_figure f = {
		.kind = "congestion",
		.size = size->name,
		.n = s->n,
		.unit = "share",
	};

	f.name = "uncongested receiver";
	f.value = s->free;
	f.tally = s->free_tally;
	f.remark = s->free_tally.lost != 0 ? "head-of-line blocking: it lost frames" : NULL;
	bench_figure_add(m, &f);
	f.name = "congested receiver";
	f.value = s->congested;
	f.tally = s->tally;
	f.remark = NULL;
	f.more = json_pack("{s:I}", "refused", (json_int_t)s->refused);
	bench_figure_add(m, &f);
	f.name = "uncongested receiver's rate";
	f.value = s->rate;
	f.tally = s->free_tally;
	f.more = NULL;
	f.unit = "of its rate without congestion";
	f.remark = s->refused != 0 ? "back pressure: frames were not taken at once" : NULL;
	bench_figure_add(m, &f);
}

static int
work(struct bench_manager *m, void *arg, char *err, size_t errlen)
{
	const unsigned int rx_lcore = m->measurer.rx_lcore;
	const struct bench_size *size = arg;
	struct shares shares = { 0 };

	(void)err;
	(void)errlen;
	m->measurer.rx_lcore = RTE_MAX_LCORE;
	bench_traffic_size(&m->traffic, size);
	bench_manager_learn(m);
	measure(m, &shares);
	m->measurer.rx_lcore = rx_lcore;
	if (*m->stop != 0)
		return -EINTR;
	report(m, size, &shares);
	return 0;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	static struct bench_setting s;
	int rc = 0;

	fprintf(m->out,
		"\nCongestion (RFC 2889 5.5): a receiver is offered 150 %%, beside one that is "
		"not; %u times %g s\n",
		REPS, m->o.duration_s);
	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++) {
		const struct bench_figure none = {
			.kind = "congestion",
			.size = m->o.size[i].name,
			.name = "uncongested receiver",
			.unit = "share",
		};

		bench_setting_init(&s, m);
		if (bench_setting_pattern(&s, BENCH_PATTERN_CONGESTION, err, errlen) != 0)
			bench_figure_none(m, &none, err);
		else
			rc = bench_setting_run(&s, work, &m->o.size[i], err, errlen);
	}
	return rc;
}

const struct bench_mode bench_mode_congestion = {
	.name = "congestion",
	.help = "what a congested receiver costs one beside it (RFC 2889)",
	.run = run,
};
