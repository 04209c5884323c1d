/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The list of rules: made, found, counted, gone.
 */
#include <stdlib.h>
#include <string.h>

#include "model_flow.h"

static bool
same_table(const struct esw_flow_spec *s, unsigned int ep, enum esw_flow_side side, uint32_t group)
{
	return s->ep == ep && s->side == side && s->group == group;
}

static bool
same_match(const struct esw_flow_match *a, const struct esw_flow_match *b)
{
	unsigned int i;

	if (a->n_ranges != b->n_ranges)
		return false;
	for (i = 0; i < ESW_FLOW_WORDS; i++) {
		if (a->key.w[i] != b->key.w[i] || a->mask.w[i] != b->mask.w[i])
			return false;
	}
	for (i = 0; i < a->n_ranges; i++) {
		const struct esw_flow_range *x = &a->range[i], *y = &b->range[i];

		if (x->off != y->off || x->len != y->len || memcmp(x->mask, y->mask, x->len) != 0 ||
		    memcmp(x->lo, y->lo, x->len) != 0 || memcmp(x->hi, y->hi, x->len) != 0)
			return false;
	}
	return true;
}

static bool
is_there(const struct model *m, const struct esw_flow_spec *spec)
{
	unsigned int i;

	for (i = 0; i < m->n_rules; i++) {
		const struct esw_flow_spec *s = &m->rule[i]->spec;

		if (same_table(s, spec->ep, spec->side, spec->group) && s->prio == spec->prio &&
		    same_match(s->match, spec->match))
			return true;
	}
	return false;
}

struct model_flow *
model_flow_create(struct model *m, const struct esw_flow_spec *spec)
{
	struct model_flow *r;
	unsigned int i;

	if (is_there(m, spec))
		return NULL;
	r = calloc(1, sizeof(*r));
	if (r == NULL || m->n_rules == MODEL_RULES)
		abort();
	r->spec = *spec;
	r->match = *spec->match;
	r->spec.match = &r->match;
	memcpy(r->act, spec->act, spec->n_acts * sizeof(r->act[0]));
	r->spec.act = r->act;
	for (i = 0; i < spec->n_acts; i++) {
		struct esw_flow_act *a = &r->act[i];

		if (a->op == ESW_FLOW_ENCAP) {
			memcpy(r->encap[i], a->encap.bytes, a->encap.len);
			a->encap.bytes = r->encap[i];
		} else if (a->op == ESW_FLOW_RSS) {
			r->rss = *a->rss;
			a->rss = &r->rss;
		}
	}
	r->made = ++m->rules_made;
	m->rule[m->n_rules++] = r;
	return r;
}

void
model_flow_destroy(struct model *m, struct model_flow *r)
{
	unsigned int i;

	for (i = 0; i < m->n_rules && m->rule[i] != r; i++)
		;
	if (i == m->n_rules)
		abort();
	free(r);
	for (m->n_rules--; i < m->n_rules; i++)
		m->rule[i] = m->rule[i + 1];
}

unsigned int
model_flow_flush(struct model *m, unsigned int owner)
{
	unsigned int i = 0, n = 0;

	while (i < m->n_rules) {
		if (m->rule[i]->spec.owner != owner) {
			i++;
			continue;
		}
		model_flow_destroy(m, m->rule[i]);
		n++;
	}
	return n;
}

void
model_flow_free_all(struct model *m)
{
	while (m->n_rules > 0)
		model_flow_destroy(m, m->rule[0]);
}

/* Does a come before b? */
static bool
is_before(const struct model *m, const struct model_flow *a, const struct model_flow *b)
{
	if (a->spec.prio != b->spec.prio && m->broken != MODEL_BREAK_FLOW_PRIO)
		return a->spec.prio < b->spec.prio;
	return m->broken == MODEL_BREAK_FLOW_FIRST ? a->made > b->made : a->made < b->made;
}

struct model_flow *
model_flow_find(const struct model *m, unsigned int ep, enum esw_flow_side side, uint32_t group,
		const struct model_bytes *f, const struct model_flow *after)
{
	struct model_flow *best = NULL;
	struct model_heads h;
	unsigned int i;

	if (m->n_rules == 0)
		return NULL;
	model_heads_read(m, f->b, f->n, &h);
	for (i = 0; i < m->n_rules; i++) {
		struct model_flow *r = m->rule[i];

		if (!same_table(&r->spec, ep, side, group))
			continue;
		if (after != NULL && !is_before(m, after, r))
			continue;
		if (best != NULL && is_before(m, best, r))
			continue;
		if (model_flow_matches(m, &r->match, &h))
			best = r;
	}
	return best;
}

struct esw_flow_stats *
model_flow_stats(struct model *m, struct model_flow *r, const struct esw_flow_counter *shared)
{
	unsigned int i;

	if (shared == NULL)
		return &r->stats;
	for (i = 0; i < m->n_counters; i++) {
		if (m->counter[i].id == shared)
			return &m->counter[i].stats;
	}
	if (m->n_counters == MODEL_COUNTERS)
		abort();
	m->counter[m->n_counters].id = shared;
	memset(&m->counter[i].stats, 0, sizeof(m->counter[i].stats));
	return &m->counter[m->n_counters++].stats;
}
