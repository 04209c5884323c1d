/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random policies and random control calls of the PF's side. Values come from small sets, so
 * that VLANs, addresses and MTUs of different VFs meet.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "prop.h"

struct rte_ether_addr
prop_mac(enum prop_set set, unsigned int i)
{
	struct rte_ether_addr mac = { { 0x02, set, 0, 0, 0, i } };

	return mac;
}

struct rte_ether_addr
prop_group(unsigned int i)
{
	struct rte_ether_addr mac = { { 0x01, 0x00, 0x5e, 0, 0, i } };

	if (i % 2 == 1)
		mac.addr_bytes[0] = mac.addr_bytes[1] = 0x33;
	return mac;
}

uint16_t
prop_vid(struct prop_rng *r)
{
	static const uint16_t vids[] = { 1, 2, 10, 100, 100, 4094 };

	return vids[prop_below(r, RTE_DIM(vids))];
}

static void
vlan_random(struct prop_rng *r, struct esw_vlan *v)
{
	unsigned int k;

	memset(v, 0, sizeof(*v));
	v->tpid = ESW_TPID_CTAG;
	v->mode = prop_below(r, 4);
	switch (v->mode) {
	case ESW_VLAN_ACCESS:
		v->vid = prop_vid(r);
		if (prop_percent(r, 40))
			v->tpid = ESW_TPID_STAG;
		v->qos_set = prop_percent(r, 40);
		v->qos = v->qos_set ? prop_below(r, 8) : 0;
		break;
	case ESW_VLAN_TRUNK:
		for (k = 1 + prop_below(r, 3); k > 0; k--)
			esw_vlan_trunk_add(v, prop_vid(r));
		if (prop_percent(r, 50))
			v->native = prop_vid(r);
		break;
	case ESW_VLAN_OFF:
	case ESW_VLAN_ALL:
		break;
	}
}

static uint16_t
mtu_random(struct prop_world *w)
{
	static const uint16_t mtus[] = {
		68, 69, 100, 576, 1280, 1496, 1500, 1500, 1504, 2000, 9000
	};
	uint16_t mtu = mtus[prop_below(&w->rng, RTE_DIM(mtus))];

	if (mtu > w->m.pf_mtu && prop_percent(&w->rng, 90))
		mtu = w->m.pf_mtu;
	if (prop_percent(&w->rng, 2))
		mtu = prop_percent(&w->rng, 50) ? 67 : w->m.pf_mtu + 1;
	return mtu;
}

static struct rte_ether_addr
mac_random(struct prop_world *w, unsigned int vf)
{
	struct rte_ether_addr mac = { { 0 } }; /* keep */
	unsigned int p = prop_below(&w->rng, 100);

	if (p < 30)
		mac = prop_mac(PROP_MAC, prop_below(&w->rng, 12));
	else if (p < 34)
		mac = w->m.vf[prop_below(&w->rng, w->m.n_vfs)].policy.mac;
	else if (p < 36)
		mac = prop_group(prop_below(&w->rng, 4));
	else if (p < 40)
		mac = w->m.vf[vf].policy.mac;
	return mac;
}

static void
macs_random(struct prop_world *w, struct esw_policy *p)
{
	unsigned int i;

	p->n_macs = 0;
	if (prop_percent(&w->rng, 40))
		return;
	if (prop_percent(&w->rng, 4)) { /* the `mac` of some VF: refused */
		p->macs[p->n_macs++] = w->m.vf[prop_below(&w->rng, w->m.n_vfs)].policy.mac;
		return;
	}
	for (i = 0; i < 5; i++) {
		if (prop_percent(&w->rng, 30))
			p->macs[p->n_macs++] = prop_mac(PROP_MACS, i);
	}
}

/* A policy that lets most frames pass. */
static void
gentle(struct prop_world *w, struct esw_policy *p)
{
	memset(&p->vlan, 0, sizeof(p->vlan));
	p->vlan.tpid = ESW_TPID_CTAG;
	p->vlan.mode = ESW_VLAN_ALL;
	p->mtu = w->m.pf_mtu;
	p->link = ESW_LINK_UP;
	p->spoofchk = prop_percent(&w->rng, 20);
}

