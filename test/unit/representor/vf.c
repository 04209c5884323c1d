/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What applications do to a representor, and what becomes of its VF. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_ethdev.h>
#include <rte_flow.h>

#include <ethdev_driver.h>

#include "fixture.h"

/* The representor's address is its VF's, whoever changed it last. */
static void
test_mac(void **state)
{
	struct rte_ether_addr mac = { { 2, 0, 0, 0, 0, 0x22 } };
	struct rte_ether_addr taken = { { 2, 0, 0, 0, 0, 3 } };

	(void)state;
	/* OVS sets it on a port that is not configured yet. */
	assert_int_equal(rte_eth_dev_default_mac_addr_set(port, &mac), 0);
	assert_memory_equal(&fake.policy[2].mac, &mac, 6);
	assert_mac(port, 0x22);
	assert_int_equal(rte_eth_dev_default_mac_addr_set(port, &taken), -EEXIST);
	assert_mac(port, 0x22);
	start(0);
	assert_int_equal(fake.sets, 1); /* the replay set nothing */

	fake.policy[2].mac.addr_bytes[5] = 0x33; /* by the VF itself, say */
	rep_refresh(&fake.sd, 2);
	assert_mac(port, 0x33);
	/* ... and if nobody said so, the next start must not put the old one back. */
	assert_int_equal(rte_eth_dev_stop(port), 0);
	fake.policy[2].mac.addr_bytes[5] = 0x44;
	assert_int_equal(rte_eth_dev_start(port), 0);
	assert_mac(port, 0x44);
	assert_int_equal(fake.policy[2].mac.addr_bytes[5], 0x44);
	assert_int_equal(fake.sets, 1);
	rep_refresh(&fake.sd, 3); /* has none */
	rep_refresh(NULL, 2);
}

static unsigned int lsc_events;

static int
on_lsc(uint16_t port_id, enum rte_eth_event_type type, void *arg, void *ret)
{
	(void)type;
	(void)arg;
	(void)ret;
	lsc_events += port_id == port;
	return 0;
}

static void
assert_link(bool up)
{
	struct rte_eth_link link;

	assert_int_equal(rte_eth_link_get_nowait(port, &link), 0);
	assert_int_equal(link.link_status, up ? RTE_ETH_LINK_UP : RTE_ETH_LINK_DOWN);
	assert_int_equal(link.link_speed, 10000);
	assert_int_equal(link.link_duplex, RTE_ETH_LINK_FULL_DUPLEX);
}

static void
test_link(void **state)
{
	(void)state;
	assert_link(false);
	start(0);
	assert_link(true);
	assert_int_equal(rte_eth_dev_set_link_down(port), 0);
	assert_int_equal(fake.policy[2].link, ESW_LINK_DOWN);
	assert_link(false);
	assert_int_equal(rte_eth_dev_set_link_up(port), 0);
	assert_int_equal(fake.policy[2].link, ESW_LINK_AUTO);
	assert_link(true);
	/* `auto` follows the wire, `up` does not, and link up leaves `up` alone. */
	fake.info.wire_link = false;
	assert_link(false);
	fake.policy[2].link = ESW_LINK_UP;
	assert_link(true);
	assert_int_equal(rte_eth_dev_set_link_up(port), 0);
	assert_int_equal(fake.policy[2].link, ESW_LINK_UP);
	assert_int_equal(rte_eth_dev_stop(port), 0);
	assert_link(false);
}

