/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_ITEM_TABLE_H_
#define _ESN_FLOW_ITEM_TABLE_H_

/*
 * What each item is, as a value, and the walk along a pattern. Internal to flow_item*.c.
 */
#include "flow_item.h"

/* Some octets of an item's structure are a field of the key, or cannot be matched. */
struct esn_flow_field {
	uint8_t from, len; /* octets of the structure; len is 1, 2, 3, 4, 6 or 16 */
	uint8_t to;        /* octet of struct esw_flow_hdr, or ESN_FLOW_FIELD_NONE */
};
#define ESN_FLOW_FIELD_NONE UINT8_MAX
#define ESN_FLOW_FIELDS 10

/* Where in a level's stack of headers an item may stand: behind lower ones. */
enum esn_flow_rank {
	ESN_FLOW_RANK_NONE, /* says nothing of headers: anywhere */
	ESN_FLOW_RANK_L2,
	ESN_FLOW_RANK_VLAN,
	ESN_FLOW_RANK_L3,
	ESN_FLOW_RANK_EXT,
	ESN_FLOW_RANK_L4,
	ESN_FLOW_RANK_TUNNEL,
};

struct esn_flow_walk;

struct esn_flow_item_kind {
	const char *only; /* what can be matched, for the sentence that says what cannot */
	const void *mask; /* rte_flow's default */
	uint8_t rank;     /* enum esn_flow_rank */
	uint8_t l3, l4;   /* the item says that this header is there; 0 = nothing */
	uint8_t bits;     /* and these ESW_FLOW_* bits */
	/* before the fields; NULL = nothing to do */
	int (*before)(struct esn_flow_walk *w);
	/* after them, if there is a spec: w->spec and w->mask are set */
	int (*after)(struct esn_flow_walk *w);
	struct esn_flow_field field[ESN_FLOW_FIELDS]; /* len 0 ends */
};

/* Along a pattern. */
struct esn_flow_walk {
	const struct esn_flow_port *port;
	struct esn_flow_pattern *p;
	struct rte_flow_error *error;
	const struct rte_flow_item *item; /* the present one */
	const struct esn_flow_item_kind *kind;
	const struct esn_flow_field *fields; /* `before` may put others in place of the kind's */
	const uint8_t *spec, *mask;          /* of the item, or the default mask */
	uint8_t rank;                        /* of the last item */
	uint8_t level;                       /* 0, 1 = inside VXLAN */
	uint8_t vlans;                       /* VLAN items of this level */
	bool transfer;
	bool later; /* an item of this level asks for later fragments */
};

/* NULL: an item that is not supported. */
const struct esn_flow_item_kind *esn_flow_item_kind(enum rte_flow_item_type type);

extern const struct esn_flow_field esn_flow_vlan2_fields[];

static inline struct esw_flow_hdr *
esn_flow_key(struct esn_flow_walk *w)
{
	return &w->p->match.key.h[w->level];
}

static inline struct esw_flow_hdr *
esn_flow_mask(struct esn_flow_walk *w)
{
	return &w->p->match.mask.h[w->level];
}

static inline struct esn_flow_layers *
esn_flow_layers(struct esn_flow_walk *w)
{
	return &w->p->level[w->level];
}

/*
 * Refuse the present item, or a part of it that `type` names; `why` is a constant. @return -code
 */
int esn_flow_item_no(struct esn_flow_walk *w, int code, enum rte_flow_error_type type,
		     const char *why);

/* The next item of a pattern that was cleared before the first. */
int esn_flow_item_put(struct esn_flow_walk *w, const struct rte_flow_item *item);
void esn_flow_pattern_clear(struct esn_flow_pattern *pattern);

/* These bits must be as `set` says. An item before may have asked for the opposite: refused. */
int esn_flow_item_bits(struct esn_flow_walk *w, uint8_t bits, bool set);

/* flow_item_more.c: what the table cannot say. */
int esn_flow_eth_after(struct esn_flow_walk *w);
int esn_flow_vlan_before(struct esn_flow_walk *w);
int esn_flow_vlan_after(struct esn_flow_walk *w);
int esn_flow_arp_after(struct esn_flow_walk *w);
int esn_flow_ipv4_after(struct esn_flow_walk *w);
int esn_flow_ipv6_after(struct esn_flow_walk *w);
int esn_flow_frag_before(struct esn_flow_walk *w);
int esn_flow_frag_after(struct esn_flow_walk *w);
int esn_flow_l4_before(struct esn_flow_walk *w);
int esn_flow_vxlan_before(struct esn_flow_walk *w);
int esn_flow_port_id_before(struct esn_flow_walk *w);
int esn_flow_represented_before(struct esn_flow_walk *w);
int esn_flow_representor_before(struct esn_flow_walk *w);

#endif /* _ESN_FLOW_ITEM_TABLE_H_ */
