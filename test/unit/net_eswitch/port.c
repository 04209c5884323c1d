/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* A VF's and a PF's port under the ethdev API: queues, statistics, RSS, link, reset. */
#include "rig.h"

#include <errno.h>
#include <string.h>

#include "switchdev.h"

static uint16_t pf, rep, vf, vf1;

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=2,representor=vf0,mode=switchdev"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0"), 0);
	assert_int_equal(rig_add("net_eswitch_vf1", "pf=net_eswitch_pf0,vf=1"), 0);
	pf = rig_port(RIG_PF);
	rep = rig_port(RIG_PF "_representor_vf0");
	vf = rig_port("net_eswitch_vf0");
	vf1 = rig_port("net_eswitch_vf1");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_del("net_eswitch_vf0");
	rig_del("net_eswitch_vf1");
	rig_del(RIG_PF);
	assert_int_equal(rig_pool_used(), 0);
	return 0;
}

static void
info_is_sane(void **state)
{
	struct rte_eth_dev_info info;

	(void)state;
	assert_int_equal(rte_eth_dev_info_get(vf, &info), 0);
	assert_int_equal(info.max_rx_queues, 16);
	assert_int_equal(info.max_tx_queues, 16);
	assert_int_equal(info.min_mtu, 68);
	assert_int_equal(info.max_mtu, 1500); /* its policy's */
	assert_int_equal(info.max_rx_pktlen, 1518);
	assert_int_equal(info.reta_size, 128);
	assert_int_equal(info.hash_key_size, 40);
	assert_true(info.rx_desc_lim.nb_max >= 2048);
	assert_int_equal(info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE, 0);
	assert_int_equal(info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_KEEP_CRC, 0);
	assert_int_equal(info.switch_info.domain_id, RTE_ETH_DEV_SWITCH_DOMAIN_ID_INVALID);
	assert_true((info.speed_capa & RTE_ETH_LINK_SPEED_100G) != 0);
	assert_int_equal(rte_eth_dev_info_get(pf, &info), 0);
	assert_int_equal(info.max_mtu, 9216);
	assert_true(rte_eth_dev_socket_id(vf) >= 0);
}

static void
frames_vf_to_representor_and_back(void **state)
{
	struct rte_ether_addr a = rig_mac(vf), b = rig_mac(vf1);

	(void)state;
	rig_up(rep, 1);
	rig_up(vf, 1);
	rig_send(vf, &a, &b);
	assert_int_equal(rig_recv(rep, 0), 1);
	rig_send(rep, &b, &a);
	assert_int_equal(rig_recv(vf, 0), 1);
	assert_int_equal(rig_recv(vf, 0), 0);
}

static void
runtime_queue_start_stop(void **state)
{
	struct rte_ether_addr a = rig_mac(vf), b = rig_mac(vf1);
	const struct rte_eth_rxconf deferred = { .rx_deferred_start = 1 };
	const struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };
	struct rte_eth_rxq_info info;

	(void)state;
	rig_up(rep, 1);
	assert_int_equal(rte_eth_dev_configure(vf, 1, 1, &conf), 0);
	assert_int_equal(rte_eth_dev_start(vf), -EINVAL); /* no queue */
	assert_int_equal(rte_eth_rx_queue_setup(vf, 0, 256, 0, &deferred, rig_pool()), 0);
	assert_int_equal(rte_eth_tx_queue_setup(vf, 0, 0, 0, NULL), 0);
	assert_int_equal(rte_eth_dev_start(vf), 0);
	assert_int_equal(rte_eth_rx_queue_info_get(vf, 0, &info), 0);
	assert_int_equal(info.queue_state, RTE_ETH_QUEUE_STATE_STOPPED);
	assert_int_equal(info.nb_desc, 256);
	assert_ptr_equal(info.mp, rig_pool());
	rig_send(rep, &b, &a);
	assert_int_equal(rig_xstat(vf, "rx_stopped"), 1);
	assert_int_equal(rte_eth_dev_rx_queue_start(vf, 0), 0);
	rig_send(rep, &b, &a);
	assert_int_equal(rte_eth_rx_queue_count(vf, 0), 1);
	assert_int_equal(rte_eth_rx_descriptor_status(vf, 0, 0), RTE_ETH_RX_DESC_DONE);
	assert_int_equal(rte_eth_rx_descriptor_status(vf, 0, 1), RTE_ETH_RX_DESC_AVAIL);
	assert_int_equal(rte_eth_tx_descriptor_status(vf, 0, 0), RTE_ETH_TX_DESC_DONE);
	assert_int_equal(rte_eth_dev_rx_queue_stop(vf, 0), 0);
	/* set up anew while the port runs */
	assert_int_equal(rte_eth_rx_queue_setup(vf, 0, 64, 0, NULL, rig_pool()), 0);
	assert_int_equal(rte_eth_dev_rx_queue_start(vf, 0), 0);
	rig_send(rep, &b, &a);
	assert_int_equal(rig_recv(vf, 0), 1);
	assert_int_equal(rte_eth_dev_tx_queue_stop(vf, 0), 0);
	assert_int_equal(rte_eth_dev_tx_queue_start(vf, 0), 0);
	rig_send(vf, &a, &b);
	assert_int_equal(rig_recv(rep, 0), 1);
}

