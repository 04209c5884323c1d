/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Receive tracking: each disorder gets its own count, also against a slow, plain model. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "track.h"

static struct msr_track t;

static void
check(uint64_t received, uint64_t reordered, uint64_t duplicate, uint64_t late)
{
	assert_int_equal(t.received, received);
	assert_int_equal(t.reordered, reordered);
	assert_int_equal(t.duplicate, duplicate);
	assert_int_equal(t.late, late);
}

static void
test_in_order(void **state)
{
	struct msr_tally sum = { 0 };

	(void)state;
	msr_track_reset(&t);
	for (uint64_t i = 0; i < 10 * MSR_TRACK_WINDOW; i++)
		msr_track_add(&t, i);
	check(10 * MSR_TRACK_WINDOW, 0, 0, 0);
	msr_tally_add(&sum, &t, 10 * MSR_TRACK_WINDOW + 3);
	assert_int_equal(sum.lost, 3);
	assert_int_equal(msr_tally_wrong(&sum), 0);
}

static void
test_gap_filled_later(void **state)
{
	struct msr_tally sum = { 0 };

	(void)state;
	msr_track_reset(&t);
	msr_track_add(&t, 0);
	msr_track_add(&t, 2);
	msr_track_add(&t, 3);
	check(3, 0, 0, 0);
	msr_track_add(&t, 1);
	check(4, 1, 0, 0);
	msr_track_add(&t, 1);
	check(4, 1, 1, 0);
	msr_tally_add(&sum, &t, 4);
	assert_int_equal(sum.lost, 0);
	assert_int_equal(msr_tally_wrong(&sum), 2);
}

static void
test_duplicate_of_newest(void **state)
{
	(void)state;
	msr_track_reset(&t);
	msr_track_add(&t, 0);
	msr_track_add(&t, 0);
	check(1, 0, 1, 0);
}

static void
test_older_than_window(void **state)
{
	(void)state;
	msr_track_reset(&t);
	msr_track_add(&t, 5000);
	msr_track_add(&t, 5001 - (MSR_TRACK_WINDOW - 64));
	check(2, 1, 0, 0);
	msr_track_add(&t, 5000 - (MSR_TRACK_WINDOW - 64));
	check(2, 1, 0, 1);
	msr_track_add(&t, 0);
	check(2, 1, 0, 2);
}

/* The same stream of numbers through a model that remembers every one. */
static void
test_against_model(void **state)
{
	enum { N = 500000 };
	uint8_t *seen = calloc(N + 4096, 1);
	uint64_t received = 0, reordered = 0, duplicate = 0, late = 0, next = 0, x = 12345;

	(void)state;
	assert_non_null(seen);
	msr_track_reset(&t);
	for (uint64_t i = 0; next < N; i++) {
		uint64_t seq = next, r;

		x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
		r = x >> 33;
		if (r % 8 == 0)
			seq = next + (r >> 3) % 200;
		else if (r % 8 == 1)
			seq = next - (next < 1500 ? next : (r >> 3) % 1500);
		else if (r % 4096 == 2)
			seq = next + (r >> 12) % 3000;
		msr_track_add(&t, seq);
		if (seq < next && next - seq > MSR_TRACK_WINDOW - 64) {
			late++;
			continue;
		}
		if (seen[seq] != 0)
			duplicate++;
		else if (seq < next)
			reordered++;
		received += seen[seq] == 0;
		seen[seq] = 1;
		if (seq >= next)
			next = seq + 1;
	}
	assert_true(late > 100 && duplicate > 100 && reordered > 100);
	check(received, reordered, duplicate, late);
	free(seen);
}

/* What the device had to drop: each arrival is wrong, absence is neither loss nor wrong. */
static void
test_bad(void **state)
{
	struct msr_tally sum = { 0 };

	(void)state;
	msr_track_reset(&t);
	msr_tally_add_bad(&sum, &t, 10);
	assert_int_equal(sum.blocked, 10);
	assert_int_equal(sum.sent + sum.lost + sum.received, 0);
	assert_int_equal(msr_tally_wrong(&sum), 0);
	msr_track_add(&t, 3);
	msr_track_add(&t, 3);
	msr_track_add(&t, 1);
	msr_tally_add_bad(&sum, &t, 10);
	assert_int_equal(sum.blocked, 10 + 8);
	assert_int_equal(sum.leaked, 3);
	assert_int_equal(msr_tally_wrong(&sum), 3);
	sum.mistagged = 2;
	assert_int_equal(msr_tally_wrong(&sum), 5);
}

static void
test_merge(void **state)
{
	struct msr_tally a = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 }, b = a;
	const uint64_t *v = (const uint64_t *)&b;

	(void)state;
	msr_tally_merge(&b, &a);
	for (uint64_t i = 0; i < sizeof(b) / sizeof(uint64_t); i++)
		assert_int_equal(v[i], 2 * (i + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_gap_filled_later),
		cmocka_unit_test(test_duplicate_of_newest),
		cmocka_unit_test(test_older_than_window),
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests_name("measure-track", tests, NULL, NULL);
}
