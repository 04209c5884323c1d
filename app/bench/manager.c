/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "hop.h"
#include "manager.h"
#include "output.h"
#include "rates.h"
#include "report.h"

#define PINGS 20000U
#define SETTLE_POLLS 3U

/* Frames that no correct device and policy produces make the whole run void. */
static void
account(struct bench_manager *m, const struct msr_tally *t)
{
	msr_tally_merge(&m->total, t);
	if (msr_tally_wrong(t) != 0)
		m->wrong = true;
}

static json_t *
ports_json(const struct bench_manager *m, const uint16_t *index, unsigned int n)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < n; i++) {
		const struct bench_port *p = &m->ports.port[index[i]];
		char mac[RTE_ETHER_ADDR_FMT_SIZE];

		rte_ether_format_addr(mac, sizeof(mac), &p->mac);
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", p->name, "driver",
						      p->driver, "mac", mac));
	}
	return list;
}

static void
write_config(struct bench_manager *m)
{
	const struct bench_options *o = &m->o;
	json_t *config = json_pack("{s:o, s:o, s:s, s:f, s:f, s:i, s:i, s:i, s:i, s:i, s:s, s:b,"
				   " s:i, s:f, s:i}",
				   "tx", ports_json(m, m->ports.tx, m->ports.n_tx), "rx",
				   ports_json(m, m->ports.rx, m->ports.n_rx), "profile",
				   o->profile->name, "loss_ratio", o->loss_ratio, "duration_s",
				   o->duration_s, "reps", (int)o->reps, "burst", (int)o->burst,
				   "streams", (int)m->traffic.n_streams, "set", (int)o->set,
				   "batch", (int)o->batch, "pools",
				   o->separate ? "separate" : "shared", "learn", (int)o->learn,
				   "sample", (int)o->sample, "drain_s", o->drain_s, "lcores",
				   m->measurer.rx_lcore == RTE_MAX_LCORE ? 1 : 2);

	json_object_set_new(m->report, "config", config);
}

/* Leave out the sizes that a port cannot take; only if the user named none. */
static bool
fit_sizes(struct bench_manager *m)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < m->o.n_sizes; i++) {
		if (m->o.size[i].max_len <= m->ports.max_len) {
			m->o.size[kept++] = m->o.size[i];
			continue;
		}
		msr_report_warn(m->report, "size %s left out: a port takes at most %u bytes",
				m->o.size[i].name, m->ports.max_len + MSR_FCS_LEN);
	}
	m->o.n_sizes = kept;
	return kept != 0;
}

static int
set_up(struct bench_manager *m, char *err, size_t errlen)
{
	uint32_t max_len = 0;
	int rc;

	for (uint32_t i = 0; i < m->o.n_sizes; i++)
		max_len = RTE_MAX(max_len, m->o.size[i].max_len);
	rc = bench_ports_open(&m->ports, &m->o, max_len, err, errlen);
	if (rc == 0)
		rc = bench_traffic_open(&m->traffic, &m->ports, &m->o, err, errlen);
	if (rc == 0) {
		rc = bench_sink_open(&m->sink, &m->traffic, &m->ports, m->o.burst);
		if (rc != 0)
			snprintf(err, errlen, "no memory to track %u streams",
				 m->traffic.n_streams);
	}
	if (rc == 0)
		rc = bench_measurer_open(&m->measurer, &m->ports, &m->traffic, &m->sink, &m->o,
					 m->stop, err, errlen);
	if (rc == 0 && !fit_sizes(m)) {
		snprintf(err, errlen, "--size: no port takes frames of the profile's sizes");
		rc = -ERANGE;
	}
	return rc;
}

static void
tear_down(struct bench_manager *m)
{
	if (m->ports.n != 0 && m->measurer.ports != NULL)
		bench_measurer_flush(&m->measurer);
	bench_measurer_close(&m->measurer);
	bench_sink_close(&m->sink);
	bench_ports_close(&m->ports);
	bench_traffic_close(&m->traffic);
}

/* RFC 2544 section 23 sends learning frames before each trial; our addresses do not age that fast,
 * so that once before each size is enough.
 */
static void
learn(struct bench_manager *m)
{
	if (m->o.learn)
		for (unsigned int i = 0; i < SETTLE_POLLS; i++) {
			bench_traffic_learn(&m->traffic, &m->ports);
			bench_measurer_flush(&m->measurer);
		}
}

static int
run_rates(struct bench_manager *m, struct bench_rates *rates)
{
	int rc = 0;

	for (unsigned int rep = 0; rc == 0 && rep < m->o.reps; rep++)
		for (uint32_t i = 0; rc == 0 && i < m->o.n_sizes; i++) {
			learn(m);
			rc = bench_rates_search(&rates[i], m);
			if (rc == 0 && rep + 1 == m->o.reps) {
				bench_rates_finish(&rates[i]);
				bench_output_rates(m, &rates[i]);
			}
		}
	for (uint32_t i = 0; i < m->o.n_sizes; i++) {
		const struct bench_rates *r = &rates[i];

		account(m, &r->tally);
		for (size_t g = 0; g < r->n_goals; g++)
			m->unstable |= r->reps == 0 || r->last[g].lower == 0;
		msr_report_add(m->report, bench_rates_json(r));
	}
	return rc;
}