static void
xstats_unique_and_consistent(void **state)
{
	static const char *const must[] = { "tx_spoof",      "rx_vlan",       "tx_forwarded",
					    "rx_delivered",  "rx_q0_packets", "tx_q1_bytes",
					    "denied_promisc" };
	static struct rte_eth_xstat_name names[128];
	struct rte_eth_xstat values[RTE_DIM(names)];
	int n, i, j;
	size_t k;

	(void)state;
	rig_up(vf, 2);
	n = rte_eth_xstats_get_names(vf, NULL, 0);
	assert_in_range(n, 1, RTE_DIM(names));
	assert_int_equal(rte_eth_xstats_get_names(vf, names, n), n);
	assert_int_equal(rte_eth_xstats_get(vf, values, n), n);
	for (i = 0; i < n; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(names[i].name, names[j].name);
	for (k = 0; k < RTE_DIM(must); k++) {
		for (i = 0; i < n && strcmp(names[i].name, must[k]) != 0; i++)
			;
		assert_true(i < n);
	}
}

static void
stats_reset_subtracts(void **state)
{
	struct rte_ether_addr a = rig_mac(vf), b = rig_mac(vf1);
	struct rte_eth_stats s;

	(void)state;
	rig_up(rep, 1);
	rig_up(vf, 1);
	rig_send(vf, &a, &b);
	rig_send(vf, &b, &b); /* spoofed */
	rig_send(rep, &b, &a);
	assert_int_equal(rte_eth_stats_get(vf, &s), 0);
	assert_int_equal(s.opackets, 1);
	assert_int_equal(s.obytes, RIG_LEN);
	assert_int_equal(s.oerrors, 1);
	assert_int_equal(s.ipackets, 1);
	assert_int_equal(rig_xstat(vf, "tx_spoof"), 1);
	assert_int_equal(rte_eth_stats_reset(vf), 0);
	assert_int_equal(rte_eth_stats_get(vf, &s), 0);
	assert_int_equal(s.opackets + s.oerrors + s.ipackets + s.q_opackets[0], 0);
	assert_int_equal(rig_xstat(vf, "tx_spoof"), 0);
	rig_send(vf, &a, &b);
	assert_int_equal(rte_eth_stats_get(vf, &s), 0);
	assert_int_equal(s.opackets, 1);
}

static void
buffers_must_hold_the_mtu(void **state)
{
	const struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };
	const struct rte_eth_rxconf scatter = { .offloads = RTE_ETH_RX_OFFLOAD_SCATTER };
	struct rte_mempool *small = rte_pktmbuf_pool_create("small", 255, 0, 0,
							    RTE_PKTMBUF_HEADROOM + 512, 0);

	(void)state;
	assert_non_null(small);
	assert_int_equal(rte_eth_dev_configure(vf, 1, 1, &conf), 0);
	assert_int_equal(rte_eth_rx_queue_setup(vf, 0, 64, 0, NULL, small), -EINVAL);
	assert_int_equal(rte_eth_rx_queue_setup(vf, 0, 64, 0, &scatter, small), 0);
	assert_int_equal(rte_eth_rx_queue_setup(vf, 0, 64, 0, NULL, rig_pool()), 0);
	rte_mempool_free(small);
}

