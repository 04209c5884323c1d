/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The MAC table alone; time is a number that the test passes. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "mactable.h"
#include "rig.h"

#define EPS 8

/* Static entries are put in at the clock's time: begin there. */
static uint32_t start;

static struct esw_fdb
fresh(uint32_t entries, uint32_t age_s)
{
	struct esw_fdb t;

	memset(&t, 0, sizeof(t));
	assert_int_equal(esw_fdb_init(&t, entries, age_s, EPS, SOCKET_ID_ANY), 0);
	start = esw_fdb_now(&t);
	return t;
}

static uint16_t
find(const struct esw_fdb *t, uint16_t vlan, uint64_t mac, uint32_t now)
{
	uint64_t d = esw_fdb_exact(t, vlan, mac, now);

	return d == UINT64_MAX ? ESW_FDB_NONE : (uint16_t)d;
}

/* A unicast address that names its port. */
static uint64_t
mac_of(uint16_t ep, uint32_t i)
{
	return 0x02 | (uint64_t)ep << 8 | (uint64_t)i << 16;
}

static void
learns_and_moves(void **state)
{
	struct esw_fdb t = fresh(64, 300);

	RTE_SET_USED(state);
	assert_int_equal(find(&t, 0, mac_of(2, 1), start), ESW_FDB_NONE);
	esw_fdb_learn(&t, 0, mac_of(2, 1), 2, start);
	assert_int_equal(find(&t, 0, mac_of(2, 1), start), 2);
	assert_int_equal(find(&t, 1, mac_of(2, 1), start), ESW_FDB_NONE); /* VLANs are apart */
	assert_int_equal(find(&t, ESW_VLAN_S | 1, mac_of(2, 1), start), ESW_FDB_NONE);
	esw_fdb_learn(&t, 0, mac_of(2, 1), 3, start);
	assert_int_equal(find(&t, 0, mac_of(2, 1), start), 3);
	assert_int_equal(t.n_learned[2], 0);
	assert_int_equal(t.n_learned[3], 1);
	esw_fdb_fini(&t);
}

static void
ages(void **state)
{
	struct esw_fdb t = fresh(64, 1);

	RTE_SET_USED(state);
	esw_fdb_learn(&t, 0, mac_of(2, 1), 2, start);
	assert_int_equal(find(&t, 0, mac_of(2, 1), start + 1), 2);
	assert_int_equal(find(&t, 0, mac_of(2, 1), start + 2), ESW_FDB_NONE);
	esw_fdb_learn(&t, 0, mac_of(2, 1), 2, start + 1); /* seen again: a new stamp */
	assert_int_equal(find(&t, 0, mac_of(2, 1), start + 2), 2);
	esw_fdb_learn(&t, 0, mac_of(2, 1), 4,
		      start + 9); /* the old entry's slot, not a second one */
	assert_int_equal(find(&t, 0, mac_of(2, 1), start + 9), 4);
	assert_int_equal(esw_fdb_walk(&t, start + 9, NULL, 0), 1);
	assert_int_equal(t.n_learned[2], 0);
	esw_fdb_fini(&t);
}

static void
stamps_wrap(void **state)
{
	struct esw_fdb t = fresh(64, 1);

	RTE_SET_USED(state);
	esw_fdb_learn(&t, 0, mac_of(2, 1), 2, UINT32_MAX);
	assert_int_equal(find(&t, 0, mac_of(2, 1), 0), 2);
	assert_int_equal(find(&t, 0, mac_of(2, 1), 1), ESW_FDB_NONE);
	esw_fdb_fini(&t);
}

static void
flood_leaves_neighbours_alone(void **state)
{
	struct esw_fdb t = fresh(512, 300);

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 64; i++)
		esw_fdb_learn(&t, 0, mac_of(2, i), 2, start);
	for (uint32_t i = 0; i < 100000; i++)
		esw_fdb_learn(&t, 0, mac_of(5, i), 5, start + 1);
	for (uint32_t i = 0; i < 64; i++)
		assert_int_equal(find(&t, 0, mac_of(2, i), start + 1), 2);
	assert_int_equal(t.n_learned[2], 64);
	assert_true(t.evicted > 90000);
	/* And an address that the neighbour needs now gets a place. */
	for (uint32_t i = 64; i < 100; i++)
		esw_fdb_learn(&t, 0, mac_of(2, i), 2, start + 1);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(find(&t, 0, mac_of(2, i), start + 1), 2);
	esw_fdb_fini(&t);
}

