/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SCALING_WORKER_H_
#define _BENCH_SCALING_WORKER_H_

/*
 * Several lcores that send and receive at once, and the clock that runs meanwhile.
 *
 * A round: each lcore writes its frames (into mbufs of its own cache of the pool, so that they lie
 * in its own caches as an application's would), all meet, the clock starts; each sends all its
 * bursts, polling its receiving queue once after each, and polls on until every lcore has what is
 * on the way to it; the clock stops when the last frame of all has come. Then frames are verified,
 * lcore by lcore, and freed, which takes mbufs from core to core as it does in real use. The time
 * of a round runs from the first start to the last end, so a core that waits for another costs.
 *
 * A round is short (a few thousand frames), because a device that drops what its receiver has no
 * room for must not be sent more than fits between two polls of a core that somebody else's
 * program has interrupted. Rounds in which the kernel took a core away from a worker (it counts
 * context switches) say nothing about the device: they are counted as disturbed, and the figure is
 * the median of the others; the mean is over all.
 *
 * Thread-safety: bench_crew_run() from the main lcore; it starts and joins the others.
 */

#include <signal.h>
#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_spinlock.h>

#include "ports.h"
#include "sink.h"
#include "traffic.h"

#define BENCH_NO_QUEUE UINT16_MAX

/* From where to where a worker's bursts go; it polls there after each. */
struct bench_leg {
	unsigned int sender; /* index into ports->tx */
	uint16_t rx;         /* index into ports->port */
	uint16_t rxq;        /* that this worker polls; BENCH_NO_QUEUE: another one does */
};

struct bench_crew;

struct bench_worker {
	struct bench_crew *crew;
	struct bench_traffic traffic; /* streams are the crew's, the rest is its own */
	const struct bench_leg *leg;  /* used in turn, burst by burst */
	unsigned int n_legs;
	struct rte_mbuf **sent;
	struct rte_mbuf **got;
	uint16_t *came; /* port that each of `got` came from */
	unsigned int max_got;
	uint64_t start, end;
	uint64_t refused;
	long switches; /* of this thread, when the round began */
	bool disturbed;
	int rc;
	unsigned int n_got __rte_cache_aligned; /* in this round; others wait for the sum */
} __rte_cache_aligned;

struct bench_crew {
	struct bench_worker *worker;
	unsigned int n;
	const struct bench_ports *ports;
	const struct bench_traffic *traffic;
	struct bench_sink *sink;
	unsigned int burst;
	unsigned int bursts; /* a round and worker */
	const volatile sig_atomic_t *stop;
	double *pps; /* of each round that nothing disturbed */
	unsigned int rounds, rounds_max;
	unsigned int disturbed; /* further rounds */
	uint64_t until;         /* TSC: no further round, if there are enough */
	uint64_t until_at_most;
	uint64_t frames;      /* received */
	uint64_t cycles;      /* of all rounds */
	rte_spinlock_t judge; /* one verifies at a time: streams have one state */
	bool more;
	unsigned int arrived __rte_cache_aligned;
	unsigned int meeting __rte_cache_aligned; /* number of meetings that are over */
};

/**
 * Send and receive in rounds for @p seconds on crew->n lcores, the main one among them.
 * @return 0; -EINTR when stopped; -ENOMEM when no mbufs are left
 */
int bench_crew_run(struct bench_crew *crew, double seconds);

#endif /* _BENCH_SCALING_WORKER_H_ */
