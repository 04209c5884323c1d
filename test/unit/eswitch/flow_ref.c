/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow_ref.h"

static bool
is_tag(const struct ref *r, uint32_t at)
{
	uint32_t type = ip_get16(r->b + at);

	return (type == 0x8100 || type == 0x88a8) && r->n >= at + 6;
}

struct ref_at
ref_find(const struct ref *r)
{
	struct ref_at a = { 0 };
	uint32_t at = 12, type, l4 = 0;
	bool later = false;

	for (uint32_t i = 0; i < 2 && is_tag(r, at); i++)
		at += 4;
	type = ip_get16(r->b + at);
	at += 2;
	if (type == 0x0800 && r->n >= at + 20 && r->b[at] >> 4 == 4 &&
	    r->n >= at + (r->b[at] & 15) * 4U) {
		a.version = 4;
		a.proto = r->b[at + 9];
		l4 = at + (r->b[at] & 15) * 4;
		later = (ip_get16(r->b + at + 6) & 0x1fff) != 0;
	} else if (type == 0x86dd && r->n >= at + 40 && r->b[at] >> 4 == 6) {
		a.version = 6;
		a.proto = r->b[at + 6];
		l4 = at + 40;
		if (a.proto == 44 && r->n >= l4 + 8) {
			a.proto = r->b[l4];
			later = (ip_get16(r->b + l4 + 2) & 0xfff8) != 0;
			l4 += 8;
		}
	}
	if (a.version == 0)
		return a;
	a.l3 = at;
	if (!later && ((a.proto == 6 && r->n >= l4 + 20) || (a.proto == 17 && r->n >= l4 + 8) ||
		       (a.proto == 58 && r->n >= l4 + 8)))
		a.l4 = l4;
	return a;
}

void
ref_lengths(struct ref *r)
{
	struct ref_at a = ref_find(r);

	if (a.version == 4)
		ip_put16(r->b + a.l3 + 2, r->n - a.l3);
	else if (a.version == 6)
		ip_put16(r->b + a.l3 + 4, r->n - a.l3 - 40);
	if (a.l4 != 0 && a.proto == 17)
		ip_put16(r->b + a.l4 + 4, r->n - a.l4);
}

/* RFC 1071, over the pseudo-header and all octets behind. */
static void
l4_cksum(struct ref *r, const struct ref_at *a, bool udp_too)
{
	uint32_t len = r->n - a->l4, sum;
	uint8_t *l4 = r->b + a->l4, *field = l4 + 16;

	if (a->proto == 58 && a->version != 6)
		return;
	if (a->proto == 17)
		field = l4 + 6;
	else if (a->proto == 58)
		field = l4 + 2;
	if (a->proto == 17 && !udp_too && ip_get16(field) == 0)
		return;
	ip_put16(field, 0);
	sum = ip_sum(a->proto + len, r->b + a->l3 + (a->version == 4 ? 12 : 8),
		     a->version == 4 ? 8 : 32);
	sum = ~ip_sum(sum, l4, len) & 0xffff;
	ip_put16(field, a->proto == 17 && sum == 0 ? 0xffff : sum);
}

void
ref_cksums(struct ref *r, bool udp_too)
{
	struct ref_at a = ref_find(r);

	if (a.version == 4)
		ip_put16(r->b + a.l3 + 10, ip_hdr_cksum(r->b, a.l3, (r->b[a.l3] & 15) * 4));
	if (a.l4 != 0)
		l4_cksum(r, &a, udp_too);
}

static void
insert(struct ref *r, uint32_t at, const uint8_t *p, uint32_t n)
{
	assert_true(r->n + n <= sizeof(r->b));
	memmove(r->b + at + n, r->b + at, r->n - at);
	memcpy(r->b + at, p, n);
	r->n += n;
}

static void
take_out(struct ref *r, uint32_t at, uint32_t n)
{
	memmove(r->b + at, r->b + at + n, r->n - at - n);
	r->n -= n;
}

static void
edit_tag(struct ref *r, const struct esw_flow_act *a)
{
	bool tag = is_tag(r, 12);
	uint8_t new[4] = { a->tpid >> 8, a->tpid & 0xff, tag ? r->b[14] : 0, tag ? r->b[15] : 0 };

	if (a->op == ESW_FLOW_PUSH_VLAN)
		insert(r, 12, new, 4);
	else if (tag && a->op == ESW_FLOW_POP_VLAN)
		take_out(r, 12, 4);
	else if (tag && a->op == ESW_FLOW_SET_VID)
		ip_put16(r->b + 14, (ip_get16(r->b + 14) & 0xf000) | a->vid);
	else if (tag && a->op == ESW_FLOW_SET_PCP)
		r->b[14] = (uint8_t)((r->b[14] & 0x1f) | a->pcp << 5);
}

static void
edit_mac(struct ref *r, const struct esw_flow_act *a)
{
	uint8_t was[12];

	memcpy(was, r->b, 12);
	if (a->op == ESW_FLOW_SET_SRC) {
		memcpy(r->b + 6, a->mac, 6);
	} else if (a->op == ESW_FLOW_SET_DST) {
		memcpy(r->b, a->mac, 6);
	} else {
		memcpy(r->b, was + 6, 6);
		memcpy(r->b + 6, was, 6);
	}
}

