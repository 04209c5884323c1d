/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_PLAN_H_
#define _ESW_FLOW_PLAN_H_

/*
 * Rules in two steps: made, then put in force many at once. And plans, for rules that differ in
 * values only: what they have in common is looked up, checked and laid out once, and each rule is a
 * copy of the plan's with its values put in. A million rules a second are a microsecond for each;
 * this is how most of it is saved.
 *
 * What surprises:
 * - a rule that is made and not in force has references to shared counters, ages and meters like
 *   any other, so these cannot be destroyed. It is in no list: neither esw_flow_flush() nor
 *   esw_flow_number() knows of it;
 * - a plan has such references, too, where its actions name shared objects;
 * - esw_flow_destroy() is for rules in force, esw_flow_unmake() for the others.
 *
 * Thread-safety: any thread of the primary process. A stock has one user at a time; making a rule
 * of a plan takes the device's mutex only when the stock is empty.
 */
#include "flow.h"

struct esw_flow_plan;
struct esw_flow_stock; /* memory for rules to come */

/* A number of rules, in force or not, that is not to be exceeded: who makes rules takes first. */
struct esw_flow_quota {
	uint32_t max;
	uint32_t n; /* read and written atomically; a rule's end gives back */
};

static inline bool
esw_flow_quota_take(struct esw_flow_quota *q)
{
	if (__atomic_add_fetch(&q->n, 1, __ATOMIC_RELAXED) <= q->max)
		return true;
	__atomic_fetch_sub(&q->n, 1, __ATOMIC_RELAXED);
	return false;
}

static inline void
esw_flow_quota_give(struct esw_flow_quota *q)
{
	__atomic_fetch_sub(&q->n, 1, __ATOMIC_RELAXED);
}

/*
 * @param like   a rule without the values that differ. Of its match, the mask and the intervals are
 *               those of all rules; the key is not looked at
 * @param later  bit i: action i's value comes with each rule, here it has its op. Not for JUMP,
 *               SAMPLE, RSS, ENCAP and DECAP
 * @param quota  in which the rules count; NULL = none. Outlives the plan and its rules
 * @return NULL with rte_errno (as of esw_flow_create(); -E2BIG: the rules are too large for one)
 */
struct esw_flow_plan *esw_flow_plan_create(struct esw *sw, const struct esw_flow_spec *like,
					   uint64_t later, struct esw_flow_quota *quota,
					   struct esw_err *err);
/* No rule of it is still to be put in force; those in force stay. */
void esw_flow_plan_destroy(struct esw *sw, struct esw_flow_plan *plan);

struct esw_flow_stock *esw_flow_stock_create(void);
void esw_flow_stock_destroy(struct esw *sw, struct esw_flow_stock *stock);

/*
 * @param key    what the mask does not look at is not looked at here
 * @param later  actions whose values come now, in the order of the plan's
 * @return a rule that is not in force; NULL with rte_errno (-EINVAL, -ERANGE, -ENOMEM)
 */
struct esw_flow *esw_flow_plan_make(const struct esw_flow_plan *plan, struct esw_flow_stock *stock,
				    const union esw_flow_key *key, const struct esw_flow_act *later,
				    struct esw_err *err);

/* A rule without a plan, not in force; NULL as of esw_flow_create(). */
struct esw_flow *esw_flow_make(struct esw *sw, const struct esw_flow_spec *spec,
			       struct esw_flow_quota *quota, struct esw_err *err);

/*
 * Put rules in force, in this order and under one lock.
 * @param rc  out: 0; -EEXIST, -ENOMEM: the rule is still not in force
 * @return how many are
 */
uint32_t esw_flow_insert_bulk(struct esw *sw, struct esw_flow **rule, uint32_t n, int *rc);
/* The end of a rule that is not in force. */
void esw_flow_unmake(struct esw *sw, struct esw_flow *rule);
bool esw_flow_in_force(const struct esw_flow *rule);

#endif /* _ESW_FLOW_PLAN_H_ */
