/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _TEST_ROWS_H_
#define _TEST_ROWS_H_

/*
 * Tables as tests: each row is a test case of its own, so that a report names the row that failed
 * and goes on with the next. A row is a struct whose first member is the name of the case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy.h"

/* The `fn` of a case gets its row as *state. */
static inline int
rows_run(const char *group, CMUnitTestFunction fn, const void *rows, size_t n, size_t size)
{
	struct CMUnitTest *tests = calloc(n, sizeof(*tests));
	uintptr_t row = (uintptr_t)rows;
	size_t i;
	int failed;

	if (tests == NULL)
		return 1;
	for (i = 0; i < n; i++) {
		void *state = (void *)(row + i * size);

		tests[i] = (struct CMUnitTest){
			.name = *(const char **)state,
			.test_func = fn,
			.initial_state = state,
		};
	}
	failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
	free(tests);
	return failed;
}

#define ROWS_RUN(fn, rows) \
	rows_run(#fn, fn, rows, sizeof(rows) / sizeof((rows)[0]), sizeof((rows)[0]))

/* The sentence of a refusal: there is one, it is one line, and it says what it has to say. */
static inline void
assert_says(const struct esw_err *err, const char *what)
{
	assert_string_not_equal(err->msg, "");
	assert_null(strpbrk(err->msg, "\r\n"));
	if (strstr(err->msg, what) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err->msg, what);
}

#endif /* _TEST_ROWS_H_ */
