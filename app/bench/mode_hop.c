/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>

#include "hop.h"
#include "manager.h"
#include "mode.h"
#include "output.h"
#include "report.h"

static int
run_size(struct bench_manager *m, const struct bench_size *size, char *err, size_t errlen)
{
	struct bench_hop h;
	int rc;

	bench_traffic_size(&m->traffic, size);
	bench_manager_learn(m);
	rc = bench_hop_run(&m->ports, &m->traffic, &m->sink, &m->o, m->stop, &h, err, errlen);
	bench_manager_account(m, &h.tally);
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
run(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++)
		rc = run_size(m, &m->o.size[i], err, errlen);
	return rc;
}

const struct bench_mode bench_mode_hop = {
	.name = "hop",
	.help = "TSC cycles a packet in tx_burst and rx_burst together",
	.standard = true,
	.run = run,
};
