/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Patterns, ports and attributes of rte_flow that are refused, and what the refusal points at. */
#include "flow_rig.h"

#include <string.h>

#include <rte_errno.h>

/* Structures of items; the one at fault is named by the row. */
static const struct rte_flow_item_eth eth = { .hdr.ether_type = RTE_BE16(0x0800) };
static const struct rte_flow_item_eth eth_reserved = { .reserved = 1 };
static const struct rte_flow_item_eth eth_no_vlan_mask = { .has_vlan = 1 };
static const struct rte_flow_item_vlan vlan = { .hdr.vlan_tci = RTE_BE16(1) };
static const struct rte_flow_item_vlan vlan_more = { .has_more_vlan = 1 };
static const struct rte_flow_item_ipv4 ip4 = { .hdr.time_to_live = 9 };
static const struct rte_flow_item_ipv4 ip4_less = { .hdr.time_to_live = 8 };
static const struct rte_flow_item_ipv4 ip4_ttl = { .hdr.time_to_live = 255 };
static const struct rte_flow_item_ipv4 ip4_cksum = { .hdr.hdr_checksum = 0xffff };
static const struct rte_flow_item_ipv4 ip4_range = { .hdr = { .src_addr = RTE_BE32(1),
							      .dst_addr = RTE_BE32(1),
							      .next_proto_id = 1,
							      .time_to_live = 1,
							      .type_of_service = 1 } };
static const struct rte_flow_item_ipv4 ip4_range_end = { .hdr = { .src_addr = RTE_BE32(2),
								  .dst_addr = RTE_BE32(2),
								  .next_proto_id = 2,
								  .time_to_live = 2,
								  .type_of_service = 2 } };
static const struct rte_flow_item_ipv4 ip4_range_mask = { .hdr = { .src_addr = UINT32_MAX,
								   .dst_addr = UINT32_MAX,
								   .next_proto_id = 255,
								   .time_to_live = 255,
								   .type_of_service = 255 } };
static const struct rte_flow_item_ipv6 ip6 = { .has_frag_ext = 0 };
static const struct rte_flow_item_ipv6 ip6_len = { .hdr.payload_len = 0xffff };
static const struct rte_flow_item_ipv6 ip6_hop = { .has_hop_ext = 1 };
static const struct rte_flow_item_ipv6 ip6_frag = { .has_frag_ext = 1 };
static const struct rte_flow_item_ipv6_frag_ext frag = { .hdr.next_header = 6 };
static const struct rte_flow_item_ipv6_frag_ext frag_id = { .hdr.id = 0xff };
static const struct rte_flow_item_tcp tcp = { .hdr.src_port = RTE_BE16(80) };
static const struct rte_flow_item_tcp tcp_seq = { .hdr.sent_seq = 1 };
static const struct rte_flow_item_tcp tcp_window = { .hdr.rx_win = 1 };
static const struct rte_flow_item_udp udp = { .hdr.src_port = RTE_BE16(80) };
static const struct rte_flow_item_udp udp_len = { .hdr.dgram_len = 1 };
static const struct rte_flow_item_arp_eth_ipv4 arp; /* hardware type 0 */
static const uint8_t ones[64] = { 255, 255, 255, 255, 255, 255, 255, 255 };
static const struct rte_flow_item_port_id no_id = { .id = 12345 };
static const struct rte_flow_item_port_id some = { .id = 0xff };

#define R(code_, part_, at_, words_, ...) \
	{ \
		.code = (code_), .type = RTE_FLOW_ERROR_TYPE_##part_, .at = (at_), \
		.words = (words_), .items = { \
			__VA_ARGS__ \
		} \
	}
#define I(t, ...) \
	{ \
		.type = RTE_FLOW_ITEM_TYPE_##t, ##__VA_ARGS__ \
	}

