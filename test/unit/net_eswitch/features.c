/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* VLAN insert, strip and filter, frames of several segments, packet types: from VF to VF. */
#include "rig.h"

#include <string.h>

#include "switchdev.h"

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

static void
up(uint16_t port, uint64_t rx, uint64_t tx)
{
	const struct rte_eth_conf conf = { .rxmode.offloads = rx, .txmode.offloads = tx };

	rig_up_conf(port, 1, &conf);
}

static void
send1(uint16_t port, struct rte_mbuf *m)
{
	assert_int_equal(rte_eth_tx_burst(port, 0, &m, 1), 1);
}

static struct rte_mbuf *
recv1(uint16_t port)
{
	struct rte_mbuf *m = NULL;

	assert_int_equal(rte_eth_rx_burst(port, 0, &m, 1), 1);
	return m;
}

static void
trunk(uint16_t vf, uint16_t vid)
{
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_VLAN),
					  .value.vlan = { .mode = ESW_VLAN_TRUNK,
							  .tpid = ESW_TPID_CTAG } };

	esw_vlan_trunk_add(&patch.value.vlan, vid);
	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), vf, &patch, NULL), 0);
}

static struct rte_mbuf *
tagged(uint16_t tci)
{
	struct rte_ether_addr from = rig_mac(vf0), to = rig_mac(vf1);
	struct rte_mbuf *m = rig_frame(&from, &to);

	m->ol_flags |= RTE_MBUF_F_TX_VLAN;
	m->vlan_tci = tci;
	return m;
}

static void
vlan_insert_and_strip(void **state)
{
	const struct rte_ether_hdr *eth;
	struct rte_mbuf *m;

	(void)state;
	trunk(0, 10);
	trunk(1, 10);
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_VLAN_INSERT);
	up(vf1, RTE_ETH_RX_OFFLOAD_VLAN_STRIP, 0);
	send1(vf0, tagged(0x600a)); /* priority 3 */
	m = recv1(vf1);
	eth = rte_pktmbuf_mtod(m, const struct rte_ether_hdr *);
	assert_int_equal(eth->ether_type, RTE_BE16(0x88b5));
	assert_int_equal(m->pkt_len, RIG_LEN);
	assert_int_equal(m->vlan_tci, 0x600a);
	assert_int_equal(m->ol_flags & (RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED),
			 RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED);
	rte_pktmbuf_free(m);
	/* turned off while the port runs */
	assert_int_equal(rte_eth_dev_set_vlan_offload(vf1, 0), 0);
	send1(vf0, tagged(0x600a));
	m = recv1(vf1);
	eth = rte_pktmbuf_mtod(m, const struct rte_ether_hdr *);
	assert_int_equal(eth->ether_type, RTE_BE16(RTE_ETHER_TYPE_VLAN));
	assert_int_equal(m->pkt_len, RIG_LEN + 4);
	assert_int_equal(m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED, 0);
	rte_pktmbuf_free(m);
	/* what is inserted is judged: not a VLAN of this VF */
	send1(vf0, tagged(11));
	assert_int_equal(rig_xstat(vf0, "tx_vlan"), 1);
}

static void
vlan_filter(void **state)
{
	(void)state;
	trunk(0, 10);
	trunk(1, 10);
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_VLAN_INSERT);
	up(vf1, RTE_ETH_RX_OFFLOAD_VLAN_FILTER, 0);
	send1(vf0, tagged(10));
	assert_int_equal(rig_recv(vf1, 0), 0);
	assert_int_equal(rig_xstat(vf1, "rx_vlan"), 1);
	assert_int_equal(rte_eth_dev_vlan_filter(vf1, 10, 1), 0);
	send1(vf0, tagged(10));
	assert_int_equal(rig_recv(vf1, 0), 1);
	assert_int_equal(rte_eth_dev_vlan_filter(vf1, 10, 0), 0);
	send1(vf0, tagged(10));
	assert_int_equal(rig_recv(vf1, 0), 0);
}

