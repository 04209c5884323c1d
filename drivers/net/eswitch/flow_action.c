/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* The walk along a list of actions. See flow_action.h. */
#include <netinet/in.h>
#include <string.h>

#include "flow_action_table.h"

struct esw_flow_act *
esn_flow_act_room(struct esn_flow_act_walk *w)
{
	if (w->out->n < ESW_FLOW_ACTS_MAX)
		return &w->out->act[w->out->n];
	rte_flow_error_set(w->error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION_NUM, w->action,
			   "a rule has at most 64 actions");
	return NULL;
}

/* Does the frame have the header for sure? */
static bool
has(const struct esn_flow_layers *l, enum esn_flow_need need)
{
	if (l->anything)
		return true;
	switch (need) {
	case ESN_FLOW_NEED_TAG:
		return l->vlans != 0;
	case ESN_FLOW_NEED_IP4:
		return l->l3 == ESW_FLOW_L3_IPV4;
	case ESN_FLOW_NEED_IP6:
		return l->l3 == ESW_FLOW_L3_IPV6;
	case ESN_FLOW_NEED_IP:
		return l->l3 == ESW_FLOW_L3_IPV4 || l->l3 == ESW_FLOW_L3_IPV6;
	case ESN_FLOW_NEED_PORTS:
		return l->l4 == IPPROTO_TCP || l->l4 == IPPROTO_UDP;
	case ESN_FLOW_NEED_VXLAN:
		return l->vxlan;
	default:
		return true;
	}
}

static const char *const lacks[] = {
	[ESN_FLOW_NEED_TAG] = "no item says that there is a VLAN tag",
	[ESN_FLOW_NEED_IP4] = "no item says that there is an IPv4 header",
	[ESN_FLOW_NEED_IP6] = "no item says that there is an IPv6 header",
	[ESN_FLOW_NEED_IP] = "no item says that there is an IPv4 or IPv6 header",
	[ESN_FLOW_NEED_PORTS] = "no item says that there is a TCP or UDP header",
	[ESN_FLOW_NEED_VXLAN] = "no item says that there is a VXLAN header",
};

/* May the action stand here? */
static int
check(struct esn_flow_act_walk *w, const struct esn_flow_act_kind *kind)
{
	bool transfer = w->spec->side == ESW_FLOW_TRANSFER;

	if ((kind->flags & ESN_FLOW_ACT_TRANSFER) != 0 && !transfer)
		return esn_flow_act_no(w, ENOTSUP, "this action is for transfer rules only");
	if ((kind->flags & ESN_FLOW_ACT_LOCAL) != 0 && transfer)
		return esn_flow_act_no(w, ENOTSUP, "this action is for ingress rules only");
	if (w->in_sample && (kind->flags & ESN_FLOW_ACT_SAMPLE) == 0)
		return esn_flow_act_no(w, ENOTSUP,
				       "a sample's actions are ports, counts and edits only");
	if (w->has_last && (kind->flags & ESN_FLOW_ACT_LAST) != 0)
		return esn_flow_act_no(w, EINVAL, "another action says where the frame goes");
	if (w->has_last && (kind->flags & ESN_FLOW_ACT_NOTE) == 0)
		return esn_flow_act_no(w, EINVAL,
				       "the action before says where the frame goes, and ends");
	if ((kind->flags & ESN_FLOW_ACT_CONF) != 0 && w->action->conf == NULL)
		return esn_flow_act_no(w, EINVAL, "this action needs a configuration");
	if (!has(&w->level[0], kind->need))
		return esn_flow_act_no(w, EINVAL, lacks[kind->need]);
	return 0;
}

const uint8_t esn_flow_later = 0;

/* What an action is and does to headers, without its value. */
static int
later_put(struct esn_flow_act_walk *w, const struct esn_flow_act_kind *kind, struct esw_flow_act *a)
{
	*a = (struct esw_flow_act){ .op = kind->op };
	if (a == &w->last) {
		w->last_later = true;
		w->last_from = w->action - w->list;
	} else {
		w->out->later |= UINT64_C(1) << (w->out->n - 1);
		w->out->from[w->out->n - 1] = w->action - w->list;
	}
	switch (a->op) {
	case ESW_FLOW_PORT:
		w->has_port = true;
		return 0;
	case ESW_FLOW_AGE:
		if (w->has_age)
			return esn_flow_act_no(w, ENOTSUP, "a rule has one age");
		w->has_age = true;
		return 0;
	case ESW_FLOW_PUSH_VLAN:
		w->level[0].vlans++;
		return 0;
	case ESW_FLOW_ENCAP:
	case ESW_FLOW_DECAP:
		w->level[0] = (struct esn_flow_layers){ .anything = true };
		w->level[1] = w->level[0];
		return 0;
	default:
		return 0;
	}
}

static int
action_put(struct esn_flow_act_walk *w, const struct rte_flow_action *action)
{
	const struct esn_flow_act_kind *kind = esn_flow_act_kind(action->type);
	struct esw_flow_act *a;
	int ret;

	w->action = action;
	if (kind == NULL)
		return esn_flow_act_no(w, ENOTSUP, "this action is not supported");
	ret = check(w, kind);
	if (ret != 0)
		return ret;
	if ((kind->flags & ESN_FLOW_ACT_LAST) != 0) {
		w->has_last = true;
		a = &w->last;
	} else {
		a = esn_flow_act_room(w);
		if (a == NULL)
			return -ENOTSUP;
		w->out->n++;
	}
	if (unlikely(action->conf == &esn_flow_later))
		return later_put(w, kind, a);
	a->op = kind->op;
	if (kind->len != 0)
		memcpy((uint8_t *)a + kind->to, (const uint8_t *)action->conf + kind->from,
		       kind->len);
	return kind->get != NULL ? kind->get(w, action->conf, a) : 0;
}

int
esn_flow_act_list(struct esn_flow_act_walk *w, const struct rte_flow_action *actions)
{
	int ret = 0;

	for (; actions->type != RTE_FLOW_ACTION_TYPE_END && ret == 0; actions++)
		if (actions->type != RTE_FLOW_ACTION_TYPE_VOID)
			ret = action_put(w, actions);
	return ret;
}

int
esn_flow_actions_get(const struct esn_flow_port *port, const struct esw_flow_spec *spec,
		     const struct esn_flow_pattern *pattern, const struct rte_flow_action *actions,
		     struct esn_flow_actions *out, struct rte_flow_error *error)
{
	struct esn_flow_act_walk w = {
		.port = port,
		.spec = spec,
		.out = out,
		.error = error,
		.list = actions,
		.action = actions,
		.level = { pattern->level[0], pattern->level[1] },
	};
	struct esw_flow_act *a;
	int ret;

	if (actions == NULL)
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_NUM, NULL,
					  "there are no actions");
	out->n = 0;
	out->later = 0;
	out->n_bytes = 0;
	out->ages = false;
	ret = esn_flow_act_list(&w, actions);
	if (ret != 0)
		return ret;
	if (w.has_last) {
		a = esn_flow_act_room(&w);
		if (a == NULL)
			return -ENOTSUP;
		*a = w.last;
		if (w.last_later) {
			out->later |= UINT64_C(1) << out->n;
			out->from[out->n] = w.last_from;
		}
		out->n++;
	}
	if (!w.has_last && !w.has_port)
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, actions,
					  "no action says where the frame goes");
	return 0;
}
