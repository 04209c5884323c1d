/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Rules of template tables, made and destroyed through queues. See flow_async.h. */
#include <string.h>

#include <rte_byteorder.h>
#include <rte_errno.h>

#include "flow_action_table.h"
#include "flow_async.h"
#include "flow_configure.h"
#include "flow_ops.h"

struct esn_flow_queue *
esn_flow_async_queue(const struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_error *error)
{
	const struct esn_flow_config *c = esn_flow_config(dev);

	if (likely(c != NULL && queue_id < c->n_queues))
		return c->queue[queue_id];
	if (c == NULL)
		rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_STATE, NULL,
				   "rte_flow_configure() comes first");
	else
		esn_flow_say(error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
			     "queue %u: the port has %u flow queues", queue_id, c->n_queues);
	return NULL;
}

struct esn_flow_queue *
esn_flow_async_room(const struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_queue(dev, queue_id, error);

	if (q == NULL || likely(!esn_flow_queue_is_full(q)))
		return q;
	rte_flow_error_set(error, EAGAIN, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
			   "the queue is full: results are to be pulled");
	return NULL;
}

void
esn_flow_async_go(struct rte_eth_dev *dev, struct esn_flow_queue *q,
		  const struct rte_flow_op_attr *attr)
{
	if (attr == NULL || attr->postpone == 0)
		esn_flow_queue_run(dev, esn_flow_config(dev)->sw, q);
}

/* Are they the templates' lists? What is read of them relies on it. */
static int
lists_check(const struct esn_flow_pair *pair, const struct rte_flow_item *items,
	    const struct rte_flow_action *actions, struct rte_flow_error *error)
{
	for (uint32_t i = 0; i < pair->pt->n_items; i++)
		if (items[i].type != pair->pt->item[i].type)
			return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
						  &items[i], "the item is not the template's");
	for (uint32_t i = 0; i < pair->at->n_actions; i++)
		if (actions[i].type != pair->at->action[i].type)
			return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION,
						  &actions[i], "the action is not the template's");
	return 0;
}

/* n is not a constant, but one of few. */
static inline uint64_t
load(const uint8_t *p, uint32_t n)
{
	uint64_t v = 0;
	uint32_t v4;
	uint16_t v2;

	switch (n) {
	case 4:
		memcpy(&v4, p, sizeof(v4));
		return rte_le_to_cpu_32(v4);
	case 2:
		memcpy(&v2, p, sizeof(v2));
		return rte_le_to_cpu_16(v2);
	case 8:
		memcpy(&v, p, sizeof(v));
		return rte_le_to_cpu_64(v);
	case 6:
		memcpy(&v4, p, sizeof(v4));
		memcpy(&v2, p + sizeof(v4), sizeof(v2));
		return rte_le_to_cpu_32(v4) | (uint64_t)rte_le_to_cpu_16(v2) << 32;
	default:
		memcpy(&v, p, n);
		return rte_le_to_cpu_64(v);
	}
}

static int
key_make(const struct rte_flow_pattern_template *t, const struct rte_flow_item *items,
	 union esw_flow_key *key, struct rte_flow_error *error)
{
	*key = t->pattern.match.key;
	for (uint32_t i = 0; i < t->n_copies; i++) {
		const struct esn_flow_copy *c = &t->copy[i];
		const uint8_t *spec = items[c->item].spec;

		if (unlikely(spec == NULL))
			return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
						  &items[c->item],
						  "the template has a mask for this item, and "
						  "there is no spec");
		key->w[c->word] |= rte_cpu_to_le_64((load(spec + c->from, c->len) & c->mask)
						    << c->shift);
	}
	return 0;
}

