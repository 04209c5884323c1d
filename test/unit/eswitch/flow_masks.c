/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Masks of the classifier, and the whole of it against a list that is searched from end to end. */
#include <errno.h>
#include <stdlib.h>

#include "flow_rig.h"
#include "flow_table.h"

#define MASKS 510 /* past the size at which lists of masks leave the pool of small pieces */
#define STEPS 30000
#define RULES 400

static const struct esw_flow_subs *
subs(const struct esw *sw)
{
	return sw->flow.root[VF0] != NULL ? sw->flow.root[VF0]->subs : NULL;
}

static struct esw_flow *
look(const struct esw *sw, const union esw_flow_key *k, uint64_t after)
{
	return subs(sw) != NULL ? esw_flow_lookup(subs(sw), k, after) : NULL;
}

/* Mask i of many: some bits of two fields. */
static void
by_mask(struct fr *r, uint32_t i, uint32_t prio)
{
	fr_begin(r, VF0, ESW_FLOW_TRANSFER, 0, prio);
	FR_UNDER(r, 0, src4, UINT32_MAX, i + 1);
	fr_do(r, ESW_FLOW_DROP);
}

/* Masks are listed by their best rule, whatever the order in which they came. */
static void
masks_by_best_rule(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	struct esw_flow *rule[MASKS];
	struct fr r;

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < MASKS; i++) {
		by_mask(&r, i, i * 211 % MASKS); /* 211 and 510 have no common divisor */
		rule[i] = fr_make(sw, &r);
		assert_int_equal(subs(sw)->n, i + 1);
		for (uint32_t k = 1; k <= i; k++)
			assert_true(subs(sw)->sub[k - 1]->best < subs(sw)->sub[k]->best);
	}
	for (uint32_t i = 0; i < MASKS; i++) {
		union esw_flow_key k = { .h[0].src4 = UINT32_MAX };
		struct esw_flow *f = look(sw, &k, 0);

		assert_int_equal(f->order >> 48, i);
		esw_flow_destroy(sw, f);
		assert_int_equal(subs(sw) != NULL ? subs(sw)->n : 0, MASKS - 1 - i);
	}
	assert_null(sw->flow.root[VF0]);
	RTE_SET_USED(rule);
	rig_free(sw);
}

/* A better rule moves its mask up; rules of the same priority: the first that was made. */
static void
first_made_wins(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	union esw_flow_key k = { .h[0].src4 = UINT32_MAX };
	struct esw_flow *a, *b, *c;
	struct fr r;

	RTE_SET_USED(state);
	by_mask(&r, 6, 8);
	a = fr_make(sw, &r);
	by_mask(&r, 1, 8);
	b = fr_make(sw, &r);
	assert_ptr_equal(look(sw, &k, 0), a);
	assert_ptr_equal(look(sw, &k, a->order), b);
	assert_null(look(sw, &k, b->order));
	by_mask(&r, 1, 7);
	c = fr_make(sw, &r);
	assert_ptr_equal(look(sw, &k, 0), c);
	assert_ptr_equal(look(sw, &k, c->order), a);
	assert_ptr_equal(subs(sw)->sub[0], esw_flow_ctl(c)->sub);
	esw_flow_destroy(sw, a);
	by_mask(&r, 6, 8);
	a = fr_make(sw, &r); /* made again: last */
	assert_ptr_equal(look(sw, &k, c->order), b);
	assert_ptr_equal(look(sw, &k, b->order), a);
	rig_free(sw);
}

/* How deep frames are read follows the masks and the intervals that there are. */
static void
depth_follows_masks(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	struct esw_flow *l2, *l4, *inner;
	struct fr r;

	RTE_SET_USED(state);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 0);
	FR_IS(&r, 0, type, 1);
	fr_do(&r, ESW_FLOW_DROP);
	l2 = fr_make(sw, &r);
	assert_int_equal(subs(sw)->depth, ESW_FLOW_L2);
	fr_range(&r, FR_OFF(0, ttl), 1, 1, 2); /* the same mask, but it looks at more */
	l4 = fr_make(sw, &r);
	assert_int_equal(subs(sw)->n, 2);
	assert_int_equal(subs(sw)->depth, ESW_FLOW_L4);
	fr_range(&r, FR_OFF(1, sport), 2, 1, 2);
	inner = fr_make(sw, &r);
	assert_int_equal(subs(sw)->depth, ESW_FLOW_INNER);
	esw_flow_destroy(sw, inner);
	assert_int_equal(subs(sw)->depth, ESW_FLOW_L4);
	esw_flow_destroy(sw, l4);
	assert_int_equal(subs(sw)->depth, ESW_FLOW_L2);
	assert_false(subs(sw)->tso_differs);
	esw_flow_destroy(sw, l2);
	rig_free(sw);
}

