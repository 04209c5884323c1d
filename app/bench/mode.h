/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_MODE_H_
#define _BENCH_MODE_H_

/*
 * What can be measured: one table entry and one file (mode_NAME.c) for each kind of measurement.
 *
 * The manager runs those that were asked for in the order of the table, with ports, traffic and
 * measurer set up. A mode accounts every trial (bench_manager_account), adds its results to the
 * report and prints its table.
 *
 * Thread-safety: constants; `run` is called from the main lcore.
 */

#include <stdbool.h>
#include <stddef.h>

struct bench_manager;
struct bench_options;

struct bench_mode {
	const char *name; /* on the command line */
	const char *help; /* one line */
	bool standard;    /* part of "all" */
	/* 0; -EINTR when stopped; another negative errno with a sentence in err */
	int (*run)(struct bench_manager *m, char *err, size_t errlen);
	/* about how long that takes, in seconds, given what was asked for; NULL = not known */
	double (*seconds)(const struct bench_options *o);
};

#define BENCH_MODES_MAX 64U /* options.h keeps one bit for each */

/* All modes; terminated by NULL. */
extern const struct bench_mode *const bench_modes[];

/* Index in bench_modes, or -1. */
int bench_mode_find(const char *name);

extern const struct bench_mode bench_mode_throughput;
extern const struct bench_mode bench_mode_latency;
extern const struct bench_mode bench_mode_hop;
extern const struct bench_mode bench_mode_loss;
extern const struct bench_mode bench_mode_burst;
extern const struct bench_mode bench_mode_forwarding;
extern const struct bench_mode bench_mode_congestion;
extern const struct bench_mode bench_mode_broadcast;
extern const struct bench_mode bench_mode_learning;
extern const struct bench_mode bench_mode_capacity;
extern const struct bench_mode bench_mode_violation;
extern const struct bench_mode bench_mode_policy;
extern const struct bench_mode bench_mode_scaling;

struct bench_size;

/* For each size that goes into detail, until one fails; as bench_mode.run. */
int bench_mode_each_size(struct bench_manager *m,
			 int (*run_size)(struct bench_manager *m, const struct bench_size *size,
					 char *err, size_t errlen),
			 char *err, size_t errlen);

/* Search the throughput of all sizes unless that was done; as bench_mode.run. */
int bench_throughput_need(struct bench_manager *m, char *err, size_t errlen);

#endif /* _BENCH_MODE_H_ */
