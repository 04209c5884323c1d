/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_RULE_H_
#define _ESW_FLOW_RULE_H_

/*
 * One rule as a piece of memory: struct esw_flow_ctl, struct esw_flow, and behind it the rest of
 * the key, the rule's own counter and age, its actions, what these point to, its intervals.
 *
 * A rule is first made, then put in force. Between the two nobody but its maker sees it; it has
 * references to what it shares with others from the first on.
 *
 * Thread-safety: device mutex held, but where it says otherwise. References are counted atomically:
 * rules of a plan (flow_plan.h) are made without the mutex.
 */
#include "flow_plan.h"
#include "flow_table.h"

/* Offsets in octets from the rule itself. */
struct esw_flow_layout {
	uint32_t counter, age, act, extra, range, end;
};

void esw_flow_layout_make(struct esw_flow_layout *l, const struct esw_flow_spec *s,
			  uint32_t n_words);

/*
 * Write a rule into a piece of memory, all that it uses of it.
 * @param later  bit i: action i is written by somebody else afterwards
 * @return 0; -ENOMEM: what was written is worth nothing, and refers to nothing
 */
int esw_flow_rule_fill(struct esw *sw, struct esw_flow_ctl *c, const struct esw_flow_layout *l,
		       const struct esw_flow_spec *s, struct esw_flow_sub *sub, uint64_t later);

/* Memory for a rule, and the rule in it; NULL: no memory. */
struct esw_flow *esw_flow_rule_new(struct esw *sw, const struct esw_flow_spec *s);
/* The rule's key, and its hash; any thread, like the next three. */
void esw_flow_key_make(struct esw_flow *r, const struct esw_flow_sub *sub,
		       const union esw_flow_key *key);
/* An object of the rule's own, where the action has none; and the rule knows what it has. */
void esw_flow_act_own(struct esw_flow *r, struct esw_flow_act *a, const struct esw_flow_layout *l);
/* One more, or one less, who has a shared object. */
void esw_flow_act_ref(const struct esw_flow *r, const struct esw_flow_act *a, int by);
/* It refers to nothing any more. */
void esw_flow_rule_release(struct esw_flow *r);
/*
 * Put it in force.
 * @return 0; -EEXIST, -ENOMEM: nobody has seen it
 */
int esw_flow_rule_insert(struct esw *sw, struct esw_flow *r);
/* It never was in force: its memory is free. */
void esw_flow_rule_unmake(struct esw *sw, struct esw_flow *r);

static inline bool
esw_flow_act_shares(const struct esw_flow_act *a)
{
	return a->op == ESW_FLOW_COUNT || a->op == ESW_FLOW_AGE || a->op == ESW_FLOW_METER;
}

#endif /* _ESW_FLOW_RULE_H_ */
