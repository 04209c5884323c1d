/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Rules as control sees them: made, found, counted, destroyed. */
#include <errno.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "flow_rule.h"

#define AHEAD 16 /* rules whose bucket is under way while one is removed */

static void *
array(const struct esw *sw, size_t n, size_t size)
{
	return rte_zmalloc_socket("esw_flow", n * size, RTE_CACHE_LINE_SIZE, sw->conf.socket_id);
}

int
esw_flow_init(struct esw *sw)
{
	struct esw_flow_dev *f = &sw->flow;

	f->root = array(sw, sw->nb_ep, sizeof(void *));
	f->ep = array(sw, sw->nb_ep, sizeof(*f->ep));
	f->path = array(sw, (uint32_t)sw->nb_ep * sw->nb_ep / 64 + 1, sizeof(*f->path));
	return f->root != NULL && f->ep != NULL && f->path != NULL ? 0 : -ENOMEM;
}

void
esw_flow_fini(struct esw *sw)
{
	esw_flow_mem_free_all(sw);
	rte_free(sw->flow.path);
	rte_free(sw->flow.ep);
	rte_free(sw->flow.root);
}

static struct esw_flow_table *
root_of(const struct esw_flow_ep *e, enum esw_flow_side side)
{
	struct esw_flow_table *t = e->table[side];

	while (t != NULL && t->group != 0)
		t = t->next;
	return t != NULL && t->subs != NULL ? t : NULL;
}

void
esw_flow_ep_update(struct esw *sw, uint16_t ep)
{
	const struct esw_flow_ep *e = &sw->flow.ep[ep];

	__atomic_store_n(&sw->flow.root[ep], root_of(e, ESW_FLOW_TRANSFER), __ATOMIC_RELEASE);
	__atomic_store_n(&sw->out[ep].local, root_of(e, ESW_FLOW_LOCAL), __ATOMIC_RELEASE);
	__atomic_store_n(&sw->out[ep].isolated, e->isolated, __ATOMIC_RELEASE);
	esw_out_update(sw, ep);
}

static void
owner_remove(struct esw *sw, struct esw_flow *r)
{
	const struct esw_flow_ctl *c = esw_flow_ctl(r);
	struct esw_flow_ep *e = &sw->flow.ep[c->owner];

	if (c->prev != NULL)
		esw_flow_ctl(c->prev)->next = c->next;
	else
		e->first = c->next;
	if (c->next != NULL)
		esw_flow_ctl(c->next)->prev = c->prev;
	else
		e->last = c->prev;
	e->n--;
}

/* Why there is no such rule, after the e-switch was asked. */
static int
refuse(struct esw_err *err, int rc, uint32_t prio)
{
	if (rc == -EEXIST)
		return esw_err_set(err, rc,
				   "a rule with this pattern and priority %u is there already",
				   prio);
	return esw_err_set(err, rc, "no memory for a flow rule");
}

static struct esw_flow *
create_locked(struct esw *sw, const struct esw_flow_spec *s, struct esw_err *err, int *rc)
{
	struct esw_flow *r = esw_flow_rule_new(sw, s);

	*rc = r != NULL ? esw_flow_rule_insert(sw, r) : -ENOMEM;
	if (*rc == 0)
		return r;
	refuse(err, *rc, s->prio);
	if (r != NULL)
		esw_flow_rule_unmake(sw, r);
	return NULL;
}

int
esw_flow_check(struct esw *sw, const struct esw_flow_spec *spec, struct esw_err *err)
{
	struct esw_flow_sub *sub = NULL;
	struct esw_flow_table *t;
	int rc = esw_flow_spec_check(sw, spec, err);

	if (rc != 0)
		return rc;
	esw_lock(sw);
	for (t = sw->flow.ep[spec->ep].table[spec->side]; t != NULL && sub == NULL; t = t->next)
		if (t->group == spec->group)
			sub = esw_flow_sub_get(sw, t, spec->match, false);
	if (sub != NULL && esw_flow_has_twin(sub, spec->match, spec->prio))
		rc = refuse(err, -EEXIST, spec->prio);
	esw_unlock(sw);
	return rc;
}

