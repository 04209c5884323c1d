/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Longest bursts without loss, back to back (RFC 9004). */

#include <math.h>

#include "draw_kind.h"
#include "draw_rows.h"
#include "draw_value.h"

static void
figures(const struct draw_results *r, FILE *f)
{
	struct draw_rows rows = {
		.title = "Longest burst without loss",
		.x_title = "frames",
		.note = "Mark: median; thick: its confidence interval; thin: smallest to largest.",
		.reference = NAN,
	};

	for (unsigned int i = 0; i < r->n; i++) {
		struct draw_stats s = draw_stats(json_object_get(r->result[i].json, "frames"), 1);
		struct draw_row *row;
		char name[160], size[64];

		snprintf(size, sizeof(size), "size %s", r->result[i].size);
		draw_name(name, sizeof(name), r, i, size);
		row = draw_rows_add(&rows, name);
		draw_row_stats(row, &s, 4);
	}
	draw_rows_html(f, &rows);
	draw_rows_free(&rows);
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report",         "scenario",
					       "size",           "runs",
					       "frames",         "buffer time, \xC2\xB5s",
					       "line rate, Mpps" };

	DRAW_COLUMNS(t, columns, 3);
	t->note = "Median [min - max] over the runs. Buffer time: corrected by what was forwarded "
		  "meanwhile (RFC 9004 section 5.4).";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json;
		struct draw_stats frames = draw_stats(json_object_get(o, "frames"), 1);
		struct draw_stats time = draw_stats(json_object_get(o, "buffer_time_ns"), 1e-3);
		char text[100];

		draw_kind_cells(r, i, t);
		draw_table_number(t, draw_number(o, "runs"), 4);
		draw_format_stats(text, sizeof(text), &frames, 4);
		draw_table_text(t, text);
		draw_format_stats(text, sizeof(text), &time, 4);
		draw_table_text(t, text);
		draw_table_number(t, draw_number(o, "line_rate_pps") / 1e6, 4);
	}
}

static const char *const kinds[] = { "back_to_back", NULL };

const struct draw_kind draw_kind_bursts = {
	.title = "Back-to-back frames",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
