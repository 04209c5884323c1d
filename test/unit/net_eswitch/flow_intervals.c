/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Items with an end: intervals, and what fragments that come later make of those behind. */
#include "flow_rig.h"

#include <string.h>

/* What OVS sends for frag=later of a protocol: the item asks for no field. */
static void
later_fragments_have_no_l4(void **state)
{
	const struct rte_flow_item_ipv4 spec = { .hdr = { .fragment_offset = RTE_BE16(1),
							  .src_addr = RTE_BE32(0x0a000001),
							  .next_proto_id = 6 } };
	const struct rte_flow_item_ipv4 last = { .hdr.fragment_offset = RTE_BE16(0x1fff) };
	const struct rte_flow_item_ipv4 mask = { .hdr = { .fragment_offset = RTE_BE16(0x1fff),
							  .src_addr = UINT32_MAX,
							  .next_proto_id = 0xff } };
	const struct rte_flow_item_tcp zero = { .hdr.src_port = 0 };
	const struct rte_flow_item ip = ITEM(IPV4, UNDER(spec, mask), .last = &last);
	const struct esw_flow_match *m;

	(void)state;
	m = flow_match(PATTERN(ITEM(ETH), ip, ITEM(TCP, UNDER(zero, zero))));
	assert_int_equal(m->n_ranges, 1);
	assert_int_equal(m->range[0].off, offsetof(struct esw_flow_hdr, frag));
	assert_int_equal(m->range[0].len, 2);
	assert_memory_equal(m->range[0].lo, ((uint8_t[16]){ 0x00, 0x01 }), 16);
	assert_memory_equal(m->range[0].hi, ((uint8_t[16]){ 0x1f, 0xff }), 16);
	assert_memory_equal(m->range[0].mask, ((uint8_t[16]){ 0x1f, 0xff }), 16);
	assert_int_equal(m->mask.h[0].frag, 0);
	assert_int_equal(m->key.h[0].src4, RTE_BE32(0x0a000001)); /* `last` of 0 is none */
	assert_int_equal(m->mask.h[0].l4, 0);
	assert_int_equal(m->key.h[0].proto, 6);
	/* Asking for a port is another thing: there is none. */
	m = flow_match(PATTERN(ip, ITEM(TCP, UNDER(zero, rte_flow_item_tcp_mask))));
	assert_int_equal(m->key.h[0].l4, 6);
}

static void
intervals(void **state)
{
	struct rte_flow_item_ipv6 lo = { .hdr.hop_limits = 5 }, hi = { .hdr.hop_limits = 5 }, mask;
	const struct rte_flow_item_udp port_lo = { .hdr.dst_port = RTE_BE16(1000) };
	const struct rte_flow_item_udp port_hi = { .hdr.dst_port = RTE_BE16(2000) };
	const uint8_t vxlan[8] = { 0 };
	const struct esw_flow_match *m;

	(void)state;
	memset(&mask, 0, sizeof(mask));
	memset(&mask.hdr.src_addr, 0xff, 16);
	mask.hdr.hop_limits = 255;
	memset(&lo.hdr.src_addr, 0x10, 16);
	memset(&hi.hdr.src_addr, 0x20, 16);
	m = flow_match(PATTERN(ITEM(VXLAN, .spec = vxlan), ITEM(IPV6, UNDER(lo, mask), .last = &hi),
			       ITEM(UDP, OF(port_lo), .last = &port_hi)));
	assert_int_equal(m->n_ranges, 2);
	assert_int_equal(m->range[0].off,
			 sizeof(struct esw_flow_hdr) + offsetof(struct esw_flow_hdr, src6));
	assert_int_equal(m->range[0].len, 16);
	assert_memory_equal(m->range[0].lo, &lo.hdr.src_addr, 16);
	assert_memory_equal(m->range[0].hi, &hi.hdr.src_addr, 16);
	assert_int_equal(m->range[1].off,
			 sizeof(struct esw_flow_hdr) + offsetof(struct esw_flow_hdr, dport));
	assert_int_equal(m->key.h[1].ttl, 5); /* equal ends: exact */
	assert_int_equal(m->mask.h[1].dport, 0);
	assert_int_equal(m->mask.h[1].sport, 0xffff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(later_fragments_have_no_l4),
		FLOW_TEST(intervals),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
