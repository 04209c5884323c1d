/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* One field from text: what is taken and how it is written back, what is refused and why. */

#include <errno.h>
#include <stdio.h>

#include "rows.h"

#define MAC1 "02:00:00:00:00:01"
#define MAC2 "02:00:00:00:00:02"

static const struct good {
	const char *text;
	enum esw_policy_field field;
	const char *canonical;
} good[] = {
	{ MAC1, ESW_F_MAC, MAC1 },
	{ "  02:AB:cd:00:00:01\t", ESW_F_MAC, "02:ab:cd:00:00:01" },
	{ "02-00-00-00-00-01", ESW_F_MAC, MAC1 },
	{ "00:00:00:00:00:01", ESW_F_MAC, "00:00:00:00:00:01" },
	{ "none", ESW_F_MACS, "none" },
	{ MAC1, ESW_F_MACS, MAC1 },
	{ MAC2 "," MAC1, ESW_F_MACS, MAC1 "," MAC2 },
	{ MAC2 " , " MAC1, ESW_F_MACS, MAC1 "," MAC2 },
	{ "on", ESW_F_SPOOFCHK, "on" },
	{ "YES", ESW_F_SPOOFCHK, "on" },
	{ "true", ESW_F_SPOOFCHK, "on" },
	{ "1", ESW_F_SPOOFCHK, "on" },
	{ "enable", ESW_F_TRUST, "on" },
	{ "allow", ESW_F_TRUST, "on" },
	{ "off", ESW_F_SPOOFCHK, "off" },
	{ "no", ESW_F_ISOLATE, "off" },
	{ "false", ESW_F_ISOLATE, "off" },
	{ "0", ESW_F_ISOLATE, "off" },
	{ "disable", ESW_F_ISOLATE, "off" },
	{ "deny", ESW_F_ISOLATE, "off" },
	{ "allow", ESW_F_MTU_CHANGE, "allow" },
	{ "on", ESW_F_MTU_CHANGE, "allow" },
	{ "deny", ESW_F_MAC_CHANGE, "deny" },
	{ "off", ESW_F_MAC_CHANGE, "deny" },
	{ "68", ESW_F_MTU, "68" },
	{ "65521", ESW_F_MTU, "65521" },
	{ "auto", ESW_F_LINK, "auto" },
	{ "Up", ESW_F_LINK, "up" },
	{ "down", ESW_F_LINK, "down" },
	{ "off", ESW_F_VLAN, "off" },
	{ "all", ESW_F_VLAN, "all" },
	{ "access 1", ESW_F_VLAN, "access 1" },
	{ "access 4094", ESW_F_VLAN, "access 4094" },
	{ "access 100 qos 0", ESW_F_VLAN, "access 100 qos 0" },
	{ "access 100 qos 7", ESW_F_VLAN, "access 100 qos 7" },
	{ "access 100 proto 802.1q", ESW_F_VLAN, "access 100" },
	{ "access 100 proto 802.1ad", ESW_F_VLAN, "access 100 proto 802.1ad" },
	{ "Access 100 PROTO 802.1AD QoS 3", ESW_F_VLAN, "access 100 qos 3 proto 802.1ad" },
	{ "trunk 10", ESW_F_VLAN, "trunk 10" },
	{ "trunk 20-30,10", ESW_F_VLAN, "trunk 10,20-30" },
	{ "trunk 10 , 20 - 30", ESW_F_VLAN, "trunk 10,20-30" },
	{ "trunk 10,11,12", ESW_F_VLAN, "trunk 10-12" },
	{ "trunk 7-7", ESW_F_VLAN, "trunk 7" },
	{ "trunk 1-4094", ESW_F_VLAN, "trunk 1-4094" },
	{ "trunk 63,64,127,128", ESW_F_VLAN, "trunk 63-64,127-128" },
	{ "trunk 10 native 20", ESW_F_VLAN, "trunk 10 native 20" },
	{ "trunk 10 native 10", ESW_F_VLAN, "trunk 10 native 10" },
};

