/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* A representor's life and what it is, through the ethdev API as applications use it. */
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
	const struct CMUnitTest tests[] = {
		TEST(identity),
		TEST(create_refuses),
		TEST(create_ports_run_out),
		TEST(representor_info),
		TEST(life),
		TEST(queue_refused),
		TEST(mtu),
		TEST(not_supported),
		TEST(control_only),
		TEST(device_gone),
	};

	return fixture_run(tests, RTE_DIM(tests));
}
