/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * RFC 2889 section 5.10: the rate of broadcast frames of one port of which every other
 * port gets each one, and their latency at half of it. The rate counts frames sent, not copies.
 */

#include <errno.h>
#include <stdio.h>

#include "figure.h"
#include "mode.h"
#include "rates.h"
#include "report.h"
#include "setting.h"

#define NAME "one port to all"
#define LATENCY_SHARE 0.5

static json_t *
latency(struct bench_manager *m, double load, char *remark, size_t len)
{
	const struct bench_trial_in in = {
		.load = load,
		.duration_s = m->o.profile->latency_s,
		.latency = true,
	};
	const struct msr_hist *h = m->measurer.latency;
	struct bench_trial t;
	char text[96];

	bench_measurer_trial(&m->measurer, &in, &t);
	bench_manager_account(m, &t.tally);
	bench_figure_latency(h, text, sizeof(text));
	snprintf(remark, len, "%u copies each; at %.0f %%: %s", m->ports.n_rx, LATENCY_SHARE * 100,
		 text);
	return json_pack("{s:i, s:f, s:o}", "receivers", (int)m->ports.n_rx, "latency_load_pps",
			 load, "latency_ns", msr_report_hist(h));
}

static int
work(struct bench_manager *m, void *arg, char *err, size_t errlen)
{
	const struct bench_size *size = arg;
	struct bench_figure f = {
		.kind = "broadcast",
		.size = size->name,
		.name = NAME,
		.scale = 1e6,
		.unit = "frames/s",
		.shown = "Mpps",
	};
	struct bench_rates r;
	char remark[160];
	int rc = bench_rates_open(&r, m, size);

	if (rc != 0) {
		snprintf(err, errlen, "no memory for the results of %u searches", m->o.reps);
		return rc;
	}
	while (rc == 0 && r.reps < m->o.reps)
		rc = bench_rates_search(&r, m);
	bench_rates_finish(&r);
	bench_manager_account(m, &r.tally);
	f.tally = r.tally;
	f.value = r.pps[0];
	f.n = r.reps;
	if (rc == 0 && r.last[0].lower == 0) {
		m->unstable = true;
		bench_figure_none(m, &f, "no rate is without loss");
	} else if (rc == 0) {
		f.more = latency(m, r.stat[0].median * LATENCY_SHARE, remark, sizeof(remark));
		f.remark = remark;
		bench_figure_add(m, &f);
	}
	bench_rates_close(&r);
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	static struct bench_setting s;
	int rc = 0;

	fprintf(m->out, "\nBroadcast (RFC 2889 5.10): frames a second without loss, %u searches\n",
		m->o.reps);
	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++) {
		const struct bench_figure none = {
			.kind = "broadcast",
			.size = m->o.size[i].name,
			.name = NAME,
			.unit = "frames/s",
		};

		bench_setting_init(&s, m);
		if (bench_setting_pattern(&s, BENCH_PATTERN_BROADCAST, err, errlen) != 0)
			bench_figure_none(m, &none, err);
		else
			rc = bench_setting_run(&s, work, &m->o.size[i], err, errlen);
	}
	return rc;
}

const struct bench_mode bench_mode_broadcast = {
	.name = "broadcast",
	.help = "rate and latency of frames to all (RFC 2889)",
	.run = run,
};
