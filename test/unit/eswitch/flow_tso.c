/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* TSO frames and flow rules: whole where no rule cares, else cut, and counted as segments. */
#include "flow_rig.h"

#define SEGSZ 1000
#define PAYLOAD 2500
#define SEGS 3
#define HEAD 54
#define OCTETS (SEGS * HEAD + PAYLOAD) /* of all segments */
#define FIN 0x01

static struct fr_net net;
static struct fr r;

static void
up(uint32_t flags)
{
	fr_net_make_rx(&net, flags | ESW_RXQ_SCATTER);
}

static void
send_tso(void)
{
	struct ip_frame f = { .payload = PAYLOAD, .dst = net.mac[1], .src = net.mac[0] };
	static uint8_t b[RIG_FRAME_MAX];
	struct rte_mbuf *m;

	ip_build(&f, b);
	b[14 + 8] = 64;
	m = rig_chain(rig_pool(RIG_2K), b, f.len, NULL, 0);
	m->ol_flags = RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV4;
	m->l2_len = f.l2;
	m->l3_len = f.l3;
	m->l4_len = f.l4;
	m->tso_segsz = SEGSZ;
	rig_send(net.tx[VF0], m);
}

/* Segments with checksums that are right and the TTL; @return how many */
static uint32_t
segments(uint16_t ep, uint8_t ttl)
{
	static uint8_t b[RIG_FRAME_MAX];
	struct rte_mbuf *m;
	uint32_t n = 0;

	while ((m = rig_recv(net.rx[ep])) != NULL) {
		uint32_t len = rig_bytes(m, b);

		assert_in_range(len, HEAD + 1, HEAD + SEGSZ);
		assert_int_equal(ip_get16(b + 16), len - 14);
		assert_int_equal(b[14 + 8], ttl);
		assert_int_equal(ip_get16(b + 24), ip_hdr_cksum(b, 14, 20));
		assert_int_equal(ip_get16(b + 50), ip_l4_cksum(b, 14, 20, false));
		assert_int_equal(m->ol_flags & RTE_MBUF_F_RX_LRO, 0);
		rte_pktmbuf_free(m);
		n++;
	}
	return n;
}

static void
is_whole(uint16_t ep)
{
	struct rte_mbuf *m = rig_recv(net.rx[ep]);

	assert_non_null(m);
	assert_int_equal(m->pkt_len, HEAD + PAYLOAD);
	assert_int_equal(m->tso_segsz, SEGSZ);
	assert_int_not_equal(m->ol_flags & RTE_MBUF_F_RX_LRO, 0);
	rte_pktmbuf_free(m);
}

static void
counted(struct esw_flow *f, uint64_t packets, uint64_t bytes)
{
	struct esw_flow_stats s = fr_count(net.sw, f);

	assert_int_equal(s.packets, packets);
	assert_int_equal(s.bytes, bytes);
}

static struct esw_flow *
make(enum esw_flow_op op)
{
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&r, ESW_FLOW_COUNT);
	if (op != ESW_FLOW_END) {
		struct esw_flow_act *a = fr_do(&r, op);

		if (op == ESW_FLOW_SET_TTL)
			a->u8 = 33;
		else if (op == ESW_FLOW_JUMP)
			a->group = 1;
		else if (op == ESW_FLOW_SAMPLE)
			a->sample.ratio = 1;
	}
	if (op != ESW_FLOW_JUMP && op != ESW_FLOW_PASSTHRU)
		fr_port(&r, VF1);
	return fr_make(net.sw, &r);
}

static void
whole_through_a_port(void **state)
{
	struct esw_flow *f;

	RTE_SET_USED(state);
	up(ESW_RXQ_LRO);
	f = make(ESW_FLOW_END);
	send_tso();
	is_whole(VF1);
	counted(f, SEGS, OCTETS);
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FORWARDED), 1);
	rig_policy(net.sw, 0, ESW_F_VLAN, "access 7"); /* the switch side's frame has a tag */
	rig_policy(net.sw, 1, ESW_F_VLAN, "access 7");
	send_tso();
	is_whole(VF1);
	counted(f, 2 * SEGS, 2 * OCTETS + 4 * SEGS);
	rig_free(net.sw);
}

