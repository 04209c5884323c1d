/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_version.h>

#include "output.h"
#include "report.h"

static void
print_ports(const struct bench_manager *m, const char *title, const uint16_t *index, unsigned int n)
{
	fprintf(m->out, "%s:", title);
	for (unsigned int i = 0; i < n; i++) {
		const struct bench_port *p = &m->ports.port[index[i]];

		if (i == 8) {
			fprintf(m->out, " ... (%u ports)", n);
			break;
		}
		fprintf(m->out, " %s (%s)", p->name, p->driver);
	}
	fprintf(m->out, "\n");
}

void
bench_output_head(const struct bench_manager *m)
{
	const struct bench_options *o = &m->o;
	const json_t *warnings = json_object_get(m->report, "warnings");

	fprintf(m->out, "%s; TSC %.1f MHz; seed %llu\n", rte_version(),
		(double)rte_get_tsc_hz() / 1e6, (unsigned long long)o->seed);
	print_ports(m, "sending", m->ports.tx, m->ports.n_tx);
	print_ports(m, "receiving", m->ports.rx, m->ports.n_rx);
	if (m->ports.n_serve != 0)
		print_ports(m, "served", m->ports.serve, m->ports.n_serve);
	fprintf(m->out, "%u streams, burst %u, %s mempools, %s, whole payload checked in 1 of %u\n",
		m->traffic.n_streams, o->burst, o->separate ? "separate" : "shared",
		m->measurer.rx_lcore == RTE_MAX_LCORE ? "one core sends and receives" :
							"one core sends, one receives",
		o->sample);
	bench_traffic_print(o, m->out);
	fprintf(m->out, "tester and device share this process, its cores and caches\n");
	for (size_t i = 0; i < json_array_size(warnings); i++)
		fprintf(m->out, "warning: %s\n", json_string_value(json_array_get(warnings, i)));
}

/* How sure the interval around the median of @p n values is: that depends on nothing else. */
static double
interval_level(unsigned int n)
{
	double *v = calloc(n, sizeof(*v));
	struct msr_stats s = { 0 };

	if (v != NULL)
		msr_stats(v, n, &s);
	free(v);
	return s.level;
}

void
bench_output_rates_head(const struct bench_manager *m)
{
	struct msr_goal g[BENCH_GOALS];
	size_t n = bench_profile_goals(m->o.profile, m->o.loss_ratio, m->o.duration_s, g);

	fprintf(m->out, "\nThroughput, profile %s: ", m->o.profile->name);
	for (size_t i = 0; i < n; i++)
		fprintf(m->out, "%s = loss <= %g %%; ", g[i].name, g[i].loss_ratio * 100);
	fprintf(m->out, "trials %g to %g s, sum %g s, exceed ratio %g, width %g %%, %u searches\n",
		g[0].initial_s, g[0].final_s, g[0].sum_s, g[0].exceed_ratio, g[0].width * 100,
		m->o.reps);
	fprintf(m->out, "interval: of the median, %.1f %%\n", interval_level(m->o.reps) * 100);
	fprintf(m->out, "%-8s %-5s %9s %19s %19s %10s %10s %10s  %s\n", "size", "goal", "Mpps",
		"[interval]", "[min - max]", "Gbit/s", "saturated", "tester", "result");
	fprintf(m->out, "%-8s %-5s %9s %19s %19s %10s %10s %10s\n", "with FCS", "", "median", "",
		"", "on wire", "Mpps", "alone Mpps");
}

/* What the reader must know about a figure, most important first. */
static const char *
rate_remark(const struct bench_rates *r, size_t g)
{
	if (r->reps == 0)
		return "interrupted";
	if (r->last[g].end != MSR_END_REGULAR)
		return msr_end_name(r->last[g].end);
	if (r->stat[g].median > 0.7 * r->tester_pps)
		return "regular; the tester is most of the cost";
	return "regular";
}

void
bench_output_rates(const struct bench_manager *m, const struct bench_rates *r)
{
	for (size_t g = 0; g < r->n_goals; g++) {
		const struct msr_stats *s = &r->stat[g];
		double wire = (r->mean_len + MSR_FCS_LEN + MSR_WIRE_GAP) * 8;

		fprintf(m->out,
			"%-8s %-5s %9.3f [%7.3f - %7.3f] [%7.3f - %7.3f] "
			"%10.3f %10.3f %10.3f  %s\n",
			r->size->name, r->goal[g].name, s->median / 1e6, s->ci_lo / 1e6,
			s->ci_hi / 1e6, s->min / 1e6, s->max / 1e6, s->median * wire / 1e9,
			r->saturation_pps / 1e6, r->tester_pps / 1e6, rate_remark(r, g));
	}
	fflush(m->out);
}

void
bench_output_latency_head(const struct bench_manager *m, const char *size)
{
	fprintf(m->out,
		"\nLatency of size %s, microseconds: receipt minus intended departure "
		"(-: fewer than %u samples beyond)\nPDV: p99.9 less minimum (RFC 8219); lag: "
		"of the tester behind its timetable\n",
		size, MSR_HIST_BEYOND);
	fprintf(m->out, "%-16s %9s %8s %8s %8s %8s %8s %8s %8s %9s %9s %8s %8s\n", "load", "Mpps",
		"min", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "p99.999", "max", "PDV",
		"lag p50");
}

