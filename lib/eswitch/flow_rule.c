/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_rule.h. */
#include <errno.h>

#include "flow_meter.h"
#include "flow_rule.h"

static uint32_t
extra_of(const struct esw_flow_act *a)
{
	if (a->op == ESW_FLOW_ENCAP)
		return RTE_ALIGN_CEIL(a->encap.len, 8);
	return a->op == ESW_FLOW_RSS ? RTE_ALIGN_CEIL(sizeof(struct esw_flow_rss), 8) : 0;
}

void
esw_flow_layout_make(struct esw_flow_layout *l, const struct esw_flow_spec *s, uint32_t n_words)
{
	uint32_t at = offsetof(struct esw_flow, key) +
		      RTE_MAX(n_words, (uint32_t)ESW_FLOW_KEY_INLINE) * sizeof(uint64_t);
	uint32_t extra = 0;

	l->counter = l->age = 0;
	for (uint32_t i = 0; i < s->n_acts; i++) {
		if (s->act[i].op == ESW_FLOW_COUNT && s->act[i].counter == NULL) {
			l->counter = at;
			at += sizeof(struct esw_flow_counter);
		} else if (s->act[i].op == ESW_FLOW_AGE && s->act[i].age == NULL) {
			l->age = at;
			at += sizeof(struct esw_flow_age);
		}
		extra += extra_of(&s->act[i]);
	}
	l->act = at;
	at += (s->n_acts + 1) * sizeof(struct esw_flow_act);
	l->extra = at;
	at += extra;
	l->range = at;
	l->end = at + s->match->n_ranges * sizeof(struct esw_flow_range);
}

/* Octets that an action points to become the rule's own. */
static uint8_t *
act_own(struct esw_flow_act *a, uint8_t *extra)
{
	uint32_t n = extra_of(a);

	if (a->op == ESW_FLOW_ENCAP) {
		memcpy(extra, a->encap.bytes, a->encap.len);
		a->encap.bytes = extra;
	} else if (a->op == ESW_FLOW_RSS) {
		memcpy(extra, a->rss, sizeof(*a->rss));
		a->rss = (const struct esw_flow_rss *)extra;
	}
	return extra + n;
}

static bool
is_edit(enum esw_flow_op op)
{
	return op >= ESW_FLOW_POP_VLAN;
}

static uint8_t
bits_of(const struct esw_flow_spec *s)
{
	bool simple = s->side == ESW_FLOW_TRANSFER, whole = true;
	uint32_t ports = 0, counts = 0;

	for (uint32_t i = 0; i < s->n_acts; i++) {
		enum esw_flow_op op = s->act[i].op;

		ports += op == ESW_FLOW_PORT;
		counts += op == ESW_FLOW_COUNT;
		simple &= op == ESW_FLOW_PORT || op == ESW_FLOW_COUNT;
		whole &= !is_edit(op) && op != ESW_FLOW_JUMP && op != ESW_FLOW_PASSTHRU &&
			 op != ESW_FLOW_METER && op != ESW_FLOW_SAMPLE;
	}
	return (simple && ports == 1 && counts <= 1 ? ESW_FLOW_IS_SIMPLE : 0) |
	       (whole ? ESW_FLOW_IS_WHOLE : 0);
}

/* Not an object of the rule's own, which lies in its own piece of memory? */
static bool
is_shared(const struct esw_flow *r, const void *object)
{
	return (uintptr_t)object - (uintptr_t)r >=
	       esw_flow_ctl(r)->size - sizeof(struct esw_flow_ctl);
}

void
esw_flow_act_ref(const struct esw_flow *r, const struct esw_flow_act *a, int by)
{
	if (a->op == ESW_FLOW_COUNT && is_shared(r, a->counter))
		__atomic_fetch_add(&a->counter->refs, (uint32_t)by, __ATOMIC_RELAXED);
	else if (a->op == ESW_FLOW_AGE && is_shared(r, a->age))
		__atomic_fetch_add(&a->age->refs, (uint32_t)by, __ATOMIC_RELAXED);
	else if (a->op == ESW_FLOW_METER)
		esw_flow_meter_ref(a->meter, by);
}

