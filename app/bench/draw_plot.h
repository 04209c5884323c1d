/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_PLOT_H_
#define _BENCH_DRAW_PLOT_H_

/*
 * A plot of curves: what is to be drawn. draw_svg.h draws it.
 *
 * Curves differ by colour and by the shape of their marks, groups of them by the dashes of the
 * line, so that nothing rests on colour alone.
 *
 * Thread-safety: none.
 */

#include <stdbool.h>
#include <stdio.h>

#include "draw_axis.h"

#define DRAW_COLOURS 8U

struct draw_point {
	double x, y;
	double lo, hi; /* interval around y; NaN if there is none */
	bool apart;    /* no line from the point before */
};

struct draw_series {
	char name[160];
	unsigned int colour; /* and shape of the marks; any number */
	unsigned int dash;   /* 0: a whole line; any number */
	bool reference;      /* thin, grey, without marks; its name is written at its end */
	unsigned int n;
	struct draw_point *point;
};

struct draw_plot {
	const char *title;
	const char *x_title, *y_title;
	const char *note; /* below the plot; NULL if there is nothing to say */
	struct draw_axis x, y;
	unsigned int n;
	struct draw_series *series;
};

/* A new curve. The pointer is good until the next one is made. */
struct draw_series *draw_plot_series(struct draw_plot *p, const char *name, unsigned int colour,
				     unsigned int dash);

/* The curve of that name, or NULL. */
struct draw_series *draw_plot_find(struct draw_plot *p, const char *name);

/* A point at the end of a curve; nothing if it is not a number. */
void draw_series_add(struct draw_series *s, struct draw_point point);

/* The points of each curve from left to right. */
void draw_plot_sort(struct draw_plot *p);

/* Smallest and largest y of all points and intervals; false if there are no points. */
bool draw_plot_range(const struct draw_plot *p, double *lo, double *hi);

void draw_plot_free(struct draw_plot *p);

/* The curves as a <figure> with title, legend and note; nothing if there are no points. */
void draw_plot_html(FILE *f, const struct draw_plot *p);

#endif /* _BENCH_DRAW_PLOT_H_ */
