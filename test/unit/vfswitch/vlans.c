/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* VLAN membership in vfswitch: the table of doc/semantics.md section 4.4, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vlans.h"

static const struct esw_vlan off = { .mode = ESW_VLAN_OFF, .tpid = ESW_TPID_CTAG };
static const struct esw_vlan all = { .mode = ESW_VLAN_ALL, .tpid = ESW_TPID_CTAG };
static const struct esw_vlan access_c = {
	.mode = ESW_VLAN_ACCESS,
	.vid = 100,
	.tpid = ESW_TPID_CTAG,
};
static const struct esw_vlan access_s = {
	.mode = ESW_VLAN_ACCESS,
	.vid = 100,
	.tpid = ESW_TPID_STAG,
};
static const struct esw_vlan trunk = {
	.mode = ESW_VLAN_TRUNK,
	.native = 7,
	.tpid = ESW_TPID_CTAG,
	.trunk = { [3] = UINT64_C(1) << 8 }, /* 200 */
};
static const struct esw_vlan trunk_no_native = {
	.mode = ESW_VLAN_TRUNK,
	.tpid = ESW_TPID_CTAG,
	.trunk = { [3] = UINT64_C(1) << 8 },
};

static void
admits(void **state)
{
	static const struct {
		const struct esw_vlan *v;
		uint16_t vlan;
		bool yes;
	} rows[] = {
		{ &off, 0, true },
		{ &off, 100, false },
		{ &off, 4096, false },
		{ &access_c, 0, false },
		{ &access_c, 100, true },
		{ &access_c, 101, false },
		{ &access_c, 4096 + 100, false },
		{ &access_s, 100, false },
		{ &access_s, 4096 + 100, true },
		{ &access_s, 4096, false },
		{ &trunk, 0, false },
		{ &trunk, 7, true },
		{ &trunk, 200, true },
		{ &trunk, 201, false },
		{ &trunk, 4096 + 200, false },
		{ &trunk, 4096, false },
		{ &trunk_no_native, 0, false },
		{ &trunk_no_native, 7, false },
		{ &trunk_no_native, 200, true },
		{ &all, 0, true },
		{ &all, 4095, true },
		{ &all, 4096, true },
		{ &all, 8191, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (vsw_vlan_admits(rows[i].v, rows[i].vlan) != rows[i].yes)
			fail_msg("row %zu: VLAN %u", i, rows[i].vlan);
	}
}

static void
a_new_policy_replaces_the_old(void **state)
{
	struct vsw_vlans *t = calloc(1, sizeof(*t));
	struct esw_policy p = { .vlan = access_c, .isolate = true };

	(void)state;
	assert_non_null(t);
	vsw_vlans_port_all(t, 0);
	vsw_vlans_port_set(t, 256, &p);
	assert_true(vsw_port_bit(t->member[100], 256));
	assert_true(vsw_port_bit(t->member[100], 0));
	assert_true(vsw_port_bit(t->isolated, 256));
	p = (struct esw_policy){ .vlan = trunk };
	vsw_vlans_port_set(t, 256, &p);
	assert_false(vsw_port_bit(t->member[100], 256));
	assert_true(vsw_port_bit(t->member[200], 256));
	assert_false(vsw_port_bit(t->isolated, 256));
	assert_true(vsw_port_bit(t->member[100], 0));
	free(t);
}

static void
vlan_of_a_frame(void **state)
{
	static const struct {
		uint8_t tag[4];
		uint16_t vlan;
	} rows[] = {
		{ { 0x08, 0x00, 0x45, 0x00 }, 0 },    { { 0x81, 0x00, 0x00, 0x64 }, 100 },
		{ { 0x81, 0x00, 0xff, 0xff }, 4095 }, /* priority and DEI are not the VLAN */
		{ { 0x81, 0x00, 0xe0, 0x00 }, 0 },    /* priority tag */
		{ { 0x88, 0xa8, 0x00, 0x64 }, 4196 }, { { 0x88, 0xa8, 0x00, 0x00 }, 4096 },
		{ { 0x91, 0x00, 0x00, 0x64 }, 0 }, /* an old TPID is an EtherType like any other */
	};
	_Alignas(2) uint8_t frame[18] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(&frame[12], rows[i].tag, sizeof(rows[i].tag));
		assert_int_equal(vsw_frame_vlan((const void *)frame), rows[i].vlan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(admits),
		cmocka_unit_test(a_new_policy_replaces_the_old),
		cmocka_unit_test(vlan_of_a_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
