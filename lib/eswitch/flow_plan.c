/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * See flow_plan.h. A plan holds the image of a rule, as flow_rule.c writes it: control's part, the
 * rule, its counter, its actions. A new rule is a copy, in which pointers to own parts are moved
 * to where it lies (`move`), and key and late values are put in.
 */
#include <errno.h>
#include <stdlib.h>

#include <rte_errno.h>

#include "flow_rule.h"

#define MOVES_MAX (ESW_FLOW_ACTS_MAX + 4)
#define SHELF 64 /* pieces of one size that are fetched at once */
#define AHEAD 32 /* rules whose bucket is under way while one is put in force */
#define LINE RTE_CACHE_LINE_SIZE

struct esw_flow_plan {
	struct esw_flow_sub *sub;
	struct esw *sw;
	uint32_t group;
	uint16_t ep;
	uint16_t size; /* octets of the image, a multiple of LINE */
	uint8_t n_later, n_moves;
	bool shares; /* actions that are not late have shared objects */
	uint8_t later[ESW_FLOW_ACTS_MAX];
	struct {
		uint16_t at, to; /* octets of the piece */
	} move[MOVES_MAX];
	struct esw_flow_layout layout;
	uint8_t image[] __rte_cache_aligned;
};

struct esw_flow_stock {
	struct {
		uint32_t n;
		void *piece[SHELF];
	} shelf[ESW_FLOW_MEM_CLASSES];
};

/* A pointer of the image; where it goes if it points into the image, too. */
static void
move_add(struct esw_flow_plan *p, const void *pointer)
{
	uintptr_t to;

	memcpy(&to, pointer, sizeof(to));
	to -= (uintptr_t)p->image;
	if (to > p->size)
		return;
	p->move[p->n_moves].at = RTE_PTR_DIFF(pointer, p->image);
	p->move[p->n_moves++].to = to;
}

static void
moves_find(struct esw_flow_plan *p)
{
	const struct esw_flow_ctl *c = (const struct esw_flow_ctl *)p->image;
	const struct esw_flow *r = (const struct esw_flow *)(c + 1);

	move_add(p, &c->age);
	move_add(p, &c->range);
	move_add(p, &r->counter);
	move_add(p, &r->act);
	for (const struct esw_flow_act *a = r->act; a->op != ESW_FLOW_END; a++) {
		if (a->op == ESW_FLOW_COUNT)
			move_add(p, &a->counter);
		else if (a->op == ESW_FLOW_AGE)
			move_add(p, &a->age);
		else if (a->op == ESW_FLOW_ENCAP)
			move_add(p, &a->encap.bytes);
		else if (a->op == ESW_FLOW_RSS)
			move_add(p, &a->rss);
	}
}

/* Which actions come late. */
static int
later_find(struct esw_flow_plan *p, const struct esw_flow_spec *s, uint64_t later,
	   struct esw_err *err)
{
	for (uint32_t i = 0; i < s->n_acts; i++) {
		enum esw_flow_op op = s->act[i].op;

		if ((later >> i & 1) == 0)
			continue;
		if (op == ESW_FLOW_JUMP || op == ESW_FLOW_SAMPLE || op == ESW_FLOW_RSS ||
		    op == ESW_FLOW_ENCAP || op == ESW_FLOW_DECAP)
			return esw_err_set(err, -ENOTSUP, "action %u cannot come late", i);
		p->later[p->n_later++] = i;
	}
	return 0;
}

/* Under the lock. */
static int
image_make(struct esw *sw, struct esw_flow_plan *p, const struct esw_flow_spec *s, uint64_t later)
{
	struct esw_flow_ctl *c = (struct esw_flow_ctl *)p->image;
	struct esw_flow *r = (struct esw_flow *)(c + 1);
	bool opens = false;
	int rc = esw_flow_rule_fill(sw, c, &p->layout, s, p->sub, later);

	for (uint32_t i = 0; i < s->n_acts && rc == 0; i++) {
		if (s->act[i].op == ESW_FLOW_PORT && (later >> i & 1) != 0)
			opens = true;
		else if (s->act[i].op == ESW_FLOW_PORT)
			rc = esw_path_open(sw, s->ep, s->act[i].ep);
	}
	if (rc != 0) {
		esw_flow_rule_release(r);
		return rc;
	}
	c->opens = opens;
	p->shares = c->shares;
	for (uint32_t i = 0; i < s->n_acts; i++) { /* the first counter, if that comes late */
		if (s->act[i].op != ESW_FLOW_COUNT)
			continue;
		if ((later >> i & 1) != 0)
			r->counter = NULL;
		break;
	}
	moves_find(p);
	return 0;
}

