/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The e-switch's MAC table, read out, against what the model says of each address in it, and the
 * other way round for what the model learned.
 */
#include <string.h>

#include "prop.h"

#define ENTRIES_MAX 8192

static void
mac_text(const struct rte_ether_addr *mac, char text[RTE_ETHER_ADDR_FMT_SIZE])
{
	rte_ether_format_addr(text, RTE_ETHER_ADDR_FMT_SIZE, mac);
}

static const struct esw_fdb_entry *
find(const struct esw_fdb_entry *e, uint32_t n, const struct model_entry *l)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (!e[i].is_static && e[i].vid == l->vlan &&
		    model_mac_eq(&e[i].mac, l->mac.addr_bytes))
			return &e[i];
	}
	return NULL;
}

/* Does the e-switch know more than the model? */
static void
compare_entry(struct prop_world *w, const struct esw_fdb_entry *e)
{
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	unsigned int ep = UINT32_MAX, known;

	if (e->vid == ESW_FDB_ANY_VLAN)
		return;
	known = model_find(&w->m, e->mac.addr_bytes, e->vid);
	for (ep = 0; ep < model_eps(&w->m); ep++) {
		if (prop_ep(w, ep) == e->ep)
			break;
	}
	if (known == ep)
		return;
	mac_text(&e->mac, text);
	prop_fail(w, "MAC table: %s in VLAN %u is %s at endpoint %u, model %d", text, e->vid,
		  e->is_static ? "static" : "learned", ep, (int)known);
}

void
prop_table_compare(struct prop_world *w)
{
	static struct esw_fdb_entry e[ENTRIES_MAX];
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	uint32_t n, i;

	if (!w->m.veb)
		return;
	n = esw_fdb_dump(w->sw, e, ENTRIES_MAX);
	if (n > ENTRIES_MAX) {
		prop_fail(w, "MAC table of %u entries", n);
		return;
	}
	for (i = 0; i < n && !w->failed; i++)
		compare_entry(w, &e[i]);
	for (i = 0; i < w->m.n_learned && !w->failed; i++) {
		const struct model_entry *l = &w->m.learned[i];

		if (model_find(&w->m, l->mac.addr_bytes, l->vlan) != l->ep)
			continue; /* a static entry has come over it */
		if (find(e, n, l) != NULL)
			continue;
		mac_text(&l->mac, text);
		prop_fail(w, "MAC table: %s in VLAN %d at endpoint %u is missing", text, l->vlan,
			  l->ep);
	}
}
