/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _MTR_RIG_H_
#define _MTR_RIG_H_

/*
 * What the tests of rte_mtr share: a PF with a VF and its representor, a profile, a policy, meters,
 * refusals; and the question whether memory was lost.
 */
#include <errno.h>
#include <string.h>

#include <rte_flow.h>
#include <rte_malloc.h>
#include <rte_mtr.h>

#include "rig.h"

#define ALL_STATS 0xff
#define PROFILE 7
#define POLICY 8
#define METER 9

static uint16_t pf, rep, vf;
static struct rte_mtr_error error;
static size_t heap;

/* Packet mode: three frames, and then none for a long time. */
static struct rte_mtr_meter_profile three = { .alg = RTE_MTR_SRTCM_RFC2697,
					      .srtcm_rfc2697 = { .cir = 1, .cbs = 3 },
					      .packet_mode = 1 };
static const struct rte_flow_action drop[] = { { .type = RTE_FLOW_ACTION_TYPE_VOID },
					       { .type = RTE_FLOW_ACTION_TYPE_DROP },
					       { .type = RTE_FLOW_ACTION_TYPE_END } };
static struct rte_mtr_meter_policy_params drop_red = { .actions = { [RTE_COLOR_RED] = drop } };
static struct rte_mtr_meter_policy_params drop_all = { .actions = { drop, drop, drop } };

static inline size_t
heap_used(void)
{
	struct rte_malloc_socket_stats s;

	assert_int_equal(rte_malloc_get_socket_stats(0, &s), 0);
	return s.heap_allocsz_bytes;
}

/* What ethdev takes with its first port, and keeps, is no leak. */
static inline int
group(void **state)
{
	int ret = rig_eal(state);

	if (ret == 0 && rig_add(RIG_PF, "vfs=1") == 0)
		rig_del(RIG_PF);
	return ret;
}

static inline int
setup(void **state)
{
	(void)state;
	heap = heap_used();
	assert_int_equal(rig_add(RIG_PF, "vfs=2,representor=vf0"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0"), 0);
	pf = rig_port(RIG_PF);
	rep = rig_port(RIG_PF "_representor_vf0");
	vf = rig_port("net_eswitch_vf0");
	return 0;
}

/* Whatever was not destroyed goes with its port. */
static inline int
teardown(void **state)
{
	(void)state;
	rig_del("net_eswitch_vf0");
	rig_del(RIG_PF);
	assert_int_equal(rig_pool_used(), 0);
	assert_int_equal(heap_used(), heap);
	return 0;
}

static inline void
refused(int ret, int code, enum rte_mtr_error_type type, const char *msg)
{
	assert_int_equal(ret, -code);
	assert_int_equal(error.type, type);
	assert_string_equal(error.message, msg);
	memset(&error, 0, sizeof(error));
}

static inline struct rte_mtr_params
params(void)
{
	return (struct rte_mtr_params){ .meter_profile_id = PROFILE,
					.meter_policy_id = POLICY,
					.meter_enable = 1,
					.stats_mask = ALL_STATS };
}

static inline void
make(uint16_t port, uint32_t id, int shared)
{
	struct rte_mtr_params p = params();

	assert_int_equal(rte_mtr_create(port, id, &p, shared, &error), 0);
}

static inline void
base_make(uint16_t port)
{
	assert_int_equal(rte_mtr_meter_profile_add(port, PROFILE, &three, &error), 0);
	assert_int_equal(rte_mtr_meter_policy_validate(port, &drop_red, &error), 0);
	assert_int_equal(rte_mtr_meter_policy_add(port, POLICY, &drop_red, &error), 0);
}

#endif /* _MTR_RIG_H_ */
