/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdlib.h>

#include "fail.h"
#include "sync.h"

#define BRIDGE_FIELDS \
	(ESW_F_BIT(ESW_F_MAC) | ESW_F_BIT(ESW_F_MACS) | ESW_F_BIT(ESW_F_VLAN) | \
	 ESW_F_BIT(ESW_F_ISOLATE))

int
vsw_sync_create(struct vsw_sync *s, struct vsw_bridge *b, struct esw_err *err)
{
	*s = (struct vsw_sync){ .bridge = b, .n_vfs = b->ports->info.nb_vfs };
	s->policy = calloc(s->n_vfs, sizeof(*s->policy));
	s->known = calloc(s->n_vfs, sizeof(*s->known));
	if (s->policy == NULL || s->known == NULL) {
		vsw_sync_destroy(s);
		return vsw_fail(err, -ENOMEM, "no memory for the policies of %u VFs", s->n_vfs);
	}
	return 0;
}

void
vsw_sync_destroy(struct vsw_sync *s)
{
	free(s->policy);
	free(s->known);
	s->policy = NULL;
	s->known = NULL;
}

/*
 * Several VFs may send with the same further address (VRRP); then it is behind whoever sent last.
 */
static bool
shared(const struct vsw_sync *s, uint16_t vf, const struct rte_ether_addr *mac)
{
	for (uint16_t v = 0; v < s->n_vfs; v++) {
		for (uint16_t i = 0; v != vf && i < s->policy[v].n_macs; i++) {
			if (rte_is_same_ether_addr(mac, &s->policy[v].macs[i]))
				return true;
		}
	}
	return false;
}

/* A table full of static entries is not worth an end: the address is then learned or flooded. */
static void
own_addresses(struct vsw_sync *s, uint16_t vf)
{
	const struct esw_policy *p = &s->policy[vf];
	struct vsw_fdb *fdb = s->bridge->fdb;
	uint16_t port = vsw_port_of_vf(vf);

	vsw_fdb_static_flush(fdb, port);
	if (!s->bridge->ports->port[port].used)
		return;
	vsw_fdb_static_add(fdb, VSW_VLAN_ANY, &p->mac, port);
	for (uint16_t i = 0; i < p->n_macs; i++) {
		if (!shared(s, vf, &p->macs[i]))
			vsw_fdb_static_add(fdb, VSW_VLAN_ANY, &p->macs[i], port);
	}
}

/* @return whether addresses changed */
static bool
take_over(struct vsw_sync *s, uint16_t vf, const struct esw_policy *p)
{
	uint64_t diff = s->known[vf] ? esw_policy_diff(&s->policy[vf], p) : ESW_F_ALL;
	uint16_t port = vsw_port_of_vf(vf);

	if ((diff & BRIDGE_FIELDS) == 0)
		return false;
	s->policy[vf] = *p;
	s->known[vf] = true;
	if (s->bridge->ports->port[port].used)
		vsw_vlans_port_set(s->bridge->vlans, port, p);
	vsw_fdb_flush(s->bridge->fdb, port);
	return (diff & (ESW_F_BIT(ESW_F_MAC) | ESW_F_BIT(ESW_F_MACS))) != 0;
}

int
vsw_sync_run(struct vsw_sync *s, struct esw_err *err)
{
	struct esw_policy p;
	bool addresses = false;
	int ret;

	for (uint16_t vf = 0; vf < s->n_vfs; vf++) {
		ret = swd_policy_get(s->bridge->ports->dev, vf, &p, err);
		if (ret != 0)
			return ret;
		addresses |= take_over(s, vf, &p);
	}
	/*
	 * What one VF lists decides whether another's address is shared, so all are entered anew.
	 */
	for (uint16_t vf = 0; addresses && vf < s->n_vfs; vf++)
		own_addresses(s, vf);
	return 0;
}
