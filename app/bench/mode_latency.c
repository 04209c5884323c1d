/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>

#include "manager.h"
#include "mode.h"
#include "output.h"
#include "rates.h"
#include "report.h"

#define PINGS 20000U

static void
add_latency(struct bench_manager *m, const struct bench_size *size, const char *what,
	    const struct bench_trial *t)
{
	uint64_t pdv;

	bench_manager_account(m, &t->tally);
	bench_output_latency(m, what, t);
	msr_report_add(m->report,
		       json_pack("{s:s, s:s, s:s, s:f, s:f, s:I, s:I, s:b, s:f, s:o, s:o, s:o,"
				 " s:o}",
				 "kind", "latency", "size", size->name, "load", what,
				 "intended_pps", t->in.load, "reached_s", t->reached_s, "intended",
				 (json_int_t)t->intended, "offered", (json_int_t)t->offered,
				 "short_offer", (int)t->short_offer, "loss_ratio", t->loss_ratio,
				 "latency_ns", msr_report_hist(m->measurer.latency), "pdv_ns",
				 msr_hist_pdv(m->measurer.latency, &pdv) == 0 ?
					 json_integer((json_int_t)pdv) :
					 json_null(),
				 "lag_ns", msr_report_hist(m->measurer.lag), "tally",
				 msr_report_tally(&t->tally)));
}

static void
latency_at(struct bench_manager *m, const struct bench_size *size, const char *what, double load,
	   bool null_hop)
{
	const struct bench_trial_in in = {
		.load = load,
		.duration_s = m->o.profile->latency_s,
		.null_hop = null_hop,
		.latency = true,
	};
	struct bench_trial t;

	if (*m->stop != 0)
		return;
	bench_measurer_trial(&m->measurer, &in, &t);
	/* At a load that the user chose a shortfall is an answer of its own. */
	if (t.short_offer && m->o.rate != 0)
		m->unstable = true;
	add_latency(m, size, what, &t);
}

static void
run_size(struct bench_manager *m, const struct bench_size *size, double throughput)
{
	static const struct {
		const char *name;
		double share;
	} load[] = { { "10 %", 0.1 }, { "50 %", 0.5 }, { "90 %", 0.9 }, { "100 %", 1 } };
	struct bench_trial t;

	bench_traffic_size(&m->traffic, size);
	bench_output_latency_head(m, size->name);
	bench_manager_learn(m);
	bench_measurer_ping(&m->measurer, PINGS, &t);
	add_latency(m, size, "one in flight", &t);
	if (m->o.rate != 0) {
		latency_at(m, size, "tester alone", m->o.rate, true);
		latency_at(m, size, "--rate", m->o.rate, false);
		return;
	}
	if (throughput * load[0].share < 1) {
		fprintf(m->out, "no frame came through: no load to measure at\n");
		m->unstable = true;
		return;
	}
	latency_at(m, size, "tester alone", throughput * load[0].share, true);
	for (size_t i = 0; i < RTE_DIM(load); i++)
		latency_at(m, size, load[i].name, throughput * load[i].share, false);
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = m->o.rate == 0 ? bench_throughput_need(m, err, errlen) : 0;

	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++)
		run_size(m, &m->o.size[i], m->o.rate == 0 ? bench_rates_pps(&m->rates[i]) : 0);
	return rc;
}

/* The tester alone and each load; the search that chooses them is throughput's. */
static double
seconds(const struct bench_options *o)
{
	return (o->all ? 1 : o->n_sizes) * (o->rate != 0 ? 2 : 4) * o->profile->latency_s;
}

const struct bench_mode bench_mode_latency = {
	.name = "latency",
	.help = "percentiles of receipt minus intended departure",
	.standard = true,
	.run = run,
	.seconds = seconds,
};
