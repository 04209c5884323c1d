/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_ROWS_H_
#define _BENCH_DRAW_ROWS_H_

/*
 * A picture of rows: each has a name, a value in words, and below them either an interval with a
 * mark in it or a bar of parts one after the other.
 *
 * Thread-safety: none.
 */

#include <stdbool.h>
#include <stdio.h>

#include "draw_axis.h"
#include "draw_value.h"

struct draw_part {
	double size;
	unsigned int colour;
};

struct draw_row {
	char name[160];
	char value[80];
	/* An interval: mark, thick from lo to hi, thin from min to max. NaN: not known. */
	double mark, lo, hi, min, max;
	/* Or a bar, if there are any. */
	unsigned int n;
	struct draw_part *part;
};

struct draw_rows {
	const char *title, *x_title, *note;
	bool log;
	double reference; /* a line across all rows; NaN if there is none */
	unsigned int n;
	struct draw_row *row;
	unsigned int n_names; /* of the colours of parts, for the legend */
	char (*part_name)[64];
};

/* A new row. The pointer is good until the next one is made. */
struct draw_row *draw_rows_add(struct draw_rows *r, const char *name);

/* The row's interval, and the same in words. */
void draw_row_stats(struct draw_row *row, const struct draw_stats *s, int digits);

/* A part of the row's bar; its colour is that of all parts of the name @p what. */
void draw_rows_part(struct draw_rows *r, struct draw_row *row, const char *what, double size);

void draw_rows_free(struct draw_rows *r);

/* The rows as a <figure>; nothing if there are none. */
void draw_rows_html(FILE *f, const struct draw_rows *r);

#endif /* _BENCH_DRAW_ROWS_H_ */
