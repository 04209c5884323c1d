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
 * Who sends to whom is the pattern's business (pattern.h). A broadcast stream has no receiver of
 * its own but all of them, and is tracked for each: hence trackers have numbers of their own.
 *
 * Bad frames (bad.h) are streams too: one for each sender and kind, with nobody as receiver. They
 * stand in the sender's order at random places, as often as their share wants, to the nearest
 * 1 in BENCH_MIXED; a run of good frames keeps its order.
 *
 * With --sources a sender's frames have its source addresses in turn, in one seeded order, of
 * whatever stream the frame is.
 *
 * Filling comes in two forms: plain traffic (no tag, no bad frames, one source) pays for none of
 * the rest.
 *
 * Thread-safety: filling is the sender's; the table of streams is read by the receiver too.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>
#include <rte_ether.h>
#include <rte_mbuf.h>

#include "options.h"
#include "ports.h"

#define BENCH_ORDER 4096U
#define BENCH_MIXED 65536U /* length of an order with bad frames */
#define BENCH_LENS 1024U

/* Values of bench_stream.rx beside indices. */
#define BENCH_RX_ALL UINT16_MAX         /* every receiver but the sender */
#define BENCH_RX_NONE (UINT16_MAX - 1U) /* must be dropped */

/* 32 bytes: two in a cache line, and 65536 for each sender with --macs. */
struct bench_stream {
	struct rte_ether_addr dst;
	struct rte_ether_addr src;
	uint16_t tx; /* indices into bench_ports.port */
	uint16_t rx;
	uint16_t group; /* see bench_traffic_groups */
	uint16_t kind;  /* index into bench_traffic.kind; 0 = good */
	uint32_t track; /* number of its tracker, the first of several if rx is BENCH_RX_ALL */
	uint64_t next;  /* sequence number of the next frame; so many were made in this trial */
};

/* What the frames of a stream look like. */
struct bench_frame_kind {
	bool tagged;
	uint16_t tci;
	uint16_t len; /* pkt_len without tag; 0 = as the size of the trial wants */
};

struct bench_sender {    /* one for each sending port */
	uint32_t *order; /* stream numbers */
	uint32_t n_order;
	uint32_t at;
	uint32_t n_streams;            /* good ones */
	uint32_t n_bad;                /* bad frames in the order */
	uint16_t fan;                  /* arrivals that each good frame must have */
	struct rte_ether_addr *source; /* with --sources */
	uint32_t source_at;
};

struct bench_traffic {
	struct bench_stream *stream;
	uint32_t n_streams;
	uint32_t n_tracks;
	uint16_t n_groups; /* of good streams; the k-th kind of --bad is group n_groups + k */
	uint16_t n_rx;     /* receivers: so many trackers has a broadcast stream */
	uint16_t slot[RTE_MAX_ETHPORTS]; /* index in bench_ports.rx of a port, or UINT16_MAX */
	struct bench_frame_kind *kind;
	uint32_t n_kinds;
	uint32_t n_sources;
	bool plain;     /* no tags, no bad frames, one source: see above */
	bool udp;       /* IPv4 and UDP headers in front of the label */
	bool all_fan_1; /* each frame has to arrive exactly once */
	int expect_tag; /* as in the options */
	struct bench_sender sender[RTE_MAX_ETHPORTS]; /* as bench_ports.tx */
	uint16_t len[BENCH_LENS];                     /* pkt_len of successive frames */
	uint32_t n_lens;
	uint32_t len_at;
	uint64_t expected;     /* arrivals that the frames made in this trial must have */
	const char *size_name; /* as the user says it; NULL = not chosen yet */
	uint16_t epoch;        /* trial number, never 0 */
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

/* Config of the traffic, for the report; and a line or two for the reader. */
json_t *bench_traffic_json(const struct bench_options *o);
void bench_traffic_print(const struct bench_options *o, FILE *out);

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

/* The same with a time for each frame. */
void bench_traffic_fill_at(struct bench_traffic *t, unsigned int s, struct rte_mbuf **m,
			   unsigned int n, const uint64_t *tsc);

/* The last @p n frames that were filled for sender @p s will not be sent after all. */
void bench_traffic_unfill(struct bench_traffic *t, unsigned int s, unsigned int n);

/**
 * How often the last @p n frames filled for sender @p s must arrive.
 *
 * @param sum  result, n + 1 entries: sum[i] is that of the first i frames together
 */
void bench_traffic_arrivals(const struct bench_traffic *t, unsigned int s, unsigned int n,
			    uint32_t *sum);

/* Whether frames of sender @p s are meant for port @p rx (index into bench_ports.port). */
bool bench_traffic_sends(const struct bench_traffic *t, const struct bench_ports *ports,
			 unsigned int s, uint16_t rx);

/* Send the frames by which a switch learns where the receivers are (unless all are meant, or
 * none); returns how many.
 */
unsigned int bench_traffic_learn(struct bench_traffic *t, const struct bench_ports *ports);

#endif /* _BENCH_TRAFFIC_H_ */
