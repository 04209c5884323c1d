/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* What each item is. See flow_item_table.h. */
#include <netinet/in.h>

#include "flow_item_table.h"

#define FIELD(structure, member, n, hdr_member) \
	{ \
		.from = offsetof(struct structure, member), .len = (n), \
		.to = offsetof(struct esw_flow_hdr, hdr_member) \
	}
/* An octet that two fields of the key share: the second half of a 16-bit one. */
#define FIELD_2ND(structure, member, hdr_member) \
	{ \
		.from = offsetof(struct structure, member), .len = 1, \
		.to = offsetof(struct esw_flow_hdr, hdr_member) + 1 \
	}
#define OCTETS(first, n, hdr_member) \
	{ \
		.from = (first), .len = (n), .to = offsetof(struct esw_flow_hdr, hdr_member) \
	}
#define NOT_MATCHED(first, n) \
	{ \
		.from = (first), .len = (n), .to = ESN_FLOW_FIELD_NONE \
	}

/* rte_flow names no default for it: what can be matched. */
static const struct rte_flow_item_ipv6_frag_ext frag_ext_mask = {
	.hdr = { .next_header = UINT8_MAX, .frag_data = UINT16_MAX },
};

/* The second of two VLAN items. */
const struct esn_flow_field esn_flow_vlan2_fields[] = {
	FIELD(rte_flow_item_vlan, hdr.vlan_tci, 2, tci1),
	FIELD(rte_flow_item_vlan, hdr.eth_proto, 2, type2),
	{ .len = 0 },
};

