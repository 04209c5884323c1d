/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>

#include "telemetry.h"

int
tel_refuse(struct rte_tel_data *data, const struct esw_err *err)
{
	char text[sizeof("error: ") + sizeof(err->msg)];

	snprintf(text, sizeof(text), "error: %s", err->msg);
	rte_tel_data_string(data, text);
	return 0;
}

int
tel_next_arg(const char **params, char *buf, size_t len, struct esw_err *err)
{
	size_t n;

	buf[0] = '\0';
	if (*params == NULL)
		return 0;
	n = strcspn(*params, ",");
	if (n == 0)
		return esw_err_set(err, -EINVAL, "parameters: one is empty in \"%.80s\"", *params);
	if (n >= len)
		return esw_err_set(err, -EINVAL, "parameter: \"%.*s\" is longer than %zu", 80,
				   *params, len - 1);
	memcpy(buf, *params, n);
	buf[n] = '\0';
	*params = (*params)[n] == ',' ? *params + n + 1 : NULL;
	return n;
}

int
tel_last_arg(const char *params, struct esw_err *err)
{
	if (params == NULL)
		return 0;
	return esw_err_set(err, -EINVAL, "parameters: \"%.80s\" is one too many", params);
}

int
tel_number(const char *text, uint32_t max, uint32_t *value, const char *what, struct esw_err *err)
{
	unsigned long v = 0;
	size_t n = strlen(text);

	/* Digits alone: strtoul() would take signs, blanks and an empty string. */
	if (n > 0 && n <= 9 && strspn(text, "0123456789") == n)
		v = strtoul(text, NULL, 10);
	else
		v = (unsigned long)max + 1;
	if (v > max)
		return esw_err_set(err, -EINVAL, "%s: \"%.80s\" is out of range 0 to %u", what,
				   text, max);
	*value = v;
	return 0;
}

struct swd_dev *
tel_pf_arg(const char **params, struct esw_err *err)
{
	char text[SWD_NAME_LEN];
	struct swd_dev *d;
	uint32_t port = 0;
	int ret;

	ret = tel_next_arg(params, text, sizeof(text), err);
	if (ret == 0)
		esw_err_set(err, -EINVAL,
			    "pf: missing, give a name of /eswitch/list or the number"
			    " of the PF's port");
	if (ret <= 0)
		return NULL;
	if (text[strspn(text, "0123456789")] != '\0') {
		d = swd_hold_name(text);
	} else {
		if (tel_number(text, UINT16_MAX, &port, "pf", err) < 0)
			return NULL;
		d = swd_hold_pf_port(port);
	}
	if (d == NULL)
		esw_err_set(err, -ENODEV, "pf: \"%s\" is not in /eswitch/list", text);
	return d;
}

int
tel_vf_arg(const char **params, uint16_t *vf, struct esw_err *err)
{
	char text[16];
	uint32_t v = 0;
	int ret;

	ret = tel_next_arg(params, text, sizeof(text), err);
	if (ret == 0)
		ret = esw_err_set(err, -EINVAL, "vf: missing, give an index from 0");
	if (ret < 0)
		return ret;
	ret = tel_number(text, UINT16_MAX, &v, "vf", err);
	if (ret == 0)
		*vf = v;
	return ret;
}

/* How much of the text goes into one string: up to the last comma that fits, if there is one. */
static size_t
piece_len(const char *text)
{
	size_t n = strnlen(text, RTE_TEL_MAX_STRING_LEN);

	if (n < RTE_TEL_MAX_STRING_LEN)
		return n;
	for (n = RTE_TEL_MAX_STRING_LEN - 1; n > 1; n--) {
		if (text[n - 1] == ',')
			return n;
	}
	return RTE_TEL_MAX_STRING_LEN - 1;
}

int
tel_add_text(struct rte_tel_data *data, const char *key, const char *text)
{
	struct rte_tel_data *pieces;
	int ret;

	if (strlen(text) < RTE_TEL_MAX_STRING_LEN)
		return rte_tel_data_add_dict_string(data, key, text);
	pieces = rte_tel_data_alloc();
	if (pieces == NULL)
		return -ENOMEM;
	rte_tel_data_start_array(pieces, RTE_TEL_STRING_VAL);
	for (size_t n; *text != '\0'; text += n) {
		char buf[RTE_TEL_MAX_STRING_LEN];

		n = piece_len(text);
		memcpy(buf, text, n);
		buf[n] = '\0';
		rte_tel_data_add_array_string(pieces, buf);
	}
	ret = rte_tel_data_add_dict_container(data, key, pieces, 0);
	if (ret < 0)
		rte_tel_data_free(pieces);
	return ret;
}

void
tel_key(const char *name, char *key, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len && name[i] != '\0'; i++)
		key[i] = isalnum((unsigned char)name[i]) ? name[i] : '_';
	key[i] = '\0';
}

int
tel_add_field(struct rte_tel_data *data, const struct esw_policy *p, enum esw_policy_field f)
{
	char key[32];
	char *text;
	int ret;

	text = malloc(ESW_POLICY_TEXT_MAX);
	if (text == NULL)
		return -ENOMEM;
	ret = esw_policy_field_print(p, f, text, ESW_POLICY_TEXT_MAX);
	if (ret >= 0) {
		tel_key(esw_policy_field_name(f), key, sizeof(key));
		ret = tel_add_text(data, key, text);
	}
	free(text);
	return ret;
}
