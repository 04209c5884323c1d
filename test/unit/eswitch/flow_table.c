/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The classifier by itself: keys are looked up, no frame is sent. */
#include <errno.h>

#include "flow_rig.h"
#include "flow_table.h"

#define MANY 5000 /* rules of one mask: ten doublings of the buckets */

/* Addresses that are not next to each other: a CRC spreads those too evenly. */
static uint32_t
address(uint32_t i)
{
	return (i * UINT32_C(2654435761)) ^ (i * i * UINT32_C(40503) << 8);
}

/* Rules about VF 0 whose mask is the source address and which drop. */
static void
by_addr(struct fr *r, uint32_t i, uint32_t prio)
{
	fr_begin(r, VF0, ESW_FLOW_TRANSFER, 0, prio);
	FR_IS(r, 0, src4, address(i));
	fr_do(r, ESW_FLOW_DROP);
}

static const struct esw_flow_subs *
subs(const struct esw *sw)
{
	return sw->flow.root[VF0] != NULL ? sw->flow.root[VF0]->subs : NULL;
}

static struct esw_flow *
look(const struct esw *sw, const union esw_flow_key *k, uint64_t after)
{
	return subs(sw) != NULL ? esw_flow_lookup(subs(sw), k, after) : NULL;
}

static struct esw_flow *
look_addr(const struct esw *sw, uint32_t i)
{
	union esw_flow_key k = { .h[0].src4 = address(i) };

	return look(sw, &k, 0);
}

static void
no_rules_no_table(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	struct fr r;

	RTE_SET_USED(state);
	assert_null(subs(sw));
	by_addr(&r, 1, 0);
	esw_flow_destroy(sw, fr_make(sw, &r));
	assert_null(sw->flow.root[VF0]);
	assert_int_equal(esw_flow_number(sw, VF0), 0);
	rig_free(sw);
}

/* Overflow buckets, for the hash is only so even; all found after each doubling and removal. */
static void
grows(void **state)
{
	static struct esw_flow *rule[MANY];
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	uint32_t buckets = 0, doublings = 0, overflows = 0;
	const struct esw_flow_buckets *t;
	struct fr r;

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < MANY; i++) {
		by_addr(&r, i, i % 7);
		rule[i] = fr_make(sw, &r);
		t = subs(sw)->sub[0]->tab;
		if (t->mask + 1 == buckets)
			continue;
		buckets = t->mask + 1;
		doublings++;
		for (uint32_t k = 0; k < MANY; k++)
			assert_ptr_equal(look_addr(sw, k), k <= i ? rule[k] : NULL);
	}
	assert_true(doublings >= 9);
	for (uint32_t i = 0; i < buckets; i++)
		overflows += t->b[i].more != NULL;
	assert_true(overflows > 0);
	for (uint32_t i = 0; i < MANY; i++) {
		esw_flow_destroy(sw, rule[i * 7 % MANY]);
		rule[i * 7 % MANY] = NULL;
		for (uint32_t k = i % 97; k < MANY; k += 97)
			assert_ptr_equal(look_addr(sw, k), rule[k]);
	}
	assert_null(subs(sw));
	rig_free(sw);
}

/* Slots that were freed are used again, overflow buckets as well: no growth at a steady number. */
static void
steady_number_no_growth(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	struct esw_flow *rule[64];
	uint64_t octets;
	struct fr r;

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < RTE_DIM(rule); i++) {
		by_addr(&r, i, 0);
		rule[i] = fr_make(sw, &r);
	}
	octets = esw_flow_memory(sw);
	for (uint32_t i = 0; i < 20000; i++) {
		esw_flow_destroy(sw, rule[i % RTE_DIM(rule)]);
		by_addr(&r, 64 + i, 0);
		rule[i % RTE_DIM(rule)] = fr_make(sw, &r);
		assert_ptr_equal(look_addr(sw, 64 + i), rule[i % RTE_DIM(rule)]);
	}
	assert_int_equal(subs(sw)->sub[0]->n, RTE_DIM(rule));
	/* Retired pieces wait in heaps of up to 1024. */
	assert_true(esw_flow_memory(sw) <= octets + 2 * 1024 * 1024);
	rig_free(sw);
}

/* One key: the order is priority, then age; walked to its end by `after`. */
static void
chain_is_in_order(void **state)
{
	static const uint32_t prio[] = { 5, 3, 9, 0, 7, 1 };
	static const uint8_t order[] = { 3, 5, 1, 0, 4, 2 };
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	union esw_flow_key k = { .h[0].src4 = address(77) };
	struct esw_flow *rule[RTE_DIM(prio)], *f = NULL;
	struct fr r;

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < RTE_DIM(prio); i++) {
		by_addr(&r, 77, prio[i]);
		rule[i] = fr_make(sw, &r);
	}
	for (uint32_t i = 0; i < RTE_DIM(prio); i++) {
		f = look(sw, &k, f != NULL ? f->order : 0);
		assert_ptr_equal(f, rule[order[i]]);
	}
	assert_null(look(sw, &k, f->order));
	rig_free(sw);
}

