/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Where transfer rules send frames, and what becomes of the frames on the way. */
#include "flow_rig.h"

#define MARKED (RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID)

static struct fr_net net;
static struct fr r;

static int
up(void **state)
{
	RTE_SET_USED(state);
	fr_net_make(&net);
	return 0;
}

static int
down(void **state)
{
	RTE_SET_USED(state);
	rig_free(net.sw);
	return 0;
}

/* A rule on all that VF 0 sends. */
static void
all(uint32_t group, uint32_t prio)
{
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, group, prio);
}

static void
one_port(void **state)
{
	struct esw_flow *f;

	RTE_SET_USED(state);
	assert_int_equal(fr_send(&net, 1), TO(REP0));
	all(0, 0);
	FR_IS(&r, 0, sport, RTE_BE16(1));
	fr_port(&r, VF1);
	f = fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(VF1));
	assert_int_equal(fr_send(&net, 2), TO(REP0));
	esw_flow_destroy(net.sw, f);
	assert_int_equal(fr_send(&net, 1), TO(REP0));
	/* The receiver's policy is asked: the frame is not VF 2's. */
	r.act[0].ep = VF2;
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), 0);
	assert_int_equal(rig_fate(net.sw, VF2, ESW_RX_FILTERED), 1);
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FORWARDED), 5);
}

static void
all_senders(void **state)
{
	RTE_SET_USED(state);
	for (uint16_t ep = 0; ep < EPS; ep++) {
		uint16_t to = ep == ESW_EP_WIRE ? REP2 : ESW_EP_WIRE;

		fr_begin(&r, ep, ESW_FLOW_TRANSFER, 0, 0);
		fr_port(&r, to);
		fr_make(net.sw, &r);
		rig_send(net.tx[ep],
			 fr_frame(&net, RIG_2K, ep >= VF0 && ep < REP0 ? ep - VF0 : 0, 1, 1));
		assert_int_equal(fr_who(&net), TO(to));
		assert_int_equal(esw_flow_flush(net.sw, ep), 1);
	}
}

/* Each gets the frame as it is when its turn comes. */
static void
several_ports(void **state)
{
	static const uint16_t to[] = { ESW_EP_WIRE, REP2, VF1 };
	uint8_t was[256], got[256];
	struct rte_mbuf *m;
	uint32_t len;

	RTE_SET_USED(state);
	all(0, 0);
	fr_port(&r, to[0]);
	fr_do(&r, ESW_FLOW_PUSH_VLAN)->tpid = 0x88a8;
	fr_do(&r, ESW_FLOW_SET_VID)->vid = 5;
	fr_port(&r, to[1]);
	fr_do(&r, ESW_FLOW_POP_VLAN);
	fr_port(&r, to[2]);
	fr_make(net.sw, &r);
	m = fr_frame(&net, RIG_2K, 0, 1, 1);
	len = rig_bytes(m, was);
	rig_send(net.tx[VF0], m);
	for (uint32_t i = 0; i < RTE_DIM(to); i++) {
		m = rig_recv(net.rx[to[i]]);
		assert_non_null(m);
		assert_int_equal(rig_bytes(m, got), i == 1 ? len + 4 : len);
		assert_memory_equal(got, was, 12);
		assert_memory_equal(got + (i == 1 ? 16 : 12), was + 12, len - 12);
		assert_int_equal(ip_get32(got + 12), i == 1 ? 0x88a80005 : ip_get32(was + 12));
		rte_pktmbuf_free(m);
	}
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FORWARDED), 1);
}

static void
drop(void **state)
{
	RTE_SET_USED(state);
	all(0, 0);
	fr_do(&r, ESW_FLOW_DROP);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), 0);
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FLOW_DROP), 1);
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FORWARDED), 0);
}

