/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_UDP_H_
#define _BENCH_UDP_H_

/*
 * The headers of --udp: IPv4 and UDP between the Ethernet header and the label, so that switches
 * have a flow to look at. Each stream is a flow of its own: its five-tuple follows from its number.
 *
 * The IPv4 checksum is right, the UDP checksum is 0 (not computed, RFC 768).
 *
 * Thread-safety: pure functions on the caller's buffer.
 */

#include <stdint.h>

#include <rte_byteorder.h>
#include <rte_ip.h>
#include <rte_udp.h>

#include "frame.h"

#define BENCH_UDP_LEN ((uint32_t)(sizeof(struct rte_ipv4_hdr) + sizeof(struct rte_udp_hdr)))
/* Smallest pkt_len with a label. */
#define BENCH_UDP_MIN (MSR_FRAME_ETH_LEN + BENCH_UDP_LEN + MSR_LABEL_LEN)

#define BENCH_UDP_SRC RTE_IPV4(198, 18, 0, 0) /* RFC 2544 C.2.2: networks of benchmarks */
#define BENCH_UDP_DST RTE_IPV4(198, 19, 0, 0)
#define BENCH_UDP_PORT 49152U /* first source port (RFC 2544 C.2.2 has 7 as the destination) */
#define BENCH_UDP_SERVICE 7U

/* In network byte order. */
struct bench_udp_flow {
	rte_be32_t src;
	rte_be32_t dst;
	rte_be16_t sport;
	rte_be16_t dport;
};

/* The flow of stream @p number that port @p tx sends. */
static inline struct bench_udp_flow
bench_udp_flow(uint32_t number, uint16_t tx)
{
	return (struct bench_udp_flow){
		.src = rte_cpu_to_be_32(BENCH_UDP_SRC + tx + 1),
		.dst = rte_cpu_to_be_32(BENCH_UDP_DST + (number & 0xffff)),
		.sport = rte_cpu_to_be_16((uint16_t)(BENCH_UDP_PORT + (number >> 16))),
		.dport = rte_cpu_to_be_16(BENCH_UDP_SERVICE),
	};
}

/* Write both headers at @p at; @p len is the pkt_len without tags. Returns where the label goes. */
static inline uint8_t *
bench_udp_write(uint8_t *at, uint32_t len, const struct bench_udp_flow *flow)
{
	struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)at;
	struct rte_udp_hdr *udp = (struct rte_udp_hdr *)(ip + 1);
	const uint16_t total = (uint16_t)(len - MSR_FRAME_ETH_LEN);

	*ip = (struct rte_ipv4_hdr){
		.version_ihl = RTE_IPV4_VHL_DEF,
		.total_length = rte_cpu_to_be_16(total),
		.fragment_offset = RTE_BE16(RTE_IPV4_HDR_DF_FLAG),
		.time_to_live = 64,
		.next_proto_id = IPPROTO_UDP,
		.src_addr = flow->src,
		.dst_addr = flow->dst,
	};
	ip->hdr_checksum = rte_ipv4_cksum(ip);
	*udp = (struct rte_udp_hdr){
		.src_port = flow->sport,
		.dst_port = flow->dport,
		.dgram_len = rte_cpu_to_be_16((uint16_t)(total - sizeof(*ip))),
	};
	return (uint8_t *)(udp + 1);
}

#endif /* _BENCH_UDP_H_ */
