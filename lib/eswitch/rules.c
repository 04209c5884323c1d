/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <string.h>

#include "rules.h"

static inline bool
bit(const uint64_t *map, uint16_t n)
{
	return n < 4096 && ((map[n / 64] >> (n % 64)) & 1) != 0;
}

uint16_t
esw_rules_mtu(const struct esw_policy *p, const struct esw_vf_asked *a)
{
	uint16_t mtu = p->mtu;

	if (p->mtu_change && a->mtu != 0)
		mtu = RTE_MIN(mtu, a->mtu);
	if (a->rep_mtu != 0)
		mtu = RTE_MIN(mtu, a->rep_mtu);
	return mtu;
}

static void
add_addr(struct esw_rules *r, uint64_t mac)
{
	uint32_t i = esw_addr_hash(mac);

	while (r->addrs[i % ESW_ADDRS_SLOTS] != 0 && r->addrs[i % ESW_ADDRS_SLOTS] != mac)
		i++;
	r->addrs[i % ESW_ADDRS_SLOTS] = mac;
	r->n_addrs++;
}

static void
compile_addrs(struct esw_rules *r, const struct esw_policy *p, const struct esw_vf_asked *a)
{
	r->mac = esw_mac48(&p->mac);
	add_addr(r, r->mac);
	for (uint16_t i = 0; i < p->n_macs; i++)
		add_addr(r, esw_mac48(&p->macs[i]));
	for (uint16_t i = 0; p->trust && i < a->n_macs; i++)
		add_addr(r, esw_mac48(&a->macs[i]));
	r->n_mcast = a->n_mcast;
	for (uint16_t i = 0; i < a->n_mcast; i++)
		r->mcast[i] = esw_mac48(&a->mcast[i]);
}

static void
compile_vlan(struct esw_rules *r, const struct esw_policy *p, const struct esw_vf_asked *a)
{
	const struct esw_vlan *v = &p->vlan;

	r->mode = v->mode;
	if (v->mode == ESW_VLAN_ACCESS) {
		r->stag = v->tpid == ESW_TPID_STAG;
		r->vlan = v->vid | (r->stag ? ESW_VLAN_S : 0);
		r->qos_set = v->qos_set;
		r->qos = v->qos;
	} else if (v->mode == ESW_VLAN_TRUNK) {
		r->vlan = v->native;
		memcpy(r->trunk, v->trunk, sizeof(r->trunk));
	}
	r->vf_filter = a->filter;
	memcpy(r->vf_vlans, a->vlans, sizeof(r->vf_vlans));
}

void
esw_rules_compile(struct esw_rules *r, const struct esw_policy *p, const struct esw_vf_asked *a,
		  bool wire_link)
{
	memset(r, 0, sizeof(*r));
	compile_addrs(r, p, a);
	compile_vlan(r, p, a);
	r->mtu = esw_rules_mtu(p, a);
	r->link = p->link == ESW_LINK_UP || (p->link == ESW_LINK_AUTO && wire_link);
	r->spoofchk = p->spoofchk;
	r->isolate = p->isolate;
	r->promisc = p->trust && (a->promisc || a->backed);
	r->allmulti = a->backed || (p->trust && (a->allmulti || a->promisc));
	r->learn = !p->spoofchk || p->n_macs != 0;
}

/*
 * The tag that replaces or precedes what the VF sent; priority and DEI from `tci` unless the
 * policy says.
 */
static inline uint32_t
new_tag(const struct esw_rules *r, uint16_t tci)
{
	uint16_t tpid = r->stag ? ESW_TPID_STAG : ESW_TPID_CTAG;
	uint16_t pcp_dei = r->qos_set ? (uint16_t)(r->qos << 13) : (tci & 0xe000);

	return (uint32_t)tpid << 16 | pcp_dei | (r->vlan & 0xfff);
}

