/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SINK_H_
#define _BENCH_SINK_H_

/*
 * The receiving side: polls the receiving ports, judges every frame, keeps the latency histogram.
 *
 * Latency is receipt minus *intended* departure: a frame that waited in the tester because the
 * device did not take it counts its wait (no coordinated omission). Receipt is when rx_burst
 * returned, one reading of the TSC a burst.
 *
 * A frame is right at its stream's receiver; a broadcast one at every receiver but its sender, once
 * each; a bad one (bad.h) nowhere: it is counted as leaked wherever it arrives. The tester's own
 * ring has one end, where each frame is right once.
 *
 * Thread-safety: one receiving thread between begin and end. `received` alone may be read by
 * another thread meanwhile.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_ring.h>

#include "hist.h"
#include "ports.h"
#include "track.h"
#include "traffic.h"

struct bench_sink {
	const struct bench_traffic *traffic;
	const struct bench_ports *ports;
	struct rte_ring *null_ring; /* receive from here instead: the tester alone */
	struct msr_track *track;    /* bench_traffic.n_tracks */
	struct msr_tally tally;     /* counts that belong to no stream */
	struct msr_hist *latency;   /* NULL: not recorded */
	uint64_t received;          /* frames of this trial, wrong ones too; atomic */
	unsigned int burst;
	int slow;       /* index in ports->rx of one that is polled every other time; -1 = none */
	bool slow_turn; /* it is polled this time */
	double ns_per_cycle;
	uint8_t *scratch; /* a frame that came in several segments */
};

/* Needs the streams; 0 or -ENOMEM. */
int bench_sink_open(struct bench_sink *s, const struct bench_traffic *t,
		    const struct bench_ports *ports, unsigned int burst);

void bench_sink_close(struct bench_sink *s);

/* Forget the trial before; @p latency may be NULL, else it is emptied. */
void bench_sink_begin(struct bench_sink *s, struct msr_hist *latency);

/* Judge one frame that port @p rx (index into bench_ports.port) received at @p now; not freed. */
void bench_sink_judge(struct bench_sink *s, uint16_t rx, struct rte_mbuf *m, uint64_t now);

/* Poll every receiving port once; frames are judged and freed. Returns how many came. */
unsigned int bench_sink_poll(struct bench_sink *s);

/* Counts of the trial, once it has drained. */
struct msr_tally bench_sink_end(const struct bench_sink *s);

/* The same of the streams of one group only (pattern.h), without what belongs to no stream. */
struct msr_tally bench_sink_group(const struct bench_sink *s, uint16_t group);

#endif /* _BENCH_SINK_H_ */
