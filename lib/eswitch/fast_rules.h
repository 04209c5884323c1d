/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_RULES_H_
#define _ESW_FAST_RULES_H_

/*
 * Flow rules for a burst at once: mask by mask, and for each mask first all hashes, then all
 * buckets, so that the cache misses of a large table overlap. The loops are made anew for each
 * number of words that a mask has, so that the mask stays in registers.
 *
 * Included by fast_impl.h, compiled once for each instruction set. Readers' rules: flow_table.h.
 */
#include <netinet/in.h>

#include "flow_table.h"

#define FAST_RULES_WORDS 5                         /* masks with more words take the general way */
#define FAST_IP4_LEN (RTE_ETHER_HDR_LEN + 20 + 20) /* to the end of a TCP header */

/* What the sender's policy makes of an untagged frame's key; constant for a burst. */
struct fast_tag {
	uint64_t type_keep; /* of word 0: all ones = the EtherType is the frame's own */
	uint64_t w0, w2;    /* TPID; TCI and bit */
};

static inline void
fast_tag_init(struct fast_tag *t, uint32_t tag)
{
	*t = (struct fast_tag){ .type_keep = UINT64_MAX };
	if (tag == 0)
		return;
	t->type_keep = ESW_MAC48;
	t->w0 = (uint64_t)rte_cpu_to_be_16(tag >> 16) << 48;
	t->w2 = rte_cpu_to_be_16(tag & 0xffff) | (uint64_t)ESW_FLOW_VLAN << 56;
}

/*
 * The key of an untagged frame with the tag that the policy puts in. What most rules and frames
 * are, no more than the Ethernet header, or IPv4 without options and with TCP or UDP, is read here
 * (words as flow_key.c makes them), and all else there.
 */
static __rte_always_inline void
fast_rules_key(const uint8_t *p, uint32_t n, enum esw_flow_depth depth, union esw_flow_key *k,
	       const struct fast_tag *t)
{
#if RTE_BYTE_ORDER == RTE_LITTLE_ENDIAN
	uint64_t dst, src, l3, addrs;
	uint32_t ports, frag, tcp;
	uint64_t proto;

	memcpy(&dst, p, sizeof(dst));
	memcpy(&src, p + 6, sizeof(src));
	if (depth == ESW_FLOW_L2) {
		k->w[0] = (dst & ESW_MAC48) | (src & t->type_keep & ~ESW_MAC48) | t->w0;
		k->w[1] = (src & ESW_MAC48) | (src & ~t->type_keep);
		k->w[2] = t->w2;
		k->w[8] = 0;
		return;
	}
	memcpy(&l3, p + 14, sizeof(l3)); /* version, tos, length, id, fragment */
	frag = l3 >> 48;
	proto = p[23];
	if (likely(depth == ESW_FLOW_L4 && src >> 48 == RTE_STATIC_BSWAP16(RTE_ETHER_TYPE_IPV4) &&
		   (uint8_t)l3 == 0x45 && (frag & RTE_STATIC_BSWAP16(0x3fff)) == 0 &&
		   n >= FAST_IP4_LEN && (proto == IPPROTO_TCP || proto == IPPROTO_UDP))) {
		memcpy(&addrs, p + 26, sizeof(addrs));
		memcpy(&ports, p + 34, sizeof(ports));
		memcpy(&tcp, p + 46, sizeof(tcp));
		tcp = proto == IPPROTO_TCP ? tcp & 0xffff : 0;
		k->w[0] = (dst & ESW_MAC48) | (src & t->type_keep & ~ESW_MAC48) | t->w0;
		k->w[1] = (src & ESW_MAC48) | (src & ~t->type_keep);
		k->w[2] = t->w2 | (uint64_t)ESW_FLOW_L3_IPV4 << 32 | proto << 40 | proto << 48;
		k->w[3] = addrs;
		k->w[4] = 0;
		k->w[5] = 0;
		k->w[6] = 0;
		k->w[7] = ports | (uint64_t)tcp << 32 | (uint64_t)frag << 48;
		k->w[8] = (l3 >> 8 & 0xff) | (uint64_t)p[22] << 8 | l3 >> 16 << 32;
		k->w[9] = UINT64_C(0x45) << 32;
		return;
	}
#endif
	esw_flow_key_read(p, n, depth, k, NULL);
	k->h[0].type1 = t->w0 != 0 ? k->h[0].type : 0;
	if (t->w0 != 0)
		k->w[0] = (k->w[0] & rte_cpu_to_le_64(ESW_MAC48)) | rte_cpu_to_le_64(t->w0);
	k->w[2] |= rte_cpu_to_le_64(t->w2);
}

