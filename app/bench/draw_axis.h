/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_AXIS_H_
#define _BENCH_DRAW_AXIS_H_

/*
 * An axis: from which value to which, where the ticks are and what they say.
 *
 * The ends are ticks: ranges are widened to the next round number, 1, 2 or 5 times a power of ten
 * on a linear axis. On a logarithmic one they are powers of ten; if it spans few of them, twos and
 * fives are ticks as well, and may be the ends.
 *
 * Thread-safety: pure functions.
 */

#include <stdbool.h>
#include <stddef.h>

#define DRAW_TICKS_MAX 24U

/* Writes what a tick says. */
typedef void (*draw_tick_text)(char *text, size_t len, double value);

struct draw_axis {
	bool log;
	double lo, hi;
	unsigned int n_ticks;
	struct draw_tick {
		double at;
		char text[24];
	} tick[DRAW_TICKS_MAX];
};

/*
 * An axis that holds @p lo to @p hi, both finite; with @p log values of 0 and below are taken for
 * the smallest that there is room for. @p text NULL: plain numbers.
 */
void draw_axis_fit(struct draw_axis *a, bool log, double lo, double hi, draw_tick_text text);

/* An axis from @p lo to @p hi, to which ticks are added by hand; too many are left out. */
void draw_axis_open(struct draw_axis *a, double lo, double hi);
void draw_axis_tick(struct draw_axis *a, double at, const char *text);

/* Where @p value is: 0 at the low end, 1 at the high one, never beyond them. */
double draw_axis_at(const struct draw_axis *a, double value);

#endif /* _BENCH_DRAW_AXIS_H_ */
