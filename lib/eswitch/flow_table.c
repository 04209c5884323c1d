/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Changes of the classifier; see flow_table.h for what readers rely on. */
#include <errno.h>

#include <rte_malloc.h>

#include "flow_table.h"

static_assert(offsetof(struct esw_flow, key) + ESW_FLOW_KEY_INLINE * sizeof(uint64_t) == 64,
	      "a look-up reads one line of a rule");
static_assert(sizeof(struct esw_flow_hdr) == 80, "words of the key");

struct esw_flow_table *
esw_flow_table_get(struct esw *sw, uint16_t ep, enum esw_flow_side side, uint32_t group)
{
	struct esw_flow_table **at = &sw->flow.ep[ep].table[side], *t;

	for (t = *at; t != NULL; t = t->next)
		if (t->group == group)
			return t;
	t = esw_flow_mem_get(sw, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->ep = ep;
	t->side = side;
	t->group = group;
	t->gen = 1; /* an empty line of a cache says 0 */
	t->next = *at;
	*at = t;
	return t;
}

/* After a change: what was remembered before is not to be trusted. */
static void
gen_next(struct esw_flow_table *t)
{
	__atomic_store_n(&t->gen, t->gen + 1, __ATOMIC_RELEASE);
}

static size_t
subs_size(uint32_t n)
{
	return sizeof(struct esw_flow_subs) + n * sizeof(struct esw_flow_sub *);
}

/* Does the mask look at what segments of one TSO frame do not have in common? */
static bool
mask_tso_differs(const union esw_flow_key *m)
{
	for (unsigned int i = 0; i < RTE_DIM(m->h); i++)
		if (m->h[i].tcp_flags != 0 || (m->h[i].l3 != 0 && m->h[i].ip_len != 0) ||
		    m->h[i].ip_id != 0)
			return true;
	return false;
}

/* What all masks and intervals look at together; n_words stays 0 where a cache would not pay. */
static void
subs_cache_key(struct esw_flow_subs *l)
{
	union esw_flow_key all = { .w = { 0 } };
	uint32_t n = 0;

	if (l->n < ESW_FLOW_CACHE_MASKS)
		return;
	for (uint32_t i = 0; i < l->n; i++)
		for (uint32_t k = 0; k < ESW_FLOW_WORDS; k++)
			all.w[k] |= l->sub[i]->looks.w[k];
	for (uint32_t i = 0; i < ESW_FLOW_WORDS; i++) {
		if (all.w[i] == 0)
			continue;
		if (n == ESW_FLOW_CACHE_WORDS)
			return;
		l->word[n] = i;
		l->mask[n++] = all.w[i];
	}
	l->n_words = n;
}

void
esw_flow_cache_update(struct esw *sw, uint16_t ep)
{
	const struct esw_flow_table *root = sw->flow.root[ep];

	if (root == NULL || root->subs == NULL || root->subs->n_words == 0)
		return;
	for (uint16_t i = 0; i < ESW_QUEUES_MAX; i++) {
		struct esw_txq *q = sw->ep[ep].txq[i];
		struct esw_flow_cache *c;

		if (q == NULL || q->cache != NULL)
			continue;
		c = rte_zmalloc_socket("esw_flow_cache", sizeof(*c), RTE_CACHE_LINE_SIZE,
				       sw->conf.socket_id);
		__atomic_store_n(&q->cache, c, __ATOMIC_RELEASE); /* NULL: it goes without */
	}
}

/* A mask's place in the list: behind those with better rules. */
static void
subs_add(struct esw_flow_subs *l, struct esw_flow_sub *s)
{
	uint32_t at = l->n++;

	l->depth = RTE_MAX(l->depth, esw_flow_depth_of(&s->looks));
	l->tso_differs |= mask_tso_differs(&s->looks);
	for (; at > 0 && l->sub[at - 1]->best > s->best; at--)
		l->sub[at] = l->sub[at - 1];
	l->sub[at] = s;
}

/*
 * Publish the list of masks anew: those that have rules, and `more` (or NULL), in the order of
 * their best rules.
 */
static int
subs_publish(struct esw *sw, struct esw_flow_table *t, struct esw_flow_sub *more)
{
	struct esw_flow_subs *old = t->subs;
	uint32_t n_old = old != NULL ? old->n : 0;
	struct esw_flow_subs *now = esw_flow_mem_get(sw, subs_size(n_old + 1));

	if (now == NULL)
		return -ENOMEM;
	now->room = n_old + 1;
	for (uint32_t i = 0; i < n_old; i++)
		if (old->sub[i]->n != 0)
			subs_add(now, old->sub[i]);
	if (more != NULL)
		subs_add(now, more);
	if (now->n == 0) {
		esw_flow_mem_put(sw, now, subs_size(now->room));
		now = NULL;
	} else {
		subs_cache_key(now);
		now->since = t->gen + 1;
	}
	__atomic_store_n(&t->subs, now, __ATOMIC_RELEASE);
	gen_next(t);
	if (old != NULL)
		esw_flow_mem_retire(sw, old, subs_size(old->room));
	if (t->group == 0 && (old == NULL) != (now == NULL))
		esw_flow_ep_update(sw, t->ep);
	if (t->group == 0 && t->side == ESW_FLOW_TRANSFER)
		esw_flow_cache_update(sw, t->ep);
	return 0;
}

/*
 * What a match looks at. A reader reads a frame as deep as the list of masks says, so a rule whose
 * intervals look at more than others of its mask is not one of theirs: it would be seen through
 * lists that do not look that deep.
 */
static void
match_looks(const struct esw_flow_match *m, union esw_flow_key *looks)
{
	uint8_t *octets = (uint8_t *)looks;

	*looks = m->mask;
	for (uint32_t i = 0; i < m->n_ranges; i++)
		for (uint32_t k = 0; k < m->range[i].len; k++)
			octets[m->range[i].off + k] |= m->range[i].mask[k];
}

static bool
sub_is(const struct esw_flow_sub *s, const union esw_flow_key *mask,
       const union esw_flow_key *looks)
{
	uint32_t n = 0;

	if (memcmp(s->looks.w, looks->w, sizeof(looks->w)) != 0)
		return false;

	for (uint32_t i = 0; i < ESW_FLOW_WORDS; i++) {
		if (mask->w[i] == 0)
			continue;
		if (n == s->n_words || s->word[n] != i || s->mask[n] != mask->w[i])
			return false;
		n++;
	}
	return n == s->n_words;
}

struct esw_flow_sub *
esw_flow_sub_get(struct esw *sw, struct esw_flow_table *t, const struct esw_flow_match *match,
		 bool make)
{
	const union esw_flow_key *mask = &match->mask;
	struct esw_flow_sub *s = t->recent;
	union esw_flow_key looks;

	match_looks(match, &looks);
	if (s != NULL && sub_is(s, mask, &looks))
		return s;
	for (s = t->all; s != NULL; s = s->next) {
		if (sub_is(s, mask, &looks)) {
			t->recent = s;
			return s;
		}
	}
	s = make ? esw_flow_mem_get(sw, sizeof(*s)) : NULL;
	if (s == NULL)
		return NULL;
	s->table = t;
	s->next = t->all;
	t->all = s;
	s->best = UINT64_MAX;
	s->looks = looks;
	for (uint32_t i = 0; i < ESW_FLOW_WORDS; i++) {
		if (mask->w[i] == 0)
			continue;
		s->word[s->n_words] = i;
		s->mask[s->n_words++] = mask->w[i];
	}
	return s;
}

/* Is the mask in its table's list, and hence seen by readers? */
static bool
sub_is_listed(const struct esw_flow_sub *s)
{
	const struct esw_flow_subs *l = s->table->subs;

	for (uint32_t i = 0; l != NULL && i < l->n; i++)
		if (l->sub[i] == s)
			return true;
	return false;
}

static void
sub_retire(struct esw *sw, struct esw_flow_sub *s)
{
	struct esw_flow_sub **at = &s->table->all;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (s->table->recent == s)
		s->table->recent = NULL;
	esw_flow_buckets_retire(sw, s->tab);
	esw_flow_mem_retire(sw, s, sizeof(*s));
}

void
esw_flow_sub_drop_empty(struct esw *sw, struct esw_flow_sub *s)
{
	if (s->n != 0)
		return;
	/* No memory for a shorter list: the mask stays in it, without rules. */
	if (sub_is_listed(s) && subs_publish(sw, s->table, NULL) != 0)
		return;
	if (s->users == 0)
		sub_retire(sw, s);
}

/*
 * The list of masks first: a rule that a burst may have seen cannot be taken back for want of
 * memory.
 */
int
esw_flow_insert(struct esw *sw, struct esw_flow_sub *s, struct esw_flow *r)
{
	bool better = r->order < s->best || s->n == 0;
	uint64_t best = s->best;
	int rc = esw_flow_buckets_ready(sw, s);

	if (rc != 0)
		return rc;
	s->n++;
	if (better) {
		__atomic_store_n(&s->best, r->order, __ATOMIC_RELAXED);
		rc = subs_publish(sw, s->table, sub_is_listed(s) ? NULL : s);
		if (rc != 0)
			__atomic_store_n(&s->best, best, __ATOMIC_RELAXED);
	}
	if (rc == 0)
		rc = esw_flow_chain_insert(sw, s, r);
	if (rc != 0)
		s->n--;
	gen_next(s->table);
	return rc;
}

void
esw_flow_remove(struct esw *sw, struct esw_flow_sub *s, struct esw_flow *r)
{
	esw_flow_chain_remove(s, r);
	s->n--;
	gen_next(s->table);
	esw_flow_sub_drop_empty(sw, s);
}
