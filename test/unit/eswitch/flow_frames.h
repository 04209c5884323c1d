/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FLOW_FRAMES_H_
#define _FLOW_FRAMES_H_

/*
 * Frames for the tests of flow rules, header behind header, octet by octet. Lengths and checksums
 * are left zero.
 *
 * Thread-safety: pure functions of the frame.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flow_key.h"
#include "ip.h"

#define FF_UNTOUCHED 0xa5

struct ff {
	uint32_t n;
	uint8_t b[600];
};

#define FF_ADD(f, ...) \
	ff_add(f, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static inline uint8_t *
ff_add(struct ff *f, const uint8_t *p, uint32_t n)
{
	uint8_t *at = f->b + f->n;

	memcpy(at, p, n);
	f->n += n;
	return at;
}

static inline void
ff_eth(struct ff *f, uint16_t type)
{
	FF_ADD(f, 0x02, 1, 2, 3, 4, 5, 0x06, 11, 12, 13, 14, 15, type >> 8, type & 0xff);
}

static inline void
ff_tag(struct ff *f, uint16_t tci, uint16_t type)
{
	FF_ADD(f, tci >> 8, tci & 0xff, type >> 8, type & 0xff);
}

/* @param options  octets of them, a multiple of 4, up to 40 */
static inline uint8_t *
ff_ip4(struct ff *f, uint8_t proto, uint16_t frag, uint32_t options)
{
	uint8_t *ip = FF_ADD(f, 0x45 + options / 4, 0xb9, 0, 0, 0xab, 0xcd, frag >> 8, frag & 0xff,
			     64, proto, 0, 0, 10, 1, 2, 3, 192, 168, 7, 9);

	memset(f->b + f->n, 1, options); /* RFC 791 3.1: no operation */
	f->n += options;
	return ip;
}

static inline uint8_t *
ff_ip6(struct ff *f, uint8_t proto)
{
	return FF_ADD(f, 0x6a, 0xbc, 0xde, 0xf1, 0, 0, proto, 63, 0x20, 1, 0xd, 0xb8, 4, 5, 6, 7, 8,
		      9, 10, 11, 12, 13, 14, 15, 0xfd, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
		      14, 16);
}

static inline uint8_t *
ff_frag6(struct ff *f, uint8_t proto, uint16_t offset)
{
	return FF_ADD(f, proto, 0, offset >> 8, offset & 0xff, 1, 2, 3, 4);
}

static inline uint8_t *
ff_tcp(struct ff *f)
{
	return FF_ADD(f, 0x12, 0x34, 0x56, 0x78, 1, 2, 3, 4, 5, 6, 7, 8, 0x50, 0x12, 9, 10, 0, 0,
		      11, 12);
}

static inline uint8_t *
ff_udp(struct ff *f, uint16_t dport)
{
	return FF_ADD(f, 0x12, 0x34, dport >> 8, dport & 0xff, 0, 0, 0, 0);
}

static inline uint8_t *
ff_icmp(struct ff *f)
{
	return FF_ADD(f, 8, 3, 0, 0, 0x21, 0x22, 0x23, 0x24);
}

static inline uint8_t *
ff_vxlan(struct ff *f)
{
	return FF_ADD(f, 0x08, 0, 0, 0, 0x31, 0x32, 0x33, 0);
}

static inline void
ff_payload(struct ff *f, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		f->b[f->n + i] = (uint8_t)(0xf1 - i * 7);
	f->n += n;
}

/*
 * Read the key of the first n octets, from memory of that size for sanitizers' sake; what is not
 * written of it keeps FF_UNTOUCHED.
 */
static inline struct esw_flow_at
ff_read(const struct ff *f, uint32_t n, enum esw_flow_depth depth, union esw_flow_key *k)
{
	uint8_t *p = malloc(n);
	struct esw_flow_at at = { 0 };

	if (p == NULL)
		abort();
	memcpy(p, f->b, n);
	memset(k, FF_UNTOUCHED, sizeof(*k));
	esw_flow_key_read(p, n, depth, k, &at);
	free(p);
	return at;
}

#endif /* _FLOW_FRAMES_H_ */
