/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Template tables: pattern and actions templates brought together. See flow_configure.h. */
#include <stdlib.h>

#include <rte_errno.h>

#include "flow_configure.h"
#include "flow_ops.h"

static int
no(struct rte_flow_error *error, int code, enum rte_flow_error_type type, const void *cause,
   const char *why)
{
	return rte_flow_error_set(error, code, type, cause, why);
}

/* Where a list of actions is the template's, its refusal has no place in the application's. */
static void
cause_clear(struct rte_flow_error *error)
{
	if (error != NULL)
		error->cause = NULL;
}

/*
 * Translate what the pair's rules have in common, and make a plan of it. NULL with the refusal,
 * but for rte_errno E2BIG: such rules can be made one by one.
 */
static struct esn_flow_sender *
sender_make(struct rte_flow_template_table *t, struct esn_flow_pair *pair, uint16_t ep,
	    struct rte_flow_error *error)
{
	struct esn_flow_sender *s = calloc(1, sizeof(*s));
	struct esw_err err = { .msg = "" };
	struct esn_flow_merged merged;
	struct esn_flow_actions actions;
	int ret;

	if (s == NULL) {
		no(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		   "no memory for a template table");
		return NULL;
	}
	s->spec = t->spec;
	s->spec.ep = ep;
	ret = esn_flow_template_actions(pair->at, NULL, &merged, error);
	if (ret == 0)
		ret = esn_flow_actions_get(&t->port, &s->spec, &pair->pt->pattern, merged.action,
					   &actions, error);
	if (ret != 0) {
		cause_clear(error);
		goto fail;
	}
	s->spec.match = &pair->pt->pattern.match;
	s->spec.act = actions.act;
	s->spec.n_acts = actions.n;
	s->plan = esw_flow_plan_create(t->port.sw, &s->spec, actions.later, &t->quota, &err);
	if (s->plan == NULL && rte_errno == E2BIG)
		goto fail;
	if (s->plan == NULL) {
		esn_flow_say(error, rte_errno, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "%s",
			     err.msg);
		goto fail;
	}
	for (uint32_t i = 0; i < actions.n; i++)
		if ((actions.later >> i & 1) != 0)
			s->from[s->n_later++] = actions.from[i];
	s->spec.match = NULL;
	s->spec.act = NULL;
	return s;
fail:
	free(s);
	return NULL;
}

static const struct esn_flow_sender *
find(const struct esn_flow_pair *pair, uint16_t ep)
{
	const struct esn_flow_sender *s = __atomic_load_n(&pair->sender, __ATOMIC_ACQUIRE);

	while (s != NULL && s->spec.ep != ep)
		s = s->next;
	return s;
}

const struct esn_flow_sender *
esn_flow_sender_get(struct rte_flow_template_table *t, struct esn_flow_pair *pair, uint16_t ep,
		    struct rte_flow_error *error)
{
	const struct esn_flow_sender *s = find(pair, ep);
	struct esn_flow_sender *made;

	if (likely(s != NULL))
		return s;
	esn_flow_config_lock();
	s = find(pair, ep);
	if (s == NULL) {
		made = sender_make(t, pair, ep, error);
		if (made != NULL) {
			made->next = pair->sender;
			__atomic_store_n(&pair->sender, made, __ATOMIC_RELEASE);
		}
		s = made;
	}
	esn_flow_config_unlock();
	return s;
}

/* Do the templates have the table's direction? */
static int
sides_check(const struct rte_flow_template_table *t, struct rte_flow_error *error)
{
	bool transfer = t->spec.side == ESW_FLOW_TRANSFER, ok = true;

	for (uint32_t i = 0; i < t->n_pt; i++)
		ok = ok && (transfer ? t->pt[i]->transfer : t->pt[i]->ingress);
	for (uint32_t i = 0; i < t->n_at; i++)
		ok = ok && (transfer ? t->at[i]->transfer : t->at[i]->ingress);
	return ok ? 0 :
		    no(error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, NULL,
		       "a template is not for the direction of the table");
}

/* Under the lock: all pairs, as far as they are known before there are rules. */
static int
pairs_make(struct rte_flow_template_table *t, struct rte_flow_error *error)
{
	for (uint32_t i = 0; i < (uint32_t)t->n_pt * t->n_at; i++) {
		struct esn_flow_pair *pair = &t->pair[i];

		pair->pt = t->pt[i / t->n_at];
		pair->at = t->at[i % t->n_at];
		pair->slow = pair->pt->slow || pair->at->slow;
		if (pair->slow || pair->pt->port_item >= 0)
			continue;
		pair->sender = sender_make(t, pair, t->spec.ep, error);
		if (pair->sender != NULL)
			continue;
		if (rte_errno != E2BIG)
			return -rte_errno;
		pair->slow = true;
	}
	return 0;
}

