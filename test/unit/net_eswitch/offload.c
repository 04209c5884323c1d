/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Checksums, TSO and LRO through the ethdev API, between VFs and to a port behind the wire. */
#include "rig.h"

#include <errno.h>
#include <string.h>

#include <ethdev_driver.h>
#include <rte_bus_vdev.h>
#include <rte_eth_ring.h>
#include <rte_ip.h>
#include <rte_ring.h>
#include <rte_tcp.h>
#include <rte_udp.h>

#include "switchdev.h"

#define SEGSZ 500
#define PAYLOAD 1300 /* three segments: 500, 500, 300 */

static uint16_t pf, vf0, vf1;
static struct rte_ring *cable;

static int
setup(void **state)
{
	(void)state;
	cable = rte_ring_create("cable", 256, 0, RING_F_SP_ENQ | RING_F_SC_DEQ);
	assert_non_null(cable);
	assert_true(rte_eth_from_rings("offload", &cable, 1, &cable, 1, 0) >= 0);
	assert_int_equal(rig_add(RIG_PF, "vfs=2,mode=veb,uplink=net_ring_offload"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0"), 0);
	assert_int_equal(rig_add("net_eswitch_vf1", "pf=net_eswitch_pf0,vf=1"), 0);
	pf = rig_port(RIG_PF);
	vf0 = rig_port("net_eswitch_vf0");
	vf1 = rig_port("net_eswitch_vf1");
	rig_up(pf, 1); /* without that the wire has no link, nor have the VFs */
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_del("net_eswitch_vf0");
	rig_del("net_eswitch_vf1");
	rig_del(RIG_PF);
	rig_del("net_ring_offload");
	rte_ring_free(cable);
	assert_int_equal(rig_pool_used(), 0);
	return 0;
}

static void
up(uint16_t port, uint64_t rx, uint64_t tx)
{
	const struct rte_eth_conf conf = { .rxmode.offloads = rx, .txmode.offloads = tx };

	rig_up_conf(port, 1, &conf);
}

/* A TCP or UDP frame from VF 0. */
static struct rte_mbuf *
frame(const struct rig_kind *k, const struct rte_ether_addr *to, uint32_t payload)
{
	struct rte_ether_addr from = rig_mac(vf0);

	return rig_ip_frame(k, &from, to, payload);
}

/* Are the checksums of a received frame right? DPDK's own functions say so. */
static void
assert_cksums(struct rte_mbuf *m, const struct rig_kind *k)
{
	void *ip, *l4;

	assert_int_equal(rte_pktmbuf_linearize(m), 0);
	ip = rte_pktmbuf_mtod_offset(m, void *, RTE_ETHER_HDR_LEN);
	l4 = RTE_PTR_ADD(ip, rig_l3_len(k));
	if (k->v6) {
		assert_int_equal(rte_ipv6_udptcp_cksum_verify(ip, l4), 0);
		return;
	}
	assert_int_equal(rte_raw_cksum(ip, rig_l3_len(k)), 0xffff);
	assert_int_equal(rte_ipv4_udptcp_cksum_verify(ip, l4), 0);
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
request(struct rte_mbuf *m, const struct rig_kind *k)
{
	m->ol_flags |= (k->v6 ? 0 : RTE_MBUF_F_TX_IP_CKSUM) |
		       (k->udp ? RTE_MBUF_F_TX_UDP_CKSUM : RTE_MBUF_F_TX_TCP_CKSUM);
}

static const struct rig_kind kinds[] = { { .v6 = false, .udp = false },
					 { .v6 = false, .udp = true },
					 { .v6 = true, .udp = false },
					 { .v6 = true, .udp = true } };

static void
checksums_between_vfs(void **state)
{
	const uint64_t l4 = RTE_MBUF_F_RX_L4_CKSUM_MASK, l3 = RTE_MBUF_F_RX_IP_CKSUM_MASK;
	struct rte_ether_addr to = rig_mac(vf1);
	struct rte_mbuf *m;
	size_t i;

	(void)state;
	up(vf0, 0,
	   RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM |
		   RTE_ETH_TX_OFFLOAD_UDP_CKSUM);
	up(vf1, RTE_ETH_RX_OFFLOAD_CHECKSUM, 0);
	for (i = 0; i < RTE_DIM(kinds); i++) {
		m = frame(&kinds[i], &to, 101);
		request(m, &kinds[i]);
		send1(vf0, m);
		m = recv1(vf1);
		assert_cksums(m, &kinds[i]);
		assert_int_equal(m->ol_flags & l4, RTE_MBUF_F_RX_L4_CKSUM_GOOD);
		if (!kinds[i].v6)
			assert_int_equal(m->ol_flags & l3, RTE_MBUF_F_RX_IP_CKSUM_GOOD);
		rte_pktmbuf_free(m);
		/* Nothing asked for: nothing touched, and nothing said about it. */
		send1(vf0, frame(&kinds[i], &to, 101));
		m = recv1(vf1);
		assert_int_equal(m->ol_flags & (l4 | l3), 0);
		rte_pktmbuf_free(m);
	}
}

static void
checksums_without_rx_offload(void **state)
{
	struct rte_ether_addr to = rig_mac(vf1);
	struct rte_mbuf *m = frame(&kinds[0], &to, 10);

	(void)state;
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_TCP_CKSUM | RTE_ETH_TX_OFFLOAD_IPV4_CKSUM);
	up(vf1, 0, 0);
	request(m, &kinds[0]);
	send1(vf0, m);
	m = recv1(vf1);
	assert_cksums(m, &kinds[0]);
	assert_int_equal(m->ol_flags & (RTE_MBUF_F_RX_L4_CKSUM_MASK | RTE_MBUF_F_RX_IP_CKSUM_MASK),
			 0);
	rte_pktmbuf_free(m);
}

/* net_ring computes nothing: the frame must leave finished. */
static void
checksums_to_the_wire(void **state)
{
	struct rte_ether_addr to = { { 0x02, 0, 0, 0, 0, 0x55 } };
	struct rte_mbuf *m;
	size_t i;

	(void)state;
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_TCP_CKSUM | RTE_ETH_TX_OFFLOAD_IPV4_CKSUM);
	for (i = 0; i < RTE_DIM(kinds); i++) {
		m = frame(&kinds[i], &to, 33);
		request(m, &kinds[i]);
		send1(vf0, m);
		assert_int_equal(rig_recv(pf, 0), 0); /* serves the port behind */
		assert_int_equal(rte_ring_dequeue(cable, (void **)&m), 0);
		assert_cksums(m, &kinds[i]);
		rte_pktmbuf_free(m);
	}
}

static struct rte_mbuf *
tso_frame(const struct rig_kind *k, const struct rte_ether_addr *to)
{
	struct rte_mbuf *m = frame(k, to, PAYLOAD);

	m->ol_flags |= RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_TCP_CKSUM |
		       (k->v6 ? 0 : RTE_MBUF_F_TX_IP_CKSUM);
	m->tso_segsz = SEGSZ;
	return m;
}

static void
tso_is_whole_for_lro(void **state)
{
	struct rte_ether_addr to = rig_mac(vf1);
	struct rte_mbuf *m;

	(void)state;
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_TCP_TSO);
	up(vf1, RTE_ETH_RX_OFFLOAD_TCP_LRO | RTE_ETH_RX_OFFLOAD_CHECKSUM, 0);
	send1(vf0, tso_frame(&kinds[0], &to));
	m = recv1(vf1);
	assert_int_equal(m->pkt_len, RTE_ETHER_HDR_LEN + 40 + PAYLOAD);
	assert_cksums(m, &kinds[0]);
	assert_true((m->ol_flags & RTE_MBUF_F_RX_LRO) != 0);
	assert_int_equal(m->tso_segsz, SEGSZ);
	rte_pktmbuf_free(m);
	assert_int_equal(rig_xstat(vf1, "rx_delivered"), 1);
}

