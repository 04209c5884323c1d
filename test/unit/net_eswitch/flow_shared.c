/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Flow rules through rte_flow: what rules share, and threads that make them at once. */
#include "flow_traffic.h"

#include <pthread.h>

static void
counter_that_rules_share(void **state)
{
	const struct rte_flow_indir_action_conf conf = { .transfer = 1 };
	const struct rte_flow_attr second = { .transfer = 1, .priority = 1 };
	struct rte_flow_query_count q = { .reset = 1 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action_handle *h;
	struct rte_flow *flow;

	(void)state;
	h = rte_flow_action_handle_create(flow_rep0, &conf, &ACT(COUNT), &error);
	assert_non_null(h);
	flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(INDIRECT, .conf = h), TO_PORT(flow_rep1)));
	flow_make(flow_rep0, &second, PATTERN(ITEM(ETH)),
		  ACTIONS(ACT(INDIRECT, .conf = h), ACT(DROP)));
	flow_arrives(0, 1, 0);
	assert_int_equal(rte_flow_destroy(flow_rep0, flow, NULL), 0);
	flow_arrives(0, 0, 0);
	assert_int_equal(rte_flow_action_handle_query(flow_rep0, h, &q, &error), 0);
	assert_int_equal(q.hits, 2);
	assert_int_equal(q.bytes, 2 * RIG_LEN);
	assert_int_equal(rte_flow_action_handle_query(flow_rep0, h, &q, &error), 0);
	assert_int_equal(q.hits, 0);
	assert_int_equal(rte_flow_action_handle_update(flow_rep0, h, &q, &error), -ENOTSUP);
	flow_refused(rte_flow_action_handle_destroy(flow_rep0, h, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_HANDLE, h, "");
	assert_int_equal(rte_flow_flush(flow_rep0, NULL), 0);
	assert_int_equal(rte_flow_action_handle_destroy(flow_rep0, h, &error), 0);
}

static void
handles_that_cannot_be(void **state)
{
	const struct rte_flow_indir_action_conf transfer = { .transfer = 1 };
	const struct rte_flow_indir_action_conf egress = { .egress = 1 };
	const struct rte_flow_action_meter meter = { .mtr_id = 12345 };
	const struct rte_flow_action_age age = { .timeout = 0 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action_handle *h;

	(void)state;
	assert_null(rte_flow_action_handle_create(flow_rep0, &egress, &ACT(COUNT), &error));
	assert_int_equal(error.type, RTE_FLOW_ERROR_TYPE_ATTR_EGRESS);
	assert_null(rte_flow_action_handle_create(flow_vf0, &transfer, &ACT(COUNT), &error));
	assert_int_equal(rte_errno, EPERM);
	assert_null(rte_flow_action_handle_create(flow_rep0, &transfer, &ACT(DROP), &error));
	assert_int_equal(rte_errno, ENOTSUP);
	assert_null(rte_flow_action_handle_create(flow_rep0, &transfer, &ACT(AGE), &error));
	assert_null(rte_flow_action_handle_create(flow_rep0, &transfer, &ACT(AGE, .conf = &age),
						  &error));
	assert_null(rte_flow_action_handle_create(flow_rep0, &transfer, &ACT(METER, .conf = &meter),
						  &error));
	assert_int_equal(rte_errno, ENOENT);
	/* Another e-switch's. */
	h = rte_flow_action_handle_create(flow_other, &transfer, &ACT(COUNT), &error);
	assert_non_null(h);
	assert_null(rte_flow_create(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
				    ACTIONS(ACT(INDIRECT, .conf = h), ACT(DROP)), &error));
	assert_int_equal(error.type, RTE_FLOW_ERROR_TYPE_ACTION);
	/* It is not destroyed: its port's end must do. */
}

#define RULES 2000

/* Rules come and go, and so do counters that they share, without a word to other threads. */
static void *
come_and_go(void *arg)
{
	const uint16_t on = *(const uint16_t *)arg;
	const struct rte_flow_item_eth mask = { .hdr.ether_type = 0xffff };
	struct rte_flow_item_eth eth = { .hdr.ether_type = 0 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action_handle *h;
	struct rte_flow *flow;

	for (uint16_t i = 0; i < RULES; i++) {
		eth.hdr.ether_type = rte_cpu_to_be_16(i);
		h = rte_flow_action_handle_create(on, NULL, &ACT(COUNT), &error);
		flow = rte_flow_create(on, &flow_transfer, PATTERN(ITEM(ETH, UNDER(eth, mask))),
				       ACTIONS(ACT(INDIRECT, .conf = h), ACT(DROP)), &error);
		if (h == NULL || flow == NULL || rte_flow_destroy(on, flow, &error) != 0 ||
		    rte_flow_action_handle_destroy(on, h, &error) != 0)
			return NULL;
	}
	return arg;
}

static void
many_threads(void **state)
{
	uint16_t ports[] = { flow_pf, flow_rep0, flow_rep1 };
	pthread_t threads[RTE_DIM(ports)];
	unsigned int i;
	void *done;

	(void)state;
	for (i = 0; i < RTE_DIM(ports); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, &ports[i]), 0);
	for (i = 0; i < RTE_DIM(ports); i++) {
		assert_int_equal(pthread_join(threads[i], &done), 0);
		assert_ptr_equal(done, &ports[i]);
	}
	flow_arrives(1, 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST_UP(counter_that_rules_share),
		FLOW_TEST_UP(handles_that_cannot_be),
		FLOW_TEST_UP(many_threads),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
