/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _TEST_CHANGES_H_
#define _TEST_CHANGES_H_

/* A valid policy, changes to it that keep it valid, and a device that enforces every field. */
#include "policy.h"

static const struct esw_policy_limits limits = {
	.mtu_max = 9216,
	.fields = ESW_F_ALL,
	.device = "net_test",
};

static inline void
valid_policy(struct esw_policy *p)
{
	esw_policy_default(p);
	p->mac = (struct rte_ether_addr){ { 0x02, 0, 0, 0, 0, 1 } };
}

static inline void
set_macs(struct esw_policy *p)
{
	p->n_macs = 2;
	p->macs[0] = (struct rte_ether_addr){ { 0x02, 0, 0, 0, 0, 2 } };
	p->macs[1] = (struct rte_ether_addr){ { 0x02, 0, 0, 0, 0, 3 } };
}

static inline void
set_access(struct esw_policy *p)
{
	p->vlan.mode = ESW_VLAN_ACCESS;
	p->vlan.vid = 100;
}

static inline void
set_qinq(struct esw_policy *p)
{
	set_access(p);
	p->vlan.tpid = ESW_TPID_STAG;
	p->vlan.qos_set = true;
	p->vlan.qos = 7;
}

static inline void
set_trunk(struct esw_policy *p)
{
	p->vlan.mode = ESW_VLAN_TRUNK;
	esw_vlan_trunk_add(&p->vlan, 1);
	esw_vlan_trunk_add(&p->vlan, 4094);
	p->vlan.native = 4094;
}

static inline void
set_all(struct esw_policy *p)
{
	p->vlan.mode = ESW_VLAN_ALL;
}

#endif /* _TEST_CHANGES_H_ */
