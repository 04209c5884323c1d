/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* A VF's policy as control sees it: checked against the device, compiled, published, waited for. */
#include <errno.h>
#include <string.h>

#include "device.h"

uint64_t
esw_policy_fields(const struct esw *sw)
{
	RTE_SET_USED(sw);
	return ESW_F_ALL;
}

/*
 * Does another VF own `mac` (its address, or one that it added)? `macs` lists may overlap with
 * each other only.
 */
static int
owner_of(const struct esw *sw, uint16_t but, const struct rte_ether_addr *mac, bool lists)
{
	for (uint16_t i = 0; i < sw->conf.nb_vfs; i++) {
		const struct esw_vf *v = &sw->vf[i];

		if (i == but)
			continue;
		if (rte_is_same_ether_addr(&v->policy.mac, mac))
			return i;
		for (uint16_t k = 0; lists && k < v->policy.n_macs; k++)
			if (rte_is_same_ether_addr(&v->policy.macs[k], mac))
				return i;
		for (uint16_t k = 0; k < v->asked.n_macs; k++)
			if (rte_is_same_ether_addr(&v->asked.macs[k], mac))
				return i;
	}
	return -1;
}

static int
check_addr(const struct esw *sw, uint16_t vf, const char *field, const struct rte_ether_addr *mac,
	   bool lists, struct esw_err *err)
{
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	int owner = owner_of(sw, vf, mac, lists);

	rte_ether_format_addr(text, sizeof(text), mac);
	if (rte_is_same_ether_addr(mac, &sw->pf_mac))
		return esw_err_set(err, -EEXIST, "%s: %s is the PF's address", field, text);
	if (owner >= 0)
		return esw_err_set(err, -EEXIST, "%s: %s is already an address of vf %d", field,
				   text, owner);
	return 0;
}

int
esw_vf_check(const struct esw *sw, uint16_t vf, const struct esw_policy *p, struct esw_err *err)
{
	const struct esw_policy_limits lim = {
		.mtu_max = sw->pf_mtu,
		.fields = ESW_F_ALL,
		.device = sw->conf.name,
	};
	int rc = esw_policy_validate(p, &lim, err);

	if (rc == 0)
		rc = check_addr(sw, vf, "mac", &p->mac, true, err);
	for (uint16_t i = 0; rc == 0 && i < p->n_macs; i++)
		rc = check_addr(sw, vf, "macs", &p->macs[i], false, err);
	return rc;
}

/*
 * What the buffers of an endpoint's `n` queues hold; 0: some queue asks for what the fast path does
 * not do.
 */
static uint32_t
plain_room(const struct esw_ep *e, uint16_t n)
{
	uint32_t room = UINT16_MAX;

	for (uint16_t k = 0; k < n; k++) {
		if ((e->rxq[k]->flags & ~(uint32_t)ESW_RXQ_SCATTER) != 0)
			return 0;
		if (e->rxq[k]->flags == 0)
			room = RTE_MIN(room, e->rxq[k]->room);
	}
	return room;
}

/* The fast path's verdict on a receiver with plain queues; `longest` is what its buffers hold. */
static uint64_t
gate_of(const struct esw *sw, uint16_t ep, uint32_t longest)
{
	const struct esw_rules *r = sw->out[ep].rules;
	uint64_t len = RTE_MIN(longest, (uint32_t)UINT16_MAX);

	if (r == NULL)
		return ep == ESW_EP_WIRE && !sw->wire_link ? 0 : ESW_GATE_OPEN | len << 16;
	if (!r->link || !esw_rules_untagged(r))
		return 0;
	len = RTE_MIN(len, r->mtu + (uint64_t)RTE_ETHER_HDR_LEN);
	return ESW_GATE_OPEN | (r->isolate ? ESW_GATE_ISOLATED : 0) | len << 16 | r->vlan;
}

/* What the fast path compares with where a rule sends a frame; see struct esw. */
static uint64_t
own_of(const struct esw *sw, uint16_t ep)
{
	const struct esw_rules *r = sw->out[ep].rules;

	if (r == NULL)
		return 0;
	return sw->conf.mode == ESW_MODE_VEB && r->n_addrs > 1 ? ESW_OWN_SEVERAL : r->mac;
}

/*
 * Frames for the endpoint will be spread over several queues: nobody is on the way to a single one
 * any more, and senders look where that left their lanes. false: a sender is stuck; the way stays
 * closed, which is slow and right.
 */
static bool
spread_begin(struct esw *sw, uint16_t ep)
{
	__atomic_store_n(&sw->gate[ep], 0, __ATOMIC_RELEASE);
	if (esw_grace(sw) != 0)
		return false;
	if (__atomic_add_fetch(&sw->spread_gen, 1, __ATOMIC_ACQ_REL) == 0)
		__atomic_store_n(&sw->spread_gen, 1, __ATOMIC_RELEASE); /* 0: never read */
	return true;
}

