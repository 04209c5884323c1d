/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include "vlans.h"

static void
bit_set(uint64_t *words, uint16_t port, bool on)
{
	uint64_t bit = UINT64_C(1) << (port % 64);
	uint64_t old = words[port / 64];

	/* One writer: no need for an atomic read-modify-write. */
	__atomic_store_n(&words[port / 64], on ? old | bit : old & ~bit, __ATOMIC_RELAXED);
}

bool
vsw_vlan_admits(const struct esw_vlan *v, uint16_t vlan)
{
	bool stag = vlan >= 4096;
	uint16_t vid = vlan & 0xfff;

	switch (v->mode) {
	case ESW_VLAN_OFF:
		return vlan == 0;
	case ESW_VLAN_ACCESS:
		return vid == v->vid && stag == (v->tpid == ESW_TPID_STAG);
	case ESW_VLAN_TRUNK:
		return vlan != 0 && !stag && (vid == v->native || esw_vlan_trunk_has(v, vid));
	case ESW_VLAN_ALL:
		return true;
	}
	return false;
}

void
vsw_vlans_port_set(struct vsw_vlans *t, uint16_t port, const struct esw_policy *p)
{
	for (uint32_t vlan = 0; vlan < VSW_VLANS; vlan++)
		bit_set(t->member[vlan], port, vsw_vlan_admits(&p->vlan, vlan));
	bit_set(t->isolated, port, p->isolate);
}

void
vsw_vlans_port_all(struct vsw_vlans *t, uint16_t port)
{
	for (uint32_t vlan = 0; vlan < VSW_VLANS; vlan++)
		bit_set(t->member[vlan], port, true);
	bit_set(t->isolated, port, false);
}
