/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Items of rte_flow: which fields of the key they become. */
#include "flow_rig.h"

#include <netinet/in.h>
#include <string.h>

#include <rte_errno.h>

/* Exactly these two levels, key and mask, are asked for. */
static void
asks(const struct esw_flow_match *m, const union esw_flow_key *key, const union esw_flow_key *mask)
{
	assert_memory_equal(&m->key, key, sizeof(*key));
	assert_memory_equal(&m->mask, mask, sizeof(*mask));
	assert_int_equal(m->n_ranges, 0);
}

static void
nothing_matches_all(void **state)
{
	const union esw_flow_key none = { .w = { 0 } };

	(void)state;
	asks(flow_match((struct rte_flow_item[]){ ITEM(END) }), &none, &none);
	asks(flow_match(PATTERN(ITEM(VOID), ITEM(ETH), ITEM(VOID))), &none, &none);
	assert_int_equal(flow_pattern.ep, ESN_FLOW_EP_NONE);
}

static void
ethernet(void **state)
{
	const struct rte_flow_item_eth spec = {
		.hdr.dst_addr.addr_bytes = { 1, 2, 3, 4, 5, 6 },
		.hdr.src_addr.addr_bytes = { 7, 8, 9, 10, 11, 12 },
		.hdr.ether_type = RTE_BE16(0x0800),
		.has_vlan = 0,
	};
	const struct rte_flow_item_eth mask = {
		.hdr.dst_addr.addr_bytes = { 0xff, 0xff, 0xff, 0, 0, 0 },
		.hdr.ether_type = RTE_BE16(0xffff),
		.has_vlan = 1,
	};
	const union esw_flow_key dflt = {
		.h[0] = { .dst = { 1, 2, 3, 4, 5, 6 }, .src = { 7, 8, 9, 10, 11, 12 } },
	};
	const union esw_flow_key full = {
		.h[0] = { .dst = { 255, 255, 255, 255, 255, 255 },
			  .src = { 255, 255, 255, 255, 255, 255 } },
	};
	const union esw_flow_key some = {
		.h[0] = { .dst = { 1, 2, 3 }, .type = RTE_BE16(0x0800) },
	};
	const union esw_flow_key some_mask = {
		.h[0] = { .dst = { 255, 255, 255 }, .type = 0xffff, .bits = ESW_FLOW_VLAN },
	};

	(void)state;
	/* rte_flow's default mask is the addresses. */
	asks(flow_match(PATTERN(ITEM(ETH, OF(spec)))), &dflt, &full);
	asks(flow_match(PATTERN(ITEM(ETH, UNDER(spec, mask)))), &some, &some_mask);
}

static void
tags(void **state)
{
	const struct rte_flow_item_vlan one = { .hdr.vlan_tci = RTE_BE16(0x6064),
						.hdr.eth_proto = RTE_BE16(0x8100),
						.has_more_vlan = 1 };
	const struct rte_flow_item_vlan all = { .hdr.vlan_tci = 0xffff,
						.hdr.eth_proto = 0xffff,
						.has_more_vlan = 1 };
	const struct rte_flow_item_vlan two = { .hdr.vlan_tci = RTE_BE16(200),
						.hdr.eth_proto = RTE_BE16(0x86dd) };
	const struct rte_flow_item_vlan no_more = { .hdr.vlan_tci = 0xffff,
						    .hdr.eth_proto = 0xffff };
	const uint8_t both = ESW_FLOW_VLAN | ESW_FLOW_VLAN2;
	const union esw_flow_key vid = {
		.h[0] = { .tci = RTE_BE16(0x064), .bits = ESW_FLOW_VLAN },
	};
	const union esw_flow_key vid_mask = {
		.h[0] = { .tci = RTE_BE16(0xfff), .bits = ESW_FLOW_VLAN },
	};
	const union esw_flow_key key = {
		.h[0] = { .tci = RTE_BE16(0x6064),
			  .type1 = RTE_BE16(0x8100),
			  .tci1 = RTE_BE16(200),
			  .type2 = RTE_BE16(0x86dd),
			  .bits = both },
	};
	const union esw_flow_key mask = {
		.h[0] = { .tci = 0xffff,
			  .type1 = 0xffff,
			  .tci1 = 0xffff,
			  .type2 = 0xffff,
			  .bits = both },
	};
	const union esw_flow_key tag = { .h[0].bits = ESW_FLOW_VLAN };
	const union esw_flow_key tag2 = { .h[0].bits = ESW_FLOW_VLAN | ESW_FLOW_VLAN2 };

	(void)state;
	asks(flow_match(PATTERN(ITEM(ETH), ITEM(VLAN))), &tag, &tag);
	assert_int_equal(flow_pattern.level[0].vlans, 1);
	asks(flow_match(PATTERN(ITEM(VLAN), ITEM(VLAN))), &tag2, &tag2);
	assert_int_equal(flow_pattern.level[0].vlans, 2);
	asks(flow_match(PATTERN(ITEM(VLAN, OF(one)))), &vid, &vid_mask);
	asks(flow_match(PATTERN(ITEM(ETH), ITEM(VLAN, UNDER(one, all)),
				ITEM(VLAN, UNDER(two, no_more)))),
	     &key, &mask);
}

