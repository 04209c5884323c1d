/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* The walk along a pattern. See flow_item.h. */
#include <string.h>

#include "flow_item_table.h"

int
esn_flow_item_no(struct esn_flow_walk *w, int code, enum rte_flow_error_type type, const char *why)
{
	const void *cause = w->item;

	if (type == RTE_FLOW_ERROR_TYPE_ITEM_SPEC)
		cause = w->item->spec;
	else if (type == RTE_FLOW_ERROR_TYPE_ITEM_LAST)
		cause = w->item->last;
	else if (type == RTE_FLOW_ERROR_TYPE_ITEM_MASK)
		cause = w->item->mask;
	return rte_flow_error_set(w->error, code, type, cause, why);
}

int
esn_flow_item_bits(struct esn_flow_walk *w, uint8_t bits, bool set)
{
	uint8_t *key = &esn_flow_key(w)->bits, *mask = &esn_flow_mask(w)->bits;
	uint8_t value = set ? bits : 0;

	if (((*key ^ value) & *mask & bits) != 0)
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
					"the item contradicts one before it");
	*key |= value;
	*mask |= bits;
	return 0;
}

/* n is a constant wherever this is called. */
static inline void
put(uint8_t *key, uint8_t *key_mask, const uint8_t *spec, const uint8_t *mask, size_t n)
{
	uint64_t s = 0, m = 0;

	memcpy(&s, spec, n);
	memcpy(&m, mask, n);
	s &= m;
	memcpy(key, &s, n);
	memcpy(key_mask, &m, n);
}

static void
field_put(struct esn_flow_walk *w, const struct esn_flow_field *f)
{
	uint8_t *k = (uint8_t *)esn_flow_key(w) + f->to;
	uint8_t *m = (uint8_t *)esn_flow_mask(w) + f->to;
	const uint8_t *spec = w->spec + f->from, *mask = w->mask + f->from;

	switch (f->len) {
	case 1:
		put(k, m, spec, mask, 1);
		break;
	case 2:
		put(k, m, spec, mask, 2);
		break;
	case 3:
		put(k, m, spec, mask, 3);
		break;
	case 4:
		put(k, m, spec, mask, 4);
		break;
	case 6:
		put(k, m, spec, mask, 6);
		break;
	default: /* an IPv6 address */
		put(k, m, spec, mask, 8);
		put(k + 8, m + 8, spec + 8, mask + 8, 8);
		break;
	}
}

static bool
all_zero(const uint8_t *p, uint32_t n)
{
	uint8_t any = 0;

	for (uint32_t i = 0; i < n; i++)
		any |= p[i];
	return any == 0;
}

/*
 * An interval takes the place of the field's value. None: `last` is zero or the same, as far as the
 * mask looks.
 */
static int
range_put(struct esn_flow_walk *w, const struct esn_flow_field *f)
{
	const uint8_t *last = (const uint8_t *)w->item->last + f->from;
	struct esw_flow_match *m = &w->p->match;
	struct esw_flow_range r = {
		.off = w->level * sizeof(struct esw_flow_hdr) + f->to,
		.len = f->len,
	};

	for (uint32_t i = 0; i < f->len; i++) {
		r.mask[i] = w->mask[f->from + i];
		r.lo[i] = w->spec[f->from + i] & r.mask[i];
		r.hi[i] = last[i] & r.mask[i];
	}
	if (all_zero(r.hi, f->len) || memcmp(r.lo, r.hi, f->len) == 0)
		return 0;
	if (memcmp(r.hi, r.lo, f->len) < 0)
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM_LAST,
					"an interval ends before it begins");
	if (m->n_ranges == ESW_FLOW_RANGES_MAX)
		return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_LAST,
					"a pattern has at most 8 intervals");
	m->range[m->n_ranges++] = r;
	memset((uint8_t *)esn_flow_key(w) + f->to, 0, f->len);
	memset((uint8_t *)esn_flow_mask(w) + f->to, 0, f->len);
	return 0;
}

