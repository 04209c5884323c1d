/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

#include "draw_kind.h"

const struct draw_kind *const draw_kinds[] = {
	&draw_kind_comparison, &draw_kind_throughput,
	&draw_kind_latency,    &draw_kind_loss,
	&draw_kind_bursts,     &draw_kind_values,
	&draw_kind_hop,        &draw_kind_other,
	&draw_kind_tally,      NULL,
};

static bool
lists(const struct draw_kind *k, const char *kind)
{
	for (const char *const *p = k->kinds; p != NULL && *p != NULL; p++)
		if (strcmp(kind, *p) == 0)
			return true;
	return false;
}

static bool
want(const char *kind, const void *arg)
{
	const struct draw_kind *k = arg;

	if (k->kinds != NULL || k->all)
		return k->all || lists(k, kind);
	for (unsigned int i = 0; draw_kinds[i] != NULL; i++)
		if (lists(draw_kinds[i], kind))
			return false;
	return true;
}

bool
draw_kind_open(const struct draw_kind *k, const struct draw_set *set, struct draw_results *r,
	       struct draw_table *t)
{
	*t = (struct draw_table){ .title = k->title };
	draw_select(set, want, k, r);
	if (r->n != 0)
		k->table(r, t);
	return t->n_cells != 0;
}

void
draw_kind_close(struct draw_results *r, struct draw_table *t)
{
	draw_table_free(t);
	draw_select_free(r);
}

void
draw_kind_cells(const struct draw_results *r, unsigned int i, struct draw_table *t)
{
	draw_table_text(t, draw_label(r, i));
	draw_table_text(t, r->result[i].scenario);
	draw_table_text(t, r->result[i].size);
}
