/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Flow rules through rte_flow, with frames: what they do to them. flow_life.c: how they live. */
#include "flow_traffic.h"

#include <string.h>

#include <rte_errno.h>
#include <rte_ip.h>
#include <rte_udp.h>

static void
output_and_count(void **state)
{
	const struct rte_flow_action_ethdev pf = { .port_id = flow_pf };
	struct rte_flow *flow;

	(void)state;
	flow_arrives(1, 0, 0);
	flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(COUNT), TO_PORT(flow_rep1)));
	flow_arrives(0, 1, 0);
	flow_arrives(0, 1, 0);
	assert_int_equal(flow_count(flow_rep0, flow, false).hits, 2);
	assert_int_equal(flow_count(flow_rep0, flow, true).bytes, 2 * RIG_LEN);
	assert_int_equal(flow_count(flow_rep0, flow, false).hits, 0);
	assert_int_equal(rte_flow_destroy(flow_rep0, flow, NULL), 0);
	flow_arrives(1, 0, 0);
	flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
		  ACTIONS(TO_PORT(flow_vf1), ACT(PORT_REPRESENTOR, .conf = &pf)));
	flow_arrives(0, 1, 1);
	assert_int_equal(rte_flow_flush(flow_rep0, NULL), 0);
	flow_arrives(1, 0, 0);
}

static void
drop_jump_and_priorities(void **state)
{
	const struct rte_flow_attr worse = { .transfer = 1, .priority = 10 };
	const struct rte_flow_attr group5 = { .transfer = 1, .group = 5 };
	const struct rte_flow_action_jump jump = { .group = 5 };
	struct rte_flow *drop, *jumps;

	(void)state;
	flow_make(flow_rep0, &worse, PATTERN(ITEM(ETH)), ACTIONS(TO_PORT(flow_vf1)));
	drop = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(DROP), ACT(COUNT)));
	flow_arrives(0, 0, 0);
	assert_int_equal(flow_count(flow_rep0, drop, false).hits, 1);
	assert_int_equal(rte_flow_destroy(flow_rep0, drop, NULL), 0);
	flow_arrives(0, 1, 0);
	jumps = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			  ACTIONS(ACT(JUMP, .conf = &jump), ACT(COUNT)));
	flow_arrives(1, 0, 0); /* nothing in group 5: as if there were no rule */
	flow_make(flow_rep0, &group5, PATTERN(ITEM(ETH)), ACTIONS(ACT(DROP)));
	flow_arrives(0, 0, 0);
	assert_int_equal(flow_count(flow_rep0, jumps, false).hits, 2);
}

/* A rule made on the PF's port about what VF 0 sends; and one about the PF's own application. */
static void
sender_by_item(void **state)
{
	const struct rte_flow_item_ethdev rep0 = { .port_id = flow_rep0 };
	const struct rte_flow_item_ethdev pf = { .port_id = flow_pf };
	struct rte_ether_addr from = rig_mac(flow_pf), to = rig_mac(flow_vf1);

	(void)state;
	flow_make(flow_pf, &flow_transfer, PATTERN(ITEM(REPRESENTED_PORT, OF(rep0)), ITEM(ETH)),
		  ACTIONS(TO_PORT(flow_vf1)));
	flow_arrives(0, 1, 0);
	flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(PORT_REPRESENTOR, OF(pf))),
		  ACTIONS(TO_PORT(flow_rep1)));
	rig_send(flow_pf, &from, &to);
	assert_int_equal(rig_recv(flow_vf1, 0), 1);
	/* Each rule is its maker's. */
	assert_int_equal(rte_flow_flush(flow_pf, NULL), 0);
	flow_arrives(1, 0, 0);
	rig_send(flow_pf, &from, &to);
	assert_int_equal(rig_recv(flow_vf1, 0), 1);
}

static struct rte_mbuf *
recv_one(uint16_t port, uint16_t q)
{
	struct rte_mbuf *m = NULL;

	assert_int_equal(rte_eth_rx_burst(port, q, &m, 1), 1);
	return m;
}

