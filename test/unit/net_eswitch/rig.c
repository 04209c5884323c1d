/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include "rig.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_ip.h>
#include <rte_mempool.h>
#include <rte_tcp.h>
#include <rte_udp.h>

static struct rte_mempool *pool;

int
rig_eal(void **state)
{
	static char prefix[32]; /* a runtime folder of its own, as several tests run at once */
	char *argv[] = { (char[]){ "test" },
			 (char[]){ "--no-huge" },
			 (char[]){ "--no-pci" },
			 (char[]){ "--no-shconf" },
			 (char[]){ "--no-telemetry" },
			 (char[]){ "-m" },
			 (char[]){ "192" },
			 (char[]){ "--log-level=lib.eal:4" },
			 (char[]){ "-l" },
			 (char[]){ "0" },
			 prefix };

	(void)state;
	snprintf(prefix, sizeof(prefix), "--file-prefix=pmd%d", getpid());
	assert_true(rte_eal_init(RTE_DIM(argv), argv) >= 0);
	pool = rte_pktmbuf_pool_create("rig", 8191, 0, 0, 2048 + RTE_PKTMBUF_HEADROOM, 0);
	return pool == NULL ? -1 : 0;
}

int
rig_eal_done(void **state)
{
	(void)state;
	rmdir(rte_eal_get_runtime_dir()); /* empty: nothing is shared */
	return rte_eal_cleanup();
}

struct rte_mempool *
rig_pool(void)
{
	return pool;
}

unsigned int
rig_pool_used(void)
{
	return rte_mempool_in_use_count(pool);
}

int
rig_add(const char *name, const char *args)
{
	return rte_vdev_init(name, args);
}

void
rig_del(const char *name)
{
	assert_int_equal(rte_vdev_uninit(name), 0);
}

int
rig_attach(const char *devargs)
{
	return rte_dev_probe(devargs);
}

uint16_t
rig_find(const char *name)
{
	uint16_t port;

	return rte_eth_dev_get_port_by_name(name, &port) == 0 ? port : UINT16_MAX;
}

uint16_t
rig_port(const char *name)
{
	uint16_t port = rig_find(name);

	assert_int_not_equal(port, UINT16_MAX);
	return port;
}

void
rig_up_conf(uint16_t port, uint16_t n, const struct rte_eth_conf *conf)
{
	uint16_t i;

	assert_int_equal(rte_eth_dev_configure(port, n, n, conf), 0);
	for (i = 0; i < n; i++) {
		assert_int_equal(rte_eth_rx_queue_setup(port, i, 256, 0, NULL, pool), 0);
		assert_int_equal(rte_eth_tx_queue_setup(port, i, 256, 0, NULL), 0);
	}
	assert_int_equal(rte_eth_dev_start(port), 0);
}

void
rig_up(uint16_t port, uint16_t n)
{
	const struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };

	rig_up_conf(port, n, &conf);
}

struct rte_mbuf *
rig_frame(const struct rte_ether_addr *src, const struct rte_ether_addr *dst)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	struct rte_ether_hdr *eth;

	assert_non_null(m);
	eth = (struct rte_ether_hdr *)rte_pktmbuf_append(m, RIG_LEN);
	memset(eth, 0, RIG_LEN);
	eth->src_addr = *src;
	eth->dst_addr = *dst;
	eth->ether_type = rte_cpu_to_be_16(0x88b5); /* IEEE local experimental */
	return m;
}

uint32_t
rig_l3_len(const struct rig_kind *k)
{
	return k->v6 ? sizeof(struct rte_ipv6_hdr) : sizeof(struct rte_ipv4_hdr);
}

uint32_t
rig_l4_len(const struct rig_kind *k)
{
	return k->udp ? sizeof(struct rte_udp_hdr) : sizeof(struct rte_tcp_hdr);
}

