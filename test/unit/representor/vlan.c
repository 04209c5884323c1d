/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* VLAN filter and PVID as edits of a policy: one row, one edit. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

enum edit { ADD, REMOVE, PVID_ON, PVID_OFF };

/* `after` NULL: refused with `ret`, and nothing changed. */
static const struct row {
	const char *before;
	enum edit edit;
	uint16_t vid;
	int ret;
	const char *after;
} rows[] = {
	{ "off", ADD, 100, 0, "trunk 100" },
	{ "trunk 100", ADD, 200, 0, "trunk 100,200" },
	{ "trunk 100", ADD, 100, 0, "trunk 100" },
	{ "trunk 100 native 7", ADD, 101, 0, "trunk 100-101 native 7" },
	{ "off", ADD, 1, 0, "trunk 1" },
	{ "off", ADD, 4094, 0, "trunk 4094" },
	{ "off", ADD, 0, 0, "off" },
	{ "all", ADD, 0, 0, "all" },
	{ "off", ADD, 4095, -EINVAL, NULL },
	{ "access 100", ADD, 100, -EBUSY, NULL },
	{ "access 100", ADD, 200, -EBUSY, NULL },
	{ "all", ADD, 200, -EBUSY, NULL },

	{ "trunk 100,200", REMOVE, 100, 0, "trunk 200" },
	{ "trunk 200", REMOVE, 200, 0, "off" },
	{ "trunk 200", REMOVE, 100, 0, "trunk 200" },
	{ "trunk 200 native 7", REMOVE, 200, -EBUSY, NULL },
	{ "trunk 100,200 native 7", REMOVE, 200, 0, "trunk 100 native 7" },
	{ "off", REMOVE, 100, 0, "off" },
	{ "off", REMOVE, 0, 0, "off" },
	{ "access 100", REMOVE, 100, -EBUSY, NULL },
	{ "access 100", REMOVE, 200, 0, "access 100" },
	{ "all", REMOVE, 100, -EBUSY, NULL },
	{ "off", REMOVE, 4095, -EINVAL, NULL },

	{ "off", PVID_ON, 100, 0, "access 100" },
	{ "access 100", PVID_ON, 100, 0, "access 100" },
	{ "access 100 qos 3 proto 802.1ad", PVID_ON, 200, 0, "access 200 qos 3 proto 802.1ad" },
	{ "trunk 100", PVID_ON, 100, -EBUSY, NULL },
	{ "all", PVID_ON, 100, -EBUSY, NULL },
	{ "off", PVID_ON, 0, -EINVAL, NULL },
	{ "off", PVID_ON, 4095, -EINVAL, NULL },

	{ "access 100 qos 3 proto 802.1ad", PVID_OFF, 100, 0, "off" },
	{ "access 100", PVID_OFF, 0, 0, "off" },
	{ "off", PVID_OFF, 0, 0, "off" },
	{ "trunk 100", PVID_OFF, 100, 0, "trunk 100" },
	{ "all", PVID_OFF, 100, 0, "all" },
};

static void
parse(const char *text, struct esw_policy *p)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_err err;

	esw_policy_default(p);
	esw_policy_default(&patch.value);
	if (esw_policy_field_parse(&patch, ESW_F_VLAN, text, &err) < 0)
		fail_msg("%s: %s", text, err.msg);
	esw_policy_patch_apply(p, &patch);
}

static void
test_rows(void **state)
{
	const struct esw_policy_limits lim = { .mtu_max = 9000, .fields = ESW_F_ALL };
	char text[256];

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(rows); i++) {
		const struct row *r = &rows[i];
		struct esw_err err = { "" };
		struct esw_policy p;
		int ret = 0;

		parse(r->before, &p);
		if (r->edit == ADD)
			ret = rep_vlan_add(&p.vlan, r->vid, &err);
		else if (r->edit == REMOVE)
			ret = rep_vlan_remove(&p.vlan, r->vid, &err);
		else if (r->edit == PVID_ON)
			ret = rep_vlan_pvid_on(&p.vlan, r->vid, &err);
		else
			rep_vlan_pvid_off(&p.vlan);
		esw_policy_field_print(&p, ESW_F_VLAN, text, sizeof(text));
		if (ret != r->ret || strcmp(text, r->after != NULL ? r->after : r->before) != 0)
			fail_msg("row %u (%s): got %d, \"%s\"", i, r->before, ret, text);
		if ((ret < 0) != (strncmp(err.msg, "vlan: ", 6) == 0))
			fail_msg("row %u (%s): sentence \"%s\"", i, r->before, err.msg);
		/* Whatever comes out is a policy that devices accept. */
		p.mac.addr_bytes[0] = 2;
		assert_int_equal(esw_policy_validate(&p, &lim, &err), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
