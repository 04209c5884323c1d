/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Whose mbufs a receiver gets: moved, copied, cut up, and never one of another's pool. */
#include <string.h>

#include <rte_malloc.h>

#include "rig.h"

#define VF1 (ESW_EP_VF0 + 1)

struct pair {
	struct esw *sw;
	struct esw_txq *tx;
	struct esw_rxq *rx;
	uint64_t src, dst;
};

/* VF 0 sends to VF 1. */
static struct pair
pair_make(struct rte_mempool *mp, uint32_t flags)
{
	struct pair p = { .sw = rig_switch(ESW_MODE_VEB, 3) };

	p.tx = rig_tx(p.sw, ESW_EP_VF0, 0);
	p.rx = rig_rx(p.sw, VF1, 0, mp, flags);
	p.src = rig_mac(p.sw, 0);
	p.dst = rig_mac(p.sw, 1);
	for (uint16_t vf = 0; vf < 2; vf++)
		rig_policy(p.sw, vf, ESW_F_MTU, "9000");
	return p;
}

static struct rte_mbuf *
frame(const struct pair *p, enum rig_pool pool, uint32_t len)
{
	return rig_frame(rig_pool(pool), p->dst, p->src, len);
}

/* What every receiver may count on. */
static void
check_received(const struct pair *p, const struct rte_mbuf *m, const uint8_t *want, uint32_t len)
{
	static uint8_t got[RIG_FRAME_MAX];
	unsigned int segs = 0;

	assert_non_null(m);
	assert_int_equal(m->pkt_len, len);
	assert_int_equal(m->port, 100 + VF1);
	assert_true(rte_pktmbuf_headroom(m) >= 64);
	assert_int_equal(rig_bytes(m, got), len);
	assert_memory_equal(got, want, len);
	for (const struct rte_mbuf *s = m; s != NULL; s = s->next, segs++) {
		assert_ptr_equal(s->pool, p->rx->mp);
		assert_true(RTE_MBUF_DIRECT(s));
		assert_int_equal(rte_mbuf_refcnt_read(s), 1);
	}
	assert_int_equal(m->nb_segs, segs);
}

static void
same_pool_is_moved(void **state)
{
	RTE_SET_USED(state);
	for (int fast = 0; fast < 2; fast++) {
		struct pair p = pair_make(rig_pool(RIG_2K), 0);
		struct rte_mbuf *m = frame(&p, RIG_2K, 100), *got;
		uint8_t want[100];

		if (!fast)
			rig_policy(p.sw, 0, ESW_F_SPOOFCHK, "off");
		rig_bytes(m, want);
		rig_send(p.tx, m);
		got = rig_recv(p.rx);
		assert_ptr_equal(got, m);
		check_received(&p, got, want, sizeof(want));
		rte_pktmbuf_free(got);
		rig_free(p.sw);
	}
}

/* A tag goes in and out of a moved mbuf. */
static void
moved_with_a_tag(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = frame(&p, RIG_2K, 100), *got;
	uint8_t want[104], bytes[104];

	RTE_SET_USED(state);
	rig_policy(p.sw, 0, ESW_F_VLAN, "access 5");
	rig_policy(p.sw, 1, ESW_F_VLAN, "all");
	rig_bytes(m, bytes);
	memcpy(want, bytes, 12);
	memcpy(want + 12, (const uint8_t[]){ 0x81, 0, 0, 5 }, 4);
	memcpy(want + 16, bytes + 12, 88);
	rig_send(p.tx, m);
	got = rig_recv(p.rx);
	assert_ptr_equal(got, m);
	check_received(&p, got, want, sizeof(want));
	rte_pktmbuf_free(got);
	rig_free(p.sw);
}

/* Send `m`; VF 1 must get the same octets in another mbuf. */
static void
expect_copy(const struct pair *p, struct rte_mbuf *m, unsigned int segs)
{
	static uint8_t want[RIG_FRAME_MAX];
	uint32_t len = rig_bytes(m, want);
	struct rte_mbuf *got;

	rig_send(p->tx, m);
	got = rig_recv(p->rx);
	assert_ptr_not_equal(got, m);
	check_received(p, got, want, len);
	assert_int_equal(got->nb_segs, segs);
	rte_pktmbuf_free(got);
}