/* One mask of nw words. */
static __rte_always_inline void
fast_rules_mask(const struct esw_flow_sub *s, const union esw_flow_key *key, uint32_t todo,
		struct esw_flow **rule, const uint32_t nw)
{
	const struct esw_flow_buckets *t = __atomic_load_n(&s->tab, __ATOMIC_ACQUIRE);
	uint64_t mask[FAST_RULES_WORDS];
	uint32_t word[FAST_RULES_WORDS], hash[32];

	for (uint32_t w = 0; w < nw; w++) {
		mask[w] = s->mask[w];
		word[w] = s->word[w];
	}
	for (uint32_t m = todo; m != 0; m &= m - 1) {
		uint32_t i = __builtin_ctz(m), h = ESW_FLOW_HASH_INIT;

		for (uint32_t w = 0; w < nw; w++)
			h = esw_flow_hash_step(h, key[i].w[word[w]] & mask[w]);
		hash[i] = h;
		rte_prefetch0(&t->b[h & t->mask]);
	}
	for (uint32_t m = todo; m != 0; m &= m - 1) {
		uint32_t i = __builtin_ctz(m);
		const struct esw_flow_bucket *b = &t->b[hash[i] & t->mask];
		uint32_t look = esw_flow_bucket_look(b, hash[i]);
		struct esw_flow *r = NULL;
		uint64_t differs = 0;

		if (look == 0 && likely(b->more == NULL))
			continue;
		if (likely(look != 0))
			r = esw_flow_of_slot(
				__atomic_load_n(&b->slot[__builtin_ctz(look)], __ATOMIC_ACQUIRE));
		if (likely(r != NULL)) {
			for (uint32_t w = 0; w < nw; w++)
				differs |= (key[i].w[word[w]] & mask[w]) ^ r->key[w];
		}
		/* Not the first that has these bits, or intervals to look at: the long way. */
		if (unlikely(r == NULL || differs != 0 || r->n_ranges != 0))
			r = esw_flow_find_hashed(s, t, hash[i], &key[i], 0);
		if (r != NULL && (rule[i] == NULL || r->order < rule[i]->order))
			rule[i] = r;
	}
}

static __rte_noinline void
fast_rules_mask_any(const struct esw_flow_sub *s, const union esw_flow_key *key, uint32_t todo,
		    struct esw_flow **rule)
{
	const struct esw_flow_buckets *t = __atomic_load_n(&s->tab, __ATOMIC_ACQUIRE);

	for (; todo != 0; todo &= todo - 1) {
		uint32_t i = __builtin_ctz(todo);
		struct esw_flow *r = esw_flow_find_hashed(s, t, esw_flow_hash(s, &key[i]), &key[i],
							  0);

		if (r != NULL && (rule[i] == NULL || r->order < rule[i]->order))
			rule[i] = r;
	}
}

/* Look frames up in what the queue remembers. @return those of `todo` that are not there */
static __rte_always_inline uint32_t
fast_cache_look(const struct esw_flow_cache *c, uint64_t gen, const struct esw_flow_subs *subs,
		const union esw_flow_key *key, uint32_t todo, uint32_t *line,
		struct esw_flow **rule)
{
	const uint32_t nw = subs->n_words;
	uint32_t miss = 0;

