/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The hash table of one mask: buckets, and the chains of rules that have one key. See flow_table.h
 * for what readers rely on.
 */
#include <errno.h>

#include "flow_table.h"

#define BUCKETS_MIN 4
#define LOAD_MAX 4 /* rules a bucket, on average, before there are twice as many buckets */

bool
esw_flow_ranges_hold(const struct esw_flow *r, const union esw_flow_key *k)
{
	const struct esw_flow_range *range = esw_flow_ctl(r)->range;
	const uint8_t *octets = (const uint8_t *)k;

	for (uint32_t i = 0; i < r->n_ranges; i++, range++) {
		uint8_t v[sizeof(range->lo)] = { 0 };

		for (uint32_t j = 0; j < range->len; j++)
			v[j] = octets[range->off + j] & range->mask[j];
		if (memcmp(v, range->lo, range->len) < 0 || memcmp(v, range->hi, range->len) > 0)
			return false;
	}
	return true;
}

static size_t
buckets_size(uint32_t n)
{
	return sizeof(struct esw_flow_buckets) + n * sizeof(struct esw_flow_bucket);
}

static struct esw_flow_buckets *
buckets_make(struct esw *sw, uint32_t n)
{
	struct esw_flow_buckets *t = esw_flow_mem_get(sw, buckets_size(n));

	if (t != NULL)
		t->mask = n - 1;
	return t;
}

void
esw_flow_buckets_retire(struct esw *sw, struct esw_flow_buckets *t)
{
	for (uint32_t i = 0; t != NULL && i <= t->mask; i++)
		for (struct esw_flow_bucket *b = t->b[i].more; b != NULL; b = b->more)
			esw_flow_mem_retire(sw, b, sizeof(*b));
	if (t != NULL)
		esw_flow_mem_retire(sw, t, buckets_size(t->mask + 1));
}

/* Slot first: who sees the tag sees the slot. */
static void
slot_set(struct esw_flow_bucket *b, uint32_t i, uint32_t hash, uint64_t slot)
{
	uint64_t tags = b->tags & ~(UINT64_C(0xff) << (8 * i));

	__atomic_store_n(&b->slot[i], slot, __ATOMIC_RELEASE);
	__atomic_store_n(&b->tags, tags | (uint64_t)esw_flow_tag(hash) << (8 * i),
			 __ATOMIC_RELEASE);
}

/* Put a chain's first rule where there is room. */
static int
slot_add(struct esw *sw, struct esw_flow_buckets *t, uint32_t hash, uint64_t slot)
{
	struct esw_flow_bucket *b = &t->b[hash & t->mask];

	for (;; b = b->more) {
		for (uint32_t i = 0; i < ESW_FLOW_WAYS; i++) {
			if (b->slot[i] == 0) {
				slot_set(b, i, hash, slot);
				return 0;
			}
		}
		if (b->more == NULL) {
			struct esw_flow_bucket *more = esw_flow_mem_get(sw, sizeof(*more));

			if (more == NULL)
				return -ENOMEM;
			__atomic_store_n(&b->more, more, __ATOMIC_RELEASE);
		}
	}
}

/*
 * The whole hash of a slot's rule; its low bits are the bucket's number as long as that has not
 * more bits than the slot lacks.
 */
static uint32_t
slot_hash(uint64_t slot, uint32_t bucket, uint32_t mask)
{
	if (mask <= 0x3ff)
		return esw_flow_of_slot(slot)->hash;
	return (uint32_t)(slot >> 42) << 10 | (bucket & 0x3ff);
}

static int
buckets_copy(struct esw *sw, const struct esw_flow_buckets *from, struct esw_flow_buckets *to)
{
	for (uint32_t i = 0; from != NULL && i <= from->mask; i++) {
		for (const struct esw_flow_bucket *b = &from->b[i]; b != NULL; b = b->more) {
			for (uint32_t k = 0; k < ESW_FLOW_WAYS; k++) {
				uint64_t slot = b->slot[k];

				if (slot != 0 &&
				    slot_add(sw, to, slot_hash(slot, i, from->mask), slot) != 0)
					return -ENOMEM;
			}
		}
	}
	return 0;
}

/* Twice as many buckets, or the first ones. */
static int
buckets_grow(struct esw *sw, struct esw_flow_sub *s)
{
	struct esw_flow_buckets *old = s->tab;
	struct esw_flow_buckets *t;

	t = buckets_make(sw, old == NULL ? BUCKETS_MIN : (old->mask + 1) * 2);
	if (t == NULL)
		return -ENOMEM;
	if (buckets_copy(sw, old, t) != 0) {
		esw_flow_buckets_retire(sw, t);
		return -ENOMEM;
	}
	__atomic_store_n(&s->tab, t, __ATOMIC_RELEASE);
	esw_flow_buckets_retire(sw, old);
	return 0;
}

