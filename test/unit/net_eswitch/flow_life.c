/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Flow rules through rte_flow: how long they live, and what is told of them. */
#include "flow_traffic.h"

#include <stdio.h>
#include <unistd.h>

static unsigned int events;

static int
on_aged(uint16_t port, enum rte_eth_event_type type, void *arg, void *ret)
{
	struct rte_flow_error error = { .message = NULL };

	(void)type;
	(void)arg;
	(void)ret;
	/* The application may call back, also into what locks. */
	if (rte_flow_get_aged_flows(port, NULL, 0, &error) > 0)
		__atomic_fetch_add(&events, 1, __ATOMIC_RELAXED);
	return 0;
}

static struct rte_flow *
drop_rule(uint16_t on)
{
	return flow_make(on, &flow_transfer, PATTERN(ITEM(ETH)), ACTIONS(ACT(DROP), ACT(COUNT)));
}

static void
stop_keeps_and_close_ends(void **state)
{
	const struct rte_flow_item_ethdev rep0 = { .port_id = flow_rep0 };
	const struct rte_flow_attr worse = { .transfer = 1, .priority = 5 };

	(void)state;
	flow_make(flow_pf, &flow_transfer, PATTERN(ITEM(REPRESENTED_PORT, OF(rep0))),
		  ACTIONS(TO_PORT(flow_rep1)));
	flow_arrives(0, 1, 0);
	assert_int_equal(rte_eth_dev_stop(flow_pf), 0);
	rig_up(flow_pf, 1); /* configured again as well */
	flow_arrives(0, 1, 0);
	flow_make(flow_rep0, &worse, PATTERN(ITEM(ETH)), ACTIONS(ACT(DROP)));
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
	assert_int_equal(rte_eth_dev_start(flow_rep0), 0);
	flow_arrives(0, 1, 0); /* the PF's rule is the better one, until its port is closed */
	assert_int_equal(rte_eth_dev_stop(flow_pf), 0);
	assert_int_equal(rte_eth_dev_close(flow_pf), 0);
	flow_send();
	assert_int_equal(rig_recv(flow_rep0, 0) + rig_recv(flow_vf1, 0), 0);
	/* The representor is closed, and made again: its rule has gone with it. */
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
	assert_int_equal(rte_eth_dev_close(flow_rep0), 0);
	assert_int_equal(rig_attach(RIG_PF ",representor=[0]"), 0);
	flow_rep0 = rig_port(RIG_PF "_representor_vf0");
	rig_up(flow_rep0, 1);
	flow_send();
	assert_int_equal(rig_recv(flow_rep0, 0), 1);
}

static void
reset_ends(void **state)
{
	const struct rte_flow_action_queue queue = { .index = 0 };
	struct rte_ether_addr from = rig_mac(flow_vf1), to = rig_mac(flow_vf0);

	(void)state;
	drop_rule(flow_rep0);
	flow_arrives(0, 0, 0);
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
	assert_int_equal(rte_eth_dev_reset(flow_rep0), 0);
	rig_up(flow_rep0, 1);
	flow_arrives(1, 0, 0);
	flow_make(flow_vf0, &flow_ingress, PATTERN(ITEM(VLAN)),
		  ACTIONS(ACT(QUEUE, .conf = &queue)));
	assert_int_equal(rte_flow_isolate(flow_vf0, 1, NULL), 0);
	assert_int_equal(rte_eth_dev_stop(flow_vf0), 0);
	assert_int_equal(rte_eth_dev_reset(flow_vf0), 0);
	rig_up(flow_vf0, 1);
	rig_send(flow_rep0, &from, &to);
	assert_int_equal(rig_recv(flow_vf0, 0), 1);
}

static void
capabilities(void **state)
{
	const uint64_t keep = RTE_ETH_DEV_CAPA_FLOW_RULE_KEEP |
			      RTE_ETH_DEV_CAPA_FLOW_SHARED_OBJECT_KEEP;
	const uint16_t ports[] = { flow_pf, flow_rep0, flow_vf0 };
	struct rte_eth_dev_info info;
	uint64_t features;
	unsigned int i;

	(void)state;
	for (i = 0; i < RTE_DIM(ports); i++) {
		assert_int_equal(rte_eth_dev_info_get(ports[i], &info), 0);
		assert_true((info.dev_capa & keep) == keep);
		assert_true((*info.dev_flags & RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE) != 0);
	}
	/* Of a port that is not configured yet. */
	features = UINT64_MAX;
	i = rig_port(FLOW_OTHER);
	assert_int_equal(rte_eth_rx_metadata_negotiate(i, &features), 0);
	assert_true(features == (RTE_ETH_RX_METADATA_USER_FLAG | RTE_ETH_RX_METADATA_USER_MARK));
	features = RTE_ETH_RX_METADATA_USER_MARK | RTE_ETH_RX_METADATA_TUNNEL_ID;
	assert_int_equal(rte_eth_rx_metadata_negotiate(flow_other, &features), 0);
	assert_true(features == RTE_ETH_RX_METADATA_USER_MARK);
}

