/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>

#include "copy_ref.h"
#include "hop.h"
#include "manager.h"
#include "mode.h"
#include "output.h"
#include "report.h"

/* Where the hop copied: what copying alone costs, in the same run, for the ratio. */
static int
reference(struct bench_manager *m, const struct bench_hop *h, json_t *result, char *err,
	  size_t errlen)
{
	struct bench_copy_ref c;
	int rc;

	if (h->moved || !m->o.separate || !m->traffic.plain)
		return 0;
	rc = bench_copy_ref_run(&m->ports, &m->traffic, &m->sink, &m->o, h->overhead, m->stop, &c,
				err, errlen);
	bench_manager_account(m, &c.tally);
	if (rc != 0)
		return rc;
	fprintf(m->out,
		"  %-40s %8.2f [%.2f - %.2f]\n"
		"  the hop is at %.2f times that, by the median batches\n",
		"memcpy, mempool get and put, median batch", c.batch.median, c.batch.min,
		c.batch.max, h->batch_total.median / c.batch.median);
	json_object_set_new(result, "copy_reference", msr_report_stats(&c.batch));
	return 0;
}

static int
run_size(struct bench_manager *m, const struct bench_size *size, char *err, size_t errlen)
{
	struct bench_hop h;
	json_t *result;
	bool core;
	int rc;

	bench_traffic_size(&m->traffic, size);
	bench_manager_learn(m);
	bench_progress_trial(m->progress, size->name);
	rc = bench_hop_run(&m->ports, &m->traffic, &m->sink, &m->o, m->stop, &h, err, errlen);
	bench_progress_hide(m->progress);
	bench_manager_account(m, &h.tally);
	if (rc != 0)
		return rc;
	if (h.reps != m->o.hop_reps) {
		m->unstable = true;
		fprintf(m->out, "\nHop of size %s: no frame arrived\n", size->name);
		return 0;
	}
	bench_output_hop(m, size, &h);
	core = h.core.n != 0;
	if (h.tally.lost != 0) {
		m->unstable = true;
		fprintf(m->out, "  %llu frames did not arrive: not a measurement of a hop\n",
			(unsigned long long)h.tally.lost);
	}
	result = json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:b, s:f, s:o, s:o, s:o, s:o,"
			   " s:f, s:I, s:o, s:o?, s:o?, s:s?, s:o*}",
			   "kind", "hop", "size", size->name, "pkt_len", (int)size->max_len,
			   "burst", (int)h.burst, "batch", (int)h.batch, "set", (int)h.set, "reps",
			   (int)h.reps, "moved", (int)h.moved, "tsc_pair_cycles", h.overhead,
			   "cycles", msr_report_stats(&h.total), "cycles_median_batch",
			   msr_report_stats(&h.batch_total), "tx_cycles", msr_report_stats(&h.send),
			   "rx_cycles", msr_report_stats(&h.receive), "polls_per_packet", h.polls,
			   "refused", (json_int_t)h.refused, "tally", msr_report_tally(&h.tally),
			   "core_cycles", core ? msr_report_stats(&h.core) : NULL, "core_per_tsc",
			   core ? json_real(h.core_per_tsc) : NULL, "no_core_cycles",
			   core ? NULL : h.no_core, "stages", bench_stages_json(&h.stages));
	rc = reference(m, &h, result, err, errlen);
	msr_report_add(m->report, result);
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	return bench_mode_each_size(m, run_size, err, errlen);
}

/* Each repetition times whole and split batches for as long; the first one warms up. */
static double
seconds(const struct bench_options *o)
{
	return (o->all ? 1 : o->n_sizes) * 2 * HOP_REP_S * (o->hop_reps + 1);
}

const struct bench_mode bench_mode_hop = {
	.name = "hop",
	.help = "TSC cycles a packet in tx_burst and rx_burst together",
	.standard = true,
	.run = run,
	.seconds = seconds,
};
