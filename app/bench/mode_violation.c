/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Violations under load: what legitimate frames notice while a share of all frames violates the
 * policy of its sender. One kind after the other, then all together, beside none: the throughput
 * of the legitimate frames, and at a part of it whether every violating frame was blocked, and
 * counted by the device as what it is. A count that differs is a wrong result.
 *
 * The kinds are those that the policies of all sending VFs forbid, or those of --bad.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_string_fns.h>

#include "device.h"
#include "figure.h"
#include "mode.h"
#include "rates.h"
#include "setting.h"

#define PERCENT 10.0
#define COUNT_SHARE 0.9 /* of the throughput: whether frames are counted right */

/* Counters of lib/eswitch; NULL where an e-switch drops nothing: it sends what it does not know. */
static const char *const counter[] = {
	[BENCH_BAD_SPOOF] = "tx_spoof",
	[BENCH_BAD_VLAN] = "tx_vlan",
	[BENCH_BAD_MTU] = "tx_mtu",
	[BENCH_BAD_UNKNOWN] = NULL,
	[BENCH_BAD_MULTICAST_SOURCE] = "tx_src_mcast",
};

struct job {
	const struct bench_size *size;
	const char *name;
	struct bench_bad_list bad;
	struct bench_device device; /* dev NULL: not an e-switch's ports */
};

static double
percent(const struct bench_bad_list *bad)
{
	double sum = 0;

	for (unsigned int i = 0; i < bad->n; i++)
		sum += bad->entry[i].percent;
	return sum;
}

/* Whether the device has counters for all kinds. */
static bool
counts(const struct job *job)
{
	for (unsigned int i = 0; i < job->bad.n; i++)
		if (counter[job->bad.entry[i].kind] == NULL)
			return false;
	return job->device.dev != NULL;
}

/* Frames that the device counted as these violations; two entries of a kind share a counter. */
static uint64_t
counted(const struct job *job)
{
	uint64_t sum = 0;
	unsigned int seen = 0;

	for (unsigned int i = 0; i < job->bad.n; i++) {
		const enum bench_bad_kind kind = job->bad.entry[i].kind;

		if ((seen & 1u << kind) == 0)
			sum += bench_device_count(&job->device, counter[kind]);
		seen |= 1u << kind;
	}
	return sum;
}

/* A trial below the throughput: what was lost, blocked and counted goes into the figure. */
static void
check(struct bench_manager *m, const struct job *job, double load, struct bench_figure *f,
      char *remark, size_t len)
{
	const struct bench_trial_in in = { .load = load, .duration_s = m->o.duration_s };
	const bool known = counts(job);
	uint64_t before = known ? counted(job) : 0, after;
	struct bench_trial t;

	bench_measurer_trial(&m->measurer, &in, &t);
	bench_manager_account(m, &t.tally);
	after = known ? counted(job) - before : 0;
	if (known && after != t.tally.blocked + t.tally.leaked)
		m->wrong = true;
	f->tally = t.tally;
	f->more = json_pack("{s:f, s:f, s:o}", "load_pps", load, "loss_ratio", t.loss_ratio,
			    "counted", known ? json_integer((json_int_t)after) : json_null());
	snprintf(remark, len, "at %.0f %%: %llu of %llu lost; %llu blocked, %llu leaked, ",
		 COUNT_SHARE * 100, (unsigned long long)t.tally.lost,
		 (unsigned long long)t.tally.sent, (unsigned long long)t.tally.blocked,
		 (unsigned long long)t.tally.leaked);
	if (known)
		snprintf(remark + strlen(remark), len - strlen(remark), "%llu counted",
			 (unsigned long long)after);
	else
		strlcat(remark, "the device does not count them", len);
}

static int
measure(struct bench_manager *m, const struct job *job, struct bench_rates *r)
{
	struct bench_figure f = {
		.kind = "violation",
		.size = job->size->name,
		.name = job->name,
		.x_name = "percent",
		.x = percent(&job->bad),
		.value = r->pps[0],
		.scale = 1e6,
		.unit = "frames/s",
		.shown = "Mpps legitimate",
	};
	char remark[256];
	int rc = 0;

	while (rc == 0 && r->reps < m->o.reps)
		rc = bench_rates_search(r, m);
	bench_rates_finish(r);
	bench_manager_account(m, &r->tally);
	f.tally = r->tally;
	f.n = r->reps;
	if (rc != 0)
		return rc;
	if (r->last[0].lower == 0) {
		m->unstable = true;
		bench_figure_none(m, &f, "no rate is without loss");
		return 0;
	}
	check(m, job, r->stat[0].median * COUNT_SHARE, &f, remark, sizeof(remark));
	/* A load counts all frames. */
	for (unsigned int i = 0; i < r->reps; i++)
		r->pps[0][i] *= 1 - f.x / 100;
	f.remark = remark;
	bench_figure_add(m, &f);
	return 0;
}

