/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_ASYNC_H_
#define _ESN_FLOW_ASYNC_H_

/*
 * Operations of flow queues: rules of template tables, and indirect actions. See flow_queue.h.
 */
#include <rte_flow_driver.h>

#include "compat.h"

struct rte_flow *esn_flow_async_create(struct rte_eth_dev *dev, uint32_t queue_id,
				       const struct rte_flow_op_attr *attr,
				       struct rte_flow_template_table *table,
				       const struct rte_flow_item items[], uint8_t pt_index,
				       const struct rte_flow_action actions[], uint8_t at_index,
				       void *user_data, struct rte_flow_error *error);
int esn_flow_async_destroy(struct rte_eth_dev *dev, uint32_t queue_id,
			   const struct rte_flow_op_attr *attr, struct rte_flow *flow,
			   void *user_data, struct rte_flow_error *error);
int esn_flow_push(struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_error *error);
int esn_flow_pull(struct rte_eth_dev *dev, uint32_t queue_id, struct rte_flow_op_result res[],
		  uint16_t n, struct rte_flow_error *error);

/* flow_async_handle.c */
struct rte_flow_action_handle *esn_flow_async_handle_create(
	struct rte_eth_dev *dev, uint32_t queue_id, const struct rte_flow_op_attr *attr,
	const struct rte_flow_indir_action_conf *conf, const struct rte_flow_action *action,
	void *user_data, struct rte_flow_error *error);
int esn_flow_async_handle_destroy(struct rte_eth_dev *dev, uint32_t queue_id,
				  const struct rte_flow_op_attr *attr,
				  struct rte_flow_action_handle *handle, void *user_data,
				  struct rte_flow_error *error);
int esn_flow_async_handle_update(struct rte_eth_dev *dev, uint32_t queue_id,
				 const struct rte_flow_op_attr *attr,
				 struct rte_flow_action_handle *handle, const void *update,
				 void *user_data, struct rte_flow_error *error);
int esn_flow_async_handle_query(struct rte_eth_dev *dev, uint32_t queue_id,
				const struct rte_flow_op_attr *attr,
				const struct rte_flow_action_handle *handle, void *data,
				void *user_data, struct rte_flow_error *error);

/* See ESW_FLOW_OP in compat.h. */
#define ESN_FLOW_QUEUE_OPS(X) \
	X(async_create, esn_flow_async_create) \
	X(async_destroy, esn_flow_async_destroy) \
	X(push, esn_flow_push) \
	X(pull, esn_flow_pull) \
	X(async_action_handle_create, esn_flow_async_handle_create) \
	X(async_action_handle_destroy, esn_flow_async_handle_destroy) \
	X(async_action_handle_update, esn_flow_async_handle_update) \
	X(async_action_handle_query, esn_flow_async_handle_query)

struct esn_flow_config;
struct esn_flow_queue;

/* The queue of a call, and room in it for one more operation; NULL with the refusal. */
struct esn_flow_queue *esn_flow_async_queue(const struct rte_eth_dev *dev, uint32_t queue_id,
					    struct rte_flow_error *error);
struct esn_flow_queue *esn_flow_async_room(const struct rte_eth_dev *dev, uint32_t queue_id,
					   struct rte_flow_error *error);
/* An operation was enqueued: now, or with a later one? */
void esn_flow_async_go(struct rte_eth_dev *dev, struct esn_flow_queue *q,
		       const struct rte_flow_op_attr *attr);

#endif /* _ESN_FLOW_ASYNC_H_ */
