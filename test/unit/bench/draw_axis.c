/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Axes: what they hold, where their ticks are, and that no range breaks them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "draw_axis.h"

/* The ticks of an axis, one after the other. */
static void
expect(bool log, double lo, double hi, const char *ticks)
{
	struct draw_axis a;
	char text[512] = "";
	size_t at = 0;

	draw_axis_fit(&a, log, lo, hi, NULL);
	for (unsigned int i = 0; i < a.n_ticks; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", i != 0 ? " " : "",
				       a.tick[i].text);
	assert_string_equal(text, ticks);
}

static void
test_linear(void **state)
{
	(void)state;
	expect(false, 0, 100, "0 20 40 60 80 100");
	expect(false, 0, 30, "0 5 10 15 20 25 30");
	expect(false, 0.91, 1.37, "0.9 1 1.1 1.2 1.3 1.4");
	expect(false, -3, 4, "-4 -2 0 2 4");
	expect(false, 0, 3.2e6, "0 1M 2M 3M 4M");
	expect(false, 0, 400e3, "0 100k 200k 300k 400k");
	/* One value only. */
	expect(false, 5, 5, "4.4 4.6 4.8 5 5.2 5.4 5.6");
}

static void
test_logarithmic(void **state)
{
	(void)state;
	expect(true, 1, 64, "1 2 5 10 20 50 100");
	expect(true, 0.3, 150, "0.2 0.5 1 2 5 10 20 50 100 200");
	expect(true, 20, 16e6, "10 100 1000 10000 100k 1M 10M 100M");
	expect(true, 10, 10, "1 2 5 10 20 50 100");
	expect(true, 100, 1000, "100 200 500 1000");
}

static void
test_places(void **state)
{
	struct draw_axis a;

	(void)state;
	draw_axis_fit(&a, true, 1, 100, NULL);
	assert_true(fabs(draw_axis_at(&a, 10) - 0.5) < 1e-9);
	assert_true(draw_axis_at(&a, 0) == 0 && draw_axis_at(&a, -5) == 0);
	assert_true(draw_axis_at(&a, 1e9) == 1);
	draw_axis_fit(&a, false, 0, 10, NULL);
	assert_true(fabs(draw_axis_at(&a, 2.5) - 0.25) < 1e-9);
}

static double
any(unsigned int exponents)
{
	return ((double)rand() / RAND_MAX - 0.5) *
	       pow(10, (double)rand() / RAND_MAX * 2 * exponents - exponents);
}

/* Whatever the range: ticks that rise, within the ends, which hold the range. */
static void
test_any_range(void **state)
{
	(void)state;
	srand(1);
	for (unsigned int i = 0; i < 100000; i++) {
		double x = any(18), y = rand() % 8 == 0 ? x * (1 + any(3) * 1e-12) : any(18);
		double lo = fmin(x, y), hi = fmax(x, y);
		struct draw_axis a;

		draw_axis_fit(&a, i % 2 != 0, lo, hi, NULL);
		assert_true(isfinite(a.lo) && isfinite(a.hi) && a.lo < a.hi);
		assert_in_range(a.n_ticks, 2, DRAW_TICKS_MAX);
		for (unsigned int k = 0; k < a.n_ticks; k++) {
			double at = draw_axis_at(&a, a.tick[k].at);

			assert_true(at >= 0 && at <= 1);
			assert_true(k == 0 || a.tick[k].at > a.tick[k - 1].at);
		}
		if (!a.log || lo > hi / 1e12) {
			assert_true(a.lo <= lo + (hi - lo) * 1e-6 + fabs(lo) * 1e-6);
			assert_true(a.hi >= hi - (hi - lo) * 1e-6 - fabs(hi) * 1e-6);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_logarithmic),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_any_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
