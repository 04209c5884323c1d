/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_RATES_H_
#define _BENCH_RATES_H_

/*
 * Throughput of one frame size: calibration, saturation, and the search of the controller, with
 * everything that has to be in the report.
 *
 * Thread-safety: call from the main lcore.
 */

#include <jansson.h>

#include "manager.h"
#include "search.h"
#include "stats.h"

#define BENCH_GOALS 2U

struct bench_rates {
	const struct bench_size *size;
	double mean_len;       /* pkt_len */
	double tester_pps;     /* calibration: the tester through its own ring */
	double saturation_pps; /* forwarded when as much as possible is offered */
	struct msr_goal goal[BENCH_GOALS];
	size_t n_goals;
	unsigned int reps;        /* searches that ended */
	double *pps[BENCH_GOALS]; /* conditional throughput of each */
	struct msr_stats stat[BENCH_GOALS];
	struct msr_goal_result last[BENCH_GOALS];
	struct msr_tally tally;
	json_t *trials; /* [load, duration, offered, received, loss ratio, refused] each */
};

/* Prepare for @p size; -ENOMEM. */
int bench_rates_open(struct bench_rates *r, const struct bench_manager *m,
		     const struct bench_size *size);

void bench_rates_close(struct bench_rates *r);

/* m->rates, one for each size; -ENOMEM, and nothing is left. */
int bench_rates_open_all(struct bench_manager *m);

void bench_rates_close_all(struct bench_manager *m);

/* Calibrate (the first time) and search once; 0, or -EINTR when stopped. */
int bench_rates_search(struct bench_rates *r, struct bench_manager *m);

/* Statistics over the searches that ended. */
void bench_rates_finish(struct bench_rates *r);

/* Best known throughput for choosing latency loads: the laxest goal's, else the saturation. */
double bench_rates_pps(const struct bench_rates *r);

/* The result's JSON object. */
json_t *bench_rates_json(const struct bench_rates *r);

#endif /* _BENCH_RATES_H_ */
