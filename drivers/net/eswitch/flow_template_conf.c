/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Configurations of actions: their fields, and copies of them. See flow_template.h. */
#include <stdlib.h>
#include <string.h>

#include "flow_indirect.h"
#include "flow_template.h"

#define FIELD(structure, member) \
	{ \
		.at = offsetof(struct structure, member), \
		.len = sizeof(((struct structure *)NULL)->member) \
	}
#define POINTER(structure, member) \
	{ \
		.at = offsetof(struct structure, member), .len = sizeof(void *) \
	}
/* From there on, all of it is one: pointers and their lengths, which say nothing alone. */
#define REST(structure, member) \
	{ \
		.at = offsetof(struct structure, member), \
		.len = sizeof(struct structure) - offsetof(struct structure, member) \
	}
/* Bit-fields that share octets. */
#define OCTETS(first, n) \
	{ \
		.at = (first), .len = (n) \
	}
#define ONE(structure, member) \
	{ \
		.size = sizeof(struct structure), .field = { FIELD(structure, member) } \
	}

/* COUNT has a number that means nothing here. An entry that is not named is not supported. */
static const struct esn_flow_conf_kind kinds[] = {
	[RTE_FLOW_ACTION_TYPE_PORT_ID] = {
		.size = sizeof(struct rte_flow_action_port_id),
		.field = { OCTETS(0, sizeof(struct rte_flow_action_port_id)) },
	},
	[RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT] = ONE(rte_flow_action_ethdev, port_id),
	[RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR] = ONE(rte_flow_action_ethdev, port_id),
	[RTE_FLOW_ACTION_TYPE_JUMP] = ONE(rte_flow_action_jump, group),
	[RTE_FLOW_ACTION_TYPE_QUEUE] = ONE(rte_flow_action_queue, index),
	[RTE_FLOW_ACTION_TYPE_RSS] = {
		.size = sizeof(struct rte_flow_action_rss),
		.field = {
			FIELD(rte_flow_action_rss, func),
			FIELD(rte_flow_action_rss, level),
			FIELD(rte_flow_action_rss, types),
			REST(rte_flow_action_rss, key_len),
		},
	},
	[RTE_FLOW_ACTION_TYPE_SAMPLE] = {
		.size = sizeof(struct rte_flow_action_sample),
		.field = {
			FIELD(rte_flow_action_sample, ratio),
			POINTER(rte_flow_action_sample, actions),
		},
	},
	[RTE_FLOW_ACTION_TYPE_AGE] = {
		.size = sizeof(struct rte_flow_action_age),
		.field = { OCTETS(0, 4), FIELD(rte_flow_action_age, context) },
	},
	[RTE_FLOW_ACTION_TYPE_METER] = ONE(rte_flow_action_meter, mtr_id),
	[RTE_FLOW_ACTION_TYPE_MARK] = ONE(rte_flow_action_mark, id),
	[RTE_FLOW_ACTION_TYPE_OF_PUSH_VLAN] = ONE(rte_flow_action_of_push_vlan, ethertype),
	[RTE_FLOW_ACTION_TYPE_OF_SET_VLAN_VID] = ONE(rte_flow_action_of_set_vlan_vid, vlan_vid),
	[RTE_FLOW_ACTION_TYPE_OF_SET_VLAN_PCP] = ONE(rte_flow_action_of_set_vlan_pcp, vlan_pcp),
	[RTE_FLOW_ACTION_TYPE_SET_MAC_SRC] = ONE(rte_flow_action_set_mac, mac_addr),
	[RTE_FLOW_ACTION_TYPE_SET_MAC_DST] = ONE(rte_flow_action_set_mac, mac_addr),
	[RTE_FLOW_ACTION_TYPE_SET_IPV4_SRC] = ONE(rte_flow_action_set_ipv4, ipv4_addr),
	[RTE_FLOW_ACTION_TYPE_SET_IPV4_DST] = ONE(rte_flow_action_set_ipv4, ipv4_addr),
	[RTE_FLOW_ACTION_TYPE_SET_IPV6_SRC] = ONE(rte_flow_action_set_ipv6, ipv6_addr),
	[RTE_FLOW_ACTION_TYPE_SET_IPV6_DST] = ONE(rte_flow_action_set_ipv6, ipv6_addr),
	[RTE_FLOW_ACTION_TYPE_SET_TP_SRC] = ONE(rte_flow_action_set_tp, port),
	[RTE_FLOW_ACTION_TYPE_SET_TP_DST] = ONE(rte_flow_action_set_tp, port),
	[RTE_FLOW_ACTION_TYPE_SET_TTL] = ONE(rte_flow_action_set_ttl, ttl_value),
	[RTE_FLOW_ACTION_TYPE_SET_IPV4_DSCP] = ONE(rte_flow_action_set_dscp, dscp),
	[RTE_FLOW_ACTION_TYPE_SET_IPV6_DSCP] = ONE(rte_flow_action_set_dscp, dscp),
	[RTE_FLOW_ACTION_TYPE_VXLAN_ENCAP] = {
		.size = sizeof(struct rte_flow_action_vxlan_encap),
		.field = { POINTER(rte_flow_action_vxlan_encap, definition) },
	},
	[RTE_FLOW_ACTION_TYPE_RAW_ENCAP] = {
		.size = sizeof(struct rte_flow_action_raw_encap),
		.field = { REST(rte_flow_action_raw_encap, data) },
	},
	[RTE_FLOW_ACTION_TYPE_RAW_DECAP] = {
		.size = sizeof(struct rte_flow_action_raw_decap),
		.field = { REST(rte_flow_action_raw_decap, data) },
	},
};

