/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * A policy as one JSON object.
 *
 * Values that are not the natural JSON of a field (a number, a boolean, an array) go through the
 * field's text parser, so that both forms have the same rules and the same sentences.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static json_t *
macs_to_json(const struct esw_policy *p)
{
	char text[ESW_MAC_TEXT_LEN + 1];
	json_t *list = json_array();
	unsigned int i;
	int ret = 0;

	for (i = 0; ret == 0 && i < p->n_macs && i < ESW_POLICY_MACS_MAX; i++) {
		snprintf(text, sizeof(text), ESW_MAC_FMT, ESW_MAC_ARG(&p->macs[i]));
		ret = json_array_append_new(list, json_string(text));
	}
	if (ret != 0) {
		json_decref(list);
		return NULL;
	}
	return list;
}

static json_t *
field_to_json(const struct esw_policy *p, enum esw_policy_field f)
{
	char text[ESW_MAC_TEXT_LEN + 1];

	switch (f) {
	case ESW_F_MACS:
		return macs_to_json(p);
	case ESW_F_SPOOFCHK:
		return json_boolean(p->spoofchk);
	case ESW_F_VLAN:
		return esw_vlan_to_json(&p->vlan);
	case ESW_F_MTU:
		return json_integer(p->mtu);
	case ESW_F_TRUST:
		return json_boolean(p->trust);
	case ESW_F_ISOLATE:
		return json_boolean(p->isolate);
	default: /* an address or a short word */
		esw_policy_field_print(p, f, text, sizeof(text));
		return json_string(text);
	}
}

/* jansson's own allocator may have been replaced by the application; free() must do for ours. */
static char *
dump(const json_t *obj, size_t flags)
{
	size_t len = json_dumpb(obj, NULL, 0, flags);
	char *text;

	if (len == 0)
		return NULL;
	text = malloc(len + 1);
	if (text == NULL)
		return NULL;
	if (json_dumpb(obj, text, len, flags) != len) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

char *
esw_policy_json_print(const struct esw_policy *p, unsigned int indent)
{
	json_t *obj = json_object();
	char *text = NULL;
	unsigned int f;
	int ret = 0;

	for (f = 0; ret == 0 && f < ESW_F_COUNT; f++) {
		if (f == ESW_F_MAC && rte_is_zero_ether_addr(&p->mac))
			continue;
		ret = json_object_set_new(obj, esw_policy_field_name((enum esw_policy_field)f),
					  field_to_json(p, (enum esw_policy_field)f));
	}
	if (ret == 0)
		text = dump(obj, JSON_PRESERVE_ORDER | JSON_INDENT(indent));
	json_decref(obj);
	return text;
}

static int
macs_from_json(json_t *list, struct esw_policy *p, struct esw_err *err)
{
	struct rte_ether_addr mac = { .addr_bytes = { 0 } };
	struct esw_word w;
	json_t *item;
	size_t i;
	int ret;

	json_array_foreach(list, i, item) {
		if (!json_is_string(item))
			return esw_err_set(err, -EINVAL, "item %zu is not a string", i);
		w.s = json_string_value(item);
		w.len = strlen(w.s);
		ret = esw_mac_parse(w, &mac, err);
		if (ret == 0)
			ret = esw_policy_macs_add(p, &mac, err);
		if (ret != 0)
			return ret;
	}
	return 0;
}

static const char *
type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number with a fraction or exponent";
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		return "null";
	default:
		return "a string";
	}
}

static bool
is_flag(enum esw_policy_field f)
{
	return f == ESW_F_SPOOFCHK || f == ESW_F_MTU_CHANGE || f == ESW_F_MAC_CHANGE ||
	       f == ESW_F_TRUST || f == ESW_F_ISOLATE;
}

/* The values that have no text form of their own: an array of addresses, a VLAN object. */
static int
structure_from_json(struct esw_policy_patch *patch, enum esw_policy_field f, json_t *value,
		    struct esw_err *err)
{
	struct esw_policy_patch said = { .fields = ESW_F_BIT(f) };
	int ret = esw_policy_field_once(patch, f, err);

	if (ret != 0)
		return ret;
	if (f == ESW_F_MACS && json_is_array(value))
		ret = macs_from_json(value, &said.value, err);
	else if (f == ESW_F_VLAN && json_is_object(value))
		ret = esw_vlan_from_json(value, &said.value.vlan, err);
	else
		ret = esw_err_set(err, -EINVAL, "%s is not a value of this field",
				  type_name(value));
	if (ret != 0) {
		esw_err_prefix(err, "%s: ", esw_policy_field_name(f));
		return -EINVAL;
	}
	esw_policy_patch_apply(&patch->value, &said);
	patch->fields |= said.fields;
	return 0;
}

int
esw_policy_json_member(struct esw_policy_patch *patch, const char *key, json_t *value,
		       struct esw_err *err)
{
	int ret = esw_policy_field_by_name(key, err);
	enum esw_policy_field f;
	char number[24];

	if (ret < 0)
		return ret == -ENOENT ? -EINVAL : ret;
	f = (enum esw_policy_field)ret;
	if (json_is_string(value))
		return esw_policy_field_parse(patch, f, json_string_value(value), err);
	if (json_is_boolean(value) && is_flag(f))
		return esw_policy_field_parse(patch, f, json_is_true(value) ? "on" : "off", err);
	if (json_is_integer(value) && f == ESW_F_MTU) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return esw_policy_field_parse(patch, f, number, err);
	}
	return structure_from_json(patch, f, value, err);
}

int
esw_policy_json_parse(struct esw_policy_patch *patch, const char *text, size_t len,
		      struct esw_err *err)
{
	struct esw_policy_patch all = *patch;
	json_error_t why;
	json_t *obj = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why), *value;
	const char *key;
	int ret = 0;

	if (obj == NULL)
		return esw_err_set(err, -EINVAL, "line %d: not JSON: %s", why.line, why.text);
	if (!json_is_object(obj))
		ret = esw_err_set(err, -EINVAL, "a policy is one JSON object, not %s",
				  type_name(obj));
	json_object_foreach(obj, key, value) {
		ret = esw_policy_json_member(&all, key, value, err);
		if (ret != 0)
			break;
	}
	json_decref(obj);
	if (ret == 0)
		*patch = all;
	return ret;
}
