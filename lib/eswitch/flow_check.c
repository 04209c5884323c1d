/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What a rule must be, before anything is made of it. */
#include <errno.h>

#include "flow_table.h"

#define AGE_MAX ((1u << 24) - 1) /* RTE_FLOW's age timeout has 24 bits */

static bool
is_fate(enum esw_flow_op op)
{
	return op >= ESW_FLOW_PORT && op <= ESW_FLOW_RSS;
}

/* Only for frames that are sent, or only for frames that are received? */
static int
check_side(const struct esw_flow_spec *s, const struct esw_flow_act *a, struct esw_err *err)
{
	bool local = a->op == ESW_FLOW_QUEUE || a->op == ESW_FLOW_RSS;
	bool transfer = a->op == ESW_FLOW_PORT || a->op == ESW_FLOW_SAMPLE ||
			a->op >= ESW_FLOW_POP_VLAN;

	if (local && s->side != ESW_FLOW_LOCAL)
		return esw_err_set(err, -ENOTSUP, "queues are chosen by local rules only");
	if (transfer && s->side != ESW_FLOW_TRANSFER)
		return esw_err_set(err, -ENOTSUP, "ports and edits are for transfer rules only");
	return 0;
}

static int
check_rss(const struct esw_flow_rss *r, struct esw_err *err)
{
	if (r->n_queues == 0 || r->n_queues > ESW_QUEUES_MAX)
		return esw_err_set(err, -EINVAL, "rss: %u queues are out of range 1 to %u",
				   r->n_queues, ESW_QUEUES_MAX);
	for (uint32_t i = 0; i < r->n_queues; i++)
		if (r->queue[i] >= ESW_QUEUES_MAX)
			return esw_err_set(err, -EINVAL, "rss: queue %u is out of range 0 to %u",
					   r->queue[i], ESW_QUEUES_MAX - 1);
	return 0;
}

static int
check_encap(const struct esw_flow_act *a, bool behind_decap, struct esw_err *err)
{
	uint32_t min = behind_decap ? 1 : RTE_ETHER_HDR_LEN;

	if (a->encap.len < min || a->encap.len > ESW_FLOW_ENCAP_MAX)
		return esw_err_set(err, -EINVAL, "encap: %u octets are out of range %u to %u",
				   a->encap.len, min, ESW_FLOW_ENCAP_MAX);
	return 0;
}

int
esw_flow_act_check(const struct esw *sw, uint16_t ep, uint32_t group, const struct esw_flow_act *a,
		   struct esw_err *err)
{
	switch (a->op) {
	case ESW_FLOW_PORT:
		if (a->ep >= sw->nb_ep)
			return esw_err_set(err, -ERANGE, "port: no endpoint %u", a->ep);
		return a->ep != ep ? 0 :
				     esw_err_set(err, -EINVAL,
						 "port: frames would go back to their sender");
	case ESW_FLOW_JUMP:
		return a->group > group ?
			       0 :
			       esw_err_set(err, -EINVAL,
					   "jump: group %u is not higher than the rule's, %u",
					   a->group, group);
	case ESW_FLOW_QUEUE:
		return a->queue < ESW_QUEUES_MAX ?
			       0 :
			       esw_err_set(err, -EINVAL, "queue: %u is out of range 0 to %u",
					   a->queue, ESW_QUEUES_MAX - 1);
	case ESW_FLOW_RSS:
		return check_rss(a->rss, err);
	case ESW_FLOW_AGE:
		return a->age != NULL || (a->timeout != 0 && a->timeout <= AGE_MAX) ?
			       0 :
			       esw_err_set(err, -EINVAL, "age: %u s is out of range 1 to %u",
					   a->timeout, AGE_MAX);
	case ESW_FLOW_SAMPLE:
		return a->sample.ratio != 0 ?
			       0 :
			       esw_err_set(err, -EINVAL, "sample: a ratio of 0 is none");
	default:
		return 0;
	}
}

/* Values that an action carries. sample_end: number of the action behind the last sample. */
static int
check_value(const struct esw *sw, const struct esw_flow_spec *s, uint32_t i, uint32_t sample_end,
	    struct esw_err *err)
{
	const struct esw_flow_act *a = &s->act[i];

	if (a->op == ESW_FLOW_ENCAP) /* what a sample took off is on again behind it */
		return check_encap(a,
				   i > 0 && i != sample_end && s->act[i - 1].op == ESW_FLOW_DECAP,
				   err);
	return esw_flow_act_check(sw, s->ep, s->group, a, err);
}

