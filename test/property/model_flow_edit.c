/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Edits of Ethernet headers and of what stands before them: doc/semantics.md section 7.
 */
#include <string.h>

#include "model_flow.h"

#define FRONT_MAX 256 /* octets that may be put in front */
#define PROTO_UDP 17

static void
put16(uint8_t *p, unsigned int v)
{
	p[0] = v / 256;
	p[1] = v % 256;
}

static unsigned int
get16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

/* A tag that is there as a whole. */
static bool
has_tag(const struct model_bytes *f)
{
	return model_tagged(f) && f->n >= 18;
}

/* May `n` octets be put in front? */
static bool
has_room(const struct model *m, const struct model_bytes *f, uint32_t n)
{
	uint32_t max = FRONT_MAX + (m->broken == MODEL_BREAK_FLOW_ROOM ? 4 : 0);

	return f->n + n <= MODEL_OCTETS && f->put + n <= max;
}

static void
pop_vlan(struct model_bytes *f)
{
	if (!has_tag(f))
		return;
	memmove(f->b + 12, f->b + 16, f->n - 16);
	f->n -= 4;
}

static enum esw_fate
push_vlan(const struct model *m, struct model_bytes *f, uint16_t tpid)
{
	uint16_t tci = has_tag(f) && m->broken != MODEL_BREAK_FLOW_PUSH ? get16(f->b + 14) : 0;

	if (!has_room(m, f, 4))
		return ESW_TX_MALFORMED;
	model_tag_put(f, tpid, tci);
	f->put += 4;
	return ESW_TX_FORWARDED;
}

static void
set_tci(const struct model *m, struct model_bytes *f, const struct esw_flow_act *a)
{
	unsigned int tci = get16(f->b + 14);

	if (!has_tag(f))
		return;
	if (a->op == ESW_FLOW_SET_VID && m->broken == MODEL_BREAK_FLOW_PCP)
		tci = a->vid;
	else if (a->op == ESW_FLOW_SET_VID)
		tci = tci / 4096 * 4096 + a->vid;
	else
		tci = tci % 8192 + a->pcp * 8192;
	put16(f->b + 14, tci);
}

static void
mac_swap(struct model_bytes *f)
{
	uint8_t mac[6];

	memcpy(mac, f->b, 6);
	memcpy(f->b, f->b + 6, 6);
	memcpy(f->b + 6, mac, 6);
}

/* The IPv4 header's checksum, from nothing: RFC 791. */
static void
ipv4_sum(uint8_t *ip)
{
	unsigned int len = ip[0] % 16 * 4, i;
	uint32_t sum = 0;

	put16(ip + 10, 0);
	for (i = 0; i < len; i += 2)
		sum += get16(ip + i);
	while (sum > 0xffff)
		sum = sum % 0x10000 + sum / 0x10000;
	put16(ip + 10, 0xffff - sum);
}

/* What stands in front says how long it all is. */
static void
fix_lengths(const struct model *m, struct model_bytes *f, const struct model_heads *h)
{
	if (h->key.h[0].l3 == ESW_FLOW_L3_IPV4) {
		if (m->broken != MODEL_BREAK_FLOW_ENCAP_LEN)
			put16(f->b + h->l3 + 2, f->n - h->l3);
		ipv4_sum(f->b + h->l3);
	} else if (h->key.h[0].l3 == ESW_FLOW_L3_IPV6) {
		put16(f->b + h->l3 + 4, f->n - h->l3 - 40);
	}
	if (h->key.h[0].l4 == PROTO_UDP)
		put16(f->b + h->l4 + 4, f->n - h->l4);
}

static enum esw_fate
encap(const struct model *m, struct model_bytes *f, const struct esw_flow_act *a)
{
	uint32_t inner = f->n, len = a->encap.len;
	struct model_heads h = { .key = { .h = { { .l3 = 0 } } } };

	if (!has_room(m, f, len))
		return ESW_TX_MALFORMED;
	memmove(f->b + len, f->b, f->n);
	memcpy(f->b, a->encap.bytes, len);
	f->n += len;
	f->put += len;
	if (len >= 14) /* the headers that are whole in these octets, whatever follows */
		model_heads_read(m, a->encap.bytes, len, &h);
	if (a->encap.fix)
		fix_lengths(m, f, &h);
	if (a->encap.entropy && h.key.h[0].l4 == PROTO_UDP) {
		put16(f->b + h.l4, 0);
		f->any[f->n_any].to_end = f->n - h.l4;
		f->any[f->n_any].inner = inner;
		f->n_any++;
	}
	return ESW_TX_FORWARDED;
}

static enum esw_fate
decap(const struct model *m, struct model_bytes *f, const struct esw_flow_act *a)
{
	struct model_heads h;
	uint32_t len = a->decap.len, i = 0;

	if (len == 0) {
		model_heads_read(m, f->b, f->n, &h);
		if (h.inner < 0)
			return ESW_TX_FORWARDED;
		len = h.inner - (m->broken == MODEL_BREAK_FLOW_DECAP ? 8 : 0);
	}
	if (f->n < len + (m->broken == MODEL_BREAK_FLOW_SHORT ? 13 : 14))
		return ESW_TX_MALFORMED;
	memmove(f->b, f->b + len, f->n - len);
	f->n -= len;
	while (i < f->n_any) {
		if (f->any[i].to_end > f->n)
			f->any[i] = f->any[--f->n_any];
		else
			i++;
	}
	return ESW_TX_FORWARDED;
}

enum esw_fate
model_flow_edit(const struct model *m, struct model_bytes *f, const struct esw_flow_act *a)
{
	switch (a->op) {
	case ESW_FLOW_POP_VLAN:
		pop_vlan(f);
		return ESW_TX_FORWARDED;
	case ESW_FLOW_PUSH_VLAN:
		return push_vlan(m, f, a->tpid);
	case ESW_FLOW_SET_VID:
	case ESW_FLOW_SET_PCP:
		set_tci(m, f, a);
		return ESW_TX_FORWARDED;
	case ESW_FLOW_SET_SRC:
		memcpy(f->b + 6, a->mac, 6);
		return ESW_TX_FORWARDED;
	case ESW_FLOW_SET_DST:
		memcpy(f->b, a->mac, 6);
		return ESW_TX_FORWARDED;
	case ESW_FLOW_MAC_SWAP:
		mac_swap(f);
		return ESW_TX_FORWARDED;
	case ESW_FLOW_ENCAP:
		return encap(m, f, a);
	case ESW_FLOW_DECAP:
		return decap(m, f, a);
	default:
		return model_flow_edit_ip(m, f, a);
	}
}
