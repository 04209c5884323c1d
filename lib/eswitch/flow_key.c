/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Each word of a key is put together in a register and stored once: look-ups load whole words soon
 * afterwards, and a processor cannot forward several narrow stores to one wide load.
 *
 * Numbers are in the order of memory, octet 0 in the low bits, as in frame.h; so a field's place in
 * its word is 8 times its offset, and constants of network order are swapped.
 */
#include <netinet/in.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_ether.h>

#include "flow_key.h"
#include "frame.h"

#define WORD_OF(field) (offsetof(struct esw_flow_hdr, field) / sizeof(uint64_t))
#define SHIFT_OF(field) (offsetof(struct esw_flow_hdr, field) % sizeof(uint64_t) * 8)
#define IN_PLACE(field, v) ((uint64_t)(v) << SHIFT_OF(field))
#define NET16(v) RTE_STATIC_BSWAP16(v) /* a constant of network order in the order of memory */

#define TAGS_BITS (ESW_FLOW_VLAN | ESW_FLOW_VLAN2)
#define IP4_LEN 20    /* RFC 791 3.1, without options */
#define IP6_LEN 40    /* RFC 8200 3 */
#define FRAG_LEN 8    /* RFC 8200 4.5 */
#define ARP_LEN 28    /* RFC 826, for Ethernet and IPv4 */
#define VXLAN_HDRS 16 /* UDP and VXLAN, RFC 7348 5 */
#define NONE UINT16_MAX

_Static_assert(sizeof(struct esw_flow_hdr) == 80, "a level is ten words without holes");
_Static_assert(WORD_OF(tci) == 2 && WORD_OF(bits) == 2, "tags and what is there");
_Static_assert(WORD_OF(src6) == 3 && WORD_OF(dst6) == 5, "addresses");
_Static_assert(WORD_OF(spa) == 3 && WORD_OF(sha) == 4 && WORD_OF(tha) == 5, "addresses of ARP");
_Static_assert(WORD_OF(sport) == 7 && WORD_OF(frag) == 7, "ports");
_Static_assert(WORD_OF(tos) == 8 && WORD_OF(type2) == 8 && WORD_OF(ip_len) == 8, "rest of L3");
_Static_assert(WORD_OF(vni) == 9 && WORD_OF(icmp_seq) == 9, "rest");

/* One level while it is read. Words that several headers write to are here, the others in w. */
struct level {
	const uint8_t *p;
	uint32_t n;
	uint64_t *w;
	uint64_t w2, w7, w8, w9;
	uint32_t type;   /* EtherType behind the tags */
	uint32_t l3, l4; /* offsets, NONE if there is none */
	uint32_t proto;  /* of L4, if l4 is one */
};

static inline uint16_t
ld16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return rte_le_to_cpu_16(v);
}

static inline uint32_t
ld32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return rte_le_to_cpu_32(v);
}

static inline uint64_t
ld64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return rte_le_to_cpu_64(v);
}

static inline bool
is_tpid(uint32_t type)
{
	return type == NET16(ESW_TPID_CTAG) || type == NET16(ESW_TPID_STAG);
}

/* Words 0 and 1, tags in words 2 and 8; l3 is then where L3 would begin. */
static __rte_always_inline void
read_l2(struct level *v)
{
	uint64_t dst = ld64(v->p);
	uint64_t src = ld64(v->p + RTE_ETHER_ADDR_LEN); /* and the EtherType */
	uint32_t tag;

	v->w2 = 0;
	v->w8 = 0;
	v->l3 = RTE_ETHER_HDR_LEN;
	v->type = src >> SHIFT_OF(type);
	v->w[0] = rte_cpu_to_le_64((dst & ESW_MAC48) | (src & ~ESW_MAC48));
	v->w[1] = rte_cpu_to_le_64(src & ESW_MAC48);
	if (likely(!is_tpid(v->type)) || v->n < RTE_ETHER_HDR_LEN + ESW_TAG_LEN)
		return;
	tag = ld32(v->p + RTE_ETHER_HDR_LEN);
	v->w2 = (tag & 0xffff) | IN_PLACE(bits, ESW_FLOW_VLAN);
	v->l3 += ESW_TAG_LEN;
	v->type = tag >> 16;
	v->w[1] = rte_cpu_to_le_64((src & ESW_MAC48) | IN_PLACE(type1, v->type));
	if (likely(!is_tpid(v->type)) || v->n < RTE_ETHER_HDR_LEN + 2 * ESW_TAG_LEN)
		return;
	tag = ld32(v->p + RTE_ETHER_HDR_LEN + ESW_TAG_LEN);
	v->w2 |= IN_PLACE(tci1, tag & 0xffff) | IN_PLACE(bits, ESW_FLOW_VLAN2);
	v->l3 += ESW_TAG_LEN;
	v->type = tag >> 16;
	v->w8 = IN_PLACE(type2, v->type);
}

