/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FLOW_TRAFFIC_H_
#define _FLOW_TRAFFIC_H_

/*
 * Tests of flow rules with frames: all ports up, rules made through rte_flow, one sender watched.
 */
#include "flow_rig.h"

#include <string.h>

#include <rte_errno.h>

#define FLOW_TEST_UP(f) cmocka_unit_test_setup_teardown(f, flow_up, flow_down)
#define FLOW_QUEUES 4 /* of VF 0's port */

static uint16_t flow_vf1;

static inline int
flow_up(void **state)
{
	flow_setup(state);
	assert_int_equal(rig_add("net_eswitch_vf1", "pf=net_eswitch_pf0,vf=1"), 0);
	flow_vf1 = rig_port("net_eswitch_vf1");
	rig_up(flow_pf, 1);
	rig_up(flow_rep0, 1);
	rig_up(flow_rep1, 1);
	rig_up(flow_vf0, FLOW_QUEUES);
	rig_up(flow_vf1, 1);
	return 0;
}

static inline int
flow_down(void **state)
{
	rig_del("net_eswitch_vf1");
	return flow_teardown(state);
}

static inline struct rte_flow *
flow_make(uint16_t on, const struct rte_flow_attr *attr, const struct rte_flow_item *items,
	  const struct rte_flow_action *actions)
{
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow *flow;

	if (rte_flow_validate(on, attr, items, actions, &error) != 0)
		fail_msg("not valid: %s", error.message);
	flow = rte_flow_create(on, attr, items, actions, &error);
	if (flow == NULL)
		fail_msg("not made: %s", error.message);
	return flow;
}

/* VF 0 sends a frame to VF 1's address. */
static inline void
flow_send(void)
{
	struct rte_ether_addr from = rig_mac(flow_vf0), to = rig_mac(flow_vf1);

	rig_send(flow_vf0, &from, &to);
}

/* Where did one frame of VF 0 go? All other ports have nothing. */
static inline void
flow_arrives(unsigned int at_rep0, unsigned int at_vf1, unsigned int at_pf)
{
	flow_send();
	assert_int_equal(rig_recv(flow_rep0, 0), at_rep0);
	assert_int_equal(rig_recv(flow_vf1, 0), at_vf1);
	assert_int_equal(rig_recv(flow_pf, 0), at_pf);
	assert_int_equal(rig_recv(flow_rep1, 0), 0);
}

static inline struct rte_flow_query_count
flow_count(uint16_t on, struct rte_flow *flow, bool reset)
{
	struct rte_flow_query_count q = { .reset = reset };
	struct rte_flow_error error = { .message = NULL };

	assert_int_equal(rte_flow_query(on, flow, ACTIONS(ACT(COUNT)), &q, &error), 0);
	assert_int_equal(q.hits_set, 1);
	assert_int_equal(q.bytes_set, 1);
	return q;
}

#endif /* _FLOW_TRAFFIC_H_ */
