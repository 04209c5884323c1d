/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <rte_ether.h>

#include "flow_cksum.h"
#include "flow_front.h"
#include "frame.h"

#define ADDRS_LEN (2 * RTE_ETHER_ADDR_LEN)
#define TCI_VID 0x0fff /* IEEE 802.1Q-2018 9.6 */
#define TCI_PCP_SHIFT 13

uint8_t *
esw_flow_front_more(struct esw_flow_front *f, uint16_t *more)
{
	uint16_t want = (uint16_t)RTE_MIN(f->len, (uint32_t)ESW_FLOW_LOOK);
	uint8_t *p;

	*more = f->n < want ? want - f->n : 0;
	if (f->p + f->n + *more > f->buf + sizeof(f->buf)) {
		p = f->buf + ESW_FLOW_FRONT_HEAD;
		memmove(p, f->p, f->n);
		f->p = p;
	}
	return f->p + f->n;
}

static bool
is_tagged(const struct esw_flow_front *f)
{
	return f->n >= RTE_ETHER_HDR_LEN + ESW_TAG_LEN && esw_is_tpid(esw_get16(f->p + ADDRS_LEN));
}

static int
push_vlan(struct esw_flow_front *f, uint16_t tpid)
{
	uint16_t tci = is_tagged(f) ? esw_get16(f->p + RTE_ETHER_HDR_LEN) : 0;
	int rc = esw_front_grow(f, ESW_TAG_LEN);

	if (rc != 0)
		return rc;
	memmove(f->p, f->p + ESW_TAG_LEN, ADDRS_LEN);
	esw_put16(f->p + ADDRS_LEN, tpid);
	esw_put16(f->p + RTE_ETHER_HDR_LEN, tci);
	return 0;
}

static int
pop_vlan(struct esw_flow_front *f)
{
	if (!is_tagged(f))
		return 0;
	memmove(f->p + ESW_TAG_LEN, f->p, ADDRS_LEN);
	return esw_front_shrink(f, ESW_TAG_LEN);
}

/* The outer tag's TCI: `keep` of it stays. */
static void
set_tci(struct esw_flow_front *f, uint16_t keep, uint16_t bits)
{
	uint8_t *tci = f->p + RTE_ETHER_HDR_LEN;

	if (is_tagged(f))
		esw_put16(tci, (esw_get16(tci) & keep) | (bits & ~keep));
}

static void
swap_macs(struct esw_flow_front *f)
{
	uint8_t dst[RTE_ETHER_ADDR_LEN];

	memcpy(dst, f->p, RTE_ETHER_ADDR_LEN);
	memmove(f->p, f->p + RTE_ETHER_ADDR_LEN, RTE_ETHER_ADDR_LEN);
	memcpy(f->p + RTE_ETHER_ADDR_LEN, dst, RTE_ETHER_ADDR_LEN);
}

/* The L4 checksum, if there is one: addresses or ports of TCP and UDP have changed. */
static void
fix_l4(struct esw_flow_front *f, const struct esw_flow_heads *h, uint32_t diff)
{
	uint8_t *l4;

	if (h->k.h[0].l4 == 0)
		return;
	l4 = f->p + h->at.l4;
	switch (h->k.h[0].l4) {
	case IPPROTO_TCP:
		esw_cksum_apply(l4 + AT_TCP_CKSUM, diff, false);
		break;
	case IPPROTO_UDP:
		esw_cksum_apply(l4 + AT_UDP_CKSUM, diff, true);
		break;
	case IPPROTO_ICMPV6:
		/* RFC 4443 2.3: the pseudo-header of IPv6, and there is none of IPv4. */
		if (h->k.h[0].l3 == ESW_FLOW_L3_IPV6)
			esw_cksum_apply(l4 + AT_ICMP6_CKSUM, diff, false);
		break;
	default:
		break;
	}
}

static void
set_ip4(struct esw_flow_front *f, uint32_t off, uint32_t addr)
{
	struct esw_flow_heads h;
	uint8_t now[sizeof(addr)], *ip;
	uint32_t diff;

	esw_front_heads(f, ESW_FLOW_L4, &h);
	if (h.k.h[0].l3 != ESW_FLOW_L3_IPV4)
		return;
	ip = f->p + h.at.l3;
	memcpy(now, &addr, sizeof(now));
	diff = esw_cksum_diff(ip + off, now, sizeof(now));
	memcpy(ip + off, now, sizeof(now));
	esw_cksum_apply(ip + AT_IP4_CKSUM, diff, false);
	fix_l4(f, &h, diff);
}

static void
set_ip6(struct esw_flow_front *f, uint32_t off, const uint8_t *addr)
{
	struct esw_flow_heads h;
	uint32_t diff;
	uint8_t *ip;

	esw_front_heads(f, ESW_FLOW_L4, &h);
	if (h.k.h[0].l3 != ESW_FLOW_L3_IPV6)
		return;
	ip = f->p + h.at.l3;
	diff = esw_cksum_diff(ip + off, addr, 16);
	memcpy(ip + off, addr, 16);
	fix_l4(f, &h, diff);
}

/* One octet of an IPv4 header. */
static void
set_ip4_octet(uint8_t *ip, uint32_t off, uint8_t v)
{
	uint32_t word = off & ~1U;
	uint8_t now[2];
	uint32_t diff;

	memcpy(now, ip + word, sizeof(now));
	now[off - word] = v;
	diff = esw_cksum_diff(ip + word, now, sizeof(now));
	ip[off] = v;
	esw_cksum_apply(ip + AT_IP4_CKSUM, diff, false);
}

