/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Extended statistics: every fate by its name, then casts, what stayed inside or crossed the wire,
 * refusals and what went through a port behind the e-switch. (Per-queue ones are ethdev's own, by
 * AUTOFILL_QUEUE_XSTATS.)
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_string_fns.h>

#include "port.h"

/* After the fates: a name and where the number is. */
struct extra {
	const char *name;
	size_t offset;
};

#define COUNTER(n, f) \
	{ \
		n, offsetof(struct esw_counters, f) \
	}
static const struct extra counters[] = {
	COUNTER("tx_multicast_packets", tx_mcast), COUNTER("tx_broadcast_packets", tx_bcast),
	COUNTER("rx_multicast_packets", rx_mcast), COUNTER("rx_broadcast_packets", rx_bcast),
	COUNTER("tx_wire_packets", tx_wire),       COUNTER("rx_wire_packets", rx_wire),
};

#define DENIED(n, f) \
	{ \
		n, offsetof(struct esw_vf_state, f) \
	}
static const struct extra denied[] = {
	DENIED("denied_mac", denied_mac),         DENIED("denied_mtu", denied_mtu),
	DENIED("denied_promisc", denied_promisc), DENIED("denied_addr", denied_addr),
	DENIED("denied_vlan", denied_vlan),
};

#define IO(n, f) \
	{ \
		n, offsetof(struct esn_io, f) \
	}
static const struct extra io[] = {
	IO("uplink_rx_packets", rx_packets),
	IO("uplink_tx_packets", tx_packets),
	IO("uplink_tx_dropped", tx_dropped),
};

#define N_MAX (ESW_FATE_COUNT + RTE_DIM(counters) + RTE_DIM(denied) + RTE_DIM(io))

static uint64_t
at(const void *base, const struct extra *x)
{
	uint64_t v;

	memcpy(&v, (const char *)base + x->offset, sizeof(v));
	return v;
}

/* A VF has refusals, the PF an uplink. */
static unsigned int
count(const struct esn_port *p)
{
	return ESW_FATE_COUNT + RTE_DIM(counters) +
	       (esn_port_is_pf(p) ? RTE_DIM(io) : RTE_DIM(denied));
}

static const char *
name_of(const struct esn_port *p, unsigned int i)
{
	if (i < ESW_FATE_COUNT)
		return esw_fate_name((enum esw_fate)i);
	i -= ESW_FATE_COUNT;
	if (i < RTE_DIM(counters))
		return counters[i].name;
	i -= RTE_DIM(counters);
	return esn_port_is_pf(p) ? io[i].name : denied[i].name;
}

static int
values_get(const struct esn_port *p, uint64_t *v)
{
	struct esw_counters now;
	struct esw_vf_state st;
	unsigned int i, n = 0;
	int ret = esw_counters_get(p->nic->sw, p->ep, &now);

	if (ret != 0)
		return ret;
	for (i = 0; i < ESW_FATE_COUNT; i++)
		v[n++] = now.fate[i] - p->base.fate[i];
	for (i = 0; i < RTE_DIM(counters); i++)
		v[n++] = at(&now, &counters[i]) - at(&p->base, &counters[i]);
	if (esn_port_is_pf(p)) {
		for (i = 0; i < RTE_DIM(io); i++)
			v[n++] = at(&p->nic->io, &io[i]) - at(&p->base_io, &io[i]);
		return n;
	}
	ret = esw_vf_state_get(p->nic->sw, p->vf, &st);
	if (ret != 0)
		return ret;
	for (i = 0; i < RTE_DIM(denied); i++)
		v[n++] = at(&st, &denied[i]) - p->base_denied[i];
	return n;
}

void
esn_xstats_base_set(struct esn_port *p)
{
	struct esw_vf_state st;
	unsigned int i;

	RTE_BUILD_BUG_ON(RTE_DIM(denied) != RTE_DIM(p->base_denied));
	p->base_io = p->nic->io;
	if (esn_port_is_pf(p) || esw_vf_state_get(p->nic->sw, p->vf, &st) != 0)
		return;
	for (i = 0; i < RTE_DIM(denied); i++)
		p->base_denied[i] = at(&st, &denied[i]);
}

int
esn_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *xs, unsigned int n)
{
	const struct esn_port *p = esn_port(dev);
	uint64_t v[N_MAX] = { 0 };
	unsigned int i;
	int ret;

	if (xs == NULL || n < count(p))
		return count(p);
	ret = values_get(p, v);
	for (i = 0; ret > 0 && i < count(p); i++) {
		xs[i].id = i;
		xs[i].value = v[i];
	}
	return ret;
}

int
esn_xstats_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n)
{
	const struct esn_port *p = esn_port(dev);
	unsigned int i;

	if (names == NULL || n < count(p))
		return count(p);
	for (i = 0; i < count(p); i++)
		rte_strscpy(names[i].name, name_of(p, i), sizeof(names[i].name));
	return count(p);
}

int
esn_xstats_by_id(struct rte_eth_dev *dev, const uint64_t *ids, uint64_t *values, unsigned int n)
{
	const struct esn_port *p = esn_port(dev);
	uint64_t v[N_MAX] = { 0 };
	unsigned int i;
	int ret;

	if (ids == NULL && (values == NULL || n < count(p)))
		return count(p);
	ret = values_get(p, v);
	if (ret < 0)
		return ret;
	for (i = 0; i < (ids == NULL ? count(p) : n); i++) {
		if (ids != NULL && ids[i] >= count(p))
			return -EINVAL;
		values[i] = v[ids == NULL ? i : ids[i]];
	}
	return i;
}

int
esn_xstats_names_by_id(struct rte_eth_dev *dev, const uint64_t *ids,
		       struct rte_eth_xstat_name *names, unsigned int n)
{
	const struct esn_port *p = esn_port(dev);
	unsigned int i;

	if (ids == NULL)
		return esn_xstats_names(dev, names, n);
	for (i = 0; i < n; i++) {
		if (ids[i] >= count(p))
			return -EINVAL;
		rte_strscpy(names[i].name, name_of(p, ids[i]), sizeof(names[i].name));
	}
	return n;
}
