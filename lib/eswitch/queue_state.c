/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Queues that exist: started, stopped, handed to another process, asked how full they are. */
#include <errno.h>
#include <string.h>

#include "device.h"
#include "queue.h"

/*
 * Take all that waits and free it: the receiver is stopped and senders are shut out. What a killed
 * receiver left is only forgotten (see lane_empty() in queue.c).
 */
static void
rxq_drain(struct esw_rxq *q)
{
	struct rte_mbuf *m[32];
	bool gone = esw_is_gone(q->pid);
	uint16_t n;

	do {
		n = gone ? 0 : esw_rxq_take(q, m, RTE_DIM(m));
		rte_pktmbuf_free_bulk(m, n);
	} while (n != 0);
	for (uint16_t i = 0; gone && i < q->sw->hi_tx_ids; i++) {
		q->seen[i] = q->bell[i];
		if (q->lane[i] != NULL)
			q->lane[i]->cons = esw_bell_count(q->bell[i]);
	}
}

/* Mbufs may be moved only within a process: tell every sender of this queue. */
static void
rxq_direct(struct esw_rxq *q)
{
	struct esw *sw = q->sw;

	for (uint16_t i = 0; i < sw->hi_tx_ids; i++) {
		struct esw_txq *t = sw->tx_by_id[i];
		struct esw_to *to = NULL;

		if (t != NULL && t->to[q->qid] != NULL)
			to = &t->to[q->qid][q->ep];
		if (to != NULL && to->lane != NULL)
			__atomic_store_n(&to->mp,
					 t->pid == q->pid && !to->lane->posted ? q->mp : NULL,
					 __ATOMIC_RELEASE);
	}
}

static void
txq_direct(struct esw_txq *t)
{
	struct esw *sw = t->sw;

	for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
		for (uint16_t ep = 0; t->to[k] != NULL && ep < sw->nb_ep; ep++) {
			const struct esw_rxq *r = sw->ep[ep].rxq[k];
			struct esw_to *to = &t->to[k][ep];

			/* What a killed sender wrote and did not tell of never was. */
			to->gen = 0;
			to->open = false;
			if (to->lane != NULL && r != NULL)
				__atomic_store_n(&to->mp,
						 t->pid == r->pid && !to->lane->posted ? r->mp :
											 NULL,
						 __ATOMIC_RELEASE);
		}
	}
}

/* The queue's last user was killed, perhaps inside a burst: that burst is over. */
static void
settle(uint32_t *epoch, uint32_t pid)
{
	if (esw_is_gone(pid) && (*epoch & 1) != 0)
		__atomic_store_n(epoch, *epoch + 1, __ATOMIC_RELEASE);
}

/* The queue's user is this process now. What a killed one had begun to add up is forgotten. */
static void
txq_take_over(struct esw_txq *q)
{
	settle(&q->epoch, q->pid);
	if (q->pid != esw_self)
		memset(q->sum, 0, sizeof(*q->sum) * q->sw->nb_ep);
	q->pid = esw_self;
	txq_direct(q);
}

int
esw_rxq_start(struct esw_rxq *q)
{
	struct esw *sw = q->sw;

	esw_lock(sw);
	settle(&q->epoch, q->pid);
	q->pid = esw_self;
	rxq_direct(q);
	q->started = true;
	__atomic_fetch_add(&sw->post_gen, 1, __ATOMIC_RELEASE);
	esw_out_update(sw, q->ep);
	esw_unlock(sw);
	return 0;
}

int
esw_rxq_stop(struct esw_rxq *q)
{
	struct esw *sw = q->sw;
	int rc;

	esw_lock(sw);
	__atomic_store_n(&q->started, false, __ATOMIC_RELEASE);
	esw_out_update(sw, q->ep);
	rc = esw_grace(sw);
	if (rc == 0)
		rxq_drain(q);
	esw_unlock(sw);
	return rc;
}

int
esw_txq_start(struct esw_txq *q)
{
	struct esw *sw = q->sw;

	esw_lock(sw);
	txq_take_over(q);
	__atomic_store_n(&q->started, true, __ATOMIC_RELEASE);
	__atomic_fetch_add(&sw->post_gen, 1, __ATOMIC_RELEASE);
	esw_unlock(sw);
	return 0;
}

int
esw_txq_stop(struct esw_txq *q)
{
	struct esw *sw = q->sw;
	int rc;

	esw_lock(sw);
	__atomic_store_n(&q->started, false, __ATOMIC_RELEASE);
	rc = esw_grace(sw);
	esw_unlock(sw);
	return rc;
}

int
esw_rxq_flags_set(struct esw_rxq *q, uint32_t flags)
{
	struct esw *sw = q->sw;

	esw_lock(sw);
	q->flags = flags;
	esw_out_update(sw, q->ep);
	esw_grace(sw);
	esw_unlock(sw);
	return 0;
}

/*
 * The last user may have died anywhere inside a burst. What it had taken out of a lane but not said
 * so is given back to the senders as room; a posted slot that it did not refill keeps its buffer,
 * which died with it in that process's hands and is hence free to be filled again. The grace period
 * is for senders that may be pushing mbufs as to their own process: only when they are through may
 * buffers be posted.
 */
static int
rxq_adopt_locked(struct esw_rxq *q)
{
	struct esw *sw = q->sw;

	settle(&q->epoch, q->pid);
	for (uint16_t i = 0; i < sw->hi_tx_ids; i++) {
		struct esw_lane *l = __atomic_load_n(&q->lane[i], __ATOMIC_ACQUIRE);

		if (l != NULL)
			__atomic_store_n(&l->cons, esw_bell_count(q->seen[i]), __ATOMIC_RELEASE);
	}
	q->pid = esw_self;
	q->holes = 1;
	rxq_direct(q);
	if (esw_grace(sw) != 0)
		return -EAGAIN;
	__atomic_fetch_add(&sw->post_gen, 1, __ATOMIC_RELEASE);
	return 0;
}

static int
txq_adopt_locked(struct esw_txq *q)
{
	txq_take_over(q);
	__atomic_fetch_add(&q->sw->post_gen, 1, __ATOMIC_RELEASE);
	return 0;
}

int
esw_rxq_adopt(struct esw_rxq *q)
{
	int rc;

	esw_lock(q->sw);
	rc = rxq_adopt_locked(q);
	esw_unlock(q->sw);
	return rc;
}

int
esw_txq_adopt(struct esw_txq *q)
{
	int rc;

	esw_lock(q->sw);
	rc = txq_adopt_locked(q);
	esw_unlock(q->sw);
	return rc;
}

bool
esw_rxq_try_adopt(struct esw_rxq *q)
{
	bool ok;

	if (!esw_trylock(q->sw))
		return false;
	ok = rxq_adopt_locked(q) == 0;
	esw_unlock(q->sw);
	return ok;
}

bool
esw_txq_try_adopt(struct esw_txq *q)
{
	bool ok;

	if (!esw_trylock(q->sw))
		return false;
	ok = txq_adopt_locked(q) == 0;
	esw_unlock(q->sw);
	return ok;
}

uint32_t
esw_rxq_count(const struct esw_rxq *q)
{
	uint32_t n = 0;

	for (uint16_t i = 0; i < q->sw->hi_tx_ids; i++)
		n += (uint16_t)(esw_bell_count(__atomic_load_n(&q->bell[i], __ATOMIC_RELAXED)) -
				esw_bell_count(q->seen[i]));
	return n;
}
