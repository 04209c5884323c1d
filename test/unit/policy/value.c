/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The value: its default, the difference of two, patches, and what a device enforces. */

#include <errno.h>

#include <rte_common.h>

#include "changes.h"
#include "rows.h"

static void
set_mac(struct esw_policy *p)
{
	p->mac.addr_bytes[5] = 9;
}

static void
set_spoofchk(struct esw_policy *p)
{
	p->spoofchk = false;
}

static void
set_mtu(struct esw_policy *p)
{
	p->mtu = 9216;
}

static void
set_mtu_min(struct esw_policy *p)
{
	p->mtu = 68;
}

static void
set_mtu_change(struct esw_policy *p)
{
	p->mtu_change = true;
}

static void
set_mac_change(struct esw_policy *p)
{
	p->mac_change = true;
}

static void
set_trust(struct esw_policy *p)
{
	p->trust = true;
}

static void
set_link(struct esw_policy *p)
{
	p->link = ESW_LINK_DOWN;
}

static void
set_isolate(struct esw_policy *p)
{
	p->isolate = true;
}

/* Each changes one field of the default to a value that is allowed. */
static const struct change {
	const char *name;
	void (*change)(struct esw_policy *p);
	enum esw_policy_field field;
	const char *text; /* how a refusal quotes it */
} changes[] = {
	{ "mac", set_mac, ESW_F_MAC, "02:00:00:00:00:09" },
	{ "macs", set_macs, ESW_F_MACS, "02:00:00:00:00:02,02:00:00:00:00:03" },
	{ "spoofchk", set_spoofchk, ESW_F_SPOOFCHK, "off" },
	{ "vlan access", set_access, ESW_F_VLAN, "access 100" },
	{ "vlan 802.1ad", set_qinq, ESW_F_VLAN, "access 100 qos 7 proto 802.1ad" },
	{ "vlan trunk", set_trunk, ESW_F_VLAN, "trunk 1,4094 native 4094" },
	{ "vlan all", set_all, ESW_F_VLAN, "all" },
	{ "mtu max", set_mtu, ESW_F_MTU, "9216" },
	{ "mtu min", set_mtu_min, ESW_F_MTU, "68" },
	{ "mtu-change", set_mtu_change, ESW_F_MTU_CHANGE, "allow" },
	{ "mac-change", set_mac_change, ESW_F_MAC_CHANGE, "allow" },
	{ "trust", set_trust, ESW_F_TRUST, "on" },
	{ "link", set_link, ESW_F_LINK, "down" },
	{ "isolate", set_isolate, ESW_F_ISOLATE, "on" },
};

static void
diff_names_the_field(void **state)
{
	const struct change *row = *state;
	struct esw_policy a, b;

	valid_policy(&a);
	valid_policy(&b);
	assert_int_equal(esw_policy_diff(&a, &b), 0);
	row->change(&b);
	assert_int_equal(esw_policy_diff(&a, &b), ESW_F_BIT(row->field));
	assert_int_equal(esw_policy_diff(&b, &a), ESW_F_BIT(row->field));
}

static void
patch_says_one_field(void **state)
{
	const struct change *row = *state;
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(row->field) };
	struct esw_policy want, got;
	unsigned int i;

	valid_policy(&want);
	got = want;
	row->change(&want);
	valid_policy(&patch.value);
	for (i = 0; i < RTE_DIM(changes); i++) { /* not said: must not come through */
		if (changes[i].field != row->field)
			changes[i].change(&patch.value);
	}
	row->change(&patch.value);
	esw_policy_patch_apply(&got, &patch);
	assert_int_equal(esw_policy_diff(&got, &want), 0);
	patch.fields = 0;
	valid_policy(&got);
	esw_policy_patch_apply(&got, &patch);
	assert_int_equal(esw_policy_diff(&got, &want), ESW_F_BIT(row->field));
}

