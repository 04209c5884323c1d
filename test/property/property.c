/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random frames under random policies: the e-switch against its model. Says what it ran in one
 * line and exits with 0, or shows the first frame on which the two differ and exits with 1.
 *
 * property [--frames N] [--seed S] [--round R] [--break NAME] [--detects] [--single] [--verbose]
 */
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#include "prop.h"

#define FRAMES_DEFAULT 4000000 /* in half of the rounds there are flow rules */
#define DETECT_FRAMES 3000000  /* in which each mistake must show */

static struct prop_world world;

/* Most frames that wait for one receiver. */
static unsigned int
wait_most(const struct prop_world *w)
{
	unsigned int ep, n = 0;

	for (ep = 0; ep < model_eps(&w->m); ep++)
		n = RTE_MAX(n, w->port[ep].n_wait);
	return n;
}

/* One burst from a random endpoint. */
static void
burst_send(struct prop_world *w)
{
	struct rte_mbuf *pkts[PROP_BURST];
	struct prop_port *p;
	unsigned int i;

	do {
		w->from = prop_below(&w->rng, model_eps(&w->m));
	} while (!model_is_vf(&w->m, w->from) && prop_percent(&w->rng, 50));
	if (w->flows && prop_percent(&w->rng, 70))
		w->from = w->favourite[prop_below(&w->rng, PROP_FAVOURITES)];
	p = &w->port[w->from];
	w->txq = prop_below(&w->rng, p->n_txq);
	w->n = 1;
	if (!w->conf->single && prop_percent(&w->rng, 70))
		w->n += prop_below(&w->rng, PROP_BURST);
	for (i = 0; i < w->n; i++) {
		struct prop_frame *f = &w->frame[i];

		prop_frame_random(w, f);
		if (prop_frame_mbuf(w, f) < 0) {
			w->n = i;
			prop_fail(w, "no mbufs left to send with: a leak");
			return;
		}
		pkts[i] = f->m;
		model_send(&w->m, w->from, &f->in, &f->out);
		prop_expect(w, f);
		if (w->flows && wait_most(w) > PROP_WAIT_MORE)
			w->n = i + 1;
	}
	i = esw_tx_burst(p->txq[w->txq], pkts, w->n);
	if (i != w->n)
		prop_fail(w, "esw_tx_burst took %u of %u", i, w->n);
	w->sent += w->n;
}

static void
burst_forget(struct prop_world *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++) {
		model_out_free(&w->frame[i].out);
		free(w->frame[i].bytes);
		w->frame[i].bytes = NULL;
	}
	w->n = 0;
}

/* @return false on a mismatch */
static bool
round_run(const struct prop_conf *conf, uint64_t round, uint64_t frames)
{
	struct prop_world *w = &world;

	memset(w, 0, sizeof(*w));
	w->conf = conf;
	w->round = round;
	w->rng.s = conf->seed * UINT64_C(0x100000001b3) + round;
	snprintf(w->last, sizeof(w->last), "none");
	if (prop_world_make(w) < 0)
		return false;
	while (w->sent < frames && !w->failed) {
		if (prop_percent(&w->rng, 30))
			prop_change(w);
		if (w->flows && !w->failed && prop_percent(&w->rng, 25))
			prop_flow_change(w);
		if (w->failed)
			break;
		burst_send(w);
		if (!w->failed)
			prop_counters_compare(w);
		if (!w->failed)
			prop_flow_compare(w);
		if (prop_percent(&w->rng, 75) || conf->single || wait_most(w) > PROP_WAIT_MAX ||
		    w->failed)
			prop_drain(w);
		prop_held_check(w);
		burst_forget(w);
	}
	prop_drain(w);
	if (w->failed && conf->quiet)
		return prop_world_free(w), false;
	prop_world_free(w);
	if (!w->failed && prop_pools_missing() != 0)
		prop_fail(w, "%" PRIu64 " mbufs leaked", prop_pools_missing());
	return !w->failed;
}

/* What a run was about. */
struct sum {
	uint64_t sent;  /* frames */
	uint64_t flows; /* of these, in rounds with flow rules */
	uint64_t taken; /* how often one met a rule */
};

/* @return false on a mismatch */
static bool
run(const struct prop_conf *conf, struct sum *sum)
{
	uint64_t round = conf->round >= 0 ? (uint64_t)conf->round : 0;
	bool ok;

	memset(sum, 0, sizeof(*sum));
	do {
		ok = round_run(conf, round++, PROP_ROUND_FRAMES);
		sum->sent += world.sent;
		sum->flows += world.flows ? world.sent : 0;
		sum->taken += world.m.n_taken;
	} while (ok && conf->round < 0 && sum->sent < conf->frames);
	return ok;
}

