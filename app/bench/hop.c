/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "calibrate.h"
#include "counter.h"
#include "hop.h"

#define BATCHES_MAX 65536U /* of one repetition; 50 ms hold fewer */

/* So many frames of `got` came from that port. */
struct came {
	uint16_t rx;
	uint16_t n;
};

struct run {
	const struct bench_ports *ports;
	struct bench_traffic *traffic;
	struct bench_sink *sink;
	const struct bench_options *o;
	struct bench_hop *out;
	struct rte_mbuf **set; /* o->set mbufs, used in turn */
	unsigned int at;
	struct rte_mempool *pool; /* the sender's */
	uint16_t tx_id;
	/*
	 * Ports polled on the clock: those that frames are meant for. The others are polled when
	 * the clock stands still, to see that nothing leaks there.
	 */
	uint16_t n_poll, n_aside;
	uint16_t poll[RTE_MAX_ETHPORTS], poll_id[RTE_MAX_ETHPORTS];
	uint16_t aside[RTE_MAX_ETHPORTS];
	/* One batch: what was sent, what came, and where. */
	struct rte_mbuf **sent;
	struct rte_mbuf **got;
	struct came *came; /* one for each rx_burst that brought something */
	unsigned int n_came;
	unsigned int n_got;
	size_t room;    /* in got */
	uint64_t calls; /* of rx_burst */
	uint32_t *want; /* arrivals that the batch's first so many frames must have */
	double *batch_cycles;
	struct msr_counter core;
	uint64_t core_overhead; /* of a pair of its readings */
};

/* Sums of one repetition. */
struct rep {
	uint64_t cycles;
	uint64_t packets;
	uint64_t send;
	uint64_t receive;
	uint64_t split_packets;
	uint64_t core; /* core cycles, TSC cycles and packets of the batches that have both */
	uint64_t core_tsc;
	uint64_t core_packets;
	uint64_t calls; /* in the batches timed as a whole */
	unsigned int batches;
};

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static uint64_t
read_tsc(void *arg)
{
	(void)arg;
	return rte_rdtsc_precise();
}

static uint64_t
read_core(void *arg)
{
	uint64_t v = 0;

	msr_counter_read(arg, &v);
	return v;
}

/*
 * Receive until @p want frames of this burst are there; called inside the timed part, hence in
 * registers what a loop of one's own would have there.
 */
static inline void
collect(struct run *r, unsigned int want)
{
	const unsigned int until = r->n_got + want, n_poll = r->n_poll;
	const uint16_t burst = (uint16_t)r->o->burst;
	unsigned int got = r->n_got, n_came = r->n_came, calls = 0;

	for (unsigned int polls = 0; got < until && polls < HOP_POLLS; polls++) {
		for (unsigned int i = 0; i < n_poll && got <= until; i++) {
			/* There is always room for a burst beyond what was sent. */
			uint16_t n = rte_eth_rx_burst(r->poll_id[i], 0, &r->got[got], burst);

			calls++;
			/* Kept also if nothing came, and then overwritten: no branch to guess. */
			r->came[n_came] = (struct came){ r->poll[i], n };
			n_came += n != 0;
			got += n;
		}
	}
	r->n_got = got;
	r->n_came = n_came;
	r->calls += calls;
}

static inline unsigned int
send_burst(struct run *r, struct rte_mbuf **m)
{
	return rte_eth_tx_burst(r->tx_id, 0, m, (uint16_t)r->o->burst);
}

/* Arrivals that the frames taken of burst @p b must have. */
static inline unsigned int
wanted(const struct run *r, unsigned int b, unsigned int taken)
{
	const uint32_t *want = &r->want[b * r->o->burst];

	return want[taken] - want[0];
}

/* Not taken at once: the frames were numbered, so they count as lost. */
static void
give_back(struct run *r, struct rte_mbuf **m, unsigned int taken)
{
	unsigned int left = r->o->burst - taken;

	r->out->refused += left;
	rte_pktmbuf_free_bulk(m + taken, left);
}