/* Lists end by themselves: END is 0. */
static const struct {
	int code;
	enum rte_flow_error_type type;
	unsigned int at;
	const char *words;
	struct rte_flow_item items[8];
} rows[] = {
	R(ENOTSUP, ITEM, 1, "not supported", I(ETH), I(GRE)),
	R(ENOTSUP, ITEM, 0, "not supported", I(RAW)),
	R(ENOTSUP, ITEM, 0, "not supported", { .type = (enum rte_flow_item_type) - 5 }),
	R(EINVAL, ITEM, 1, "order", I(IPV4), I(ETH)),
	R(EINVAL, ITEM, 1, "order", I(ETH), I(ETH)),
	R(EINVAL, ITEM, 1, "order", I(IPV4), I(VLAN)),
	R(EINVAL, ITEM, 2, "order", I(ETH), I(IPV4), I(IPV6)),
	R(EINVAL, ITEM, 1, "order", I(TCP), I(UDP)),
	R(EINVAL, ITEM, 1, "order", I(UDP), I(IPV4)),
	R(EINVAL, ITEM, 1, "no such header", I(ARP_ETH_IPV4), I(UDP)),
	R(EINVAL, ITEM, 1, "no such header", I(IPV6), I(ICMP)),
	R(EINVAL, ITEM, 1, "no such header", I(IPV4), I(ICMP6)),
	R(EINVAL, ITEM, 0, "behind IPV6", I(IPV6_FRAG_EXT)),
	R(EINVAL, ITEM, 1, "behind IPV6", I(IPV4), I(IPV6_FRAG_EXT)),
	R(EINVAL, ITEM, 1, "behind UDP", I(TCP), I(VXLAN)),
	R(ENOTSUP, ITEM, 1, "one VXLAN", I(VXLAN), I(VXLAN)),
	R(ENOTSUP, ITEM, 2, "two tags", I(VLAN), I(VLAN), I(VLAN)),
	R(EINVAL, ITEM, 1, "contradicts", I(ETH, UNDER(eth, eth_no_vlan_mask)), I(VLAN)),
	R(EINVAL, ITEM, 1, "contradicts", I(VLAN, UNDER(vlan, vlan_more)), I(VLAN)),
	R(EINVAL, ITEM, 1, "contradicts", I(IPV6, UNDER(ip6, ip6_frag)), I(IPV6_FRAG_EXT)),
	R(EINVAL, ITEM_MASK, 0, "without a spec", I(ETH, .mask = &eth)),
	R(EINVAL, ITEM_LAST, 0, "without a spec", I(IPV4, .last = &ip4)),
	R(EINVAL, ITEM_LAST, 0, "ends before", I(IPV4, UNDER(ip4, ip4_ttl), .last = &ip4_less)),
	R(ENOTSUP, ITEM_LAST, 2, "8 intervals",
	  I(IPV4, UNDER(ip4_range, ip4_range_mask), .last = &ip4_range_end), I(VXLAN),
	  I(IPV4, UNDER(ip4_range, ip4_range_mask), .last = &ip4_range_end)),
	R(ENOTSUP, ITEM_MASK, 0, "ETH only", I(ETH, UNDER(eth, eth_reserved))),
	R(ENOTSUP, ITEM_MASK, 1, "VLAN only", I(VLAN), I(VLAN, UNDER(vlan, vlan_more))),
	R(ENOTSUP, ITEM_MASK, 0, "checksum", I(IPV4, UNDER(ip4, ip4_cksum))),
	R(ENOTSUP, ITEM_MASK, 0, "payload length", I(IPV6, UNDER(ip6, ip6_len))),
	R(ENOTSUP, ITEM_MASK, 0, "has_frag_ext", I(IPV6, UNDER(ip6, ip6_hop))),
	R(ENOTSUP, ITEM_MASK, 1, "frag_data", I(IPV6), I(IPV6_FRAG_EXT, UNDER(frag, frag_id))),
	R(ENOTSUP, ITEM_MASK, 0, "TCP only", I(TCP, UNDER(tcp, tcp_seq))),
	R(ENOTSUP, ITEM_MASK, 0, "TCP only", I(TCP, UNDER(tcp, tcp_window))),
	R(ENOTSUP, ITEM_MASK, 1, "UDP only", I(IPV4), I(UDP, UNDER(udp, udp_len))),
	R(ENOTSUP, ITEM_MASK, 0, "SCTP only", I(SCTP, UNDER(ones, ones))),
	R(ENOTSUP, ITEM_MASK, 0, "ICMP the", I(ICMP, UNDER(ones, ones))),
	R(ENOTSUP, ITEM_MASK, 0, "ICMP6 only", I(ICMP6, UNDER(ones, ones))),
	R(ENOTSUP, ITEM_MASK, 0, "VXLAN only", I(VXLAN, UNDER(ones, ones))),
	R(ENOTSUP, ITEM_SPEC, 0, "Ethernet and IPv4", I(ARP_ETH_IPV4, UNDER(arp, ones))),
	R(ENODEV, ITEM, 0, "no such port", I(PORT_ID, OF(no_id))),
	R(ENOTSUP, ITEM, 0, "names none", I(PORT_ID)),
	R(ENOTSUP, ITEM, 0, "names none", I(REPRESENTED_PORT)),
	R(ENOTSUP, ITEM_MASK, 0, "as a whole", I(PORT_ID, UNDER(no_id, some))),
	R(ENOTSUP, ITEM_LAST, 0, "one port", I(PORT_ID, OF(no_id), .last = &no_id)),
};

