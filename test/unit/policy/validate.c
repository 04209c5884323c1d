/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Policies that are none: each row breaks one rule, and the sentence has to say which. */

#include <errno.h>

#include "changes.h"
#include "rows.h"

static void
bad_mac_zero(struct esw_policy *p)
{
	memset(&p->mac, 0, sizeof(p->mac));
}

static void
bad_mac_group(struct esw_policy *p)
{
	p->mac.addr_bytes[0] = 0x03;
}

static void
bad_macs_own(struct esw_policy *p)
{
	p->n_macs = 1;
	p->macs[0] = p->mac;
}

static void
bad_macs_twice(struct esw_policy *p)
{
	set_macs(p);
	p->macs[1] = p->macs[0];
}

static void
bad_macs_order(struct esw_policy *p)
{
	set_macs(p);
	p->macs[0].addr_bytes[5] = 4;
}

static void
bad_macs_group(struct esw_policy *p)
{
	set_macs(p);
	p->macs[1].addr_bytes[0] = 0x33;
}

static void
bad_macs_count(struct esw_policy *p)
{
	p->n_macs = 65;
}

static void
bad_vid_0(struct esw_policy *p)
{
	set_access(p);
	p->vlan.vid = 0;
}

static void
bad_vid_4095(struct esw_policy *p)
{
	set_access(p);
	p->vlan.vid = 4095;
}

static void
bad_qos(struct esw_policy *p)
{
	set_qinq(p);
	p->vlan.qos = 8;
}

static void
bad_qos_unset(struct esw_policy *p)
{
	set_qinq(p);
	p->vlan.qos_set = false;
}

static void
bad_tpid(struct esw_policy *p)
{
	set_access(p);
	p->vlan.tpid = 0x9100;
}

static void
bad_access_trunk(struct esw_policy *p)
{
	set_access(p);
	esw_vlan_trunk_add(&p->vlan, 10);
}

static void
bad_access_native(struct esw_policy *p)
{
	set_access(p);
	p->vlan.native = 10;
}

static void
bad_trunk_vid(struct esw_policy *p)
{
	set_trunk(p);
	p->vlan.vid = 10;
}

static void
bad_trunk_empty(struct esw_policy *p)
{
	p->vlan.mode = ESW_VLAN_TRUNK;
	p->vlan.native = 10;
}

static void
bad_trunk_0(struct esw_policy *p)
{
	set_trunk(p);
	esw_vlan_trunk_add(&p->vlan, 0);
}

static void
bad_trunk_4095(struct esw_policy *p)
{
	set_trunk(p);
	esw_vlan_trunk_add(&p->vlan, 4095);
}

static void
bad_native(struct esw_policy *p)
{
	set_trunk(p);
	p->vlan.native = 4095;
}

static void
bad_off_vid(struct esw_policy *p)
{
	p->vlan.vid = 1;
}

static void
bad_all_tpid(struct esw_policy *p)
{
	set_all(p);
	p->vlan.tpid = 0;
}

static void
bad_mode(struct esw_policy *p)
{
	p->vlan.mode = (enum esw_vlan_mode)4;
}

static void
bad_mtu_low(struct esw_policy *p)
{
	p->mtu = 67;
}

static void
bad_mtu_high(struct esw_policy *p)
{
	p->mtu = 9217;
}

static void
bad_link(struct esw_policy *p)
{
	p->link = (enum esw_link_mode)3;
}

static void
bad_two_fields(struct esw_policy *p)
{
	bad_mtu_low(p);
	bad_mac_zero(p);
}

static const struct bad {
	const char *name;
	void (*change)(struct esw_policy *p);
	const char *says;
} bad[] = {
	{ "zero mac", bad_mac_zero, "mac: 00:00:00:00:00:00 is no address" },
	{ "multicast mac", bad_mac_group, "mac: 03:00:00:00:00:01 is multicast" },
	{ "own mac again", bad_macs_own, "macs: 02:00:00:00:00:01 is the VF's own mac" },
	{ "macs twice", bad_macs_twice, "macs: 02:00:00:00:00:02 is listed twice" },
	{ "macs unsorted", bad_macs_order, "macs: 02:00:00:00:00:03 is not in ascending order" },
	{ "macs multicast", bad_macs_group, "macs: 33:00:00:00:00:03 is multicast" },
	{ "65 macs", bad_macs_count, "macs: 65 addresses are out of range 0 to 64" },
	{ "access 0", bad_vid_0, "vlan: access VLAN 0 is out of range 1 to 4094" },
	{ "access 4095", bad_vid_4095, "vlan: access VLAN 4095 is out of range 1 to 4094" },
	{ "qos 8", bad_qos, "vlan: qos 8 is out of range 0 to 7" },
	{ "qos not set", bad_qos_unset, "vlan: qos 7 is given but not switched on" },
	{ "tpid 0x9100", bad_tpid, "vlan: proto 0x9100 is neither" },
	{ "access with trunk", bad_access_trunk, "vlan: access takes no trunk list" },
	{ "access with native", bad_access_native,
	  "vlan: access takes no trunk list and no "
	  "native VLAN (10)" },
	{ "trunk with vid", bad_trunk_vid, "vlan: trunk takes no VID (10)" },
	{ "empty trunk", bad_trunk_empty, "vlan: the trunk list is empty" },
	{ "trunk of 0", bad_trunk_0, "vlan: trunk VLAN 0 is out of range 1 to 4094" },
	{ "trunk of 4095", bad_trunk_4095, "vlan: trunk VLAN 4095 is out of range 1 to 4094" },
	{ "native 4095", bad_native, "vlan: native VLAN 4095 is out of range 1 to 4094" },
	{ "off with vid", bad_off_vid, "vlan: off takes no VID (1)" },
	{ "all with tpid", bad_all_tpid, "vlan: all takes no VID" },
	{ "mode 4", bad_mode, "vlan: mode 4 is none of" },
	{ "mtu 67", bad_mtu_low, "mtu: 67 is out of range 68 to 9216" },
	{ "mtu past the device's", bad_mtu_high, "mtu: 9217 is out of range 68 to 9216" },
	{ "link 3", bad_link, "link: 3 is none of auto (0), up (1), down (2)" },
	{ "the first of two", bad_two_fields, "mac: " },
};

static void
validate_refuses(void **state)
{
	const struct bad *row = *state;
	struct esw_policy p;
	struct esw_err err = { "" };

	valid_policy(&p);
	row->change(&p);
	assert_int_equal(esw_policy_validate(&p, &limits, &err), -EINVAL);
	assert_says(&err, row->says);
	assert_int_equal(esw_policy_validate(&p, &limits, NULL), -EINVAL);
}

int
main(void)
{
	return ROWS_RUN(validate_refuses, bad);
}