static void
other_pool_is_copied(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);

	RTE_SET_USED(state);
	expect_copy(&p, frame(&p, RIG_OTHER, 100), 1);
	expect_copy(&p, frame(&p, RIG_OTHER, 14), 1);
	rig_free(p.sw);
}

static void
shared_is_copied(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = frame(&p, RIG_2K, 100);
	uint8_t before[100], after[100];

	RTE_SET_USED(state);
	rig_bytes(m, before);
	rte_mbuf_refcnt_update(m, 1);
	expect_copy(&p, m, 1);
	assert_int_equal(rte_mbuf_refcnt_read(m), 1); /* the other holder's */
	rig_bytes(m, after);
	assert_memory_equal(before, after, sizeof(before));
	rte_pktmbuf_free(m);
	rig_free(p.sw);
}

static void
indirect_is_copied(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = frame(&p, RIG_2K, 100);
	struct rte_mbuf *clone = rte_pktmbuf_clone(m, rig_pool(RIG_2K));

	RTE_SET_USED(state);
	assert_non_null(clone);
	expect_copy(&p, clone, 1);
	assert_int_equal(rte_mbuf_refcnt_read(m), 1);
	rte_pktmbuf_free(m);
	rig_free(p.sw);
}

static void
ext_free(void *addr, void *arg)
{
	unsigned int *calls = arg;

	RTE_SET_USED(addr);
	(*calls)++;
}

static void
external_is_copied_and_released(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *from = frame(&p, RIG_OTHER, 200), *m = rte_pktmbuf_alloc(rig_pool(RIG_2K));
	struct rte_mbuf_ext_shared_info *info;
	uint8_t *room = rte_malloc(NULL, 1024, 64);
	unsigned int calls = 0;
	uint16_t len = 1024;

	RTE_SET_USED(state);
	info = rte_pktmbuf_ext_shinfo_init_helper(room, &len, ext_free, &calls);
	assert_non_null(info);
	rte_pktmbuf_attach_extbuf(m, room, rte_malloc_virt2iova(room), len, info);
	m->data_off = 128;
	rig_bytes(from, (uint8_t *)rte_pktmbuf_append(m, 200));
	rte_pktmbuf_free(from);
	expect_copy(&p, m, 1);
	assert_int_equal(calls, 1);
	rte_free(room);
	rig_free(p.sw);
}

static void
little_headroom_is_copied(void **state)
{
	static const uint16_t offs[] = { 0, 1, 63 };

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RTE_DIM(offs); i++) {
		struct pair p = pair_make(rig_pool(RIG_2K), 0);
		struct rte_mbuf *m = frame(&p, RIG_2K, 100);
		uint8_t bytes[100];

		rig_bytes(m, bytes);
		m->data_off = offs[i];
		memcpy(rte_pktmbuf_mtod(m, void *), bytes, sizeof(bytes));
		expect_copy(&p, m, 1);
		rig_free(p.sw);
	}
}

static void
make_bytes(const struct pair *p, uint8_t *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	esw_mac48_to_addr(p->dst, (struct rte_ether_addr *)bytes);
	esw_mac48_to_addr(p->src, (struct rte_ether_addr *)(bytes + 6));
	bytes[12] = 0x88;
	bytes[13] = 0xb5;
}

static void
segments_become_one(void **state)
{
	static const uint16_t cuts[][4] = {
		{ 700, 700 }, { 1, 1, 1, 1 }, { 12, 2, 3 }, { 13, 1 }, { 30, 0, 30 },
	};
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	static uint8_t bytes[2000];

	RTE_SET_USED(state);
	make_bytes(&p, bytes, sizeof(bytes));
	for (unsigned int i = 0; i < RTE_DIM(cuts); i++) {
		unsigned int n = cuts[i][3] != 0 ? 4 : cuts[i][2] != 0 ? 3 : 2;

		expect_copy(&p, rig_chain(rig_pool(RIG_2K), bytes, sizeof(bytes), cuts[i], n), 1);
		expect_copy(&p, rig_chain(rig_pool(RIG_OTHER), bytes, sizeof(bytes), cuts[i], n), 1);
	}
	rig_free(p.sw);
}