static void
oldest_of_the_flooder_goes_first(void **state)
{
	struct esw_fdb t = fresh(32, 300); /* 16 buckets of 4 */
	unsigned int newest = 0, oldest = 0;

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 600; i++)
		esw_fdb_learn(&t, 0, mac_of(5, i), 5, start + i / 100);
	for (uint32_t i = 0; i < 100; i++) {
		oldest += find(&t, 0, mac_of(5, i), start + 6) == 5;
		newest += find(&t, 0, mac_of(5, 500 + i), start + 6) == 5;
	}
	assert_int_equal(oldest, 0);
	assert_true(newest > 40);
	esw_fdb_fini(&t);
}

static void
dead_entries_make_room_first(void **state)
{
	struct esw_fdb t = fresh(32, 10);

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 1000; i++)
		esw_fdb_learn(&t, 0, mac_of(5, i), 5, start);
	t.evicted = 0;
	for (uint32_t i = 0; i < 20; i++)
		esw_fdb_learn(&t, 0, mac_of(2, i), 2, start + 100);
	assert_int_equal(t.evicted, 0); /* what has aged is nobody's loss */
	for (uint32_t i = 0; i < 20; i++)
		assert_int_equal(find(&t, 0, mac_of(2, i), start + 100), 2);
	esw_fdb_fini(&t);
}

static void
static_entries_stay(void **state)
{
	struct esw_fdb t = fresh(512, 1);

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(esw_fdb_add_static(&t, 7, mac_of(2, i), 2), 0);
	for (uint32_t i = 0; i < 50000; i++)
		esw_fdb_learn(&t, 7, mac_of(5, i), 5, start);
	for (uint32_t i = 0; i < 100; i++) {
		esw_fdb_learn(&t, 7, mac_of(2, i), 5, start); /* somebody claims the address */
		assert_int_equal(find(&t, 7, mac_of(2, i), start + 100000), 2);
	}
	esw_fdb_remove_learned(&t, UINT16_MAX);
	assert_int_equal(esw_fdb_walk(&t, start, NULL, 0), 100);
	esw_fdb_fini(&t);
}

static void
static_replaces_learned(void **state)
{
	struct esw_fdb t = fresh(64, 300);

	RTE_SET_USED(state);
	esw_fdb_learn(&t, 7, mac_of(2, 1), 5, start);
	assert_int_equal(esw_fdb_add_static(&t, 7, mac_of(2, 1), 2), 0);
	assert_int_equal(find(&t, 7, mac_of(2, 1), start), 2);
	assert_int_equal(t.n_learned[5], 0);
	/* One entry for any VLAN: what was learned of the address in some VLAN goes. */
	esw_fdb_learn(&t, 9, mac_of(2, 2), 5, start);
	assert_int_equal(esw_fdb_add_static(&t, ESW_VLAN_ANY, mac_of(2, 2), 2), 0);
	assert_int_equal(find(&t, 9, mac_of(2, 2), start), ESW_FDB_NONE);
	assert_int_equal(find(&t, ESW_VLAN_ANY, mac_of(2, 2), start), 2);
	assert_int_equal(t.n_any, 1);
	assert_int_equal(esw_fdb_add_static(&t, ESW_VLAN_ANY, mac_of(2, 2), 3), 0);
	assert_int_equal(find(&t, ESW_VLAN_ANY, mac_of(2, 2), start), 3);
	assert_int_equal(t.n_any, 1);
	esw_fdb_fini(&t);
}

