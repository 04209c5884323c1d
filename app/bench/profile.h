/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PROFILE_H_
#define _BENCH_PROFILE_H_

/*
 * Profiles: named sets of search goals. The numbers of `rfc2544` and `tst009` are those that
 * RFC 9971 gives for compliance with them; `quick` and `ci` are for a look and for a regression
 * test, and a report made with them says so by the attributes that it contains.
 *
 * Thread-safety: constant data.
 */

#include "classify.h"

struct bench_profile {
	const char *name;
	const char *sizes; /* default of --size */
	double final_s;    /* full-length trial */
	double sum_s;      /* total needed to classify a load */
	double initial_s;  /* shortest trial */
	double exceed_ratio;
	double width;     /* relative */
	double drain_s;   /* longest wait for frames under way after a trial */
	double latency_s; /* duration of a latency trial */
	unsigned int reps;
	unsigned int burst_runs; /* searches for the longest burst; RFC 9004: 50 or more */
};

/* NULL for an unknown name. */
const struct bench_profile *bench_profile_find(const char *name);

/* The two goals of a search: no loss ("NDR"), and @p loss_ratio ("PDR"); one if that is 0.
 * @p final_s 0: the profile's. Returns their number.
 */
size_t bench_profile_goals(const struct bench_profile *p, double loss_ratio, double final_s,
			   struct msr_goal goal[2]);

#endif /* _BENCH_PROFILE_H_ */
