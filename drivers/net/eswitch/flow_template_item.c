/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Templates of patterns. See flow_template.h. */
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>

#include "flow_item_table.h"
#include "flow_template.h"

/* Any item's structure, while there are no values; see spec_of(). */
static const uint64_t zeros[16];

static int
no(struct rte_flow_error *error, int code, enum rte_flow_error_type type, const void *cause,
   const char *why)
{
	return rte_flow_error_set(error, code, type, cause, why);
}

/*
 * Something to translate in place of a rule's values: zero, but where that would exclude headers
 * that the pattern asks for as well.
 */
static const void *
spec_of(enum rte_flow_item_type type)
{
	static const uint8_t arp[sizeof(struct rte_flow_item_arp_eth_ipv4)] = { 0, 1, 8, 0, 6, 4 };
	static const struct rte_flow_item_eth eth = { .has_vlan = 1 };
	static const struct rte_flow_item_vlan vlan = { .has_more_vlan = 1 };
	static const struct rte_flow_item_ipv6 ipv6 = { .has_frag_ext = 1 };

	switch ((int)type) {
	case RTE_FLOW_ITEM_TYPE_ARP_ETH_IPV4:
		return arp;
	case RTE_FLOW_ITEM_TYPE_ETH:
		return &eth;
	case RTE_FLOW_ITEM_TYPE_VLAN:
		return &vlan;
	case RTE_FLOW_ITEM_TYPE_IPV6:
		return &ipv6;
	default:
		return zeros;
	}
}

/* Do the values of this item decide more than the key? */
static bool
decides(const struct rte_flow_item *item)
{
	static const uint8_t arp_fixed[6]; /* hrd, pro, hln, pln: not in the key */

	switch ((int)item->type) {
	case RTE_FLOW_ITEM_TYPE_ETH:
		return ((const struct rte_flow_item_eth *)item->mask)->has_vlan != 0;
	case RTE_FLOW_ITEM_TYPE_VLAN:
		return ((const struct rte_flow_item_vlan *)item->mask)->has_more_vlan != 0;
	case RTE_FLOW_ITEM_TYPE_IPV4:
		return ((const struct rte_flow_item_ipv4 *)item->mask)->hdr.fragment_offset != 0;
	case RTE_FLOW_ITEM_TYPE_IPV6:
		return ((const struct rte_flow_item_ipv6 *)item->mask)->has_frag_ext != 0;
	case RTE_FLOW_ITEM_TYPE_IPV6_FRAG_EXT:
		return ((const struct rte_flow_item_ipv6_frag_ext *)item->mask)->hdr.frag_data != 0;
	case RTE_FLOW_ITEM_TYPE_ARP_ETH_IPV4:
		return memcmp(item->mask, arp_fixed, sizeof(arp_fixed)) != 0;
	default:
		return false;
	}
}

static bool
is_port_item(enum rte_flow_item_type type)
{
	return type == RTE_FLOW_ITEM_TYPE_PORT_ID || type == RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT ||
	       type == RTE_FLOW_ITEM_TYPE_PORT_REPRESENTOR;
}

/* The sender comes with each rule; what is known of it before. */
static int
port_item(struct rte_flow_pattern_template *t, uint32_t i, struct rte_flow_error *error)
{
	const struct rte_flow_item *item = &t->item[i];
	const struct rte_flow_item_ethdev *ethdev = item->mask;
	const struct rte_flow_item_port_id *id = item->mask;
	bool whole = item->mask == NULL;

	if (item->type == RTE_FLOW_ITEM_TYPE_PORT_ID) {
		t->as = ESN_FLOW_AS_ID;
		whole = whole || id->id == UINT32_MAX;
	} else {
		t->as = item->type == RTE_FLOW_ITEM_TYPE_REPRESENTED_PORT ?
				ESN_FLOW_AS_REPRESENTED :
				ESN_FLOW_AS_ITSELF;
		whole = whole || ethdev->port_id == UINT16_MAX;
	}
	if (!t->transfer || t->ingress)
		return no(error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, item,
			  "port items are for transfer rules");
	if (item->last != NULL)
		return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_LAST, item->last,
			  "a rule is about one port");
	if (!whole)
		return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_MASK, item->mask,
			  "a port is matched as a whole");
	if (t->port_item >= 0)
		return no(error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, item,
			  "a rule is about one port, and has a port item already");
	t->port_item = i;
	return 0;
}