/* A policy whose VF's frames may take the fast path. */
static void
plain(struct prop_world *w, unsigned int vf, struct esw_policy *p)
{
	p->mac = mac_random(w, vf);
	p->vlan.tpid = ESW_TPID_CTAG;
	p->vlan.mode = w->plain_vid != 0 ? ESW_VLAN_ACCESS : ESW_VLAN_OFF;
	p->vlan.vid = w->plain_vid;
	p->vlan.qos_set = w->plain_vid != 0 && prop_percent(&w->rng, 50);
	p->vlan.qos = p->vlan.qos_set ? prop_below(&w->rng, 8) : 0;
	p->mtu = w->m.pf_mtu;
	p->link = ESW_LINK_UP;
	p->spoofchk = prop_percent(&w->rng, 90);
	p->isolate = prop_percent(&w->rng, 20);
}

void
prop_policy_random(struct prop_world *w, unsigned int vf, struct esw_policy *p)
{
	static const enum esw_link_mode links[] = { ESW_LINK_AUTO, ESW_LINK_AUTO, ESW_LINK_AUTO,
						    ESW_LINK_AUTO, ESW_LINK_AUTO, ESW_LINK_AUTO,
						    ESW_LINK_UP,   ESW_LINK_UP,   ESW_LINK_DOWN };
	struct prop_rng *r = &w->rng;

	memset(p, 0, sizeof(*p));
	if (w->plain && prop_percent(r, 85)) {
		plain(w, vf, p);
		return;
	}
	p->mac = mac_random(w, vf);
	macs_random(w, p);
	vlan_random(r, &p->vlan);
	p->mtu = mtu_random(w);
	p->spoofchk = prop_percent(r, 60);
	p->mtu_change = prop_percent(r, 50);
	p->mac_change = prop_percent(r, 50);
	p->trust = prop_percent(r, 50);
	p->link = links[prop_below(r, RTE_DIM(links))];
	p->isolate = prop_percent(r, 40);
	if (w->flows && prop_percent(r, 60)) /* rules see little of what policy drops */
		gentle(w, p);
}

static bool
same_macs(const struct rte_ether_addr *a, const struct rte_ether_addr *b, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!model_macs_have(b, n, a[i].addr_bytes))
			return false;
	}
	return true;
}

void
prop_state_compare(struct prop_world *w, unsigned int vf)
{
	const struct model_vf *v = &w->m.vf[vf];
	struct esw_vf_state st;
	struct esw_policy got;

	if (esw_policy_get(w->sw, vf, &got) < 0 || esw_vf_state_get(w->sw, vf, &st) < 0) {
		prop_fail(w, "VF %u: policy or state cannot be read", vf);
		return;
	}
	if (esw_policy_diff(&got, &v->policy) != 0)
		prop_fail(w, "VF %u: policy read back differs in fields 0x%" PRIx64, vf,
			  esw_policy_diff(&got, &v->policy));
	if (st.effective_mtu != model_mtu(&w->m, vf))
		prop_fail(w, "VF %u: effective MTU %u, model %u", vf, st.effective_mtu,
			  model_mtu(&w->m, vf));
	if (st.promisc_effective != model_promisc(&w->m, vf) ||
	    st.allmulti_effective != model_allmulti(&w->m, vf))
		prop_fail(w, "VF %u: promisc %d allmulti %d, model %d %d", vf, st.promisc_effective,
			  st.allmulti_effective, model_promisc(&w->m, vf),
			  model_allmulti(&w->m, vf));
	if (st.link != model_link(&w->m, vf) || esw_vf_link_get(w->sw, vf) != st.link)
		prop_fail(w, "VF %u: link %d, model %d", vf, st.link, model_link(&w->m, vf));
	if (st.n_macs != v->n_macs || !same_macs(st.macs, v->macs, v->n_macs) ||
	    st.n_mcast != v->n_mcast || !same_macs(st.mcast, v->mcast, v->n_mcast))
		prop_fail(w, "VF %u: %u added addresses and %u multicasts, model %u and %u", vf,
			  st.n_macs, st.n_mcast, v->n_macs, v->n_mcast);
}

