/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FATE_H_
#define _ESW_FATE_H_

/*
 * Every outcome that a frame can have, by name.
 *
 * A frame is judged once where it is sent and once at each endpoint that it is meant for
 * (doc/architecture.md, "What the e-switch does with a frame"). ESW_TX_FORWARDED says that the
 * sender's side let it pass; the final fate is then counted at the receiver. Hence at each
 * endpoint: frames sent = ESW_TX_FORWARDED + all other ESW_TX_*; frames offered = all ESW_RX_*.
 *
 * A new fate needs a name and a sentence in fate.c, a line in the guide and a test; the build's
 * unit test compares the four.
 */
enum esw_fate {
	/* judged at the sender */
	ESW_TX_FORWARDED,
	ESW_TX_LINK_DOWN,
	ESW_TX_RUNT,
	ESW_TX_MALFORMED,
	ESW_TX_OFFLOAD,
	ESW_TX_MTU,
	ESW_TX_SRC_MCAST,
	ESW_TX_SPOOF,
	ESW_TX_VLAN,
	ESW_TX_FLOW_DROP,
	ESW_TX_METER,
	ESW_TX_TTL,
	ESW_TX_NO_DEST,
	ESW_TX_NO_BUFFER,
	/* judged at a receiver */
	ESW_RX_DELIVERED,
	ESW_RX_STOPPED,
	ESW_RX_LINK_DOWN,
	ESW_RX_ISOLATED,
	ESW_RX_VLAN,
	ESW_RX_MTU,
	ESW_RX_FILTERED,
	ESW_RX_FLOW_DROP,
	ESW_RX_NO_FLOW,
	ESW_RX_TOO_BIG,
	ESW_RX_FULL,
	ESW_RX_NO_BUFFER,
	ESW_FATE_COUNT
};

#define ESW_FATE_RX_FIRST ESW_RX_DELIVERED

/* "tx_spoof", "rx_vlan", ...: the name in xstats, telemetry and the guide; NULL out of range. */
const char *esw_fate_name(enum esw_fate f);

/* One sentence for a person: "source address is neither the VF's nor in its list". */
const char *esw_fate_reason(enum esw_fate f);

#endif /* _ESW_FATE_H_ */
