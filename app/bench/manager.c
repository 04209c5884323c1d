/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "manager.h"
#include "mode.h"
#include "output.h"
#include "rates.h"
#include "report.h"

#define SETTLE_POLLS 3U

/* Frames that no correct device and policy produces make the whole run void. */
void
bench_manager_account(struct bench_manager *m, const struct msr_tally *t)
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
	bench_rates_close_all(m);
	bench_measurer_close(&m->measurer);
	bench_sink_close(&m->sink);
	bench_ports_close(&m->ports);
	bench_traffic_close(&m->traffic);
}

void
bench_manager_learn(struct bench_manager *m)
{
	if (m->o.learn)
		for (unsigned int i = 0; i < SETTLE_POLLS; i++) {
			bench_traffic_learn(&m->traffic, &m->ports);
			bench_measurer_flush(&m->measurer);
		}
}

static int
measure(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = 0;

	for (int i = 0; rc == 0 && bench_modes[i] != NULL; i++)
		if ((m->o.modes & UINT64_C(1) << i) != 0)
			rc = bench_modes[i]->run(m, err, errlen);
	return rc == 0 && *m->stop != 0 ? -EINTR : rc;
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
		/* With everything asked for, the details of the first size are enough. */
		m.n_detail = o->all ? 1 : m.o.n_sizes;
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
