/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw_escape.h"
#include "draw_memory.h"
#include "draw_rows.h"
#include "draw_svg.h"

#define ROW 38.0
#define VALUE_LINE 15.0 /* more, where name and value do not fit into one line */
#define LEFT 14.0
#define RIGHT 14.0
#define BOTTOM 44.0

struct draw_row *
draw_rows_add(struct draw_rows *r, const char *name)
{
	struct draw_row *row;

	r->row = draw_resize(r->row, r->n + 1, sizeof(*r->row));
	row = &r->row[r->n++];
	*row = (struct draw_row){ .mark = NAN, .lo = NAN, .hi = NAN, .min = NAN, .max = NAN };
	snprintf(row->name, sizeof(row->name), "%s", name);
	return row;
}

void
draw_row_stats(struct draw_row *row, const struct draw_stats *s, int digits)
{
	row->mark = s->median;
	row->lo = s->lo;
	row->hi = s->hi;
	row->min = s->min;
	row->max = s->max;
	draw_format_stats(row->value, sizeof(row->value), s, digits);
}

static unsigned int
name_index(struct draw_rows *r, const char *what)
{
	char name[sizeof(*r->part_name)];

	snprintf(name, sizeof(name), "%s", what);
	for (unsigned int i = 0; i < r->n_names; i++)
		if (strcmp(r->part_name[i], name) == 0)
			return i;
	r->part_name = draw_resize(r->part_name, r->n_names + 1, sizeof(*r->part_name));
	memcpy(r->part_name[r->n_names], name, sizeof(name));
	return r->n_names++;
}

void
draw_rows_part(struct draw_rows *r, struct draw_row *row, const char *what, double size)
{
	if (!isfinite(size) || size < 0)
		return;
	row->part = draw_resize(row->part, row->n + 1, sizeof(*row->part));
	row->part[row->n++] = (struct draw_part){ size, name_index(r, what) };
}

void
draw_rows_free(struct draw_rows *r)
{
	for (unsigned int i = 0; i < r->n; i++)
		free(r->row[i].part);
	free(r->row);
	free(r->part_name);
	r->row = NULL;
	r->part_name = NULL;
	r->n = r->n_names = 0;
}

static double
bar_size(const struct draw_row *row)
{
	double sum = 0;

	for (unsigned int i = 0; i < row->n; i++)
		sum += row->part[i].size;
	return sum;
}

static void
fit(const struct draw_rows *r, struct draw_axis *axis)
{
	/* Bars begin at zero, intervals where they are. */
	double lo = r->reference, hi = r->reference;

	for (unsigned int i = 0; i < r->n; i++) {
		const struct draw_row *row = &r->row[i];

		if (row->n != 0) {
			lo = fmin(lo, 0);
			hi = fmax(hi, bar_size(row));
			continue;
		}
		lo = fmin(fmin(lo, row->mark), fmin(row->lo, row->min));
		hi = fmax(fmax(hi, row->mark), fmax(row->hi, row->max));
	}
	if (!isfinite(lo) || !isfinite(hi))
		lo = hi = 0;
	/* Values without a reference are compared with nothing, unless zero is in sight. */
	if (!isfinite(r->reference) && !r->log)
		lo = fmin(lo, 0);
	draw_axis_fit(axis, r->log, lo, hi, NULL);
}

static double
x_of(const struct draw_axis *axis, double x)
{
	return LEFT + draw_axis_at(axis, x) * (DRAW_SVG_WIDTH - LEFT - RIGHT);
}

static void
interval(FILE *f, const struct draw_axis *axis, const struct draw_row *row, double y)
{
	if (isfinite(row->min) && isfinite(row->max))
		draw_svg_line(f, "s0", x_of(axis, row->min), y, x_of(axis, row->max), y);
	if (isfinite(row->lo) && isfinite(row->hi))
		draw_svg_line(f, "s0 thick", x_of(axis, row->lo), y, x_of(axis, row->hi), y);
	if (isfinite(row->mark))
		draw_svg_mark(f, 0, x_of(axis, row->mark), y);
}

static void
bar(FILE *f, const struct draw_axis *axis, const struct draw_row *row, double y)
{
	double at = 0;

	for (unsigned int i = 0; i < row->n; i++) {
		double from = x_of(axis, at), to = x_of(axis, at + row->part[i].size);

		fprintf(f,
			"<rect class=\"f%u part\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			"height=\"12\"/>\n",
			row->part[i].colour % DRAW_COLOURS, from, y - 6, fmax(to - from, 0));
		at += row->part[i].size;
	}
}

