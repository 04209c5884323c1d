/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_SVG_H_
#define _BENCH_DRAW_SVG_H_

/*
 * SVG: the axes and curves of a plot. Colours are classes, which the style sheet of the page fills
 * for light, dark and paper (draw_style.c): s0 to s7 for lines, f0 to f7 for areas.
 *
 * Thread-safety: pure but for the stream.
 */

#include <stdio.h>

#include "draw_plot.h"

#define DRAW_SVG_WIDTH 440
/* Width of a letter in the pictures, where the font is a wide one (DejaVu Sans). */
#define DRAW_SVG_LETTER 7.3

/* The picture of a plot with axes that were fitted. */
void draw_svg_plot(FILE *f, const struct draw_plot *p);

/* A short piece of a curve, for the legend. */
void draw_svg_swatch(FILE *f, const struct draw_series *s);

/* A line of the style sheet's @p class. */
void draw_svg_line(FILE *f, const char *class, double x1, double y1, double x2, double y2);

/* A filled mark of that shape and colour. */
void draw_svg_mark(FILE *f, unsigned int colour, double x, double y);

#endif /* _BENCH_DRAW_SVG_H_ */
