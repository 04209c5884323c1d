/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_RSS_H_
#define _ESW_RSS_H_

/*
 * Which queue of a receiver: Toeplitz over the flow's addresses and ports, as Microsoft's RSS
 * defines it, so that rte_thash and other tools predict the same queue. Read-only; any burst.
 */
#include "device.h"
#include "flow.h"

/*
 * @param p, n  the frame's first octets: all of it or ESW_FLOW_LOOK
 * @return the hash; *hashed says whether the frame has the fields that `types` asks for
 */
uint32_t esw_rss_hash(const struct esw_ep *ep, const uint8_t *p, uint32_t n, bool *hashed);

/* The same by a flow rule's types and key, where it has any; also returned in *hash. */
uint32_t esw_rss_hash_rule(const struct esw_ep *ep, const struct esw_flow_rss *rule,
			   const uint8_t *p, uint32_t n, uint32_t *hash, bool *hashed);

/* The queue for a hash, among `nb` started ones. */
static inline uint16_t
esw_rss_queue(const struct esw_ep *ep, uint32_t hash, uint16_t nb)
{
	uint16_t q = ep->rss.reta[hash % ESW_RETA_SIZE];

	return q < nb ? q : 0;
}

#endif /* _ESW_RSS_H_ */