void
esw_flow_rule_release(struct esw_flow *r)
{
	if (!esw_flow_ctl(r)->shares)
		return;
	for (const struct esw_flow_act *a = r->act; a->op != ESW_FLOW_END; a++)
		esw_flow_act_ref(r, a, -1);
}

void
esw_flow_act_own(struct esw_flow *r, struct esw_flow_act *a, const struct esw_flow_layout *l)
{
	struct esw_flow_ctl *c = esw_flow_ctl(r);
	bool own = a->op == ESW_FLOW_COUNT && a->counter == NULL;

	if (own) {
		a->counter = RTE_PTR_ADD(r, l->counter);
		*a->counter = (struct esw_flow_counter){ 0 };
	} else if (a->op == ESW_FLOW_AGE && a->age == NULL) {
		a->age = RTE_PTR_ADD(r, l->age);
		*a->age = (struct esw_flow_age){ .timeout = a->timeout, .context = a->context };
		c->age_is_own = true;
	} else if (esw_flow_act_shares(a)) {
		c->shares = true;
	}
	/* A query of the rule means its own counter, if it has a shared one, too. */
	if (a->op == ESW_FLOW_COUNT && (own || r->counter == NULL))
		r->counter = a->counter;
	else if (a->op == ESW_FLOW_AGE && c->age == NULL)
		c->age = a->age;
}

/* Actions with everything that they point to. */
static int
acts_make(struct esw *sw, struct esw_flow *r, const struct esw_flow_layout *l,
	  const struct esw_flow_spec *s, uint64_t later)
{
	struct esw_flow_act *a = RTE_PTR_ADD(r, l->act);
	uint8_t *extra = RTE_PTR_ADD(r, l->extra);
	int rc = 0;

	r->act = a;
	for (uint32_t i = 0; i < s->n_acts && rc == 0; i++, a++) {
		*a = s->act[i];
		if ((later >> i & 1) != 0)
			continue;
		esw_flow_act_own(r, a, l);
		extra = act_own(a, extra);
		esw_flow_act_ref(r, a, 1);
		if (a->op == ESW_FLOW_PORT) {
			r->to_ep = a->ep;
			esw_flow_ctl(r)->opens = true;
		} else if (a->op == ESW_FLOW_JUMP) {
			a->table = esw_flow_table_get(sw, s->ep, s->side, a->group);
			rc = a->table != NULL ? 0 : -ENOMEM;
		}
	}
	a->op = ESW_FLOW_END;
	if (rc != 0)
		esw_flow_rule_release(r);
	return rc;
}

void
esw_flow_key_make(struct esw_flow *r, const struct esw_flow_sub *sub, const union esw_flow_key *key)
{
	for (uint32_t i = 0; i < sub->n_words; i++)
		r->key[i] = key->w[sub->word[i]] & sub->mask[i];
	r->hash = esw_flow_hash(sub, key);
}

int
esw_flow_rule_fill(struct esw *sw, struct esw_flow_ctl *c, const struct esw_flow_layout *l,
		   const struct esw_flow_spec *s, struct esw_flow_sub *sub, uint64_t later)
{
	struct esw_flow *r = (struct esw_flow *)(c + 1);

	esw_flow_key_make(r, sub, &s->match->key);
	esw_flow_sub_prefetch(sub, r->hash);
	*c = (struct esw_flow_ctl){
		.sub = sub,
		.range = RTE_PTR_ADD(r, l->range),
		.size = sizeof(*c) + l->end,
		.owner = s->owner,
	};
	r->order = (uint64_t)s->prio << 48; /* and when it is put in force */
	r->next = NULL;
	r->to_ep = 0;
	r->n_ranges = s->match->n_ranges;
	r->bits = bits_of(s);
	r->counter = NULL;
	memcpy(RTE_PTR_ADD(r, l->range), s->match->range,
	       s->match->n_ranges * sizeof(s->match->range[0]));
	return acts_make(sw, r, l, s, later);
}

