/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What lies behind a frame's EtherType: ARP, IP, TCP, UDP, ICMP, SCTP, VXLAN and a frame in it.
 * Values come from small sets, so that flow rules meet them. Headers are cut off where the frame
 * ends, lengths and checksums are often wrong.
 */
#include <string.h>

#include "prop.h"

#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_FRAGMENT 44
#define PROTO_ICMPV6 58
#define PROTO_SCTP 132

/* A header is built whole and then put into what room there is. */
struct area {
	uint8_t *p;
	uint32_t n;
};

static void
put16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
}

static unsigned int
get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t
sum(uint32_t s, const uint8_t *p, uint32_t n)
{
	uint32_t i;

	for (i = 0; i + 1 < n; i += 2)
		s += get16(p + i);
	if (n % 2 == 1)
		s += p[n - 1] << 8;
	return s;
}

/* Right, or as wrong as it comes: near zero on either side, where one's complement is odd. */
static void
put_sum(struct prop_world *w, uint8_t *at, uint32_t s, bool zero_is_none)
{
	struct prop_rng *r = &w->rng;
	unsigned int p = prop_below(r, 100);

	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	s = 0xffff - s;
	if (zero_is_none && s == 0)
		s = 0xffff;
	if (p < 15)
		s = prop_below(r, 4);
	else if (p < 20)
		s = 0xffff - prop_below(r, 3);
	else if (p < 30)
		s = prop_below(r, 0x10000);
	else if (p < 50 && zero_is_none)
		s = 0;
	put16(at, s);
}

uint16_t
prop_l4_port(struct prop_rng *r)
{
	static const uint16_t ports[] = { 80, 1000, 1001, 1002, 0xffff, 0, 4789, 4790 };

	return ports[prop_below(r, RTE_DIM(ports))];
}

void
prop_ip4(struct prop_rng *r, uint8_t ip[4])
{
	ip[0] = 10;
	ip[1] = 0;
	ip[2] = prop_below(r, 2);
	ip[3] = 1 + prop_below(r, 4);
}

void
prop_ip6(struct prop_rng *r, uint8_t ip[16])
{
	memset(ip, 0, 16);
	ip[0] = 0xfd;
	ip[7] = prop_below(r, 2);
	ip[15] = 1 + prop_below(r, 4);
}

static void frame_in(struct prop_world *w, struct area a, unsigned int depth);

/* UDP to VXLAN's port, or to one next to it: a frame inside. */
static void
udp(struct prop_world *w, struct area a, unsigned int depth)
{
	struct prop_rng *r = &w->rng;

	if (prop_percent(r, 35))
		put16(a.p + 2, prop_percent(r, 90) ? 4789 : 4790);
	put16(a.p + 4, a.n);
	if (a.n < 16 || get16(a.p + 2) < 4789)
		return;
	memset(a.p + 8, 0, 8);
	a.p[8] = prop_percent(r, 90) ? 0x08 : 0x00;
	a.p[14] = prop_below(r, 3);
	a.p[15] = prop_percent(r, 95) ? 0 : 1;
	frame_in(w, (struct area){ a.p + 16, a.n - 16 }, depth + 1);
}

/* @param pseudo  sum of the pseudo-header's addresses */
static void
l4(struct prop_world *w, struct area a, unsigned int proto, uint32_t pseudo, unsigned int depth)
{
	struct prop_rng *r = &w->rng;
	uint32_t at = proto == PROTO_TCP ? 16 : proto == PROTO_UDP ? 6 : 2;

	if (a.n < 8)
		return;
	if (proto == PROTO_ICMP || proto == PROTO_ICMPV6) {
		a.p[0] = proto == PROTO_ICMP ? 8 * prop_below(r, 2) : 128 + prop_below(r, 2);
		a.p[1] = 0;
		put16(a.p + 4, prop_below(r, 3));
		put16(a.p + 6, prop_below(r, 3));
	} else {
		put16(a.p, prop_l4_port(r));
		put16(a.p + 2, prop_l4_port(r));
	}
	if (proto == PROTO_TCP && a.n >= 20) {
		a.p[12] = 0x50;
		a.p[13] = 1u << prop_below(r, 6);
	}
	if (proto == PROTO_UDP)
		udp(w, a, depth);
	if (proto == PROTO_SCTP || a.n < at + 2)
		return;
	put16(a.p + at, 0);
	if (proto != PROTO_ICMP)
		pseudo += proto + a.n;
	else
		pseudo = 0;
	put_sum(w, a.p + at, sum(pseudo, a.p, a.n), proto == PROTO_UDP);
}

static unsigned int
proto_random(struct prop_rng *r, bool v6)
{
	static const uint8_t protos[] = { PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_UDP, PROTO_UDP,
					  PROTO_UDP, 0,         0,         PROTO_SCTP };
	unsigned int p = protos[prop_below(r, RTE_DIM(protos))];

	if (prop_percent(r, 5)) /* also the other family's */
		return prop_percent(r, 50) ? PROTO_ICMP : PROTO_ICMPV6;
	if (prop_percent(r, 3))
		return prop_below(r, 256);
	return p != 0 ? p : v6 ? PROTO_ICMPV6 : PROTO_ICMP;
}

static uint8_t
ttl_random(struct prop_rng *r)
{
	static const uint8_t ttls[] = { 0, 1, 1, 2, 64, 64, 255 };

	return ttls[prop_below(r, RTE_DIM(ttls))];
}

