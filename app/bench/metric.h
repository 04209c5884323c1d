/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_METRIC_H_
#define _BENCH_METRIC_H_

/*
 * The figures of a report's results that can be compared: each with a name by which the same one is
 * found in another run.
 *
 * They are read from the results' JSON, so that a mode is compared by what it reports and needs no
 * code for it.
 *
 * Thread-safety: pure functions.
 */

#include <stdbool.h>

#include <jansson.h>

struct bench_metric {
	char name[96]; /* "NDR", "latency 50 % p99" */
	char size[32]; /* "" = none */
	char unit[32];
	bool lower_better;
	double value;
};

/* Called for each figure of a result. */
typedef void (*bench_metric_fn)(const struct bench_metric *m, void *arg);

/* Go through the figures of @p result. What could not be measured (null) is left out. */
void bench_metrics(const json_t *result, bench_metric_fn fn, void *arg);

#endif /* _BENCH_METRIC_H_ */
