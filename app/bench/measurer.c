/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include "measurer.h"

#define NULL_RING_SIZE 1024U
#define LINGER_S 0.001 /* after the last expected frame: duplicates would come now */
#define DRAIN_MAX 10   /* times the drain time: a port that never falls silent */

/* The sending side's state during a trial. */
struct sender {
	struct rte_mbuf *m[BENCH_BURST_MAX]; /* filled, not yet taken by the device */
	unsigned int at;
	unsigned int n;
	unsigned int port; /* index into ports->tx of the frames in m */
	double step;       /* cycles between intended departures */
	double next;       /* TSC of the next intended departure */
	uint64_t filled;
	bool timed;           /* by table, not by next and step */
	unsigned int waiting; /* entries of when that could not be filled yet */
	struct bench_timetable table;
	uint64_t when[BENCH_BURST_MAX]; /* intended departures of m, if timed */
};

int
bench_measurer_open(struct bench_measurer *b, struct bench_ports *ports,
		    struct bench_traffic *traffic, struct bench_sink *sink,
		    const struct bench_options *o, volatile sig_atomic_t *stop, char *err,
		    size_t errlen)
{
	*b = (struct bench_measurer){
		.ports = ports,
		.traffic = traffic,
		.sink = sink,
		.rx_lcore = rte_get_next_lcore(rte_lcore_id(), 1, 0),
		.burst = o->burst,
		.drain_s = o->drain_s,
		.arrivals = o->arrivals,
		.seed = o->seed,
		.stop = stop,
		.latency = malloc(sizeof(struct msr_hist)),
		.lag = malloc(sizeof(struct msr_hist)),
		.null_ring = rte_ring_create("bench_null_hop", NULL_RING_SIZE, SOCKET_ID_ANY,
					     RING_F_SP_ENQ | RING_F_SC_DEQ),
	};
	if (b->latency != NULL && b->lag != NULL && b->null_ring != NULL) {
		msr_hist_init(b->latency);
		msr_hist_init(b->lag);
		return 0;
	}
	snprintf(err, errlen, "no memory for the histograms or the tester's own ring");
	bench_measurer_close(b);
	return -ENOMEM;
}

void
bench_measurer_close(struct bench_measurer *b)
{
	free(b->latency);
	free(b->lag);
	rte_ring_free(b->null_ring);
	b->latency = NULL;
	b->lag = NULL;
	b->null_ring = NULL;
}

static int
receive_loop(void *arg)
{
	struct bench_measurer *b = arg;

	while (__atomic_load_n(&b->rx_running, __ATOMIC_ACQUIRE) != 0)
		if (bench_sink_poll(b->sink) == 0)
			rte_pause();
	return 0;
}

static void
receiver_start(struct bench_measurer *b)
{
	if (b->rx_lcore == RTE_MAX_LCORE)
		return;
	__atomic_store_n(&b->rx_running, 1, __ATOMIC_RELEASE);
	rte_eal_remote_launch(receive_loop, b, b->rx_lcore);
}

static void
receiver_stop(struct bench_measurer *b)
{
	if (b->rx_lcore == RTE_MAX_LCORE)
		return;
	__atomic_store_n(&b->rx_running, 0, __ATOMIC_RELEASE);
	rte_eal_wait_lcore(b->rx_lcore);
}

static inline void
receive(struct bench_measurer *b)
{
	if (b->rx_lcore == RTE_MAX_LCORE)
		bench_sink_poll(b->sink);
}

/* Fill the next burst of up to @p n frames; false when no mbufs are left for the moment. */
static bool
refill(struct bench_measurer *b, struct sender *s, unsigned int n)
{
	const uint16_t port = b->ports->tx[s->port];

	if (rte_pktmbuf_alloc_bulk(b->ports->port[port].pool, s->m, n) != 0)
		return false;
	if (s->timed) {
		bench_traffic_fill_at(b->traffic, s->port, s->m, n, s->when);
	} else {
		bench_traffic_fill(b->traffic, s->port, s->m, n, s->next, s->step);
		s->next += s->step * n;
	}
	s->filled += n;
	s->at = 0;
	s->n = n;
	return true;
}

static void
record_lag(struct bench_measurer *b, const struct sender *s, unsigned int n, uint64_t now)
{
	/* The frames left in m are the last ones of the timetable that were filled. */
	double intended = s->next - s->step * (s->n - s->at);

	for (unsigned int i = 0; i < n; i++) {
		double at = s->timed ? (double)s->when[s->at + i] : intended + i * s->step;
		double late = (double)now - at;

		msr_hist_add(b->lag, late > 0 ? (uint64_t)(late * b->sink->ns_per_cycle) : 0);
	}
}

