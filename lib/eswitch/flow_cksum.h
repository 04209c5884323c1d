/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_CKSUM_H_
#define _ESW_FLOW_CKSUM_H_

/*
 * Internet checksums by difference (RFC 1624 eqn. 3): HC' = ~(~HC + ~m + m').
 *
 * Sums are taken over 16-bit words as they lie in memory; the order of octets makes no difference
 * to a ones' complement sum (RFC 1071 2 (B)), as long as what is replaced lies at an even offset
 * of what the checksum covers.
 *
 * Thread-safety: pure functions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ~m + m' of n octets, n even and at most 64. */
static inline uint32_t
esw_cksum_diff(const uint8_t *was, const uint8_t *now, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < n; i += sizeof(uint16_t)) {
		uint16_t a, b;

		memcpy(&a, was + i, sizeof(a));
		memcpy(&b, now + i, sizeof(b));
		sum += (uint32_t)(uint16_t)~a + b;
	}
	return sum;
}

static inline uint16_t
esw_cksum_fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)(sum + (sum >> 16));
}

/*
 * Change the checksum at `at`.
 * @param udp  zero means that there is none, and one of zero is written as ones (RFC 768)
 */
static inline void
esw_cksum_apply(uint8_t *at, uint32_t diff, bool udp)
{
	uint16_t c;

	memcpy(&c, at, sizeof(c));
	if (udp && c == 0)
		return;
	c = (uint16_t)~esw_cksum_fold((uint16_t)~c + diff);
	if (udp && c == 0)
		c = UINT16_MAX;
	memcpy(at, &c, sizeof(c));
}

#endif /* _ESW_FLOW_CKSUM_H_ */
