/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdio.h>

#include "internal.h"

static void
queues_fill(const struct swd_ops *ops, struct rte_eth_dev_info *info)
{
	uint16_t queues = RTE_MIN(ops->rep_queues_max, REP_QUEUES_MAX);
	struct rte_eth_desc_lim lim = {
		.nb_min = ops->rep_desc_min != 0 ? ops->rep_desc_min : REP_DESC_MIN,
		.nb_max = ops->rep_desc_max != 0 ? ops->rep_desc_max : REP_DESC_MAX,
		.nb_align = 1,
		.nb_seg_max = UINT16_MAX,
		.nb_mtu_seg_max = UINT16_MAX,
	};

	/* A control-only representor has one queue each way, in which nothing ever is. */
	if (!rep_has_data_path(ops))
		queues = 1;
	info->max_rx_queues = queues;
	info->max_tx_queues = queues;
	info->rx_desc_lim = lim;
	info->tx_desc_lim = lim;
	info->default_rxportconf = (struct rte_eth_dev_portconf){ .burst_size = 32,
								  .ring_size = 512,
								  .nb_queues = 1 };
	info->default_txportconf = info->default_rxportconf;
}

int
rep_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	const struct rep_port *rp = rep_port_of(dev);
	struct swd_dev *sd = rep_enter(dev);
	const struct swd_ops *ops;
	struct swd_info si;
	int ret;

	if (sd == NULL)
		return -ENODEV;
	ret = swd_info_get(sd, &si);
	if (ret < 0)
		goto out;
	ops = sd->ops;
	info->min_mtu = ESW_MTU_MIN;
	info->max_mtu = si.mtu_max;
	info->max_rx_pktlen = si.mtu_max + REP_OVERHEAD;
	info->min_rx_bufsize = RTE_ETHER_MIN_LEN;
	info->max_mac_addrs = 1;
	queues_fill(ops, info);
	/* VLAN filter is what rte_eth_dev_vlan_filter() asks for before it edits the policy. */
	info->rx_offload_capa = ops->rep_rx_offload_capa | RTE_ETH_RX_OFFLOAD_VLAN_FILTER;
	info->tx_offload_capa = ops->rep_tx_offload_capa;
	info->flow_type_rss_offloads = ops->rep_rss_hf;
	info->speed_capa = rte_eth_speed_bitflag(si.speed_mbps, RTE_ETH_LINK_FULL_DUPLEX) |
			   RTE_ETH_LINK_SPEED_FIXED;
	if (ops->rep_flow_ops != NULL)
		info->dev_capa = RTE_ETH_DEV_CAPA_FLOW_RULE_KEEP |
				 RTE_ETH_DEV_CAPA_FLOW_SHARED_OBJECT_KEEP;
	info->switch_info.name = sd->name;
	info->switch_info.domain_id = rp->domain_id;
	info->switch_info.port_id = rp->vf;
out:
	swd_release(sd);
	return ret;
}

int
rep_info_get(struct swd_dev *sd, struct rte_eth_representor_info *info)
{
	struct rte_eth_representor_range *r;
	struct swd_info si;
	int ret;

	ret = swd_info_get(sd, &si);
	if (ret < 0)
		return ret;
	if (si.nb_vfs == 0) {
		if (info != NULL)
			info->nb_ranges = 0;
		return 0;
	}
	if (info == NULL)
		return 1;
	info->controller = 0;
	info->pf = 0;
	info->nb_ranges = 0;
	if (info->nb_ranges_alloc == 0)
		return 1;
	r = &info->ranges[info->nb_ranges++];
	r->type = RTE_ETH_REPRESENTOR_VF;
	r->controller = 0;
	r->pf = 0;
	r->vf = 0;
	r->id_base = 0;
	r->id_end = si.nb_vfs - 1;
	snprintf(r->name, sizeof(r->name), "pf0vf");
	return 1;
}

int
rep_representor_info_get(struct rte_eth_dev *dev, struct rte_eth_representor_info *info)
{
	return rep_info_get(dev->process_private, info);
}

int
rep_burst_mode_get(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_burst_mode *mode)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(qid);
	snprintf(mode->info, sizeof(mode->info), "Representor");
	return 0;
}

const uint32_t *
rep_ptypes_get(ESW_PTYPES_GET_ARGS(dev, count))
{
	struct swd_dev *sd = rep_enter(dev);
	const uint32_t *ptypes = NULL;

	if (sd != NULL) {
		ptypes = sd->ops->rep_ptypes;
		swd_release(sd);
	}
#if ESW_DPDK_SINCE(24, 3)
	*count = 0;
	while (ptypes != NULL && ptypes[*count] != RTE_PTYPE_UNKNOWN)
		(*count)++;
#endif
	return ptypes;
}

/* NULL means "not supported" to rte_mtr. */
int
rep_mtr_ops_get(struct rte_eth_dev *dev, void *ops)
{
	struct swd_dev *sd = rep_enter(dev);
	const void **out = ops;

	if (sd == NULL)
		return -ENODEV;
	*out = NULL;
	if (sd->ops->rep_mtr_ops != NULL)
		*out = sd->ops->rep_mtr_ops(sd->dev, rep_port_of(dev)->vf);
	swd_release(sd);
	return 0;
}

/*
 * No ops and 0 means "not supported" to ethdev. An error is a positive errno here, other than
 * everywhere: rte_flow_ops_get() hands it to rte_flow_error_set(), which negates it.
 */
int
rep_flow_ops_get(struct rte_eth_dev *dev, const struct rte_flow_ops **ops)
{
	struct swd_dev *sd = rep_enter(dev);

	if (sd == NULL)
		return ENODEV;
	*ops = NULL;
	if (sd->ops->rep_flow_ops != NULL)
		*ops = sd->ops->rep_flow_ops(sd->dev, rep_port_of(dev)->vf);
	swd_release(sd);
	return 0;
}

/* What is told with a frame anyway: nothing has to be turned on. */
int
rep_rx_metadata_negotiate(struct rte_eth_dev *dev, uint64_t *features)
{
	struct swd_dev *sd = rep_enter(dev);

	if (sd == NULL)
		return -ENODEV;
	*features &= sd->ops->rep_rx_metadata;
	swd_release(sd);
	return 0;
}