static_assert(sizeof(struct rte_flow_action_rss) <= ESN_FLOW_CONF_MAX, "the largest one");

const struct esn_flow_conf_kind *
esn_flow_conf_kind(enum rte_flow_action_type type)
{
	static const struct esn_flow_conf_kind none = { .size = 0 };

	return (uint32_t)type < RTE_DIM(kinds) ? &kinds[type] : &none;
}

struct esn_flow_octets {
	struct esn_flow_octets *next;
	uint64_t p[];
};

static void *
octets_get(struct esn_flow_octets **list, size_t n)
{
	struct esn_flow_octets *o = calloc(1, sizeof(*o) + n);

	if (o == NULL)
		return NULL;
	o->next = *list;
	*list = o;
	return o->p;
}

void
esn_flow_octets_free(struct esn_flow_octets *octets)
{
	while (octets != NULL) {
		struct esn_flow_octets *next = octets->next;

		free(octets);
		octets = next;
	}
}

static const void *
octets_copy(struct esn_flow_octets **list, const void *from, size_t n)
{
	void *to = octets_get(list, n);

	return to != NULL ? memcpy(to, from, n) : NULL;
}

/* The items that define an encapsulation. */
static const void *
items_copy(struct esn_flow_octets **list, const struct rte_flow_item *items)
{
	int n = rte_flow_conv(RTE_FLOW_CONV_OP_PATTERN, NULL, 0, items, NULL);
	void *to = n > 0 ? octets_get(list, n) : NULL;

	if (to == NULL || rte_flow_conv(RTE_FLOW_CONV_OP_PATTERN, to, n, items, NULL) < 0)
		return NULL;
	return to;
}

/* A SAMPLE's list. */
static const void *
actions_copy(struct esn_flow_octets **list, const struct rte_flow_action *actions)
{
	struct rte_flow_action *to;
	uint32_t n = 1;

	while (actions[n - 1].type != RTE_FLOW_ACTION_TYPE_END)
		n++;
	to = octets_get(list, n * sizeof(*to));
	for (uint32_t i = 0; i < n && to != NULL; i++) {
		to[i].type = actions[i].type;
		to[i].conf = actions[i].conf;
		if (actions[i].conf == NULL || actions[i].type == RTE_FLOW_ACTION_TYPE_INDIRECT)
			continue;
		to[i].conf = esn_flow_conf_copy(list, actions[i].type, actions[i].conf, NULL);
		if (to[i].conf == NULL)
			return NULL;
	}
	return to;
}

/* What one pointer of a configuration points to. @return whether there was memory */
#define DEEP(c, structure, member, copy) \
	((ours != NULL && ours[offsetof(struct structure, member)] == 0) || (c)->member == NULL || \
	 ((c)->member = (copy)) != NULL)

static bool
deep_copy(struct esn_flow_octets **list, enum rte_flow_action_type type, void *conf,
	  const uint8_t *ours)
{
	struct rte_flow_action_vxlan_encap *vxlan = conf;
	struct rte_flow_action_raw_encap *raw = conf;
	struct rte_flow_action_sample *sample = conf;
	struct rte_flow_action_rss *rss = conf;

	switch ((int)type) {
	case RTE_FLOW_ACTION_TYPE_RSS:
		return DEEP(rss, rte_flow_action_rss, key,
			    octets_copy(list, rss->key, rss->key_len)) &&
		       DEEP(rss, rte_flow_action_rss, queue,
			    octets_copy(list, rss->queue, rss->queue_num * sizeof(*rss->queue)));
	case RTE_FLOW_ACTION_TYPE_VXLAN_ENCAP:
		if (vxlan->definition != NULL)
			vxlan->definition = (struct rte_flow_item *)(uintptr_t)
				items_copy(list, vxlan->definition);
		return vxlan->definition != NULL;
	case RTE_FLOW_ACTION_TYPE_RAW_ENCAP:
		return DEEP(raw, rte_flow_action_raw_encap, data,
			    (uint8_t *)(uintptr_t)octets_copy(list, raw->data, raw->size));
	case RTE_FLOW_ACTION_TYPE_SAMPLE:
		return DEEP(sample, rte_flow_action_sample, actions,
			    actions_copy(list, sample->actions));
	default:
		return true;
	}
}

const void *
esn_flow_conf_copy(struct esn_flow_octets **octets, enum rte_flow_action_type type,
		   const void *conf, const uint8_t *ours)
{
	size_t size = esn_flow_conf_kind(type)->size;
	void *copy = octets_get(octets, RTE_MAX(size, sizeof(uint64_t)));

	if (copy == NULL)
		return NULL;
	memcpy(copy, conf, size);
	return deep_copy(octets, type, copy, ours) ? copy : NULL;
}

void
esn_flow_conf_hold(enum rte_flow_action_type type, const void *conf, bool hold)
{
	const struct rte_flow_action *a;

	if (conf != NULL && type == RTE_FLOW_ACTION_TYPE_INDIRECT)
		esn_flow_handle_hold(conf, hold);
	if (conf == NULL || type != RTE_FLOW_ACTION_TYPE_SAMPLE)
		return;
	a = ((const struct rte_flow_action_sample *)conf)->actions;
	for (; a != NULL && a->type != RTE_FLOW_ACTION_TYPE_END; a++)
		if (a->type == RTE_FLOW_ACTION_TYPE_INDIRECT && a->conf != NULL)
			esn_flow_handle_hold(a->conf, hold);
}
