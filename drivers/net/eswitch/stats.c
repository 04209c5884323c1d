/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Basic statistics of a port, from the e-switch's counters.
 *
 * Those are never reset (others read them too): a port keeps what they were when its application
 * reset its statistics, and subtracts.
 */
#include "port.h"

static uint64_t
fates(const struct esw_counters *now, const struct esw_counters *base, enum esw_fate first,
      enum esw_fate last)
{
	uint64_t n = 0;
	unsigned int f;

	for (f = first; f <= last; f++)
		n += now->fate[f] - base->fate[f];
	return n;
}

static void
queue_stats(const struct rte_eth_dev *dev, struct esw_queue_stats *qs)
{
	const struct esn_port *p = esn_port(dev);
	struct esw_queue_counters c;
	uint16_t i, n_rx = dev->data->nb_rx_queues, n_tx = dev->data->nb_tx_queues;

	RTE_BUILD_BUG_ON(ESW_QUEUES_MAX > RTE_ETHDEV_QUEUE_STAT_CNTRS);
	for (i = 0; i < n_rx; i++) {
		if (dev->data->rx_queues[i] == NULL)
			continue;
		esw_rxq_counters_get(dev->data->rx_queues[i], &c);
		qs->q_ipackets[i] = c.packets - p->rxq[i].base.packets;
		qs->q_ibytes[i] = c.bytes - p->rxq[i].base.bytes;
		qs->q_errors[i] = c.errors - p->rxq[i].base.errors;
	}
	for (i = 0; i < n_tx; i++) {
		if (dev->data->tx_queues[i] == NULL)
			continue;
		esw_txq_counters_get(dev->data->tx_queues[i], &c);
		qs->q_opackets[i] = c.packets - p->txq[i].base.packets;
		qs->q_obytes[i] = c.bytes - p->txq[i].base.bytes;
	}
}

/*
 * imissed is what the receiver was too slow for, rx_nombuf what its pool had no buffer for,
 * oerrors what the e-switch did not let the port send. Frames meant for the port that policy kept
 * away are nobody's error: they are in xstats.
 */
int
esn_stats_get(ESW_STATS_GET_ARGS(dev, stats, qstats))
{
	const struct esn_port *p = esn_port(dev);
	struct esw_queue_stats *qs = ESW_QUEUE_STATS(stats, qstats);
	const struct esw_counters *base = &p->base;
	struct esw_counters now;
	int ret = esw_counters_get(p->nic->sw, p->ep, &now);

	if (ret != 0)
		return ret;
	stats->ipackets = now.fate[ESW_RX_DELIVERED] - base->fate[ESW_RX_DELIVERED];
	stats->opackets = now.fate[ESW_TX_FORWARDED] - base->fate[ESW_TX_FORWARDED];
	stats->ibytes = now.rx_bytes - base->rx_bytes;
	stats->obytes = now.tx_bytes - base->tx_bytes;
	stats->imissed = fates(&now, base, ESW_RX_FULL, ESW_RX_FULL);
	stats->ierrors = fates(&now, base, ESW_RX_TOO_BIG, ESW_RX_TOO_BIG);
	stats->rx_nombuf = fates(&now, base, ESW_RX_NO_BUFFER, ESW_RX_NO_BUFFER);
	stats->oerrors = fates(&now, base, ESW_TX_FORWARDED + 1, ESW_FATE_RX_FIRST - 1);
	if (qs != NULL)
		queue_stats(dev, qs);
	return 0;
}

int
esn_stats_reset(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);
	int ret = esw_counters_get(p->nic->sw, p->ep, &p->base);
	uint16_t i;

	if (ret != 0)
		return ret;
	for (i = 0; i < dev->data->nb_rx_queues; i++)
		if (dev->data->rx_queues[i] != NULL)
			esw_rxq_counters_get(dev->data->rx_queues[i], &p->rxq[i].base);
	for (i = 0; i < dev->data->nb_tx_queues; i++)
		if (dev->data->tx_queues[i] != NULL)
			esw_txq_counters_get(dev->data->tx_queues[i], &p->txq[i].base);
	esn_xstats_base_set(p);
	return 0;
}
