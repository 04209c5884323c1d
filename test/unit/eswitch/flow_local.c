/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* A receiver's own rules: queue, RSS, drop, marks, isolation. */
#include "flow_rig.h"

#define QUEUES 4
#define MARKED (RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID)

static struct fr_net net;
static struct esw_rxq *q[QUEUES]; /* of VF 1 */
static struct fr r;

static int
up(void **state)
{
	RTE_SET_USED(state);
	fr_net_make(&net);
	q[0] = net.rx[VF1];
	for (uint16_t i = 1; i < QUEUES; i++)
		q[i] = rig_rx(net.sw, VF1, i, rig_pool(RIG_2K), 0);
	return 0;
}

static int
down(void **state)
{
	RTE_SET_USED(state);
	rig_free(net.sw);
	return 0;
}

static void
local(uint32_t group, uint32_t prio)
{
	fr_begin(&r, VF1, ESW_FLOW_LOCAL, group, prio);
}

/* Representor 1 sends VF 1 a frame. @return the queue that it lies in, -1 = none */
static int
receive(uint16_t sport)
{
	int at = -1;

	rig_send(net.tx[REP1], fr_frame(&net, RIG_2K, 0, 1, sport));
	for (uint16_t i = 0; i < QUEUES; i++)
		if (rig_drain(q[i]) == 1)
			at = at == -1 ? i : -2;
	return at;
}

static void
queue(void **state)
{
	struct esw_flow *f;

	RTE_SET_USED(state);
	assert_int_equal(receive(1), 0);
	local(0, 0);
	FR_IS(&r, 0, sport, RTE_BE16(1));
	fr_do(&r, ESW_FLOW_COUNT);
	fr_do(&r, ESW_FLOW_QUEUE)->queue = 3;
	f = fr_make(net.sw, &r);
	assert_int_equal(receive(1), 3);
	assert_int_equal(receive(2), 0);
	assert_int_equal(fr_count(net.sw, f).packets, 1);
	assert_int_equal(fr_count(net.sw, f).bytes, 82);
	esw_flow_destroy(net.sw, f);
	assert_int_equal(receive(1), 0);
	/* One that is not there, and one that is stopped. */
	r.act[1].queue = ESW_QUEUES_MAX - 1;
	f = fr_make(net.sw, &r);
	assert_int_equal(receive(1), -1);
	esw_flow_destroy(net.sw, f);
	r.act[1].queue = 3;
	fr_make(net.sw, &r);
	assert_int_equal(esw_rxq_stop(q[3]), 0);
	assert_int_equal(receive(1), -1);
	assert_int_equal(rig_fate(net.sw, VF1, ESW_RX_STOPPED), 2);
}

/* All queues of the list are reached, and no other; the same flow always lies in the same. */
static void
rss(void **state)
{
	struct esw_flow_rss list = {
		.types = ESW_RSS_IPV4 | ESW_RSS_UDP,
		.key_set = true,
		.key = { 0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
			 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb },
		.n_queues = 3,
		.queue = { 2, 1, 1 },
	};
	uint32_t seen[QUEUES] = { 0 };

	RTE_SET_USED(state);
	local(0, 0);
	fr_do(&r, ESW_FLOW_RSS)->rss = &list;
	fr_make(net.sw, &r);
	list.queue[0] = 0; /* the rule has its own */
	for (uint16_t i = 0; i < 300; i++) {
		int at = receive(i);

		assert_in_range(at, 1, 2);
		assert_int_equal(receive(i), at);
		seen[at]++;
	}
	assert_true(seen[2] > 50 && seen[1] > 2 * 60);
}

static void
drop_and_jump(void **state)
{
	struct esw_flow *f;

	RTE_SET_USED(state);
	local(0, 5);
	fr_do(&r, ESW_FLOW_JUMP)->group = 2;
	fr_make(net.sw, &r);
	assert_int_equal(receive(1), 0);
	local(2, 0);
	fr_do(&r, ESW_FLOW_DROP);
	f = fr_make(net.sw, &r);
	assert_int_equal(receive(1), -1);
	assert_int_equal(rig_fate(net.sw, VF1, ESW_RX_FLOW_DROP), 1);
	local(0, 4);
	fr_do(&r, ESW_FLOW_QUEUE)->queue = 1;
	fr_make(net.sw, &r);
	assert_int_equal(receive(1), 1);
	esw_flow_destroy(net.sw, f);
}

