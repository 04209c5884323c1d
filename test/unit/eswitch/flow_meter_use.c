/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Meters as control and senders use them: shared, changed under traffic, refused, held by rules. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "meters.h"

#define LEN 125
#define STEP 7 /* cycles between frames */

/* EAL pinned the test to one core. Where there is another, thread n goes there. */
static void
spread(unsigned int n)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(n % (unsigned int)RTE_MAX(cpus, 1), &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

struct sharer {
	struct esw_flow_meter *m;
	uint64_t *clock;
	pthread_barrier_t *start;
	unsigned int n;
	uint64_t passed, calls;
	pthread_t thread;
};

static void *
sharer_main(void *arg)
{
	struct sharer *s = arg;

	spread(s->n);
	pthread_barrier_wait(s->start);
	for (unsigned int i = 0; i < 2000000; i++) {
		uint64_t tsc = __atomic_fetch_add(s->clock, STEP, __ATOMIC_RELAXED);

		s->passed += esw_flow_meter_run(s->m, 1, LEN, tsc);
		s->calls++;
	}
	return NULL;
}

/* Two cores, one meter: one rate, and no frame uncounted. */
static void
two_threads_share_the_rate(void **state)
{
	/* A quarter of what is sent. */
	const uint64_t rate = hz / STEP * LEN / 4;
	struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
		.alg = SRTCM, .cir = rate, .cbs = 10 * LEN, .ebs = 10 * LEN, .drop[RED] = true });
	uint64_t clock = epoch, passed, budget;
	struct esw_flow_meter_stats st;
	pthread_barrier_t start;
	struct sharer s[2];

	RTE_SET_USED(state);
	assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
	for (unsigned int i = 0; i < 2; i++) {
		s[i] = (struct sharer){ .m = m, .clock = &clock, .start = &start, .n = i };
		assert_int_equal(pthread_create(&s[i].thread, NULL, sharer_main, &s[i]), 0);
	}
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(s[i].thread, NULL);
	pthread_barrier_destroy(&start);
	passed = s[0].passed + s[1].passed;
	budget = 20 + (uint64_t)((long double)(clock - epoch) / hz * rate / LEN);
	assert_in_range(passed, budget - budget / 1000, budget + budget / 10000);
	esw_flow_meter_stats_get(sw, m, false, &st);
	assert_int_equal(st.color[GREEN].packets + st.color[YELLOW].packets, passed);
	assert_int_equal(st.color[GREEN].bytes + st.color[YELLOW].bytes, passed * LEN);
	assert_int_equal(st.color[RED].packets, 0);
	assert_int_equal(st.dropped.packets, s[0].calls + s[1].calls - passed);
	assert_int_equal(st.dropped.bytes, st.dropped.packets * LEN);
	destroy(m);
}

/* A burst of a queue's that meters, as far as control can tell. */
struct burster {
	struct esw_flow_meter *m;
	struct esw_txq *q;
	uint32_t phase; /* odd while an update is under way, then which configuration holds */
	uint64_t wrong, seen[2];
	bool stop;
	pthread_t thread;
};

