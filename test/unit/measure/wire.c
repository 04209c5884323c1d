/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Wire arithmetic against the published packet rates of Ethernet links. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "wire.h"

/* Frames per second in millions, by size with FCS and link speed. */
static const struct {
	uint32_t size;
	double mpps[5];
} line_rate[] = {
	{ 64, { 1.488095, 14.880952, 37.202381, 59.523810, 148.809524 } },
	{ 128, { 0.844595, 8.445946, 21.114865, 33.783784, 84.459459 } },
	{ 256, { 0.452899, 4.528986, 11.322464, 18.115942, 45.289855 } },
	{ 512, { 0.234962, 2.349624, 5.874060, 9.398496, 23.496241 } },
	{ 1024, { 0.119732, 1.197318, 2.993295, 4.789272, 11.973180 } },
	{ 1280, { 0.096154, 0.961538, 2.403846, 3.846154, 9.615385 } },
	{ 1518, { 0.081274, 0.812744, 2.031860, 3.250975, 8.127438 } },
};

static void
test_line_rates(void **state)
{
	static const uint64_t gbit[] = { 1, 10, 25, 40, 100 };

	(void)state;
	for (size_t i = 0; i < sizeof(line_rate) / sizeof(line_rate[0]); i++)
		for (size_t k = 0; k < sizeof(gbit) / sizeof(gbit[0]); k++) {
			uint32_t len = msr_wire_pkt_len(line_rate[i].size);
			double pps = msr_wire_pps(len, gbit[k] * 1000000000);

			assert_near(pps / 1e6, line_rate[i].mpps[k], 0.0000006);
			assert_near(msr_wire_bps(len, pps), (double)gbit[k] * 1e9, 1);
		}
}

static void
test_lengths(void **state)
{
	(void)state;
	assert_int_equal(msr_wire_pkt_len(64), 60);
	assert_int_equal(msr_wire_pkt_len(4), 0);
	assert_int_equal(msr_wire_pkt_len(3), 0);
	assert_int_equal(msr_wire_bits(60), 84 * 8);
	assert_int_equal(msr_wire_bits(1514), 1538 * 8);
}

static void
test_imix(void **state)
{
	struct msr_imix m;
	char err[128];

	(void)state;
	assert_int_equal(msr_imix_parse("imix", &m, err, sizeof(err)), 0);
	assert_int_equal(m.total, 12);
	assert_near(msr_imix_mean(&m) + MSR_FCS_LEN, 353.83, 0.01);
	assert_int_equal(msr_imix_parse("7a4d1g", &m, err, sizeof(err)), 0);
	assert_int_equal(m.n, 3);
	assert_int_equal(m.entry[1].pkt_len, 508);
	assert_int_equal(m.entry[1].weight, 4);
	assert_int_equal(msr_imix_parse("aab", &m, err, sizeof(err)), 0);
	assert_int_equal(m.n, 2);
	assert_int_equal(m.entry[0].weight, 2);
}

static void
test_imix_refused(void **state)
{
	static const char *const bad[] = { "",    "z",     "j",
					   "0a",  "1001a", "7",
					   "a-b", "A",     "abababababababababab" };
	struct msr_imix m = { .n = 99 };
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err[0] = '\0';
		assert_true(msr_imix_parse(bad[i], &m, err, sizeof(err)) < 0);
		assert_non_null(strstr(err, bad[i]));
		assert_int_equal(m.n, 99);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_rates),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_imix),
		cmocka_unit_test(test_imix_refused),
	};

	return cmocka_run_group_tests_name("measure-wire", tests, NULL, NULL);
}
