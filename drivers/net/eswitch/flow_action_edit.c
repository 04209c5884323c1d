/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Edits whose values have a range, or that change what the frame has. See flow_action_table.h. */
#include "flow_action_table.h"

#define VID_MAX 4095
#define PCP_MAX 7
#define DSCP_MAX 63

int
esn_flow_get_pop_vlan(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	RTE_SET_USED(conf);
	RTE_SET_USED(a);
	if (w->level[0].vlans > 0) /* or there is no telling */
		w->level[0].vlans--;
	return 0;
}

int
esn_flow_get_push_vlan(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_of_push_vlan *c = conf;

	a->tpid = rte_be_to_cpu_16(c->ethertype);
	if (a->tpid != RTE_ETHER_TYPE_VLAN && a->tpid != RTE_ETHER_TYPE_QINQ)
		return esn_flow_say(w->error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf,
				    "TPID %#06x is neither 0x8100 nor 0x88a8", a->tpid);
	w->level[0].vlans++;
	return 0;
}

static int
in_range(struct esn_flow_act_walk *w, const char *what, uint32_t value, uint32_t max)
{
	if (value <= max)
		return 0;
	return esn_flow_say(w->error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, w->action->conf,
			    "%s %u is out of range 0 to %u", what, value, max);
}

int
esn_flow_get_set_vid(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_of_set_vlan_vid *c = conf;

	a->vid = rte_be_to_cpu_16(c->vlan_vid);
	return in_range(w, "VLAN ID", a->vid, VID_MAX);
}

int
esn_flow_get_set_pcp(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_of_set_vlan_pcp *c = conf;

	a->pcp = c->vlan_pcp;
	return in_range(w, "VLAN priority", a->pcp, PCP_MAX);
}

int
esn_flow_get_set_dscp(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_set_dscp *c = conf;

	a->u8 = c->dscp;
	return in_range(w, "DSCP", a->u8, DSCP_MAX);
}
