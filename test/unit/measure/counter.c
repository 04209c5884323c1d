/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Counters of perf events: the arithmetic of rdpmc with a page and an instruction of our own, the
 * real thing with the software clock, which needs no performance unit.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "counter.h"

static uint64_t hardware;
static uint32_t asked;
static struct perf_event_mmap_page page;
static unsigned int moves; /* how often the kernel still gets in between */

static uint64_t
fake_rdpmc(uint32_t index)
{
	asked = index;
	if (moves != 0) {
		moves--;
		page.lock++;
		page.offset += 1000;
	}
	return hardware;
}

static int
reset(void **state)
{
	(void)state;
	memset(&page, 0, sizeof(page));
	page.cap_user_rdpmc = 1;
	page.index = 3;
	page.pmc_width = 48;
	moves = 0;
	return 0;
}

static void
page_adds_the_offset(void **state)
{
	uint64_t v;

	(void)state;
	page.offset = 5000;
	hardware = 77;
	assert_true(msr_counter_from_page(&page, fake_rdpmc, &v));
	assert_int_equal(v, 5077);
	assert_int_equal(asked, 2);
}

/* The kernel lets a counter begin below zero, so that it overflows in time: 48 bits of -16. */
static void
page_extends_the_sign(void **state)
{
	uint64_t v;

	(void)state;
	page.offset = 100;
	hardware = (UINT64_C(1) << 48) - 16;
	assert_true(msr_counter_from_page(&page, fake_rdpmc, &v));
	assert_int_equal(v, 84);
	page.pmc_width = 64;
	hardware = UINT64_MAX;
	assert_true(msr_counter_from_page(&page, fake_rdpmc, &v));
	assert_int_equal(v, 99);
}

static void
page_that_changes_is_read_again(void **state)
{
	uint64_t v;

	(void)state;
	hardware = 1;
	moves = 2;
	assert_true(msr_counter_from_page(&page, fake_rdpmc, &v));
	assert_int_equal(v, 2001);
	assert_int_equal(moves, 0);
}

static void
page_without_counter_is_refused(void **state)
{
	uint64_t v;

	(void)state;
	page.index = 0; /* not on the hardware at this moment */
	assert_false(msr_counter_from_page(&page, fake_rdpmc, &v));
	page.index = 1;
	page.cap_user_rdpmc = 0;
	assert_false(msr_counter_from_page(&page, fake_rdpmc, &v));
	page.cap_user_rdpmc = 1;
	page.pmc_width = 0;
	assert_false(msr_counter_from_page(&page, fake_rdpmc, &v));
}

static void
reasons_are_sentences(void **state)
{
	char why[160];

	(void)state;
	msr_counter_say(ENOENT, 2, why, sizeof(why));
	assert_non_null(strstr(why, "no counter of core cycles"));
	msr_counter_say(EACCES, 3, why, sizeof(why));
	assert_non_null(strstr(why, "perf_event_paranoid is 3"));
	msr_counter_say(ENOSYS, -1, why, sizeof(why));
	assert_non_null(strstr(why, "no perf events"));
	msr_counter_say(EMFILE, 2, why, sizeof(why));
	assert_non_null(strstr(why, strerror(EMFILE)));
}

static uint64_t
thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The software clock counts the nanoseconds of this thread as the thread's own clock does. */
static void
software_clock_counts(void **state)
{
	uint64_t before, after, outer, inner;
	struct msr_counter c;
	char why[160] = "";

	(void)state;
	if (msr_counter_open(&c, MSR_COUNTER_TASK_CLOCK, why, sizeof(why)) != 0) {
		print_message("perf events are not to be had here: %s\n", why);
		skip();
	}
	assert_false(msr_counter_is_direct(&c)); /* software counters never are */
	outer = thread_ns();
	assert_true(msr_counter_read(&c, &before));
	inner = thread_ns();
	while (thread_ns() - inner < 5 * 1000 * 1000)
		;
	inner = thread_ns() - inner;
	assert_true(msr_counter_read(&c, &after));
	outer = thread_ns() - outer;
	assert_true(after - before >= inner - inner / 10);
	assert_true(after - before <= outer + outer / 10);
	msr_counter_close(&c);
	assert_int_equal(c.fd, -1);
	assert_false(msr_counter_read(&c, &after));
}

/* Core cycles: either they count, or there is a sentence and the errno. */
static void
core_cycles_or_a_reason(void **state)
{
	struct msr_counter c;
	char why[160] = "";
	uint64_t a, b;
	int rc = msr_counter_open(&c, MSR_COUNTER_CORE_CYCLES, why, sizeof(why));

	(void)state;
	if (rc != 0) {
		assert_true(rc < 0);
		assert_true(strlen(why) > 10);
		assert_int_equal(c.fd, -1);
		return;
	}
	assert_true(msr_counter_read(&c, &a));
	for (volatile int i = 0; i < 100000; i++)
		;
	assert_true(msr_counter_read(&c, &b));
	assert_true(b - a >= 100000);
	msr_counter_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(page_adds_the_offset, reset),
		cmocka_unit_test_setup(page_extends_the_sign, reset),
		cmocka_unit_test_setup(page_that_changes_is_read_again, reset),
		cmocka_unit_test_setup(page_without_counter_is_refused, reset),
		cmocka_unit_test(reasons_are_sentences),
		cmocka_unit_test(software_clock_counts),
		cmocka_unit_test(core_cycles_or_a_reason),
	};

	return cmocka_run_group_tests_name("counter", tests, NULL, NULL);
}
