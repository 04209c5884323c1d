/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "expect.h"
#include "manager.h"
#include "mode.h"
#include "output.h"
#include "plan.h"
#include "rates.h"
#include "report.h"
#include "verdict.h"

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

json_t *
bench_manager_config(const struct bench_manager *m)
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

	json_object_set_new(config, "traffic", bench_traffic_json(o));
	if (m->ports.n_serve != 0)
		json_object_set_new(config, "served",
				    ports_json(m, m->ports.serve, m->ports.n_serve));
	if (m->scenario != NULL)
		json_object_update_new(config,
				       json_pack("{s:s, s:s, s:s}", "scenario", m->scenario->name,
						 "text", m->scenario->text, "file",
						 m->scenario->file));
	return config;
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
open_traffic(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = bench_traffic_open(&m->traffic, &m->ports, &m->o, err, errlen);

	if (rc == 0) {
		rc = bench_sink_open(&m->sink, &m->traffic, &m->ports, m->o.burst);
		if (rc != 0)
			snprintf(err, errlen, "no memory to track %u streams",
				 m->traffic.n_streams);
	}
	if (rc == 0)
		rc = bench_measurer_open(&m->measurer, &m->ports, &m->traffic, &m->sink, &m->o,
					 m->stop, err, errlen);
	m->measurer.progress = m->progress;
	return rc;
}

int
bench_manager_open(struct bench_manager *m, char *err, size_t errlen)
{
	uint32_t max_len = 0;
	int rc = 0;

	if (m->scenario != NULL)
		rc = bench_plug_open(&m->plug, m->scenario, err, errlen);
	for (uint32_t i = 0; i < m->o.n_sizes; i++)
		max_len = RTE_MAX(max_len, m->o.size[i].max_len);
	if (rc == 0)
		rc = bench_ports_open(&m->ports, &m->o, max_len, err, errlen);
	if (rc == 0 && m->scenario != NULL)
		rc = bench_plug_wait(&m->ports, err, errlen);
	if (rc == 0)
		rc = open_traffic(m, err, errlen);
	if (rc == 0 && m->scenario != NULL)
		rc = bench_expect_names(m->scenario, err, errlen);
	if (rc == 0 && m->scenario != NULL)
		rc = bench_rules_open(&m->rules, m->scenario, &m->ports, &m->traffic, err, errlen);
	if (rc == 0 && !fit_sizes(m)) {
		snprintf(err, errlen, "--size: no port takes frames of the profile's sizes");
		rc = -ERANGE;
	}
	/* With everything asked for, the details of the first size are enough. */
	m->n_detail = m->o.all ? 1 : m->o.n_sizes;
	return rc;
}

