/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Medians, their intervals, and the bound on a loss that was not seen. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>

#include <cmocka.h>

#include "near.h"
#include "stats.h"

static void
test_small(void **state)
{
	static const double one[] = { 4 }, four[] = { 4, 1, 3, 2 };
	struct msr_stats s;

	(void)state;
	assert_int_equal(msr_stats(one, 1, &s), 0);
	assert_near(s.median, 4, 0);
	assert_near(s.level, 0, 0);
	assert_int_equal(msr_stats(four, 4, &s), 0);
	assert_near(s.median, 2.5, 0);
	assert_near(s.ci_lo, 1, 0);
	assert_near(s.ci_hi, 4, 0);
	assert_near(s.level, 0.875, 1e-12);
}

/* Ranks of the 95 % interval of a median, as printed in tables of the sign test. */
static void
test_ranks(void **state)
{
	static const struct {
		size_t n;
		size_t k;
		double level;
	} row[] = {
		{ 5, 1, 0.9375 },        { 6, 1, 0.96875 },     { 9, 2, 0.9609375 },
		{ 10, 2, 0.978515625 },  { 15, 4, 0.96484375 }, { 20, 6, 0.958610535 },
		{ 30, 10, 0.957226055 },
	};
	double v[30];
	struct msr_stats s;

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		for (size_t k = 0; k < row[i].n; k++)
			v[k] = (double)(row[i].n - k); /* n..1: must be sorted first */
		assert_int_equal(msr_stats(v, row[i].n, &s), 0);
		assert_near(s.ci_lo, (double)row[i].k, 0);
		assert_near(s.ci_hi, (double)(row[i].n + 1 - row[i].k), 0);
		assert_near(s.level, row[i].level, 1e-8);
	}
}

static void
test_outlier_is_kept(void **state)
{
	static const double v[] = { 10, 10.1, 9.9, 10.05, 9.95, 10.02, 50 };
	struct msr_stats s;

	(void)state;
	assert_int_equal(msr_stats(v, 7, &s), 0);
	assert_int_equal(s.outliers, 1);
	assert_near(s.max, 50, 0);
	assert_near(s.median, 10.02, 0);
}

static void
test_refused(void **state)
{
	const double v[] = { 1, NAN };
	struct msr_stats s;

	(void)state;
	assert_int_equal(msr_stats(v, 0, &s), -EINVAL);
	assert_int_equal(msr_stats(v, 2, &s), -EINVAL);
}

static void
test_loss_bound(void **state)
{
	(void)state;
	assert_near(msr_stats_loss_bound(0, 3000000), 1e-6, 1e-15);
	assert_near(msr_stats_loss_bound(0, 0), 1, 0);
	assert_near(msr_stats_loss_bound(0, 1), 1, 0);
	assert_near(msr_stats_loss_bound(100, 10000), 0.01 + 0.00163665, 1e-6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),           cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_outlier_is_kept), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_loss_bound),
	};

	return cmocka_run_group_tests_name("measure-stats", tests, NULL, NULL);
}
