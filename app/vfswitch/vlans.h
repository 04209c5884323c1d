/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_VLANS_H_
#define _VSW_VLANS_H_

/*
 * Which ports are members of which VLAN, as the VFs' policy says, and which ports are isolated.
 *
 * The e-switch enforces the policy at every VF whatever this table says; the table keeps
 * useless copies of broadcasts from being made and counted as drops, and it keeps isolated VFs
 * apart, which the e-switch cannot do for frames that pass through representors (it does not know
 * where they came from).
 *
 * A VLAN is a number as in struct swd_fdb_entry: 0 none, 1 to 4095 C-VLAN, 4096 + VID S-VLAN. A
 * port is the bridge's port number (ports.h).
 *
 * Thread-safety: one writer, any number of readers. A reader may see a policy change take effect
 * VLAN by VLAN.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_ether.h>

#include "policy.h"

#define VSW_VLANS 8192
#define VSW_PORTS_MAX 257 /* the uplink and 256 VFs */
#define VSW_PORT_WORDS 5  /* of 64 ports */

struct vsw_vlans {
	uint64_t member[VSW_VLANS][VSW_PORT_WORDS];
	uint64_t isolated[VSW_PORT_WORDS];
};

/* Does the switch deliver frames of `vlan` to a VF of this policy? doc/semantics.md section 4.4 */
bool vsw_vlan_admits(const struct esw_vlan *v, uint16_t vlan);

/* Make `port` a member of exactly the VLANs that the policy admits, and isolated or not. */
void vsw_vlans_port_set(struct vsw_vlans *t, uint16_t port, const struct esw_policy *p);

/* Make `port` a member of every VLAN: the uplink. */
void vsw_vlans_port_all(struct vsw_vlans *t, uint16_t port);

static inline bool
vsw_port_bit(const uint64_t *words, uint16_t port)
{
	return ((__atomic_load_n(&words[port / 64], __ATOMIC_RELAXED) >> (port % 64)) & 1) != 0;
}

/*
 * VLAN number of a frame by its outermost tag. `eh` must have 18 octets behind it if its EtherType
 * is a TPID. A priority tag (C, VID 0) is no VLAN.
 */
static inline uint16_t
vsw_frame_vlan(const struct rte_ether_hdr *eh)
{
	const struct rte_vlan_hdr *tag = (const struct rte_vlan_hdr *)(eh + 1);

	if (eh->ether_type == RTE_BE16(RTE_ETHER_TYPE_VLAN))
		return rte_be_to_cpu_16(tag->vlan_tci) & 0xfff;
	if (eh->ether_type == RTE_BE16(RTE_ETHER_TYPE_QINQ))
		return 4096 + (rte_be_to_cpu_16(tag->vlan_tci) & 0xfff);
	return 0;
}

#endif /* _VSW_VLANS_H_ */
