/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FUZZ_FLOW_ACTS_H_
#define _FUZZ_FLOW_ACTS_H_

/*
 * Actions of rte_flow of a fuzzer's input, lists in lists included; and the meter that they may
 * name. See fuzz_flow_api.h.
 */
#include <rte_mtr.h>

#include "fuzz_flow_api.h"

#define API_METER 5
#define API_DEEP 2 /* lists in a list in a list */

#define API_ACT(t, s) \
	{ \
		RTE_FLOW_ACTION_TYPE_##t, sizeof(struct rte_flow_action_##s) \
	}
static const struct {
	enum rte_flow_action_type type;
	size_t size;
} api_acts[] = {
	API_ACT(PORT_ID, port_id),
	API_ACT(REPRESENTED_PORT, ethdev),
	API_ACT(PORT_REPRESENTOR, ethdev),
	{ RTE_FLOW_ACTION_TYPE_DROP, 0 },
	API_ACT(JUMP, jump),
	{ RTE_FLOW_ACTION_TYPE_PASSTHRU, 0 },
	API_ACT(QUEUE, queue),
	API_ACT(RSS, rss),
	API_ACT(SAMPLE, sample),
	API_ACT(COUNT, count),
	API_ACT(AGE, age),
	API_ACT(METER, meter),
	API_ACT(MARK, mark),
	{ RTE_FLOW_ACTION_TYPE_FLAG, 0 },
	{ RTE_FLOW_ACTION_TYPE_INDIRECT, 1 },
	{ RTE_FLOW_ACTION_TYPE_OF_POP_VLAN, 0 },
	API_ACT(OF_PUSH_VLAN, of_push_vlan),
	API_ACT(OF_SET_VLAN_VID, of_set_vlan_vid),
	API_ACT(OF_SET_VLAN_PCP, of_set_vlan_pcp),
	API_ACT(SET_MAC_SRC, set_mac),
	API_ACT(SET_MAC_DST, set_mac),
	{ RTE_FLOW_ACTION_TYPE_MAC_SWAP, 0 },
	API_ACT(SET_IPV4_SRC, set_ipv4),
	API_ACT(SET_IPV4_DST, set_ipv4),
	API_ACT(SET_IPV6_SRC, set_ipv6),
	API_ACT(SET_IPV6_DST, set_ipv6),
	API_ACT(SET_TP_SRC, set_tp),
	API_ACT(SET_TP_DST, set_tp),
	API_ACT(SET_TTL, set_ttl),
	{ RTE_FLOW_ACTION_TYPE_DEC_TTL, 0 },
	API_ACT(SET_IPV4_DSCP, set_dscp),
	API_ACT(SET_IPV6_DSCP, set_dscp),
	API_ACT(VXLAN_ENCAP, vxlan_encap),
	{ RTE_FLOW_ACTION_TYPE_VXLAN_DECAP, 0 },
	API_ACT(RAW_ENCAP, raw_encap),
	API_ACT(RAW_DECAP, raw_decap),
	{ RTE_FLOW_ACTION_TYPE_VOID, 0 },
	/* unknown to the front end */
	API_ACT(SECURITY, security),
	API_ACT(MODIFY_FIELD, modify_field),
	{ (enum rte_flow_action_type) - 1, 0 },
	{ (enum rte_flow_action_type)9999, 0 },
};

static inline struct rte_flow_action *api_actions(struct take *t, struct api *a, uint32_t deep);

static inline void
api_meter_make(uint16_t port)
{
	static const struct rte_flow_action drop[] = { { .type = RTE_FLOW_ACTION_TYPE_DROP },
						       { .type = RTE_FLOW_ACTION_TYPE_END } };
	struct rte_mtr_meter_profile profile = {
		.alg = RTE_MTR_SRTCM_RFC2697,
		.srtcm_rfc2697 = { .cir = 1, .cbs = 3 },
		.packet_mode = 1,
	};
	struct rte_mtr_meter_policy_params policy = { .actions = { [RTE_COLOR_RED] = drop } };
	struct rte_mtr_params params = { .meter_enable = 1 };
	struct rte_mtr_error e;

	promise(rte_mtr_meter_profile_add(port, 0, &profile, &e) == 0, "a profile", "none");
	promise(rte_mtr_meter_policy_add(port, 0, &policy, &e) == 0, "a policy", "none");
	promise(rte_mtr_create(port, API_METER, &params, 1, &e) == 0, "a meter", "none");
}

/* Queues and key lie where the input says how many octets there are. */
static inline void
api_rss(struct take *t, struct api *a, struct rte_flow_action_rss *c)
{
	static const uint32_t key_lens[] = { 0, 40, 40, 52 };
	uint8_t v = take_u8(t);

	c->func = v % 8 == 7 ? RTE_ETH_HASH_FUNCTION_SIMPLE_XOR : v % 2;
	c->level = v >> 3 & 1;
	c->types = (v & 0x40) != 0 ? RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP : c->types & 0xff;
	c->key_len = key_lens[take_u8(t) % RTE_DIM(key_lens)];
	c->key = (v & 0x20) != 0 ? NULL : api_take(t, a, c->key_len);
	c->queue_num = take_u8(t) % 18;
	c->queue = (v & 0x80) != 0 ? NULL : api_take(t, a, c->queue_num * sizeof(uint16_t));
	for (uint32_t i = 0; c->queue != NULL && v % 4 != 0 && i < c->queue_num; i++)
		((uint16_t *)(uintptr_t)c->queue)[i] %= 3;
}

