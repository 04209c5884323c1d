/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Counters and ages of rules, own and shared. */
#include <errno.h>
#include <unistd.h>

#include "flow_rig.h"
#include "flow_table.h"

#define LEN 82 /* octets of fr_frame() */

static struct fr_net net;
static struct fr r;

static int
up(void **state)
{
	RTE_SET_USED(state);
	fr_net_make(&net);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	return 0;
}

static int
down(void **state)
{
	RTE_SET_USED(state);
	rig_free(net.sw);
	return 0;
}

static void
own(void **state)
{
	struct esw_flow_stats s;
	struct esw_flow *f;

	RTE_SET_USED(state);
	fr_port(&r, VF1);
	f = fr_make(net.sw, &r);
	assert_int_equal(esw_flow_count_get(net.sw, f, false, &s), -ENOENT);
	esw_flow_destroy(net.sw, f);
	fr_do(&r, ESW_FLOW_COUNT);
	f = fr_make(net.sw, &r);
	for (uint64_t i = 1; i < 100; i++) {
		assert_int_equal(fr_send(&net, i), TO(VF1));
		assert_int_equal(fr_count(net.sw, f).packets, i);
		assert_int_equal(fr_count(net.sw, f).bytes, i * LEN);
	}
	assert_int_equal(esw_flow_count_get(net.sw, f, true, &s), 0);
	assert_int_equal(s.packets, 99);
	assert_int_equal(fr_count(net.sw, f).packets, 0);
	fr_send(&net, 1);
	assert_int_equal(esw_flow_count_get(net.sw, f, true, &s), 0);
	assert_int_equal(s.packets, 1);
	assert_int_equal(s.bytes, LEN);
	/* A rule in the place of another starts from zero. */
	fr_send(&net, 1);
	esw_flow_destroy(net.sw, f);
	f = fr_make(net.sw, &r);
	assert_int_equal(fr_count(net.sw, f).packets, 0);
}

/* Two senders, of which one owns the counter, and edits do not change what was matched. */
static void
two_queues(void **state)
{
	struct esw_txq *second = rig_tx(net.sw, VF0, 1);
	struct esw_flow *f;

	RTE_SET_USED(state);
	fr_do(&r, ESW_FLOW_PUSH_VLAN)->tpid = 0x8100;
	fr_do(&r, ESW_FLOW_COUNT);
	fr_port(&r, ESW_EP_WIRE);
	f = fr_make(net.sw, &r);
	for (uint32_t i = 0; i < 10; i++) {
		rig_send(i % 2 == 0 ? second : net.tx[VF0], fr_frame(&net, RIG_2K, 0, 1, i));
		rig_send(second, fr_frame(&net, RIG_2K, 0, 1, i));
	}
	assert_int_equal(rig_drain(net.rx[ESW_EP_WIRE]), 20);
	assert_int_equal(fr_count(net.sw, f).packets, 20);
	assert_int_equal(fr_count(net.sw, f).bytes, 20 * LEN);
}

static void
shared_counter(void **state)
{
	struct esw_flow_counter *c = esw_flow_counter_create(net.sw, NULL);
	struct esw_err err = { "" };
	struct esw_flow_stats s;
	struct esw_flow *a, *b;

	RTE_SET_USED(state);
	assert_non_null(c);
	fr_do(&r, ESW_FLOW_COUNT)->counter = c;
	fr_do(&r, ESW_FLOW_COUNT)->counter = c; /* as often as somebody likes */
	fr_do(&r, ESW_FLOW_COUNT);
	fr_port(&r, VF1);
	a = fr_make(net.sw, &r);
	fr_begin(&r, VF2, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&r, ESW_FLOW_COUNT)->counter = c;
	fr_do(&r, ESW_FLOW_DROP);
	b = fr_make(net.sw, &r);
	fr_send(&net, 1);
	rig_send(net.tx[VF2], fr_frame(&net, RIG_2K, 2, 1, 1));
	esw_flow_counter_get(net.sw, c, true, &s);
	assert_int_equal(s.packets, 3);
	assert_int_equal(s.bytes, 3 * LEN);
	assert_int_equal(fr_count(net.sw, b).packets, 0);
	assert_int_equal(esw_flow_counter_destroy(net.sw, c, &err), -EBUSY);
	assert_non_null(strstr(err.msg, "3 rules"));
	esw_flow_destroy(net.sw, a);
	assert_int_equal(esw_flow_counter_destroy(net.sw, c, &err), -EBUSY);
	esw_flow_destroy(net.sw, b);
	assert_int_equal(esw_flow_counter_destroy(net.sw, c, &err), 0);
}

