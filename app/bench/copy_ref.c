/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_memcpy.h>

#include "copy_ref.h"
#include "frame.h"
#include "udp.h"

#define REP_S 0.05
#define BATCHES_MAX 65536U

struct run {
	const struct bench_ports *ports;
	struct bench_traffic *traffic;
	struct bench_sink *sink;
	const struct bench_options *o;
	struct rte_mempool *pool; /* the sender's */
	struct rte_mbuf **set, **sent, **copy;
	unsigned int at, n;
	double overhead;
	double *cycles; /* of each batch, a frame */
	unsigned int batches;
};

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline void
copy_frame(struct rte_mbuf *c, const struct rte_mbuf *m)
{
	const uint16_t len = m->data_len;

	c->data_off = RTE_PKTMBUF_HEADROOM;
	c->data_len = len;
	c->pkt_len = len;
	rte_memcpy(rte_pktmbuf_mtod(c, void *), rte_pktmbuf_mtod(m, const void *), len);
}

/* On the clock. */
static bool
copy_batch(struct run *r)
{
	const unsigned int burst = r->o->burst;

	for (unsigned int b = 0; b < r->o->batch; b++) {
		const uint16_t rx = r->ports->rx[b % r->ports->n_rx];
		struct rte_mbuf **m = &r->sent[b * burst], **c = &r->copy[b * burst];

		if (rte_mempool_get_bulk(r->ports->port[rx].pool, (void **)c, burst) != 0) {
			rte_pktmbuf_free_bulk(m, r->n - b * burst);
			rte_pktmbuf_free_bulk(r->copy, b * burst);
			return false;
		}
		for (unsigned int i = 0; i < burst; i++)
			copy_frame(c[i], m[i]);
		rte_mempool_put_bulk(r->pool, (void *const *)m, burst);
	}
	return true;
}

/* A copy is as good as a frame that came where it should. */
static void
judge(struct run *r, struct rte_mbuf *m)
{
	struct msr_label label = { .stream = UINT32_MAX };
	const uint32_t at = MSR_FRAME_ETH_LEN + (r->traffic->udp ? BENCH_UDP_LEN : 0);

	msr_frame_verify(rte_pktmbuf_mtod_offset(m, const uint8_t *, at), m->pkt_len - at,
			 m->pkt_len, &label);
	bench_sink_judge(r->sink,
			 label.stream < r->traffic->n_streams ?
				 r->traffic->stream[label.stream].rx :
				 UINT16_MAX,
			 m, 0);
}

/* Take mbufs out of the set, write, copy, verify, fill the set up again. */
static int
batch(struct run *r)
{
	uint64_t t;

	for (unsigned int i = 0; i < r->n; i++) {
		unsigned int k = (r->at + i) % r->o->set;

		r->sent[i] = r->set[k];
		r->set[k] = NULL;
	}
	bench_traffic_fill(r->traffic, 0, r->sent, r->n, (double)rte_rdtsc(), 0);
	t = rte_rdtsc_precise();
	if (!copy_batch(r))
		return -ENOMEM;
	t = rte_rdtsc_precise() - t;
	t -= RTE_MIN(t, (uint64_t)r->overhead);
	if (r->batches < BATCHES_MAX)
		r->cycles[r->batches++] = (double)t / r->n;
	for (unsigned int i = 0; i < r->n; i++)
		judge(r, r->copy[i]);
	rte_pktmbuf_free_bulk(r->copy, r->n);
	if (rte_pktmbuf_alloc_bulk(r->pool, r->sent, r->n) != 0)
		return -ENOMEM;
	for (unsigned int i = 0; i < r->n; i++)
		r->set[(r->at + i) % r->o->set] = r->sent[i];
	r->at = (r->at + r->n) % r->o->set;
	return 0;
}

static int
repeat(struct run *r, const volatile sig_atomic_t *stop, struct bench_copy_ref *out)
{
	double *v = calloc(r->o->hop_reps, sizeof(*v));
	int rc = v == NULL ? -ENOMEM : 0;

	/* The first is for warming up. */
	for (unsigned int i = 0; rc == 0 && i <= r->o->hop_reps; i++) {
		const uint64_t until = rte_rdtsc() + (uint64_t)(REP_S * (double)rte_get_tsc_hz());

		r->batches = 0;
		while (rc == 0 && (r->batches == 0 || rte_rdtsc() < until))
			rc = *stop != 0 ? -EINTR : batch(r);
		if (rc != 0 || i == 0)
			continue;
		qsort(r->cycles, r->batches, sizeof(double), cmp_double);
		v[i - 1] = r->cycles[r->batches / 2];
		out->reps = i;
	}
	if (rc == 0)
		msr_stats(v, r->o->hop_reps, &out->batch);
	free(v);
	return rc;
}

int
bench_copy_ref_run(const struct bench_ports *ports, struct bench_traffic *traffic,
		   struct bench_sink *sink, const struct bench_options *o, double overhead,
		   const volatile sig_atomic_t *stop, struct bench_copy_ref *out, char *err,
		   size_t errlen)
{
	struct run r = {
		.ports = ports,
		.traffic = traffic,
		.sink = sink,
		.o = o,
		.pool = ports->port[ports->tx[0]].pool,
		.n = o->batch * o->burst,
		.overhead = overhead,
		.set = calloc(o->set, sizeof(void *)),
		.sent = calloc((size_t)o->batch * o->burst, sizeof(void *)),
		.copy = calloc((size_t)o->batch * o->burst, sizeof(void *)),
		.cycles = calloc(BATCHES_MAX, sizeof(double)),
	};
	int rc = -ENOMEM;

	*out = (struct bench_copy_ref){ .reps = 0 };
	bench_traffic_begin(traffic);
	bench_sink_begin(sink, NULL);
	if (r.set != NULL && r.sent != NULL && r.copy != NULL && r.cycles != NULL &&
	    rte_pktmbuf_alloc_bulk(r.pool, r.set, o->set) == 0)
		rc = repeat(&r, stop, out);
	if (rc == -ENOMEM)
		snprintf(err, errlen,
			 "copy reference: no mbufs left for a set of %u: raise --mbufs", o->set);
	out->tally = bench_sink_end(sink);
	for (unsigned int i = 0; r.set != NULL && i < o->set; i++)
		rte_pktmbuf_free(r.set[i]);
	free(r.set);
	free(r.sent);
	free(r.copy);
	free(r.cycles);
	return rc;
}
