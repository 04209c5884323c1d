/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * /eswitch/vf/set: one field of a VF's policy.
 *
 * DPDK wants telemetry to be read-only. Whoever can open the socket is the user that runs the
 * process, or root; all the same the device must have opted in, for a monitor that only reads shall
 * not be able to write by mistake.
 */
#include <errno.h>
#include <string.h>

#include <rte_string_fns.h>

#include "telemetry.h"

/* "mac_change=allow" -> field and value. Keys that were read are taken, '_' for '-'. */
static int
parse_assignment(const char *text, struct esw_policy_patch *patch, struct esw_err *err)
{
	char name[32];
	size_t n;
	int f;

	if (text == NULL)
		return esw_err_set(err, -EINVAL, "field: missing, give <field>=<value>");
	n = strcspn(text, "=");
	if (text[n] != '=')
		return esw_err_set(err, -EINVAL,
				   "value: missing in \"%.80s\", give "
				   "<field>=<value>",
				   text);
	if (n == 0 || n >= sizeof(name))
		return esw_err_set(err, -EINVAL, "field: \"%.*s\" is none", (int)RTE_MIN(n, 80u),
				   text);
	for (size_t i = 0; i < n; i++)
		name[i] = text[i] == '_' ? '-' : text[i];
	name[n] = '\0';
	f = esw_policy_field_by_name(name, err);
	if (f < 0)
		return f;
	memset(patch, 0, sizeof(*patch));
	esw_policy_default(&patch->value);
	return esw_policy_field_parse(patch, f, text + n + 1, err) < 0 ? -EINVAL : f;
}

/* @return the field that was set, or a negative errno */
static int
set_field(struct swd_dev *d, const char *params, uint16_t *vf, struct esw_err *err)
{
	struct esw_policy_patch patch;
	int f, ret;

	if (!swd_telemetry_may_write(d))
		return esw_err_set(err, -EPERM,
				   "%s does not allow writing, its devarg "
				   "control=telemetry would",
				   d->name);
	ret = tel_vf_arg(&params, vf, err);
	if (ret < 0)
		return ret;
	f = parse_assignment(params, &patch, err);
	if (f < 0)
		return f;
	ret = swd_policy_patch(d, *vf, &patch, err);
	return ret < 0 ? ret : f;
}

int
tel_vf_set(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct esw_policy p;
	struct esw_err err;
	struct swd_dev *d;
	uint16_t vf = 0;
	int f, ret;

	(void)cmd;
	d = tel_pf_arg(&params, &err);
	if (d == NULL)
		return tel_refuse(data, &err);
	f = set_field(d, params, &vf, &err);
	ret = f < 0 ? f : swd_policy_get(d, vf, &p, &err);
	swd_release(d);
	if (ret < 0)
		return tel_refuse(data, &err);
	rte_tel_data_start_dict(data);
	return tel_add_field(data, &p, f);
}
