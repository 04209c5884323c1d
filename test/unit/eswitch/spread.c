/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * A receiver with several plain queues: the fast path puts a frame where the slow path would. A
 * frame in two segments takes the slow path, and is otherwise the same.
 */
#include <stdlib.h>

#include <rte_vect.h>

#include "ip.h"
#include "rig.h"

#define VF0 ESW_EP_VF0
#define VF1 (ESW_EP_VF0 + 1)
#define QUEUES 5
#define FRAMES 3000

static uint8_t bytes[2048];

static struct esw *
make(uint16_t queues, enum rig_pool pool)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);

	rig_tx(sw, VF0, 0);
	for (uint16_t k = 0; k < queues; k++)
		rig_rx(sw, VF1, k, rig_pool(pool), 0);
	return sw;
}

static void
rss_random(struct esw *sw)
{
	struct esw_rss rss = { .types = (uint32_t)random() % (2 * ESW_RSS_ETH) };

	for (unsigned int i = 0; i < ESW_RSS_KEY_LEN; i++)
		rss.key[i] = (uint8_t)random();
	for (unsigned int i = 0; i < ESW_RETA_SIZE; i++)
		rss.reta[i] = (uint16_t)(random() % (QUEUES + 1)); /* one that is not there, too */
	assert_int_equal(esw_rss_set(sw, VF1, &rss, NULL), 0);
}

/* With options, fragments, cut short, or no IP at all. @return octets */
static uint32_t
frame_random(const struct esw *sw)
{
	struct ip_frame f = {
		.v6 = random() % 2,
		.udp = random() % 2,
		.payload = (uint32_t)(random() % 40),
		.src = rig_mac(sw, 0),
		.dst = rig_mac(sw, 1),
	};

	f.options = !f.v6 && !f.udp && random() % 8 == 0 ? 8 : 0;
	ip_build(&f, bytes);
	for (unsigned int i = 14 + (f.v6 ? 8 : 12); i < 14 + f.l3 + 4; i++)
		bytes[i] = (uint8_t)random();
	if (!f.v6 && random() % 4 == 0)
		ip_put16(bytes + 20, (uint32_t)random());
	if (random() % 8 == 0)
		ip_put16(bytes + 12, RIG_TYPE);
	if (random() % 8 == 0)
		bytes[23 - 3 * f.v6] = (uint8_t)random(); /* some other protocol */
	return random() % 8 == 0 ? 16 + (uint32_t)random() % (f.len - 16) : f.len;
}

/* The queue that the next frame lies in; frees it. */
static int
queue_of(const struct esw *sw, uint32_t len)
{
	int found = -1;

	for (uint16_t k = 0; k < QUEUES; k++) {
		struct rte_mbuf *m = rig_recv(sw->ep[VF1].rxq[k]);

		if (m == NULL)
			continue;
		assert_int_equal(found, -1);
		assert_int_equal(m->pkt_len, len);
		assert_memory_equal(rte_pktmbuf_mtod(m, void *), bytes, len);
		rte_pktmbuf_free(m);
		found = k;
	}
	return found;
}

/* Did the fast path ever use this lane? */
static bool
was_fast(const struct esw *sw, uint16_t k)
{
	return sw->ep[VF0].txq[0]->to[k][VF1].gen == sw->spread_gen;
}

static void
both_paths_alike(uint16_t bits, enum rig_pool pool)
{
	static const uint16_t two[] = { 15 };
	unsigned int fast = 0;
	struct esw *sw;

	assert_int_equal(rte_vect_set_max_simd_bitwidth(bits), 0);
	sw = make(QUEUES, pool);
	esw_tx_select();
	srandom(bits);
	for (unsigned int i = 0; i < FRAMES; i++) {
		uint32_t len = frame_random(sw);
		int want;

		if (i % 100 == 0)
			rss_random(sw);
		rig_send(sw->ep[VF0].txq[0], rig_chain(rig_pool(RIG_2K), bytes, len, two, 1));
		want = queue_of(sw, len);
		assert_true(want >= 0);
		rig_send(sw->ep[VF0].txq[0], rig_chain(rig_pool(RIG_2K), bytes, len, NULL, 0));
		assert_int_equal(queue_of(sw, len), want);
	}
	for (uint16_t k = 0; k < QUEUES; k++)
		fast += was_fast(sw, k);
	assert_int_equal(fast, QUEUES);
	assert_int_equal(rig_fate(sw, VF1, ESW_RX_DELIVERED), 2 * FRAMES);
	rig_free(sw);
	assert_int_equal(rte_vect_set_max_simd_bitwidth(RTE_VECT_SIMD_512), 0);
}

