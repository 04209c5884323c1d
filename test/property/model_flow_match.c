/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What is matched: doc/semantics.md section 7. Each header is an "if there is that much of it".
 */
#include <string.h>

#include "model_flow.h"

#define LOOK 256
#define PORT_VXLAN 4789
#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_FRAGMENT 44
#define PROTO_ICMPV6 58
#define PROTO_SCTP 132

static unsigned int
be16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

static bool
is_tpid(const uint8_t *p)
{
	return be16(p) == 0x8100 || be16(p) == 0x88a8;
}

/* Addresses and tags. @return where the last EtherType lies */
static int
read_l2(const struct model *m, const uint8_t *b, int n, int at, struct esw_flow_hdr *h)
{
	int p = at + 12;

	memcpy(h->dst, b + at, 6);
	memcpy(h->src, b + at + 6, 6);
	memcpy(&h->type, b + p, 2);
	if (!is_tpid(b + p) || n < p + 6)
		return p;
	h->bits |= ESW_FLOW_VLAN;
	memcpy(&h->tci, b + p + 2, 2);
	memcpy(&h->type1, b + p + 4, 2);
	p += 4;
	if (!is_tpid(b + p) || n < p + 6)
		return p;
	h->bits |= ESW_FLOW_VLAN2;
	memcpy(&h->tci1, b + p + 2, 2);
	memcpy(&h->type2, b + p + 4, 2);
	p += 4;
	if (m->broken == MODEL_BREAK_FLOW_TAG3 && is_tpid(b + p) && n >= p + 6)
		p += 4;
	return p;
}

/* @return where L4 would lie, and its protocol in *proto; -1 = nowhere */
static int
read_ipv4(const struct model *m, const uint8_t *b, int n, int p, struct esw_flow_hdr *h, int *proto)
{
	unsigned int frag;
	int len;

	if (n < p + 20 || (b[p] / 16 != 4 && m->broken != MODEL_BREAK_FLOW_VERSION))
		return -1;
	len = b[p] % 16 * 4;
	if (len < 20 || n < p + len)
		return -1;
	h->l3 = ESW_FLOW_L3_IPV4;
	h->ver_ihl = b[p];
	h->tos = b[p + 1];
	memcpy(&h->ip_len, b + p + 2, 2);
	memcpy(&h->ip_id, b + p + 4, 2);
	memcpy(&h->frag, b + p + 6, 2);
	h->ttl = b[p + 8];
	h->proto = b[p + 9];
	memcpy(&h->src4, b + p + 12, 4);
	memcpy(&h->dst4, b + p + 16, 4);
	frag = be16(b + p + 6);
	if (frag % (m->broken == MODEL_BREAK_FLOW_FIRST_FRAG ? 0x2000 : 0x4000) != 0) /* MF, too */
		h->bits |= ESW_FLOW_FRAG;
	if (frag % 0x2000 != 0)
		h->bits |= ESW_FLOW_FRAG_LATER;
	*proto = h->proto;
	return p + (m->broken == MODEL_BREAK_FLOW_OPTIONS ? 20 : len);
}

static int
read_ipv6(const struct model *m, const uint8_t *b, int n, int p, struct esw_flow_hdr *h, int *proto)
{
	if (n < p + 40 || b[p] / 16 != 6)
		return -1;
	h->l3 = ESW_FLOW_L3_IPV6;
	memcpy(&h->vtc_flow, b + p, 4);
	h->proto = b[p + 6];
	h->ttl = b[p + 7];
	memcpy(h->src6, b + p + 8, 16);
	memcpy(h->dst6, b + p + 24, 16);
	*proto = h->proto;
	p += 40;
	if (h->proto != PROTO_FRAGMENT || n < p + 8 || m->broken == MODEL_BREAK_FLOW_EXT)
		return p;
	h->bits |= ESW_FLOW_FRAG | ESW_FLOW_FRAG_EXT;
	h->frag_next = b[p];
	memcpy(&h->frag, b + p + 2, 2);
	if (be16(b + p + 2) / 8 != 0)
		h->bits |= ESW_FLOW_FRAG_LATER;
	*proto = b[p];
	return p + 8;
}