static void
field_taken(void **state)
{
	const struct good *row = *state;
	char text[ESW_POLICY_TEXT_MAX];
	struct esw_policy_patch patch = { 0 }, again = { 0 };
	struct esw_err err = { "" };

	assert_int_equal(esw_policy_field_parse(&patch, row->field, row->text, &err), 0);
	assert_int_equal(patch.fields, ESW_F_BIT(row->field));
	assert_int_equal(esw_policy_field_print(&patch.value, row->field, text, sizeof(text)),
			 strlen(row->canonical));
	assert_string_equal(text, row->canonical);
	assert_int_equal(esw_policy_field_parse(&again, row->field, text, &err), 0);
	assert_int_equal(esw_policy_diff(&patch.value, &again.value), 0);
}

static const struct bad {
	const char *text;
	enum esw_policy_field field;
	const char *says;
} bad[] = {
	{ "", ESW_F_MAC, "mac: the value is empty" },
	{ " ", ESW_F_MTU, "mtu: the value is empty" },
	{ "00:00:00:00:00:00", ESW_F_MAC, "mac: 00:00:00:00:00:00 is no address" },
	{ "01:00:5e:00:00:01", ESW_F_MAC, "mac: 01:00:5e:00:00:01 is multicast" },
	{ "ff:ff:ff:ff:ff:ff", ESW_F_MAC, "is broadcast: a unicast address is needed" },
	{ "02:00:00:00:00", ESW_F_MAC, "\"02:00:00:00:00\" is not an address" },
	{ "02:00:00:00:00:01:02", ESW_F_MAC, "is not an address" },
	{ "02:00:00:00:00:0g", ESW_F_MAC, "is not an address" },
	{ "02:00:00-00:00:01", ESW_F_MAC, "is not an address" },
	{ "020000000001", ESW_F_MAC, "is not an address" },
	{ "02.00.00.00.00.01", ESW_F_MAC, "is not an address" },
	{ MAC1 " " MAC2, ESW_F_MAC, "is not an address" },
	{ MAC1 "," MAC1, ESW_F_MACS, "macs: " MAC1 " is listed twice" },
	{ MAC1 ",", ESW_F_MACS, "macs: \"\" is not an address" },
	{ MAC1 ",none", ESW_F_MACS, "\"none\" is not an address" },
	{ MAC1 ",ff:ff:ff:ff:ff:ff", ESW_F_MACS, "macs: ff:ff:ff:ff:ff:ff is broadcast" },
	{ "00:00:00:00:00:00", ESW_F_MACS, "macs: 00:00:00:00:00:00 is no address" },
	{ "maybe", ESW_F_SPOOFCHK, "spoofchk: \"maybe\" is neither on nor off" },
	{ "2", ESW_F_TRUST, "trust: \"2\" is neither on nor off" },
	{ "on off", ESW_F_TRUST, "trust: \"on off\" is neither" },
	{ "perhaps", ESW_F_MTU_CHANGE, "mtu-change: \"perhaps\" is neither allow nor deny" },
	{ "67", ESW_F_MTU, "mtu: 67 is out of range 68 to 65521" },
	{ "65522", ESW_F_MTU, "mtu: 65522 is out of range 68 to 65521" },
	{ "65604", ESW_F_MTU, "mtu: 65604 is out of range" },
	{ "4294967364", ESW_F_MTU, "mtu: 4294967364 is out of range" },
	{ "18446744073709551684", ESW_F_MTU, "mtu: 18446744073709551684 is out of range" },
	{ "+1500", ESW_F_MTU, "mtu: \"+1500\" is not a decimal number of 68 to 65521" },
	{ "-1", ESW_F_MTU, "mtu: \"-1\" is not a decimal number" },
	{ "0x5dc", ESW_F_MTU, "mtu: \"0x5dc\" is not a decimal number" },
	{ "01500", ESW_F_MTU, "mtu: \"01500\" is not a decimal number" },
	{ "1500.0", ESW_F_MTU, "is not a decimal number" },
	{ "1500 9000", ESW_F_MTU, "mtu: \"1500 9000\" is not a decimal number" },
	{ "middle", ESW_F_LINK, "link: \"middle\" is none of auto, up, down" },
	{ "100", ESW_F_VLAN, "vlan: \"100\" is none of off, access, trunk, all" },
	{ "off 1", ESW_F_VLAN, "vlan: unexpected \"1\" after off" },
	{ "all 1-10", ESW_F_VLAN, "vlan: unexpected \"1-10\" after all" },
	{ "access", ESW_F_VLAN, "vlan: access VLAN \"\" is not a decimal number of 1 to 4094" },
	{ "access 0", ESW_F_VLAN, "vlan: access VLAN 0 is out of range 1 to 4094" },
	{ "access 4095", ESW_F_VLAN, "vlan: access VLAN 4095 is out of range 1 to 4094" },
	{ "access 65636", ESW_F_VLAN, "vlan: access VLAN 65636 is out of range" },
	{ "access x", ESW_F_VLAN, "access VLAN \"x\" is not a decimal number" },
	{ "access 1 2", ESW_F_VLAN, "vlan: unexpected \"2\" after access 1" },
	{ "access 1 qos", ESW_F_VLAN, "vlan: qos \"\" is not a decimal number of 0 to 7" },
	{ "access 1 qos 8", ESW_F_VLAN, "vlan: qos 8 is out of range 0 to 7" },
	{ "access 1 qos 1 qos 1", ESW_F_VLAN, "unexpected \"qos\" after access 1" },
	{ "access 1 proto", ESW_F_VLAN, "vlan: proto \"\" is neither 802.1q nor 802.1ad" },
	{ "access 1 proto 802.1x", ESW_F_VLAN, "vlan: proto \"802.1x\" is neither" },
	{ "access 1 proto 802.1q proto 802.1q", ESW_F_VLAN, "unexpected \"proto\"" },
	{ "access 1 native 5", ESW_F_VLAN, "unexpected \"native\" after access 1" },
	{ "access 1 trunk 2", ESW_F_VLAN, "vlan: access and trunk together" },
	{ "trunk 2 access 1", ESW_F_VLAN, "vlan: trunk and access together" },
	{ "trunk all", ESW_F_VLAN, "vlan: trunk and all together" },
	{ "trunk", ESW_F_VLAN, "vlan: the trunk list is empty" },
	{ "trunk native 5", ESW_F_VLAN, "vlan: the trunk list is empty" },
	{ "trunk ,", ESW_F_VLAN, "vlan: an item of the list of VLANs is empty" },
	{ "trunk 1,,2", ESW_F_VLAN, "vlan: an item of the list of VLANs is empty" },
	{ "trunk 1,", ESW_F_VLAN, "vlan: an item of the list of VLANs is empty" },
	{ "trunk 0", ESW_F_VLAN, "vlan: VLAN 0 is out of range 1 to 4094" },
	{ "trunk 0-5", ESW_F_VLAN, "vlan: VLAN 0 is out of range 1 to 4094" },
	{ "trunk 5-4095", ESW_F_VLAN, "vlan: VLAN 4095 is out of range 1 to 4094" },
	{ "trunk 30-20", ESW_F_VLAN, "vlan: the range 30-20 of VLANs runs backwards" },
	{ "trunk 10,10", ESW_F_VLAN, "vlan: VLAN 10 is listed twice" },
	{ "trunk 20-30,25", ESW_F_VLAN, "vlan: VLAN 25 is listed twice" },
	{ "trunk 1-2-3", ESW_F_VLAN, "\"1-2-3\" is neither a VLAN of 1 to 4094 nor a range" },
	{ "trunk 5-", ESW_F_VLAN, "\"5-\" is neither a VLAN" },
	{ "trunk -5", ESW_F_VLAN, "\"-5\" is neither a VLAN" },
	{ "trunk 10 20", ESW_F_VLAN, "\"10 20\" is neither a VLAN" },
	{ "trunk 10 native", ESW_F_VLAN, "vlan: native VLAN \"\" is not a decimal number" },
	{ "trunk 10 native 0", ESW_F_VLAN, "vlan: native VLAN 0 is out of range 1 to 4094" },
	{ "trunk 10 native 4095", ESW_F_VLAN, "vlan: native VLAN 4095 is out of range" },
	{ "trunk 10 native 5 6", ESW_F_VLAN, "vlan: unexpected \"6\" after native 5" },
	{ "trunk 10 qos 5", ESW_F_VLAN, "\"10 qos 5\" is neither a VLAN" },
};

