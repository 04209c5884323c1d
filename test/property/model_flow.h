/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _MODEL_FLOW_H_
#define _MODEL_FLOW_H_

/*
 * Flow rules once more, written to be read: doc/semantics.md section 7.
 *
 * Rules lie in a list in the order in which they were made, and each frame is compared with each
 * of them. Nothing is shared with the e-switch's engine but the values of flow.h and flow_key.h in
 * which a rule is given. Edits are made on all octets of the frame.
 *
 * What surprises:
 * - of a port that the e-switch chooses by a hash (ESW_FLOW_ENCAP with `entropy`) the model knows
 *   only where it lies: struct model_bytes remembers that, and the octets are zero;
 * - no time passes: ESW_FLOW_AGE does nothing and every meter lets everything pass; a sample takes
 *   every frame, whatever its ratio.
 *
 * Thread-safety: none; one thread per model.
 */
#include "flow.h"
#include "model.h"

/* A rule. */
struct model_flow {
	struct esw_flow_spec spec; /* its pointers point into this struct */
	struct esw_flow_match match;
	struct esw_flow_act act[ESW_FLOW_ACTS_MAX];
	struct esw_flow_rss rss;
	uint8_t encap[ESW_FLOW_ACTS_MAX][ESW_FLOW_ENCAP_MAX];
	uint64_t made; /* which rule of this model it is */
	struct esw_flow_stats stats;
};

/* Where headers lie, octets from the frame's start; -1 = there is none. */
struct model_heads {
	union esw_flow_key key; /* what a rule can match */
	int l3, l4;             /* the outer ones */
	int inner;              /* the frame inside VXLAN */
};

/* Control. Rules that the e-switch refuses for their form are not given to the model. */

/* @return the rule; NULL: there is one with this table, priority and match */
struct model_flow *model_flow_create(struct model *m, const struct esw_flow_spec *spec);
void model_flow_destroy(struct model *m, struct model_flow *r);
/* All rules of an owner. @return how many there were */
unsigned int model_flow_flush(struct model *m, unsigned int owner);
void model_flow_free_all(struct model *m);
/* What a rule's own counter says, or a shared one's. */
struct esw_flow_stats *model_flow_stats(struct model *m, struct model_flow *r,
					const struct esw_flow_counter *shared);

/* Between the model's files. */

/* model_flow_match.c */
void model_heads_read(const struct model *m, const uint8_t *b, uint32_t len, struct model_heads *h);
bool model_flow_matches(const struct model *m, const struct esw_flow_match *match,
			const struct model_heads *h);
/* The best rule of a table that matches and comes after `after` (NULL: of all); or NULL. */
struct model_flow *model_flow_find(const struct model *m, unsigned int ep, enum esw_flow_side side,
				   uint32_t group, const struct model_bytes *f,
				   const struct model_flow *after);

/* model_flow_edit.c, model_flow_sum.c: one edit; another fate than forwarded ends the frame. */
enum esw_fate model_flow_edit(const struct model *m, struct model_bytes *f,
			      const struct esw_flow_act *a);
enum esw_fate model_flow_edit_ip(const struct model *m, struct model_bytes *f,
				 const struct esw_flow_act *a);

/* model_flow_act.c: the rules' part in a frame's way. */
struct model_way {
	unsigned int from;
	struct model_bytes f; /* as it now is */
	struct model_mark mark;
	bool served; /* a port was */
	struct model_out *out;
};

/* @param route  out: section 5 decides about w->f */
enum esw_fate model_flow_transfer(struct model *m, struct model_way *w, bool *route);
/* @param by_port  a port action sends the frame here */
enum esw_fate model_flow_local(struct model *m, unsigned int ep, const struct model_bytes *f,
			       bool by_port, struct model_delivery *d);

#endif /* _MODEL_FLOW_H_ */
