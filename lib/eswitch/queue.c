/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Queues: made and taken down. Control only. */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "device.h"
#include "flow_table.h"
#include "queue.h"

#define DESC_MIN 32
#define DESC_MAX 4096

static int
rxq_check(const struct esw *sw, uint16_t ep, uint16_t qid, const struct esw_rxq_conf *c,
	  struct esw_err *err)
{
	if (ep >= sw->nb_ep || qid >= ESW_QUEUES_MAX)
		return esw_err_set(err, -EINVAL, "rx queue: %u is out of range 0 to %u", qid,
				   ESW_QUEUES_MAX - 1);
	if (c->mp == NULL)
		return esw_err_set(err, -EINVAL, "rx queue %u: no mempool", qid);
	if (c->nb_desc < DESC_MIN || c->nb_desc > DESC_MAX)
		return esw_err_set(err, -EINVAL,
				   "rx queue %u: %u descriptors is out of range %u to %u", qid,
				   c->nb_desc, DESC_MIN, DESC_MAX);
	if (rte_pktmbuf_data_room_size(c->mp) < RTE_PKTMBUF_HEADROOM + ESW_MTU_MIN)
		return esw_err_set(err, -EINVAL, "rx queue %u: buffers of %u octets, at least %u",
				   qid, rte_pktmbuf_data_room_size(c->mp),
				   RTE_PKTMBUF_HEADROOM + ESW_MTU_MIN);
	if (sw->ep[ep].rxq[qid] != NULL)
		return esw_err_set(err, -EEXIST, "rx queue %u: exists already", qid);
	return 0;
}

static void
rxq_free(struct esw_rxq *q)
{
	if (q == NULL)
		return;
	rte_free(q->bell);
	rte_free(q->seen);
	rte_free(q->lane);
	rte_free(q);
}

static struct esw_rxq *
rxq_alloc(struct esw *sw, uint16_t ep, uint16_t qid, const struct esw_rxq_conf *c)
{
	struct esw_rxq *q = rte_zmalloc_socket("esw_rxq", sizeof(*q), RTE_CACHE_LINE_SIZE,
					       c->socket_id);
	size_t n = sw->nb_tx_ids;

	if (q == NULL)
		return NULL;
	q->sw = sw;
	q->ep = ep;
	q->qid = qid;
	q->pid = esw_self;
	q->nb_desc = c->nb_desc;
	q->port_id = c->port_id;
	q->flags = c->flags;
	q->mp = c->mp;
	q->room = rte_pktmbuf_data_room_size(c->mp) - RTE_PKTMBUF_HEADROOM;
	q->bell = rte_zmalloc_socket("esw_bell", n * sizeof(*q->bell), RTE_CACHE_LINE_SIZE,
				     c->socket_id);
	q->seen = rte_zmalloc_socket("esw_seen", n * sizeof(*q->seen), RTE_CACHE_LINE_SIZE,
				     c->socket_id);
	q->lane = rte_zmalloc_socket("esw_lanes", n * sizeof(void *), RTE_CACHE_LINE_SIZE,
				     c->socket_id);
	if (q->bell == NULL || q->seen == NULL || q->lane == NULL) {
		rxq_free(q);
		return NULL;
	}
	return q;
}

static int
rxq_lanes(struct esw *sw, struct esw_rxq *q)
{
	for (uint16_t i = 0; i < sw->hi_tx_ids; i++) {
		struct esw_txq *t = sw->tx_by_id[i];

		if (t != NULL && esw_is_path(sw, t->ep, q->ep) && esw_lane_create(sw, t, q) != 0)
			return -ENOMEM;
	}
	return 0;
}

/* Nobody sends to a queue that is not started; the grace period waits for its own receiver too. */
static void
rxq_unlink(struct esw *sw, struct esw_rxq *q)
{
	bool safe;

	__atomic_store_n(&q->started, false, __ATOMIC_RELEASE);
	esw_out_update(sw, q->ep);
	safe = esw_grace(sw) == 0;
	__atomic_store_n(&sw->ep[q->ep].rxq[q->qid], NULL, __ATOMIC_RELEASE);
	for (uint16_t i = 0; i < sw->hi_tx_ids; i++)
		if (sw->tx_by_id[i] != NULL)
			esw_lane_destroy(sw, sw->tx_by_id[i], q, safe);
	if (safe)
		rxq_free(q);
}

struct esw_rxq *
esw_rxq_create(struct esw *sw, uint16_t ep, uint16_t qid, const struct esw_rxq_conf *conf,
	       struct esw_err *err)
{
	struct esw_rxq *q = NULL;
	int rc;

	esw_lock(sw);
	rc = rxq_check(sw, ep, qid, conf, err);
	if (rc != 0)
		goto out;
	q = rxq_alloc(sw, ep, qid, conf);
	if (q != NULL) {
		sw->ep[ep].rxq[qid] = q;
		rc = rxq_lanes(sw, q);
	}
	if (q == NULL || rc != 0) {
		if (q != NULL)
			rxq_unlink(sw, q);
		q = NULL;
		rc = esw_err_set(err, -ENOMEM, "rx queue %u: no memory", qid);
	}
out:
	esw_unlock(sw);
	rte_errno = -rc;
	return q;
}

void
esw_rxq_destroy(struct esw_rxq *q)
{
	struct esw *sw;

	if (q == NULL)
		return;
	sw = q->sw;
	esw_lock(sw);
	rxq_unlink(sw, q);
	esw_unlock(sw);
}

static int
tx_id_alloc(struct esw *sw, struct esw_txq *q)
{
	for (uint16_t i = 0; i < sw->nb_tx_ids; i++) {
		if (sw->tx_by_id[i] != NULL)
			continue;
		q->id = i;
		sw->tx_by_id[i] = q;
		if (i >= sw->hi_tx_ids)
			__atomic_store_n(&sw->hi_tx_ids, RTE_ALIGN_CEIL(i + 1, 16),
					 __ATOMIC_RELEASE);
		return 0;
	}
	return -ENOSPC;
}

