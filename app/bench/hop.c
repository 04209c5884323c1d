/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "hop.h"

#define CALIBRATE 10001
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
	 * Ports polled on the clock: those that frames are meant for. The sender's own is polled
	 * when the clock stands still (index own, or UINT16_MAX), to see that nothing leaks back.
	 */
	uint16_t n_poll;
	uint16_t poll[RTE_MAX_ETHPORTS], poll_id[RTE_MAX_ETHPORTS];
	uint16_t own;
	/* One batch: what was sent, what came, and where. */
	struct rte_mbuf **sent;
	struct rte_mbuf **got;
	struct came *came; /* one for each rx_burst that brought something */
	unsigned int n_came;
	unsigned int n_got;
	uint64_t calls; /* of rx_burst */
	double *batch_cycles;
};

/* Sums of one repetition. */
struct rep {
	uint64_t cycles;
	uint64_t packets;
	uint64_t send;
	uint64_t receive;
	uint64_t split_packets;
	uint64_t calls; /* in the batches timed as a whole */
	unsigned int batches;
};

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Median cost of two readings with nothing between them. */
static double
calibrate(void)
{
	static double v[CALIBRATE];

	for (unsigned int i = 0; i < CALIBRATE; i++) {
		uint64_t t = rte_rdtsc_precise();

		v[i] = (double)(rte_rdtsc_precise() - t);
	}
	qsort(v, CALIBRATE, sizeof(*v), cmp_double);
	return v[CALIBRATE / 2];
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

/* Not taken at once: the frames were numbered, so they count as lost. */
static void
give_back(struct run *r, struct rte_mbuf **m, unsigned int taken)
{
	unsigned int left = r->o->burst - taken;

	r->out->refused += left;
	rte_pktmbuf_free_bulk(m + taken, left);
}

static void
batch_whole(struct run *r, struct rep *rep)
{
	unsigned int taken[64];
	uint64_t calls = r->calls, t = rte_rdtsc_precise();

	for (unsigned int b = 0; b < r->o->batch; b++) {
		taken[b] = send_burst(r, &r->sent[b * r->o->burst]);
		collect(r, taken[b]);
	}
	t = rte_rdtsc_precise() - t;
	t -= RTE_MIN(t, (uint64_t)r->out->overhead);
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
		collect(r, taken);
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
	r->n_got = 0;
	r->n_came = 0;
}

/* Which receiving ports are polled on the clock. */
static void
choose_ports(struct run *r)
{
	r->own = UINT16_MAX;
	for (unsigned int i = 0; i < r->ports->n_rx; i++) {
		const uint16_t rx = r->ports->rx[i];

		if (rx == r->ports->tx[0] && r->ports->n_rx > 1) {
			r->own = rx;
			continue;
		}
		r->poll_id[r->n_poll] = r->ports->port[rx].id;
		r->poll[r->n_poll++] = rx;
	}
}

/* What came back to the sender, for the verifier to find fault with. */
static void
look_at_own(struct run *r)
{
	uint16_t n;

	if (r->own == UINT16_MAX)
		return;
	n = rte_eth_rx_burst(r->ports->port[r->own].id, 0, &r->got[r->n_got],
			     (uint16_t)r->o->burst);
	if (n != 0)
		r->came[r->n_came++] = (struct came){ r->own, n };
	r->n_got += n;
}

/* Verify what came and refill the set behind `at`; -ENOMEM when no mbuf is left for it. */
static int
finish(struct run *r)
{
	const unsigned int n = r->o->batch * r->o->burst;
	unsigned int slot = (r->at + r->o->set - n) % r->o->set, filled = 0;
	struct rte_mbuf **m = r->got;

	look_at_own(r);
	for (unsigned int c = 0; c < r->n_came; c++)
		for (unsigned int i = 0; i < r->came[c].n; i++)
			bench_sink_judge(r->sink, r->came[c].rx, *m++, 0);
	for (unsigned int i = 0; i < r->n_got; i++) {
		if (r->got[i]->pool != r->pool || r->got[i]->nb_segs != 1 || filled == n) {
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
	int rc = 0;

	memset(rep, 0, sizeof(*rep));
	for (unsigned int i = 0; rc == 0 && (i < 2 || rte_rdtsc() < until); i++) {
		if (*stop != 0)
			return -EINTR;
		prepare(r);
		if (i % 2 == 0)
			batch_whole(r, rep);
		else
			batch_split(r, rep);
		rc = finish(r);
	}
	return rc;
}

static int
repeat(struct run *r, const volatile sig_atomic_t *stop)
{
	double *v = calloc(4 * (size_t)r->o->hop_reps, sizeof(*v));
	const unsigned int n = r->o->hop_reps;
	uint64_t calls = 0, packets = 0;
	struct rep rep;
	int rc;

	if (v == NULL)
		return -ENOMEM;
	rc = repetition(r, &rep, stop); /* warm-up: caches, learned addresses, branch history */
	for (unsigned int i = 0; rc == 0 && i < n; i++) {
		rc = repetition(r, &rep, stop);
		if (rc != 0 || rep.packets == 0 || rep.split_packets == 0)
			break;
		qsort(r->batch_cycles, rep.batches, sizeof(double), cmp_double);
		v[i] = (double)rep.cycles / (double)rep.packets;
		v[n + i] = r->batch_cycles[rep.batches / 2];
		v[2 * n + i] = (double)rep.send / (double)rep.split_packets;
		v[3 * n + i] = (double)rep.receive / (double)rep.split_packets;
		calls += rep.calls;
		packets += rep.packets;
		r->out->reps = i + 1;
	}
	if (rc == 0 && r->out->reps == n) {
		msr_stats(v, n, &r->out->total);
		msr_stats(v + n, n, &r->out->batch_total);
		msr_stats(v + 2 * n, n, &r->out->send);
		msr_stats(v + 3 * n, n, &r->out->receive);
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
		.got = calloc(2 * (n + o->burst), sizeof(void *)),
		.came = calloc(2 * (n + o->burst) + 1, sizeof(struct came)),
		.batch_cycles = calloc(BATCHES_MAX, sizeof(double)),
	};
	int rc = -ENOMEM;

	*out = (struct bench_hop){ .burst = o->burst,
				   .batch = o->batch,
				   .set = o->set,
				   .overhead = calibrate(),
				   .moved = true };
	choose_ports(&r);
	bench_traffic_begin(traffic);
	bench_sink_begin(sink, NULL);
	if (r.set != NULL && r.sent != NULL && r.got != NULL && r.came != NULL &&
	    r.batch_cycles != NULL && rte_pktmbuf_alloc_bulk(r.pool, r.set, o->set) == 0)
		rc = repeat(&r, stop);
	if (rc == -ENOMEM)
		snprintf(err, errlen, "hop: no mbufs left for a set of %u: raise --mbufs", o->set);
	out->tally = bench_sink_end(sink);
	for (unsigned int i = 0; r.set != NULL && i < o->set; i++)
		rte_pktmbuf_free(r.set[i]);
	free(r.set);
	free(r.sent);
	free(r.got);
	free(r.came);
	free(r.batch_cycles);
	return rc;
}