/* Offer what is filled; the port changes when all of it is gone. Returns frames sent. */
static unsigned int
offer(struct bench_measurer *b, struct sender *s, struct bench_trial *t)
{
	unsigned int want = s->n - s->at, n;
	uint64_t now = t->in.latency ? rte_rdtsc() : 0;

	if (t->in.null_hop)
		n = rte_ring_sp_enqueue_burst(b->null_ring, (void **)&s->m[s->at], want, NULL);
	else
		n = rte_eth_tx_burst(b->ports->port[b->ports->tx[s->port]].id, 0, &s->m[s->at],
				     (uint16_t)want);
	if (t->in.latency)
		record_lag(b, s, n, now);
	t->refused += want - n;
	t->sent += n;
	s->at += n;
	/* A burst of the timetable goes on with the same port. */
	if (s->at == s->n && s->table.in_row == 0 && ++s->port == b->ports->n_tx)
		s->port = 0;
	return n;
}

/* Frames that the timetable has made due by @p now and that are not filled yet. */
static inline uint64_t
due(const struct sender *s, const struct bench_trial *t, uint64_t now, unsigned int burst)
{
	double late;

	if (t->in.load == 0)
		return RTE_MIN((uint64_t)burst, t->in.frames - s->filled);
	late = (double)now - s->next;
	return late < 0 ? 0 : RTE_MIN((uint64_t)(late / s->step) + 1, t->intended - s->filled);
}

/* Fill what is due; with a timetable, frames stay due until there are mbufs for them. */
static void
fill_due(struct bench_measurer *b, struct sender *s, const struct bench_trial *t, uint64_t now)
{
	unsigned int n;

	if (s->timed) {
		if (s->waiting == 0)
			s->waiting = bench_timetable_due(&s->table, now, s->when, b->burst);
		if (s->waiting != 0 && refill(b, s, s->waiting))
			s->waiting = 0;
		return;
	}
	n = (unsigned int)RTE_MIN(due(s, t, now, b->burst), (uint64_t)b->burst);
	if (t->in.load == 0)
		s->next = (double)now;
	if (n != 0)
		refill(b, s, n);
}

static void
send_until(struct bench_measurer *b, struct sender *s, struct bench_trial *t, uint64_t end)
{
	const uint64_t frames = t->in.load == 0 ? t->in.frames : t->intended;
	uint64_t now = rte_rdtsc();

	while (now < end && *b->stop == 0 && t->sent < frames) {
		if (s->at == s->n)
			fill_due(b, s, t, now);
		if (s->at != s->n)
			offer(b, s, t);
		if (!t->in.blind)
			receive(b);
		else if (t->refused != 0)
			break;
		now = rte_rdtsc();
	}
}

/* Wait for the frames under way: until all came and a little longer, or until none comes. */
static void
drain(struct bench_measurer *b, uint64_t expected)
{
	const uint64_t hz = rte_get_tsc_hz();
	const uint64_t idle = (uint64_t)(b->drain_s * (double)hz);
	const uint64_t linger = (uint64_t)(LINGER_S * (double)hz);
	const uint64_t start = rte_rdtsc();
	uint64_t last = start, now = start, before = 0;

	while (now - start < DRAIN_MAX * idle) {
		uint64_t got;

		receive(b);
		got = __atomic_load_n(&b->sink->received, __ATOMIC_ACQUIRE);
		now = rte_rdtsc();
		if (got != before)
			last = now;
		before = got;
		if (now - last > (got >= expected ? RTE_MIN(linger, idle) : idle))
			break;
	}
}

static void
begin(struct bench_measurer *b, const struct bench_trial_in *in, struct bench_trial *t)
{
	*t = (struct bench_trial){
		.in = *in,
		.intended = (uint64_t)(in->load * in->duration_s),
	};
	if (in->frames == 0)
		t->in.frames = UINT64_MAX;
	bench_progress_trial(b->progress, b->traffic->size_name);
	bench_traffic_begin(b->traffic);
	b->sink->null_ring = in->null_hop ? b->null_ring : NULL;
	bench_sink_begin(b->sink, in->latency ? b->latency : NULL);
	if (in->latency)
		msr_hist_init(b->lag);
	receiver_start(b);
}