/* Send and collect the batch; TSC cycles. */
static inline uint64_t
time_batch(struct run *r, unsigned int *taken)
{
	uint64_t t = rte_rdtsc_precise();

	for (unsigned int b = 0; b < r->o->batch; b++) {
		taken[b] = send_burst(r, &r->sent[b * r->o->burst]);
		collect(r, wanted(r, b, taken[b]));
	}
	t = rte_rdtsc_precise() - t;
	return t - RTE_MIN(t, (uint64_t)r->out->overhead);
}

static void
batch_core(struct run *r, struct rep *rep)
{
	unsigned int taken[64];
	uint64_t before, after, t;
	bool counted = msr_counter_read(&r->core, &before);

	t = time_batch(r, taken);
	counted &= msr_counter_read(&r->core, &after);
	for (unsigned int b = 0; b < r->o->batch; b++)
		give_back(r, &r->sent[b * r->o->burst], taken[b]);
	if (!counted)
		return;
	rep->core += after - before - RTE_MIN(after - before, r->core_overhead);
	rep->core_tsc += t;
	rep->core_packets += r->n_got;
}

static void
batch_whole(struct run *r, struct rep *rep)
{
	uint64_t calls = r->calls, t;
	unsigned int taken[64];

	t = time_batch(r, taken);
	for (unsigned int b = 0; b < r->o->batch; b++)
		give_back(r, &r->sent[b * r->o->burst], taken[b]);
	rep->cycles += t;
	rep->packets += r->n_got;
	rep->calls += r->calls - calls;
	if (r->n_got != 0 && rep->batches < BATCHES_MAX)
		r->batch_cycles[rep->batches++] = (double)t / r->n_got;
}

static void
batch_split(struct run *r, struct rep *rep)
{
	const uint64_t overhead = (uint64_t)r->out->overhead;

	for (unsigned int b = 0; b < r->o->batch; b++) {
		struct rte_mbuf **m = &r->sent[b * r->o->burst];
		uint64_t t0 = rte_rdtsc_precise(), t1, t2;
		unsigned int taken = send_burst(r, m);

		t1 = rte_rdtsc_precise();
		collect(r, wanted(r, b, taken));
		t2 = rte_rdtsc_precise();
		rep->send += t1 - t0 - RTE_MIN(t1 - t0, overhead);
		rep->receive += t2 - t1 - RTE_MIN(t2 - t1, overhead);
		give_back(r, m, taken);
	}
	rep->split_packets += r->n_got;
}

/* Take the batch's mbufs out of the set and write the frames. */
static void
prepare(struct run *r)
{
	const unsigned int n = r->o->batch * r->o->burst;

	for (unsigned int i = 0; i < n; i++) {
		r->sent[i] = r->set[r->at];
		r->set[r->at] = NULL;
		r->at = r->at + 1 == r->o->set ? 0 : r->at + 1;
	}
	bench_traffic_fill(r->traffic, 0, r->sent, n, (double)rte_rdtsc(), 0);
	bench_traffic_arrivals(r->traffic, 0, n, r->want);
	r->n_got = 0;
	r->n_came = 0;
}

/* Which receiving ports are polled on the clock. */
static void
choose_ports(struct run *r)
{
	for (unsigned int i = 0; i < bench_ports_polled(r->ports); i++) {
		const uint16_t rx = bench_ports_poll(r->ports, i);

		/* What is served does its part of the hop there. */
		if (i < r->ports->n_rx && !bench_traffic_sends(r->traffic, r->ports, 0, rx)) {
			r->aside[r->n_aside++] = rx;
			continue;
		}
		r->poll_id[r->n_poll] = r->ports->port[rx].id;
		r->poll[r->n_poll++] = rx;
	}
}

/* What came where nothing should, for the verifier to find fault with. */
static void
look_aside(struct run *r)
{
	for (unsigned int i = 0; i < r->n_aside && r->n_got + r->o->burst <= r->room; i++) {
		const uint16_t rx = r->aside[i];
		uint16_t n = rte_eth_rx_burst(r->ports->port[rx].id, 0, &r->got[r->n_got],
					      (uint16_t)r->o->burst);

		if (n != 0)
			r->came[r->n_came++] = (struct came){ rx, n };
		r->n_got += n;
	}
}

