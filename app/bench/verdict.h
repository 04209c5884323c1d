/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_VERDICT_H_
#define _BENCH_VERDICT_H_

/*
 * How a run ended, written into its report: a report that is kept without the exit code must say
 * by itself whether its figures hold.
 *
 * Thread-safety: one user of the report.
 */

#include <stdbool.h>

#include <jansson.h>

#include "options.h"

/* Close @p report; to be called just before it is written. @p stopped: by a signal. */
void bench_verdict_write(json_t *report, enum bench_exit code, bool stopped);

#endif /* _BENCH_VERDICT_H_ */
