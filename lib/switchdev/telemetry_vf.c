/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* /eswitch/vf: the policy of a VF as text that /eswitch/vf/set takes, and how it stands. */
#include <errno.h>

#include "telemetry.h"

static void
add_mac(struct rte_tel_data *data, const char *key, const struct rte_ether_addr *mac)
{
	char text[SWD_MAC_TEXT_LEN];

	swd_mac_text(mac, text);
	rte_tel_data_add_dict_string(data, key, text);
}

static int
add_state(struct rte_tel_data *data, const struct swd_vf_info *info)
{
	struct rte_tel_data *state = rte_tel_data_alloc();

	if (state == NULL)
		return -ENOMEM;
	rte_tel_data_start_dict(state);
	add_mac(state, "mac", &info->mac);
	tel_add_u64(state, "mtu", info->mtu);
	tel_add_u64(state, "representor_mtu", info->rep_mtu);
	rte_tel_data_add_dict_string(state, "link", info->link ? "up" : "down");
	rte_tel_data_add_dict_string(state, "promiscuous", info->promisc ? "on" : "off");
	rte_tel_data_add_dict_string(state, "promiscuous_asked",
				     info->promisc_asked ? "on" : "off");
	rte_tel_data_add_dict_string(state, "allmulticast", info->allmulti ? "on" : "off");
	rte_tel_data_add_dict_string(state, "allmulticast_asked",
				     info->allmulti_asked ? "on" : "off");
	tel_add_u64(state, "macs_added", info->n_macs);
	rte_tel_data_add_dict_string(state, "attached", info->attached);
	rte_tel_data_add_dict_int(state, "vf_port", info->vf_port);
	rte_tel_data_add_dict_int(state, "representor_port", info->rep_port);
	return rte_tel_data_add_dict_container(data, "state", state, 0);
}

int
tel_vf(const char *cmd, const char *params, struct rte_tel_data *data)
{
	struct swd_vf_info info;
	struct esw_policy p;
	struct esw_err err;
	struct swd_dev *d;
	uint16_t vf;
	int ret;

	(void)cmd;
	d = tel_pf_arg(&params, &err);
	if (d == NULL)
		return tel_refuse(data, &err);
	ret = tel_vf_arg(&params, &vf, &err);
	if (ret == 0)
		ret = tel_last_arg(params, &err);
	if (ret == 0)
		ret = swd_policy_get(d, vf, &p, &err);
	if (ret == 0)
		ret = swd_vf_info_get(d, vf, &info, &err);
	if (ret < 0)
		goto refuse;

	rte_tel_data_start_dict(data);
	for (int f = 0; f < ESW_F_COUNT; f++)
		ret = tel_add_field(data, &p, f) < 0 ? -ENOMEM : ret;
	if (ret == 0)
		ret = add_state(data, &info);
	swd_release(d);
	return ret;
refuse:
	swd_release(d);
	return tel_refuse(data, &err);
}
