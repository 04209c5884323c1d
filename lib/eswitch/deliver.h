/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_DELIVER_H_
#define _ESW_DELIVER_H_

/*
 * The last steps: into the buffer and the queue of one receiver. The slow path uses
 * esw_deliver(); the fast path does the common case itself with esw_lane_push(). Called inside a
 * burst of the sender.
 */
#include "device.h"

/* One frame on its way to one or more receivers. */
struct esw_send {
	struct esw_txq *q;
	struct rte_mbuf *m; /* as sent; NULL once it was moved */
	struct esw_frame f;
	struct esw_edit e; /* makes the switch-side frame */
	struct esw_side s; /* which is this */
	uint64_t rx_flags; /* checksums known to be good */
	bool isolated;     /* the sender is an isolated VF */
	bool tso;
	bool by_rule; /* a flow rule sends it there */
	/* by flow rules: the frame's first octets if they are others than the mbuf's, and a mark */
	struct esw_flow_front *front;
	uint32_t mark;
	uint64_t mark_flags; /* RTE_MBUF_F_RX_FDIR, RTE_MBUF_F_RX_FDIR_ID */
};

/*
 * Octets [at, at + n) of the frame with an edit made. From octet 0 as much as addresses and a tag
 * must be asked for at once.
 */
void esw_send_read(const struct esw_send *s, const struct esw_edit *e, uint32_t at, uint8_t *to,
		   uint32_t n);

/*
 * The first octets of the edited frame in one piece: where they lie, or copied to `buf` (of
 * ESW_FLOW_LOOK octets).
 * @param len  of the whole frame as edited
 * @param n    out: ESW_FLOW_LOOK or the whole frame
 */
const uint8_t *esw_send_head(const struct esw_send *s, const struct esw_edit *e, uint32_t len,
			     uint8_t *buf, uint32_t *n);

/*
 * Give the frame to `ep`: policy of a VF, then its queue; counts the fate. `last`: the mbuf
 * itself may go.
 */
void esw_deliver(struct esw_send *s, uint16_t ep, bool last);

static inline void
esw_at_count(struct esw_txq *q, uint16_t ep, enum esw_fate f)
{
	q->at[ep].n[f - ESW_FATE_RX_FIRST]++;
}

/* Before the first frame of a lane: the receiver must know that it has to look there. */
static inline void
esw_lane_open(struct esw_rxq *r, uint16_t id)
{
	__atomic_fetch_or(&r->groups, UINT64_C(1) << (id / ESW_LANE_GROUP % 64), __ATOMIC_ACQ_REL);
}

/* Publish what was put into `slots` slots from `pos`, which was found by esw_lane_next(). */
static inline void
esw_lane_push(struct esw_to *to, uint16_t pos, uint16_t slots, uint32_t bytes)
{
	uint16_t end = pos + slots;

	to->packets++;
	to->bytes += bytes;
	if (end > to->lane->cap)
		end -= to->lane->cap;
	to->mine = esw_bell_make(esw_bell_count(*to->bell) + slots, end);
	__atomic_store_n(to->bell, to->mine, __ATOMIC_RELEASE);
}

#endif /* _ESW_DELIVER_H_ */
