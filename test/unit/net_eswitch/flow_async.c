/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Flow queues: when rules are in force, results, limits, ends. flow_template.c: what they do. */
#include "flow_async_rig.h"

#include "flow.h"

static struct rte_flow_template_table *
table_any(uint32_t max)
{
	return table_to_port(pt_make(&pt_transfer, PATTERN(ITEM(ETH))), max);
}

/* By source port, so that many may be made. */
static struct rte_flow_template_table *
table_udp(uint32_t max)
{
	static const struct rte_flow_item_udp mask = { .hdr.src_port = UINT16_MAX };

	return table_to_port(pt_make(&pt_transfer, PATTERN(ITEM(UDP, .mask = &mask))), max);
}

#define UDP_SPEC(n) \
	PATTERN(ITEM(UDP, \
		     .spec = &(struct rte_flow_item_udp){ .hdr.src_port = rte_cpu_to_be_16(n) }))
#define TO_VF1 ACTIONS(ACT(COUNT), TO_PORT(flow_vf1))

static void
postponed_until_pushed(void **state)
{
	struct rte_flow_template_table *t = table_any(10);
	struct rte_flow *flow;
	int tag[2];

	(void)state;
	flow = rule_make(&later, t, PATTERN(ITEM(ETH)), TO_VF1, &tag[0]);
	flow_arrives(1, 0, 0);
	pulled_none();
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	flow_arrives(0, 1, 0);
	pulled(RTE_FLOW_OP_SUCCESS, &tag[0]);
	assert_int_equal(flow_count(flow_rep0, flow, false).hits, 1);
	rule_destroy(&later, flow, &tag[1]);
	flow_arrives(0, 1, 0);
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	flow_arrives(1, 0, 0);
	pulled(RTE_FLOW_OP_SUCCESS, &tag[1]);
	pulled_none();
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0); /* nothing to do */
}

/* One that is not postponed takes those before it along. */
static void
at_once(void **state)
{
	struct rte_flow_template_table *t = table_udp(10);
	struct rte_flow_op_result res[QUEUE_SIZE];
	struct rte_flow *flow;
	int tag[4];

	(void)state;
	flow = rule_make(&later, t, UDP_SPEC(1), TO_VF1, &tag[0]);
	rule_destroy(&later, flow, &tag[1]);
	rule_make(&later, t, UDP_SPEC(1), TO_VF1, &tag[2]);
	assert_int_equal(esw_flow_number(flow_port(flow_rep0).sw, flow_port(flow_rep0).ep), 0);
	rule_make(&now, t, UDP_SPEC(2), TO_VF1, &tag[3]);
	assert_int_equal(esw_flow_number(flow_port(flow_rep0).sw, flow_port(flow_rep0).ep), 2);
	assert_int_equal(rte_flow_pull(flow_rep0, 0, res, 3, NULL), 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(res[i].status, RTE_FLOW_OP_SUCCESS);
		assert_ptr_equal(res[i].user_data, &tag[i]);
	}
	pulled(RTE_FLOW_OP_SUCCESS, &tag[3]);
}

static void
twin_fails(void **state)
{
	struct rte_flow_template_table *t = table_udp(2);
	struct rte_flow *twin;
	int tag[4];

	(void)state;
	rule_make(&now, t, UDP_SPEC(1), TO_VF1, &tag[0]);
	twin = rule_make(&later, t, UDP_SPEC(1), TO_VF1, &tag[1]);
	rule_destroy(&later, twin, &tag[2]); /* it is not known yet that there is no such rule */
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	rule_destroy(&later, twin, &tag[3]); /* it is known */
	pulled(RTE_FLOW_OP_SUCCESS, &tag[0]);
	pulled(RTE_FLOW_OP_ERROR, &tag[1]);
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	pulled(RTE_FLOW_OP_ERROR, &tag[2]);
	pulled(RTE_FLOW_OP_ERROR, &tag[3]);
	/* Its place in the table is free again. */
	rule_make(&now, t, UDP_SPEC(2), TO_VF1, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
}

static void
queue_is_full(void **state)
{
	struct rte_flow_template_table *t = table_udp(10);
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow *flow = NULL;

	(void)state;
	for (unsigned int i = 0; i < QUEUE_SIZE; i++)
		flow = rule_make(&now, t, UDP_SPEC(i), TO_VF1, NULL);
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, UDP_SPEC(9), 0, TO_VF1, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, EAGAIN, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "is full");
	flow_refused(rte_flow_async_destroy(flow_rep0, 0, &now, flow, NULL, &error), &error, EAGAIN,
		     RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "is full");
	/* The other queue is not; and a result makes room. */
	assert_non_null(rte_flow_async_create(flow_rep0, 1, &now, t, UDP_SPEC(9), 0, TO_VF1, 0,
					      NULL, &error));
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	rule_destroy(&now, flow, NULL);
}

