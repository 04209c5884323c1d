/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_FIGURE_H_
#define _BENCH_FIGURE_H_

/*
 * One figure of a measurement that has no shape of its own in the report: a name, repeated values
 * with their unit, and the frames that it rests on. One line of the terminal's table, one result:
 *
 *   {"kind", "size", "name", "x": number or null, "x_name": string or null, "value": stats,
 *    "unit", "tally", ...}
 *
 * What cannot be measured on these ports has "value": null and "not_applicable": a sentence; a
 * number would be invented.
 *
 * Thread-safety: call from the main lcore.
 */

#include "manager.h"

struct bench_figure {
	const char *kind;
	const char *size; /* as given to --size */
	const char *name;
	const char *x_name; /* what `x` is; NULL = there is none */
	double x;
	const double *value;
	size_t n;
	double scale; /* of the terminal's figure: 1e6 prints Mpps of frames/s; 0 = 1 */
	const char *unit;
	const char *shown;  /* unit on the terminal, if scaled */
	const char *remark; /* behind the line; may be NULL */
	struct msr_tally tally;
	json_t *more; /* further fields, taken over; may be NULL */
};

/* Print and report. */
void bench_figure_add(struct bench_manager *m, const struct bench_figure *f);

/* Print and report that there is none, and why; `value` and `more` are not looked at. */
void bench_figure_none(struct bench_manager *m, const struct bench_figure *f, const char *reason);

/* "latency p50 0.110 p99 - max 3.200 us" for a remark; -: as msr_hist_percentile refuses. */
void bench_figure_latency(const struct msr_hist *h, char *text, size_t len);

#endif /* _BENCH_FIGURE_H_ */
