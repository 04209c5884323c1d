/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * MAC table of vfswitch: learning, moving, aging, static entries, and fairness under a MAC flood.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_eal.h>
#include <rte_lcore.h>

#include "fdb.h"

#define PORTS 8
#define SEED UINT64_C(0x5eed)

static struct rte_ether_addr
addr(uint32_t n)
{
	return (struct rte_ether_addr){
		.addr_bytes = { 0x02, 0x00, n >> 24, n >> 16, n >> 8, n },
	};
}

static void
learn(struct vsw_fdb *t, uint16_t vlan, uint32_t n, uint16_t port, uint32_t now)
{
	struct rte_ether_addr a = addr(n);

	vsw_fdb_learn(t, vlan, &a, port, now);
}

static uint16_t
lookup(struct vsw_fdb *t, uint16_t vlan, uint32_t n)
{
	struct rte_ether_addr a = addr(n);

	return vsw_fdb_lookup(t, vlan, &a);
}

static struct vsw_fdb_stats
stats(struct vsw_fdb *t)
{
	struct vsw_fdb_stats s;

	vsw_fdb_stats_get(t, &s);
	return s;
}

static int
setup(void **state)
{
	*state = vsw_fdb_create(1024, PORTS, SEED, SOCKET_ID_ANY);
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	vsw_fdb_free(*state);
	return 0;
}

static void
learned_per_vlan(void **state)
{
	struct vsw_fdb *t = *state;

	learn(t, 100, 1, 3, 0);
	assert_int_equal(lookup(t, 100, 1), 3);
	assert_int_equal(lookup(t, 101, 1), VSW_FDB_NONE);
	assert_int_equal(lookup(t, 4096 + 100, 1), VSW_FDB_NONE);
	learn(t, 4096 + 100, 1, 4, 0);
	assert_int_equal(lookup(t, 100, 1), 3);
	assert_int_equal(lookup(t, 4096 + 100, 1), 4);
	assert_int_equal(stats(t).entries, 2);
}

static void
group_and_zero_addresses_are_not_learned(void **state)
{
	struct rte_ether_addr group = { .addr_bytes = { 0x01, 0x00, 0x5e, 0, 0, 1 } }, zero = { 0 };

	vsw_fdb_learn(*state, 0, &group, 1, 0);
	vsw_fdb_learn(*state, 0, &zero, 1, 0);
	assert_int_equal(stats(*state).entries, 0);
	assert_int_equal(vsw_fdb_lookup(*state, 0, &zero), VSW_FDB_NONE);
}

static void
station_moves(void **state)
{
	struct vsw_fdb *t = *state;

	learn(t, 0, 1, 2, 0);
	learn(t, 0, 1, 5, 0);
	assert_int_equal(lookup(t, 0, 1), 5);
	assert_int_equal(stats(t).moved, 1);
	assert_int_equal(stats(t).entries, 1);
	assert_int_equal(vsw_fdb_port_count(t, 2), 0);
	assert_int_equal(vsw_fdb_port_count(t, 5), 1);
}

static void
ages_out_unless_heard_of(void **state)
{
	struct vsw_fdb *t = *state;

	learn(t, 0, 1, 2, 100);
	learn(t, 0, 2, 2, 100);
	learn(t, 0, 2, 2, 350);
	assert_int_equal(vsw_fdb_age(t, 400, 300), 0);
	assert_int_equal(vsw_fdb_age(t, 401, 300), 1);
	assert_int_equal(lookup(t, 0, 1), VSW_FDB_NONE);
	assert_int_equal(lookup(t, 0, 2), 2);
	/* A worker's clock that is a tick ahead is not an age of four billion seconds. */
	learn(t, 0, 3, 2, 402);
	assert_int_equal(vsw_fdb_age(t, 401, 300), 0);
	assert_int_equal(stats(t).aged, 1);
}

static void
static_entries_stay(void **state)
{
	struct vsw_fdb *t = *state;
	struct rte_ether_addr a = addr(1);

	learn(t, 7, 1, 2, 0);
	assert_int_equal(vsw_fdb_static_add(t, VSW_VLAN_ANY, &a, 4), 0);
	assert_int_equal(lookup(t, 7, 1), 4); /* also where it was learned elsewhere before */
	learn(t, 9, 1, 2, 0);
	assert_int_equal(lookup(t, 9, 1), 4);
	assert_int_equal(stats(t).learned, 1);
	assert_int_equal(vsw_fdb_static_add(t, VSW_VLAN_ANY, &a, 4), 0);
	assert_int_equal(vsw_fdb_static_add(t, VSW_VLAN_ANY, &a, 5), -EEXIST);
	vsw_fdb_age(t, 1000000, 10);
	assert_int_equal(lookup(t, 7, 1), 4);
	assert_int_equal(vsw_fdb_flush(t, 4), 0);
	assert_int_equal(vsw_fdb_static_flush(t, 4), 1);
	assert_int_equal(lookup(t, 7, 1), VSW_FDB_NONE);
	assert_int_equal(stats(t).entries, 0);
}

static void
flush_takes_one_port(void **state)
{
	struct vsw_fdb *t = *state;

	for (uint32_t n = 0; n < 100; n++)
		learn(t, 0, 1 + n, n % 2, 0);
	assert_int_equal(vsw_fdb_flush(t, 1), 50);
	for (uint32_t n = 0; n < 100; n++)
		assert_int_equal(lookup(t, 0, 1 + n), n % 2 == 0 ? 0 : VSW_FDB_NONE);
	assert_int_equal(vsw_fdb_flush(t, VSW_FDB_NONE), 50);
}