/* A miss behind a jump is as no rule at all, for the frame as it then is. */
static void
jump(void **state)
{
	const uint8_t mac[6] = { 2, 9, 9, 9, 9, 9 };
	struct esw_flow *low;
	struct rte_mbuf *m;

	RTE_SET_USED(state);
	all(0, 0);
	memcpy(fr_do(&r, ESW_FLOW_SET_DST)->mac, mac, sizeof(mac));
	fr_do(&r, ESW_FLOW_JUMP)->group = 7;
	fr_make(net.sw, &r);
	rig_send(net.tx[VF0], fr_frame(&net, RIG_2K, 0, 1, 1));
	m = rig_recv(net.rx[REP0]);
	assert_non_null(m);
	assert_memory_equal(rte_pktmbuf_mtod(m, void *), mac, sizeof(mac));
	rte_pktmbuf_free(m);
	all(7, 0);
	fr_octets(&r, 0, mac, NULL, sizeof(mac)); /* as it now is */
	fr_do(&r, ESW_FLOW_JUMP)->group = UINT32_MAX;
	fr_make(net.sw, &r);
	all(UINT32_MAX, ESW_FLOW_PRIO_MAX);
	fr_port(&r, REP1);
	low = fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(REP1));
	all(UINT32_MAX, 3);
	fr_do(&r, ESW_FLOW_DROP);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), 0);
	RTE_SET_USED(low);
}

/* Rules of another group, another sender or the other side have nothing to say. */
static void
other_tables(void **state)
{
	RTE_SET_USED(state);
	all(1, 0);
	fr_do(&r, ESW_FLOW_DROP);
	fr_make(net.sw, &r);
	fr_begin(&r, VF1, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&r, ESW_FLOW_DROP);
	fr_make(net.sw, &r);
	fr_begin(&r, VF0, ESW_FLOW_LOCAL, 0, 0);
	fr_do(&r, ESW_FLOW_DROP);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(REP0));
}

static void
passthru(void **state)
{
	struct esw_flow *f[3];

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 3; i++) { /* one mask, another, and the first one's key again */
		all(0, 10 * i);
		if (i == 1)
			FR_IS(&r, 0, l3, ESW_FLOW_L3_IPV4);
		fr_do(&r, ESW_FLOW_COUNT);
		fr_do(&r, ESW_FLOW_PASSTHRU);
		f[i] = fr_make(net.sw, &r);
	}
	assert_int_equal(fr_send(&net, 1), TO(REP0));
	all(0, 15);
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(VF1));
	assert_int_equal(fr_count(net.sw, f[0]).packets, 2);
	assert_int_equal(fr_count(net.sw, f[1]).packets, 2);
	assert_int_equal(fr_count(net.sw, f[2]).packets, 1);
}

/* What passes is looked up as it now is: behind the rule, and not before it. */
static void
passthru_edited(void **state)
{
	struct esw_flow *before;

	RTE_SET_USED(state);
	all(0, 1);
	FR_IS(&r, 0, ttl, 9);
	fr_do(&r, ESW_FLOW_DROP);
	before = fr_make(net.sw, &r);
	all(0, 2);
	fr_do(&r, ESW_FLOW_SET_TTL)->u8 = 9;
	fr_do(&r, ESW_FLOW_PASSTHRU);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(REP0));
	esw_flow_destroy(net.sw, before);
	all(0, 3);
	FR_IS(&r, 0, ttl, 9);
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(VF1));
}

/* Every frame also goes to the sample's port, edited; the frame itself is not. */
static void
sample_of_all(void **state)
{
	struct esw_flow_act *a;
	struct rte_mbuf *m;

	RTE_SET_USED(state);
	all(0, 0);
	fr_do(&r, ESW_FLOW_SET_TTL)->u8 = 30;
	a = fr_do(&r, ESW_FLOW_SAMPLE);
	a->sample.ratio = 1;
	a->sample.n_acts = 4;
	fr_do(&r, ESW_FLOW_PUSH_VLAN)->tpid = 0x8100;
	fr_do(&r, ESW_FLOW_SET_TTL)->u8 = 20;
	fr_port(&r, REP2);
	fr_do(&r, ESW_FLOW_COUNT);
	fr_port(&r, ESW_EP_WIRE);
	fr_do(&r, ESW_FLOW_DEC_TTL);
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	rig_send(net.tx[VF0], fr_frame(&net, RIG_2K, 0, 1, 1));
	m = rig_recv(net.rx[REP2]);
	assert_non_null(m);
	assert_int_equal(*rte_pktmbuf_mtod_offset(m, uint8_t *, 12), 0x81);
	assert_int_equal(*rte_pktmbuf_mtod_offset(m, uint8_t *, 18 + 8), 20);
	rte_pktmbuf_free(m);
	m = rig_recv(net.rx[ESW_EP_WIRE]);
	assert_non_null(m);
	assert_int_equal(*rte_pktmbuf_mtod_offset(m, uint8_t *, 14 + 8), 30);
	rte_pktmbuf_free(m);
	m = rig_recv(net.rx[VF1]);
	assert_non_null(m);
	assert_int_equal(*rte_pktmbuf_mtod_offset(m, uint8_t *, 14 + 8), 29);
	rte_pktmbuf_free(m);
}

