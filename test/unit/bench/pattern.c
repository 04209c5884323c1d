/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Patterns: exactly the streams of each, their groups, and an error for unsuitable ports. */
#include "bench_rig.h"

#include <string.h>

static struct bench_ports ports;
static struct bench_traffic t;
static struct bench_options o;

/* All streams as "sender>receiver/group", in the order of the table; '*' is every receiver. */
static const char *
streams(void)
{
	static char text[1024];
	size_t at = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < t.n_streams; i++) {
		const struct bench_stream *s = &t.stream[i];
		char to[8] = "*";

		if (s->rx != BENCH_RX_ALL)
			snprintf(to, sizeof(to), "%u", s->rx);
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u>%s/%u",
				       i != 0 ? " " : "", s->tx, to, s->group);
	}
	return text;
}

static void
check(unsigned int n, const char *tx, const char *rx, const char *line, const char *want)
{
	bench_rig_ports(&ports, n, tx, rx);
	bench_rig_traffic(&t, &ports, &o, line);
	assert_string_equal(streams(), want);
	for (unsigned int s = 0; s < ports.n_tx; s++)
		assert_true(t.sender[s].n_order != 0);
	bench_traffic_close(&t);
}

static void
refuse(unsigned int n, const char *tx, const char *rx, const char *pattern, const char *want)
{
	char line[64], err[256] = "";

	snprintf(line, sizeof(line), "--pattern %s", pattern);
	bench_rig_ports(&ports, n, tx, rx);
	assert_int_equal(bench_rig_parse(&o, line), 0);
	assert_true(bench_traffic_open(&t, &ports, &o, err, sizeof(err)) < 0);
	assert_non_null(strstr(err, pattern));
	if (strstr(err, want) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", err, want);
}

static void
test_streams(void **state)
{
	(void)state;
	check(1, NULL, NULL, "", "0>0/0");
	check(3, NULL, NULL, "", "1>0/0 2>0/0 0>1/1 2>1/1 0>2/2 1>2/2");
	check(3, "0", NULL, "--pattern mesh", "0>1/1 0>2/2");
	check(4, "0,1", "2,3", "--pattern pairs", "0>2/0 1>3/1");
	check(2, "0,1", "1,0", "--pattern pairs", "0>1/0 1>0/1");
	check(1, NULL, NULL, "--pattern pairs", "0>0/0");
	check(3, NULL, NULL, "--pattern ring", "2>0/0 0>1/1 1>2/2");
	check(3, "0,2,1", NULL, "--pattern ring", "1>0/0 2>1/1 0>2/2");
	check(3, "0,1", "2", "--pattern many-to-one", "0>2/0 1>2/0");
	check(3, "0", NULL, "--pattern one-to-many", "0>1/1 0>2/2");
	check(4, "0,1", "2,3", "--pattern congestion", "0>2/0 0>3/1 1>3/2");
	check(3, NULL, NULL, "--pattern broadcast", "0>*/0 1>*/1 2>*/2");
}

static void
test_refused(void **state)
{
	(void)state;
	refuse(3, "0,1", "2", "pairs", "as many receiving as sending ports; --tx names 2, --rx 1");
	refuse(2, NULL, NULL, "pairs", "port0 would send to itself");
	refuse(1, NULL, NULL, "ring", "at least two sending");
	refuse(3, NULL, "0,1", "ring", "port2 is in --tx and not in --rx");
	refuse(3, "0", "2", "many-to-one", "at least two sending");
	refuse(3, NULL, "2", "many-to-one", "port2 is in --tx and in --rx");
	refuse(3, "0,1", NULL, "one-to-many", "exactly one sending");
	refuse(2, "0", NULL, "one-to-many", "at least two other receiving ones");
	refuse(4, NULL, NULL, "congestion", "exactly two sending and two receiving");
	refuse(3, "0,1", "1,2", "congestion", "port1 is in --tx and in --rx");
}

/* Head-of-line blocking: each sender as many frames, the first in halves, the second whole. */
static void
test_congestion_shares(void **state)
{
	unsigned int n[3] = { 0 };

	(void)state;
	bench_rig_ports(&ports, 4, "0,1", "2,3");
	bench_rig_traffic(&t, &ports, &o, "--pattern congestion");
	for (unsigned int i = 0; i < 1000; i++)
		for (unsigned int s = 0; s < 2; s++) {
			struct rte_mbuf *m = bench_rig_fill(&t, s, 0);

			n[bench_rig_stream(&t, m)->group]++;
			rte_pktmbuf_free(m);
		}
	assert_int_equal(n[BENCH_GROUP_FREE], 500);
	assert_int_equal(n[BENCH_GROUP_SHARED], 500);
	assert_int_equal(n[BENCH_GROUP_FULL], 1000);
	bench_traffic_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_congestion_shares),
	};

	return cmocka_run_group_tests_name("bench-pattern", tests, rig_eal, rig_eal_done);
}
