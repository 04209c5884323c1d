/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>

#include "backing.h"
#include "flow_ops.h"
#include "mtr.h"
#include "port.h"
#include "swd.h"

static uint32_t
flags_of(uint64_t offloads)
{
	uint32_t flags = 0;

	if ((offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0)
		flags |= ESW_RXQ_SCATTER;
	if ((offloads & RTE_ETH_RX_OFFLOAD_VLAN_STRIP) != 0)
		flags |= ESW_RXQ_VLAN_STRIP;
	if ((offloads & RTE_ETH_RX_OFFLOAD_CHECKSUM) != 0)
		flags |= ESW_RXQ_CKSUM | ESW_RXQ_PTYPE;
	if ((offloads & RTE_ETH_RX_OFFLOAD_TCP_LRO) != 0)
		flags |= ESW_RXQ_LRO;
	if ((offloads & RTE_ETH_RX_OFFLOAD_RSS_HASH) != 0)
		flags |= ESW_RXQ_RSS_HASH | ESW_RXQ_PTYPE;
	return flags;
}

int
esn_rep_rxq_setup(void *dev, uint16_t vf, uint16_t qid, const struct swd_rep_rxq_conf *conf,
		  void **queue, struct esw_err *err)
{
	const struct esn_dev *d = dev;
	struct esn_nic_vf *v = &d->nic->vf[vf];
	const struct esw_rxq_conf qc = {
		.nb_desc = conf->nb_desc,
		.mp = conf->mp,
		.port_id = conf->port_id,
		.flags = flags_of(conf->offloads),
		.socket_id = conf->socket_id,
	};

	if (qid >= ESW_QUEUES_MAX)
		return esw_err_set(err, -EINVAL, "rx queue: %u is out of range 0 to %u", qid,
				   ESW_QUEUES_MAX - 1);
	v->rep_rxq[qid] = esw_rxq_create(d->nic->sw, esw_ep_rep(d->nic->sw, vf), qid, &qc, err);
	if (v->rep_rxq[qid] == NULL)
		return rte_errno != 0 ? -rte_errno : -ENOMEM;
	if (qid == 0)
		v->rep_mp = conf->mp;
	*queue = v->rep_rxq[qid];
	return 0;
}

int
esn_rep_txq_setup(void *dev, uint16_t vf, uint16_t qid, uint16_t nb_desc, int socket_id,
		  void **queue, struct esw_err *err)
{
	const struct esn_dev *d = dev;
	struct esn_nic_vf *v = &d->nic->vf[vf];
	const struct esw_txq_conf qc = { .nb_desc = nb_desc, .socket_id = socket_id };

	if (qid >= ESW_QUEUES_MAX)
		return esw_err_set(err, -EINVAL, "tx queue: %u is out of range 0 to %u", qid,
				   ESW_QUEUES_MAX - 1);
	v->rep_txq[qid] = esw_txq_create(d->nic->sw, esw_ep_rep(d->nic->sw, vf), qid, &qc, err);
	if (v->rep_txq[qid] == NULL)
		return rte_errno != 0 ? -rte_errno : -ENOMEM;
	*queue = v->rep_txq[qid];
	return 0;
}

/* Forget a queue wherever it is listed. A queue does not say whose it is; there are few. */
static void
forget(const void *queue)
{
	struct esn_dev *d;
	uint16_t vf, i;

	esn_dev_lock();
	for (d = esn_dev_next(NULL); d != NULL; d = esn_dev_next(d))
		for (vf = 0; vf < d->nic->nb_vfs; vf++)
			for (i = 0; i < ESW_QUEUES_MAX; i++) {
				if (d->nic->vf[vf].rep_rxq[i] == queue)
					d->nic->vf[vf].rep_rxq[i] = NULL;
				if (d->nic->vf[vf].rep_txq[i] == queue)
					d->nic->vf[vf].rep_txq[i] = NULL;
			}
	esn_dev_unlock();
}

void
esn_rep_rxq_release(void *queue)
{
	forget(queue);
	esw_rxq_destroy(queue);
}

void
esn_rep_txq_release(void *queue)
{
	forget(queue);
	esw_txq_destroy(queue);
}

int
esn_rep_offloads_set(void *queue, uint64_t offloads)
{
	return esw_rxq_flags_set(queue, flags_of(offloads));
}

/* Over as many queues as there are, by all that can be told apart; one queue needs no hash. */
static int
rss_set(const struct esn_dev *d, uint16_t vf)
{
	const struct esn_nic_vf *v = &d->nic->vf[vf];
	uint16_t ep = esw_ep_rep(d->nic->sw, vf);
	struct esw_rss rss = { .types = 0 };
	uint16_t i, n = 0;

	while (n < ESW_QUEUES_MAX && v->rep_rxq[n] != NULL)
		n++;
	if (n == 0)
		return 0;
	memcpy(rss.key, esn_rss_key, sizeof(rss.key));
	if (n > 1)
		rss.types = ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_TCP | ESW_RSS_UDP | ESW_RSS_ETH;
	for (i = 0; i < ESW_RETA_SIZE; i++)
		rss.reta[i] = i % n;
	return esw_rss_set(d->nic->sw, ep, &rss, NULL);
}

int
esn_rep_start(void *dev, uint16_t vf)
{
	const struct esn_dev *d = dev;
	struct esn_nic_vf *v = &d->nic->vf[vf];
	uint16_t i;
	int ret = rss_set(d, vf);

	/* Adopted first, in case that a process was killed while it polled them. */
	for (i = 0; i < ESW_QUEUES_MAX && ret == 0; i++) {
		if (v->rep_txq[i] == NULL)
			continue;
		esw_txq_adopt(v->rep_txq[i]);
		ret = esw_txq_start(v->rep_txq[i]);
	}
	for (i = 0; i < ESW_QUEUES_MAX && ret == 0; i++) {
		if (v->rep_rxq[i] == NULL)
			continue;
		esw_rxq_adopt(v->rep_rxq[i]);
		ret = esw_rxq_start(v->rep_rxq[i]);
	}
	if (ret != 0) {
		esn_rep_stop(dev, vf);
		return ret;
	}
	v->rep_started = true;
	if (v->rep_rxq[0] != NULL)
		esn_backing_poller_set(d->nic, vf, v->rep_rxq[0], v->rep_mp);
	return 0;
}

int
esn_rep_stop(void *dev, uint16_t vf)
{
	const struct esn_dev *d = dev;
	struct esn_nic_vf *v = &d->nic->vf[vf];
	uint16_t i;
	int ret = 0;

	v->rep_started = false;
	esn_backing_poller_set(d->nic, vf, NULL, NULL);
	for (i = 0; i < ESW_QUEUES_MAX; i++) {
		if (v->rep_rxq[i] != NULL && esw_rxq_stop(v->rep_rxq[i]) != 0)
			ret = -EAGAIN;
		if (v->rep_txq[i] != NULL && esw_txq_stop(v->rep_txq[i]) != 0)
			ret = -EAGAIN;
	}
	return ret;
}

uint32_t
esn_rep_rxq_count(void *queue)
{
	return esw_rxq_count(queue);
}

void
esn_rep_port_set(void *dev, uint16_t vf, int port_id)
{
	const struct esn_dev *d = dev;
	uint16_t had = d->nic->vf[vf].rep_port;

	/* A secondary that attaches or leaves changes nothing for others. */
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return;
	if (port_id < 0 && had != ESN_PORT_NONE)
		esn_flow_port_forget(d->nic, had, esw_ep_rep(d->nic->sw, vf));
	else if (port_id >= 0)
		esn_flow_queue_ops_set(&rte_eth_devices[port_id]);
	esn_dev_lock();
	d->nic->vf[vf].rep_port = port_id < 0 ? ESN_PORT_NONE : (uint16_t)port_id;
	esn_dev_unlock();
	if (port_id < 0)
		esn_mtr_close(d->nic->sw, esw_ep_rep(d->nic->sw, vf));
}
