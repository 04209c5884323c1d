/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * eswitch-bench: throughput, latency and cost of a hop between any two or more ethdev ports.
 *
 * Reading order: options.h (what can be asked), manager.c (what is done), measurer.h (one trial),
 * hop.h (cycles a packet), and lib/measure for everything that does not send. draw.h: reports.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>

#include "compare.h"
#include "draw.h"
#include "manager.h"
#include "memif.h"
#include "plan.h"
#include "report.h"
#include "scenario_dir.h"

#define VERSION "0.1.0"

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* Index of "--"; 0 when there is none: then all arguments are ours. */
static int
find_dash(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return i;
	return 0;
}

/* --list and --dry-run: what is said without an EAL. */
static int
say(const struct bench_options *o)
{
	struct bench_plan plan;
	char err[1024] = "";
	int rc;

	if (o->list) {
		rc = bench_scenario_list(stdout, err, sizeof(err));
	} else {
		rc = bench_plan_open(&plan, o, err, sizeof(err));
		if (rc == 0) {
			bench_plan_print(&plan, stdout);
			bench_plan_close(&plan);
		}
	}
	if (rc != 0)
		fprintf(stderr, "eswitch-bench: %s\n", err);
	return rc == 0 ? BENCH_EXIT_OK : BENCH_EXIT_USAGE;
}

/* Before the EAL, which takes its time: a mistake is said at once. Returns an exit code or -1. */
static int
early(struct bench_options *o, int argc, char **argv, int dash)
{
	char err[512] = "";
	int rc;

	/* Drawing needs no EAL, and no right to start one. */
	if (argc > 1 && strcmp(argv[1], "report") == 0)
		return bench_draw(argc - 1, argv + 1);
	/* The EAL has a --help of its own, which would hide ours. */
	for (int i = 1; i < (dash != 0 ? dash : argc); i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			bench_options_help(argv[0]);
			return BENCH_EXIT_OK;
		}
	rc = bench_options_parse(o, argc - dash, argv + dash, err, sizeof(err));
	if (rc < 0)
		fprintf(stderr, "eswitch-bench: %s\n", err);
	if (rc != 0)
		return rc < 0 ? BENCH_EXIT_USAGE : BENCH_EXIT_OK;
	return o->list || o->dry_run ? say(o) : -1;
}

/* The EAL gets what stands before "--", in an array of its own: it puts things elsewhere. */
static int
start_eal(char **argv, int dash)
{
	int n = dash != 0 ? dash : 1, rc;
	char **own = calloc((size_t)n + 1, sizeof(*own));

	if (own == NULL)
		return -1;
	memcpy(own, argv, (size_t)n * sizeof(*own));
	rc = rte_eal_init(n, own);
	if (rc < 0)
		fprintf(stderr, "eswitch-bench: EAL initialisation failed: %s\n",
			rte_strerror(rte_errno));
	free(own);
	return rc;
}

int
main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	const int dash = find_dash(argc, argv);
	static struct bench_options o;
	json_t *report;
	int rc;

	rc = early(&o, argc, argv, dash);
	if (rc >= 0)
		return rc;
	if (start_eal(argv, dash) < 0)
		return BENCH_EXIT_USAGE;
	/* After the EAL, which has its own handlers while it starts. */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	report = msr_report_new("eswitch-bench", VERSION, argc, argv, o.seed);
	if (report == NULL) {
		fprintf(stderr, "eswitch-bench: no memory for the report\n");
		rc = BENCH_EXIT_USAGE;
	} else {
		rc = o.vs != NULL ? bench_compare_run(&o, report, &stop) :
				    bench_manager_run(&o, report, &stop);
		json_decref(report);
	}
	bench_memif_cleanup(rc);
	return rc;
}
