/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Basic statistics: the VF's, seen from the switch.
 *
 *   ipackets, ibytes   tx_forwarded, tx_bytes: what the VF sent and its policy let pass
 *   opackets, obytes   rx_delivered, rx_bytes: what the VF was given, from wherever
 *   ierrors            drops of what the VF sent
 *   oerrors            drops of what was meant for the VF, and of what the representor sent
 *   imissed            drops of what was meant for the representor, but for the next
 *   rx_nombuf          rx_no_buffer of the representor
 *
 * Counters are never reset in the device, where others read them too: a reset here keeps what they
 * were.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int
rep_counters_get(struct rte_eth_dev *dev, int port, const uint64_t *base, struct swd_counter *c)
{
	struct swd_dev *sd = rep_enter(dev);
	int n;

	if (sd == NULL)
		return -ENODEV;
	n = swd_counters_get(sd, port, c, SWD_COUNTERS_MAX);
	swd_release(sd);
	if (n > SWD_COUNTERS_MAX)
		n = SWD_COUNTERS_MAX;
	for (int i = 0; base != NULL && i < n; i++)
		c[i].value -= base[i];
	return n;
}

static bool
is_tx(const struct swd_counter *c)
{
	return strncmp(c->name, "tx_", 3) == 0;
}

static void
add_vf(struct rte_eth_stats *stats, const struct swd_counter *c, int n)
{
	for (int i = 0; i < n; i++) {
		if (c[i].drop && is_tx(&c[i]))
			stats->ierrors += c[i].value;
		else if (c[i].drop)
			stats->oerrors += c[i].value;
		else if (strcmp(c[i].name, "tx_forwarded") == 0)
			stats->ipackets += c[i].value;
		else if (strcmp(c[i].name, "tx_bytes") == 0)
			stats->ibytes += c[i].value;
		else if (strcmp(c[i].name, "rx_delivered") == 0)
			stats->opackets += c[i].value;
		else if (strcmp(c[i].name, "rx_bytes") == 0)
			stats->obytes += c[i].value;
	}
}

static void
add_rep(struct rte_eth_stats *stats, const struct swd_counter *c, int n)
{
	for (int i = 0; i < n; i++) {
		if (!c[i].drop)
			continue;
		if (is_tx(&c[i]))
			stats->oerrors += c[i].value;
		else if (strcmp(c[i].name, "rx_no_buffer") == 0)
			stats->rx_nombuf += c[i].value;
		else
			stats->imissed += c[i].value;
	}
}

int
rep_stats_get(ESW_STATS_GET_ARGS(dev, stats, qstats))
{
	const struct rep_port *rp = rep_port_of(dev);
	struct swd_counter *c;
	int n;

	/* Queues are not told apart: what the VF did has no queue of the representor. */
	RTE_SET_USED(ESW_QUEUE_STATS(stats, qstats));
	c = calloc(SWD_COUNTERS_MAX, sizeof(*c));
	if (c == NULL)
		return -ENOMEM;
	n = rep_counters_get(dev, rp->vf, rp->base_vf, c);
	if (n >= 0) {
		add_vf(stats, c, n);
		n = rep_counters_get(dev, SWD_PORT_REP(rp->vf), rp->base_rep, c);
	}
	if (n >= 0)
		add_rep(stats, c, n);
	free(c);
	return n < 0 ? n : 0;
}

/* Basic and extended ones are the same counters, so a reset of one is a reset of both. */
int
rep_stats_reset(struct rte_eth_dev *dev)
{
	struct rep_port *rp = rep_port_of(dev);
	struct swd_counter *vf, *rep;
	int n, m = -ENOMEM;

	vf = calloc(SWD_COUNTERS_MAX, sizeof(*vf));
	rep = calloc(SWD_COUNTERS_MAX, sizeof(*rep));
	n = m;
	if (vf != NULL && rep != NULL) {
		n = rep_counters_get(dev, rp->vf, NULL, vf);
		m = rep_counters_get(dev, SWD_PORT_REP(rp->vf), NULL, rep);
	}
	if (n >= 0 && m >= 0) {
		for (int i = 0; i < n; i++)
			rp->base_vf[i] = vf[i].value;
		for (int i = 0; i < m; i++)
			rp->base_rep[i] = rep[i].value;
	}
	free(vf);
	free(rep);
	return n < 0 ? n : RTE_MIN(m, 0);
}
