/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Flow rules that have a meter, from rte_flow and rte_mtr to the frames of a VF. */
#include "mtr_rig.h"

/* Everything that the VF sends goes through the meter and then where it would go anyway. */
static struct rte_flow *
rule_make(uint32_t prio, struct rte_flow_error *flow_error)
{
	const struct rte_flow_attr attr = { .transfer = 1, .priority = prio };
	const struct rte_flow_item pattern[] = { { .type = RTE_FLOW_ITEM_TYPE_ETH },
						 { .type = RTE_FLOW_ITEM_TYPE_END } };
	const struct rte_flow_action_meter meter = { .mtr_id = METER };
	const struct rte_flow_action_ethdev port = { .port_id = rep };
	const struct rte_flow_action actions[] = {
		{ .type = RTE_FLOW_ACTION_TYPE_METER, .conf = &meter },
		{ .type = RTE_FLOW_ACTION_TYPE_PORT_REPRESENTOR, .conf = &port },
		{ .type = RTE_FLOW_ACTION_TYPE_END },
	};

	return rte_flow_create(rep, &attr, pattern, actions, flow_error);
}

/* @return how many of n frames of the VF's reach the representor */
static unsigned int
passed(unsigned int n)
{
	struct rte_ether_addr from = rig_mac(vf), to = { .addr_bytes = { 2, [5] = 9 } };

	for (unsigned int i = 0; i < n; i++)
		rig_send(vf, &from, &to);
	return rig_recv(rep, 0);
}

static struct rte_mtr_stats
stats(int clear)
{
	struct rte_mtr_stats s;
	uint64_t mask;

	assert_int_equal(rte_mtr_stats_read(rep, METER, &s, &mask, clear, &error), 0);
	return s;
}

static void
rule_with_a_meter(void **state)
{
	struct rte_flow_error flow_error;
	struct rte_flow *rule;
	struct rte_mtr_stats s;

	(void)state;
	rig_up(vf, 1);
	rig_up(rep, 1);
	assert_null(rule_make(0, &flow_error));
	assert_string_equal(flow_error.message, "the port has no meter 9");
	base_make(rep);
	make(rep, METER, 0);
	rule = rule_make(0, &flow_error);
	assert_non_null(rule);
	assert_int_equal(passed(10), 3);
	assert_int_equal(rig_xstat(vf, "tx_meter"), 7);
	s = stats(0);
	assert_int_equal(s.n_pkts[RTE_COLOR_GREEN], 3);
	assert_int_equal(s.n_bytes[RTE_COLOR_GREEN], 3 * RIG_LEN);
	assert_int_equal(s.n_pkts[RTE_COLOR_RED], 0);
	assert_int_equal(s.n_pkts_dropped, 7);
	assert_int_equal(s.n_bytes_dropped, 7 * RIG_LEN);
	/* One rule has it; it is not shared. */
	assert_null(rule_make(1, &flow_error));
	assert_string_equal(flow_error.message, "meter 9 is not shared, and a rule has it");
	refused(rte_mtr_destroy(rep, METER, &error), EBUSY, RTE_MTR_ERROR_TYPE_MTR_ID,
		"meter: 1 rules have it");
	assert_int_equal(rte_flow_destroy(rep, rule, &flow_error), 0);
	assert_int_equal(rte_mtr_destroy(rep, METER, &error), 0);
}

static void
changed_under_a_rule(void **state)
{
	struct rte_flow_error flow_error;

	(void)state;
	rig_up(vf, 1);
	rig_up(rep, 1);
	base_make(rep);
	assert_int_equal(rte_mtr_meter_policy_add(rep, 80, &drop_all, &error), 0);
	make(rep, METER, 1);
	assert_non_null(rule_make(0, &flow_error));
	assert_non_null(rule_make(1, &flow_error));
	assert_int_equal(passed(10), 3);
	assert_int_equal(rte_mtr_meter_disable(rep, METER, &error), 0);
	assert_int_equal(passed(10), 10);
	assert_int_equal(rte_mtr_meter_enable(rep, METER, &error), 0);
	assert_int_equal(passed(10), 0);
	assert_int_equal(rte_mtr_meter_policy_update(rep, METER, 80, &error), 0);
	assert_int_equal(passed(10), 0);
	assert_int_equal(rte_mtr_meter_policy_update(rep, METER, POLICY, &error), 0);
	assert_int_equal(passed(10), 3); /* full again */
					 /* Rules and meter go with the ports, in teardown(). */
}

/* A counter that is not enabled tells nothing, and begins at zero when it is. */
static void
counters_by_mask(void **state)
{
	const uint64_t some = RTE_MTR_STATS_N_PKTS_GREEN | RTE_MTR_STATS_N_BYTES_DROPPED;
	struct rte_flow_error flow_error;
	struct rte_mtr_stats s;
	uint64_t mask;

	(void)state;
	rig_up(vf, 1);
	rig_up(rep, 1);
	base_make(rep);
	make(rep, METER, 1);
	assert_non_null(rule_make(0, &flow_error));
	assert_int_equal(rte_mtr_stats_update(rep, METER, some, &error), 0);
	passed(10);
	assert_int_equal(rte_mtr_stats_read(rep, METER, &s, &mask, 1, &error), 0);
	assert_int_equal(mask, some);
	assert_int_equal(s.n_pkts[RTE_COLOR_GREEN], 3);
	assert_int_equal(s.n_bytes[RTE_COLOR_GREEN], 0);
	assert_int_equal(s.n_pkts_dropped, 0);
	assert_int_equal(s.n_bytes_dropped, 7 * RIG_LEN);
	assert_int_equal(rte_mtr_stats_update(rep, METER, ALL_STATS, &error), 0);
	s = stats(0);
	assert_int_equal(s.n_pkts[RTE_COLOR_GREEN], 0); /* cleared */
	assert_int_equal(s.n_bytes[RTE_COLOR_GREEN], 0);
	assert_int_equal(s.n_pkts_dropped, 0);
	passed(5);
	assert_int_equal(stats(1).n_pkts_dropped, 5);
	assert_int_equal(stats(0).n_pkts_dropped, 0);
	refused(rte_mtr_stats_update(rep, METER, 0x1ff, &error), ENOTSUP,
		RTE_MTR_ERROR_TYPE_STATS_MASK, "stats_mask: 0x1ff has bits that are not in 0xff");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rule_with_a_meter, setup, teardown),
		cmocka_unit_test_setup_teardown(changed_under_a_rule, setup, teardown),
		cmocka_unit_test_setup_teardown(counters_by_mask, setup, teardown),
	};

	return cmocka_run_group_tests_name("mtr_rule", tests, group, rig_eal_done);
}
