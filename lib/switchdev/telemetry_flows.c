/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * /eswitch/flows: how many flow rules each port has made.
 *
 * A program like Open vSwitch has no command that lists what it has put into a NIC. Representors
 * and VFs are dictionaries of their own, for one holds no more than 256 entries; a port without
 * rules is left out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "telemetry.h"

/* Every VF, or every representor, that has rules. @return 0 or a negative errno */
static int
add_ports(struct rte_tel_data *data, const char *key, struct swd_dev *d, int first, uint16_t n_vfs,
	  uint64_t *total)
{
	struct rte_tel_data *ports = rte_tel_data_alloc();
	int ret = 0;

	if (ports == NULL)
		return -ENOMEM;
	rte_tel_data_start_dict(ports);
	for (uint16_t vf = 0; vf < n_vfs && ret >= 0; vf++) {
		char name[8];
		int n = swd_flows_get(d, first + vf);

		if (n == 0)
			continue;
		snprintf(name, sizeof(name), "%u", vf);
		ret = n < 0 ? n : tel_add_u64(ports, name, n);
		*total += n > 0 ? n : 0;
	}
	if (ret == 0)
		ret = rte_tel_data_add_dict_container(data, key, ports, 0);
	if (ret < 0)
		rte_tel_data_free(ports);
	return ret;
}

static int
add_flows(struct rte_tel_data *data, struct swd_dev *d, struct esw_err *err)
{
	struct swd_info info;
	uint64_t total;
	int n = swd_flows_get(d, SWD_PORT_PF);
	int ret = n < 0 ? n : swd_info_get(d, &info);

	if (ret == -ENOTSUP)
		return esw_err_set(err, ret, "%s has no flow rules", d->name);
	if (ret == 0) {
		total = n;
		rte_tel_data_start_dict(data);
		ret = tel_add_u64(data, "pf", n);
	}
	if (ret == 0)
		ret = add_ports(data, "representors", d, SWD_PORT_REP(0), info.nb_vfs, &total);
	if (ret == 0)
		ret = add_ports(data, "vfs", d, 0, info.nb_vfs, &total);
	if (ret == 0)
		ret = tel_add_u64(data, "total", total);
	if (ret < 0)
		esw_err_set(err, ret, "flow rules of %s cannot be counted: %s", d->name,
			    strerror(-ret));
	return ret;
}

int
tel_flows(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct esw_err err;
	struct swd_dev *d;
	int ret;

	(void)cmd;
	d = tel_pf_arg(&params, &err);
	if (d == NULL)
		return tel_refuse(data, &err);
	ret = tel_last_arg(params, &err);
	if (ret == 0)
		ret = add_flows(data, d, &err);
	swd_release(d);
	return ret < 0 ? tel_refuse(data, &err) : 0;
}
