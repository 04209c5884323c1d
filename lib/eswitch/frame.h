/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FRAME_H_
#define _ESW_FRAME_H_

/*
 * What the e-switch knows of one frame while it judges it: addresses, tags, length; and the edit
 * that turns the sender's bytes into what a receiver gets.
 *
 * Addresses are held as 48-bit integers in memory order (octet 0 in the low bits), so that one
 * load and one compare serve; the group bit (IEEE 802-2014 8.2.2) is then bit 0.
 *
 * Every edit that the VLAN tables ask for is the same shape: at octet 12 take `cut` octets away
 * and put at most one tag in. So an edit is two fields, and adding a tag at the sender and
 * removing it at the receiver cancel out before anybody touches the bytes.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_ether.h>
#include <rte_mbuf.h>

#include "policy.h"

#define ESW_MAC48 UINT64_C(0xffffffffffff)
#define ESW_MAC_BCAST ESW_MAC48
#define ESW_TAG_LEN 4
#define ESW_HDR_MAX 22 /* addresses, two tags, EtherType behind the first */

/* VLAN of a frame in one number: 0 none, 1-4095 C-VLAN, 4096 + VID S-VLAN. 13 bits. */
#define ESW_VLAN_S 0x1000
#define ESW_VLAN_ANY 0x2000 /* any of them, in the MAC table; no frame's (S-VLAN 4095 is one) */

struct esw_frame {
	uint64_t dst, src;       /* ESW_MAC48 form */
	uint32_t len;            /* octets, no FCS */
	uint32_t l2_payload_max; /* TSO: largest frame its segments will have; else = len */
	uint16_t type;           /* outer EtherType, host order */
	uint16_t tci;            /* of the outer tag, if type is a TPID */
	uint16_t type1;          /* EtherType behind the outer tag, 0 if none */
	uint16_t tci1;           /* of the second tag, if type1 is a TPID */
};

struct esw_edit {
	uint8_t cut;  /* 0 or ESW_TAG_LEN octets taken away at octet 12 */
	bool push;    /* then `tag` put there */
	uint32_t tag; /* TPID << 16 | TCI, host order */
};

static inline uint64_t
esw_mac48(const void *p)
{
	uint64_t v = 0;

	memcpy(&v, p, RTE_ETHER_ADDR_LEN);
	return rte_le_to_cpu_64(v);
}

static inline void
esw_mac48_to_addr(uint64_t v, struct rte_ether_addr *a)
{
	v = rte_cpu_to_le_64(v);
	memcpy(a, &v, RTE_ETHER_ADDR_LEN);
}

static inline bool
esw_mac48_is_group(uint64_t v)
{
	return (v & 1) != 0;
}

static inline bool
esw_is_tpid(uint16_t type)
{
	return type == ESW_TPID_CTAG || type == ESW_TPID_STAG;
}

/* VLAN of an outer tag (see above); priority-tagged C is none, S-VLAN 0 is itself. */
static inline uint16_t
esw_vlan_of(uint16_t type, uint16_t tci)
{
	if (type == ESW_TPID_CTAG)
		return tci & 0xfff;
	return type == ESW_TPID_STAG ? ESW_VLAN_S | (tci & 0xfff) : 0;
}

/* The header octets of a frame of `len` octets; n of them at p: ESW_HDR_MAX or all, 14 or more. */
static inline void
esw_frame_parse(struct esw_frame *f, const uint8_t *p, uint32_t n, uint32_t len)
{
	uint32_t rest = RTE_MIN(n, (uint32_t)ESW_HDR_MAX) - 2 * RTE_ETHER_ADDR_LEN;
	uint16_t w[5] = { 0 };

	f->dst = esw_mac48(p);
	f->src = esw_mac48(p + 6);
	memcpy(w, p + 12, RTE_MIN(rest, sizeof(w)));
	f->len = len;
	f->l2_payload_max = len;
	f->type = rte_be_to_cpu_16(w[0]);
	f->tci = rte_be_to_cpu_16(w[1]);
	f->type1 = esw_is_tpid(f->type) ? rte_be_to_cpu_16(w[2]) : 0;
	f->tci1 = esw_is_tpid(f->type1) ? rte_be_to_cpu_16(w[3]) : 0;
}

/* The same of a frame of at least 14 octets, across segments if need be. */
static inline void
esw_frame_read(struct esw_frame *f, const struct rte_mbuf *m)
{
	uint8_t buf[ESW_HDR_MAX];
	uint32_t n = RTE_MIN(m->pkt_len, (uint32_t)ESW_HDR_MAX);

	esw_frame_parse(f, rte_pktmbuf_read(m, 0, n, buf), n, m->pkt_len);
}

/* The frame as the switch side sees it: after the sender's edit. */
struct esw_side {
	uint16_t vlan; /* 13-bit class */
	uint16_t type; /* outer EtherType */
	uint16_t tci;
	uint16_t type1; /* behind the outer tag */
	uint16_t tci1;
	uint32_t len;
	uint32_t l2_max; /* for MTU: len, or a TSO frame's largest segment */
};

static inline void
esw_side_make(struct esw_side *s, const struct esw_frame *f, const struct esw_edit *e)
{
	int grow = (e->push ? ESW_TAG_LEN : 0) - e->cut;

	if (e->push) {
		s->type = e->tag >> 16;
		s->tci = e->tag & 0xffff;
		s->type1 = e->cut != 0 ? f->type1 : f->type;
		s->tci1 = e->cut != 0 ? f->tci1 : f->tci;
	} else if (e->cut != 0) {
		s->type = f->type1;
		s->tci = f->tci1;
		s->type1 = 0;
		s->tci1 = 0;
	} else {
		s->type = f->type;
		s->tci = f->tci;
		s->type1 = f->type1;
		s->tci1 = f->tci1;
	}
	s->vlan = esw_vlan_of(s->type, s->tci);
	s->len = f->len + grow;
	s->l2_max = f->l2_payload_max + grow;
}

/*
 * Take the outer tag of the switch side away: the sender's own push is undone, else a tag in the
 * frame is cut.
 */
static inline void
esw_edit_pop(struct esw_edit *e)
{
	if (e->push)
		e->push = false;
	else
		e->cut += ESW_TAG_LEN;
}

#endif /* _ESW_FRAME_H_ */
