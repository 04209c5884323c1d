/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Edits of IP and L4 headers, and the checksums that follow them: doc/semantics.md section 7.
 */
#include <string.h>

#include "model_flow.h"

#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ICMPV6 58

static unsigned int
get16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

/* One's complement addition of 16-bit words. */
static unsigned int
add(unsigned int a, unsigned int b)
{
	return a + b > 0xffff ? a + b - 0xffff : a + b;
}

/* RFC 1624 eqn. 3 for the words of `old` that become those of `new`. */
static unsigned int
follow(const struct model *m, unsigned int sum, const uint8_t *old, const uint8_t *new,
       unsigned int n)
{
	unsigned int s = 0xffff - sum, i;

	for (i = 0; i < n; i += 2) {
		if (m->broken == MODEL_BREAK_FLOW_WORD && get16(old + i) == get16(new + i))
			continue;
		s = add(s, 0xffff - get16(old + i));
		s = add(s, get16(new + i));
	}
	return 0xffff - s;
}

/* A field that a checksum covers has changed. */
static void
sum_follows(const struct model *m, uint8_t *sum, const uint8_t *old, const uint8_t *new,
	    unsigned int n)
{
	unsigned int s = follow(m, get16(sum), old, new, n);

	sum[0] = s / 256;
	sum[1] = s % 256;
}

/* The checksum of TCP, UDP, or ICMPv6 (which IPv6 addresses are part of). */
static void
l4_sum_follows(const struct model *m, struct model_bytes *f, const struct model_heads *h,
	       const uint8_t *old, const uint8_t *new, unsigned int n)
{
	const struct esw_flow_hdr *o = &h->key.h[0];
	uint8_t *l4 = f->b + h->l4;

	if (h->l4 < 0 || m->broken == MODEL_BREAK_FLOW_SUM_L4)
		return;
	if (o->l4 == PROTO_TCP)
		sum_follows(m, l4 + 16, old, new, n);
	if (o->l4 == PROTO_ICMPV6 && o->l3 == ESW_FLOW_L3_IPV6 &&
	    m->broken != MODEL_BREAK_FLOW_ICMP6)
		sum_follows(m, l4 + 2, old, new, n);
	if (o->l4 != PROTO_UDP)
		return;
	if (get16(l4 + 6) == 0 && m->broken != MODEL_BREAK_FLOW_UDP0)
		return;
	sum_follows(m, l4 + 6, old, new, n);
	if (get16(l4 + 6) == 0 && m->broken != MODEL_BREAK_FLOW_UDPF)
		l4[6] = l4[7] = 0xff;
}

/* New octets at `at` of the IPv4 header; its checksum follows by whole words. */
static void
ipv4_put(const struct model *m, struct model_bytes *f, const struct model_heads *h, unsigned int at,
	 const uint8_t *v, unsigned int n)
{
	uint8_t old[20], *ip = f->b + h->l3;
	unsigned int word = at - at % 2;

	memcpy(old, ip, sizeof(old));
	memcpy(ip + at, v, n);
	if (m->broken != MODEL_BREAK_FLOW_SUM)
		sum_follows(m, ip + 10, old + word, ip + word, n + n % 2);
}

static void
set_address(const struct model *m, struct model_bytes *f, const struct model_heads *h,
	    unsigned int at, const uint8_t *v, unsigned int n)
{
	uint8_t old[16];

	memcpy(old, f->b + h->l3 + at, n);
	l4_sum_follows(m, f, h, old, v, n);
	if (n == 4)
		ipv4_put(m, f, h, at, v, n);
	else
		memcpy(f->b + h->l3 + at, v, n);
}

static void
set_port(const struct model *m, struct model_bytes *f, const struct model_heads *h, unsigned int at,
	 uint16_t port)
{
	const struct esw_flow_hdr *o = &h->key.h[0];
	uint8_t new[2], old[2];
	uint32_t i = 0;

	if (o->l4 != PROTO_TCP && o->l4 != PROTO_UDP)
		return;
	memcpy(new, &port, 2);
	memcpy(old, f->b + h->l4 + at, 2);
	memcpy(f->b + h->l4 + at, new, 2);
	l4_sum_follows(m, f, h, old, new, 2);
	while (i < f->n_any) { /* no longer chosen by the e-switch */
		if (f->any[i].to_end == f->n - h->l4 - at)
			f->any[i] = f->any[--f->n_any];
		else
			i++;
	}
}

static enum esw_fate
set_ttl(const struct model *m, struct model_bytes *f, const struct model_heads *h,
	const struct esw_flow_act *a)
{
	bool v4 = h->key.h[0].l3 == ESW_FLOW_L3_IPV4;
	uint8_t ttl = h->key.h[0].ttl;

	if (!v4 && h->key.h[0].l3 != ESW_FLOW_L3_IPV6)
		return ESW_TX_FORWARDED;
	if (a->op == ESW_FLOW_DEC_TTL && ttl <= (m->broken != MODEL_BREAK_FLOW_TTL))
		return ESW_TX_TTL;
	ttl = a->op == ESW_FLOW_DEC_TTL ? ttl - 1 : a->u8;
	if (v4)
		ipv4_put(m, f, h, 8, &ttl, 1);
	else
		f->b[h->l3 + 7] = ttl;
	return ESW_TX_FORWARDED;
}

/* Six bits; the two of ECN stay (RFC 3168). */
static void
set_dscp(const struct model *m, struct model_bytes *f, const struct model_heads *h, uint8_t dscp)
{
	uint8_t *ip = f->b + h->l3, tos;

	if (h->key.h[0].l3 == ESW_FLOW_L3_IPV4) {
		tos = dscp * 4 + (m->broken == MODEL_BREAK_FLOW_ECN ? 0 : ip[1] % 4);
		ipv4_put(m, f, h, 1, &tos, 1);
	} else if (h->key.h[0].l3 == ESW_FLOW_L3_IPV6) {
		ip[0] = ip[0] / 16 * 16 + dscp / 4;
		ip[1] = dscp % 4 * 64 + ip[1] % 64;
	}
}

enum esw_fate
model_flow_edit_ip(const struct model *m, struct model_bytes *f, const struct esw_flow_act *a)
{
	struct model_heads h;
	bool v4, v6;

	model_heads_read(m, f->b, f->n, &h);
	v4 = h.key.h[0].l3 == ESW_FLOW_L3_IPV4;
	v6 = h.key.h[0].l3 == ESW_FLOW_L3_IPV6;
	if (a->op == ESW_FLOW_SET_IP4_SRC && v4)
		set_address(m, f, &h, 12, (const uint8_t *)&a->ip4, 4);
	else if (a->op == ESW_FLOW_SET_IP4_DST && v4)
		set_address(m, f, &h, 16, (const uint8_t *)&a->ip4, 4);
	else if (a->op == ESW_FLOW_SET_IP6_SRC && v6)
		set_address(m, f, &h, 8, a->ip6, 16);
	else if (a->op == ESW_FLOW_SET_IP6_DST && v6)
		set_address(m, f, &h, 24, a->ip6, 16);
	else if (a->op == ESW_FLOW_SET_SPORT)
		set_port(m, f, &h, 0, a->port);
	else if (a->op == ESW_FLOW_SET_DPORT)
		set_port(m, f, &h, 2, a->port);
	else if (a->op == ESW_FLOW_SET_TTL || a->op == ESW_FLOW_DEC_TTL)
		return set_ttl(m, f, &h, a);
	else if (a->op == ESW_FLOW_SET_DSCP)
		set_dscp(m, f, &h, a->u8);
	return ESW_TX_FORWARDED;
}
