/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * RSS as an application sees it: frames spread over 16 queues where the Toeplitz hash of DPDK's
 * own software version and the redirection table say.
 */
#include "rig.h"

#include <string.h>

#include <rte_ip.h>
#include <rte_tcp.h>
#include <rte_thash.h>

#define QUEUES 16
#define FLOWS 200

static uint16_t vf0, vf1;

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=2,mode=veb"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0"), 0);
	assert_int_equal(rig_add("net_eswitch_vf1", "pf=net_eswitch_pf0,vf=1"), 0);
	vf0 = rig_port("net_eswitch_vf0");
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

/* Flow i of a kind: its source port is i. */
static void
send_flow(const struct rig_kind *k, uint16_t i)
{
	struct rte_ether_addr from = rig_mac(vf0), to = rig_mac(vf1);
	struct rte_mbuf *m = rig_ip_frame(k, &from, &to, 10);
	uint32_t at = RTE_ETHER_HDR_LEN + rig_l3_len(k);

	/* TCP's and UDP's headers begin alike. */
	*rte_pktmbuf_mtod_offset(m, rte_be16_t *, at) = rte_cpu_to_be_16(i);
	assert_int_equal(rte_eth_tx_burst(vf0, 0, &m, 1), 1);
}

static uint32_t
hash_of(const struct rte_mbuf *m, const struct rig_kind *k, const uint8_t *key)
{
	uint32_t tuple[10], words = k->v6 ? 9 : 3, i;
	uint32_t at = RTE_ETHER_HDR_LEN + (k->v6 ? 8 : 12); /* addresses, then ports */

	memcpy(tuple, rte_pktmbuf_mtod_offset(m, const uint8_t *, at), 4 * words);
	for (i = 0; i < words; i++)
		tuple[i] = rte_be_to_cpu_32(tuple[i]);
	return rte_softrss(tuple, words, key);
}

/* What arrived on queue q is what belongs there. */
static unsigned int
check_queue(uint16_t q, const struct rig_kind *k, const uint8_t *key,
	    const struct rte_eth_rss_reta_entry64 *reta)
{
	struct rte_mbuf *m[FLOWS];
	uint16_t n = rte_eth_rx_burst(vf1, q, m, FLOWS), i;

	for (i = 0; i < n; i++) {
		uint32_t hash = hash_of(m[i], k, key), entry = hash % 128;

		assert_true((m[i]->ol_flags & RTE_MBUF_F_RX_RSS_HASH) != 0);
		assert_int_equal(m[i]->hash.rss, hash);
		assert_int_equal(reta[entry / 64].reta[entry % 64], q);
	}
	rte_pktmbuf_free_bulk(m, n);
	return n;
}

static void
check_spread(const struct rig_kind *k, unsigned int want_queues)
{
	struct rte_eth_rss_reta_entry64 reta[2] = { { .mask = UINT64_MAX },
						    { .mask = UINT64_MAX } };
	unsigned int all = 0, used = 0, n;
	uint8_t key[40];
	struct rte_eth_rss_conf conf = { .rss_key = key, .rss_key_len = sizeof(key) };
	uint16_t i;

	assert_int_equal(rte_eth_dev_rss_hash_conf_get(vf1, &conf), 0);
	assert_int_equal(rte_eth_dev_rss_reta_query(vf1, reta, 128), 0);
	for (i = 0; i < FLOWS; i++)
		send_flow(k, i);
	for (i = 0; i < QUEUES; i++) {
		n = check_queue(i, k, key, reta);
		all += n;
		used += n != 0;
	}
	assert_int_equal(all, FLOWS);
	assert_int_equal(used, want_queues);
}

static void
up(uint64_t types)
{
	const struct rte_eth_conf conf = { .rxmode = { .mq_mode = RTE_ETH_MQ_RX_RSS,
						       .offloads = RTE_ETH_RX_OFFLOAD_RSS_HASH },
					   .rx_adv_conf.rss_conf.rss_hf = types };

	rig_up(vf0, 1);
	rig_up_conf(vf1, QUEUES, &conf);
}

static void
spread_by_ports(void **state)
{
	static const struct rig_kind kinds[] = {
		{ .udp = false }, { .udp = true }, { .v6 = true }, { .v6 = true, .udp = true }
	};
	size_t i;

	(void)state;
	up(RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP);
	for (i = 0; i < RTE_DIM(kinds); i++)
		check_spread(&kinds[i], QUEUES);
}

static void
table_and_key_changed_while_running(void **state)
{
	const struct rig_kind tcp = { .v6 = false };
	struct rte_eth_rss_reta_entry64 reta[2] = { { .mask = UINT64_MAX },
						    { .mask = UINT64_MAX } };
	struct rte_eth_rss_conf conf = { .rss_key_len = 40, .rss_hf = RTE_ETH_RSS_TCP };
	uint8_t key[40];
	int i;

	(void)state;
	up(RTE_ETH_RSS_TCP);
	for (i = 0; i < 128; i++)
		reta[i / 64].reta[i % 64] = i % 2 == 0 ? 3 : 11;
	assert_int_equal(rte_eth_dev_rss_reta_update(vf1, reta, 128), 0);
	check_spread(&tcp, 2);
	for (i = 0; i < 40; i++)
		key[i] = 7 * i + 1;
	conf.rss_key = key;
	assert_int_equal(rte_eth_dev_rss_hash_update(vf1, &conf), 0);
	check_spread(&tcp, 2);
}

/* By addresses alone all flows of two hosts stay together. */
static void
types_not_asked_for(void **state)
{
	const struct rig_kind tcp = { .v6 = false };
	unsigned int used = 0;
	uint16_t i;

	(void)state;
	up(RTE_ETH_RSS_IPV4);
	for (i = 0; i < 20; i++)
		send_flow(&tcp, i);
	for (i = 0; i < QUEUES; i++)
		used += rig_recv(vf1, i) == 20;
	assert_int_equal(used, 1);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(spread_by_ports),
		T(table_and_key_changed_while_running),
		T(types_not_asked_for),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
