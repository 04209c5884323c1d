/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The field `vlan` as a JSON object. The keys of a mode are exactly those that the mode uses: a
 * "native" beside "access" is a misunderstanding, so it is refused and not ignored.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

static json_t *
trunk_to_json(const struct esw_vlan *v)
{
	json_t *list = json_array();
	uint32_t from = 0;
	uint16_t lo, hi;
	int ret = 0;

	while (ret == 0 && esw_vlan_next_range(v, from, &lo, &hi)) {
		ret = json_array_append_new(list, lo == hi ? json_pack("{s:i}", "id", lo) :
							     json_pack("{s:i, s:i}", "minID", lo,
								       "maxID", hi));
		from = (uint32_t)hi + 1;
	}
	if (ret != 0) {
		json_decref(list);
		return NULL;
	}
	return list;
}

json_t *
esw_vlan_to_json(const struct esw_vlan *v)
{
	json_t *obj = json_object();
	int ret = 0;

	ret |= json_object_set_new(obj, "mode", json_string(esw_vlan_mode_name(v->mode)));
	if (v->mode == ESW_VLAN_ACCESS) {
		ret |= json_object_set_new(obj, "vid", json_integer(v->vid));
		if (v->qos_set)
			ret |= json_object_set_new(obj, "qos", json_integer(v->qos));
		ret |= json_object_set_new(obj, "proto", json_string(esw_vlan_proto_name(v->tpid)));
	} else if (v->mode == ESW_VLAN_TRUNK) {
		ret |= json_object_set_new(obj, "trunk", trunk_to_json(v));
		if (v->native != 0)
			ret |= json_object_set_new(obj, "native", json_integer(v->native));
	}
	if (ret != 0) {
		json_decref(obj);
		return NULL;
	}
	return obj;
}

/* An integer member of lo to hi; jansson has widened it to 64 bits, signed. */
static int
get_number(const json_t *value, const char *key, uint16_t lo, uint16_t hi, uint16_t *out,
	   struct esw_err *err)
{
	json_int_t v = json_integer_value(value);

	if (!json_is_integer(value))
		return esw_err_set(err, -EINVAL, "%s is not a whole number of %u to %u", key, lo,
				   hi);
	if (v < lo || v > hi)
		return esw_err_set(err, -EINVAL,
				   "%s %" JSON_INTEGER_FORMAT " is out of range %u to %u", key, v,
				   lo, hi);
	*out = (uint16_t)v;
	return 0;
}

static struct esw_word
get_string(const json_t *value)
{
	const char *s = json_string_value(value);

	if (s == NULL)
		s = "";
	return (struct esw_word){ .s = s, .len = strlen(s) };
}

/* {"id": 42} or {"minID": 100, "maxID": 103} */
static int
get_trunk_item(const json_t *item, struct esw_vlan *v, struct esw_err *err)
{
	const json_t *id = json_object_get(item, "id");
	uint16_t lo = 0, hi = 0;
	int ret;

	if (id != NULL && json_object_size(item) == 1) {
		ret = get_number(id, "trunk id", 1, ESW_VID_MAX, &lo, err);
		hi = lo;
	} else if (json_object_size(item) == 2 && json_object_get(item, "minID") != NULL &&
		   json_object_get(item, "maxID") != NULL) {
		ret = get_number(json_object_get(item, "minID"), "trunk minID", 1, ESW_VID_MAX, &lo,
				 err);
		if (ret == 0)
			ret = get_number(json_object_get(item, "maxID"), "trunk maxID", 1,
					 ESW_VID_MAX, &hi, err);
	} else {
		return esw_err_set(err, -EINVAL,
				   "an item of trunk is neither {\"id\": VID} nor "
				   "{\"minID\": VID, \"maxID\": VID}");
	}
	if (ret != 0)
		return ret;
	return esw_list_add(v->trunk, lo, hi, &esw_vlan_list_rule, err);
}

static int
get_trunk(const json_t *list, struct esw_vlan *v, struct esw_err *err)
{
	size_t i;
	int ret;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return esw_err_set(err, -EINVAL, "trunk is not a list of at least one VLAN");
	for (i = 0; i < json_array_size(list); i++) {
		ret = get_trunk_item(json_array_get(list, i), v, err);
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int
get_member(const char *key, const json_t *value, struct esw_vlan *v, struct esw_err *err)
{
	const bool access = v->mode == ESW_VLAN_ACCESS, trunk = v->mode == ESW_VLAN_TRUNK;
	struct esw_word w = { .s = key, .len = strlen(key) };
	uint16_t qos = 0;
	int ret;

	if (strcmp(key, "mode") == 0)
		return 0;
	if (access && strcmp(key, "vid") == 0)
		return get_number(value, "vid", 1, ESW_VID_MAX, &v->vid, err);
	if (access && strcmp(key, "proto") == 0)
		return esw_vlan_proto_by_name(get_string(value), &v->tpid, err);
	if (access && strcmp(key, "qos") == 0) {
		ret = get_number(value, "qos", 0, 7, &qos, err);
		v->qos = (uint8_t)qos;
		v->qos_set = true;
		return ret;
	}
	if (trunk && strcmp(key, "trunk") == 0)
		return get_trunk(value, v, err);
	if (trunk && strcmp(key, "native") == 0)
		return get_number(value, "native", 1, ESW_VID_MAX, &v->native, err);
	return esw_err_set(err, -EINVAL, "\"%.*s\" is not a key of mode %s; allowed are mode%s",
			   ESW_WORD_ARG(w), esw_vlan_mode_name(v->mode),
			   access ? ", vid, qos, proto" :
			   trunk  ? ", trunk, native" :
				    " only");
}

int
esw_vlan_from_json(json_t *obj, struct esw_vlan *v, struct esw_err *err)
{
	const json_t *mode = json_object_get(obj, "mode");
	const char *key;
	json_t *value;
	int ret;

	*v = (struct esw_vlan){ .tpid = ESW_TPID_CTAG };
	if (!json_is_string(mode))
		return esw_err_set(err, -EINVAL,
				   "mode is missing; allowed are off, access, trunk, all");
	ret = esw_vlan_mode_by_name(get_string(mode), &v->mode, err);
	if (ret != 0)
		return ret;
	json_object_foreach(obj, key, value) {
		ret = get_member(key, value, v, err);
		if (ret != 0)
			return ret;
	}
	if (v->mode == ESW_VLAN_ACCESS && v->vid == 0)
		return esw_err_set(err, -EINVAL, "vid is missing; mode access needs 1 to %u",
				   ESW_VID_MAX);
	if (v->mode == ESW_VLAN_TRUNK && json_object_get(obj, "trunk") == NULL)
		return esw_err_set(err, -EINVAL, "trunk is missing; mode trunk needs a list");
	return 0;
}