/* Whose frames: a rule's port item says. */
static int
sender_of(const struct rte_flow_template_table *table, const struct rte_flow_pattern_template *t,
	  const struct rte_flow_item *items, uint16_t *ep, struct rte_flow_error *error)
{
	const struct rte_flow_item *item = &items[t->port_item];
	const struct rte_flow_item_ethdev *ethdev = item->spec;
	const struct rte_flow_item_port_id *id = item->spec;
	const char *why = "a rule is about one port, and the item names none";
	int ret = -ENOTSUP;

	if (item->spec != NULL)
		ret = esn_flow_port_ep(&table->port,
				       t->as == ESN_FLOW_AS_ID ? id->id : ethdev->port_id, t->as,
				       ep, &why);
	return ret == 0 ? 0 : rte_flow_error_set(error, -ret, RTE_FLOW_ERROR_TYPE_ITEM, item, why);
}

/* Values of actions that come with the rule. */
static int
values_get(const struct rte_flow_template_table *table, const struct esn_flow_pair *pair,
	   const struct esn_flow_sender *s, const struct rte_flow_action *actions,
	   struct esw_flow_act *act, struct rte_flow_error *error)
{
	struct esn_flow_actions out; /* of it, only what values of one word need */
	struct esn_flow_act_walk w = {
		.port = &table->port,
		.spec = &s->spec,
		.out = &out,
		.error = error,
	};
	int ret = 0;

	for (uint32_t i = 0; i < s->n_later && ret == 0; i++, act++) {
		const struct rte_flow_action *action = &actions[s->from[i]];
		const struct esn_flow_act_kind *kind = esn_flow_act_kind(action->type);
		struct esn_flow_conf_room room;
		const void *conf = esn_flow_template_conf(pair->at, s->from[i], actions, &room,
							  error);

		if (conf == NULL)
			return -EINVAL;
		if (action->type == RTE_FLOW_ACTION_TYPE_INDIRECT &&
		    ((const struct esn_flow_handle *)conf)->type != pair->at->shared[s->from[i]])
			return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, action,
						  "the INDIRECT is not what the template says");
		w.action = action;
		act->op = kind->op;
		if (kind->len != 0)
			memcpy((uint8_t *)act + kind->to, (const uint8_t *)conf + kind->from,
			       kind->len);
		if (kind->get != NULL)
			ret = kind->get(&w, conf, act);
	}
	return ret;
}

static struct esw_flow *
refused(struct rte_flow_error *error, const struct esw_err *err)
{
	esn_flow_say(error, rte_errno, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "%s", err->msg);
	return NULL;
}

/* A rule that is translated as a whole. */
static struct esw_flow *
slow_make(const struct rte_flow_template_table *table, const struct esn_flow_pair *pair,
	  const struct rte_flow_item *items, const struct rte_flow_action *actions,
	  struct rte_flow_error *error)
{
	struct esw_flow_spec spec = table->spec;
	struct esw_err err = { .msg = "" };
	struct esn_flow_pattern pattern;
	struct esn_flow_merged merged;
	struct esn_flow_actions out;
	struct esw_flow *rule;

	if (esn_flow_template_pattern(&table->port, pair->pt, spec.side == ESW_FLOW_TRANSFER, items,
				      &pattern, error) != 0)
		return NULL;
	if (pattern.ep != ESN_FLOW_EP_NONE)
		spec.ep = pattern.ep;
	if (esn_flow_template_actions(pair->at, actions, &merged, error) != 0)
		return NULL;
	if (esn_flow_actions_get(&table->port, &spec, &pattern, merged.action, &out, error) != 0) {
		for (uint32_t i = 0; error != NULL && i < pair->at->n_actions; i++)
			if (error->cause == &merged.action[i])
				error->cause = &actions[i];
		return NULL;
	}
	spec.match = &pattern.match;
	spec.act = out.act;
	spec.n_acts = out.n;
	rule = esw_flow_make(table->port.sw, &spec,
			     (struct esw_flow_quota *)(uintptr_t)&table->quota, &err);
	return rule != NULL ? rule : refused(error, &err);
}

static struct esw_flow *
make(struct rte_flow_template_table *table, struct esn_flow_pair *pair, struct esn_flow_queue *q,
     const struct rte_flow_item *items, const struct rte_flow_action *actions,
     struct rte_flow_error *error)
{
	struct esw_flow_act act[ESN_FLOW_TEMPLATE_LEN];
	const struct esn_flow_sender *s;
	uint16_t ep = table->spec.ep;
	union esw_flow_key key;
	struct esw_flow *rule;
	struct esw_err err;