/* One in eight of 8000: within five standard deviations, which is once in two million runs. */
static void
sample_at_random(void **state)
{
	struct esw_flow_act *a;
	struct esw_flow *f;

	RTE_SET_USED(state);
	all(0, 0);
	a = fr_do(&r, ESW_FLOW_SAMPLE);
	a->sample.ratio = 8;
	a->sample.n_acts = 1;
	fr_do(&r, ESW_FLOW_COUNT);
	fr_do(&r, ESW_FLOW_DROP);
	f = fr_make(net.sw, &r);
	for (uint32_t i = 0; i < 8000; i++)
		rig_send(net.tx[VF0], fr_frame(&net, RIG_2K, 0, 1, 1));
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FLOW_DROP), 8000);
	assert_in_range(fr_count(net.sw, f).packets, 1000 - 148, 1000 + 148);
}

static void
is_marked(uint16_t ep, uint64_t flags, uint32_t mark)
{
	struct rte_mbuf *m = rig_recv(net.rx[ep]);

	assert_non_null(m);
	assert_int_equal(m->ol_flags & MARKED, flags);
	if (flags == MARKED)
		assert_int_equal(m->hash.fdir.hi, mark);
	rte_pktmbuf_free(m);
}

/* Told to those who come later; the last number holds; a flag takes none away. */
static void
marks(void **state)
{
	RTE_SET_USED(state);
	all(0, 0);
	fr_port(&r, ESW_EP_WIRE);
	fr_do(&r, ESW_FLOW_FLAG);
	fr_port(&r, ESW_EP_PF);
	fr_do(&r, ESW_FLOW_MARK)->mark = 0xfffffffe;
	fr_port(&r, REP2);
	fr_do(&r, ESW_FLOW_FLAG);
	fr_do(&r, ESW_FLOW_JUMP)->group = 1;
	fr_make(net.sw, &r);
	rig_send(net.tx[VF0], fr_frame(&net, RIG_2K, 0, 1, 1));
	is_marked(ESW_EP_WIRE, 0, 0);
	is_marked(ESW_EP_PF, RTE_MBUF_F_RX_FDIR, 0);
	is_marked(REP2, MARKED, 0xfffffffe);
	is_marked(REP0, MARKED, 0xfffffffe); /* by section 5 */
	all(1, 0);
	fr_do(&r, ESW_FLOW_MARK)->mark = 0;
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	rig_send(net.tx[VF0], fr_frame(&net, RIG_2K, 0, 1, 1));
	is_marked(VF1, MARKED, 0);
	assert_int_equal(fr_who(&net), TO(ESW_EP_WIRE) | TO(ESW_EP_PF) | TO(REP2));
}

/* An early end before any port is a drop with a name, and behind one it is not. */
static void
early_end(void **state)
{
	RTE_SET_USED(state);
	all(0, 0);
	fr_do(&r, ESW_FLOW_SET_TTL)->u8 = 1;
	fr_do(&r, ESW_FLOW_DEC_TTL);
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), 0);
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_TTL), 1);
	esw_flow_flush(net.sw, VF0);
	all(0, 0);
	fr_port(&r, REP1);
	fr_do(&r, ESW_FLOW_SET_TTL)->u8 = 1;
	fr_do(&r, ESW_FLOW_DEC_TTL);
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(REP1));
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_FORWARDED), 1);
	esw_flow_flush(net.sw, VF0);
	all(0, 0);
	fr_do(&r, ESW_FLOW_DECAP)->decap.len = 100; /* of 82 */
	fr_port(&r, REP1);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), 0);
	assert_int_equal(rig_fate(net.sw, VF0, ESW_TX_MALFORMED), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, up, down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_port),      T(all_senders),      T(several_ports), T(drop),
		T(jump),          T(other_tables),     T(passthru),      T(passthru_edited),
		T(sample_of_all), T(sample_at_random), T(marks),         T(early_end),
	};

	return cmocka_run_group_tests_name("flow_rules", tests, rig_setup, rig_teardown);
}
