/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_lcore.h>

#include "scaling.h"
#include "scaling_worker.h"

#define ROUNDS_MAX 65536U

struct run {
	struct bench_manager *m;
	struct bench_scaling *out;
	struct bench_crew crew;
	struct bench_leg leg[RTE_MAX_ETHPORTS];
	double *v[3]; /* [point][repetition]: pps, mean, ratio */
};

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool
same_ports(const struct bench_ports *p)
{
	return p->n_tx == p->n_rx && memcmp(p->tx, p->rx, p->n_tx * sizeof(p->tx[0])) == 0;
}

/* What is to be measured, and for which x. */
static int
plan(const struct bench_ports *p, struct bench_scaling *s, char *err, size_t errlen)
{
	unsigned int cores = rte_lcore_count(), most = cores, x;

	s->kind = p->n_rx == 1 ? BENCH_TO_ONE : same_ports(p) ? BENCH_RING : BENCH_PAIRS;
	if (s->kind == BENCH_RING)
		most = p->n_tx;
	else if (p->n_tx < cores || (s->kind == BENCH_PAIRS && p->n_rx < cores)) {
		snprintf(err, errlen,
			 "scaling: %u lcores (-l) need as many sending ports, and receiving ones "
			 "of their own unless there is one for all: --tx names %u, --rx %u",
			 cores, p->n_tx, p->n_rx);
		return -EINVAL;
	}
	x = s->kind == BENCH_RING ? 2 : 1;
	for (s->n = 0; s->n < BENCH_SCALING_XS && x < most; x *= 2)
		s->point[s->n++].x = x;
	s->point[s->n++].x = most;
	return 0;
}

static uint16_t
queue_of(const struct run *r, unsigned int lcore, unsigned int x, uint16_t n_rxq)
{
	if (r->out->kind != BENCH_TO_ONE)
		return 0;
	return lcore + n_rxq < x ? BENCH_NO_QUEUE : (uint16_t)(lcore + n_rxq - x);
}

/* Of its sender's streams a leg takes those to its receiver. */
static int
leg_order(struct bench_worker *w, const struct bench_leg *l, char *err, size_t errlen)
{
	const struct bench_traffic *t = w->crew->traffic;
	const struct bench_sender *all = &t->sender[l->sender];
	struct bench_sender *own = &w->traffic.sender[l->sender];

	own->order = calloc(all->n_order, sizeof(*own->order));
	own->n_order = own->at = 0;
	if (own->order == NULL) {
		snprintf(err, errlen, "scaling: no memory");
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < all->n_order; i++)
		if (t->stream[all->order[i]].rx == l->rx)
			own->order[own->n_order++] = all->order[i];
	if (own->n_order != 0)
		return 0;
	snprintf(err, errlen, "scaling: port %s sends nothing to port %s",
		 w->crew->ports->port[w->crew->ports->tx[l->sender]].name,
		 w->crew->ports->port[l->rx].name);
	return -EINVAL;
}

static void
worker_close(struct bench_worker *w)
{
	for (unsigned int i = 0; i < w->n_legs; i++)
		free(w->traffic.sender[w->leg[i].sender].order);
	free(w->sent);
	free(w->got);
	free(w->came);
}

static int
worker_open(struct run *r, struct bench_worker *w, unsigned int n_legs, const struct bench_leg *leg,
	    char *err, size_t errlen)
{
	const unsigned int frames = r->crew.bursts * r->crew.burst;
	int rc = 0;

	w->crew = &r->crew;
	w->traffic = r->m->traffic;
	w->leg = leg;
	w->n_legs = n_legs;
	/* Twice what can be on the way, so that a device which doubles frames is found out. */
	w->max_got = 2 * frames * r->crew.n + r->crew.burst;
	w->sent = calloc(frames, sizeof(void *));
	w->got = calloc(w->max_got, sizeof(void *));
	w->came = calloc(w->max_got, sizeof(*w->came));
	for (unsigned int i = 0; i < n_legs; i++)
		w->traffic.sender[leg[i].sender].order = NULL;
	if (w->sent == NULL || w->got == NULL || w->came == NULL) {
		snprintf(err, errlen, "scaling: no memory");
		return -ENOMEM;
	}
	for (unsigned int i = 0; rc == 0 && i < n_legs; i++)
		rc = leg_order(w, &leg[i], err, errlen);
	return rc;
}

/* The legs for x, and the receiving port's queues. */
static int
legs(struct run *r, struct bench_scaling_point *p, char *err, size_t errlen)
{
	struct bench_ports *ports = &r->m->ports;
	const enum bench_scaling_kind kind = r->out->kind;
	int rc = 0;

	p->n_rxq = 1;
	if (kind == BENCH_TO_ONE) {
		rc = bench_ports_queues(ports, &r->m->o, ports->rx[0], (uint16_t)p->x, err, errlen);
		p->n_rxq = ports->port[ports->rx[0]].n_rxq;
		bench_manager_learn(r->m);
	}
	for (unsigned int i = 0; i < p->x; i++) {
		unsigned int to = kind == BENCH_TO_ONE ? 0 :
				  kind == BENCH_PAIRS  ? i :
							 (i + 1) % p->x;

		r->leg[i] = (struct bench_leg){
			.sender = i,
			.rx = ports->rx[to],
			.rxq = queue_of(r, i, p->x, p->n_rxq),
		};
	}
	return rc;
}