static void
base(void **state)
{
	RTE_SET_USED(state);
	both_paths_alike(RTE_VECT_SIMD_128, RIG_2K);
	both_paths_alike(RTE_VECT_SIMD_128, RIG_OTHER);
}

static void
avx2(void **state)
{
	RTE_SET_USED(state);
	both_paths_alike(RTE_VECT_SIMD_256, RIG_2K);
	both_paths_alike(RTE_VECT_SIMD_256, RIG_OTHER);
}

static void
avx512(void **state)
{
	RTE_SET_USED(state);
	both_paths_alike(RTE_VECT_SIMD_512, RIG_2K);
	both_paths_alike(RTE_VECT_SIMD_512, RIG_OTHER);
}

/* A burst of frames of one flow, whole ones and some in two segments among them, numbered. */
static void
burst_send(struct esw *sw, uint8_t first, unsigned int n)
{
	static const uint16_t two[] = { 20 };
	struct rte_mbuf *m[64];

	for (unsigned int i = 0; i < n; i++) {
		bytes[40] = (uint8_t)(first + i);
		m[i] = rig_chain(rig_pool(RIG_2K), bytes, 60, two, random() % 8 == 0);
	}
	assert_int_equal(esw_tx_burst(sw->ep[VF0].txq[0], m, (uint16_t)n), n);
}

/* They come in order, in one queue. */
static void
burst_recv(const struct esw *sw, uint16_t k, uint8_t first, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct rte_mbuf *m = rig_recv(sw->ep[VF1].rxq[k]);

		assert_non_null(m);
		assert_int_equal(*rte_pktmbuf_mtod_offset(m, uint8_t *, 40), (uint8_t)(first + i));
		rte_pktmbuf_free(m);
	}
	assert_null(rig_recv(sw->ep[VF1].rxq[k]));
}

/*
 * Queue 0 alone, then with others, and back: each way of sending goes on where the other one
 * stopped. Numbers of frames are such that the lane goes round many times.
 */
static void
queues_come_and_go(void **state)
{
	struct esw *sw = make(2, RIG_2K);
	struct ip_frame f = { .payload = 20, .src = rig_mac(sw, 0), .dst = rig_mac(sw, 1) };
	struct esw_rss rss = { .types = ESW_RSS_IPV4 }; /* all in queue 0 */
	unsigned int fast = 0;
	uint8_t at = 0;

	RTE_SET_USED(state);
	assert_int_equal(esw_rss_set(sw, VF1, &rss, NULL), 0);
	ip_build(&f, bytes);
	for (unsigned int i = 0; i < 300; i++) {
		unsigned int behind = 0;

		assert_int_equal((sw->gate[VF1] & ESW_GATE_SPREAD) != 0, i % 2 == 0);
		for (unsigned int k = 0; k < 1 + i % 20; k++) {
			unsigned int n = 1 + (unsigned int)random() % 64;

			burst_send(sw, at, n);
			behind += n;
			if (behind + 64 <= RIG_NB_DESC && random() % 3 != 0) {
				at += n;
				continue;
			}
			burst_recv(sw, 0, (uint8_t)(at + n - behind), behind);
			at += n;
			behind = 0;
		}
		burst_recv(sw, 0, (uint8_t)(at - behind), behind);
		fast += i % 2 == 0 && was_fast(sw, 0);
		if (i % 2 == 0)
			assert_int_equal(esw_rxq_stop(sw->ep[VF1].rxq[1]), 0);
		else
			assert_int_equal(esw_rxq_start(sw->ep[VF1].rxq[1]), 0);
	}
	assert_true(fast > 100);
	rig_free(sw);
}

