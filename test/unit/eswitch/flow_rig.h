/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FLOW_RIG_H_
#define _FLOW_RIG_H_

/*
 * What the tests of flow rules share: rules put together field by field, and a switch in
 * switchdev mode on which every endpoint sends and receives.
 *
 * What surprises: fr_make() asks esw_flow_check() first and fails the test unless both agree; a
 * rule that is put together must not be copied, for its specification points into it.
 *
 * Thread-safety: as rig.h.
 */
#include <string.h>

#include <rte_errno.h>

#include "flow.h"
#include "ip.h"
#include "rig.h"

#define VF0 ESW_EP_VF0
#define VF1 (ESW_EP_VF0 + 1)
#define VF2 (ESW_EP_VF0 + 2)
#define VFS 3
#define REP0 (ESW_EP_VF0 + VFS)
#define REP1 (REP0 + 1)
#define REP2 (REP0 + 2)
#define EPS 8
_Static_assert(EPS == ESW_EP_VF0 + 2 * VFS, "wire, PF, VFs, representors");

struct fr {
	struct esw_flow_match match;
	struct esw_flow_act act[ESW_FLOW_ACTS_MAX];
	struct esw_flow_spec spec;
};

/* A rule of ep's side without fields and actions; the maker is the endpoint itself. */
static inline void
fr_begin(struct fr *r, uint16_t ep, enum esw_flow_side side, uint32_t group, uint32_t prio)
{
	memset(r, 0, sizeof(*r));
	r->spec = (struct esw_flow_spec){
		.ep = ep,
		.side = side,
		.group = group,
		.prio = prio,
		.owner = ep,
		.match = &r->match,
		.act = r->act,
	};
}

static inline void
fr_octets(struct fr *r, uint32_t off, const void *value, const void *mask, uint32_t n)
{
	uint8_t *k = (uint8_t *)&r->match.key + off, *m = (uint8_t *)&r->match.mask + off;

	memset(m, 0xff, n);
	if (mask != NULL)
		memcpy(m, mask, n);
	for (uint32_t i = 0; i < n; i++)
		k[i] = ((const uint8_t *)value)[i] & m[i];
}

#define FR_OFF(level, member) \
	((level) * sizeof(struct esw_flow_hdr) + offsetof(struct esw_flow_hdr, member))
/* Only the types of its members are asked for. */
extern const struct esw_flow_hdr fr_types;
/* An integer field, its value and mask in the order of memory. */
#define FR_UNDER(r, level, member, v, m) \
	fr_octets(r, FR_OFF(level, member), &(__typeof__(fr_types.member)){ v }, \
		  &(__typeof__(fr_types.member)){ m }, sizeof(fr_types.member))
#define FR_IS(r, level, member, v) \
	fr_octets(r, FR_OFF(level, member), &(__typeof__(fr_types.member)){ v }, NULL, \
		  sizeof(fr_types.member))

/* A field of n octets in an interval; two's values are big-endian numbers of up to 4 octets. */
static inline void
fr_range(struct fr *r, uint32_t off, uint32_t n, uint32_t lo, uint32_t hi)
{
	struct esw_flow_range *g = &r->match.range[r->match.n_ranges++];

	*g = (struct esw_flow_range){ .off = off, .len = n };
	for (uint32_t i = 0; i < n; i++) {
		g->mask[i] = 0xff;
		g->lo[i] = lo >> (8 * (n - 1 - i));
		g->hi[i] = hi >> (8 * (n - 1 - i));
	}
}

static inline struct esw_flow_act *
fr_do(struct fr *r, enum esw_flow_op op)
{
	struct esw_flow_act *a = &r->act[r->spec.n_acts++];

	a->op = op;
	return a;
}

static inline void
fr_port(struct fr *r, uint16_t ep)
{
	fr_do(r, ESW_FLOW_PORT)->ep = ep;
}

