/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_ACTION_TABLE_H_
#define _ESN_FLOW_ACTION_TABLE_H_

/*
 * What each action is, as a value, and the walk along a list. Internal to flow_action*.c.
 */
#include "flow_action.h"

/* Properties. */
#define ESN_FLOW_ACT_CONF 0x01     /* needs a configuration */
#define ESN_FLOW_ACT_TRANSFER 0x02 /* transfer rules only */
#define ESN_FLOW_ACT_LOCAL 0x04    /* local rules only */
#define ESN_FLOW_ACT_LAST 0x08     /* says where the frame goes, and that is all then */
#define ESN_FLOW_ACT_NOTE 0x10     /* takes note: may stand behind the last one */
#define ESN_FLOW_ACT_SAMPLE 0x20   /* may stand in a SAMPLE's list */
#define ESN_FLOW_ACT_EDIT (ESN_FLOW_ACT_TRANSFER | ESN_FLOW_ACT_SAMPLE)

/* Which header a frame must have. */
enum esn_flow_need {
	ESN_FLOW_NEED_NOTHING,
	ESN_FLOW_NEED_TAG,
	ESN_FLOW_NEED_IP4,
	ESN_FLOW_NEED_IP6,
	ESN_FLOW_NEED_IP,
	ESN_FLOW_NEED_PORTS,
	ESN_FLOW_NEED_VXLAN,
};

struct esn_flow_act_walk;

struct esn_flow_act_kind {
	uint8_t op; /* enum esw_flow_op; ESW_FLOW_END: `get` says */
	uint8_t flags, need;
	uint8_t from, len, to; /* octets of the configuration that are an operand as they are */
	int (*get)(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a);
};

/* Along a list of actions. */
struct esn_flow_act_walk {
	const struct esn_flow_port *port;
	const struct esw_flow_spec *spec;
	struct esn_flow_actions *out;
	struct rte_flow_error *error;
	const struct rte_flow_action *list;   /* the rule's own */
	const struct rte_flow_action *action; /* the present one */
	struct esn_flow_layers level[2];      /* of the frame as the actions before left it */
	struct esw_flow_act last;
	uint8_t last_from; /* last has no value yet: its place in the list */
	bool last_later;
	uint32_t sample_end; /* number of the action behind the last SAMPLE's list */
	bool has_last, has_port, has_count, has_age, in_sample;
};

/* NULL: an action that is not supported. */
const struct esn_flow_act_kind *esn_flow_act_kind(enum rte_flow_action_type type);

/* A list, up to END: a rule's, or a SAMPLE's. */
int esn_flow_act_list(struct esn_flow_act_walk *w, const struct rte_flow_action *actions);

/* The next free place in the list; NULL, with the refusal said, if there is none. */
struct esw_flow_act *esn_flow_act_room(struct esn_flow_act_walk *w);

/*
 * Refuse the present action, or its configuration; `why` is a constant. @return -code
 *
 * OVS takes an error of type ACTION for "this NIC cannot do that" and says so in its debug log
 * only; any other type is a warning there.
 */
static inline int
esn_flow_act_no(struct esn_flow_act_walk *w, int code, const char *why)
{
	return rte_flow_error_set(w->error, code, RTE_FLOW_ERROR_TYPE_ACTION, w->action, why);
}

static inline int
esn_flow_conf_no(struct esn_flow_act_walk *w, int code, const char *why)
{
	return rte_flow_error_set(w->error, code, RTE_FLOW_ERROR_TYPE_ACTION_CONF, w->action->conf,
				  why);
}

#define ESN_FLOW_GET(name) \
	int esn_flow_get_##name(struct esn_flow_act_walk *w, const void *conf, \
				struct esw_flow_act *a)

/* flow_action_fate.c: where a frame goes. */
ESN_FLOW_GET(port_id);
ESN_FLOW_GET(represented);
ESN_FLOW_GET(representor);
ESN_FLOW_GET(drop);
ESN_FLOW_GET(jump);
ESN_FLOW_GET(queue);
ESN_FLOW_GET(rss);
ESN_FLOW_GET(sample);
/* flow_action_note.c: what takes note. */
ESN_FLOW_GET(count);
ESN_FLOW_GET(age);
ESN_FLOW_GET(mark);
ESN_FLOW_GET(meter);
ESN_FLOW_GET(indirect);
/* flow_action_edit.c: values of edits. */
ESN_FLOW_GET(pop_vlan);
ESN_FLOW_GET(push_vlan);
ESN_FLOW_GET(set_vid);
ESN_FLOW_GET(set_pcp);
ESN_FLOW_GET(set_dscp);
/* flow_action_encap.c */
ESN_FLOW_GET(vxlan_encap);
ESN_FLOW_GET(vxlan_decap);
ESN_FLOW_GET(raw_encap);
ESN_FLOW_GET(raw_decap);

/* flow_outer.c: an encapsulation's octets. */

/* Headers in front of a frame. */
struct esn_flow_outer {
	struct esn_flow_layers layers;
	uint16_t udp;   /* where the UDP header lies, 0 = there is none */
	bool vxlan;     /* and behind it a VXLAN header */
	uint16_t sport; /* of the UDP header, host order */
	uint16_t cksum; /* the same */
};

/* What lies in n octets that start with an Ethernet header. */
void esn_flow_outer_read(const uint8_t *p, uint32_t n, struct esn_flow_outer *o);

/*
 * Build the headers that the items of VXLAN_ENCAP define.
 * @param p    where to, ESW_FLOW_ENCAP_MAX octets
 * @param why  out: a constant sentence
 * @return octets, or a negative errno
 */
int esn_flow_outer_build(const struct rte_flow_item *items, uint8_t *p, const char **why);

#endif /* _ESN_FLOW_ACTION_TABLE_H_ */
