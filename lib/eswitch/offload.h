/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_OFFLOAD_H_
#define _ESW_OFFLOAD_H_

/*
 * What a sender asks the NIC to do with a frame: insert a VLAN tag, compute checksums, segment.
 *
 * Tags and checksums are written before the frame is judged, so every receiver sees a finished
 * frame. TSO is left for the receiver's side to decide (whole to a VF with LRO, segments
 * elsewhere). rte_gso is not used: 22.11's knows no TCP over IPv6.
 *
 * Pure functions of the mbuf; safe from any thread that owns it.
 */
#include "device.h"

#define ESW_OL_MASK \
	(RTE_MBUF_F_TX_VLAN | RTE_MBUF_F_TX_QINQ | RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_UDP_SEG | \
	 RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_L4_MASK | RTE_MBUF_F_TX_OUTER_IP_CKSUM | \
	 RTE_MBUF_F_TX_OUTER_UDP_CKSUM | RTE_MBUF_F_TX_TUNNEL_MASK | RTE_MBUF_F_TX_MACSEC | \
	 RTE_MBUF_F_TX_SEC_OFFLOAD | RTE_MBUF_F_TX_IEEE1588_TMST)

/* What this NIC does; anything else asked for is refused. */
#define ESW_OL_KNOWN \
	(RTE_MBUF_F_TX_VLAN | RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IP_CKSUM | \
	 RTE_MBUF_F_TX_L4_MASK)

/*
 * Does the request make sense for this frame? 0 or -EINVAL/-ENOTSUP. The frame's form was
 * checked.
 */
int esw_offload_check(const struct rte_mbuf *m);

/*
 * Do what is asked. The mbuf may be replaced by a private copy (of its own pool) if it is shared.
 * @param rx_flags  out: RTE_MBUF_F_RX_*_CKSUM_GOOD for what was computed
 * @return 0; -ENOMEM no buffer for the copy; -EINVAL, -ENOTSUP see esw_offload_check()
 */
int esw_offload_apply(struct rte_mbuf **mp, uint64_t *rx_flags);

/*
 * Cut a TSO frame: segment `index` as a new mbuf of the frame's own pool, headers and checksums
 * made right.
 * @return the segment; NULL no buffer
 */
struct rte_mbuf *esw_tso_segment(const struct rte_mbuf *m, uint32_t index);
uint32_t esw_tso_count(const struct rte_mbuf *m);

static inline uint32_t
esw_tso_headers(const struct rte_mbuf *m)
{
	return m->l2_len + m->l3_len + m->l4_len;
}

#endif /* _ESW_OFFLOAD_H_ */
