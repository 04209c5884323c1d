/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <sys/resource.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include "scaling_worker.h"

#define ROUNDS_MIN 25U /* that nothing disturbed */
#define PATIENCE 20    /* times the time that was asked for, on a machine that others use */
#define LOST_S 0.2     /* frames that are not there after this are lost */

/* All workers go on together. */
static void
meet(struct bench_crew *c)
{
	unsigned int now = __atomic_load_n(&c->meeting, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&c->arrived, 1, __ATOMIC_ACQ_REL) == c->n) {
		__atomic_store_n(&c->arrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&c->meeting, now + 1, __ATOMIC_RELEASE);
		return;
	}
	while (__atomic_load_n(&c->meeting, __ATOMIC_ACQUIRE) == now)
		rte_pause();
}

/* Times that the kernel gave this thread's core to another. */
static long
switches(void)
{
	struct rusage u;

	return getrusage(RUSAGE_THREAD, &u) == 0 ? u.ru_nivcsw + u.ru_nvcsw : 0;
}

static int
prepare(struct bench_worker *w)
{
	const struct bench_crew *c = w->crew;

	__atomic_store_n(&w->n_got, 0, __ATOMIC_RELAXED);
	for (unsigned int b = 0; b < c->bursts; b++) {
		const struct bench_leg *l = &w->leg[b % w->n_legs];
		struct rte_mbuf **m = &w->sent[b * c->burst];
		struct rte_mempool *pool = c->ports->port[c->ports->tx[l->sender]].pool;

		if (rte_pktmbuf_alloc_bulk(pool, m, c->burst) != 0) {
			rte_pktmbuf_free_bulk(w->sent, b * c->burst);
			return -ENOMEM;
		}
		bench_traffic_fill(&w->traffic, l->sender, m, c->burst, (double)rte_rdtsc(), 0);
	}
	return 0;
}

/* One rx_burst; true: something came. */
static inline bool
poll_leg(struct bench_worker *w, const struct bench_leg *l)
{
	const struct bench_crew *c = w->crew;
	unsigned int n_got = w->n_got;
	uint16_t n;

	/* More than was sent: what came already is enough to fail. */
	if (l->rxq == BENCH_NO_QUEUE || n_got + c->burst > w->max_got)
		return false;
	n = rte_eth_rx_burst(c->ports->port[l->rx].id, l->rxq, &w->got[n_got], (uint16_t)c->burst);
	if (w->n_legs > 1) /* else it is clear where frames come from */
		for (uint16_t i = 0; i < n; i++)
			w->came[n_got + i] = l->rx;
	if (n != 0)
		__atomic_store_n(&w->n_got, n_got + n, __ATOMIC_RELEASE);
	return n != 0;
}

/* A burst; what is not taken is offered again. @return frames that the device never took */
static inline unsigned int
send_burst(struct bench_worker *w, const struct bench_leg *l, struct rte_mbuf **m, uint64_t limit)
{
	const struct bench_crew *c = w->crew;
	const uint16_t id = c->ports->port[c->ports->tx[l->sender]].id;
	unsigned int n = rte_eth_tx_burst(id, 0, m, (uint16_t)c->burst);

	while (unlikely(n < c->burst)) {
		poll_leg(w, l);
		n += rte_eth_tx_burst(id, 0, m + n, (uint16_t)(c->burst - n));
		if (rte_rdtsc() > limit)
			break;
	}
	return c->burst - n;
}

static bool
all_came(const struct bench_crew *c)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < c->n; i++)
		n += __atomic_load_n(&c->worker[i].n_got, __ATOMIC_ACQUIRE);
	return n >= c->n * c->bursts * c->burst;
}

