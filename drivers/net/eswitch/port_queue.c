/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Queues of a PF's or VF's port. See port.h. */
#include <errno.h>

#include <rte_errno.h>

#include "backing.h"
#include "log.h"
#include "port.h"

static uint32_t
rxq_flags(const struct rte_eth_dev *dev, uint16_t qid)
{
	const struct esn_port *p = esn_port(dev);
	uint64_t offloads = p->rxq[qid].offloads;
	uint32_t flags = 0;

	if ((offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0 || dev->data->scattered_rx != 0)
		flags |= ESW_RXQ_SCATTER;
	if ((offloads & RTE_ETH_RX_OFFLOAD_VLAN_STRIP) != 0)
		flags |= ESW_RXQ_VLAN_STRIP;
	if ((offloads & RTE_ETH_RX_OFFLOAD_CHECKSUM) != 0)
		flags |= ESW_RXQ_CKSUM;
	if ((offloads & RTE_ETH_RX_OFFLOAD_TCP_LRO) != 0)
		flags |= ESW_RXQ_LRO;
	if ((offloads & RTE_ETH_RX_OFFLOAD_RSS_HASH) != 0)
		flags |= ESW_RXQ_RSS_HASH;
	if (p->ptypes)
		flags |= ESW_RXQ_PTYPE;
	return flags;
}

void
esn_rxq_flags_refresh(struct rte_eth_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->data->nb_rx_queues; i++)
		if (dev->data->rx_queues[i] != NULL)
			esw_rxq_flags_set(dev->data->rx_queues[i], rxq_flags(dev, i));
}

/* A frame of the port's MTU must fit into one buffer where the queue takes one only. */
static int
rxq_room(uint16_t mtu, const struct esn_rxq_info *q, uint16_t qid, struct esw_err *err)
{
	uint32_t room = rte_pktmbuf_data_room_size(q->mp) - RTE_PKTMBUF_HEADROOM;

	if ((q->offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0 || room >= (uint32_t)mtu + ESN_OVERHEAD)
		return 0;
	return esw_err_set(
		err, -EINVAL,
		"rx queue %u: buffers of %u octets do not hold a frame of MTU %u, which is %u: "
		"use a pool of larger ones, or RTE_ETH_RX_OFFLOAD_SCATTER",
		qid, room, mtu, mtu + ESN_OVERHEAD);
}

int
esn_port_mtu_room(const struct rte_eth_dev *dev, uint16_t mtu, struct esw_err *err)
{
	uint16_t i;
	int ret = 0;

	for (i = 0; i < dev->data->nb_rx_queues && ret == 0; i++)
		if (dev->data->rx_queues[i] != NULL)
			ret = rxq_room(mtu, &esn_port(dev)->rxq[i], i, err);
	return ret;
}

int
esn_rxq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
	      const struct rte_eth_rxconf *conf, struct rte_mempool *mp)
{
	struct esn_port *p = esn_port(dev);
	struct esn_rxq_info *info = &p->rxq[qid];
	struct esw_rxq_conf qc = {
		.nb_desc = nb_desc,
		.mp = mp,
		.port_id = dev->data->port_id,
		.socket_id = (int)socket_id,
	};
	struct esw_rxq *q;
	struct esw_err err;
	int ret;

	if (mp == NULL) {
		ESN_LOG(ERR, "%s: rx queue %u: one pool of buffers is needed, not several",
			dev->data->name, qid);
		return -EINVAL;
	}
	*info = (struct esn_rxq_info){
		.mp = mp,
		.nb_desc = nb_desc,
		.deferred = conf->rx_deferred_start != 0,
		.offloads = conf->offloads | dev->data->dev_conf.rxmode.offloads,
	};
	ret = rxq_room(dev->data->mtu, info, qid, &err);
	if (ret != 0) {
		ESN_LOG(ERR, "%s: %s", dev->data->name, err.msg);
		return ret;
	}
	qc.flags = rxq_flags(dev, qid);
	q = esw_rxq_create(p->nic->sw, p->ep, qid, &qc, &err);
	if (q == NULL) {
		ret = rte_errno != 0 ? -rte_errno : -ENOMEM;
		ESN_LOG(ERR, "%s: rx queue %u: %s", dev->data->name, qid, err.msg);
		return ret;
	}
	dev->data->rx_queues[qid] = q;
	return 0;
}

int
esn_txq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
	      const struct rte_eth_txconf *conf)
{
	struct esn_port *p = esn_port(dev);
	const struct esw_txq_conf qc = { .nb_desc = nb_desc, .socket_id = (int)socket_id };
	struct esw_txq *q;
	struct esw_err err;
	int ret;

	p->txq[qid] = (struct esn_txq_info){
		.nb_desc = nb_desc,
		.deferred = conf->tx_deferred_start != 0,
		.offloads = conf->offloads | dev->data->dev_conf.txmode.offloads,
	};
	q = esw_txq_create(p->nic->sw, p->ep, qid, &qc, &err);
	if (q == NULL) {
		ret = rte_errno != 0 ? -rte_errno : -ENOMEM;
		ESN_LOG(ERR, "%s: tx queue %u: %s", dev->data->name, qid, err.msg);
		return ret;
	}
	dev->data->tx_queues[qid] = q;
	return 0;
}

