/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Actions of rte_flow: what the e-switch is told. */
#include "flow_rig.h"

#include <string.h>

#include <rte_errno.h>
#include <rte_vxlan.h>

static struct esn_flow_rule rule;

/* The rule of a port; must be good. @return its actions */
static const struct esw_flow_act *
acts(uint16_t on, const struct rte_flow_attr *attr, const struct rte_flow_item *items,
     const struct rte_flow_action *actions)
{
	const struct esn_flow_port port = flow_port(on);
	struct rte_flow_error error = { .message = NULL };
	struct esw_err err = { .msg = "" };

	memset(&rule, 0xa5, sizeof(rule));
	if (esn_flow_rule_get(&port, attr, items, actions, &rule, &error) != 0)
		fail_msg("refused: %s", error.message);
	/* The engine must agree; meters and shared objects are not looked at. */
	if (esw_flow_check(port.sw, &rule.spec, &err) != 0)
		fail_msg("the engine refuses: %s", err.msg);
	assert_int_equal(rule.spec.n_acts, rule.actions.n);
	return rule.spec.act;
}

static const struct esw_flow_act *
transfer(const struct rte_flow_item *items, const struct rte_flow_action *actions)
{
	return acts(flow_rep0, &flow_transfer, items, actions);
}

static void
ports(void **state)
{
	const struct rte_flow_action_ethdev rep1 = { .port_id = flow_rep1 };
	const struct rte_flow_action_ethdev pf = { .port_id = flow_pf };
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(ETH)), ACTIONS(TO_PORT(flow_pf), TO_PORT(flow_rep1),
						 ACT(REPRESENTED_PORT, .conf = &rep1),
						 ACT(PORT_REPRESENTOR, .conf = &rep1), ACT(VOID),
						 ACT(PORT_REPRESENTOR, .conf = &pf)));
	assert_int_equal(rule.spec.ep, ESW_EP_VF0);
	assert_int_equal(rule.spec.n_acts, 5);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(a[i].op, ESW_FLOW_PORT);
	assert_int_equal(a[0].ep, ESW_EP_WIRE);
	assert_int_equal(a[1].ep, ESW_EP_VF0 + 1);
	assert_int_equal(a[2].ep, ESW_EP_VF0 + 1);
	assert_int_equal(a[3].ep, ESW_EP_VF0 + 3 + 1);
	assert_int_equal(a[4].ep, ESW_EP_PF);
	/* A VF's own port means that VF. */
	a = acts(flow_pf, &flow_transfer, PATTERN(ITEM(ETH)), ACTIONS(TO_PORT(flow_vf0)));
	assert_int_equal(a[0].ep, ESW_EP_VF0);
	assert_int_equal(rule.spec.ep, ESW_EP_WIRE);
}

static void
a_port_item_names_the_sender(void **state)
{
	const struct rte_flow_item_ethdev pf = { .port_id = flow_pf };
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(PORT_REPRESENTOR, OF(pf)), ITEM(ETH)),
		     ACTIONS(TO_PORT(flow_rep0)));
	assert_int_equal(rule.spec.ep, ESW_EP_PF);
	assert_int_equal(rule.spec.owner, ESW_EP_VF0 + 3);
	assert_int_equal(a[0].ep, ESW_EP_VF0);
}