static const void *
cause_of(const struct rte_flow_item *item, enum rte_flow_error_type type)
{
	switch ((int)type) {
	case RTE_FLOW_ERROR_TYPE_ITEM_SPEC:
		return item->spec;
	case RTE_FLOW_ERROR_TYPE_ITEM_LAST:
		return item->last;
	case RTE_FLOW_ERROR_TYPE_ITEM_MASK:
		return item->mask;
	default:
		return item;
	}
}

static void
patterns(void **state)
{
	const struct esn_flow_port port = flow_port(flow_rep0);
	struct esn_flow_pattern out;
	struct rte_flow_error error;
	unsigned int i;
	int ret;

	(void)state;
	for (i = 0; i < RTE_DIM(rows); i++) {
		memset(&error, 0, sizeof(error));
		ret = esn_flow_pattern_get(&port, true, rows[i].items, &out, &error);
		flow_refused(ret, &error, rows[i].code, rows[i].type,
			     cause_of(&rows[i].items[rows[i].at], rows[i].type), rows[i].words);
	}
	memset(&error, 0, sizeof(error));
	ret = esn_flow_pattern_get(&port, true, NULL, &out, &error);
	flow_refused(ret, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM_NUM, NULL, "no pattern");
}

/* The table of doc/semantics.md, section 7, row by row; as seen from representor 0. */
static void
senders(void **state)
{
	const struct {
		enum rte_flow_item_type type;
		uint16_t id, ep; /* ep NONE: refused */
		const char *words;
	} ports[] = {
		{ RTE_FLOW_ITEM_TYPE_PORT_ID, flow_pf, ESW_EP_WIRE, NULL },
		{ RTE_FLOW_ITEM_TYPE_PORT_ID, flow_rep1, ESW_EP_VF0 + 1, NULL },
		{ RTE_FLOW_ITEM_TYPE_PORT_ID, flow_vf0, ESW_EP_VF0, NULL },
		{ RTE_FLOW_ITEM_TYPE_PORT_ID, flow_other, ESN_FLOW_EP_NONE, "e-switch" },
		{ RTE_FLOW_ITEM_TYPE_PORT_ID, flow_stranger, ESN_FLOW_EP_NONE, "e-switch" },
		{ RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT, flow_pf, ESW_EP_WIRE, NULL },
		{ RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT, flow_rep0, ESW_EP_VF0, NULL },
		{ RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT, flow_vf0, ESN_FLOW_EP_NONE, "nothing" },
		{ RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT, flow_other, ESN_FLOW_EP_NONE, "e-switch" },
		{ RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR, flow_pf, ESW_EP_PF, NULL },
		{ RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR, flow_rep1, ESW_EP_VF0 + 3 + 1, NULL },
		{ RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR, flow_vf0, ESW_EP_VF0, NULL },
		{ RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR, 31, ESN_FLOW_EP_NONE, "no such port" },
	};
	const struct esn_flow_port port = flow_port(flow_rep0);
	struct esn_flow_pattern out;
	unsigned int i;

	(void)state;
	for (i = 0; i < RTE_DIM(ports); i++) {
		const struct rte_flow_item_port_id id = { .id = ports[i].id };
		const struct rte_flow_item_ethdev ethdev = { .port_id = ports[i].id };
		const bool old = ports[i].type == RTE_FLOW_ITEM_TYPE_PORT_ID;
		const struct rte_flow_item items[] = {
			ITEM(ETH),
			{ .type = ports[i].type,
			  .spec = old ? (const void *)&id : (const void *)&ethdev },
			ITEM(IPV4),
			ITEM(END),
		};
		struct rte_flow_error error = { .message = NULL };
		int ret = esn_flow_pattern_get(&port, true, items, &out, &error);

		if (ports[i].words == NULL) {
			assert_int_equal(ret, 0);
			assert_int_equal(out.ep, ports[i].ep);
			continue;
		}
		flow_refused(ret, &error, -ret, RTE_FLOW_ERROR_TYPE_ITEM, &items[1],
			     ports[i].words);
	}
}