/* A frame of three segments arrives as buffers of the receiver, be they large or small. */
static void
segments_both_ways(void **state)
{
	const struct rte_eth_conf scatter = { .rxmode.offloads = RTE_ETH_RX_OFFLOAD_SCATTER };
	struct rte_mempool *small = rte_pktmbuf_pool_create("small", 255, 0, 16,
							    RTE_PKTMBUF_HEADROOM + 512, 0);
	struct rte_ether_addr from = rig_mac(vf0), to = rig_mac(vf1);
	struct rte_mbuf *m = NULL, *part, *s;
	unsigned int i, n = 0;
	uint8_t *p;

	(void)state;
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_MULTI_SEGS);
	assert_non_null(small);
	assert_int_equal(rte_eth_dev_configure(vf1, 1, 1, &scatter), 0);
	assert_int_equal(rte_eth_rx_queue_setup(vf1, 0, 256, 0, NULL, small), 0);
	assert_int_equal(rte_eth_tx_queue_setup(vf1, 0, 256, 0, NULL), 0);
	assert_int_equal(rte_eth_dev_start(vf1), 0);
	for (i = 0; i < 3; i++) {
		part = i == 0 ? rig_frame(&from, &to) : rte_pktmbuf_alloc(rig_pool());
		assert_non_null(part);
		p = (uint8_t *)rte_pktmbuf_append(part, 400);
		memset(p, i + 1, 400);
		if (i == 0)
			m = part;
		else
			assert_int_equal(rte_pktmbuf_chain(m, part), 0);
	}
	send1(vf0, m);
	m = recv1(vf1);
	assert_int_equal(m->pkt_len, RIG_LEN + 1200);
	assert_int_equal(m->nb_segs, 3); /* 512, 512, 240 */
	for (s = m; s != NULL; n += s->data_len, s = s->next)
		assert_ptr_equal(s->pool, small);
	assert_int_equal(n, m->pkt_len);
	for (i = 0; i < 3; i++) {
		uint8_t buf[400];
		const uint8_t *got = rte_pktmbuf_read(m, RIG_LEN + i * 400, 400, buf);

		assert_non_null(got);
		assert_true(got[0] == i + 1 && got[399] == i + 1);
	}
	rte_pktmbuf_free(m);
	rig_del("net_eswitch_vf1");
	assert_int_equal(rte_mempool_in_use_count(small), 0);
	rte_mempool_free(small);
	assert_int_equal(rig_add("net_eswitch_vf1", "pf=net_eswitch_pf0,vf=1"), 0);
}

static void
ptypes_when_asked(void **state)
{
	const struct rig_kind udp6 = { .v6 = true, .udp = true };
	struct rte_ether_addr from = rig_mac(vf0), to = rig_mac(vf1);
	uint32_t set[16], list[16];
	struct rte_mbuf *m;

	(void)state;
	up(vf0, 0, 0);
	up(vf1, 0, 0);
	assert_true(rte_eth_dev_get_supported_ptypes(vf1, RTE_PTYPE_L4_MASK, list, RTE_DIM(list)) >=
		    2);
	assert_int_equal(rte_eth_dev_set_ptypes(vf1, RTE_PTYPE_L3_MASK | RTE_PTYPE_L4_MASK, set,
						RTE_DIM(set)),
			 0);
	send1(vf0, rig_ip_frame(&udp6, &from, &to, 10));
	m = recv1(vf1);
	assert_true(RTE_ETH_IS_IPV6_HDR(m->packet_type));
	assert_int_equal(m->packet_type & RTE_PTYPE_L4_MASK, RTE_PTYPE_L4_UDP);
	rte_pktmbuf_free(m);
	assert_int_equal(rte_eth_dev_set_ptypes(vf1, RTE_PTYPE_UNKNOWN, NULL, 0), 0);
	send1(vf0, rig_ip_frame(&udp6, &from, &to, 10));
	m = recv1(vf1);
	assert_int_equal(m->packet_type, 0);
	rte_pktmbuf_free(m);
}