/* What takes note behind the action that ends the list goes before it. */
static void
notes(void **state)
{
	const struct rte_flow_action_mark mark = { .id = UINT32_MAX };
	const struct rte_flow_action_age age = { .timeout = 0xffffff, .context = &rule };
	const struct rte_flow_action_jump jump = { .group = 7 };
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(ETH)), ACTIONS(ACT(DROP), ACT(COUNT), ACT(AGE, .conf = &age),
						 ACT(MARK, .conf = &mark), ACT(FLAG)));
	assert_int_equal(rule.spec.n_acts, 5);
	assert_int_equal(a[0].op, ESW_FLOW_COUNT);
	assert_null(a[0].counter);
	assert_int_equal(a[1].op, ESW_FLOW_AGE);
	assert_null(a[1].age);
	assert_int_equal(a[1].timeout, 0xffffff);
	assert_ptr_equal(a[1].context, &rule);
	assert_int_equal(a[2].op, ESW_FLOW_MARK);
	assert_int_equal(a[2].mark, UINT32_MAX);
	assert_int_equal(a[3].op, ESW_FLOW_FLAG);
	assert_int_equal(a[4].op, ESW_FLOW_DROP);
	assert_true(rule.actions.ages);
	a = transfer(PATTERN(ITEM(ETH)), ACTIONS(ACT(COUNT), ACT(JUMP, .conf = &jump)));
	assert_int_equal(a[1].op, ESW_FLOW_JUMP);
	assert_int_equal(a[1].group, 7);
	assert_false(rule.actions.ages);
	a = acts(flow_vf0, &flow_ingress, PATTERN(ITEM(ETH)), ACTIONS(ACT(PASSTHRU), ACT(COUNT)));
	assert_int_equal(a[1].op, ESW_FLOW_PASSTHRU);
}

static void
queues(void **state)
{
	const uint16_t list[] = { 3, 0 };
	const struct rte_flow_action_queue queue = { .index = 3 };
	uint8_t key[40];
	const struct rte_flow_action_rss all = { .types = 0 };
	const struct rte_flow_action_rss some = { .types = RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP |
							   RTE_ETH_RSS_UDP,
						  .level = 1,
						  .key = key,
						  .key_len = 40,
						  .func = RTE_ETH_HASH_FUNCTION_TOEPLITZ,
						  .queue = list,
						  .queue_num = 2 };
	const struct esw_flow_act *a;

	(void)state;
	memset(key, 0x77, sizeof(key));
	rig_up(flow_rep0, 4);
	a = acts(flow_rep0, &flow_ingress, PATTERN(ITEM(ETH)), ACTIONS(ACT(QUEUE, .conf = &queue)));
	assert_int_equal(a[0].op, ESW_FLOW_QUEUE);
	assert_int_equal(a[0].queue, 3);
	assert_int_equal(rule.spec.side, ESW_FLOW_LOCAL);
	assert_int_equal(rule.spec.ep, ESW_EP_VF0 + 3);
	a = acts(flow_rep0, &flow_ingress, PATTERN(ITEM(ETH)), ACTIONS(ACT(RSS, .conf = &all)));
	assert_int_equal(a[0].op, ESW_FLOW_RSS);
	assert_int_equal(a[0].rss->n_queues, 4);
	assert_int_equal(a[0].rss->queue[3], 3);
	assert_int_equal(a[0].rss->types, 0);
	assert_false(a[0].rss->key_set);
	a = acts(flow_rep0, &flow_ingress, PATTERN(ITEM(ETH)), ACTIONS(ACT(RSS, .conf = &some)));
	assert_int_equal(a[0].rss->n_queues, 2);
	assert_int_equal(a[0].rss->queue[0], 3);
	assert_int_equal(a[0].rss->types, ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_TCP | ESW_RSS_UDP);
	assert_true(a[0].rss->key_set);
	assert_memory_equal(a[0].rss->key, key, 40);
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
}

