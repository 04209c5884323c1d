/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What esw_flow_check() and esw_flow_create() refuse, and lists of rules. */
#include <errno.h>

#include "flow_rig.h"

static struct esw *sw;
static struct fr r;

static int
up(void **state)
{
	RTE_SET_USED(state);
	sw = rig_switch(ESW_MODE_SWITCHDEV, VFS);
	return 0;
}

/* Whatever is refused leaves nothing. */
static int
down(void **state)
{
	RTE_SET_USED(state);
	for (uint16_t ep = 0; ep < EPS; ep++)
		esw_flow_flush(sw, ep);
	rig_free(sw);
	return 0;
}

static void
begin(enum esw_flow_side side)
{
	fr_begin(&r, VF0, side, 1, 0);
}

static void
places(void **state)
{
	RTE_SET_USED(state);
	begin(ESW_FLOW_TRANSFER);
	fr_refused(sw, &r, -EINVAL, "0 actions");
	fr_do(&r, ESW_FLOW_DROP);
	r.spec.ep = EPS;
	fr_refused(sw, &r, -EINVAL, "endpoint");
	r.spec.ep = VF0;
	r.spec.owner = EPS;
	fr_refused(sw, &r, -EINVAL, "endpoint");
	r.spec.owner = VF0;
	r.spec.side = ESW_FLOW_SIDES;
	fr_refused(sw, &r, -EINVAL, "side");
	r.spec.side = ESW_FLOW_TRANSFER;
	r.spec.prio = ESW_FLOW_PRIO_MAX + 1;
	fr_refused(sw, &r, -EINVAL, "65536");
	r.spec.prio = ESW_FLOW_PRIO_MAX;
	r.match.n_ranges = ESW_FLOW_RANGES_MAX + 1;
	fr_refused(sw, &r, -ENOTSUP, "9 intervals");
}

/* Intervals lie in the key. */
static void
intervals(void **state)
{
	static const struct {
		uint8_t off, len;
		bool ok;
	} at[] = {
		{ 0, 0, false },  { 0, 1, true },    { 0, 16, true },
		{ 0, 17, false }, { 144, 16, true }, { 145, 16, false },
		{ 159, 1, true }, { 160, 1, false }, { 255, 16, false },
	};

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < RTE_DIM(at); i++) {
		begin(ESW_FLOW_TRANSFER);
		fr_do(&r, ESW_FLOW_DROP);
		r.match.n_ranges = 1;
		r.match.range[0].off = at[i].off;
		r.match.range[0].len = at[i].len;
		if (at[i].ok)
			fr_make(sw, &r);
		else
			fr_refused(sw, &r, -EINVAL, "interval");
	}
}

static void
one(enum esw_flow_side side, enum esw_flow_op op, int rc, const char *words)
{
	begin(side);
	fr_do(&r, op);
	fr_do(&r, ESW_FLOW_DROP);
	fr_refused(sw, &r, rc, words);
}

static void
sides(void **state)
{
	RTE_SET_USED(state);
	one(ESW_FLOW_TRANSFER, ESW_FLOW_QUEUE, -ENOTSUP, "local rules only");
	one(ESW_FLOW_TRANSFER, ESW_FLOW_RSS, -ENOTSUP, "local rules only");
	one(ESW_FLOW_LOCAL, ESW_FLOW_PORT, -ENOTSUP, "transfer rules only");
	one(ESW_FLOW_LOCAL, ESW_FLOW_SAMPLE, -ENOTSUP, "transfer rules only");
	for (enum esw_flow_op op = ESW_FLOW_POP_VLAN; op < ESW_FLOW_OPS; op++)
		one(ESW_FLOW_LOCAL, op, -ENOTSUP, "transfer rules only");
	one(ESW_FLOW_TRANSFER, ESW_FLOW_END, -ENOTSUP, "action 0");
	one(ESW_FLOW_TRANSFER, ESW_FLOW_OPS, -ENOTSUP, "action 0");
}