static void
rss_reads_back(void **state)
{
	const struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_RSS,
					   .rx_adv_conf.rss_conf.rss_hf = RTE_ETH_RSS_IP };
	struct rte_eth_rss_reta_entry64 reta[2] = { { .mask = UINT64_MAX },
						    { .mask = UINT64_MAX } };
	uint8_t key[40], read[40];
	struct rte_eth_rss_conf rc = { .rss_key = key,
				       .rss_key_len = 40,
				       .rss_hf = RTE_ETH_RSS_NONFRAG_IPV4_TCP };
	int i;

	(void)state;
	rig_up_conf(vf, 4, &conf);
	assert_int_equal(rte_eth_dev_rss_reta_query(vf, reta, 128), 0);
	for (i = 0; i < 128; i++)
		assert_int_equal(reta[i / 64].reta[i % 64], i % 4);
	reta[0] = (struct rte_eth_rss_reta_entry64){ .mask = 1, .reta = { 3 } };
	reta[1].mask = 0;
	assert_int_equal(rte_eth_dev_rss_reta_update(vf, reta, 128), 0);
	reta[0] = (struct rte_eth_rss_reta_entry64){ .mask = 3 };
	assert_int_equal(rte_eth_dev_rss_reta_query(vf, reta, 128), 0);
	assert_int_equal(reta[0].reta[0], 3);
	assert_int_equal(reta[0].reta[1], 1);
	reta[0].reta[0] = 4; /* no such queue */
	assert_int_equal(rte_eth_dev_rss_reta_update(vf, reta, 128), -EINVAL);
	for (i = 0; i < 40; i++)
		key[i] = i;
	assert_int_equal(rte_eth_dev_rss_hash_update(vf, &rc), 0);
	rc = (struct rte_eth_rss_conf){ .rss_key = read, .rss_key_len = 40 };
	assert_int_equal(rte_eth_dev_rss_hash_conf_get(vf, &rc), 0);
	assert_memory_equal(read, key, 40);
	assert_int_equal(rc.rss_hf, RTE_ETH_RSS_NONFRAG_IPV4_TCP);
}

static int lsc_events;

static int
on_lsc(uint16_t port, enum rte_eth_event_type type, void *arg, void *ret)
{
	(void)port;
	(void)type;
	(void)arg;
	(void)ret;
	__atomic_fetch_add(&lsc_events, 1, __ATOMIC_RELAXED);
	return 0;
}

static void
link_follows_policy_and_tells(void **state)
{
	const struct rte_eth_conf conf = { .intr_conf.lsc = 1 };
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_LINK),
					  .value.link = ESW_LINK_DOWN };
	struct rte_eth_link link;

	(void)state;
	rig_up_conf(vf, 1, &conf);
	rig_tick();
	lsc_events = 0;
	assert_int_equal(rte_eth_dev_callback_register(vf, RTE_ETH_EVENT_INTR_LSC, on_lsc, NULL),
			 0);
	assert_int_equal(rte_eth_link_get_nowait(vf, &link), 0);
	assert_int_equal(link.link_status, RTE_ETH_LINK_UP);
	assert_int_equal(link.link_speed, 100000);
	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), 0, &patch, NULL), 0);
	rig_tick();
	assert_int_equal(__atomic_load_n(&lsc_events, __ATOMIC_RELAXED), 1);
	rte_eth_link_get_nowait(vf, &link);
	assert_int_equal(link.link_status, RTE_ETH_LINK_DOWN);
	patch.value.link = ESW_LINK_AUTO;
	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), 0, &patch, NULL), 0);
	rig_tick();
	assert_int_equal(__atomic_load_n(&lsc_events, __ATOMIC_RELAXED), 2);
	rte_eth_dev_callback_unregister(vf, RTE_ETH_EVENT_INTR_LSC, on_lsc, NULL);
}

