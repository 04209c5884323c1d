/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>

#include "memif.h"

#define DRIVER "net_memif"
#define DOWN_WAIT_MS 200U
#define AFTER_DOWN_US 10000U /* the link goes down first, then the regions are freed */

static bool seen;

static bool
is_memif(const char *name)
{
	return strncmp(name, DRIVER, strlen(DRIVER)) == 0;
}

void
bench_memif_saw(const char *name)
{
	seen = seen || is_memif(name);
}

void
bench_memif_settle(const struct bench_ports *ports, unsigned int index)
{
	bool waited = false;

	if (!is_memif(ports->port[index].name))
		return;
	for (unsigned int i = 0; i < ports->n; i++) {
		struct rte_eth_link link = { 0 };

		if (!ports->port[i].started || !is_memif(ports->port[i].name))
			continue;
		for (unsigned int ms = 0; ms < DOWN_WAIT_MS; ms++) {
			if (rte_eth_link_get_nowait(ports->port[i].id, &link) != 0 ||
			    link.link_status == RTE_ETH_LINK_DOWN)
				break;
			rte_delay_us_sleep(1000);
		}
		waited = true;
	}
	if (waited)
		rte_delay_us_sleep(AFTER_DOWN_US);
}

void
bench_memif_cleanup(int code)
{
	if (!seen) {
		rte_eal_cleanup();
		return;
	}
	fflush(NULL);
	_exit(code);
}
