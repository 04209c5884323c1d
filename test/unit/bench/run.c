/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The program but for main(): what it says of a device that passes everything (net_ring), and of
 * the e-switch, for each kind of traffic.
 */
#include "bench_rig.h"

#include <stdio.h>
#include <string.h>

#include <rte_bus_vdev.h>

#include "manager.h"
#include "report.h"

#define VFS 4
#define QUICK "--profile ci --duration 0.01 --size 64 --set 512 --hop-reps 2 "

static json_t *report;

/* Exit code of a run with these options; its report is kept. */
static int
run(const char *tx, const char *line)
{
	static volatile sig_atomic_t stop;
	static struct bench_options o;
	char words[512];

	snprintf(words, sizeof(words), "--tx %s " QUICK "%s", tx, line);
	if (bench_rig_parse(&o, words) != 0)
		fail_msg("%s: %s", line, bench_rig_err);
	json_decref(report);
	report = msr_report_new("test", "0", 0, NULL, o.seed);
	assert_non_null(report);
	return bench_manager_run(&o, report, &stop);
}

/* A busy machine makes searches unstable; all that is said of frames holds anyway. */
static bool
no_wrong(int rc)
{
	return rc == BENCH_EXIT_OK || rc == BENCH_EXIT_UNSTABLE;
}

/* A count of the tallies of all results together. */
static json_int_t
counted(const char *name)
{
	json_t *results = json_object_get(report, "results");
	json_int_t sum = 0;

	for (size_t i = 0; i < json_array_size(results); i++) {
		const json_t *n = json_object_get(json_object_get(json_array_get(results, i),
								  "tally"),
						  name);

		assert_true(json_is_integer(n));
		sum += json_integer_value(n);
	}
	return sum;
}

static int
run_ring(const char *line)
{
	int rc;

	assert_int_equal(rig_add("net_ring_bench", NULL), 0);
	rc = run("net_ring_bench", line);
	rte_vdev_uninit("net_ring_bench");
	return rc;
}

/* A loopback delivers what a switch must drop. */
static void
test_leaks_fail(void **state)
{
	static const char *const bad[] = { "spoof:10", "vlan:7:1", "mtu:1", "unknown:5",
					   "multicast-source:1" };
	char line[64];

	(void)state;
	assert_int_equal(run_ring("hop"), BENCH_EXIT_OK);
	assert_int_equal(counted("leaked"), 0);
	assert_true(no_wrong(run_ring("throughput")));
	assert_int_equal(counted("leaked"), 0);
	for (size_t i = 0; i < RTE_DIM(bad); i++) {
		snprintf(line, sizeof(line), "--bad %s hop", bad[i]);
		assert_int_equal(run_ring(line), BENCH_EXIT_WRONG);
		assert_true(counted("leaked") > 0);
		assert_int_equal(counted("blocked"), 0);
	}
	assert_int_equal(run_ring("--bad spoof:10 throughput"), BENCH_EXIT_WRONG);
}

static void
test_tags(void **state)
{
	(void)state;
	assert_int_equal(run_ring("--tag 5:1 --expect-tag 5 hop"), BENCH_EXIT_OK);
	assert_int_equal(run_ring("--tag 5:1 --expect-tag none hop"), BENCH_EXIT_WRONG);
	assert_true(counted("mistagged") > 0);
	assert_int_equal(run_ring("--expect-tag 5 hop"), BENCH_EXIT_WRONG);
}

/* With the policy of a file in this folder. */
static int
run_switch_with(const char *policy, const char *line)
{
	char name[32], args[512];
	int rc;

	snprintf(args, sizeof(args), "vfs=%d,mode=veb,policy=" POLICY_DIR "/%s", VFS, policy);
	assert_int_equal(rig_add(RIG_PF, args), 0);
	for (int i = 0; i < VFS; i++) {
		snprintf(name, sizeof(name), "net_eswitch_vf%d", i);
		snprintf(args, sizeof(args), "pf=" RIG_PF ",vf=%d", i);
		assert_int_equal(rig_add(name, args), 0);
	}
	rc = run("net_eswitch_vf[0-3]", line);
	for (int i = 0; i < VFS; i++) {
		snprintf(name, sizeof(name), "net_eswitch_vf%d", i);
		rte_vdev_uninit(name);
	}
	rig_del(RIG_PF);
	return rc;
}

