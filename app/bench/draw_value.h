/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_VALUE_H_
#define _BENCH_DRAW_VALUE_H_

/*
 * Values of a report, and how they are written. A report passed draw_check.h before: what is asked
 * for here is there, or was allowed to be missing or null.
 *
 * Thread-safety: pure.
 */

#include <stddef.h>

#include <jansson.h>

/* A number; NaN when it is missing or null. */
double draw_number(const json_t *object, const char *key);

/* A string; "" when it is missing or null. */
const char *draw_string(const json_t *object, const char *key);

/* Statistics as in msr_report_stats: median with its interval and range, times @p scale. */
struct draw_stats {
	double median, lo, hi, min, max;
	unsigned int n;
};

/* All NaN if @p stats is missing or null. */
struct draw_stats draw_stats(const json_t *stats, double scale);

/* Rates are shown in Mpps, all else in its own unit: the factor for it, and what to call it. */
double draw_scale(const char *unit);
const char *draw_unit(const char *unit);

/* "12.3", "0.00123", "1.23e+09": @p digits significant ones; "-" for NaN. */
void draw_format(char *text, size_t len, double value, int digits);

/* "850 ns", "1.9 ms": a duration in ns with the unit that suits it; "-" for NaN. */
void draw_format_ns(char *text, size_t len, double ns);

/* "12.3 [12.1 - 12.9]", the range only of several values; "-" for NaN. */
void draw_format_stats(char *text, size_t len, const struct draw_stats *s, int digits);

/* A scalar of JSON as text; "" for an object or a list. */
void draw_format_json(char *text, size_t len, const json_t *value);

#endif /* _BENCH_DRAW_VALUE_H_ */
