/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random frames, likely to be near a border: of an MTU, of a header, of a VLAN table.
 */
#include <stdlib.h>
#include <string.h>

#include "prop.h"

#define TAGS_MAX 4

struct rte_ether_addr
prop_dst_random(struct prop_world *w)
{
	struct prop_rng *r = &w->rng;
	struct rte_ether_addr mac = { { 0 } };
	unsigned int p = prop_below(r, 100);

	if (p < 45)
		return w->m.vf[prop_below(r, w->m.n_vfs)].policy.mac;
	if (p < 50)
		return w->m.pf_mac;
	if (p < 60)
		return prop_mac(PROP_MACS, prop_below(r, 6));
	if (p < 65)
		return prop_mac(PROP_ADDED, prop_below(r, 7));
	if (p < 75)
		return prop_mac(PROP_UNKNOWN, prop_below(r, 12));
	if (p < 87)
		return prop_group(prop_below(r, 9));
	if (p < 97)
		memset(&mac, 0xff, sizeof(mac));
	return mac;
}

/* A VF mostly uses an address that is its own, or it would get nowhere. */
static struct rte_ether_addr
src_random(struct prop_world *w)
{
	struct prop_rng *r = &w->rng;
	struct rte_ether_addr mac = { { 0 } };
	const struct model_vf *v;
	unsigned int p = prop_below(r, 100);

	if (!model_is_vf(&w->m, w->from))
		p = 65 + p % 35;
	v = &w->m.vf[model_is_vf(&w->m, w->from) ? w->from - MODEL_VF(0) : 0];
	if (p < 55)
		return v->policy.mac;
	if (p < 65 && v->policy.n_macs > 0)
		return v->policy.macs[prop_below(r, v->policy.n_macs)];
	if (p < 70 && v->n_macs > 0)
		return v->macs[prop_below(r, v->n_macs)];
	if (p < 75)
		return w->m.vf[prop_below(r, w->m.n_vfs)].policy.mac;
	if (p < 80)
		return prop_mac(PROP_MACS, prop_below(r, 6));
	if (p < 84)
		return prop_mac(PROP_ADDED, prop_below(r, 7));
	if (p < 92)
		return prop_mac(PROP_UNKNOWN, prop_below(r, 12));
	if (p < 94)
		return w->m.pf_mac;
	if (p < 97)
		return prop_group(prop_below(r, 9));
	return mac;
}

/* The VLAN that some VF's policy is about, to be let through now and then. */
unsigned int
prop_vid_random(struct prop_world *w)
{
	const struct esw_vlan *v = &w->m.vf[prop_below(&w->rng, w->m.n_vfs)].policy.vlan;
	unsigned int p = prop_below(&w->rng, 100);

	if (p < 30 && v->vid != 0)
		return v->vid;
	if (p < 40 && v->native != 0)
		return v->native;
	if (p < 55)
		return 0;
	if (p < 58)
		return 4095;
	return prop_vid(&w->rng);
}

static unsigned int
tags_random(struct prop_world *w, uint8_t *at)
{
	struct prop_rng *r = &w->rng;
	unsigned int p = prop_below(r, 100), n, i;

	n = p < 45 ? 0 : p < 85 ? 1 : p < 95 ? 2 : 1 + prop_below(r, TAGS_MAX);
	for (i = 0; i < n; i++) {
		uint16_t type = prop_percent(r, 75) ? ESW_TPID_CTAG : ESW_TPID_STAG;
		uint16_t tci = prop_below(r, 8) << 13 | prop_below(r, 2) << 12 | prop_vid_random(w);

		at[4 * i] = type >> 8;
		at[4 * i + 1] = type & 0xff;
		at[4 * i + 2] = tci >> 8;
		at[4 * i + 3] = tci & 0xff;
	}
	return n;
}

