/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* A policy as a value: default, difference, patch, validation. */
#include <errno.h>
#include <string.h>

#include "internal.h"

void
esw_policy_default(struct esw_policy *p)
{
	*p = (struct esw_policy){
		.spoofchk = true,
		.vlan = { .mode = ESW_VLAN_OFF, .tpid = ESW_TPID_CTAG },
		.mtu = RTE_ETHER_MTU,
		.link = ESW_LINK_AUTO,
	};
}

static bool
macs_equal(const struct esw_policy *a, const struct esw_policy *b)
{
	return a->n_macs == b->n_macs && a->n_macs <= ESW_POLICY_MACS_MAX &&
	       memcmp(a->macs, b->macs, a->n_macs * sizeof(a->macs[0])) == 0;
}

static bool
field_equal(const struct esw_policy *a, const struct esw_policy *b, enum esw_policy_field f)
{
	switch (f) {
	case ESW_F_MAC:
		return rte_is_same_ether_addr(&a->mac, &b->mac);
	case ESW_F_MACS:
		return macs_equal(a, b);
	case ESW_F_SPOOFCHK:
		return a->spoofchk == b->spoofchk;
	case ESW_F_VLAN:
		return esw_vlan_equal(&a->vlan, &b->vlan);
	case ESW_F_MTU:
		return a->mtu == b->mtu;
	case ESW_F_MTU_CHANGE:
		return a->mtu_change == b->mtu_change;
	case ESW_F_MAC_CHANGE:
		return a->mac_change == b->mac_change;
	case ESW_F_TRUST:
		return a->trust == b->trust;
	case ESW_F_LINK:
		return a->link == b->link;
	case ESW_F_ISOLATE:
		return a->isolate == b->isolate;
	case ESW_F_COUNT:
		break;
	}
	return true;
}

uint64_t
esw_policy_diff(const struct esw_policy *a, const struct esw_policy *b)
{
	uint64_t diff = 0;
	unsigned int f;

	for (f = 0; f < ESW_F_COUNT; f++) {
		if (!field_equal(a, b, (enum esw_policy_field)f))
			diff |= ESW_F_BIT(f);
	}
	return diff;
}

static void
field_copy(struct esw_policy *to, const struct esw_policy *from, enum esw_policy_field f)
{
	switch (f) {
	case ESW_F_MAC:
		to->mac = from->mac;
		break;
	case ESW_F_MACS:
		to->n_macs = from->n_macs;
		memcpy(to->macs, from->macs, sizeof(to->macs));
		break;
	case ESW_F_SPOOFCHK:
		to->spoofchk = from->spoofchk;
		break;
	case ESW_F_VLAN:
		to->vlan = from->vlan;
		break;
	case ESW_F_MTU:
		to->mtu = from->mtu;
		break;
	case ESW_F_MTU_CHANGE:
		to->mtu_change = from->mtu_change;
		break;
	case ESW_F_MAC_CHANGE:
		to->mac_change = from->mac_change;
		break;
	case ESW_F_TRUST:
		to->trust = from->trust;
		break;
	case ESW_F_LINK:
		to->link = from->link;
		break;
	case ESW_F_ISOLATE:
		to->isolate = from->isolate;
		break;
	case ESW_F_COUNT:
		break;
	}
}

void
esw_policy_patch_apply(struct esw_policy *p, const struct esw_policy_patch *patch)
{
	unsigned int f;

	for (f = 0; f < ESW_F_COUNT; f++) {
		if ((patch->fields & ESW_F_BIT(f)) != 0)
			field_copy(p, &patch->value, (enum esw_policy_field)f);
	}
}

static int
field_check(const struct esw_policy *p, enum esw_policy_field f,
	    const struct esw_policy_limits *lim, struct esw_err *err)
{
	switch (f) {
	case ESW_F_MAC:
		return esw_mac_check(&p->mac, err);
	case ESW_F_MACS:
		return esw_macs_check(p, err);
	case ESW_F_VLAN:
		return esw_vlan_check(&p->vlan, err);
	case ESW_F_MTU:
		if (p->mtu < ESW_MTU_MIN || p->mtu > lim->mtu_max)
			return esw_err_set(err, -EINVAL, "%u is out of range %u to %u", p->mtu,
					   ESW_MTU_MIN, lim->mtu_max);
		return 0;
	case ESW_F_LINK:
		if ((unsigned int)p->link > ESW_LINK_DOWN)
			return esw_err_set(err, -EINVAL, "%u is none of auto (0), up (1), down (2)",
					   (unsigned int)p->link);
		return 0;
	default: /* a flag, which has no wrong value */
		return 0;
	}
}

/* A long list is cut: the sentence has to reach the device's name. */
static int
refuse_unsupported(const struct esw_policy *p, enum esw_policy_field f,
		   const struct esw_policy_limits *lim, struct esw_err *err)
{
	char said[64], only[64];
	struct esw_policy def;

	esw_policy_default(&def);
	esw_policy_field_print(p, f, said, sizeof(said));
	esw_policy_field_print(&def, f, only, sizeof(only));
	return esw_err_set(err, -ENOTSUP,
			   "%s does not enforce this field: \"%s\" is not allowed, "
			   "only the default \"%s\"",
			   lim->device != NULL ? lim->device : "the device", said, only);
}

int
esw_policy_validate(const struct esw_policy *p, const struct esw_policy_limits *lim,
		    struct esw_err *err)
{
	struct esw_policy def;
	unsigned int i;
	int ret;

	esw_policy_default(&def);
	for (i = 0; i < ESW_F_COUNT; i++) {
		const enum esw_policy_field f = (enum esw_policy_field)i;

		if ((lim->fields & ESW_F_BIT(i)) != 0)
			ret = field_check(p, f, lim, err);
		else if (!field_equal(p, &def, f))
			ret = refuse_unsupported(p, f, lim, err);
		else
			ret = 0;
		if (ret != 0) {
			esw_err_prefix(err, "%s: ", esw_policy_field_name(f));
			return ret;
		}
	}
	return 0;
}
