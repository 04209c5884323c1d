/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Single values: over the number of VFs, cores or addresses where there is one, side by side where
 * there is none.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw_kind.h"
#include "draw_plot.h"
#include "draw_rows.h"
#include "draw_value.h"

static bool
has_x(const json_t *o)
{
	return isfinite(draw_number(o, "x"));
}

/* In one picture: of one kind, in one unit, over the same thing or over nothing. */
static bool
together(const struct draw_result *a, const struct draw_result *b)
{
	return strcmp(a->kind, b->kind) == 0 &&
	       strcmp(draw_string(a->json, "unit"), draw_string(b->json, "unit")) == 0 &&
	       has_x(a->json) == has_x(b->json) &&
	       strcmp(draw_string(a->json, "x_name"), draw_string(b->json, "x_name")) == 0;
}

/* "forwarding of size 64 ...": what tells values of one picture apart. */
static void
name_of(char *text, size_t len, const struct draw_results *r, unsigned int i)
{
	const struct draw_result *o = &r->result[i];
	char extra[160];

	snprintf(extra, sizeof(extra), "%s%ssize %s", draw_string(o->json, "name"),
		 draw_string(o->json, "name")[0] != '\0' ? ", " : "", o->size);
	draw_name(text, len, r, i, extra);
}

/* A kind's word as a title: "policy_change" becomes "Policy change". */
static void
title_of(char *text, size_t len, const char *kind)
{
	snprintf(text, len, "%s", kind);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
}

static int
by_at(const void *a, const void *b)
{
	const struct draw_tick *p = a, *q = b;

	return (p->at > q->at) - (p->at < q->at);
}

static bool
has_tick(const struct draw_axis *x, double at)
{
	for (unsigned int i = 0; i < x->n_ticks; i++)
		if (x->tick[i].at == at)
			return true;
	return false;
}

/* Few small numbers, of cores or VFs: each is a tick, for half a core is none. */
static void
tick_points(struct draw_axis *x, const struct draw_plot *p)
{
	struct draw_axis own = *x;
	char text[24];

	own.n_ticks = 0;
	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int k = 0; k < p->series[i].n; k++) {
			double at = p->series[i].point[k].x;

			if (has_tick(&own, at))
				continue;
			if (at != rint(at) || fabs(at) >= 1e5 || own.n_ticks == DRAW_TICKS_MAX)
				return;
			snprintf(text, sizeof(text), "%.0f", at);
			draw_axis_tick(&own, at, text);
		}
	qsort(own.tick, own.n_ticks, sizeof(own.tick[0]), by_at);
	*x = own;
}

static void
fit_x(struct draw_plot *p)
{
	double lo = INFINITY, hi = -INFINITY;

	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int k = 0; k < p->series[i].n; k++) {
			lo = fmin(lo, p->series[i].point[k].x);
			hi = fmax(hi, p->series[i].point[k].x);
		}
	/* Numbers of VFs or addresses are mostly doubled from one to the next. */
	if (lo > 0 && hi / lo >= 8)
		draw_axis_fit(&p->x, true, lo, hi, NULL);
	else
		draw_axis_fit(&p->x, false, fmin(lo, 0), hi, NULL);
	tick_points(&p->x, p);
}

static void
curves(const struct draw_results *r, FILE *f, unsigned int first, const char *title)
{
	struct draw_plot p = {
		.title = title,
		.x_title = draw_string(r->result[first].json, "x_name"),
		.y_title = draw_unit(draw_string(r->result[first].json, "unit")),
		.note = "Bars: confidence interval of the median.",
	};
	double lo, hi;

	for (unsigned int i = first; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		struct draw_series *s;
		struct draw_stats v;
		char name[160];

		if (!together(&r->result[first], &r->result[i]))
			continue;
		name_of(name, sizeof(name), r, i);
		s = draw_plot_find(&p, name);
		if (s == NULL)
			s = draw_plot_series(&p, name, p.n, r->result[i].report);
		v = draw_stats(json_object_get(o, "value"), draw_scale(draw_string(o, "unit")));
		draw_series_add(s,
				(struct draw_point){ draw_number(o, "x"), v.median, v.lo, v.hi });
	}
	draw_plot_sort(&p);
	if (draw_plot_range(&p, &lo, &hi)) {
		draw_axis_fit(&p.y, false, fmin(lo, 0), hi, NULL);
		fit_x(&p);
		draw_plot_html(f, &p);
	}
	draw_plot_free(&p);
}

static void
rows(const struct draw_results *r, FILE *f, unsigned int first, const char *title)
{
	struct draw_rows p = {
		.title = title,
		.x_title = draw_unit(draw_string(r->result[first].json, "unit")),
		.note = "Mark: median; thick: its confidence interval; thin: smallest to largest.",
		.reference = NAN,
	};

	for (unsigned int i = first; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		struct draw_stats v = draw_stats(json_object_get(o, "value"),
						 draw_scale(draw_string(o, "unit")));
		struct draw_row *row;
		char name[160];

		if (!together(&r->result[first], &r->result[i]) || !isfinite(v.median))
			continue;
		name_of(name, sizeof(name), r, i);
		row = draw_rows_add(&p, name);
		draw_row_stats(row, &v, 4);
	}
	draw_rows_html(f, &p);
	draw_rows_free(&p);
}

static void
figures(const struct draw_results *r, FILE *f)
{
	for (unsigned int i = 0; i < r->n; i++) {
		char title[64];
		unsigned int before = 0;

		while (before < i && !together(&r->result[before], &r->result[i]))
			before++;
		if (before != i)
			continue;
		title_of(title, sizeof(title), r->result[i].kind);
		if (has_x(r->result[i].json))
			curves(r, f, i, title);
		else
			rows(r, f, i, title);
	}
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report", "kind", "scenario", "name",  "size",
					       "over",   "unit", "x",        "value", "remark" };

	DRAW_COLUMNS(t, columns, 7);
	t->note = "Median [min - max].";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		struct draw_stats v = draw_stats(json_object_get(o, "value"),
						 draw_scale(draw_string(o, "unit")));
		char title[64], text[100];

		title_of(title, sizeof(title), r->result[i].kind);
		draw_table_text(t, draw_label(r, i));
		draw_table_text(t, title);
		draw_table_text(t, r->result[i].scenario);
		draw_table_text(t, draw_string(o, "name"));
		draw_table_text(t, r->result[i].size);
		draw_table_text(t, draw_string(o, "x_name"));
		draw_table_text(t, draw_unit(draw_string(o, "unit")));
		draw_table_number(t, draw_number(o, "x"), 4);
		draw_format_stats(text, sizeof(text), &v, 4);
		draw_table_text(t, text);
		draw_table_text(t, draw_string(o, "not_applicable"));
	}
}

static const char *const kinds[] = { "forwarding", "congestion",    "learning",
				     "capacity",   "broadcast",     "scaling",
				     "violation",  "policy_change", NULL };

const struct draw_kind draw_kind_values = {
	.title = "Switching and scaling",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
