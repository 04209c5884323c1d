/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Whose mbufs a receiver gets: moved or copied, and never one of another's pool. */
#include <string.h>

#include <rte_malloc.h>

#include "vf_pair.h"

static void
same_pool_is_moved(void **state)
{
	RTE_SET_USED(state);
	for (int fast = 0; fast < 2; fast++) {
		struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
		struct rte_mbuf *m = vf_pair_frame(&p, RIG_2K, 100), *got;
		uint8_t want[100];

		if (!fast)
			rig_policy(p.sw, 0, ESW_F_SPOOFCHK, "off");
		rig_bytes(m, want);
		rig_send(p.tx, m);
		got = rig_recv(p.rx);
		assert_ptr_equal(got, m);
		vf_pair_check(&p, got, want, sizeof(want));
		rte_pktmbuf_free(got);
		rig_free(p.sw);
	}
}

/* A tag goes in and out of a moved mbuf. */
static void
moved_with_a_tag(void **state)
{
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = vf_pair_frame(&p, RIG_2K, 100), *got;
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
	vf_pair_check(&p, got, want, sizeof(want));
	rte_pktmbuf_free(got);
	rig_free(p.sw);
}

static void
other_pool_is_copied(void **state)
{
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);

	RTE_SET_USED(state);
	vf_pair_copies(&p, vf_pair_frame(&p, RIG_OTHER, 100), 1);
	vf_pair_copies(&p, vf_pair_frame(&p, RIG_OTHER, 14), 1);
	rig_free(p.sw);
}

static void
shared_is_copied(void **state)
{
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = vf_pair_frame(&p, RIG_2K, 100);
	uint8_t before[100], after[100];

	RTE_SET_USED(state);
	rig_bytes(m, before);
	rte_mbuf_refcnt_update(m, 1);
	vf_pair_copies(&p, m, 1);
	assert_int_equal(rte_mbuf_refcnt_read(m), 1); /* the other holder's */
	rig_bytes(m, after);
	assert_memory_equal(before, after, sizeof(before));
	rte_pktmbuf_free(m);
	rig_free(p.sw);
}

static void
indirect_is_copied(void **state)
{
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *m = vf_pair_frame(&p, RIG_2K, 100);
	struct rte_mbuf *clone = rte_pktmbuf_clone(m, rig_pool(RIG_2K));

	RTE_SET_USED(state);
	assert_non_null(clone);
	vf_pair_copies(&p, clone, 1);
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
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
	struct rte_mbuf *from = vf_pair_frame(&p, RIG_OTHER, 200),
			*m = rte_pktmbuf_alloc(rig_pool(RIG_2K));
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
	vf_pair_copies(&p, m, 1);
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
		struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
		struct rte_mbuf *m = vf_pair_frame(&p, RIG_2K, 100);
		uint8_t bytes[100];

		rig_bytes(m, bytes);
		m->data_off = offs[i];
		memcpy(rte_pktmbuf_mtod(m, void *), bytes, sizeof(bytes));
		vf_pair_copies(&p, m, 1);
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
	struct vf_pair p = vf_pair_make(rig_pool(RIG_PRIV), ESW_RXQ_SCATTER | ESW_RXQ_PTYPE);
	static uint8_t bytes[9000];
	unsigned int bad = 0;

	RTE_SET_USED(state);
	rte_mempool_obj_iter(rig_pool(RIG_PRIV), paint, NULL);
	vf_pair_bytes(&p, bytes, sizeof(bytes));
	vf_pair_copies(&p, vf_pair_frame(&p, RIG_2K, 100), 1);
	vf_pair_copies(&p, rig_chain(rig_pool(RIG_2K), bytes, sizeof(bytes), NULL, 0), 5);
	rig_send(p.tx, vf_pair_frame(&p, RIG_PRIV, 100));
	assert_int_equal(rig_drain(p.rx), 1);
	rte_mempool_obj_iter(rig_pool(RIG_PRIV), check_paint, &bad);
	assert_int_equal(bad, 0);
	rig_free(p.sw);
}

static void
broadcast_gives_each_its_own(void **state)
{
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
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
	vf_pair_check(&p, a, want, sizeof(want));
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
	struct vf_pair p = vf_pair_make(mp, ESW_RXQ_SCATTER);
	static uint8_t bytes[9000];

	RTE_SET_USED(state);
	vf_pair_bytes(&p, bytes, sizeof(bytes));
	rig_send(p.tx, rig_chain(rig_pool(RIG_2K), bytes, 9000, NULL, 0)); /* needs 5 */
	assert_int_equal(rte_mempool_avail_count(mp), 3);
	for (unsigned int i = 0; i < 5; i++)
		rig_send(p.tx, vf_pair_frame(&p, RIG_2K, 100));
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_NO_BUFFER), 3);
	assert_int_equal(rig_drain(p.rx), 3);
	vf_pair_copies(&p, vf_pair_frame(&p, RIG_2K, 100), 1);
	assert_int_equal(rte_mempool_avail_count(mp), 3);
	rig_free(p.sw);
	rte_mempool_free(mp);
}

/* A tag is asked for in an mbuf that may not be written, and the sender's pool has no more. */
static void
no_buffer_to_change_in(void **state)
{
	struct rte_mempool *mp = rig_pool_make("one", 1, 0, RTE_MBUF_DEFAULT_BUF_SIZE);
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
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
		cmocka_unit_test(private_area_is_not_touched),
		cmocka_unit_test(broadcast_gives_each_its_own),
		cmocka_unit_test(empty_pool_is_a_drop),
		cmocka_unit_test(no_buffer_to_change_in),
	};

	return cmocka_run_group_tests_name("mbufs", tests, rig_setup, rig_teardown);
}