static void
read_arp(const struct model *m, const uint8_t *b, int n, int p, struct esw_flow_hdr *h)
{
	static const uint8_t start[] = { 0, 1, 8, 0, 6, 4 }; /* Ethernet, IPv4, their lengths */

	int skip = m->broken == MODEL_BREAK_FLOW_ARP ? 2 : 0;

	if (n < p + 28 || memcmp(b + p + skip, start + skip, sizeof(start) - skip) != 0)
		return;
	h->l3 = ESW_FLOW_L3_ARP;
	memcpy(&h->arp_op, b + p + 6, 2);
	memcpy(h->sha, b + p + 8, 6);
	memcpy(&h->spa, b + p + 14, 4);
	memcpy(h->tha, b + p + 18, 6);
	memcpy(&h->tpa, b + p + 24, 4);
}

static bool
read_l4(const uint8_t *b, int n, int p, int proto, struct esw_flow_hdr *h)
{
	int len = 8;

	if (proto == PROTO_TCP)
		len = 20;
	else if (proto == PROTO_SCTP)
		len = 12;
	else if (proto != PROTO_UDP && proto != PROTO_ICMP && proto != PROTO_ICMPV6)
		return false;
	if (n < p + len)
		return false;
	h->l4 = proto;
	memcpy(&h->sport, b + p, 2);
	if (proto == PROTO_ICMP || proto == PROTO_ICMPV6) {
		memcpy(&h->dport, b + p + 4, 2);
		memcpy(&h->icmp_seq, b + p + 6, 2);
		return true;
	}
	memcpy(&h->dport, b + p + 2, 2);
	if (proto == PROTO_TCP) {
		h->tcp_off = b[p + 12];
		h->tcp_flags = b[p + 13];
	}
	return true;
}

/* The headers of the frame that begins at octet `at`. */
static void
read_frame(const struct model *m, const uint8_t *b, int n, int at, struct esw_flow_hdr *h, int *l3,
	   int *l4)
{
	int p = read_l2(m, b, n, at, h), proto = -1;
	unsigned int type = be16(b + p);
	bool later;

	*l3 = p + 2;
	*l4 = -1;
	if (type == 0x0800)
		*l4 = read_ipv4(m, b, n, p + 2, h, &proto);
	else if (type == 0x86dd)
		*l4 = read_ipv6(m, b, n, p + 2, h, &proto);
	else if (type == 0x0806)
		read_arp(m, b, n, p + 2, h);
	if (h->l3 == 0)
		*l3 = -1;
	later = (h->bits & ESW_FLOW_FRAG_LATER) != 0 && m->broken != MODEL_BREAK_FLOW_LATER;
	if (*l4 < 0 || later || !read_l4(b, n, *l4, proto, h))
		*l4 = -1;
}

void
model_heads_read(const struct model *m, const uint8_t *b, uint32_t len, struct model_heads *h)
{
	struct esw_flow_hdr *outer = &h->key.h[0];
	int n = len < LOOK ? (int)len : LOOK, l3, l4, p;
	unsigned int port;

	memset(h, 0, sizeof(*h));
	h->inner = -1;
	read_frame(m, b, n, 0, outer, &h->l3, &h->l4);
	if (outer->l4 != PROTO_UDP || n < h->l4 + 8 + 8 + 14)
		return;
	port = be16(b + h->l4 + 2);
	if (port != PORT_VXLAN && (m->broken != MODEL_BREAK_FLOW_VXLAN || port != PORT_VXLAN + 1))
		return;
	p = h->l4 + 8;
	outer->bits |= ESW_FLOW_VXLAN;
	outer->vx_flags = b[p];
	memcpy(outer->vni, b + p + 4, 3);
	h->inner = p + 8;
	read_frame(m, b, n, h->inner, &h->key.h[1], &l3, &l4);
}

static bool
in_range(const struct model *m, const struct esw_flow_range *r, const struct model_heads *h)
{
	const uint8_t *field = (const uint8_t *)&h->key + r->off;
	uint8_t v[16] = { 0 };
	unsigned int i;

	for (i = 0; i < r->len; i++)
		v[i] = field[i] & r->mask[i];
	if (memcmp(v, r->lo, r->len) < 0 || memcmp(v, r->hi, r->len) > 0)
		return false;
	return m->broken != MODEL_BREAK_FLOW_RANGE || memcmp(v, r->hi, r->len) != 0;
}

bool
model_flow_matches(const struct model *m, const struct esw_flow_match *match,
		   const struct model_heads *h)
{
	unsigned int i;

	for (i = 0; i < ESW_FLOW_WORDS; i++) {
		if ((h->key.w[i] & match->mask.w[i]) != match->key.w[i])
			return false;
	}
	for (i = 0; i < match->n_ranges; i++) {
		if (!in_range(m, &match->range[i], h))
			return false;
	}
	return true;
}
