/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* One policy as JSON: what is written, what else is read, what is refused. */

#include <errno.h>

#include "rows.h"

#define VLAN(members) "{\"vlan\": {" members "}}"

/* Objects of one field, and that field's text. */
static const struct good {
	const char *text;
	enum esw_policy_field field;
	const char *canonical;
} good[] = {
	{ "{\"mac\": \"02:00:00:00:00:01\"}", ESW_F_MAC, "02:00:00:00:00:01" },
	{ "{\"macs\": []}", ESW_F_MACS, "none" },
	{ "{\"macs\": [\"02:00:00:00:00:02\", \"02:00:00:00:00:01\"]}", ESW_F_MACS,
	  "02:00:00:00:00:01,02:00:00:00:00:02" },
	{ "{\"macs\": \"02:00:00:00:00:02\"}", ESW_F_MACS, "02:00:00:00:00:02" },
	{ "{\"spoofchk\": true}", ESW_F_SPOOFCHK, "on" },
	{ "{\"spoofchk\": false}", ESW_F_SPOOFCHK, "off" },
	{ "{\"spoofchk\": \"on\"}", ESW_F_SPOOFCHK, "on" },
	{ "{\"mtu-change\": \"allow\"}", ESW_F_MTU_CHANGE, "allow" },
	{ "{\"mtu-change\": true}", ESW_F_MTU_CHANGE, "allow" },
	{ "{\"mac-change\": false}", ESW_F_MAC_CHANGE, "deny" },
	{ "{\"mtu\": 9000}", ESW_F_MTU, "9000" },
	{ "{\"mtu\": \"9000\"}", ESW_F_MTU, "9000" },
	{ "{\"link\": \"down\"}", ESW_F_LINK, "down" },
	{ "{\"vlan\": \"trunk 1-3 native 5\"}", ESW_F_VLAN, "trunk 1-3 native 5" },
	{ VLAN("\"mode\": \"off\""), ESW_F_VLAN, "off" },
	{ VLAN("\"mode\": \"all\""), ESW_F_VLAN, "all" },
	{ VLAN("\"vid\": 100, \"mode\": \"access\""), ESW_F_VLAN, "access 100" },
	{ VLAN("\"mode\": \"access\", \"vid\": 100, \"qos\": 3, \"proto\": \"802.1q\""), ESW_F_VLAN,
	  "access 100 qos 3" },
	{ VLAN("\"mode\": \"access\", \"vid\": 1, \"qos\": 0, \"proto\": \"802.1ad\""), ESW_F_VLAN,
	  "access 1 qos 0 proto 802.1ad" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 42}, {\"minID\": 100, "
	       "\"maxID\": 103}], \"native\": 42"),
	  ESW_F_VLAN, "trunk 42,100-103 native 42" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 1}, {\"id\": 2}]"), ESW_F_VLAN,
	  "trunk 1-2" },
};

static void
json_taken(void **state)
{
	const struct good *row = *state;
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { "" };
	char text[256];

	assert_int_equal(esw_policy_json_parse(&patch, row->text, strlen(row->text), &err), 0);
	assert_int_equal(patch.fields, ESW_F_BIT(row->field));
	esw_policy_field_print(&patch.value, row->field, text, sizeof(text));
	assert_string_equal(text, row->canonical);
}

