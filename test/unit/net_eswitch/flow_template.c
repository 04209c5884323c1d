/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* What rules of templates match and do: which values are the template's, which the rule's. */
#include "flow_async_rig.h"

#include <rte_ip.h>
#include <rte_udp.h>

#define FULL6 \
	{ \
		255, 255, 255, 255, 255, 255 \
	}
#define TO_VF1 ACTIONS(ACT(COUNT), TO_PORT(flow_vf1))

static const struct rte_flow_pattern_template_attr pt_relaxed = { .transfer = 1,
								  .relaxed_matching = 1 };
static const struct rte_flow_item_eth eth_src = { .hdr.src_addr.addr_bytes = FULL6 };

/* A rule, in force; its result is pulled. */
static struct rte_flow *
in_force(struct rte_flow_template_table *t, const struct rte_flow_item *items,
	 const struct rte_flow_action *actions)
{
	struct rte_flow *flow = rule_make(&now, t, items, actions, t);

	pulled(RTE_FLOW_OP_SUCCESS, t);
	return flow;
}

static void
gone(struct rte_flow *flow)
{
	rule_destroy(&now, flow, flow);
	pulled(RTE_FLOW_OP_SUCCESS, flow);
}

/* VF 0 sends UDP from that port to VF 1: does it come there, or by the default way? */
static void
udp_arrives(uint16_t sport, unsigned int at_rep0, unsigned int at_vf1)
{
	const struct rig_kind kind = { .udp = true };
	struct rte_ether_addr from = rig_mac(flow_vf0), to = rig_mac(flow_vf1);
	struct rte_mbuf *m = rig_ip_frame(&kind, &from, &to, 20);

	*rte_pktmbuf_mtod_offset(m, rte_be16_t *, 34) = rte_cpu_to_be_16(sport);
	assert_int_equal(rte_eth_tx_burst(flow_vf0, 0, &m, 1), 1);
	assert_int_equal(rig_recv(flow_rep0, 0), at_rep0);
	assert_int_equal(rig_recv(flow_vf1, 0), at_vf1);
}

/* Values of all widths of a level, of which no other item knows. */
static void
values_are_the_rules(void **state)
{
	const struct rte_flow_item_ipv4 ip_mask = { .hdr.src_addr = UINT32_MAX,
						    .hdr.time_to_live = 0xf0,
						    .hdr.packet_id = UINT16_MAX };
	const struct rte_flow_item_udp udp_mask = { .hdr.src_port = RTE_BE16(0xfff0) };
	const struct rte_flow_item_eth eth = { .hdr.src_addr = rig_mac(flow_vf0) };
	struct rte_flow_item_ipv4 ip = { .hdr.src_addr = RTE_BE32(RTE_IPV4(10, 0, 0, 1)),
					 .hdr.time_to_live = 0x4f, /* 64 under the mask */
					 .hdr.packet_id = RTE_BE16(7),
					 .hdr.dst_addr = UINT32_MAX }; /* not looked at */
	const struct rte_flow_item_udp udp = { .hdr.src_port = RTE_BE16(0x1237) };
	struct rte_flow_item *items = PATTERN(ITEM(ETH, OF(eth)), ITEM(IPV4, OF(ip)), ITEM(VOID),
					      ITEM(UDP, OF(udp)));
	struct rte_flow_template_table *t;
	struct rte_flow *flow;

	(void)state;
	t = table_to_port(pt_make(&pt_transfer,
				  PATTERN(ITEM(ETH, .mask = &eth_src), ITEM(IPV4, .mask = &ip_mask),
					  ITEM(VOID), ITEM(UDP, .mask = &udp_mask))),
			  10);
	flow = in_force(t, items, TO_VF1);
	udp_arrives(0x1230, 0, 1);
	udp_arrives(0x1240, 1, 0);
	gone(flow);
	ip.hdr.packet_id = RTE_BE16(8);
	in_force(t, items, TO_VF1);
	udp_arrives(0x1230, 1, 0);
}

