/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_TABLE_H_
#define _ESW_FLOW_TABLE_H_

/*
 * The classifier: tuple-space search (Srinivasan, Suri, Varghese 1999), as Open vSwitch does it.
 *
 * A table's rules are sorted by mask. The rules of one mask lie in one hash table, so a look-up
 * costs one probe a mask, whatever the number of rules; masks are looked at in the order of their
 * best rule, and not at all once a better rule has been found.
 *
 * Made for few cache lines:
 * - a bucket is one line: six slots, eight bits of hash for each of them side by side, and the
 *   address of an overflow bucket. One compare of all the bits tells which slots to look at. A slot
 *   holds a rule's address and 22 bits of its hash: a larger table is filled from slots alone;
 * - a rule begins with all that the look-up and the simple actions (count, one port) need.
 *
 * Rules of one mask and one key (they differ in priority or in intervals) hang on each other, best
 * first.
 *
 * Readers take no lock. All that a reader follows is published by one release store and given back
 * only after a grace period: slots, chains, bucket arrays (a larger one replaces the old one
 * whole), lists of masks.
 *
 * Thread-safety: look-ups inside a burst; changes under the device's mutex.
 */
#include <string.h>

#include <rte_prefetch.h>

#include "device.h"
#include "flow.h"

#define ESW_FLOW_WAYS 6
#define ESW_FLOW_HASH_INIT 0x9e3779b9
#define ESW_FLOW_KEY_INLINE 3 /* words of the key in a rule's first line */

/*
 * What a queue remembers of frames that went through many masks: the exact fields that the masks
 * look at, and the rule. Good for one generation of the table; a frame that is not found goes
 * through the masks. One owner, the queue's thread.
 */
#define ESW_FLOW_CACHE_WORDS 6
#define ESW_FLOW_CACHE_LINES 4096
#define ESW_FLOW_CACHE_MASKS 2 /* from so many masks on it is quicker */

struct esw_flow_cached {
	uint64_t gen;
	struct esw_flow *rule; /* NULL = none matches */
	uint64_t key[ESW_FLOW_CACHE_WORDS];
} __rte_cache_aligned;

struct esw_flow_cache {
	struct esw_flow_cached line[ESW_FLOW_CACHE_LINES];
};

/* A counter that its first user writes plainly; everybody else adds atomically. */
struct esw_flow_counter {
	uint64_t packets, bytes;     /* by `owner` */
	uint64_t x_packets, x_bytes; /* by others */
	uint32_t owner;              /* number of a sending queue + 1; 0 = nobody yet */
	uint32_t refs;
	uint64_t base_packets, base_bytes; /* at the last reset */
};

struct esw_flow_age {
	uint32_t last; /* seconds, esw_fdb_now() */
	uint32_t timeout;
	void *context;
	uint32_t refs;
	uint32_t due; /* when the wheel looks at it */
	uint16_t owner;
	bool aged;
	struct esw_flow_age *prev, *next; /* in a slot of the wheel, or in the owner's aged */
};

/* esw_flow.bits */
#define ESW_FLOW_IS_SIMPLE 0x01 /* nothing but a count and one port */
#define ESW_FLOW_IS_WHOLE 0x02  /* a TSO frame may go through it in one piece */

struct esw_flow {
	/* the first line: what a look-up reads */
	uint64_t order; /* priority << 48 | when it was made: the smaller one wins */
	struct esw_flow *next;
	uint32_t hash;
	uint16_t to_ep; /* of a simple rule */
	uint8_t n_ranges;
	uint8_t bits;
	struct esw_flow_counter *counter; /* its own, or the first shared one; or NULL */
	const struct esw_flow_act *act;   /* ends with ESW_FLOW_END */
	/* words of the key, of which the first ESW_FLOW_KEY_INLINE are in this line */
	uint64_t key[];
	/* behind them: the rule's own counter and age, its actions and what these point to */
} __rte_cache_aligned;

