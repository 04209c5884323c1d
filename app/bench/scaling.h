/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SCALING_H_
#define _BENCH_SCALING_H_

/*
 * How the rate grows with cores, or falls with ports. What the ports are to do follows from the
 * lists that were given:
 *
 *  to one receiver   --rx names one port: each lcore sends on a port of its own (--tx), all to that
 *                    one, which gets as many receive queues as lcores; each polls one. Where a port
 *                    has fewer queues, the last lcores poll them.
 *  pairs             --rx names further ports: lcore i sends from the i-th of --tx to the i-th of
 *                    --rx and polls it.
 *  ring of ports     --rx names the ports of --tx: one lcore, each port sends to the next, for 2,
 *                    4, 8 ... all ports. (The limit is the 32 ports that DPDK is built for as a
 *                    rule.)
 *
 * x goes through its values in each repetition, so that a slow drift of the machine falls on all.
 * With one core there is one receive queue: what several of them cost is in the ratio.
 *
 * Thread-safety: call from the main lcore.
 */

#include "manager.h"
#include "stats.h"
#include "track.h"

#define BENCH_SCALING_XS 16U
#define BENCH_SCALING_REP_S 0.05

enum bench_scaling_kind { BENCH_TO_ONE, BENCH_PAIRS, BENCH_RING };

struct bench_scaling_point {
	unsigned int x;         /* cores, or ports */
	uint16_t n_rxq;         /* of the receiving port(s) */
	struct msr_stats pps;   /* of each repetition's median round */
	struct msr_stats mean;  /* of each repetition, frames by time */
	struct msr_stats ratio; /* to the first x of the same repetition */
	struct msr_tally tally;
	uint64_t refused;
	uint64_t rounds, disturbed; /* see scaling_worker.h */
};

struct bench_scaling {
	enum bench_scaling_kind kind;
	unsigned int n;      /* points */
	unsigned int reps;   /* done */
	unsigned int frames; /* of a lcore in a round */
	struct bench_scaling_point point[BENCH_SCALING_XS];
};

/**
 * Measure with the size that m->traffic is set to.
 * @return 0; -EINTR when stopped; another negative errno with @p err filled
 */
int bench_scaling_run(struct bench_manager *m, struct bench_scaling *s, char *err, size_t errlen);

#endif /* _BENCH_SCALING_H_ */