static void
addresses_of_16_octets(void **state)
{
	const struct rte_flow_item_ipv6 mask = { .hdr.dst_addr = { [0 ... 15] = 0xff } };
	struct rte_flow_item_ipv6 spec = { .hdr.dst_addr = { 0xfd, [15] = 2 } };
	const struct rig_kind kind = { .v6 = true, .udp = true };
	struct rte_ether_addr from = rig_mac(flow_vf0), to = rig_mac(flow_vf1);
	struct rte_flow_template_table *t;
	struct rte_flow *flow;
	struct rte_mbuf *m;

	(void)state;
	t = table_to_port(pt_make(&pt_transfer, PATTERN(ITEM(IPV6, .mask = &mask))), 10);
	flow = in_force(t, PATTERN(ITEM(IPV6, OF(spec))), TO_VF1);
	m = rig_ip_frame(&kind, &from, &to, 20);
	assert_int_equal(rte_eth_tx_burst(flow_vf0, 0, &m, 1), 1);
	assert_int_equal(rig_recv(flow_vf1, 0), 1);
	gone(flow);
	spec.hdr.dst_addr[8] = 1;
	in_force(t, PATTERN(ITEM(IPV6, OF(spec))), TO_VF1);
	m = rig_ip_frame(&kind, &from, &to, 20);
	assert_int_equal(rte_eth_tx_burst(flow_vf0, 0, &m, 1), 1);
	assert_int_equal(rig_recv(flow_vf1, 0), 0);
	assert_int_equal(rig_recv(flow_rep0, 0), 1);
}

/* An item without a mask: its header must be there, or with relaxed matching need not. */
static void
relaxed_and_not(void **state)
{
	const struct rte_flow_item_eth eth = { .hdr.src_addr = rig_mac(flow_vf0) };
	struct rte_flow_item *masks = PATTERN(ITEM(ETH, .mask = &eth_src), ITEM(IPV4), ITEM(UDP));
	struct rte_flow_item *items = PATTERN(ITEM(ETH, OF(eth)), ITEM(IPV4), ITEM(UDP));
	struct rte_flow *flow;

	(void)state;
	flow = in_force(table_to_port(pt_make(&pt_transfer, masks), 10), items, TO_VF1);
	udp_arrives(1, 0, 1);
	flow_arrives(1, 0, 0); /* no IP */
	gone(flow);
	in_force(table_to_port(pt_make(&pt_relaxed, masks), 10), items, TO_VF1);
	udp_arrives(1, 0, 1);
	flow_arrives(0, 1, 0);
}

/* With relaxed matching, edits take the application's word for a header. */
static void
relaxed_edit(void **state)
{
	const struct rte_flow_action_set_ipv4 src = { .ipv4_addr = RTE_BE32(0x01020304) };
	struct rte_flow_action *actions = ACTIONS(ACT(SET_IPV4_SRC, .conf = &src),
						  TO_PORT(flow_vf1));
	struct rte_flow_item *items = PATTERN(ITEM(ETH), ITEM(IPV4));
	const struct rig_kind kind = { .udp = true };
	struct rte_ether_addr from = rig_mac(flow_vf0), to = rig_mac(flow_vf1);
	struct rte_mbuf *m = rig_ip_frame(&kind, &from, &to, 20);

	(void)state;
	in_force(table_make(pt_make(&pt_relaxed, items),
			    at_make(actions, ACTIONS(ACT(SET_IPV4_SRC), ACT(PORT_ID))), 10),
		 items, actions);
	assert_int_equal(rte_eth_tx_burst(flow_vf0, 0, &m, 1), 1);
	assert_int_equal(rte_eth_rx_burst(flow_vf1, 0, &m, 1), 1);
	assert_int_equal(rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, 14)->src_addr,
			 src.ipv4_addr);
	rte_pktmbuf_free(m);
	flow_arrives(0, 1, 0);
}

