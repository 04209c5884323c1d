/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Items: what the table of fields cannot say. See flow_item_table.h. */
#include <netinet/in.h>
#include <string.h>

#include "flow_item_table.h"

#define VLANS_MAX 2
/* RFC 791 3.1 and RFC 8200 4.5: where the offset lies in the 16 bits that hold it. */
#define IPV4_OFFSET 0x1fff
#define IPV6_OFFSET 0xfff8

static int
unsupported(struct esn_flow_walk *w)
{
	return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_MASK, w->kind->only);
}

int
esn_flow_eth_after(struct esn_flow_walk *w)
{
	const struct rte_flow_item_eth *spec = w->item->spec;
	const struct rte_flow_item_eth *mask = (const void *)w->mask;

	if (mask->reserved != 0)
		return unsupported(w);
	if (mask->has_vlan == 0)
		return 0;
	if (spec->has_vlan != 0)
		esn_flow_layers(w)->vlans = 1;
	return esn_flow_item_bits(w, ESW_FLOW_VLAN, spec->has_vlan != 0);
}

int
esn_flow_vlan_before(struct esn_flow_walk *w)
{
	uint8_t n = w->vlans + 1;

	if (n > VLANS_MAX)
		return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM,
					"no more than two tags are looked at");
	w->vlans = n;
	if (n == VLANS_MAX)
		w->fields = esn_flow_vlan2_fields;
	esn_flow_layers(w)->vlans = RTE_MAX(esn_flow_layers(w)->vlans, n);
	return esn_flow_item_bits(w, n == 1 ? ESW_FLOW_VLAN : ESW_FLOW_VLAN | ESW_FLOW_VLAN2, true);
}

int
esn_flow_vlan_after(struct esn_flow_walk *w)
{
	const struct rte_flow_item_vlan *spec = w->item->spec;
	const struct rte_flow_item_vlan *mask = (const void *)w->mask;

	if (mask->reserved != 0 || (mask->has_more_vlan != 0 && w->vlans == VLANS_MAX))
		return unsupported(w);
	if (mask->has_more_vlan == 0)
		return 0;
	if (spec->has_more_vlan != 0)
		esn_flow_layers(w)->vlans = VLANS_MAX;
	return esn_flow_item_bits(w, ESW_FLOW_VLAN2, spec->has_more_vlan != 0);
}

/* Only ARP of Ethernet and IPv4 is ARP here: who asks for another kind asks for nothing. */
int
esn_flow_arp_after(struct esn_flow_walk *w)
{
	static const uint8_t fixed[] = { 0, 1, 0x08, 0x00, 6, 4 }; /* RFC 826: hrd, pro, hln, pln */

	for (uint32_t i = 0; i < sizeof(fixed); i++)
		if (((w->spec[i] ^ fixed[i]) & w->mask[i]) != 0)
			return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_SPEC,
						"of ARP only that of Ethernet and IPv4 can be "
						"matched");
	return 0;
}

/*
 * Does a field that holds a fragment's offset exclude zero? `at` is its octet in the item. An
 * interval of more than the offset's bits is taken not to.
 */
static bool
asks_later(const struct esn_flow_walk *w, uint32_t at, uint16_t offset)
{
	rte_be16_t mask, spec, last = 0;

	memcpy(&mask, w->mask + at, sizeof(mask));
	memcpy(&spec, w->spec + at, sizeof(spec));
	if (w->item->last != NULL)
		memcpy(&last, (const uint8_t *)w->item->last + at, sizeof(last));
	spec &= mask;
	last &= mask;
	if ((rte_be_to_cpu_16(spec) & offset) == 0)
		return false;
	return last == 0 || last == spec || (rte_be_to_cpu_16(mask) & ~offset) == 0;
}

int
esn_flow_ipv4_after(struct esn_flow_walk *w)
{
	w->later = asks_later(w, offsetof(struct rte_ipv4_hdr, fragment_offset), IPV4_OFFSET);
	return 0;
}

int
esn_flow_ipv6_after(struct esn_flow_walk *w)
{
	const struct rte_flow_item_ipv6 *spec = w->item->spec;
	const struct rte_flow_item_ipv6 *mask = (const void *)w->mask;

	if ((mask->has_hop_ext | mask->has_route_ext | mask->has_auth_ext | mask->has_esp_ext |
	     mask->has_dest_ext | mask->has_mobil_ext | mask->has_hip_ext | mask->has_shim6_ext |
	     mask->reserved) != 0)
		return unsupported(w);
	if (mask->has_frag_ext == 0)
		return 0;
	return esn_flow_item_bits(w, ESW_FLOW_FRAG_EXT, spec->has_frag_ext != 0);
}