static void
field_refused(void **state)
{
	const struct bad *row = *state;
	struct esw_policy_patch patch, before;
	struct esw_err err = { "" };

	memset(&patch, 0, sizeof(patch));
	before = patch;
	assert_int_equal(esw_policy_field_parse(&patch, row->field, row->text, &err), -EINVAL);
	assert_says(&err, row->says);
	assert_memory_equal(&patch, &before, sizeof(patch));
	/* The errno alone is there for callers without a buffer. */
	assert_int_equal(esw_policy_field_parse(&patch, row->field, row->text, NULL), -EINVAL);
}

static const struct name {
	const char *text;
	int ret;
	const char *says;
} names[] = {
	{ "mac", ESW_F_MAC, NULL },
	{ "macs", ESW_F_MACS, NULL },
	{ "spoofchk", ESW_F_SPOOFCHK, NULL },
	{ "vlan", ESW_F_VLAN, NULL },
	{ "mtu", ESW_F_MTU, NULL },
	{ "mtu-change", ESW_F_MTU_CHANGE, NULL },
	{ "mac-change", ESW_F_MAC_CHANGE, NULL },
	{ "trust", ESW_F_TRUST, NULL },
	{ "link", ESW_F_LINK, NULL },
	{ "isolate", ESW_F_ISOLATE, NULL },
	{ "", -ENOENT, "unknown field" },
	{ "MTU", -ENOENT,
	  "MTU: unknown field; known are mac, macs, spoofchk, vlan, mtu, "
	  "mtu-change, mac-change, trust, link, isolate" },
	{ "mtu ", -ENOENT, "unknown field" },
	{ "max-tx-rate", -ENOTSUP, "max-tx-rate: this release does not enforce it" },
	{ "min-tx-rate", -ENOTSUP, "min-tx-rate: this release" },
	{ "bcast", -ENOTSUP, "bcast: this release" },
	{ "mcast", -ENOTSUP, "mcast: this release" },
	{ "unknown-unicast", -ENOTSUP, "unknown-unicast: this release" },
	{ "ip", -ENOTSUP, "ip: this release" },
	{ "mirror", -ENOTSUP, "mirror: this release" },
};

