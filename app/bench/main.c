/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * eswitch-bench: throughput, latency and cost of a hop between any two or more ethdev ports.
 *
 * Reading order: options.h (what can be asked), manager.c (what is done), measurer.h (one trial),
 * hop.h (cycles a packet), and lib/measure for everything that does not send.
 */

#include <stdio.h>
#include <string.h>

#include <rte_eal.h>

#include "manager.h"
#include "report.h"

#define VERSION "0.1.0"

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

int
main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct bench_options o;
	char err[512] = "";
	json_t *report;
	int used, rc;

	/* The EAL has a --help of its own, which would hide ours. */
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			bench_options_help(argv[0]);
			return BENCH_EXIT_OK;
		}
	used = rte_eal_init(argc, argv);
	if (used < 0) {
		fprintf(stderr, "eswitch-bench: EAL initialisation failed: %s\n",
			rte_strerror(rte_errno));
		return BENCH_EXIT_USAGE;
	}
	/* After the EAL, which has its own handlers while it starts. */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	rc = bench_options_parse(&o, argc - used, argv + used, err, sizeof(err));
	if (rc != 0) {
		if (rc < 0)
			fprintf(stderr, "eswitch-bench: %s\n", err);
		rte_eal_cleanup();
		return rc < 0 ? BENCH_EXIT_USAGE : BENCH_EXIT_OK;
	}
	report = msr_report_new("eswitch-bench", VERSION, argc, argv, o.seed);
	if (report == NULL) {
		fprintf(stderr, "eswitch-bench: no memory for the report\n");
		rc = BENCH_EXIT_USAGE;
	} else {
		rc = bench_manager_run(&o, report, &stop);
		json_decref(report);
	}
	rte_eal_cleanup();
	return rc;
}
