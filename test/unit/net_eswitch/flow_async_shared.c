/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Indirect actions: through queues, and in templates. */
#include "flow_async_rig.h"

#include <rte_mtr.h>

static const struct rte_flow_indir_action_conf conf = { .transfer = 1 };
static const struct rte_flow_action count = { .type = RTE_FLOW_ACTION_TYPE_COUNT };

static struct rte_flow_action_handle *
handle_make(const struct rte_flow_action *action, void *user_data)
{
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action_handle *h = rte_flow_async_action_handle_create(flow_rep0, 0, &now,
									       &conf, action,
									       user_data, &error);

	if (h == NULL)
		fail_msg("no handle: %s", error.message);
	return h;
}

static struct rte_flow_template_table *
table_of(const struct rte_flow_action *actions, const struct rte_flow_action *masks)
{
	return table_make(pt_make(&pt_transfer, PATTERN(ITEM(ETH))), at_make(actions, masks), 2);
}

static uint64_t
hits(struct rte_flow_action_handle *h)
{
	struct rte_flow_query_count q = { 0 };

	assert_int_equal(rte_flow_action_handle_query(flow_rep0, h, &q, NULL), 0);
	return q.hits;
}

/* All operations on a handle keep the order of the queue, also behind a rule that has it. */
static void
in_order(void **state)
{
	struct rte_flow_query_count q = { 0 };
	struct rte_flow_action_handle *h;
	struct rte_flow_template_table *t;
	struct rte_flow_error error;
	struct rte_flow *flow;
	int tag[5];

	(void)state;
	h = handle_make(&count, &tag[0]);
	pulled(RTE_FLOW_OP_SUCCESS, &tag[0]);
	t = table_of(ACTIONS(ACT(INDIRECT), ACT(PORT_ID)), ACTIONS(count, ACT(PORT_ID)));
	flow = rule_make(&later, t, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(INDIRECT, .conf = h), TO_PORT(flow_vf1)), &tag[0]);
	/* A rule that waits has it already. */
	flow_refused(rte_flow_action_handle_destroy(flow_rep0, h, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_HANDLE, h, "used by 1 rules");
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	pulled(RTE_FLOW_OP_SUCCESS, &tag[0]);
	flow_arrives(0, 1, 0);
	assert_int_equal(rte_flow_async_action_handle_query(flow_rep0, 0, &later, h, &q, &tag[1],
							    NULL),
			 0);
	assert_int_equal(rte_flow_async_action_handle_destroy(flow_rep0, 0, &later, h, &tag[2],
							      NULL),
			 0);
	rule_destroy(&later, flow, &tag[3]);
	assert_int_equal(rte_flow_async_action_handle_destroy(flow_rep0, 0, &later, h, &tag[4],
							      NULL),
			 0);
	assert_int_equal(q.hits_set, 0);
	assert_int_equal(rte_flow_push(flow_rep0, 0, NULL), 0);
	pulled(RTE_FLOW_OP_SUCCESS, &tag[1]);
	assert_int_equal(q.hits, 1);
	pulled(RTE_FLOW_OP_ERROR, &tag[2]); /* in use */
	pulled(RTE_FLOW_OP_SUCCESS, &tag[3]);
	pulled(RTE_FLOW_OP_SUCCESS, &tag[4]);
}