static struct esw_flow *
rule_make(struct esw *sw, const struct esw_flow_spec *s, struct esw_flow_sub *sub)
{
	struct esw_flow_layout l;
	struct esw_flow_ctl *c;

	esw_flow_layout_make(&l, s, sub->n_words);
	c = esw_flow_mem_get_raw(sw, sizeof(*c) + l.end);
	if (c == NULL)
		return NULL;
	if (esw_flow_rule_fill(sw, c, &l, s, sub, 0) != 0) {
		esw_flow_mem_put(sw, c, sizeof(*c) + l.end);
		return NULL;
	}
	return (struct esw_flow *)(c + 1);
}

struct esw_flow *
esw_flow_rule_new(struct esw *sw, const struct esw_flow_spec *s)
{
	struct esw_flow_table *t = esw_flow_table_get(sw, s->ep, s->side, s->group);
	struct esw_flow_sub *sub = t != NULL ? esw_flow_sub_get(sw, t, s->match, true) : NULL;
	struct esw_flow *r = sub != NULL ? rule_make(sw, s, sub) : NULL;

	if (r != NULL)
		t->recent = sub;
	else if (sub != NULL)
		esw_flow_sub_drop_empty(sw, sub);
	return r;
}

void
esw_flow_rule_unmake(struct esw *sw, struct esw_flow *r)
{
	struct esw_flow_ctl *c = esw_flow_ctl(r);

	esw_flow_rule_release(r);
	if (c->quota != NULL)
		__atomic_fetch_sub(&c->quota->n, 1, __ATOMIC_RELAXED);
	if (c->holds)
		c->sub->users--;
	esw_flow_sub_drop_empty(sw, c->sub);
	esw_flow_mem_put(sw, c, c->size);
}

/* Frames may go where the rule sends them. */
static int
paths_open(struct esw *sw, const struct esw_flow *r)
{
	uint16_t from = esw_flow_ctl(r)->sub->table->ep;
	int rc = 0;

	for (const struct esw_flow_act *a = r->act; a->op != ESW_FLOW_END && rc == 0; a++)
		if (a->op == ESW_FLOW_PORT)
			rc = esw_path_open(sw, from, a->ep);
	return rc;
}

static void
owner_add(struct esw *sw, struct esw_flow *r)
{
	struct esw_flow_ctl *c = esw_flow_ctl(r);
	struct esw_flow_ep *e = &sw->flow.ep[c->owner];

	c->prev = e->last;
	c->next = NULL;
	if (e->last != NULL)
		esw_flow_ctl(e->last)->next = r;
	else
		e->first = r;
	e->last = r;
	e->n++;
}

/* The rule's own age begins to run. */
static void
age_begin(struct esw *sw, struct esw_flow *r)
{
	const struct esw_flow_ctl *c = esw_flow_ctl(r);

	if (c->age_is_own)
		esw_flow_age_start(sw, c->age, c->owner, c->age->timeout,
				   c->age->context != NULL ? c->age->context : r);
}

int
esw_flow_rule_insert(struct esw *sw, struct esw_flow *r)
{
	struct esw_flow_ctl *c = esw_flow_ctl(r);
	int rc = c->opens ? paths_open(sw, r) : 0;

	if (rc != 0)
		return rc;
	r->order |= ++sw->flow.made;
	rc = esw_flow_insert(sw, c->sub, r);
	if (rc != 0)
		return rc;
	if (c->holds)
		c->sub->users--;
	c->holds = false;
	c->in_force = true;
	owner_add(sw, r);
	age_begin(sw, r);
	return 0;
}