/* A fragment, from the offset field of its L3 header. @return whether it is a later one */
static __rte_always_inline bool
read_frag(struct level *v, uint32_t frag, bool is_frag, uint32_t offset_mask)
{
	bool later = (frag & offset_mask) != 0;

	v->w7 = IN_PLACE(frag, frag);
	if (unlikely(is_frag))
		v->w2 |= IN_PLACE(bits, ESW_FLOW_FRAG | (later ? ESW_FLOW_FRAG_LATER : 0));
	return later;
}

static __rte_always_inline bool
read_ip4(struct level *v)
{
	const uint8_t *ip = v->p + v->l3;
	uint32_t room = v->n - v->l3, len, frag;
	uint64_t addrs;

	if (room < IP4_LEN)
		return false;
	len = (ip[0] & 0xf) * 4;
	if (ip[0] >> 4 != 4 || len < IP4_LEN || len > room)
		return false;
	memcpy(&addrs, ip + 12, sizeof(addrs));
	v->w[WORD_OF(src4)] = addrs;
	memset(&v->w[WORD_OF(src4) + 1], 0, 3 * sizeof(uint64_t));
	v->proto = ip[9];
	v->w2 |= IN_PLACE(l3, ESW_FLOW_L3_IPV4) | IN_PLACE(proto, v->proto);
	v->w8 |= IN_PLACE(tos, ip[1]) | IN_PLACE(ttl, ip[8]) | IN_PLACE(ip_len, ld32(ip + 2));
	v->w9 = IN_PLACE(ver_ihl, ip[0]);
	frag = ld16(ip + 6);
	/* RFC 791 3.1: 0x2000 is MF, then 13 bits of offset. */
	if (likely(!read_frag(v, frag, (frag & NET16(0x3fff)) != 0, NET16(0x1fff))))
		v->l4 = v->l3 + len;
	return true;
}

static __rte_always_inline bool
read_ip6(struct level *v)
{
	const uint8_t *ip = v->p + v->l3;
	uint32_t room = v->n - v->l3, len = IP6_LEN;

	if (room < IP6_LEN || ip[0] >> 4 != 6)
		return false;
	memcpy(&v->w[WORD_OF(src6)], ip + 8, 32);
	v->proto = ip[6];
	v->w2 |= IN_PLACE(l3, ESW_FLOW_L3_IPV6) | IN_PLACE(proto, v->proto);
	v->w8 |= IN_PLACE(ttl, ip[7]) | IN_PLACE(vtc_flow, ld32(ip));
	if (unlikely(v->proto == IPPROTO_FRAGMENT) && room >= IP6_LEN + FRAG_LEN) {
		ip += IP6_LEN;
		len += FRAG_LEN;
		v->proto = ip[0];
		v->w2 |= IN_PLACE(bits, ESW_FLOW_FRAG_EXT);
		v->w9 = IN_PLACE(frag_next, v->proto);
		/* RFC 8200 4.5: 13 bits of offset, two reserved, M. */
		if (read_frag(v, ld16(ip + 2), true, NET16(0xfff8)))
			return true;
	}
	v->l4 = v->l3 + len;
	return true;
}

static __rte_always_inline bool
read_arp(struct level *v)
{
	const uint8_t *arp = v->p + v->l3;

	/* RFC 826: hardware type 1, protocol type 0x0800, lengths 6 and 4. */
	if (v->n - v->l3 < ARP_LEN || ld32(arp) != RTE_STATIC_BSWAP32(0x00010800) ||
	    ld16(arp + 4) != NET16(0x0604))
		return false;
	v->w2 |= IN_PLACE(l3, ESW_FLOW_L3_ARP);
	v->w[WORD_OF(spa)] = rte_cpu_to_le_64(ld32(arp + 14) | IN_PLACE(tpa, ld32(arp + 24)));
	v->w[WORD_OF(sha)] = rte_cpu_to_le_64((ld64(arp + 8) & ESW_MAC48) |
					      IN_PLACE(arp_op, ld16(arp + 6)));
	v->w[WORD_OF(tha)] = rte_cpu_to_le_64(ld64(arp + 18) & ESW_MAC48);
	v->w[WORD_OF(tha) + 1] = 0;
	return true;
}

static __rte_always_inline void
read_l3(struct level *v)
{
	bool found = false;

	v->w7 = 0;
	v->w9 = 0;
	v->l4 = NONE;
	if (likely(v->type == NET16(RTE_ETHER_TYPE_IPV4)))
		found = read_ip4(v);
	else if (v->type == NET16(RTE_ETHER_TYPE_IPV6))
		found = read_ip6(v);
	else if (v->type == NET16(RTE_ETHER_TYPE_ARP))
		found = read_arp(v);
	if (likely(found))
		return;
	v->l3 = NONE;
	memset(&v->w[WORD_OF(src6)], 0, 4 * sizeof(uint64_t));
}

