/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_RULES_H_
#define _ESW_RULES_H_

/*
 * A VF's policy, and what the VF asked for within it, compiled into what the data path compares.
 *
 * Compiled whole by control, published by one pointer store, never changed afterwards: a frame sees
 * one version or the other, never a mix. The judging functions are pure: rules and frame in, fate
 * out. The tables that they implement are doc/semantics.md, sections 3 and 4.
 */
#include "fate.h"
#include "frame.h"
#include "esw.h"

#define ESW_ADDRS_SLOTS 512 /* power of two, at least twice the 1 + 64 + 64 addresses */

struct esw_rules {
	uint64_t mac;  /* the VF's own address */
	uint16_t mtu;  /* effective */
	uint16_t vlan; /* class that untagged frames get: off 0, access its VLAN, trunk native */
	uint8_t mode;  /* enum esw_vlan_mode */
	bool link;     /* effective carrier */
	bool spoofchk;
	bool isolate;
	bool promisc, allmulti; /* effective */
	bool stag;              /* access with an S-tag */
	bool qos_set;
	bool vf_filter; /* the VF's own VLAN filter is on */
	bool learn;     /* its sources may be new to the MAC table */
	uint8_t qos;
	uint16_t n_addrs; /* own, listed and added addresses in the hash below */
	uint16_t n_mcast;
	uint64_t trunk[64];
	uint64_t vf_vlans[64];
	uint64_t mcast[ESW_VF_MCAST_MAX];
	uint64_t addrs
		[ESW_ADDRS_SLOTS]; /* open addressing; 0 = free (the zero address is never legal) */
} __rte_cache_aligned;

/* What the VF asked for itself, kept by control; see struct esw_vf_state. */
struct esw_vf_asked {
	uint16_t mtu, rep_mtu;
	bool promisc, allmulti, backed, filter;
	uint16_t n_macs, n_mcast;
	struct rte_ether_addr macs[ESW_VF_MACS_MAX];
	struct rte_ether_addr mcast[ESW_VF_MCAST_MAX];
	uint64_t vlans[64];
	uint64_t denied_mac, denied_mtu, denied_promisc, denied_addr, denied_vlan;
};

void esw_rules_compile(struct esw_rules *r, const struct esw_policy *p,
		       const struct esw_vf_asked *a, bool wire_link);

/* Smallest of what policy, VF and representor say; octets. */
uint16_t esw_rules_mtu(const struct esw_policy *p, const struct esw_vf_asked *a);

/*
 * Do untagged frames that it sends and gets have one VLAN class, `vlan`, and nothing else to be
 * asked by VLAN?
 */
static inline bool
esw_rules_untagged(const struct esw_rules *r)
{
	return r->mode == ESW_VLAN_OFF || r->mode == ESW_VLAN_ACCESS ||
	       (r->mode == ESW_VLAN_TRUNK && r->vlan != 0);
}

static inline uint32_t
esw_addr_hash(uint64_t mac)
{
	return (uint32_t)((mac * UINT64_C(0x9e3779b97f4a7c15)) >>
			  55); /* Fibonacci hashing, 9 bits */
}

/* Is it the VF's own, a listed or an added address? */
static inline bool
esw_rules_has_addr(const struct esw_rules *r, uint64_t mac)
{
	if (mac == r->mac)
		return true;
	if (r->n_addrs <= 1 || mac == 0)
		return false;
	for (uint32_t i = esw_addr_hash(mac);; i++) {
		uint64_t a = r->addrs[i % ESW_ADDRS_SLOTS];

		if (a == mac)
			return true;
		if (a == 0)
			return false;
	}
}

/*
 * Section 3 of doc/semantics.md from MTU to VLAN, and the link. Form was checked by the caller.
 * @param e  out: the edit that makes the switch-side frame
 * @return ESW_TX_FORWARDED or the drop
 */
enum esw_fate esw_rules_ingress(const struct esw_rules *r, const struct esw_frame *f,
				struct esw_edit *e);

/*
 * Would a frame of the switch side be let in by VLAN? In: the edit so far; out: with the tag
 * removed if so.
 */
bool esw_rules_vlan_in(const struct esw_rules *r, const struct esw_side *s, struct esw_edit *e);

/* Is the VF a member of this VLAN class at all (for the MAC table)? */
bool esw_rules_member(const struct esw_rules *r, uint16_t vlan);

/*
 * Section 4, from link to address.
 * @param isolated  the sender is an isolated VF and came straight through
 */
enum esw_fate esw_rules_egress(const struct esw_rules *r, const struct esw_side *s, uint64_t dst,
			       bool isolated, struct esw_edit *e);

#endif /* _ESW_RULES_H_ */
