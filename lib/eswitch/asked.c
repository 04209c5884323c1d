/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What a VF asks for itself, and the answer that its policy gives; refusals are counted. */
#include <errno.h>
#include <string.h>

#include "device.h"

/*
 * With the lock held; what was asked before is kept, for done() to put back if it can't be
 * published.
 */
static struct esw_vf *
get(struct esw *sw, uint16_t vf)
{
	if (vf >= sw->conf.nb_vfs)
		return NULL;
	esw_lock(sw);
	sw->undo = sw->vf[vf].asked;
	return &sw->vf[vf];
}

static int
no_vf(const struct esw *sw, uint16_t vf, struct esw_err *err)
{
	return esw_err_set(err, -ERANGE, "vf: %u, but %s has %u VFs", vf, sw->conf.name,
			   sw->conf.nb_vfs);
}

/*
 * Publish what changed, or put it back, and let go of the lock. `addresses`: as esw_vf_publish().
 */
static int
commit(struct esw *sw, uint16_t vf, bool addresses)
{
	int rc = esw_vf_publish(sw, vf, addresses);

	if (rc != 0)
		sw->vf[vf].asked = sw->undo;
	if (rc != 0 && rc != -EAGAIN)
		esw_vf_publish(sw, vf, addresses);
	esw_unlock(sw);
	return rc;
}

/* Nothing changed. */
static int
done(struct esw *sw, int rc)
{
	esw_unlock(sw);
	return rc;
}

int
esw_vf_mac_set(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac, struct esw_err *err)
{
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_MAC) };
	struct esw_vf *v = get(sw, vf);
	bool same, allowed;

	if (v == NULL)
		return no_vf(sw, vf, err);
	same = rte_is_same_ether_addr(&v->policy.mac, mac);
	allowed = v->policy.mac_change;
	if (!same && !allowed)
		v->asked.denied_mac++;
	esw_unlock(sw);
	if (same)
		return 0;
	if (!allowed)
		return esw_err_set(err, -EPERM, "mac: vf %u may not change it (mac-change = deny)",
				   vf);
	if (rte_is_zero_ether_addr(mac))
		return esw_err_set(err, -EINVAL, "mac: the zero address is not a unicast address");
	patch.value.mac = *mac;
	return esw_policy_patch_set(sw, vf, &patch, err);
}

static int
find(const struct esw_vf_asked *a, const struct rte_ether_addr *mac)
{
	for (uint16_t i = 0; i < a->n_macs; i++)
		if (rte_is_same_ether_addr(&a->macs[i], mac))
			return i;
	return -1;
}

bool
esw_asked_has(const struct esw_vf_asked *a, const struct rte_ether_addr *mac)
{
	return find(a, mac) >= 0;
}

static bool
is_listed(const struct esw_policy *p, const struct rte_ether_addr *mac)
{
	for (uint16_t i = 0; i < p->n_macs; i++)
		if (rte_is_same_ether_addr(&p->macs[i], mac))
			return true;
	return rte_is_same_ether_addr(&p->mac, mac);
}

static int
mac_in_use(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac, struct esw_err *err)
{
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++)
		if (i != vf &&
		    (is_listed(&sw->vf[i].policy, mac) || find(&sw->vf[i].asked, mac) >= 0))
			return esw_err_set(err, -EEXIST, "mac: already an address of vf %u", i);
	if (rte_is_same_ether_addr(mac, &sw->pf_mac))
		return esw_err_set(err, -EEXIST, "mac: already the PF's address");
	return 0;
}

int
esw_vf_mac_add(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac, struct esw_err *err)
{
	struct esw_vf *v = get(sw, vf);
	int rc;

	if (v == NULL)
		return no_vf(sw, vf, err);
	if (is_listed(&v->policy, mac) || find(&v->asked, mac) >= 0)
		return done(sw, 0);
	if (!v->policy.trust) {
		v->asked.denied_addr++;
		return done(sw, esw_err_set(err, -EPERM,
					    "mac: vf %u may not add addresses (trust = off)", vf));
	}
	if (!rte_is_valid_assigned_ether_addr(mac))
		return done(sw, esw_err_set(err, -EINVAL, "mac: not a unicast address"));
	if (v->asked.n_macs == ESW_VF_MACS_MAX)
		return done(sw,
			    esw_err_set(err, -ENOSPC, "mac: vf %u added %u addresses, the limit",
					vf, ESW_VF_MACS_MAX));
	rc = mac_in_use(sw, vf, mac, err);
	if (rc != 0)
		return done(sw, rc);
	v->asked.macs[v->asked.n_macs++] = *mac;
	return commit(sw, vf, true);
}

