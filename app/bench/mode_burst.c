/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * RFC 9004: the longest burst at the maximum rate of which no frame is lost, and the buffer that it
 * tells of.
 *
 * Two lcores: one sends, the other receives meanwhile. The burst is longer than the buffer by what
 * leaves at the rate of the throughput, and the corrected time leaves that out (RFC 9004 section
 * 6.4). Where everything offered comes through there is no longest burst, and nothing is searched.
 *
 * One lcore: frames only leave while the tester receives, and while it receives it does not send.
 * So the burst is sent without receiving, which is the maximum rate of one core; its length is the
 * buffer itself, and nothing is to be corrected.
 *
 * A frame that tx_burst does not take at once ends the burst, as one that is lost.
 */

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "load.h"
#include "longest.h"
#include "manager.h"
#include "mode.h"
#include "rates.h"
#include "report.h"

#define LONGEST_S 2.0 /* RFC 2544 section 26.4: bursts of at least two seconds */
#define FIRST_HINT 1024U
#define VERIFY 1U /* trials after one with loss */
#define SATURATED 0.99
#define RUNS_MAX 1000U

struct burst {
	const struct bench_size *size;
	bool blind;
	double rate;       /* frames per second while a burst is sent */
	double throughput; /* two lcores: at which frames leave */
	uint64_t max;
	unsigned int runs;
	double frames[RUNS_MAX];
	double mean;
	double stdev;
	struct msr_stats stats;
	bool unbounded; /* a run passed the maximum */
	struct msr_tally tally;
};

/* Burst of @p frames; whether all of it came. */
static bool
send_burst(struct bench_manager *m, struct burst *b, uint64_t frames, struct bench_trial *t)
{
	const struct bench_trial_in in = {
		.duration_s = 2 * LONGEST_S,
		.frames = frames,
		.blind = b->blind,
	};

	bench_measurer_trial(&m->measurer, &in, t);
	msr_tally_merge(&b->tally, &t->tally);
	bench_manager_account(m, &t->tally);
	return t->tally.lost == 0 && t->refused == 0 && t->sent == frames;
}

static int
search_once(struct bench_manager *m, struct burst *b, uint64_t hint, char *err, size_t errlen)
{
	const struct msr_longest_in in = {
		.min = 1,
		.max = b->max,
		.hint = hint,
		.verify = VERIFY,
	};
	struct msr_longest s;
	struct bench_trial t;
	uint64_t n;

	if (msr_longest_init(&s, &in, err, errlen) != 0)
		return -EINVAL;
	while (*m->stop == 0 && msr_longest_next(&s, &n))
		msr_longest_add(&s, send_burst(m, b, n, &t));
	if (*m->stop != 0)
		return -EINTR;
	b->unbounded |= s.end == MSR_LONGEST_MAX;
	b->frames[b->runs++] = (double)s.lower;
	return 0;
}

/* Longest burst that can be sent: by time, and without receiving also by the mbufs at hand. */
static uint64_t
longest_possible(const struct bench_manager *m, const struct burst *b)
{
	uint64_t max = (uint64_t)(b->rate * fmin(LONGEST_S, m->o.duration_s));

	for (unsigned int s = 0; b->blind && s < m->ports.n_tx; s++) {
		struct rte_mempool *pool = m->ports.port[m->ports.tx[s]].pool;

		max = RTE_MIN(max, (uint64_t)rte_mempool_avail_count(pool) - m->o.burst);
	}
	return RTE_MAX(max, (uint64_t)m->o.burst);
}

static void
summarise(struct burst *b)
{
	double squares = 0;

	for (unsigned int i = 0; i < b->runs; i++)
		b->mean += b->frames[i] / b->runs;
	for (unsigned int i = 0; i < b->runs; i++)
		squares += (b->frames[i] - b->mean) * (b->frames[i] - b->mean);
	b->stdev = b->runs > 1 ? sqrt(squares / (b->runs - 1)) : 0;
	msr_stats(b->frames, b->runs, &b->stats);
}

/* Nanoseconds of buffer that a burst of so many frames tells of. */
static void
buffer_time(const struct burst *b, struct msr_stats *out)
{
	double ns[RUNS_MAX], left = b->blind ? 1 : 1 - b->throughput / b->rate;

	for (unsigned int i = 0; i < b->runs; i++)
		ns[i] = b->frames[i] / b->rate * left * 1e9;
	msr_stats(ns, b->runs, out);
}