static void
txq_free(struct esw_txq *q)
{
	if (q == NULL)
		return;
	for (unsigned int k = 0; k < ESW_QUEUES_MAX; k++)
		rte_free(q->to[k]);
	rte_free(q->cache);
	rte_free(q->at);
	rte_free(q->sum);
	rte_free(q);
}

static struct esw_txq *
txq_alloc(struct esw *sw, uint16_t ep, uint16_t qid, const struct esw_txq_conf *c)
{
	struct esw_txq *q = rte_zmalloc_socket("esw_txq", sizeof(*q), RTE_CACHE_LINE_SIZE,
					       c->socket_id);

	if (q == NULL)
		return NULL;
	q->sw = sw;
	q->ep = ep;
	q->qid = qid;
	q->pid = esw_self;
	q->nb_desc = c->nb_desc;
	q->at = rte_zmalloc_socket("esw_at", sizeof(*q->at) * sw->nb_ep, RTE_CACHE_LINE_SIZE,
				   c->socket_id);
	q->sum = rte_zmalloc_socket("esw_sum", sizeof(*q->sum) * sw->nb_ep, RTE_CACHE_LINE_SIZE,
				    c->socket_id);
	if (q->at == NULL || q->sum == NULL) {
		txq_free(q);
		return NULL;
	}
	return q;
}

static int
txq_lanes(struct esw *sw, struct esw_txq *q)
{
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++) {
		for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
			struct esw_rxq *r = sw->ep[ep].rxq[k];

			if (r != NULL && esw_is_path(sw, q->ep, ep) &&
			    esw_lane_create(sw, q, r) != 0)
				return -ENOMEM;
		}
	}
	return 0;
}

static void
txq_fold(struct esw *sw, const struct esw_txq *q)
{
	struct esw_counters *c = &sw->ep[q->ep].old;

	for (unsigned int f = 0; f < ESW_FATE_RX_FIRST; f++)
		c->fate[f] += q->fate[f];
	c->tx_bytes += q->bytes;
	c->tx_mcast += q->mcast;
	c->tx_bcast += q->bcast;
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++) {
		c = &sw->ep[ep].old;
		for (unsigned int f = ESW_FATE_RX_FIRST; f < ESW_FATE_COUNT; f++)
			c->fate[f] += q->at[ep].n[f - ESW_FATE_RX_FIRST];
		c->rx_mcast += q->at[ep].n[ESW_AT_MCAST];
		c->rx_bcast += q->at[ep].n[ESW_AT_BCAST];
	}
}

static void
txq_unlink(struct esw *sw, struct esw_txq *q)
{
	bool safe;

	q->started = false;
	sw->ep[q->ep].txq[q->qid] = NULL;
	/* Receivers let go of the lanes; they find them by r->lane[id]. */
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++)
		for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++)
			if (sw->ep[ep].rxq[k] != NULL)
				__atomic_store_n(&sw->ep[ep].rxq[k]->lane[q->id], NULL,
						 __ATOMIC_RELEASE);
	safe = esw_grace(sw) == 0;
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++)
		for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++)
			if (sw->ep[ep].rxq[k] != NULL)
				esw_lane_destroy(sw, q, sw->ep[ep].rxq[k], safe);
	txq_fold(sw, q);
	if (!safe) { /* the number stays taken: its lanes' state is unknown */
		memset(q->at, 0, sizeof(*q->at) * sw->nb_ep);
		return;
	}
	__atomic_store_n(&sw->tx_by_id[q->id], NULL, __ATOMIC_RELEASE);
	esw_grace(sw); /* a receiver may be looking at whose lanes it has */
	txq_free(q);
}

struct esw_txq *
esw_txq_create(struct esw *sw, uint16_t ep, uint16_t qid, const struct esw_txq_conf *conf,
	       struct esw_err *err)
{
	struct esw_txq *q = NULL;
	int rc = 0;

	if (ep >= sw->nb_ep || qid >= ESW_QUEUES_MAX) {
		rte_errno = EINVAL;
		esw_err_set(err, -EINVAL, "tx queue: %u is out of range 0 to %u", qid,
			    ESW_QUEUES_MAX - 1);
		return NULL;
	}
	esw_lock(sw);
	if (sw->ep[ep].txq[qid] != NULL) {
		rc = esw_err_set(err, -EEXIST, "tx queue %u: exists already", qid);
		goto out;
	}
	q = txq_alloc(sw, ep, qid, conf);
	if (q == NULL) {
		rc = esw_err_set(err, -ENOMEM, "tx queue %u: no memory", qid);
		goto out;
	}
	if (tx_id_alloc(sw, q) != 0) {
		txq_free(q);
		q = NULL;
		rc = esw_err_set(err, -ENOSPC, "tx queue %u: the device has %u, the limit", qid,
				 sw->nb_tx_ids);
		goto out;
	}
	sw->ep[ep].txq[qid] = q;
	if (txq_lanes(sw, q) != 0) {
		txq_unlink(sw, q);
		q = NULL;
		rc = esw_err_set(err, -ENOMEM, "tx queue %u: no memory for its lanes", qid);
	}
	esw_flow_cache_update(sw, ep);
out:
	esw_unlock(sw);
	rte_errno = -rc;
	return q;
}

void
esw_txq_destroy(struct esw_txq *q)
{
	struct esw *sw;

	if (q == NULL)
		return;
	sw = q->sw;
	esw_lock(sw);
	txq_unlink(sw, q);
	esw_unlock(sw);
}