static void
values(void **state)
{
	struct esw_flow_rss rss = { .n_queues = 0 };

	RTE_SET_USED(state);
	begin(ESW_FLOW_TRANSFER);
	fr_port(&r, EPS);
	fr_refused(sw, &r, -ERANGE, "endpoint 8");
	r.act[0].ep = VF0;
	fr_refused(sw, &r, -EINVAL, "back to their sender");
	r.act[0] = (struct esw_flow_act){ .op = ESW_FLOW_JUMP, .group = 1 };
	fr_refused(sw, &r, -EINVAL, "group 1");
	r.act[0].group = 0;
	fr_refused(sw, &r, -EINVAL, "group 0");
	begin(ESW_FLOW_LOCAL);
	fr_do(&r, ESW_FLOW_QUEUE)->queue = ESW_QUEUES_MAX;
	fr_refused(sw, &r, -EINVAL, "queue");
	r.act[0] = (struct esw_flow_act){ .op = ESW_FLOW_RSS, .rss = &rss };
	fr_refused(sw, &r, -EINVAL, "rss");
	rss.n_queues = ESW_QUEUES_MAX + 1;
	fr_refused(sw, &r, -EINVAL, "rss");
	rss.n_queues = 2;
	rss.queue[1] = ESW_QUEUES_MAX;
	fr_refused(sw, &r, -EINVAL, "rss");
	one(ESW_FLOW_TRANSFER, ESW_FLOW_AGE, -EINVAL, "age");
	begin(ESW_FLOW_TRANSFER);
	fr_do(&r, ESW_FLOW_AGE)->timeout = 1 << 24;
	fr_do(&r, ESW_FLOW_DROP);
	fr_refused(sw, &r, -EINVAL, "age");
	one(ESW_FLOW_TRANSFER, ESW_FLOW_SAMPLE, -EINVAL, "ratio of 0");
	one(ESW_FLOW_TRANSFER, ESW_FLOW_ENCAP, -EINVAL, "encap");
}

/* `op`, ended by ESW_FLOW_END, is a list; @return what it is refused with */
static int
list(const enum esw_flow_op *op)
{
	static const uint8_t octets[ESW_FLOW_ENCAP_MAX + 1];
	struct esw_err err = { "" };
	struct esw_flow *f;
	int rc;

	begin(ESW_FLOW_TRANSFER);
	for (; *op != ESW_FLOW_END; op++) {
		struct esw_flow_act *a = fr_do(&r, *op);

		if (*op == ESW_FLOW_PORT)
			a->ep = VF1;
		else if (*op == ESW_FLOW_JUMP)
			a->group = 2;
		else if (*op == ESW_FLOW_AGE)
			a->timeout = 5;
		else if (*op == ESW_FLOW_SAMPLE)
			a->sample.ratio = a->sample.n_acts = 1;
		else if (*op == ESW_FLOW_ENCAP)
			a->encap.bytes = octets, a->encap.len = 5;
	}
	rc = esw_flow_check(sw, &r.spec, &err);
	assert_true((rc == 0) == (err.msg[0] == '\0'));
	f = esw_flow_create(sw, &r.spec, &err);
	assert_int_equal(f == NULL ? -rte_errno : 0, rc);
	if (f != NULL)
		esw_flow_destroy(sw, f);
	return rc;
}

#define LIST(...) list((const enum esw_flow_op[]){ __VA_ARGS__, ESW_FLOW_END })
#define A(op) ESW_FLOW_##op