/* With relaxed matching, an item without a mask: it is taken to be there, and not asked for. */
static int
put_unasked(struct esn_flow_walk *w, const struct rte_flow_item *item)
{
	union esw_flow_key key = w->p->match.key, mask = w->p->match.mask;
	int ret = esn_flow_item_put(w, item);

	w->p->match.key = key;
	w->p->match.mask = mask;
	return ret;
}

/* One item, with a rule's value (NULL: there is none yet). */
static int
put(struct esn_flow_walk *w, const struct rte_flow_pattern_template *t, uint32_t i,
    const struct rte_flow_item *values)
{
	const struct rte_flow_item *given = values != NULL ? &values[i] : &t->item[i];
	struct rte_flow_item item = t->item[i];
	int ret;

	if (item.last == NULL && is_port_item(item.type))
		item.spec = given->spec;
	else if (item.last == NULL && item.mask != NULL)
		item.spec = values != NULL ? given->spec : spec_of(item.type);
	if (item.mask != NULL && item.spec == NULL)
		return no(w->error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, given,
			  "the template has a mask for this item, and there is no spec");
	if (t->relaxed && item.mask == NULL && !is_port_item(item.type) && item.last == NULL)
		ret = put_unasked(w, &item);
	else
		ret = esn_flow_item_put(w, &item);
	if (ret != 0 && w->error != NULL &&
	    (w->error->cause == &item || (values == NULL && w->error->cause == item.spec)))
		w->error->cause = given;
	return ret;
}

int
esn_flow_template_pattern(const struct esn_flow_port *port,
			  const struct rte_flow_pattern_template *t, bool transfer,
			  const struct rte_flow_item *values, struct esn_flow_pattern *pattern,
			  struct rte_flow_error *error)
{
	struct esn_flow_walk w = {
		.port = port,
		.p = pattern,
		.error = error,
		.transfer = transfer,
	};
	int ret = 0;

	esn_flow_pattern_clear(pattern);
	for (uint32_t i = 0; i + 1 < t->n_items && ret == 0; i++)
		if (t->item[i].type != RTE_FLOW_ITEM_TYPE_VOID)
			ret = put(&w, t, i, values);
	return ret;
}

static uint64_t
load(const uint8_t *p, uint32_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return rte_le_to_cpu_64(v);
}

/* What of an item's values goes into the key, and where. */
static int
copies_add(struct rte_flow_pattern_template *t, uint32_t i, const struct esn_flow_walk *w,
	   uint8_t level, struct rte_flow_error *error)
{
	const uint8_t *mask = t->item[i].mask;

	for (const struct esn_flow_field *f = w->fields; f->len != 0; f++) {
		for (uint32_t at = 0; at < f->len; at += 8) {
			uint32_t n = RTE_MIN(f->len - at, 8u);
			uint32_t to = level * sizeof(struct esw_flow_hdr) + f->to + at;
			uint64_t m = load(mask + f->from + at, n);

			if (m == 0)
				continue;
			if (t->n_copies == ESN_FLOW_COPIES)
				return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM, &t->item[i],
					  "a template has at most 64 fields");
			t->copy[t->n_copies++] = (struct esn_flow_copy){
				.item = i,
				.from = f->from + at,
				.len = n,
				.word = to / 8,
				.shift = to % 8 * 8,
				.mask = m,
			};
		}
	}
	return 0;
}

/* The pattern of all rules, and what each rule adds. */
static int
translate(const struct esn_flow_port *port, struct rte_flow_pattern_template *t,
	  struct rte_flow_error *error)
{
	struct esn_flow_walk w = {
		.port = port,
		.p = &t->pattern,
		.error = error,
		.transfer = t->transfer,
	};
	int ret = 0;