static int
fields_put(struct esn_flow_walk *w)
{
	const struct esn_flow_field *f;
	int ret = 0;

	for (f = w->fields; f->len != 0 && ret == 0; f++) {
		if (f->to == ESN_FLOW_FIELD_NONE) {
			if (!all_zero(w->mask + f->from, f->len))
				return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_MASK,
							w->kind->only);
			continue;
		}
		field_put(w, f);
		if (w->item->last != NULL)
			ret = range_put(w, f);
	}
	return ret;
}

/* What the item says by being there. */
static int
imply(struct esn_flow_walk *w)
{
	const struct esn_flow_item_kind *kind = w->kind;

	if (kind->l3 != 0) {
		esn_flow_key(w)->l3 = kind->l3;
		esn_flow_mask(w)->l3 = UINT8_MAX;
		esn_flow_layers(w)->l3 = kind->l3;
	}
	return kind->bits != 0 ? esn_flow_item_bits(w, kind->bits, true) : 0;
}

/* Is it an item that may stand here, with what it needs? */
static int
begin(struct esn_flow_walk *w, const struct rte_flow_item *item)
{
	const struct esn_flow_item_kind *kind = esn_flow_item_kind(item->type);

	w->item = item;
	w->kind = kind;
	if (kind == NULL)
		return esn_flow_item_no(w, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM,
					"this item is not supported");
	if (kind->rank != ESN_FLOW_RANK_NONE &&
	    (kind->rank < w->rank || (kind->rank == w->rank && kind->rank != ESN_FLOW_RANK_VLAN)))
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM,
					"items are not in the order of headers in a frame");
	if (item->spec == NULL && item->mask != NULL)
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM_MASK,
					"there is a mask without a spec");
	if (item->spec == NULL && item->last != NULL)
		return esn_flow_item_no(w, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM_LAST,
					"there is an end of an interval without a spec");
	w->fields = kind->field;
	w->spec = item->spec;
	w->mask = item->mask != NULL ? item->mask : kind->mask;
	return 0;
}

/* The next item's place: in the same level, or inside the tunnel. */
static void
advance(struct esn_flow_walk *w)
{
	if (w->kind->rank == ESN_FLOW_RANK_NONE)
		return;
	w->rank = w->kind->rank;
	if (w->rank != ESN_FLOW_RANK_TUNNEL)
		return;
	w->level++;
	w->rank = ESN_FLOW_RANK_NONE;
	w->vlans = 0;
	w->later = false;
}

int
esn_flow_item_put(struct esn_flow_walk *w, const struct rte_flow_item *item)
{
	int ret = begin(w, item);

	if (ret == 0 && w->kind->before != NULL)
		ret = w->kind->before(w);
	if (ret == 0)
		ret = imply(w);
	if (ret == 0 && w->spec != NULL)
		ret = fields_put(w);
	if (ret == 0 && w->spec != NULL && w->kind->after != NULL)
		ret = w->kind->after(w);
	if (ret == 0)
		advance(w);
	return ret;
}

void
esn_flow_pattern_clear(struct esn_flow_pattern *pattern)
{
	memset(&pattern->match, 0, offsetof(struct esw_flow_match, range));
	memset(pattern->level, 0, sizeof(pattern->level));
	pattern->ep = ESN_FLOW_EP_NONE;
}

int
esn_flow_pattern_get(const struct esn_flow_port *port, bool transfer,
		     const struct rte_flow_item *items, struct esn_flow_pattern *pattern,
		     struct rte_flow_error *error)
{
	struct esn_flow_walk w = {
		.port = port,
		.p = pattern,
		.error = error,
		.transfer = transfer,
	};
	int ret = 0;

	if (items == NULL)
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM_NUM, NULL,
					  "there is no pattern");
	esn_flow_pattern_clear(pattern);
	for (; items->type != RTE_FLOW_ITEM_TYPE_END && ret == 0; items++)
		if (items->type != RTE_FLOW_ITEM_TYPE_VOID)
			ret = esn_flow_item_put(&w, items);
	return ret;
}