static void
field_name(void **state)
{
	const struct name *row = *state;
	struct esw_err err = { "" };

	assert_int_equal(esw_policy_field_by_name(row->text, &err), row->ret);
	if (row->ret < 0)
		assert_says(&err, row->says);
	else
		assert_string_equal(esw_policy_field_name((enum esw_policy_field)row->ret),
				    row->text);
}

static void
said_twice(void **state)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { "" };

	(void)state;
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_MTU, "1500", &err), 0);
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_MTU, "1500", &err), -EEXIST);
	assert_string_equal(err.msg, "mtu: given twice");
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_TRUST, "on", &err), 0);
	assert_int_equal(patch.value.mtu, 1500);
	assert_true(patch.value.trust);
}

static void
out_of_range(void **state)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_policy p;
	struct esw_err err = { "" };
	char text[8];

	(void)state;
	esw_policy_default(&p);
	assert_null(esw_policy_field_name(ESW_F_COUNT));
	assert_int_equal(esw_policy_field_print(&p, ESW_F_COUNT, text, sizeof(text)), -EINVAL);
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_COUNT, "on", &err), -EINVAL);
	assert_says(&err, "out of range 0 to 9");
}

/* 64 further addresses are the limit, whatever the order they come in. */
static void
many_macs(void **state)
{
	char text[65 * 18 + 1];
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { "" };
	unsigned int i;

	(void)state;
	for (i = 0; i < 65; i++)
		snprintf(text + i * 18ul, 19, "02:00:00:00:00:%02x,", 200 - i);
	text[65 * 18 - 1] = '\0';
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_MACS, text, &err), -EINVAL);
	assert_says(&err, "macs: 02:00:00:00:00:88 is one too many: 0 to 64 further addresses");
	assert_int_equal(patch.value.n_macs, 0);
	text[64 * 18 - 1] = '\0';
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_MACS, text, &err), 0);
	assert_int_equal(patch.value.n_macs, 64);
	assert_int_equal(patch.value.macs[0].addr_bytes[5], 200 - 63);
	assert_int_equal(patch.value.macs[63].addr_bytes[5], 200);
}

