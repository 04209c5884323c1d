/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Cycles of a hop, and where they go. */

#include <math.h>

#include "draw_kind.h"
#include "draw_rows.h"
#include "draw_value.h"

static double
median(const json_t *o, const char *key)
{
	return draw_stats(json_object_get(o, key), 1).median;
}

static void
stage_row(struct draw_rows *rows, const json_t *o, const char *name)
{
	const json_t *stages = json_object_get(o, "stages");
	struct draw_row *row;
	double sum = 0;
	char text[200], number[32];

	if (json_array_size(stages) == 0)
		return;
	snprintf(text, sizeof(text), "%s: stages", name);
	row = draw_rows_add(rows, text);
	for (size_t i = 0; i < json_array_size(stages); i++) {
		const json_t *s = json_array_get(stages, i);

		draw_rows_part(rows, row, draw_string(s, "name"), draw_number(s, "cycles"));
		sum += draw_number(s, "cycles");
	}
	draw_format(number, sizeof(number), sum, 3);
	snprintf(row->value, sizeof(row->value), "sum %s", number);
}

static void
figures(const struct draw_results *r, FILE *f)
{
	struct draw_rows rows = {
		.title = "Cost of a hop",
		.x_title = "TSC cycles a packet",
		.note = "The figure is the median of the whole, with smallest and largest; the "
			"parts of the bar are timed apart, so their sum may differ from it.",
		.reference = NAN,
	};

	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		struct draw_stats s = draw_stats(json_object_get(o, "cycles"), 1);
		struct draw_row *row;
		char name[160], size[64];

		snprintf(size, sizeof(size), "size %s", r->result[i].size);
		draw_name(name, sizeof(name), r, i, size);
		row = draw_rows_add(&rows, name);
		draw_format_stats(row->value, sizeof(row->value), &s, 3);
		draw_rows_part(&rows, row, "tx_burst", median(o, "tx_cycles"));
		draw_rows_part(&rows, row, "rx_burst", median(o, "rx_cycles"));
		if (row->n == 0)
			draw_rows_part(&rows, row, "tx_burst + rx_burst", s.median);
		stage_row(&rows, o, name);
	}
	draw_rows_html(f, &rows);
	draw_rows_free(&rows);
}

static void
cycles(struct draw_table *t, const json_t *o, const char *key)
{
	struct draw_stats s = draw_stats(json_object_get(o, key), 1);
	char text[100];

	draw_format_stats(text, sizeof(text), &s, 4);
	draw_table_text(t, text);
}

static void
stages_cell(struct draw_table *t, const json_t *stages)
{
	char text[512] = "";
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(stages) && at < sizeof(text); i++) {
		const json_t *s = json_array_get(stages, i);

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s %.2f",
				       i != 0 ? "; " : "", draw_string(s, "name"),
				       draw_number(s, "cycles"));
	}
	draw_table_text(t, at != 0 ? text : "-");
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report",        "scenario",
					       "size",          "frames",
					       "stages",        "tx_burst + rx_burst",
					       "median batch",  "tx_burst",
					       "rx_burst",      "core cycles",
					       "polls a packet" };

	DRAW_COLUMNS(t, columns, 5);
	t->note = "TSC cycles a packet (core cycles: those of the processor's own clock), median "
		  "[min - max]. tx_burst and rx_burst are timed apart.";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json, *moved = json_object_get(o, "moved");

		draw_kind_cells(r, i, t);
		draw_table_text(t, moved == NULL ? "-" : json_is_true(moved) ? "moved" : "copied");
		stages_cell(t, json_object_get(o, "stages"));
		cycles(t, o, "cycles");
		cycles(t, o, "cycles_median_batch");
		cycles(t, o, "tx_cycles");
		cycles(t, o, "rx_cycles");
		cycles(t, o, "core_cycles");
		draw_table_number(t, draw_number(o, "polls_per_packet"), 2);
	}
}

static const char *const kinds[] = { "hop", NULL };

const struct draw_kind draw_kind_hop = {
	.title = "Hop",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