void
esw_out_update(struct esw *sw, uint16_t ep)
{
	struct esw_out *o = &sw->out[ep];
	uint16_t n = 0;
	uint32_t room;
	uint64_t gate = 0;

	while (n < ESW_QUEUES_MAX && sw->ep[ep].rxq[n] != NULL && sw->ep[ep].rxq[n]->started)
		n++;
	room = plain_room(&sw->ep[ep], n);
	if (n != 0 && room != 0 && o->local == NULL && !o->isolated)
		gate = gate_of(sw, ep, room);
	if (gate != 0 && n > 1)
		gate = (sw->gate[ep] & ESW_GATE_SPREAD) != 0 || spread_begin(sw, ep) ?
			       gate | ESW_GATE_SPREAD :
			       0;
	__atomic_store_n(&o->nb_rxq, n, __ATOMIC_RELEASE);
	__atomic_store_n(&sw->own[ep], own_of(sw, ep), __ATOMIC_RELEASE);
	__atomic_store_n(&sw->gate[ep], gate, __ATOMIC_RELEASE);
}

/*
 * The version that is not published is compiled and published; the caller's change is enforced
 * for every burst that begins after this returns.
 */
int
esw_vf_publish(struct esw *sw, uint16_t vf, bool addresses)
{
	struct esw_vf *v = &sw->vf[vf];
	uint16_t ep = esw_ep_vf(vf);
	struct esw_out *o = &sw->out[ep];
	struct esw_rules *next = v->rules[o->rules == v->rules[0] ? 1 : 0];
	int rc = 0;

	if (o->rules == NULL) { /* first time: nobody can be looking */
		esw_rules_compile(v->rules[0], &v->policy, &v->asked, sw->wire_link);
		o->rules = v->rules[0];
		return esw_mactable_sync(sw, ep);
	}
	if (v->stuck && esw_grace(sw) != 0)
		return -EAGAIN;
	esw_rules_compile(next, &v->policy, &v->asked, sw->wire_link);
	/* Gate, rules and MAC table are never seen in versions that do not belong together. */
	__atomic_store_n(&sw->gate[ep], 0, __ATOMIC_RELEASE);
	__atomic_store_n(&o->rules, next, __ATOMIC_RELEASE);
	if (addresses)
		rc = esw_mactable_sync(sw, ep);
	v->stuck = esw_grace(sw) != 0;
	esw_out_update(sw, ep);
	return rc;
}

static int
vf_range(const struct esw *sw, uint16_t vf, struct esw_err *err)
{
	if (vf < sw->conf.nb_vfs)
		return 0;
	if (sw->conf.nb_vfs == 0)
		return esw_err_set(err, -ERANGE, "vf: %u, but %s has no VFs", vf, sw->conf.name);
	return esw_err_set(err, -ERANGE, "vf: %u is out of range 0 to %u", vf, sw->conf.nb_vfs - 1);
}

static int
replace_locked(struct esw *sw, uint16_t vf, const struct esw_policy *p, struct esw_err *err)
{
	struct esw_vf *v = &sw->vf[vf];
	struct esw_policy old = v->policy, new = *p;
	int rc;

	if (rte_is_zero_ether_addr(&new.mac))
		new.mac = old.mac;
	rc = esw_vf_check(sw, vf, &new, err);
	if (rc != 0)
		return rc;
	if (esw_policy_diff(&old, &new) == 0)
		return 0;
	/*
	 * A burst that still uses the version before the present one would see it change: wait
	 * first.
	 */
	if (esw_grace(sw) != 0)
		return esw_err_set(err, -EAGAIN, "vf %u: a process is stopped inside a burst", vf);
	v->policy = new;
	rc = esw_vf_publish(sw, vf, true);
	if (rc == 0) { /* what was learned under the old policy may be against the new one */
		esw_fdb_remove_learned(&sw->fdb, esw_ep_vf(vf));
		return 0;
	}
	v->policy = old;
	if (rc == -EAGAIN)
		return esw_err_set(err, rc, "vf %u: a process is stopped inside a burst", vf);
	esw_vf_publish(sw, vf, true);
	return esw_err_set(err, rc, "vf %u: the MAC table has no room for its addresses", vf);
}

int
esw_policy_set(struct esw *sw, uint16_t vf, const struct esw_policy *p, struct esw_err *err)
{
	int rc = vf_range(sw, vf, err);

	if (rc != 0)
		return rc;
	esw_lock(sw);
	rc = replace_locked(sw, vf, p, err);
	esw_unlock(sw);
	return rc;
}

int
esw_policy_patch_set(struct esw *sw, uint16_t vf, const struct esw_policy_patch *patch,
		     struct esw_err *err)
{
	struct esw_policy p;
	int rc = vf_range(sw, vf, err);

	if (rc != 0)
		return rc;
	esw_lock(sw);
	p = sw->vf[vf].policy;
	esw_policy_patch_apply(&p, patch);
	rc = replace_locked(sw, vf, &p, err);
	esw_unlock(sw);
	return rc;
}

int
esw_policy_get(const struct esw *sw, uint16_t vf, struct esw_policy *p)
{
	int rc = vf_range(sw, vf, NULL);

	if (rc != 0)
		return rc;
	esw_lock(sw);
	*p = sw->vf[vf].policy;
	esw_unlock(sw);
	return 0;
}

bool
esw_vf_link_get(const struct esw *sw, uint16_t vf)
{
	const struct esw_rules *r;

	if (vf >= sw->conf.nb_vfs)
		return false;
	r = __atomic_load_n(&sw->out[esw_ep_vf(vf)].rules, __ATOMIC_ACQUIRE);
	return r->link;
}