int
esw_vf_mac_remove(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac,
		  struct esw_err *err)
{
	struct esw_vf *v = get(sw, vf);
	int i;

	if (v == NULL)
		return no_vf(sw, vf, err);
	i = find(&v->asked, mac);
	if (i < 0)
		return done(sw,
			    esw_err_set(err, -ENOENT, "mac: vf %u did not add this address", vf));
	v->asked.macs[i] = v->asked.macs[--v->asked.n_macs];
	return commit(sw, vf, true);
}

int
esw_vf_mtu_set(struct esw *sw, uint16_t vf, uint16_t mtu, struct esw_err *err)
{
	struct esw_vf *v = get(sw, vf);

	if (v == NULL)
		return no_vf(sw, vf, err);
	if (mtu == esw_rules_mtu(&v->policy, &v->asked))
		return done(sw, 0);
	if (mtu < ESW_MTU_MIN || mtu > v->policy.mtu)
		return done(sw, esw_err_set(err, -EINVAL, "mtu: %u is out of range %u to %u", mtu,
					    ESW_MTU_MIN, v->policy.mtu));
	if (!v->policy.mtu_change) {
		v->asked.denied_mtu++;
		return done(sw,
			    esw_err_set(err, -EPERM,
					"mtu: vf %u may not change it (mtu-change = deny)", vf));
	}
	v->asked.mtu = mtu;
	return commit(sw, vf, false);
}

static int
mode_set(struct esw *sw, uint16_t vf, bool on, bool promisc, struct esw_err *err)
{
	struct esw_vf *v = get(sw, vf);
	bool *asked;

	if (v == NULL)
		return no_vf(sw, vf, err);
	if (on && !v->policy.trust) {
		v->asked.denied_promisc++;
		return done(sw, esw_err_set(err, -EPERM, "%s: vf %u may not be (trust = off)",
					    promisc ? "promiscuous" : "all-multicast", vf));
	}
	asked = promisc ? &v->asked.promisc : &v->asked.allmulti;
	if (*asked == on)
		return done(sw, 0);
	*asked = on;
	return commit(sw, vf, false);
}

int
esw_vf_promisc_set(struct esw *sw, uint16_t vf, bool on, struct esw_err *err)
{
	return mode_set(sw, vf, on, true, err);
}

int
esw_vf_allmulti_set(struct esw *sw, uint16_t vf, bool on, struct esw_err *err)
{
	return mode_set(sw, vf, on, false, err);
}

int
esw_vf_mcast_set(struct esw *sw, uint16_t vf, const struct rte_ether_addr *list, uint16_t n,
		 struct esw_err *err)
{
	struct esw_vf *v;

	if (n > ESW_VF_MCAST_MAX)
		return esw_err_set(err, -ENOSPC, "multicast list: %u addresses, at most %u", n,
				   ESW_VF_MCAST_MAX);
	for (uint16_t i = 0; i < n; i++)
		if (!rte_is_multicast_ether_addr(&list[i]))
			return esw_err_set(err, -EINVAL,
					   "multicast list: entry %u is a unicast address", i);
	v = get(sw, vf);
	if (v == NULL)
		return no_vf(sw, vf, err);
	if (n != 0)
		memcpy(v->asked.mcast, list, n * sizeof(*list));
	v->asked.n_mcast = n;
	return commit(sw, vf, false);
}

int
esw_vf_vlan_filter_enable(struct esw *sw, uint16_t vf, bool on)
{
	struct esw_vf *v = get(sw, vf);

	if (v == NULL)
		return -ERANGE;
	if (v->asked.filter == on)
		return done(sw, 0);
	v->asked.filter = on;
	return commit(sw, vf, false);
}

