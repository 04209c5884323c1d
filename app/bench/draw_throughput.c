/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Throughput by frame size, beside what links of common speeds carry. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw_kind.h"
#include "draw_memory.h"
#include "draw_plot.h"
#include "draw_value.h"
#include "wire.h"

static const struct {
	const char *name;
	double bits_per_s;
} link[] = { { "10G", 10e9 }, { "25G", 25e9 }, { "40G", 40e9 }, { "100G", 100e9 } };

#define N_LINKS (sizeof(link) / sizeof(link[0]))

/* A place on the x axis; sizes are equally far apart, as 1024, 1280 and 1518 else collide. */
struct place {
	const char *size;
	double mean; /* pkt_len */
};

static int
by_mean(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->mean > y->mean) - (x->mean < y->mean);
}

static unsigned int
find(const struct place *place, unsigned int n, const char *size)
{
	unsigned int i = 0;

	while (i < n && strcmp(place[i].size, size) != 0)
		i++;
	return i;
}

static struct place *
places(const struct draw_results *r, unsigned int *n)
{
	struct place *place = draw_resize(NULL, r->n, sizeof(*place));

	*n = 0;
	for (unsigned int i = 0; i < r->n; i++)
		if (find(place, *n, r->result[i].size) == *n)
			place[(*n)++] = (struct place){
				r->result[i].size, draw_number(r->result[i].json, "mean_pkt_len")
			};
	qsort(place, *n, sizeof(*place), by_mean);
	return place;
}

/* That of the first goal, so that a report and scenario has one colour. */
static unsigned int
colour(struct draw_plot *p, const struct draw_results *r, unsigned int i)
{
	const json_t *first = json_array_get(json_object_get(r->result[i].json, "goals"), 0);
	const struct draw_series *s;
	unsigned int n = 0;
	char name[160];

	draw_name(name, sizeof(name), r, i, draw_string(first, "name"));
	s = draw_plot_find(p, name);
	for (unsigned int k = 0; s == NULL && k < p->n; k++)
		n += p->series[k].dash == 0;
	return s != NULL ? s->colour : n;
}

/* A curve for each goal of each report and scenario; the dashes tell the goals apart. */
static void
add_result(struct draw_plot *p, const struct draw_results *r, unsigned int i, unsigned int x,
	   bool wire)
{
	const json_t *goals = json_object_get(r->result[i].json, "goals");
	double bits = msr_wire_mean_bits(draw_number(r->result[i].json, "mean_pkt_len"));

	for (size_t g = 0; g < json_array_size(goals); g++) {
		const json_t *goal = json_array_get(goals, g);
		struct draw_stats s = draw_stats(json_object_get(goal, "pps"),
						 wire ? bits / 1e9 : 1e-6);
		struct draw_series *curve;
		char name[160];

		draw_name(name, sizeof(name), r, i, draw_string(goal, "name"));
		curve = draw_plot_find(p, name);
		if (curve == NULL)
			curve = draw_plot_series(p, name, colour(p, r, i), (unsigned int)g);
		/* Nothing on a logarithmic axis shows a rate of zero. */
		if (s.median > 0)
			draw_series_add(curve, (struct draw_point){ x, s.median, s.lo, s.hi });
	}
}

static void
add_links(struct draw_plot *p, const struct place *place, unsigned int n, bool wire)
{
	for (size_t k = 0; k < N_LINKS; k++) {
		struct draw_series *s = draw_plot_series(p, link[k].name, 0, 0);

		s->reference = true;
		for (unsigned int i = 0; i < n; i++) {
			double bits = msr_wire_mean_bits(place[i].mean);
			double y = link[k].bits_per_s / (wire ? 1e9 : bits * 1e6);

			draw_series_add(s, (struct draw_point){ i, y, y, y });
		}
	}
}

static void
plot(const struct draw_results *r, FILE *f, bool wire)
{
	struct draw_plot p = {
		.title = wire ? "Throughput on the wire, by frame size" :
				"Throughput in frames, by frame size",
		.x_title = "frame size with FCS, bytes",
		.y_title = wire ? "Gbit/s on the wire" : "Mpps",
		.note = "Grey: what links of that speed carry. Bars: confidence interval of the "
			"median, where searches were repeated.",
	};
	struct place *place;
	unsigned int n;
	double lo, hi;

	place = places(r, &n);
	for (unsigned int i = 0; i < r->n; i++)
		add_result(&p, r, i, find(place, n, r->result[i].size), wire);
	draw_plot_sort(&p);
	if (draw_plot_range(&p, &lo, &hi)) {
		add_links(&p, place, n, wire);
		draw_plot_range(&p, &lo, &hi);
		draw_axis_fit(&p.y, true, lo, hi, NULL);
		draw_axis_open(&p.x, -0.3, n - 0.7);
		for (unsigned int i = 0; i < n; i++)
			draw_axis_tick(&p.x, i, place[i].size);
		draw_plot_html(f, &p);
	}
	draw_plot_free(&p);
	free(place);
}

static void
figures(const struct draw_results *r, FILE *f)
{
	plot(r, f, false);
	plot(r, f, true);
}

static void
goal_row(struct draw_table *t, const struct draw_results *r, unsigned int i, const json_t *goal)
{
	const json_t *o = r->result[i].json;
	double bits = msr_wire_mean_bits(draw_number(o, "mean_pkt_len"));
	struct draw_stats s = draw_stats(json_object_get(goal, "pps"), 1e-6);
	char text[100];

	draw_kind_cells(r, i, t);
	draw_table_text(t, draw_string(goal, "name"));
	draw_format(text, sizeof(text), draw_number(goal, "loss_ratio") * 100, 3);
	draw_table_text(t, text);
	draw_format_stats(text, sizeof(text), &s, 4);
	draw_table_text(t, text);
	draw_table_number(t, s.median * bits / 1e3, 4);
	for (size_t k = 0; k < N_LINKS; k++)
		draw_table_number(t, s.median * 1e6 * bits / link[k].bits_per_s * 100, 3);
	draw_table_number(t, draw_number(o, "saturation_pps") / 1e6, 4);
	draw_table_number(t, draw_number(o, "tester_pps") / 1e6, 4);
	draw_table_text(t, draw_string(goal, "end"));
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report",       "scenario",      "size",
					       "goal",         "loss limit, %", "Mpps",
					       "Gbit/s",       "% of 10G",      "% of 25G",
					       "% of 40G",     "% of 100G",     "saturated",
					       "tester alone", "search ended" };

	DRAW_COLUMNS(t, columns, 4);
	t->note = "Mpps: median [min - max] over the searches. Gbit/s on the wire, with preamble "
		  "and gap. Saturated: Mpps forwarded when as much as possible was offered. Tester "
		  "alone: Mpps through the tester's own ring, its limit.";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *goals = json_object_get(r->result[i].json, "goals");

		for (size_t g = 0; g < json_array_size(goals); g++)
			goal_row(t, r, i, json_array_get(goals, g));
	}
}

static const char *const kinds[] = { "throughput", NULL };

const struct draw_kind draw_kind_throughput = {
	.title = "Throughput",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
