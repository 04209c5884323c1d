/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_TRAFFIC_H_
#define _BENCH_TRAFFIC_H_

/*
 * What is sent: streams, the order of their frames, and the frames themselves.
 *
 * A stream is one sending port and one destination address; its frames are numbered, so that loss,
 * reordering and duplication are found within a flow, which is where a switch must keep order.
 * Each sending port goes through its streams in a seeded random order in which no stream follows
 * itself (if it has more than one): the destination changes at each packet. The order repeats
 * after BENCH_ORDER frames or so, long enough that a branch predictor does not know it by heart.
 *
 * A stream goes from a sender to a receiver, not back to the sender: no frame is meant for the
 * port that sends it. Only a port that is the sole receiver gets its own frames (a loopback device
 * such as net_ring).
 *
 * Thread-safety: filling is the sender's; the table of streams is read by the receiver too.
 */

#include <stddef.h>
#include <stdint.h>

#include <rte_ether.h>
#include <rte_mbuf.h>

#include "options.h"
#include "ports.h"

#define BENCH_ORDER 4096U
#define BENCH_LENS 1024U

struct bench_stream {
	struct rte_ether_addr dst;
	struct rte_ether_addr src;
	uint16_t tx; /* indices into bench_ports.port */
	uint16_t rx;
	uint64_t next; /* sequence number of the next frame; so many were made in this trial */
};

struct bench_sender {    /* one for each sending port */
	uint32_t *order; /* stream numbers */
	uint32_t n_order;
	uint32_t at;
};

struct bench_traffic {
	struct bench_stream *stream;
	uint32_t n_streams;
	struct bench_sender sender[RTE_MAX_ETHPORTS]; /* as bench_ports.tx */
	uint16_t len[BENCH_LENS];                     /* pkt_len of successive frames */
	uint32_t n_lens;
	uint32_t len_at;
	uint16_t epoch; /* trial number, never 0 */
	uint32_t sample;
	uint32_t until_sample;
	uint64_t seed;
	uint64_t rng;
};

/**
 * Make the streams; with --macs the addresses are derived from the seed and added to the ports.
 * @return 0, or negative errno with @p err filled
 */
int bench_traffic_open(struct bench_traffic *t, struct bench_ports *ports,
		       const struct bench_options *o, char *err, size_t errlen);

void bench_traffic_close(struct bench_traffic *t);

/* Choose the frame size(s) of the trials that follow. */
void bench_traffic_size(struct bench_traffic *t, const struct bench_size *size);

/* Begin a trial: sequence numbers from 0 in a new epoch. */
void bench_traffic_begin(struct bench_traffic *t);

/**
 * Turn fresh mbufs into the next @p n frames of sender @p s.
 *
 * @param tsc   intended departure of the first
 * @param step  TSC cycles from one intended departure to the next
 */
void bench_traffic_fill(struct bench_traffic *t, unsigned int s, struct rte_mbuf **m,
			unsigned int n, double tsc, double step);

/* Send the frames by which a switch learns where the receivers are; returns how many. */
unsigned int bench_traffic_learn(struct bench_traffic *t, const struct bench_ports *ports);

#endif /* _BENCH_TRAFFIC_H_ */
