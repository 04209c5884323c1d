/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Flow rules come and go on both sides; what they counted is compared.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>

#include "flow_meter.h"
#include "prop_flow.h"

#define COPIES_MAX 8 /* rules that make a copy and go on: each may add to what one frame becomes */
#define BULK 16

static uint32_t
prio_random(struct prop_rng *r)
{
	static const uint32_t prios[] = { 0, 1, 1, 2, 2, 3, 1000, ESW_FLOW_PRIO_MAX };

	return prios[prop_below(r, RTE_DIM(prios))];
}

static unsigned int
copies_now(const struct prop_world *w)
{
	unsigned int i, n = 0;

	for (i = 0; i < w->n_rules; i++)
		n += w->rule[i].copies;
	return n;
}

static void
spec_random(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;
	struct esw_flow_spec *e = &s->spec;
	unsigned int tries = 0;

	memset(e, 0, sizeof(*e));
	e->ep = prop_percent(r, 70) ? w->favourite[prop_below(r, PROP_FAVOURITES)] :
				      prop_below(r, model_eps(&w->m));
	e->side = prop_percent(r, w->plain ? 95 : 70) ? ESW_FLOW_TRANSFER : ESW_FLOW_LOCAL;
	if (e->ep == MODEL_WIRE) /* no port is the wire's own */
		e->side = ESW_FLOW_TRANSFER;
	e->group = prop_percent(r, w->plain ? 90 : 60) ? 0 : prop_below(r, 3);
	e->prio = prio_random(r);
	e->owner = prop_below(r, model_eps(&w->m));
	e->match = &s->match;
	e->act = s->act;
	prop_match_random(w, s);
	do {
		prop_acts_random(w, s);
	} while (s->copies && copies_now(w) >= COPIES_MAX && ++tries < 100);
}

/* The model knows endpoints by the same numbers. */
static void
took(struct prop_world *w, const struct prop_spec *s, struct esw_flow *rule, int rc,
     const struct esw_err *err)
{
	struct model_flow *r = model_flow_create(&w->m, &s->spec);
	int want = r != NULL ? 0 : -EEXIST;

	if (rc != want || (rule != NULL) != (rc == 0)) {
		prop_fail(w, "a flow rule for endpoint %u: gave %d (%s), model %d", s->spec.ep, rc,
			  err->msg, want);
		return;
	}
	if (r == NULL)
		return;
	w->rule[w->n_rules].rule = rule;
	w->rule[w->n_rules].model = r;
	w->rule[w->n_rules].copies = s->copies;
	w->n_rules++;
}

static void
insert(struct prop_world *w)
{
	static struct prop_spec s;
	struct esw_err err = { "" };
	struct esw_flow *rule;
	int rc;

	spec_random(w, &s);
	if (w->n_rules > 0 && prop_percent(&w->rng, 3)) { /* one that there is already */
		const struct model_flow *r = w->rule[prop_below(&w->rng, w->n_rules)].model;

		prop_acts_random(w, &s);
		if (!s.copies && r->spec.ep == s.spec.ep && r->spec.side == s.spec.side) {
			s.match = r->match;
			s.spec.group = r->spec.group;
			s.spec.prio = r->spec.prio;
			prop_acts_random(w, &s);
		}
	}
	rc = esw_flow_check(w->sw, &s.spec, &err);
	rule = esw_flow_create(w->sw, &s.spec, &err);
	if (rule == NULL && rc != -rte_errno)
		prop_fail(w, "esw_flow_check gave %d, esw_flow_create %d", rc, -rte_errno);
	took(w, &s, rule, rule == NULL ? -rte_errno : 0, &err);
}

static void
insert_bulk(struct prop_world *w)
{
	static struct prop_spec s[BULK];
	struct esw_flow_spec spec[BULK];
	struct esw_flow *rule[BULK];
	struct esw_err err = { "" };
	int rc[BULK];
	uint32_t i, made = 0, got;

	for (i = 0; i < BULK; i++) {
		do {
			spec_random(w, &s[i]);
		} while (s[i].copies);
		spec[i] = s[i].spec;
	}
	got = esw_flow_create_bulk(w->sw, spec, BULK, rule, rc, &err);
	for (i = 0; i < BULK && !w->failed; i++) {
		took(w, &s[i], rule[i], rc[i], &err);
		made += rc[i] == 0;
	}
	if (got != made)
		prop_fail(w, "esw_flow_create_bulk made %u rules and said %u", made, got);
}