static void
table_is_full(void **state)
{
	struct rte_flow_template_table *t = table_udp(2);
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow *flow;

	(void)state;
	flow = rule_make(&now, t, UDP_SPEC(1), TO_VF1, NULL);
	rule_make(&later, t, UDP_SPEC(2), TO_VF1, NULL);
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, UDP_SPEC(3), 0, TO_VF1, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, ENOSPC, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, t,
		     "the table is for 2 rules");
	assert_int_equal(rte_flow_destroy(flow_rep0, flow, NULL), 0);
	rule_make(&now, t, UDP_SPEC(3), TO_VF1, NULL);
	for (unsigned int i = 0; i < 3; i++)
		pulled(RTE_FLOW_OP_SUCCESS, NULL);
	assert_int_equal(rte_flow_flush(flow_rep0, NULL), 0);
	rule_make(&now, t, UDP_SPEC(4), TO_VF1, NULL);
	rule_make(&now, t, UDP_SPEC(5), TO_VF1, NULL);
}

static void
no_such_queue(void **state)
{
	struct rte_flow_template_table *t = table_udp(2);
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_op_result res;

	(void)state;
	assert_null(rte_flow_async_create(flow_rep0, 2, &now, t, UDP_SPEC(1), 0, TO_VF1, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		     "queue 2: the port has 2 flow queues");
	assert_int_equal(rte_flow_push(flow_rep0, 2, NULL), -EINVAL);
	assert_int_equal(rte_flow_pull(flow_rep0, 2, &res, 1, NULL), -EINVAL);
	assert_int_equal(rte_flow_async_destroy(flow_rep0, 0, &now, NULL, NULL, NULL), -EINVAL);
	assert_int_equal(rte_flow_pull(flow_rep1, 0, &res, 1, &error), -EINVAL);
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_STATE, NULL, "comes first");
}

static void
lists_of_others(void **state)
{
	struct rte_flow_template_table *t = table_udp(2);
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_item *items = PATTERN(ITEM(TCP));
	struct rte_flow_action *actions = ACTIONS(ACT(COUNT), ACT(DROP));

	(void)state;
	assert_null(
		rte_flow_async_create(flow_rep0, 0, &now, t, items, 0, TO_VF1, 0, NULL, &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, items,
		     "not the template's");
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, UDP_SPEC(1), 0, actions, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, &actions[1],
		     "not the template's");
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, UDP_SPEC(1), 1, TO_VF1, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, t,
		     "the table has 1 and 1");
	items = PATTERN(ITEM(UDP));
	assert_null(
		rte_flow_async_create(flow_rep0, 0, &now, t, items, 0, TO_VF1, 0, NULL, &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, items,
		     "there is no spec");
	actions = ACTIONS(ACT(COUNT), ACT(PORT_ID));
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, UDP_SPEC(1), 0, actions, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, &actions[1],
		     "needs a configuration");
	actions = ACTIONS(ACT(COUNT), TO_PORT(flow_rep0));
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, UDP_SPEC(1), 0, actions, 0, NULL,
					  &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, &actions[1],
		     "back to who sent them");
	/* Nothing of it counts in the table. */
	assert_int_equal(rte_flow_template_table_destroy(flow_rep0, t, &error), 0);
}

