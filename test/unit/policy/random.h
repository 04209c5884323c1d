/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _TEST_POLICY_RANDOM_H_
#define _TEST_POLICY_RANDOM_H_

/*
 * Random valid policies from a seed: the same seed gives the same policies on every machine.
 * Edges (VID 1 and 4094, full lists, the shortest and longest MTU) are more likely than chance.
 */
#include <stdbool.h>
#include <stdint.h>

#include "policy.h"

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) */
static inline uint64_t
random_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* lo to hi, each end one time in eight. */
static inline uint16_t
random_of(uint64_t *state, uint16_t lo, uint16_t hi)
{
	const uint64_t r = random_next(state);

	if (r % 8 == 0)
		return lo;
	if (r % 8 == 1)
		return hi;
	return (uint16_t)(lo + (r >> 8) % (hi - lo + 1u));
}

static inline bool
random_flag(uint64_t *state)
{
	return (random_next(state) >> 17) % 2 != 0;
}

static inline void
random_mac(uint64_t *state, struct rte_ether_addr *mac)
{
	const uint64_t r = random_next(state);
	unsigned int i;

	for (i = 0; i < RTE_ETHER_ADDR_LEN; i++)
		mac->addr_bytes[i] = (uint8_t)(r >> (8 * i));
	mac->addr_bytes[0] &= 0xfe;
	mac->addr_bytes[5] |= 1; /* not zero */
}

static inline void
random_trunk(uint64_t *state, struct esw_vlan *v)
{
	const unsigned int n = random_of(state, 1, 300), run = random_of(state, 1, 20);
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		const uint16_t first = random_of(state, 1, ESW_VID_MAX);

		for (j = 0; j < run && first + j <= ESW_VID_MAX; j++)
			esw_vlan_trunk_add(v, (uint16_t)(first + j));
	}
	if (random_flag(state))
		v->native = random_of(state, 1, ESW_VID_MAX);
}

static inline void
random_vlan(uint64_t *state, struct esw_vlan *v)
{
	v->mode = (enum esw_vlan_mode)random_of(state, ESW_VLAN_OFF, ESW_VLAN_ALL);
	if (v->mode == ESW_VLAN_TRUNK)
		random_trunk(state, v);
	if (v->mode != ESW_VLAN_ACCESS)
		return;
	v->vid = random_of(state, 1, ESW_VID_MAX);
	v->tpid = random_flag(state) ? ESW_TPID_CTAG : ESW_TPID_STAG;
	v->qos_set = random_flag(state);
	if (v->qos_set)
		v->qos = (uint8_t)random_of(state, 0, 7);
}

static inline void
random_policy(uint64_t *state, struct esw_policy *p)
{
	const unsigned int n = random_of(state, 0, ESW_POLICY_MACS_MAX);
	struct rte_ether_addr mac;

	esw_policy_default(p);
	random_mac(state, &p->mac);
	while (p->n_macs < n) {
		random_mac(state, &mac);
		if (!rte_is_same_ether_addr(&mac, &p->mac))
			esw_policy_macs_add(p, &mac, NULL);
	}
	p->spoofchk = random_flag(state);
	random_vlan(state, &p->vlan);
	p->mtu = random_of(state, ESW_MTU_MIN, ESW_MTU_MAX);
	p->mtu_change = random_flag(state);
	p->mac_change = random_flag(state);
	p->trust = random_flag(state);
	p->link = (enum esw_link_mode)random_of(state, ESW_LINK_AUTO, ESW_LINK_DOWN);
	p->isolate = random_flag(state);
}

#endif /* _TEST_POLICY_RANDOM_H_ */
