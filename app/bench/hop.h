/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_HOP_H_
#define _BENCH_HOP_H_

/*
 * The cost of one hop: TSC cycles a packet in tx_burst and rx_burst together, on one core, with
 * the tester's own work left out.
 *
 * How it is measured
 *  1. Outside: --batch bursts of --burst frames are written (labels, destinations, sequence
 *     numbers) into mbufs that come, in turn, from a set of --set, so that the frames are not all
 *     in the first-level cache.
 *  2. Timed: for each burst, one tx_burst, then rx_burst on every receiving port in turn until all
 *     of the burst has arrived (an empty poll of a port costs, and is meant to). Pointers are
 *     kept; nothing looks at the frames, allocates or frees.
 *  3. Outside: every frame is verified, and the mbufs return to the set: the very same when the
 *     device moved them, fresh ones of the sender's pool when it copied.
 *
 * Reading the TSC so that nothing moves across costs 20 to 50 cycles, more than a fast hop. So the
 * figure that counts is taken with one pair of readings around a whole batch (256 packets), less
 * the calibrated cost of a pair. The split into sending and receiving needs readings around each
 * call; it comes from batches of its own, alternating with the others, less the same calibration,
 * and its sum is therefore a little different.
 *
 * Core cycles, where the kernel lets them be counted, come from batches of their own too: a reading
 * may be a system call, which would disturb what is timed.
 *
 * A repetition is the mean over all batches of HOP_REP_S; the result is the median of the
 * repetitions with minimum and maximum. What interrupts the core during a batch is in the mean;
 * the median batch of each repetition is given beside it.
 *
 * A burst that does not arrive whole within HOP_POLLS polls of all ports is counted as loss, and
 * the run is no measurement.
 *
 * Thread-safety: call from the main lcore.
 */

#include <signal.h>

#include "ports.h"
#include "sink.h"
#include "stages.h"
#include "stats.h"
#include "track.h"
#include "traffic.h"

#define HOP_REP_S 0.05
#define HOP_POLLS 10000U

struct bench_hop {
	unsigned int reps;
	unsigned int burst;
	unsigned int batch;
	unsigned int set;
	double overhead;              /* cycles of a pair of readings */
	struct msr_stats core;        /* core cycles a packet; n = 0: not counted, see no_core */
	double core_per_tsc;          /* core cycles in one of the TSC, meanwhile */
	char no_core[160];            /* a sentence; "" = counted */
	struct msr_stats total;       /* cycles a packet, send and receive: of the repetitions */
	struct msr_stats batch_total; /* the same, of each repetition's median batch */
	struct msr_stats send;        /* cycles a packet in tx_burst */
	struct msr_stats receive;     /* cycles a packet in rx_burst */
	struct bench_stages stages;   /* medians, cycles a packet; of a profiling build */
	double polls;                 /* rx_burst calls a packet */
	uint64_t packets;             /* of all repetitions but the first, which warms up */
	uint64_t refused;             /* not taken by tx_burst at once */
	bool moved;                   /* received mbufs were the sent ones */
	struct msr_tally tally;
};

/**
 * Measure with the size that @p traffic is set to and its first sender.
 *
 * @return 0; -EINTR when stopped; another negative errno with @p err filled
 */
int bench_hop_run(const struct bench_ports *ports, struct bench_traffic *traffic,
		  struct bench_sink *sink, const struct bench_options *o,
		  const volatile sig_atomic_t *stop, struct bench_hop *out, char *err,
		  size_t errlen);

#endif /* _BENCH_HOP_H_ */