static void
forget(struct prop_world *w, unsigned int i)
{
	memmove(&w->rule[i], &w->rule[i + 1], (--w->n_rules - i) * sizeof(w->rule[0]));
}

static void
destroy(struct prop_world *w, unsigned int i)
{
	esw_flow_destroy(w->sw, w->rule[i].rule);
	model_flow_destroy(&w->m, w->rule[i].model);
	forget(w, i);
}

static void
flush(struct prop_world *w, unsigned int owner)
{
	uint32_t got, want;
	unsigned int i = 0;

	while (i < w->n_rules) {
		if (w->rule[i].model->spec.owner == owner)
			forget(w, i);
		else
			i++;
	}
	got = esw_flow_flush(w->sw, owner);
	want = model_flow_flush(&w->m, owner);
	if (got != want)
		prop_fail(w, "esw_flow_flush(%u) gave %u, model %u", owner, got, want);
}

static void
isolate(struct prop_world *w, unsigned int ep)
{
	bool on = prop_percent(&w->rng, 40);

	w->m.isolated[ep] = on;
	if (esw_flow_isolate(w->sw, prop_ep(w, ep), on) != 0 ||
	    esw_flow_is_isolated(w->sw, prop_ep(w, ep)) != on)
		prop_fail(w, "esw_flow_isolate(%u, %d) was refused", ep, on);
}

static void
numbers_compare(struct prop_world *w)
{
	unsigned int ep, i;

	for (ep = 0; ep < model_eps(&w->m); ep++) {
		uint32_t got = esw_flow_number(w->sw, ep), want = 0;

		for (i = 0; i < w->n_rules; i++)
			want += w->rule[i].model->spec.owner == ep;
		if (got != want)
			prop_fail(w, "endpoint %u has made %u rules, model %u", ep, got, want);
	}
}

void
prop_flow_change(struct prop_world *w)
{
	struct prop_rng *r = &w->rng;
	unsigned int n = 1 + prop_below(r, 8), p = prop_below(r, 100);

	prop_drain(w);
	snprintf(w->last, sizeof(w->last), "flow rules, of %u", w->n_rules);
	for (; n > 0 && !w->failed; n--) {
		bool full = w->n_rules >= w->rules_aim;

		if (w->n_rules + BULK < w->rules_aim && prop_percent(r, 10))
			insert_bulk(w);
		else if (!full && prop_percent(r, 80))
			insert(w);
		else if (w->n_rules > 0)
			destroy(w, prop_below(r, w->n_rules));
		if (full && prop_percent(r, 60)) /* replaced */
			insert(w);
	}
	if (p < 3)
		flush(w, prop_below(r, model_eps(&w->m)));
	else if (p < 12)
		isolate(w, 1 + prop_below(r, model_eps(&w->m) - 1));
	if (!w->failed)
		numbers_compare(w);
}

static void
stats_compare(struct prop_world *w, const struct esw_flow_stats *got, struct esw_flow_stats *want,
	      bool reset, uint64_t made)
{
	if (got->packets != want->packets || got->bytes != want->bytes)
		prop_fail(w,
			  "rule %" PRIu64 " has counted %" PRIu64 " frames, %" PRIu64
			  " octets, model %" PRIu64 ", %" PRIu64,
			  made, got->packets, got->bytes, want->packets, want->bytes);
	if (reset)
		memset(want, 0, sizeof(*want));
}

/* The count that a rule is asked for: its own, else its first. */
static const struct esw_flow_act *
asked_count(const struct model_flow *r)
{
	const struct esw_flow_act *first = NULL;
	unsigned int k;

	for (k = 0; k < r->spec.n_acts; k++) {
		const struct esw_flow_act *a = &r->act[k];

		if (a->op == ESW_FLOW_COUNT && (first == NULL || a->counter == NULL))
			first = a;
	}
	return first;
}