static struct rte_flow_template_table *
alloc(struct rte_flow_pattern_template *pts[], uint8_t n_pts,
      struct rte_flow_actions_template *ats[], uint8_t n_ats)
{
	struct rte_flow_template_table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->n_pt = n_pts;
	t->n_at = n_ats;
	t->pair = calloc((size_t)n_pts * n_ats, sizeof(*t->pair));
	t->pt = calloc(n_pts, sizeof(struct rte_flow_pattern_template *));
	t->at = calloc(n_ats, sizeof(struct rte_flow_actions_template *));
	if (t->pair == NULL || t->pt == NULL || t->at == NULL) {
		free(t->pair);
		free(t->pt);
		free(t->at);
		free(t);
		return NULL;
	}
	for (uint32_t i = 0; i < n_pts; i++) {
		t->pt[i] = pts[i];
		t->pt[i]->tables++;
	}
	for (uint32_t i = 0; i < n_ats; i++) {
		t->at[i] = ats[i];
		t->at[i]->tables++;
	}
	return t;
}

void
esn_flow_template_table_free(struct rte_flow_template_table *t)
{
	for (uint32_t i = 0; i < (uint32_t)t->n_pt * t->n_at; i++) {
		while (t->pair[i].sender != NULL) {
			struct esn_flow_sender *s = t->pair[i].sender;

			t->pair[i].sender = s->next;
			esw_flow_plan_destroy(t->port.sw, s->plan);
			free(s);
		}
	}
	for (uint32_t i = 0; i < t->n_pt; i++)
		t->pt[i]->tables--;
	for (uint32_t i = 0; i < t->n_at; i++)
		t->at[i]->tables--;
	free(t->pair);
	free(t->pt);
	free(t->at);
	free(t);
}

/* Under the lock. */
static struct rte_flow_template_table *
make(struct esn_flow_config *c, const struct esn_flow_port *port, const struct esw_flow_spec *spec,
     uint32_t max, struct rte_flow_template_table *t, struct rte_flow_error *error)
{
	bool ages = false;

	if (c == NULL) {
		no(error, EINVAL, RTE_FLOW_ERROR_TYPE_STATE, NULL,
		   "rte_flow_configure() comes first");
		goto fail;
	}
	t->port = *port;
	t->spec = *spec;
	t->quota.max = max;
	if (sides_check(t, error) != 0 || pairs_make(t, error) != 0)
		goto fail;
	for (uint32_t i = 0; i < t->n_at; i++)
		ages = ages || t->at[i]->ages;
	if (ages)
		esn_flow_aged_watch(port);
	TAILQ_INSERT_TAIL(&c->tables, t, next);
	return t;
fail:
	esn_flow_template_table_free(t);
	return NULL;
}

struct rte_flow_template_table *
esn_flow_template_table_create(struct rte_eth_dev *dev,
			       const struct rte_flow_template_table_attr *attr,
			       struct rte_flow_pattern_template *pts[], uint8_t n_pts,
			       struct rte_flow_actions_template *ats[], uint8_t n_ats,
			       struct rte_flow_error *error)
{
	struct esw_flow_spec spec = { .match = NULL };
	struct rte_flow_template_table *t;
	struct esn_flow_port port;

	if (esn_flow_port_get(dev, &port, error) != 0 ||
	    esn_flow_attr_get(&port, &attr->flow_attr, &spec, error) != 0)
		return NULL;
	if (n_pts == 0 || n_ats == 0) {
		no(error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		   "a table has at least one pattern template and one actions template");
		return NULL;
	}
	if (attr->nb_flows == 0) {
		no(error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, attr,
		   "a table for 0 rules is none");
		return NULL;
	}
	if (!ESW_FLOW_TABLE_BY_PATTERN(attr)) {
		no(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, attr,
		   "rules are inserted by their pattern");
		return NULL;
	}
	esn_flow_config_lock();
	t = alloc(pts, n_pts, ats, n_ats);
	if (t == NULL)
		no(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		   "no memory for a template table");
	else
		t = make(esn_flow_config(dev), &port, &spec, attr->nb_flows, t, error);
	esn_flow_config_unlock();
	return t;
}

/* The application's handle may be of a port that was closed since: it is looked for, not read. */
static bool
has_table(const struct esn_flow_config *c, const struct rte_flow_template_table *t)
{
	const struct rte_flow_template_table *p;

	if (c != NULL)
		TAILQ_FOREACH(p, &c->tables, next)
			if (p == t)
				return true;
	return false;
}

static int
destroy_locked(struct esn_flow_config *c, struct rte_flow_template_table *t,
	       struct rte_flow_error *error)
{
	uint32_t n;

	if (!has_table(c, t))
		return rte_flow_error_set(error, ENOENT, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, t,
					  "the port has no such table");
	n = __atomic_load_n(&t->quota.n, __ATOMIC_RELAXED);
	if (n != 0)
		return esn_flow_say(error, EBUSY, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, t,
				    "the table has %u rules", n);
	TAILQ_REMOVE(&c->tables, t, next);
	esn_flow_template_table_free(t);
	return 0;
}

int
esn_flow_template_table_destroy(struct rte_eth_dev *dev, struct rte_flow_template_table *t,
				struct rte_flow_error *error)
{
	int ret;

	esn_flow_config_lock();
	ret = destroy_locked(esn_flow_config(dev), t, error);
	esn_flow_config_unlock();
	return ret;
}
