/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_ITEM_H_
#define _ESN_FLOW_ITEM_H_

/*
 * Patterns: a list of rte_flow items becomes a struct esw_flow_match.
 *
 * Almost all of it is a table (flow_item_table.c): which octets of an item's structure are which
 * field of the key, what an item implies of the headers around it, its default mask. What a table
 * cannot say are functions (flow_item_more.c).
 *
 * What surprises:
 * - items lie in the order of headers in a frame, but layers may be left out: "ipv4" alone is an
 *   IPv4 header behind whatever there is, and "eth / tcp" TCP over either IP;
 * - a field of `last` that is zero is no interval (rte_flow's words), so [5, 0] is 5 and no error;
 * - a TCP, UDP, SCTP or ICMP item asks for a whole header. Behind an item that asks for later
 *   fragments, which have none, an item that asks for no field means the protocol number; OVS sends
 *   that.
 *
 * Thread-safety: pure functions.
 */
#include "flow_port.h"

#include "flow.h"

#define ESN_FLOW_EP_NONE UINT16_MAX

/* The headers that a frame has for sure at one level: edits ask for them. */
struct esn_flow_layers {
	uint8_t vlans; /* tags */
	uint8_t l3;    /* ESW_FLOW_L3_*, 0 = not known */
	uint8_t l4;    /* protocol number, 0 = not known */
	bool vxlan;    /* the next level lies behind a VXLAN header */
	bool anything; /* octets were cut off blindly: there is no telling */
};

struct esn_flow_pattern {
	struct esw_flow_match match; /* ranges beyond n_ranges are not initialised */
	struct esn_flow_layers level[2];
	uint16_t ep; /* the sender that a port item names, ESN_FLOW_EP_NONE: no such item */
};

/**
 * @param port      the port that the rule is made on: port items are seen from it
 * @param transfer  a transfer rule: port items are allowed
 * @param items     ends with END
 * @return 0 or a negative errno with the refusal, which points at the item at fault
 */
int esn_flow_pattern_get(const struct esn_flow_port *port, bool transfer,
			 const struct rte_flow_item *items, struct esn_flow_pattern *pattern,
			 struct rte_flow_error *error);

#endif /* _ESN_FLOW_ITEM_H_ */
