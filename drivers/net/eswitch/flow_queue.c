/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_queue.h. */
#include <stdlib.h>

#include "flow_queue.h"

#define BULK 64 /* rules under one lock: senders of other ports' rules wait for it */

struct esn_flow_queue *
esn_flow_queue_make(uint32_t size)
{
	uint32_t slots = rte_align32pow2(size);
	size_t octets = RTE_ALIGN_CEIL(sizeof(struct esn_flow_queue) +
					       slots * sizeof(struct esn_flow_op),
				       (size_t)RTE_CACHE_LINE_SIZE);
	struct esn_flow_queue *q = aligned_alloc(RTE_CACHE_LINE_SIZE, octets);

	if (q == NULL)
		return NULL;
	memset(q, 0, octets);
	q->size = size;
	q->mask = slots - 1;
	q->stock = esw_flow_stock_create();
	if (q->stock != NULL)
		return q;
	free(q);
	return NULL;
}

static struct esn_flow_op *
at(struct esn_flow_queue *q, uint32_t i)
{
	return &q->op[i & q->mask];
}

void
esn_flow_queue_drop(struct esw *sw, struct esn_flow_queue *q)
{
	for (; q->pulled != q->last; q->pulled++) {
		const struct esn_flow_op *op = at(q, q->pulled);
		bool waits = (int32_t)(q->pulled - q->done) >= 0;

		if (op->kind == ESN_FLOW_OP_CREATE && (waits || op->rc != 0))
			esw_flow_unmake(sw, op->rule);
	}
	q->done = q->last;
}

void
esn_flow_queue_free(struct esw *sw, struct esn_flow_queue *q)
{
	esn_flow_queue_drop(sw, q);
	esw_flow_stock_destroy(sw, q->stock);
	free(q);
}

/* Rules of operations of one kind that follow each other. @return how many */
static uint32_t
gather(struct esn_flow_queue *q, enum esn_flow_op_kind kind, struct esw_flow **rule)
{
	uint32_t n = 0;

	for (; n < BULK && q->done + n != q->last; n++) {
		const struct esn_flow_op *op = at(q, q->done + n);

		if (op->kind != kind)
			break;
		rule[n] = op->rule;
	}
	return n;
}

static uint32_t
rules_insert(struct esw *sw, struct esn_flow_queue *q)
{
	struct esw_flow *rule[BULK];
	int rc[BULK];
	uint32_t n = gather(q, ESN_FLOW_OP_CREATE, rule);

	if (esw_flow_insert_bulk(sw, rule, n, rc) == n)
		return n;
	for (uint32_t i = 0; i < n; i++)
		at(q, q->done + i)->rc = rc[i];
	return n;
}

/* Those whose creation failed after their destruction was enqueued cannot be destroyed. */
static uint32_t
rules_destroy(struct esw *sw, struct esn_flow_queue *q)
{
	struct esw_flow *rule[BULK];
	uint32_t n = gather(q, ESN_FLOW_OP_DESTROY, rule), there = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (esw_flow_in_force(rule[i]))
			rule[there++] = rule[i];
		else
			at(q, q->done + i)->rc = -ENOENT;
	}
	esw_flow_destroy_bulk(sw, rule, there);
	return n;
}

void
esn_flow_queue_run(struct rte_eth_dev *dev, struct esw *sw, struct esn_flow_queue *q)
{
	while (q->done != q->last) {
		struct esn_flow_op *op = at(q, q->done);
		uint32_t n = 1;

		switch (op->kind) {
		case ESN_FLOW_OP_CREATE:
			n = rules_insert(sw, q);
			break;
		case ESN_FLOW_OP_DESTROY:
			n = rules_destroy(sw, q);
			break;
		case ESN_FLOW_OP_HANDLE_DESTROY:
			op->rc = esn_flow_handle_destroy(dev, op->handle, NULL);
			break;
		case ESN_FLOW_OP_HANDLE_UPDATE:
			op->rc = esn_flow_handle_update(dev, op->handle, &op->update, NULL);
			break;
		case ESN_FLOW_OP_HANDLE_QUERY:
			op->rc = esn_flow_handle_query(dev, op->handle, op->data, NULL);
			break;
		default:
			break;
		}
		q->done += n;
	}
}

int
esn_flow_queue_pull(struct esw *sw, struct esn_flow_queue *q, struct rte_flow_op_result *res,
		    uint32_t n)
{
	n = RTE_MIN(n, q->done - q->pulled);
	for (uint32_t i = 0; i < n; i++) {
		const struct esn_flow_op *op = at(q, q->pulled++);

		res[i].user_data = op->user_data;
		res[i].status = op->rc == 0 ? RTE_FLOW_OP_SUCCESS : RTE_FLOW_OP_ERROR;
		if (unlikely(op->rc != 0) && op->kind == ESN_FLOW_OP_CREATE)
			esw_flow_unmake(sw, op->rule);
	}
	return n;
}

bool
esn_flow_queue_has(const struct esn_flow_queue *q, const struct esw_flow *rule)
{
	for (uint32_t i = q->done; i != q->last; i++)
		if (q->op[i & q->mask].kind == ESN_FLOW_OP_CREATE &&
		    q->op[i & q->mask].rule == rule)
			return true;
	return false;
}
