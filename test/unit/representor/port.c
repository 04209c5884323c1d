/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Representor ports of a fake device, through the ethdev API as applications use it. */
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

#include <dev_driver.h>
#include <ethdev_driver.h>

#include "fake.h"
#include "representor.h"

#define PF_PORT 30
#define DOMAIN 5

static struct rte_driver driver = { .name = "net_fake" };
static struct rte_device device = { .name = "net_fake_pf0", .driver = &driver, .numa_node = -1 };
static struct rte_mempool *pool;
static struct fake fake;
static uint16_t port; /* representor of VF 2 */

static int
setup(void **state)
{
	(void)state;
	fake_init(&fake, "net_fake_pf0", PF_PORT);
	if (rep_create(&device, &fake.sd, 2, PF_PORT, DOMAIN, NULL) < 0)
		return -1;
	port = fake.rep_port[2];
	return 0;
}

/* Nothing may be left, whatever the test did. */
static int
teardown(void **state)
{
	(void)state;
	rep_destroy_all(&device, PF_PORT);
	assert_int_equal(rte_eth_dev_count_total(), 0);
	assert_int_equal(fake.rxqs, 0);
	assert_int_equal(fake.txqs, 0);
	assert_int_equal(fake.rep_port[2], -1);
	assert_int_equal(fake.rep_mtu[2], 0);
	assert_false(fake.rep_started[2]);
	assert_int_equal(fake.sd.users, 0);
	fake_fini(&fake);
	return 0;
}

/* As OVS and testpmd do it; the port is not started yet. */
static void
configure(uint16_t queues, uint64_t rx_offloads)
{
	struct rte_eth_conf conf = { .rxmode.offloads = rx_offloads };

	assert_int_equal(rte_eth_dev_configure(port, queues, queues, &conf), 0);
	for (uint16_t i = 0; i < queues; i++) {
		assert_int_equal(rte_eth_tx_queue_setup(port, i, 512, 0, NULL), 0);
		assert_int_equal(rte_eth_rx_queue_setup(port, i, 256, 0, NULL, pool), 0);
	}
}

static void
start(uint64_t rx_offloads)
{
	configure(1, rx_offloads);
	assert_int_equal(rte_eth_dev_start(port), 0);
}

static void
assert_mac(uint16_t port_id, uint8_t last)
{
	const struct rte_ether_addr want = { { 2, 0, 0, 0, 0, last } };
	struct rte_ether_addr is;

	assert_int_equal(rte_eth_macaddr_get(port_id, &is), 0);
	assert_memory_equal(&is, &want, sizeof(is));
}

static void
test_identity(void **state)
{
	struct rte_eth_dev_info info;
	char name[RTE_ETH_NAME_MAX_LEN];
	const struct rte_eth_dev *dev = &rte_eth_devices[port];

	(void)state;
	assert_int_equal(rte_eth_dev_get_name_by_port(port, name), 0);
	assert_string_equal(name, "net_fake_pf0_representor_vf2");
	assert_true(rep_exists(&device, 2));
	assert_false(rep_exists(&device, 3));
	assert_int_equal(rep_port_id(&fake.sd, 2), port);
	assert_int_equal(rep_port_id(&fake.sd, 3), -1);
	assert_int_equal(dev->data->representor_id, 2);
	assert_int_equal(dev->data->backer_port_id, PF_PORT);
	assert_mac(port, 2);

	assert_int_equal(rte_eth_dev_info_get(port, &info), 0);
	assert_string_equal(info.driver_name, "net_fake");
	assert_true((*info.dev_flags & RTE_ETH_DEV_REPRESENTOR) != 0);
	assert_int_equal(info.switch_info.domain_id, DOMAIN);
	assert_int_equal(info.switch_info.port_id, 2);
	assert_string_equal(info.switch_info.name, "net_fake_pf0");
	assert_int_equal(info.min_mtu, ESW_MTU_MIN);
	assert_int_equal(info.max_mtu, 9216);
	assert_int_equal(info.max_rx_pktlen - info.max_mtu, 18);
	assert_int_equal(info.max_rx_queues, 4);
	assert_int_equal(info.rx_desc_lim.nb_max, 4096);
	assert_int_equal(info.rx_offload_capa,
			 RTE_ETH_RX_OFFLOAD_VLAN_STRIP | RTE_ETH_RX_OFFLOAD_VLAN_FILTER);
	assert_int_equal(info.dev_capa, 0);
	assert_ptr_equal(swd_by_port(port, NULL), &fake.sd);
}