static int
run_switch(const char *line)
{
	return run_switch_with("access.ini", line);
}

/* Many sources of a sender: only where the policy does not look at them. */
static void
test_sources(void **state)
{
	(void)state;
	assert_true(no_wrong(run_switch_with("open.ini", "--sources 50 hop throughput")));
	assert_int_equal(counted("lost"), 0);
	assert_true(no_wrong(run_switch("--sources 50 --rate 10k latency")));
	/* Half of what was sent went through the tester's own ring. */
	assert_true(counted("lost") > counted("sent") * 2 / 5);
}

/* The e-switch drops them all, in every measurement, and nothing else. */
static void
test_switch_blocks(void **state)
{
	(void)state;
	assert_true(
		no_wrong(run_switch("--bad spoof:10,vlan:7:1,mtu:1,unknown:1,multicast-source:1 "
				    "--expect-tag none hop throughput")));
	assert_true(counted("blocked") > counted("sent") / 8);
	assert_int_equal(counted("leaked"), 0);
	assert_int_equal(counted("lost"), 0);
}

static void
test_switch_patterns(void **state)
{
	static const char *const line[] = {
		"--pattern ring",
		"--pattern pairs --tx net_eswitch_vf[0-1] --rx net_eswitch_vf[2-3]",
		"--pattern one-to-many --tx net_eswitch_vf0 --rx net_eswitch_vf[1-3]",
		"--pattern many-to-one --tx net_eswitch_vf[1-3] --rx net_eswitch_vf0",
		"--pattern congestion --tx net_eswitch_vf[0-1] --rx net_eswitch_vf[2-3]",
		"--pattern broadcast --batch 2",
		"--dst 01:00:5e:00:00:01 --batch 2",
		"--pattern broadcast --bad spoof:20 --batch 2",
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(line); i++) {
		char words[256];

		snprintf(words, sizeof(words), "hop throughput %s", line[i]);
		if (!no_wrong(run_switch(words)))
			fail_msg("%s", line[i]);
		assert_int_equal(counted("received"), counted("sent"));
		assert_true(counted("received") > 0);
	}
}

/* All frames of the timetable leave and arrive, and none is said to be early. */
static void
test_arrivals(void **state)
{
	static const char *const kind[] = { "constant", "burst:48", "poisson" };
	char line[64];

	(void)state;
	for (size_t i = 0; i < RTE_DIM(kind); i++) {
		const json_t *load;

		snprintf(line, sizeof(line), "--arrivals %s --rate 10k latency", kind[i]);
		assert_true(no_wrong(run_switch(line)));
		/* one in flight, the tester alone, and this */
		load = json_array_get(json_object_get(report, "results"), 2);
		assert_string_equal(json_string_value(json_object_get(load, "load")), "--rate");
		assert_int_equal(json_integer_value(json_object_get(load, "intended")), 2000);
		assert_int_equal(json_integer_value(json_object_get(json_object_get(load, "tally"),
								    "received")),
				 json_integer_value(
					 json_object_get(json_object_get(load, "tally"), "sent")));
		assert_int_equal(json_integer_value(
					 json_object_get(json_object_get(load, "latency_ns"),
							 "count")),
				 json_integer_value(json_object_get(json_object_get(load, "lag_ns"),
								    "count")));
		assert_int_equal(counted("lost"), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaks_fail),    cmocka_unit_test(test_tags),
		cmocka_unit_test(test_switch_blocks), cmocka_unit_test(test_switch_patterns),
		cmocka_unit_test(test_arrivals),      cmocka_unit_test(test_sources),
	};
	int rc = cmocka_run_group_tests_name("bench-run", tests, rig_eal, rig_eal_done);

	json_decref(report);
	return rc;
}
