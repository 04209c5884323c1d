/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "manager.h"
#include "memory.h"
#include "pairs.h"
#include "plan.h"
#include "report.h"
#include "verdict.h"

/* Everything has been made once after two rounds: in both orders. */
#define SETTLED_ROUND 1U

struct compare {
	struct bench_plan plan;
	struct bench_pairs pairs;
	struct bench_progress progress;
	struct bench_memory memory; /* after the first rounds */
	json_t *report;
	volatile sig_atomic_t *stop;
	FILE *out;
	FILE *quiet; /* the tables of each single measurement */
	double limit;
	bool wrong;
	bool unstable;
	bool slower;
	bool grew;
};

/* A warning that every round gives is one warning. */
static void
take_warnings(struct compare *c, const json_t *from)
{
	const json_t *all = json_object_get(c->report, "warnings");
	const json_t *list = json_object_get(from, "warnings");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *w = json_array_get(list, i);
		bool known = false;

		for (size_t k = 0; k < json_array_size(all); k++)
			known |= json_equal(w, json_array_get(all, k)) != 0;
		if (known)
			continue;
		msr_report_warn(c->report, "%s", json_string_value(w));
		fprintf(c->out, "warning: %s\n", json_string_value(w));
	}
}

static int
take_results(struct compare *c, unsigned int side, unsigned int round, const json_t *from)
{
	const json_t *list = json_object_get(from, "results");
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(list); i++)
		rc = bench_pairs_add(&c->pairs, side, round, json_array_get(list, i));
	return rc;
}

/* Plug, measure and unplug one side. */
static int
measure(struct compare *c, unsigned int side, unsigned int round, char *err, size_t errlen)
{
	static struct bench_manager m;
	json_t *one = json_pack("{s:[], s:[]}", "warnings", "results");
	int rc;

	if (one == NULL) {
		snprintf(err, errlen, "no memory for the results of a round");
		return -ENOMEM;
	}
	m = (struct bench_manager){
		.o = c->plan.entry[side].o,
		.scenario = c->plan.entry[side].scenario,
		.progress = &c->progress,
		.stop = c->stop,
		.report = one,
		.out = c->quiet,
	};
	rc = bench_manager_open(&m, err, errlen);
	if (rc == 0 && round == 0)
		json_object_set_new(json_object_get(c->report, "config"), side == 0 ? "a" : "b",
				    bench_manager_config(&m));
	if (rc == 0)
		rc = bench_manager_measure(&m, err, errlen);
	bench_manager_close(&m);
	c->wrong |= m.wrong;
	c->unstable |= m.unstable;
	if (rc == 0) {
		rc = take_results(c, side, round, one);
		if (rc != 0)
			snprintf(err, errlen, "no memory for the results of a round");
	}
	take_warnings(c, one);
	json_decref(one);
	return rc;
}

static void
check_memory(struct compare *c, unsigned int round)
{
	struct bench_memory now;

	bench_memory_take(&now);
	if (round <= SETTLED_ROUND)
		c->memory = now;
	if (c->grew || !bench_memory_grew(&c->memory, &now))
		return;
	c->grew = true;
	msr_report_warn(c->report,
			"round %u left memory behind: %u memzones, %u mempools, %u ports, %zu "
			"octets more than round %u",
			round + 1, now.memzones - c->memory.memzones,
			now.mempools - c->memory.mempools, now.ports - c->memory.ports,
			now.heap - c->memory.heap, SETTLED_ROUND + 1);
}

static int
run_rounds(struct compare *c, char *err, size_t errlen)
{
	int rc = 0;

	for (unsigned int round = 0; rc == 0 && round < c->plan.rounds; round++) {
		for (unsigned int i = 0; rc == 0 && i < 2; i++)
			rc = measure(c, (round + i) % 2, round, err, errlen);
		check_memory(c, round);
	}
	return rc;
}

static json_t *
side_json(const struct compare *c, unsigned int side, const struct bench_pair_result *r)
{
	return json_pack("{s:s, s:o}", "name", c->plan.entry[side].scenario->name, "stats",
			 msr_report_stats(&r->side[side]));
}

static void
print_result(const struct compare *c, const struct bench_metric *m,
	     const struct bench_pair_result *r)
{
	fprintf(c->out, "%-28s %-8s %-13s %13.6g %13.6g %8.4f [%.4f - %.4f] [%.4f - %.4f] %3zu%s\n",
		m->name, m->size, m->unit, r->side[0].median, r->side[1].median, r->ratio.median,
		r->ratio.ci_lo, r->ratio.ci_hi, r->ratio.min, r->ratio.max, r->ratio.n,
		r->slower ? "  SLOWER" : "");
}

