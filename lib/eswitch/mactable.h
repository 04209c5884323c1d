/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_MACTABLE_H_
#define _ESW_MACTABLE_H_

/*
 * The MAC table together with the VFs' VLAN membership: what VEB mode asks on its slow path.
 * A VF in many VLANs has one entry for any VLAN; whether it is in the frame's VLAN is asked here.
 * Safe from any burst.
 */
#include "device.h"

/* @return the endpoint or ESW_FDB_NONE */
uint16_t esw_mactable_lookup(const struct esw *sw, uint16_t vlan, uint64_t mac, uint32_t now,
			     bool *is_static);
/* The source of a frame that VF endpoint `ep` sent, unless it is static somewhere. */
void esw_mactable_learn(struct esw *sw, uint16_t vlan, uint64_t mac, uint16_t ep, uint32_t now);

#endif /* _ESW_MACTABLE_H_ */
