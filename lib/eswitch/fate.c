/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <stddef.h>

#include "fate.h"

static const struct {
	const char *name;
	const char *reason;
} fates[ESW_FATE_COUNT] = {
	[ESW_TX_FORWARDED] = { "tx_forwarded", "passed the sender's policy and was sent on" },
	[ESW_TX_LINK_DOWN] = { "tx_link_down", "the sender's link is down" },
	[ESW_TX_RUNT] = { "tx_runt", "shorter than an Ethernet header (14 octets)" },
	[ESW_TX_MALFORMED] = { "tx_malformed",
			       "segments and length disagree, or a VLAN tag is cut off" },
	[ESW_TX_OFFLOAD] = { "tx_offload", "an offload request that does not fit the frame" },
	[ESW_TX_MTU] = { "tx_mtu", "larger than the sender's MTU" },
	[ESW_TX_SRC_MCAST] = { "tx_src_mcast", "the source address is a group address" },
	[ESW_TX_SPOOF] = { "tx_spoof", "the source address is neither the VF's nor in its list" },
	[ESW_TX_VLAN] = { "tx_vlan", "the sender may not send in this VLAN or with this tag" },
	[ESW_TX_FLOW_DROP] = { "tx_flow_drop", "a flow rule says drop" },
	[ESW_TX_METER] = { "tx_meter", "over the rate of a flow rule's meter" },
	[ESW_TX_TTL] = { "tx_ttl", "a flow rule takes the last hop from the frame" },
	[ESW_TX_NO_DEST] = { "tx_no_dest", "no other port wants the frame" },
	[ESW_TX_NO_BUFFER] = { "tx_no_buffer", "no buffer to change the frame in" },
	[ESW_RX_DELIVERED] = { "rx_delivered", "put into the receiver's queue" },
	[ESW_RX_STOPPED] = { "rx_stopped", "the receiver has no started queue" },
	[ESW_RX_LINK_DOWN] = { "rx_link_down", "the receiver's link is down" },
	[ESW_RX_ISOLATED] = { "rx_isolated", "sender and receiver are isolated from each other" },
	[ESW_RX_VLAN] = { "rx_vlan", "the receiver is not a member of the frame's VLAN" },
	[ESW_RX_MTU] = { "rx_mtu", "larger than the receiver's MTU" },
	[ESW_RX_FILTERED] = { "rx_filtered", "not addressed to the receiver" },
	[ESW_RX_FLOW_DROP] = { "rx_flow_drop", "a flow rule of the receiver says drop" },
	[ESW_RX_NO_FLOW] = { "rx_no_flow",
			     "the receiver is isolated, and no flow rule of it matches" },
	[ESW_RX_TOO_BIG] = { "rx_too_big", "does not fit into the receiver's buffers" },
	[ESW_RX_FULL] = { "rx_full", "the receiver's queue is full" },
	[ESW_RX_NO_BUFFER] = { "rx_no_buffer", "the receiver has no buffer to copy into" },
};

const char *
esw_fate_name(enum esw_fate f)
{
	return (unsigned int)f < ESW_FATE_COUNT ? fates[f].name : NULL;
}

const char *
esw_fate_reason(enum esw_fate f)
{
	return (unsigned int)f < ESW_FATE_COUNT ? fates[f].reason : NULL;
}
