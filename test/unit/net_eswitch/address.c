/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * What a VF may change by itself, through the ethdev API: MAC, MTU, promiscuous, addresses,
 * VLANs.
 */
#include "rig.h"

#include <errno.h>

#include "switchdev.h"

static uint16_t pf, vf;
static struct rte_ether_addr other = { { 0x02, 0, 0, 0, 0, 0x99 } };

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=2,representor=vf0"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0"), 0);
	pf = rig_port(RIG_PF);
	vf = rig_port("net_eswitch_vf0");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_del("net_eswitch_vf0");
	rig_del(RIG_PF);
	return 0;
}

static void
policy(uint64_t fields, const struct esw_policy *p)
{
	const struct esw_policy_patch patch = { .fields = fields, .value = *p };

	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), 0, &patch, NULL), 0);
}

static void
mac_denied_then_allowed(void **state)
{
	const struct esw_policy allow = { .mac_change = true };
	struct rte_ether_addr mac, own = rig_mac(vf);

	(void)state;
	rig_up(vf, 1);
	assert_int_equal(rte_eth_dev_default_mac_addr_set(vf, &own), 0); /* no change */
	assert_int_equal(rte_eth_dev_default_mac_addr_set(vf, &other), -EPERM);
	assert_int_equal(rig_xstat(vf, "denied_mac"), 1);
	mac = rig_mac(vf);
	assert_memory_equal(&mac, &own, sizeof(mac));
	policy(ESW_F_BIT(ESW_F_MAC_CHANGE), &allow);
	assert_int_equal(rte_eth_dev_default_mac_addr_set(vf, &other), 0);
	mac = rig_mac(rig_port(RIG_PF "_representor_vf0"));
	assert_memory_equal(&mac, &other, sizeof(mac));
}

/* The PF gives a new MAC; starting the port, which replays its copy, must not take it back. */
static void
mac_set_by_pf_survives_start(void **state)
{
	const struct esw_policy p = { .mac = other, .mac_change = true };
	struct rte_ether_addr mac;
	struct esw_policy now;

	(void)state;
	rig_up(vf, 1);
	policy(ESW_F_BIT(ESW_F_MAC) | ESW_F_BIT(ESW_F_MAC_CHANGE), &p);
	mac = rig_mac(vf);
	assert_memory_equal(&mac, &other, sizeof(mac));
	assert_int_equal(rte_eth_dev_stop(vf), 0);
	assert_int_equal(rte_eth_dev_start(vf), 0);
	assert_int_equal(swd_policy_get(swd_by_name(RIG_PF), 0, &now, NULL), 0);
	assert_memory_equal(&now.mac, &other, sizeof(mac));
}

static void
mtu_rules(void **state)
{
	const struct esw_policy allow = { .mtu_change = true };
	uint16_t mtu;

	(void)state;
	rig_up(vf, 1);
	assert_int_equal(rte_eth_dev_get_mtu(vf, &mtu), 0);
	assert_int_equal(mtu, 1500);
	assert_int_equal(rte_eth_dev_set_mtu(vf, 1500), 0); /* no change */
	assert_int_equal(rte_eth_dev_set_mtu(vf, 1400), -EPERM);
	assert_int_equal(rte_eth_dev_set_mtu(vf, 1501), -EINVAL);
	assert_int_equal(rte_eth_dev_set_mtu(vf, 67), -EINVAL);
	assert_int_equal(rig_xstat(vf, "denied_mtu"), 1);
	policy(ESW_F_BIT(ESW_F_MTU_CHANGE), &allow);
	assert_int_equal(rte_eth_dev_set_mtu(vf, 1400), 0);
	assert_int_equal(rte_eth_dev_get_mtu(vf, &mtu), 0);
	assert_int_equal(mtu, 1400);
}

/*
 * ethdev says 1500 for an application that says nothing: never a refusal, never more than what
 * holds.
 */
static void
mtu_unsaid(void **state)
{
	const struct esw_policy small = { .mtu = 1000 }, large = { .mtu = 1500 };
	uint16_t mtu;

	(void)state;
	policy(ESW_F_BIT(ESW_F_MTU), &small);
	rig_up(vf, 1);
	assert_int_equal(rte_eth_dev_get_mtu(vf, &mtu), 0);
	assert_int_equal(mtu, 1000);
	rte_eth_dev_stop(vf);
	policy(ESW_F_BIT(ESW_F_MTU), &large);
	rig_up(vf, 1);
	assert_int_equal(rte_eth_dev_get_mtu(vf, &mtu), 0);
	assert_int_equal(mtu, 1500);
	/* lowered under a running port */
	policy(ESW_F_BIT(ESW_F_MTU), &small);
	assert_int_equal(rte_eth_dev_get_mtu(vf, &mtu), 0);
	assert_int_equal(mtu, 1000);
}