static void
test_create_refuses(void **state)
{
	struct rte_device longest = { .name = "net_fake_with_a_name_as_long_as_forty_nine_chars_x",
				      .driver = &driver };
	struct esw_err err;

	(void)state;
	assert_int_equal(rep_create(&device, &fake.sd, 2, PF_PORT, DOMAIN, &err), -EEXIST);
	assert_non_null(strstr(err.msg, "net_fake_pf0_representor_vf2 exists"));
	assert_int_equal(rep_create(&device, &fake.sd, FAKE_VFS, PF_PORT, DOMAIN, &err), -ERANGE);
	assert_int_equal(rep_create(&longest, &fake.sd, 3, PF_PORT, DOMAIN, &err), -ENAMETOOLONG);
	assert_int_equal(rep_create(NULL, &fake.sd, 3, PF_PORT, DOMAIN, &err), -EINVAL);
	fake_fini(&fake);
	assert_int_equal(rep_create(&device, &fake.sd, 3, PF_PORT, DOMAIN, &err), -ENODEV);
	assert_int_equal(rte_eth_dev_count_total(), 1);
	assert_int_equal(swd_register(&fake.sd), 0);
}

/* All ports that DPDK has, and one more. */
static void
test_create_ports_run_out(void **state)
{
	struct rte_device others[RTE_MAX_ETHPORTS];
	char names[RTE_MAX_ETHPORTS][16];
	struct esw_err err;
	int ret = 0;

	(void)state;
	for (unsigned int i = 0; i < RTE_MAX_ETHPORTS && ret == 0; i++) {
		snprintf(names[i], sizeof(names[i]), "other%u", i);
		others[i] = (struct rte_device){ .name = names[i], .driver = &driver };
		ret = rep_create(&others[i], &fake.sd, 4, PF_PORT, DOMAIN, &err);
		assert_int_equal(ret, i == RTE_MAX_ETHPORTS - 1 ? -ENOSPC : 0);
	}
	snprintf(names[0], sizeof(names[0]), "for %u ports", RTE_MAX_ETHPORTS);
	assert_non_null(strstr(err.msg, names[0]));
	for (unsigned int i = 0; i < RTE_MAX_ETHPORTS - 1; i++)
		rep_destroy_all(&others[i], PF_PORT);
	assert_int_equal(rte_eth_dev_count_total(), 1);
	/* Another device's, another PF's: not touched. */
	rep_destroy_all(&device, PF_PORT + 1);
	assert_int_equal(rte_eth_dev_count_total(), 1);
}

static void
test_representor_info(void **state)
{
	struct rte_eth_representor_info *info;
	uint16_t id = 99;

	(void)state;
	assert_int_equal(rte_eth_representor_info_get(port, NULL), 1);
	info = calloc(1, sizeof(*info) + sizeof(info->ranges[0]));
	assert_int_equal(rte_eth_representor_info_get(port, info), 1);
	assert_int_equal(info->nb_ranges, 0); /* none was allocated */
	info->nb_ranges_alloc = 1;
	assert_int_equal(rte_eth_representor_info_get(port, info), 1);
	assert_int_equal(info->nb_ranges, 1);
	assert_int_equal(info->ranges[0].type, RTE_ETH_REPRESENTOR_VF);
	assert_int_equal(info->ranges[0].id_base, 0);
	assert_int_equal(info->ranges[0].id_end, FAKE_VFS - 1);
	free(info);
	assert_int_equal(rte_eth_representor_id_get(port, RTE_ETH_REPRESENTOR_VF, -1, 0, 3, &id),
			 0);
	assert_int_equal(id, 3);
	assert_int_not_equal(rte_eth_representor_id_get(port, RTE_ETH_REPRESENTOR_VF, -1, 1, 3,
							&id),
			     0);
	assert_int_not_equal(rte_eth_representor_id_get(port, RTE_ETH_REPRESENTOR_VF, -1, -1,
							FAKE_VFS, &id),
			     0);
}

