/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Policy changes under load: a thread changes the policy of a VF as often as the device takes it,
 * while the tester sends at half the throughput. The change, one address more or less in `macs`,
 * has the rules compiled and the address table written, and forbids none of the frames: any that a
 * rule stops is a wrong result.
 *
 * Nobody's, an uninvolved VF's and the sending VF's policy take turns, so that the first is the
 * reference of the others in the same run.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_lcore.h>

#include "device.h"
#include "figure.h"
#include "load.h"
#include "mode.h"
#include "report.h"

#define REPS 5U
#define SHARE 0.5
#define THREAD "bench-policy"

enum whose { NOBODY, UNINVOLVED, SENDER, N_WHOSE };

static const char *const whose_name[] = {
	[NOBODY] = "none",
	[UNINVOLVED] = "uninvolved VF",
	[SENDER] = "sending VF",
};

struct change {
	struct swd_dev *dev;
	int vf;                      /* -1: nobody's */
	struct esw_policy policy[2]; /* as it was, and the other one */
	int running;                 /* atomic */
	uint64_t changes;
	double rate;
	int rc;
	struct esw_err err;
};

struct side {
	struct change change;
	double rate[REPS];
	unsigned int n;
	struct msr_hist latency;
	struct msr_tally tally;
	uint64_t forbidden;
	bool short_offer;
};

/* The policy of @p vf as it is, and with one more address, or one less where all are used. */
static int
prepare(struct change *c, struct swd_dev *dev, int vf, char *err, size_t errlen)
{
	static const struct rte_ether_addr extra = { { 0x06, 0xbe, 0x4c, 0x00, 0x00, 0x01 } };

	*c = (struct change){ .vf = vf };
	if (vf < 0)
		return 0;
	c->rc = swd_policy_get(dev, (uint16_t)vf, &c->policy[0], &c->err);
	if (c->rc != 0) {
		snprintf(err, errlen, "policy of VF %d: %s", vf, c->err.msg);
		return c->rc;
	}
	c->dev = dev; /* from now on there is a policy to put back */
	c->policy[1] = c->policy[0];
	if (esw_policy_macs_add(&c->policy[1], &extra, &c->err) != 0 && c->policy[1].n_macs != 0)
		c->policy[1].n_macs--;
	return 0;
}

static void *
change_loop(void *arg)
{
	struct change *c = arg;
	uint64_t start = rte_rdtsc();

	c->changes = 0;
	while (c->rc == 0 && __atomic_load_n(&c->running, __ATOMIC_ACQUIRE) != 0) {
		c->rc = swd_policy_set(c->dev, (uint16_t)c->vf, &c->policy[++c->changes % 2],
				       &c->err);
	}
	c->rate = (double)c->changes * (double)rte_get_tsc_hz() / (double)(rte_rdtsc() - start);
	return NULL;
}

