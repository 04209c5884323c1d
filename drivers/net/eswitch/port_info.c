/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* What a port says of itself. See port.h. */
#include <errno.h>
#include <stdio.h>

#include <rte_string_fns.h>

#include "port.h"

static uint16_t
mtu_max(const struct esn_port *p)
{
	struct esw_policy policy;

	if (!esn_port_is_pf(p) && esw_policy_get(p->nic->sw, p->vf, &policy) == 0)
		return policy.mtu;
	return esw_conf_get(p->nic->sw)->mtu_max;
}

static void
limits_get(const struct esn_port *p, struct rte_eth_dev_info *info)
{
	static const struct rte_eth_desc_lim desc_lim = {
		.nb_max = ESN_DESC_MAX,
		.nb_min = ESN_DESC_MIN,
		.nb_align = 1,
		.nb_seg_max = UINT16_MAX,
		.nb_mtu_seg_max = UINT16_MAX,
	};

	info->max_rx_queues = ESW_QUEUES_MAX;
	info->max_tx_queues = ESW_QUEUES_MAX;
	info->rx_desc_lim = desc_lim;
	info->tx_desc_lim = desc_lim;
	info->min_rx_bufsize = ESN_RX_BUF_MIN;
	info->min_mtu = ESW_MTU_MIN;
	info->max_mtu = mtu_max(p);
	info->max_rx_pktlen = info->max_mtu + ESN_OVERHEAD;
	info->max_lro_pkt_size = UINT16_MAX;
	info->max_mac_addrs = esn_port_is_pf(p) ? 1 : 1 + ESW_VF_MACS_MAX;
}

int
esn_port_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info)
{
	const struct esn_port *p = esn_port(dev);

	limits_get(p, info);
	info->if_index = 0;
	info->rx_queue_offload_capa = ESN_RX_OFFLOADS_QUEUE;
	info->rx_offload_capa = ESN_RX_OFFLOADS_QUEUE;
	info->tx_queue_offload_capa = ESN_TX_OFFLOADS;
	info->tx_offload_capa = ESN_TX_OFFLOADS;
	info->reta_size = ESW_RETA_SIZE;
	info->hash_key_size = ESW_RSS_KEY_LEN;
	info->flow_type_rss_offloads = ESN_RSS_ALL;
	info->speed_capa = rte_eth_speed_bitflag(p->nic->speed, RTE_ETH_LINK_FULL_DUPLEX) |
			   RTE_ETH_LINK_SPEED_FIXED;
	info->default_rxportconf = (struct rte_eth_dev_portconf){
		.burst_size = 32,
		.ring_size = ESN_DESC_DEFAULT,
		.nb_queues = 1,
	};
	info->default_txportconf = info->default_rxportconf;
	info->dev_capa = RTE_ETH_DEV_CAPA_RUNTIME_RX_QUEUE_SETUP |
			 RTE_ETH_DEV_CAPA_RUNTIME_TX_QUEUE_SETUP | RTE_ETH_DEV_CAPA_FLOW_RULE_KEEP |
			 RTE_ETH_DEV_CAPA_FLOW_SHARED_OBJECT_KEEP;
	if (esn_port_is_pf(p)) {
		info->switch_info = (struct rte_eth_switch_info){
			.name = p->nic->name,
			.domain_id = p->nic->domain_id,
			.port_id = UINT16_MAX, /* VFs' representors are 0 and up */
		};
	} else {
		/* A VF is not on the switch side: domain_id stays invalid. */
		info->rx_offload_capa |= RTE_ETH_RX_OFFLOAD_VLAN_FILTER;
	}
	return 0;
}

const uint32_t *
esn_port_ptypes_get(ESW_PTYPES_GET_ARGS(dev, count))
{
	static const uint32_t ptypes[] = { ESN_PTYPES, RTE_PTYPE_UNKNOWN };

	RTE_SET_USED(dev);
	return ESW_PTYPES(ptypes, count);
}

/* All or none: the e-switch fills what it found, or does not look. ethdev masks the answer. */
int
esn_port_ptypes_set(struct rte_eth_dev *dev, uint32_t mask)
{
	esn_port(dev)->ptypes = mask != 0;
	esn_rxq_flags_refresh(dev);
	return 0;
}

void
esn_port_rxq_info(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_rxq_info *info)
{
	const struct esn_rxq_info *q = &esn_port(dev)->rxq[qid];

	info->mp = q->mp;
	info->nb_desc = q->nb_desc;
	info->scattered_rx = (q->offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
	info->rx_buf_size = rte_pktmbuf_data_room_size(q->mp) - RTE_PKTMBUF_HEADROOM;
	info->conf.rx_deferred_start = q->deferred;
	info->conf.offloads = q->offloads;
	info->conf.rx_drop_en = 1; /* a sender is never held up */
}

void
esn_port_txq_info(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_txq_info *info)
{
	const struct esn_txq_info *q = &esn_port(dev)->txq[qid];

	info->nb_desc = q->nb_desc;
	info->conf.tx_deferred_start = q->deferred;
	info->conf.offloads = q->offloads;
}

int
esn_port_burst_mode(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_burst_mode *mode)
{
	RTE_SET_USED(qid);
	snprintf(mode->info, sizeof(mode->info), "%s",
		 esn_port(dev)->nic->backed ? "Software e-switch, serving ports behind it" :
					      "Software e-switch");
	return 0;
}
