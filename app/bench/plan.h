/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PLAN_H_
#define _BENCH_PLAN_H_

/*
 * What a command line comes to: the configurations in their order, each with its options. All files
 * are read before the first is measured, so that a mistake in the last one does not cost an hour.
 *
 * Thread-safety: none; one user. Needs no EAL.
 */

#include <stdio.h>

#include "options.h"
#include "scenario.h"

struct bench_plan_entry {
	struct bench_options o;
	struct bench_scenario *scenario; /* NULL: the ports of the command line */
};

struct bench_plan {
	struct bench_plan_entry *entry; /* with --vs A, then B */
	unsigned int n;
	unsigned int rounds; /* times that all entries are measured: 1 without --vs */
};

/* 0, or negative errno with @p err filled and nothing to close. */
int bench_plan_open(struct bench_plan *p, const struct bench_options *o, char *err, size_t errlen);

void bench_plan_close(struct bench_plan *p);

/* About how long all of it takes, as far as the modes know. */
double bench_plan_seconds(const struct bench_plan *p);

/* Say it: configurations, modes, sizes, repetitions, duration. */
void bench_plan_print(const struct bench_plan *p, FILE *out);

#endif /* _BENCH_PLAN_H_ */