/* On the clock. */
static void
work(struct bench_worker *w, uint64_t limit)
{
	const struct bench_crew *c = w->crew;

	for (unsigned int b = 0, k = 0; b < c->bursts; b++) {
		const struct bench_leg *l = &w->leg[k];
		struct rte_mbuf **m = &w->sent[b * c->burst];
		unsigned int left = send_burst(w, l, m, limit);

		if (unlikely(left != 0)) {
			w->refused += left;
			rte_pktmbuf_free_bulk(m + c->burst - left, left);
		}
		poll_leg(w, l);
		k = k + 1 == w->n_legs ? 0 : k + 1;
	}
	w->end = rte_rdtsc_precise();
	while (!all_came(c) && w->end < limit) {
		bool some = false;

		for (unsigned int i = 0; i < w->n_legs; i++)
			some |= poll_leg(w, &w->leg[i]);
		if (some)
			w->end = rte_rdtsc_precise();
		else if (rte_rdtsc() > limit)
			break;
	}
}

static void
judge(struct bench_worker *w)
{
	struct bench_crew *c = w->crew;

	rte_spinlock_lock(&c->judge);
	for (unsigned int i = 0; i < w->n_got; i++)
		bench_sink_judge(c->sink, w->n_legs > 1 ? w->came[i] : w->leg[0].rx, w->got[i], 0);
	rte_spinlock_unlock(&c->judge);
	rte_pktmbuf_free_bulk(w->got, w->n_got);
}

/* The round's figure, and whether there is to be another; by the main lcore, all others wait. */
static void
conclude(struct bench_crew *c)
{
	uint64_t start = c->worker[0].start, end = c->worker[0].end, frames = 0;
	bool disturbed = false;

	for (unsigned int i = 0; i < c->n; i++) {
		const struct bench_worker *w = &c->worker[i];

		start = RTE_MIN(start, w->start);
		end = RTE_MAX(end, w->end);
		frames += w->n_got;
		c->more &= w->rc == 0;
		disturbed |= w->disturbed;
	}
	c->frames += frames;
	c->cycles += end - start;
	if (disturbed)
		c->disturbed++;
	else
		c->pps[c->rounds++] = (double)frames * (double)rte_get_tsc_hz() /
				      (double)(end - start);
	if (c->rounds >= ROUNDS_MIN)
		c->more &= rte_rdtsc() < c->until;
	else
		c->more &= rte_rdtsc() < c->until_at_most;
	c->more &= c->rounds < c->rounds_max && *c->stop == 0;
}

static int
worker_run(void *arg)
{
	const uint64_t lost = (uint64_t)(LOST_S * (double)rte_get_tsc_hz());
	struct bench_worker *w = arg;
	struct bench_crew *c = w->crew;

	do {
		/* Without frames of its own it still plays its part, or the others would wait. */
		w->rc = prepare(w);
		w->switches = switches();
		meet(c);
		w->start = rte_rdtsc_precise();
		if (w->rc == 0)
			work(w, w->start + lost);
		else
			w->end = w->start;
		w->disturbed = switches() != w->switches;
		meet(c);
		judge(w);
		meet(c);
		if (w == c->worker)
			conclude(c);
		meet(c);
	} while (c->more);
	return w->rc;
}

int
bench_crew_run(struct bench_crew *crew, double seconds)
{
	unsigned int i = 1, id;
	int rc;

	crew->until = rte_rdtsc() + (uint64_t)(seconds * (double)rte_get_tsc_hz());
	crew->until_at_most = crew->until + (PATIENCE - 1) * (crew->until - rte_rdtsc());
	crew->more = true;
	RTE_LCORE_FOREACH_WORKER(id)
		if (i < crew->n)
			rte_eal_remote_launch(worker_run, &crew->worker[i++], id);
	rc = worker_run(&crew->worker[0]);
	i = 1;
	RTE_LCORE_FOREACH_WORKER(id)
		if (i++ < crew->n && rte_eal_wait_lcore(id) != 0)
			rc = -ENOMEM;
	return rc == 0 && *crew->stop != 0 ? -EINTR : rc;
}
