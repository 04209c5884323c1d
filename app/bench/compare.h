/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_COMPARE_H_
#define _BENCH_COMPARE_H_

/*
 * --vs: two scenarios in turn, each plugged, warmed up, measured and unplugged in every round. The
 * order changes from round to round (A B, B A, A B ...), so that a drift of the machine favours
 * neither.
 *
 * Thread-safety: call from the main lcore.
 */

#include <signal.h>

#include <jansson.h>

#include "options.h"

/* As bench_manager_run(), for o->vs. */
int bench_compare_run(const struct bench_options *o, json_t *report, volatile sig_atomic_t *stop);

#endif /* _BENCH_COMPARE_H_ */
