/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Indirect actions through queues. One is made at once, for a handle is asked for; what is done to
 * it waits for what was enqueued before, since that may be a rule that has it. See flow_async.h.
 */
#include <rte_errno.h>

#include "flow_async.h"
#include "flow_queue.h"

struct rte_flow_action_handle *
esn_flow_async_handle_create(struct rte_eth_dev *dev, uint32_t queue_id,
			     const struct rte_flow_op_attr *attr,
			     const struct rte_flow_indir_action_conf *conf,
			     const struct rte_flow_action *action, void *user_data,
			     struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_room(dev, queue_id, error);
	struct rte_flow_action_handle *handle;

	if (q == NULL)
		return NULL;
	handle = esn_flow_handle_create(dev, conf, action, error);
	if (handle == NULL)
		return NULL;
	esn_flow_queue_next(q, ESN_FLOW_OP_DONE, user_data);
	esn_flow_async_go(dev, q, attr);
	return handle;
}

int
esn_flow_async_handle_destroy(struct rte_eth_dev *dev, uint32_t queue_id,
			      const struct rte_flow_op_attr *attr,
			      struct rte_flow_action_handle *handle, void *user_data,
			      struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_room(dev, queue_id, error);

	if (q == NULL)
		return -rte_errno;
	esn_flow_queue_next(q, ESN_FLOW_OP_HANDLE_DESTROY, user_data)->handle = handle;
	esn_flow_async_go(dev, q, attr);
	return 0;
}

int
esn_flow_async_handle_update(struct rte_eth_dev *dev, uint32_t queue_id,
			     const struct rte_flow_op_attr *attr,
			     struct rte_flow_action_handle *handle, const void *update,
			     void *user_data, struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_room(dev, queue_id, error);
	const struct esn_flow_handle *h = (const struct esn_flow_handle *)handle;
	struct esn_flow_op *op;

	if (q == NULL)
		return -rte_errno;
	if (h->type != RTE_FLOW_ACTION_TYPE_AGE || update == NULL)
		return esn_flow_handle_update(dev, handle, update, error); /* says why not */
	op = esn_flow_queue_next(q, ESN_FLOW_OP_HANDLE_UPDATE, user_data);
	op->handle = handle;
	op->update = *(const struct rte_flow_update_age *)update;
	esn_flow_async_go(dev, q, attr);
	return 0;
}

int
esn_flow_async_handle_query(struct rte_eth_dev *dev, uint32_t queue_id,
			    const struct rte_flow_op_attr *attr,
			    const struct rte_flow_action_handle *handle, void *data,
			    void *user_data, struct rte_flow_error *error)
{
	struct esn_flow_queue *q = esn_flow_async_room(dev, queue_id, error);
	struct esn_flow_op *op;

	if (q == NULL)
		return -rte_errno;
	op = esn_flow_queue_next(q, ESN_FLOW_OP_HANDLE_QUERY, user_data);
	op->handle = (struct rte_flow_action_handle *)(uintptr_t)handle;
	op->data = data;
	esn_flow_async_go(dev, q, attr);
	return 0;
}
