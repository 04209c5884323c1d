/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>

#include "mode.h"
#include "report.h"
#include "scaling.h"

static const struct {
	const char *name, *x_name;
} kinds[] = {
	[BENCH_TO_ONE] = { "to one receiver", "cores" },
	[BENCH_PAIRS] = { "pairs", "cores" },
	[BENCH_RING] = { "ring of ports", "ports" },
};

static void
print(const struct bench_manager *m, const struct bench_size *size, const struct bench_scaling *s)
{
	fprintf(m->out,
		"\nScaling of size %s, %s: frames a second of all %s together, each round of %u "
		"frames a core\ntimed from the first start to the last arrival; median [min - max] "
		"of %u repetitions' median rounds,\nthe mean over all rounds, also those in which "
		"the kernel took a core away (disturbed)\n%6s %9s %19s %9s  %s\n",
		size->name, kinds[s->kind].name, kinds[s->kind].x_name, s->frames, s->reps,
		kinds[s->kind].x_name, "Mpps", "[min - max]", "mean",
		"ratio to the first, interval");
	for (unsigned int i = 0; i < s->n; i++) {
		const struct bench_scaling_point *p = &s->point[i];

		fprintf(m->out, "%6u %9.3f [%7.3f - %7.3f] %9.3f  %.3f [%.3f - %.3f]", p->x,
			p->pps.median / 1e6, p->pps.min / 1e6, p->pps.max / 1e6,
			p->mean.median / 1e6, p->ratio.median, p->ratio.ci_lo, p->ratio.ci_hi);
		if (s->kind == BENCH_TO_ONE)
			fprintf(m->out, "  %u receive queue%s", p->n_rxq, p->n_rxq == 1 ? "" : "s");
		fprintf(m->out, "  %.0f %% disturbed",
			100.0 * (double)p->disturbed / (double)(p->rounds + p->disturbed));
		if (s->kind == BENCH_TO_ONE && p->n_rxq < p->x)
			fprintf(m->out, ": only the last %u poll", p->n_rxq);
		if (p->tally.lost != 0)
			fprintf(m->out, "  %llu LOST: not a measurement",
				(unsigned long long)p->tally.lost);
		fprintf(m->out, "\n");
	}
	fflush(m->out);
}

static void
report(struct bench_manager *m, const struct bench_size *size, const struct bench_scaling *s)
{
	for (unsigned int i = 0; i < s->n; i++) {
		const struct bench_scaling_point *p = &s->point[i];

		msr_report_add(m->report,
			       json_pack("{s:s, s:s, s:s, s:f, s:s, s:o, s:s, s:o, s:o, s:i, s:i,"
					 " s:I, s:I, s:I, s:o}",
					 "kind", "scaling", "size", size->name, "name",
					 kinds[s->kind].name, "x", (double)p->x, "x_name",
					 kinds[s->kind].x_name, "value", msr_report_stats(&p->pps),
					 "unit", "frames/s", "mean", msr_report_stats(&p->mean),
					 "ratio", msr_report_stats(&p->ratio), "rx_queues",
					 (int)p->n_rxq, "round", (int)s->frames, "refused",
					 (json_int_t)p->refused, "rounds", (json_int_t)p->rounds,
					 "disturbed", (json_int_t)p->disturbed, "tally",
					 msr_report_tally(&p->tally)));
	}
}

static int
run_size(struct bench_manager *m, const struct bench_size *size, char *err, size_t errlen)
{
	struct bench_scaling s;
	int rc;

	bench_traffic_size(&m->traffic, size);
	bench_manager_learn(m);
	rc = bench_scaling_run(m, &s, err, errlen);
	for (unsigned int i = 0; i < s.n; i++) {
		bench_manager_account(m, &s.point[i].tally);
		m->unstable |= s.point[i].tally.lost != 0;
	}
	if (rc != 0)
		return rc;
	print(m, size, &s);
	report(m, size, &s);
	return 0;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	return bench_mode_each_size(m, run_size, err, errlen);
}

/* Each repetition goes through the points; how many they are the ports decide. */
static double
seconds(const struct bench_options *o)
{
	return o->n_sizes * BENCH_SCALING_REP_S * 2 * o->hop_reps;
}

const struct bench_mode bench_mode_scaling = {
	.name = "scaling",
	.help = "frames a second with 1 to all lcores, or around rings of ports",
	.standard = false,
	.run = run,
	.seconds = seconds,
};