/* What only control and rare actions read; right before the rule, in the same piece of memory. */
struct esw_flow_ctl {
	struct esw_flow_sub *sub;
	struct esw_flow *prev, *next; /* of the owner, while it is in force */
	struct esw_flow_age *age;     /* of the first AGE, NULL if there is none */
	const struct esw_flow_range *range;
	struct esw_flow_quota *quota; /* that it counts in; NULL = none */
	uint32_t size;                /* of the piece */
	uint16_t owner;
	bool in_force;
	bool age_is_own;
	bool shares; /* some action has an object of others */
	bool opens;  /* some action sends where perhaps no rule did before */
	bool holds;  /* sub->users counts it */
} __rte_cache_aligned;

struct esw_flow_bucket {
	uint64_t slot[ESW_FLOW_WAYS]; /* 0 = free */
	uint64_t
		tags; /* octet i: esw_flow_tag() of slot i; it may be out of date if that is free */
	struct esw_flow_bucket *more;
} __rte_cache_aligned;

struct esw_flow_buckets {
	uint32_t mask;
	struct esw_flow_bucket b[];
} __rte_cache_aligned;

/* The rules of one mask, whose intervals lie in the same fields. */
struct esw_flow_sub {
	uint64_t best; /* no rule in it has a smaller order */
	struct esw_flow_buckets *tab;
	uint32_t n_words;
	uint8_t word[ESW_FLOW_WORDS];  /* which words of the key */
	uint64_t mask[ESW_FLOW_WORDS]; /* and what of them: two are in the line above */
	/* for control only */
	uint32_t n;     /* rules */
	uint32_t users; /* who may bring rules: it stays without any */
	struct esw_flow_table *table;
	struct esw_flow_sub *next; /* in the table */
	union esw_flow_key looks;  /* all that is looked at: the mask and the intervals */
} __rte_cache_aligned;

/* Masks of a table, by their best rule. */
struct esw_flow_subs {
	uint32_t n, room;
	enum esw_flow_depth depth; /* that all of them need */
	/*
	 * The table's generation from which on this is its list. A reader that sees the list before
	 * the generation must not use its cache: what lies there has the shape of the list before.
	 */
	uint64_t since;
	bool tso_differs; /* some field differs from segment to segment of a TSO frame */
	/* What all masks together look at: the key of the cache (flow_cache.h); 0 = no cache. */
	uint8_t n_words;
	uint8_t word[ESW_FLOW_CACHE_WORDS];
	uint64_t mask[ESW_FLOW_CACHE_WORDS];
	struct esw_flow_sub *sub[];
};

struct esw_flow_table {
	struct esw_flow_subs *subs; /* NULL = no rules */
	uint64_t gen;               /* grows after each change */
	struct esw_flow_table *next;
	struct esw_flow_sub *all;    /* masks, those without rules included */
	struct esw_flow_sub *recent; /* where the last rule went */
	uint32_t group;
	uint16_t ep;
	uint8_t side;
};

static inline uint64_t
esw_flow_slot(const struct esw_flow *r)
{
	return (uint64_t)(uintptr_t)r >> 6 | (uint64_t)(r->hash >> 10) << 42;
}

static inline struct esw_flow *
esw_flow_of_slot(uint64_t slot)
{
	return (struct esw_flow *)(uintptr_t)(slot << 22 >> 16);
}

static inline uint32_t
esw_flow_hash_step(uint32_t h, uint64_t v)
{
#ifdef __SSE4_2__
	return (uint32_t)_mm_crc32_u64(h, v);
#else
	return rte_hash_crc_8byte(v, h);
#endif
}

/* Hash of a frame's key under a mask. */
static __rte_always_inline uint32_t
esw_flow_hash(const struct esw_flow_sub *s, const union esw_flow_key *k)
{
	uint32_t h = ESW_FLOW_HASH_INIT;

	for (uint32_t i = 0; i < s->n_words; i++)
		h = esw_flow_hash_step(h, k->w[s->word[i]] & s->mask[i]);
	return h;
}

static __rte_always_inline bool
esw_flow_key_is(const struct esw_flow *r, const struct esw_flow_sub *s, const union esw_flow_key *k)
{
	uint64_t differs = 0;

	for (uint32_t i = 0; i < s->n_words; i++)
		differs |= (k->w[s->word[i]] & s->mask[i]) ^ r->key[i];
	return differs == 0;
}

