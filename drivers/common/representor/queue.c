/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Queues of a representor: the device's, put where ethdev looks for them.
 *
 * A device without a data path gets one empty queue each way, since ethdev does not start a
 * port that has none: receiving gives nothing, sending takes nothing.
 */
#include <errno.h>

#include "internal.h"

void
rep_burst_set(struct rte_eth_dev *dev, const struct swd_ops *ops)
{
	if (!rep_has_data_path(ops)) {
		dev->rx_pkt_burst = rte_eth_pkt_burst_dummy;
		dev->tx_pkt_burst = rte_eth_pkt_burst_dummy;
		return;
	}
	dev->rx_pkt_burst = ops->rep_rx;
	dev->tx_pkt_burst = ops->rep_tx;
	/* From 25.11 on, ethdev's own stand-ins must not be replaced by NULL. */
	if (ops->rep_tx_prepare != NULL)
		dev->tx_pkt_prepare = ops->rep_tx_prepare;
#if !ESW_DPDK_SINCE(25, 11)
	if (ops->rep_rxq_count != NULL)
		dev->rx_queue_count = ops->rep_rxq_count;
#endif
}

int
rep_rxq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
	      const struct rte_eth_rxconf *conf, struct rte_mempool *mp)
{
	const struct swd_rep_rxq_conf c = {
		.nb_desc = nb_desc,
		.mp = mp,
		.port_id = dev->data->port_id,
		.offloads = conf->offloads | dev->data->dev_conf.rxmode.offloads,
		.socket_id = (int)socket_id,
	};
	struct rep_port *rp = rep_port_of(dev);
	struct swd_dev *sd = rep_enter(dev);
	void *queue = &rp->rxq[qid];
	struct esw_err err = { "" };
	int ret = 0;

	if (sd == NULL)
		return -ENODEV;
	if (rep_has_data_path(sd->ops))
		ret = sd->ops->rep_rxq_setup(sd->dev, rp->vf, qid, &c, &queue, &err);
	swd_release(sd);
	if (ret < 0) {
		REP_LOG(ERR, dev, "receive queue %u: %s", qid, err.msg);
		return ret;
	}
	rp->rxq[qid] = (struct rep_rxq){ .mp = mp, .conf = *conf, .nb_desc = nb_desc };
	dev->data->rx_queues[qid] = queue;
	return 0;
}

int
rep_txq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
	      const struct rte_eth_txconf *conf)
{
	struct rep_port *rp = rep_port_of(dev);
	struct swd_dev *sd = rep_enter(dev);
	void *queue = &rp->txq[qid];
	struct esw_err err = { "" };
	int ret = 0;

	if (sd == NULL)
		return -ENODEV;
	if (rep_has_data_path(sd->ops))
		ret = sd->ops->rep_txq_setup(sd->dev, rp->vf, qid, nb_desc, (int)socket_id, &queue,
					     &err);
	swd_release(sd);
	if (ret < 0) {
		REP_LOG(ERR, dev, "transmit queue %u: %s", qid, err.msg);
		return ret;
	}
	rp->txq[qid] = (struct rep_txq){ .conf = *conf, .nb_desc = nb_desc };
	dev->data->tx_queues[qid] = queue;
	return 0;
}

/* The queue of a device that has gone went with it. */
void
rep_rxq_release(struct rte_eth_dev *dev, uint16_t qid)
{
	void *queue = dev->data->rx_queues[qid];
	struct swd_dev *sd;

	dev->data->rx_queues[qid] = NULL;
	if (queue == NULL)
		return;
	sd = rep_enter(dev);
	if (sd == NULL)
		return;
	if (rep_has_data_path(sd->ops) && sd->ops->rep_rxq_release != NULL)
		sd->ops->rep_rxq_release(queue);
	swd_release(sd);
}

void
rep_txq_release(struct rte_eth_dev *dev, uint16_t qid)
{
	void *queue = dev->data->tx_queues[qid];
	struct swd_dev *sd;

	dev->data->tx_queues[qid] = NULL;
	if (queue == NULL)
		return;
	sd = rep_enter(dev);
	if (sd == NULL)
		return;
	if (rep_has_data_path(sd->ops) && sd->ops->rep_txq_release != NULL)
		sd->ops->rep_txq_release(queue);
	swd_release(sd);
}

void
rep_queues_release(struct rte_eth_dev *dev)
{
	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++)
		rep_rxq_release(dev, i);
	for (uint16_t i = 0; i < dev->data->nb_tx_queues; i++)
		rep_txq_release(dev, i);
}

void
rep_rxq_info_get(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_rxq_info *info)
{
	const struct rep_rxq *q = &rep_port_of(dev)->rxq[qid];
	uint64_t offloads = q->conf.offloads | dev->data->dev_conf.rxmode.offloads;

	info->mp = q->mp;
	info->conf = q->conf;
	info->nb_desc = q->nb_desc;
	info->scattered_rx = (offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
}

void
rep_txq_info_get(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_txq_info *info)
{
	const struct rep_txq *q = &rep_port_of(dev)->txq[qid];

	info->conf = q->conf;
	info->nb_desc = q->nb_desc;
}

/*
 * Asked at start alone: OVS sets the MTU while the queues still have the pool of the old one, and
 * gives the new pool afterwards.
 */
int
rep_rxq_check_room(const struct rte_eth_dev *dev)
{
	const struct rep_port *rp = rep_port_of(dev);
	uint32_t need = dev->data->mtu + REP_OVERHEAD;

	for (uint16_t i = 0; i < dev->data->nb_rx_queues; i++) {
		const struct rep_rxq *q = &rp->rxq[i];
		uint64_t offloads = q->conf.offloads | dev->data->dev_conf.rxmode.offloads;
		uint16_t room;

		if (q->mp == NULL || (offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0)
			continue;
		room = rte_pktmbuf_data_room_size(q->mp);
		room = room > RTE_PKTMBUF_HEADROOM ? room - RTE_PKTMBUF_HEADROOM : 0;
		if (room < need) {
			REP_LOG(ERR, dev,
				"receive queue %u: buffers of %u octets do not hold frames of MTU "
				"%u (%u octets), and scatter is off",
				i, room, dev->data->mtu, need);
			return -EINVAL;
		}
	}
	return 0;
}
