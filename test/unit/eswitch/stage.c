/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The profiling build's hooks (this file is compiled with ESW_STAGES; the library is not). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <measure/calibrate.h>

#include "stage.h"

struct queue {
	int something;
	ESW_STAGES_MEMBER
};

static void
spin(uint64_t cycles)
{
	const uint64_t until = rte_rdtsc() + cycles;

	while (rte_rdtsc() < until)
		;
}

/* Each stage gets what passed since the reading before, wherever that was. */
static void
stages_get_their_own_time(void **state)
{
	struct queue q = { .something = 1 };
	uint64_t least = UINT64_MAX;

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		ESW_STAGE_BEGIN(&q);
		spin(20000);
		ESW_STAGE_END(&q, KEYS);
		ESW_STAGE_END(&q, LOOKUP);
		spin(60000);
		ESW_STAGE_END(&q, DELIVER);
		spin(1000); /* nobody's: the next burst begins anew */
		least = RTE_MIN(least, q.stages.cycles[ESW_STAGE_LOOKUP]);
		q.stages.cycles[ESW_STAGE_LOOKUP] = 0;
	}
	assert_true(q.stages.cycles[ESW_STAGE_KEYS] >= UINT64_C(100) * 20000);
	assert_true(q.stages.cycles[ESW_STAGE_DELIVER] >= UINT64_C(100) * 60000);
	assert_true(least < 1000); /* a reading, and not what was spun before or after */
	assert_int_equal(q.stages.cycles[ESW_STAGE_RULES], 0);
	assert_int_equal(q.stages.cycles[ESW_STAGE_RECEIVE], 0);
	assert_int_equal(q.stages.readings[ESW_STAGE_KEYS], 100);
	assert_int_equal(q.stages.readings[ESW_STAGE_LOOKUP], 100);
	assert_int_equal(q.stages.readings[ESW_STAGE_DELIVER], 100);
	assert_int_equal(q.stages.readings[ESW_STAGE_RULES], 0);
}

static uint64_t
read_stage(void *arg)
{
	struct queue *q = arg;

	ESW_STAGE_END(q, LOOKUP);
	return q->stages.last;
}

/*
 * What is taken off for a reading is what readings alone add. How near that is depends on what else
 * the machine does: here only the order of magnitude, so that a cost of none, or of all rounds, is
 * found.
 */
static void
readings_cost_what_is_taken_off(void **state)
{
	struct queue q = { .something = 1 };
	double cost = (double)msr_calibrate(read_stage, &q), best = 1e9;

	(void)state;
	assert_true(cost > 0);
	for (unsigned int round = 0; round < 20; round++) {
		struct queue empty = { .something = 1 };
		double each;

		ESW_STAGE_BEGIN(&empty);
		for (unsigned int i = 0; i < 1000; i++)
			ESW_STAGE_END(&empty, KEYS);
		each = (double)empty.stages.cycles[ESW_STAGE_KEYS] / 1000;
		best = RTE_MIN(best, each);
	}
	assert_true(best < cost * 10);
	assert_true(cost < best * 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_get_their_own_time),
		cmocka_unit_test(readings_cost_what_is_taken_off),
	};

	return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