/* The list: what each rule is, in no order. */
static struct {
	struct esw_flow *flow;
	struct esw_flow_match match;
	uint64_t order;
} list[RULES];

static bool
matches(const struct esw_flow_match *m, const union esw_flow_key *k)
{
	for (uint32_t i = 0; i < ESW_FLOW_WORDS; i++)
		if (((k->w[i] ^ m->key.w[i]) & m->mask.w[i]) != 0)
			return false;
	for (uint32_t i = 0; i < m->n_ranges; i++) {
		const struct esw_flow_range *g = &m->range[i];
		const uint8_t *v = (const uint8_t *)k + g->off;

		if (memcmp(v, g->lo, g->len) < 0 || memcmp(v, g->hi, g->len) > 0)
			return false;
	}
	return true;
}

static struct esw_flow *
model_look(const union esw_flow_key *k, uint64_t after)
{
	uint64_t best = UINT64_MAX;
	struct esw_flow *found = NULL;

	for (uint32_t i = 0; i < RULES; i++) {
		if (list[i].flow != NULL && list[i].order > after && list[i].order < best &&
		    matches(&list[i].match, k)) {
			best = list[i].order;
			found = list[i].flow;
		}
	}
	return found;
}

/* Few values, so that keys are shared and frames match several masks. */
static void
random_rule(struct fr *r)
{
	uint32_t v = rand();

	fr_begin(r, VF0, ESW_FLOW_TRANSFER, 0, v % 3);
	if ((v & 0x10) != 0)
		FR_UNDER(r, 0, src4, (v >> 8) % 4, (v & 0x20) != 0 ? UINT32_MAX : 2);
	if ((v & 0x40) != 0)
		FR_IS(r, 0, proto, (v >> 12) % 3);
	if ((v & 0x80) != 0)
		FR_IS(r, 1, dport, (v >> 16) % 8);
	if ((v & 0x100000) != 0)
		fr_range(r, FR_OFF(0, sport), 2, (v >> 24) % 4, 3 + (v >> 26) % 4);
	fr_do(r, ESW_FLOW_DROP);
}

static void
random_key(union esw_flow_key *k)
{
	uint32_t v = rand();

	memset(k, 0, sizeof(*k));
	k->h[0].src4 = v % 4;
	k->h[0].proto = (v >> 4) % 3;
	k->h[1].dport = (v >> 8) % 8;
	k->h[0].sport = rte_cpu_to_be_16((v >> 12) % 8);
}

static void
step(struct esw *sw)
{
	uint32_t i = rand() % RULES;
	struct esw_err err;
	struct fr r;

	if (list[i].flow != NULL) {
		esw_flow_destroy(sw, list[i].flow);
		list[i].flow = NULL;
		return;
	}
	random_rule(&r);
	list[i].flow = esw_flow_create(sw, &r.spec, &err);
	if (list[i].flow == NULL)
		return; /* a twin */
	list[i].match = r.match;
	list[i].order = list[i].flow->order;
}

static void
as_a_list_says(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	uint32_t found = 0, next = 0;

	RTE_SET_USED(state);
	srand(7);
	for (uint32_t i = 0; i < STEPS; i++) {
		union esw_flow_key k;
		struct esw_flow *f;

		step(sw);
		random_key(&k);
		f = look(sw, &k, 0);
		assert_ptr_equal(f, model_look(&k, 0));
		found += f != NULL;
		while (f != NULL) {
			uint64_t after = f->order;

			f = look(sw, &k, after);
			assert_ptr_equal(f, model_look(&k, after));
			next += f != NULL;
		}
	}
	assert_true(found > STEPS / 10 && next > STEPS / 10);
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_by_best_rule),
		cmocka_unit_test(first_made_wins),
		cmocka_unit_test(depth_follows_masks),
		cmocka_unit_test(as_a_list_says),
	};

	return cmocka_run_group_tests_name("flow_masks", tests, rig_setup, rig_teardown);
}