static void
pf_mtu_holds_all(void **state)
{
	const struct esw_policy jumbo = { .mtu = 2000 };
	const struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_MTU), .value = jumbo };
	const struct rte_eth_conf conf = { .rxmode.offloads = RTE_ETH_RX_OFFLOAD_SCATTER };
	struct esw_err err;

	(void)state;
	rig_up_conf(pf, 1, &conf);
	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), 0, &patch, &err), -EINVAL);
	assert_int_equal(rte_eth_dev_set_mtu(pf, 2000), 0);
	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), 0, &patch, &err), 0);
	assert_int_equal(rte_eth_dev_set_mtu(pf, 1999), -EBUSY);
	assert_int_equal(rte_eth_dev_set_mtu(pf, 9217), -EINVAL);
}

static void
promisc_needs_trust(void **state)
{
	const struct esw_policy on = { .trust = true }, off = { .trust = false };

	(void)state;
	rig_up(vf, 1);
	assert_int_equal(rte_eth_promiscuous_enable(vf), -EPERM);
	assert_int_equal(rte_eth_allmulticast_enable(vf), -EPERM);
	assert_int_equal(rte_eth_promiscuous_disable(vf), 0);
	assert_int_equal(rig_xstat(vf, "denied_promisc"), 2);
	policy(ESW_F_BIT(ESW_F_TRUST), &on);
	assert_int_equal(rte_eth_promiscuous_enable(vf), 0);
	assert_int_equal(rte_eth_allmulticast_enable(vf), 0);
	/*
	 * trust is withdrawn: the replay at start is no new request, the port starts all the same
	 */
	policy(ESW_F_BIT(ESW_F_TRUST), &off);
	assert_int_equal(rte_eth_dev_stop(vf), 0);
	assert_int_equal(rte_eth_dev_start(vf), 0);
	assert_int_equal(rte_eth_promiscuous_disable(vf), 0);
}

static void
more_addresses_need_trust(void **state)
{
	struct rte_ether_addr group = { { 0x01, 0, 0x5e, 0, 0, 1 } };
	const struct esw_policy on = { .trust = true };

	(void)state;
	rig_up(vf, 1);
	assert_int_equal(rte_eth_dev_mac_addr_add(vf, &other, 0), -EPERM);
	policy(ESW_F_BIT(ESW_F_TRUST), &on);
	assert_int_equal(rte_eth_dev_mac_addr_add(vf, &other, 0), 0);
	assert_int_equal(rte_eth_dev_stop(vf), 0);
	assert_int_equal(rte_eth_dev_start(vf), 0); /* replayed */
	assert_int_equal(rte_eth_dev_mac_addr_remove(vf, &other), 0);
	assert_int_equal(rte_eth_dev_set_mc_addr_list(vf, &group, 1), 0);
	assert_int_equal(rte_eth_dev_set_mc_addr_list(vf, &other, 1), -EINVAL);
	assert_int_equal(rte_eth_dev_set_mc_addr_list(vf, NULL, 0), 0);
}

static void
vlan_filter_within_policy(void **state)
{
	const struct rte_eth_conf conf = { .rxmode.offloads = RTE_ETH_RX_OFFLOAD_VLAN_FILTER };
	struct esw_policy trunk = { .vlan = { .mode = ESW_VLAN_TRUNK, .tpid = ESW_TPID_CTAG } };

	(void)state;
	esw_vlan_trunk_add(&trunk.vlan, 10);
	policy(ESW_F_BIT(ESW_F_VLAN), &trunk);
	rig_up_conf(vf, 1, &conf);
	assert_int_equal(rte_eth_dev_vlan_filter(vf, 10, 1), 0);
	assert_int_equal(rte_eth_dev_vlan_filter(vf, 11, 1), -EPERM);
	assert_int_equal(rig_xstat(vf, "denied_vlan"), 1);
	assert_int_equal(rte_eth_dev_vlan_filter(vf, 10, 0), 0);
	assert_int_equal(rte_eth_dev_set_vlan_offload(vf, RTE_ETH_VLAN_STRIP_OFFLOAD), 0);
}

/* OVS turns both on at every port: on the PF they are the PF's own. */
static void
pf_promisc_is_free(void **state)
{
	(void)state;
	rig_up(pf, 1);
	assert_int_equal(rte_eth_promiscuous_enable(pf), 0);
	assert_int_equal(rte_eth_allmulticast_enable(pf), 0);
	assert_int_equal(rte_eth_dev_default_mac_addr_set(pf, &other), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(mac_denied_then_allowed),
		T(mac_set_by_pf_survives_start),
		T(mtu_rules),
		T(mtu_unsaid),
		T(pf_mtu_holds_all),
		T(promisc_needs_trust),
		T(more_addresses_need_trust),
		T(vlan_filter_within_policy),
		T(pf_promisc_is_free),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