/* Like snprintf: the length that is needed, and a NUL wherever the text is cut. */
static void
print_is_cut(void **state)
{
	struct esw_policy p;
	char text[8] = "1234567";

	(void)state;
	esw_policy_default(&p);
	assert_int_equal(esw_policy_field_print(&p, ESW_F_MAC, text, 5), 17);
	assert_string_equal(text, "00:0");
	assert_int_equal(text[5], '6');
	assert_int_equal(esw_policy_field_print(&p, ESW_F_MAC, NULL, 0), 17);
}

/* The longest trunk list there is fits in ESW_POLICY_TEXT_MAX. */
static void
longest_text(void **state)
{
	char text[ESW_POLICY_TEXT_MAX];
	struct esw_policy p;
	uint16_t vid;

	(void)state;
	esw_policy_default(&p);
	p.vlan.mode = ESW_VLAN_TRUNK;
	p.vlan.native = 4094;
	for (vid = 1; vid <= ESW_VID_MAX; vid++) {
		if (vid % 3 != 1)
			esw_vlan_trunk_add(&p.vlan, vid);
	}
	assert_in_range(esw_policy_field_print(&p, ESW_F_VLAN, text, sizeof(text)), 12000,
			sizeof(text) - 1);
}

/* What a user says may hold anything; what a log line gets may not. */
static void
error_is_one_line(void **state)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { "" };
	char big[4096];

	(void)state;
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_LINK, "a\n\033[2Jb", &err), -EINVAL);
	assert_string_equal(err.msg, "link: \"a??[2Jb\" is none of auto, up, down");
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(esw_policy_field_parse(&patch, ESW_F_LINK, big, &err), -EINVAL);
	assert_says(&err, "is none of auto, up, down");
	assert_int_equal(esw_err_set(&err, -EIO, "%s", big), -EIO);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	esw_err_prefix(&err, "%s: ", "front");
	assert_int_equal(strncmp(err.msg, "front: xxx", 10), 0);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	esw_err_prefix(NULL, "nobody listens");
	assert_int_equal(esw_err_set(NULL, -EIO, "nobody listens"), -EIO);
}

int
main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(said_twice),   cmocka_unit_test(out_of_range),
		cmocka_unit_test(many_macs),    cmocka_unit_test(print_is_cut),
		cmocka_unit_test(longest_text), cmocka_unit_test(error_is_one_line),
	};

	return ROWS_RUN(field_taken, good) + ROWS_RUN(field_refused, bad) +
	       ROWS_RUN(field_name, names) + cmocka_run_group_tests(single, NULL, NULL);
}
