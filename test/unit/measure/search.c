/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The controller against simulated devices: one whose loss only depends on the load, a noisy one
 * whose limit moves, and one that loses bursts of frames now and then whatever the load is.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "search.h"

struct device {
	double limit;      /* frames per second forwarded at most */
	double noise;      /* relative variation of the limit from trial to trial */
	double burst_rate; /* bursts of loss per second */
	double burst_loss; /* frames lost by one */
	uint64_t rng;
};

static double
uniform(struct device *d)
{
	d->rng = d->rng * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (double)(d->rng >> 11) / 9007199254740992.0;
}

static double
loss_of(struct device *d, double load, double duration)
{
	double limit = d->limit * (1 + d->noise * (2 * uniform(d) - 1));
	double lost = fmax(0, (load - limit) * duration);

	if (d->burst_rate > 0 && uniform(d) < 1 - exp(-d->burst_rate * duration))
		lost += d->burst_loss;
	return fmin(1, lost / (load * duration));
}

/* Run a search to its end; the number of trials, and their time in *seconds. */
static size_t
run(struct msr_search *s, struct device *d, double *seconds)
{
	double load, duration;

	*seconds = 0;
	while (msr_search_next(s, &load, &duration)) {
		struct msr_trial t = {
			.load = load,
			.duration_s = duration,
			.effective_s = duration,
			.loss_ratio = loss_of(d, load, duration),
		};

		assert_true(load >= s->min_load && load <= s->max_load);
		assert_near(load, rint(load), 0);
		*seconds += duration;
		assert_int_equal(msr_search_add(s, &t), 0);
	}
	return s->n_trials;
}

static const struct msr_goal bisect = { "bisect", 0, 0, 1, 1, 1, 0.005 };
static const struct msr_goal ndr_pdr[] = {
	{ "PDR", 0.005, 0.5, 1, 2, 0.05, 0.005 },
	{ "NDR", 0, 0.5, 1, 2, 0.05, 0.005 },
};

static void
start(struct msr_search *s, const struct msr_goal *g, size_t n, double max)
{
	char err[160];

	assert_int_equal(msr_search_init(s, g, n, 1000, max, 0, err, sizeof(err)), 0);
}

/* RFC 2544: the limit lies between the bounds, which are as close as asked. */
static void
test_bisection(void **state)
{
	static struct msr_search s;
	double limit = 2000;

	(void)state;
	for (unsigned int i = 0; i < 17; i++) { /* to just below 10 M */
		struct device d = { .limit = limit };
		struct msr_goal_result r;
		double seconds;

		start(&s, &bisect, 1, 1e7);
		assert_in_range(run(&s, &d, &seconds), 3, 30);
		r = msr_search_result(&s, 0);
		assert_int_equal(r.end, MSR_END_REGULAR);
		assert_true(r.lower <= limit && limit < r.upper);
		assert_true((r.upper - r.lower) / r.upper <= bisect.width);
		assert_near(r.throughput, r.lower, 0);
		limit *= 1.7;
	}
}

static void
test_two_goals(void **state)
{
	static struct msr_search s;
	struct device d = { .limit = 1234567 };
	struct msr_goal_result pdr, ndr;
	double seconds;

	(void)state;
	start(&s, ndr_pdr, 2, 1e7);
	run(&s, &d, &seconds);
	pdr = msr_search_result(&s, 0);
	ndr = msr_search_result(&s, 1);
	assert_int_equal(pdr.end, MSR_END_REGULAR);
	assert_int_equal(ndr.end, MSR_END_REGULAR);
	assert_true(ndr.lower <= d.limit && d.limit < ndr.upper);
	/* At load x a share of (x - limit) / x is lost: 0.5 % at limit / 0.995. */
	assert_true(pdr.lower <= d.limit / 0.995 && d.limit / 0.995 < pdr.upper);
	assert_true(pdr.throughput >= pdr.lower * 0.995);
	/* The short trials must pay: below two full bisections of 12 loads, 2 s each. */
	assert_true(seconds < 36);
	/*
	 * Smaller loads first: no full-length trial above the strict goal's bounds before it
	 * ends.
	 */
	assert_true(s.order[0] == 1 && s.order[1] == 0);
}

/* Loss in one of ten seconds, of 1 % of the frames: bisection falls to the floor, the exceed
 * ratio does not.
 */