/* Verify what came and refill the set behind `at`; -ENOMEM when no mbuf is left for it. */
static int
finish(struct run *r)
{
	const unsigned int n = r->o->batch * r->o->burst;
	unsigned int slot = (r->at + r->o->set - n) % r->o->set, filled = 0;
	struct rte_mbuf **m = r->got;

	look_aside(r);
	for (unsigned int c = 0; c < r->n_came; c++)
		for (unsigned int i = 0; i < r->came[c].n; i++)
			bench_sink_judge(r->sink, r->came[c].rx, *m++, 0);
	for (unsigned int i = 0; i < r->n_got; i++) {
		if (r->got[i]->pool != r->pool || r->got[i]->nb_segs != 1 || filled == n ||
		    rte_mbuf_refcnt_read(r->got[i]) != 1) {
			rte_pktmbuf_free(r->got[i]);
			r->out->moved = false;
			continue;
		}
		rte_pktmbuf_reset(r->got[i]);
		r->set[(slot + filled++) % r->o->set] = r->got[i];
	}
	for (; filled < n; filled++) {
		struct rte_mbuf *fresh = rte_pktmbuf_alloc(r->pool);

		if (fresh == NULL)
			return -ENOMEM;
		r->set[(slot + filled) % r->o->set] = fresh;
	}
	r->out->packets += r->n_got;
	return 0;
}

static int
repetition(struct run *r, struct rep *rep, const volatile sig_atomic_t *stop)
{
	const uint64_t until = rte_rdtsc() + (uint64_t)(HOP_REP_S * 2 * (double)rte_get_tsc_hz());
	/* Each kind of batch in turn. */
	const unsigned int kinds = r->core.fd >= 0 ? 3 : 2;
	int rc = 0;

	memset(rep, 0, sizeof(*rep));
	for (unsigned int i = 0; rc == 0 && (i < kinds || rte_rdtsc() < until); i++) {
		if (*stop != 0)
			return -EINTR;
		prepare(r);
		if (i % kinds == 0)
			batch_whole(r, rep);
		else if (i % kinds == 1)
			batch_split(r, rep);
		else
			batch_core(r, rep);
		rc = finish(r);
	}
	return rc;
}

/* Every repetition must have counted: the kernel may take a counter away at any time. */
static void
finish_core(struct run *r, const double *v, unsigned int n, uint64_t core, uint64_t tsc)
{
	for (unsigned int i = 0; i < n; i++)
		if (v[i] == 0 && r->out->no_core[0] == '\0')
			snprintf(r->out->no_core, sizeof(r->out->no_core),
				 "the kernel took the counter of core cycles away meanwhile");
	if (r->out->no_core[0] != '\0' || tsc == 0)
		return;
	msr_stats(v, n, &r->out->core);
	r->out->core_per_tsc = (double)core / (double)tsc;
}

/* The median of each stage: something else had the core in some repetitions. */
static void
finish_stages(struct run *r, const double *v, unsigned int n)
{
	struct msr_stats s;

	for (unsigned int k = 0; k < r->out->stages.n; k++)
		if (msr_stats(v + (size_t)k * n, n, &s) == 0)
			r->out->stages.cycles[k] = s.median;
}

