/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Octets put in front of a frame, and taken off. See flow_action_table.h. */
#include "flow_action_table.h"

/* A frame begins with an Ethernet header, and the engine looks no further than this. */
#define DECAP_MAX (ESW_FLOW_LOOK - RTE_ETHER_HDR_LEN)

static const struct esn_flow_layers anything = { .anything = true };

/*
 * What the frame is now. No IP among the octets: what they are in front of shows, or nobody knows.
 */
static int
encap(struct esn_flow_act_walk *w, const uint8_t *p, uint16_t n, struct esw_flow_act *a)
{
	struct esn_flow_outer outer;

	esn_flow_outer_read(p, n, &outer);
	if (outer.udp != 0 && outer.cksum != 0)
		return esn_flow_act_no(w, ENOTSUP,
				       "an encapsulation's UDP checksum is 0: none is computed");
	a->encap.bytes = p;
	a->encap.len = n;
	a->encap.fix = true;
	a->encap.entropy = outer.vxlan && outer.sport == 0;
	w->level[1] = w->level[0];
	w->level[0] = outer.layers.l3 != 0 ? outer.layers : anything;
	return 0;
}

int
esn_flow_get_vxlan_encap(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_vxlan_encap *c = conf;
	struct esn_flow_actions *out = w->out;
	uint8_t *p = &out->bytes[out->n_bytes];
	const char *why;
	int n;

	if (c->definition == NULL)
		return esn_flow_conf_no(w, EINVAL, "there is no definition of the headers");
	if (out->n_bytes + ESW_FLOW_ENCAP_MAX > ESN_FLOW_BYTES)
		return esn_flow_act_no(w, ENOTSUP, "there are too many encapsulations");
	n = esn_flow_outer_build(c->definition, p, &why);
	if (n < 0)
		return esn_flow_conf_no(w, -n, why);
	out->n_bytes += n;
	return encap(w, p, n, a);
}

int
esn_flow_get_vxlan_decap(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	RTE_SET_USED(conf);
	a->decap.len = 0;
	w->level[0] = w->level[0].anything ? anything : w->level[1];
	w->level[1] = anything;
	return 0;
}

/*
 * The action before, with which this one makes one change of headers. What a sample took off is on
 * again behind it.
 */
static bool
behind_decap(const struct esn_flow_act_walk *w)
{
	uint32_t at = w->out->n - 1; /* this one's place */

	return at > 0 && at != w->sample_end && w->out->act[at - 1].op == ESW_FLOW_DECAP;
}

int
esn_flow_get_raw_encap(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_raw_encap *c = conf;
	size_t min = behind_decap(w) ? 1 : RTE_ETHER_HDR_LEN;

	if (c->data == NULL)
		return esn_flow_conf_no(w, EINVAL, "there are no octets");
	if (c->preserve != NULL)
		return esn_flow_conf_no(w, ENOTSUP, "no octets can be preserved");
	if (c->size < min || c->size > ESW_FLOW_ENCAP_MAX)
		return esn_flow_say(w->error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf,
				    "%zu octets are out of range %zu to %u", c->size, min,
				    ESW_FLOW_ENCAP_MAX);
	return encap(w, c->data, c->size, a);
}

/* The octets themselves are for the reader: their number counts. */
int
esn_flow_get_raw_decap(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_raw_decap *c = conf;

	if (c->size == 0 || c->size > DECAP_MAX)
		return esn_flow_say(w->error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf,
				    "%zu octets are out of range 1 to %u", c->size, DECAP_MAX);
	a->decap.len = c->size;
	w->level[0] = anything;
	w->level[1] = anything;
	return 0;
}
