/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The PF's and the wire's own settings. */
#include <errno.h>

#include "device.h"

void
esw_pf_mac_get(const struct esw *sw, struct rte_ether_addr *mac)
{
	esw_lock(sw);
	*mac = sw->pf_mac;
	esw_unlock(sw);
}

int
esw_pf_mac_set(struct esw *sw, const struct rte_ether_addr *mac, struct esw_err *err)
{
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	int rc = 0;

	rte_ether_format_addr(text, sizeof(text), mac);
	if (!rte_is_valid_assigned_ether_addr(mac))
		return esw_err_set(err, -EINVAL, "PF mac: %s is not a unicast address", text);
	esw_lock(sw);
	for (uint16_t i = 0; i < sw->conf.nb_vfs && rc == 0; i++)
		if (esw_rules_has_addr(sw->out[esw_ep_vf(i)].rules, esw_mac48(mac)) ||
		    esw_asked_has(&sw->vf[i].asked, mac))
			rc = esw_err_set(err, -EEXIST, "PF mac: %s is an address of vf %u", text,
					 i);
	if (rc == 0) {
		const struct rte_ether_addr old = sw->pf_mac;

		sw->pf_mac = *mac;
		rc = esw_mactable_sync(sw, ESW_EP_PF);
		if (rc != 0) {
			sw->pf_mac = old;
			esw_err_set(err, rc, "PF mac: the MAC table has no room for %s", text);
		}
	}
	esw_unlock(sw);
	return rc;
}

int
esw_pf_mtu_set(struct esw *sw, uint16_t mtu, struct esw_err *err)
{
	int rc = 0;

	if (mtu < ESW_MTU_MIN || mtu > sw->conf.mtu_max)
		return esw_err_set(err, -EINVAL, "PF mtu: %u is out of range %u to %u", mtu,
				   ESW_MTU_MIN, sw->conf.mtu_max);
	esw_lock(sw);
	for (uint16_t i = 0; i < sw->conf.nb_vfs && rc == 0; i++)
		if (sw->vf[i].policy.mtu > mtu)
			rc = esw_err_set(err, -EBUSY,
					 "PF mtu: %u is below the %u of vf %u; lower that first",
					 mtu, sw->vf[i].policy.mtu, i);
	if (rc == 0)
		sw->pf_mtu = mtu;
	esw_unlock(sw);
	return rc;
}

uint16_t
esw_pf_mtu_get(const struct esw *sw)
{
	return __atomic_load_n(&sw->pf_mtu, __ATOMIC_RELAXED);
}

int
esw_pf_promisc_set(struct esw *sw, bool on)
{
	__atomic_store_n(&sw->pf_promisc, on, __ATOMIC_RELAXED);
	return 0;
}

int
esw_wire_link_set(struct esw *sw, bool up)
{
	int rc = 0;

	esw_lock(sw);
	if (sw->wire_link != up) {
		__atomic_store_n(&sw->wire_link, up, __ATOMIC_RELAXED);
		esw_out_update(sw, ESW_EP_WIRE);
		for (uint16_t i = 0; i < sw->conf.nb_vfs && rc == 0; i++)
			if (sw->vf[i].policy.link == ESW_LINK_AUTO)
				rc = esw_vf_publish(sw, i, false);
	}
	esw_unlock(sw);
	return rc;
}

bool
esw_wire_link_get(const struct esw *sw)
{
	return __atomic_load_n(&sw->wire_link, __ATOMIC_RELAXED);
}
