/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random matches: a frame is made, and some of its fields, or some bits of them, must be as they
 * are in it.
 */
#include <stdlib.h>
#include <string.h>

#include "prop_flow.h"

#define FIELD(f) offsetof(struct esw_flow_hdr, f), sizeof(((struct esw_flow_hdr *)NULL)->f)

static const struct {
	size_t off, len;
	unsigned int weight;
} fields[] = {
	{ FIELD(dst), 6 },       { FIELD(src), 4 },      { FIELD(type), 4 },
	{ FIELD(type1), 1 },     { FIELD(type2), 1 },    { FIELD(tci), 4 },
	{ FIELD(tci1), 2 },      { FIELD(l3), 8 },       { FIELD(l4), 8 },
	{ FIELD(proto), 4 },     { FIELD(bits), 6 },     { FIELD(src4), 4 },
	{ FIELD(dst4), 6 },      { FIELD(src6), 3 },     { FIELD(dst6), 4 },
	{ FIELD(spa), 1 },       { FIELD(tpa), 1 },      { FIELD(sha), 1 },
	{ FIELD(arp_op), 1 },    { FIELD(tha), 1 },      { FIELD(sport), 5 },
	{ FIELD(dport), 8 },     { FIELD(tcp_off), 1 },  { FIELD(tcp_flags), 2 },
	{ FIELD(frag), 3 },      { FIELD(tos), 2 },      { FIELD(ttl), 3 },
	{ FIELD(vtc_flow), 2 },  { FIELD(ip_len), 1 },   { FIELD(ip_id), 1 },
	{ FIELD(vni), 3 },       { FIELD(vx_flags), 1 }, { FIELD(ver_ihl), 1 },
	{ FIELD(frag_next), 1 }, { FIELD(icmp_seq), 1 },
};

/* Headers of a frame as the table sees it. */
static void
heads_random(struct prop_world *w, const struct prop_spec *s, struct model_heads *h)
{
	static struct model_bytes b;
	unsigned int from = w->from, tries = 0, ep = s->spec.ep;
	struct prop_frame f;
	bool good;

	w->from = s->spec.side == ESW_FLOW_TRANSFER ? ep : prop_below(&w->rng, model_eps(&w->m));
	do {
		prop_frame_random(w, &f);
		b.n = RTE_MIN(f.in.len, 2000u);
		memcpy(b.b, f.bytes, b.n);
		free(f.bytes);
		good = b.n >= 18;
		if (good && model_is_vf(&w->m, w->from))
			good = model_vlan_in(&w->m, w->from - MODEL_VF(0), &b);
		if (good && s->spec.side == ESW_FLOW_LOCAL && model_is_vf(&w->m, ep))
			good = model_vlan_out(&w->m, ep - MODEL_VF(0), &b);
	} while (!good && ++tries < 20);
	w->from = from;
	memset(h, 0, sizeof(*h));
	if (good)
		model_heads_read(&w->m, b.b, b.n, h);
}

/* All of a field, a prefix of it, or some of its bits. */
static void
mask_random(struct prop_rng *r, uint8_t *mask, size_t n)
{
	unsigned int p = prop_below(r, 100), bits = prop_below(r, n * 8 + 1);
	size_t i;

	memset(mask, 0xff, n);
	if (p < 65)
		return;
	for (i = 0; i < n; i++) {
		if (p >= 85)
			mask[i] = prop_below(r, 256);
		else if (bits < 8 * i + 8)
			mask[i] = bits <= 8 * i ? 0 : 0xff << (8 * i + 8 - bits);
	}
}

/* An octet string plus or minus something, as a big-endian number; it stops at its ends. */
static void
move_by(uint8_t *v, size_t n, unsigned int by, bool up)
{
	size_t i = n;
	unsigned int carry = by;

	while (i-- > 0 && carry != 0) {
		int x = up ? v[i] + (int)(carry % 256) : v[i] - (int)(carry % 256);

		carry = carry / 256 + (x < 0 || x > 255);
		v[i] = x;
	}
	if (carry != 0)
		memset(v, up ? 0xff : 0, n);
}

static void
range_random(struct prop_world *w, struct esw_flow_match *match, const uint8_t *value, size_t off,
	     size_t len)
{
	struct esw_flow_range *g = &match->range[match->n_ranges];
	struct prop_rng *r = &w->rng;
	size_t i;

	memset(g, 0, sizeof(*g));
	g->off = off;
	g->len = len;
	if (prop_percent(r, 80))
		memset(g->mask, 0xff, len);
	else
		mask_random(r, g->mask, len);
	memcpy(g->lo, value, len);
	memcpy(g->hi, value, len);
	if (prop_percent(r, 70))
		move_by(g->lo, len, prop_below(r, prop_percent(r, 50) ? 3 : 1000), false);
	if (prop_percent(r, 70))
		move_by(g->hi, len, prop_below(r, prop_percent(r, 50) ? 3 : 1000), true);
	for (i = 0; i < len; i++) {
		g->lo[i] &= g->mask[i];
		g->hi[i] &= g->mask[i];
	}
	if (memcmp(g->lo, g->hi, len) <= 0)
		match->n_ranges++;
}

static bool
overlaps(const struct esw_flow_match *match, size_t off, size_t len)
{
	const uint8_t *mask = (const uint8_t *)&match->mask;
	size_t i;

	for (i = off; i < off + len; i++) {
		if (mask[i] != 0)
			return true;
	}
	for (i = 0; i < match->n_ranges; i++) {
		const struct esw_flow_range *g = &match->range[i];

		if (off < (size_t)g->off + g->len && g->off < off + len)
			return true;
	}
	return false;
}

static void
field_random(struct prop_world *w, struct esw_flow_match *match, const struct model_heads *h)
{
	struct prop_rng *r = &w->rng;
	bool inner = h->inner >= 0 && prop_percent(r, 40);
	const uint8_t *value = (const uint8_t *)&h->key;
	uint8_t mask[16];
	unsigned int total = 0, k, pick;
	size_t off, i;

	for (k = 0; k < RTE_DIM(fields); k++)
		total += fields[k].weight;
	pick = prop_below(r, total);
	for (k = 0; pick >= fields[k].weight; k++)
		pick -= fields[k].weight;
	if (w->entropy && fields[k].off == offsetof(struct esw_flow_hdr, sport))
		return;
	off = fields[k].off + (inner ? sizeof(struct esw_flow_hdr) : 0);
	if (overlaps(match, off, fields[k].len))
		return;
	if (prop_percent(r, 15) && match->n_ranges < ESW_FLOW_RANGES_MAX) {
		range_random(w, match, value + off, off, fields[k].len);
		return;
	}
	mask_random(r, mask, fields[k].len);
	if (fields[k].off == offsetof(struct esw_flow_hdr, bits))
		mask[0] = 1u << prop_below(r, 6);
	for (i = 0; i < fields[k].len; i++) {
		((uint8_t *)&match->mask)[off + i] = mask[i];
		((uint8_t *)&match->key)[off + i] = value[off + i] & mask[i];
	}
}

void
prop_match_random(struct prop_world *w, struct prop_spec *s)
{
	struct model_heads h;
	unsigned int n = prop_percent(&w->rng, 10) ? 0 : 1 + prop_below(&w->rng, 3);

	if (prop_percent(&w->rng, 10))
		n += prop_below(&w->rng, 8);
	memset(&s->match, 0, sizeof(s->match));
	heads_random(w, s, &h);
	for (; n > 0; n--)
		field_random(w, &s->match, &h);
}
