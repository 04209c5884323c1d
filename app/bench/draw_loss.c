/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Frame loss over the offered load (RFC 2544 section 26.3). */

#include <math.h>
#include <stdlib.h>

#include "draw_kind.h"
#include "draw_plot.h"
#include "draw_value.h"

static void
plot(const struct draw_results *r, FILE *f, bool share)
{
	struct draw_plot p = {
		.title = share ? "Frame loss by share of the highest load" :
				 "Frame loss by offered load",
		.x_title = share ? "load, % of the highest" : "offered load, Mpps",
		.y_title = "lost, %",
	};
	double lo, hi, max = 0;

	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *points = json_object_get(r->result[i].json, "points");
		char name[160], size[64];
		struct draw_series *s;

		snprintf(size, sizeof(size), "size %s", r->result[i].size);
		draw_name(name, sizeof(name), r, i, size);
		s = draw_plot_series(&p, name, i, r->result[i].report);
		for (size_t k = 0; k < json_array_size(points); k++) {
			const json_t *o = json_array_get(points, k);
			double x = share ? draw_number(o, "share") * 100 :
					   draw_number(o, "offered_pps") / 1e6;

			max = fmax(max, x);
			draw_series_add(s,
					(struct draw_point){ x, draw_number(o, "loss_ratio") * 100,
							     NAN, NAN });
		}
	}
	draw_plot_sort(&p);
	if (draw_plot_range(&p, &lo, &hi)) {
		/* Without a single loss the axis still says what it would have shown. */
		draw_axis_fit(&p.y, false, 0, fmax(hi, 1e-3), NULL);
		draw_axis_fit(&p.x, false, 0, max, NULL);
		draw_plot_html(f, &p);
	}
	draw_plot_free(&p);
}

static void
figures(const struct draw_results *r, FILE *f)
{
	plot(r, f, true);
	plot(r, f, false);
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report",     "scenario",
					       "size",       "share, %",
					       "load, Mpps", "offered, Mpps",
					       "lost, %",    "below, % (95 % confidence)" };

	DRAW_COLUMNS(t, columns, 3);
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *points = json_object_get(r->result[i].json, "points");

		for (size_t k = 0; k < json_array_size(points); k++) {
			const json_t *o = json_array_get(points, k);

			draw_kind_cells(r, i, t);
			draw_table_number(t, draw_number(o, "share") * 100, 4);
			draw_table_number(t, draw_number(o, "load_pps") / 1e6, 4);
			draw_table_number(t, draw_number(o, "offered_pps") / 1e6, 4);
			draw_table_number(t, draw_number(o, "loss_ratio") * 100, 3);
			draw_table_number(t, draw_number(o, "loss_bound") * 100, 2);
		}
	}
}

static const char *const kinds[] = { "loss", NULL };

const struct draw_kind draw_kind_loss = {
	.title = "Frame loss",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