	esn_flow_pattern_clear(&t->pattern);
	for (uint32_t i = 0; i + 1 < t->n_items && ret == 0; i++) {
		const struct rte_flow_item *item = &t->item[i];
		uint8_t level = w.level;

		if (item->type == RTE_FLOW_ITEM_TYPE_VOID)
			continue;
		if (is_port_item(item->type)) {
			ret = port_item(t, i, error);
			continue;
		}
		ret = put(&w, t, i, NULL);
		if (ret != 0 || item->mask == NULL || item->last != NULL)
			continue;
		t->slow |= decides(item);
		ret = copies_add(t, i, &w, level, error);
	}
	return ret;
}

/* An application's list of items, its own octets included. */
static int
items_copy(struct rte_flow_pattern_template *t, const struct rte_flow_item *items,
	   struct rte_flow_error *error)
{
	struct rte_flow_item *copy;
	uint32_t n = 0;
	int size;

	do {
		if (n == ESN_FLOW_TEMPLATE_LEN)
			return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_NUM, items,
				  "a template has at most 31 items");
		if (items[n].type != RTE_FLOW_ITEM_TYPE_VOID &&
		    items[n].type != RTE_FLOW_ITEM_TYPE_END &&
		    esn_flow_item_kind(items[n].type) == NULL)
			return no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM, &items[n],
				  "this item is not supported");
		t->item[n] = items[n];
		if (items[n].last == NULL)
			t->item[n].spec = NULL; /* perhaps not even a pointer */
	} while (items[n++].type != RTE_FLOW_ITEM_TYPE_END);
	t->n_items = n;
	size = rte_flow_conv(RTE_FLOW_CONV_OP_PATTERN, NULL, 0, t->item, error);
	if (size < 0)
		return size;
	copy = malloc(size);
	if (copy == NULL)
		return no(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
			  "no memory for a template");
	size = rte_flow_conv(RTE_FLOW_CONV_OP_PATTERN, copy, size, t->item, error);
	t->octets = copy;
	memcpy(t->item, copy, n * sizeof(*copy));
	return size < 0 ? size : 0;
}

/* A refusal points at the application's list, not at our copy. */
static void
cause_set(struct rte_flow_error *error, const struct rte_flow_pattern_template *t,
	  const struct rte_flow_item *items)
{
	for (uint32_t i = 0; error != NULL && i < t->n_items; i++) {
		const struct rte_flow_item *ours = &t->item[i];

		if (error->cause == ours)
			error->cause = &items[i];
		else if (error->cause != NULL && error->cause == ours->mask)
			error->cause = items[i].mask;
		else if (error->cause != NULL && error->cause == ours->last)
			error->cause = items[i].last;
	}
}

struct rte_flow_pattern_template *
esn_flow_pattern_template_make(const struct esn_flow_port *port,
			       const struct rte_flow_pattern_template_attr *attr,
			       const struct rte_flow_item *items, struct rte_flow_error *error)
{
	struct rte_flow_pattern_template *t;
	int ret = esn_flow_template_side(port, attr->ingress != 0, attr->egress != 0,
					 attr->transfer != 0, error);

	if (ret != 0)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (t == NULL) {
		no(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		   "no memory for a template");
		return NULL;
	}
	t->ingress = attr->ingress != 0;
	t->transfer = attr->transfer != 0;
	t->relaxed = attr->relaxed_matching != 0;
	t->port_item = -1;
	ret = items_copy(t, items, error);
	if (ret == 0) {
		ret = translate(port, t, error);
		if (ret != 0)
			cause_set(error, t, items);
	}
	if (ret == 0)
		return t;
	esn_flow_pattern_template_free(t);
	rte_errno = -ret;
	return NULL;
}

void
esn_flow_pattern_template_free(struct rte_flow_pattern_template *t)
{
	free(t->octets);
	free(t);
}
