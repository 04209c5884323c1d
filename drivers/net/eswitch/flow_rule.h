/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_RULE_H_
#define _ESN_FLOW_RULE_H_

/*
 * A rule of rte_flow (attributes, pattern, actions) in the e-switch's terms: what esw_flow_check()
 * and esw_flow_create() take.
 *
 * What surprises: it is large (a few thousand octets), lies on a stack and is written only as far
 * as it is used; `spec` points into it, so it must not be moved.
 *
 * Thread-safety: pure functions, see flow_action.h.
 */
#include "flow_action.h"

struct esn_flow_rule {
	struct esw_flow_spec spec;
	struct esn_flow_pattern pattern;
	struct esn_flow_actions actions;
};

/*
 * Attributes alone: side, group, priority, owner, and as sender what the port stands for.
 * @return 0 or a negative errno with the refusal, which points at the attributes
 */
int esn_flow_attr_get(const struct esn_flow_port *port, const struct rte_flow_attr *attr,
		      struct esw_flow_spec *spec, struct rte_flow_error *error);

/* All of it. @return 0 or a negative errno with the refusal, which points at what is at fault */
int esn_flow_rule_get(const struct esn_flow_port *port, const struct rte_flow_attr *attr,
		      const struct rte_flow_item *items, const struct rte_flow_action *actions,
		      struct esn_flow_rule *rule, struct rte_flow_error *error);

#endif /* _ESN_FLOW_RULE_H_ */