/*
 * 02:00:00:00:xx:xx from port 7 a hundred times the table's size: the other ports' stations stay
 * known.
 */
static void
mac_flood_hurts_only_the_flooder(void **state)
{
	struct vsw_fdb *t = *state;

	for (uint32_t n = 0; n < 7 * 32; n++)
		learn(t, 0, 0xff000000 + n, n % 7, 0);
	for (uint32_t n = 0; n < 100 * 1024; n++)
		learn(t, 0, 1 + n, 7, 1 + n / 1024);
	for (uint32_t n = 0; n < 7 * 32; n++)
		assert_int_equal(lookup(t, 0, 0xff000000 + n), n % 7);
	assert_true(stats(t).evicted > 90 * 1024);
	assert_true(stats(t).entries <= 1024);
	assert_int_equal(vsw_fdb_port_count(t, 7), stats(t).entries - 7 * 32);
	/* A newcomer finds room: the flooder's. */
	learn(t, 0, 0xee000000, 3, 200);
	assert_int_equal(lookup(t, 0, 0xee000000), 3);
}

static void
most_of_the_capacity_can_be_used(void **state)
{
	uint32_t n;

	for (n = 0; stats(*state).evicted == 0 && stats(*state).refused == 0; n++)
		learn(*state, 0, 1 + n, 0, 0);
	assert_in_range(n, 1024 * 3 / 4, 1025);
}

static void
dump_lists_what_there_is(void **state)
{
	struct vsw_fdb_entry e[4];
	struct rte_ether_addr a = addr(0x01020304);

	learn(*state, 4096 + 5, 0x01020304, 6, 10);
	assert_int_equal(vsw_fdb_dump(*state, 25, e, 4), 1);
	assert_memory_equal(&e[0].mac, &a, sizeof(a));
	assert_int_equal(e[0].vlan, 4096 + 5);
	assert_int_equal(e[0].port, 6);
	assert_int_equal(e[0].age_s, 15);
	assert_false(e[0].is_static);
	vsw_fdb_static_add(*state, VSW_VLAN_ANY, &e[0].mac, 1);
	assert_int_equal(vsw_fdb_dump(*state, 25, e, 4), 2);
	assert_int_equal(vsw_fdb_dump(*state, 25, e, 1), 1);
}

/*
 * Two threads learn what never moves and one ages all of it away: no lookup may ever give a wrong
 * port.
 */
struct hammer {
	struct vsw_fdb *t;
	uint32_t from;
	bool done;
	unsigned int wrong;
};

static void *
hammer_main(void *arg)
{
	struct hammer *h = arg;

	for (uint32_t i = 0; i < 400000; i++) {
		uint32_t n = h->from + i * 7919 % 5000;
		uint16_t port = lookup(h->t, 0, 1 + n);

		if (port != VSW_FDB_NONE && port != n % PORTS)
			h->wrong++;
		learn(h->t, 0, 1 + n, n % PORTS, i / 4000);
	}
	__atomic_store_n(&h->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void
never_a_wrong_port_while_entries_come_and_go(void **state)
{
	struct hammer h[2] = { { .t = *state }, { .t = *state, .from = 2500 } };
	struct vsw_fdb_stats s;
	pthread_t thread[2];
	uint32_t counted = 0;

	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, hammer_main, &h[i]), 0);
	while (!__atomic_load_n(&h[0].done, __ATOMIC_ACQUIRE) ||
	       !__atomic_load_n(&h[1].done, __ATOMIC_ACQUIRE)) {
		vsw_fdb_flush(*state, VSW_FDB_NONE);
		usleep(100); /* who has the lock keeps others from learning */
	}
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(h[0].wrong + h[1].wrong, 0);
	s = stats(*state);
	assert_true(s.learned > 5000);
	for (uint16_t port = 0; port < PORTS; port++)
		counted += vsw_fdb_port_count(*state, port);
	assert_int_equal(counted, s.entries);
	assert_int_equal(vsw_fdb_flush(*state, VSW_FDB_NONE), s.entries);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(learned_per_vlan, setup, teardown),
		cmocka_unit_test_setup_teardown(group_and_zero_addresses_are_not_learned, setup,
						teardown),
		cmocka_unit_test_setup_teardown(station_moves, setup, teardown),
		cmocka_unit_test_setup_teardown(ages_out_unless_heard_of, setup, teardown),
		cmocka_unit_test_setup_teardown(static_entries_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(flush_takes_one_port, setup, teardown),
		cmocka_unit_test_setup_teardown(mac_flood_hurts_only_the_flooder, setup, teardown),
		cmocka_unit_test_setup_teardown(most_of_the_capacity_can_be_used, setup, teardown),
		cmocka_unit_test_setup_teardown(dump_lists_what_there_is, setup, teardown),
		cmocka_unit_test_setup_teardown(never_a_wrong_port_while_entries_come_and_go, setup,
						teardown),
	};
	static char prefix[32]; /* a runtime folder of its own */
	char *eal[] = { (char[]){ "fdb" },         (char[]){ "--no-huge" },
			(char[]){ "--no-pci" },    (char[]){ "--no-telemetry" },
			(char[]){ "--no-shconf" }, prefix,
			(char[]){ "-m64" },        (char[]){ "--log-level=error" } };
	int ret;

	snprintf(prefix, sizeof(prefix), "--file-prefix=fdb%d", getpid());
	if (rte_eal_init(RTE_DIM(eal), eal) < 0)
		return 1;
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(rte_eal_get_runtime_dir()); /* which EAL leaves behind, empty */
	rte_eal_cleanup();
	return ret;
}
