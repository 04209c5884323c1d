/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "manager.h"
#include "mode.h"
#include "output.h"
#include "rates.h"
#include "report.h"

static int
run_searches(struct bench_manager *m)
{
	int rc = 0;

	for (unsigned int rep = 0; rc == 0 && rep < m->o.reps; rep++)
		for (uint32_t i = 0; rc == 0 && i < m->o.n_sizes; i++) {
			bench_manager_learn(m);
			rc = bench_rates_search(&m->rates[i], m);
			if (rc == 0 && rep + 1 == m->o.reps) {
				bench_rates_finish(&m->rates[i]);
				bench_output_rates(m, &m->rates[i]);
			}
		}
	for (uint32_t i = 0; i < m->o.n_sizes; i++) {
		const struct bench_rates *r = &m->rates[i];

		bench_manager_account(m, &r->tally);
		for (size_t g = 0; g < r->n_goals; g++)
			m->unstable |= r->reps == 0 || r->last[g].lower == 0;
		msr_report_add(m->report, bench_rates_json(r));
	}
	return rc;
}

static int
run(struct bench_manager *m, char *err, size_t errlen)
{
	int rc = bench_rates_open_all(m);

	if (rc != 0) {
		snprintf(err, errlen, "no memory for the results of %u sizes", m->o.n_sizes);
		return rc;
	}
	bench_output_rates_head(m);
	return run_searches(m);
}

/* Also for the modes whose loads are shares of the throughput. */
int
bench_throughput_need(struct bench_manager *m, char *err, size_t errlen)
{
	return m->rates != NULL ? 0 : run(m, err, errlen);
}

/* A search takes about a dozen trials, most of them of full length. */
static double
seconds(const struct bench_options *o)
{
	return o->n_sizes * (0.1 + o->reps * (0.1 + 10 * o->duration_s));
}

const struct bench_mode bench_mode_throughput = {
	.name = "throughput",
	.help = "highest rate without loss, and with loss below a limit",
	.standard = true,
	.run = run,
	.seconds = seconds,
};