/*
 * Counters that lie right behind a rule in memory are not the rule's own: rules take the places of
 * others that lay between counters.
 */
static void
shared_by_neighbours(void **state)
{
	struct esw_flow_counter *c[24] = { NULL };
	struct esw_flow *f[24];
	uint32_t next_to = 0;

	RTE_SET_USED(state);
	for (uint32_t k = 0; k < 2; k++) {
		for (uint32_t i = 0; i < RTE_DIM(f); i++) {
			fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, i);
			for (uint32_t n = 0; n < RTE_DIM(c); n++)
				fr_do(&r, k == 0 ? ESW_FLOW_MAC_SWAP : ESW_FLOW_COUNT)
					->counter = k == 0 ? NULL : c[n];
			fr_port(&r, VF1);
			f[i] = fr_make(net.sw, &r);
			if (k == 0)
				c[i] = esw_flow_counter_create(net.sw, NULL);
		}
		for (uint32_t i = 0; i < RTE_DIM(c) && k == 1; i++) {
			assert_int_equal(c[i]->refs, RTE_DIM(f));
			for (uint32_t n = 0; n < RTE_DIM(f); n++)
				next_to += RTE_PTR_ADD(f[n],
						       RTE_ALIGN(esw_flow_ctl(f[n])->size, 64) -
							       64) == c[i];
		}
		esw_flow_flush(net.sw, VF0);
		/* What is retired is used again when so much has gathered. */
		for (uint32_t i = 0; i <= ESW_FLOW_RETIRED_MAX; i++) {
			fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
			fr_do(&r, ESW_FLOW_DROP);
			esw_flow_destroy(net.sw, fr_make(net.sw, &r));
		}
	}
	assert_true(next_to > 0);
	for (uint32_t i = 0; i < RTE_DIM(c); i++)
		assert_int_equal(esw_flow_counter_destroy(net.sw, c[i], NULL), 0);
}

/* As if `s` seconds had gone by: everything that lies in the past moves back. */
static void
pass(struct esw_flow_age **age, uint32_t n, uint32_t s)
{
	struct esw_flow_dev *f = &net.sw->flow;
	struct esw_flow_age *wheel[ESW_FLOW_WHEEL];

	memcpy(wheel, f->wheel, sizeof(wheel));
	for (uint32_t i = 0; i < ESW_FLOW_WHEEL; i++)
		f->wheel[i] = wheel[(i + s) % ESW_FLOW_WHEEL];
	f->wheel_at -= s;
	for (uint32_t i = 0; i < n; i++) {
		age[i]->last -= s;
		age[i]->due -= s;
	}
}

static bool
is_aged(struct esw_flow *f, uint32_t *idle_s)
{
	bool aged;

	assert_int_equal(esw_flow_age_get(net.sw, f, idle_s, &aged), 0);
	return aged;
}

/* For real: one second, which is over when more than one lies between two stamps. */
static void
one_second(void **state)
{
	void *context[4] = { NULL };
	struct esw_flow *f;
	uint64_t start = rig_ms(), over;
	uint32_t idle;

	RTE_SET_USED(state);
	fr_do(&r, ESW_FLOW_AGE)->timeout = 1;
	fr_port(&r, VF1);
	f = fr_make(net.sw, &r);
	assert_false(is_aged(f, &idle));
	assert_in_range(idle, 0, 1);
	while (!esw_flow_age_tick(net.sw, VF0) && rig_ms() < start + 20000)
		usleep(10000);
	over = rig_ms() - start;
	assert_true(over >= 990);
	assert_true(is_aged(f, &idle));
	assert_true(idle >= 2);
	assert_false(esw_flow_age_tick(net.sw, VF0)); /* it was told */
	assert_false(esw_flow_age_tick(net.sw, VF1));
	assert_int_equal(esw_flow_aged_get(net.sw, VF0, context, 4), 1);
	assert_ptr_equal(context[0], f);
	assert_int_equal(esw_flow_aged_get(net.sw, VF1, context, 4), 0);
	esw_flow_destroy(net.sw, f);
	assert_int_equal(esw_flow_aged_get(net.sw, VF0, context, 4), 0);
}

