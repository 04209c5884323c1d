/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The search for the largest number against simulated devices: a finite buffer that is emptied
 * while a burst comes in, a finite table, one that loses now and then whatever it is asked, and one
 * without limits.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "longest.h"

struct device {
	double buffer; /* frames or addresses */
	double drain;  /* share of the incoming rate that leaves meanwhile, 0 to below 1 */
	double hiccup; /* probability that a trial fails without reason */
	double jitter; /* relative variation of the buffer from trial to trial */
	uint64_t rng;
};

static double
uniform(struct device *d)
{
	d->rng = d->rng * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (double)(d->rng >> 11) / 9007199254740992.0;
}

static bool
passes(struct device *d, uint64_t n)
{
	double buffer = d->buffer * (1 + d->jitter * (2 * uniform(d) - 1));

	return uniform(d) >= d->hiccup && (double)n * (1 - d->drain) <= buffer;
}

static void
run(struct msr_longest *s, const struct msr_longest_in *in, struct device *d)
{
	uint64_t n;
	char err[128];

	assert_int_equal(msr_longest_init(s, in, err, sizeof(err)), 0);
	while (msr_longest_next(s, &n)) {
		assert_in_range(n, in->min, in->max);
		assert_true(s->trials < 1000);
		msr_longest_add(s, passes(d, n));
	}
}

/* The exact limit, wherever it lies and wherever the search begins. */
static void
test_finite_buffer(void **state)
{
	const uint64_t hint[] = { 1, 1000, 4096, 100000, 10000000 };

	(void)state;
	for (uint64_t limit = 1; limit < 9000000; limit = limit * 3 + 1)
		for (size_t i = 0; i < sizeof(hint) / sizeof(hint[0]); i++) {
			const struct msr_longest_in in = { 1, 10000000, hint[i], 0, 0 };
			struct device d = { .buffer = (double)limit };
			struct msr_longest s;

			run(&s, &in, &d);
			assert_int_equal(s.end, MSR_LONGEST_FOUND);
			assert_int_equal(s.lower, limit);
			assert_int_equal(s.upper, limit + 1);
			assert_true(s.trials < 60);
		}
}

/* RFC 9004: what leaves while the burst comes in makes it longer than the buffer. */
static void
test_drained_buffer(void **state)
{
	const struct msr_longest_in in = { 1, 1000000, 64, 0, 1 };
	struct device d = { .buffer = 1024, .drain = 0.75 };
	struct msr_longest s;

	(void)state;
	run(&s, &in, &d);
	assert_int_equal(s.lower, 4096);
}

/* Near the last answer few trials are needed: what makes 50 runs affordable. */
static void
test_hint(void **state)
{
	const struct msr_longest_in in = { 1, 1000000000, 4100, 0, 0 };
	struct device d = { .buffer = 4096 };
	struct msr_longest s;

	(void)state;
	run(&s, &in, &d);
	assert_int_equal(s.lower, 4096);
	assert_true(s.trials <= 11);
}

static void
test_width(void **state)
{
	const struct msr_longest_in in = { 1, 1000000000, 1, 0.01, 0 };
	struct device d = { .buffer = 3000000 };
	struct msr_longest s;

	(void)state;
	run(&s, &in, &d);
	assert_int_equal(s.end, MSR_LONGEST_FOUND);
	assert_true(s.lower <= 3000000 && s.upper > 3000000);
	assert_true((double)(s.upper - s.lower) <= 0.01 * (double)s.upper);
}

/* One trial in ten fails without reason: with verification the answer is right all the same. */
static void
test_hiccups(void **state)
{
	const struct msr_longest_in careful = { 1, 1000000, 64, 0, 6 };
	const struct msr_longest_in hasty = { 1, 1000000, 64, 0, 0 };
	unsigned int wrong = 0, wrong_hasty = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct device d = { .buffer = 1023, .hiccup = 0.1, .rng = seed };
		struct msr_longest s;

		run(&s, &careful, &d);
		wrong += s.lower != 1023;
		run(&s, &hasty, &d);
		wrong_hasty += s.lower != 1023;
	}
	assert_int_equal(wrong, 0);
	assert_true(wrong_hasty > 20);
}

/* The limit itself moves: the answer lies where it moves, and the search ends. */
static void
test_noisy(void **state)
{
	const struct msr_longest_in in = { 1, 1000000, 64, 0, 2 };

	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct device d = { .buffer = 2000, .jitter = 0.1, .rng = seed };
		struct msr_longest s;

		run(&s, &in, &d);
		assert_int_equal(s.end, MSR_LONGEST_FOUND);
		assert_in_range(s.lower, 1800, 2200);
	}
}

static void
test_limits(void **state)
{
	const struct msr_longest_in in = { 64, 5000, 100, 0, 3 };
	struct device endless = { .buffer = 1e18 }, none = { .buffer = 0 };
	struct msr_longest s;

	(void)state;
	run(&s, &in, &endless);
	assert_int_equal(s.end, MSR_LONGEST_MAX);
	assert_int_equal(s.lower, 5000);
	assert_int_equal(s.upper, 0);
	run(&s, &in, &none);
	assert_int_equal(s.end, MSR_LONGEST_MIN);
	assert_int_equal(s.lower, 0);
	assert_int_equal(s.upper, 64);
}

static void
test_refused(void **state)
{
	const struct msr_longest_in bad[] = {
		{ 0, 10, 1, 0, 0 },    { 11, 10, 1, 0, 0 },        { 1, 10, 1, 1, 0 },
		{ 1, 10, 1, -0.1, 0 }, { 1, UINT64_MAX, 1, 0, 0 },
	};
	struct msr_longest s;
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(msr_longest_init(&s, &bad[i], err, sizeof(err)), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finite_buffer), cmocka_unit_test(test_drained_buffer),
		cmocka_unit_test(test_hint),          cmocka_unit_test(test_width),
		cmocka_unit_test(test_hiccups),       cmocka_unit_test(test_noisy),
		cmocka_unit_test(test_limits),        cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("measure-longest", tests, NULL, NULL);
}
