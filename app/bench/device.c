/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

#include <rte_common.h>

#include "device.h"

/* Drops that say that the receiver or the pools are behind, not that a frame may not pass. */
static const char *const congestion[] = { "rx_full", "rx_no_buffer", "tx_no_buffer" };

bool
bench_device_find(struct bench_device *d, const struct bench_ports *ports)
{
	int port;

	*d = (struct bench_device){
		.dev = swd_by_port(ports->port[ports->tx[0]].id, &port),
	};
	for (unsigned int i = 0; d->dev != NULL && i < ports->n; i++)
		if (swd_by_port(ports->port[i].id, &port) == d->dev)
			d->port[d->n++] = port;
	return d->dev != NULL;
}

int
bench_device_idle_vf(const struct bench_device *d)
{
	struct swd_info info;

	if (swd_info_get(d->dev, &info) != 0)
		return -1;
	for (int vf = 0; vf < info.nb_vfs; vf++) {
		unsigned int i = 0;

		while (i < d->n && d->port[i] != vf)
			i++;
		if (i == d->n)
			return vf;
	}
	return -1;
}

static bool
is_congestion(const char *name)
{
	for (size_t i = 0; i < RTE_DIM(congestion); i++)
		if (strcmp(name, congestion[i]) == 0)
			return true;
	return false;
}

/* By name, or with NULL what forbids. */
static uint64_t
sum(const struct bench_device *d, const char *name)
{
	struct swd_counter c[SWD_COUNTERS_MAX];
	uint64_t total = 0;

	for (unsigned int i = 0; i < d->n; i++) {
		int n = swd_counters_get(d->dev, d->port[i], c, RTE_DIM(c));

		for (int k = 0; k < n; k++)
			if (name != NULL ? strcmp(c[k].name, name) == 0 :
					   c[k].drop && !is_congestion(c[k].name))
				total += c[k].value;
	}
	return total;
}

uint64_t
bench_device_count(const struct bench_device *d, const char *name)
{
	return sum(d, name);
}

uint64_t
bench_device_forbidden(const struct bench_device *d)
{
	return sum(d, NULL);
}
