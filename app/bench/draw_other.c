/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Kinds of results that this version does not know: every value, as it is. */

#include "draw_flatten.h"
#include "draw_kind.h"
#include "draw_value.h"

struct row {
	const struct draw_results *r;
	unsigned int i;
	struct draw_table *t;
};

static void
each(void *arg, const char *path, const json_t *value)
{
	const struct row *row = arg;
	char text[256];

	draw_format_json(text, sizeof(text), value);
	draw_table_text(row->t, draw_label(row->r, row->i));
	draw_table_cell(row->t, "%u", row->i);
	draw_table_text(row->t, row->r->result[row->i].kind);
	draw_table_text(row->t, path);
	draw_table_text(row->t, text);
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report", "number", "kind", "field", "value" };

	DRAW_COLUMNS(t, columns, 5);
	t->note = "Kinds that this version of eswitch-bench draws no picture of.";
	for (unsigned int i = 0; i < r->n; i++) {
		struct row row = { r, i, t };

		draw_flatten(r->result[i].json, each, &row);
	}
}

const struct draw_kind draw_kind_other = {
	.title = "Other results",
	.table = table,
};
