/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <string.h>

#include "draw_escape.h"
#include "draw_svg.h"

#define HEIGHT 320
#define LEFT 62.0
#define RIGHT 40.0 /* room for the names of the references */
#define TOP 26.0
#define BOTTOM 46.0

static const char *const dashes[] = { "", "7 4", "2 3", "9 3 2 3" };

static double
x_of(const struct draw_plot *p, double x)
{
	return LEFT + draw_axis_at(&p->x, x) * (DRAW_SVG_WIDTH - LEFT - RIGHT);
}

static double
y_of(const struct draw_plot *p, double y)
{
	return HEIGHT - BOTTOM - draw_axis_at(&p->y, y) * (HEIGHT - TOP - BOTTOM);
}

static void
text(FILE *f, const char *class, const char *anchor, double x, double y, const char *words)
{
	fprintf(f, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, anchor, x,
		y);
	draw_xml(f, words);
	fputs("</text>\n", f);
}

void
draw_svg_line(FILE *f, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(f, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class,
		x1, y1, x2, y2);
}

static void
y_axis(FILE *f, const struct draw_plot *p)
{
	double last = INFINITY;

	for (unsigned int i = 0; i < p->y.n_ticks; i++) {
		double y = y_of(p, p->y.tick[i].at);

		draw_svg_line(f, "grid", LEFT, y, DRAW_SVG_WIDTH - RIGHT, y);
		if (last - y < 13)
			continue;
		text(f, "tick", "end", LEFT - 6, y + 4, p->y.tick[i].text);
		last = y;
	}
	text(f, "title", "start", 4, 13, p->y_title);
}

/* Where words would run into those before, the tick stays without. */
static void
x_axis(FILE *f, const struct draw_plot *p)
{
	double y = HEIGHT - BOTTOM, end = -INFINITY;

	draw_svg_line(f, "axis", LEFT, y, DRAW_SVG_WIDTH - RIGHT, y);
	for (unsigned int i = 0; i < p->x.n_ticks; i++) {
		const struct draw_tick *t = &p->x.tick[i];
		double x = x_of(p, t->at), half = (double)strlen(t->text) * DRAW_SVG_LETTER / 2;

		draw_svg_line(f, "axis", x, y, x, y + 4);
		if (x - half < end + 4)
			continue;
		text(f, "tick", "middle", x, y + 17, t->text);
		end = x + half;
	}
	text(f, "title", "middle", LEFT + (DRAW_SVG_WIDTH - LEFT - RIGHT) / 2, HEIGHT - 8,
	     p->x_title);
}

void
draw_svg_mark(FILE *f, unsigned int colour, double x, double y)
{
	static const char *const shape[] = {
		"m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z", /* circle */
		"m-3.3-3.3h6.6v6.6h-6.6z",                          /* square */
		"m0-4.4l4.2 7.4h-8.4z",                             /* triangle */
		"m0-4.8l4.8 4.8l-4.8 4.8l-4.8-4.8z",                /* diamond */
		"m0 4.4l4.2-7.4h-8.4z",                             /* triangle, upside down */
	};

	fprintf(f, "<path class=\"f%u\" d=\"M%.1f %.1f%s\"/>\n", colour % DRAW_COLOURS, x, y,
		shape[colour % (sizeof(shape) / sizeof(shape[0]))]);
}

/* Of a point that has one: drawn first, so that marks lie on top. */
static void
intervals(FILE *f, const struct draw_plot *p, const struct draw_series *s)
{
	char class[8];

	snprintf(class, sizeof(class), "s%u", s->colour % DRAW_COLOURS);
	for (unsigned int i = 0; i < s->n; i++) {
		const struct draw_point *o = &s->point[i];
		double x = x_of(p, o->x), lo = y_of(p, o->lo), hi = y_of(p, o->hi);

		if (o->hi <= o->lo)
			continue;
		draw_svg_line(f, class, x, lo, x, hi);
		draw_svg_line(f, class, x - 3, lo, x + 3, lo);
		draw_svg_line(f, class, x - 3, hi, x + 3, hi);
	}
}

static void
curve(FILE *f, const struct draw_plot *p, const struct draw_series *s)
{
	if (s->reference)
		fputs("<path class=\"ref\" d=\"", f);
	else
		fprintf(f, "<path class=\"curve s%u\" stroke-dasharray=\"%s\" d=\"",
			s->colour % DRAW_COLOURS, s->dash % 4 != 0 ? dashes[s->dash % 4] : "none");
	for (unsigned int i = 0; i < s->n; i++)
		fprintf(f, "%c%.1f %.1f", i == 0 || s->point[i].apart ? 'M' : 'L',
			x_of(p, s->point[i].x), y_of(p, s->point[i].y));
	fputs("\"/>\n", f);
}

static void
series(FILE *f, const struct draw_plot *p, const struct draw_series *s)
{
	const struct draw_point *last = &s->point[s->n - 1];

	if (!s->reference) {
		intervals(f, p, s);
		curve(f, p, s);
		for (unsigned int i = 0; i < s->n; i++)
			draw_svg_mark(f, s->colour, x_of(p, s->point[i].x), y_of(p, s->point[i].y));
		return;
	}
	curve(f, p, s);
	text(f, "tick", "start", DRAW_SVG_WIDTH - RIGHT + 4, y_of(p, last->y) + 4, s->name);
}

void
draw_svg_plot(FILE *f, const struct draw_plot *p)
{
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %d %d\">\n"
		"<title>",
		DRAW_SVG_WIDTH, HEIGHT);
	draw_xml(f, p->title);
	fputs("</title>\n", f);
	y_axis(f, p);
	x_axis(f, p);
	/* References below what was measured. */
	for (int measured = 0; measured < 2; measured++)
		for (unsigned int i = 0; i < p->n; i++)
			if (p->series[i].n != 0 && p->series[i].reference != measured)
				series(f, p, &p->series[i]);
	fputs("</svg>\n", f);
}

void
draw_svg_swatch(FILE *f, const struct draw_series *s)
{
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"swatch\" viewBox=\"0 0 30 12\" "
		"aria-hidden=\"true\"><path class=\"curve s%u\" stroke-dasharray=\"%s\" "
		"d=\"M1 6H29\"/>",
		s->colour % DRAW_COLOURS, s->dash % 4 != 0 ? dashes[s->dash % 4] : "none");
	draw_svg_mark(f, s->colour, 15, 6);
	fputs("</svg>", f);
}