static void
test_bursty(void **state)
{
	static struct msr_search s;
	double worst = 1, worst_bisect = 1, seconds;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct device d = {
			.limit = 1e6, .burst_rate = 0.1, .burst_loss = 1e4, .rng = seed
		};
		struct device e = d;

		start(&s, ndr_pdr, 2, 4e6);
		run(&s, &d, &seconds);
		assert_true(msr_search_result(&s, 1).end != MSR_END_NO_TRIALS);
		worst = fmin(worst, msr_search_result(&s, 1).lower / 1e6);
		assert_true(msr_search_result(&s, 1).lower <= 1e6);
		start(&s, &bisect, 1, 4e6);
		run(&s, &e, &seconds);
		worst_bisect = fmin(worst_bisect, msr_search_result(&s, 0).lower / 1e6);
	}
	assert_true(worst > worst_bisect);
	assert_true(worst > 0.5);
}

static void
test_noisy(void **state)
{
	static struct msr_search s;

	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct device d = { .limit = 5e6, .noise = 0.05, .rng = seed };
		struct msr_goal_result r;
		double seconds;

		start(&s, ndr_pdr, 2, 2e7);
		assert_true(run(&s, &d, &seconds) < 200);
		for (size_t g = 0; g < 2; g++) {
			r = msr_search_result(&s, g);
			assert_int_equal(r.end, MSR_END_REGULAR);
			assert_true(r.lower > 4.6e6 && r.lower < 5.35e6);
		}
	}
}

static void
test_limits(void **state)
{
	static struct msr_search s;
	struct device fast = { .limit = 1e9 }, dead = { .limit = 0 };
	struct msr_goal_result r;
	double seconds;

	(void)state;
	start(&s, ndr_pdr, 2, 1e6);
	run(&s, &fast, &seconds);
	for (size_t g = 0; g < 2; g++) {
		r = msr_search_result(&s, g);
		assert_int_equal(r.end, MSR_END_MAX_LOAD);
		assert_near(r.lower, 1e6, 0);
		assert_near(r.upper, 0, 0);
		assert_near(r.throughput, 1e6, 0);
	}
	start(&s, ndr_pdr, 2, 1e6);
	run(&s, &dead, &seconds);
	r = msr_search_result(&s, 0);
	assert_int_equal(r.end, MSR_END_MIN_LOAD);
	assert_near(r.lower, 0, 0);
}

/* A device that is good and bad in turn at every load cannot keep the search going for ever. */
static void
test_always_ends(void **state)
{
	static struct msr_search s;
	char err[160];
	double seconds;

	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct device d = {
			.limit = 1e6, .noise = 0.9, .burst_rate = 1, .burst_loss = 50, .rng = seed
		};

		assert_int_equal(msr_search_init(&s, ndr_pdr, 2, 1, 3, 2, err, sizeof(err)), 0);
		run(&s, &d, &seconds);
		start(&s, ndr_pdr, 2, 1e7);
		s.max_trials = 25;
		assert_in_range(run(&s, &d, &seconds), 1, 25);
	}
}

static void
test_refused(void **state)
{
	static struct msr_search s;
	static const struct {
		struct msr_goal goal;
		const char *field;
	} bad[] = {
		{ { "g", -1, 0, 1, 1, 1, 0.01 }, "loss ratio" },
		{ { "g", 0, 1, 1, 1, 1, 0.01 }, "exceed ratio" },
		{ { "g", 0, 0, 0, 1, 1, 0.01 }, "final trial duration" },
		{ { "g", 0, 0, 2, 1, 1, 0.01 }, "duration sum" },
		{ { "g", 0, 0, 1, 1, 2, 0.01 }, "initial trial duration" },
		{ { "g", 0, 0, 1, 1, 1, 0 }, "width" },
	};
	const struct msr_trial t = {
		.load = 1, .duration_s = 1, .effective_s = 1, .loss_ratio = 1.5
	};
	char err[160];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(msr_search_init(&s, &bad[i].goal, 1, 1, 2, 0, err, sizeof(err)),
				 -EINVAL);
		assert_non_null(strstr(err, bad[i].field));
	}
	assert_int_equal(msr_search_init(&s, &bisect, 0, 1, 2, 0, err, sizeof(err)), -EINVAL);
	assert_int_equal(msr_search_init(&s, &bisect, 1, 0, 2, 0, err, sizeof(err)), -EINVAL);
	assert_int_equal(msr_search_init(&s, &bisect, 1, 3, 2, 0, err, sizeof(err)), -EINVAL);
	start(&s, &bisect, 1, 1e6);
	assert_int_equal(msr_search_add(&s, &t), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bisection), cmocka_unit_test(test_two_goals),
		cmocka_unit_test(test_bursty),    cmocka_unit_test(test_noisy),
		cmocka_unit_test(test_limits),    cmocka_unit_test(test_always_ends),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("measure-search", tests, NULL, NULL);
}