/* Octets that are not matched are numbered as the header's standard has them. */
static const struct esn_flow_item_kind kinds[] = {
	[RTE_FLOW_ITEM_TYPE_ETH] = {
		.only = "of ETH only addresses, type and has_vlan can be matched",
		.mask = &rte_flow_item_eth_mask,
		.rank = ESN_FLOW_RANK_L2,
		.after = esn_flow_eth_after,
		.field = {
			FIELD(rte_flow_item_eth, hdr.dst_addr, 6, dst),
			FIELD(rte_flow_item_eth, hdr.src_addr, 6, src),
			FIELD(rte_flow_item_eth, hdr.ether_type, 2, type),
		},
	},
	[RTE_FLOW_ITEM_TYPE_VLAN] = {
		.only = "of VLAN only TCI, type and the first tag's has_more_vlan can be matched",
		.mask = &rte_flow_item_vlan_mask,
		.rank = ESN_FLOW_RANK_VLAN,
		.before = esn_flow_vlan_before,
		.after = esn_flow_vlan_after,
		.field = {
			FIELD(rte_flow_item_vlan, hdr.vlan_tci, 2, tci),
			FIELD(rte_flow_item_vlan, hdr.eth_proto, 2, type1),
		},
	},
	[RTE_FLOW_ITEM_TYPE_ARP_ETH_IPV4] = {
		.mask = &rte_flow_item_arp_eth_ipv4_mask,
		.rank = ESN_FLOW_RANK_L3,
		.l3 = ESW_FLOW_L3_ARP,
		.after = esn_flow_arp_after,
		.field = {
			FIELD(rte_flow_item_arp_eth_ipv4, ESW_ITEM_ARP_OP, 2, arp_op),
			FIELD(rte_flow_item_arp_eth_ipv4, ESW_ITEM_ARP_SHA, 6, sha),
			FIELD(rte_flow_item_arp_eth_ipv4, ESW_ITEM_ARP_SPA, 4, spa),
			FIELD(rte_flow_item_arp_eth_ipv4, ESW_ITEM_ARP_THA, 6, tha),
			FIELD(rte_flow_item_arp_eth_ipv4, ESW_ITEM_ARP_TPA, 4, tpa),
		},
	},
	[RTE_FLOW_ITEM_TYPE_IPV4] = {
		.only = "of IPV4 the checksum cannot be matched",
		.mask = &rte_flow_item_ipv4_mask,
		.rank = ESN_FLOW_RANK_L3,
		.l3 = ESW_FLOW_L3_IPV4,
		.after = esn_flow_ipv4_after,
		.field = {
			FIELD(rte_flow_item_ipv4, hdr.src_addr, 4, src4),
			FIELD(rte_flow_item_ipv4, hdr.dst_addr, 4, dst4),
			FIELD(rte_flow_item_ipv4, hdr.next_proto_id, 1, proto),
			FIELD(rte_flow_item_ipv4, hdr.time_to_live, 1, ttl),
			FIELD(rte_flow_item_ipv4, hdr.type_of_service, 1, tos),
			FIELD(rte_flow_item_ipv4, hdr.fragment_offset, 2, frag),
			FIELD(rte_flow_item_ipv4, hdr.packet_id, 2, ip_id),
			FIELD(rte_flow_item_ipv4, hdr.total_length, 2, ip_len),
			OCTETS(0, 1, ver_ihl),
			NOT_MATCHED(10, 2),
		},
	},
	[RTE_FLOW_ITEM_TYPE_IPV6] = {
		.only = "of IPV6 neither the payload length nor extensions but has_frag_ext can be "
			"matched",
		.mask = &rte_flow_item_ipv6_mask,
		.rank = ESN_FLOW_RANK_L3,
		.l3 = ESW_FLOW_L3_IPV6,
		.after = esn_flow_ipv6_after,
		.field = {
			FIELD(rte_flow_item_ipv6, hdr.src_addr, 16, src6),
			FIELD(rte_flow_item_ipv6, hdr.dst_addr, 16, dst6),
			FIELD(rte_flow_item_ipv6, hdr.proto, 1, proto),
			FIELD(rte_flow_item_ipv6, hdr.hop_limits, 1, ttl),
			FIELD(rte_flow_item_ipv6, hdr.vtc_flow, 4, vtc_flow),
			NOT_MATCHED(4, 2),
		},
	},
	[RTE_FLOW_ITEM_TYPE_IPV6_FRAG_EXT] = {
		.only = "of IPV6_FRAG_EXT only next_header and frag_data can be matched",
		.mask = &frag_ext_mask,
		.rank = ESN_FLOW_RANK_EXT,
		.bits = ESW_FLOW_FRAG_EXT,
		.before = esn_flow_frag_before,
		.after = esn_flow_frag_after,
		.field = {
			OCTETS(0, 1, frag_next),
			NOT_MATCHED(1, 1),
			OCTETS(2, 2, frag),
			NOT_MATCHED(4, 4),
		},
	},
	[RTE_FLOW_ITEM_TYPE_TCP] = {
		.only = "of TCP only ports, data offset and flags can be matched",
		.mask = &rte_flow_item_tcp_mask,
		.rank = ESN_FLOW_RANK_L4,
		.l4 = IPPROTO_TCP,
		.before = esn_flow_l4_before,
		.field = {
			FIELD(rte_flow_item_tcp, hdr.src_port, 2, sport),
			FIELD(rte_flow_item_tcp, hdr.dst_port, 2, dport),
			FIELD(rte_flow_item_tcp, hdr.data_off, 1, tcp_off),
			FIELD(rte_flow_item_tcp, hdr.tcp_flags, 1, tcp_flags),
			NOT_MATCHED(4, 8),
			NOT_MATCHED(14, 6),
		},
	},
	[RTE_FLOW_ITEM_TYPE_UDP] = {
		.only = "of UDP only ports can be matched",
		.mask = &rte_flow_item_udp_mask,
		.rank = ESN_FLOW_RANK_L4,
		.l4 = IPPROTO_UDP,
		.before = esn_flow_l4_before,
		.field = {
			FIELD(rte_flow_item_udp, hdr.src_port, 2, sport),
			FIELD(rte_flow_item_udp, hdr.dst_port, 2, dport),
			NOT_MATCHED(4, 4),
		},
	},
	[RTE_FLOW_ITEM_TYPE_SCTP] = {
		.only = "of SCTP only ports can be matched",
		.mask = &rte_flow_item_sctp_mask,
		.rank = ESN_FLOW_RANK_L4,
		.l4 = IPPROTO_SCTP,
		.before = esn_flow_l4_before,
		.field = {
			FIELD(rte_flow_item_sctp, hdr.src_port, 2, sport),
			FIELD(rte_flow_item_sctp, hdr.dst_port, 2, dport),
			NOT_MATCHED(4, 8),
		},
	},
	[RTE_FLOW_ITEM_TYPE_ICMP] = {
		.only = "of ICMP the checksum cannot be matched",
		.mask = &rte_flow_item_icmp_mask,
		.rank = ESN_FLOW_RANK_L4,
		.l4 = IPPROTO_ICMP,
		.before = esn_flow_l4_before,
		.field = {
			FIELD(rte_flow_item_icmp, hdr.icmp_type, 1, sport),
			FIELD_2ND(rte_flow_item_icmp, hdr.icmp_code, sport),
			FIELD(rte_flow_item_icmp, hdr.icmp_ident, 2, dport),
			FIELD(rte_flow_item_icmp, hdr.icmp_seq_nb, 2, icmp_seq),
			NOT_MATCHED(2, 2),
		},
	},
	[RTE_FLOW_ITEM_TYPE_ICMP6] = {
		.only = "of ICMP6 only type and code can be matched",
		.mask = &rte_flow_item_icmp6_mask,
		.rank = ESN_FLOW_RANK_L4,
		.l4 = IPPROTO_ICMPV6,
		.before = esn_flow_l4_before,
		.field = {
			FIELD(rte_flow_item_icmp6, type, 1, sport),
			FIELD_2ND(rte_flow_item_icmp6, code, sport),
			NOT_MATCHED(2, 2),
		},
	},
	[RTE_FLOW_ITEM_TYPE_VXLAN] = {
		.only = "of VXLAN only flags and VNI can be matched",
		.mask = &rte_flow_item_vxlan_mask,
		.rank = ESN_FLOW_RANK_TUNNEL,
		.bits = ESW_FLOW_VXLAN,
		.before = esn_flow_vxlan_before,
		.field = {
			OCTETS(0, 1, vx_flags),
			NOT_MATCHED(1, 3),
			OCTETS(4, 3, vni),
			NOT_MATCHED(7, 1),
		},
	},
	[RTE_FLOW_ITEM_TYPE_PORT_ID] = {
		.before = esn_flow_port_id_before,
		.mask = &rte_flow_item_port_id_mask,
	},
	[RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT] = {
		.before = esn_flow_represented_before,
		.mask = &rte_flow_item_ethdev_mask,
	},
	[RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR] = {
		.before = esn_flow_representor_before,
		.mask = &rte_flow_item_ethdev_mask,
	},
};

const struct esn_flow_item_kind *
esn_flow_item_kind(enum rte_flow_item_type type)
{
	/* Drivers' own types are negative. */
	if ((uint32_t)type >= RTE_DIM(kinds) || kinds[type].mask == NULL)
		return NULL;
	return &kinds[type];
}