static void
tag_is_pushed(void **state)
{
	const struct rte_flow_action_of_push_vlan push = { .ethertype = RTE_BE16(0x8100) };
	const struct rte_flow_action_of_set_vlan_pcp pcp = { .vlan_pcp = 5 };
	const struct rte_flow_action_of_set_vlan_vid vid = { .vlan_vid = RTE_BE16(100) };
	const struct rte_flow_action_ethdev pf = { .port_id = flow_pf };
	struct rte_mbuf *m;

	(void)state;
	flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
		  ACTIONS(ACT(OF_PUSH_VLAN, .conf = &push), ACT(OF_SET_VLAN_PCP, .conf = &pcp),
			  ACT(OF_SET_VLAN_VID, .conf = &vid), ACT(PORT_REPRESENTOR, .conf = &pf)));
	flow_send();
	m = recv_one(flow_pf, 0);
	assert_int_equal(m->pkt_len, RIG_LEN + 4);
	assert_memory_equal(rte_pktmbuf_mtod_offset(m, uint8_t *, 12),
			    ((uint8_t[]){ 0x81, 0x00, 0xa0, 0x64, 0x88, 0xb5 }), 6);
	rte_pktmbuf_free(m);
}

static void
send_udp(uint16_t port, const struct rte_ether_addr *from, const struct rte_ether_addr *to)
{
	const struct rig_kind kind = { .udp = true };
	struct rte_mbuf *m = rig_ip_frame(&kind, from, to, 100);

	assert_int_equal(rte_eth_tx_burst(port, 0, &m, 1), 1);
}

/* There and back: what VF 0 sends is in a tunnel at the PF, which sends it on. */
static void
tunnel(void **state)
{
	const struct rte_flow_item_eth eth = { .hdr.ether_type = 0 };
	const struct rte_flow_item_ipv4 ip = { .hdr.dst_addr = RTE_BE32(0x01020304) };
	const struct rte_flow_item_udp udp = { .hdr.dst_port = 0 };
	const uint8_t vxlan[8] = { 0, 0, 0, 0, 0, 0, 77, 0 };
	struct rte_flow_item items[] = { ITEM(ETH, OF(eth)), ITEM(IPV4, OF(ip)), ITEM(UDP, OF(udp)),
					 ITEM(VXLAN, .spec = vxlan), ITEM(END) };
	const struct rte_flow_action_vxlan_encap conf = { .definition = items };
	const struct rte_flow_item_ethdev pf = { .port_id = flow_pf };
	struct rte_ether_addr from = rig_mac(flow_vf0), to = rig_mac(flow_vf1);
	const struct rte_ipv4_hdr *outer;
	struct rte_mbuf *m;

	(void)state;
	flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH), ITEM(IPV4)),
		  ACTIONS(ACT(VXLAN_ENCAP, .conf = &conf), ACT(PORT_REPRESENTOR, .conf = &pf)));
	flow_make(flow_pf, &flow_transfer,
		  PATTERN(ITEM(PORT_REPRESENTOR, OF(pf)), ITEM(ETH), ITEM(IPV4), ITEM(UDP),
			  ITEM(VXLAN, .spec = vxlan)),
		  ACTIONS(ACT(VXLAN_DECAP), TO_PORT(flow_rep1)));
	send_udp(flow_vf0, &from, &to);
	m = recv_one(flow_pf, 0);
	assert_int_equal(m->pkt_len, 50 + 14 + 20 + 8 + 100);
	outer = rte_pktmbuf_mtod_offset(m, const struct rte_ipv4_hdr *, 14);
	assert_int_equal(outer->total_length, rte_cpu_to_be_16(m->pkt_len - 14));
	assert_int_equal(rte_ipv4_cksum(outer), 0); /* of a header with its right checksum */
	assert_int_equal(outer->time_to_live, 64);
	assert_true(rte_be_to_cpu_16(*rte_pktmbuf_mtod_offset(m, rte_be16_t *, 34)) >= 49152);
	assert_int_equal(rte_eth_tx_burst(flow_pf, 0, &m, 1), 1);
	m = recv_one(flow_vf1, 0);
	assert_int_equal(m->pkt_len, 14 + 20 + 8 + 100);
	assert_memory_equal(rte_pktmbuf_mtod(m, uint8_t *), &to, 6);
	rte_pktmbuf_free(m);
}

