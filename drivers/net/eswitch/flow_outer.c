/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The octets of an encapsulation, read and built. See flow_action_table.h.
 *
 * Items that define one are read as far as their header goes and no further: OVS points them at
 * bare headers that follow each other, without the bits (has_vlan, has_frag_ext) that come behind
 * the header in rte_flow's structures.
 */
#include <netinet/in.h>
#include <string.h>

#include <rte_ip.h>
#include <rte_udp.h>
#include <rte_vxlan.h>

#include "flow_action_table.h"

#define TTL_DEFAULT 64
#define VXLAN_FLAG_I 0x08 /* RFC 7348 5: the VNI is valid */
#define IPV4_VHL 0x45
#define IPV4_FRAGMENT 0x3fff /* more fragments, offset */
#define IPV6_VERSION (6u << 28)
#define IPV6_VERSION_MASK (15u << 28)

static uint16_t
be16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static bool
is_tpid(uint16_t type)
{
	return type == RTE_ETHER_TYPE_VLAN || type == RTE_ETHER_TYPE_QINQ;
}

/* The L4 header at `at`, if the octets go that far. */
static void
read_l4(const uint8_t *p, uint32_t n, uint32_t at, uint8_t proto, struct esn_flow_outer *o)
{
	if (proto == IPPROTO_TCP && at + sizeof(struct rte_tcp_hdr) <= n)
		o->layers.l4 = proto;
	if (proto != IPPROTO_UDP || at + sizeof(struct rte_udp_hdr) > n)
		return;
	o->layers.l4 = proto;
	o->udp = at;
	o->sport = be16_at(p + at);
	o->cksum = be16_at(p + at + offsetof(struct rte_udp_hdr, dgram_cksum));
	o->vxlan = be16_at(p + at + 2) == ESW_FLOW_VXLAN_PORT &&
		   at + sizeof(struct rte_udp_hdr) + sizeof(struct rte_vxlan_hdr) <= n;
	o->layers.vxlan = o->vxlan;
}

void
esn_flow_outer_read(const uint8_t *p, uint32_t n, struct esn_flow_outer *o)
{
	uint32_t at = RTE_ETHER_HDR_LEN;
	uint32_t ihl;
	uint16_t type;

	*o = (struct esn_flow_outer){ .udp = 0 };
	if (n < RTE_ETHER_HDR_LEN)
		return;
	for (type = be16_at(p + 12); is_tpid(type) && at + RTE_VLAN_HLEN <= n;
	     at += RTE_VLAN_HLEN) {
		type = be16_at(p + at + 2);
		o->layers.vlans++;
	}
	if (type == RTE_ETHER_TYPE_IPV4 && at + sizeof(struct rte_ipv4_hdr) <= n) {
		ihl = (p[at] & 0xf) * 4u;
		o->layers.l3 = ESW_FLOW_L3_IPV4;
		read_l4(p, n, at + ihl, p[at + offsetof(struct rte_ipv4_hdr, next_proto_id)], o);
	} else if (type == RTE_ETHER_TYPE_IPV6 && at + sizeof(struct rte_ipv6_hdr) <= n) {
		o->layers.l3 = ESW_FLOW_L3_IPV6;
		read_l4(p, n, at + sizeof(struct rte_ipv6_hdr),
			p[at + offsetof(struct rte_ipv6_hdr, proto)], o);
	}
}

/* Where the builder is. */
struct build {
	uint8_t *p;
	uint32_t n;
	enum rte_flow_item_type last; /* END: nothing yet */
	const char *why;
};

/* The EtherType in front of what comes next: that of the header before is the last that was put. */
static void
type_set(struct build *b, uint16_t type)
{
	b->p[b->n - 2] = type >> 8;
	b->p[b->n - 1] = type & 0xff;
}

static void
put(struct build *b, const void *header, uint32_t n)
{
	memcpy(b->p + b->n, header, n);
	b->n += n;
}

static bool
behind_l2(const struct build *b)
{
	return b->last == RTE_FLOW_ITEM_TYPE_ETH || b->last == RTE_FLOW_ITEM_TYPE_VLAN;
}

static int
no(struct build *b, int code, const char *why)
{
	b->why = why;
	return -code;
}

static int
put_vlan(struct build *b, const void *spec)
{
	if (b->last != RTE_FLOW_ITEM_TYPE_ETH)
		return no(b, EINVAL, "one VLAN item stands behind ETH");
	if (!is_tpid(be16_at(b->p + b->n - 2)))
		type_set(b, RTE_ETHER_TYPE_VLAN);
	put(b, spec, sizeof(struct rte_vlan_hdr));
	return 0;
}

