/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Percentiles of the latency: from left to right one frame in ten, in a hundred ... is worse. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw_kind.h"
#include "draw_plot.h"
#include "draw_value.h"
#include "report.h"

/* The largest value stands beyond the percentiles: it belongs to no share of the frames. */
#define MAX_AT 5.7

static double
nines(double percentile)
{
	return -log10(1 - percentile / 100);
}

static void
add_curve(struct draw_plot *p, const struct draw_results *r, unsigned int i, unsigned int colour)
{
	const json_t *h = json_object_get(r->result[i].json, "latency_ns");
	struct draw_series *s;
	char name[160], key[16];

	draw_name(name, sizeof(name), r, i, draw_string(r->result[i].json, "load"));
	s = draw_plot_series(p, name, colour, r->result[i].report);
	for (const double *q = msr_report_percentiles; *q != 0; q++) {
		double y;

		msr_report_percentile_key(*q, key, sizeof(key));
		/* A clock of whole nanoseconds has no logarithm of zero. */
		y = draw_number(h, key);
		if (isfinite(y))
			draw_series_add(s, (struct draw_point){ nines(*q), fmax(y, 1), NAN, NAN });
	}
	if (isfinite(draw_number(h, "max")))
		draw_series_add(s, (struct draw_point){ .x = MAX_AT,
							.y = fmax(draw_number(h, "max"), 1),
							.lo = NAN,
							.hi = NAN,
							.apart = true });
}

/* The same load has the same colour in all reports. */
static unsigned int
load_index(const struct draw_results *r, unsigned int i)
{
	const char *load = draw_string(r->result[i].json, "load");
	unsigned int n = 0;

	for (unsigned int k = 0; k < i; k++) {
		unsigned int before = 0;

		if (strcmp(draw_string(r->result[k].json, "load"), load) == 0)
			return load_index(r, k);
		while (before < k && strcmp(draw_string(r->result[before].json, "load"),
					    draw_string(r->result[k].json, "load")) != 0)
			before++;
		n += before == k;
	}
	return n;
}

static void
plot_size(const struct draw_results *r, FILE *f, const char *size)
{
	struct draw_plot p = {
		.x_title = "frames that are no slower, %",
		.y_title = "latency",
		.note = "Receipt minus intended departure. A curve ends where fewer than 100 "
			"frames lie beyond; the slowest of all stands apart.",
	};
	char title[128], text[24];
	double lo, hi;

	snprintf(title, sizeof(title), "Latency of frames of size %s", size);
	p.title = title;
	for (unsigned int i = 0; i < r->n; i++)
		if (strcmp(r->result[i].size, size) == 0)
			add_curve(&p, r, i, load_index(r, i));
	if (draw_plot_range(&p, &lo, &hi)) {
		draw_axis_fit(&p.y, true, lo, hi, draw_format_ns);
		draw_axis_open(&p.x, 0, MAX_AT + 0.2);
		for (const double *q = msr_report_percentiles; *q != 0; q++) {
			snprintf(text, sizeof(text), "%g", *q);
			draw_axis_tick(&p.x, nines(*q), text);
		}
		draw_axis_tick(&p.x, MAX_AT, "max");
		draw_plot_html(f, &p);
	}
	draw_plot_free(&p);
}

static void
figures(const struct draw_results *r, FILE *f)
{
	for (unsigned int i = 0; i < r->n; i++) {
		unsigned int before = 0;

		while (before < i && strcmp(r->result[before].size, r->result[i].size) != 0)
			before++;
		if (before == i)
			plot_size(r, f, r->result[i].size);
	}
}

static void
microseconds(struct draw_table *t, const json_t *h, const char *key)
{
	double ns = draw_number(h, key);

	if (isfinite(ns))
		draw_table_cell(t, "%.3f", ns / 1e3);
	else
		draw_table_text(t, "-");
}

static void
table(const struct draw_results *r, struct draw_table *t)
{
	static const char *const columns[] = { "report",  "scenario", "size",    "load", "Mpps",
					       "min",     "mean",     "p50",     "p90",  "p99",
					       "p99.9",   "p99.99",   "p99.999", "max",  "PDV",
					       "lag p50", "loss, %" };

	DRAW_COLUMNS(t, columns, 4);
	t->note = "Microseconds. \"-\": fewer than 100 samples beyond. Lag: departure minus "
		  "intended departure, the tester's own part. "
		  "PDV: p99.9 minus min (RFC 8219). Loads marked * could not be offered.";
	for (unsigned int i = 0; i < r->n; i++) {
		const json_t *o = r->result[i].json, *h = json_object_get(o, "latency_ns");
		bool short_offer = json_is_true(json_object_get(o, "short_offer"));
		char key[16];

		draw_kind_cells(r, i, t);
		draw_table_cell(t, "%s%s", draw_string(o, "load"), short_offer ? " *" : "");
		draw_table_number(t, draw_number(o, "offered") / draw_number(o, "reached_s") / 1e6,
				  4);
		microseconds(t, h, "min");
		microseconds(t, h, "mean");
		for (const double *q = msr_report_percentiles; *q != 0; q++) {
			msr_report_percentile_key(*q, key, sizeof(key));
			microseconds(t, h, key);
		}
		microseconds(t, h, "max");
		microseconds(t, o, "pdv_ns");
		microseconds(t, json_object_get(o, "lag_ns"), "p50");
		draw_table_number(t, draw_number(o, "loss_ratio") * 100, 3);
	}
}

static const char *const kinds[] = { "latency", NULL };

const struct draw_kind draw_kind_latency = {
	.title = "Latency",
	.kinds = kinds,
	.figures = figures,
	.table = table,
};