/* The letters of words are narrower than the digits of an axis. */
#define LETTER 6.3
#define LETTERS ((unsigned int)((DRAW_SVG_WIDTH - LEFT - RIGHT) / LETTER))

/* Whether the values need a line of their own; if one does, all have one. */
static bool
has_value_line(const struct draw_rows *r)
{
	for (unsigned int i = 0; i < r->n; i++)
		if ((double)strlen(r->row[i].name) * LETTER +
			    (double)(strlen(r->row[i].value) + 2) * DRAW_SVG_LETTER >
		    DRAW_SVG_WIDTH - LEFT - RIGHT)
			return true;
	return false;
}

/* @p y is that of the mark or bar. */
static void
one_row(FILE *f, const struct draw_axis *axis, const struct draw_row *row, double y,
	bool value_line)
{
	double name_y = y - 12 - (value_line ? VALUE_LINE : 0);

	fprintf(f, "<text class=\"row\" x=\"%.1f\" y=\"%.1f\"><title>", LEFT, name_y);
	draw_xml(f, row->name);
	fputs("</title>", f);
	draw_xml_cut(f, row->name, LETTERS);
	fprintf(f, "</text>\n<text class=\"tick\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">",
		value_line ? "start" : "end", value_line ? LEFT : DRAW_SVG_WIDTH - RIGHT, y - 12);
	draw_xml(f, row->value);
	fputs("</text>\n", f);
	if (row->n != 0)
		bar(f, axis, row, y);
	else
		interval(f, axis, row, y);
}

static void
x_axis(FILE *f, const struct draw_rows *r, const struct draw_axis *axis, double y, double row)
{
	double end = -INFINITY;

	for (unsigned int i = 0; i < axis->n_ticks; i++) {
		const struct draw_tick *t = &axis->tick[i];
		double half = (double)strlen(t->text) * DRAW_SVG_LETTER / 2;
		double x = x_of(axis, t->at);
		double words = fmin(fmax(x, half), DRAW_SVG_WIDTH - half);

		for (unsigned int k = 0; k < r->n; k++)
			draw_svg_line(f, "grid", x, row * (k + 1) - 19, x, row * (k + 1) - 4);
		draw_svg_line(f, "axis", x, y, x, y + 4);
		if (words - half < end + 6)
			continue;
		fprintf(f,
			"<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%.1f\">%s"
			"</text>\n",
			words, y + 17, t->text);
		end = words + half;
	}
	draw_svg_line(f, "axis", LEFT, y, DRAW_SVG_WIDTH - RIGHT, y);
	fprintf(f, "<text class=\"title\" text-anchor=\"middle\" x=\"%d\" y=\"%.1f\">",
		DRAW_SVG_WIDTH / 2, y + 36);
	draw_xml(f, r->x_title);
	fputs("</text>\n", f);
}

static void
picture(FILE *f, const struct draw_rows *r)
{
	const bool value_line = has_value_line(r);
	const double row = ROW + (value_line ? VALUE_LINE : 0), bottom = row * r->n + 4;
	struct draw_axis axis;

	fit(r, &axis);
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %d %.0f\">\n"
		"<title>",
		DRAW_SVG_WIDTH, bottom + BOTTOM);
	draw_xml(f, r->title);
	fputs("</title>\n", f);
	x_axis(f, r, &axis, bottom, row);
	for (unsigned int i = 0; i < r->n; i++) {
		double x = x_of(&axis, r->reference);

		if (isfinite(r->reference))
			draw_svg_line(f, "mark", x, row * (i + 1) - 20, x, row * (i + 1) - 3);
		one_row(f, &axis, &r->row[i], row * (i + 1) - 12, value_line);
	}
	fputs("</svg>\n", f);
}

void
draw_rows_html(FILE *f, const struct draw_rows *r)
{
	if (r->n == 0)
		return;
	fputs("<figure>\n<figcaption>", f);
	draw_xml(f, r->title);
	fputs("</figcaption>\n", f);
	picture(f, r);
	if (r->n_names != 0)
		fputs("<ul class=\"legend\">\n", f);
	for (unsigned int i = 0; i < r->n_names; i++) {
		fprintf(f,
			"<li><svg xmlns=\"http://www.w3.org/2000/svg\" class=\"swatch box\" "
			"viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"f%u\" "
			"width=\"12\" height=\"12\"/></svg>",
			i % DRAW_COLOURS);
		draw_xml(f, r->part_name[i]);
		fputs("</li>\n", f);
	}
	if (r->n_names != 0)
		fputs("</ul>\n", f);
	if (r->note != NULL) {
		fputs("<p class=\"note\">", f);
		draw_xml(f, r->note);
		fputs("</p>\n", f);
	}
	fputs("</figure>\n", f);
}