static void
segments_are_moved_with_scatter(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), ESW_RXQ_SCATTER);
	const uint16_t cuts[] = { 100, 700 };
	static uint8_t bytes[2000];
	struct rte_mbuf *m, *got;

	RTE_SET_USED(state);
	make_bytes(&p, bytes, sizeof(bytes));
	m = rig_chain(rig_pool(RIG_2K), bytes, sizeof(bytes), cuts, 2);
	rig_send(p.tx, m);
	got = rig_recv(p.rx);
	assert_ptr_equal(got, m);
	assert_int_equal(got->nb_segs, 3);
	check_received(&p, got, bytes, sizeof(bytes));
	rte_pktmbuf_free(got);
	/* One segment of another's makes the whole a copy. */
	m = rig_chain(rig_pool(RIG_2K), bytes, 100, NULL, 0);
	assert_int_equal(rte_pktmbuf_chain(m, rig_chain(rig_pool(RIG_OTHER), bytes, 100, NULL, 0)),
			 0);
	expect_copy(&p, m, 1);
	rig_free(p.sw);
}

static void
large_frames_need_scatter(void **state)
{
	static uint8_t bytes[9000];

	RTE_SET_USED(state);
	for (int scatter = 0; scatter < 2; scatter++) {
		struct pair p = pair_make(rig_pool(RIG_2K), scatter ? ESW_RXQ_SCATTER : 0);

		make_bytes(&p, bytes, sizeof(bytes));
		if (scatter) {
			expect_copy(&p, rig_chain(rig_pool(RIG_OTHER), bytes, 2048, NULL, 0), 1);
			expect_copy(&p, rig_chain(rig_pool(RIG_OTHER), bytes, 2049, NULL, 0), 2);
			expect_copy(&p, rig_chain(rig_pool(RIG_OTHER), bytes, 9000, NULL, 0), 5);
		} else {
			rig_send(p.tx, rig_chain(rig_pool(RIG_OTHER), bytes, 2048, NULL, 0));
			rte_pktmbuf_free(rig_recv(p.rx));
			rig_send(p.tx, rig_chain(rig_pool(RIG_OTHER), bytes, 2049, NULL, 0));
			rig_send(p.tx, rig_chain(rig_pool(RIG_2K), bytes, 2049, NULL, 0));
			assert_null(rig_recv(p.rx));
			assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_TOO_BIG), 2);
			assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_DELIVERED), 1);
		}
		rig_free(p.sw);
	}
}

static void
paint(struct rte_mempool *mp, void *arg, void *obj, unsigned int i)
{
	RTE_SET_USED(mp);
	RTE_SET_USED(arg);
	memset(rte_mbuf_to_priv(obj), 0x5a ^ (uint8_t)i, 576);
}

static void
check_paint(struct rte_mempool *mp, void *arg, void *obj, unsigned int i)
{
	const uint8_t *priv = rte_mbuf_to_priv(obj);
	unsigned int *bad = arg;

	RTE_SET_USED(mp);
	for (unsigned int k = 0; k < 576; k++)
		*bad += priv[k] != (0x5a ^ (uint8_t)i);
}

/* OVS keeps a structure of its own in there. */
static void
private_area_is_not_touched(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_PRIV), ESW_RXQ_SCATTER | ESW_RXQ_PTYPE);
	static uint8_t bytes[9000];
	unsigned int bad = 0;

	RTE_SET_USED(state);
	rte_mempool_obj_iter(rig_pool(RIG_PRIV), paint, NULL);
	make_bytes(&p, bytes, sizeof(bytes));
	expect_copy(&p, frame(&p, RIG_2K, 100), 1);
	expect_copy(&p, rig_chain(rig_pool(RIG_2K), bytes, sizeof(bytes), NULL, 0), 5);
	rig_send(p.tx, frame(&p, RIG_PRIV, 100));
	assert_int_equal(rig_drain(p.rx), 1);
	rte_mempool_obj_iter(rig_pool(RIG_PRIV), check_paint, &bad);
	assert_int_equal(bad, 0);
	rig_free(p.sw);
}

