/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Octets put in front of a frame, and taken off. */
#include <netinet/in.h>

#include "flow_cksum.h"
#include "flow_front.h"

#define ENTROPY_PORT 49152 /* RFC 7348 5: from the dynamic range */
#define ENTROPY_PORTS 16384

/*
 * UDP source port for what is inside: the same for all frames of a flow, its fragments too, whose
 * ports only the first one tells. What is not IP is told apart by Ethernet addresses and type.
 */
static uint16_t
entropy_port(const struct esw_flow_front *f)
{
	struct esw_flow_heads h = { 0 };
	const struct esw_flow_hdr *o = &h.k.h[0];
	uint64_t hash = 0, last = 0;
	bool ip;

	if (f->n >= RTE_ETHER_HDR_LEN)
		esw_front_heads(f, ESW_FLOW_L4, &h);
	ip = o->l3 == ESW_FLOW_L3_IPV4 || o->l3 == ESW_FLOW_L3_IPV6;
	if (ip)
		last = (uint64_t)o->proto << 32;
	if (o->l4 == IPPROTO_TCP || o->l4 == IPPROTO_UDP || o->l4 == IPPROTO_SCTP)
		if ((o->bits & ESW_FLOW_FRAG) == 0)
			last |= (uint32_t)o->sport << 16 | o->dport;
	/* Words 3 to 6 are the addresses of IP, words 0 and 1 those of Ethernet. */
	for (uint32_t i = ip ? 3 : 0; i < (ip ? 7 : 2); i++) {
		hash = (hash ^ h.k.w[i]) * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
		hash ^= hash >> 32;
	}
	hash = (hash ^ last) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint16_t)(ENTROPY_PORT + (hash >> 32) % ENTROPY_PORTS);
}

/* Lengths of the first IP and UDP header, and IPv4's checksum: octets that rules give know none. */
static void
fix_lengths(struct esw_flow_front *f, const struct esw_flow_heads *h)
{
	uint8_t *ip;
	uint32_t sum = 0;

	if (h->at.l3 == UINT16_MAX)
		return;
	ip = f->p + h->at.l3;
	if (h->k.h[0].l3 == ESW_FLOW_L3_IPV4) {
		esw_put16(ip + AT_IP4_LEN, (uint16_t)(f->len - h->at.l3));
		esw_put16(ip + AT_IP4_CKSUM, 0);
		for (uint32_t i = 0; i < (ip[0] & 0xfU) * 4; i += sizeof(uint16_t))
			sum += esw_get16(ip + i);
		esw_put16(ip + AT_IP4_CKSUM, (uint16_t)~esw_cksum_fold(sum));
	} else if (h->k.h[0].l3 == ESW_FLOW_L3_IPV6) {
		esw_put16(ip + AT_IP6_LEN, (uint16_t)(f->len - h->at.l3 - IP6_HDR));
	}
	if (h->k.h[0].l4 == IPPROTO_UDP)
		esw_put16(f->p + h->at.l4 + AT_UDP_LEN, (uint16_t)(f->len - h->at.l4));
}

int
esw_flow_encap(struct esw_flow_front *f, const struct esw_flow_act *a)
{
	uint16_t sport = a->encap.entropy ? entropy_port(f) : 0;
	struct esw_flow_heads h;
	int rc = esw_front_grow(f, a->encap.len);

	if (rc != 0)
		return rc;
	memcpy(f->p, a->encap.bytes, a->encap.len);
	if ((!a->encap.entropy && !a->encap.fix) || a->encap.len < RTE_ETHER_HDR_LEN)
		return 0;
	esw_flow_key_read(f->p, a->encap.len, ESW_FLOW_L4, &h.k, &h.at);
	if (a->encap.entropy && h.k.h[0].l4 == IPPROTO_UDP)
		esw_put16(f->p + h.at.l4 + AT_L4_SPORT, sport);
	if (a->encap.fix)
		fix_lengths(f, &h);
	return 0;
}

int
esw_flow_decap(struct esw_flow_front *f, uint16_t len)
{
	struct esw_flow_heads h;

	if (len != 0)
		return esw_front_shrink(f, len);
	if (f->n < RTE_ETHER_HDR_LEN)
		return 0;
	esw_front_heads(f, ESW_FLOW_INNER, &h);
	return h.at.inner != UINT16_MAX ? esw_front_shrink(f, h.at.inner) : 0;
}
