/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Actions that take note of a frame. See flow_action_table.h. */
#include "flow_action_table.h"
#include "flow_indirect.h"
#include "mtr.h"

int
esn_flow_get_count(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	RTE_SET_USED(conf); /* the number is for rules with several counters */
	if (w->has_count)
		return esn_flow_act_no(w, ENOTSUP, "a rule has one counter of its own");
	w->has_count = true;
	a->counter = NULL;
	return 0;
}

static int
one_age(struct esn_flow_act_walk *w)
{
	if (w->has_age)
		return esn_flow_act_no(w, ENOTSUP, "a rule has one age");
	w->has_age = true;
	return 0;
}

int
esn_flow_get_age(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_age *c = conf;

	if (c->timeout == 0)
		return esn_flow_conf_no(w, EINVAL,
					"a timeout of 0 s is out of range 1 to 16777215");
	a->age = NULL;
	a->timeout = c->timeout;
	a->context = c->context;
	w->out->ages = true;
	return one_age(w);
}

int
esn_flow_get_meter(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_meter *c = conf;

	a->meter = esn_mtr_find(w->port->dev, c->mtr_id);
	if (a->meter == NULL)
		return esn_flow_say(w->error, ENOENT, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf,
				    "the port has no meter %u", c->mtr_id);
	if (!esn_mtr_is_free(w->port->dev, c->mtr_id))
		return esn_flow_say(w->error, EBUSY, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf,
				    "meter %u is not shared, and a rule has it", c->mtr_id);
	return 0;
}

/* An object that several rules share. */
int
esn_flow_get_indirect(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct esn_flow_handle *h = conf;

	if (h->sw != w->port->sw)
		return esn_flow_act_no(w, EINVAL, "the action was made on another e-switch");
	if (w->in_sample && h->type != RTE_FLOW_ACTION_TYPE_COUNT)
		return esn_flow_act_no(w, ENOTSUP,
				       "a sample's actions are ports, counts and edits only");
	switch (h->type) {
	case RTE_FLOW_ACTION_TYPE_COUNT:
		a->op = ESW_FLOW_COUNT;
		a->counter = h->counter;
		return 0;
	case RTE_FLOW_ACTION_TYPE_AGE:
		a->op = ESW_FLOW_AGE;
		a->age = h->age;
		return one_age(w);
	default:
		a->op = ESW_FLOW_METER;
		a->meter = esn_mtr_find(&rte_eth_devices[h->port_id], h->mtr_id);
		if (a->meter == NULL)
			return esn_flow_act_no(w, ENOENT, "the meter has been destroyed");
		if (!esn_mtr_is_free(&rte_eth_devices[h->port_id], h->mtr_id))
			return esn_flow_act_no(w, EBUSY,
					       "the meter is not shared, and a rule has it");
		return 0;
	}
}