/* An item with an interval is the template's, and the template's own copy. */
static void
intervals_are_the_templates(void **state)
{
	struct rte_flow_item_udp first = { .hdr.src_port = RTE_BE16(100) };
	struct rte_flow_item_udp last = { .hdr.src_port = RTE_BE16(200) };
	struct rte_flow_item_udp mask = { .hdr.src_port = UINT16_MAX };
	struct rte_flow_pattern_template *pt;

	(void)state;
	pt = pt_make(&pt_transfer, PATTERN(ITEM(UDP, UNDER(first, mask), .last = &last)));
	memset(&first, 0xee, sizeof(first));
	memset(&last, 0xee, sizeof(last));
	memset(&mask, 0xee, sizeof(mask));
	in_force(table_to_port(pt, 10), PATTERN(ITEM(UDP)), TO_VF1);
	udp_arrives(99, 1, 0);
	udp_arrives(100, 0, 1);
	udp_arrives(200, 0, 1);
	udp_arrives(201, 1, 0);
}

/* Values that decide what else is looked at: a rule says whether there is a tag. */
static void
rules_that_decide(void **state)
{
	const struct rte_flow_item_eth mask = { .has_vlan = 1 };
	struct rte_flow_item_eth spec = { .has_vlan = 1 };
	struct rte_flow_template_table *t;
	struct rte_flow *flow;

	(void)state;
	t = table_to_port(pt_make(&pt_transfer, PATTERN(ITEM(ETH, .mask = &mask))), 1);
	flow = in_force(t, PATTERN(ITEM(ETH, OF(spec))), TO_VF1);
	flow_arrives(1, 0, 0);
	gone(flow);
	spec.has_vlan = 0;
	flow = in_force(t, PATTERN(ITEM(ETH, OF(spec))), TO_VF1);
	flow_arrives(0, 1, 0);
	gone(flow);
	rule_make(&later, t, PATTERN(ITEM(ETH, OF(spec))), TO_VF1, NULL);
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, PATTERN(ITEM(ETH)), 0, TO_VF1, 0,
					  NULL, NULL));
	assert_int_equal(rte_errno, ENOSPC); /* such rules count, too */
}

/* Each rule has its own sender; one is a port that this one's rules may be about. */
static void
sender_of_each_rule(void **state)
{
	const struct rte_flow_item_ethdev rep0 = { .port_id = flow_rep0 };
	const struct rte_flow_item_ethdev pf = { .port_id = flow_pf };
	struct rte_ether_addr from = rig_mac(flow_pf), to = rig_mac(flow_vf1);
	const struct rte_flow_item_ethdev bad = { .port_id = flow_other };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_template_table *t, *r;
	struct rte_flow_item *items;

	(void)state;
	t = table_to_port(pt_make(&pt_transfer, PATTERN(ITEM(PORT_REPRESENTOR), ITEM(ETH))), 10);
	r = table_to_port(pt_make(&pt_transfer, PATTERN(ITEM(ETH), ITEM(REPRESENTED_PORT))), 10);
	in_force(t, PATTERN(ITEM(PORT_REPRESENTOR, OF(pf)), ITEM(ETH)), TO_VF1);
	flow_arrives(1, 0, 0);
	rig_send(flow_pf, &from, &to);
	assert_int_equal(rig_recv(flow_vf1, 0), 1);
	in_force(r, PATTERN(ITEM(ETH), ITEM(REPRESENTED_PORT, OF(rep0))), TO_VF1);
	flow_arrives(0, 1, 0);
	items = PATTERN(ITEM(ETH), ITEM(REPRESENTED_PORT, OF(bad)));
	assert_null(
		rte_flow_async_create(flow_rep0, 0, &now, r, items, 0, TO_VF1, 0, NULL, &error));
	flow_refused(-rte_errno, &error, EXDEV, RTE_FLOW_ERROR_TYPE_ITEM, &items[1],
		     "not one of this e-switch");
	items = PATTERN(ITEM(ETH), ITEM(REPRESENTED_PORT));
	assert_null(
		rte_flow_async_create(flow_rep0, 0, &now, r, items, 0, TO_VF1, 0, NULL, &error));
	flow_refused(-rte_errno, &error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM, &items[1],
		     "the item names none");
}