/* A handle of the template's is in all rules, and is not destroyed before the template. */
static void
of_the_template(void **state)
{
	struct rte_flow_action_handle *h = handle_make(&count, NULL), *other;
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action *actions = ACTIONS(ACT(INDIRECT, .conf = h), TO_PORT(flow_vf1));
	struct rte_flow_action *masks = ACTIONS(ACT(COUNT, .conf = h), ACT(PORT_ID));
	struct rte_flow_actions_template *at = at_make(actions, masks);
	struct rte_flow_template_table *t;
	struct rte_flow *flow;

	(void)state;
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	flow_refused(rte_flow_action_handle_destroy(flow_rep0, h, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_HANDLE, h, "named by 1 templates");
	t = table_make(pt_make(&pt_transfer, PATTERN(ITEM(ETH))), at, 2);
	other = handle_make(&count, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	flow = rule_make(&now, t, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(INDIRECT, .conf = other), TO_PORT(flow_vf1)), NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	flow_arrives(0, 1, 0);
	assert_int_equal(hits(h), 1);
	assert_int_equal(hits(other), 0);
	assert_int_equal(flow_count(flow_rep0, flow, false).hits, 1);
	rule_destroy(&now, flow, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	assert_int_equal(rte_flow_template_table_destroy(flow_rep0, t, &error), 0);
	assert_int_equal(rte_flow_actions_template_destroy(flow_rep0, at, &error), 0);
	assert_int_equal(rte_flow_action_handle_destroy(flow_rep0, h, &error), 0);
}

static void
ages(void **state)
{
	const struct rte_flow_action_age age = { .timeout = 100 }, none = { .timeout = 0 };
	const struct rte_flow_update_age update = { .timeout_valid = 1, .timeout = 1 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action action = ACT(AGE, .conf = &age);
	struct rte_flow_action_handle *h = handle_make(&action, NULL), *counter;
	struct rte_flow_action *actions;
	struct rte_flow_template_table *t;
	void *context = NULL;

	(void)state;
	t = table_of(ACTIONS(ACT(INDIRECT), ACT(PORT_ID)), ACTIONS(ACT(AGE), ACT(PORT_ID)));
	counter = handle_make(&count, NULL);
	actions = ACTIONS(ACT(INDIRECT, .conf = counter), TO_PORT(flow_vf1));
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t, PATTERN(ITEM(ETH)), 0, actions, 0,
					  NULL, &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, actions,
		     "not what the template says");
	rule_make(&now, t, PATTERN(ITEM(ETH)), ACTIONS(ACT(INDIRECT, .conf = h), TO_PORT(flow_vf1)),
		  NULL);
	assert_int_equal(rte_flow_async_action_handle_update(flow_rep0, 0, &now, h, &update, NULL,
							     &error),
			 0);
	for (unsigned int i = 0; i < 4; i++)
		pulled(RTE_FLOW_OP_SUCCESS, NULL);
	for (unsigned int i = 0; i < 20 && context == NULL; i++) {
		rte_flow_get_aged_flows(flow_rep0, &context, 1, NULL);
		rig_tick();
	}
	assert_ptr_equal(context, h);
	/* What is known not to work is not enqueued. */
	assert_int_equal(rte_flow_async_action_handle_update(flow_rep0, 0, &now, counter, &update,
							     NULL, &error),
			 -ENOTSUP);
	assert_int_equal(rte_flow_async_action_handle_update(flow_rep0, 0, &now, h, NULL, NULL,
							     &error),
			 -EINVAL);
	action.conf = &none;
	assert_null(rte_flow_async_action_handle_create(flow_rep0, 0, &now, &conf, &action, NULL,
							&error));
	pulled_none();
}

static void
no_queue(void **state)
{
	struct rte_flow_action_handle *h = handle_make(&count, NULL);
	struct rte_flow_query_count q;

	(void)state;
	assert_null(
		rte_flow_async_action_handle_create(flow_rep0, 2, &now, &conf, &count, NULL, NULL));
	assert_int_equal(rte_flow_async_action_handle_query(flow_rep0, 2, &now, h, &q, NULL, NULL),
			 -EINVAL);
	assert_int_equal(rte_flow_async_action_handle_update(flow_rep0, 2, &now, h, &q, NULL, NULL),
			 -EINVAL);
	assert_int_equal(rte_flow_async_action_handle_destroy(flow_rep0, 2, &now, h, NULL, NULL),
			 -EINVAL);
	for (unsigned int i = 1; i < QUEUE_SIZE; i++)
		handle_make(&count, NULL);
	assert_int_equal(rte_flow_async_action_handle_destroy(flow_rep0, 0, &now, h, NULL, NULL),
			 -EAGAIN);
}

/* In a SAMPLE of the template's, too. */
static void
in_a_sample(void **state)
{
	struct rte_flow_action_handle *h = handle_make(&count, NULL);
	struct rte_flow_action_sample sample = {
		.ratio = 1, .actions = ACTIONS(ACT(INDIRECT, .conf = h), TO_PORT(flow_pf))
	};
	const struct rte_flow_action_sample all = { .ratio = 1, .actions = sample.actions };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_actions_template *at;

	(void)state;
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	at = at_make(ACTIONS(ACT(SAMPLE, .conf = &sample), TO_PORT(flow_vf1)),
		     ACTIONS(ACT(SAMPLE, .conf = &all), ACT(PORT_ID)));
	sample.actions = NULL;
	flow_refused(rte_flow_action_handle_destroy(flow_rep0, h, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_HANDLE, h, "named by 1 templates");
	rule_make(&now, table_make(pt_make(&pt_transfer, PATTERN(ITEM(ETH))), at, 1),
		  PATTERN(ITEM(ETH)), ACTIONS(ACT(SAMPLE), TO_PORT(flow_vf1)), NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	flow_arrives(0, 1, 0);
	assert_int_equal(hits(h), 1);
}

/* A meter of the port's, for one rule or for many. */
static void
meter_make(uint32_t id, int shared)
{
	struct rte_mtr_meter_profile profile = { .alg = RTE_MTR_SRTCM_RFC2697,
						 .srtcm_rfc2697 = { .cir = 1, .cbs = 3 },
						 .packet_mode = 1 };
	struct rte_flow_action *drop = ACTIONS(ACT(DROP));
	struct rte_mtr_meter_policy_params policy = { .actions = { [RTE_COLOR_RED] = drop } };
	struct rte_mtr_params params = { .meter_profile_id = id,
					 .meter_policy_id = id,
					 .meter_enable = 1 };
	struct rte_mtr_error error = { .message = NULL };

	if (rte_mtr_meter_profile_add(flow_rep0, id, &profile, &error) != 0 ||
	    rte_mtr_meter_policy_add(flow_rep0, id, &policy, &error) != 0 ||
	    rte_mtr_create(flow_rep0, id, &params, shared, &error) != 0)
		fail_msg("no meter: %s", error.message);
}

/* A meter of the template's is looked at for each rule: it may not be for more than one. */
static void
meters(void **state)
{
	const struct rte_flow_action_meter one = { .mtr_id = 1 }, many = { .mtr_id = 2 };
	const struct rte_flow_action_meter all = { .mtr_id = UINT32_MAX };
	const struct rte_flow_item_udp mask = { .hdr.src_port = UINT16_MAX };
	const struct rte_flow_item_udp a = { .hdr.src_port = 1 }, b = { .hdr.src_port = 2 };
	struct rte_flow_action *masks = ACTIONS(ACT(METER, .conf = &all), ACT(PORT_ID));
	struct rte_flow_action *acts = ACTIONS(ACT(METER), TO_PORT(flow_vf1));
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_pattern_template *pt;
	struct rte_flow_template_table *t[2];
	struct rte_flow *flow;

	(void)state;
	meter_make(1, 0);
	meter_make(2, 1);
	pt = pt_make(&pt_transfer, PATTERN(ITEM(UDP, .mask = &mask)));
	t[0] = table_make(pt, at_make(ACTIONS(ACT(METER, .conf = &one), ACT(PORT_ID)), masks), 2);
	t[1] = table_make(pt, at_make(ACTIONS(ACT(METER, .conf = &many), ACT(PORT_ID)), masks), 2);
	flow = rule_make(&later, t[0], PATTERN(ITEM(UDP, OF(a))), acts, NULL);
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t[0], PATTERN(ITEM(UDP, OF(b))), 0,
					  acts, 0, NULL, &error));
	flow_refused(-rte_errno, &error, EBUSY, RTE_FLOW_ERROR_TYPE_ACTION_CONF, error.cause,
		     "a rule has it");
	rule_destroy(&now, flow, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	rule_make(&now, t[0], PATTERN(ITEM(UDP, OF(b))), acts, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	assert_int_equal(rte_mtr_destroy(flow_rep0, 1, NULL), -EBUSY);
	assert_int_equal(rte_flow_flush(flow_rep0, NULL), 0);
	assert_int_equal(rte_mtr_destroy(flow_rep0, 1, NULL), 0);
	assert_null(rte_flow_async_create(flow_rep0, 0, &now, t[0], PATTERN(ITEM(UDP, OF(b))), 0,
					  acts, 0, NULL, NULL));
	rule_make(&now, t[1], PATTERN(ITEM(UDP, OF(a))), acts, NULL);
	rule_make(&now, t[1], PATTERN(ITEM(UDP, OF(b))), acts, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TEST(in_order), ASYNC_TEST(of_the_template), ASYNC_TEST(ages),
		ASYNC_TEST(no_queue), ASYNC_TEST(in_a_sample),     ASYNC_TEST(meters),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