static void
test_life(void **state)
{
	struct rte_eth_rxq_info rxq;
	struct rte_eth_txq_info txq;
	struct rte_eth_burst_mode mode;
	struct rte_mbuf *m;

	(void)state;
	for (int round = 0; round < 3; round++) {
		configure(4, RTE_ETH_RX_OFFLOAD_VLAN_STRIP);
		assert_int_equal(fake.rxqs, 4);
		assert_int_equal(fake.txqs, 4);
		assert_int_equal(fake.rxq_offloads, RTE_ETH_RX_OFFLOAD_VLAN_STRIP);
		assert_int_equal(rte_eth_dev_start(port), 0);
		assert_true(fake.rep_started[2]);
		assert_int_equal(rte_eth_rx_queue_info_get(port, 3, &rxq), 0);
		assert_ptr_equal(rxq.mp, pool);
		assert_int_equal(rxq.nb_desc, 256);
		assert_int_equal(rxq.queue_state, RTE_ETH_QUEUE_STATE_STARTED);
		assert_int_equal(rte_eth_tx_queue_info_get(port, 3, &txq), 0);
		assert_int_equal(txq.nb_desc, 512);
		assert_int_equal(rte_eth_rx_burst_mode_get(port, 0, &mode), 0);
		assert_string_equal(mode.info, "Representor");
		assert_int_equal(rte_eth_rx_queue_count(port, 1), 17);
		assert_int_equal(rte_eth_rx_burst(port, 0, &m, 1), 0);
		m = rte_pktmbuf_alloc(pool);
		assert_int_equal(rte_eth_tx_burst(port, 3, &m, 1), 1);
		assert_int_equal(rte_mempool_in_use_count(pool), 0);
		assert_int_equal(rte_eth_dev_stop(port), 0);
		assert_false(fake.rep_started[2]);
	}
	assert_int_equal(rte_eth_dev_reset(port), 0);
	assert_int_equal(fake.rxqs + fake.txqs, 0);
	start(0);
	assert_int_equal(rte_eth_dev_stop(port), 0);
	assert_int_equal(rte_eth_dev_close(port), 0);
	assert_false(rep_exists(&device, 2));
	assert_int_equal(fake.rep_port[2], -1);
	assert_int_equal(rep_create(&device, &fake.sd, 2, PF_PORT, DOMAIN, NULL), 0);
	port = fake.rep_port[2];
	start(0);
	/* left started: the teardown destroys it so */
}

