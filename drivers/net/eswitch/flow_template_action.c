/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Templates of actions. See flow_template.h. */
#include <stdlib.h>
#include <string.h>

#include "flow_action_table.h"
#include "flow_indirect.h"
#include "flow_template.h"

static int
no(struct rte_flow_error *error, int code, enum rte_flow_error_type type, const void *cause,
   const char *why)
{
	return rte_flow_error_set(error, code, type, cause, why);
}

static int
no_action(struct rte_flow_error *error, int code, const struct rte_flow_action *a, const char *why)
{
	return no(error, code, RTE_FLOW_ERROR_TYPE_ACTION, a, why);
}

int
esn_flow_template_side(const struct esn_flow_port *port, bool ingress, bool egress, bool transfer,
		       struct rte_flow_error *error)
{
	if (egress)
		return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ATTR_EGRESS, NULL,
			  "egress rules are not supported: what a port sends is for transfer "
			  "rules");
	if (!ingress && !transfer)
		return no(error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, NULL,
			  "a template is for ingress, for transfer, or for both");
	if (transfer && port->kind == ESN_FLOW_VF)
		return no(error, EPERM, RTE_FLOW_ERROR_TYPE_ATTR_TRANSFER, NULL,
			  "a VF does not program the e-switch");
	return 0;
}

/* Can a rule's value be put into a plan, or does the whole rule follow from it? */
static bool
is_slow(enum rte_flow_action_type type)
{
	switch (esn_flow_act_kind(type)->op) {
	case ESW_FLOW_JUMP:
	case ESW_FLOW_SAMPLE:
	case ESW_FLOW_RSS:
	case ESW_FLOW_ENCAP:
	case ESW_FLOW_DECAP:
		return true;
	default:
		return false;
	}
}

/* An object that rules share: one for all of them, or each rule names it. */
static int
indirect_add(struct rte_flow_actions_template *t, uint32_t i, const struct rte_flow_action *action,
	     const struct rte_flow_action *mask, struct rte_flow_error *error)
{
	const struct esn_flow_handle *h = action->conf;

	if (mask->type != RTE_FLOW_ACTION_TYPE_COUNT && mask->type != RTE_FLOW_ACTION_TYPE_AGE &&
	    mask->type != RTE_FLOW_ACTION_TYPE_METER)
		return no_action(error, EINVAL, mask,
				 "the mask of an INDIRECT says what it is: COUNT, AGE or METER");
	t->shared[i] = mask->type;
	t->slot[i].later = mask->conf == NULL || mask->type == RTE_FLOW_ACTION_TYPE_METER;
	if (mask->conf == NULL)
		return 0;
	if (h == NULL || h->type != mask->type)
		return no_action(error, EINVAL, action, "the INDIRECT is not what its mask says");
	t->slot[i].fixed = true;
	t->action[i].conf = h;
	esn_flow_conf_hold(RTE_FLOW_ACTION_TYPE_INDIRECT, h, true);
	return 0;
}

/* Which octets are the template's. @return how many fields are, out of how many */
static uint32_t
fields_split(const struct esn_flow_conf_kind *kind, const void *mask, uint8_t *ours, uint32_t *all)
{
	static const uint8_t zeros[ESN_FLOW_CONF_MAX];
	uint32_t n = 0;

	for (*all = 0; *all < ESN_FLOW_CONF_FIELDS && kind->field[*all].len != 0; ++*all) {
		const struct esn_flow_conf_field *f = &kind->field[*all];

		if (mask == NULL || memcmp((const uint8_t *)mask + f->at, zeros, f->len) == 0)
			continue;
		memset(ours + f->at, UINT8_MAX, f->len);
		n++;
	}
	return n;
}

static int
action_add(struct rte_flow_actions_template *t, uint32_t i, const struct rte_flow_action *action,
	   const struct rte_flow_action *mask, struct rte_flow_error *error)
{
	const struct esn_flow_conf_kind *kind = esn_flow_conf_kind(action->type);
	struct esn_flow_slot *slot = &t->slot[i];
	uint32_t ours, all;

	if (esn_flow_act_kind(action->type) == NULL)
		return no_action(error, ENOTSUP, action, "this action is not supported");
	if (action->type == RTE_FLOW_ACTION_TYPE_INDIRECT)
		return indirect_add(t, i, action, mask, error);
	if (mask->type != action->type)
		return no_action(error, EINVAL, mask, "the masks are not of the actions' types");
	ours = fields_split(kind, mask->conf, slot->ours, &all);
	if (ours != 0 && action->conf == NULL)
		return no_action(error, EINVAL, action,
				 "there is a mask, and no configuration that it is for");
	slot->later = ours != all || action->type == RTE_FLOW_ACTION_TYPE_METER;
	slot->fixed = slot->later && ours == all;
	slot->merge = ours != 0 && ours != all;
	t->slow |= slot->later && is_slow(action->type);
	t->ages |= action->type == RTE_FLOW_ACTION_TYPE_AGE;
	if (ours == 0)
		return 0;
	t->action[i].conf = esn_flow_conf_copy(&t->octets, action->type, action->conf, slot->ours);
	if (t->action[i].conf == NULL)
		return no(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
			  "no memory for a template");
	if (!slot->later)
		esn_flow_conf_hold(action->type, t->action[i].conf, true);
	return 0;
}