	if (lists_check(pair, items, actions, error) != 0)
		return NULL;
	if (pair->slow)
		return slow_make(table, pair, items, actions, error);
	if (pair->pt->port_item >= 0 && sender_of(table, pair->pt, items, &ep, error) != 0)
		return NULL;
	s = esn_flow_sender_get(table, pair, ep, error);
	if (unlikely(s == NULL))
		return rte_errno == E2BIG ? slow_make(table, pair, items, actions, error) : NULL;
	if (key_make(pair->pt, items, &key, error) != 0 ||
	    (s->n_later != 0 && values_get(table, pair, s, actions, act, error) != 0))
		return NULL;
	err.msg[0] = '\0';
	rule = esw_flow_plan_make(s->plan, q->stock, &key, act, &err);
	return likely(rule != NULL) ? rule : refused(error, &err);
}

struct rte_flow *
esn_flow_async_create(struct rte_eth_dev *dev, uint32_t queue_id,
		      const struct rte_flow_op_attr *attr, struct rte_flow_template_table *table,
		      const struct rte_flow_item items[], uint8_t pt_index,
		      const struct rte_flow_action actions[], uint8_t at_index, void *user_data,
		      struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_room(dev, queue_id, error);
	struct esw_flow *rule;

	if (unlikely(q == NULL))
		return NULL;
	if (unlikely(pt_index >= table->n_pt || at_index >= table->n_at)) {
		esn_flow_say(error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, table,
			     "templates %u and %u: the table has %u and %u", pt_index, at_index,
			     table->n_pt, table->n_at);
		return NULL;
	}
	if (unlikely(!esw_flow_quota_take(&table->quota))) {
		esn_flow_say(error, ENOSPC, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, table,
			     "the table is for %u rules, and full", table->quota.max);
		return NULL;
	}
	rule = make(table, &table->pair[pt_index * table->n_at + at_index], q, items, actions,
		    error);
	if (unlikely(rule == NULL)) {
		esw_flow_quota_give(&table->quota);
		return NULL;
	}
	esn_flow_queue_next(q, ESN_FLOW_OP_CREATE, user_data)->rule = rule;
	esn_flow_async_go(dev, q, attr);
	return (struct rte_flow *)rule;
}

/*
 * A rule that is neither in force nor waits to be has no future: its creation failed, and it goes
 * when that result is pulled.
 */
int
esn_flow_async_destroy(struct rte_eth_dev *dev, uint32_t queue_id,
		       const struct rte_flow_op_attr *attr, struct rte_flow *flow, void *user_data,
		       struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_room(dev, queue_id, error);
	struct esw_flow *rule = (struct esw_flow *)flow;
	struct esn_flow_op *op;

	if (unlikely(q == NULL))
		return -rte_errno;
	if (unlikely(flow == NULL))
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_HANDLE, NULL,
					  "there is no rule");
	if (likely(esw_flow_in_force(rule)) || esn_flow_queue_has(q, rule)) {
		op = esn_flow_queue_next(q, ESN_FLOW_OP_DESTROY, user_data);
		op->rule = rule;
	} else {
		op = esn_flow_queue_next(q, ESN_FLOW_OP_DONE, user_data);
		op->rc = -ENOENT;
	}
	esn_flow_async_go(dev, q, attr);
	return 0;
}

int
esn_flow_push(struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_queue(dev, queue_id, error);

	if (q == NULL)
		return -rte_errno;
	esn_flow_queue_run(dev, esn_flow_config(dev)->sw, q);
	return 0;
}

int
esn_flow_pull(struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_op_result res[],
	      uint16_t n, struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_queue(dev, queue_id, error);

	if (q == NULL)
		return -rte_errno;
	return esn_flow_queue_pull(esn_flow_config(dev)->sw, q, res, n);
}

void
esn_flow_queue_ops_set(struct rte_eth_dev *dev)
{
	ESW_FLOW_OPS_SET(dev, ESN_FLOW_QUEUE_OPS);
}