static void
proxies(void **state)
{
	struct rte_flow_error error = { .message = NULL };
	uint16_t proxy;

	(void)state;
	assert_int_equal(rte_flow_pick_transfer_proxy(flow_rep0, &proxy, &error), 0);
	assert_int_equal(proxy, flow_rep0);
	assert_int_equal(rte_flow_pick_transfer_proxy(flow_vf0, &proxy, &error), 0);
	assert_int_equal(proxy, flow_pf);
	assert_int_equal(rte_eth_dev_stop(flow_pf), 0);
	assert_int_equal(rte_eth_dev_close(flow_pf), 0);
	flow_refused(rte_flow_pick_transfer_proxy(flow_vf0, &proxy, &error), &error, ENODEV,
		     RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "closed");
}

static void
the_same_rule_twice(void **state)
{
	struct rte_flow_error error = { .message = NULL };

	(void)state;
	drop_rule(flow_rep0);
	assert_null(rte_flow_create(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
				    ACTIONS(ACT(DROP)), &error));
	assert_int_equal(rte_errno, EEXIST);
	assert_non_null(error.message);
	assert_int_equal(rte_flow_validate(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
					   ACTIONS(ACT(DROP)), &error),
			 -EEXIST);
	assert_null(rte_flow_create(flow_vf0, &flow_transfer, PATTERN(ITEM(ETH)),
				    ACTIONS(ACT(DROP)), &error));
	assert_int_equal(rte_errno, EPERM);
}

static void
queries_that_have_no_answer(void **state)
{
	struct rte_flow *flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
					  ACTIONS(ACT(DROP)));
	struct rte_flow_query_count q = { .reset = 0 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action *actions = ACTIONS(ACT(VOID), ACT(COUNT));

	(void)state;
	flow_refused(rte_flow_query(flow_rep0, flow, actions, &q, &error), &error, ENOENT,
		     RTE_FLOW_ERROR_TYPE_ACTION, &actions[1], "no such action");
	actions = ACTIONS(ACT(AGE));
	flow_refused(rte_flow_query(flow_rep0, flow, actions, &q, &error), &error, ENOENT,
		     RTE_FLOW_ERROR_TYPE_ACTION, &actions[0], "no such action");
	actions = ACTIONS(ACT(RSS));
	flow_refused(rte_flow_query(flow_rep0, flow, actions, &q, &error), &error, ENOTSUP,
		     RTE_FLOW_ERROR_TYPE_ACTION, &actions[0], "COUNT and AGE");
	assert_int_equal(rte_flow_destroy(flow_rep0, NULL, &error), -EINVAL);
}

/* Who asks the rule means its own. */
static void
counter_of_its_own_beside_a_shared_one(void **state)
{
	const struct rte_flow_indir_action_conf conf = { .transfer = 1 };
	struct rte_flow_query_count q = { .reset = 1 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_action_handle *h;
	struct rte_flow *flow;

	(void)state;
	h = rte_flow_action_handle_create(flow_rep0, &conf, &ACT(COUNT), &error);
	assert_non_null(h);
	flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(INDIRECT, .conf = h), TO_PORT(flow_rep1)));
	flow_arrives(0, 1, 0);
	assert_int_equal(rte_flow_destroy(flow_rep0, flow, NULL), 0);
	flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(INDIRECT, .conf = h), ACT(COUNT), TO_PORT(flow_rep1)));
	flow_arrives(0, 1, 0);
	assert_int_equal(rte_flow_query(flow_rep0, flow, ACTIONS(ACT(COUNT)), &q, &error), 0);
	assert_int_equal(q.hits, 1);
	assert_int_equal(rte_flow_action_handle_query(flow_rep0, h, &q, &error), 0);
	assert_int_equal(q.hits, 2);
}