/* What a lane has no room for is dropped and counted, and no more than that. */
static void
full(void **state)
{
	struct esw *sw = make(2, RIG_2K);
	struct ip_frame f = { .payload = 20, .src = rig_mac(sw, 0), .dst = rig_mac(sw, 1) };

	RTE_SET_USED(state);
	ip_build(&f, bytes);
	for (unsigned int round = 0; round < 5; round++) {
		for (unsigned int i = 0; i < RIG_NB_DESC / 64 + 2; i++)
			burst_send(sw, (uint8_t)(64 * i), 64);
		burst_recv(sw, 0, 0, RIG_NB_DESC);
	}
	assert_int_equal(rig_fate(sw, VF1, ESW_RX_DELIVERED), 5 * RIG_NB_DESC);
	assert_int_equal(rig_fate(sw, VF1, ESW_RX_FULL), 5 * 128);
	rig_free(sw);
}

/* A sender that was killed in a burst: its successor does not tell of frames that never were. */
static void
sender_dies_before_the_doorbell(void **state)
{
	struct esw *sw = make(2, RIG_2K);
	struct ip_frame f = { .payload = 20, .src = rig_mac(sw, 0), .dst = rig_mac(sw, 1) };
	struct esw_txq *tx = sw->ep[VF0].txq[0];
	struct esw_to *to;

	RTE_SET_USED(state);
	ip_build(&f, bytes);
	burst_send(sw, 0, 10);
	burst_recv(sw, 0, 0, 10);
	to = &tx->to[0][VF1];
	assert_int_equal(to->mine, *to->bell);
	to->mine = esw_bell_make(esw_bell_count(to->mine) + 3, esw_bell_pos(to->mine) + 3);
	to->open = true;
	assert_int_equal(esw_txq_adopt(tx), 0);
	burst_send(sw, 10, 10);
	burst_recv(sw, 0, 10, 10);
	rig_free(sw);
}

/* A queue with a wish of its own, and lengths that one queue's buffers do not hold: not plain. */
static void
not_plain(void **state)
{
	struct rte_mempool *small = rig_pool_make("spread_small", 63, 0,
						  RTE_PKTMBUF_HEADROOM + 100);
	struct esw *sw = make(1, RIG_2K);
	struct ip_frame f = { .payload = 200, .src = rig_mac(sw, 0), .dst = rig_mac(sw, 1) };

	RTE_SET_USED(state);
	rig_rx(sw, VF1, 1, small, 0);
	ip_build(&f, bytes);
	rig_send(sw->ep[VF0].txq[0], rig_chain(rig_pool(RIG_2K), bytes, f.len, NULL, 0));
	assert_false(was_fast(sw, 0));
	assert_int_equal(rig_drain(sw->ep[VF1].rxq[0]), 1);
	assert_int_equal(esw_rxq_flags_set(sw->ep[VF1].rxq[1], ESW_RXQ_RSS_HASH), 0);
	burst_send(sw, 0, 1);
	assert_false(was_fast(sw, 0));
	assert_int_equal(esw_rxq_flags_set(sw->ep[VF1].rxq[1], 0), 0);
	burst_send(sw, 1, 20);
	assert_true(was_fast(sw, 0));
	burst_recv(sw, 0, 0, 21);
	rig_free(sw);
	rte_mempool_free(small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base),      cmocka_unit_test(avx2),
		cmocka_unit_test(avx512),    cmocka_unit_test(queues_come_and_go),
		cmocka_unit_test(full),      cmocka_unit_test(sender_dies_before_the_doorbell),
		cmocka_unit_test(not_plain),
	};

	return cmocka_run_group_tests_name("spread", tests, rig_setup, rig_teardown);
}
