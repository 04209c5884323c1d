/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PLUG_H_
#define _BENCH_PLUG_H_

/*
 * The devices of a scenario: plugged on the vdev bus, and unplugged in the reverse order.
 *
 * A wire is two net_ring ports, each of which receives what the other sends: net_ring alone knows
 * only loops. A private folder holds the policy file and the peers' sockets.
 *
 * Thread-safety: call from the main lcore.
 */

#include <stddef.h>

#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

#include "ports.h"
#include "scenario.h"

struct bench_plug {
	char name[RTE_MAX_ETHPORTS][RTE_DEV_NAME_MAX_LEN]; /* what was plugged, in order */
	unsigned int n;
	struct rte_ring *ring[2 * BENCH_SCENARIO_VDEVS];
	unsigned int n_rings;
	char folder[64]; /* "" = none */
};

/**
 * Plug everything that @p s says.
 * @return 0, or negative errno with @p err filled and nothing left plugged
 */
int bench_plug_open(struct bench_plug *d, const struct bench_scenario *s, char *err, size_t errlen);

/* Unplug everything; also after a failed plug. Ports must have been stopped. */
void bench_plug_close(struct bench_plug *d);

/**
 * Wait until every port's link is up: net_memif and vhost connect in their own time.
 * @return 0; -ETIMEDOUT with the port in @p err
 */
int bench_plug_wait(const struct bench_ports *ports, char *err, size_t errlen);

#endif /* _BENCH_PLUG_H_ */
