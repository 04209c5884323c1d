/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The receiving side: each way in which a device can treat a frame wrongly has its own count. */
#include "bench_rig.h"

#include <string.h>

#include <rte_mbuf.h>

static struct bench_ports ports;
static struct bench_traffic t;
static struct bench_options o;
static struct bench_sink sink;

static void
begin(unsigned int n, const char *line)
{
	bench_rig_ports(&ports, n, NULL, NULL);
	bench_rig_traffic(&t, &ports, &o, line);
	assert_int_equal(bench_sink_open(&sink, &t, &ports, 32), 0);
	bench_sink_begin(&sink, NULL);
}

static struct msr_tally
done(void)
{
	struct msr_tally tally = bench_sink_end(&sink);

	bench_sink_close(&sink);
	bench_traffic_close(&t);
	assert_int_equal(rig_pool_used(), 0);
	return tally;
}

static void
deliver(uint16_t rx, struct rte_mbuf *m)
{
	bench_sink_judge(&sink, rx, m, 0);
}

static void
check(const struct msr_tally *tally, const struct msr_tally *want)
{
	const uint64_t *a = (const uint64_t *)tally, *b = (const uint64_t *)want;

	for (size_t i = 0; i < sizeof(*tally) / sizeof(*a); i++)
		if (a[i] != b[i])
			fail_msg("count number %zu: %llu, expected %llu", i,
				 (unsigned long long)a[i], (unsigned long long)b[i]);
}

/* Eight broadcast frames of port 0 to three others, of which each gets them another way. */
static void
test_broadcast(void **state)
{
	struct msr_tally tally, want = { .sent = 8 * 3,
					 .received = 8 + 7 + 8,
					 .lost = 1,
					 .reordered = 1,
					 .duplicate = 1,
					 .stray = 1 };
	struct rte_mbuf *m[8];

	(void)state;
	begin(4, "--pattern broadcast");
	for (unsigned int i = 0; i < 8; i++) {
		m[i] = bench_rig_fill(&t, 0, 0);
		deliver(1, m[i]);
		if (i != 3) /* lost at 2 only */
			deliver(2, m[i]);
		if (i != 5) /* at 3 only, behind its successor */
			deliver(3, m[i]);
		if (i == 6)
			deliver(3, m[5]);
	}
	assert_int_equal(t.expected, 24);
	deliver(1, m[7]); /* twice at 1 only */
	deliver(0, m[0]); /* back to the sender */
	rte_pktmbuf_free_bulk(m, 8);
	tally = done();
	check(&tally, &want);
	assert_int_equal(msr_tally_wrong(&tally), 3);
}

/* Senders do not share trackers, and a sole port gets its own. */
static void
test_broadcast_many(void **state)
{
	struct msr_tally tally, want = { .sent = 6, .received = 6 };

	(void)state;
	begin(3, "--pattern broadcast");
	for (unsigned int s = 0; s < 3; s++) {
		struct rte_mbuf *m = bench_rig_fill(&t, s, 0);

		for (uint16_t r = 0; r < 3; r++)
			if (r != s)
				deliver(r, m);
		rte_pktmbuf_free(m);
	}
	tally = done();
	check(&tally, &want);
	begin(1, "--pattern broadcast");
	for (unsigned int i = 0; i < 6; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, 0, 0);

		deliver(0, m);
		rte_pktmbuf_free(m);
	}
	tally = done();
	check(&tally, &want);
}

/* Bad frames: half are dropped as they must be, one arrives, one twice. */
static void
test_leaks(void **state)
{
	struct msr_tally tally, group, want = { 0 };
	unsigned int bad = 0;

	(void)state;
	begin(3, "--bad spoof:30,mtu:20");
	for (unsigned int i = 0; i < 1000; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, 0, 0);
		const struct bench_stream *stream = bench_rig_stream(&t, m);

		if (stream->rx != BENCH_RX_NONE) {
			want.sent++;
			deliver(stream->rx, m);
		} else if (stream->group == t.n_groups + 1 && bad++ < 2) {
			deliver(2, m);
			if (bad == 2)
				deliver((uint16_t)(i % 3), m);
		} else {
			want.blocked++;
		}
		rte_pktmbuf_free(m);
	}
	want.received = want.sent;
	want.leaked = 3;
	assert_int_equal(t.expected, want.sent);
	group = bench_sink_group(&sink, t.n_groups);
	assert_int_equal(group.leaked, 0);
	assert_true(group.blocked > 200);
	group = bench_sink_group(&sink, (uint16_t)(t.n_groups + 1));
	assert_int_equal(group.leaked, 3);
	assert_int_equal(group.sent, 0);
	tally = done();
	check(&tally, &want);
	assert_int_equal(msr_tally_wrong(&tally), 3);
}

