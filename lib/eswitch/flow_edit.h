/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_EDIT_H_
#define _ESW_FLOW_EDIT_H_

/*
 * Header edits of flow rules, on a copy of a frame's first octets.
 *
 * The edited frame is front->p[0 .. n) followed by the sender's frame from octet `cut` on: the
 * payload is never touched, and the sender's mbuf stays as it is until the frame is known to be the
 * receiver's. Checksums are kept right by difference (RFC 1624 eqn. 3, RFC 768 for a UDP checksum
 * of zero: none was computed, none is made): a checksum that was wrong stays as wrong as it was.
 *
 * What surprises: the first edit copies as many octets as ESW_FLOW_LOOK asks, even of a short
 * header; so `cut` is at first that number or the whole frame. Headers that a DECAP uncovers are
 * edited only as far as they lie in the front: see esw_flow_front_more(). ESW_FLOW_FRONT_HEAD
 * octets may be put in front of a frame in all; what a POP_VLAN or DECAP took off makes no room,
 * for whether it could would depend on the frame's length.
 *
 * Thread-safety: pure functions of the front.
 */
#include "flow.h"

/* Room before the copied octets: two encapsulations and two tags. */
#define ESW_FLOW_FRONT_HEAD (ESW_FLOW_FRONT - ESW_FLOW_LOOK)

struct esw_flow_front {
	uint8_t *p;   /* first octet of the frame, in buf */
	uint16_t n;   /* octets at p */
	uint16_t put; /* octets put in front so far; 0 at first */
	uint32_t cut; /* octets of the sender's frame that they stand for */
	uint32_t len; /* octets of the whole frame as edited */
	uint8_t buf[ESW_FLOW_FRONT];
};

/*
 * Do one edit (ESW_FLOW_POP_VLAN to ESW_FLOW_DECAP).
 * An edit for which the frame has no place (POP_VLAN of an untagged frame, SET_SPORT where l4 is
 * neither TCP nor UDP, SET_IP4 of what is not IPv4 ...) changes nothing and is no error.
 * Of ENCAP the header fields are fixed as far as the headers lie whole in its octets.
 * @return 0; -EDOM: DEC_TTL of 1 or 0; -ENOSPC: no room, or the frame would be longer than 65535
 *         octets or shorter than 14; the front is then as it was
 */
int esw_flow_edit(struct esw_flow_front *f, const struct esw_flow_act *a);

/*
 * A DECAP leaves fewer octets at p than are looked at, be it none. Whoever has the sender's frame
 * may put the next ones behind them, and then add their number to n and to cut.
 * @param more  out: how many, so that n becomes ESW_FLOW_LOOK or the whole frame; 0 = none
 * @return where they belong; p may have moved
 */
uint8_t *esw_flow_front_more(struct esw_flow_front *f, uint16_t *more);

#endif /* _ESW_FLOW_EDIT_H_ */
