/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VF_PAIR_H_
#define _VF_PAIR_H_

/*
 * VF 0 that sends to VF 1, and what VF 1 may count on in every mbuf that it gets.
 *
 * Thread-safety: the test's thread alone.
 */
#include <string.h>

#include "rig.h"

#define VF1 (ESW_EP_VF0 + 1)

struct vf_pair {
	struct esw *sw;
	struct esw_txq *tx;
	struct esw_rxq *rx;
	uint64_t src, dst;
};

/* VF 0 sends to VF 1. */
static inline struct vf_pair
vf_pair_make(struct rte_mempool *mp, uint32_t flags)
{
	struct vf_pair p = { .sw = rig_switch(ESW_MODE_VEB, 3) };

	p.tx = rig_tx(p.sw, ESW_EP_VF0, 0);
	p.rx = rig_rx(p.sw, VF1, 0, mp, flags);
	p.src = rig_mac(p.sw, 0);
	p.dst = rig_mac(p.sw, 1);
	for (uint16_t vf = 0; vf < 2; vf++)
		rig_policy(p.sw, vf, ESW_F_MTU, "9000");
	return p;
}

static inline struct rte_mbuf *
vf_pair_frame(const struct vf_pair *p, enum rig_pool pool, uint32_t len)
{
	return rig_frame(rig_pool(pool), p->dst, p->src, len);
}

/* What every receiver may count on. */
static inline void
vf_pair_check(const struct vf_pair *p, const struct rte_mbuf *m, const uint8_t *want, uint32_t len)
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

/* Send `m`; VF 1 must get the same octets in another mbuf. */
static inline void
vf_pair_copies(const struct vf_pair *p, struct rte_mbuf *m, unsigned int segs)
{
	static uint8_t want[RIG_FRAME_MAX];
	uint32_t len = rig_bytes(m, want);
	struct rte_mbuf *got;

	rig_send(p->tx, m);
	got = rig_recv(p->rx);
	assert_ptr_not_equal(got, m);
	vf_pair_check(p, got, want, len);
	assert_int_equal(got->nb_segs, segs);
	rte_pktmbuf_free(got);
}

static inline void
vf_pair_bytes(const struct vf_pair *p, uint8_t *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	esw_mac48_to_addr(p->dst, (struct rte_ether_addr *)bytes);
	esw_mac48_to_addr(p->src, (struct rte_ether_addr *)(bytes + 6));
	bytes[12] = 0x88;
	bytes[13] = 0xb5;
}

#endif /* _VF_PAIR_H_ */