int
esn_flow_frag_before(struct esn_flow_walk *w)
{
	if (w->rank == ESN_FLOW_RANK_L3 && esn_flow_layers(w)->l3 == ESW_FLOW_L3_IPV6)
		return 0;
	return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
				"IPV6_FRAG_EXT stands behind IPV6");
}

int
esn_flow_frag_after(struct esn_flow_walk *w)
{
	w->later = asks_later(w, 2, IPV6_OFFSET);
	return 0;
}

static bool
fits_l3(uint8_t l4, uint8_t l3)
{
	if (l3 == ESW_FLOW_L3_ARP)
		return false;
	return !(l4 == IPPROTO_ICMP && l3 == ESW_FLOW_L3_IPV6) &&
	       !(l4 == IPPROTO_ICMPV6 && l3 == ESW_FLOW_L3_IPV4);
}

/* Does the item ask for any field? */
static bool
asks_field(const struct esn_flow_walk *w)
{
	const struct esn_flow_field *f;

	for (f = w->fields; f->len != 0 && w->spec != NULL; f++)
		for (uint32_t i = 0; i < f->len; i++)
			if (w->mask[f->from + i] != 0)
				return true;
	return false;
}

/* A whole header; but see flow_item.h for later fragments. */
int
esn_flow_l4_before(struct esn_flow_walk *w)
{
	struct esw_flow_hdr *key = esn_flow_key(w), *mask = esn_flow_mask(w);
	struct esn_flow_layers *layers = esn_flow_layers(w);
	uint8_t l4 = w->kind->l4;

	if (!fits_l3(l4, layers->l3))
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
					"the item before has no such header behind it");
	layers->l4 = l4;
	if (!w->later || asks_field(w)) {
		key->l4 = l4;
		mask->l4 = UINT8_MAX;
	} else if (layers->l3 == ESW_FLOW_L3_IPV6) {
		key->frag_next = l4;
		mask->frag_next = UINT8_MAX;
	} else {
		key->proto = l4;
		mask->proto = UINT8_MAX;
	}
	return 0;
}

int
esn_flow_vxlan_before(struct esn_flow_walk *w)
{
	struct esn_flow_layers *layers = esn_flow_layers(w);

	if (w->level != 0)
		return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM,
					"only one VXLAN header is looked at");
	if (layers->l3 == ESW_FLOW_L3_ARP || (layers->l4 != 0 && layers->l4 != IPPROTO_UDP))
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
					"VXLAN stands behind UDP");
	layers->l4 = IPPROTO_UDP;
	layers->vxlan = true;
	return 0;
}

/* The sender: one port, whole. */
static int
port_item(struct esn_flow_walk *w, uint32_t id, uint32_t mask, uint32_t full, enum esn_flow_as as)
{
	const char *why;
	int ret;

	if (!w->transfer)
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
					"port items are for transfer rules");
	if (w->item->last != NULL)
		return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_LAST,
					"a rule is about one port");
	if (mask != full)
		return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_MASK,
					"a port is matched as a whole");
	if (w->p->ep != ESN_FLOW_EP_NONE)
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
					"a rule is about one port, and has a port item already");
	ret = esn_flow_port_ep(w->port, id, as, &w->p->ep, &why);
	return ret == 0 ? 0 : esn_flow_item_no(w, -ret, RTE_FLOW_ERROR_TYPE_ITEM, why);
}

static int
no_port(struct esn_flow_walk *w)
{
	return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM,
				"a rule is about one port, and the item names none");
}

int
esn_flow_port_id_before(struct esn_flow_walk *w)
{
	const struct rte_flow_item_port_id *spec = w->item->spec;
	const struct rte_flow_item_port_id *mask = (const void *)w->mask;

	if (spec == NULL)
		return no_port(w);
	return port_item(w, spec->id, mask->id, UINT32_MAX, ESN_FLOW_AS_ID);
}

static int
ethdev_item(struct esn_flow_walk *w, enum esn_flow_as as)
{
	const struct rte_flow_item_ethdev *spec = w->item->spec;
	const struct rte_flow_item_ethdev *mask = (const void *)w->mask;

	if (spec == NULL)
		return no_port(w);
	return port_item(w, spec->port_id, mask->port_id, UINT16_MAX, as);
}

int
esn_flow_represented_before(struct esn_flow_walk *w)
{
	return ethdev_item(w, ESN_FLOW_AS_REPRESENTED);
}

int
esn_flow_representor_before(struct esn_flow_walk *w)
{
	return ethdev_item(w, ESN_FLOW_AS_ITSELF);
}