static inline struct esw_flow *
fr_make(struct esw *sw, const struct fr *r)
{
	struct esw_err err = { "" };
	int rc = esw_flow_check(sw, &r->spec, &err);
	struct esw_flow *f;

	if (rc != 0)
		fail_msg("esw_flow_check: %s", err.msg);
	f = esw_flow_create(sw, &r->spec, &err);
	if (f == NULL)
		fail_msg("esw_flow_create: %s", err.msg);
	return f;
}

/* Check and create refuse it alike, with a sentence that has these words. */
static inline void
fr_refused(struct esw *sw, const struct fr *r, int rc, const char *words)
{
	struct esw_err check = { "" }, create = { "" };

	assert_int_equal(esw_flow_check(sw, &r->spec, &check), rc);
	assert_null(esw_flow_create(sw, &r->spec, &create));
	assert_int_equal(rte_errno, -rc);
	assert_string_equal(check.msg, create.msg);
	if (strstr(check.msg, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", check.msg, words);
}

struct fr_net {
	struct esw *sw;
	struct esw_txq *tx[EPS];
	struct esw_rxq *rx[EPS];
	uint64_t mac[VFS];
};

/* All are up. VF n's frames go to representor n, the wire's to the PF, if no rule says else. */
static inline void
fr_net_make_rx(struct fr_net *n, uint32_t flags)
{
	n->sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	for (uint16_t ep = 0; ep < EPS; ep++) {
		n->tx[ep] = rig_tx(n->sw, ep, 0);
		n->rx[ep] = rig_rx(n->sw, ep, 0, rig_pool(RIG_2K), flags);
	}
	for (uint16_t vf = 0; vf < VFS; vf++)
		n->mac[vf] = rig_mac(n->sw, vf);
}

static inline void
fr_net_make(struct fr_net *n)
{
	fr_net_make_rx(n, 0);
}

/* A frame of VF `from` to VF `to` (of UDP if there is room), `sport` is the source port. */
static inline struct rte_mbuf *
fr_frame(const struct fr_net *n, enum rig_pool pool, uint16_t from, uint16_t to, uint16_t sport)
{
	struct ip_frame f = {
		.udp = true,
		.payload = 40,
		.dst = n->mac[to],
		.src = n->mac[from],
	};
	uint8_t b[256];

	ip_build(&f, b);
	ip_put16(b + f.l2 + f.l3, sport);
	ip_put16(b + f.l2 + f.l3 + 2, 9);
	ip_put16(b + f.l2 + 10, ip_hdr_cksum(b, f.l2, f.l3));
	ip_put16(b + f.l2 + f.l3 + 6, ip_l4_cksum(b, f.l2, f.l3, true));
	b[f.l2 + 8] = 64;
	ip_put16(b + f.l2 + 10, ip_hdr_cksum(b, f.l2, f.l3));
	return rig_chain(rig_pool(pool), b, f.len, NULL, 0);
}

/* Which endpoints got a frame each, as bits; two at one endpoint fail the test. */
static inline uint32_t
fr_who(const struct fr_net *n)
{
	uint32_t who = 0;

	for (uint16_t ep = 0; ep < EPS; ep++) {
		uint32_t got = rig_drain(n->rx[ep]);

		assert_in_range(got, 0, 1);
		who |= got << ep;
	}
	return who;
}

#define TO(ep) (1u << (ep))

/* VF 0 sends one frame to VF 1's address; @return who got it */
static inline uint32_t
fr_send(const struct fr_net *n, uint16_t sport)
{
	rig_send(n->tx[VF0], fr_frame(n, RIG_2K, 0, 1, sport));
	return fr_who(n);
}

static inline struct esw_flow_stats
fr_count(struct esw *sw, struct esw_flow *f)
{
	struct esw_flow_stats s;

	assert_int_equal(esw_flow_count_get(sw, f, false, &s), 0);
	return s;
}

#endif /* _FLOW_RIG_H_ */