static void
put_ip(uint8_t *p, const struct rig_kind *k, uint32_t payload)
{
	uint8_t proto = k->udp ? IPPROTO_UDP : IPPROTO_TCP;

	if (k->v6) {
		*(struct rte_ipv6_hdr *)p = (struct rte_ipv6_hdr){
			.vtc_flow = rte_cpu_to_be_32(6u << 28),
			.payload_len = rte_cpu_to_be_16(rig_l4_len(k) + payload),
			.proto = proto,
			.hop_limits = 64,
			.src_addr = { 0xfd, [15] = 1 },
			.dst_addr = { 0xfd, [15] = 2 },
		};
		return;
	}
	*(struct rte_ipv4_hdr *)p = (struct rte_ipv4_hdr){
		.version_ihl = RTE_IPV4_VHL_DEF,
		.total_length = rte_cpu_to_be_16(rig_l3_len(k) + rig_l4_len(k) + payload),
		.packet_id = rte_cpu_to_be_16(7),
		.time_to_live = 64,
		.next_proto_id = proto,
		.src_addr = RTE_BE32(RTE_IPV4(10, 0, 0, 1)),
		.dst_addr = RTE_BE32(RTE_IPV4(10, 0, 0, 2)),
		.hdr_checksum = 0xdead,
	};
}

struct rte_mbuf *
rig_ip_frame(const struct rig_kind *k, const struct rte_ether_addr *from,
	     const struct rte_ether_addr *to, uint32_t payload)
{
	uint32_t len = RTE_ETHER_HDR_LEN + rig_l3_len(k) + rig_l4_len(k) + payload;
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	uint8_t *p;
	uint32_t i;

	assert_non_null(m);
	p = (uint8_t *)rte_pktmbuf_append(m, len);
	assert_non_null(p);
	for (i = 0; i < len; i++)
		p[i] = i;
	*(struct rte_ether_hdr *)p = (struct rte_ether_hdr){
		.dst_addr = *to,
		.src_addr = *from,
		.ether_type = rte_cpu_to_be_16(k->v6 ? RTE_ETHER_TYPE_IPV6 : RTE_ETHER_TYPE_IPV4),
	};
	m->l2_len = RTE_ETHER_HDR_LEN;
	m->l3_len = rig_l3_len(k);
	m->l4_len = rig_l4_len(k);
	m->ol_flags = k->v6 ? RTE_MBUF_F_TX_IPV6 : RTE_MBUF_F_TX_IPV4;
	p += RTE_ETHER_HDR_LEN;
	put_ip(p, k, payload);
	p += rig_l3_len(k);
	if (k->udp)
		*(struct rte_udp_hdr *)p = (struct rte_udp_hdr){ .dgram_len = rte_cpu_to_be_16(
									 rig_l4_len(k) + payload),
								 .dgram_cksum = 0xdead };
	else
		*(struct rte_tcp_hdr *)p = (struct rte_tcp_hdr){ .sent_seq = RTE_BE32(1000),
								 .data_off = 0x50,
								 .tcp_flags = RTE_TCP_ACK_FLAG |
									      RTE_TCP_FIN_FLAG,
								 .cksum = 0xdead };
	return m;
}

void
rig_send(uint16_t port, const struct rte_ether_addr *src, const struct rte_ether_addr *dst)
{
	struct rte_mbuf *m = rig_frame(src, dst);

	assert_int_equal(rte_eth_tx_burst(port, 0, &m, 1), 1);
}

unsigned int
rig_recv(uint16_t port, uint16_t q)
{
	struct rte_mbuf *m[32];
	uint16_t n = rte_eth_rx_burst(port, q, m, RTE_DIM(m));
	uint16_t i;

	for (i = 0; i < n; i++) {
		assert_ptr_equal(m[i]->pool, pool);
		assert_int_equal(m[i]->port, port);
	}
	rte_pktmbuf_free_bulk(m, n);
	return n;
}

struct rte_ether_addr
rig_mac(uint16_t port)
{
	struct rte_ether_addr mac;

	assert_int_equal(rte_eth_macaddr_get(port, &mac), 0);
	return mac;
}

uint64_t
rig_xstat(uint16_t port, const char *name)
{
	uint64_t id, value;

	assert_int_equal(rte_eth_xstats_get_id_by_name(port, name, &id), 0);
	assert_int_equal(rte_eth_xstats_get_by_id(port, &id, &value, 1), 1);
	return value;
}

void
rig_tick(void)
{
	usleep(250000);
}
