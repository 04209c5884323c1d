/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FLOW_REF_H_
#define _FLOW_REF_H_

/*
 * The edits of flow rules a second time, slow: on the whole frame, octet by octet, with checksums
 * computed anew. Nothing is shared with lib/eswitch but the action's values. And the two ends of
 * the real ones: a front of a frame, and the frame that it makes.
 */
#include <stdint.h>

#include "flow_edit.h"
#include "flow_frames.h"

#define REF_MAX 4096

struct ref {
	uint32_t n;
	uint8_t b[REF_MAX];
};

/* Where the outermost headers are; 0 = there is none. */
struct ref_at {
	uint32_t l3, l4;
	uint8_t version; /* 4, 6, 0 */
	uint8_t proto;
};

struct ref_at ref_find(const struct ref *r);

/* Fill in lengths and right checksums of the outermost headers; a UDP checksum of 0 stays if so. */
void ref_lengths(struct ref *r);
void ref_cksums(struct ref *r, bool udp_too);

/* @return as of esw_flow_edit(), but for want of room; ENCAP without entropy */
int ref_edit(struct ref *r, const struct esw_flow_act *a);

/* The front of a frame as the e-switch begins with it. */
void ref_front(struct esw_flow_front *f, const struct ref *r);

/* The frame that the front and the sender's frame make. */
void ref_join(const struct esw_flow_front *f, const struct ref *sent, struct ref *out);

/* Edit a front and compare with the reference's frame, which is edited as well. */
void ref_same(struct esw_flow_front *f, const struct ref *sent, struct ref *want,
	      const struct esw_flow_act *a);

#endif /* _FLOW_REF_H_ */