static void
edits(void **state)
{
	const struct rte_flow_action_set_mac mac = { .mac_addr = { 2, 1, 1, 1, 1, 1 } };
	const struct rte_flow_action_set_ipv4 ip4 = { .ipv4_addr = RTE_BE32(0x0a010203) };
	const struct rte_flow_action_set_tp tp = { .port = RTE_BE16(99) };
	const struct rte_flow_action_set_ttl ttl = { .ttl_value = 33 };
	const struct rte_flow_action_set_dscp dscp = { .dscp = 63 };
	const enum esw_flow_op order[] = { ESW_FLOW_SET_SRC,     ESW_FLOW_SET_DST,
					   ESW_FLOW_MAC_SWAP,    ESW_FLOW_SET_IP4_SRC,
					   ESW_FLOW_SET_IP4_DST, ESW_FLOW_SET_SPORT,
					   ESW_FLOW_SET_DPORT,   ESW_FLOW_SET_TTL,
					   ESW_FLOW_DEC_TTL,     ESW_FLOW_SET_DSCP };
	struct rte_flow_action_set_ipv6 ip6;
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(ETH), ITEM(IPV4), ITEM(UDP)),
		     ACTIONS(ACT(SET_MAC_SRC, .conf = &mac), ACT(SET_MAC_DST, .conf = &mac),
			     ACT(MAC_SWAP), ACT(SET_IPV4_SRC, .conf = &ip4),
			     ACT(SET_IPV4_DST, .conf = &ip4), ACT(SET_TP_SRC, .conf = &tp),
			     ACT(SET_TP_DST, .conf = &tp), ACT(SET_TTL, .conf = &ttl), ACT(DEC_TTL),
			     ACT(SET_IPV4_DSCP, .conf = &dscp), TO_PORT(flow_pf)));
	for (unsigned int i = 0; i < RTE_DIM(order); i++)
		assert_int_equal(a[i].op, order[i]);
	assert_memory_equal(a[0].mac, mac.mac_addr, 6);
	assert_memory_equal(a[1].mac, mac.mac_addr, 6);
	assert_int_equal(a[3].ip4, RTE_BE32(0x0a010203));
	assert_int_equal(a[5].port, RTE_BE16(99));
	assert_int_equal(a[7].u8, 33);
	assert_int_equal(a[9].u8, 63);
	memset(&ip6.ipv6_addr, 0x5c, 16);
	a = transfer(PATTERN(ITEM(IPV6)),
		     ACTIONS(ACT(SET_IPV6_SRC, .conf = &ip6), ACT(SET_IPV6_DST, .conf = &ip6),
			     ACT(SET_IPV6_DSCP, .conf = &dscp), ACT(DEC_TTL), TO_PORT(flow_pf)));
	assert_int_equal(a[0].op, ESW_FLOW_SET_IP6_SRC);
	assert_int_equal(a[1].op, ESW_FLOW_SET_IP6_DST);
	assert_memory_equal(a[1].ip6, &ip6.ipv6_addr, 16);
	assert_int_equal(a[2].op, ESW_FLOW_SET_DSCP);
}

/* As OVS sends it: pop and push with a VLAN item, priority before ID. */
static void
tags(void **state)
{
	const struct rte_flow_action_of_push_vlan push = { .ethertype = RTE_BE16(0x8100) };
	const struct rte_flow_action_of_push_vlan outer = { .ethertype = RTE_BE16(0x88a8) };
	const struct rte_flow_action_of_set_vlan_pcp pcp = { .vlan_pcp = 7 };
	const struct rte_flow_action_of_set_vlan_vid vid = { .vlan_vid = RTE_BE16(4095) };
	const struct rte_flow_item_eth eth = { .has_vlan = 1 };
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(ETH), ITEM(VLAN)),
		     ACTIONS(ACT(COUNT), ACT(OF_POP_VLAN), ACT(OF_PUSH_VLAN, .conf = &push),
			     ACT(OF_SET_VLAN_PCP, .conf = &pcp), ACT(OF_SET_VLAN_VID, .conf = &vid),
			     ACT(OF_PUSH_VLAN, .conf = &outer), TO_PORT(flow_pf)));
	assert_int_equal(a[1].op, ESW_FLOW_POP_VLAN);
	assert_int_equal(a[2].op, ESW_FLOW_PUSH_VLAN);
	assert_int_equal(a[2].tpid, 0x8100);
	assert_int_equal(a[3].op, ESW_FLOW_SET_PCP);
	assert_int_equal(a[3].pcp, 7);
	assert_int_equal(a[4].op, ESW_FLOW_SET_VID);
	assert_int_equal(a[4].vid, 4095);
	assert_int_equal(a[5].tpid, 0x88a8);
	/* has_vlan says that there is one, too. */
	transfer(PATTERN(ITEM(ETH, UNDER(eth, eth))), ACTIONS(ACT(OF_POP_VLAN), TO_PORT(flow_pf)));
}

