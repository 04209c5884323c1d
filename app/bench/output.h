/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_OUTPUT_H_
#define _BENCH_OUTPUT_H_

/* The tables on the terminal. Every column says its unit. */

#include <stdio.h>

#include "hop.h"
#include "manager.h"
#include "rates.h"

/* Ports, driver, applied options, warnings. */
void bench_output_head(const struct bench_manager *m);

void bench_output_rates_head(const struct bench_manager *m);
void bench_output_rates(const struct bench_manager *m, const struct bench_rates *r);

void bench_output_latency_head(const struct bench_manager *m, const char *size);
/* One line of b->latency; @p what names the load. */
void bench_output_latency(const struct bench_manager *m, const char *what,
			  const struct bench_trial *t);

void bench_output_hop(const struct bench_manager *m, const struct bench_size *size,
		      const struct bench_hop *h);

/* Totals and the verdict. */
void bench_output_foot(const struct bench_manager *m);

#endif /* _BENCH_OUTPUT_H_ */