static void *
burster_main(void *arg)
{
	struct burster *b = arg;

	spread(1);
	while (!__atomic_load_n(&b->stop, __ATOMIC_RELAXED)) {
		uint32_t before = __atomic_load_n(&b->phase, __ATOMIC_ACQUIRE), after;
		bool passed;

		__atomic_store_n(&b->q->epoch, b->q->epoch + 1, __ATOMIC_SEQ_CST);
		passed = esw_flow_meter_run(b->m, 1, 64, rte_rdtsc());
		__atomic_store_n(&b->q->epoch, b->q->epoch + 1, __ATOMIC_RELEASE);
		after = __atomic_load_n(&b->phase, __ATOMIC_ACQUIRE);
		if (before != after || (before & 1) != 0)
			continue;
		b->wrong += passed != ((before & 2) != 0);
		__atomic_fetch_add(&b->seen[passed], 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* One that lets all pass and one that lets nothing: no frame after the return sees the other. */
static void
update_under_traffic(void **state)
{
	const struct esw_flow_meter_conf c[2] = {
		{ .alg = TRTCM,
		  .cir = 1000,
		  .pir = 2000,
		  .cbs = 100,
		  .ebs = 100,
		  .drop = { true, true, true } },
		{ .alg = SRTCM, .cir = 1000, .cbs = 100, .ebs = 100 },
	};
	struct burster b = { .m = make(&c[1]), .q = rig_tx(sw, ESW_EP_VF0, 0), .phase = 2 };
	uint64_t end = rig_ms() + 20000;

	RTE_SET_USED(state);
	assert_int_equal(pthread_create(&b.thread, NULL, burster_main, &b), 0);
	for (unsigned int i = 0; i < 400 && rig_ms() < end; i++) {
		__atomic_store_n(&b.phase, b.phase + 1, __ATOMIC_RELEASE);
		assert_int_equal(esw_flow_meter_update(sw, b.m, &c[i % 2], NULL), 0);
		__atomic_store_n(&b.phase, b.phase + 1, __ATOMIC_RELEASE);
		usleep(100);
	}
	__atomic_store_n(&b.stop, true, __ATOMIC_RELAXED);
	pthread_join(b.thread, NULL);
	assert_int_equal(b.wrong, 0);
	assert_true(b.seen[0] > 0 && b.seen[1] > 0);
	destroy(b.m);
}

static void
update_fills_the_buckets(void **state)
{
	struct esw_flow_meter_conf c = { .alg = SRTCM, .cir = 1000, .cbs = 1000, .ebs = 500 };
	struct esw_flow_meter *m = make(&c);
	struct esw_err err;

	RTE_SET_USED(state);
	expect(m, 1, 1000, 1, GREEN);
	expect(m, 1, 500, 1, YELLOW);
	c.cbs = 0;
	c.ebs = 0;
	assert_int_equal(esw_flow_meter_update(sw, m, &c, &err), -EINVAL);
	expect(m, 1, 14, 1, RED); /* nothing has changed */
	c = (struct esw_flow_meter_conf){
		.alg = TRTCM2, .cir = 10, .pir = 10, .cbs = 300, .ebs = 200
	};
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(esw_flow_meter_update(sw, m, &c, NULL), 0);
		expect(m, 1, 300, 1, GREEN);
		expect(m, 1, 200, 1, YELLOW);
		expect(m, 1, 14, 1, RED);
	}
	destroy(m);
}

static void
off_is_green(void **state)
{
	struct esw_flow_meter_conf c = { .alg = SRTCM, .cir = 1000, .cbs = 1000, .ebs = 0 };
	struct esw_flow_meter *m = make(&c);
	struct esw_flow_meter_stats s;

	RTE_SET_USED(state);
	expect(m, 1, 1000, 1, GREEN);
	expect(m, 1, 14, 1, RED);
	esw_flow_meter_enable(m, false);
	expect(m, 1000, 1500, 1, GREEN);
	esw_flow_meter_enable(m, true);
	expect(m, 1, 14, 1, RED); /* it took nothing meanwhile, and gave nothing */
	/* What becomes of green goes on. */
	esw_flow_meter_enable(m, false);
	c.drop[GREEN] = true;
	assert_int_equal(esw_flow_meter_update(sw, m, &c, NULL), 0);
	assert_false(esw_flow_meter_run(m, 1, 100, epoch));
	esw_flow_meter_stats_get(sw, m, false, &s);
	assert_int_equal(s.dropped.packets, 1);
	assert_int_equal(s.dropped.bytes, 100);
	destroy(m);
}

static void
refusals_have_sentences(void **state)
{
	static const struct {
		struct esw_flow_meter_conf c;
		const char *msg;
	} t[] = {
		{ { .alg = SRTCM, .cir = 0, .cbs = 100 },
		  "cir: 0 is out of range 1 to 1099511627776" },
		{ { .alg = TRTCM, .cir = (UINT64_C(1) << 40) + 1 },
		  "cir: 1099511627777 is out of range 1 to 1099511627776" },
		{ { .alg = TRTCM, .cir = 10, .pir = 9, .cbs = 100, .ebs = 100 },
		  "pir: 9 is out of range 10 (cir) to 1099511627776" },
		{ { .alg = TRTCM2, .cir = 6, .pir = (UINT64_C(1) << 40) - 5, .cbs = 100 },
		  "eir: 1099511627771 is out of range 0 to 1099511627770, the rest beside cir" },
		{ { .alg = SRTCM, .cir = 10, .cbs = 13, .ebs = 0 },
		  "cbs, ebs: 13 and 0 let no frame pass, one must be 14 or more" },
		{ { .alg = TRTCM2, .packets = true, .cir = 10 },
		  "cbs, ebs: 0 and 0 let no frame pass, one must be 1 or more" },
		{ { .alg = TRTCM, .cir = 10, .pir = 10, .cbs = 0, .ebs = 100 },
		  "cbs: 0 is out of range 1 to " },
		{ { .alg = TRTCM, .cir = 10, .pir = 10, .cbs = 100, .ebs = 13 },
		  "pbs: 13 is out of range 14 to " },
		{ { .alg = SRTCM, .cir = 1, .cbs = UINT64_C(1) << 32 },
		  "cbs: 4294967296 is out of range 0 to " },
		{ { .alg = TRTCM2, .cir = 10, .cbs = 100, .ebs = UINT64_MAX },
		  "ebs: 18446744073709551615 is out of range 0 to 4611686018427387904" },
		{ { .alg = (enum esw_flow_meter_alg)3, .cir = 10, .cbs = 100 },
		  "alg: 3 is none of 0 (RFC 2697), 1 (RFC 2698), 2 (RFC 4115)" },
	};

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RTE_DIM(t); i++) {
		struct esw_err err = { "" };

		rte_errno = 0;
		assert_null(esw_flow_meter_create(sw, &t[i].c, &err));
		assert_int_equal(rte_errno, EINVAL);
		assert_memory_equal(err.msg, t[i].msg, strlen(t[i].msg));
		assert_null(esw_flow_meter_create(sw, &t[i].c, NULL));
	}
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats s;

	assert_int_equal(rte_malloc_get_socket_stats(0, &s), 0);
	return s.heap_allocsz_bytes;
}

static void
rules_hold_it(void **state)
{
	const struct esw_flow_meter_conf c = { .alg = SRTCM, .cir = 1000, .cbs = 1000 };
	size_t used = heap_used();
	struct esw_flow_meter *m = make(&c);
	struct esw_err err;

	RTE_SET_USED(state);
	esw_flow_meter_ref(m, 1);
	esw_flow_meter_ref(m, 1);
	assert_int_equal(esw_flow_meter_destroy(sw, m, &err), -EBUSY);
	assert_string_equal(err.msg, "meter: 2 rules have it");
	esw_flow_meter_ref(m, -1);
	assert_int_equal(esw_flow_meter_refs(m), 1);
	assert_int_equal(esw_flow_meter_destroy(sw, m, NULL), -EBUSY);
	esw_flow_meter_ref(m, -1);
	destroy(m);
	assert_int_equal(esw_flow_meter_destroy(sw, NULL, NULL), 0);
	assert_int_equal(heap_used(), used);
}

/* A burst that never ends: it may be inside the meter. */
static void
stuck_burst_keeps_it(void **state)
{
	const struct esw_flow_meter_conf c = { .alg = SRTCM, .cir = 1000, .cbs = 1000 };
	struct esw_flow_meter *m = make(&c);
	struct esw_txq *tx = rig_tx(sw, ESW_EP_VF0, 1);
	struct esw_err err;

	RTE_SET_USED(state);
	esw_flow_meter_ref(m, 1);
	esw_flow_meter_ref(m, -1);
	tx->epoch++;
	assert_int_equal(esw_flow_meter_update(sw, m, &c, &err), 0);
	assert_int_equal(esw_flow_meter_update(sw, m, &c, &err), -EAGAIN);
	assert_string_equal(err.msg, "meter: a process is stopped inside a burst");
	assert_int_equal(esw_flow_meter_destroy(sw, m, &err), -EAGAIN);
	tx->epoch++;
	assert_int_equal(esw_flow_meter_update(sw, m, &c, &err), 0);
	destroy(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_threads_share_the_rate, setup, teardown),
		cmocka_unit_test_setup_teardown(update_under_traffic, setup, teardown),
		cmocka_unit_test_setup_teardown(update_fills_the_buckets, setup, teardown),
		cmocka_unit_test_setup_teardown(off_is_green, setup, teardown),
		cmocka_unit_test_setup_teardown(refusals_have_sentences, setup, teardown),
		cmocka_unit_test_setup_teardown(rules_hold_it, setup, teardown),
		cmocka_unit_test_setup_teardown(stuck_burst_keeps_it, setup, teardown),
	};

	return cmocka_run_group_tests_name("flow_meter_use", tests, rig_setup, rig_teardown);
}
