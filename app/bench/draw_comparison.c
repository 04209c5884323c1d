/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* A against B, measured in turn: how much B is of A, and how sure that is. */

#include <math.h>
#include <string.h>

#include "draw_kind.h"
#include "draw_rows.h"
#include "draw_value.h"

/* A ratio far from 1 needs an axis on which a half is as far from it as a double. */
#define LOG_FROM 4.0

static struct draw_stats
read_ratio(const json_t *o)
{
	return draw_stats(json_object_get(o, "ratio"), 1);
}

static const char *
side_name(const json_t *o, const char *side)
{
	return draw_string(json_object_get(o, side), "name");
}

static struct draw_stats
side_stats(const json_t *o, const char *side, double scale)
{
	return draw_stats(json_object_get(json_object_get(o, side), "stats"), scale);
}

static void
figures(const struct draw_results *r, FILE *f)
{
	struct draw_rows rows = {
		.title = "B as a share of A, measured in turn",
		.x_title = "B / A; 1: no difference",
		.note = "Mark: median ratio of the pairs, measured in turn; thick: its confidence "
			"interval; thin: smallest to largest. An interval that holds 1 shows no "
			"difference.",
		.reference = 1,
	};

	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		struct draw_stats q = read_ratio(o);
		char extra[160], name[200], median[24], lo[24], hi[24];
		struct draw_row *row;

		snprintf(extra, sizeof(extra), "%s%s%s: %s / %s", draw_string(o, "metric"),
			 r->result[i].size[0] != '\0' ? ", size " : "", r->result[i].size,
			 side_name(o, "b"), side_name(o, "a"));
		draw_name(name, sizeof(name), r, i, extra);
		row = draw_rows_add(&rows, name);
		draw_row_stats(row, &q, 4);
		draw_format(median, sizeof(median), q.median, 4);
		draw_format(lo, sizeof(lo), q.lo, 4);
		draw_format(hi, sizeof(hi), q.hi, 4);
		snprintf(row->value, sizeof(row->value), "%s [%s - %s]", median, lo, hi);
		if (fmin(q.lo, q.min) > 0 &&
		    (fmax(q.hi, q.max) > LOG_FROM || fmin(q.lo, q.min) < 1 / LOG_FROM))
			rows.log = true;
	}
	draw_rows_html(f, &rows);
	draw_rows_free(&rows);
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report", "scenario", "size",     "metric",
					       "unit",   "A",        "B",        "A",
					       "B",      "B / A",    "interval", "confidence, %" };

	DRAW_COLUMNS(t, columns, 7);
	t->note = "A and B: median [min - max]. The interval is that of the median ratio.";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		double scale = draw_scale(draw_string(o, "unit"));
		struct draw_stats a = side_stats(o, "a", scale), b = side_stats(o, "b", scale);
		struct draw_stats q = read_ratio(o);
		char text[100], lo[24], hi[24];

		draw_kind_cells(r, i, t);
		draw_table_text(t, draw_string(o, "metric"));
		draw_table_text(t, draw_unit(draw_string(o, "unit")));
		draw_table_text(t, side_name(o, "a"));
		draw_table_text(t, side_name(o, "b"));
		draw_format_stats(text, sizeof(text), &a, 4);
		draw_table_text(t, text);
		draw_format_stats(text, sizeof(text), &b, 4);
		draw_table_text(t, text);
		draw_table_number(t, q.median, 4);
		draw_format(lo, sizeof(lo), q.lo, 4);
		draw_format(hi, sizeof(hi), q.hi, 4);
		draw_table_cell(t, "%s - %s", lo, hi);
		draw_table_number(t, draw_number(json_object_get(o, "ratio"), "ci_level") * 100, 4);
	}
}

static const char *const kinds[] = { "comparison", NULL };

const struct draw_kind draw_kind_comparison = {
	.title = "Comparisons",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