static void
cut_for_the_receiver(void **state)
{
	struct esw_flow *f;

	RTE_SET_USED(state);
	up(0);
	f = make(ESW_FLOW_END);
	send_tso();
	assert_int_equal(segments(VF1, 64), SEGS);
	counted(f, SEGS, OCTETS);
	rig_free(net.sw);
}

/* A rule that edits, or may tell segments apart, sees segments: though the receiver takes more. */
static void
cut_for_the_rule(void **state)
{
	static const enum esw_flow_op op[] = { ESW_FLOW_SET_TTL, ESW_FLOW_JUMP, ESW_FLOW_PASSTHRU,
					       ESW_FLOW_SAMPLE };

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < RTE_DIM(op); i++) {
		bool on = op[i] == ESW_FLOW_JUMP || op[i] == ESW_FLOW_PASSTHRU;
		struct esw_flow *f;

		up(ESW_RXQ_LRO);
		f = make(op[i]);
		send_tso();
		assert_int_equal(segments(on ? REP0 : VF1, i == 0 ? 33 : 64), SEGS);
		counted(f, SEGS, OCTETS);
		assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FORWARDED), 1);
		rig_free(net.sw);
	}
}

/* FIN is the last segment's alone; and lengths are those of segments. */
static void
cut_for_the_mask(void **state)
{
	struct esw_flow *f;

	RTE_SET_USED(state);
	up(ESW_RXQ_LRO);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	FR_UNDER(&r, 0, tcp_flags, FIN, FIN);
	fr_port(&r, VF1);
	f = fr_make(net.sw, &r);
	send_tso();
	assert_int_equal(segments(VF1, 64), 1);
	assert_int_equal(segments(REP0, 64), SEGS - 1);
	esw_flow_destroy(net.sw, f);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	FR_IS(&r, 0, l3, ESW_FLOW_L3_IPV4);
	fr_range(&r, FR_OFF(0, ip_len), 2, 40, 40 + SEGSZ - 1);
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	send_tso();
	assert_int_equal(segments(VF1, 64), 1);
	assert_int_equal(segments(REP0, 64), SEGS - 1);
	rig_free(net.sw);
}

/* A receiver's rules are about what it gets. */
static void
local_rules(void **state)
{
	struct esw_flow *f, *fin;

	RTE_SET_USED(state);
	for (uint32_t lro = 0; lro < 2; lro++) {
		up(lro != 0 ? ESW_RXQ_LRO : 0);
		make(ESW_FLOW_END);
		fr_begin(&r, VF1, ESW_FLOW_LOCAL, 0, 1);
		fr_do(&r, ESW_FLOW_COUNT);
		fr_do(&r, ESW_FLOW_PASSTHRU);
		f = fr_make(net.sw, &r);
		fr_begin(&r, VF1, ESW_FLOW_LOCAL, 0, 0);
		FR_UNDER(&r, 0, tcp_flags, 0, FIN);
		fr_do(&r, ESW_FLOW_COUNT);
		fr_do(&r, ESW_FLOW_DROP);
		fin = fr_make(net.sw, &r);
		send_tso();
		if (lro != 0) {
			is_whole(VF1);
			counted(f, SEGS, OCTETS);
			counted(fin, 0, 0);
		} else {
			assert_int_equal(segments(VF1, 64), 1);
			counted(f, 1, HEAD + PAYLOAD % SEGSZ);
			counted(fin, SEGS - 1, (SEGS - 1) * (HEAD + SEGSZ));
			assert_int_equal(rig_fate(net.sw, VF1, ESW_RX_FLOW_DROP), SEGS - 1);
		}
		rig_free(net.sw);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_through_a_port), cmocka_unit_test(cut_for_the_receiver),
		cmocka_unit_test(cut_for_the_rule),     cmocka_unit_test(cut_for_the_mask),
		cmocka_unit_test(local_rules),
	};

	return cmocka_run_group_tests_name("flow_tso", tests, rig_setup, rig_teardown);
}