/*
 * The PF's queue 0 is what ports behind the e-switch are polled by, and its pool theirs: set up
 * again at run time it goes, and comes back when it starts.
 */
static void
poller_follow(struct rte_eth_dev *dev, uint16_t qid, bool on)
{
	struct esn_port *p = esn_port(dev);

	if (qid == 0 && esn_port_is_pf(p) && dev->data->dev_started != 0)
		esn_backing_poller_set(p->nic, ESN_PORT_NONE, on ? dev->data->rx_queues[0] : NULL,
				       on ? p->rxq[0].mp : NULL);
}

void
esn_rxq_release(struct rte_eth_dev *dev, uint16_t qid)
{
	poller_follow(dev, qid, false);
	esw_rxq_destroy(dev->data->rx_queues[qid]);
	dev->data->rx_queues[qid] = NULL;
}

void
esn_txq_release(struct rte_eth_dev *dev, uint16_t qid)
{
	esw_txq_destroy(dev->data->tx_queues[qid]);
	dev->data->tx_queues[qid] = NULL;
}

/* While the link is switched off, the state is only noted: switching it on starts the queue. */
int
esn_rxq_start(struct rte_eth_dev *dev, uint16_t qid)
{
	int ret = 0;

	if (!esn_port(dev)->admin_down) {
		/* A process that was killed while it polled left the queue as it was then. */
		esw_rxq_adopt(dev->data->rx_queues[qid]);
		ret = esw_rxq_start(dev->data->rx_queues[qid]);
	}
	if (ret != 0)
		return ret;
	dev->data->rx_queue_state[qid] = RTE_ETH_QUEUE_STATE_STARTED;
	poller_follow(dev, qid, true);
	return 0;
}

int
esn_rxq_stop(struct rte_eth_dev *dev, uint16_t qid)
{
	int ret = esw_rxq_stop(dev->data->rx_queues[qid]);

	if (ret == 0)
		dev->data->rx_queue_state[qid] = RTE_ETH_QUEUE_STATE_STOPPED;
	return ret;
}

int
esn_txq_start(struct rte_eth_dev *dev, uint16_t qid)
{
	int ret = 0;

	if (!esn_port(dev)->admin_down) {
		esw_txq_adopt(dev->data->tx_queues[qid]);
		ret = esw_txq_start(dev->data->tx_queues[qid]);
	}
	if (ret == 0)
		dev->data->tx_queue_state[qid] = RTE_ETH_QUEUE_STATE_STARTED;
	return ret;
}

int
esn_txq_stop(struct rte_eth_dev *dev, uint16_t qid)
{
	int ret = esw_txq_stop(dev->data->tx_queues[qid]);

	if (ret == 0)
		dev->data->tx_queue_state[qid] = RTE_ETH_QUEUE_STATE_STOPPED;
	return ret;
}

ESW_RX_COUNT
esn_rxq_count(void *queue)
{
	return esw_rxq_count(queue);
}

/* There is no ring of descriptors: the first esw_rxq_count() of them count as filled. */
int
esn_rxq_desc_status(void *queue, uint16_t offset)
{
	if (offset >= ESN_DESC_MAX)
		return -EINVAL;
	return offset < esw_rxq_count(queue) ? RTE_ETH_RX_DESC_DONE : RTE_ETH_RX_DESC_AVAIL;
}

/* A sent frame is delivered or dropped before tx_burst returns. */
int
esn_txq_desc_status(void *queue, uint16_t offset)
{
	RTE_SET_USED(queue);
	return offset >= ESN_DESC_MAX ? -EINVAL : RTE_ETH_TX_DESC_DONE;
}

/* Nothing waits to be freed. */
int
esn_txq_done_cleanup(void *queue, uint32_t n)
{
	RTE_SET_USED(queue);
	RTE_SET_USED(n);
	return 0;
}

static void
vlan_strip(struct esn_rxq_info *q, bool on)
{
	if (on)
		q->offloads |= RTE_ETH_RX_OFFLOAD_VLAN_STRIP;
	else
		q->offloads &= ~RTE_ETH_RX_OFFLOAD_VLAN_STRIP;
}

void
esn_port_vlan_strip_queue(struct rte_eth_dev *dev, uint16_t qid, int on)
{
	if (qid >= dev->data->nb_rx_queues || dev->data->rx_queues[qid] == NULL)
		return;
	vlan_strip(&esn_port(dev)->rxq[qid], on != 0);
	esw_rxq_flags_set(dev->data->rx_queues[qid], rxq_flags(dev, qid));
}

int
esn_port_vlan_strip_all(struct rte_eth_dev *dev, bool on)
{
	uint16_t i;

	for (i = 0; i < dev->data->nb_rx_queues; i++)
		vlan_strip(&esn_port(dev)->rxq[i], on);
	esn_rxq_flags_refresh(dev);
	return 0;
}