static void
test_link_events(void **state)
{
	struct rte_eth_conf conf = { .intr_conf.lsc = 1 };

	(void)state;
	lsc_events = 0;
	assert_int_equal(rte_eth_dev_callback_register(port, RTE_ETH_EVENT_INTR_LSC, on_lsc, NULL),
			 0);
	assert_int_equal(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	assert_int_equal(rte_eth_tx_queue_setup(port, 0, 512, 0, NULL), 0);
	assert_int_equal(rte_eth_rx_queue_setup(port, 0, 256, 0, NULL, pool), 0);
	assert_int_equal(rte_eth_dev_start(port), 0);
	assert_link(true);
	rep_refresh(&fake.sd, 2);
	assert_int_equal(lsc_events, 0);
	fake.info.wire_link = false;
	rep_refresh(&fake.sd, 2);
	assert_int_equal(lsc_events, 1);
	assert_link(false);
	rep_refresh(&fake.sd, 2);
	assert_int_equal(lsc_events, 1);
}

static void
test_vlan(void **state)
{
	struct rte_eth_dev_info info;

	(void)state;
	start(0);
	/* ethdev wants the flag first, as on any NIC. */
	assert_int_equal(rte_eth_dev_vlan_filter(port, 100, 1), -ENOSYS);
	assert_int_equal(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_FILTER_OFFLOAD), 0);
	assert_int_equal(rte_eth_dev_vlan_filter(port, 100, 1), 0);
	assert_int_equal(rte_eth_dev_vlan_filter(port, 0, 1), 0);
	assert_int_equal(fake.policy[2].vlan.mode, ESW_VLAN_TRUNK);
	assert_true(esw_vlan_trunk_has(&fake.policy[2].vlan, 100));
	assert_int_equal(rte_eth_dev_set_vlan_pvid(port, 7, 1), -EBUSY);
	assert_int_equal(rte_eth_dev_vlan_filter(port, 100, 0), 0);
	assert_int_equal(fake.policy[2].vlan.mode, ESW_VLAN_OFF);
	assert_int_equal(rte_eth_dev_set_vlan_pvid(port, 7, 1), 0);
	assert_int_equal(fake.policy[2].vlan.vid, 7);
	assert_int_equal(rte_eth_dev_vlan_filter(port, 100, 1), -EBUSY);
	assert_int_equal(rte_eth_dev_set_vlan_pvid(port, 7, 0), 0);
	assert_int_equal(fake.policy[2].vlan.mode, ESW_VLAN_OFF);
	assert_int_equal(fake.sets, 4); /* no-ops and refusals set nothing */

	/* Strip is the representor's own, on the live queue. */
	assert_int_equal(rte_eth_dev_set_vlan_offload(port, RTE_ETH_VLAN_FILTER_OFFLOAD |
								    RTE_ETH_VLAN_STRIP_OFFLOAD),
			 0);
	assert_int_equal(fake.rxq_offloads,
			 RTE_ETH_RX_OFFLOAD_VLAN_STRIP | RTE_ETH_RX_OFFLOAD_VLAN_FILTER);
	fake.ops.rep_rxq_offloads_set = NULL;
	assert_int_equal(rte_eth_dev_set_vlan_offload(port, 0), -ENOTSUP);
	fake.ops.rep_rx_offload_capa = 0;
	assert_int_equal(rte_eth_dev_info_get(port, &info), 0);
	assert_int_equal(info.rx_offload_capa, RTE_ETH_RX_OFFLOAD_VLAN_FILTER);
}

/* OVS turns both on everywhere: the VF must not see it. */
static void
test_promiscuous_is_its_own(void **state)
{
	struct esw_policy was = fake.policy[2];

	(void)state;
	start(0);
	assert_int_equal(rte_eth_promiscuous_enable(port), 0);
	assert_int_equal(rte_eth_allmulticast_enable(port), 0);
	assert_int_equal(rte_eth_promiscuous_get(port), 1);
	assert_int_equal(rte_eth_allmulticast_get(port), 1);
	assert_int_equal(rte_eth_dev_stop(port), 0);
	assert_int_equal(rte_eth_dev_start(port), 0);
	assert_int_equal(rte_eth_promiscuous_disable(port), 0);
	assert_int_equal(rte_eth_allmulticast_disable(port), 0);
	assert_int_equal(esw_policy_diff(&was, &fake.policy[2]), 0);
	assert_int_equal(fake.sets, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mac), TEST(link), TEST(link_events), TEST(vlan), TEST(promiscuous_is_its_own),
	};

	return fixture_run(tests, RTE_DIM(tests));
}