/* What is lost on the way to one receiver is in its group, and only there. */
static void
test_groups(void **state)
{
	struct msr_tally group;

	(void)state;
	bench_rig_ports(&ports, 4, "0,1", "2,3");
	bench_rig_traffic(&t, &ports, &o, "--pattern congestion");
	assert_int_equal(bench_sink_open(&sink, &t, &ports, 32), 0);
	bench_sink_begin(&sink, NULL);
	for (unsigned int i = 0; i < 200; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, i % 2, 0);
		const struct bench_stream *stream = bench_rig_stream(&t, m);

		if (stream->group != BENCH_GROUP_FULL || i % 4 == 1)
			deliver(stream->rx, m);
		rte_pktmbuf_free(m);
	}
	group = bench_sink_group(&sink, BENCH_GROUP_FREE);
	assert_true(group.sent == 50 && group.lost == 0);
	group = bench_sink_group(&sink, BENCH_GROUP_SHARED);
	assert_true(group.sent == 50 && group.lost == 0);
	group = bench_sink_group(&sink, BENCH_GROUP_FULL);
	assert_true(group.sent == 100 && group.lost == 50);
	assert_int_equal(done().lost, 50);
}

/* One frame, sent as the options say, with the tag taken off or another put on the way. */
static uint64_t
mistagged(const char *line, bool pop, int push, bool stripped)
{
	struct msr_tally tally;
	struct rte_mbuf *m;

	begin(2, line);
	m = bench_rig_fill(&t, 0, 0);
	if (pop)
		assert_int_equal(rte_vlan_strip(m), 0);
	m->ol_flags = stripped ? RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED : 0;
	if (push >= 0) {
		m->vlan_tci = (uint16_t)push;
		assert_int_equal(rte_vlan_insert(&m), 0);
	}
	deliver(1, m);
	rte_pktmbuf_free(m);
	tally = done();
	assert_int_equal(tally.received, 1);
	assert_int_equal(tally.corrupt + tally.stray + tally.foreign, 0);
	assert_int_equal(msr_tally_wrong(&tally), tally.mistagged);
	return tally.mistagged;
}

static void
test_tags(void **state)
{
	(void)state;
	assert_int_equal(mistagged("", false, -1, false), 0);
	assert_int_equal(mistagged("", false, 100, false), 0);
	assert_int_equal(mistagged("--expect-tag none", false, -1, false), 0);
	assert_int_equal(mistagged("--expect-tag none", false, 100, false), 1);
	assert_int_equal(mistagged("--expect-tag 100", false, -1, false), 1);
	assert_int_equal(mistagged("--expect-tag 100", false, 100 | 3 << 13, false), 0);
	assert_int_equal(mistagged("--expect-tag 100", false, 101, false), 1);
	assert_int_equal(mistagged("--tag 100 --expect-tag 100", false, -1, false), 0);
	assert_int_equal(mistagged("--tag 100 --expect-tag none", false, -1, false), 1);
	assert_int_equal(mistagged("--tag 100 --expect-tag none", true, -1, false), 0);
	/* A tag that the device put into the mbuf is a tag. */
	assert_int_equal(mistagged("--tag 100 --expect-tag 100", true, -1, true), 0);
	assert_int_equal(mistagged("--tag 100 --expect-tag none", true, -1, true), 1);
}

/* The tester's own ring: each frame once, whatever it is. */
static void
test_null_hop(void **state)
{
	struct msr_tally tally, want = { .sent = 64, .received = 64 };
	struct rte_ring *ring = rte_ring_create("null", 128, SOCKET_ID_ANY, 0);

	(void)state;
	assert_non_null(ring);
	for (int broadcast = 0; broadcast < 2; broadcast++) {
		begin(3, broadcast ? "--pattern broadcast" : "--bad spoof:50 --expect-tag 9");
		sink.null_ring = ring;
		for (unsigned int i = 0; i < 64; i++)
			assert_int_equal(rte_ring_enqueue(ring, bench_rig_fill(&t, i % 3, 0)), 0);
		assert_int_equal(bench_sink_poll(&sink) + bench_sink_poll(&sink), 64);
		tally = done();
		check(&tally, &want);
	}
	rte_ring_free(ring);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broadcast), cmocka_unit_test(test_broadcast_many),
		cmocka_unit_test(test_leaks),     cmocka_unit_test(test_groups),
		cmocka_unit_test(test_tags),      cmocka_unit_test(test_null_hop),
	};

	return cmocka_run_group_tests_name("bench-sink", tests, rig_eal, rig_eal_done);
}
