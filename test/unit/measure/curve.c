/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The loss curve against simulated devices: monotone, bursty, and one that always loses. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "curve.h"
#include "near.h"

/* A device that forwards the share @p limit of the maximum; its loss at @p share. */
static double
loss_of(double limit, double share)
{
	return share > limit ? (share - limit) / share : 0;
}

/* Shares of a curve of @p step on a device that forwards @p limit; how many in all. */
static unsigned int
run(double step, double limit, double share[1000])
{
	struct msr_curve c;
	char err[128];

	assert_int_equal(msr_curve_init(&c, step, err, sizeof(err)), 0);
	while (c.n < 1000 && msr_curve_next(&c, &share[c.n]))
		msr_curve_add(&c, loss_of(limit, share[c.n]));
	return c.n;
}

static void
test_monotone(void **state)
{
	double share[1000] = { 0 };

	(void)state;
	/* 100, 90, 80, 70, 60 lose; 50 and 40 do not */
	assert_int_equal(run(0.1, 0.55, share), 7);
	for (unsigned int i = 0; i < 7; i++)
		assert_near(share[i], 1 - 0.1 * i, 1e-9);
	assert_int_equal(run(0.1, 1, share), 2);
	assert_int_equal(run(0.05, 0.52, share), 12); /* 0.5 and 0.45 are the last */
}

static void
test_always_loses(void **state)
{
	double share[1000] = { 0 };

	(void)state;
	assert_int_equal(run(0.1, 0, share), 10);
	assert_near(share[9], 0.1, 1e-9);
	assert_int_equal(run(0.001, 0, share), 1000);
}

/* A clean trial alone, between bursts of loss, does not end the curve. */
static void
test_bursty(void **state)
{
	const double loss[] = { 0.3, 0, 0.01, 0, 0.01, 0, 0 };
	struct msr_curve c;
	double share = 0;
	char err[128];

	(void)state;
	assert_int_equal(msr_curve_init(&c, 0.1, err, sizeof(err)), 0);
	for (size_t i = 0; i < sizeof(loss) / sizeof(loss[0]); i++) {
		assert_true(msr_curve_next(&c, &share));
		msr_curve_add(&c, loss[i]);
	}
	assert_near(share, 0.4, 1e-9);
	assert_false(msr_curve_next(&c, &share));
	assert_int_equal(c.clean, 2);
}

static void
test_refused(void **state)
{
	const double step[] = { 0, -0.1, 0.11, 0.0001, 0.0 / 0.0 };
	struct msr_curve c;
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++)
		assert_int_equal(msr_curve_init(&c, step[i], err, sizeof(err)), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_monotone),
		cmocka_unit_test(test_always_loses),
		cmocka_unit_test(test_bursty),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("measure-curve", tests, NULL, NULL);
}