/*
 * What is missing is what was lost, and what a short offer left unsent. Lost frames are counted in
 * arrivals, unsent ones in frames: those sent say how many arrivals a frame has on average.
 */
static void
conclude(struct bench_trial *t)
{
	const double fan = t->sent != 0 ? (double)t->tally.sent / (double)t->sent : 0;
	double missing = (double)t->tally.lost, all = (double)t->tally.sent;

	if (t->in.load == 0)
		t->intended = t->sent;
	if (t->short_offer) {
		missing += fan * (double)(t->intended - t->sent);
		all += fan * (double)(t->intended - t->sent);
	}
	t->loss_ratio = all > 0 ? missing / all : 1;
	t->forwarded = fan > 0 ? (double)t->tally.received / fan : 0;
}

/* Frames that were filled and never taken are not sent: their numbers must not count as lost. */
static void
end(struct bench_measurer *b, struct sender *s, struct bench_trial *t)
{
	bench_traffic_unfill(b->traffic, s->port, s->n - s->at);
	drain(b, t->in.null_hop ? t->sent : b->traffic->expected);
	receiver_stop(b);
	t->tally = bench_sink_end(b->sink);
	rte_pktmbuf_free_bulk(&s->m[s->at], s->n - s->at);
	conclude(t);
	b->sink->null_ring = NULL;
	bench_progress_hide(b->progress);
}

void
bench_measurer_trial(struct bench_measurer *b, const struct bench_trial_in *in,
		     struct bench_trial *out)
{
	const double hz = (double)rte_get_tsc_hz();
	const uint64_t span = (uint64_t)(in->duration_s * hz);
	struct sender s = { .step = in->load != 0 ? hz / in->load : 0 };
	uint64_t start;

	begin(b, in, out);
	start = rte_rdtsc();
	s.next = (double)start;
	s.timed = in->load != 0 && b->arrivals.kind != BENCH_ARRIVAL_CONSTANT;
	if (s.timed)
		bench_timetable_init(&s.table, &b->arrivals, s.next, s.step, out->intended,
				     b->seed ^ b->traffic->epoch);
	send_until(b, &s, out, start + span);
	out->offered = out->sent;
	out->reached_s = (double)(rte_rdtsc() - start) / hz;
	if (in->load != 0 && out->sent < out->intended) {
		out->short_offer = (double)out->sent < (double)out->intended * BENCH_OFFER_MIN;
		if (!out->short_offer)
			send_until(b, &s, out, start + span + span / 10);
		/* What the device still refuses was not offered after all. */
		out->short_offer |= out->sent < out->intended;
	}
	end(b, &s, out);
}

void
bench_measurer_ping(struct bench_measurer *b, unsigned int n, struct bench_trial *out)
{
	const struct bench_trial_in in = { .latency = true };
	const uint64_t limit = (uint64_t)(b->drain_s * (double)rte_get_tsc_hz());
	const uint64_t first = rte_rdtsc();
	struct sender s = { 0 };

	begin(b, &in, out);
	for (unsigned int i = 0; i < n && *b->stop == 0; i++) {
		uint64_t start = rte_rdtsc();

		s.next = (double)start;
		if (s.at == s.n && !refill(b, &s, 1))
			break;
		if (offer(b, &s, out) == 0)
			continue;
		while (__atomic_load_n(&b->sink->received, __ATOMIC_ACQUIRE) <
		       b->traffic->expected) {
			receive(b);
			if (rte_rdtsc() - start > limit)
				goto lost; /* a lost frame would be waited for each time */
		}
	}
lost:
	out->offered = out->sent;
	out->reached_s = (double)(rte_rdtsc() - first) / (double)rte_get_tsc_hz();
	end(b, &s, out);
}

void
bench_measurer_flush(struct bench_measurer *b)
{
	const uint64_t limit = rte_rdtsc() + (uint64_t)(b->drain_s * (double)rte_get_tsc_hz());
	struct rte_mbuf *m[BENCH_BURST_MAX];
	unsigned int idle = 0, i;
	uint16_t n;

	while (idle < 100 && rte_rdtsc() < limit) {
		for (i = 0, n = 0; i < b->ports->n; i++) {
			uint16_t got = rte_eth_rx_burst(b->ports->port[i].id, 0, m,
							BENCH_BURST_MAX);

			rte_pktmbuf_free_bulk(m, got);
			n |= got;
		}
		idle = n == 0 ? idle + 1 : 0;
	}
}
