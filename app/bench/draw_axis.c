/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw_axis.h"

#define DECADES_MAX 12.0
/* Up to so many decades have ticks at 2 and 5 too. */
#define DECADES_FINE 3.0

static void
plain(char *text, size_t len, double value)
{
	static const struct {
		double from;
		char letter;
	} prefix[] = { { 1e9, 'G' }, { 1e6, 'M' }, { 1e5, 'k' } };

	for (unsigned int i = 0; i < 3; i++)
		if (fabs(value) >= prefix[i].from * (1 - 1e-9)) {
			double unit = prefix[i].letter == 'k' ? 1e3 : prefix[i].from;

			snprintf(text, len, "%g%c", value / unit, prefix[i].letter);
			return;
		}
	/* What is zero but for rounding. */
	snprintf(text, len, "%g", fabs(value) < 1e-15 ? 0 : value);
}

void
draw_axis_open(struct draw_axis *a, double lo, double hi)
{
	*a = (struct draw_axis){ .lo = lo, .hi = hi };
}

void
draw_axis_tick(struct draw_axis *a, double at, const char *text)
{
	if (a->n_ticks == DRAW_TICKS_MAX)
		return;
	a->tick[a->n_ticks].at = at;
	snprintf(a->tick[a->n_ticks].text, sizeof(a->tick[0].text), "%s", text);
	a->n_ticks++;
}

static void
tick(struct draw_axis *a, double at, draw_tick_text text)
{
	char t[24];

	text(t, sizeof(t), at);
	draw_axis_tick(a, at, t);
}

/* 1, 2 or 5 times a power of ten, such that @p span has at most six of them. */
static double
linear_step(double span)
{
	double power = pow(10, floor(log10(span / 6)));
	double m = span / 6 / power;

	return power * (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10);
}

static void
fit_linear(struct draw_axis *a, double lo, double hi, draw_tick_text text)
{
	double step, first, last;

	/* A single value needs room around it, also where doubles are coarse. */
	if (hi - lo <= fabs(hi) * 1e-9) {
		double room = fmax(fabs(hi) * 0.1, 1e-9);

		lo = lo > 0 && lo < room ? 0 : lo - room;
		hi += room;
	}
	step = linear_step(hi - lo);
	first = floor(lo / step + 1e-9);
	last = ceil(hi / step - 1e-9);
	a->lo = first * step;
	a->hi = last * step;
	for (unsigned int i = 0; first + i <= last; i++)
		tick(a, (first + i) * step, text);
}

/* The largest of 1, 2, 5 times a power of ten not above @p v; @p up: the smallest not below. */
static double
round_log(double v, bool up, bool fine)
{
	static const double m[] = { 1, 2, 5, 10 };
	double power = pow(10, floor(log10(v) + 1e-9)), best = up ? 10 : 1;

	for (unsigned int i = 0; fine && i < 4; i++) {
		unsigned int k = up ? 3 - i : i;

		if (up ? m[k] * power >= v * (1 - 1e-9) : m[k] * power <= v * (1 + 1e-9))
			best = m[k];
	}
	if (up && v <= power * (1 + 1e-9))
		best = 1;
	return best * power;
}

static void
fit_log(struct draw_axis *a, double lo, double hi, draw_tick_text text)
{
	static const double fine_m[] = { 1, 2, 5 };
	double first, last;
	unsigned int every;
	bool fine;

	hi = hi > 0 ? hi : 1;
	lo = lo > 0 ? lo : hi;
	lo = fmax(lo, hi / pow(10, DECADES_MAX));
	fine = log10(hi / lo) <= DECADES_FINE;
	a->lo = round_log(lo, false, fine);
	a->hi = round_log(hi, true, fine);
	if (a->hi <= a->lo * (1 + 1e-9)) {
		a->lo /= 10;
		a->hi *= 10;
	}
	first = floor(log10(a->lo) + 1e-9);
	last = log10(a->hi) + 1e-9;
	every = last - first > 7.5 ? 2 : 1;
	for (unsigned int e = 0; first + e <= last; e += every)
		for (unsigned int i = 0; i < (fine ? 3 : 1); i++) {
			double at = fine_m[i] * pow(10, first + e);

			if (at >= a->lo * (1 - 1e-9) && at <= a->hi * (1 + 1e-9))
				tick(a, at, text);
		}
}

void
draw_axis_fit(struct draw_axis *a, bool log, double lo, double hi, draw_tick_text text)
{
	*a = (struct draw_axis){ .log = log };
	if (text == NULL)
		text = plain;
	if (log)
		fit_log(a, lo, hi, text);
	else
		fit_linear(a, lo, hi, text);
}

double
draw_axis_at(const struct draw_axis *a, double value)
{
	double at;

	if (a->log)
		at = value <= a->lo ? 0 : log(value / a->lo) / log(a->hi / a->lo);
	else
		at = (value - a->lo) / (a->hi - a->lo);
	return fmin(fmax(at, 0), 1);
}