/* What waits is not the synchronous calls' business. */
static void
waiting_rules(void **state)
{
	struct rte_flow_template_table *t = table_udp(4);
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_query_count count = { 0 };
	struct rte_flow *flow = rule_make(&later, t, UDP_SPEC(1), TO_VF1, NULL);

	(void)state;
	flow_refused(rte_flow_destroy(flow_rep0, flow, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_HANDLE, flow, "not in force");
	flow_refused(rte_flow_query(flow_rep0, flow, ACTIONS(ACT(COUNT)), &count, &error), &error,
		     EBUSY, RTE_FLOW_ERROR_TYPE_HANDLE, flow, "not in force");
	flow_refused(rte_flow_flush(flow_rep0, &error), &error, EBUSY, RTE_FLOW_ERROR_TYPE_STATE,
		     NULL, "operations wait");
	flow_refused(rte_flow_template_table_destroy(flow_rep0, t, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_UNSPECIFIED, t, "the table has 1 rules");
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	assert_int_equal(rte_flow_flush(flow_rep0, &error), 0);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	assert_int_equal(rte_flow_template_table_destroy(flow_rep0, t, &error), 0);
}

/* Both APIs make the same rules. */
static void
beside_synchronous(void **state)
{
	struct rte_flow_template_table *t = table_any(4);
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow *flow;

	(void)state;
	flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)), ACTIONS(ACT(DROP)));
	rule_make(&now, t, PATTERN(ITEM(ETH)), TO_VF1, NULL);
	pulled(RTE_FLOW_OP_ERROR, NULL);
	rule_destroy(&now, flow, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	rule_make(&now, t, PATTERN(ITEM(ETH)), TO_VF1, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	assert_int_equal(rte_flow_validate(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
					   ACTIONS(ACT(DROP)), &error),
			 -EEXIST);
	flow_arrives(0, 1, 0);
}

/* All kinds of operations and results are left to the port's close; ASan looks at what stays. */
static void
closed_with_all(void **state)
{
	struct rte_flow_template_table *t = table_udp(8);
	struct rte_flow *flow;

	(void)state;
	flow = rule_make(&now, t, UDP_SPEC(1), TO_VF1, NULL);
	rule_make(&now, t, UDP_SPEC(1), TO_VF1, NULL);
	rule_destroy(&later, flow, NULL);
	rule_make(&later, t, UDP_SPEC(2), TO_VF1, NULL);
}

/* More than one lock's worth, through a larger queue; and memory is used again. */
static void
thousands(void **state)
{
	const struct rte_flow_queue_attr size = { .size = 1000 }, *sizes[] = { &size };
	const struct rte_flow_port_attr attr = { .nb_counters = 1000 };
	const struct esn_flow_port port = flow_port(flow_rep0);
	static struct rte_flow_op_result res[1000];
	static struct rte_flow *flow[1000];
	struct rte_flow_template_table *t;

	(void)state;
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
	assert_int_equal(rte_flow_configure(flow_rep0, &attr, 1, sizes, NULL), 0);
	t = table_udp(1000);
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < 1000; i++)
			flow[i] = rule_make(&later, t, UDP_SPEC(i), TO_VF1, &flow[i]);
		assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
		assert_int_equal(esw_flow_number(port.sw, port.ep), 1000);
		assert_int_equal(rte_flow_pull(flow_rep0, 0, res, 1000, NULL), 1000);
		for (unsigned int i = 0; i < 1000; i++) {
			assert_int_equal(res[i].status, RTE_FLOW_OP_SUCCESS);
			assert_ptr_equal(res[i].user_data, &flow[i]);
			rule_destroy(&later, flow[i], NULL);
		}
		assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
		assert_int_equal(esw_flow_number(port.sw, port.ep), 0);
		assert_int_equal(rte_flow_pull(flow_rep0, 0, res, 1000, NULL), 1000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TEST(postponed_until_pushed),
		ASYNC_TEST(at_once),
		ASYNC_TEST(twin_fails),
		ASYNC_TEST(queue_is_full),
		ASYNC_TEST(table_is_full),
		ASYNC_TEST(no_such_queue),
		ASYNC_TEST(lists_of_others),
		ASYNC_TEST(waiting_rules),
		ASYNC_TEST(beside_synchronous),
		ASYNC_TEST(closed_with_all),
		ASYNC_TEST(thousands),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
