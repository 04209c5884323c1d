/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_REPORT_H_
#define _VSW_REPORT_H_

/*
 * What an operator wants to know, gathered once an interval: state, rates and drops of the uplink
 * and of every VF. show.h puts it into words.
 *
 * "tx" is what the VF (or, for the uplink, the wire) sent into the switch, "rx" what it got, as
 * everywhere in this project. Drops are the device's fates and the bridge's own (sw_...), since the
 * device was made.
 *
 * Thread-safety: one thread at a time.
 */
#include <stdint.h>

#include "bridge.h"

#define VSW_COUNTERS_MAX 64

struct vsw_row {
	int vf;     /* VF index, or SWD_PORT_WIRE */
	bool valid; /* false: the device did not answer */
	bool link;
	struct swd_vf_info info; /* VFs only */
	char vlan[64];           /* policy, as text; cut with "..." */
	unsigned int n;
	struct swd_counter counter[VSW_COUNTERS_MAX];
	struct vsw_port_counters sw;
	double tx_pps, tx_bps, rx_pps, rx_bps; /* over the last interval; octets without FCS */
	uint64_t tx_pkts, tx_bytes, rx_pkts, rx_bytes; /* totals that the rates come from */
};

struct vsw_report {
	const struct vsw_bridge *bridge;
	uint16_t n_rows;
	struct vsw_row *row; /* [0] the uplink, then the VFs */
	double uptime;       /* seconds */
	double interval;     /* seconds that the rates are over */
	struct vsw_fdb_stats fdb;
	uint64_t last; /* TSC */
	uint64_t start;
};

/* @return 0, -ENOMEM with a sentence */
int vsw_report_create(struct vsw_report *r, const struct vsw_bridge *b, struct esw_err *err);
void vsw_report_destroy(struct vsw_report *r);

/* Read everything; rates are since the call before. */
void vsw_report_take(struct vsw_report *r);

/* The value of a counter by name, 0 if there is none. */
uint64_t vsw_row_counter(const struct vsw_row *row, const char *name);

#endif /* _VSW_REPORT_H_ */
