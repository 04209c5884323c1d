/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "fail.h"
#include "report.h"

uint64_t
vsw_row_counter(const struct vsw_row *row, const char *name)
{
	for (unsigned int i = 0; i < row->n; i++) {
		if (strcmp(row->counter[i].name, name) == 0)
			return row->counter[i].value;
	}
	return 0;
}

int
vsw_report_create(struct vsw_report *r, const struct vsw_bridge *b, struct esw_err *err)
{
	*r = (struct vsw_report){ .bridge = b, .n_rows = b->ports->n };
	r->row = calloc(r->n_rows, sizeof(*r->row));
	if (r->row == NULL)
		return vsw_fail(err, -ENOMEM, "no memory for a report on %u ports", r->n_rows);
	for (uint16_t i = 0; i < r->n_rows; i++)
		r->row[i].vf = i == VSW_UPLINK ? SWD_PORT_WIRE : i - 1;
	r->start = rte_get_tsc_cycles();
	vsw_report_take(r);
	return 0;
}

void
vsw_report_destroy(struct vsw_report *r)
{
	free(r->row);
	r->row = NULL;
}

static void
vf_state(struct vsw_row *row, struct swd_dev *dev)
{
	struct esw_policy p;

	if (swd_vf_info_get(dev, row->vf, &row->info, NULL) != 0 ||
	    swd_policy_get(dev, row->vf, &p, NULL) != 0) {
		row->valid = false;
		return;
	}
	row->link = row->info.link;
	if (esw_policy_field_print(&p, ESW_F_VLAN, row->vlan, sizeof(row->vlan)) >=
	    (int)sizeof(row->vlan))
		memcpy(&row->vlan[sizeof(row->vlan) - 4], "...", 4);
}

static void
rates(struct vsw_row *row, double seconds)
{
	uint64_t tx_pkts = vsw_row_counter(row, "tx_forwarded");
	uint64_t tx_bytes = vsw_row_counter(row, "tx_bytes");
	uint64_t rx_pkts = vsw_row_counter(row, "rx_delivered");
	uint64_t rx_bytes = vsw_row_counter(row, "rx_bytes");

	row->tx_pps = (tx_pkts - row->tx_pkts) / seconds;
	row->tx_bps = (tx_bytes - row->tx_bytes) * 8 / seconds;
	row->rx_pps = (rx_pkts - row->rx_pkts) / seconds;
	row->rx_bps = (rx_bytes - row->rx_bytes) * 8 / seconds;
	row->tx_pkts = tx_pkts;
	row->tx_bytes = tx_bytes;
	row->rx_pkts = rx_pkts;
	row->rx_bytes = rx_bytes;
}

void
vsw_report_take(struct vsw_report *r)
{
	struct swd_dev *dev = r->bridge->ports->dev;
	uint64_t now = rte_get_tsc_cycles();
	struct swd_info info;
	int n;

	r->interval = (double)(now - (r->last == 0 ? r->start : r->last)) / rte_get_tsc_hz();
	r->uptime = (double)(now - r->start) / rte_get_tsc_hz();
	r->last = now;
	vsw_fdb_stats_get(r->bridge->fdb, &r->fdb);
	for (uint16_t i = 0; i < r->n_rows; i++) {
		struct vsw_row *row = &r->row[i];

		n = swd_counters_get(dev, row->vf, row->counter, VSW_COUNTERS_MAX);
		row->valid = n >= 0;
		row->n = n < 0 ? 0 : n > VSW_COUNTERS_MAX ? VSW_COUNTERS_MAX : n;
		vsw_bridge_counters(r->bridge, i, &row->sw);
		if (r->interval > 0 && row->valid)
			rates(row, r->interval);
		if (row->vf != SWD_PORT_WIRE)
			vf_state(row, dev);
		else if (swd_info_get(dev, &info) == 0)
			row->link = info.wire_link;
	}
}
