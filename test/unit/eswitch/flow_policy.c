/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* No rule widens a policy: what a sender may not send reaches no rule, and receivers refuse. */
#include "flow_rig.h"

static struct fr_net net;
static struct fr r;
static struct esw_flow *rule;

/* Everything of VF 0 is counted and goes to VF 1. */
static int
up(void **state)
{
	RTE_SET_USED(state);
	fr_net_make(&net);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&r, ESW_FLOW_COUNT);
	fr_port(&r, VF1);
	rule = fr_make(net.sw, &r);
	return 0;
}

static int
down(void **state)
{
	RTE_SET_USED(state);
	rig_free(net.sw);
	return 0;
}

/* VF 0 sends; the rule sees it if `seen`; then fate `f` is counted at `ep`, once. */
static void
is_refused(struct rte_mbuf *m, bool seen, uint16_t ep, enum esw_fate f)
{
	uint64_t before = rig_fate(net.sw, ep, f), hits = fr_count(net.sw, rule).packets;

	rig_send(net.tx[VF0], m);
	assert_int_equal(fr_who(&net), 0);
	assert_int_equal(rig_fate(net.sw, ep, f), before + 1);
	assert_int_equal(fr_count(net.sw, rule).packets, hits + seen);
}

static struct rte_mbuf *
frame(uint32_t len)
{
	return rig_frame(rig_pool(RIG_2K), net.mac[1], net.mac[0], len);
}

static void
tag(struct rte_mbuf *m, uint16_t tpid, uint16_t tci)
{
	uint8_t *p = rte_pktmbuf_mtod_offset(m, uint8_t *, 12);

	ip_put16(p, tpid);
	ip_put16(p + 2, tci);
	ip_put16(p + 4, RIG_TYPE);
}

static void
sender(void **state)
{
	struct rte_mbuf *m;

	RTE_SET_USED(state);
	is_refused(rig_frame(rig_pool(RIG_2K), net.mac[1], net.mac[2], 60), false, VF0,
		   ESW_TX_SPOOF);
	is_refused(rig_frame(rig_pool(RIG_2K), net.mac[1], net.mac[0] | 1, 60), false, VF0,
		   ESW_TX_SRC_MCAST);
	m = frame(60);
	tag(m, 0x8100, 5);
	is_refused(m, false, VF0, ESW_TX_VLAN);
	m = frame(60);
	tag(m, 0x88a8, 0);
	is_refused(m, false, VF0, ESW_TX_VLAN);
	rig_policy(net.sw, 0, ESW_F_MTU, "100");
	is_refused(frame(115), false, VF0, ESW_TX_MTU);
	rig_send(net.tx[VF0], frame(114));
	assert_int_equal(fr_who(&net), TO(VF1));
	rig_policy(net.sw, 0, ESW_F_LINK, "down");
	is_refused(frame(60), false, VF0, ESW_TX_LINK_DOWN);
	rig_policy(net.sw, 0, ESW_F_LINK, "up");
	m = frame(60);
	m->pkt_len++;
	is_refused(m, false, VF0, ESW_TX_MALFORMED);
	assert_int_equal(fr_count(net.sw, rule).packets, 1);
}

static void
receiver(void **state)
{
	RTE_SET_USED(state);
	is_refused(rig_frame(rig_pool(RIG_2K), net.mac[2], net.mac[0], 60), true, VF1,
		   ESW_RX_FILTERED);
	rig_policy(net.sw, 1, ESW_F_MTU, "100");
	is_refused(frame(115), true, VF1, ESW_RX_MTU);
	rig_policy(net.sw, 1, ESW_F_VLAN, "access 5");
	is_refused(frame(60), true, VF1, ESW_RX_VLAN);
	rig_policy(net.sw, 1, ESW_F_LINK, "down");
	is_refused(frame(60), true, VF1, ESW_RX_LINK_DOWN);
	rig_policy(net.sw, 1, ESW_F_LINK, "up");
	rig_policy(net.sw, 1, ESW_F_VLAN, "off");
	rig_send(net.tx[VF0], frame(60));
	assert_int_equal(fr_who(&net), TO(VF1));
	assert_int_equal(esw_rxq_stop(net.rx[VF1]), 0);
	is_refused(frame(60), true, VF1, ESW_RX_STOPPED);
}