/* @return -EDOM: one less than what is there, and that is 1 or 0 */
static int
set_ttl(struct esw_flow_front *f, bool dec, uint8_t ttl)
{
	const struct esw_flow_hdr *o;
	struct esw_flow_heads h;
	uint8_t *ip;

	esw_front_heads(f, ESW_FLOW_L4, &h);
	o = &h.k.h[0];
	if (o->l3 != ESW_FLOW_L3_IPV4 && o->l3 != ESW_FLOW_L3_IPV6)
		return 0;
	if (dec) {
		if (o->ttl <= 1)
			return -EDOM;
		ttl = o->ttl - 1;
	}
	ip = f->p + h.at.l3;
	if (o->l3 == ESW_FLOW_L3_IPV4)
		set_ip4_octet(ip, AT_IP4_TTL, ttl);
	else
		ip[AT_IP6_HOPS] = ttl;
	return 0;
}

/* RFC 2474 3: the upper six bits of IPv4's TOS or of IPv6's traffic class; ECN stays. */
static void
set_dscp(struct esw_flow_front *f, uint8_t dscp)
{
	struct esw_flow_heads h;
	uint8_t *ip, l3;

	esw_front_heads(f, ESW_FLOW_L4, &h);
	l3 = h.k.h[0].l3;
	if (l3 != ESW_FLOW_L3_IPV4 && l3 != ESW_FLOW_L3_IPV6)
		return;
	ip = f->p + h.at.l3;
	if (l3 == ESW_FLOW_L3_IPV4) {
		set_ip4_octet(ip, AT_IP4_TOS, (uint8_t)(dscp << 2 | (ip[AT_IP4_TOS] & 3)));
	} else {
		/* RFC 8200 3: four bits of version, eight of traffic class, flow label. */
		ip[0] = (uint8_t)((ip[0] & 0xf0) | (dscp >> 2 & 0x0f));
		ip[1] = (uint8_t)((ip[1] & 0x3f) | dscp << 6);
	}
}

static void
set_port(struct esw_flow_front *f, uint32_t off, uint16_t port)
{
	struct esw_flow_heads h;
	uint8_t now[sizeof(port)], *l4;
	uint32_t diff;

	esw_front_heads(f, ESW_FLOW_L4, &h);
	if (h.k.h[0].l4 != IPPROTO_TCP && h.k.h[0].l4 != IPPROTO_UDP)
		return;
	l4 = f->p + h.at.l4;
	memcpy(now, &port, sizeof(now));
	diff = esw_cksum_diff(l4 + off, now, sizeof(now));
	memcpy(l4 + off, now, sizeof(now));
	fix_l4(f, &h, diff);
}

static int
edit_ether(struct esw_flow_front *f, const struct esw_flow_act *a)
{
	switch (a->op) {
	case ESW_FLOW_POP_VLAN:
		return pop_vlan(f);
	case ESW_FLOW_PUSH_VLAN:
		return push_vlan(f, a->tpid);
	case ESW_FLOW_SET_VID:
		set_tci(f, (uint16_t)~TCI_VID, a->vid);
		return 0;
	case ESW_FLOW_SET_PCP:
		set_tci(f, (1U << TCI_PCP_SHIFT) - 1, (uint16_t)(a->pcp << TCI_PCP_SHIFT));
		return 0;
	case ESW_FLOW_SET_SRC:
		memcpy(f->p + RTE_ETHER_ADDR_LEN, a->mac, RTE_ETHER_ADDR_LEN);
		return 0;
	case ESW_FLOW_SET_DST:
		memcpy(f->p, a->mac, RTE_ETHER_ADDR_LEN);
		return 0;
	case ESW_FLOW_MAC_SWAP:
		swap_macs(f);
		return 0;
	default:
		return 0;
	}
}

static int
edit_ip(struct esw_flow_front *f, const struct esw_flow_act *a)
{
	switch (a->op) {
	case ESW_FLOW_SET_IP4_SRC:
		set_ip4(f, AT_IP4_SRC, a->ip4);
		return 0;
	case ESW_FLOW_SET_IP4_DST:
		set_ip4(f, AT_IP4_DST, a->ip4);
		return 0;
	case ESW_FLOW_SET_IP6_SRC:
		set_ip6(f, AT_IP6_SRC, a->ip6);
		return 0;
	case ESW_FLOW_SET_IP6_DST:
		set_ip6(f, AT_IP6_DST, a->ip6);
		return 0;
	case ESW_FLOW_SET_TTL:
		return set_ttl(f, false, a->u8);
	case ESW_FLOW_DEC_TTL:
		return set_ttl(f, true, 0);
	case ESW_FLOW_SET_DSCP:
		set_dscp(f, a->u8);
		return 0;
	case ESW_FLOW_SET_SPORT:
		set_port(f, AT_L4_SPORT, a->port);
		return 0;
	case ESW_FLOW_SET_DPORT:
		set_port(f, AT_L4_DPORT, a->port);
		return 0;
	default:
		return 0;
	}
}

int
esw_flow_edit(struct esw_flow_front *f, const struct esw_flow_act *a)
{
	if (a->op == ESW_FLOW_ENCAP)
		return esw_flow_encap(f, a);
	if (a->op == ESW_FLOW_DECAP)
		return esw_flow_decap(f, a->decap.len);
	if (f->n < RTE_ETHER_HDR_LEN)
		return 0; /* what a DECAP left: see esw_flow_front_more() */
	return a->op <= ESW_FLOW_MAC_SWAP ? edit_ether(f, a) : edit_ip(f, a);
}
