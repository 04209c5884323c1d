/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Counters of meters. The e-switch counts all of them always and is never reset: an application's
 * reset is a subtraction, and a counter that it enables begins at zero.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>

#include "mtr_table.h"

#define STATS_ALL ((UINT64_C(1) << ESN_MTR_STATS) - 1)

/* The order of the bits of enum rte_mtr_stats_type. */
enum { PKTS, PKTS_DROPPED = 3, BYTES, BYTES_DROPPED = 7 };
static_assert(RTE_MTR_STATS_N_PKTS_DROPPED == 1 << PKTS_DROPPED &&
		      RTE_MTR_STATS_N_BYTES_GREEN == 1 << BYTES &&
		      RTE_MTR_STATS_N_BYTES_DROPPED == 1 << BYTES_DROPPED,
	      "bits of counters");

int
esn_mtr_stats_mask_check(uint64_t mask, struct rte_mtr_error *error)
{
	if ((mask & ~STATS_ALL) == 0)
		return 0;
	return esn_mtr_no(error, ENOTSUP, RTE_MTR_ERROR_TYPE_STATS_MASK, NULL,
			  "stats_mask: 0x%" PRIx64 " has bits that are not in 0x%" PRIx64, mask,
			  STATS_ALL);
}

static void
values_of(const struct esn_mtr *m, uint64_t v[static ESN_MTR_STATS])
{
	struct esw_flow_meter_stats s;

	esw_flow_meter_stats_get(m->sw, m->meter, false, &s);
	for (unsigned int i = 0; i < ESW_FLOW_COLORS; i++) {
		v[PKTS + i] = s.color[i].packets;
		v[BYTES + i] = s.color[i].bytes;
	}
	v[PKTS_DROPPED] = s.dropped.packets;
	v[BYTES_DROPPED] = s.dropped.bytes;
}

int
esn_mtr_stats_update(struct rte_eth_dev *dev, uint32_t id, uint64_t mask,
		     struct rte_mtr_error *error)
{
	struct esn_mtr_port *port;
	uint64_t v[ESN_MTR_STATS];
	struct esn_mtr *m;
	int ret = esn_mtr_stats_mask_check(mask, error);

	if (ret == 0)
		ret = esn_mtr_enter_meter(dev, id, &port, &m, error);
	if (ret != 0)
		return ret;
	values_of(m, v);
	for (unsigned int i = 0; i < ESN_MTR_STATS; i++)
		if (((mask & ~m->mask) >> i & 1) != 0)
			m->base[i] = v[i];
	m->mask = mask;
	esn_mtr_leave();
	return 0;
}

static void
stats_fill(const uint64_t v[static ESN_MTR_STATS], struct rte_mtr_stats *s)
{
	for (unsigned int i = 0; i < RTE_COLORS; i++) {
		s->n_pkts[i] = v[PKTS + i];
		s->n_bytes[i] = v[BYTES + i];
	}
	s->n_pkts_dropped = v[PKTS_DROPPED];
	s->n_bytes_dropped = v[BYTES_DROPPED];
}

int
esn_mtr_stats_read(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_stats *stats,
		   uint64_t *mask, int clear, struct rte_mtr_error *error)
{
	uint64_t now[ESN_MTR_STATS], v[ESN_MTR_STATS] = { 0 };
	struct esn_mtr_port *port;
	struct esn_mtr *m;
	int ret = esn_mtr_enter_meter(dev, id, &port, &m, error);

	if (ret != 0)
		return ret;
	values_of(m, now);
	for (unsigned int i = 0; i < ESN_MTR_STATS; i++) {
		if ((m->mask >> i & 1) == 0)
			continue;
		v[i] = now[i] - m->base[i];
		if (clear != 0)
			m->base[i] = now[i];
	}
	if (stats != NULL)
		stats_fill(v, stats);
	if (mask != NULL)
		*mask = m->mask;
	esn_mtr_leave();
	return 0;
}
