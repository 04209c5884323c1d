/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The operations of a representor that are neither queues, link, statistics nor the VF's, and the
 * table of all.
 *
 * Promiscuous and all-multicast have nothing to do: a representor is given everything that its VF
 * sends and nothing else took, and OVS turns both on for every port, which must never make the
 * VF promiscuous.
 */
#include <errno.h>

#include <rte_flow_driver.h>

#include "internal.h"

/* The representor's MTU is the switch port's: the device enforces it together with the policy's. */
static int
mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	struct esw_err err = { "" };
	struct swd_dev *sd = rep_enter(dev);
	int ret = -ENOTSUP;

	if (sd == NULL)
		return -ENODEV;
	if (sd->ops->rep_mtu_set != NULL) {
		ret = sd->ops->rep_mtu_set(sd->dev, rep_port_of(dev)->vf, mtu, &err);
		if (ret < 0)
			REP_LOG(ERR, dev, "%s", err.msg);
	}
	swd_release(sd);
	return ret;
}

/* rte_eth_dev_configure() has chosen an MTU before it comes here, by default 1500. */
static int
configure(struct rte_eth_dev *dev)
{
	int ret = mtu_set(dev, dev->data->mtu);

	return ret == -ENOTSUP ? 0 : ret;
}

static void
queues_state_set(struct rte_eth_dev *dev, uint8_t state)
{
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++)
		dev->data->rx_queue_state[i] = state;
	for (uint16_t i = 0; i < dev->data->nb_tx_queues; i++)
		dev->data->tx_queue_state[i] = state;
}

static int
start(struct rte_eth_dev *dev)
{
	struct swd_dev *sd;
	int ret;

	ret = rep_rxq_check_room(dev);
	if (ret < 0)
		return ret;
	sd = rep_enter(dev);
	if (sd == NULL)
		return -ENODEV;
	if (sd->ops->rep_start != NULL)
		ret = sd->ops->rep_start(sd->dev, rep_port_of(dev)->vf);
	if (ret == 0) {
		queues_state_set(dev, RTE_ETH_QUEUE_STATE_STARTED);
		/* ethdev replays the MAC after this: it must be the one that the VF has now. */
		rep_sync(dev, true);
	}
	swd_release(sd);
	return ret;
}

static int
stop(struct rte_eth_dev *dev)
{
	struct swd_dev *sd = rep_enter(dev);
	int ret = 0;

	if (sd != NULL) {
		if (sd->ops->rep_stop != NULL)
			ret = sd->ops->rep_stop(sd->dev, rep_port_of(dev)->vf);
		swd_release(sd);
	}
	if (ret == 0) {
		queues_state_set(dev, RTE_ETH_QUEUE_STATE_STOPPED);
		rep_sync(dev, false);
	}
	return ret;
}

static void
flow_forget(struct rte_eth_dev *dev, const struct swd_dev *sd)
{
	const struct rte_flow_ops *flow = NULL;

	if (sd->ops->rep_flow_ops != NULL)
		flow = sd->ops->rep_flow_ops(sd->dev, rep_port_of(dev)->vf);
	if (flow != NULL && flow->flush != NULL)
		flow->flush(dev, NULL);
	if (flow != NULL && flow->isolate != NULL)
		flow->isolate(dev, 0, NULL);
}

/* Back to what it was before it was configured. */
static int
reset(struct rte_eth_dev *dev)
{
	struct swd_dev *sd;

	rep_queues_release(dev);
	sd = rep_enter(dev);
	if (sd == NULL)
		return -ENODEV;
	flow_forget(dev, sd);
	if (sd->ops->rep_mtu_set != NULL)
		sd->ops->rep_mtu_set(sd->dev, rep_port_of(dev)->vf, 0, NULL);
	swd_release(sd);
	return 0;
}

static int
close_port(struct rte_eth_dev *dev)
{
	uint16_t vf = rep_port_of(dev)->vf;
	struct swd_dev *sd;

	/* The queues, and the MTU, are every process's: a secondary only lets go of the port. */
	if (rte_eal_process_type() == RTE_PROC_PRIMARY)
		rep_queues_release(dev);
	sd = rep_enter(dev);
	rep_forget(dev);
	if (sd == NULL)
		return 0;
	if (rte_eal_process_type() == RTE_PROC_PRIMARY && sd->ops->rep_mtu_set != NULL)
		sd->ops->rep_mtu_set(sd->dev, vf, 0, NULL);
	if (sd->ops->rep_port_set != NULL)
		sd->ops->rep_port_set(sd->dev, vf, -1);
	swd_release(sd);
	return 0;
}

static int
no_effect(struct rte_eth_dev *dev)
{
	struct swd_dev *sd = rep_enter(dev);

	if (sd == NULL)
		return -ENODEV;
	swd_release(sd);
	return 0;
}

const struct eth_dev_ops rep_ops = {
	.dev_configure = configure,
	.dev_start = start,
	.dev_stop = stop,
	.dev_close = close_port,
	.dev_reset = reset,
	.dev_infos_get = rep_infos_get,
	.dev_supported_ptypes_get = rep_ptypes_get,
	.representor_info_get = rep_representor_info_get,
	.eth_dev_priv_dump = rep_priv_dump,
	.flow_ops_get = rep_flow_ops_get,
	.mtr_ops_get = rep_mtr_ops_get,
	.rx_metadata_negotiate = rep_rx_metadata_negotiate,
	.link_update = rep_link_update,
	.dev_set_link_up = rep_set_link_up,
	.dev_set_link_down = rep_set_link_down,
	.promiscuous_enable = no_effect,
	.promiscuous_disable = no_effect,
	.allmulticast_enable = no_effect,
	.allmulticast_disable = no_effect,
	.mac_addr_set = rep_mac_addr_set,
	.mtu_set = mtu_set,
	.vlan_filter_set = rep_vlan_filter_set,
	.vlan_pvid_set = rep_vlan_pvid_set,
	.vlan_offload_set = rep_vlan_offload_set,
	.rx_queue_setup = rep_rxq_setup,
	.tx_queue_setup = rep_txq_setup,
	.rx_queue_release = rep_rxq_release,
	.tx_queue_release = rep_txq_release,
	.rxq_info_get = rep_rxq_info_get,
	.txq_info_get = rep_txq_info_get,
	.rx_burst_mode_get = rep_burst_mode_get,
	.tx_burst_mode_get = rep_burst_mode_get,
	.stats_get = rep_stats_get,
	.stats_reset = rep_stats_reset,
	.xstats_get = rep_xstats_get,
	.xstats_reset = rep_stats_reset,
	.xstats_get_names = rep_xstats_get_names,
	.xstats_get_by_id = rep_xstats_get_by_id,
	.xstats_get_names_by_id = rep_xstats_get_names_by_id,
};