/* Both ends isolated: no rule brings them together; one alone: it does. */
static void
isolate(void **state)
{
	RTE_SET_USED(state);
	rig_policy(net.sw, 0, ESW_F_ISOLATE, "on");
	rig_send(net.tx[VF0], frame(60));
	assert_int_equal(fr_who(&net), TO(VF1));
	rig_policy(net.sw, 1, ESW_F_ISOLATE, "on");
	is_refused(frame(60), true, VF1, ESW_RX_ISOLATED);
	rig_policy(net.sw, 0, ESW_F_ISOLATE, "off");
	rig_send(net.tx[VF0], frame(60));
	assert_int_equal(fr_who(&net), TO(VF1));
}

/* Rules see the tag that the sender's policy put in; the receiver's takes it off. */
static void
access_vlan(void **state)
{
	static const enum rig_pool pool[] = { RIG_2K, RIG_OTHER }; /* moved, copied */
	struct esw_flow *f;
	uint64_t n = 0;

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < RTE_DIM(pool); i++) {
		rig_policy(net.sw, 0, ESW_F_VLAN, "access 7 qos 3");
		rig_policy(net.sw, 1, ESW_F_VLAN, "access 7");
		fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
		FR_IS(&r, 0, type, RTE_BE16(0x8100));
		FR_IS(&r, 0, tci, RTE_BE16(0x6007));
		FR_IS(&r, 0, type1, RTE_BE16(RIG_TYPE));
		FR_UNDER(&r, 0, bits, ESW_FLOW_VLAN, ESW_FLOW_VLAN | ESW_FLOW_VLAN2);
		fr_do(&r, ESW_FLOW_COUNT);
		fr_port(&r, VF1);
		esw_flow_flush(net.sw, VF0);
		f = fr_make(net.sw, &r);
		rig_send(net.tx[VF0], rig_frame(rig_pool(pool[i]), net.mac[1], net.mac[0], 60));
		assert_int_equal(fr_who(&net), TO(VF1));
		assert_int_equal(fr_count(net.sw, f).packets, 1);
		assert_int_equal(fr_count(net.sw, f).bytes, 64);
		/* The same through another VLAN: the rule does not match. */
		rig_policy(net.sw, 0, ESW_F_VLAN, "access 8 qos 3");
		rig_send(net.tx[VF0], frame(60));
		assert_int_equal(fr_who(&net), TO(REP0));
		n++;
	}
	assert_int_equal(rig_fate(net.sw, VF1, ESW_RX_DELIVERED), n);
}

/* The edited frame is what the receiver's policy judges. */
static void
edited(void **state)
{
	uint8_t outer[64] = { 0 };

	RTE_SET_USED(state);
	esw_flow_flush(net.sw, VF0);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&r, ESW_FLOW_COUNT);
	fr_do(&r, ESW_FLOW_PUSH_VLAN)->tpid = 0x8100;
	fr_do(&r, ESW_FLOW_SET_VID)->vid = 7;
	fr_port(&r, VF1);
	rule = fr_make(net.sw, &r);
	is_refused(frame(60), true, VF1, ESW_RX_VLAN);
	rig_policy(net.sw, 1, ESW_F_VLAN, "access 7");
	rig_send(net.tx[VF0], frame(60));
	assert_int_equal(fr_who(&net), TO(VF1));
	rig_policy(net.sw, 1, ESW_F_VLAN, "all");
	rig_policy(net.sw, 1, ESW_F_MTU, "150");
	esw_flow_flush(net.sw, VF0);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&r, ESW_FLOW_COUNT);
	memset(outer, 0x11, sizeof(outer));
	esw_mac48_to_addr(net.mac[1], (struct rte_ether_addr *)outer);
	*fr_do(&r, ESW_FLOW_ENCAP) = (struct esw_flow_act){
		.op = ESW_FLOW_ENCAP,
		.encap = { .bytes = outer, .len = sizeof(outer) },
	};
	fr_port(&r, VF1);
	rule = fr_make(net.sw, &r);
	is_refused(frame(101), true, VF1, ESW_RX_MTU);
	rig_send(net.tx[VF0], frame(100));
	assert_int_equal(fr_who(&net), TO(VF1));
}

#define T(f) cmocka_unit_test_setup_teardown(f, up, down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(sender), T(receiver), T(isolate), T(access_vlan), T(edited),
	};

	return cmocka_run_group_tests_name("flow_policy", tests, rig_setup, rig_teardown);
}
