/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Configure, start, stop, reset: what PF and VF ports have in common. See port.h. */
#include <errno.h>
#include <string.h>

#include "backing.h"
#include "flow_ops.h"
#include "log.h"
#include "port.h"

/* What ethdev does not judge itself. */
static int
conf_check(const struct rte_eth_conf *c, struct esw_err *err)
{
	if (c->rxmode.mq_mode != RTE_ETH_MQ_RX_NONE && c->rxmode.mq_mode != RTE_ETH_MQ_RX_RSS)
		return esw_err_set(err, -EINVAL, "rx mq_mode: %#x is neither NONE nor RSS",
				   c->rxmode.mq_mode);
	if (c->txmode.mq_mode != RTE_ETH_MQ_TX_NONE)
		return esw_err_set(err, -EINVAL, "tx mq_mode: %#x is not NONE", c->txmode.mq_mode);
	if (c->txmode.hw_vlan_insert_pvid != 0)
		return esw_err_set(
			err, -ENOTSUP,
			"hw_vlan_insert_pvid: a port VLAN is a matter of the VF's policy");
	if (c->lpbk_mode != 0)
		return esw_err_set(err, -ENOTSUP, "lpbk_mode: %u is not 0: no loopback",
				   c->lpbk_mode);
	if (c->dcb_capability_en != 0)
		return esw_err_set(err, -ENOTSUP, "dcb_capability_en: no DCB");
	return 0;
}

/*
 * An application that says no MTU gets ethdev's 1500. That is no wish of the VF, which its policy
 * could deny: it only says what the application's buffers are made for, and never more than what
 * holds.
 */
static int
vf_mtu_configure(struct rte_eth_dev *dev, struct esw_err *err)
{
	struct esn_port *p = esn_port(dev);
	struct esw_vf_state st;
	int ret = esw_vf_state_get(p->nic->sw, p->vf, &st);

	if (ret != 0)
		return ret;
	if (dev->data->mtu != RTE_ETHER_MTU && dev->data->mtu != st.effective_mtu)
		return esw_vf_mtu_set(p->nic->sw, p->vf, dev->data->mtu, err);
	dev->data->mtu = RTE_MIN(dev->data->mtu, st.effective_mtu);
	return 0;
}

/* The PF's MTU is the device's, not this port's alone: unsaid, it stays. */
static int
pf_mtu_configure(struct rte_eth_dev *dev, struct esw_err *err)
{
	struct esw *sw = esn_port(dev)->nic->sw;

	if (dev->data->mtu != RTE_ETHER_MTU && dev->data->mtu != esw_pf_mtu_get(sw))
		return esw_pf_mtu_set(sw, dev->data->mtu, err);
	dev->data->mtu = esw_pf_mtu_get(sw);
	return 0;
}

int
esn_port_configure(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);
	const struct rte_eth_rxmode *rx = &dev->data->dev_conf.rxmode;
	struct esw_err err = { .msg = "" };
	int ret;

	ret = conf_check(&dev->data->dev_conf, &err);
	if (ret == 0)
		ret = esn_rss_configure(dev, &err);
	if (ret == 0)
		ret = esn_port_is_pf(p) ? pf_mtu_configure(dev, &err) : vf_mtu_configure(dev, &err);
	if (ret != 0) {
		ESN_LOG(ERR, "%s: %s", dev->data->name, err.msg);
		return ret;
	}
	dev->data->scattered_rx = (rx->offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
	dev->data->lro = (rx->offloads & RTE_ETH_RX_OFFLOAD_TCP_LRO) != 0;
	p->ptypes = (rx->offloads & RTE_ETH_RX_OFFLOAD_CHECKSUM) != 0 ||
		    rx->mq_mode == RTE_ETH_MQ_RX_RSS;
	if (!esn_port_is_pf(p))
		esw_vf_vlan_filter_enable(p->nic->sw, p->vf,
					  (rx->offloads & RTE_ETH_RX_OFFLOAD_VLAN_FILTER) != 0);
	return 0;
}