static int
crew_run(struct run *r, struct bench_scaling_point *p, unsigned int rep, char *err, size_t errlen)
{
	const unsigned int legs_each = r->out->kind == BENCH_RING ? p->x : 1;
	struct bench_crew *c = &r->crew;
	const size_t at = (size_t)(p - r->out->point) * r->m->o.hop_reps + rep;
	int rc = 0;

	c->n = p->x / legs_each;
	c->rounds = c->disturbed = 0;
	c->frames = c->cycles = 0;
	bench_traffic_begin(&r->m->traffic);
	bench_sink_begin(&r->m->sink, NULL);
	memset(c->worker, 0, c->n * sizeof(*c->worker));
	for (unsigned int i = 0; rc == 0 && i < c->n; i++)
		rc = worker_open(r, &c->worker[i], legs_each, &r->leg[i], err, errlen);
	if (rc == 0) {
		rc = bench_crew_run(c, BENCH_SCALING_REP_S);
		if (rc == -ENOMEM)
			snprintf(err, errlen, "scaling: no mbufs left: raise --mbufs");
	}
	for (unsigned int i = 0; i < c->n; i++) {
		p->refused += c->worker[i].refused;
		/* Copied when nothing was expected yet. */
		r->m->traffic.expected += c->worker[i].traffic.expected;
		worker_close(&c->worker[i]);
	}
	p->rounds += c->rounds;
	p->disturbed += c->disturbed;
	if (rc == 0 && c->rounds == 0) {
		snprintf(err, errlen,
			 "scaling: other programs took a core away in each of %u rounds: no figure "
			 "for x = %u",
			 c->disturbed, p->x);
		return -EBUSY;
	}
	if (rc != 0)
		return rc;
	qsort(c->pps, c->rounds, sizeof(double), cmp_double);
	r->v[0][at] = c->pps[c->rounds / 2];
	r->v[1][at] = (double)c->frames * (double)rte_get_tsc_hz() / (double)c->cycles;
	r->v[2][at] = r->v[0][rep] > 0 ? r->v[0][at] / r->v[0][rep] : 0;
	return rc;
}

/* All x, one after the other. */
static int
repetition(struct run *r, unsigned int rep, char *err, size_t errlen)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < r->out->n; i++) {
		struct bench_scaling_point *p = &r->out->point[i];
		struct msr_tally tally;

		rc = legs(r, p, err, errlen);
		if (rc != 0)
			return rc;
		rc = crew_run(r, p, rep, err, errlen);
		tally = bench_sink_end(&r->m->sink);
		msr_tally_merge(&p->tally, &tally);
	}
	return rc;
}

/* Bursts of a round: no more than a receive queue is said to hold. */
static unsigned int
bursts(const struct bench_manager *m)
{
	unsigned int most = m->o.batch;

	for (unsigned int i = 0; i < m->ports.n_rx; i++) {
		unsigned int held = m->ports.port[m->ports.rx[i]].rx_desc;

		if (held != 0)
			most = RTE_MIN(most, held / m->o.burst);
	}
	return RTE_MAX(most, 1u);
}

static int
run_open(struct run *r)
{
	const unsigned int reps = r->m->o.hop_reps;
	struct bench_crew *c = &r->crew;

	*c = (struct bench_crew){
		.worker = aligned_alloc(RTE_CACHE_LINE_SIZE,
					RTE_MAX_LCORE * sizeof(struct bench_worker)),
		.ports = &r->m->ports,
		.traffic = &r->m->traffic,
		.sink = &r->m->sink,
		.burst = r->m->o.burst,
		.bursts = bursts(r->m),
		.stop = r->m->stop,
		.pps = calloc(ROUNDS_MAX, sizeof(double)),
		.rounds_max = ROUNDS_MAX,
	};
	rte_spinlock_init(&c->judge);
	for (unsigned int k = 0; k < RTE_DIM(r->v); k++) {
		r->v[k] = calloc((size_t)BENCH_SCALING_XS * reps, sizeof(double));
		if (r->v[k] == NULL)
			return -ENOMEM;
	}
	return c->worker != NULL && c->pps != NULL ? 0 : -ENOMEM;
}

static void
run_close(struct run *r)
{
	for (unsigned int k = 0; k < RTE_DIM(r->v); k++)
		free(r->v[k]);
	free(r->crew.worker);
	free(r->crew.pps);
}

int
bench_scaling_run(struct bench_manager *m, struct bench_scaling *s, char *err, size_t errlen)
{
	struct run r = { .m = m, .out = s };
	const unsigned int reps = m->o.hop_reps;
	int rc;

	memset(s, 0, sizeof(*s));
	rc = plan(&m->ports, s, err, errlen);
	if (rc != 0)
		return rc;
	rc = run_open(&r);
	if (rc != 0)
		snprintf(err, errlen, "scaling: no memory");
	s->frames = r.crew.bursts * r.crew.burst;
	for (unsigned int rep = 0; rc == 0 && rep < reps; rep++) {
		rc = repetition(&r, rep, err, errlen);
		s->reps = rc == 0 ? rep + 1 : rep;
	}
	for (unsigned int i = 0; rc == 0 && i < s->n; i++) {
		msr_stats(r.v[0] + (size_t)i * reps, reps, &s->point[i].pps);
		msr_stats(r.v[1] + (size_t)i * reps, reps, &s->point[i].mean);
		msr_stats(r.v[2] + (size_t)i * reps, reps, &s->point[i].ratio);
	}
	run_close(&r);
	return rc;
}