static __rte_always_inline void
read_l4(struct level *v)
{
	const uint8_t *l4;
	uint32_t room, need;

	if (v->l4 == NONE)
		return;
	l4 = v->p + v->l4;
	room = v->n - v->l4;
	switch (v->proto) {
	case IPPROTO_TCP: /* RFC 9293 3.1 */
		need = 20;
		break;
	case IPPROTO_SCTP: /* RFC 9260 3.1 */
		need = 12;
		break;
	case IPPROTO_UDP:    /* RFC 768 */
	case IPPROTO_ICMP:   /* RFC 792: with identifier and sequence number, or what is there */
	case IPPROTO_ICMPV6: /* RFC 4443 */
		need = 8;
		break;
	default:
		need = UINT32_MAX;
	}
	if (room < need) {
		v->l4 = NONE;
		return;
	}
	v->w2 |= IN_PLACE(l4, v->proto);
	if (v->proto == IPPROTO_ICMP || v->proto == IPPROTO_ICMPV6) {
		v->w7 |= ld16(l4) | IN_PLACE(dport, ld16(l4 + 4));
		v->w9 |= IN_PLACE(icmp_seq, ld16(l4 + 6));
		return;
	}
	v->w7 |= ld32(l4);
	if (v->proto == IPPROTO_TCP)
		v->w7 |= IN_PLACE(tcp_off, ld16(l4 + 12));
}

static __rte_always_inline void
store_level(const struct level *v)
{
	v->w[2] = rte_cpu_to_le_64(v->w2);
	v->w[7] = rte_cpu_to_le_64(v->w7);
	v->w[8] = rte_cpu_to_le_64(v->w8);
	v->w[9] = rte_cpu_to_le_64(v->w9);
}

/* The VXLAN header. @return the offset of the frame inside, or NONE */
static __rte_always_inline uint32_t
read_vxlan(struct level *v)
{
	uint32_t at = v->l4 + VXLAN_HDRS;
	uint16_t dport = (uint16_t)(v->w7 >> SHIFT_OF(dport));

	if (v->l4 == NONE || v->proto != IPPROTO_UDP || dport != NET16(ESW_FLOW_VXLAN_PORT) ||
	    v->n < at + RTE_ETHER_HDR_LEN)
		return NONE;
	v->w2 |= IN_PLACE(bits, ESW_FLOW_VXLAN);
	v->w9 |= (ld32(v->p + at - 4) & 0xffffff) | IN_PLACE(vx_flags, v->p[at - 8]);
	return at;
}

static __rte_noinline void
read_inner(const uint8_t *p, uint32_t n, union esw_flow_key *k)
{
	struct level v = { .p = p, .n = n, .w = &k->w[ESW_FLOW_HDR_WORDS] };

	read_l2(&v);
	read_l3(&v);
	read_l4(&v);
	store_level(&v);
}

void
esw_flow_key_read(const uint8_t *p, uint32_t n, enum esw_flow_depth depth, union esw_flow_key *k,
		  struct esw_flow_at *at)
{
	struct level v = { .p = p, .n = n, .w = k->w };
	uint32_t inner = NONE;

	read_l2(&v);
	if (depth == ESW_FLOW_L2) {
		k->w[2] = rte_cpu_to_le_64(v.w2);
		k->w[8] = rte_cpu_to_le_64(v.w8);
		v.l3 = NONE;
		v.l4 = NONE;
	} else {
		read_l3(&v);
		read_l4(&v);
		if (depth == ESW_FLOW_INNER) {
			inner = read_vxlan(&v);
			if (inner == NONE)
				memset(&k->h[1], 0, sizeof(k->h[1]));
			else
				read_inner(p + inner, n - inner, k);
		}
		store_level(&v);
	}
	if (at != NULL) {
		at->l2 = 0;
		at->l3 = (uint16_t)v.l3;
		at->l4 = (uint16_t)v.l4;
		at->inner = (uint16_t)inner;
	}
}

enum esw_flow_depth
esw_flow_depth_of(const union esw_flow_key *mask)
{
	const struct esw_flow_hdr *h = &mask->h[0];
	uint64_t l4 = h->l3 | h->l4 | h->proto | (h->bits & ~TAGS_BITS) | h->tos | h->ttl |
		      h->vtc_flow | mask->w[WORD_OF(vni)];
	uint64_t inner = (h->bits & ESW_FLOW_VXLAN) | h->vni[0] | h->vni[1] | h->vni[2] |
			 h->vx_flags;

	for (uint32_t i = ESW_FLOW_HDR_WORDS; i < ESW_FLOW_WORDS; i++)
		inner |= mask->w[i];
	for (uint32_t i = WORD_OF(src6); i <= WORD_OF(sport); i++)
		l4 |= mask->w[i];
	if (inner != 0)
		return ESW_FLOW_INNER;
	return l4 != 0 ? ESW_FLOW_L4 : ESW_FLOW_L2;
}
