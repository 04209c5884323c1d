/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_INDIRECT_H_
#define _ESN_FLOW_INDIRECT_H_

/*
 * Indirect actions: a counter, an age or a meter that rules share. Here is what an application
 * holds as struct rte_flow_action_handle.
 *
 * What surprises: a meter's handle is only its number, for rte_mtr owns meters. It is looked up
 * again for each rule.
 *
 * Thread-safety: any thread; a lock of its own around the list.
 */
#include <sys/queue.h>

#include "flow_port.h"

#include "flow.h"

struct esn_flow_handle {
	TAILQ_ENTRY(esn_flow_handle) next;
	struct esw *sw;
	uint16_t port_id;
	uint16_t owner; /* ESN_FLOW_EP_NONE: its port was closed, rules of others still have it */
	enum rte_flow_action_type type; /* COUNT, AGE or METER */
	uint32_t templates;             /* that name it */
	union {
		struct esw_flow_counter *counter;
		struct esw_flow_age *age;
		uint32_t mtr_id;
	};
};

struct rte_flow_action_handle *esn_flow_handle_create(struct rte_eth_dev *dev,
						      const struct rte_flow_indir_action_conf *conf,
						      const struct rte_flow_action *action,
						      struct rte_flow_error *error);
int esn_flow_handle_destroy(struct rte_eth_dev *dev, struct rte_flow_action_handle *handle,
			    struct rte_flow_error *error);
int esn_flow_handle_update(struct rte_eth_dev *dev, struct rte_flow_action_handle *handle,
			   const void *update, struct rte_flow_error *error);
int esn_flow_handle_query(struct rte_eth_dev *dev, const struct rte_flow_action_handle *handle,
			  void *data, struct rte_flow_error *error);

/* A template names it, or no longer: it is not destroyed meanwhile. */
void esn_flow_handle_hold(const struct rte_flow_action_handle *handle, bool hold);

/* The port of that endpoint goes: its handles, too, as soon as no rule has them. */
void esn_flow_handles_forget(struct esw *sw, uint16_t owner);

/* What a query of COUNT and AGE answers. */
void esn_flow_count_answer(const struct esw_flow_stats *stats, struct rte_flow_query_count *q);
void esn_flow_age_answer(uint32_t idle_s, bool aged, struct rte_flow_query_age *q);

#endif /* _ESN_FLOW_INDIRECT_H_ */
