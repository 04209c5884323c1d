/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

#include "manager.h"
#include "mode.h"

/* In the order in which they run. */
const struct bench_mode *const bench_modes[] = {
	&bench_mode_throughput, &bench_mode_latency,
	&bench_mode_hop,        &bench_mode_loss,
	&bench_mode_burst,      &bench_mode_forwarding,
	&bench_mode_congestion, &bench_mode_broadcast,
	&bench_mode_learning,   &bench_mode_capacity,
	&bench_mode_violation,  &bench_mode_policy,
	&bench_mode_scaling,    NULL,
};

int
bench_mode_find(const char *name)
{
	for (int i = 0; bench_modes[i] != NULL; i++)
		if (strcmp(name, bench_modes[i]->name) == 0)
			return i;
	return -1;
}

int
bench_mode_each_size(struct bench_manager *m,
		     int (*run_size)(struct bench_manager *m, const struct bench_size *size,
				     char *err, size_t errlen),
		     char *err, size_t errlen)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < m->n_detail; i++)
		rc = run_size(m, &m->o.size[i], err, errlen);
	return rc;
}
