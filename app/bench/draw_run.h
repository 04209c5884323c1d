/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_RUN_H_
#define _BENCH_DRAW_RUN_H_

/*
 * What is to be known about the runs themselves: how they ended, where and with what they were
 * made. Reports are side by side, so that what differs between them shows.
 *
 * Thread-safety: pure.
 */

#include "draw_load.h"
#include "draw_table.h"

/* A row for each report: verdict, times, seed, version, command line. */
void draw_run_table(const struct draw_set *set, struct draw_table *t);

/* Reports whose fields stand side by side; of more only what differs from the first is listed. */
#define DRAW_RUN_SIDES 6U
#define DRAW_RUN_COLUMNS (DRAW_RUN_SIDES + 2)

/*
 * A row for each field of the object @p key ("environment", "config"), with its value in every
 * report, and what differs marked. The columns' names are in @p column, which has room for
 * DRAW_RUN_COLUMNS.
 */
void draw_run_fields(const struct draw_set *set, const char *key, const char **column,
		     struct draw_table *t);

/* Each warning once, with the labels of the reports that have it; "" if all have it. */
void draw_run_warnings(const struct draw_set *set,
		       void (*each)(void *arg, const char *text, const char *reports), void *arg);

bool draw_run_has_warnings(const struct draw_set *set);

/* "ok", or what was wrong; "not recorded" in reports of old versions. */
const char *draw_run_verdict(const struct draw_report *r);

/* The exit code; -1 if it is not recorded. */
int draw_run_exit(const struct draw_report *r);

#endif /* _BENCH_DRAW_RUN_H_ */