static int
queues_check(const struct rte_eth_dev *dev, struct esw_err *err)
{
	uint16_t i;

	for (i = 0; i < dev->data->nb_rx_queues; i++)
		if (dev->data->rx_queues[i] == NULL)
			return esw_err_set(err, -EINVAL, "rx queue %u of %u is not set up", i,
					   dev->data->nb_rx_queues);
	for (i = 0; i < dev->data->nb_tx_queues; i++)
		if (dev->data->tx_queues[i] == NULL)
			return esw_err_set(err, -EINVAL, "tx queue %u of %u is not set up", i,
					   dev->data->nb_tx_queues);
	return esn_port_mtu_room(dev, dev->data->mtu, err);
}

static void
queues_stop(struct rte_eth_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->data->nb_rx_queues; i++)
		if (dev->data->rx_queue_state[i] == RTE_ETH_QUEUE_STATE_STARTED)
			esn_rxq_stop(dev, i);
	for (i = 0; i < dev->data->nb_tx_queues; i++)
		if (dev->data->tx_queue_state[i] == RTE_ETH_QUEUE_STATE_STARTED)
			esn_txq_stop(dev, i);
}

static int
queues_start(struct rte_eth_dev *dev)
{
	const struct esn_port *p = esn_port(dev);
	uint16_t i;
	int ret = 0;

	for (i = 0; i < dev->data->nb_tx_queues && ret == 0; i++)
		if (!p->txq[i].deferred)
			ret = esn_txq_start(dev, i);
	for (i = 0; i < dev->data->nb_rx_queues && ret == 0; i++)
		if (!p->rxq[i].deferred)
			ret = esn_rxq_start(dev, i);
	if (ret != 0)
		queues_stop(dev);
	return ret;
}

int
esn_port_start(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "queues could not be started" };
	int ret;

	ret = queues_check(dev, &err);
	if (ret == 0)
		ret = esw_rss_set(p->nic->sw, p->ep, &p->rss, &err);
	if (ret == 0) {
		p->admin_down = false;
		esn_rxq_flags_refresh(dev);
		ret = queues_start(dev);
	}
	if (ret != 0) {
		ESN_LOG(ERR, "%s: start: %s", dev->data->name, err.msg);
		return ret;
	}
	if (esn_port_is_pf(p) && dev->data->nb_rx_queues > 0)
		esn_backing_poller_set(p->nic, ESN_PORT_NONE, dev->data->rx_queues[0],
				       p->rxq[0].mp);
	return 0;
}

int
esn_port_stop(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);

	if (esn_port_is_pf(p))
		esn_backing_poller_set(p->nic, ESN_PORT_NONE, NULL, NULL);
	queues_stop(dev);
	dev->data->dev_link.link_status = RTE_ETH_LINK_DOWN;
	dev->data->dev_link.link_speed = RTE_ETH_SPEED_NUM_NONE;
	return 0;
}

/* As after a power cycle: what the VF asked for is forgotten, its index, MAC and policy are not. */
int
esn_port_reset(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);
	uint16_t i;

	if (dev->data->dev_started != 0)
		return -EBUSY;
	for (i = 0; i < dev->data->nb_rx_queues; i++)
		esn_rxq_release(dev, i);
	for (i = 0; i < dev->data->nb_tx_queues; i++)
		esn_txq_release(dev, i);
	dev->data->promiscuous = 0;
	dev->data->all_multicast = 0;
	memset(&dev->data->vlan_filter_conf, 0, sizeof(dev->data->vlan_filter_conf));
	p->admin_down = false;
	p->ptypes = false;
	esn_flow_port_forget(p->nic, dev->data->port_id, p->ep);
	if (esn_port_is_pf(p)) {
		esw_pf_promisc_set(p->nic->sw, false);
		return 0;
	}
	memset(&dev->data->mac_addrs[1], 0, ESW_VF_MACS_MAX * sizeof(dev->data->mac_addrs[0]));
	return esw_vf_state_reset(p->nic->sw, p->vf);
}