/* Octets behind all tags. */
static uint32_t
payload_random(struct prop_world *w, unsigned int tags)
{
	struct prop_rng *r = &w->rng;
	unsigned int p = prop_below(r, 100);
	uint32_t len;

	if (p < 35)
		return prop_below(r, 180);
	if (p < 70 && model_is_vf(&w->m, w->from))
		len = model_mtu(&w->m, w->from - MODEL_VF(0));
	else if (p < 85)
		len = model_mtu(&w->m, prop_below(r, w->m.n_vfs));
	else if (p < 93)
		len = w->m.port[prop_below(r, model_eps(&w->m))].room - 14;
	else
		len = prop_below(r, 2000);
	if (w->flows && prop_percent(r, 40)) /* headers, whole or cut off */
		len = prop_below(r, 260);
	if (len > 3000 && prop_percent(r, 80)) /* long ones cost time and show little more */
		len = prop_below(r, 100);
	len += 4 - prop_below(r, 9);
	if (tags > 1 && prop_percent(r, 50))
		len -= 4 * (tags - 1);
	if (tags > 0 && prop_percent(r, 20))
		len -= 4;
	if ((int32_t)len < 0)
		len = 0;
	if (prop_below(r, 1000) == 0)
		len = MODEL_OCTETS - 14 - 4 * tags + prop_below(r, 5) - 3;
	return len;
}

static void
lie(struct prop_world *w, struct prop_frame *f)
{
	struct prop_rng *r = &w->rng;

	if (prop_percent(r, 2) && f->in.len >= 14) {
		/* which of too short and wrong comes first is not said: stay off that border */
		f->in.pkt_len = f->in.len + 1 + prop_below(r, 100);
		if (prop_percent(r, 50) && f->in.len > 20)
			f->in.pkt_len = 14 + prop_below(r, f->in.len - 14);
	} else if (prop_percent(r, 1) && f->in.len >= 14) {
		f->in.overrun = true;
	} else if (prop_percent(r, 4) && f->in.len >= 14 && f->in.len < MODEL_OCTETS - 4) {
		f->in.insert = true;
		f->in.insert_tci = prop_below(r, 8) << 13 | prop_below(r, 2) << 12 |
				   prop_vid_random(w);
	}
}

/* Whole, untagged, from who sends it to a VF: what the fast path is for. */
static void
frame_plain(struct prop_world *w, struct prop_frame *f)
{
	struct prop_rng *r = &w->rng;
	unsigned int from = model_is_vf(&w->m, w->from) ? w->from - MODEL_VF(0) : 0;
	uint32_t len = 60 + prop_below(r, prop_percent(r, 90) ? 60 : 1400);
	struct rte_ether_addr dst = w->m.vf[prop_below(r, w->m.n_vfs)].policy.mac;
	uint16_t type = prop_percent(r, 90) ? 0x0800 : prop_ethertype(r);

	f->bytes = calloc(1, len + 8);
	if (f->bytes == NULL)
		abort();
	memcpy(f->bytes, dst.addr_bytes, 6);
	memcpy(f->bytes + 6, w->m.vf[from].policy.mac.addr_bytes, 6);
	f->bytes[12] = type >> 8;
	f->bytes[13] = type & 0xff;
	prop_content(w, type, f->bytes + 14, len - 14, 0);
	f->in = (struct model_frame){ .bytes = f->bytes, .len = len, .pkt_len = len };
}

void
prop_frame_random(struct prop_world *w, struct prop_frame *f)
{
	struct prop_rng *r = &w->rng;
	uint8_t head[14 + 4 * TAGS_MAX];
	struct rte_ether_addr dst = prop_dst_random(w), src = src_random(w);
	unsigned int tags = tags_random(w, head + 12), n = 12 + 4 * tags;
	uint16_t type = prop_ethertype(r);
	uint32_t len = n + 2 + payload_random(w, tags), i;

	if (w->plain && prop_percent(r, 85)) {
		frame_plain(w, f);
		return;
	}
	memcpy(head, dst.addr_bytes, 6);
	memcpy(head + 6, src.addr_bytes, 6);
	head[n] = type >> 8;
	head[n + 1] = type & 0xff;
	f->bytes = malloc(len + 8);
	if (f->bytes == NULL)
		abort();
	for (i = 0; i < len; i += 8) {
		uint64_t x = prop_next(r);

		memcpy(f->bytes + i, &x, 8);
	}
	memcpy(f->bytes, head, n + 2);
	if (w->flows || prop_percent(r, 20))
		prop_content(w, type, f->bytes + n + 2, len - n - 2, 0);
	else if (type == 0x0800 && len > n + 2 && prop_percent(r, 80))
		f->bytes[n + 2] = 0x45;
	if (prop_percent(r, 3))
		len = prop_below(r, 14);
	else if (prop_percent(r, 4))
		len = 14 + prop_below(r, RTE_MIN(len - 13, 16u));
	memset(&f->in, 0, sizeof(f->in));
	f->in.bytes = f->bytes;
	f->in.len = len;
	f->in.pkt_len = len;
	lie(w, f);
}