static const struct bad {
	const char *text;
	int ret;
	const char *says;
} bad[] = {
	{ "", -EINVAL, "not JSON" },
	{ "{", -EINVAL, "not JSON" },
	{ "{\n\"mtu\": 1500,\n}", -EINVAL, "line 3: not JSON" },
	{ "{} x", -EINVAL, "not JSON" },
	{ "[]", -EINVAL, "a policy is one JSON object, not an array" },
	{ "{\"mtu\": 1500, \"mtu\": 1500}", -EINVAL, "duplicate object key" },
	{ "{\"mtuu\": 1500}", -EINVAL, "mtuu: unknown field" },
	{ "{\"mirror\": \"none\"}", -ENOTSUP, "mirror: this release does not enforce it" },
	{ "{\"mtu\": 67}", -EINVAL, "mtu: 67 is out of range 68 to 65521" },
	{ "{\"mtu\": -1}", -EINVAL, "mtu: \"-1\" is not a decimal number" },
	{ "{\"mtu\": 67108864000000}", -EINVAL, "mtu: 67108864000000 is out of range" },
	{ "{\"mtu\": 1500.5}", -EINVAL, "mtu: a number with a fraction or exponent is not" },
	{ "{\"mtu\": true}", -EINVAL, "mtu: true is not a value of this field" },
	{ "{\"mtu\": null}", -EINVAL, "mtu: null is not a value of this field" },
	{ "{\"mtu\": \"big\"}", -EINVAL, "mtu: \"big\" is not a decimal number" },
	{ "{\"mtu\": \"1\\u00005\"}", -EINVAL, "not JSON" },
	{ "{\"trust\": 1}", -EINVAL, "trust: a whole number is not a value of this field" },
	{ "{\"trust\": {}}", -EINVAL, "trust: an object is not a value of this field" },
	{ "{\"link\": true}", -EINVAL, "link: true is not a value of this field" },
	{ "{\"mac\": [\"02:00:00:00:00:01\"]}", -EINVAL, "mac: an array is not a value" },
	{ "{\"macs\": [1]}", -EINVAL, "macs: item 0 is not a string" },
	{ "{\"macs\": [\"02:00:00:00:00:01,02:00:00:00:00:02\"]}", -EINVAL,
	  "macs: \"02:00:00:00:00:01,02:00:00:00:00:02\" is not an address" },
	{ "{\"macs\": [\"02:00:00:00:00:01\", \"02:00:00:00:00:01\"]}", -EINVAL,
	  "macs: 02:00:00:00:00:01 is listed twice" },
	{ "{\"vlan\": 100}", -EINVAL, "vlan: a whole number is not a value of this field" },
	{ VLAN(""), -EINVAL, "vlan: mode is missing" },
	{ VLAN("\"mode\": 1"), -EINVAL, "vlan: mode is missing" },
	{ VLAN("\"mode\": \"hybrid\""), -EINVAL, "vlan: \"hybrid\" is none of off, access" },
	{ VLAN("\"mode\": \"off\", \"vid\": 1"), -EINVAL,
	  "vlan: \"vid\" is not a key of mode off; allowed are mode only" },
	{ VLAN("\"mode\": \"access\""), -EINVAL, "vlan: vid is missing" },
	{ VLAN("\"mode\": \"access\", \"vid\": 0"), -EINVAL,
	  "vlan: vid 0 is out of range 1 to 4094" },
	{ VLAN("\"mode\": \"access\", \"vid\": 4095"), -EINVAL, "vlan: vid 4095 is out of range" },
	{ VLAN("\"mode\": \"access\", \"vid\": \"5\""), -EINVAL,
	  "vlan: vid is not a whole number of 1 to 4094" },
	{ VLAN("\"mode\": \"access\", \"vid\": 5, \"qos\": 8"), -EINVAL,
	  "vlan: qos 8 is out of range 0 to 7" },
	{ VLAN("\"mode\": \"access\", \"vid\": 5, \"qos\": -1"), -EINVAL,
	  "vlan: qos -1 is out of range 0 to 7" },
	{ VLAN("\"mode\": \"access\", \"vid\": 5, \"proto\": 8"), -EINVAL,
	  "vlan: proto \"\" is neither" },
	{ VLAN("\"mode\": \"access\", \"vid\": 5, \"native\": 8"), -EINVAL,
	  "vlan: \"native\" is not a key of mode access; allowed are mode, vid, qos, proto" },
	{ VLAN("\"mode\": \"trunk\""), -EINVAL, "vlan: trunk is missing" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": []"), -EINVAL, "vlan: trunk is not a list" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": 5"), -EINVAL, "vlan: trunk is not a list" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [5]"), -EINVAL, "vlan: an item of trunk" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 0}]"), -EINVAL,
	  "vlan: trunk id 0 is out of range 1 to 4094" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 5, \"minID\": 6}]"), -EINVAL,
	  "vlan: an item of trunk" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"minID\": 6}]"), -EINVAL,
	  "vlan: an item of trunk" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"minID\": 1, \"maxID\": 4095}]"), -EINVAL,
	  "vlan: trunk maxID 4095 is out of range 1 to 4094" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"minID\": 9, \"maxID\": 8}]"), -EINVAL,
	  "vlan: the range 9-8 of VLANs runs backwards" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 5}, {\"id\": 5}]"), -EINVAL,
	  "vlan: VLAN 5 is listed twice" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 5}], \"native\": 0"), -EINVAL,
	  "vlan: native 0 is out of range 1 to 4094" },
	{ VLAN("\"mode\": \"trunk\", \"trunk\": [{\"id\": 5}], \"qos\": 0"), -EINVAL,
	  "vlan: \"qos\" is not a key of mode trunk; allowed are mode, trunk, native" },
};

