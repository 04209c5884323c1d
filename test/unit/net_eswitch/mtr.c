/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * rte_mtr as an application sees it, on a PF's, a VF's and a representor's port. What the
 * algorithms do is test/unit/eswitch/flow_meter*.c.
 */
#include "mtr_rig.h"

static void
ids_are_per_port(void **state)
{
	const uint16_t ports[] = { pf, rep, vf };
	struct rte_mtr_capabilities cap;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(ports); i++) {
		assert_int_equal(rte_mtr_capabilities_get(ports[i], &cap, &error), 0);
		assert_int_equal(cap.stats_mask, ALL_STATS);
		assert_int_equal(cap.meter_rate_max, UINT64_C(1) << 40);
		base_make(ports[i]);
		make(ports[i], METER, 1);
	}
	for (unsigned int i = 0; i < RTE_DIM(ports); i++) {
		assert_int_equal(rte_mtr_destroy(ports[i], METER, &error), 0);
		refused(rte_mtr_destroy(ports[i], METER, &error), ENOENT, RTE_MTR_ERROR_TYPE_MTR_ID,
			"there is no meter 9");
	}
}

/* What a meter has stays. */
static void
users_hold_profiles_and_policies(void **state)
{
	(void)state;
	base_make(rep);
	make(rep, METER, 1);
	refused(rte_mtr_meter_profile_delete(rep, PROFILE, &error), EBUSY,
		RTE_MTR_ERROR_TYPE_METER_PROFILE_ID, "meter profile 7: 1 meters have it");
	refused(rte_mtr_meter_policy_delete(rep, POLICY, &error), EBUSY,
		RTE_MTR_ERROR_TYPE_METER_POLICY_ID, "meter policy 8: 1 meters have it");
	/* Other ones: the first are free again. */
	assert_int_equal(rte_mtr_meter_profile_add(rep, 70, &three, &error), 0);
	assert_int_equal(rte_mtr_meter_policy_add(rep, 80, &drop_all, &error), 0);
	assert_int_equal(rte_mtr_meter_profile_update(rep, METER, 70, &error), 0);
	assert_int_equal(rte_mtr_meter_policy_update(rep, METER, 80, &error), 0);
	assert_int_equal(rte_mtr_meter_profile_delete(rep, PROFILE, &error), 0);
	assert_int_equal(rte_mtr_meter_policy_delete(rep, POLICY, &error), 0);
	assert_int_equal(rte_mtr_destroy(rep, METER, &error), 0);
	assert_int_equal(rte_mtr_meter_profile_delete(rep, 70, &error), 0);
	assert_int_equal(rte_mtr_meter_policy_delete(rep, 80, &error), 0);
}

