/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Counters of a representor, basic and extended, and its dump. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_ethdev.h>
#include <rte_flow.h>

#include <ethdev_driver.h>

#include "fixture.h"

/* VF 2 counts 20 .. 26, its representor 1020 .. 1026 (fake.c). */
static void
test_stats(void **state)
{
	struct rte_eth_stats s;

	(void)state;
	assert_int_equal(rte_eth_stats_get(port, &s), 0);
	assert_int_equal(s.ipackets, 20);
	assert_int_equal(s.ierrors, 21);
	assert_int_equal(s.ibytes, 22);
	assert_int_equal(s.opackets, 23);
	assert_int_equal(s.oerrors, 24 + 25 + 1021);
	assert_int_equal(s.obytes, 26);
	assert_int_equal(s.imissed, 1024);
	assert_int_equal(s.rx_nombuf, 1025);
	assert_int_equal(rte_eth_stats_reset(port), 0);
	assert_int_equal(rte_eth_stats_get(port, &s), 0);
	assert_int_equal(s.ipackets + s.opackets + s.ierrors + s.oerrors + s.imissed, 0);
	fake.add = 5;
	assert_int_equal(rte_eth_stats_get(port, &s), 0);
	assert_int_equal(s.ipackets, 5);
	assert_int_equal(s.oerrors, 15);
}

static void
test_xstats(void **state)
{
	struct rte_eth_xstat_name names[64], one;
	struct rte_eth_xstat xs[64];
	uint64_t values[64], id;
	int n;

	(void)state;
	n = rte_eth_xstats_get_names(port, NULL, 0);
	assert_true(n >= 2 * FAKE_COUNTERS && n < 64);
	assert_int_equal(rte_eth_xstats_get(port, NULL, 0), n);
	assert_int_equal(rte_eth_xstats_get(port, xs, n - 1), n);
	assert_int_equal(rte_eth_xstats_get_names(port, names, n), n);
	assert_int_equal(rte_eth_xstats_get(port, xs, n), n);
	assert_int_equal(rte_eth_xstats_get_by_id(port, NULL, values, n), n);
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < i; j++)
			assert_string_not_equal(names[i].name, names[j].name);
		assert_int_equal(xs[i].id, i);
		assert_int_equal(xs[i].value, values[i]);
		assert_int_equal(rte_eth_xstats_get_id_by_name(port, names[i].name, &id), 0);
		assert_int_equal(id, i);
		assert_int_equal(rte_eth_xstats_get_by_id(port, &id, &values[0], 1), 1);
		assert_int_equal(values[0], xs[i].value);
		values[0] = xs[0].value;
		assert_int_equal(rte_eth_xstats_get_names_by_id(port, &one, 1, &id), 1);
		assert_string_equal(one.name, names[i].name);
	}
	assert_int_equal(rte_eth_xstats_get_id_by_name(port, "tx_spoof", &id), 0);
	assert_int_equal(xs[id].value, 21);
	assert_int_equal(rte_eth_xstats_get_id_by_name(port, "rep_rx_delivered", &id), 0);
	assert_int_equal(xs[id].value, 1023);
	id = n;
	assert_true(rte_eth_xstats_get_by_id(port, &id, values, 1) < 0);
	assert_int_equal(rte_eth_xstats_reset(port), 0);
	assert_int_equal(rte_eth_xstats_get_id_by_name(port, "tx_spoof", &id), 0);
	assert_int_equal(rte_eth_xstats_get_by_id(port, &id, values, 1), 1);
	assert_int_equal(values[0], 0);
}

static void
test_dump(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	fake.policy[2].trust = true;
	assert_int_equal(rte_eth_dev_priv_dump(port, f), 0);
	fclose(f);
	assert_non_null(strstr(text, "VF 2 of net_fake_pf0, switch domain 5\n"));
	assert_non_null(strstr(text, "  mac = 02:00:00:00:00:02\n"));
	assert_non_null(strstr(text, "  trust = on\n"));
	assert_non_null(strstr(text, "  behind it: net_tap0\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stats),
		TEST(xstats),
		TEST(dump),
	};

	return fixture_run(tests, RTE_DIM(tests));
}