static int
edit_l3(struct ref *r, const struct esw_flow_act *a)
{
	struct ref_at at = ref_find(r);
	uint8_t *ip = r->b + at.l3, *ttl = ip + (at.version == 4 ? 8 : 7);
	bool dst = a->op == ESW_FLOW_SET_IP4_DST || a->op == ESW_FLOW_SET_IP6_DST;

	if (at.version == 0)
		return 0;
	if (a->op == ESW_FLOW_DEC_TTL && *ttl <= 1)
		return -EDOM;
	if (a->op == ESW_FLOW_DEC_TTL) {
		--*ttl;
	} else if (a->op == ESW_FLOW_SET_TTL) {
		*ttl = a->u8;
	} else if (a->op == ESW_FLOW_SET_DSCP && at.version == 4) {
		ip[1] = (uint8_t)(a->u8 * 4 + ip[1] % 4);
	} else if (a->op == ESW_FLOW_SET_DSCP) {
		uint32_t tc = (ip_get16(ip) >> 4 & 3) | (uint32_t)a->u8 << 2;

		ip_put16(ip, (ip_get16(ip) & 0xf00f) | tc << 4);
	} else if (a->op == ESW_FLOW_SET_IP4_SRC || a->op == ESW_FLOW_SET_IP4_DST) {
		if (at.version == 4)
			memcpy(ip + (dst ? 16 : 12), &a->ip4, 4);
	} else if (at.version == 6) {
		memcpy(ip + (dst ? 24 : 8), a->ip6, 16);
	}
	ref_cksums(r, false);
	return 0;
}

static void
edit_port(struct ref *r, const struct esw_flow_act *a)
{
	struct ref_at at = ref_find(r);

	if (at.l4 == 0 || at.proto == 58)
		return;
	memcpy(r->b + at.l4 + (a->op == ESW_FLOW_SET_DPORT ? 2 : 0), &a->port, 2);
	ref_cksums(r, false);
}

static int
edit_tunnel(struct ref *r, const struct esw_flow_act *a)
{
	struct ref_at at;
	uint32_t len;

	if (a->op == ESW_FLOW_ENCAP) {
		insert(r, 0, a->encap.bytes, a->encap.len);
		if (!a->encap.fix)
			return 0;
		ref_lengths(r);
		at = ref_find(r);
		if (at.version == 4)
			ip_put16(r->b + at.l3 + 10,
				 ip_hdr_cksum(r->b, at.l3, (r->b[at.l3] & 15) * 4));
		return 0;
	}
	at = ref_find(r);
	len = a->decap.len;
	if (len == 0 && at.l4 != 0 && at.proto == 17 && ip_get16(r->b + at.l4 + 2) == 4789 &&
	    r->n >= at.l4 + 30)
		len = at.l4 + 16;
	if (r->n < len + 14)
		return -ENOSPC;
	take_out(r, 0, len);
	return 0;
}

int
ref_edit(struct ref *r, const struct esw_flow_act *a)
{
	switch (a->op) {
	case ESW_FLOW_POP_VLAN:
	case ESW_FLOW_PUSH_VLAN:
	case ESW_FLOW_SET_VID:
	case ESW_FLOW_SET_PCP:
		edit_tag(r, a);
		return 0;
	case ESW_FLOW_SET_SRC:
	case ESW_FLOW_SET_DST:
	case ESW_FLOW_MAC_SWAP:
		edit_mac(r, a);
		return 0;
	case ESW_FLOW_SET_SPORT:
	case ESW_FLOW_SET_DPORT:
		edit_port(r, a);
		return 0;
	case ESW_FLOW_ENCAP:
	case ESW_FLOW_DECAP:
		return edit_tunnel(r, a);
	default:
		return edit_l3(r, a);
	}
}

void
ref_front(struct esw_flow_front *f, const struct ref *r)
{
	f->n = r->n < ESW_FLOW_LOOK ? r->n : ESW_FLOW_LOOK;
	f->p = f->buf + ESW_FLOW_FRONT_HEAD;
	f->put = 0;
	f->cut = f->n;
	f->len = r->n;
	memcpy(f->p, r->b, f->n);
}

void
ref_join(const struct esw_flow_front *f, const struct ref *sent, struct ref *out)
{
	uint32_t rest = sent->n - f->cut;

	assert_true(f->cut <= sent->n);
	assert_true(f->p >= f->buf && f->p + f->n <= f->buf + sizeof(f->buf));
	out->n = f->n + rest;
	assert_int_equal(f->len, out->n);
	assert_true(out->n <= sizeof(out->b));
	memcpy(out->b, f->p, f->n);
	memcpy(out->b + f->n, sent->b + f->cut, rest);
}

void
ref_same(struct esw_flow_front *f, const struct ref *sent, struct ref *want,
	 const struct esw_flow_act *a)
{
	struct ref is;

	assert_int_equal(esw_flow_edit(f, a), ref_edit(want, a));
	ref_join(f, sent, &is);
	assert_int_equal(is.n, want->n);
	assert_memory_equal(is.b, want->b, is.n);
}
