/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Histogram: precision over the whole range, percentiles against a sorted list, refusals. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hist.h"
#include "near.h"

static struct msr_hist h, g;

static void
test_every_slot(void **state)
{
	uint64_t before = 0;

	(void)state;
	for (uint32_t slot = 0; slot < MSR_HIST_SLOTS; slot++) {
		uint64_t top = msr_hist_slot_top(slot);

		assert_int_equal(msr_hist_slot(top), slot);
		if (slot != 0)
			assert_int_equal(msr_hist_slot(before + 1), slot);
		before = top;
	}
	assert_int_equal(before, (UINT64_C(1) << MSR_HIST_MAX_BITS) - 1);
}

static void
test_three_digits(void **state)
{
	(void)state;
	for (uint64_t v = 1; v < UINT64_C(1) << MSR_HIST_MAX_BITS; v += v / 7 + 1) {
		uint64_t top = msr_hist_slot_top(msr_hist_slot(v));

		assert_true(top >= v);
		assert_true((double)(top - v) <= (double)v / 1000);
	}
}

static int
cmp_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Nearest rank on a sorted copy is what the histogram must say, up to its bucket's width. */
static void
test_percentiles(void **state)
{
	enum { N = 200000 };
	static const double p[] = { 1, 50, 90, 99, 99.9 };
	uint64_t *v = calloc(N, sizeof(*v)), x = 88172645463325252ULL, ns;

	(void)state;
	assert_non_null(v);
	msr_hist_init(&h);
	for (int i = 0; i < N; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		v[i] = 100 + (x >> 40) % 1000 + ((x & 63) == 0 ? x >> 38 : 0);
		msr_hist_add(&h, v[i]);
	}
	qsort(v, N, sizeof(*v), cmp_u64);
	for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
		uint64_t want = v[(size_t)ceil(N * p[i] / 100 - 1e-6) - 1];

		assert_int_equal(msr_hist_percentile(&h, p[i], &ns), 0);
		assert_int_equal(ns, msr_hist_slot_top(msr_hist_slot(want)));
	}
	assert_int_equal(h.min, v[0]);
	assert_int_equal(h.max, v[N - 1]);
	free(v);
}

static void
test_too_few_beyond(void **state)
{
	uint64_t ns = 7;

	(void)state;
	msr_hist_init(&h);
	assert_int_equal(msr_hist_percentile(&h, 50, &ns), -ENODATA);
	assert_true(isnan(msr_hist_mean(&h)));
	for (int i = 1; i <= 1000; i++)
		msr_hist_add(&h, (uint64_t)i);
	assert_int_equal(msr_hist_percentile(&h, 90, &ns), 0); /* exactly 100 beyond */
	assert_int_equal(ns, 900);
	assert_int_equal(msr_hist_percentile(&h, 90.1, &ns), -ERANGE);
	assert_int_equal(msr_hist_percentile(&h, 99, &ns), -ERANGE);
	assert_int_equal(ns, 900);
	assert_int_equal(msr_hist_percentile(&h, 0, &ns), -EINVAL);
	assert_int_equal(msr_hist_percentile(&h, 100, &ns), -EINVAL);
	assert_int_equal(msr_hist_percentile(&h, NAN, &ns), -EINVAL);
	assert_near(msr_hist_mean(&h), 500.5, 1e-9);
}

static void
test_merge(void **state)
{
	uint64_t ns;

	(void)state;
	msr_hist_init(&h);
	msr_hist_init(&g);
	for (uint64_t i = 0; i < 500; i++) {
		msr_hist_add(&h, 10);
		msr_hist_add(&g, 30);
	}
	msr_hist_merge(&h, &g);
	assert_int_equal(h.count, 1000);
	assert_int_equal(h.min, 10);
	assert_int_equal(h.max, 30);
	assert_int_equal(msr_hist_percentile(&h, 50, &ns), 0);
	assert_int_equal(ns, 10);
	assert_int_equal(msr_hist_percentile(&h, 50.1, &ns), 0);
	assert_int_equal(ns, 30);
}

static void
test_above_range(void **state)
{
	uint64_t ns, big = UINT64_C(1) << MSR_HIST_MAX_BITS;

	(void)state;
	msr_hist_init(&h);
	for (uint64_t i = 0; i < 300; i++)
		msr_hist_add(&h, big + i);
	assert_int_equal(h.over, 300);
	assert_int_equal(msr_hist_percentile(&h, 50, &ns), 0);
	assert_int_equal(ns, big + 299);
}

static void
test_delay_variation(void **state)
{
	uint64_t ns = 7;

	(void)state;
	msr_hist_init(&h);
	assert_int_equal(msr_hist_pdv(&h, &ns), -ENODATA);
	for (unsigned int i = 0; i < 10000; i++)
		msr_hist_add(&h, 400);
	assert_int_equal(msr_hist_pdv(&h, &ns), -ERANGE);
	assert_int_equal(ns, 7);
	for (unsigned int i = 0; i < 190000; i++)
		msr_hist_add(&h, i % 500 == 0 ? 1500 : 400);
	msr_hist_add(&h, 300);
	msr_hist_add(&h, 1000000); /* one outlier is not the variation */
	assert_int_equal(msr_hist_pdv(&h, &ns), 0);
	assert_int_equal(ns, 1500 - 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_slot),      cmocka_unit_test(test_three_digits),
		cmocka_unit_test(test_percentiles),     cmocka_unit_test(test_too_few_beyond),
		cmocka_unit_test(test_merge),           cmocka_unit_test(test_above_range),
		cmocka_unit_test(test_delay_variation),
	};

	return cmocka_run_group_tests_name("measure-hist", tests, NULL, NULL);
}
