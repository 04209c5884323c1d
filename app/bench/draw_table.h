/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_TABLE_H_
#define _BENCH_DRAW_TABLE_H_

/*
 * A table of text, filled cell by cell and written as HTML or Markdown, without the columns that
 * turn out to be empty.
 *
 * Thread-safety: none.
 */

#include <stdio.h>

struct draw_table {
	const char *title;
	const char *const *column; /* n_columns names with their units, at most 64 */
	unsigned int n_columns;
	unsigned int n_left; /* so many columns, from the first, are words; the others numbers */
	const char *note;    /* NULL if there is nothing to say */
	unsigned int n_cells;
	char **cell;
};

/* The columns of a table, from an array of names. */
#define DRAW_COLUMNS(t, names, left) \
	do { \
		(t)->column = (names); \
		(t)->n_columns = sizeof(names) / sizeof((names)[0]); \
		(t)->n_left = (left); \
	} while (0)

/* The next cell; after the last column the next row begins. */
void draw_table_text(struct draw_table *t, const char *text);

/* The same, printf-like; at most 1023 characters. */
void draw_table_cell(struct draw_table *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A number with @p digits significant digits, "-" for NaN. */
void draw_table_number(struct draw_table *t, double value, int digits);

void draw_table_free(struct draw_table *t);

/* Nothing if there are no rows. The page has the title already if it is NULL here. */
void draw_table_html(FILE *f, const struct draw_table *t, const char *title);
void draw_table_markdown(FILE *f, const struct draw_table *t);

#endif /* _BENCH_DRAW_TABLE_H_ */
