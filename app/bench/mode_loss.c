/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* RFC 2544 section 26.3: the share of frames lost at loads from the maximum downwards. */

#include <errno.h>
#include <stdio.h>

#include "curve.h"
#include "load.h"
#include "manager.h"
#include "mode.h"
#include "report.h"

static void
print_point(const struct bench_manager *m, double share, const struct bench_trial *t)
{
	fprintf(m->out, "%7.0f %% %10.4f %10.4f %14llu %12llu %12.3g %12.3g%s\n", share * 100,
		t->in.load / 1e6, (double)t->offered / t->reached_s / 1e6,
		(unsigned long long)t->tally.sent, (unsigned long long)t->tally.lost, t->loss_ratio,
		msr_stats_loss_bound(t->tally.lost, t->tally.sent),
		t->short_offer ? "  load not offered" : "");
	fflush(m->out);
}

static json_t *
point_json(double share, const struct bench_trial *t)
{
	return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:b, s:o}", "share", share, "load_pps",
			 t->in.load, "offered_pps", (double)t->offered / t->reached_s, "reached_s",
			 t->reached_s, "loss_ratio", t->loss_ratio, "loss_bound",
			 msr_stats_loss_bound(t->tally.lost, t->tally.sent), "short_offer",
			 (int)t->short_offer, "tally", msr_report_tally(&t->tally));
}

static int
run_size(struct bench_manager *m, const struct bench_size *size, char *err, size_t errlen)
{
	struct bench_trial_in in = { .duration_s = m->o.duration_s };
	json_t *points = json_array();
	struct msr_curve curve;
	struct bench_trial t;
	double max, share = 0;

	if (msr_curve_init(&curve, MSR_CURVE_STEP_MAX, err, errlen) != 0)
		return -EINVAL;
	bench_traffic_size(&m->traffic, size);
	bench_manager_learn(m);
	max = bench_load_max(m);
	fprintf(m->out,
		"\nFrame loss of size %s (RFC 2544 26.3): shares of %s, trials of %g s, until two "
		"in succession lose nothing\n%9s %10s %10s %14s %12s %12s %12s\n",
		size->name, m->o.rate != 0 ? "--rate" : "what the tester offers at most",
		in.duration_s, "load", "Mpps", "offered", "sent", "lost", "loss ratio",
		"<= (95 %)");
	while (*m->stop == 0 && msr_curve_next(&curve, &share)) {
		in.load = max * share;
		bench_measurer_trial(&m->measurer, &in, &t);
		bench_manager_account(m, &t.tally);
		msr_curve_add(&curve, t.loss_ratio);
		print_point(m, share, &t);
		json_array_append_new(points, point_json(share, &t));
	}
	msr_report_add(m->report, json_pack("{s:s, s:s, s:f, s:b, s:o}", "kind", "loss", "size",
					    size->name, "max_load_pps", max, "complete",
					    (int)(curve.clean >= 2), "points", points));
	return *m->stop != 0 ? -EINTR : 0;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	return bench_mode_each_size(m, run_size, err, errlen);
}

const struct bench_mode bench_mode_loss = {
	.name = "loss",
	.help = "share of frames lost at loads from the maximum downwards (RFC 2544)",
	.standard = true,
	.run = run,
};