static void
change_policy(struct prop_world *w, unsigned int vf)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_policy p;
	struct esw_err err = { "" };
	int got, want;

	prop_policy_random(w, vf, &p);
	if (prop_percent(&w->rng, 50)) {
		want = model_policy_set(&w->m, vf, &p);
		got = esw_policy_set(w->sw, vf, &p, &err);
		snprintf(w->last, sizeof(w->last), "esw_policy_set(%u)", vf);
	} else {
		patch.value = p;
		patch.fields = prop_next(&w->rng) & ESW_F_ALL;
		patch.fields &= prop_next(&w->rng); /* few at a time */
		p = w->m.vf[vf].policy;
		esw_policy_patch_apply(&p, &patch);
		want = model_policy_set(&w->m, vf, &p);
		got = esw_policy_patch_set(w->sw, vf, &patch, &err);
		snprintf(w->last, sizeof(w->last), "esw_policy_patch_set(%u, 0x%" PRIx64 ")", vf,
			 patch.fields);
	}
	if (got != want)
		prop_fail(w, "%s gave %d (%s), model %d", w->last, got, err.msg, want);
}

static void
change_pf(struct prop_world *w)
{
	struct rte_ether_addr mac = prop_mac(PROP_PF, prop_below(&w->rng, 3));
	struct esw_err err = { "" };
	int got, want;
	uint16_t mtu;

	if (prop_percent(&w->rng, 50)) {
		if (prop_percent(&w->rng, 20))
			mac = w->m.vf[prop_below(&w->rng, w->m.n_vfs)].policy.mac;
		want = model_pf_mac_set(&w->m, &mac);
		got = esw_pf_mac_set(w->sw, &mac, &err);
		snprintf(w->last, sizeof(w->last), "esw_pf_mac_set");
	} else {
		mtu = mtu_random(w);
		want = model_pf_mtu_set(&w->m, mtu);
		got = esw_pf_mtu_set(w->sw, mtu, &err);
		snprintf(w->last, sizeof(w->last), "esw_pf_mtu_set(%u)", mtu);
	}
	if (got != want)
		prop_fail(w, "%s gave %d (%s), model %d", w->last, got, err.msg, want);
	if (esw_pf_mtu_get(w->sw) != w->m.pf_mtu)
		prop_fail(w, "PF MTU %u, model %u", esw_pf_mtu_get(w->sw), w->m.pf_mtu);
}

/* Things that cannot be refused. */
static void
change_device(struct prop_world *w, unsigned int ep)
{
	int rc = 0;

	switch (prop_below(&w->rng, 4)) {
	case 0:
		w->m.wire_up = prop_percent(&w->rng, 85);
		rc = esw_wire_link_set(w->sw, w->m.wire_up);
		snprintf(w->last, sizeof(w->last), "esw_wire_link_set(%d)", w->m.wire_up);
		break;
	case 1:
		w->m.pf_promisc = prop_percent(&w->rng, 50);
		rc = esw_pf_promisc_set(w->sw, w->m.pf_promisc);
		snprintf(w->last, sizeof(w->last), "esw_pf_promisc_set(%d)", w->m.pf_promisc);
		break;
	case 2:
		rc = prop_percent(&w->rng, 80) ? prop_port_start(w, ep) : prop_port_stop(w, ep);
		snprintf(w->last, sizeof(w->last), "endpoint %u started: %d", ep,
			 w->m.port[ep].started);
		break;
	case 3:
		esw_fdb_flush(w->sw, UINT16_MAX);
		w->m.n_learned = 0;
		snprintf(w->last, sizeof(w->last), "esw_fdb_flush");
		break;
	}
	if (rc < 0)
		prop_fail(w, "%s gave %d", w->last, rc);
}

void
prop_change(struct prop_world *w)
{
	unsigned int vf = prop_below(&w->rng, w->m.n_vfs), i, p = prop_below(&w->rng, 100);

	prop_drain(w);
	if (p < 40)
		change_policy(w, vf);
	else if (p < 45)
		change_pf(w);
	else if (p < 60)
		change_device(w, prop_below(&w->rng, model_eps(&w->m)));
	else
		prop_ask(w, vf);
	if (w->conf->verbose)
		printf("round %" PRIu64 " frame %" PRIu64 ": %s\n", w->round, w->sent, w->last);
	for (i = 0; i < w->m.n_vfs && !w->failed; i++)
		prop_state_compare(w, i);
	if (!w->failed)
		prop_table_compare(w);
}