static void
json_refused(void **state)
{
	const struct bad *row = *state;
	struct esw_policy_patch patch, before;
	struct esw_err err = { "" };

	memset(&patch, 0, sizeof(patch));
	before = patch;
	assert_int_equal(esw_policy_json_parse(&patch, row->text, strlen(row->text), &err),
			 row->ret);
	assert_says(&err, row->says);
	assert_memory_equal(&patch, &before, sizeof(patch));
}

/* The form that other programs read: changing it is a break, so it is written out here. */
static void
json_written(void **state)
{
	struct esw_policy p;
	char *text;

	(void)state;
	esw_policy_default(&p);
	p.mac = (struct rte_ether_addr){ { 2, 0, 0, 0, 0, 1 } };
	p.n_macs = 1;
	p.macs[0] = (struct rte_ether_addr){ { 2, 0, 0, 0, 0, 2 } };
	p.vlan.mode = ESW_VLAN_ACCESS;
	p.vlan.vid = 100;
	p.vlan.qos_set = true;
	p.vlan.qos = 3;
	p.mac_change = true;
	text = esw_policy_json_print(&p, 0);
	assert_non_null(text);
	assert_string_equal(text,
			    "{\"mac\": \"02:00:00:00:00:01\", \"macs\": [\"02:00:00:00:00:02\"], "
			    "\"spoofchk\": true, \"vlan\": {\"mode\": \"access\", \"vid\": 100, "
			    "\"qos\": 3, \"proto\": \"802.1q\"}, \"mtu\": 1500, "
			    "\"mtu-change\": \"deny\", \"mac-change\": \"allow\", "
			    "\"trust\": false, \"link\": \"auto\", \"isolate\": false}");
	free(text);
}

/* A second object may add to a patch, but not contradict it; a refusal leaves the patch alone. */
static void
json_adds(void **state)
{
	static const char first[] = "{\"mtu\": 1400}", second[] = "{\"trust\": true}";
	static const char third[] = "{\"isolate\": true, \"mtu\": 1500}";
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { "" };

	(void)state;
	assert_int_equal(esw_policy_json_parse(&patch, first, sizeof(first) - 1, &err), 0);
	assert_int_equal(esw_policy_json_parse(&patch, second, sizeof(second) - 1, &err), 0);
	assert_int_equal(esw_policy_json_parse(&patch, third, sizeof(third) - 1, &err), -EEXIST);
	assert_string_equal(err.msg, "mtu: given twice");
	assert_int_equal(patch.fields, ESW_F_BIT(ESW_F_MTU) | ESW_F_BIT(ESW_F_TRUST));
	assert_int_equal(patch.value.mtu, 1400);
	assert_false(patch.value.isolate);
}

int
main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(json_written),
		cmocka_unit_test(json_adds),
	};

	return ROWS_RUN(json_taken, good) + ROWS_RUN(json_refused, bad) +
	       cmocka_run_group_tests(single, NULL, NULL);
}
