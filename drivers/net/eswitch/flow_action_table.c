/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* What each action is. See flow_action_table.h. */
#include "flow_action_table.h"

#define CONF ESN_FLOW_ACT_CONF
#define TRANSFER ESN_FLOW_ACT_TRANSFER
#define LOCAL ESN_FLOW_ACT_LOCAL
#define LAST ESN_FLOW_ACT_LAST
#define NOTE ESN_FLOW_ACT_NOTE
#define SAMPLE ESN_FLOW_ACT_SAMPLE
#define EDIT ESN_FLOW_ACT_EDIT

/* The configuration's octets are the operand. */
#define OPERAND(structure, member, n, operand) \
	.from = offsetof(struct structure, member), .len = (n), \
	.to = offsetof(struct esw_flow_act, operand)

static const struct esn_flow_act_kind kinds[] = {
	[RTE_FLOW_ACTION_TYPE_PORT_ID] = {
		.op = ESW_FLOW_PORT,
		.flags = CONF | TRANSFER | SAMPLE,
		.get = esn_flow_get_port_id,
	},
	[RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT] = {
		.op = ESW_FLOW_PORT,
		.flags = CONF | TRANSFER | SAMPLE,
		.get = esn_flow_get_represented,
	},
	[RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR] = {
		.op = ESW_FLOW_PORT,
		.flags = CONF | TRANSFER | SAMPLE,
		.get = esn_flow_get_representor,
	},
	[RTE_FLOW_ACTION_TYPE_DROP] = {
		.op = ESW_FLOW_DROP,
		.flags = LAST,
		.get = esn_flow_get_drop,
	},
	[RTE_FLOW_ACTION_TYPE_JUMP] = {
		.op = ESW_FLOW_JUMP,
		.flags = CONF | LAST,
		.get = esn_flow_get_jump,
	},
	[RTE_FLOW_ACTION_TYPE_PASSTHRU] = { .op = ESW_FLOW_PASSTHRU, .flags = LAST },
	[RTE_FLOW_ACTION_TYPE_QUEUE] = {
		.op = ESW_FLOW_QUEUE,
		.flags = CONF | LAST | LOCAL,
		.get = esn_flow_get_queue,
	},
	[RTE_FLOW_ACTION_TYPE_RSS] = {
		.op = ESW_FLOW_RSS,
		.flags = CONF | LAST | LOCAL,
		.get = esn_flow_get_rss,
	},
	[RTE_FLOW_ACTION_TYPE_SAMPLE] = {
		.op = ESW_FLOW_SAMPLE,
		.flags = CONF | TRANSFER,
		.get = esn_flow_get_sample,
	},
	[RTE_FLOW_ACTION_TYPE_COUNT] = {
		.op = ESW_FLOW_COUNT,
		.flags = NOTE | SAMPLE,
		.get = esn_flow_get_count,
	},
	[RTE_FLOW_ACTION_TYPE_AGE] = {
		.op = ESW_FLOW_AGE,
		.flags = CONF | NOTE,
		.get = esn_flow_get_age,
	},
	[RTE_FLOW_ACTION_TYPE_METER] = {
		.op = ESW_FLOW_METER,
		.flags = CONF | NOTE,
		.get = esn_flow_get_meter,
	},
	[RTE_FLOW_ACTION_TYPE_MARK] = {
		.op = ESW_FLOW_MARK,
		.flags = CONF | NOTE,
		OPERAND(rte_flow_action_mark, id, 4, mark),
	},
	[RTE_FLOW_ACTION_TYPE_FLAG] = { .op = ESW_FLOW_FLAG, .flags = NOTE },
	[RTE_FLOW_ACTION_TYPE_INDIRECT] = {
		.flags = CONF | NOTE | SAMPLE,
		.get = esn_flow_get_indirect,
	},
	[RTE_FLOW_ACTION_TYPE_OF_POP_VLAN] = {
		.op = ESW_FLOW_POP_VLAN,
		.flags = EDIT,
		.need = ESN_FLOW_NEED_TAG,
		.get = esn_flow_get_pop_vlan,
	},
	[RTE_FLOW_ACTION_TYPE_OF_PUSH_VLAN] = {
		.op = ESW_FLOW_PUSH_VLAN,
		.flags = CONF | EDIT,
		.get = esn_flow_get_push_vlan,
	},
	[RTE_FLOW_ACTION_TYPE_OF_SET_VLAN_VID] = {
		.op = ESW_FLOW_SET_VID,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_TAG,
		.get = esn_flow_get_set_vid,
	},
	[RTE_FLOW_ACTION_TYPE_OF_SET_VLAN_PCP] = {
		.op = ESW_FLOW_SET_PCP,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_TAG,
		.get = esn_flow_get_set_pcp,
	},
	[RTE_FLOW_ACTION_TYPE_SET_MAC_SRC] = {
		.op = ESW_FLOW_SET_SRC,
		.flags = CONF | EDIT,
		OPERAND(rte_flow_action_set_mac, mac_addr, 6, mac),
	},
	[RTE_FLOW_ACTION_TYPE_SET_MAC_DST] = {
		.op = ESW_FLOW_SET_DST,
		.flags = CONF | EDIT,
		OPERAND(rte_flow_action_set_mac, mac_addr, 6, mac),
	},
	[RTE_FLOW_ACTION_TYPE_MAC_SWAP] = { .op = ESW_FLOW_MAC_SWAP, .flags = EDIT },
	[RTE_FLOW_ACTION_TYPE_SET_IPV4_SRC] = {
		.op = ESW_FLOW_SET_IP4_SRC,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP4,
		OPERAND(rte_flow_action_set_ipv4, ipv4_addr, 4, ip4),
	},
	[RTE_FLOW_ACTION_TYPE_SET_IPV4_DST] = {
		.op = ESW_FLOW_SET_IP4_DST,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP4,
		OPERAND(rte_flow_action_set_ipv4, ipv4_addr, 4, ip4),
	},
	[RTE_FLOW_ACTION_TYPE_SET_IPV6_SRC] = {
		.op = ESW_FLOW_SET_IP6_SRC,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP6,
		OPERAND(rte_flow_action_set_ipv6, ipv6_addr, 16, ip6),
	},
	[RTE_FLOW_ACTION_TYPE_SET_IPV6_DST] = {
		.op = ESW_FLOW_SET_IP6_DST,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP6,
		OPERAND(rte_flow_action_set_ipv6, ipv6_addr, 16, ip6),
	},
	[RTE_FLOW_ACTION_TYPE_SET_TP_SRC] = {
		.op = ESW_FLOW_SET_SPORT,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_PORTS,
		OPERAND(rte_flow_action_set_tp, port, 2, port),
	},
	[RTE_FLOW_ACTION_TYPE_SET_TP_DST] = {
		.op = ESW_FLOW_SET_DPORT,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_PORTS,
		OPERAND(rte_flow_action_set_tp, port, 2, port),
	},
	[RTE_FLOW_ACTION_TYPE_SET_TTL] = {
		.op = ESW_FLOW_SET_TTL,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP,
		OPERAND(rte_flow_action_set_ttl, ttl_value, 1, u8),
	},
	[RTE_FLOW_ACTION_TYPE_DEC_TTL] = {
		.op = ESW_FLOW_DEC_TTL,
		.flags = EDIT,
		.need = ESN_FLOW_NEED_IP,
	},
	[RTE_FLOW_ACTION_TYPE_SET_IPV4_DSCP] = {
		.op = ESW_FLOW_SET_DSCP,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP4,
		.get = esn_flow_get_set_dscp,
	},
	[RTE_FLOW_ACTION_TYPE_SET_IPV6_DSCP] = {
		.op = ESW_FLOW_SET_DSCP,
		.flags = CONF | EDIT,
		.need = ESN_FLOW_NEED_IP6,
		.get = esn_flow_get_set_dscp,
	},
	[RTE_FLOW_ACTION_TYPE_VXLAN_ENCAP] = {
		.op = ESW_FLOW_ENCAP,
		.flags = CONF | EDIT,
		.get = esn_flow_get_vxlan_encap,
	},
	[RTE_FLOW_ACTION_TYPE_VXLAN_DECAP] = {
		.op = ESW_FLOW_DECAP,
		.flags = EDIT,
		.need = ESN_FLOW_NEED_VXLAN,
		.get = esn_flow_get_vxlan_decap,
	},
	[RTE_FLOW_ACTION_TYPE_RAW_ENCAP] = {
		.op = ESW_FLOW_ENCAP,
		.flags = CONF | EDIT,
		.get = esn_flow_get_raw_encap,
	},
	[RTE_FLOW_ACTION_TYPE_RAW_DECAP] = {
		.op = ESW_FLOW_DECAP,
		.flags = CONF | EDIT,
		.get = esn_flow_get_raw_decap,
	},
};

const struct esn_flow_act_kind *
esn_flow_act_kind(enum rte_flow_action_type type)
{
	/* Drivers' own types are negative. */
	if ((uint32_t)type >= RTE_DIM(kinds) || kinds[type].flags == 0)
		return NULL;
	return &kinds[type];
}