/* Its own age and a shared one, which has no context but its handle. */
static void
ages(void **state)
{
	const struct rte_flow_action_age age = { .timeout = 1, .context = &events };
	const struct rte_flow_action_age shared = { .timeout = 1 };
	const struct rte_flow_attr second = { .transfer = 1, .priority = 1 };
	const struct rte_flow_update_age later = { .timeout_valid = 1, .timeout = 1000 };
	const struct rte_flow_update_age reserved = { .reserved = 1, .touch = 1 };
	const struct rte_flow_update_age none = { .timeout = 1000 };
	struct rte_flow_error error = { .message = NULL };
	struct rte_flow_query_age q = { .aged = 0 };
	struct rte_flow_action_handle *h;
	struct rte_flow *flow;
	void *context[4];

	(void)state;
	events = 0;
	assert_int_equal(rte_eth_dev_callback_register(flow_rep0, RTE_ETH_EVENT_FLOW_AGED, on_aged,
						       NULL),
			 0);
	flow = flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
			 ACTIONS(ACT(AGE, .conf = &age), ACT(DROP)));
	h = rte_flow_action_handle_create(flow_rep0, NULL, &ACT(AGE, .conf = &shared), &error);
	assert_non_null(h);
	flow_make(flow_rep0, &second, PATTERN(ITEM(ETH)),
		  ACTIONS(ACT(INDIRECT, .conf = h), ACT(DROP)));
	assert_int_equal(rte_flow_query(flow_rep0, flow, ACTIONS(ACT(AGE)), &q, &error), 0);
	assert_int_equal(q.aged, 0);
	assert_int_equal(q.sec_since_last_hit_valid, 1);
	for (unsigned int i = 0; i < 60 && rte_flow_get_aged_flows(flow_rep0, NULL, 0, &error) < 2;
	     i++)
		usleep(100000);
	assert_int_equal(rte_flow_get_aged_flows(flow_rep0, context, 4, &error), 2);
	assert_true((context[0] == &events && context[1] == h) ||
		    (context[1] == &events && context[0] == h));
	assert_int_equal(rte_flow_get_aged_flows(flow_rep0, context, 1, &error), 1);
	assert_int_equal(rte_flow_query(flow_rep0, flow, ACTIONS(ACT(AGE)), &q, &error), 0);
	assert_int_equal(q.aged, 1);
	flow_refused(rte_flow_action_handle_update(flow_rep0, h, &none, &error), &error, EINVAL,
		     RTE_FLOW_ERROR_TYPE_ACTION, NULL, "an AGE's update has a timeout or a touch");
	flow_refused(rte_flow_action_handle_update(flow_rep0, h, &reserved, &error), &error, EINVAL,
		     RTE_FLOW_ERROR_TYPE_ACTION, NULL, "an AGE's update has a timeout or a touch");
	assert_int_equal(rte_flow_action_handle_query(flow_rep0, h, &q, &error), 0);
	assert_int_equal(q.aged, 1);
	assert_int_equal(rte_flow_action_handle_update(flow_rep0, h, &later, &error), 0);
	assert_int_equal(rte_flow_action_handle_query(flow_rep0, h, &q, &error), 0);
	assert_int_equal(q.aged, 0);
	assert_int_equal(rte_flow_get_aged_flows(flow_rep0, context, 4, &error), 1);
	assert_int_equal(rte_eth_dev_callback_unregister(flow_rep0, RTE_ETH_EVENT_FLOW_AGED,
							 on_aged, NULL),
			 0);
}

/* By the driver's own tick, once for each time that there is something new. */
static void
event_of_aged_rules(void **state)
{
	const struct rte_flow_action_age age = { .timeout = 1 };

	(void)state;
	events = 0;
	assert_int_equal(rte_eth_dev_callback_register(flow_rep0, RTE_ETH_EVENT_FLOW_AGED, on_aged,
						       NULL),
			 0);
	flow_make(flow_rep0, &flow_transfer, PATTERN(ITEM(ETH)),
		  ACTIONS(ACT(AGE, .conf = &age), ACT(DROP)));
	for (unsigned int i = 0; i < 60 && __atomic_load_n(&events, __ATOMIC_RELAXED) == 0; i++)
		usleep(100000);
	assert_int_equal(__atomic_load_n(&events, __ATOMIC_RELAXED), 1);
	usleep(1500000);
	assert_int_equal(__atomic_load_n(&events, __ATOMIC_RELAXED), 1);
	assert_int_equal(rte_eth_dev_callback_unregister(flow_rep0, RTE_ETH_EVENT_FLOW_AGED,
							 on_aged, NULL),
			 0);
}

static void
dump(void **state)
{
	struct rte_flow *flow = drop_rule(flow_rep0);
	struct rte_flow_error error = { .message = NULL };
	unsigned int lines = 0;
	FILE *f = tmpfile();
	char line[512];

	(void)state;
	assert_non_null(f);
	flow_make(flow_rep0, &flow_ingress, PATTERN(ITEM(IPV4)), ACTIONS(ACT(DROP)));
	drop_rule(flow_rep1);
	assert_int_equal(rte_flow_dev_dump(flow_rep0, NULL, f, &error), 0);
	assert_int_equal(rte_flow_dev_dump(flow_rep0, flow, f, &error), 0);
	rewind(f);
	while (fgets(line, sizeof(line), f) != NULL)
		lines++;
	assert_int_equal(lines, 3);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST_UP(stop_keeps_and_close_ends),
		FLOW_TEST_UP(reset_ends),
		FLOW_TEST_UP(capabilities),
		FLOW_TEST_UP(proxies),
		FLOW_TEST_UP(the_same_rule_twice),
		FLOW_TEST_UP(queries_that_have_no_answer),
		FLOW_TEST_UP(counter_of_its_own_beside_a_shared_one),
		FLOW_TEST_UP(ages),
		FLOW_TEST_UP(event_of_aged_rules),
		FLOW_TEST_UP(dump),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
