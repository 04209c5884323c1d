/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * VLAN filter and PVID of ethdev, as edits of a VF's VLAN policy.
 *
 * The filter knows a list, and the PVID one VLAN; a policy is one or the other. An edit that would
 * throw away what the other has set is refused, for neither testpmd nor OVS would show it.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

static void
set_off(struct esw_vlan *v)
{
	memset(v, 0, sizeof(*v));
	v->mode = ESW_VLAN_OFF;
	v->tpid = ESW_TPID_CTAG;
}

static bool
list_is_empty(const struct esw_vlan *v)
{
	for (unsigned int i = 0; i < RTE_DIM(v->trunk); i++) {
		if (v->trunk[i] != 0)
			return false;
	}
	return true;
}

static int
check_vid(uint16_t vid, struct esw_err *err)
{
	if (vid >= 1 && vid <= ESW_VID_MAX)
		return 0;
	return esw_err_set(err, -EINVAL, "vlan: %u is out of range 1 to %u", vid, ESW_VID_MAX);
}

static int
refuse_access(const struct esw_vlan *v, struct esw_err *err)
{
	return esw_err_set(err, -EBUSY,
			   "vlan: the VF is in access VLAN %u: clear the PVID before "
			   "using the VLAN filter",
			   v->vid);
}

int
rep_vlan_add(struct esw_vlan *v, uint16_t vid, struct esw_err *err)
{
	/* Priority-tagged frames are not filtered: "all VLANs" of applications starts at 0. */
	if (vid == 0)
		return 0;
	if (check_vid(vid, err) < 0)
		return -EINVAL;
	if (v->mode == ESW_VLAN_ACCESS)
		return refuse_access(v, err);
	if (v->mode == ESW_VLAN_ALL)
		return esw_err_set(err, -EBUSY,
				   "vlan: the VF's policy passes all VLANs, set it to "
				   "off before using the VLAN filter");
	v->mode = ESW_VLAN_TRUNK;
	esw_vlan_trunk_add(v, vid);
	return 0;
}

int
rep_vlan_remove(struct esw_vlan *v, uint16_t vid, struct esw_err *err)
{
	struct esw_vlan less = *v;

	if (vid == 0)
		return 0;
	if (check_vid(vid, err) < 0)
		return -EINVAL;
	if (v->mode == ESW_VLAN_ACCESS && v->vid == vid)
		return refuse_access(v, err);
	if (v->mode == ESW_VLAN_ALL)
		return esw_err_set(err, -EBUSY,
				   "vlan: the VF's policy passes all VLANs, %u cannot "
				   "be taken from them",
				   vid);
	if (v->mode != ESW_VLAN_TRUNK || !esw_vlan_trunk_has(v, vid))
		return 0;
	less.trunk[vid / 64] &= ~RTE_BIT64(vid % 64);
	if (!list_is_empty(&less)) {
		*v = less;
		return 0;
	}
	if (v->native != 0)
		return esw_err_set(err, -EBUSY,
				   "vlan: %u is the last VLAN of a trunk with native "
				   "VLAN %u, which would be lost",
				   vid, v->native);
	set_off(v);
	return 0;
}

int
rep_vlan_pvid_on(struct esw_vlan *v, uint16_t vid, struct esw_err *err)
{
	if (check_vid(vid, err) < 0)
		return -EINVAL;
	if (v->mode == ESW_VLAN_TRUNK)
		return esw_err_set(err, -EBUSY,
				   "vlan: the VF has a trunk list: remove its VLANs "
				   "from the filter before setting PVID %u",
				   vid);
	if (v->mode == ESW_VLAN_ALL)
		return esw_err_set(err, -EBUSY,
				   "vlan: the VF's policy passes all VLANs, set it to "
				   "off before setting PVID %u",
				   vid);
	/* Another VID keeps priority and tag protocol. */
	if (v->mode == ESW_VLAN_OFF)
		set_off(v);
	v->mode = ESW_VLAN_ACCESS;
	v->vid = vid;
	return 0;
}

void
rep_vlan_pvid_off(struct esw_vlan *v)
{
	if (v->mode == ESW_VLAN_ACCESS)
		set_off(v);
}
