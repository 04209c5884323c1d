/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>
#include <string.h>

#include <rte_dev.h>
#include <rte_ethdev.h>

#include "late.h"

/* One queue each, as ports.c has it, which does the rest later. */
static int
configure_all(char *err, size_t errlen)
{
	const struct rte_eth_conf conf = { 0 };
	uint16_t id;

	RTE_ETH_FOREACH_DEV(id) {
		int rc = rte_eth_dev_configure(id, 1, 1, &conf);

		if (rc != 0) {
			snprintf(err, errlen, "--plug: configuring port %u before: %s", id,
				 strerror(-rc));
			return rc;
		}
	}
	return 0;
}

int
bench_late(const struct bench_options *o, char *err, size_t errlen)
{
	int rc = o->n_plug != 0 ? configure_all(err, errlen) : 0;

	for (unsigned int i = 0; rc == 0 && i < o->n_plug; i++) {
		rc = rte_dev_probe(o->plug[i]);
		if (rc != 0)
			snprintf(err, errlen, "--plug %s: %s", o->plug[i], strerror(-rc));
	}
	return rc;
}