static void
test_queue_refused(void **state)
{
	struct rte_eth_conf conf = { 0 };

	(void)state;
	assert_int_equal(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	fake.queue_error = -ENOMEM;
	assert_int_equal(rte_eth_rx_queue_setup(port, 0, 256, 0, NULL, pool), -ENOMEM);
	assert_int_equal(rte_eth_tx_queue_setup(port, 0, 256, 0, NULL), -ENOMEM);
	fake.queue_error = 0;
	assert_int_not_equal(rte_eth_rx_queue_setup(port, 0, 8192, 0, NULL, pool), 0);
	assert_int_not_equal(rte_eth_dev_configure(port, 5, 5, &conf), 0);
}

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

static void
test_mtu(void **state)
{
	struct rte_eth_conf conf = { .rxmode.mtu = 2000 };
	uint16_t mtu;

	(void)state;
	assert_int_equal(rte_eth_dev_configure(port, 1, 1, &conf), 0);
	assert_int_equal(fake.rep_mtu[2], 2000);
	assert_int_equal(rte_eth_dev_set_mtu(port, 1400), 0); /* before queues, as OVS does */
	assert_int_equal(fake.rep_mtu[2], 1400);
	assert_int_equal(rte_eth_dev_get_mtu(port, &mtu), 0);
	assert_int_equal(mtu, 1400);
	assert_int_equal(rte_eth_dev_set_mtu(port, 67), -EINVAL);
	assert_int_equal(rte_eth_dev_set_mtu(port, 9217), -EINVAL);
	assert_int_equal(fake.rep_mtu[2], 1400);

	/* Frames that do not fit into the buffers: not without scatter. 2048 - 18 is the border. */
	configure(1, 0);
	assert_int_equal(rte_eth_dev_set_mtu(port, 2031), 0);
	assert_int_equal(rte_eth_dev_start(port), -EINVAL);
	assert_false(fake.rep_started[2]);
	assert_int_equal(rte_eth_dev_set_mtu(port, 2030), 0);
	assert_int_equal(rte_eth_dev_start(port), 0);
	assert_int_equal(rte_eth_dev_stop(port), 0);
	fake.ops.rep_rx_offload_capa |= RTE_ETH_RX_OFFLOAD_SCATTER;
	configure(1, RTE_ETH_RX_OFFLOAD_SCATTER);
	assert_int_equal(rte_eth_dev_set_mtu(port, 9000), 0);
	assert_int_equal(rte_eth_dev_start(port), 0);

	fake.ops.rep_mtu_set = NULL;
	assert_int_equal(rte_eth_dev_set_mtu(port, 1500), -ENOTSUP);
	fake.rep_mtu[2] = 0;
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

/* VF 2 counts 20 .. 26, its representor 1020 .. 1026 (fake.c). */
static void
test_stats(void **state)
{
	struct rte_eth_stats s;

	(void)state;
	assert_int_equal(rte_eth_stats_get(port, &s), 0);
	assert_int_equal(s.ipackets, 20);
	assert_int_equal(s.ierrors, 21);
	assert_int_equal(s.ibytes, 22);
	assert_int_equal(s.opackets, 23);
	assert_int_equal(s.oerrors, 24 + 25 + 1021);
	assert_int_equal(s.obytes, 26);
	assert_int_equal(s.imissed, 1024);
	assert_int_equal(s.rx_nombuf, 1025);
	assert_int_equal(rte_eth_stats_reset(port), 0);
	assert_int_equal(rte_eth_stats_get(port, &s), 0);
	assert_int_equal(s.ipackets + s.opackets + s.ierrors + s.oerrors + s.imissed, 0);
	fake.add = 5;
	assert_int_equal(rte_eth_stats_get(port, &s), 0);
	assert_int_equal(s.ipackets, 5);
	assert_int_equal(s.oerrors, 15);
}

static void
test_xstats(void **state)
{
	struct rte_eth_xstat_name names[64], one;
	struct rte_eth_xstat xs[64];
	uint64_t values[64], id;
	int n;

	(void)state;
	n = rte_eth_xstats_get_names(port, NULL, 0);
	assert_true(n >= 2 * FAKE_COUNTERS && n < 64);
	assert_int_equal(rte_eth_xstats_get(port, NULL, 0), n);
	assert_int_equal(rte_eth_xstats_get(port, xs, n - 1), n);
	assert_int_equal(rte_eth_xstats_get_names(port, names, n), n);
	assert_int_equal(rte_eth_xstats_get(port, xs, n), n);
	assert_int_equal(rte_eth_xstats_get_by_id(port, NULL, values, n), n);
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < i; j++)
			assert_string_not_equal(names[i].name, names[j].name);
		assert_int_equal(xs[i].id, i);
		assert_int_equal(xs[i].value, values[i]);
		assert_int_equal(rte_eth_xstats_get_id_by_name(port, names[i].name, &id), 0);
		assert_int_equal(id, i);
		assert_int_equal(rte_eth_xstats_get_by_id(port, &id, &values[0], 1), 1);
		assert_int_equal(values[0], xs[i].value);
		values[0] = xs[0].value;
		assert_int_equal(rte_eth_xstats_get_names_by_id(port, &one, 1, &id), 1);
		assert_string_equal(one.name, names[i].name);
	}
	assert_int_equal(rte_eth_xstats_get_id_by_name(port, "tx_spoof", &id), 0);
	assert_int_equal(xs[id].value, 21);
	assert_int_equal(rte_eth_xstats_get_id_by_name(port, "rep_rx_delivered", &id), 0);
	assert_int_equal(xs[id].value, 1023);
	id = n;
	assert_true(rte_eth_xstats_get_by_id(port, &id, values, 1) < 0);
	assert_int_equal(rte_eth_xstats_reset(port), 0);
	assert_int_equal(rte_eth_xstats_get_id_by_name(port, "tx_spoof", &id), 0);
	assert_int_equal(rte_eth_xstats_get_by_id(port, &id, values, 1), 1);
	assert_int_equal(values[0], 0);
}

static void
test_dump(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	fake.policy[2].trust = true;
	assert_int_equal(rte_eth_dev_priv_dump(port, f), 0);
	fclose(f);
	assert_non_null(strstr(text, "VF 2 of net_fake_pf0, switch domain 5\n"));
	assert_non_null(strstr(text, "  mac = 02:00:00:00:00:02\n"));
	assert_non_null(strstr(text, "  trust = on\n"));
	assert_non_null(strstr(text, "  behind it: net_tap0\n"));
	free(text);
}

