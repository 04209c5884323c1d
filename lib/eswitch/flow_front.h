/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_FRONT_H_
#define _ESW_FLOW_FRONT_H_

/*
 * What the files that edit a frame's front (flow_edit.h) share: where fields lie, and how a front
 * grows and shrinks. Nobody else needs it.
 *
 * Thread-safety: pure functions of the front.
 */
#include <errno.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_ether.h>

#include "flow_edit.h"

/* Offsets of fields in their header. RFC 791 3.1 */
#define AT_IP4_TOS 1
#define AT_IP4_LEN 2
#define AT_IP4_TTL 8
#define AT_IP4_CKSUM 10
#define AT_IP4_SRC 12
#define AT_IP4_DST 16
/* RFC 8200 3 */
#define AT_IP6_LEN 4
#define AT_IP6_HOPS 7
#define AT_IP6_SRC 8
#define AT_IP6_DST 24
#define IP6_HDR 40 /* octets of it */
/* RFC 768, RFC 9293 3.1, RFC 4443 2.1 */
#define AT_L4_SPORT 0
#define AT_L4_DPORT 2
#define AT_UDP_LEN 4
#define AT_UDP_CKSUM 6
#define AT_TCP_CKSUM 16
#define AT_ICMP6_CKSUM 2

/* The outermost headers while one edit is made. */
struct esw_flow_heads {
	union esw_flow_key k;
	struct esw_flow_at at;
};

static inline void
esw_front_heads(const struct esw_flow_front *f, enum esw_flow_depth depth, struct esw_flow_heads *h)
{
	esw_flow_key_read(f->p, RTE_MIN(f->n, ESW_FLOW_LOOK), depth, &h->k, &h->at);
}

/* n more octets in front of p, whatever is in them. */
static inline int
esw_front_grow(struct esw_flow_front *f, uint16_t n)
{
	if (f->put + n > ESW_FLOW_FRONT_HEAD || f->len + n > UINT16_MAX)
		return -ENOSPC;
	f->put += n;
	f->p -= n;
	f->n += n;
	f->len += n;
	return 0;
}

/* n octets less; what the front does not have is left out of the sender's frame. */
static inline int
esw_front_shrink(struct esw_flow_front *f, uint16_t n)
{
	uint16_t here = RTE_MIN(n, f->n);

	if (f->len < n + (uint32_t)RTE_ETHER_HDR_LEN)
		return -ENOSPC;
	f->p += here;
	f->n -= here;
	f->len -= n;
	f->cut += n - here;
	return 0;
}

static inline uint16_t
esw_get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return rte_be_to_cpu_16(v);
}

static inline void
esw_put16(uint8_t *p, uint16_t v)
{
	v = rte_cpu_to_be_16(v);
	memcpy(p, &v, sizeof(v));
}

/* ENCAP and DECAP: flow_tunnel.c; @return as of esw_flow_edit() */
int esw_flow_encap(struct esw_flow_front *f, const struct esw_flow_act *a);
int esw_flow_decap(struct esw_flow_front *f, uint16_t len);

#endif /* _ESW_FLOW_FRONT_H_ */
