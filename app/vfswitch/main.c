/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * vfswitch: the switch application of a NIC with an e-switch.
 *
 * Every lcore forwards, the main one too (bridge.h). What has to be done beside it is done by one
 * control thread: the clock, following the policy (sync.h), aging, reports. So a machine with one
 * core to spare runs it, and a slow terminal never holds a frame up.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "args.h"
#include "bridge.h"
#include "ports.h"
#include "report.h"
#include "show.h"
#include "sync.h"

#define TICK_US 100000 /* of the control thread */

struct vsw_app {
	struct vsw_args args;
	struct vsw_ports ports;
	struct vsw_bridge bridge;
	struct vsw_sync sync;
	struct vsw_report report;
	enum vsw_show how;
	pthread_t control;
	int failed; /* errno that ended the control thread */
};

static struct vsw_app app;

/* Async-signal-safe: one store. The control thread and the workers look at it. */
static void
on_signal(int signum)
{
	(void)signum;
	__atomic_store_n(&app.bridge.stop, true, __ATOMIC_RELAXED);
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* A reader of our lines that goes away is seen when we write. */
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

static int
control_tick(struct vsw_app *a, double seconds, double *next_report, uint32_t *aged)
{
	struct esw_err err;
	int ret;

	__atomic_store_n(&a->bridge.now, (uint32_t)seconds, __ATOMIC_RELAXED);
	ret = vsw_sync_run(&a->sync, &err);
	if (ret != 0) {
		fprintf(stderr, "vfswitch: %s\n", err.msg);
		return ret;
	}
	if ((uint32_t)seconds != *aged) {
		*aged = (uint32_t)seconds;
		vsw_fdb_age(a->bridge.fdb, *aged, a->args.age);
	}
	if (a->args.interval <= 0 || seconds < *next_report)
		return 0;
	*next_report += a->args.interval;
	vsw_report_take(&a->report);
	return vsw_show(&a->report, a->how);
}

/* Ends with the program's stop flag, or sets it: on --duration, or when it cannot go on. */
static void *
control_main(void *arg)
{
	struct vsw_app *a = arg;
	uint64_t start = rte_get_tsc_cycles();
	double next_report = a->args.interval, seconds;
	uint32_t aged = 0;

	while (!__atomic_load_n(&a->bridge.stop, __ATOMIC_RELAXED)) {
		usleep(TICK_US);
		seconds = (double)(rte_get_tsc_cycles() - start) / rte_get_tsc_hz();
		a->failed = control_tick(a, seconds, &next_report, &aged);
		if (a->failed != 0 || (a->args.duration > 0 && seconds >= a->args.duration))
			__atomic_store_n(&a->bridge.stop, true, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Start everything that needs the ports, and forward until told to stop. */
static int
forward(struct vsw_app *a, struct esw_err *err)
{
	unsigned int lcore;
	uint16_t id = 0;
	int ret;

	ret = rte_ctrl_thread_create(&a->control, "vfswitch-ctl", NULL, control_main, a);
	if (ret != 0) {
		snprintf(err->msg, sizeof(err->msg), "control thread: %s", strerror(-ret));
		return ret;
	}
	fprintf(stderr, "vfswitch: %s: switching %u VFs on %u lcores\n", a->ports.info.name,
		a->ports.info.nb_vfs, a->bridge.n_workers);
	RTE_LCORE_FOREACH_WORKER(lcore)
		rte_eal_remote_launch(vsw_bridge_run, a->bridge.worker[++id], lcore);
	vsw_bridge_run(a->bridge.worker[0]);
	rte_eal_mp_wait_lcore();
	pthread_join(a->control, NULL);
	if (a->failed != 0 && a->failed != -EPIPE)
		snprintf(err->msg, sizeof(err->msg), "stopped: %s", strerror(-a->failed));
	return a->failed == -EPIPE ? 0 : a->failed;
}

/* A last report, so that what happened since the one before is not lost. */
static void
last_report(struct vsw_app *a)
{
	if (a->args.interval <= 0)
		return;
	vsw_report_take(&a->report);
	vsw_show(&a->report, a->how);
}

static enum vsw_exit
switch_frames(struct vsw_app *a, struct esw_err *err)
{
	enum vsw_exit code = VSW_EXIT_RUN;

	if (vsw_ports_start(&a->ports, &a->args, rte_lcore_count(), err) != 0)
		return code;
	if (vsw_bridge_create(&a->bridge, &a->ports, &a->args, rte_lcore_count(), err) != 0)
		return code;
	if (vsw_sync_create(&a->sync, &a->bridge, err) != 0)
		goto no_sync;
	if (vsw_report_create(&a->report, &a->bridge, err) != 0)
		goto no_report;
	if (vsw_sync_run(&a->sync, err) != 0)
		goto out;
	catch_signals();
	if (forward(a, err) == 0)
		code = VSW_EXIT_OK;
	last_report(a);
out:
	vsw_report_destroy(&a->report);
no_report:
	vsw_sync_destroy(&a->sync);
no_sync:
	vsw_bridge_destroy(&a->bridge);
	return code;
}

/* Everything between EAL's start and end. */
static enum vsw_exit
run(struct vsw_app *a, struct esw_err *err)
{
	enum vsw_exit code;

	if (vsw_ports_find(&a->ports, a->args.pf, err) != 0)
		return VSW_EXIT_DEVICE;
	if (a->args.policy != NULL) {
		if (vsw_ports_mtu_raise(&a->ports, a->args.policy, err) != 0)
			return VSW_EXIT_RUN;
		if (swd_policy_file_apply(a->ports.dev, a->args.policy, err) != 0)
			return VSW_EXIT_POLICY;
	}
	code = switch_frames(a, err);
	vsw_ports_close(&a->ports);
	return code;
}

/* --help works without EAL and its "--". */
static bool
wants_help(int argc, char **argv)
{
	return argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

int
main(int argc, char **argv)
{
	struct esw_err err = { .msg = "" };
	enum vsw_exit code;
	int used;

	if (wants_help(argc, argv)) {
		fputs(vsw_args_help(), stdout);
		return VSW_EXIT_OK;
	}
	used = rte_eal_init(argc, argv);
	if (used < 0) {
		fprintf(stderr, "vfswitch: EAL did not start: %s (vfswitch --help)\n",
			rte_strerror(rte_errno));
		return VSW_EXIT_USAGE;
	}
	if (vsw_args_parse(&app.args, argc - used, argv + used, &err) != 0) {
		code = VSW_EXIT_USAGE;
	} else if (app.args.help) {
		fputs(vsw_args_help(), stdout);
		code = VSW_EXIT_OK;
	} else {
		app.how = app.args.json         ? VSW_SHOW_JSON :
			  isatty(STDOUT_FILENO) ? VSW_SHOW_TABLE :
						  VSW_SHOW_LINES;
		code = run(&app, &err);
	}
	if (code != VSW_EXIT_OK)
		fprintf(stderr, "vfswitch: %s\n", err.msg);
	rte_eal_cleanup();
	return code;
}