/* Frames keep it young; the wheel looks again when it would be over. */
static void
frames_keep_it_young(void **state)
{
	struct esw_flow_age *age;
	struct esw_flow *f;
	uint32_t idle;

	RTE_SET_USED(state);
	fr_do(&r, ESW_FLOW_AGE)->timeout = 100;
	r.act[0].context = &net;
	fr_port(&r, VF1);
	f = fr_make(net.sw, &r);
	age = esw_flow_ctl(f)->age;
	for (uint32_t i = 0; i < 50; i++) {
		pass(&age, 1, 60);
		assert_false(is_aged(f, &idle));
		assert_in_range(idle, 60, 62);
		fr_send(&net, 1);
		assert_false(is_aged(f, &idle));
		assert_in_range(idle, 0, 2);
	}
	pass(&age, 1, 98);
	assert_false(is_aged(f, &idle));
	assert_false(esw_flow_age_tick(net.sw, VF0));
	pass(&age, 1, 4);
	assert_true(esw_flow_age_tick(net.sw, VF0));
	assert_true(is_aged(f, &idle));
	fr_send(&net, 1); /* too late */
	assert_true(is_aged(f, &idle));
}

/* Longer than a turn of the wheel, all in one slot, and a control that looks once in hours. */
static void
turns_of_the_wheel(void **state)
{
	static const uint32_t timeout[] = { 1, 2, 1023, 1024, 1025, 3000, 100000, (1u << 24) - 1 };
	struct esw_flow_age *age[RTE_DIM(timeout)];
	uint32_t n, aged = 0, now = 0;
	void *context[RTE_DIM(timeout)];

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < RTE_DIM(timeout); i++) {
		age[i] = esw_flow_age_create(net.sw, VF0, timeout[i], &age[i], NULL);
		assert_non_null(age[i]);
	}
	for (uint32_t i = 0; i < RTE_DIM(timeout); i++) {
		pass(age, RTE_DIM(timeout), timeout[i] - 1 - now);
		now = timeout[i] - 1;
		n = esw_flow_aged_get(net.sw, VF0, context, RTE_DIM(context));
		/* One or two seconds may have gone by meanwhile. */
		assert_in_range(n, aged, i + 1);
		pass(age, RTE_DIM(timeout), 3);
		now += 3;
		aged = esw_flow_aged_get(net.sw, VF0, context, RTE_DIM(context));
		assert_true(aged >= i + 1);
	}
	assert_int_equal(esw_flow_aged_get(net.sw, VF0, context, 3), RTE_DIM(timeout));
	for (uint32_t i = 0; i < RTE_DIM(timeout); i++)
		assert_int_equal(esw_flow_age_destroy(net.sw, age[i], NULL), 0);
	assert_int_equal(esw_flow_aged_get(net.sw, VF0, NULL, 0), 0);
}

static void
shared_age(void **state)
{
	struct esw_flow_age *age = esw_flow_age_create(net.sw, VF2, 10, NULL, NULL);
	struct esw_err err = { "" };
	struct esw_flow *f;
	uint32_t idle;
	void *context;
	bool aged;

	RTE_SET_USED(state);
	fr_do(&r, ESW_FLOW_AGE)->age = age;
	fr_port(&r, VF1);
	f = fr_make(net.sw, &r);
	pass(&age, 1, 8);
	fr_send(&net, 1);
	pass(&age, 1, 8);
	assert_false(is_aged(f, &idle));
	pass(&age, 1, 4);
	assert_true(is_aged(f, &idle));
	assert_int_equal(esw_flow_aged_get(net.sw, VF2, &context, 1), 1);
	assert_ptr_equal(context, age); /* it is its owner's, not the rule's */
	esw_flow_age_update(net.sw, age, 0);
	assert_false(is_aged(f, &idle));
	esw_flow_age_update(net.sw, age, 20);
	pass(&age, 1, 18);
	esw_flow_age_shared_get(net.sw, age, &idle, &aged);
	assert_false(aged);
	assert_int_equal(esw_flow_age_destroy(net.sw, age, &err), -EBUSY);
	esw_flow_destroy(net.sw, f);
	assert_int_equal(esw_flow_age_destroy(net.sw, age, &err), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, up, down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(own),
		T(two_queues),
		T(shared_counter),
		T(shared_by_neighbours),
		T(one_second),
		T(frames_keep_it_young),
		T(turns_of_the_wheel),
		T(shared_age),
	};

	return cmocka_run_group_tests_name("flow_count", tests, rig_setup, rig_teardown);
}