static void
full_of_static_entries(void **state)
{
	struct esw_fdb t = fresh(32, 300);
	uint32_t n = 0;
	int rc;

	RTE_SET_USED(state);
	do {
		rc = esw_fdb_add_static(&t, 0, mac_of(2, n++), 2);
	} while (rc == 0);
	assert_int_equal(rc, -ENOSPC);
	assert_true(n > 32); /* what was asked for had room */
	for (uint32_t i = 0; i + 1 < n; i++)
		assert_int_equal(find(&t, 0, mac_of(2, i), start), 2);
	esw_fdb_learn(&t, 0, mac_of(2, n - 1), 5, start); /* the place is not there for it either */
	assert_int_equal(find(&t, 0, mac_of(2, n - 1), start), ESW_FDB_NONE);
	esw_fdb_fini(&t);
}

static bool
keep_even_vlans(const void *arg, uint16_t vlan, uint64_t mac)
{
	RTE_SET_USED(arg);
	RTE_SET_USED(mac);
	return vlan != ESW_VLAN_ANY && vlan % 2 == 0;
}

static void
removes_what_is_asked_for(void **state)
{
	struct esw_fdb t = fresh(64, 300);

	RTE_SET_USED(state);
	for (uint16_t v = 1; v <= 4; v++) {
		assert_int_equal(esw_fdb_add_static(&t, v, mac_of(2, 1), 2), 0);
		assert_int_equal(esw_fdb_add_static(&t, v, mac_of(3, 1), 3), 0);
		esw_fdb_learn(&t, v, mac_of(2, 9), 2, start);
		esw_fdb_learn(&t, v, mac_of(3, 9), 3, start);
	}
	assert_int_equal(esw_fdb_add_static(&t, ESW_VLAN_ANY, mac_of(2, 2), 2), 0);
	esw_fdb_keep_static(&t, 2, keep_even_vlans, NULL);
	assert_int_equal(t.n_any, 0);
	assert_int_equal(esw_fdb_walk(&t, start, NULL, 0), 2 + 4 + 4 + 4);
	assert_int_equal(find(&t, 1, mac_of(2, 1), start), ESW_FDB_NONE);
	assert_int_equal(find(&t, 2, mac_of(2, 1), start), 2);
	esw_fdb_remove_learned(&t, 2);
	assert_int_equal(find(&t, 2, mac_of(2, 9), start), ESW_FDB_NONE);
	assert_int_equal(find(&t, 2, mac_of(3, 9), start), 3);
	assert_int_equal(t.n_learned[2], 0);
	assert_int_equal(t.n_learned[3], 4);
	esw_fdb_fini(&t);
}

static void
walk_tells_all(void **state)
{
	struct esw_fdb t = fresh(64, 300);
	struct esw_fdb_entry e[4] = { 0 };
	unsigned int seen = 0;

	RTE_SET_USED(state);
	esw_fdb_add_static(&t, ESW_VLAN_ANY, mac_of(1, 0), 1);
	esw_fdb_learn(&t, ESW_VLAN_S | 4095, mac_of(2, 0), 2, start - 40);
	esw_fdb_learn(&t, 100, mac_of(3, 0), 3, start - 400); /* too old */
	assert_int_equal(esw_fdb_walk(&t, start, NULL, 0), 2);
	assert_int_equal(esw_fdb_walk(&t, start, e, 1), 2);
	assert_int_equal(esw_fdb_walk(&t, start, e, RTE_DIM(e)), 2);
	for (unsigned int i = 0; i < 2; i++) {
		bool any = e[i].ep == 1;

		assert_int_equal(e[i].vid, any ? ESW_FDB_ANY_VLAN : (ESW_VLAN_S | 4095));
		assert_int_equal(e[i].is_static, any);
		assert_int_equal(e[i].age_s, any ? 0 : 40);
		assert_int_equal(esw_mac48(&e[i].mac), mac_of(e[i].ep, 0));
		seen |= 1u << e[i].ep;
	}
	assert_int_equal(seen, 0x6);
	assert_int_equal(e[2].ep, 0);
	esw_fdb_fini(&t);
}

