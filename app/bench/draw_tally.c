/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What became of the frames of each result; also the bound that no loss in so many frames gives. */

#include <math.h>

#include "draw_kind.h"
#include "draw_value.h"

static const char *const count[] = { "sent",      "received",  "lost",    "reordered",
				     "duplicate", "late",      "corrupt", "stray",
				     "leaked",    "mistagged", "foreign", "blocked" };

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = {
		"report",    "kind",    "scenario",
		"size",      "of",      "sent",
		"received",  "lost",    "reordered",
		"duplicate", "late",    "corrupt",
		"stray",     "leaked",  "mistagged",
		"foreign",   "blocked", "loss below, % (95 % confidence)"
	};

	DRAW_COLUMNS(t, columns, 5);
	t->note =
		"Reordered, duplicate, late, corrupt and stray frames are wrong frames: they make "
		"a run void.";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json, *tally = json_object_get(o, "tally");
		const char *load = draw_string(o, "load");

		if (!isfinite(draw_number(tally, "sent")))
			continue;
		draw_table_text(t, draw_label(r, i));
		draw_table_text(t, r->result[i].kind);
		draw_table_text(t, r->result[i].scenario);
		draw_table_text(t, r->result[i].size);
		draw_table_text(t, load[0] != '\0' ? load : draw_string(o, "name"));
		for (size_t k = 0; k < sizeof(count) / sizeof(count[0]); k++) {
			double v = draw_number(tally, count[k]);

			if (isfinite(v))
				draw_table_cell(t, "%.0f", v);
			else
				draw_table_text(t, "");
		}
		draw_table_number(t, draw_number(tally, "loss_bound") * 100, 2);
	}
}

const struct draw_kind draw_kind_tally = {
	.title = "Frames",
	.all = true,
	.table = table,
};