/* Headers as VXLAN_ENCAP wants them, mostly. */
static inline struct rte_flow_item *
api_definition(struct take *t, struct api *a)
{
	static const struct api_item in_order[] = {
		API_ITEM(ETH, eth),   API_ITEM(VLAN, vlan), API_ITEM(IPV4, ipv4),
		API_ITEM(IPV6, ipv6), API_ITEM(UDP, udp),   API_ITEM(VXLAN, vxlan),
	};
	struct rte_flow_item *items = api_get(a, 8 * sizeof(*items));
	uint8_t v = take_u8(t);
	uint32_t n = 0;

	if (v % 16 == 15)
		return api_items(t, a);
	for (uint32_t i = 0; i < RTE_DIM(in_order); i++) {
		uint8_t *spec = api_take(t, a, in_order[i].size);

		if ((v >> i & 1) != 0 && i != 0)
			continue;
		if (take_u8(t) < 0xe0) /* what it must be, or nothing: it is filled in */
			memset(spec, 0, in_order[i].size);
		items[n].type = in_order[i].type;
		items[n++].spec = spec[0] == 0xff ? NULL : spec;
	}
	items[n].type = RTE_FLOW_ITEM_TYPE_END;
	return items;
}

static inline void
api_raw_encap(struct take *t, struct api *a, struct rte_flow_action_raw_encap *c)
{
	uint8_t v = take_u8(t);

	c->size = v % 140;
	c->data = NULL;
	c->preserve = NULL;
	if (v < 0xf8)
		c->data = api_get(a, c->size);
	if (c->data != NULL && c->size >= 100 && v % 2 == 0)
		fuzz_headers(v % FUZZ_LIKES, c->data);
	else if (c->data != NULL)
		take_octets(t, c->data, c->size);
	if (v == 0xf7)
		c->preserve = api_get(a, c->size);
}

/* Pointers of a configuration, and values that would be out of range nearly always. */
static inline void
api_conf(struct take *t, struct api *a, enum rte_flow_action_type type, void *conf, uint32_t deep)
{
	uint8_t v = take_u8(t);

	switch ((int)type) {
	case RTE_FLOW_ACTION_TYPE_PORT_ID:
		*(struct rte_flow_action_port_id *)conf = (struct rte_flow_action_port_id){
			.original = v >= 0xf0,
			.id = a->port[v % API_PORTS],
		};
		break;
	case RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT:
	case RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR:
		((struct rte_flow_action_ethdev *)conf)->port_id = a->port[v % API_PORTS];
		break;
	case RTE_FLOW_ACTION_TYPE_JUMP:
		((struct rte_flow_action_jump *)conf)->group = v % 5;
		break;
	case RTE_FLOW_ACTION_TYPE_QUEUE:
		((struct rte_flow_action_queue *)conf)->index = v % 3;
		break;
	case RTE_FLOW_ACTION_TYPE_RSS:
		api_rss(t, a, conf);
		break;
	case RTE_FLOW_ACTION_TYPE_SAMPLE:
		((struct rte_flow_action_sample *)conf)->ratio = v % 4;
		((struct rte_flow_action_sample *)conf)->actions = v >= 0xf0 || deep == API_DEEP ?
									   NULL :
									   api_actions(t, a,
										       deep + 1);
		break;
	case RTE_FLOW_ACTION_TYPE_METER:
		((struct rte_flow_action_meter *)conf)->mtr_id = v % 8 == 7 ? v : API_METER;
		break;
	case RTE_FLOW_ACTION_TYPE_OF_PUSH_VLAN:
		if (v % 8 != 7)
			((struct rte_flow_action_of_push_vlan *)conf)
				->ethertype = v % 2 == 0 ? RTE_BE16(0x8100) : RTE_BE16(0x88a8);
		break;
	case RTE_FLOW_ACTION_TYPE_VXLAN_ENCAP:
		((struct rte_flow_action_vxlan_encap *)conf)
			->definition = v >= 0xf8 ? NULL : api_definition(t, a);
		break;
	case RTE_FLOW_ACTION_TYPE_RAW_ENCAP:
		api_raw_encap(t, a, conf);
		break;
	case RTE_FLOW_ACTION_TYPE_RAW_DECAP:
		((struct rte_flow_action_raw_decap *)conf)->data = NULL;
		((struct rte_flow_action_raw_decap *)conf)->size = v;
		break;
	default:
		break;
	}
}

static inline void
api_action(struct take *t, struct api *a, struct rte_flow_action *action, uint32_t deep)
{
	uint32_t i = take_u8(t) % RTE_DIM(api_acts);
	uint8_t v = take_u8(t);
	void *conf;

	action->type = api_acts[i].type;
	if (action->type == RTE_FLOW_ACTION_TYPE_INDIRECT) {
		action->conf = a->handle[v % a->n_handles]; /* NULL: that is refused */
		return;
	}
	if (v >= 0xf0 || api_acts[i].size == 0)
		return;
	conf = api_take(t, a, api_acts[i].size);
	api_conf(t, a, action->type, conf, deep);
	action->conf = conf;
}

/* One octet more than 64 is asked for now and then. */
static inline struct rte_flow_action *
api_actions(struct take *t, struct api *a, uint32_t deep)
{
	uint8_t v = take_u8(t);
	uint32_t n = v < 0xf0 ? 1 + v % 6 : v - 0xf0 + (deep == 0 ? 56 : 8);
	struct rte_flow_action *actions;

	if (v == 0xff)
		return NULL;
	actions = api_get(a, (n + 1) * sizeof(*actions));
	for (uint32_t i = 0; i < n; i++)
		api_action(t, a, &actions[i], deep);
	actions[n].type = RTE_FLOW_ACTION_TYPE_END;
	return actions;
}

#endif /* _FUZZ_FLOW_ACTS_H_ */