int
esw_flow_buckets_ready(struct esw *sw, struct esw_flow_sub *s)
{
	if (likely(s->tab != NULL && s->n < LOAD_MAX * (s->tab->mask + 1)))
		return 0;
	return buckets_grow(sw, s);
}

/* May this slot be of a rule with this hash? It says so without a look at the rule. */
static bool
slot_may_be(uint64_t slot, uint32_t hash)
{
	return slot >> 42 == hash >> 10;
}

/* Where the chain with this key begins; NULL if the key has none. */
static uint64_t *
chain_find(const struct esw_flow_sub *s, const uint64_t *key, uint32_t hash)
{
	struct esw_flow_bucket *b = s->tab != NULL ? &s->tab->b[hash & s->tab->mask] : NULL;

	for (; b != NULL; b = b->more) {
		for (uint32_t m = esw_flow_bucket_look(b, hash); m != 0; m &= m - 1) {
			uint64_t *slot = &b->slot[__builtin_ctz(m)];
			const struct esw_flow *r = esw_flow_of_slot(*slot);

			if (r != NULL && slot_may_be(*slot, hash) && r->hash == hash &&
			    memcmp(r->key, key, s->n_words * sizeof(*key)) == 0)
				return slot;
		}
	}
	return NULL;
}

/* Where the chain begins whose first rule this is; NULL if it is behind others. */
static uint64_t *
chain_of(const struct esw_flow_sub *s, const struct esw_flow *r)
{
	struct esw_flow_bucket *b = &s->tab->b[r->hash & s->tab->mask];

	for (; b != NULL; b = b->more)
		for (uint32_t m = esw_flow_bucket_look(b, r->hash); m != 0; m &= m - 1)
			if (b->slot[__builtin_ctz(m)] == esw_flow_slot(r))
				return &b->slot[__builtin_ctz(m)];
	return NULL;
}

/* Is there a rule of this priority and these intervals in a chain? */
static bool
chain_has_twin(const uint64_t *slot, uint32_t prio, uint32_t n_ranges,
	       const struct esw_flow_range *range)
{
	const struct esw_flow *r = esw_flow_of_slot(*slot);

	for (; r != NULL; r = r->next)
		if (r->order >> 48 == prio && r->n_ranges == n_ranges &&
		    memcmp(esw_flow_ctl(r)->range, range, n_ranges * sizeof(*range)) == 0)
			return true;
	return false;
}

bool
esw_flow_has_twin(const struct esw_flow_sub *s, const struct esw_flow_match *m, uint32_t prio)
{
	uint64_t key[ESW_FLOW_WORDS];
	const uint64_t *slot;

	for (uint32_t i = 0; i < s->n_words; i++)
		key[i] = m->key.w[s->word[i]] & s->mask[i];
	slot = chain_find(s, key, esw_flow_hash(s, &m->key));
	return slot != NULL && chain_has_twin(slot, prio, m->n_ranges, m->range);
}

/* Among the rules of its key, behind the better ones. */
static void
chain_add(uint64_t *slot, struct esw_flow *r)
{
	struct esw_flow *at = esw_flow_of_slot(*slot);

	if (r->order < at->order) {
		r->next = at;
		__atomic_store_n(slot, esw_flow_slot(r), __ATOMIC_RELEASE);
		return;
	}
	while (at->next != NULL && at->next->order < r->order)
		at = at->next;
	r->next = at->next;
	__atomic_store_n(&at->next, r, __ATOMIC_RELEASE);
}

int
esw_flow_chain_insert(struct esw *sw, struct esw_flow_sub *s, struct esw_flow *r)
{
	uint64_t *slot = chain_find(s, r->key, r->hash);

	if (slot == NULL)
		return slot_add(sw, s->tab, r->hash, esw_flow_slot(r));
	if (chain_has_twin(slot, r->order >> 48, r->n_ranges, esw_flow_ctl(r)->range))
		return -EEXIST;
	chain_add(slot, r);
	return 0;
}

void
esw_flow_chain_remove(struct esw_flow_sub *s, struct esw_flow *r)
{
	uint64_t *slot = chain_of(s, r);
	struct esw_flow *at;

	if (slot != NULL) {
		uint64_t next = r->next != NULL ? esw_flow_slot(r->next) : 0;

		__atomic_store_n(slot, next, __ATOMIC_RELEASE);
		return;
	}
	slot = chain_find(s, r->key, r->hash);
	at = slot != NULL ? esw_flow_of_slot(*slot) : NULL;
	while (at != NULL && at->next != r)
		at = at->next;
	if (at != NULL)
		__atomic_store_n(&at->next, r->next, __ATOMIC_RELEASE);
}