	for (uint32_t m = todo; m != 0; m &= m - 1) {
		uint32_t i = __builtin_ctz(m), h = ESW_FLOW_HASH_INIT;

		for (uint32_t w = 0; w < nw; w++)
			h = esw_flow_hash_step(h, key[i].w[subs->word[w]] & subs->mask[w]);
		line[i] = h % ESW_FLOW_CACHE_LINES;
		rte_prefetch0(&c->line[line[i]]);
	}
	for (uint32_t m = todo; m != 0; m &= m - 1) {
		uint32_t i = __builtin_ctz(m);
		const struct esw_flow_cached *l = &c->line[line[i]];
		uint64_t differs = l->gen ^ gen;

		for (uint32_t w = 0; w < nw; w++)
			differs |= (key[i].w[subs->word[w]] & subs->mask[w]) ^ l->key[w];
		if (likely(differs == 0)) {
			rule[i] = l->rule;
			if (rule[i] != NULL)
				rte_prefetch0(rule[i]);
		} else {
			miss |= UINT32_C(1) << i;
		}
	}
	return miss;
}

/* Remember what was found for the frames in `todo`. */
static __rte_noinline void
fast_cache_store(struct esw_flow_cache *c, uint64_t gen, const struct esw_flow_subs *subs,
		 const union esw_flow_key *key, uint32_t todo, const uint32_t *line,
		 struct esw_flow **rule)
{
	for (; todo != 0; todo &= todo - 1) {
		uint32_t i = __builtin_ctz(todo);
		struct esw_flow_cached *l = &c->line[line[i]];

		l->gen = gen;
		l->rule = rule[i];
		for (uint32_t w = 0; w < subs->n_words; w++)
			l->key[w] = key[i].w[subs->word[w]] & subs->mask[w];
	}
}

/* Through all masks. */
static __rte_always_inline void
fast_rules_search(const struct esw_flow_subs *subs, const union esw_flow_key *key, uint32_t todo,
		  struct esw_flow **rule)
{
	for (uint32_t k = 0; k < subs->n && todo != 0; k++) {
		const struct esw_flow_sub *s = subs->sub[k];
		uint64_t best = __atomic_load_n(&s->best, __ATOMIC_RELAXED);

		for (uint32_t m = k != 0 ? todo : 0; m != 0; m &= m - 1) {
			uint32_t i = __builtin_ctz(m);

			if (rule[i] != NULL && rule[i]->order < best)
				todo &= ~(UINT32_C(1) << i); /* nor in any mask behind this */
		}
		switch (s->n_words) {
		case 1:
			fast_rules_mask(s, key, todo, rule, 1);
			break;
		case 2:
			fast_rules_mask(s, key, todo, rule, 2);
			break;
		case 3:
			fast_rules_mask(s, key, todo, rule, 3);
			break;
		case 4:
			fast_rules_mask(s, key, todo, rule, 4);
			break;
		case 5:
			fast_rules_mask(s, key, todo, rule, 5);
			break;
		default:
			fast_rules_mask_any(s, key, todo, rule);
		}
	}
}

/*
 * Rules of the frames whose bit in `todo` is set; of the others NULL.
 * @param n    frames, at most 32
 * @param gen  the table's generation, read before `subs` was
 */
static __rte_always_inline void
fast_rules_lookup(struct esw_flow_cache *c, uint64_t gen, const struct esw_flow_subs *subs,
		  const union esw_flow_key *key, uint32_t todo, struct esw_flow **rule, uint16_t n)
{
	uint32_t line[32];

	for (uint32_t i = 0; i < n; i++)
		rule[i] = NULL;
	if (c == NULL || subs->n_words == 0 || gen < subs->since) {
		fast_rules_search(subs, key, todo, rule);
		return;
	}
	todo = fast_cache_look(c, gen, subs, key, todo, line, rule);
	if (todo == 0)
		return;
	fast_rules_search(subs, key, todo, rule);
	fast_cache_store(c, gen, subs, key, todo, line, rule);
}

#endif /* _ESW_FAST_RULES_H_ */
