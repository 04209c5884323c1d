/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_MANAGER_H_
#define _BENCH_MANAGER_H_

/*
 * The manager: sets up, runs the searches and the other measurements, and writes what came of them
 * (RFC 9971, "Manager"). The controller (lib/measure/search.h) chooses loads, the measurer sends.
 *
 * Sizes are interleaved: each repetition goes through all sizes before the next begins, so that a
 * slow drift of the machine falls on all of them.
 *
 * Thread-safety: call from the main lcore.
 */

#include <signal.h>
#include <stdio.h>

#include <jansson.h>

#include "measurer.h"
#include "options.h"
#include "plug.h"
#include "progress.h"
#include "rules.h"
#include "scenario.h"

struct bench_manager {
	struct bench_options o;
	const struct bench_scenario *scenario; /* NULL: ports of the command line */
	struct bench_plug plug;
	struct bench_rules rules;
	struct bench_progress *progress; /* may be NULL */
	struct bench_ports ports;
	struct bench_traffic traffic;
	struct bench_sink sink;
	struct bench_measurer measurer;
	volatile sig_atomic_t *stop;
	json_t *report;
	struct bench_rates *rates; /* one a size; NULL until searched (rates.h) */
	uint32_t n_detail;         /* sizes, from the first, for modes that go into detail */
	FILE *out;                 /* the tables */
	bool wrong;                /* a frame was damaged, doubled, reordered or at a wrong port */
	bool unstable;             /* something could not be measured as asked */
	struct msr_tally total;
};

/**
 * Measure everything that @p o asks for, scenario by scenario. Tables go to stdout, or to stderr
 * when the report does.
 *
 * @param report  from msr_report_new; config and results are added
 * @param stop    set by a signal handler
 * @return an enum bench_exit
 */
int bench_manager_run(const struct bench_options *o, json_t *report, volatile sig_atomic_t *stop);

/**
 * One configuration, set up: devices, ports, streams, rules. Everything but o, scenario, stop,
 * report, out and progress is filled in. Any number of rounds of open and close may follow each
 * other; what a round took is given back.
 *
 * @return 0, or negative errno with @p err filled; bench_manager_close() must follow in any case
 */
int bench_manager_open(struct bench_manager *m, char *err, size_t errlen);

/* All modes that m->o asks for, and the scenario's expectations; as bench_mode.run. */
int bench_manager_measure(struct bench_manager *m, char *err, size_t errlen);

void bench_manager_close(struct bench_manager *m);

/* The applied options of m as they stand in the report. */
json_t *bench_manager_config(const struct bench_manager *m);

/* What a run that ended so is worth as an exit code; usage errors are the caller's. */
enum bench_exit bench_manager_verdict(const struct bench_manager *m);

/* Every trial's counts go here: wrong frames make the whole run void. */
void bench_manager_account(struct bench_manager *m, const struct msr_tally *t);

/*
 * Have the device learn where the receivers are, before each size. RFC 2544 section 23 wants it
 * before each trial; our addresses do not age that fast.
 */
void bench_manager_learn(struct bench_manager *m);

#endif /* _BENCH_MANAGER_H_ */