static int
repeat(struct run *r, const volatile sig_atomic_t *stop)
{
	double *v = calloc((5 + BENCH_STAGES_MAX) * (size_t)r->o->hop_reps, sizeof(*v));
	const unsigned int n = r->o->hop_reps;
	uint64_t calls = 0, packets = 0, core = 0, core_tsc = 0;
	struct bench_stages before;
	struct rep rep;
	int rc;

	if (v == NULL)
		return -ENOMEM;
	rc = repetition(r, &rep, stop); /* warm-up: caches, learned addresses, branch history */
	r->out->packets = 0;
	for (unsigned int i = 0; rc == 0 && i < n; i++) {
		const uint64_t packets_before = r->out->packets;

		bench_stages_read(r->ports, &before);
		rc = repetition(r, &rep, stop);
		bench_stages_since(r->ports, &before, r->out->packets - packets_before,
				   &r->out->stages);
		for (unsigned int k = 0; k < r->out->stages.n; k++)
			v[(5 + k) * n + i] = r->out->stages.cycles[k];
		if (rc != 0 || rep.packets == 0 || rep.split_packets == 0)
			break;
		qsort(r->batch_cycles, rep.batches, sizeof(double), cmp_double);
		v[i] = (double)rep.cycles / (double)rep.packets;
		v[n + i] = r->batch_cycles[rep.batches / 2];
		v[2 * n + i] = (double)rep.send / (double)rep.split_packets;
		v[3 * n + i] = (double)rep.receive / (double)rep.split_packets;
		v[4 * n + i] = (double)rep.core / (double)RTE_MAX(rep.core_packets, UINT64_C(1));
		core += rep.core;
		core_tsc += rep.core_tsc;
		calls += rep.calls;
		packets += rep.packets;
		r->out->reps = i + 1;
	}
	if (rc == 0 && r->out->reps == n) {
		msr_stats(v, n, &r->out->total);
		msr_stats(v + n, n, &r->out->batch_total);
		msr_stats(v + 2 * n, n, &r->out->send);
		msr_stats(v + 3 * n, n, &r->out->receive);
		finish_stages(r, v + 5 * n, n);
		finish_core(r, v + 4 * n, n, core, core_tsc);
		r->out->polls = (double)calls / (double)packets;
	}
	free(v);
	return rc;
}

int
bench_hop_run(const struct bench_ports *ports, struct bench_traffic *traffic,
	      struct bench_sink *sink, const struct bench_options *o,
	      const volatile sig_atomic_t *stop, struct bench_hop *out, char *err, size_t errlen)
{
	const size_t n = (size_t)o->batch * o->burst;
	struct run r = {
		.ports = ports,
		.traffic = traffic,
		.sink = sink,
		.o = o,
		.out = out,
		.pool = ports->port[ports->tx[0]].pool,
		.tx_id = ports->port[ports->tx[0]].id,
		.set = calloc(o->set, sizeof(void *)),
		.sent = calloc(n, sizeof(void *)),
		/* Twice: a device that doubles every frame must not overrun it. */
		.room = 2 * (n * traffic->sender[0].fan + o->burst),
		.want = calloc(n + 1, sizeof(uint32_t)),
		.batch_cycles = calloc(BATCHES_MAX, sizeof(double)),
	};
	int rc = -ENOMEM;

	*out = (struct bench_hop){ .burst = o->burst,
				   .batch = o->batch,
				   .set = o->set,
				   .overhead = (double)msr_calibrate(read_tsc, NULL),
				   .moved = true };
	r.got = calloc(r.room, sizeof(void *));
	r.came = calloc(r.room + 1, sizeof(struct came));
	if (msr_counter_open(&r.core, MSR_COUNTER_CORE_CYCLES, out->no_core,
			     sizeof(out->no_core)) == 0)
		r.core_overhead = msr_calibrate(read_core, &r.core);
	choose_ports(&r);
	bench_traffic_begin(traffic);
	bench_sink_begin(sink, NULL);
	if (r.set != NULL && r.sent != NULL && r.got != NULL && r.came != NULL && r.want != NULL &&
	    r.batch_cycles != NULL && rte_pktmbuf_alloc_bulk(r.pool, r.set, o->set) == 0)
		rc = repeat(&r, stop);
	if (rc == -ENOMEM)
		snprintf(err, errlen, "hop: no mbufs left for a set of %u: raise --mbufs", o->set);
	out->tally = bench_sink_end(sink);
	for (unsigned int i = 0; r.set != NULL && i < o->set; i++)
		rte_pktmbuf_free(r.set[i]);
	msr_counter_close(&r.core);
	free(r.set);
	free(r.sent);
	free(r.got);
	free(r.came);
	free(r.want);
	free(r.batch_cycles);
	return rc;
}
