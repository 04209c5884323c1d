/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_SPREAD_H_
#define _ESW_FAST_SPREAD_H_

/*
 * The queue of a plain frame at a receiver with several: the same as esw_rss_queue() of
 * esw_rss_hash(), sooner.
 *
 * A Toeplitz hash is a product of polynomials over GF(2), word by word: the carry-less multiply of
 * 64 bits of the key with 32 bits of the frame holds that word's share in its middle. Multiplied
 * with the key's bits reversed, the frame's words need no reversal, and the hash comes out
 * reversed; its queues lie in the table rss_fan in that order, so nobody turns it round.
 *
 * Included by fast_impl.h, compiled once for each instruction set; read-only, any burst.
 */
#ifdef __PCLMUL__
#include <wmmintrin.h>
#endif

#include "rss.h"

#define FAST_IP4_SRC (RTE_ETHER_HDR_LEN + 12)
#define FAST_IP6_SRC (RTE_ETHER_HDR_LEN + 8)

/* The words in the frame that are hashed, one after the other; 0 words: not that simple. */
struct fast_tuple {
	uint32_t at, words;
};

static __rte_always_inline bool
fast_has_ports(uint32_t types, uint8_t proto)
{
	return (proto == IPPROTO_TCP && (types & ESW_RSS_TCP) != 0) ||
	       (proto == IPPROTO_UDP && (types & ESW_RSS_UDP) != 0);
}

/* Of an untagged frame; what is cut short or has options is not simple. */
static __rte_always_inline struct fast_tuple
fast_tuple(const uint8_t *p, uint32_t len, uint32_t types)
{
	uint16_t type, frag;

	memcpy(&type, p + 2 * RTE_ETHER_ADDR_LEN, sizeof(type));
	if (type == RTE_BE16(RTE_ETHER_TYPE_IPV4)) {
		if ((types & ESW_RSS_IPV4) == 0 || len < FAST_IP4_SRC + 12 || p[14] != 0x45)
			return (struct fast_tuple){ 0, 0 };
		memcpy(&frag, p + RTE_ETHER_HDR_LEN + 6, sizeof(frag));
		return (struct fast_tuple){
			FAST_IP4_SRC,
			(frag & RTE_BE16(0x3fff)) == 0 && fast_has_ports(types, p[23]) ? 3 : 2
		};
	}
	if (type == RTE_BE16(RTE_ETHER_TYPE_IPV6)) {
		if ((types & ESW_RSS_IPV6) == 0 || len < FAST_IP6_SRC + 36)
			return (struct fast_tuple){ 0, 0 };
		return (struct fast_tuple){ FAST_IP6_SRC, fast_has_ports(types, p[20]) ? 9 : 8 };
	}
	return (struct fast_tuple){ 0, (types & ESW_RSS_ETH) != 0 ? 3 : 0 };
}

#ifdef __PCLMUL__
/* An index into rss_fan. */
static __rte_always_inline uint32_t
fast_toeplitz(const struct esw_ep *e, const uint8_t *p, uint32_t words)
{
	__m128i sum = _mm_setzero_si128();

	for (uint32_t i = 0; i < words; i++) {
		uint32_t w;

		memcpy(&w, p + i * sizeof(w), sizeof(w));
		sum = _mm_xor_si128(sum,
				    _mm_clmulepi64_si128(_mm_cvtsi64_si128(
								 (int64_t)rte_be_to_cpu_32(w)),
							 _mm_loadl_epi64(
								 (const __m128i *)&e->rss_rev[i]),
							 0));
	}
	return (uint64_t)_mm_cvtsi128_si64(sum) >> 56 & (ESW_RETA_SIZE - 1);
}
#endif

static __rte_always_inline uint16_t
fast_queue(const struct esw_ep *e, const uint8_t *p, uint32_t len, uint16_t nb)
{
	const uint32_t types = e->rss.types;
	bool hashed;

	if (types == 0)
		return 0;
#ifdef __PCLMUL__
	const struct fast_tuple t = fast_tuple(p, len, types);

	if (likely(t.words != 0)) {
		uint16_t q = e->rss_fan[fast_toeplitz(e, p + t.at, t.words)];

		return q < nb ? q : 0;
	}
#endif
	return esw_rss_queue(e, esw_rss_hash(e, p, RTE_MIN(len, (uint32_t)ESW_FLOW_LOOK), &hashed),
			     nb);
}

#endif /* _ESW_FAST_SPREAD_H_ */
