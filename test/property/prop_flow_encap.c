/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random headers that a rule puts in front: mostly VXLAN over IPv4 or IPv6, sometimes any octets.
 */
#include <string.h>

#include "prop_flow.h"

static uint32_t
put16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
	return 2;
}

static uint32_t
ether(struct prop_world *w, uint8_t *p, uint16_t type)
{
	struct rte_ether_addr dst = prop_dst_random(w);
	struct rte_ether_addr src = prop_mac(PROP_MAC, prop_below(&w->rng, 4));
	uint32_t n = 12;

	memcpy(p, dst.addr_bytes, 6);
	memcpy(p + 6, src.addr_bytes, 6);
	while (n < 20 && prop_percent(&w->rng, 20)) {
		n += put16(p + n, prop_percent(&w->rng, 70) ? ESW_TPID_CTAG : ESW_TPID_STAG);
		n += put16(p + n, prop_vid_random(w));
	}
	return n + put16(p + n, type);
}

static uint32_t
ip(struct prop_world *w, uint8_t *p, bool v6, uint8_t proto)
{
	struct prop_rng *r = &w->rng;

	if (v6) {
		memset(p, 0, 40);
		p[0] = 0x60;
		p[6] = proto;
		p[7] = prop_below(r, 3);
		prop_ip6(r, p + 8);
		prop_ip6(r, p + 24);
		return 40;
	}
	memset(p, 0, 24);
	p[0] = prop_percent(r, 85) ? 0x45 : 0x46;
	p[1] = prop_below(r, 256);
	p[6] = 0x40;
	p[8] = prop_below(r, 3);
	p[9] = proto;
	prop_ip4(r, p + 12);
	prop_ip4(r, p + 16);
	return p[0] % 16 * 4;
}

static uint32_t
vxlan(struct prop_world *w, uint8_t *p, struct esw_flow_act *a)
{
	struct prop_rng *r = &w->rng;

	a->encap.entropy = w->entropy && prop_percent(r, 80);
	put16(p, a->encap.entropy ? 0 : prop_l4_port(r));
	put16(p + 2, prop_percent(r, 95) ? 4789 : 4790);
	put16(p + 4, prop_below(r, 100));
	/* a checksum of which a part is not known is none */
	put16(p + 6, a->encap.entropy || prop_percent(r, 60) ? 0 : prop_below(r, 0x10000));
	memset(p + 8, 0, 8);
	p[8] = 0x08;
	p[14] = prop_below(r, 3);
	return 16;
}

void
prop_encap_random(struct prop_world *w, struct prop_spec *s, struct esw_flow_act *a)
{
	struct prop_rng *r = &w->rng;
	uint8_t *p = s->encap[s->n_encap++];
	bool v6 = prop_percent(r, 40), tunnel = prop_percent(r, 80);
	uint32_t n, i;

	memset(a, 0, sizeof(*a));
	a->op = ESW_FLOW_ENCAP;
	a->encap.bytes = p;
	a->encap.fix = prop_percent(r, 85);
	if (prop_percent(r, 8) && !w->entropy) { /* anything */
		n = 14 + prop_below(r, ESW_FLOW_ENCAP_MAX - 13);
		for (i = 0; i < n; i++)
			p[i] = prop_below(r, 256);
	} else {
		n = ether(w, p, v6 ? 0x86dd : 0x0800);
		n += ip(w, p + n, v6, tunnel ? 17 : 4);
		if (tunnel)
			n += vxlan(w, p + n, a);
	}
	a->encap.len = n;
}
