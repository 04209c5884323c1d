/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_FLATTEN_H_
#define _BENCH_DRAW_FLATTEN_H_

/*
 * A JSON value as a list of its scalars, each with its path: "goals[0].pps.median".
 *
 * Thread-safety: pure.
 */

#include <jansson.h>

typedef void (*draw_scalar)(void *arg, const char *path, const json_t *value);

/*
 * Call @p each for all scalars in @p value, in their order. Raw samples ("slots" of histograms,
 * "trials" of searches, "pairs" of comparisons) are left out: the report itself has them.
 */
void draw_flatten(const json_t *value, draw_scalar each, void *arg);

#endif /* _BENCH_DRAW_FLATTEN_H_ */