static inline struct esw_flow_ctl *
esw_flow_ctl(const struct esw_flow *r)
{
	return (struct esw_flow_ctl *)(uintptr_t)r - 1;
}

/* Are the fields with intervals inside them? */
bool esw_flow_ranges_hold(const struct esw_flow *r, const union esw_flow_key *k);

static inline uint8_t
esw_flow_tag(uint32_t hash)
{
	return hash >> 24;
}

/* Bit i: slot i of the bucket may be the one. */
static __rte_always_inline uint32_t
esw_flow_bucket_look(const struct esw_flow_bucket *b, uint32_t hash)
{
	uint64_t tags = __atomic_load_n(&b->tags, __ATOMIC_ACQUIRE);
#ifdef RTE_ARCH_X86_64
	__m128i eq = _mm_cmpeq_epi8(_mm_cvtsi64_si128((int64_t)tags),
				    _mm_set1_epi8((char)esw_flow_tag(hash)));

	return (uint32_t)_mm_movemask_epi8(eq) & ((1u << ESW_FLOW_WAYS) - 1);
#else
	uint32_t mask = 0;

	for (uint32_t i = 0; i < ESW_FLOW_WAYS; i++)
		mask |= (uint32_t)((uint8_t)(tags >> (8 * i)) == esw_flow_tag(hash)) << i;
	return mask;
#endif
}

/* The best rule of one mask that comes after `after`. */
static __rte_always_inline struct esw_flow *
esw_flow_find_hashed(const struct esw_flow_sub *s, const struct esw_flow_buckets *t, uint32_t hash,
		     const union esw_flow_key *k, uint64_t after)
{
	const struct esw_flow_bucket *b = &t->b[hash & t->mask];

	do {
		for (uint32_t m = esw_flow_bucket_look(b, hash); m != 0; m &= m - 1) {
			struct esw_flow *r = esw_flow_of_slot(
				__atomic_load_n(&b->slot[__builtin_ctz(m)], __ATOMIC_ACQUIRE));

			if (r == NULL || !esw_flow_key_is(r, s, k))
				continue;
			for (; r != NULL; r = __atomic_load_n(&r->next, __ATOMIC_ACQUIRE))
				if (r->order > after &&
				    (r->n_ranges == 0 || esw_flow_ranges_hold(r, k)))
					return r;
			return NULL; /* a key has one chain */
		}
		b = __atomic_load_n(&b->more, __ATOMIC_ACQUIRE);
	} while (unlikely(b != NULL));
	return NULL;
}

/* The best rule of the table that comes after `after` (0: of all); NULL if none matches. */
static __rte_always_inline struct esw_flow *
esw_flow_lookup(const struct esw_flow_subs *subs, const union esw_flow_key *k, uint64_t after)
{
	struct esw_flow *found = NULL;
	uint64_t best = UINT64_MAX;

	for (uint32_t i = 0; i < subs->n; i++) {
		const struct esw_flow_sub *s = subs->sub[i];
		struct esw_flow *r;

		if (__atomic_load_n(&s->best, __ATOMIC_RELAXED) > best)
			break;
		r = esw_flow_find_hashed(s, __atomic_load_n(&s->tab, __ATOMIC_ACQUIRE),
					 esw_flow_hash(s, k), k, after);
		if (r != NULL && r->order < best) {
			best = r->order;
			found = r;
		}
	}
	return found;
}

/* Control; device mutex held. */

/* The table of (endpoint, side, group); made if it is not there (NULL: no memory). */
struct esw_flow_table *esw_flow_table_get(struct esw *sw, uint16_t ep, enum esw_flow_side side,
					  uint32_t group);
/* Where rules with such a match lie; made if need be and `make`. */
struct esw_flow_sub *esw_flow_sub_get(struct esw *sw, struct esw_flow_table *t,
				      const struct esw_flow_match *match, bool make);