/* A chain of five of which each one goes first, each one last, and each one from its place. */
static void
chain_without_each(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	union esw_flow_key k = { .h[0].src4 = address(77) };
	struct esw_flow *rule[5];
	struct fr r;

	RTE_SET_USED(state);
	for (uint32_t gone = 0; gone < 5; gone++) {
		struct esw_flow *f = NULL;

		for (uint32_t i = 0; i < 5; i++) {
			by_addr(&r, 77, i);
			rule[i] = fr_make(sw, &r);
		}
		esw_flow_destroy(sw, rule[gone]);
		for (uint32_t i = 0; i < 5; i++) {
			if (i == gone)
				continue;
			f = look(sw, &k, f != NULL ? f->order : 0);
			assert_ptr_equal(f, rule[i]);
		}
		assert_null(look(sw, &k, f->order));
		assert_int_equal(esw_flow_flush(sw, VF0), 4);
		assert_null(subs(sw));
	}
	rig_free(sw);
}

static void
ranges_of_one_key(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	union esw_flow_key k = { .h[0] = { .l4 = 17 } };
	struct esw_flow *wide, *narrow;
	struct fr r;

	RTE_SET_USED(state);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 2);
	FR_IS(&r, 0, l4, 17);
	fr_range(&r, FR_OFF(0, dport), 2, 100, 1000);
	fr_do(&r, ESW_FLOW_DROP);
	wide = fr_make(sw, &r);
	r.spec.prio = 1;
	r.match.n_ranges = 0;
	fr_range(&r, FR_OFF(0, dport), 2, 255, 256);
	narrow = fr_make(sw, &r);
	assert_int_equal(subs(sw)->n, 1); /* they look at the same octets */
	for (uint32_t port = 0; port < 1200; port++) {
		struct esw_flow *want = port == 255 || port == 256 ? narrow : wide;

		k.h[0].dport = rte_cpu_to_be_16(port);
		assert_ptr_equal(look(sw, &k, 0), port >= 100 && port <= 1000 ? want : NULL);
		k.h[0].l4 = 6;
		assert_null(look(sw, &k, 0));
		k.h[0].l4 = 17;
	}
	esw_flow_destroy(sw, narrow);
	k.h[0].dport = rte_cpu_to_be_16(255);
	assert_ptr_equal(look(sw, &k, 0), wide);
	rig_free(sw);
}

/* Twins differ in nothing that tells them apart: actions do not. */
static void
twins_are_refused(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	struct esw_flow *first;
	struct fr r;

	RTE_SET_USED(state);
	by_addr(&r, 5, 4);
	fr_range(&r, FR_OFF(0, ttl), 1, 3, 9);
	first = fr_make(sw, &r);
	r.act[0] = (struct esw_flow_act){ .op = ESW_FLOW_PORT, .ep = VF1 };
	fr_refused(sw, &r, -EEXIST, "priority 4");
	r.match.range[0].hi[0] = 10;
	fr_make(sw, &r);
	r.match.range[0].hi[0] = 9;
	r.spec.prio = 5;
	fr_make(sw, &r);
	r.spec.prio = 4;
	r.spec.group = 1;
	fr_make(sw, &r);
	r.spec.group = 0;
	r.spec.ep = VF1;
	r.act[0].ep = VF0;
	fr_make(sw, &r);
	r.spec.ep = VF0;
	r.act[0].ep = VF1;
	FR_IS(&r, 0, src4, address(6));
	fr_make(sw, &r);
	FR_IS(&r, 0, src4, address(5));
	fr_refused(sw, &r, -EEXIST, "already");
	assert_int_equal(esw_flow_number(sw, VF0), 6);
	esw_flow_destroy(sw, first);
	fr_make(sw, &r);
	/* The refusal left nothing behind: a mask of its own would be one. */
	assert_int_equal(subs(sw)->n, 1);
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_rules_no_table),       cmocka_unit_test(grows),
		cmocka_unit_test(steady_number_no_growth), cmocka_unit_test(chain_is_in_order),
		cmocka_unit_test(chain_without_each),      cmocka_unit_test(ranges_of_one_key),
		cmocka_unit_test(twins_are_refused),
	};

	return cmocka_run_group_tests_name("flow_table", tests, rig_setup, rig_teardown);
}
