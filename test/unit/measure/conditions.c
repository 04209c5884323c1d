/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* One warning for each bad condition, none for a machine made for measuring. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conditions.h"

static const struct msr_conditions good = {
	.invariant_tsc = true,
	.huge_pages = true,
	.optimised = true,
	.governor = "performance",
	.isolated = "2-7",
	.load = 4,
	.cpus = 8,
	.n_lcores = 2,
	.cpu = { 2, 7 },
};

/* The only warning about @p c holds @p words; NULL: there is none. */
static void
expect(const struct msr_conditions *c, const char *words)
{
	json_t *warnings = json_array();

	msr_conditions_warn(c, warnings);
	assert_int_equal(json_array_size(warnings), words != NULL);
	if (words != NULL)
		assert_non_null(strstr(json_string_value(json_array_get(warnings, 0)), words));
	json_decref(warnings);
}

#define EXPECT(words, ...) \
	do { \
		struct msr_conditions c = good; \
		__VA_ARGS__; \
		expect(&c, words); \
	} while (0)

static void
test_good(void **state)
{
	(void)state;
	expect(&good, NULL);
	EXPECT(NULL, c.turbo = 0);
	EXPECT(NULL, c.turbo = -1);
}

static void
test_clock(void **state)
{
	(void)state;
	EXPECT("TSC", c.invariant_tsc = false);
	EXPECT("\"powersave\"", c.governor = "powersave");
	EXPECT("governor cannot be read", c.governor = NULL);
	EXPECT("turbo", c.turbo = 1);
}

static void
test_machine(void **state)
{
	(void)state;
	EXPECT("virtual machine", c.virtual_machine = true);
	EXPECT("SMT", c.smt = true);
	EXPECT("huge pages", c.huge_pages = false);
	EXPECT("without optimisation", c.optimised = false);
	EXPECT("load average 4.01 on 8", c.load = 4.01);
	EXPECT("load average cannot", c.load = -1);
}

static void
test_cores(void **state)
{
	(void)state;
	EXPECT("no isolated", c.isolated = "");
	EXPECT("no isolated", c.isolated = NULL);
	EXPECT("CPU 7, which measures, is not isolated (isolated: 2-6)", c.isolated = "2-6");
	EXPECT("one core, CPU 2", c.n_lcores = 1);
	EXPECT("two lcores share CPU 2", c.cpu[1] = 2);
	/* More lcores than are looked at: only these are. */
	EXPECT("two lcores share CPU 3", c.n_lcores = 1000;
	       for (unsigned int i = 0; i < MSR_CONDITIONS_LCORES; i++) c.cpu[i] = 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_machine),
		cmocka_unit_test(test_cores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