static void
broadcast_gives_each_its_own(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct esw_rxq *rx2 = rig_rx(p.sw, VF1 + 1, 0, rig_pool(RIG_2K), 0);
	struct rte_mbuf *m, *a, *b;
	uint8_t want[100], got[100];

	RTE_SET_USED(state);
	m = rig_frame(rig_pool(RIG_2K), ESW_MAC_BCAST, p.src, sizeof(want));
	rig_bytes(m, want);
	rig_send(p.tx, m);
	a = rig_recv(p.rx);
	b = rig_recv(rx2);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
	check_received(&p, a, want, sizeof(want));
	rig_bytes(b, got);
	assert_memory_equal(want, got, sizeof(want));
	rte_pktmbuf_free(a);
	rte_pktmbuf_free(b);
	rig_free(p.sw);
}

static void
empty_pool_is_a_drop(void **state)
{
	struct rte_mempool *mp = rig_pool_make("few", 3, 0, RTE_MBUF_DEFAULT_BUF_SIZE);
	struct pair p = pair_make(mp, ESW_RXQ_SCATTER);
	static uint8_t bytes[9000];

	RTE_SET_USED(state);
	make_bytes(&p, bytes, sizeof(bytes));
	rig_send(p.tx, rig_chain(rig_pool(RIG_2K), bytes, 9000, NULL, 0)); /* needs 5 */
	assert_int_equal(rte_mempool_avail_count(mp), 3);
	for (unsigned int i = 0; i < 5; i++)
		rig_send(p.tx, frame(&p, RIG_2K, 100));
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_NO_BUFFER), 3);
	assert_int_equal(rig_drain(p.rx), 3);
	expect_copy(&p, frame(&p, RIG_2K, 100), 1);
	assert_int_equal(rte_mempool_avail_count(mp), 3);
	rig_free(p.sw);
	rte_mempool_free(mp);
}

/* A tag is asked for in an mbuf that may not be written, and the sender's pool has no more. */
static void
no_buffer_to_change_in(void **state)
{
	struct rte_mempool *mp = rig_pool_make("one", 1, 0, RTE_MBUF_DEFAULT_BUF_SIZE);
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = rig_frame(mp, p.dst, p.src, 100);

	RTE_SET_USED(state);
	m->ol_flags = RTE_MBUF_F_TX_VLAN;
	rte_mbuf_refcnt_update(m, 1);
	rig_send(p.tx, m);
	assert_int_equal(rig_fate(p.sw, ESW_EP_VF0, ESW_TX_NO_BUFFER), 1);
	assert_int_equal(rte_mbuf_refcnt_read(m), 1);
	rte_pktmbuf_free(m);
	rig_free(p.sw);
	rte_mempool_free(mp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_pool_is_moved),
		cmocka_unit_test(moved_with_a_tag),
		cmocka_unit_test(other_pool_is_copied),
		cmocka_unit_test(shared_is_copied),
		cmocka_unit_test(indirect_is_copied),
		cmocka_unit_test(external_is_copied_and_released),
		cmocka_unit_test(little_headroom_is_copied),
		cmocka_unit_test(segments_become_one),
		cmocka_unit_test(segments_are_moved_with_scatter),
		cmocka_unit_test(large_frames_need_scatter),
		cmocka_unit_test(private_area_is_not_touched),
		cmocka_unit_test(broadcast_gives_each_its_own),
		cmocka_unit_test(empty_pool_is_a_drop),
		cmocka_unit_test(no_buffer_to_change_in),
	};

	return cmocka_run_group_tests_name("mbufs", tests, rig_setup, rig_teardown);
}