/* What the template's mask covers is constant: a rule's configuration is not even looked at. */
static void
constant_actions(void **state)
{
	struct rte_flow_action_set_mac dst = { .mac_addr = { 2, 0, 0, 0, 0, 7 } };
	const struct rte_flow_action_set_mac full = { .mac_addr = FULL6 };
	const struct rte_flow_action_set_mac src = { .mac_addr = { 2, 0, 0, 0, 0, 9 } };
	const struct rte_flow_action_ethdev pf = { .port_id = flow_pf };
	struct rte_flow_actions_template *at;
	const struct rte_flow_action_ethdev all = { .port_id = UINT16_MAX };
	struct rte_mbuf *m;

	(void)state;
	at = at_make(ACTIONS(ACT(SET_MAC_DST, .conf = &dst), ACT(SET_MAC_SRC),
			     ACT(PORT_REPRESENTOR, .conf = &pf)),
		     ACTIONS(ACT(SET_MAC_DST, .conf = &full), ACT(SET_MAC_SRC),
			     ACT(PORT_REPRESENTOR, .conf = &all)));
	dst.mac_addr[5] = 8; /* the template has its own copy */
	in_force(table_make(pt_make(&pt_transfer, PATTERN(ITEM(ETH))), at, 10), PATTERN(ITEM(ETH)),
		 ACTIONS(ACT(SET_MAC_DST, .conf = &dst), ACT(SET_MAC_SRC, .conf = &src),
			 ACT(PORT_REPRESENTOR)));
	flow_send();
	assert_int_equal(rte_eth_rx_burst(flow_pf, 0, &m, 1), 1);
	assert_memory_equal(rte_pktmbuf_mtod(m, uint8_t *),
			    ((uint8_t[]){ 2, 0, 0, 0, 0, 7, 2, 0, 0, 0, 0, 9 }), 12);
	rte_pktmbuf_free(m);
}

/* Some fields of a configuration are the template's, some the rule's. */
static void
constant_fields(void **state)
{
	static int tag;
	const struct rte_flow_action_age ours = { .timeout = 5 }, mask = { .timeout = 0xffffff };
	const struct rte_flow_action_age theirs = { .timeout = 1, .context = &tag };
	struct rte_flow_actions_template *at;
	void *context = NULL;

	(void)state;
	at = at_make(ACTIONS(ACT(AGE, .conf = &ours), TO_PORT(flow_vf1)),
		     ACTIONS(ACT(AGE, .conf = &mask), ACT(PORT_ID)));
	in_force(table_make(pt_make(&pt_transfer, PATTERN(ITEM(ETH))), at, 10), PATTERN(ITEM(ETH)),
		 ACTIONS(ACT(AGE, .conf = &theirs), TO_PORT(flow_vf1)));
	for (unsigned int i = 0; i < 15; i++) { /* the rule's own timeout is over */
		assert_int_equal(rte_flow_get_aged_flows(flow_rep0, &context, 1, NULL), 0);
		rig_tick();
	}
	for (unsigned int i = 0; i < 20 && context == NULL; i++) {
		rte_flow_get_aged_flows(flow_rep0, &context, 1, NULL);
		rig_tick();
	}
	assert_ptr_equal(context, &tag);
}