static int
put_ipv4(struct build *b, const void *spec)
{
	struct rte_ipv4_hdr h;

	memcpy(&h, spec, sizeof(h));
	if (!behind_l2(b))
		return no(b, EINVAL, "IPV4 stands behind ETH or VLAN");
	if (h.version_ihl != 0 && h.version_ihl != IPV4_VHL)
		return no(b, ENOTSUP, "an encapsulation's IPv4 header has no options");
	if ((h.fragment_offset & RTE_BE16(IPV4_FRAGMENT)) != 0)
		return no(b, EINVAL, "an encapsulation is no fragment");
	if (h.next_proto_id != 0 && h.next_proto_id != IPPROTO_UDP)
		return no(b, EINVAL, "the protocol is UDP");
	type_set(b, RTE_ETHER_TYPE_IPV4);
	h.version_ihl = IPV4_VHL;
	h.next_proto_id = IPPROTO_UDP;
	if (h.time_to_live == 0)
		h.time_to_live = TTL_DEFAULT;
	h.hdr_checksum = 0; /* the engine's, as are lengths */
	put(b, &h, sizeof(h));
	return 0;
}

static int
put_ipv6(struct build *b, const void *spec)
{
	struct rte_ipv6_hdr h;
	uint32_t version;

	memcpy(&h, spec, sizeof(h));
	version = rte_be_to_cpu_32(h.vtc_flow) & IPV6_VERSION_MASK;
	if (!behind_l2(b))
		return no(b, EINVAL, "IPV6 stands behind ETH or VLAN");
	if (version != 0 && version != IPV6_VERSION)
		return no(b, EINVAL, "the IPv6 header's version is not 6");
	if (h.proto != 0 && h.proto != IPPROTO_UDP)
		return no(b, EINVAL, "the protocol is UDP");
	type_set(b, RTE_ETHER_TYPE_IPV6);
	h.vtc_flow |= RTE_BE32(IPV6_VERSION);
	h.proto = IPPROTO_UDP;
	if (h.hop_limits == 0)
		h.hop_limits = TTL_DEFAULT;
	put(b, &h, sizeof(h));
	return 0;
}

static int
put_udp(struct build *b, const void *spec)
{
	struct rte_udp_hdr h;

	memcpy(&h, spec, sizeof(h));
	if (b->last != RTE_FLOW_ITEM_TYPE_IPV4 && b->last != RTE_FLOW_ITEM_TYPE_IPV6)
		return no(b, EINVAL, "UDP stands behind IPV4 or IPV6");
	if (h.dst_port == 0)
		h.dst_port = RTE_BE16(ESW_FLOW_VXLAN_PORT);
	if (h.dst_port != RTE_BE16(ESW_FLOW_VXLAN_PORT) && h.src_port == 0)
		return no(b, ENOTSUP, "a source port is chosen in front of port 4789 only");
	put(b, &h, sizeof(h));
	return 0;
}

static int
put_vxlan(struct build *b, const void *spec)
{
	if (b->last != RTE_FLOW_ITEM_TYPE_UDP)
		return no(b, EINVAL, "VXLAN stands behind UDP");
	put(b, spec, sizeof(struct rte_vxlan_hdr));
	if (b->p[b->n - sizeof(struct rte_vxlan_hdr)] == 0)
		b->p[b->n - sizeof(struct rte_vxlan_hdr)] = VXLAN_FLAG_I;
	return 0;
}

static int
put_item(struct build *b, const struct rte_flow_item *item)
{
	if (item->spec == NULL)
		return no(b, EINVAL, "an item that defines a header has a spec");
	switch ((int)item->type) {
	case RTE_FLOW_ITEM_TYPE_ETH:
		if (b->n != 0)
			return no(b, EINVAL, "ETH comes first, and once");
		put(b, item->spec, sizeof(struct rte_ether_hdr));
		return 0;
	case RTE_FLOW_ITEM_TYPE_VLAN:
		return put_vlan(b, item->spec);
	case RTE_FLOW_ITEM_TYPE_IPV4:
		return put_ipv4(b, item->spec);
	case RTE_FLOW_ITEM_TYPE_IPV6:
		return put_ipv6(b, item->spec);
	case RTE_FLOW_ITEM_TYPE_UDP:
		return put_udp(b, item->spec);
	case RTE_FLOW_ITEM_TYPE_VXLAN:
		return put_vxlan(b, item->spec);
	default:
		return no(b, ENOTSUP, "the items are ETH, VLAN, IPV4 or IPV6, UDP, VXLAN");
	}
}

int
esn_flow_outer_build(const struct rte_flow_item *items, uint8_t *p, const char **why)
{
	struct build b = { .p = p, .last = RTE_FLOW_ITEM_TYPE_END };
	int ret = 0;

	for (; items->type != RTE_FLOW_ITEM_TYPE_END && ret == 0; items++) {
		if (items->type == RTE_FLOW_ITEM_TYPE_VOID)
			continue;
		ret = b.last == RTE_FLOW_ITEM_TYPE_VXLAN ? no(&b, EINVAL, "VXLAN comes last") :
							   put_item(&b, items);
		b.last = items->type;
	}
	if (ret == 0 && b.last != RTE_FLOW_ITEM_TYPE_VXLAN)
		ret = no(&b, EINVAL, "VXLAN comes last, and must be there");
	*why = b.why;
	return ret != 0 ? ret : (int)b.n;
}
