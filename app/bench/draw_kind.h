/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_KIND_H_
#define _BENCH_DRAW_KIND_H_

/*
 * How results are shown: one table entry and one file (draw_NAME.c) for each family of kinds.
 * Each makes a table, and most make pictures. Kinds that nothing here knows go into a table as
 * they are (draw_other.c).
 *
 * Thread-safety: constants.
 */

#include <stdbool.h>
#include <stdio.h>

#include "draw_load.h"
#include "draw_table.h"

struct draw_kind {
	const char *title;
	/* Those it shows, NULL at the end. NULL: see `all`. */
	const char *const *kinds;
	bool all; /* without kinds: every result; else those of no other entry */
	void (*figures)(const struct draw_results *r, FILE *f); /* may be NULL */
	/* Columns, cells and note; the title is there. */
	void (*table)(const struct draw_results *r, struct draw_table *t);
};

/* In the order of the page; NULL at the end. */
extern const struct draw_kind *const draw_kinds[];

/* The results and the table of @p k, both to be freed; false if there is nothing to show. */
bool draw_kind_open(const struct draw_kind *k, const struct draw_set *set, struct draw_results *r,
		    struct draw_table *t);
void draw_kind_close(struct draw_results *r, struct draw_table *t);

/* The first cells of most rows: report, scenario, size. */
void draw_kind_cells(const struct draw_results *r, unsigned int i, struct draw_table *t);

extern const struct draw_kind draw_kind_throughput;
extern const struct draw_kind draw_kind_latency;
extern const struct draw_kind draw_kind_loss;
extern const struct draw_kind draw_kind_bursts;
extern const struct draw_kind draw_kind_values;
extern const struct draw_kind draw_kind_comparison;
extern const struct draw_kind draw_kind_hop;
extern const struct draw_kind draw_kind_other;
extern const struct draw_kind draw_kind_tally;

#endif /* _BENCH_DRAW_KIND_H_ */