/* Edits of a sample are undone, so that the header it pops is there again. */
static void
samples(void **state)
{
	const struct rte_flow_action *list = ACTIONS(ACT(OF_POP_VLAN), ACT(VOID), ACT(COUNT),
						     TO_PORT(flow_rep1));
	const struct rte_flow_action_sample sample = { .ratio = 1000, .actions = list };
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(VLAN)),
		     ACTIONS(ACT(SAMPLE, .conf = &sample), ACT(OF_POP_VLAN), TO_PORT(flow_pf)));
	assert_int_equal(a[0].op, ESW_FLOW_SAMPLE);
	assert_int_equal(a[0].sample.ratio, 1000);
	assert_int_equal(a[0].sample.n_acts, 3);
	assert_int_equal(a[3].op, ESW_FLOW_PORT);
	assert_int_equal(a[3].ep, ESW_EP_VF0 + 1);
	assert_int_equal(a[4].op, ESW_FLOW_POP_VLAN);
	/* A copy elsewhere, and the frame itself is dropped. */
	transfer(PATTERN(ITEM(VLAN)), ACTIONS(ACT(SAMPLE, .conf = &sample), ACT(DROP)));
}

/* The items that OVS makes: bare headers that follow each other, and nothing behind them. */
static void
vxlan_encap(void **state)
{
	uint8_t raw[14 + 20 + 8 + 8] = { 2,    0, 0,    0,    0,    1,    2,    0,    0,  0,
					 0,    2, 0x08, 0x00, 0x45, 0x10, 0,    0,    0,  0,
					 0x40, 0, 0,    17,   0,    0,    10,   0,    0,  1,
					 10,   0, 0,    2,    0,    0,    0x12, 0xb5, 0,  0,
					 0,    0, 0x08, 0,    0,    0,    0,    0,    42, 0 };
	struct rte_flow_item items[] = { ITEM(ETH, .spec = raw),        ITEM(VOID),
					 ITEM(IPV4, .spec = raw + 14),  ITEM(UDP, .spec = raw + 34),
					 ITEM(VXLAN, .spec = raw + 42), ITEM(END) };
	const struct rte_flow_action_vxlan_encap conf = { .definition = items };
	const struct rte_flow_action_set_tp tp = { .port = RTE_BE16(7) };
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(ETH)), ACTIONS(ACT(VXLAN_ENCAP, .conf = &conf),
						 ACT(SET_TP_SRC, .conf = &tp), TO_PORT(flow_pf)));
	raw[14 + 8] = 64; /* a TTL of 0 */
	assert_int_equal(a[0].op, ESW_FLOW_ENCAP);
	assert_int_equal(a[0].encap.len, sizeof(raw));
	assert_true(a[0].encap.fix);
	assert_true(a[0].encap.entropy);
	assert_memory_equal(a[0].encap.bytes, raw, sizeof(raw));
}

