/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FLOW_RIG_H_
#define _FLOW_RIG_H_

/*
 * What the tests of flow rules share: two e-switches (the second one's ports are strangers), a port
 * of another driver, and short words for items and actions.
 */
#include "rig.h"

#include <string.h>

#include <rte_flow.h>

#include "flow_rule.h"

#define FLOW_OTHER "net_eswitch_pf1"
#define FLOW_STRANGER "net_ring_flow"

#define ITEM(t, ...) ((struct rte_flow_item){ .type = RTE_FLOW_ITEM_TYPE_##t, ##__VA_ARGS__ })
/* With a spec, and one with a mask: expressions of the item's structure. */
#define OF(s) .spec = &(s)
#define UNDER(s, m) .spec = &(s), .mask = &(m)
#define PATTERN(...) ((struct rte_flow_item[]){ __VA_ARGS__, ITEM(END) })

#define ACT(t, ...) ((struct rte_flow_action){ .type = RTE_FLOW_ACTION_TYPE_##t, ##__VA_ARGS__ })
#define WITH(...) .conf = &(__VA_ARGS__)
#define ACTIONS(...) ((struct rte_flow_action[]){ __VA_ARGS__, ACT(END) })

#define FLOW_TEST(f) cmocka_unit_test_setup_teardown(f, flow_setup, flow_teardown)

#define TO_PORT(id_) ACT(PORT_ID, WITH((struct rte_flow_action_port_id){ .id = (id_) }))

static const struct rte_flow_attr flow_transfer = { .transfer = 1 };
static const struct rte_flow_attr flow_ingress = { .ingress = 1 };

/* Ports of the first e-switch: PF, representors of VF 0 and 1, VF 0's own. */
static uint16_t flow_pf, flow_rep0, flow_rep1, flow_vf0, flow_other, flow_stranger;

static inline int
flow_setup(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=3,representor=vf[0-1],mode=switchdev"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0"), 0);
	assert_int_equal(rig_add(FLOW_OTHER, "vfs=1,representor=vf0,mode=switchdev"), 0);
	assert_int_equal(rig_add(FLOW_STRANGER, ""), 0);
	flow_pf = rig_port(RIG_PF);
	flow_rep0 = rig_port(RIG_PF "_representor_vf0");
	flow_rep1 = rig_port(RIG_PF "_representor_vf1");
	flow_vf0 = rig_port("net_eswitch_vf0");
	flow_other = rig_port(FLOW_OTHER "_representor_vf0");
	flow_stranger = rig_port(FLOW_STRANGER);
	return 0;
}

static inline int
flow_teardown(void **state)
{
	(void)state;
	rig_del(FLOW_STRANGER);
	rig_del(FLOW_OTHER);
	rig_del("net_eswitch_vf0");
	rig_del(RIG_PF);
	assert_int_equal(rig_pool_used(), 0);
	return 0;
}

static inline struct esn_flow_port
flow_port(uint16_t id)
{
	struct rte_flow_error error = { .message = NULL };
	struct esn_flow_port port;

	assert_int_equal(esn_flow_port_get(&rte_eth_devices[id], &port, &error), 0);
	return port;
}

static struct esn_flow_pattern flow_pattern;

/* Translate for a transfer rule of representor 0. @return the match */
static inline const struct esw_flow_match *
flow_match(const struct rte_flow_item *items)
{
	const struct esn_flow_port port = flow_port(flow_rep0);
	struct rte_flow_error error = { .message = NULL };

	memset(&flow_pattern, 0xa5, sizeof(flow_pattern));
	if (esn_flow_pattern_get(&port, true, items, &flow_pattern, &error) != 0)
		fail_msg("refused: %s", error.message);
	return &flow_pattern.match;
}

/* What a refusal must say: code, type, the object at fault, some words of the sentence. */
static inline void
flow_refused(int ret, const struct rte_flow_error *error, int code, enum rte_flow_error_type type,
	     const void *cause, const char *words)
{
	assert_int_equal(ret, -code);
	assert_int_equal(rte_errno, code);
	if (error->message == NULL || strstr(error->message, words) == NULL)
		fail_msg("\"%s\" is not said", words);
	assert_int_equal(error->type, type);
	assert_ptr_equal(error->cause, cause);
}

#endif /* _FLOW_RIG_H_ */