static void
trust(uint16_t vf, bool on)
{
	const struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_TRUST),
						.value.trust = on };

	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), vf, &patch, NULL), 0);
}

/* What a trusted VF added is an address to send from and to be reached at, until removed. */
static void
more_addresses_carry_frames(void **state)
{
	struct rte_ether_addr a = rig_mac(vf0), b = rig_mac(vf1),
			      more = { { 2, 0, 0, 0, 0, 0x77 } };

	(void)state;
	up(vf0, 0, 0);
	up(vf1, 0, 0);
	rig_send(vf0, &a, &more);
	assert_int_equal(rig_recv(vf1, 0), 0);
	trust(1, true);
	assert_int_equal(rte_eth_dev_mac_addr_add(vf1, &more, 0), 0);
	rig_send(vf0, &a, &more);
	assert_int_equal(rig_recv(vf1, 0), 1);
	rig_send(vf1, &more, &a);
	assert_int_equal(rig_recv(vf0, 0), 1);
	assert_int_equal(rte_eth_dev_mac_addr_remove(vf1, &more), 0);
	rig_send(vf1, &more, &a);
	assert_int_equal(rig_xstat(vf1, "tx_spoof"), 1);
	rig_send(vf1, &b, &a);
	assert_int_equal(rig_recv(vf0, 0), 1);
}

static void
promiscuous_if_trusted(void **state)
{
	struct rte_ether_addr a = rig_mac(vf0), stranger = { { 2, 0, 0, 0, 0, 0x78 } };

	(void)state;
	up(vf0, 0, 0);
	up(vf1, 0, 0);
	assert_int_not_equal(rte_eth_promiscuous_enable(vf1), 0);
	assert_int_equal(rte_eth_promiscuous_get(vf1), 0);
	rig_send(vf0, &a, &stranger);
	assert_int_equal(rig_recv(vf1, 0), 0);
	trust(1, true);
	assert_int_equal(rte_eth_promiscuous_enable(vf1), 0);
	rig_send(vf0, &a, &stranger);
	assert_int_equal(rig_recv(vf1, 0), 1);
	trust(1, false); /* at once, whatever the application believes */
	rig_send(vf0, &a, &stranger);
	assert_int_equal(rig_recv(vf1, 0), 0);
}

static void
multicast_list_and_allmulti(void **state)
{
	struct rte_ether_addr a = rig_mac(vf0), group = { { 1, 0, 0x5e, 0, 0, 9 } };

	(void)state;
	up(vf0, 0, 0);
	up(vf1, 0, 0);
	rig_send(vf0, &a, &group);
	assert_int_equal(rig_recv(vf1, 0), 0);
	assert_int_equal(rig_xstat(vf1, "rx_filtered"), 1);
	assert_int_equal(rte_eth_dev_set_mc_addr_list(vf1, &group, 1), 0);
	rig_send(vf0, &a, &group);
	assert_int_equal(rig_recv(vf1, 0), 1);
	assert_int_equal(rte_eth_dev_set_mc_addr_list(vf1, NULL, 0), 0);
	trust(1, true);
	assert_int_equal(rte_eth_allmulticast_enable(vf1), 0);
	rig_send(vf0, &a, &group);
	assert_int_equal(rig_recv(vf1, 0), 1);
	assert_int_equal(rte_eth_allmulticast_disable(vf1), 0);
	rig_send(vf0, &a, &group);
	assert_int_equal(rig_recv(vf1, 0), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(vlan_insert_and_strip),       T(vlan_filter),
		T(segments_both_ways),          T(ptypes_when_asked),
		T(more_addresses_carry_frames), T(promiscuous_if_trusted),
		T(multicast_list_and_allmulti),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