static void
report(struct bench_manager *m, const struct burst *b, const char *remark)
{
	struct msr_stats time = { 0 };
	bool known = b->runs != 0 && !b->unbounded;

	if (known)
		buffer_time(b, &time);
	msr_report_add(m->report,
		       json_pack("{s:s, s:s, s:i, s:o, s:f, s:f, s:o, s:f, s:o, s:s, s:I, s:s*,"
				 " s:o}",
				 "kind", "back_to_back", "size", b->size->name, "runs",
				 (int)b->runs, "frames",
				 b->runs != 0 ? msr_report_stats(&b->stats) : json_null(),
				 "frames_mean", b->mean, "frames_stdev", b->stdev, "buffer_time_ns",
				 known ? msr_report_stats(&time) : json_null(), "line_rate_pps",
				 b->rate, "throughput_pps",
				 b->blind ? json_null() : json_real(b->throughput), "receiver",
				 b->blind ? "waits" : "receives", "max_frames", (json_int_t)b->max,
				 "remark", remark, "tally", msr_report_tally(&b->tally)));
	fprintf(m->out, "%-8s %5u %10.0f %10.0f %10.0f %10.0f %10.1f %10.4f", b->size->name,
		b->runs, b->mean, b->stats.min, b->stats.median, b->stats.max, b->stdev,
		b->rate / 1e6);
	if (known)
		fprintf(m->out, " %12.3f\n", time.median / 1e3);
	else
		fprintf(m->out, " %12s  %s\n", "-", remark != NULL ? remark : "interrupted");
	fflush(m->out);
}

/* Rate, throughput and limits; whether a longest burst exists at all. */
static int
prepare(struct bench_manager *m, uint32_t i, struct burst *b, bool *exists, char *err,
	size_t errlen)
{
	struct bench_trial t;
	int rc = 0;

	*exists = true;
	if (b->blind) {
		b->max = m->o.burst;
		send_burst(m, b, b->max, &t); /* warms up: the first touches every mbuf */
		send_burst(m, b, b->max, &t);
	} else {
		rc = bench_throughput_need(m, err, errlen);
		b->throughput = rc == 0 ? m->rates[i].stat[0].median : 0;
		bench_traffic_size(&m->traffic, b->size);
		send_burst(m, b, (uint64_t)(bench_load_max(m) * fmin(0.1, m->o.duration_s)), &t);
		*exists = b->throughput < SATURATED * (double)t.sent / t.reached_s;
	}
	b->rate = (double)t.sent / t.reached_s;
	b->max = longest_possible(m, b);
	return rc;
}

static int
run_size(struct bench_manager *m, uint32_t i, char *err, size_t errlen)
{
	static struct burst b;
	const char *remark = NULL;
	bool exists;
	int rc;

	b = (struct burst){
		.size = &m->o.size[i],
		.blind = m->measurer.rx_lcore == RTE_MAX_LCORE,
	};
	bench_traffic_size(&m->traffic, b.size);
	bench_manager_learn(m);
	rc = prepare(m, i, &b, &exists, err, errlen);
	for (unsigned int r = 0; rc == 0 && exists && r < m->o.profile->burst_runs; r++)
		rc = search_once(m, &b, r == 0 ? FIRST_HINT : (uint64_t)b.frames[r - 1], err,
				 errlen);
	if (b.runs != 0)
		summarise(&b);
	if (!exists)
		remark = "the throughput is the maximum rate: no longest burst exists";
	else if (b.unbounded)
		remark = b.blind ? "limited by the tester's mbufs (--mbufs) or time" :
				   "limited by the longest burst that is tried";
	report(m, &b, remark);
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = 0;

	/* The table of the throughput comes before this one's head. */
	if (m->measurer.rx_lcore != RTE_MAX_LCORE)
		rc = bench_throughput_need(m, err, errlen);
	fprintf(m->out,
		"\nBack-to-back frames (RFC 9004): %u runs of a size%s, one more trial after a "
		"loss; %s\n%-8s %5s %10s %10s %10s %10s %10s %10s %12s\n",
		m->o.profile->burst_runs,
		m->o.profile->burst_runs < 50 ? " (the RFC: at least 50)" : "",
		m->measurer.rx_lcore == RTE_MAX_LCORE ?
			"one core: it receives when the burst has been sent" :
			"one core sends, one receives",
		"size", "runs", "mean", "min", "median", "max", "stdev", "Mpps", "buffer us");
	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++)
		rc = run_size(m, i, err, errlen);
	return rc;
}

const struct bench_mode bench_mode_burst = {
	.name = "back-to-back",
	.help = "longest burst at the maximum rate without loss (RFC 9004)",
	.run = run,
};
