/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "rates.h"
#include "report.h"

/* A trial shorter than this says little about a rate; longer ones cost time before the search. */
#define CALIBRATION_S 0.1
#define MIN_LOAD 1000.0
/* The search may go above what saturation offered, so that an upper bound can exist. */
#define HEADROOM 1.25

int
bench_rates_open(struct bench_rates *r, const struct bench_manager *m,
		 const struct bench_size *size)
{
	*r = (struct bench_rates){
		.size = size,
		.mean_len = msr_imix_mean(&size->mix),
		.trials = json_array(),
	};
	r->n_goals = bench_profile_goals(m->o.profile, m->o.loss_ratio, m->o.duration_s, r->goal);
	for (size_t g = 0; g < r->n_goals; g++) {
		r->pps[g] = calloc(m->o.reps, sizeof(double));
		if (r->pps[g] == NULL) {
			bench_rates_close(r);
			return -ENOMEM;
		}
	}
	return 0;
}

void
bench_rates_close(struct bench_rates *r)
{
	for (size_t g = 0; g < r->n_goals; g++)
		free(r->pps[g]);
	json_decref(r->trials);
	*r = (struct bench_rates){ 0 };
}

int
bench_rates_open_all(struct bench_manager *m)
{
	int rc = 0;

	m->rates = calloc(m->o.n_sizes, sizeof(*m->rates));
	if (m->rates == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; rc == 0 && i < m->o.n_sizes; i++)
		rc = bench_rates_open(&m->rates[i], m, &m->o.size[i]);
	if (rc != 0)
		bench_rates_close_all(m);
	return rc;
}

void
bench_rates_close_all(struct bench_manager *m)
{
	for (uint32_t i = 0; m->rates != NULL && i < m->o.n_sizes; i++)
		bench_rates_close(&m->rates[i]);
	free(m->rates);
	m->rates = NULL;
}

static void
trial(struct bench_rates *r, struct bench_manager *m, const struct bench_trial_in *in,
      struct bench_trial *t)
{
	bench_measurer_trial(&m->measurer, in, t);
	if (in->null_hop)
		return;
	msr_tally_merge(&r->tally, &t->tally);
	json_array_append_new(r->trials,
			      json_pack("[f, f, I, I, f, I]", in->load, t->reached_s,
					(json_int_t)t->offered, (json_int_t)t->tally.received,
					t->loss_ratio, (json_int_t)t->refused));
}

static void
calibrate(struct bench_rates *r, struct bench_manager *m)
{
	struct bench_trial_in in = { .duration_s = CALIBRATION_S, .null_hop = true };
	struct bench_trial t;

	bench_measurer_trial(&m->measurer, &in, &t);
	r->tester_pps = (double)t.tally.received / t.reached_s;
}

int
bench_rates_search(struct bench_rates *r, struct bench_manager *m)
{
	struct bench_trial_in in = { .duration_s = CALIBRATION_S };
	static struct msr_search search;
	struct bench_trial t;
	char err[256];

	bench_traffic_size(&m->traffic, r->size);
	if (r->tester_pps == 0)
		calibrate(r, m);
	trial(r, m, &in, &t); /* as much as possible: warms up, and says where to begin */
	r->saturation_pps = fmax(r->saturation_pps, t.forwarded / t.reached_s);
	if (msr_search_init(&search, r->goal, r->n_goals, MIN_LOAD,
			    fmax((double)t.sent / t.reached_s * HEADROOM, 2 * MIN_LOAD),
			    t.forwarded / t.reached_s, err, sizeof(err)) != 0)
		return -EINVAL;
	while (*m->stop == 0 && msr_search_next(&search, &in.load, &in.duration_s)) {
		struct msr_trial result = { .load = in.load, .duration_s = in.duration_s };

		trial(r, m, &in, &t);
		if (*m->stop != 0)
			return -EINTR;
		result.effective_s = in.duration_s;
		result.loss_ratio = t.loss_ratio;
		msr_search_add(&search, &result);
	}
	if (*m->stop != 0)
		return -EINTR;
	for (size_t g = 0; g < r->n_goals; g++) {
		r->last[g] = msr_search_result(&search, g);
		r->pps[g][r->reps] = r->last[g].throughput;
	}
	r->reps++;
	return 0;
}

void
bench_rates_finish(struct bench_rates *r)
{
	for (size_t g = 0; r->reps != 0 && g < r->n_goals; g++)
		msr_stats(r->pps[g], r->reps, &r->stat[g]);
}

double
bench_rates_pps(const struct bench_rates *r)
{
	double pps = r->n_goals != 0 ? r->stat[r->n_goals - 1].median : 0;

	return pps > 0 ? pps : r->saturation_pps;
}

json_t *
bench_rates_json(const struct bench_rates *r)
{
	json_t *goals = json_array(), *o;

	for (size_t g = 0; g < r->n_goals; g++) {
		json_t *j = msr_report_goal(&r->goal[g], &r->last[g]);

		json_object_set_new(j, "pps", msr_report_stats(&r->stat[g]));
		json_array_append_new(goals, j);
	}
	o = json_pack("{s:s, s:s, s:f, s:I, s:f, s:f, s:o, s:o, s:O}", "kind", "throughput", "size",
		      r->size->name, "mean_pkt_len", r->mean_len, "reps", (json_int_t)r->reps,
		      "tester_pps", r->tester_pps, "saturation_pps", r->saturation_pps, "goals",
		      goals, "tally", msr_report_tally(&r->tally), "trials", r->trials);
	return o;
}
