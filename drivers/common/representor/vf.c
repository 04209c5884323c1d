/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The operations that change the VF's policy, but for its carrier (link.c). */
#include <errno.h>

#include "internal.h"

/* ethdev replays this at every start with what it has stored: then there is nothing to do. */
int
rep_mac_addr_set(struct rte_eth_dev *dev, struct rte_ether_addr *mac)
{
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_MAC) };
	struct swd_dev *sd = rep_enter(dev);
	uint16_t vf = rep_port_of(dev)->vf;
	struct esw_err err = { "" };
	struct swd_vf_info vi;
	int ret;

	if (sd == NULL)
		return -ENODEV;
	ret = swd_vf_info_get(sd, vf, &vi, &err);
	if (ret == 0 && !rte_is_same_ether_addr(&vi.mac, mac)) {
		patch.value.mac = *mac;
		ret = swd_policy_patch(sd, vf, &patch, &err);
	}
	if (ret < 0)
		REP_LOG(ERR, dev, "%s", err.msg);
	swd_release(sd);
	return ret;
}

/* Read the VLAN policy, edit it, write it back if that changed anything. */
static int
vlan_edit(struct rte_eth_dev *dev, uint16_t vid,
	  int (*edit)(struct esw_vlan *v, uint16_t vid, struct esw_err *err))
{
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_VLAN) };
	struct swd_dev *sd = rep_enter(dev);
	uint16_t vf = rep_port_of(dev)->vf;
	struct esw_err err = { "" };
	struct esw_policy was;
	int ret;

	if (sd == NULL)
		return -ENODEV;
	ret = swd_policy_get(sd, vf, &was, &err);
	if (ret == 0) {
		patch.value = was;
		ret = edit(&patch.value.vlan, vid, &err);
	}
	if (ret == 0 && esw_policy_diff(&was, &patch.value) != 0)
		ret = swd_policy_patch(sd, vf, &patch, &err);
	if (ret < 0)
		REP_LOG(ERR, dev, "%s", err.msg);
	swd_release(sd);
	return ret;
}

int
rep_vlan_filter_set(struct rte_eth_dev *dev, uint16_t vid, int on)
{
	return vlan_edit(dev, vid, on != 0 ? rep_vlan_add : rep_vlan_remove);
}

static int
pvid_off(struct esw_vlan *v, uint16_t vid, struct esw_err *err)
{
	RTE_SET_USED(vid);
	RTE_SET_USED(err);
	rep_vlan_pvid_off(v);
	return 0;
}

int
rep_vlan_pvid_set(struct rte_eth_dev *dev, uint16_t vid, int on)
{
	return vlan_edit(dev, vid, on != 0 ? rep_vlan_pvid_on : pvid_off);
}

/*
 * Stripping is the representor's own receive side. Filtering has no switch of its own: the flag
 * only lets rte_eth_dev_vlan_filter() through to the VF's policy, which is always enforced. ethdev
 * has checked the request against the capabilities and stored it.
 */
int
rep_vlan_offload_set(struct rte_eth_dev *dev, int mask)
{
	uint64_t offloads = dev->data->dev_conf.rxmode.offloads;
	struct swd_dev *sd = rep_enter(dev);
	int ret = 0;

	if (sd == NULL)
		return -ENODEV;
	if ((mask & ~RTE_ETH_VLAN_FILTER_MASK) != 0) {
		for (uint16_t i = 0; ret == 0 && i < dev->data->nb_rx_queues; i++) {
			void *queue = dev->data->rx_queues[i];

			if (queue == NULL || !rep_has_data_path(sd->ops))
				continue;
			ret = sd->ops->rep_rxq_offloads_set != NULL ?
				      sd->ops->rep_rxq_offloads_set(queue, offloads) :
				      -ENOTSUP;
		}
	}
	if (ret < 0)
		REP_LOG(ERR, dev, "VLAN offloads of live queues cannot be changed: %s",
			rte_strerror(-ret));
	swd_release(sd);
	return ret;
}