/* Inside a sample: where copies go, counts and edits; nothing that decides about the frame. */
static int
check_sample(const struct esw_flow_spec *s, uint32_t i, struct esw_err *err)
{
	uint32_t n = s->act[i].sample.n_acts;

	if (i + n >= s->n_acts)
		return esw_err_set(err, -EINVAL, "sample: nothing follows its %u actions", n);
	for (uint32_t k = i + 1; k <= i + n; k++) {
		enum esw_flow_op op = s->act[k].op;

		if (op != ESW_FLOW_PORT && op != ESW_FLOW_COUNT && op < ESW_FLOW_POP_VLAN)
			return esw_err_set(err, -ENOTSUP,
					   "sample: of its actions only ports, counts and edits");
	}
	return 0;
}

/* Exactly one thing decides where a frame goes, or several ports do. */
static int
check_fates(const struct esw_flow_spec *s, struct esw_err *err)
{
	uint32_t ports = 0;

	for (uint32_t i = 0; i < s->n_acts; i++) {
		const struct esw_flow_act *a = &s->act[i];

		if (a->op == ESW_FLOW_SAMPLE)
			i += a->sample.n_acts;
		if (!is_fate(a->op))
			continue;
		if (a->op == ESW_FLOW_PORT) {
			ports++;
			continue;
		}
		if (i + 1 != s->n_acts)
			return esw_err_set(err, -EINVAL, "an action follows the last word");
		if (a->op == ESW_FLOW_DROP && ports != 0)
			return esw_err_set(err, -EINVAL, "drop: the frame went to a port before");
		ports++;
	}
	return ports != 0 ? 0 : esw_err_set(err, -EINVAL, "no action says where the frame goes");
}

static int
check_own(const struct esw_flow_spec *s, struct esw_err *err)
{
	uint32_t counts = 0, ages = 0;

	for (uint32_t i = 0; i < s->n_acts; i++) {
		counts += s->act[i].op == ESW_FLOW_COUNT && s->act[i].counter == NULL;
		ages += s->act[i].op == ESW_FLOW_AGE;
	}
	return counts <= 1 && ages <= 1 ?
		       0 :
		       esw_err_set(err, -ENOTSUP, "a rule has one counter and one age of its own");
}

static int
check_ranges(const struct esw_flow_match *m, struct esw_err *err)
{
	if (m->n_ranges > ESW_FLOW_RANGES_MAX)
		return esw_err_set(err, -ENOTSUP, "%u intervals are out of range 0 to %u",
				   m->n_ranges, ESW_FLOW_RANGES_MAX);
	for (uint32_t i = 0; i < m->n_ranges; i++) {
		const struct esw_flow_range *g = &m->range[i];

		if (g->len == 0 || g->len > sizeof(g->lo) ||
		    g->off + g->len > sizeof(union esw_flow_key))
			return esw_err_set(err, -EINVAL,
					   "interval %u: %u octets from %u on are no field", i,
					   g->len, g->off);
	}
	return 0;
}

static int
check_actions(const struct esw *sw, const struct esw_flow_spec *s, uint64_t later,
	      struct esw_err *err)
{
	uint32_t sample_end = 0;
	int rc;

	for (uint32_t i = 0; i < s->n_acts; i++) {
		if (s->act[i].op == ESW_FLOW_END || s->act[i].op >= ESW_FLOW_OPS)
			return esw_err_set(err, -ENOTSUP, "action %u is not known", i);
		rc = check_side(s, &s->act[i], err);
		if (rc == 0 && (later >> i & 1) == 0)
			rc = check_value(sw, s, i, sample_end, err);
		if (rc == 0 && s->act[i].op == ESW_FLOW_SAMPLE) {
			rc = check_sample(s, i, err);
			sample_end = i + 1 + s->act[i].sample.n_acts;
		}
		if (rc != 0)
			return rc;
	}
	rc = check_own(s, err);
	return rc == 0 ? check_fates(s, err) : rc;
}

int
esw_flow_shape_check(const struct esw *sw, const struct esw_flow_spec *s, uint64_t later,
		     struct esw_err *err)
{
	int rc;

	if (s->ep >= sw->nb_ep || s->owner >= sw->nb_ep || s->side >= ESW_FLOW_SIDES)
		return esw_err_set(err, -EINVAL, "no such endpoint or side");
	if (s->prio > ESW_FLOW_PRIO_MAX)
		return esw_err_set(err, -EINVAL, "priority: %u is out of range 0 to %u", s->prio,
				   ESW_FLOW_PRIO_MAX);
	if (s->n_acts == 0 || s->n_acts > ESW_FLOW_ACTS_MAX)
		return esw_err_set(err, -EINVAL, "%u actions are out of range 1 to %u", s->n_acts,
				   ESW_FLOW_ACTS_MAX);
	rc = check_ranges(s->match, err);
	return rc == 0 ? check_actions(sw, s, later, err) : rc;
}

int
esw_flow_spec_check(const struct esw *sw, const struct esw_flow_spec *s, struct esw_err *err)
{
	return esw_flow_shape_check(sw, s, 0, err);
}
