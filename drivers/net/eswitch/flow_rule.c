/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_rule.h. */
#include "flow_rule.h"

static int
no(struct rte_flow_error *error, int code, enum rte_flow_error_type type,
   const struct rte_flow_attr *attr, const char *why)
{
	return rte_flow_error_set(error, code, type, attr, why);
}

int
esn_flow_attr_get(const struct esn_flow_port *port, const struct rte_flow_attr *attr,
		  struct esw_flow_spec *spec, struct rte_flow_error *error)
{
	if (attr == NULL)
		return no(error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, NULL, "there are no attributes");
	if (attr->egress != 0)
		return no(
			error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ATTR_EGRESS, attr,
			"egress rules are not supported: what a port sends is for transfer rules");
	if (attr->transfer == 0 && attr->ingress == 0)
		return no(error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR_INGRESS, attr,
			  "a rule is either ingress or transfer");
	if (attr->transfer != 0 && port->kind == ESN_FLOW_VF)
		return no(error, EPERM, RTE_FLOW_ERROR_TYPE_ATTR_TRANSFER, attr,
			  "a VF does not program the e-switch");
	if (attr->priority > ESW_FLOW_PRIO_MAX)
		return esn_flow_say(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ATTR_PRIORITY, attr,
				    "priority %u is out of range 0 to %u", attr->priority,
				    ESW_FLOW_PRIO_MAX);
	spec->side = attr->transfer != 0 ? ESW_FLOW_TRANSFER : ESW_FLOW_LOCAL;
	spec->ep = attr->transfer != 0 ? esn_flow_port_stands_for(port) : port->ep;
	spec->group = attr->group;
	spec->prio = attr->priority;
	spec->owner = port->ep;
	return 0;
}

int
esn_flow_rule_get(const struct esn_flow_port *port, const struct rte_flow_attr *attr,
		  const struct rte_flow_item *items, const struct rte_flow_action *actions,
		  struct esn_flow_rule *rule, struct rte_flow_error *error)
{
	struct esw_flow_spec *spec = &rule->spec;
	int ret = esn_flow_attr_get(port, attr, spec, error);

	if (ret == 0)
		ret = esn_flow_pattern_get(port, spec->side == ESW_FLOW_TRANSFER, items,
					   &rule->pattern, error);
	if (ret != 0)
		return ret;
	if (rule->pattern.ep != ESN_FLOW_EP_NONE)
		spec->ep = rule->pattern.ep;
	ret = esn_flow_actions_get(port, spec, &rule->pattern, actions, &rule->actions, error);
	spec->match = &rule->pattern.match;
	spec->act = rule->actions.act;
	spec->n_acts = rule->actions.n;
	return ret;
}
