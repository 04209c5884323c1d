/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_QUEUE_H_
#define _ESN_FLOW_QUEUE_H_

/*
 * A queue of flow operations: a ring of those that wait to be done and, in front of them, those
 * that are done and wait to be pulled.
 *
 * What surprises:
 * - a rule has its handle and all its octets when it is enqueued; what waits is to put it in force;
 * - operations are done in their order, by rte_flow_push() or the next one that is not postponed,
 *   in the caller's thread. There is no other: "asynchronous" is rte_flow's word;
 * - the size counts both kinds: who never pulls fills the queue;
 * - a rule whose creation failed is there until its result is pulled. A destruction of it fails.
 *
 * Thread-safety: one thread a queue.
 */
#include "flow_indirect.h"

#include "flow_plan.h"

enum esn_flow_op_kind {
	ESN_FLOW_OP_DONE, /* when it was enqueued; rc says how */
	ESN_FLOW_OP_CREATE,
	ESN_FLOW_OP_DESTROY,
	ESN_FLOW_OP_HANDLE_DESTROY,
	ESN_FLOW_OP_HANDLE_UPDATE,
	ESN_FLOW_OP_HANDLE_QUERY,
};

struct esn_flow_op {
	void *user_data;
	union {
		struct esw_flow *rule;
		struct rte_flow_action_handle *handle;
	};
	union {
		void *data;                        /* of a query */
		struct rte_flow_update_age update; /* of an update */
	};
	int rc;
	enum esn_flow_op_kind kind;
};

struct esn_flow_queue {
	struct esw_flow_stock *stock;
	uint32_t size, mask; /* operations that are let in; slots of the ring - 1 */
	/* They count on for ever: pulled <= done <= last. */
	uint32_t pulled, done, last;
	struct esn_flow_op op[];
} __rte_cache_aligned;

/* NULL: no memory. */
struct esn_flow_queue *esn_flow_queue_make(uint32_t size);
/* What waits is forgotten; rules that are in force stay. */
void esn_flow_queue_drop(struct esw *sw, struct esn_flow_queue *q);
void esn_flow_queue_free(struct esw *sw, struct esn_flow_queue *q);

static inline bool
esn_flow_queue_is_full(const struct esn_flow_queue *q)
{
	return q->last - q->pulled >= q->size;
}

/* Room for one more, which there is. */
static inline struct esn_flow_op *
esn_flow_queue_next(struct esn_flow_queue *q, enum esn_flow_op_kind kind, void *user_data)
{
	struct esn_flow_op *op = &q->op[q->last++ & q->mask];

	op->user_data = user_data;
	op->rc = 0;
	op->kind = kind;
	return op;
}

/* Do all that waits. */
void esn_flow_queue_run(struct rte_eth_dev *dev, struct esw *sw, struct esn_flow_queue *q);
int esn_flow_queue_pull(struct esw *sw, struct esn_flow_queue *q, struct rte_flow_op_result *res,
			uint32_t n);
/* Does the creation of this rule wait? */
bool esn_flow_queue_has(const struct esn_flow_queue *q, const struct esw_flow *rule);

#endif /* _ESN_FLOW_QUEUE_H_ */