static void
lists(void **state)
{
	RTE_SET_USED(state);
	assert_int_equal(LIST(A(COUNT)), -EINVAL); /* where to? */
	assert_int_equal(LIST(A(MARK), A(SET_TTL)), -EINVAL);
	assert_int_equal(LIST(A(DROP), A(COUNT)), -EINVAL);
	assert_int_equal(LIST(A(JUMP), A(PORT)), -EINVAL);
	assert_int_equal(LIST(A(PASSTHRU), A(PASSTHRU)), -EINVAL);
	assert_int_equal(LIST(A(PORT), A(DROP)), -EINVAL);
	assert_int_equal(LIST(A(PORT), A(JUMP)), 0);
	assert_int_equal(LIST(A(PORT), A(SET_TTL), A(PORT), A(COUNT)), 0);
	assert_int_equal(LIST(A(COUNT), A(COUNT), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(AGE), A(AGE), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(AGE), A(COUNT), A(DROP)), 0);
	assert_int_equal(LIST(A(SAMPLE), A(PORT)), -EINVAL); /* in the sample alone */
	assert_int_equal(LIST(A(SAMPLE), A(PORT), A(DROP)), 0);
	assert_int_equal(LIST(A(SAMPLE), A(COUNT), A(COUNT), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(SAMPLE), A(DROP), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(SAMPLE), A(AGE), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(SAMPLE), A(MARK), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(SAMPLE), A(SAMPLE), A(PORT), A(DROP)), -ENOTSUP);
	assert_int_equal(LIST(A(SAMPLE)), -EINVAL);
	assert_int_equal(LIST(A(ENCAP), A(PORT)), -EINVAL);
	assert_int_equal(LIST(A(DECAP), A(ENCAP), A(PORT)), 0);
	assert_int_equal(LIST(A(DECAP), A(COUNT), A(ENCAP), A(PORT)), -EINVAL);
	/* What the sample took off is on again. */
	assert_int_equal(LIST(A(SAMPLE), A(DECAP), A(ENCAP), A(PORT)), -EINVAL);
}

static void
too_many_actions(void **state)
{
	RTE_SET_USED(state);
	begin(ESW_FLOW_TRANSFER);
	for (uint32_t i = 0; i < ESW_FLOW_ACTS_MAX; i++)
		fr_port(&r, VF1);
	fr_make(sw, &r);
	r.spec.prio++;
	r.spec.n_acts++;
	fr_refused(sw, &r, -EINVAL, "65 actions");
}

/* Those that can be made are, the first refusal has the word, all are its owner's in order. */
static void
bulk(void **state)
{
	static struct fr many[5];
	struct esw_flow_spec spec[5];
	struct esw_flow *rule[5], *f = NULL;
	struct esw_err err = { "" };
	int rc[5];

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 5; i++) {
		fr_begin(&many[i], VF0, ESW_FLOW_TRANSFER, 0, i % 4);
		fr_port(&many[i], i == 2 ? VF0 : VF1);
		spec[i] = many[i].spec;
		spec[i].owner = ESW_EP_PF;
	}
	assert_int_equal(esw_flow_create_bulk(sw, spec, 5, rule, rc, &err), 3);
	assert_null(rule[2]);
	assert_null(rule[4]);
	assert_int_equal(rc[2], -EINVAL);
	assert_int_equal(rc[4], -EEXIST);
	assert_non_null(strstr(err.msg, "back to their sender"));
	assert_int_equal(esw_flow_number(sw, ESW_EP_PF), 3);
	assert_int_equal(esw_flow_number(sw, VF0), 0);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(rc[i], i == 2 ? -EINVAL : 0);
		if (i != 2)
			assert_ptr_equal(f = esw_flow_next(sw, ESW_EP_PF, f), rule[i]);
	}
	assert_null(esw_flow_next(sw, ESW_EP_PF, f));
	rule[2] = rule[3];
	esw_flow_destroy_bulk(sw, &rule[1], 2);
	assert_ptr_equal(esw_flow_next(sw, ESW_EP_PF, NULL), rule[0]);
	assert_null(esw_flow_next(sw, ESW_EP_PF, rule[0]));
	assert_int_equal(esw_flow_flush(sw, VF0), 0);
	assert_int_equal(esw_flow_flush(sw, ESW_EP_PF), 1);
	assert_int_equal(esw_flow_number(sw, ESW_EP_PF), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, up, down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(places), T(intervals),        T(sides), T(values),
		T(lists),  T(too_many_actions), T(bulk),
	};

	return cmocka_run_group_tests_name("flow_refused", tests, rig_setup, rig_teardown);
}
