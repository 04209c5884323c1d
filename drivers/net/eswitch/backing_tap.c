/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <ethdev_driver.h>

#include "backing_tap.h"

#define DESC 1024

bool
esn_tap_is(uint16_t port_id)
{
	struct rte_eth_dev_info info;

	return rte_eth_dev_info_get(port_id, &info) == 0 &&
	       strcmp(info.driver_name, "net_tap") == 0;
}

/* Indices are a namespace's own, but one that was used is not given again for a long time. */
bool
esn_tap_moved(uint16_t port_id)
{
	struct rte_eth_dev_info info;
	char name[IF_NAMESIZE];

	return rte_eth_dev_info_get(port_id, &info) == 0 && info.if_index != 0 &&
	       if_indextoname(info.if_index, name) == NULL;
}

/* A send queue is enough and needs no buffers: a receive queue will share its file. */
int
esn_tap_open(uint16_t port_id)
{
	const struct rte_eth_dev_data *data = rte_eth_devices[port_id].data;
	struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };
	int ret;

	if (data->nb_tx_queues > 0 && data->tx_queues[0] != NULL)
		return 0; /* its creator, or the device that had it before, has done so */
	if (esn_tap_moved(port_id))
		return -ENODEV;
	ret = rte_eth_dev_configure(port_id, 1, 1, &conf);
	if (ret != 0)
		return ret;
	return rte_eth_tx_queue_setup(port_id, 0, DESC, rte_eth_dev_socket_id(port_id), NULL);
}

static int
start_queues(struct rte_eth_dev *dev)
{
	dev->data->rx_queue_state[0] = RTE_ETH_QUEUE_STATE_STARTED;
	dev->data->tx_queue_state[0] = RTE_ETH_QUEUE_STATE_STARTED;
	return 0;
}

/*
 * All that net_tap itself does at a start is to set the interface up, by name, and ethdev then
 * restores address and modes, by name too. The interface's user does these now.
 */
int
esn_tap_start(uint16_t port_id)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	const struct eth_dev_ops *ops = dev->dev_ops;
	struct eth_dev_ops away = *ops;
	int ret;

	if (!esn_tap_moved(port_id))
		return rte_eth_dev_start(port_id);
	away.dev_start = start_queues;
	away.mac_addr_set = NULL;
	away.promiscuous_enable = NULL;
	away.promiscuous_disable = NULL;
	away.allmulticast_enable = NULL;
	away.allmulticast_disable = NULL;
	dev->dev_ops = &away;
	ret = rte_eth_dev_start(port_id);
	dev->dev_ops = ops;
	return ret;
}

/* The send queue keeps the interface open, and the next receive queue shares its file again. */
void
esn_tap_rxq_release(uint16_t port_id)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];

	if (dev->data->nb_rx_queues == 0 || dev->data->rx_queues[0] == NULL)
		return;
	dev->dev_ops->rx_queue_release(dev, 0);
	dev->data->rx_queues[0] = NULL;
}

/*
 * net_tap tells ethdev that 1522 octets are its limit, so ethdev refuses a larger MTU, but the
 * driver itself takes any, and sends frames of up to data->mtu. That is set even if the driver
 * fails: the interface may have been moved, and then its user sets the MTU.
 */
int
esn_tap_mtu_set(uint16_t port_id, uint16_t mtu)
{
	struct rte_eth_dev *dev = &rte_eth_devices[port_id];
	int ret = dev->dev_ops->mtu_set(dev, mtu);

	dev->data->mtu = mtu;
	return ret;
}
