/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw_escape.h"
#include "draw_memory.h"
#include "draw_plot.h"
#include "draw_svg.h"

struct draw_series *
draw_plot_series(struct draw_plot *p, const char *name, unsigned int colour, unsigned int dash)
{
	struct draw_series *s;

	p->series = draw_resize(p->series, p->n + 1, sizeof(*p->series));
	s = &p->series[p->n++];
	*s = (struct draw_series){ .colour = colour, .dash = dash };
	snprintf(s->name, sizeof(s->name), "%s", name);
	return s;
}

struct draw_series *
draw_plot_find(struct draw_plot *p, const char *name)
{
	for (unsigned int i = 0; i < p->n; i++)
		/* Names are cut to their room, all in the same way. */
		if (strncmp(p->series[i].name, name, sizeof(p->series[i].name) - 1) == 0)
			return &p->series[i];
	return NULL;
}

void
draw_series_add(struct draw_series *s, struct draw_point point)
{
	if (!isfinite(point.x) || !isfinite(point.y))
		return;
	if (!isfinite(point.lo) || !isfinite(point.hi))
		point.lo = point.hi = point.y;
	s->point = draw_resize(s->point, s->n + 1, sizeof(*s->point));
	s->point[s->n++] = point;
}

static int
by_x(const void *a, const void *b)
{
	const struct draw_point *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

void
draw_plot_sort(struct draw_plot *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->series[i].n != 0)
			qsort(p->series[i].point, p->series[i].n, sizeof(struct draw_point), by_x);
}

bool
draw_plot_range(const struct draw_plot *p, double *lo, double *hi)
{
	*lo = INFINITY;
	*hi = -INFINITY;
	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int k = 0; k < p->series[i].n; k++) {
			*lo = fmin(*lo, fmin(p->series[i].point[k].y, p->series[i].point[k].lo));
			*hi = fmax(*hi, fmax(p->series[i].point[k].y, p->series[i].point[k].hi));
		}
	return *lo <= *hi;
}

void
draw_plot_free(struct draw_plot *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		free(p->series[i].point);
	free(p->series);
	p->series = NULL;
	p->n = 0;
}

static void
legend(FILE *f, const struct draw_plot *p)
{
	fputs("<ul class=\"legend\">\n", f);
	for (unsigned int i = 0; i < p->n; i++) {
		const struct draw_series *s = &p->series[i];

		if (s->reference || s->n == 0)
			continue;
		fputs("<li>", f);
		draw_svg_swatch(f, s);
		draw_xml(f, s->name);
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
}

void
draw_plot_html(FILE *f, const struct draw_plot *p)
{
	double lo, hi;

	if (!draw_plot_range(p, &lo, &hi))
		return;
	fputs("<figure>\n<figcaption>", f);
	draw_xml(f, p->title);
	fputs("</figcaption>\n", f);
	draw_svg_plot(f, p);
	legend(f, p);
	if (p->note != NULL) {
		fputs("<p class=\"note\">", f);
		draw_xml(f, p->note);
		fputs("</p>\n", f);
	}
	fputs("</figure>\n", f);
}