/* Octets that come with each rule, and octets of the template's. */
static void
encapsulations(void **state)
{
	uint8_t octets[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb6 };
	struct rte_flow_action_raw_encap conf = { .data = octets, .size = sizeof(octets) };
	const struct rte_flow_action_ethdev pf = { .port_id = flow_pf };
	struct rte_flow_action *rule = ACTIONS(ACT(RAW_ENCAP, .conf = &conf),
					       ACT(PORT_REPRESENTOR, .conf = &pf));
	struct rte_flow_pattern_template *pt = pt_make(&pt_transfer, PATTERN(ITEM(ETH)));
	struct rte_flow_actions_template *at[2];
	struct rte_flow *flow;
	struct rte_mbuf *m;

	(void)state;
	at[0] = at_make(rule, rule);
	at[1] = at_make(rule, ACTIONS(ACT(RAW_ENCAP), ACT(PORT_REPRESENTOR)));
	octets[5] = 5; /* comes with the rule, or not */
	for (unsigned int i = 0; i < 2; i++) {
		flow = in_force(table_make(pt, at[i], 10), PATTERN(ITEM(ETH)), rule);
		flow_send();
		assert_int_equal(rte_eth_rx_burst(flow_pf, 0, &m, 1), 1);
		assert_int_equal(m->pkt_len, RIG_LEN + sizeof(octets));
		assert_int_equal(rte_pktmbuf_mtod(m, uint8_t *)[5], i == 0 ? 1 : 5);
		rte_pktmbuf_free(m);
		gone(flow);
	}
}

/* Two pattern and two actions templates: each rule takes its pair; ingress tables, too. */
static void
pairs(void **state)
{
	const struct rte_flow_pattern_template_attr pt_attr = { .ingress = 1 };
	const struct rte_flow_actions_template_attr at_attr = { .ingress = 1 };
	const struct rte_flow_template_table_attr attr = { .flow_attr.ingress = 1, .nb_flows = 4 };
	const struct rte_flow_action_queue q = { .index = 2 };
	struct rte_flow_action *queue = ACTIONS(ACT(QUEUE, .conf = &q));
	struct rte_ether_addr from = rig_mac(flow_pf), to = rig_mac(flow_vf0);
	struct rte_flow_pattern_template *pt[2];
	struct rte_flow_actions_template *at[2];
	struct rte_flow_template_table *t;
	struct rte_flow_op_result res[2];

	(void)state;
	async_configure(flow_vf0);
	pt[0] = rte_flow_pattern_template_create(flow_vf0, &pt_attr, PATTERN(ITEM(IPV4)), NULL);
	pt[1] = rte_flow_pattern_template_create(flow_vf0, &pt_attr, PATTERN(ITEM(ETH)), NULL);
	at[0] = rte_flow_actions_template_create(flow_vf0, &at_attr, ACTIONS(ACT(DROP)),
						 ACTIONS(ACT(DROP)), NULL);
	at[1] = rte_flow_actions_template_create(flow_vf0, &at_attr, ACTIONS(ACT(QUEUE)),
						 ACTIONS(ACT(QUEUE)), NULL);
	t = rte_flow_template_table_create(flow_vf0, &attr, pt, 2, at, 2, NULL);
	assert_non_null(t);
	assert_non_null(rte_flow_async_create(flow_vf0, 1, &now, t, PATTERN(ITEM(IPV4)), 0,
					      ACTIONS(ACT(DROP)), 0, NULL, NULL));
	assert_non_null(rte_flow_async_create(flow_vf0, 1, &now, t, PATTERN(ITEM(ETH)), 1, queue, 1,
					      NULL, NULL));
	assert_int_equal(rte_flow_pull(flow_vf0, 1, res, 2, NULL), 2);
	assert_int_equal(res[0].status | res[1].status, RTE_FLOW_OP_SUCCESS);
	rig_send(flow_rep0, &from, &to);
	assert_int_equal(rig_recv(flow_vf0, 2), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TEST(values_are_the_rules),
		ASYNC_TEST(addresses_of_16_octets),
		ASYNC_TEST(relaxed_and_not),
		ASYNC_TEST(relaxed_edit),
		ASYNC_TEST(intervals_are_the_templates),
		ASYNC_TEST(rules_that_decide),
		ASYNC_TEST(sender_of_each_rule),
		ASYNC_TEST(constant_actions),
		ASYNC_TEST(constant_fields),
		ASYNC_TEST(encapsulations),
		ASYNC_TEST(pairs),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
