/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The cost of a reading, with clocks whose cost is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calibrate.h"

struct fake {
	uint64_t now;
	uint64_t step;
	unsigned int n;
	unsigned int every; /* one reading in so many comes late, 0 = none */
	uint64_t late;
};

static uint64_t
fake_read(void *arg)
{
	struct fake *f = arg;

	f->now += f->step;
	if (f->every != 0 && ++f->n % f->every == 0)
		f->now += f->late;
	return f->now;
}

static void
steady_clock(void **state)
{
	struct fake f = { .step = 37 };

	(void)state;
	assert_int_equal(msr_calibrate(fake_read, &f), 37);
	assert_int_equal(f.now, 37 * 2 * MSR_CALIBRATE_PAIRS);
}

/* What interrupts one reading in five must not be taken off the others. */
static void
interrupted_clock(void **state)
{
	struct fake f = { .step = 37, .every = 5, .late = 100000 };

	(void)state;
	assert_int_equal(msr_calibrate(fake_read, &f), 37);
}

/* A coarse clock shows nothing in most pairs: it costs nothing that it can see. */
static void
coarse_clock(void **state)
{
	struct fake f = { .every = 8, .late = 1000 };

	(void)state;
	assert_int_equal(msr_calibrate(fake_read, &f), 0);
}

/* Core to core the TSC may be off: no difference of 2^64. */
static void
backward_clock(void **state)
{
	struct fake f = { .now = UINT64_C(1) << 40, .step = (uint64_t)-3 };

	(void)state;
	assert_int_equal(msr_calibrate(fake_read, &f), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_clock),
		cmocka_unit_test(interrupted_clock),
		cmocka_unit_test(coarse_clock),
		cmocka_unit_test(backward_clock),
	};

	return cmocka_run_group_tests_name("calibrate", tests, NULL, NULL);
}
