/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* The fields of a policy as text: their names, and one value at a time. */
#include <errno.h>
#include <string.h>

#include <rte_common.h>

#include "internal.h"

static const char *const field_names[ESW_F_COUNT] = {
	[ESW_F_MAC] = "mac",
	[ESW_F_MACS] = "macs",
	[ESW_F_SPOOFCHK] = "spoofchk",
	[ESW_F_VLAN] = "vlan",
	[ESW_F_MTU] = "mtu",
	[ESW_F_MTU_CHANGE] = "mtu-change",
	[ESW_F_MAC_CHANGE] = "mac-change",
	[ESW_F_TRUST] = "trust",
	[ESW_F_LINK] = "link",
	[ESW_F_ISOLATE] = "isolate",
};

/* Fields of the design that nothing enforces yet: a promise must not be taken in silence. */
static const char *const later_names[] = {
	"max-tx-rate", "min-tx-rate", "bcast", "mcast", "unknown-unicast", "ip", "mirror",
};

static const char *const link_names[] = {
	[ESW_LINK_AUTO] = "auto",
	[ESW_LINK_UP] = "up",
	[ESW_LINK_DOWN] = "down",
};

static const struct {
	const char *name;
	bool value;
} flag_names[] = {
	{ "on", true },     { "allow", true },  { "yes", true },      { "true", true },
	{ "enable", true }, { "1", true },      { "off", false },     { "deny", false },
	{ "no", false },    { "false", false }, { "disable", false }, { "0", false },
};

const char *
esw_policy_field_name(enum esw_policy_field f)
{
	return (unsigned int)f < ESW_F_COUNT ? field_names[f] : NULL;
}

int
esw_policy_field_by_name(const char *name, struct esw_err *err)
{
	struct esw_word w = { .s = name, .len = strlen(name) };
	unsigned int i;

	for (i = 0; i < ESW_F_COUNT; i++) {
		if (strcmp(name, field_names[i]) == 0)
			return (int)i;
	}
	for (i = 0; i < RTE_DIM(later_names); i++) {
		if (strcmp(name, later_names[i]) == 0)
			return esw_err_set(err, -ENOTSUP, "%s: this release does not enforce it",
					   name);
	}
	return esw_err_set(err, -ENOENT,
			   "%.*s: unknown field; known are mac, macs, spoofchk, "
			   "vlan, mtu, mtu-change, mac-change, trust, link, isolate",
			   ESW_WORD_ARG(w));
}

int
esw_policy_field_once(const struct esw_policy_patch *patch, enum esw_policy_field f,
		      struct esw_err *err)
{
	if ((patch->fields & ESW_F_BIT(f)) != 0)
		return esw_err_set(err, -EEXIST, "%s: given twice", field_names[f]);
	return 0;
}

/* The flag behind a field, or NULL for a field that is something else. */
static bool *
flag_of(struct esw_policy *p, enum esw_policy_field f)
{
	switch (f) {
	case ESW_F_SPOOFCHK:
		return &p->spoofchk;
	case ESW_F_MTU_CHANGE:
		return &p->mtu_change;
	case ESW_F_MAC_CHANGE:
		return &p->mac_change;
	case ESW_F_TRUST:
		return &p->trust;
	case ESW_F_ISOLATE:
		return &p->isolate;
	default:
		return NULL;
	}
}

static bool
flag_says_allow(enum esw_policy_field f)
{
	return f == ESW_F_MTU_CHANGE || f == ESW_F_MAC_CHANGE;
}

static int
parse_flag(struct esw_word text, enum esw_policy_field f, bool *flag, struct esw_err *err)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(flag_names); i++) {
		if (esw_word_is(text, flag_names[i].name)) {
			*flag = flag_names[i].value;
			return 0;
		}
	}
	return esw_err_set(err, -EINVAL, "\"%.*s\" is neither %s", ESW_WORD_ARG(text),
			   flag_says_allow(f) ? "allow nor deny" : "on nor off");
}

static int
parse_link(struct esw_word text, enum esw_link_mode *mode, struct esw_err *err)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(link_names); i++) {
		if (esw_word_is(text, link_names[i])) {
			*mode = (enum esw_link_mode)i;
			return 0;
		}
	}
	return esw_err_set(err, -EINVAL, "\"%.*s\" is none of auto, up, down", ESW_WORD_ARG(text));
}

static int
parse_value(struct esw_policy *p, enum esw_policy_field f, struct esw_word text,
	    struct esw_err *err)
{
	if (text.len == 0)
		return esw_err_set(err, -EINVAL, "the value is empty");
	switch (f) {
	case ESW_F_MAC:
		return esw_mac_parse(text, &p->mac, err);
	case ESW_F_MACS:
		return esw_macs_parse(p, text, err);
	case ESW_F_VLAN:
		return esw_vlan_parse(text, &p->vlan, err);
	case ESW_F_MTU:
		return esw_word_u16(text, ESW_MTU_MIN, ESW_MTU_MAX, &p->mtu, err);
	case ESW_F_LINK:
		return parse_link(text, &p->link, err);
	default:
		return parse_flag(text, f, flag_of(p, f), err);
	}
}

int
esw_policy_field_parse(struct esw_policy_patch *patch, enum esw_policy_field f, const char *text,
		       struct esw_err *err)
{
	struct esw_policy_patch said = { .fields = 0 };
	int ret;

	if ((unsigned int)f >= ESW_F_COUNT)
		return esw_err_set(err, -EINVAL, "field %u is out of range 0 to %u",
				   (unsigned int)f, ESW_F_COUNT - 1);
	said.fields = ESW_F_BIT(f);
	ret = esw_policy_field_once(patch, f, err);
	if (ret != 0)
		return ret;
	ret = parse_value(&said.value, f, esw_word_trim(text, strlen(text)), err);
	if (ret != 0) {
		esw_err_prefix(err, "%s: ", field_names[f]);
		return -EINVAL;
	}
	esw_policy_patch_apply(&patch->value, &said);
	patch->fields |= said.fields;
	return 0;
}

static void
print_flag(bool value, enum esw_policy_field f, struct esw_out *o)
{
	if (flag_says_allow(f))
		esw_out_add(o, "%s", value ? "allow" : "deny");
	else
		esw_out_add(o, "%s", value ? "on" : "off");
}

static void
print_link(enum esw_link_mode mode, struct esw_out *o)
{
	const bool known = (unsigned int)mode < RTE_DIM(link_names);

	esw_out_add(o, "%s", known ? link_names[mode] : "invalid");
}

int
esw_policy_field_print(const struct esw_policy *p, enum esw_policy_field f, char *buf, size_t len)
{
	struct esw_out o = { .buf = buf, .len = len };
	struct esw_policy copy;

	switch (f) {
	case ESW_F_MAC:
		esw_out_add(&o, ESW_MAC_FMT, ESW_MAC_ARG(&p->mac));
		break;
	case ESW_F_MACS:
		esw_macs_print(p, &o);
		break;
	case ESW_F_VLAN:
		esw_vlan_print(&p->vlan, &o);
		break;
	case ESW_F_MTU:
		esw_out_add(&o, "%u", p->mtu);
		break;
	case ESW_F_LINK:
		print_link(p->link, &o);
		break;
	default:
		if ((unsigned int)f >= ESW_F_COUNT)
			return -EINVAL;
		copy = *p;
		print_flag(*flag_of(&copy, f), f, &o);
		break;
	}
	return (int)o.used;
}