static void
queue_mark_and_flag(void **state)
{
	const struct rte_flow_action_queue queue = { .index = 2 };
	const struct rte_flow_action_mark mark = { .id = 0xabcd1234 };
	struct rte_ether_addr to = rig_mac(flow_vf0), from = rig_mac(flow_vf1);
	struct rte_flow *flow;
	struct rte_mbuf *m;

	(void)state;
	flow = flow_make(flow_vf0, &flow_ingress, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(QUEUE, .conf = &queue), ACT(MARK, .conf = &mark), ACT(COUNT)));
	rig_send(flow_rep0, &from, &to);
	m = recv_one(flow_vf0, 2);
	assert_true((m->ol_flags & RTE_MBUF_F_RX_FDIR_ID) != 0);
	assert_true((m->ol_flags & RTE_MBUF_F_RX_FDIR) != 0);
	assert_int_equal(m->hash.fdir.hi, 0xabcd1234);
	rte_pktmbuf_free(m);
	assert_int_equal(flow_count(flow_vf0, flow, false).hits, 1);
	assert_int_equal(rte_flow_destroy(flow_vf0, flow, NULL), 0);
	flow_make(flow_vf0, &flow_ingress, PATTERN(ITEM(ETH)),
		  ACTIONS(ACT(FLAG), ACT(QUEUE, .conf = &queue)));
	rig_send(flow_rep0, &from, &to);
	m = recv_one(flow_vf0, 2);
	assert_int_equal(m->ol_flags & (RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID),
			 RTE_MBUF_F_RX_FDIR);
	rte_pktmbuf_free(m);
}

/* By the source port, over two of four queues, and over no other. */
static void
rss(void **state)
{
	const uint16_t list[] = { 1, 3 };
	const struct rte_flow_action_rss conf = { .types = RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP,
						  .queue = list,
						  .queue_num = 2 };
	const struct rig_kind kind = { .udp = true };
	struct rte_ether_addr to = rig_mac(flow_vf0), from = rig_mac(flow_vf1);
	unsigned int i, at[FLOW_QUEUES] = { 0 };
	struct rte_mbuf *m;

	(void)state;
	flow_make(flow_vf0, &flow_ingress, PATTERN(ITEM(ETH), ITEM(IPV4), ITEM(UDP)),
		  ACTIONS(ACT(RSS, .conf = &conf)));
	for (i = 0; i < 64; i++) {
		m = rig_ip_frame(&kind, &from, &to, 10);
		*rte_pktmbuf_mtod_offset(m, rte_be16_t *, 34) = rte_cpu_to_be_16(1000 + i);
		assert_int_equal(rte_eth_tx_burst(flow_rep0, 0, &m, 1), 1);
	}
	for (i = 0; i < FLOW_QUEUES; i++)
		for (unsigned int n = 1; n != 0; at[i] += n)
			n = rig_recv(flow_vf0, i);
	assert_int_equal(at[0] + at[2], 0);
	assert_int_equal(at[1] + at[3], 64);
	assert_true(at[1] > 8 && at[3] > 8);
}

static void
isolated(void **state)
{
	const struct rte_flow_item_eth from_vf1 = { .hdr.src_addr = rig_mac(flow_vf1) };
	const struct rte_flow_action_queue queue = { .index = 1 };
	struct rte_ether_addr to = rig_mac(flow_vf0), from = rig_mac(flow_vf1),
			      pf = rig_mac(flow_pf);
	const struct rte_flow_item_eth mask = {
		.hdr.src_addr.addr_bytes = { 255, 255, 255, 255, 255, 255 },
	};

	(void)state;
	assert_int_equal(rte_flow_isolate(flow_vf0, 1, NULL), 0);
	rig_send(flow_rep0, &from, &to);
	assert_int_equal(rig_recv(flow_vf0, 0), 0);
	flow_make(flow_vf0, &flow_ingress, PATTERN(ITEM(ETH, UNDER(from_vf1, mask))),
		  ACTIONS(ACT(QUEUE, .conf = &queue)));
	rig_send(flow_rep0, &from, &to);
	rig_send(flow_rep0, &pf, &to);
	assert_int_equal(rig_recv(flow_vf0, 1), 1);
	assert_int_equal(rig_recv(flow_vf0, 0), 0);
	assert_int_equal(rte_flow_isolate(flow_vf0, 0, NULL), 0);
	rig_send(flow_rep0, &pf, &to);
	assert_int_equal(rig_recv(flow_vf0, 0), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST_UP(output_and_count),
		FLOW_TEST_UP(drop_jump_and_priorities),
		FLOW_TEST_UP(sender_by_item),
		FLOW_TEST_UP(tag_is_pushed),
		FLOW_TEST_UP(tunnel),
		FLOW_TEST_UP(queue_mark_and_flag),
		FLOW_TEST_UP(rss),
		FLOW_TEST_UP(isolated),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