static void
rule_compare(struct prop_world *w, unsigned int i)
{
	struct model_flow *r = w->rule[i].model;
	const struct esw_flow_act *count = asked_count(r);
	struct esw_flow_stats got = { 0 };
	bool reset = prop_percent(&w->rng, 3);
	int rc = esw_flow_count_get(w->sw, w->rule[i].rule, reset, &got);

	if (rc != (count != NULL ? 0 : -ENOENT)) {
		prop_fail(w, "a rule that %s gave %d when it was asked",
			  count != NULL ? "counts" : "does not count", rc);
		return;
	}
	if (count == NULL)
		return;
	stats_compare(w, &got, model_flow_stats(&w->m, r, count->counter), reset, r->made);
	if (w->failed && !w->conf->quiet)
		esw_flow_dump(w->sw, r->spec.owner, w->rule[i].rule, stdout);
}

void
prop_flow_compare(struct prop_world *w)
{
	struct esw_flow_stats got;
	unsigned int i;
	bool reset;

	for (i = 0; i < w->n_rules && !w->failed; i++)
		rule_compare(w, i);
	for (i = 0; i < PROP_COUNTERS && !w->failed && w->flows; i++) {
		reset = prop_percent(&w->rng, 3);
		esw_flow_counter_get(w->sw, w->counter[i], reset, &got);
		stats_compare(w, &got, model_flow_stats(&w->m, NULL, w->counter[i]), reset, 0);
	}
}

/* A meter that lets everything pass: the model knows no time. */
static int
meter_make(struct prop_world *w)
{
	struct esw_flow_meter_conf conf = {
		.alg = ESW_FLOW_METER_SRTCM, .packets = true, .cir = 1000000000, .cbs = 1000000000
	};
	struct esw_err err = { "" };

	w->meter = esw_flow_meter_create(w->sw, &conf, &err);
	if (w->meter == NULL)
		prop_fail(w, "esw_flow_meter_create: %s", err.msg);
	return w->meter != NULL ? 0 : -1;
}

int
prop_flow_make(struct prop_world *w)
{
	static const unsigned int aims[] = { 1, 4, 10, 10, 30, 30, 100, PROP_RULES };
	struct prop_rng *r = &w->rng;
	struct esw_err err = { "" };
	unsigned int i;

	if (!w->flows)
		return 0;
	w->rules_aim = aims[prop_below(r, RTE_DIM(aims))];
	w->entropy = prop_percent(r, 30);
	for (i = 0; i < PROP_FAVOURITES; i++)
		w->favourite[i] = prop_below(r, model_eps(&w->m));
	for (i = 0; i < PROP_COUNTERS; i++) {
		w->counter[i] = esw_flow_counter_create(w->sw, &err);
		if (w->counter[i] == NULL) {
			prop_fail(w, "esw_flow_counter_create: %s", err.msg);
			return -1;
		}
	}
	if (meter_make(w) < 0)
		return -1;
	for (i = 0; i < w->rules_aim && !w->failed; i++)
		insert(w);
	return w->failed ? -1 : 0;
}

/* Sometimes the switch is left to go with its rules in place. */
void
prop_flow_free(struct prop_world *w)
{
	struct esw_err err = { "" };
	unsigned int i;

	if (w->flows && w->sw != NULL && prop_percent(&w->rng, 70)) {
		while (w->n_rules > 0)
			destroy(w, prop_below(&w->rng, w->n_rules));
		for (i = 0; i < PROP_COUNTERS; i++) {
			if (w->counter[i] != NULL &&
			    esw_flow_counter_destroy(w->sw, w->counter[i], &err) != 0)
				prop_fail(w, "a shared counter cannot go: %s", err.msg);
		}
		if (w->meter != NULL && esw_flow_meter_destroy(w->sw, w->meter, &err) != 0)
			prop_fail(w, "the meter cannot go: %s", err.msg);
	}
	w->n_rules = 0;
	model_flow_free_all(&w->m);
}
