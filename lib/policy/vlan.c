/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The field `vlan`: its text form and its rules.
 *
 *   off
 *   access V [qos Q] [proto 802.1q|802.1ad]
 *   trunk LIST [native V]            LIST like 10,20-30
 *   all
 *
 * A VID said twice in a trunk list is refused: nobody means it, and "20-30,25" may be a typo of 35.
 */
#include <errno.h>
#include <string.h>

#include <rte_common.h>

#include "internal.h"

static const char *const mode_names[] = {
	[ESW_VLAN_OFF] = "off",
	[ESW_VLAN_ACCESS] = "access",
	[ESW_VLAN_TRUNK] = "trunk",
	[ESW_VLAN_ALL] = "all",
};

const struct esw_list_rule esw_vlan_list_rule = {
	.what = "VLAN",
	.note = "",
	.lo = 1,
	.hi = ESW_VID_MAX,
};

bool
esw_vlan_equal(const struct esw_vlan *a, const struct esw_vlan *b)
{
	return a->mode == b->mode && a->vid == b->vid && a->native == b->native &&
	       a->tpid == b->tpid && a->qos_set == b->qos_set && a->qos == b->qos &&
	       memcmp(a->trunk, b->trunk, sizeof(a->trunk)) == 0;
}

const char *
esw_vlan_mode_name(enum esw_vlan_mode mode)
{
	return (unsigned int)mode < RTE_DIM(mode_names) ? mode_names[mode] : "invalid";
}

static int
mode_index(struct esw_word w)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(mode_names); i++) {
		if (esw_word_is(w, mode_names[i]))
			return (int)i;
	}
	return -1;
}

int
esw_vlan_mode_by_name(struct esw_word w, enum esw_vlan_mode *mode, struct esw_err *err)
{
	int i = mode_index(w);

	if (i < 0)
		return esw_err_set(err, -EINVAL, "\"%.*s\" is none of off, access, trunk, all",
				   ESW_WORD_ARG(w));
	*mode = (enum esw_vlan_mode)i;
	return 0;
}

const char *
esw_vlan_proto_name(uint16_t tpid)
{
	return tpid == ESW_TPID_STAG ? "802.1ad" : "802.1q";
}

int
esw_vlan_proto_by_name(struct esw_word w, uint16_t *tpid, struct esw_err *err)
{
	if (esw_word_is(w, "802.1q"))
		*tpid = ESW_TPID_CTAG;
	else if (esw_word_is(w, "802.1ad"))
		*tpid = ESW_TPID_STAG;
	else
		return esw_err_set(err, -EINVAL, "proto \"%.*s\" is neither 802.1q nor 802.1ad",
				   ESW_WORD_ARG(w));
	return 0;
}

static bool
trunk_is_empty(const struct esw_vlan *v)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(v->trunk); i++) {
		if (v->trunk[i] != 0)
			return false;
	}
	return true;
}

static int
check_access(const struct esw_vlan *v, struct esw_err *err)
{
	if (v->vid < 1 || v->vid > ESW_VID_MAX)
		return esw_err_set(err, -EINVAL, "access VLAN %u is out of range 1 to %u", v->vid,
				   ESW_VID_MAX);
	if (v->tpid != ESW_TPID_CTAG && v->tpid != ESW_TPID_STAG)
		return esw_err_set(err, -EINVAL,
				   "proto 0x%04x is neither 802.1q (0x8100) nor 802.1ad (0x88a8)",
				   v->tpid);
	if (v->qos > 7)
		return esw_err_set(err, -EINVAL, "qos %u is out of range 0 to 7", v->qos);
	if (!v->qos_set && v->qos != 0)
		return esw_err_set(err, -EINVAL, "qos %u is given but not switched on", v->qos);
	return 0;
}

static int
check_trunk(const struct esw_vlan *v, struct esw_err *err)
{
	if (trunk_is_empty(v))
		return esw_err_set(err, -EINVAL,
				   "the trunk list is empty: 1 to %u VLANs are needed",
				   ESW_VID_MAX);
	if (esw_vlan_trunk_has(v, 0) || esw_vlan_trunk_has(v, 4095))
		return esw_err_set(err, -EINVAL, "trunk VLAN %u is out of range 1 to %u",
				   esw_vlan_trunk_has(v, 0) ? 0 : 4095, ESW_VID_MAX);
	if (v->native > ESW_VID_MAX)
		return esw_err_set(err, -EINVAL, "native VLAN %u is out of range 1 to %u",
				   v->native, ESW_VID_MAX);
	return 0;
}

int
esw_vlan_check(const struct esw_vlan *v, struct esw_err *err)
{
	const char *mode = esw_vlan_mode_name(v->mode);

	if ((unsigned int)v->mode >= RTE_DIM(mode_names))
		return esw_err_set(err, -EINVAL, "mode %u is none of off, access, trunk, all",
				   (unsigned int)v->mode);
	if (v->mode != ESW_VLAN_ACCESS &&
	    (v->vid != 0 || v->qos_set || v->qos != 0 || v->tpid != ESW_TPID_CTAG))
		return esw_err_set(err, -EINVAL,
				   "%s takes no VID (%u), no qos (%u) and proto 802.1q (0x%04x)",
				   mode, v->vid, v->qos, v->tpid);
	if (v->mode != ESW_VLAN_TRUNK && (v->native != 0 || !trunk_is_empty(v)))
		return esw_err_set(err, -EINVAL, "%s takes no trunk list and no native VLAN (%u)",
				   mode, v->native);
	if (v->mode == ESW_VLAN_ACCESS)
		return check_access(v, err);
	if (v->mode == ESW_VLAN_TRUNK)
		return check_trunk(v, err);
	return 0;
}

