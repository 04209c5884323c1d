/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Command line of vfswitch: what is taken, and that every refusal names option, value and range. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rte_common.h>

#include "args.h"

#define ARGS_MAX 12

/* Options are parted by single blanks. */
static int
parse(struct vsw_args *a, const char *line, struct esw_err *err)
{
	static char copy[256];
	char *argv[ARGS_MAX] = { (char[]){ "vfswitch" } }, *save = NULL;
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	err->msg[0] = '\0';
	return vsw_args_parse(a, argc, argv, err);
}

static void
defaults(void **state)
{
	struct vsw_args a;
	struct esw_err err;

	(void)state;
	assert_int_equal(parse(&a, "", &err), 0);
	assert_null(a.policy);
	assert_null(a.pf);
	assert_true(a.interval == 1 && a.duration == 0);
	assert_int_equal(a.age, 300);
	assert_int_equal(a.fdb_entries, 65536);
	assert_int_equal(a.rxd, 512);
	assert_int_equal(a.txd, 512);
	assert_int_equal(a.mbufs, 0);
	assert_int_equal(a.idle_us, 0);
	assert_false(a.json || a.help);
}

static void
everything_is_taken(void **state)
{
	struct vsw_args a;
	struct esw_err err;

	(void)state;
	assert_int_equal(parse(&a, "--policy p.ini --pf=net_eswitch_pf1 --interval 0.5 --json",
			       &err),
			 0);
	assert_string_equal(a.policy, "p.ini");
	assert_string_equal(a.pf, "net_eswitch_pf1");
	assert_true(a.interval == 0.5 && a.json);
	assert_int_equal(parse(&a, "--duration 7.5 --age 10 --fdb-entries 1024 --idle 10000", &err),
			 0);
	assert_true(a.duration == 7.5);
	assert_int_equal(a.age, 10);
	assert_int_equal(a.fdb_entries, 1024);
	assert_int_equal(a.idle_us, 10000);
	assert_int_equal(parse(&a, "--mbufs 4194304 --rxd 32 --txd 4096 --interval 0", &err), 0);
	assert_int_equal(a.mbufs, 4194304);
	assert_int_equal(a.rxd, 32);
	assert_int_equal(a.txd, 4096);
	assert_true(a.interval == 0);
	assert_int_equal(parse(&a, "--help", &err), 0);
	assert_true(a.help);
}

static void
refusals_say_why(void **state)
{
	static const struct {
		const char *line;
		const char *says;
	} rows[] = {
		{ "--age 9", "--age: 9 is out of range 10 to 1000000" },
		{ "--age 0", "--age: 0 is out of range 10 to 1000000" },
		{ "--age 1000001", "--age: 1000001 is out of range 10 to 1000000" },
		{ "--age 10.5", "--age: 10.5 is not a whole number" },
		{ "--age ten", "--age: 'ten' is not a number" },
		{ "--age 10x", "--age: '10x' is not a number" },
		{ "--age nan", "--age: 'nan' is not a number" },
		{ "--interval 0.05", "--interval: 0.05 is out of range 0.1 to 3600, or 0" },
		{ "--interval -1", "--interval: -1 is out of range 0.1 to 3600, or 0" },
		{ "--duration 1e400", "--duration: '1e400' is not a number" },
		{ "--fdb-entries 1023", "--fdb-entries: 1023 is out of range 1024 to 16777216" },
		{ "--rxd 31", "--rxd: 31 is out of range 32 to 4096" },
		{ "--txd 4097", "--txd: 4097 is out of range 32 to 4096" },
		{ "--mbufs 1023", "--mbufs: 1023 is out of range 1024 to 4194304" },
		{ "--idle 10001", "--idle: 10001 is out of range 1 to 10000, or 0" },
		{ "--policy", "--policy: needs a value" },
		{ "--nonsense",
		  "--nonsense: no such option (or not clear which); --help lists them" },
		{ "file.ini", "'file.ini': not an option; --help lists them" },
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(rows); i++) {
		struct vsw_args a;
		struct esw_err err;

		assert_int_equal(parse(&a, rows[i].line, &err), -EINVAL);
		assert_string_equal(err.msg, rows[i].says);
	}
}

/* An option that --help does not explain, or the other way round, is a defect. */
static void
help_names_every_option(void **state)
{
	static const char *const names[] = {
		"--policy",      "--pf",    "--interval", "--json", "--duration", "--age",
		"--fdb-entries", "--mbufs", "--rxd",      "--txd",  "--idle",     "--help",
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(names); i++)
		assert_non_null(strstr(vsw_args_help(), names[i]));
	assert_non_null(strstr(vsw_args_help(), "Exit codes"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything_is_taken),
		cmocka_unit_test(refusals_say_why),
		cmocka_unit_test(help_names_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