static void
print_us(FILE *out, int width, bool known, double ns)
{
	if (known)
		fprintf(out, " %*.3f", width, ns / 1e3);
	else
		fprintf(out, " %*s", width, "-");
}

void
bench_output_latency(const struct bench_manager *m, const char *what, const struct bench_trial *t)
{
	const struct msr_hist *h = m->measurer.latency;
	uint64_t ns = 0;
	bool known;

	fprintf(m->out, "%-16s %9.4f", what,
		t->reached_s > 0 ? (double)t->offered / t->reached_s / 1e6 : 0.0);
	print_us(m->out, 8, h->count != 0, (double)h->min);
	print_us(m->out, 8, h->count != 0, msr_hist_mean(h));
	for (const double *p = msr_report_percentiles; *p != 0; p++) {
		known = msr_hist_percentile(h, *p, &ns) == 0;
		print_us(m->out, *p > 99.99 ? 9 : 8, known, (double)ns);
	}
	print_us(m->out, 9, h->count != 0, (double)h->max);
	known = msr_hist_pdv(h, &ns) == 0;
	print_us(m->out, 8, known, (double)ns);
	known = msr_hist_percentile(m->measurer.lag, 50, &ns) == 0;
	print_us(m->out, 8, known, (double)ns);
	fprintf(m->out, "%s\n", t->short_offer ? "  load not offered" : "");
	fflush(m->out);
}

static void
print_cycles(FILE *out, const char *what, const struct msr_stats *s)
{
	fprintf(out, "  %-40s %8.2f [%.2f - %.2f] [%.2f - %.2f]\n", what, s->median, s->ci_lo,
		s->ci_hi, s->min, s->max);
}

void
bench_output_hop(const struct bench_manager *m, const struct bench_size *size,
		 const struct bench_hop *h)
{
	fprintf(m->out,
		"\nHop of size %s (pkt_len %u): TSC cycles a packet, one core, %u destinations, "
		"changing at each packet;\n%u ports polled, burst %u, "
		"median [%.1f %% interval] [min - max] "
		"of %u repetitions\nof %g ms, %u mbufs in turn, frames %s\n",
		size->name, size->max_len, m->traffic.sender[0].n_streams,
		bench_ports_polled(&m->ports), h->burst, h->total.level * 100, h->reps,
		HOP_REP_S * 1e3, h->set, h->moved ? "moved" : "copied");
	print_cycles(m->out, "tx_burst + rx_burst", &h->total);
	print_cycles(m->out, "the same, median batch", &h->batch_total);
	print_cycles(m->out, "tx_burst (timed apart)", &h->send);
	print_cycles(m->out, "rx_burst (timed apart)", &h->receive);
	if (h->core.n != 0)
		print_cycles(m->out, "core cycles of the two together", &h->core);
	fprintf(m->out,
		"  = %.1f Mpps; %.2f rx_burst calls a packet; a pair of TSC readings (%.0f cycles) "
		"is taken off each %u packets\n",
		(double)rte_get_tsc_hz() / h->total.median / 1e6, h->polls, h->overhead,
		h->batch * h->burst);
	if (h->core.n != 0)
		fprintf(m->out, "  %.2f core cycles in one of the TSC\n", h->core_per_tsc);
	else
		fprintf(m->out, "  no core cycles: %s\n", h->no_core);
	for (unsigned int i = 0; i < h->stages.n; i++)
		fprintf(m->out, "  stage: %-33s %8.2f\n", h->stages.name[i], h->stages.cycles[i]);
	if (h->stages.n != 0)
		fprintf(m->out,
			"  %-40s %8.2f, without the readings between, which are in all else\n",
			"all stages", bench_stages_sum(&h->stages));
	fflush(m->out);
}

void
bench_output_foot(const struct bench_manager *m)
{
	const struct msr_tally *t = &m->total;

	fprintf(m->out,
		"\n%llu frames sent, %llu received, %llu lost; "
		"wrong: %llu corrupt, %llu duplicate, "
		"%llu reordered, %llu late, %llu stray, %llu leaked, %llu mistagged; "
		"%llu foreign\n",
		(unsigned long long)t->sent, (unsigned long long)t->received,
		(unsigned long long)t->lost, (unsigned long long)t->corrupt,
		(unsigned long long)t->duplicate, (unsigned long long)t->reordered,
		(unsigned long long)t->late, (unsigned long long)t->stray,
		(unsigned long long)t->leaked, (unsigned long long)t->mistagged,
		(unsigned long long)t->foreign);
	if (m->o.bad.n != 0)
		fprintf(m->out, "%llu bad frames blocked as they must be\n",
			(unsigned long long)t->blocked);
	if (t->lost == 0 && t->sent != 0)
		fprintf(m->out, "0 lost in %llu: the loss ratio is below %.2g (95 %%)\n",
			(unsigned long long)t->sent, msr_stats_loss_bound(0, t->sent));
	if (m->wrong)
		fprintf(m->out, "FAILED: wrong frames; the figures are void\n");
	else if (*m->stop != 0)
		fprintf(m->out, "INTERRUPTED: not everything was measured\n");
	else
		fprintf(m->out, "%s\n", m->unstable ? "UNSTABLE: see the remarks" : "ok");
	fflush(m->out);
}