static void
own_link_switch(void **state)
{
	struct rte_ether_addr a = rig_mac(vf), b = rig_mac(vf1);
	struct rte_eth_link link;

	(void)state;
	rig_up(rep, 1);
	rig_up(vf, 1);
	assert_int_equal(rte_eth_dev_set_link_down(vf), 0);
	rte_eth_link_get_nowait(vf, &link);
	assert_int_equal(link.link_status, RTE_ETH_LINK_DOWN);
	rig_send(rep, &b, &a);
	assert_int_equal(rig_recv(vf, 0), 0);
	assert_int_equal(rig_xstat(vf, "rx_stopped"), 1);
	/* a queue that is started meanwhile waits for the link */
	assert_int_equal(rte_eth_dev_rx_queue_stop(vf, 0), 0);
	assert_int_equal(rte_eth_dev_rx_queue_start(vf, 0), 0);
	assert_int_equal(rte_eth_dev_tx_queue_stop(vf, 0), 0);
	assert_int_equal(rte_eth_dev_tx_queue_start(vf, 0), 0);
	rig_send(rep, &b, &a);
	assert_int_equal(rig_recv(vf, 0), 0);
	assert_int_equal(rig_xstat(vf, "rx_stopped"), 2);
	assert_int_equal(rte_eth_dev_set_link_up(vf), 0);
	rig_send(rep, &b, &a);
	assert_int_equal(rig_recv(vf, 0), 1);
}

static void
reset_then_again(void **state)
{
	struct rte_ether_addr a = rig_mac(vf), b = rig_mac(vf1);

	(void)state;
	rig_up(rep, 1);
	rig_up(vf, 2);
	assert_int_equal(rte_eth_dev_reset(vf), 0);
	assert_int_equal(rte_eth_dev_start(vf), -EINVAL); /* queues are gone */
	rig_up(vf, 1);
	rig_send(rep, &b, &a);
	assert_int_equal(rig_recv(vf, 0), 1);
}

static void
bad_configurations(void **state)
{
	const struct rte_eth_conf dcb = { .rxmode.mq_mode = RTE_ETH_MQ_RX_DCB };
	const struct rte_eth_conf pvid = { .txmode.hw_vlan_insert_pvid = 1 };
	const struct rte_eth_conf loop = { .lpbk_mode = 1 };
	const struct rte_eth_conf fine = { .lpbk_mode = 0 };
	struct rte_eth_conf offload = { .rxmode.offloads = RTE_ETH_RX_OFFLOAD_KEEP_CRC };

	(void)state;
	assert_int_equal(rte_eth_dev_configure(vf, 1, 1, &dcb), -EINVAL);
	assert_int_equal(rte_eth_dev_configure(vf, 1, 1, &pvid), -ENOTSUP);
	assert_int_equal(rte_eth_dev_configure(vf, 1, 1, &loop), -ENOTSUP);
	assert_int_equal(rte_eth_dev_configure(vf, 1, 1, &offload), -EINVAL);
	assert_int_equal(rte_eth_dev_configure(vf, 17, 1, &fine), -EINVAL);
	assert_int_equal(rte_eth_dev_configure(vf, 16, 16, &fine), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(info_is_sane),
		T(frames_vf_to_representor_and_back),
		T(runtime_queue_start_stop),
		T(xstats_unique_and_consistent),
		T(stats_reset_subtracts),
		T(buffers_must_hold_the_mtu),
		T(rss_reads_back),
		T(link_follows_policy_and_tells),
		T(own_link_switch),
		T(reset_then_again),
		T(bad_configurations),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