static int
actions_add(struct rte_flow_actions_template *t, const struct rte_flow_action *actions,
	    const struct rte_flow_action *masks, struct rte_flow_error *error)
{
	int ret = 0;

	for (uint32_t i = 0; ret == 0; i++) {
		if (i == ESN_FLOW_TEMPLATE_LEN)
			return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION_NUM, actions,
				  "a template has at most 31 actions");
		t->action[i].type = actions[i].type;
		t->n_actions = i + 1;
		if (actions[i].type == RTE_FLOW_ACTION_TYPE_END)
			break;
		if (actions[i].type != RTE_FLOW_ACTION_TYPE_VOID)
			ret = action_add(t, i, &actions[i], &masks[i], error);
		else if (masks[i].type != RTE_FLOW_ACTION_TYPE_VOID)
			ret = no_action(error, EINVAL, &masks[i],
					"the masks are not of the actions' types");
	}
	return ret;
}

const void *
esn_flow_template_conf(const struct rte_flow_actions_template *t, uint32_t i,
		       const struct rte_flow_action *values, struct esn_flow_conf_room *room,
		       struct rte_flow_error *error)
{
	const struct esn_flow_slot *slot = &t->slot[i];
	const uint8_t *theirs = values[i].conf, *ours = t->action[i].conf;
	uint8_t *to = (uint8_t *)room;

	if (slot->fixed || !slot->later)
		return ours;
	if (theirs == NULL) {
		no_action(error, EINVAL, &values[i], "this action needs a configuration");
		return NULL;
	}
	if (!slot->merge)
		return theirs;
	for (uint32_t k = 0; k < esn_flow_conf_kind(t->action[i].type)->size; k++)
		to[k] = slot->ours[k] != 0 ? ours[k] : theirs[k];
	return to;
}

int
esn_flow_template_actions(const struct rte_flow_actions_template *t,
			  const struct rte_flow_action *values, struct esn_flow_merged *merged,
			  struct rte_flow_error *error)
{
	for (uint32_t i = 0; i < t->n_actions; i++) {
		struct rte_flow_action *to = &merged->action[i];

		*to = t->action[i];
		if (!t->slot[i].later)
			continue;
		if (values == NULL) {
			if (to->type == RTE_FLOW_ACTION_TYPE_INDIRECT)
				to->type = t->shared[i];
			to->conf = &esn_flow_later;
			continue;
		}
		to->conf = esn_flow_template_conf(t, i, values, &merged->room[i], error);
		if (to->conf == NULL)
			return -EINVAL;
	}
	return 0;
}

/* As far as it can be said without a pattern, a group and a sender. */
static int
check(const struct esn_flow_port *port, const struct rte_flow_actions_template *t, bool transfer,
      const struct rte_flow_action *actions, struct rte_flow_error *error)
{
	struct esn_flow_pattern pattern = { .level = { { .anything = true },
						       { .anything = true } } };
	const struct esw_flow_spec spec = {
		.side = transfer ? ESW_FLOW_TRANSFER : ESW_FLOW_LOCAL,
		.ep = ESN_FLOW_EP_NONE,
	};
	struct esn_flow_merged merged;
	struct esn_flow_actions out;
	int ret = esn_flow_template_actions(t, NULL, &merged, error);

	if (ret == 0)
		ret = esn_flow_actions_get(port, &spec, &pattern, merged.action, &out, error);
	for (uint32_t i = 0; ret != 0 && error != NULL && i < t->n_actions; i++) {
		if (error->cause == &merged.action[i])
			error->cause = &actions[i];
		else if (error->cause != NULL && error->cause == t->action[i].conf)
			error->cause = actions[i].conf;
	}
	return ret;
}

struct rte_flow_actions_template *
esn_flow_actions_template_make(const struct esn_flow_port *port,
			       const struct rte_flow_actions_template_attr *attr,
			       const struct rte_flow_action *actions,
			       const struct rte_flow_action *masks, struct rte_flow_error *error)
{
	struct rte_flow_actions_template *t;
	int ret = esn_flow_template_side(port, attr->ingress != 0, attr->egress != 0,
					 attr->transfer != 0, error);

	if (ret != 0)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (t == NULL) {
		no(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		   "no memory for a template");
		return NULL;
	}
	t->ingress = attr->ingress != 0;
	t->transfer = attr->transfer != 0;
	ret = actions_add(t, actions, masks, error);
	if (ret == 0 && t->ingress)
		ret = check(port, t, false, actions, error);
	if (ret == 0 && t->transfer)
		ret = check(port, t, true, actions, error);
	if (ret == 0)
		return t;
	esn_flow_actions_template_free(t);
	rte_errno = -ret;
	return NULL;
}

void
esn_flow_actions_template_free(struct rte_flow_actions_template *t)
{
	for (uint32_t i = 0; i < t->n_actions; i++)
		if (t->slot[i].fixed || !t->slot[i].later)
			esn_flow_conf_hold(t->action[i].type, t->action[i].conf, false);
	esn_flow_octets_free(t->octets);
	free(t);
}
