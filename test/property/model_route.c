/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Where a frame goes, doc/semantics.md section 5. The MAC table is a list; static entries are no
 * entries at all but a question that is asked again for each frame.
 */
#include <string.h>

#include "model.h"

#define NOBODY UINT32_MAX

bool
model_mac_eq(const struct rte_ether_addr *a, const uint8_t *b)
{
	return memcmp(a->addr_bytes, b, 6) == 0;
}

bool
model_macs_have(const struct rte_ether_addr *list, unsigned int n, const uint8_t *mac)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (model_mac_eq(&list[i], mac))
			return true;
	}
	return false;
}

static bool
lists(const struct model *m, unsigned int i, const uint8_t *mac)
{
	const struct esw_policy *p = &m->vf[i].policy;

	return model_macs_have(p->macs, p->n_macs, mac);
}

/* Has VF i a static entry for this address? */
static bool
is_static_of(const struct model *m, unsigned int i, const uint8_t *mac)
{
	const struct model_vf *vf = &m->vf[i];
	unsigned int other;

	if (model_mac_eq(&vf->policy.mac, mac))
		return true;
	if (vf->policy.trust && model_macs_have(vf->macs, vf->n_macs, mac))
		return true;
	if (!lists(m, i, mac))
		return false;
	for (other = 0; other < m->n_vfs; other++) {
		if (other != i && lists(m, other, mac) && m->broken != MODEL_BREAK_SHARED)
			return false;
	}
	return true;
}

static unsigned int
find_static(const struct model *m, const uint8_t *mac, int vlan)
{
	unsigned int i;

	if (model_mac_eq(&m->pf_mac, mac))
		return MODEL_PF;
	for (i = 0; i < m->n_vfs; i++) {
		if (model_vlan_member(m, i, vlan) && is_static_of(m, i, mac))
			return MODEL_VF(i);
	}
	return NOBODY;
}

static const struct model_entry *
find_learned(const struct model *m, const uint8_t *mac, int vlan)
{
	unsigned int k;

	for (k = 0; k < m->n_learned; k++) {
		if (m->learned[k].vlan == vlan && model_mac_eq(&m->learned[k].mac, mac))
			return &m->learned[k];
	}
	return NULL;
}

unsigned int
model_find(const struct model *m, const uint8_t *mac, int vlan)
{
	unsigned int ep = find_static(m, mac, vlan);
	const struct model_entry *e;

	if (ep != NOBODY)
		return ep;
	e = find_learned(m, mac, vlan);
	if (e == NULL || !model_vlan_member(m, e->ep - MODEL_VF(0), vlan))
		return NOBODY;
	return e->ep;
}

void
model_learn(struct model *m, unsigned int i, const struct model_bytes *f)
{
	const uint8_t *mac = f->b + 6;
	int vlan = model_vlan_of(f);
	struct model_entry *e;

	if (!m->veb || m->broken == MODEL_BREAK_LEARN)
		return;
	if (find_static(m, mac, vlan) != NOBODY)
		return;
	e = (struct model_entry *)(uintptr_t)find_learned(m, mac, vlan);
	if (e != NULL && m->broken == MODEL_BREAK_MOVE)
		return;
	if (e == NULL) {
		if (m->n_learned == MODEL_LEARNED)
			return;
		e = &m->learned[m->n_learned++];
		memcpy(e->mac.addr_bytes, mac, 6);
		e->vlan = vlan;
	}
	e->ep = MODEL_VF(i);
	e->age_s = 0;
}

void
model_age(struct model *m, uint32_t seconds)
{
	unsigned int k = 0;

	while (k < m->n_learned) {
		m->learned[k].age_s += seconds;
		if (m->learned[k].age_s >= m->age_s)
			m->learned[k] = m->learned[--m->n_learned];
		else
			k++;
	}
}

void
model_forget(struct model *m, unsigned int ep)
{
	unsigned int k = 0;

	while (k < m->n_learned) {
		if (m->learned[k].ep == ep)
			m->learned[k] = m->learned[--m->n_learned];
		else
			k++;
	}
}

void
model_forget_static(struct model *m)
{
	unsigned int k = 0;

	while (k < m->n_learned) {
		struct model_entry *e = &m->learned[k];

		if (find_static(m, e->mac.addr_bytes, e->vlan) != NOBODY)
			*e = m->learned[--m->n_learned];
		else
			k++;
	}
}

/* The members of a VLAN, the sender among them. */
static bool
is_member(const struct model *m, unsigned int ep, int vlan)
{
	if (ep == MODEL_WIRE || ep == MODEL_PF)
		return true;
	return model_is_vf(m, ep) && model_vlan_member(m, ep - MODEL_VF(0), vlan);
}

/* Does this member want unicast that nobody is known for? */
static bool
wants_unknown(const struct model *m, unsigned int from, unsigned int ep)
{
	if (ep == MODEL_WIRE)
		return from != MODEL_WIRE;
	if (ep == MODEL_PF)
		return m->pf_promisc;
	return model_promisc(m, ep - MODEL_VF(0));
}

static unsigned int
route_veb(const struct model *m, unsigned int from, const struct model_bytes *f, bool to[MODEL_EPS])
{
	int vlan = model_vlan_of(f);
	bool group = f->b[0] % 2 == 1;
	unsigned int ep, n = 0;

	if (!group) {
		ep = model_find(m, f->b, vlan);
		if (ep == from && m->broken == MODEL_BREAK_HAIRPIN)
			ep = MODEL_WIRE;
		if (ep == from)
			return 0;
		if (ep != NOBODY) {
			to[ep] = true;
			return 1;
		}
	}
	for (ep = 0; ep < MODEL_VF(m->n_vfs); ep++) {
		if (ep == from || !is_member(m, ep, vlan))
			continue;
		if (group || wants_unknown(m, from, ep)) {
			to[ep] = true;
			n++;
		}
	}
	return n;
}

unsigned int
model_route(const struct model *m, unsigned int from, const struct model_bytes *f,
	    bool to[MODEL_EPS])
{
	memset(to, 0, MODEL_EPS * sizeof(to[0]));
	if (from >= MODEL_REP(m, 0)) {
		to[MODEL_VF(from - MODEL_REP(m, 0))] = true;
		return 1;
	}
	if (m->veb)
		return route_veb(m, from, f, to);
	if (from == MODEL_WIRE)
		to[MODEL_PF] = true;
	else if (from == MODEL_PF)
		to[MODEL_WIRE] = true;
	else
		to[MODEL_REP(m, from - MODEL_VF(0))] = true;
	return 1;
}
