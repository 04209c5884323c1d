/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

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