/* All that is left out is filled in; a VLAN's TPID may be said. */
static void
vxlan_encap_defaults(void **state)
{
	const struct rte_flow_item_eth eth = { .hdr.ether_type = RTE_BE16(0x88a8) };
	const struct rte_flow_item_vlan vlan = { .hdr.vlan_tci = RTE_BE16(9) };
	const struct rte_flow_item_ipv6 ip6 = { .hdr.proto = 0 };
	const struct rte_flow_item_udp udp = { .hdr.src_port = RTE_BE16(55555) };
	const uint8_t vxlan[8] = { 0, 0, 0, 0, 0, 0, 1, 0 };
	struct rte_flow_item items[] = { ITEM(ETH, OF(eth)),         ITEM(VLAN, OF(vlan)),
					 ITEM(IPV6, OF(ip6)),        ITEM(UDP, OF(udp)),
					 ITEM(VXLAN, .spec = vxlan), ITEM(END) };
	const struct rte_flow_action_vxlan_encap conf = { .definition = items };
	const uint8_t *p;
	const struct esw_flow_act *a;

	(void)state;
	a = transfer(PATTERN(ITEM(ETH)),
		     ACTIONS(ACT(VXLAN_ENCAP, .conf = &conf), TO_PORT(flow_pf)));
	p = a[0].encap.bytes;
	assert_int_equal(a[0].encap.len, 14 + 4 + 40 + 8 + 8);
	assert_false(a[0].encap.entropy);
	assert_memory_equal(p + 12, ((uint8_t[]){ 0x88, 0xa8, 0, 9, 0x86, 0xdd, 0x60, 0 }), 8);
	assert_memory_equal(p + 18 + 6, ((uint8_t[]){ 17, 64 }), 2);
	assert_memory_equal(p + 58, ((uint8_t[]){ 0xd9, 0x03, 0x12, 0xb5, 0, 0, 0, 0 }), 8);
	assert_memory_equal(p + 66, ((uint8_t[]){ 0x08, 0, 0, 0, 0, 0, 1, 0 }), 8);
}

static void
decap(void **state)
{
	const struct rte_flow_action_set_ipv4 ip4 = { .ipv4_addr = 1 };
	const struct rte_flow_action_raw_decap raw = { .size = 14 };
	uint8_t octets[50] = { [12] = 0x08, [14] = 0x45, [23] = 6 };
	const struct rte_flow_action_raw_encap long_one = { .data = octets, .size = 50 };
	const struct rte_flow_action_raw_encap l2 = { .data = octets, .size = 14 };
	const struct rte_flow_action_raw_encap four = { .data = octets, .size = 4 };
	const struct rte_flow_action_raw_decap four_off = { .size = 4 };
	const struct esw_flow_act *a;

	(void)state;
	/* Behind the decapsulation the inner items count. */
	a = transfer(PATTERN(ITEM(IPV6), ITEM(VXLAN), ITEM(ETH), ITEM(IPV4)),
		     ACTIONS(ACT(VXLAN_DECAP), ACT(SET_IPV4_SRC, .conf = &ip4),
			     TO_PORT(flow_rep1)));
	assert_int_equal(a[0].op, ESW_FLOW_DECAP);
	assert_int_equal(a[0].decap.len, 0);
	/* L3 encapsulation: the Ethernet header goes, a longer one comes. */
	a = transfer(PATTERN(ITEM(ETH)),
		     ACTIONS(ACT(RAW_DECAP, .conf = &raw), ACT(RAW_ENCAP, .conf = &long_one),
			     ACT(SET_IPV4_SRC, .conf = &ip4), TO_PORT(flow_pf)));
	assert_int_equal(a[0].decap.len, 14);
	assert_ptr_equal(a[1].encap.bytes, octets);
	assert_int_equal(a[1].encap.len, 50);
	assert_true(a[1].encap.fix);
	/* and decapsulation: what lies behind is not known, so any edit may be meant. */
	transfer(PATTERN(ITEM(ETH)),
		 ACTIONS(ACT(RAW_DECAP, .conf = &raw), ACT(RAW_ENCAP, .conf = &l2),
			 ACT(SET_IPV4_SRC, .conf = &ip4), TO_PORT(flow_pf)));
	a = transfer(PATTERN(ITEM(ETH)), ACTIONS(ACT(RAW_DECAP, .conf = &four_off),
						 ACT(RAW_ENCAP, .conf = &four), TO_PORT(flow_pf)));
	assert_int_equal(a[1].encap.len, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(ports),
		FLOW_TEST(a_port_item_names_the_sender),
		FLOW_TEST(notes),
		FLOW_TEST(queues),
		FLOW_TEST(edits),
		FLOW_TEST(tags),
		FLOW_TEST(samples),
		FLOW_TEST(vxlan_encap),
		FLOW_TEST(vxlan_encap_defaults),
		FLOW_TEST(decap),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