bool
esw_vlan_next_range(const struct esw_vlan *v, uint32_t from, uint16_t *lo, uint16_t *hi)
{
	while (from < 4096 && !esw_vlan_trunk_has(v, (uint16_t)from))
		from++;
	if (from >= 4096)
		return false;
	*lo = (uint16_t)from;
	while (from < 4096 && esw_vlan_trunk_has(v, (uint16_t)from))
		from++;
	*hi = (uint16_t)(from - 1);
	return true;
}

/* "qos" and "proto", in any order, each at most once. */
static int
parse_access_options(struct esw_word rest, struct esw_vlan *v, struct esw_err *err)
{
	bool proto_set = false;
	struct esw_word w;
	uint16_t qos;
	int ret;

	for (w = esw_word_next(&rest); w.len != 0; w = esw_word_next(&rest)) {
		if (esw_word_is(w, "qos") && !v->qos_set) {
			ret = esw_word_u16(esw_word_next(&rest), 0, 7, &qos, err);
			if (ret != 0)
				esw_err_prefix(err, "qos ");
			else
				v->qos = (uint8_t)qos;
			v->qos_set = true;
		} else if (esw_word_is(w, "proto") && !proto_set) {
			ret = esw_vlan_proto_by_name(esw_word_next(&rest), &v->tpid, err);
			proto_set = true;
		} else {
			ret = esw_err_set(
				err, -EINVAL,
				"unexpected \"%.*s\" after access %u; "
				"allowed are qos 0 to 7 and proto 802.1q or 802.1ad, once",
				ESW_WORD_ARG(w), v->vid);
		}
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int
parse_access(struct esw_word rest, struct esw_vlan *v, struct esw_err *err)
{
	struct esw_word w = esw_word_next(&rest);
	int ret;

	ret = esw_word_u16(w, 1, ESW_VID_MAX, &v->vid, err);
	if (ret != 0) {
		esw_err_prefix(err, "access VLAN ");
		return ret;
	}
	return parse_access_options(rest, v, err);
}

static int
parse_trunk(struct esw_word rest, struct esw_vlan *v, struct esw_err *err)
{
	struct esw_word list = rest, tail = rest, w;
	int ret;

	do {
		list.len = (size_t)(tail.s - rest.s);
		w = esw_word_next(&tail);
	} while (w.len != 0 && !esw_word_is(w, "native"));
	if (w.len == 0)
		list.len = rest.len;
	list = esw_word_trim(list.s, list.len);
	if (list.len == 0)
		return esw_err_set(err, -EINVAL,
				   "the trunk list is empty: VLANs of 1 to %u are needed",
				   ESW_VID_MAX);
	ret = esw_list_parse(list, &esw_vlan_list_rule, v->trunk, err);
	if (ret != 0 || w.len == 0)
		return ret;
	ret = esw_word_u16(esw_word_next(&tail), 1, ESW_VID_MAX, &v->native, err);
	if (ret != 0) {
		esw_err_prefix(err, "native VLAN ");
		return ret;
	}
	if (tail.len != 0)
		return esw_err_set(err, -EINVAL, "unexpected \"%.*s\" after native %u",
				   ESW_WORD_ARG(tail), v->native);
	return 0;
}

/* "access 100 trunk 10": people try it, so it gets a sentence of its own. */
static int
check_one_mode(enum esw_vlan_mode mode, struct esw_word rest, struct esw_err *err)
{
	struct esw_word w;

	for (w = esw_word_next(&rest); w.len != 0; w = esw_word_next(&rest)) {
		if (mode_index(w) >= 0)
			return esw_err_set(err, -EINVAL,
					   "%s and %.*s together: only one mode is allowed",
					   esw_vlan_mode_name(mode), ESW_WORD_ARG(w));
	}
	return 0;
}

int
esw_vlan_parse(struct esw_word text, struct esw_vlan *v, struct esw_err *err)
{
	struct esw_word rest = text, w = esw_word_next(&rest);
	int ret;

	*v = (struct esw_vlan){ .tpid = ESW_TPID_CTAG };
	ret = esw_vlan_mode_by_name(w, &v->mode, err);
	if (ret == 0)
		ret = check_one_mode(v->mode, rest, err);
	if (ret != 0)
		return ret;
	if (v->mode == ESW_VLAN_ACCESS)
		return parse_access(rest, v, err);
	if (v->mode == ESW_VLAN_TRUNK)
		return parse_trunk(rest, v, err);
	if (rest.len != 0)
		return esw_err_set(err, -EINVAL, "unexpected \"%.*s\" after %s", ESW_WORD_ARG(rest),
				   esw_vlan_mode_name(v->mode));
	return 0;
}

void
esw_vlan_print(const struct esw_vlan *v, struct esw_out *o)
{
	const char *sep = " ";
	uint32_t from = 0;
	uint16_t lo, hi;

	esw_out_add(o, "%s", esw_vlan_mode_name(v->mode));
	if (v->mode == ESW_VLAN_ACCESS) {
		esw_out_add(o, " %u", v->vid);
		if (v->qos_set)
			esw_out_add(o, " qos %u", v->qos);
		if (v->tpid != ESW_TPID_CTAG)
			esw_out_add(o, " proto %s", esw_vlan_proto_name(v->tpid));
	}
	if (v->mode != ESW_VLAN_TRUNK)
		return;
	while (esw_vlan_next_range(v, from, &lo, &hi)) {
		esw_out_add(o, "%s%u", sep, lo);
		if (hi != lo)
			esw_out_add(o, "-%u", hi);
		sep = ",";
		from = (uint32_t)hi + 1;
	}
	if (v->native != 0)
		esw_out_add(o, " native %u", v->native);
}
