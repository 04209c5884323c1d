/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_REPORT_H_
#define _MSR_REPORT_H_

/*
 * The report: one JSON document, the master from which tables are drawn.
 *
 *   {
 *     "schema": "eswitch-bench/1",      changed incompatibly: the number grows
 *     "tool": ..., "version": ..., "started": UTC, "command": [argv], "seed": ...,
 *     "environment": {...}, "warnings": ["sentence", ...],
 *     "config": {...},                  every option as applied
 *     "results": [{"kind": ..., ...}, ...],
 *     "finished": UTC, "verdict": {"exit": 0, "word": "ok"}
 *   }
 *
 * app/bench/report.schema.json has every field.
 *
 * Rates are frames per second, durations of trials seconds, latencies nanoseconds, sizes both as
 * "size" (with FCS) and "pkt_len" (without). A value that could not be measured is null.
 *
 * Thread-safety: one user.
 */

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "hist.h"
#include "search.h"
#include "stats.h"
#include "track.h"

#define MSR_REPORT_SCHEMA "eswitch-bench/1"

/* A new report with everything but config and results; NULL when out of memory. EAL is needed. */
json_t *msr_report_new(const char *tool, const char *version, int argc, char *const argv[],
		       uint64_t seed);

/* Append a warning; printf-like. */
void msr_report_warn(json_t *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * Close the report: when and how the run ended.
 *
 * @param exit_code  with which the program will end
 * @param word       the same for people: "ok", "wrong frames" ...
 */
void msr_report_finish(json_t *report, int exit_code, const char *word);

/* Append @p result (the reference is taken over). 0, or -ENOMEM. */
int msr_report_add(json_t *report, json_t *result);

/* The percentiles that reports hold, in %; terminated by 0. */
extern const double msr_report_percentiles[];

/* {"count", "min", "mean", "max", "p50"... (null where refused), "slots": [[top ns, count]...]} */
json_t *msr_report_hist(const struct msr_hist *h);

/* {"n", "median", "min", "max", "ci": [lo, hi], "ci_level", "outliers"} */
json_t *msr_report_stats(const struct msr_stats *s);

/* {"sent", "received", "lost", ..., "loss_bound"} */
json_t *msr_report_tally(const struct msr_tally *t);

/* Goal with all applied attributes, and its result. */
json_t *msr_report_goal(const struct msr_goal *g, const struct msr_goal_result *r);

/* Key of a percentile in a histogram's object: "p99.9". */
void msr_report_percentile_key(double p, char *key, size_t len);

/**
 * Write the report.
 *
 * @param path  file, replaced only when the whole report could be written; "-" is stdout
 * @return 0, or negative errno with @p err filled
 */
int msr_report_write(const json_t *report, const char *path, char *err, size_t errlen);

#endif /* _MSR_REPORT_H_ */