/* Every mistake of model_breaks.h must be noticed. */
static int
detects(struct prop_conf *conf)
{
	unsigned int b, missed = 0;
	struct sum sum;

	conf->quiet = true;
	conf->frames = DETECT_FRAMES;
	for (b = MODEL_RIGHT + 1; b < MODEL_BREAKS; b++) {
		bool ok;

		conf->broken = b;
		ok = run(conf, &sum);
		printf("%-14s %s after %" PRIu64 " frames\n", model_break_name(b),
		       ok ? "NOT NOTICED" : "noticed", sum.sent);
		missed += ok;
	}
	printf("property: %d wrong models, %u not noticed\n", MODEL_BREAKS - 1, missed);
	return missed == 0 ? 0 : 1;
}

static bool
run_and_tell(const struct prop_conf *conf, const char *what)
{
	struct sum sum;
	bool ok = run(conf, &sum);

	printf("property: %s %" PRIu64 ", %" PRIu64 " frames, %" PRIu64
	       " of them with flow rules (%" PRIu64 " times taken): %s\n",
	       what, conf->seed, sum.sent, sum.flows, sum.taken,
	       ok ? "e-switch and model agree" : "MISMATCH");
	return ok;
}

static int
compare(struct prop_conf *conf, bool seed_given)
{
	struct timespec t;

	if (!run_and_tell(conf, "seed"))
		return 1;
	if (seed_given || conf->round >= 0)
		return 0;
	clock_gettime(CLOCK_REALTIME, &t);
	conf->seed = (uint64_t)t.tv_sec * 1000003 + t.tv_nsec % 1000003;
	conf->frames /= 4;
	return run_and_tell(conf, "random seed") ? 0 : 1;
}

static enum model_break
break_by_name(const char *name)
{
	unsigned int b;

	for (b = 0; b < MODEL_BREAKS; b++) {
		if (strcmp(model_break_name(b), name) == 0)
			return b;
	}
	fprintf(stderr, "--break %s: known are", name);
	for (b = 1; b < MODEL_BREAKS; b++)
		fprintf(stderr, " %s", model_break_name(b));
	fprintf(stderr, "\n");
	exit(2);
}

/* EAL pins the main thread to one core; the test may run on any. */
static int
eal_start(char *program, const char *simd)
{
	static char prefix[32]; /* several run at once, each with a runtime folder of its own */
	char lcores[32], width[64];
	char *argv[] = { program,
			 (char *)(uintptr_t) "--no-huge",
			 (char *)(uintptr_t) "-m",
			 (char *)(uintptr_t) "512",
			 (char *)(uintptr_t) "--no-pci",
			 (char *)(uintptr_t) "--no-telemetry",
			 (char *)(uintptr_t) "--no-shconf",
			 (char *)(uintptr_t) "--log-level=error",
			 prefix,
			 lcores,
			 width };
	cpu_set_t all;

	snprintf(prefix, sizeof(prefix), "--file-prefix=prop%d", getpid());
	snprintf(lcores, sizeof(lcores), "--lcores=0@%d", sched_getcpu());
	snprintf(width, sizeof(width), "--force-max-simd-bitwidth=%s", simd);
	sched_getaffinity(0, sizeof(all), &all);
	if (rte_eal_init(RTE_DIM(argv), argv) < 0) {
		fprintf(stderr, "EAL: %s\n", rte_strerror(rte_errno));
		return -1;
	}
	sched_setaffinity(0, sizeof(all), &all);
	return prop_pools_make();
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "frames", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 's' },
		{ "round", required_argument, NULL, 'r' },
		{ "break", required_argument, NULL, 'b' },
		{ "detects", no_argument, NULL, 'd' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "single", no_argument, NULL, '1' },
		{ "simd", required_argument, NULL, 'w' }, /* widest vectors, bits: 64, 256, 512 */
		{ NULL, 0, NULL, 0 },
	};
	struct prop_conf conf = { .frames = FRAMES_DEFAULT, .seed = 1, .round = -1 };
	const char *simd = "256"; /* what EAL takes when it is told nothing */
	bool seed_given = false, detect = false;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'f')
			conf.frames = strtoull(optarg, NULL, 0);
		else if (o == 's')
			conf.seed = strtoull(optarg, NULL, 0), seed_given = true;
		else if (o == 'r')
			conf.round = strtoll(optarg, NULL, 0);
		else if (o == 'b')
			conf.broken = break_by_name(optarg);
		else if (o == 'd')
			detect = true;
		else if (o == '1')
			conf.single = true;
		else if (o == 'w')
			simd = optarg;
		else if (o == 'v')
			conf.verbose = true;
		else
			return 2;
	}
	if (eal_start(argv[0], simd) < 0)
		return 1;
	rc = detect ? detects(&conf) : compare(&conf, seed_given);
	rmdir(rte_eal_get_runtime_dir()); /* empty: nothing is shared */
	rte_eal_cleanup();
	return rc;
}