void
bench_manager_close(struct bench_manager *m)
{
	if (m->ports.n != 0 && m->measurer.ports != NULL)
		bench_measurer_flush(&m->measurer);
	bench_rates_close_all(m);
	bench_rules_close(&m->rules);
	bench_measurer_close(&m->measurer);
	bench_sink_close(&m->sink);
	bench_ports_close(&m->ports);
	bench_traffic_close(&m->traffic);
	bench_plug_close(&m->plug);
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

/* What does not hold makes the run as void as a wrong frame does. */
static void
judge_expectations(struct bench_manager *m)
{
	char text[256];

	for (unsigned int i = 0; m->scenario != NULL && i < m->scenario->n_expect; i++) {
		bool holds = bench_expect_holds(m->scenario, i, &m->total, &m->rules, text,
						sizeof(text));

		fprintf(m->out, "%s%s%s\n", i == 0 ? "\n" : "",
			holds ? "" : "NOT AS EXPECTED: ", text);
		if (holds)
			continue;
		m->wrong = true;
		msr_report_warn(m->report, "scenario %s: not as expected: %s", m->scenario->name,
				text);
	}
}

int
bench_manager_measure(struct bench_manager *m, char *err, size_t errlen)
{
	const char *name = m->scenario != NULL ? m->scenario->name : "";
	int rc = 0;

	for (int i = 0; rc == 0 && bench_modes[i] != NULL; i++) {
		if ((m->o.modes & UINT64_C(1) << i) == 0)
			continue;
		if (m->progress != NULL)
			bench_progress_mode(m->progress, name, bench_modes[i]->name);
		rc = bench_modes[i]->run(m, err, errlen);
	}
	if (rc == 0 && *m->stop == 0)
		judge_expectations(m);
	return rc == 0 && *m->stop != 0 ? -EINTR : rc;
}

enum bench_exit
bench_manager_verdict(const struct bench_manager *m)
{
	if (m->wrong)
		return BENCH_EXIT_WRONG;
	return m->unstable || *m->stop != 0 ? BENCH_EXIT_UNSTABLE : BENCH_EXIT_OK;
}

/* Results from @p first on are this scenario's. */
static void
name_results(const struct bench_manager *m, size_t first)
{
	json_t *results = json_object_get(m->report, "results");

	for (size_t i = first; m->scenario != NULL && i < json_array_size(results); i++)
		json_object_set_new(json_array_get(results, i), "scenario",
				    json_string(m->scenario->name));
}

/* The report's configuration is the first's; with scenarios each has its own in a list. */
static void
write_config(const struct bench_manager *m)
{
	json_t *all = json_object_get(m->report, "config");
	json_t *one = bench_manager_config(m);

	if (json_object_size(all) == 0)
		json_object_update(all, one);
	if (m->scenario == NULL) {
		json_decref(one);
		return;
	}
	if (json_object_get(all, "scenarios") == NULL)
		json_object_set_new(all, "scenarios", json_array());
	json_array_append_new(json_object_get(all, "scenarios"), one);
}

static enum bench_exit
run_one(struct bench_manager *m)
{
	const size_t first = json_array_size(json_object_get(m->report, "results"));
	char err[1024] = "";
	int rc = bench_manager_open(m, err, sizeof(err));

	if (rc == 0) {
		write_config(m);
		bench_output_head(m);
		rc = bench_manager_measure(m, err, sizeof(err));
		if (rc == 0 || rc == -EINTR)
			bench_output_foot(m);
	}
	name_results(m, first);
	bench_manager_close(m);
	if (rc != 0 && rc != -EINTR) {
		fprintf(stderr, "eswitch-bench: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	return bench_manager_verdict(m);
}

/* Wrong frames first: nothing else is as bad. Then what could not be measured at all. */
static enum bench_exit
worse(enum bench_exit a, enum bench_exit b)
{
	static const enum bench_exit order[] = { BENCH_EXIT_WRONG, BENCH_EXIT_USAGE,
						 BENCH_EXIT_UNSTABLE, BENCH_EXIT_SLOWER };

	for (size_t i = 0; i < RTE_DIM(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return BENCH_EXIT_OK;
}

int
bench_manager_run(const struct bench_options *o, json_t *report, volatile sig_atomic_t *stop)
{
	static struct bench_manager m;
	struct bench_progress progress;
	struct bench_plan plan;
	enum bench_exit code = BENCH_EXIT_OK;
	char err[1024] = "";

	if (bench_plan_open(&plan, o, err, sizeof(err)) != 0) {
		fprintf(stderr, "eswitch-bench: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	bench_progress_init(&progress, bench_plan_seconds(&plan));
	for (unsigned int i = 0; i < plan.n && *stop == 0; i++) {
		m = (struct bench_manager){
			.o = plan.entry[i].o,
			.scenario = plan.entry[i].scenario,
			.progress = &progress,
			.stop = stop,
			.report = report,
			.out = o->json != NULL && strcmp(o->json, "-") == 0 ? stderr : stdout,
		};
		code = worse(code, run_one(&m));
	}
	bench_plan_close(&plan);
	if (*stop != 0)
		msr_report_warn(report, "interrupted: not everything was measured");
	/* Nothing was measured: no report. */
	if (json_array_size(json_object_get(report, "results")) == 0 && code == BENCH_EXIT_USAGE)
		return code;
	bench_verdict_write(report, code, *stop != 0);
	if (o->json != NULL && msr_report_write(report, o->json, err, sizeof(err)) != 0) {
		fprintf(stderr, "eswitch-bench: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	return code;
}