/* What a device lacks is said, not pretended. */
static void
test_not_supported(void **state)
{
	struct rte_flow_error e;
	uint32_t ptypes[4];

	(void)state;
	start(0);
	assert_int_equal(rte_flow_flush(port, &e), -ENOSYS);
	assert_int_equal(rte_eth_dev_get_supported_ptypes(port, RTE_PTYPE_ALL_MASK, ptypes, 4), 0);
	assert_int_equal(rte_eth_set_queue_rate_limit(port, 0, 100), -ENOTSUP);
}

/* No data path: the port still starts, and nothing goes through it. */
static void
test_control_only(void **state)
{
	struct rte_eth_dev_info info;
	struct rte_mbuf *m;

	(void)state;
	rep_destroy_all(&device, PF_PORT);
	fake.ops.rep_rx = NULL;
	assert_int_equal(rep_create(&device, &fake.sd, 2, PF_PORT, DOMAIN, NULL), 0);
	port = fake.rep_port[2];
	assert_int_equal(rte_eth_dev_info_get(port, &info), 0);
	assert_int_equal(info.max_rx_queues, 1);
	start(0);
	assert_int_equal(fake.rxqs, 0);
	assert_int_equal(rte_eth_rx_burst(port, 0, &m, 1), 0);
	m = rte_pktmbuf_alloc(pool);
	assert_int_equal(rte_eth_tx_burst(port, 0, &m, 1), 0);
	rte_pktmbuf_free(m);
}

/* The PF has gone before its representors: nothing crashes, everything says so. */
static void
test_device_gone(void **state)
{
	struct rte_ether_addr mac = { { 2, 0, 0, 0, 0, 0x22 } };
	struct rte_eth_dev_info info;
	struct rte_eth_stats s;
	struct rte_eth_link link;

	(void)state;
	start(RTE_ETH_RX_OFFLOAD_VLAN_FILTER);
	fake_fini(&fake);
	assert_int_equal(rte_eth_dev_info_get(port, &info), -ENODEV);
	assert_int_equal(rte_eth_dev_default_mac_addr_set(port, &mac), -ENODEV);
	assert_int_equal(rte_eth_dev_vlan_filter(port, 100, 1), -ENODEV);
	assert_int_equal(rte_eth_dev_set_vlan_pvid(port, 100, 1), -ENODEV);
	assert_int_equal(rte_eth_dev_set_link_down(port), -ENODEV);
	assert_int_equal(rte_eth_promiscuous_enable(port), -ENODEV);
	assert_int_equal(rte_eth_dev_set_mtu(port, 1000), -ENODEV);
	assert_int_equal(rte_eth_stats_get(port, &s), -ENODEV);
	assert_int_equal(rte_eth_stats_reset(port), -ENODEV);
	assert_int_equal(rte_eth_xstats_get_names(port, NULL, 0), -ENODEV);
	assert_int_equal(rte_eth_dev_priv_dump(port, stderr), -ENODEV);
	assert_int_equal(rte_eth_representor_info_get(port, NULL), -ENODEV);
	assert_int_equal(rte_flow_flush(port, NULL), -ENODEV);
	rte_eth_link_get_nowait(port, &link);
	assert_int_equal(link.link_status, RTE_ETH_LINK_DOWN);
	assert_int_equal(rte_eth_dev_stop(port), 0);
	assert_int_equal(rte_eth_dev_start(port), -ENODEV);
	assert_int_equal(fake.sets, 0);
	/* It comes back (the memory is the same), so that the teardown can look for leaks. */
	assert_int_equal(swd_register(&fake.sd), 0);
	fake.rep_started[2] = false;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(identity),
		TEST(create_refuses),
		TEST(create_ports_run_out),
		TEST(representor_info),
		TEST(life),
		TEST(queue_refused),
		TEST(mac),
		TEST(link),
		TEST(link_events),
		TEST(vlan),
		TEST(mtu),
		TEST(promiscuous_is_its_own),
		TEST(stats),
		TEST(xstats),
		TEST(dump),
		TEST(not_supported),
		TEST(control_only),
		TEST(device_gone),
	};
	int ret = 1;

	if (fake_eal_init("representor") < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", 255, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	if (pool != NULL)
		ret = cmocka_run_group_tests(tests, NULL, NULL);
	rte_mempool_free(pool);
	fake_eal_fini();
	return ret;
}