static void
ipv4(void **state)
{
	const struct rte_flow_item_ipv4 spec = { .hdr = {
							 .version_ihl = 0x45,
							 .type_of_service = 0xb8,
							 .total_length = RTE_BE16(100),
							 .packet_id = RTE_BE16(7),
							 .fragment_offset = RTE_BE16(0x2000),
							 .time_to_live = 63,
							 .next_proto_id = 17,
							 .src_addr = RTE_BE32(0x0a000001),
							 .dst_addr = RTE_BE32(0x0a000002),
						 } };
	struct rte_flow_item_ipv4 mask;
	const union esw_flow_key key = { .h[0] = {
						 .l3 = 4,
						 .ver_ihl = 0x45,
						 .tos = 0xb8,
						 .ip_len = RTE_BE16(100),
						 .ip_id = RTE_BE16(7),
						 .frag = RTE_BE16(0x2000),
						 .ttl = 63,
						 .proto = 17,
						 .src4 = RTE_BE32(0x0a000001),
						 .dst4 = RTE_BE32(0x0a000002),
					 } };
	const union esw_flow_key all = { .h[0] = {
						 .l3 = 0xff,
						 .ver_ihl = 0xff,
						 .tos = 0xff,
						 .ip_len = 0xffff,
						 .ip_id = 0xffff,
						 .frag = 0xffff,
						 .ttl = 0xff,
						 .proto = 0xff,
						 .src4 = UINT32_MAX,
						 .dst4 = UINT32_MAX,
					 } };

	(void)state;
	memset(&mask, 0xff, sizeof(mask));
	mask.hdr.hdr_checksum = 0;
	asks(flow_match(PATTERN(ITEM(ETH), ITEM(IPV4, UNDER(spec, mask)))), &key, &all);
	assert_int_equal(flow_pattern.level[0].l3, ESW_FLOW_L3_IPV4);
}

static void
ipv6_and_its_fragment_header(void **state)
{
	struct rte_flow_item_ipv6 spec = {
		.hdr = { .vtc_flow = RTE_BE32(0x60b12345), .proto = 44, .hop_limits = 9 },
		.has_frag_ext = 1
	};
	struct rte_flow_item_ipv6 mask = {
		.hdr = { .vtc_flow = UINT32_MAX, .proto = 255, .hop_limits = 255 },
		.has_frag_ext = 1
	};
	const struct rte_flow_item_ipv6_frag_ext frag = {
		.hdr = { .next_header = 6, .frag_data = RTE_BE16(1) },
	};
	union esw_flow_key key = { .h[0] = {
					   .l3 = 6,
					   .proto = 44,
					   .ttl = 9,
					   .vtc_flow = RTE_BE32(0x60b12345),
					   .bits = ESW_FLOW_FRAG_EXT,
					   .frag_next = 6,
					   .frag = RTE_BE16(1),
					   .l4 = 6,
				   } };
	union esw_flow_key all = { .h[0] = {
					   .l3 = 255,
					   .proto = 255,
					   .ttl = 255,
					   .vtc_flow = UINT32_MAX,
					   .bits = ESW_FLOW_FRAG_EXT,
					   .frag_next = 255,
					   .frag = 0xffff,
					   .l4 = 255,
				   } };

	(void)state;
	memset(&spec.hdr.src_addr, 0x11, 16);
	memset(&spec.hdr.dst_addr, 0x22, 16);
	memset(&mask.hdr.src_addr, 0xff, 16);
	memset(&mask.hdr.dst_addr, 0xf0, 16);
	memset(key.h[0].src6, 0x11, 16);
	memset(key.h[0].dst6, 0x20, 16);
	memset(all.h[0].src6, 0xff, 16);
	memset(all.h[0].dst6, 0xf0, 16);
	/* The first fragment has a TCP header. */
	asks(flow_match(PATTERN(ITEM(IPV6, UNDER(spec, mask)), ITEM(IPV6_FRAG_EXT, OF(frag)),
				ITEM(TCP))),
	     &key, &all);
}