/* Segment i of three, as RFC 9293 wants them: sequence, FIN on the last alone. */
static void
assert_segment(struct rte_mbuf *m, const struct rig_kind *k, unsigned int i)
{
	static const uint32_t payload[] = { 500, 500, 300 };
	uint32_t head = RTE_ETHER_HDR_LEN + rig_l3_len(k) + rig_l4_len(k);
	const struct rte_tcp_hdr *tcp;

	assert_int_equal(m->pkt_len, head + payload[i]);
	assert_cksums(m, k);
	tcp = rte_pktmbuf_mtod_offset(m, struct rte_tcp_hdr *, RTE_ETHER_HDR_LEN + rig_l3_len(k));
	assert_int_equal(rte_be_to_cpu_32(tcp->sent_seq), 1000 + i * SEGSZ);
	assert_int_equal((tcp->tcp_flags & RTE_TCP_FIN_FLAG) != 0, i == 2);
	/* the first octet of the payload tells where it was cut */
	assert_int_equal(*rte_pktmbuf_mtod_offset(m, uint8_t *, head), (uint8_t)(head + i * SEGSZ));
}

static void
tso_is_cut_for_others(void **state)
{
	struct rte_ether_addr to = rig_mac(vf1), out = { { 0x02, 0, 0, 0, 0, 0x55 } };
	struct rte_mbuf *m;
	unsigned int i, v6;

	(void)state;
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_TCP_TSO);
	up(vf1, 0, 0);
	for (v6 = 0; v6 < 2; v6++) {
		const struct rig_kind k = { .v6 = v6 != 0 };

		send1(vf0, tso_frame(&k, &to));
		for (i = 0; i < 3; i++) {
			m = recv1(vf1);
			assert_segment(m, &k, i);
			rte_pktmbuf_free(m);
		}
		send1(vf0, tso_frame(&k, &out));
		assert_int_equal(rig_recv(pf, 0), 0);
		for (i = 0; i < 3; i++) {
			assert_int_equal(rte_ring_dequeue(cable, (void **)&m), 0);
			assert_segment(m, &k, i);
			rte_pktmbuf_free(m);
		}
	}
	/* one frame sent, three delivered */
	assert_int_equal(rig_xstat(vf0, "tx_forwarded"), 4);
	assert_int_equal(rig_xstat(vf1, "rx_delivered"), 6);
}

static void
requests_that_make_no_sense(void **state)
{
	struct rte_ether_addr to = rig_mac(vf1);
	struct rte_mbuf *m;

	(void)state;
	up(vf0, 0, RTE_ETH_TX_OFFLOAD_TCP_TSO);
	up(vf1, 0, 0);
	m = tso_frame(&kinds[0], &to);
	m->tso_segsz = 0;
	send1(vf0, m);
	m = tso_frame(&kinds[0], &to);
	m->l4_len = 4;
	send1(vf0, m);
	m = frame(&kinds[0], &to, 10);
	request(m, &kinds[0]);
	m->l3_len = 511; /* past the end */
	send1(vf0, m);
	m = frame(&kinds[0], &to, 10);
	m->ol_flags |= RTE_MBUF_F_TX_OUTER_IP_CKSUM; /* not offered */
	send1(vf0, m);
	assert_int_equal(rig_xstat(vf0, "tx_offload"), 4);
	assert_int_equal(rig_recv(vf1, 0), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(checksums_between_vfs), T(checksums_without_rx_offload),
		T(checksums_to_the_wire), T(tso_is_whole_for_lro),
		T(tso_is_cut_for_others), T(requests_that_make_no_sense),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