/* MF, an offset, or mostly neither; offset in units of `unit` of the field. */
static unsigned int
fragment_random(struct prop_rng *r, unsigned int more, unsigned int unit)
{
	unsigned int p = prop_below(r, 100);

	if (p < 40)
		return more;
	if (p < 60)
		return unit * (1 + prop_below(r, 4));
	return p < 80 ? more + unit * (1 + prop_below(r, 100)) : 0;
}

static void
ipv4(struct prop_world *w, struct area a, unsigned int depth)
{
	struct prop_rng *r = &w->rng;
	unsigned int words = prop_percent(r, 80) ? 5 : 4 + prop_below(r, 12);
	unsigned int proto = proto_random(r, false), len = words * 4;
	uint8_t h[60];
	uint32_t i;

	for (i = 0; i < sizeof(h); i++)
		h[i] = prop_below(r, 256);
	h[0] = (prop_percent(r, 97) ? 0x40 : 0x60) + words;
	h[1] = prop_below(r, 4) * 0x48 + prop_below(r, 4);
	put16(h + 2, prop_percent(r, 90) ? a.n : prop_below(r, 2000));
	put16(h + 4, prop_below(r, 4));
	put16(h + 6,
	      prop_percent(r, 20) ? fragment_random(r, 0x2000, 1) : 0x4000 * prop_below(r, 2));
	h[8] = ttl_random(r);
	h[9] = proto;
	put16(h + 10, 0);
	prop_ip4(r, h + 12);
	prop_ip4(r, h + 16);
	put_sum(w, h + 10, sum(0, h, len), false);
	memcpy(a.p, h, RTE_MIN(a.n, RTE_MAX(len, 20u)));
	if (a.n > len)
		l4(w, (struct area){ a.p + len, a.n - len }, proto, sum(0, h + 12, 8), depth);
}

static void
ipv6(struct prop_world *w, struct area a, unsigned int depth)
{
	struct prop_rng *r = &w->rng;
	unsigned int proto = proto_random(r, true), len = 40;
	uint8_t h[48] = { 0 };

	h[0] = (prop_percent(r, 97) ? 0x60 : 0x40) + prop_below(r, 16);
	h[1] = prop_below(r, 4) * 0x50;
	h[3] = prop_below(r, 3);
	put16(h + 4, prop_percent(r, 90) ? a.n - 40 : prop_below(r, 2000));
	h[6] = proto;
	h[7] = ttl_random(r);
	prop_ip6(r, h + 8);
	prop_ip6(r, h + 24);
	if (prop_percent(r, 25)) {
		h[6] = PROTO_FRAGMENT;
		h[40] = proto;
		put16(h + 42, fragment_random(r, 1, 8));
		len = 48;
	}
	memcpy(a.p, h, RTE_MIN(a.n, len));
	if (a.n > len)
		l4(w, (struct area){ a.p + len, a.n - len }, proto, sum(0, h + 8, 32), depth);
}

static void
arp(struct prop_world *w, struct area a)
{
	struct prop_rng *r = &w->rng;
	uint8_t h[28] = { 0, 1, 8, 0, 6, 4, 0, 1 + prop_below(r, 2) };
	struct rte_ether_addr mac = prop_mac(PROP_MAC, prop_below(r, 4));

	if (prop_percent(r, 10))
		h[prop_below(r, 6)]++;
	memcpy(h + 8, mac.addr_bytes, 6);
	prop_ip4(r, h + 14);
	memcpy(h + 18, mac.addr_bytes, 6);
	prop_ip4(r, h + 24);
	memcpy(a.p, h, RTE_MIN(a.n, sizeof(h)));
}

/* The frame inside a VXLAN header: as much of it as fits. */
static void
frame_in(struct prop_world *w, struct area a, unsigned int depth)
{
	struct prop_rng *r = &w->rng;
	struct rte_ether_addr dst = prop_mac(PROP_MAC, prop_below(r, 4));
	struct rte_ether_addr src = prop_mac(PROP_MAC, prop_below(r, 4));
	uint8_t h[22];
	unsigned int n = 12;

	if (depth > 2)
		return;
	memcpy(h, dst.addr_bytes, 6);
	memcpy(h + 6, src.addr_bytes, 6);
	while (n < 20 && prop_percent(r, 25)) {
		put16(h + n, prop_percent(r, 70) ? ESW_TPID_CTAG : ESW_TPID_STAG);
		put16(h + n + 2, prop_vid(r));
		n += 4;
	}
	put16(h + n, prop_ethertype(r));
	memcpy(a.p, h, RTE_MIN(a.n, n + 2));
	if (a.n > n + 2)
		prop_content(w, get16(h + n), a.p + n + 2, a.n - n - 2, depth);
}

uint16_t
prop_ethertype(struct prop_rng *r)
{
	static const uint16_t types[] = { 0x0800, 0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd,
					  0x86dd, 0x0806, 0x88b5, 0x9100, 0x0600, 0x05dc };

	return types[prop_below(r, RTE_DIM(types))];
}

void
prop_content(struct prop_world *w, uint16_t type, uint8_t *p, uint32_t n, unsigned int depth)
{
	struct area a = { p, n };

	if (type == 0x0800)
		ipv4(w, a, depth);
	else if (type == 0x86dd)
		ipv6(w, a, depth);
	else if (type == 0x0806)
		arp(w, a);
}
