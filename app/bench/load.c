/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "load.h"
#include "mode.h"
#include "rates.h"

#define MAX_LOAD_S 0.1 /* long enough for a rate, as the calibration's */

double
bench_load_max(struct bench_manager *m)
{
	const struct bench_trial_in in = { .duration_s = MAX_LOAD_S };
	struct bench_trial t;

	if (m->o.rate != 0)
		return m->o.rate;
	bench_measurer_trial(&m->measurer, &in, &t);
	bench_manager_account(m, &t.tally);
	return (double)t.sent / t.reached_s;
}

int
bench_load_throughput(struct bench_manager *m, uint32_t i, double *pps, char *err, size_t errlen)
{
	int rc = m->o.rate == 0 ? bench_throughput_need(m, err, errlen) : 0;

	if (rc == 0)
		*pps = m->o.rate != 0 ? m->o.rate : bench_rates_pps(&m->rates[i]);
	return rc;
}