/* Under the lock: where its rules will lie, and the image. */
static int
plan_fill(struct esw *sw, struct esw_flow_plan *p, const struct esw_flow_spec *s, uint64_t later)
{
	struct esw_flow_table *t = esw_flow_table_get(sw, s->ep, s->side, s->group);
	int rc;

	p->sub = t != NULL ? esw_flow_sub_get(sw, t, s->match, true) : NULL;
	if (p->sub == NULL)
		return -ENOMEM;
	p->sub->users++;
	rc = image_make(sw, p, s, later);
	if (rc == 0)
		return 0;
	p->sub->users--;
	esw_flow_sub_drop_empty(sw, p->sub);
	return rc;
}

static uint32_t
words_of(const union esw_flow_key *mask)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ESW_FLOW_WORDS; i++)
		n += mask->w[i] != 0;
	return n;
}

struct esw_flow_plan *
esw_flow_plan_create(struct esw *sw, const struct esw_flow_spec *like, uint64_t later,
		     struct esw_flow_quota *quota, struct esw_err *err)
{
	int rc = esw_flow_shape_check(sw, like, later, err);
	struct esw_flow_plan *p = NULL;
	struct esw_flow_layout l;
	uint32_t size;

	if (rc != 0)
		goto fail;
	esw_flow_layout_make(&l, like, words_of(&like->match->mask));
	size = RTE_ALIGN_CEIL(sizeof(struct esw_flow_ctl) + l.end, LINE);
	if (size >= ESW_FLOW_MEM_CLASSES * LINE) {
		rc = esw_err_set(err, -E2BIG, "the rules are too large for a plan");
		goto fail;
	}
	p = aligned_alloc(LINE, sizeof(*p) + size);
	if (p == NULL) {
		rc = esw_err_set(err, -ENOMEM, "no memory for a plan of flow rules");
		goto fail;
	}
	memset(p, 0, sizeof(*p) + size);
	p->sw = sw;
	p->ep = like->ep;
	p->group = like->group;
	p->size = size;
	p->layout = l;
	rc = later_find(p, like, later, err);
	if (rc != 0)
		goto fail;
	esw_lock(sw);
	rc = plan_fill(sw, p, like, later);
	esw_unlock(sw);
	if (rc != 0) {
		rc = esw_err_set(err, -ENOMEM, "no memory for a plan of flow rules");
		goto fail;
	}
	((struct esw_flow_ctl *)p->image)->quota = quota;
	return p;
fail:
	free(p);
	rte_errno = -rc;
	return NULL;
}

void
esw_flow_plan_destroy(struct esw *sw, struct esw_flow_plan *plan)
{
	struct esw_flow_ctl *c = (struct esw_flow_ctl *)plan->image;

	esw_lock(sw);
	esw_flow_rule_release((struct esw_flow *)(c + 1));
	plan->sub->users--;
	esw_flow_sub_drop_empty(sw, plan->sub);
	esw_unlock(sw);
	free(plan);
}

struct esw_flow_stock *
esw_flow_stock_create(void)
{
	return calloc(1, sizeof(struct esw_flow_stock));
}

void
esw_flow_stock_destroy(struct esw *sw, struct esw_flow_stock *stock)
{
	esw_lock(sw);
	for (uint32_t i = 0; i < ESW_FLOW_MEM_CLASSES; i++)
		while (stock->shelf[i].n != 0)
			esw_flow_mem_put(sw, stock->shelf[i].piece[--stock->shelf[i].n], i * LINE);
	esw_unlock(sw);
	free(stock);
}

static __rte_noinline uint32_t
shelf_fill(struct esw *sw, void **piece, uint32_t size)
{
	uint32_t n = 0;

	esw_lock(sw);
	for (; n < SHELF; n++) {
		piece[n] = esw_flow_mem_get_raw(sw, size);
		if (piece[n] == NULL)
			break;
	}
	esw_unlock(sw);
	/* What comes first is taken last: it would be walked through backwards. */
	for (uint32_t i = 0; i < n / 2; i++) {
		void *p = piece[i];

		piece[i] = piece[n - 1 - i];
		piece[n - 1 - i] = p;
	}
	return n;
}

