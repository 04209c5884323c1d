/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FLOW_ASYNC_RIG_H_
#define _FLOW_ASYNC_RIG_H_

/*
 * Tests of flow queues: the ports of flow_traffic.h, and on representor 0 two queues of four
 * operations. What was made is left to the port's close.
 */
#include "flow_traffic.h"

#define QUEUE_SIZE 4
#define ASYNC_TEST(f) cmocka_unit_test_setup_teardown(f, async_up, flow_down)

static const struct rte_flow_op_attr now = { .postpone = 0 }, later = { .postpone = 1 };
static const struct rte_flow_pattern_template_attr pt_transfer = { .transfer = 1 };
static const struct rte_flow_actions_template_attr at_transfer = { .transfer = 1 };

static inline void
async_configure(uint16_t port)
{
	const struct rte_flow_queue_attr size = { .size = QUEUE_SIZE }, *sizes[] = { &size, &size };
	const struct rte_flow_port_attr attr = { .nb_counters = 100 };
	struct rte_flow_error error = { .message = NULL };

	assert_int_equal(rte_eth_dev_stop(port), 0);
	if (rte_flow_configure(port, &attr, RTE_DIM(sizes), sizes, &error) != 0)
		fail_msg("not configured: %s", error.message);
	assert_int_equal(rte_eth_dev_start(port), 0);
}

static inline int
async_up(void **state)
{
	flow_up(state);
	async_configure(flow_rep0);
	return 0;
}

static inline struct rte_flow_pattern_template *
pt_make(const struct rte_flow_pattern_template_attr *attr, const struct rte_flow_item *items)
{
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_pattern_template *t = rte_flow_pattern_template_create(flow_rep0, attr,
									       items, &error);

	if (t == NULL)
		fail_msg("no pattern template: %s", error.message);
	return t;
}

static inline struct rte_flow_actions_template *
at_make(const struct rte_flow_action *actions, const struct rte_flow_action *masks)
{
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_actions_template *t = rte_flow_actions_template_create(flow_rep0,
									       &at_transfer,
									       actions, masks,
									       &error);

	if (t == NULL)
		fail_msg("no actions template: %s", error.message);
	return t;
}

static inline struct rte_flow_template_table *
table_make(struct rte_flow_pattern_template *pt, struct rte_flow_actions_template *at, uint32_t max)
{
	const struct rte_flow_template_table_attr attr = { .flow_attr.transfer = 1,
							   .nb_flows = max };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_template_table *t = rte_flow_template_table_create(flow_rep0, &attr, &pt, 1,
									   &at, 1, &error);

	if (t == NULL)
		fail_msg("no table: %s", error.message);
	return t;
}

/* A table whose actions are COUNT and a port that each rule names. */
static inline struct rte_flow_template_table *
table_to_port(struct rte_flow_pattern_template *pt, uint32_t max)
{
	struct rte_flow_action *actions = ACTIONS(ACT(COUNT), ACT(PORT_ID));

	return table_make(pt, at_make(actions, actions), max);
}

static inline struct rte_flow *
rule_make(const struct rte_flow_op_attr *when, struct rte_flow_template_table *t,
	  const struct rte_flow_item *items, const struct rte_flow_action *actions, void *user_data)
{
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow *flow = rte_flow_async_create(flow_rep0, 0, when, t, items, 0, actions, 0,
						      user_data, &error);

	if (flow == NULL)
		fail_msg("no rule: %s", error.message);
	return flow;
}

static inline void
rule_destroy(const struct rte_flow_op_attr *when, struct rte_flow *flow, void *user_data)
{
	assert_int_equal(rte_flow_async_destroy(flow_rep0, 0, when, flow, user_data, NULL), 0);
}

/* The next result of queue 0; there is one. */
static inline void
pulled(enum rte_flow_op_status status, const void *user_data)
{
	struct rte_flow_op_result res;

	assert_int_equal(rte_flow_pull(flow_rep0, 0, &res, 1, NULL), 1);
	assert_int_equal(res.status, status);
	assert_ptr_equal(res.user_data, user_data);
}

static inline void
pulled_none(void)
{
	struct rte_flow_op_result res;

	assert_int_equal(rte_flow_pull(flow_rep0, 0, &res, 1, NULL), 0);
}

#endif /* _FLOW_ASYNC_RIG_H_ */
