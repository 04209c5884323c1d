/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Frames in several segments, or larger than one buffer of the receiver. */
#include "vf_pair.h"

static void
segments_become_one(void **state)
{
	static const uint16_t cuts[][4] = {
		{ 700, 700 }, { 1, 1, 1, 1 }, { 12, 2, 3 }, { 13, 1 }, { 30, 0, 30 },
	};
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), 0);
	static uint8_t bytes[2000];

	RTE_SET_USED(state);
	vf_pair_bytes(&p, bytes, sizeof(bytes));
	for (unsigned int i = 0; i < RTE_DIM(cuts); i++) {
		unsigned int n = cuts[i][3] != 0 ? 4 : cuts[i][2] != 0 ? 3 : 2;

		vf_pair_copies(&p, rig_chain(rig_pool(RIG_2K), bytes, sizeof(bytes), cuts[i], n),
			       1);
		vf_pair_copies(&p, rig_chain(rig_pool(RIG_OTHER), bytes, sizeof(bytes), cuts[i], n),
			       1);
	}
	rig_free(p.sw);
}

static void
segments_are_moved_with_scatter(void **state)
{
	struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), ESW_RXQ_SCATTER);
	const uint16_t cuts[] = { 100, 700 };
	static uint8_t bytes[2000];
	struct rte_mbuf *m, *got;

	RTE_SET_USED(state);
	vf_pair_bytes(&p, bytes, sizeof(bytes));
	m = rig_chain(rig_pool(RIG_2K), bytes, sizeof(bytes), cuts, 2);
	rig_send(p.tx, m);
	got = rig_recv(p.rx);
	assert_ptr_equal(got, m);
	assert_int_equal(got->nb_segs, 3);
	vf_pair_check(&p, got, bytes, sizeof(bytes));
	rte_pktmbuf_free(got);
	/* One segment of another's makes the whole a copy. */
	m = rig_chain(rig_pool(RIG_2K), bytes, 100, NULL, 0);
	assert_int_equal(rte_pktmbuf_chain(m, rig_chain(rig_pool(RIG_OTHER), bytes, 100, NULL, 0)),
			 0);
	vf_pair_copies(&p, m, 1);
	rig_free(p.sw);
}

static void
large_frames_need_scatter(void **state)
{
	static uint8_t bytes[9000];

	RTE_SET_USED(state);
	for (int scatter = 0; scatter < 2; scatter++) {
		struct vf_pair p = vf_pair_make(rig_pool(RIG_2K), scatter ? ESW_RXQ_SCATTER : 0);

		vf_pair_bytes(&p, bytes, sizeof(bytes));
		if (scatter) {
			vf_pair_copies(&p, rig_chain(rig_pool(RIG_OTHER), bytes, 2048, NULL, 0), 1);
			vf_pair_copies(&p, rig_chain(rig_pool(RIG_OTHER), bytes, 2049, NULL, 0), 2);
			vf_pair_copies(&p, rig_chain(rig_pool(RIG_OTHER), bytes, 9000, NULL, 0), 5);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_become_one),
		cmocka_unit_test(segments_are_moved_with_scatter),
		cmocka_unit_test(large_frames_need_scatter),
	};

	return cmocka_run_group_tests_name("segments", tests, rig_setup, rig_teardown);
}
