/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Which addresses the MAC table holds for whom: static entries follow policy. */
#include <errno.h>

#include "device.h"
#include "mactable.h"

/*
 * A VF in more VLANs than this gets one entry for any VLAN, checked against its membership when
 * found.
 */
#define EXPAND_MAX 16

static bool
listed_elsewhere(const struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac)
{
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++) {
		const struct esw_policy *p = &sw->vf[i].policy;

		for (uint16_t k = 0; i != vf && k < p->n_macs; k++)
			if (rte_is_same_ether_addr(&p->macs[k], mac))
				return true;
	}
	return false;
}

/* The VLANs in which the VF gets entries. @return their number */
static unsigned int
vlans_of(const struct esw_rules *r, uint16_t vlans[EXPAND_MAX])
{
	unsigned int n = 0;

	if (r->mode == ESW_VLAN_OFF || r->mode == ESW_VLAN_ACCESS)
		vlans[n++] = r->vlan;
	for (uint16_t v = 1; r->mode == ESW_VLAN_TRUNK && v <= ESW_VID_MAX; v++) {
		if (!esw_rules_member(r, v))
			continue;
		if (n == EXPAND_MAX) {
			n = 0;
			break;
		}
		vlans[n++] = v;
	}
	if (n == 0)
		vlans[n++] = ESW_VLAN_ANY;
	return n;
}

struct wanted {
	unsigned int n_vlans;
	uint16_t vlans[EXPAND_MAX];
	unsigned int n_macs;
	uint64_t macs[1 + ESW_POLICY_MACS_MAX + ESW_VF_MACS_MAX];
};

static bool
keep(const void *arg, uint16_t vlan, uint64_t mac)
{
	const struct wanted *w = arg;
	bool in = false;

	for (unsigned int i = 0; i < w->n_vlans && !in; i++)
		in = w->vlans[i] == vlan;
	for (unsigned int i = 0; in && i < w->n_macs; i++)
		if (w->macs[i] == mac)
			return true;
	return false;
}

static void
wanted_of(const struct esw *sw, uint16_t ep, struct wanted *w)
{
	const struct esw_vf *v;
	uint16_t vf = ep - ESW_EP_VF0;

	w->n_macs = 1;
	if (ep == ESW_EP_PF) {
		w->macs[0] = esw_mac48(&sw->pf_mac);
		w->vlans[0] = ESW_VLAN_ANY;
		w->n_vlans = 1;
		return;
	}
	v = &sw->vf[vf];
	w->n_vlans = vlans_of(sw->out[ep].rules, w->vlans);
	w->macs[0] = esw_mac48(&v->policy.mac);
	for (uint16_t i = 0; i < v->policy.n_macs; i++)
		if (!listed_elsewhere(sw, vf, &v->policy.macs[i]))
			w->macs[w->n_macs++] = esw_mac48(&v->policy.macs[i]);
	for (uint16_t i = 0; v->policy.trust && i < v->asked.n_macs; i++)
		w->macs[w->n_macs++] = esw_mac48(&v->asked.macs[i]);
}

static int
sync_one(struct esw *sw, uint16_t ep)
{
	struct wanted w;
	int rc = 0;

	wanted_of(sw, ep, &w);
	for (unsigned int i = 0; i < w.n_vlans && rc == 0; i++)
		for (unsigned int k = 0; k < w.n_macs && rc == 0; k++)
			rc = esw_fdb_add_static(&sw->fdb, w.vlans[i], w.macs[k], ep);
	esw_fdb_keep_static(&sw->fdb, ep, keep, &w);
	return rc;
}

int
esw_mactable_sync(struct esw *sw, uint16_t ep)
{
	int rc;

	if (sw->conf.mode != ESW_MODE_VEB)
		return 0;
	rc = sync_one(sw, ep);
	if (ep == ESW_EP_PF)
		return rc;
	/* A list that changed here can make an address static, or no longer so, at a neighbour. */
	for (uint16_t i = 0; i < sw->conf.nb_vfs && rc == 0; i++)
		if (esw_ep_vf(i) != ep && sw->vf[i].policy.n_macs != 0 &&
		    sw->out[esw_ep_vf(i)].rules != NULL)
			rc = sync_one(sw, esw_ep_vf(i));
	return rc;
}

static bool
holds(const struct esw *sw, uint16_t ep, uint16_t vlan)
{
	const struct esw_rules *r;

	if (!esw_ep_is_vf(sw, ep))
		return true;
	r = __atomic_load_n(&sw->out[ep].rules, __ATOMIC_ACQUIRE);
	return esw_rules_member(r, vlan);
}

uint16_t
esw_mactable_lookup(const struct esw *sw, uint16_t vlan, uint64_t mac, uint32_t now,
		    bool *is_static)
{
	uint64_t d = esw_fdb_exact(&sw->fdb, vlan, mac, now);
	uint64_t any = UINT64_MAX;

	*is_static = false;
	/* A learned entry gives way to a static one that holds in any VLAN. */
	if ((d == UINT64_MAX || (d >> 16 & 1) == 0) && sw->fdb.n_any != 0)
		any = esw_fdb_exact(&sw->fdb, ESW_VLAN_ANY, mac, now);
	if (any != UINT64_MAX && holds(sw, (uint16_t)any, vlan))
		d = any;
	if (d == UINT64_MAX || !holds(sw, (uint16_t)d, vlan))
		return ESW_FDB_NONE;
	*is_static = (d >> 16 & 1) != 0;
	return (uint16_t)d;
}

void
esw_mactable_learn(struct esw *sw, uint16_t vlan, uint64_t mac, uint16_t ep, uint32_t now)
{
	bool is_static;

	esw_mactable_lookup(sw, vlan, mac, now, &is_static);
	if (!is_static)
		esw_fdb_learn(&sw->fdb, vlan, mac, ep, now);
}

uint32_t
esw_fdb_dump(const struct esw *sw, struct esw_fdb_entry *e, uint32_t n)
{
	return esw_fdb_walk(&sw->fdb, esw_fdb_now(&sw->fdb), e, n);
}

void
esw_fdb_flush(struct esw *sw, uint16_t ep)
{
	esw_lock(sw);
	esw_fdb_remove_learned(&sw->fdb, ep);
	esw_unlock(sw);
}
