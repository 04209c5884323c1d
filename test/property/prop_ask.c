/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What a VF asks for itself, at random: granted or refused, on both sides alike.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "prop.h"

static void
compare(struct prop_world *w, const char *call, unsigned int vf, int got, int want,
	const struct esw_err *err)
{
	snprintf(w->last, sizeof(w->last), "%s, VF %u: %d", call, vf, got);
	if (got != want)
		prop_fail(w, "%s, VF %u: gave %d (%s), model %d", call, vf, got, err->msg, want);
}

static void
ask_mac(struct prop_world *w, unsigned int vf)
{
	struct rte_ether_addr mac = prop_mac(PROP_MAC, prop_below(&w->rng, 12));
	struct esw_err err = { "" };
	unsigned int p = prop_below(&w->rng, 100);

	if (p < 10)
		mac = w->m.vf[prop_below(&w->rng, w->m.n_vfs)].policy.mac;
	else if (p < 13)
		mac = prop_group(0);
	else if (p < 16)
		memset(&mac, 0, sizeof(mac));
	compare(w, "esw_vf_mac_set", vf, esw_vf_mac_set(w->sw, vf, &mac, &err),
		model_vf_mac_set(&w->m, vf, &mac), &err);
}

static void
ask_add(struct prop_world *w, unsigned int vf)
{
	struct rte_ether_addr mac = prop_mac(PROP_ADDED, prop_below(&w->rng, 6));
	struct model_vf *v = &w->m.vf[vf];
	struct esw_err err = { "" };

	if (v->n_macs > 0 && prop_percent(&w->rng, 40)) {
		mac = v->macs[prop_below(&w->rng, v->n_macs)];
		compare(w, "esw_vf_mac_remove", vf, esw_vf_mac_remove(w->sw, vf, &mac, &err),
			model_vf_mac_remove(&w->m, vf, &mac), &err);
		return;
	}
	if (prop_percent(&w->rng, 5) && w->m.n_vfs > 1)
		mac = w->m.vf[(vf + 1) % w->m.n_vfs].policy.mac;
	else if (prop_percent(&w->rng, 3))
		mac = prop_group(1);
	compare(w, "esw_vf_mac_add", vf, esw_vf_mac_add(w->sw, vf, &mac, &err),
		model_vf_mac_add(&w->m, vf, &mac), &err);
}

static void
ask_mtu(struct prop_world *w, unsigned int vf)
{
	static const uint16_t mtus[] = { 67, 68, 100, 576, 1280, 1400, 1500, 2000, 9000, 65535 };
	uint16_t mtu = mtus[prop_below(&w->rng, RTE_DIM(mtus))];
	struct esw_err err = { "" };

	if (prop_percent(&w->rng, 50)) {
		if (prop_percent(&w->rng, 30))
			mtu = 0;
		compare(w, "esw_vf_rep_mtu_set", vf, esw_vf_rep_mtu_set(w->sw, vf, mtu, &err),
			model_vf_rep_mtu_set(&w->m, vf, mtu), &err);
		return;
	}
	if (prop_percent(&w->rng, 20))
		mtu = w->m.vf[vf].policy.mtu;
	compare(w, "esw_vf_mtu_set", vf, esw_vf_mtu_set(w->sw, vf, mtu, &err),
		model_vf_mtu_set(&w->m, vf, mtu), &err);
}

static void
ask_mode(struct prop_world *w, unsigned int vf)
{
	struct esw_err err = { "" };
	bool on = prop_percent(&w->rng, 60);

	switch (prop_below(&w->rng, 3)) {
	case 0:
		compare(w, "esw_vf_promisc_set", vf, esw_vf_promisc_set(w->sw, vf, on, &err),
			model_vf_promisc_set(&w->m, vf, on), &err);
		break;
	case 1:
		compare(w, "esw_vf_allmulti_set", vf, esw_vf_allmulti_set(w->sw, vf, on, &err),
			model_vf_allmulti_set(&w->m, vf, on), &err);
		break;
	case 2:
		on = prop_percent(&w->rng, 30);
		w->m.vf[vf].backed = on;
		compare(w, "esw_vf_backed_set", vf, esw_vf_backed_set(w->sw, vf, on), 0, &err);
		break;
	}
}

static void
ask_mcast(struct prop_world *w, unsigned int vf)
{
	struct rte_ether_addr list[ESW_VF_MCAST_MAX + 1];
	unsigned int n = prop_below(&w->rng, 5), i;
	struct esw_err err = { "" };

	for (i = 0; i < n; i++)
		list[i] = prop_group(i + prop_below(&w->rng, 2) * 4);
	if (n > 0 && prop_percent(&w->rng, 5))
		list[n - 1] = prop_mac(PROP_MAC, 0);
	if (prop_percent(&w->rng, 3)) {
		n = ESW_VF_MCAST_MAX + 1;
		for (i = 0; i < n; i++)
			list[i] = prop_group(i);
	}
	compare(w, "esw_vf_mcast_set", vf, esw_vf_mcast_set(w->sw, vf, list, n, &err),
		model_vf_mcast_set(&w->m, vf, list, n), &err);
}

static void
ask_filter(struct prop_world *w, unsigned int vf)
{
	struct esw_err err = { "" };
	uint16_t vid = prop_vid(&w->rng);
	bool on = prop_percent(&w->rng, 70);

	if (prop_percent(&w->rng, 30)) {
		w->m.vf[vf].filter = prop_percent(&w->rng, 40);
		compare(w, "esw_vf_vlan_filter_enable", vf,
			esw_vf_vlan_filter_enable(w->sw, vf, w->m.vf[vf].filter), 0, &err);
		return;
	}
	compare(w, "esw_vf_vlan_filter_set", vf, esw_vf_vlan_filter_set(w->sw, vf, vid, on, &err),
		model_vf_vlan_filter_set(&w->m, vf, vid, on), &err);
}

void
prop_ask(struct prop_world *w, unsigned int vf)
{
	struct esw_err err = { "" };

	switch (prop_below(&w->rng, 13)) {
	case 0:
	case 1:
		ask_mac(w, vf);
		break;
	case 2:
	case 3:
		ask_add(w, vf);
		break;
	case 4:
	case 5:
		ask_mtu(w, vf);
		break;
	case 6:
	case 7:
		ask_mode(w, vf);
		break;
	case 8:
	case 9:
		ask_mcast(w, vf);
		break;
	case 10:
	case 11:
		ask_filter(w, vf);
		break;
	case 12:
		model_vf_reset(&w->m, vf);
		compare(w, "esw_vf_state_reset", vf, esw_vf_state_reset(w->sw, vf), 0, &err);
		break;
	}
}