/* One trial with the changes of @p s beside it. */
static int
run_trial(struct bench_manager *m, const struct bench_device *d, struct side *s, double load,
	  char *err, size_t errlen)
{
	const struct bench_trial_in in = {
		.load = load,
		.duration_s = m->o.profile->latency_s,
		.latency = true,
	};
	uint64_t before = bench_device_forbidden(d);
	struct change *c = &s->change;
	struct bench_trial t;
	pthread_t thread;

	c->running = 1;
	if (c->vf >= 0 && rte_ctrl_thread_create(&thread, THREAD, NULL, change_loop, c) != 0) {
		snprintf(err, errlen, "no thread for the changes of policies");
		return -EAGAIN;
	}
	bench_measurer_trial(&m->measurer, &in, &t);
	if (c->vf >= 0) {
		__atomic_store_n(&c->running, 0, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
	}
	if (c->rc != 0) {
		snprintf(err, errlen, "change of VF %d's policy: %s", c->vf, c->err.msg);
		return c->rc;
	}
	s->rate[s->n++] = c->rate;
	s->short_offer |= t.short_offer;
	s->forbidden += bench_device_forbidden(d) - before;
	msr_tally_merge(&s->tally, &t.tally);
	msr_hist_merge(&s->latency, m->measurer.latency);
	bench_manager_account(m, &t.tally);
	return *m->stop != 0 ? -EINTR : 0;
}

static void
report(struct bench_manager *m, const struct bench_size *size, enum whose whose, double load,
       struct side *s)
{
	char remark[256], latency[96];

	if (s->forbidden != 0)
		m->wrong = true;
	m->unstable |= s->short_offer;
	bench_figure_latency(&s->latency, latency, sizeof(latency));
	snprintf(remark, sizeof(remark), "%llu of %llu frames lost, %llu forbidden; %s",
		 (unsigned long long)s->tally.lost, (unsigned long long)s->tally.sent,
		 (unsigned long long)s->forbidden, latency);
	bench_figure_add(m, &(struct bench_figure){
				    .kind = "policy_change",
				    .size = size->name,
				    .name = whose_name[whose],
				    .value = s->rate,
				    .n = s->n,
				    .unit = "changes/s",
				    .remark = remark,
				    .tally = s->tally,
				    .more = json_pack("{s:f, s:I, s:b, s:o}", "load_pps", load,
						      "forbidden", (json_int_t)s->forbidden,
						      "short_offer", (int)s->short_offer,
						      "latency_ns", msr_report_hist(&s->latency)),
			    });
}

/* The device of the sending VF and whose policies can be changed; why not in @p reason. */
static bool
find(struct bench_manager *m, struct bench_device *d, int vf[N_WHOSE], const char **reason)
{
	if (!bench_device_find(d, &m->ports))
		*reason = "the sending port is not of an e-switch that lib/switchdev controls";
	else if (d->port[0] < 0)
		*reason = "the sending port is no VF's: it has no policy";
	else
		*reason = NULL;
	if (*reason != NULL)
		return false;
	vf[NOBODY] = -1;
	vf[UNINVOLVED] = bench_device_idle_vf(d);
	vf[SENDER] = d->port[0];
	return true;
}

/* The policy as it was; @p rc, or the error if that was none. */
static int
put_back(struct change *c, int rc, char *err, size_t errlen)
{
	int back = swd_policy_set(c->dev, (uint16_t)c->vf, &c->policy[0], &c->err);

	if (back != 0 && rc == 0)
		snprintf(err, errlen, "policy of VF %d cannot be put back: %s", c->vf, c->err.msg);
	return rc != 0 ? rc : back;
}

static int
run_size(struct bench_manager *m, const struct bench_size *size, double load,
	 const struct bench_device *d, const int vf[N_WHOSE], char *err, size_t errlen)
{
	struct side *side = calloc(N_WHOSE, sizeof(*side));
	int rc = side != NULL ? 0 : -ENOMEM;

	if (side == NULL)
		snprintf(err, errlen, "no memory for the histograms of %d runs", N_WHOSE);
	bench_traffic_size(&m->traffic, size);
	bench_manager_learn(m);
	for (int w = 0; rc == 0 && w < N_WHOSE; w++) {
		msr_hist_init(&side[w].latency);
		rc = prepare(&side[w].change, d->dev, vf[w], err, errlen);
	}
	for (unsigned int r = 0; rc == 0 && r < REPS; r++)
		for (int w = 0; rc == 0 && w < N_WHOSE; w++)
			if (w == NOBODY || vf[w] >= 0)
				rc = run_trial(m, d, &side[w], load, err, errlen);
	for (int w = 0; side != NULL && w < N_WHOSE; w++) {
		struct change *c = &side[w].change;

		if (vf[w] >= 0 && c->dev != NULL)
			rc = put_back(c, rc, err, errlen);
		if (side[w].n != 0)
			report(m, size, (enum whose)w, load, &side[w]);
	}
	free(side);
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	struct bench_figure none = { .kind = "policy_change", .unit = "changes/s" };
	struct bench_device d;
	const char *reason;
	int vf[N_WHOSE], rc = 0;
	double load = 0;

	if (find(m, &d, vf, &reason))
		rc = bench_load_throughput(m, 0, &load, err, errlen); /* its table comes first */
	fprintf(m->out, "\nPolicy changes at %.0f %% of the throughput, %u times %g s of each\n",
		SHARE * 100, REPS, m->o.profile->latency_s);
	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++) {
		none.size = m->o.size[i].name;
		none.name = reason != NULL ? "all" : whose_name[UNINVOLVED];
		if (reason == NULL && vf[UNINVOLVED] < 0)
			bench_figure_none(m, &none, "every VF is under test");
		if (reason != NULL) {
			bench_figure_none(m, &none, reason);
			continue;
		}
		rc = bench_load_throughput(m, i, &load, err, errlen);
		if (rc == 0)
			rc = run_size(m, &m->o.size[i], load * SHARE, &d, vf, err, errlen);
	}
	return rc;
}

const struct bench_mode bench_mode_policy = {
	.name = "policy-change",
	.help = "changes of a VF's policy a second under load, and what the frames notice",
	.run = run,
};