static void
unknown_and_known_numbers(void **state)
{
	struct rte_mtr_params p = params();

	(void)state;
	refused(rte_mtr_create(vf, METER, &p, 1, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_METER_PROFILE_ID, "there is no meter profile 7");
	refused(rte_mtr_meter_profile_delete(vf, PROFILE, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_METER_PROFILE_ID, "there is no meter profile 7");
	refused(rte_mtr_meter_policy_delete(vf, POLICY, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_METER_POLICY_ID, "there is no meter policy 8");
	assert_int_equal(rte_mtr_meter_profile_add(vf, PROFILE, &three, &error), 0);
	refused(rte_mtr_create(vf, METER, &p, 1, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_METER_POLICY_ID, "there is no meter policy 8");
	assert_int_equal(rte_mtr_meter_policy_add(vf, POLICY, &drop_red, &error), 0);
	make(vf, METER, 0);
	refused(rte_mtr_create(vf, METER, &p, 1, &error), EEXIST, RTE_MTR_ERROR_TYPE_MTR_ID,
		"meter 9 is there already");
	refused(rte_mtr_meter_profile_add(vf, PROFILE, &three, &error), EEXIST,
		RTE_MTR_ERROR_TYPE_METER_PROFILE_ID, "meter profile 7 is there already");
	refused(rte_mtr_meter_policy_add(vf, POLICY, &drop_all, &error), EEXIST,
		RTE_MTR_ERROR_TYPE_METER_POLICY_ID, "meter policy 8 is there already");
	refused(rte_mtr_meter_enable(vf, 10, &error), ENOENT, RTE_MTR_ERROR_TYPE_MTR_ID,
		"there is no meter 10");
	refused(rte_mtr_meter_disable(vf, 10, &error), ENOENT, RTE_MTR_ERROR_TYPE_MTR_ID,
		"there is no meter 10");
	refused(rte_mtr_stats_read(vf, 10, NULL, NULL, 0, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_MTR_ID, "there is no meter 10");
	refused(rte_mtr_meter_profile_update(vf, METER, 10, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_METER_PROFILE_ID, "there is no meter profile 10");
	refused(rte_mtr_meter_policy_update(vf, METER, 10, &error), ENOENT,
		RTE_MTR_ERROR_TYPE_METER_POLICY_ID, "there is no meter policy 10");
}

static void
what_meters_cannot_do(void **state)
{
	enum rte_color dscp[64] = { 0 }, vlan[16] = { 0 };
	struct rte_mtr_params p = params();
	uint64_t mask = 1;

	(void)state;
	base_make(pf);
	p.use_prev_mtr_color = 1;
	refused(rte_mtr_create(pf, METER, &p, 1, &error), ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS,
		"use_prev_mtr_color: 1, but meters are colour-blind");
	p.use_prev_mtr_color = 0;
	p.dscp_table = dscp;
	p.vlan_table = vlan;
	dscp[63] = RTE_COLOR_YELLOW;
	refused(rte_mtr_create(pf, METER, &p, 1, &error), ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS,
		"dscp_table: entry 63 is not green, but meters are colour-blind");
	dscp[63] = RTE_COLOR_GREEN;
	vlan[0] = RTE_COLOR_RED;
	refused(rte_mtr_create(pf, METER, &p, 1, &error), ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS,
		"vlan_table: entry 0 is not green, but meters are colour-blind");
	vlan[0] = RTE_COLOR_GREEN;
	p.stats_mask = 0x100;
	refused(rte_mtr_create(pf, METER, &p, 1, &error), ENOTSUP, RTE_MTR_ERROR_TYPE_STATS_MASK,
		"stats_mask: 0x100 has bits that are not in 0xff");
	p.stats_mask = 0;
	assert_int_equal(rte_mtr_create(pf, METER, &p, 1, &error), 0);
	assert_int_equal(rte_mtr_meter_dscp_table_update(pf, METER, RTE_MTR_COLOR_IN_PROTO_OUTER_IP,
							 NULL, &error),
			 0);
	vlan[15] = RTE_COLOR_YELLOW;
	refused(rte_mtr_meter_vlan_table_update(pf, METER, RTE_MTR_COLOR_IN_PROTO_OUTER_VLAN, vlan,
						&error),
		ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS,
		"vlan_table: entry 15 is not green, but meters are colour-blind");
	refused(rte_mtr_color_in_protocol_set(pf, METER, RTE_MTR_COLOR_IN_PROTO_OUTER_IP, 0,
					      &error),
		ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS,
		"input colour protocol: 4, but meters are colour-blind");
	assert_int_equal(rte_mtr_color_in_protocol_get(pf, METER, &mask, &error), 0);
	assert_int_equal(mask, 0);
}

static void
profiles_are_checked(void **state)
{
	struct rte_mtr_meter_profile p = three;

	(void)state;
	p.srtcm_rfc2697.cbs = 0;
	refused(rte_mtr_meter_profile_add(pf, 1, &p, &error), EINVAL,
		RTE_MTR_ERROR_TYPE_METER_PROFILE,
		"cbs, ebs: 0 and 0 let no frame pass, one must be 1 or more");
	p = (struct rte_mtr_meter_profile){ .alg = RTE_MTR_NONE };
	refused(rte_mtr_meter_profile_add(pf, 1, &p, &error), ENOTSUP,
		RTE_MTR_ERROR_TYPE_METER_PROFILE,
		"algorithm: 0 is none of RFC 2697, RFC 2698, RFC 4115");
	p = (struct rte_mtr_meter_profile){
		.alg = RTE_MTR_TRTCM_RFC2698,
		.trtcm_rfc2698 = { .cir = 100, .pir = 99, .cbs = 2000, .pbs = 2000 }
	};
	refused(rte_mtr_meter_profile_add(pf, 1, &p, &error), EINVAL,
		RTE_MTR_ERROR_TYPE_METER_PROFILE,
		"pir: 99 is out of range 100 (cir) to 1099511627776");
	p = (struct rte_mtr_meter_profile){
		.alg = RTE_MTR_TRTCM_RFC4115,
		.trtcm_rfc4115 = { .cir = 0, .eir = 100, .cbs = 2000, .ebs = 2000 }
	};
	refused(rte_mtr_meter_profile_add(pf, 1, &p, &error), EINVAL,
		RTE_MTR_ERROR_TYPE_METER_PROFILE, "cir: 0 is out of range 1 to 1099511627776");
	p.trtcm_rfc4115.cir = 100;
	assert_int_equal(rte_mtr_meter_profile_add(pf, 1, &p, &error), 0);
}

static void
policies_are_checked(void **state)
{
	const struct rte_flow_action_meter_color red = { .color = RTE_COLOR_RED };
	const struct rte_flow_action recolour[] = {
		{ .type = RTE_FLOW_ACTION_TYPE_METER_COLOR, .conf = &red },
		{ .type = RTE_FLOW_ACTION_TYPE_END },
	};
	const struct rte_flow_action queue[] = { { .type = RTE_FLOW_ACTION_TYPE_QUEUE },
						 { .type = RTE_FLOW_ACTION_TYPE_END } };
	struct rte_mtr_meter_policy_params p = { .actions = { NULL, recolour, NULL } };

	(void)state;
	refused(rte_mtr_meter_policy_validate(pf, &p, &error), ENOTSUP,
		RTE_MTR_ERROR_TYPE_POLICER_ACTION_YELLOW,
		"a frame keeps the colour that the meter gave it");
	p = (struct rte_mtr_meter_policy_params){ .actions = { queue } };
	refused(rte_mtr_meter_policy_add(pf, 1, &p, &error), ENOTSUP,
		RTE_MTR_ERROR_TYPE_POLICER_ACTION_GREEN,
		"a policy may drop frames or let them pass, nothing else (action 6)");
	p = (struct rte_mtr_meter_policy_params){ .actions = { NULL, drop, recolour } };
	assert_int_equal(rte_mtr_meter_policy_add(pf, 1, &p, &error), 0);
}

/* As many as the capabilities say, and no more. */
static void
as_many_as_stated(void **state)
{
	struct rte_mtr_params p = params();
	struct rte_mtr_capabilities cap;

	(void)state;
	assert_int_equal(rte_mtr_capabilities_get(pf, &cap, &error), 0);
	assert_int_equal(cap.n_max, 16384);
	base_make(pf);
	for (uint32_t i = 0; i < cap.n_max; i++) /* in an order that is none */
		make(pf, i * UINT32_C(2654435761), 1);
	refused(rte_mtr_create(pf, 5, &p, 1, &error), ENOSPC, RTE_MTR_ERROR_TYPE_MTR_ID,
		"meter 5: the port has 16384, the limit");
	for (uint32_t i = 1; i < cap.meter_policy_n_max; i++)
		assert_int_equal(rte_mtr_meter_policy_add(pf, 100 + i, &drop_red, &error), 0);
	refused(rte_mtr_meter_policy_validate(pf, &drop_red, &error), ENOSPC,
		RTE_MTR_ERROR_TYPE_METER_POLICY, "meter policy: the port has 16384, the limit");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ids_are_per_port, setup, teardown),
		cmocka_unit_test_setup_teardown(users_hold_profiles_and_policies, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_and_known_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(what_meters_cannot_do, setup, teardown),
		cmocka_unit_test_setup_teardown(profiles_are_checked, setup, teardown),
		cmocka_unit_test_setup_teardown(policies_are_checked, setup, teardown),
		cmocka_unit_test_setup_teardown(as_many_as_stated, setup, teardown),
	};

	return cmocka_run_group_tests_name("mtr", tests, group, rig_eal_done);
}