static enum esw_fate
ingress_vlan(const struct esw_rules *r, const struct esw_frame *f, struct esw_edit *e)
{
	bool tagged = esw_is_tpid(f->type);
	bool prio = f->type == ESW_TPID_CTAG && (f->tci & 0xfff) == 0;

	*e = (struct esw_edit){ 0 };
	if (r->mode == ESW_VLAN_ALL)
		return ESW_TX_FORWARDED;
	if (f->type == ESW_TPID_STAG)
		return ESW_TX_VLAN;
	if (r->mode == ESW_VLAN_ACCESS && r->stag) {
		e->push = true;
		e->tag = new_tag(r, tagged ? f->tci : 0);
		return ESW_TX_FORWARDED;
	}
	if (tagged && !prio) {
		if (r->mode == ESW_VLAN_TRUNK && bit(r->trunk, f->tci & 0xfff))
			return ESW_TX_FORWARDED;
		return ESW_TX_VLAN;
	}
	if (prio && esw_is_tpid(f->type1))
		return ESW_TX_VLAN; /* its inner tag would become the outer one */
	e->cut = prio ? ESW_TAG_LEN : 0;
	if (r->mode == ESW_VLAN_OFF)
		return ESW_TX_FORWARDED;
	if (r->vlan == 0)
		return ESW_TX_VLAN; /* trunk without a native VLAN */
	e->push = true;
	e->tag = new_tag(r, prio ? f->tci : 0);
	if (prio)
		e->tag |= f->tci & 0x1000; /* DEI of the tag that becomes another */
	return ESW_TX_FORWARDED;
}

enum esw_fate
esw_rules_ingress(const struct esw_rules *r, const struct esw_frame *f, struct esw_edit *e)
{
	uint32_t head = RTE_ETHER_HDR_LEN + (esw_is_tpid(f->type) ? ESW_TAG_LEN : 0);

	if (!r->link)
		return ESW_TX_LINK_DOWN;
	if (f->l2_payload_max > r->mtu + head)
		return ESW_TX_MTU;
	if (esw_mac48_is_group(f->src))
		return ESW_TX_SRC_MCAST;
	if (r->spoofchk && !esw_rules_has_addr(r, f->src))
		return ESW_TX_SPOOF;
	return ingress_vlan(r, f, e);
}

bool
esw_rules_member(const struct esw_rules *r, uint16_t vlan)
{
	switch (r->mode) {
	case ESW_VLAN_OFF:
		return vlan == 0;
	case ESW_VLAN_ACCESS:
		return vlan == r->vlan;
	case ESW_VLAN_TRUNK:
		return vlan != 0 && vlan < ESW_VLAN_S && (vlan == r->vlan || bit(r->trunk, vlan));
	default:
		return true;
	}
}

bool
esw_rules_vlan_in(const struct esw_rules *r, const struct esw_side *s, struct esw_edit *e)
{
	bool hop = esw_is_tpid(s->type1); /* another tag would come to light */

	if (!esw_rules_member(r, s->vlan))
		return false;
	switch (r->mode) {
	case ESW_VLAN_OFF:
		if (s->type != ESW_TPID_CTAG)
			return true;
		break;
	case ESW_VLAN_ACCESS:
		hop = hop && !r->stag;
		break;
	case ESW_VLAN_TRUNK:
		if (s->vlan != r->vlan)
			return true;
		break;
	default:
		return true;
	}
	if (hop)
		return false;
	esw_edit_pop(e);
	return true;
}

static bool
wants(const struct esw_rules *r, uint64_t dst)
{
	if (dst == ESW_MAC_BCAST)
		return true;
	if (esw_mac48_is_group(dst)) {
		for (uint16_t i = 0; !r->allmulti && i < r->n_mcast; i++)
			if (r->mcast[i] == dst)
				return true;
		return r->allmulti;
	}
	return !r->spoofchk || r->promisc || esw_rules_has_addr(r, dst);
}

enum esw_fate
esw_rules_egress(const struct esw_rules *r, const struct esw_side *s, uint64_t dst, bool isolated,
		 struct esw_edit *e)
{
	struct esw_edit was = *e;
	bool popped;
	uint16_t type, tci;
	uint32_t len;

	if (!r->link)
		return ESW_RX_LINK_DOWN;
	if (isolated && r->isolate)
		return ESW_RX_ISOLATED;
	if (!esw_rules_vlan_in(r, s, e))
		return ESW_RX_VLAN;
	popped = e->cut != was.cut || e->push != was.push;
	type = popped ? s->type1 : s->type;
	tci = popped ? s->tci1 : s->tci;
	len = s->len - (popped ? ESW_TAG_LEN : 0);
	/* what came to light behind an S-tag may be cut off: no tag then */
	if (r->vf_filter && type == ESW_TPID_CTAG && len >= RTE_ETHER_HDR_LEN + ESW_TAG_LEN &&
	    (tci & 0xfff) != 0 && !bit(r->vf_vlans, tci & 0xfff))
		return ESW_RX_VLAN;
	if (s->l2_max - (popped ? ESW_TAG_LEN : 0) >
	    (uint32_t)r->mtu + RTE_ETHER_HDR_LEN + (esw_is_tpid(type) ? ESW_TAG_LEN : 0))
		return ESW_RX_MTU;
	return wants(r, dst) ? ESW_RX_DELIVERED : ESW_RX_FILTERED;
}
