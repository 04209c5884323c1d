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
};

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

/* Publish what was put into `slots` slots from `pos`, which was found by esw_lane_next(). */
static inline void
esw_lane_push(struct esw_to *to, uint16_t pos, uint16_t slots, uint32_t bytes)
{
	uint16_t end = pos + slots;

	to->packets++;
	to->bytes += bytes;
	if (end > to->lane->cap)
		end -= to->lane->cap;
	__atomic_store_n(to->bell, esw_bell_make(esw_bell_count(*to->bell) + slots, end),
			 __ATOMIC_RELEASE);
}

#endif /* _ESW_DELIVER_H_ */