static void
add_latency(struct bench_manager *m, const struct bench_size *size, const char *what,
	    const struct bench_trial *t)
{
	account(m, &t->tally);
	bench_output_latency(m, what, t);
	msr_report_add(m->report,
		       json_pack("{s:s, s:s, s:s, s:f, s:f, s:I, s:I, s:b, s:f, s:o, s:o, s:o}",
				 "kind", "latency", "size", size->name, "load", what,
				 "intended_pps", t->in.load, "reached_s", t->reached_s, "intended",
				 (json_int_t)t->intended, "offered", (json_int_t)t->offered,
				 "short_offer", (int)t->short_offer, "loss_ratio", t->loss_ratio,
				 "latency_ns", msr_report_hist(m->measurer.latency), "lag_ns",
				 msr_report_hist(m->measurer.lag), "tally",
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
run_latency(struct bench_manager *m, const struct bench_size *size, double throughput)
{
	static const struct {
		const char *name;
		double share;
	} load[] = { { "10 %", 0.1 }, { "50 %", 0.5 }, { "90 %", 0.9 } };
	struct bench_trial t;

	bench_traffic_size(&m->traffic, size);
	bench_output_latency_head(m, size->name);
	learn(m);
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
run_hop(struct bench_manager *m, const struct bench_size *size, char *err, size_t errlen)
{
	struct bench_hop h;
	int rc;

	bench_traffic_size(&m->traffic, size);
	learn(m);
	rc = bench_hop_run(&m->ports, &m->traffic, &m->sink, &m->o, m->stop, &h, err, errlen);
	account(m, &h.tally);
	if (rc != 0)
		return rc;
	if (h.reps != m->o.hop_reps) {
		m->unstable = true;
		fprintf(m->out, "\nHop of size %s: no frame arrived\n", size->name);
		return 0;
	}
	bench_output_hop(m, size, &h);
	if (h.tally.lost != 0) {
		m->unstable = true;
		fprintf(m->out, "  %llu frames did not arrive: not a measurement of a hop\n",
			(unsigned long long)h.tally.lost);
	}
	msr_report_add(m->report,
		       json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:b, s:f, s:o, s:o, s:o, s:o,"
				 " s:f, s:I, s:o}",
				 "kind", "hop", "size", size->name, "pkt_len", (int)size->max_len,
				 "burst", (int)h.burst, "batch", (int)h.batch, "set", (int)h.set,
				 "reps", (int)h.reps, "moved", (int)h.moved, "tsc_pair_cycles",
				 h.overhead, "cycles", msr_report_stats(&h.total),
				 "cycles_median_batch", msr_report_stats(&h.batch_total),
				 "tx_cycles", msr_report_stats(&h.send), "rx_cycles",
				 msr_report_stats(&h.receive), "polls_per_packet", h.polls,
				 "refused", (json_int_t)h.refused, "tally",
				 msr_report_tally(&h.tally)));
	return 0;
}

static int
measure(struct bench_manager *m, char *err, size_t errlen)
{
	const bool search = (m->o.mode & BENCH_MODE_THROUGHPUT) != 0 ||
			    ((m->o.mode & BENCH_MODE_LATENCY) != 0 && m->o.rate == 0);
	/* With everything asked for, latency and hop of the first size are enough. */
	const uint32_t n = m->o.mode == BENCH_MODE_ALL ? 1 : m->o.n_sizes;
	struct bench_rates *rates = calloc(BENCH_SIZES_MAX, sizeof(*rates));
	int rc = rates == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; rc == 0 && i < m->o.n_sizes; i++)
		rc = bench_rates_open(&rates[i], m, &m->o.size[i]);
	if (rc != 0)
		snprintf(err, errlen, "no memory for the results of %u sizes", m->o.n_sizes);
	if (rc == 0 && search) {
		bench_output_rates_head(m);
		rc = run_rates(m, rates);
	}
	for (uint32_t i = 0; rc == 0 && (m->o.mode & BENCH_MODE_LATENCY) != 0 && i < n; i++)
		run_latency(m, &m->o.size[i], bench_rates_pps(&rates[i]));
	for (uint32_t i = 0; rc == 0 && (m->o.mode & BENCH_MODE_HOP) != 0 && i < n; i++)
		rc = run_hop(m, &m->o.size[i], err, errlen);
	for (uint32_t i = 0; rates != NULL && i < m->o.n_sizes; i++)
		bench_rates_close(&rates[i]);
	free(rates);
	return rc;
}

int
bench_manager_run(const struct bench_options *o, json_t *report, volatile sig_atomic_t *stop)
{
	static struct bench_manager m;
	char err[512] = "";
	int rc;

	m = (struct bench_manager){
		.o = *o,
		.stop = stop,
		.report = report,
		.out = o->json != NULL && strcmp(o->json, "-") == 0 ? stderr : stdout,
	};
	rc = set_up(&m, err, sizeof(err));
	if (rc == 0) {
		write_config(&m);
		bench_output_head(&m);
		rc = measure(&m, err, sizeof(err));
		if (rc == 0 || rc == -EINTR)
			bench_output_foot(&m);
	}
	tear_down(&m);
	if (rc != 0 && rc != -EINTR) {
		fprintf(stderr, "eswitch-bench: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	if (*stop != 0)
		msr_report_warn(report, "interrupted: not everything was measured");
	if (o->json != NULL && msr_report_write(report, o->json, err, sizeof(err)) != 0) {
		fprintf(stderr, "eswitch-bench: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	if (m.wrong)
		return BENCH_EXIT_WRONG;
	return m.unstable || *stop != 0 ? BENCH_EXIT_UNSTABLE : BENCH_EXIT_OK;
}
