/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Timetables: as many frames as asked for, in the time, with the gaps of their kind. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arrivals.h"

#define N 200000U
#define STEP 1000.0
#define START 5e12 /* TSC of a machine that has been up for an hour */

static uint64_t when[N];

/* All departures, taken in portions of up to 32 as time goes by. */
static void
run(const char *text, uint64_t seed)
{
	struct bench_timetable t;
	struct bench_arrivals a;
	unsigned int n = 0;
	char err[128];

	assert_int_equal(bench_arrivals_parse(text, &a, err, sizeof(err)), 0);
	bench_timetable_init(&t, &a, START, STEP, N, seed);
	for (unsigned int tick = 0; tick < N; tick++) {
		const double now = START + 3 * STEP * tick;
		unsigned int got;

		while (n < N && (got = bench_timetable_due(&t, (uint64_t)now, when + n,
							   n + 32 < N ? 32 : N - n)) != 0) {
			assert_true(when[n] <= (uint64_t)now);
			n += got;
		}
	}
	assert_int_equal(n, N);
	assert_int_equal(t.left, 0);
	assert_true(when[0] >= (uint64_t)START);
	assert_true((double)when[N - 1] <= START + STEP * N);
	for (unsigned int i = 1; i < N; i++)
		assert_true(when[i] >= when[i - 1]);
}

static int
cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
test_poisson(void **state)
{
	double *gap = malloc(N * sizeof(*gap)), sum = 0, square = 0, lag = 0, ks = 0;

	(void)state;
	assert_non_null(gap);
	run("poisson", 7);
	for (unsigned int i = 0; i + 1 < N; i++) {
		gap[i] = (double)(when[i + 1] - when[i]) / STEP;
		sum += gap[i];
		square += gap[i] * gap[i];
		if (i != 0)
			lag += (gap[i] - 1) * (gap[i - 1] - 1);
	}
	/* Exponential: mean 1, variance 1, neighbours independent; each within five sigma. */
	assert_true(fabs(sum / (N - 1) - 1) < 1e-3);
	assert_true(fabs(square / (N - 1) - 2) < 5 * sqrt(20.0 / N));
	assert_true(fabs(lag / N) < 5 / sqrt(N));
	/* The whole distribution: Kolmogorov-Smirnov, critical value of 0.1 %. */
	qsort(gap, N - 1, sizeof(*gap), cmp);
	for (unsigned int i = 0; i + 1 < N; i++)
		ks = fmax(ks, fabs(1 - exp(-gap[i]) - (i + 0.5) / (N - 1)));
	assert_true(ks < 1.95 / sqrt(N) + 1 / STEP);
	free(gap);
}

static void
test_repeats(void **state)
{
	uint64_t *first = malloc(sizeof(when));

	(void)state;
	assert_non_null(first);
	run("poisson", 7);
	memcpy(first, when, sizeof(when));
	run("poisson", 8);
	assert_memory_not_equal(first, when, sizeof(when));
	run("poisson", 7);
	assert_memory_equal(first, when, sizeof(when));
	free(first);
}

static void
test_burst(void **state)
{
	(void)state;
	run("burst:7", 1);
	for (unsigned int i = 0; i < N; i++)
		assert_true(fabs((double)when[i] - START - STEP * (i - i % 7)) <= 1);
}

/* A portion ends where a burst does, also if more is due. */
static void
test_burst_parts(void **state)
{
	const struct bench_arrivals a = { BENCH_ARRIVAL_BURST, 5 };
	struct bench_timetable t;

	(void)state;
	bench_timetable_init(&t, &a, 0, STEP, 8, 1);
	assert_int_equal(bench_timetable_due(&t, 100 * 1000, when, 3), 3);
	assert_int_equal(t.in_row, 3);
	assert_int_equal(bench_timetable_due(&t, 100 * 1000, when, 32), 2);
	assert_int_equal(t.in_row, 0);
	assert_int_equal(bench_timetable_due(&t, 100 * 1000, when, 32), 3);
	assert_int_equal(bench_timetable_due(&t, 100 * 1000, when, 32), 0);
}

static void
test_not_before(void **state)
{
	const struct bench_arrivals a = { BENCH_ARRIVAL_BURST, 1 };
	struct bench_timetable t;

	(void)state;
	bench_timetable_init(&t, &a, 100, STEP, 3, 1);
	assert_int_equal(bench_timetable_due(&t, 99, when, 32), 0);
	assert_int_equal(bench_timetable_due(&t, 100, when, 32), 1);
	assert_int_equal(bench_timetable_due(&t, 1099, when, 32), 0);
	assert_int_equal(bench_timetable_due(&t, 1100, when, 32), 1);
}

static void
test_text(void **state)
{
	static const char *const wrong[] = { "",         "burst",       "burst:",
					     "burst:0",  "burst:65537", "burst:8x",
					     "burst:-1", "Poisson",     "poisson:2" };
	static const char *const right[] = { "constant", "poisson", "burst:1", "burst:65536" };
	struct bench_arrivals a;
	char err[128], name[32];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(bench_arrivals_parse(wrong[i], &a, err, sizeof(err)), -EINVAL);
		assert_non_null(strstr(err, "expected constant, poisson, or burst:N"));
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		assert_int_equal(bench_arrivals_parse(right[i], &a, err, sizeof(err)), 0);
		bench_arrivals_name(&a, name, sizeof(name));
		assert_string_equal(name, right[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_poisson),    cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_burst),      cmocka_unit_test(test_burst_parts),
		cmocka_unit_test(test_not_before), cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("bench-arrivals", tests, NULL, NULL);
}