static void
transport(void **state)
{
	const struct rte_flow_item_tcp tcp = { .hdr = { .src_port = RTE_BE16(1),
							.dst_port = RTE_BE16(2),
							.data_off = 0x50,
							.tcp_flags = 0x12 } };
	const struct rte_flow_item_tcp tcp_mask = {
		.hdr = { .src_port = 0xffff, .data_off = 0xf0, .tcp_flags = 0x3f }
	};
	const struct rte_flow_item_udp udp = { .hdr.dst_port = RTE_BE16(53) };
	const struct rte_flow_item_sctp sctp = { .hdr.src_port = RTE_BE16(9) };
	const struct rte_flow_item_icmp icmp = { .hdr = { .icmp_type = 8,
							  .icmp_code = 1,
							  .icmp_ident = RTE_BE16(0x1234),
							  .icmp_seq_nb = RTE_BE16(0x5678) } };
	const struct rte_flow_item_icmp icmp_mask = { .hdr = { .icmp_type = 255,
							       .icmp_code = 255,
							       .icmp_ident = 0xffff,
							       .icmp_seq_nb = 0xffff } };
	const struct rte_flow_item_icmp6 icmp6 = { .type = 135, .code = 2 };
	const struct esw_flow_match *m = flow_match(PATTERN(ITEM(TCP, UNDER(tcp, tcp_mask))));

	(void)state;
	assert_int_equal(m->key.h[0].l4, IPPROTO_TCP);
	assert_int_equal(m->key.h[0].sport, RTE_BE16(1));
	assert_int_equal(m->mask.h[0].dport, 0);
	assert_int_equal(m->key.h[0].tcp_off, 0x50);
	assert_int_equal(m->mask.h[0].tcp_flags, 0x3f);
	assert_int_equal(m->mask.h[0].l3, 0); /* over either IP */
	m = flow_match(PATTERN(ITEM(IPV6), ITEM(UDP, OF(udp))));
	assert_int_equal(m->key.h[0].l4, IPPROTO_UDP);
	assert_int_equal(m->key.h[0].dport, RTE_BE16(53));
	assert_int_equal(m->mask.h[0].sport, 0xffff);
	m = flow_match(PATTERN(ITEM(SCTP, OF(sctp))));
	assert_int_equal(m->key.h[0].l4, IPPROTO_SCTP);
	assert_int_equal(m->key.h[0].sport, RTE_BE16(9));
	m = flow_match(PATTERN(ITEM(IPV4), ITEM(ICMP, UNDER(icmp, icmp_mask))));
	assert_int_equal(m->key.h[0].l4, IPPROTO_ICMP);
	assert_int_equal(m->key.h[0].sport, RTE_BE16(0x0801));
	assert_int_equal(m->key.h[0].dport, RTE_BE16(0x1234));
	assert_int_equal(m->key.h[0].icmp_seq, RTE_BE16(0x5678));
	m = flow_match(PATTERN(ITEM(IPV6), ITEM(ICMP6, OF(icmp6))));
	assert_int_equal(m->key.h[0].l4, IPPROTO_ICMPV6);
	assert_int_equal(m->key.h[0].sport, RTE_BE16(0x8702));
	assert_int_equal(m->mask.h[0].sport, 0xffff);
}