/* A VF in more VLANs than are worth an entry each. */
static void
wide_trunk_has_one_entry(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	uint64_t mac = rig_mac(sw, 0);
	bool is_static;

	RTE_SET_USED(state);
	rig_policy(sw, 0, ESW_F_VLAN, "trunk 1-100");
	assert_int_equal(esw_fdb_dump(sw, NULL, 0), 3); /* PF and two VFs */
	assert_int_equal(esw_mactable_lookup(sw, 50, mac, start, &is_static), ESW_EP_VF0);
	assert_true(is_static);
	assert_int_equal(esw_mactable_lookup(sw, 101, mac, start, &is_static), ESW_FDB_NONE);
	assert_int_equal(esw_mactable_lookup(sw, 0, mac, start, &is_static), ESW_FDB_NONE);
	esw_mactable_learn(sw, 50, mac, ESW_EP_VF0 + 1, start); /* not to be taken over */
	assert_int_equal(esw_mactable_lookup(sw, 50, mac, start, &is_static), ESW_EP_VF0);
	rig_policy(sw, 0, ESW_F_VLAN, "trunk 1-3");
	assert_int_equal(esw_fdb_dump(sw, NULL, 0), 2 + 3);
	assert_int_equal(sw->fdb.n_any, 1);
	rig_free(sw);
}

/* The highest VLAN class is one like any other. */
static void
s_vlan_4095_is_not_any(void **state)
{
	struct esw_fdb t = fresh(64, 300);

	RTE_SET_USED(state);
	assert_int_equal(esw_fdb_add_static(&t, ESW_VLAN_ANY, mac_of(1, 1), 1), 0);
	esw_fdb_learn(&t, ESW_VLAN_S | 4095, mac_of(2, 1), 2, start);
	assert_int_equal(find(&t, ESW_VLAN_ANY, mac_of(2, 1), start), ESW_FDB_NONE);
	esw_fdb_remove_learned(&t, UINT16_MAX);
	assert_int_equal(t.n_any, 1);
	esw_fdb_fini(&t);
}

struct race {
	struct esw_fdb t;
	uint16_t ep;
	bool stop;
};

static void *
learner(void *arg)
{
	struct race *r = arg;
	uint16_t ep = __atomic_fetch_add(&r->ep, 1, __ATOMIC_RELAXED);

	for (uint32_t i = 0; !__atomic_load_n(&r->stop, __ATOMIC_ACQUIRE); i++)
		esw_fdb_learn(&r->t, 0, mac_of(ep, i % 97), ep, start + i / 1000000);
	return NULL;
}

/* 194 addresses fight for 64 places; no reader may see one's key with the other's port. */
static void
never_a_wrong_port(void **state)
{
	struct race r = { .t = fresh(32, 300), .ep = 2 };
	uint64_t hits = 0, end = rig_ms() + 500;
	pthread_t t[2];

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i], NULL, learner, &r), 0);
	while (rig_ms() < end + (hits > 0 ? 0 : 20000)) {
		for (uint32_t i = 0; i < 2 * 97; i++) {
			uint16_t ep = 2 + i % 2,
				 got = find(&r.t, 0, mac_of(ep, i / 2), start + 200);

			if (got != ESW_FDB_NONE && got != ep)
				fail_msg("address of port %u found at port %u", ep, got);
			hits += got == ep;
		}
	}
	__atomic_store_n(&r.stop, true, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert_true(hits > 0);
	assert_int_equal(r.t.n_learned[2] + r.t.n_learned[3],
			 esw_fdb_walk(&r.t, start + 200, NULL, 0));
	esw_fdb_fini(&r.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns_and_moves),
		cmocka_unit_test(ages),
		cmocka_unit_test(stamps_wrap),
		cmocka_unit_test(flood_leaves_neighbours_alone),
		cmocka_unit_test(oldest_of_the_flooder_goes_first),
		cmocka_unit_test(dead_entries_make_room_first),
		cmocka_unit_test(static_entries_stay),
		cmocka_unit_test(static_replaces_learned),
		cmocka_unit_test(full_of_static_entries),
		cmocka_unit_test(removes_what_is_asked_for),
		cmocka_unit_test(walk_tells_all),
		cmocka_unit_test(wide_trunk_has_one_entry),
		cmocka_unit_test(s_vlan_4095_is_not_any),
		cmocka_unit_test(never_a_wrong_port),
	};

	return cmocka_run_group_tests_name("fdb", tests, rig_setup, rig_teardown);
}
