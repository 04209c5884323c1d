/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_STAGES_H_
#define _BENCH_STAGES_H_

/*
 * Where the cycles of a hop go, told by a driver of a profiling build (rte_pmd_eswitch_stages);
 * n = 0 with any other.
 *
 * Thread-safety: call from the main lcore while no port is in use.
 */

#include <stdint.h>

#include <jansson.h>

#include "ports.h"

#define BENCH_STAGES_MAX 16U

struct bench_stages {
	unsigned int n;
	const char *name[BENCH_STAGES_MAX];
	double cycles[BENCH_STAGES_MAX]; /* of all ports that are sent or received on */
};

/* All that has been spent so far. */
void bench_stages_read(const struct bench_ports *ports, struct bench_stages *s);

/* What was spent since @p before, for each of @p packets. */
void bench_stages_since(const struct bench_ports *ports, const struct bench_stages *before,
			uint64_t packets, struct bench_stages *s);

/* Of all stages together. */
double bench_stages_sum(const struct bench_stages *s);

/* [{"name": ..., "cycles": ...}, ...], or NULL if there are none. */
json_t *bench_stages_json(const struct bench_stages *s);

#endif /* _BENCH_STAGES_H_ */