static int
work(struct bench_manager *m, void *arg, char *err, size_t errlen)
{
	const struct job *job = arg;
	struct bench_rates r;
	int rc = bench_rates_open(&r, m, job->size);

	if (rc != 0) {
		snprintf(err, errlen, "no memory for the results of %u searches", m->o.reps);
		return rc;
	}
	bench_traffic_size(&m->traffic, job->size);
	bench_manager_learn(m);
	rc = measure(m, job, &r);
	bench_rates_close(&r);
	return rc;
}

/* Whether @p p forbids its VF to send a frame tagged with @p vid. */
static bool
forbids_vlan(const struct esw_policy *p, uint16_t vid)
{
	switch (p->vlan.mode) {
	case ESW_VLAN_OFF:
		return true;
	case ESW_VLAN_ACCESS:
		return p->vlan.vid != vid;
	case ESW_VLAN_TRUNK:
		return !esw_vlan_trunk_has(&p->vlan, vid);
	case ESW_VLAN_ALL:
		break;
	}
	return false;
}

/* Kinds that every sending VF's policy forbids; a sentence in @p err if it is not to be known. */
static bool
forbidden(const struct bench_manager *m, const struct bench_device *d, struct bench_bad_list *bad,
	  char *err, size_t errlen)
{
	struct esw_policy p[RTE_MAX_ETHPORTS];
	bool spoof = true;
	uint16_t vid = BENCH_VID_MAX;

	for (unsigned int s = 0; s < m->ports.n_tx; s++) {
		int vf;

		if (swd_by_port(m->ports.port[m->ports.tx[s]].id, &vf) != d->dev || vf < 0 ||
		    swd_policy_get(d->dev, (uint16_t)vf, &p[s], NULL) != 0) {
			snprintf(err, errlen,
				 "port %s is no VF whose policy is known: name the kinds "
				 "with --bad",
				 m->ports.port[m->ports.tx[s]].name);
			return false;
		}
		spoof = spoof && p[s].spoofchk;
	}
	for (unsigned int s = 0; s < m->ports.n_tx && vid != 0;) {
		if (forbids_vlan(&p[s], vid)) {
			s++;
		} else {
			vid--; /* all policies again */
			s = 0;
		}
	}
	bad->n = 0;
	bad->entry[bad->n++] = (struct bench_bad){ BENCH_BAD_MTU, 0, PERCENT };
	if (vid != 0)
		bad->entry[bad->n++] = (struct bench_bad){ BENCH_BAD_VLAN, vid, PERCENT };
	if (spoof)
		bad->entry[bad->n++] = (struct bench_bad){ BENCH_BAD_SPOOF, 0, PERCENT };
	return true;
}

/* One list of bad frames in the place of --bad. */
static int
run_list(struct bench_manager *m, struct job *job, const char *name, const struct bench_bad *entry,
	 unsigned int n, char *err, size_t errlen)
{
	static struct bench_setting s;

	job->name = name;
	job->bad.n = n;
	for (unsigned int i = 0; i < n; i++)
		job->bad.entry[i] = entry[i];
	bench_setting_init(&s, m);
	s.o.bad = job->bad;
	return bench_setting_run(&s, work, job, err, errlen);
}

static int
run_size(struct bench_manager *m, const struct bench_size *size, char *err, size_t errlen)
{
	const struct bench_figure none = {
		.kind = "violation",
		.size = size->name,
		.name = "all",
		.unit = "frames/s",
	};
	struct bench_bad_list bad = m->o.bad;
	struct job job = { .size = size };
	bool known = bench_device_find(&job.device, &m->ports);
	int rc;

	if (bad.n == 0 && !known) {
		bench_figure_none(m, &none,
				  "no e-switch that lib/switchdev knows: name what must be dropped "
				  "with --bad");
		return 0;
	}
	if (bad.n == 0 && !forbidden(m, &job.device, &bad, err, errlen)) {
		bench_figure_none(m, &none, err);
		return 0;
	}
	rc = run_list(m, &job, "none", bad.entry, 0, err, errlen);
	for (unsigned int i = 0; rc == 0 && i < bad.n; i++)
		rc = run_list(m, &job, bench_bad_name(bad.entry[i].kind), &bad.entry[i], 1, err,
			      errlen);
	if (rc == 0 && bad.n > 1)
		rc = run_list(m, &job, "all", bad.entry, bad.n, err, errlen);
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = 0;

	fprintf(m->out, "\nViolations under load: %s of all frames, %u searches each\n",
		m->o.bad.n != 0 ? "--bad" : "10 %", m->o.reps);
	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++)
		rc = run_size(m, &m->o.size[i], err, errlen);
	return rc;
}

const struct bench_mode bench_mode_violation = {
	.name = "violation",
	.help = "throughput while a share of the frames violates the policy, all counted",
	.run = run,
};