static void
device_enforces(void **state)
{
	const struct change *row = *state;
	struct esw_policy p;
	struct esw_err err = { "" };

	valid_policy(&p);
	row->change(&p);
	assert_int_equal(esw_policy_validate(&p, &limits, &err), 0);
}

static void
device_lacks(void **state)
{
	const struct change *row = *state;
	struct esw_policy_limits lacks = limits;
	struct esw_policy p;
	struct esw_err err = { "" };

	lacks.fields &= ~ESW_F_BIT(row->field);
	valid_policy(&p);
	if (row->field != ESW_F_MAC) /* every valid address is other than the default */
		assert_int_equal(esw_policy_validate(&p, &lacks, &err), 0);
	row->change(&p);
	assert_int_equal(esw_policy_validate(&p, &lacks, &err), -ENOTSUP);
	assert_says(&err, esw_policy_field_name(row->field));
	assert_says(&err, ": net_test does not enforce this field: ");
	assert_says(&err, row->text);
}

static void
default_is_as_promised(void **state)
{
	struct esw_policy p;

	(void)state;
	memset(&p, 0xff, sizeof(p));
	esw_policy_default(&p);
	assert_true(rte_is_zero_ether_addr(&p.mac));
	assert_int_equal(p.n_macs, 0);
	assert_true(p.spoofchk);
	assert_int_equal(p.vlan.mode, ESW_VLAN_OFF);
	assert_int_equal(p.vlan.tpid, ESW_TPID_CTAG);
	assert_int_equal(p.mtu, 1500);
	assert_false(p.mtu_change || p.mac_change || p.trust || p.isolate);
	assert_int_equal(p.link, ESW_LINK_AUTO);
}

/* An access VLAN replaces a trunk list whole: nothing of it stays behind. */
static void
access_replaces_trunk(void **state)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_policy p;
	struct esw_err err = { "" };

	(void)state;
	valid_policy(&p);
	set_trunk(&p);
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_VLAN, "access 5", &err), 0);
	esw_policy_patch_apply(&p, &patch);
	assert_int_equal(esw_policy_validate(&p, &limits, &err), 0);
	assert_int_equal(p.vlan.vid, 5);
	assert_int_equal(p.vlan.native, 0);
	assert_false(esw_vlan_trunk_has(&p.vlan, 1));
}

static void
macs_add(void **state)
{
	const struct rte_ether_addr a = { { 2, 0, 0, 0, 0, 2 } }, b = { { 2, 0, 0, 0, 0, 3 } };
	const struct rte_ether_addr group = { { 1, 0, 0, 0, 0, 3 } };
	struct esw_policy p;
	struct esw_err err = { "" };

	(void)state;
	valid_policy(&p);
	assert_int_equal(esw_policy_macs_add(&p, &b, &err), 0);
	assert_int_equal(esw_policy_macs_add(&p, &a, &err), 0);
	assert_true(rte_is_same_ether_addr(&p.macs[0], &a));
	assert_true(rte_is_same_ether_addr(&p.macs[1], &b));
	assert_int_equal(esw_policy_macs_add(&p, &a, &err), -EEXIST);
	assert_int_equal(esw_policy_macs_add(&p, &group, &err), -EINVAL);
	p.n_macs = ESW_POLICY_MACS_MAX;
	assert_int_equal(esw_policy_macs_add(&p, &a, &err), -ENOSPC);
	assert_int_equal(p.n_macs, ESW_POLICY_MACS_MAX);
}

int
main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(default_is_as_promised),
		cmocka_unit_test(access_replaces_trunk),
		cmocka_unit_test(macs_add),
	};

	return ROWS_RUN(diff_names_the_field, changes) + ROWS_RUN(patch_says_one_field, changes) +
	       ROWS_RUN(device_enforces, changes) + ROWS_RUN(device_lacks, changes) +
	       cmocka_run_group_tests(single, NULL, NULL);
}