static int
judge(struct compare *c)
{
	for (size_t i = 0; i < c->pairs.n; i++) {
		const struct bench_metric *m = &c->pairs.list[i].metric;
		struct bench_pair_result r = { 0 };
		int rc = bench_pairs_result(&c->pairs, i, c->limit, &r);

		if (rc == -ENOMEM)
			return rc;
		if (rc == -ENODATA) {
			msr_report_warn(c->report, "%s of size %s: no round measured both", m->name,
					m->size);
			c->unstable = true;
			continue;
		}
		c->slower |= r.slower;
		print_result(c, m, &r);
		msr_report_add(c->report,
			       json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o,"
					 " s:{s:f, s:[f, f], s:f, s:f, s:f}, s:o}",
					 "kind", "comparison", "metric", m->name, "size", m->size,
					 "unit", m->unit, "lower_is_better", (int)m->lower_better,
					 "slower", (int)r.slower, "a", side_json(c, 0, &r), "b",
					 side_json(c, 1, &r), "ratio", "median", r.ratio.median,
					 "ci", r.ratio.ci_lo, r.ratio.ci_hi, "ci_level",
					 r.ratio.level, "min", r.ratio.min, "max", r.ratio.max,
					 "pairs", bench_pairs_json(&c->pairs, i)));
	}
	return 0;
}

static void
print_head(const struct compare *c)
{
	for (unsigned int i = 0; i < 2; i++)
		fprintf(c->out, "%c = %s: %s\n", 'A' + (int)i, c->plan.entry[i].scenario->name,
			c->plan.entry[i].scenario->text);
	fprintf(c->out, "%u rounds in turn, A B B A; seed %llu\n", c->plan.rounds,
		(unsigned long long)c->plan.entry[0].o.seed);
}

static void
print_titles(const struct compare *c)
{
	fprintf(c->out, "\n%-28s %-8s %-13s %13s %13s %8s %-17s %-17s %s\n", "median of rounds",
		"size", "unit", "A", "B", "B / A", "[interval]", "[min - max]", "pairs");
}

static enum bench_exit
verdict(const struct compare *c)
{
	if (c->wrong)
		return BENCH_EXIT_WRONG;
	if (c->unstable || *c->stop != 0)
		return BENCH_EXIT_UNSTABLE;
	return c->slower ? BENCH_EXIT_SLOWER : BENCH_EXIT_OK;
}

static void
print_verdict(const struct compare *c)
{
	static const char *const words[] = {
		[BENCH_EXIT_OK] = "ok",
		[BENCH_EXIT_USAGE] = "",
		[BENCH_EXIT_WRONG] = "FAILED: wrong frames, or not as expected; figures are void",
		[BENCH_EXIT_UNSTABLE] = "UNSTABLE: see the warnings",
		[BENCH_EXIT_SLOWER] = "SLOWER: B is slower than A by more than --limit",
	};

	fprintf(c->out, "%s\n", words[verdict(c)]);
}

static int
run(struct compare *c, const struct bench_options *o)
{
	char err[1024] = "";
	int rc;

	bench_progress_init(&c->progress, bench_plan_seconds(&c->plan));
	bench_pairs_open(&c->pairs, c->plan.rounds);
	print_head(c);
	rc = run_rounds(c, err, sizeof(err));
	if (rc == 0 || rc == -EINTR) {
		print_titles(c);
		rc = judge(c);
		if (rc != 0)
			snprintf(err, sizeof(err), "no memory for the comparison");
	}
	if (rc == 0) {
		print_verdict(c);
		if (*c->stop != 0)
			msr_report_warn(c->report, "interrupted: not everything was measured");
		bench_verdict_write(c->report, verdict(c), *c->stop != 0);
		if (o->json != NULL)
			rc = msr_report_write(c->report, o->json, err, sizeof(err));
	}
	if (rc != 0)
		fprintf(stderr, "eswitch-bench: %s\n", err);
	return rc;
}

int
bench_compare_run(const struct bench_options *o, json_t *report, volatile sig_atomic_t *stop)
{
	struct compare c = {
		.report = report,
		.stop = stop,
		.out = o->json != NULL && strcmp(o->json, "-") == 0 ? stderr : stdout,
		.limit = o->limit,
	};
	char err[1024] = "";
	int rc;

	if (bench_plan_open(&c.plan, o, err, sizeof(err)) != 0) {
		fprintf(stderr, "eswitch-bench: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	c.quiet = fopen("/dev/null", "w");
	if (c.quiet == NULL)
		fprintf(stderr, "eswitch-bench: /dev/null: %s\n", strerror(errno));
	rc = c.quiet != NULL ? run(&c, o) : -EIO;
	if (c.quiet != NULL)
		fclose(c.quiet);
	bench_pairs_close(&c.pairs);
	bench_plan_close(&c.plan);
	return rc == 0 ? (int)verdict(&c) : BENCH_EXIT_USAGE;
}
