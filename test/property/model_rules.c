/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What may be asked for, and by whom: the refusals that esw.h promises.
 */
#include <errno.h>
#include <string.h>

#include "model.h"

#define MTU_MIN 68

static bool
is_group(const struct rte_ether_addr *mac)
{
	return mac->addr_bytes[0] % 2 == 1;
}

static bool
is_zero(const struct rte_ether_addr *mac)
{
	static const uint8_t zero[6];

	return memcmp(mac->addr_bytes, zero, 6) == 0;
}

/* Is this the `mac` of another VF, or the PF's? */
static bool
is_anothers(const struct model *m, unsigned int i, const struct rte_ether_addr *mac)
{
	unsigned int k;

	if (model_mac_eq(&m->pf_mac, mac->addr_bytes))
		return true;
	for (k = 0; k < m->n_vfs; k++) {
		if (k != i && model_mac_eq(&m->vf[k].policy.mac, mac->addr_bytes))
			return true;
	}
	return false;
}

/* Does a VF other than `i` use this address in any way? A `mac` is nobody else's. */
static bool
in_use(const struct model *m, unsigned int i, const struct rte_ether_addr *mac)
{
	unsigned int k;

	for (k = 0; k < m->n_vfs; k++) {
		const struct model_vf *vf = &m->vf[k];

		if (k == i)
			continue;
		if (model_macs_have(vf->policy.macs, vf->policy.n_macs, mac->addr_bytes) ||
		    model_macs_have(vf->macs, vf->n_macs, mac->addr_bytes))
			return true;
	}
	return is_anothers(m, i, mac);
}

/* The parts of a policy that a test gets wrong on purpose. */
static int
check_policy(const struct model *m, unsigned int i, const struct esw_policy *p)
{
	unsigned int k;

	if (is_group(&p->mac) || p->mtu < MTU_MIN || p->mtu > m->pf_mtu)
		return -EINVAL;
	for (k = 0; k < p->n_macs; k++) {
		if (is_group(&p->macs[k]) || is_zero(&p->macs[k]) ||
		    model_mac_eq(&p->mac, p->macs[k].addr_bytes))
			return -EINVAL;
	}
	if (in_use(m, i, &p->mac))
		return -EEXIST;
	for (k = 0; k < p->n_macs; k++) {
		if (is_anothers(m, i, &p->macs[k]))
			return -EEXIST;
	}
	return 0;
}

/* A change of the policy, not its repetition, forgets what was learned of the VF. */
static void
put_policy(struct model *m, unsigned int i, const struct esw_policy *p)
{
	bool changed = esw_policy_diff(&m->vf[i].policy, p) != 0;

	m->vf[i].policy = *p;
	if (changed && m->broken != MODEL_BREAK_FORGET)
		model_forget(m, MODEL_VF(i));
	model_forget_static(m);
}

int
model_policy_set(struct model *m, unsigned int i, const struct esw_policy *p)
{
	struct esw_policy want = *p;
	int rc;

	if (i >= m->n_vfs)
		return -ERANGE;
	if (is_zero(&want.mac))
		want.mac = m->vf[i].policy.mac;
	rc = check_policy(m, i, &want);
	if (rc == 0)
		put_policy(m, i, &want);
	return rc;
}

int
model_pf_mac_set(struct model *m, const struct rte_ether_addr *mac)
{
	if (is_group(mac) || is_zero(mac))
		return -EINVAL;
	if (!model_mac_eq(&m->pf_mac, mac->addr_bytes) && in_use(m, m->n_vfs, mac))
		return -EEXIST;
	m->pf_mac = *mac;
	model_forget_static(m);
	return 0;
}

int
model_pf_mtu_set(struct model *m, uint16_t mtu)
{
	unsigned int i;

	if (mtu < MTU_MIN || mtu > m->mtu_max)
		return -EINVAL;
	for (i = 0; i < m->n_vfs; i++) {
		if (m->vf[i].policy.mtu > mtu)
			return -EBUSY;
	}
	m->pf_mtu = mtu;
	return 0;
}