static void
arp(void **state)
{
	struct rte_flow_item_arp_eth_ipv4 spec = { .ESW_ITEM_ARP_OP = RTE_BE16(1) };
	struct rte_flow_item_arp_eth_ipv4 mask;
	const struct esw_flow_match *m;
	uint32_t spa = RTE_BE32(0xc0a80001), tpa = RTE_BE32(0xc0a80002);

	(void)state;
	memset(&spec.ESW_ITEM_ARP_SHA, 0x33, 6);
	memset(&spec.ESW_ITEM_ARP_THA, 0x44, 6);
	memcpy(&spec.ESW_ITEM_ARP_SPA, &spa, 4);
	memcpy(&spec.ESW_ITEM_ARP_TPA, &tpa, 4);
	memset(&mask, 0, sizeof(mask));
	memset(&mask.ESW_ITEM_ARP_OP, 0xff, 2);
	memset(&mask.ESW_ITEM_ARP_SHA, 0xff, 6);
	memset(&mask.ESW_ITEM_ARP_THA, 0xff, 6);
	memset(&mask.ESW_ITEM_ARP_SPA, 0xff, 4);
	memset(&mask.ESW_ITEM_ARP_TPA, 0xff, 4);
	m = flow_match(PATTERN(ITEM(ETH), ITEM(ARP_ETH_IPV4, UNDER(spec, mask))));
	assert_int_equal(m->key.h[0].l3, ESW_FLOW_L3_ARP);
	assert_int_equal(m->key.h[0].arp_op, RTE_BE16(1));
	assert_int_equal(m->key.h[0].spa, spa);
	assert_int_equal(m->key.h[0].tpa, tpa);
	assert_memory_equal(m->key.h[0].sha, ((uint8_t[]){ 51, 51, 51, 51, 51, 51 }), 6);
	assert_memory_equal(m->key.h[0].tha, ((uint8_t[]){ 68, 68, 68, 68, 68, 68 }), 6);
	assert_int_equal(m->mask.h[0].tpa, UINT32_MAX);
}

static void
tunnel(void **state)
{
	const uint8_t vxlan[8] = { 0x08, 0, 0, 0, 0x12, 0x34, 0x56, 0 };
	const uint8_t vxlan_mask[8] = { 0x08, 0, 0, 0, 0xff, 0xff, 0x00, 0 };
	const struct rte_flow_item_ipv4 in = { .hdr.src_addr = RTE_BE32(0x0a000009) };
	const struct esw_flow_match *m;

	(void)state;
	m = flow_match(PATTERN(ITEM(ETH), ITEM(IPV6), ITEM(UDP),
			       ITEM(VXLAN, .spec = vxlan, .mask = vxlan_mask), ITEM(ETH),
			       ITEM(VLAN), ITEM(IPV4, OF(in)), ITEM(TCP)));
	assert_int_equal(m->key.h[0].bits, ESW_FLOW_VXLAN);
	assert_int_equal(m->key.h[0].l3, 6);
	assert_int_equal(m->key.h[0].l4, IPPROTO_UDP);
	assert_memory_equal(m->key.h[0].vni, ((uint8_t[]){ 0x12, 0x34, 0x00 }), 3);
	assert_memory_equal(m->mask.h[0].vni, ((uint8_t[]){ 0xff, 0xff, 0x00 }), 3);
	assert_int_equal(m->key.h[0].vx_flags, 0x08);
	assert_int_equal(m->key.h[1].bits, ESW_FLOW_VLAN);
	assert_int_equal(m->key.h[1].l3, 4);
	assert_int_equal(m->key.h[1].src4, RTE_BE32(0x0a000009));
	assert_int_equal(m->key.h[1].l4, IPPROTO_TCP);
	assert_true(flow_pattern.level[0].vxlan);
	assert_int_equal(flow_pattern.level[1].vlans, 1);
	/* The layers between may be left out, and the default mask is the VNI. */
	m = flow_match(PATTERN(ITEM(VXLAN, .spec = vxlan)));
	assert_int_equal(m->mask.h[0].vx_flags, 0);
	assert_memory_equal(m->mask.h[0].vni, ((uint8_t[]){ 255, 255, 255 }), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(nothing_matches_all),
		FLOW_TEST(ethernet),
		FLOW_TEST(tags),
		FLOW_TEST(ipv4),
		FLOW_TEST(ipv6_and_its_fragment_header),
		FLOW_TEST(transport),
		FLOW_TEST(arp),
		FLOW_TEST(tunnel),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
