/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_MEASURER_H_
#define _BENCH_MEASURER_H_

/*
 * The measurer: performs one trial, says what came of it (RFC 9971, "Measurer").
 *
 * Open loop: the frames of a trial have a timetable, made before the first is sent, and a slow
 * device does not change it. What the device does not take is offered again at once, late but
 * with its intended departure. If less than BENCH_OFFER_MIN of the timetable was sent when the
 * time was over, the shortfall counts as lost: the tester could not offer that load, or the device
 * pushed back. If more was sent, the rest is sent late and counts as sent.
 *
 * A load counts all frames, bad ones too; what a loss ratio relates to is the arrivals that there
 * must be: none for a bad frame, one for each receiver for a broadcast one.
 *
 * With one lcore the same loop sends and receives in turn; with two, the main lcore sends and the
 * other receives. `null_hop` sends through an rte_ring instead of the ports: what remains is the
 * tester's own limit and its latency floor.
 *
 * Thread-safety: call from the main lcore.
 */

#include <stdbool.h>
#include <signal.h>
#include <stdint.h>

#include "hist.h"
#include "ports.h"
#include "progress.h"
#include "sink.h"
#include "track.h"
#include "traffic.h"

#define BENCH_OFFER_MIN 0.999

struct bench_trial_in {
	double load; /* frames per second of all senders together; 0 = as many as possible */
	double duration_s;
	uint64_t frames; /* without a load: so many, and the duration is a limit; 0 = by time */
	bool null_hop;
	bool latency; /* record the histograms */
	/* A burst that nobody receives while it is sent, and that ends where the device does not
	 * take a frame at once. Only with one lcore: the other one would receive.
	 */
	bool blind;
};

struct bench_trial {
	struct bench_trial_in in;
	uint64_t intended;
	uint64_t offered; /* sent by the end of the time */
	uint64_t sent;    /* also late */
	uint64_t refused; /* frames that tx_burst did not take at once */
	double reached_s; /* time in which they were sent */
	double forwarded; /* of sent, by the share of the arrivals that came */
	double loss_ratio;
	bool short_offer; /* offered less than BENCH_OFFER_MIN of the intended */
	struct msr_tally tally;
};

struct bench_measurer {
	struct bench_ports *ports;
	struct bench_traffic *traffic;
	struct bench_sink *sink;
	struct rte_ring *null_ring;
	unsigned int rx_lcore; /* RTE_MAX_LCORE: the main one receives too */
	unsigned int burst;
	double drain_s;
	struct bench_arrivals arrivals; /* of trials with a load */
	uint64_t seed;
	volatile sig_atomic_t *stop;
	struct msr_hist *latency;        /* of the last trial that recorded it */
	struct msr_hist *lag;            /* departure minus intended departure, ns */
	struct bench_progress *progress; /* told of each trial; may be NULL */
	int rx_running;                  /* atomic: the receiving lcore shall go on */
};

/**
 * @param stop  set by a signal handler: trials end early
 * @return 0, or negative errno with @p err filled
 */
int bench_measurer_open(struct bench_measurer *b, struct bench_ports *ports,
			struct bench_traffic *traffic, struct bench_sink *sink,
			const struct bench_options *o, volatile sig_atomic_t *stop, char *err,
			size_t errlen);

void bench_measurer_close(struct bench_measurer *b);

/* Throw away whatever the ports still hold; gives up after the drain time (net_null never ends). */
void bench_measurer_flush(struct bench_measurer *b);

/* Perform one trial. */
void bench_measurer_trial(struct bench_measurer *b, const struct bench_trial_in *in,
			  struct bench_trial *out);

/* One frame in flight at a time, @p n times: latency without load. Histogram in b->latency. */
void bench_measurer_ping(struct bench_measurer *b, unsigned int n, struct bench_trial *out);

#endif /* _BENCH_MEASURER_H_ */