static void
one_sender_and_only_in_transfer_rules(void **state)
{
	const struct esn_flow_port port = flow_port(flow_rep0);
	const struct rte_flow_item_port_id id = { .id = flow_pf };
	const struct rte_flow_item items[] = { ITEM(PORT_ID, OF(id)), ITEM(PORT_ID, OF(id)),
					       ITEM(END) };
	struct rte_flow_error error = { .message = NULL };
	struct esn_flow_pattern out;
	int ret = esn_flow_pattern_get(&port, true, items, &out, &error);

	(void)state;
	flow_refused(ret, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, &items[1], "already");
	ret = esn_flow_pattern_get(&port, false, items, &out, &error);
	flow_refused(ret, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, &items[0], "transfer rules");
}

static void
attributes(void **state)
{
	const struct {
		uint16_t on;
		int code;
		enum rte_flow_error_type type;
		const char *words;
		struct rte_flow_attr attr;
	} bad[] = {
		{ flow_pf, ENOTSUP, RTE_FLOW_ERROR_TYPE_ATTR_EGRESS, "egress", { .egress = 1 } },
		{ flow_pf,
		  ENOTSUP,
		  RTE_FLOW_ERROR_TYPE_ATTR_EGRESS,
		  "egress",
		  { .egress = 1, .transfer = 1 } },
		{ flow_pf, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR_INGRESS, "either", { .group = 1 } },
		{ flow_vf0, EPERM, RTE_FLOW_ERROR_TYPE_ATTR_TRANSFER, "VF", { .transfer = 1 } },
		{ flow_pf,
		  ENOTSUP,
		  RTE_FLOW_ERROR_TYPE_ATTR_PRIORITY,
		  "65536 is out of range",
		  { .transfer = 1, .priority = 65536 } },
	};
	struct esw_flow_spec spec;
	struct esn_flow_port port;
	struct rte_flow_error error;
	unsigned int i;
	int ret;

	(void)state;
	for (i = 0; i < RTE_DIM(bad); i++) {
		port = flow_port(bad[i].on);
		memset(&error, 0, sizeof(error));
		ret = esn_flow_attr_get(&port, &bad[i].attr, &spec, &error);
		flow_refused(ret, &error, bad[i].code, bad[i].type, &bad[i].attr, bad[i].words);
	}
	ret = esn_flow_attr_get(&port, NULL, &spec, &error);
	flow_refused(ret, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, NULL, "attributes");
	port = flow_port(flow_rep1);
	assert_int_equal(esn_flow_attr_get(&port,
					   &(struct rte_flow_attr){ .ingress = 1,
								    .transfer = 1,
								    .group = 1u << 31,
								    .priority = 65535 },
					   &spec, &error),
			 0);
	assert_int_equal(spec.side, ESW_FLOW_TRANSFER);
	assert_int_equal(spec.ep, ESW_EP_VF0 + 1);
	assert_int_equal(spec.owner, ESW_EP_VF0 + 3 + 1);
	assert_int_equal(spec.group, 1u << 31);
	assert_int_equal(spec.prio, 65535);
	port = flow_port(flow_vf0);
	assert_int_equal(esn_flow_attr_get(&port, &flow_ingress, &spec, &error), 0);
	assert_int_equal(spec.side, ESW_FLOW_LOCAL);
	assert_int_equal(spec.ep, ESW_EP_VF0);
	assert_int_equal(spec.owner, ESW_EP_VF0);
	port = flow_port(flow_pf);
	assert_int_equal(esn_flow_attr_get(&port, &flow_transfer, &spec, &error), 0);
	assert_int_equal(spec.ep, ESW_EP_WIRE);
	assert_int_equal(spec.owner, ESW_EP_PF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(patterns),
		FLOW_TEST(senders),
		FLOW_TEST(one_sender_and_only_in_transfer_rules),
		FLOW_TEST(attributes),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