/* Is there a rule with this key, priority and intervals? */
bool esw_flow_has_twin(const struct esw_flow_sub *s, const struct esw_flow_match *m, uint32_t prio);
/* Publish. @return 0; -EEXIST there is such a rule, -ENOMEM: nobody has seen it */
int esw_flow_insert(struct esw *sw, struct esw_flow_sub *s, struct esw_flow *r);
/* Unpublish; the memory is the caller's to retire. */
void esw_flow_remove(struct esw *sw, struct esw_flow_sub *s, struct esw_flow *r);
/* A mask without rules: readers need not look there, and it goes if it has no users. */
void esw_flow_sub_drop_empty(struct esw *sw, struct esw_flow_sub *s);

/* Have the line that an insertion or a removal begins with come near. */
static inline void
esw_flow_sub_prefetch(const struct esw_flow_sub *s, uint32_t hash)
{
	if (likely(s->tab != NULL))
		__builtin_prefetch(&s->tab->b[hash & s->tab->mask], 1);
}

/* flow_bucket.c: the hash table of one mask. */

/* Room for one more. */
int esw_flow_buckets_ready(struct esw *sw, struct esw_flow_sub *s);
void esw_flow_buckets_retire(struct esw *sw, struct esw_flow_buckets *t);
/* There is room. @return 0, -EEXIST, -ENOMEM */
int esw_flow_chain_insert(struct esw *sw, struct esw_flow_sub *s, struct esw_flow *r);
void esw_flow_chain_remove(struct esw_flow_sub *s, struct esw_flow *r);

/* Give the queues that send from this endpoint a cache, if its rules make one worth while. */
void esw_flow_cache_update(struct esw *sw, uint16_t ep);

/* flow_mem.c: memory of rules; device mutex held. */

/* Zeroed octets, aligned to 64, of shared memory. */
void *esw_flow_mem_get(struct esw *sw, uint32_t size);
/* The same, whatever is in them. */
void *esw_flow_mem_get_raw(struct esw *sw, uint32_t size);
/* Nobody has ever seen it. */
void esw_flow_mem_put(struct esw *sw, void *p, uint32_t size);
/* A burst may still look at it. */
void esw_flow_mem_retire(struct esw *sw, void *p, uint32_t size);
void esw_flow_mem_free_all(struct esw *sw);

/* flow_age.c; device mutex held. */
void esw_flow_age_start(struct esw *sw, struct esw_flow_age *a, uint16_t owner, uint32_t timeout,
			void *context);
void esw_flow_age_stop(struct esw *sw, struct esw_flow_age *a);

/* flow_check.c: the parts of esw_flow_check() that need no table. */
int esw_flow_spec_check(const struct esw *sw, const struct esw_flow_spec *s, struct esw_err *err);
/* The same of a rule whose action i has no value yet where bit i of `later` is set; */
int esw_flow_shape_check(const struct esw *sw, const struct esw_flow_spec *s, uint64_t later,
			 struct esw_err *err);
/* and of such a value, when it comes. */
int esw_flow_act_check(const struct esw *sw, uint16_t ep, uint32_t group,
		       const struct esw_flow_act *a, struct esw_err *err);

/* flow.c: set up and tear down with the device. */
int esw_flow_init(struct esw *sw);
/* The endpoint got its first rule, lost its last, or is isolated now: tell the data path. */
void esw_flow_ep_update(struct esw *sw, uint16_t ep);
void esw_flow_fini(struct esw *sw);

static inline void
esw_flow_counter_add(struct esw_flow_counter *c, uint32_t queue_id, uint32_t packets,
		     uint64_t bytes)
{
	uint32_t me = queue_id + 1, none = 0, owner = __atomic_load_n(&c->owner, __ATOMIC_RELAXED);

	if (likely(owner == me) ||
	    (owner == 0 && __atomic_compare_exchange_n(&c->owner, &none, me, false,
						       __ATOMIC_RELAXED, __ATOMIC_RELAXED))) {
		__atomic_store_n(&c->packets, c->packets + packets, __ATOMIC_RELAXED);
		__atomic_store_n(&c->bytes, c->bytes + bytes, __ATOMIC_RELAXED);
	} else {
		__atomic_fetch_add(&c->x_packets, packets, __ATOMIC_RELAXED);
		__atomic_fetch_add(&c->x_bytes, bytes, __ATOMIC_RELAXED);
	}
}

#endif /* _ESW_FLOW_TABLE_H_ */