int
esw_vf_vlan_filter_set(struct esw *sw, uint16_t vf, uint16_t vid, bool on, struct esw_err *err)
{
	struct esw_vf *v = get(sw, vf);
	uint64_t mask = UINT64_C(1) << (vid % 64);

	if (v == NULL)
		return no_vf(sw, vf, err);
	if (vid > ESW_VID_MAX)
		return done(sw, esw_err_set(err, -EINVAL, "vlan filter: %u is out of range 0 to %u",
					    vid, ESW_VID_MAX));
	if (on && vid != 0 && !esw_rules_member(sw->out[esw_ep_vf(vf)].rules, vid)) {
		v->asked.denied_vlan++;
		return done(sw, esw_err_set(err, -EPERM, "vlan filter: vf %u is not in VLAN %u", vf,
					    vid));
	}
	if (((v->asked.vlans[vid / 64] & mask) != 0) == on)
		return done(sw, 0);
	v->asked.vlans[vid / 64] ^= mask;
	return commit(sw, vf, false);
}

int
esw_vf_state_reset(struct esw *sw, uint16_t vf)
{
	struct esw_vf *v = get(sw, vf);
	struct esw_vf_asked a = { 0 };

	if (v == NULL)
		return -ERANGE;
	a.rep_mtu = v->asked.rep_mtu;
	a.backed = v->asked.backed;
	a.denied_mac = v->asked.denied_mac;
	a.denied_mtu = v->asked.denied_mtu;
	a.denied_promisc = v->asked.denied_promisc;
	a.denied_addr = v->asked.denied_addr;
	a.denied_vlan = v->asked.denied_vlan;
	v->asked = a;
	return commit(sw, vf, true);
}

int
esw_vf_backed_set(struct esw *sw, uint16_t vf, bool on)
{
	struct esw_vf *v = get(sw, vf);

	if (v == NULL)
		return -ERANGE;
	if (v->asked.backed == on)
		return done(sw, 0);
	v->asked.backed = on;
	return commit(sw, vf, false);
}

int
esw_vf_rep_mtu_set(struct esw *sw, uint16_t vf, uint16_t mtu, struct esw_err *err)
{
	struct esw_vf *v;

	if (mtu != 0 && (mtu < ESW_MTU_MIN || mtu > sw->conf.mtu_max))
		return esw_err_set(err, -EINVAL, "mtu: %u is out of range %u to %u", mtu,
				   ESW_MTU_MIN, sw->conf.mtu_max);
	v = get(sw, vf);
	if (v == NULL)
		return no_vf(sw, vf, err);
	if (v->asked.rep_mtu == mtu)
		return done(sw, 0);
	v->asked.rep_mtu = mtu;
	return commit(sw, vf, false);
}

int
esw_vf_state_get(const struct esw *sw, uint16_t vf, struct esw_vf_state *st)
{
	struct esw_vf *v = get((struct esw *)(uintptr_t)sw, vf);
	const struct esw_rules *r;

	if (v == NULL)
		return -ERANGE;
	r = sw->out[esw_ep_vf(vf)].rules;
	*st = (struct esw_vf_state){
		.mtu = v->asked.mtu,
		.rep_mtu = v->asked.rep_mtu,
		.effective_mtu = r->mtu,
		.promisc = v->asked.promisc,
		.allmulti = v->asked.allmulti,
		.promisc_effective = r->promisc,
		.allmulti_effective = r->allmulti,
		.backed = v->asked.backed,
		.link = r->link,
		.n_macs = v->asked.n_macs,
		.n_mcast = v->asked.n_mcast,
		.denied_mac = v->asked.denied_mac,
		.denied_mtu = v->asked.denied_mtu,
		.denied_promisc = v->asked.denied_promisc,
		.denied_addr = v->asked.denied_addr,
		.denied_vlan = v->asked.denied_vlan,
	};
	memcpy(st->macs, v->asked.macs, sizeof(st->macs));
	memcpy(st->mcast, v->asked.mcast, sizeof(st->mcast));
	esw_unlock(sw);
	return 0;
}