static void *
piece_take(const struct esw_flow_plan *p, struct esw_flow_stock *stock)
{
	void **piece = stock->shelf[p->size / LINE].piece;
	uint32_t n = stock->shelf[p->size / LINE].n;

	if (n == 0)
		n = shelf_fill(p->sw, piece, p->size);
	if (n == 0)
		return NULL;
	stock->shelf[p->size / LINE].n = --n;
	if (n != 0)
		for (uint32_t i = 0; i < p->size; i += LINE)
			__builtin_prefetch(RTE_PTR_ADD(piece[n - 1], i), 1);
	return piece[n];
}

/* Values that come late take their places; refused: nothing refers to anything. */
static int
later_put(const struct esw_flow_plan *p, struct esw_flow *r, const struct esw_flow_act *later,
	  struct esw_err *err)
{
	struct esw_flow_act *act = (struct esw_flow_act *)(uintptr_t)r->act;
	int rc;

	for (uint32_t i = 0; i < p->n_later; i++) {
		rc = esw_flow_act_check(p->sw, p->ep, p->group, &later[i], err);
		if (rc != 0)
			return rc;
	}
	for (uint32_t i = 0; i < p->n_later; i++) {
		struct esw_flow_act *a = &act[p->later[i]];

		*a = later[i];
		esw_flow_act_own(r, a, &p->layout);
		esw_flow_act_ref(r, a, 1);
		if (a->op == ESW_FLOW_PORT)
			r->to_ep = a->ep;
	}
	return 0;
}

static void
shared_ref(const struct esw_flow_plan *p, const struct esw_flow *r)
{
	uint32_t late = 0;

	for (uint32_t i = 0; r->act[i].op != ESW_FLOW_END; i++) {
		if (late < p->n_later && p->later[late] == i)
			late++;
		else
			esw_flow_act_ref(r, &r->act[i], 1);
	}
}

struct esw_flow *
esw_flow_plan_make(const struct esw_flow_plan *plan, struct esw_flow_stock *stock,
		   const union esw_flow_key *key, const struct esw_flow_act *later,
		   struct esw_err *err)
{
	uint8_t *piece = piece_take(plan, stock);
	struct esw_flow *r;
	int rc;

	if (unlikely(piece == NULL)) {
		rte_errno = -esw_err_set(err, -ENOMEM, "no memory for a flow rule");
		return NULL;
	}
	memcpy(piece, plan->image, plan->size);
	for (uint32_t i = 0; i < plan->n_moves; i++) {
		const void *to = piece + plan->move[i].to;

		memcpy(piece + plan->move[i].at, &to, sizeof(to));
	}
	r = (struct esw_flow *)(piece + sizeof(struct esw_flow_ctl));
	esw_flow_key_make(r, plan->sub, key);
	rc = plan->n_later != 0 ? later_put(plan, r, later, err) : 0;
	if (unlikely(rc != 0)) {
		stock->shelf[plan->size / LINE].piece[stock->shelf[plan->size / LINE].n++] = piece;
		rte_errno = -rc;
		return NULL;
	}
	if (plan->shares)
		shared_ref(plan, r);
	return r;
}

struct esw_flow *
esw_flow_make(struct esw *sw, const struct esw_flow_spec *spec, struct esw_flow_quota *quota,
	      struct esw_err *err)
{
	int rc = esw_flow_spec_check(sw, spec, err);
	struct esw_flow *r = NULL;

	if (rc == 0) {
		esw_lock(sw);
		r = esw_flow_rule_new(sw, spec);
		if (r != NULL) {
			esw_flow_ctl(r)->quota = quota;
			esw_flow_ctl(r)->holds = true;
			esw_flow_ctl(r)->sub->users++;
		} else {
			rc = esw_err_set(err, -ENOMEM, "no memory for a flow rule");
		}
		esw_unlock(sw);
	}
	rte_errno = -rc;
	return r;
}

uint32_t
esw_flow_insert_bulk(struct esw *sw, struct esw_flow **rule, uint32_t n, int *rc)
{
	uint32_t ahead = 0, done = 0;

	esw_lock(sw);
	for (uint32_t i = 0; i < n; i++) {
		for (; ahead < n && ahead < i + AHEAD; ahead++)
			esw_flow_sub_prefetch(esw_flow_ctl(rule[ahead])->sub, rule[ahead]->hash);
		rc[i] = esw_flow_rule_insert(sw, rule[i]);
		done += rc[i] == 0;
	}
	esw_unlock(sw);
	return done;
}

void
esw_flow_unmake(struct esw *sw, struct esw_flow *rule)
{
	esw_lock(sw);
	esw_flow_rule_unmake(sw, rule);
	esw_unlock(sw);
}

bool
esw_flow_in_force(const struct esw_flow *rule)
{
	return esw_flow_ctl(rule)->in_force;
}
