/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The kernel's lists of processors. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cpulist.h"

static void
test_members(void **state)
{
	static const unsigned int in[] = { 0, 1, 3, 8, 10, 11 }, out[] = { 2, 4, 7, 9, 12, 100 };

	(void)state;
	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		assert_true(msr_cpulist_has("0-1,3,8,10-11", in[i]));
	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		assert_false(msr_cpulist_has("0-1,3,8,10-11", out[i]));
}

static void
test_not_a_list(void **state)
{
	(void)state;
	assert_false(msr_cpulist_has(NULL, 0));
	assert_false(msr_cpulist_has("", 0));
	assert_false(msr_cpulist_has("none", 0));
	assert_false(msr_cpulist_has(",1", 1));
	assert_true(msr_cpulist_has("1-x,2", 1));
	assert_false(msr_cpulist_has("1-x,2", 2));
	assert_false(msr_cpulist_has("5-3", 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_not_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