struct esw_flow *
esw_flow_create(struct esw *sw, const struct esw_flow_spec *spec, struct esw_err *err)
{
	struct esw_flow *r = NULL;
	int rc = esw_flow_spec_check(sw, spec, err);

	if (rc == 0) {
		esw_lock(sw);
		r = create_locked(sw, spec, err, &rc);
		esw_unlock(sw);
	}
	rte_errno = -rc;
	return r;
}

uint32_t
esw_flow_create_bulk(struct esw *sw, const struct esw_flow_spec *spec, uint32_t n,
		     struct esw_flow **rule, int *rc, struct esw_err *err)
{
	struct esw_err *first = err;
	uint32_t made = 0;

	esw_lock(sw);
	for (uint32_t i = 0; i < n; i++) {
		rule[i] = NULL;
		rc[i] = esw_flow_spec_check(sw, &spec[i], first);
		if (rc[i] == 0)
			rule[i] = create_locked(sw, &spec[i], first, &rc[i]);
		if (rc[i] == 0)
			made++;
		else
			first = NULL;
	}
	esw_unlock(sw);
	return made;
}

static void
destroy_locked(struct esw *sw, struct esw_flow *r)
{
	struct esw_flow_ctl *c = esw_flow_ctl(r);

	owner_remove(sw, r);
	if (c->age_is_own)
		esw_flow_age_stop(sw, c->age);
	esw_flow_rule_release(r);
	if (c->quota != NULL)
		__atomic_fetch_sub(&c->quota->n, 1, __ATOMIC_RELAXED);
	esw_flow_remove(sw, c->sub, r);
	esw_flow_mem_retire(sw, c, c->size);
}

void
esw_flow_destroy(struct esw *sw, struct esw_flow *rule)
{
	esw_flow_destroy_bulk(sw, &rule, 1);
}

void
esw_flow_destroy_bulk(struct esw *sw, struct esw_flow **rule, uint32_t n)
{
	uint32_t ahead = 0;

	esw_lock(sw);
	for (uint32_t i = 0; i < n; i++) {
		for (; ahead < n && ahead < i + AHEAD; ahead++)
			esw_flow_sub_prefetch(esw_flow_ctl(rule[ahead])->sub, rule[ahead]->hash);
		destroy_locked(sw, rule[i]);
	}
	esw_unlock(sw);
}

uint32_t
esw_flow_flush(struct esw *sw, uint16_t owner)
{
	uint32_t n;

	esw_lock(sw);
	n = sw->flow.ep[owner].n;
	while (sw->flow.ep[owner].first != NULL)
		destroy_locked(sw, sw->flow.ep[owner].first);
	esw_unlock(sw);
	return n;
}

uint32_t
esw_flow_number(const struct esw *sw, uint16_t owner)
{
	return __atomic_load_n(&sw->flow.ep[owner].n, __ATOMIC_RELAXED);
}

struct esw_flow *
esw_flow_next(const struct esw *sw, uint16_t owner, const struct esw_flow *rule)
{
	struct esw_flow *r;

	esw_lock(sw);
	r = rule != NULL ? esw_flow_ctl(rule)->next : sw->flow.ep[owner].first;
	esw_unlock(sw);
	return r;
}

int
esw_flow_isolate(struct esw *sw, uint16_t ep, bool on)
{
	int rc;

	esw_lock(sw);
	sw->flow.ep[ep].isolated = on;
	esw_flow_ep_update(sw, ep);
	rc = esw_grace(sw);
	esw_unlock(sw);
	return rc;
}

bool
esw_flow_is_isolated(const struct esw *sw, uint16_t ep)
{
	return sw->flow.ep[ep].isolated;
}
