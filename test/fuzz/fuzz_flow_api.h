/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FUZZ_FLOW_API_H_
#define _FUZZ_FLOW_API_H_

/*
 * Attributes and items of rte_flow made of a fuzzer's input: types that the front end knows and
 * others, values that are in range mostly, and pointers that are NULL wherever rte_flow lets them
 * be. fuzz_flow_acts.h: actions.
 *
 * What surprises: every structure lies in a piece of its own, so that AddressSanitizer sees who
 * reads beyond it; pieces are good until api_forget().
 */
#include <rte_ethdev.h>
#include <rte_flow.h>

#include "fuzz_flow.h"

#define API_PORTS 5
#define API_PIECES 4096

struct api {
	const uint16_t *port; /* API_PORTS that items and actions may name; the last is none */
	struct rte_flow_action_handle **handle;
	uint32_t n_handles;
	uint32_t n;
	void *piece[API_PIECES];
};

/* n zeroed octets. */
static inline void *
api_get(struct api *a, size_t n)
{
	void *p = calloc(1, n != 0 ? n : 1);

	promise(p != NULL && a->n < API_PIECES, "memory", "none");
	a->piece[a->n++] = p;
	return p;
}

/* n octets of the input. */
static inline void *
api_take(struct take *t, struct api *a, size_t n)
{
	void *p = api_get(a, n);

	take_octets(t, p, n);
	return p;
}

static inline void
api_forget(struct api *a)
{
	while (a->n > 0)
		free(a->piece[--a->n]);
}

/*
 * Never transfer with a direction: rte_flow_validate() refuses that before it asks the driver, and
 * rte_flow_create() does not.
 */
static inline struct rte_flow_attr *
api_attr(struct take *t, struct api *a)
{
	struct rte_flow_attr *attr = api_get(a, sizeof(*attr));
	uint8_t v = take_u8(t);

	attr->transfer = v % 2;
	attr->ingress = v % 2 == 0 && v < 0xf8;
	attr->egress = v % 2 == 0 && v >= 0xf0;
	attr->group = v / 2 % 4;
	attr->priority = (v & 8) == 0 ? v >> 4 : take_u32(t);
	return v == 0xff ? NULL : attr;
}

#define API_ITEM(t, s) \
	{ \
		RTE_FLOW_ITEM_TYPE_##t, sizeof(struct rte_flow_item_##s) \
	}
struct api_item {
	enum rte_flow_item_type type;
	size_t size;
};

/* In the order in which they may stand. */
static const struct api_item api_in_order[] = {
	API_ITEM(PORT_ID, port_id),
	API_ITEM(REPRESENTED_PORT, ethdev),
	API_ITEM(PORT_REPRESENTOR, ethdev),
	API_ITEM(ETH, eth),
	API_ITEM(VLAN, vlan),
	API_ITEM(VLAN, vlan),
	API_ITEM(ARP_ETH_IPV4, arp_eth_ipv4),
	API_ITEM(IPV4, ipv4),
	API_ITEM(IPV6, ipv6),
	API_ITEM(IPV6_FRAG_EXT, ipv6_frag_ext),
	API_ITEM(TCP, tcp),
	API_ITEM(SCTP, sctp),
	API_ITEM(ICMP, icmp),
	API_ITEM(ICMP6, icmp6),
	API_ITEM(UDP, udp),
	API_ITEM(VXLAN, vxlan),
	API_ITEM(ETH, eth),
	API_ITEM(VLAN, vlan),
	API_ITEM(IPV4, ipv4),
	API_ITEM(IPV6, ipv6),
	API_ITEM(UDP, udp),
	API_ITEM(TCP, tcp),
	API_ITEM(VXLAN, vxlan),
};

/* Those that no pattern may have. */
static const struct api_item api_strange[] = {
	API_ITEM(RAW, raw),
	API_ITEM(GRE, gre),
	API_ITEM(MPLS, mpls),
	API_ITEM(META, meta),
	API_ITEM(NVGRE, nvgre),
	{ RTE_FLOW_ITEM_TYPE_VOID, 0 },
	{ (enum rte_flow_item_type) - 1, 16 },
	{ (enum rte_flow_item_type)9999, 16 },
};

/* NULL, all of it, some octet, or anything. */
static inline void *
api_mask(struct take *t, struct api *a, uint8_t how, size_t n)
{
	uint8_t *p;

	if (how % 4 == 0 || n == 0)
		return NULL;
	if (how % 4 == 3)
		return api_take(t, a, n);
	p = api_get(a, n);
	if (how % 4 == 1)
		memset(p, 0xff, n);
	else
		p[take_u8(t) % n] = take_u8(t);
	return p;
}

static inline bool
api_is_port(enum rte_flow_item_type type)
{
	return type == RTE_FLOW_ITEM_TYPE_PORT_ID || type == RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR ||
	       type == RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT;
}

static inline void
api_item(struct take *t, struct api *a, const struct api_item *kind, struct rte_flow_item *item)
{
	uint8_t how = take_u8(t);
	uint8_t *spec, *last;

	item->type = kind->type;
	if ((how & 0x03) != 0) {
		spec = api_take(t, a, kind->size);
		item->spec = spec;
		if (api_is_port(kind->type)) /* both structures begin with it */
			memcpy(spec, &a->port[spec[0] % API_PORTS], sizeof(a->port[0]));
		if (api_is_port(kind->type) && kind->size > 2)
			memset(spec + 2, 0, kind->size - 2);
	}
	item->mask = api_mask(t, a, how >> 2, kind->size);
	if ((how & 0xf0) != 0xf0)
		return;
	/* The end of an interval: mostly not before its beginning. */
	last = api_take(t, a, kind->size);
	for (size_t i = 0; item->spec != NULL && (how & 8) != 0 && i < kind->size; i++)
		last[i] |= ((const uint8_t *)item->spec)[i];
	item->last = last;
}

static inline struct rte_flow_item *
api_items(struct take *t, struct api *a)
{
	struct rte_flow_item *items = api_get(a, 12 * sizeof(*items));
	uint32_t at = take_u8(t), n = 0;

	if (at == 0xff)
		return NULL;
	at %= RTE_DIM(api_in_order);
	while (n < 11 && at < RTE_DIM(api_in_order)) {
		uint8_t v = take_u8(t);

		if (v < 0xf0) {
			api_item(t, a, &api_in_order[at], &items[n++]);
			at += 1 + v % 8;
		} else {
			api_item(t, a, &api_strange[v % RTE_DIM(api_strange)], &items[n++]);
			at = take_u8(t);
		}
	}
	items[n].type = RTE_FLOW_ITEM_TYPE_END;
	return items;
}

#endif /* _FUZZ_FLOW_API_H_ */
