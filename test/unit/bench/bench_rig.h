/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_RIG_H_
#define _BENCH_RIG_H_

/*
 * Traffic of eswitch-bench without a device: ports that are numbers with an address, options from
 * a command line, and frames filled into the mbufs of the pool of ../net_eswitch/rig.h.
 */
#include "../net_eswitch/rig.h"

#include "frame.h"
#include "options.h"
#include "ports.h"
#include "sink.h"
#include "traffic.h"

#define BENCH_RIG_MTU 1500U

/* One error sentence, of whatever failed last. */
extern char bench_rig_err[512];

/* Options from a line of words parted by single blanks ("--tx 0 --seed 1" is put before). */
int bench_rig_parse(struct bench_options *o, const char *line);

/* Ports 0 to n - 1, all sending and receiving; then lists like "0,1", NULL = leave. */
void bench_rig_ports(struct bench_ports *ports, unsigned int n, const char *tx, const char *rx);

/* The same for options in words, a size of 64, and the first trial begun. Must succeed. */
void bench_rig_traffic(struct bench_traffic *t, struct bench_ports *ports, struct bench_options *o,
		       const char *line);

/* The next frame of sender s; departure at TSC tsc. */
struct rte_mbuf *bench_rig_fill(struct bench_traffic *t, unsigned int s, uint64_t tsc);

/* What a frame's label says; the frame must be intact. */
struct msr_label bench_rig_label(const struct rte_mbuf *m);
const struct bench_stream *bench_rig_stream(const struct bench_traffic *t,
					    const struct rte_mbuf *m);

#endif /* _BENCH_RIG_H_ */