static void
mark_of(uint16_t from, uint64_t flags, uint32_t mark)
{
	struct rte_mbuf *m;

	rig_send(net.tx[from], fr_frame(&net, RIG_2K, 0, 1, 1));
	m = rig_recv(q[0]);
	assert_non_null(m);
	assert_int_equal(m->ol_flags & MARKED, flags);
	if (flags == MARKED)
		assert_int_equal(m->hash.fdir.hi, mark);
	rte_pktmbuf_free(m);
}

/* The receiver's word is the last; passing goes on to the next rule. */
static void
marks(void **state)
{
	struct fr sends;

	RTE_SET_USED(state);
	fr_begin(&sends, VF0, ESW_FLOW_TRANSFER, 0, 0);
	fr_do(&sends, ESW_FLOW_MARK)->mark = 5;
	fr_port(&sends, VF1);
	fr_make(net.sw, &sends);
	mark_of(VF0, MARKED, 5);
	local(0, 1);
	fr_do(&r, ESW_FLOW_FLAG);
	fr_do(&r, ESW_FLOW_PASSTHRU);
	fr_make(net.sw, &r);
	mark_of(VF0, MARKED, 5);
	mark_of(REP1, RTE_MBUF_F_RX_FDIR, 0);
	local(0, 2);
	fr_do(&r, ESW_FLOW_MARK)->mark = 6;
	fr_do(&r, ESW_FLOW_PASSTHRU);
	fr_make(net.sw, &r);
	mark_of(VF0, MARKED, 6);
	mark_of(REP1, MARKED, 6);
}

static void
isolated(void **state)
{
	struct fr sends;

	RTE_SET_USED(state);
	assert_int_equal(esw_flow_isolate(net.sw, VF1, true), 0);
	assert_true(esw_flow_is_isolated(net.sw, VF1));
	assert_int_equal(receive(1), -1);
	assert_int_equal(rig_fate(net.sw, VF1, ESW_RX_NO_FLOW), 1);
	local(0, 0);
	FR_IS(&r, 0, sport, RTE_BE16(1));
	fr_do(&r, ESW_FLOW_QUEUE)->queue = 2;
	fr_make(net.sw, &r);
	local(0, 1); /* a rule that gives it to no queue is none that takes it */
	fr_do(&r, ESW_FLOW_COUNT);
	fr_do(&r, ESW_FLOW_PASSTHRU);
	fr_make(net.sw, &r);
	assert_int_equal(receive(1), 2);
	assert_int_equal(receive(2), -1);
	/* A port action reaches it; so does one behind which no local rule says anything. */
	fr_begin(&sends, REP1, ESW_FLOW_TRANSFER, 0, 0);
	fr_port(&sends, VF1);
	fr_make(net.sw, &sends);
	assert_int_equal(receive(2), 0);
	esw_flow_flush(net.sw, REP1);
	assert_int_equal(receive(2), -1);
	assert_int_equal(esw_flow_isolate(net.sw, VF1, false), 0);
	assert_int_equal(receive(2), 0);
}

/* As the receiver gets it: behind the tag that its VLAN takes off, and after its policy. */
static void
after_policy(void **state)
{
	const uint16_t tag[2] = { RTE_BE16(0x8100), RTE_BE16(7) };
	struct esw_flow *f;
	struct rte_mbuf *m;

	RTE_SET_USED(state);
	rig_policy(net.sw, 1, ESW_F_VLAN, "access 7");
	local(0, 0);
	FR_UNDER(&r, 0, bits, 0, ESW_FLOW_VLAN);
	fr_do(&r, ESW_FLOW_COUNT);
	fr_do(&r, ESW_FLOW_QUEUE)->queue = 1;
	f = fr_make(net.sw, &r);
	assert_int_equal(receive(1), -1);
	assert_int_equal(rig_fate(net.sw, VF1, ESW_RX_VLAN), 1);
	assert_int_equal(fr_count(net.sw, f).packets, 0);
	m = fr_frame(&net, RIG_2K, 0, 1, 1);
	assert_non_null(rte_pktmbuf_prepend(m, 4));
	memmove(rte_pktmbuf_mtod(m, void *), rte_pktmbuf_mtod_offset(m, void *, 4), 12);
	memcpy(rte_pktmbuf_mtod_offset(m, void *, 12), tag, 4);
	rig_send(net.tx[REP1], m);
	assert_int_equal(rig_drain(q[1]), 1);
	assert_int_equal(fr_count(net.sw, f).packets, 1);
	assert_int_equal(fr_count(net.sw, f).bytes, 82);
}

#define T(f) cmocka_unit_test_setup_teardown(f, up, down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(queue), T(rss), T(drop_and_jump), T(marks), T(isolated), T(after_policy),
	};

	return cmocka_run_group_tests_name("flow_local", tests, rig_setup, rig_teardown);
}