int
model_vf_mac_set(struct model *m, unsigned int i, const struct rte_ether_addr *mac)
{
	struct model_vf *vf = &m->vf[i];
	struct esw_policy want = vf->policy;
	int rc;

	if (model_mac_eq(&vf->policy.mac, mac->addr_bytes))
		return 0;
	if (!vf->policy.mac_change)
		return -EPERM;
	if (is_zero(mac))
		return -EINVAL;
	want.mac = *mac;
	rc = check_policy(m, i, &want);
	if (rc == 0)
		put_policy(m, i, &want);
	return rc;
}

int
model_vf_mac_add(struct model *m, unsigned int i, const struct rte_ether_addr *mac)
{
	struct model_vf *vf = &m->vf[i];

	if (model_macs_have(vf->macs, vf->n_macs, mac->addr_bytes))
		return 0;
	if (!vf->policy.trust)
		return -EPERM;
	if (is_group(mac) || is_zero(mac))
		return -EINVAL;
	if (in_use(m, i, mac))
		return -EEXIST;
	if (vf->n_macs == MODEL_MACS)
		return -ENOSPC;
	vf->macs[vf->n_macs++] = *mac;
	model_forget_static(m);
	return 0;
}

int
model_vf_mac_remove(struct model *m, unsigned int i, const struct rte_ether_addr *mac)
{
	struct model_vf *vf = &m->vf[i];
	unsigned int k;

	for (k = 0; k < vf->n_macs; k++) {
		if (model_mac_eq(&vf->macs[k], mac->addr_bytes)) {
			vf->macs[k] = vf->macs[--vf->n_macs];
			return 0;
		}
	}
	return -ENOENT;
}

int
model_vf_mtu_set(struct model *m, unsigned int i, uint16_t mtu)
{
	struct model_vf *vf = &m->vf[i];

	if (mtu < MTU_MIN || mtu > vf->policy.mtu)
		return -EINVAL;
	if (mtu == model_mtu(m, i))
		return 0; /* nothing is asked for, so nothing is remembered */
	if (!vf->policy.mtu_change)
		return -EPERM;
	vf->mtu = mtu;
	return 0;
}

int
model_vf_promisc_set(struct model *m, unsigned int i, bool on)
{
	if (on && !m->vf[i].policy.trust)
		return -EPERM;
	m->vf[i].promisc = on;
	return 0;
}

int
model_vf_allmulti_set(struct model *m, unsigned int i, bool on)
{
	if (on && !m->vf[i].policy.trust)
		return -EPERM;
	m->vf[i].allmulti = on;
	return 0;
}

int
model_vf_mcast_set(struct model *m, unsigned int i, const struct rte_ether_addr *list,
		   unsigned int n)
{
	unsigned int k;

	if (n > MODEL_MCAST)
		return -ENOSPC;
	for (k = 0; k < n; k++) {
		if (!is_group(&list[k]))
			return -EINVAL;
	}
	memcpy(m->vf[i].mcast, list, n * sizeof(list[0]));
	m->vf[i].n_mcast = n;
	return 0;
}

int
model_vf_vlan_filter_set(struct model *m, unsigned int i, uint16_t vid, bool on)
{
	if (on && !model_vlan_member(m, i, vid))
		return -EPERM;
	m->vf[i].filter_vid[vid] = on;
	return 0;
}

int
model_vf_rep_mtu_set(struct model *m, unsigned int i, uint16_t mtu)
{
	if (mtu != 0 && (mtu < MTU_MIN || mtu > m->mtu_max))
		return -EINVAL;
	m->vf[i].rep_mtu = mtu;
	return 0;
}

void
model_vf_reset(struct model *m, unsigned int i)
{
	struct model_vf *vf = &m->vf[i];

	vf->mtu = 0;
	vf->promisc = false;
	vf->allmulti = false;
	vf->filter = false;
	memset(vf->filter_vid, 0, sizeof(vf->filter_vid));
	vf->n_macs = 0;
	vf->n_mcast = 0;
}
