/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_CONFIGURE_H_
#define _ESN_FLOW_CONFIGURE_H_

/*
 * What rte_flow_configure() made of a port: queues, and the templates and tables that came later.
 *
 * What surprises: counters, ages and meters are made when a rule needs them. Numbers that are asked
 * for are compared with the limits and otherwise forgotten.
 *
 * Thread-safety: a lock for what control does (templates, tables, configure). A queue belongs to
 * one thread at a time, which takes no lock of the port's; that its table is there is up to the
 * application, as rte_flow says.
 */
#include "flow_queue.h"
#include "flow_template.h"

#define ESN_FLOW_QUEUES_MAX 64
#define ESN_FLOW_QUEUE_SIZE_MAX 65536
#define ESN_FLOW_QUEUE_SIZE_DEFAULT 1024
/* Nothing but memory limits them; a counter takes 64 octets, so this is more than 1 GiB. */
#define ESN_FLOW_OBJECTS_MAX (1u << 24)

/* Rules of one table by one sender, that is: of one pattern and one actions template. */
struct esn_flow_sender {
	struct esn_flow_sender *next;
	struct esw_flow_spec spec; /* attributes and sender */
	struct esw_flow_plan *plan;
	uint32_t n_later;
	uint8_t from[ESN_FLOW_TEMPLATE_LEN]; /* which actions these are */
};

/* A pattern template with an actions template. */
struct esn_flow_pair {
	const struct rte_flow_pattern_template *pt;
	const struct rte_flow_actions_template *at;
	bool slow; /* each rule is translated as a whole */
	struct esn_flow_sender *sender;
};

struct rte_flow_template_table {
	TAILQ_ENTRY(rte_flow_template_table) next;
	struct esn_flow_port port;
	struct esw_flow_spec spec; /* attributes; the sender, where no item names it */
	struct esw_flow_quota quota;
	uint8_t n_pt, n_at;
	struct esn_flow_pair *pair; /* [pt * n_at + at] */
	struct rte_flow_pattern_template **pt;
	struct rte_flow_actions_template **at;
};

struct esn_flow_config {
	struct esw *sw;
	uint16_t n_queues;
	struct esn_flow_queue **queue;
	TAILQ_HEAD(, rte_flow_pattern_template) patterns;
	TAILQ_HEAD(, rte_flow_actions_template) actions;
	TAILQ_HEAD(, rte_flow_template_table) tables;
};

/* Of a port; NULL: rte_flow_configure() was not called, or this is not the primary process. */
extern struct esn_flow_config *esn_flow_configs[RTE_MAX_ETHPORTS];

static inline struct esn_flow_config *
esn_flow_config(const struct rte_eth_dev *dev)
{
	return esn_flow_configs[dev->data->port_id];
}

void esn_flow_config_lock(void);
void esn_flow_config_unlock(void);

int esn_flow_info_get(struct rte_eth_dev *dev, struct rte_flow_port_info *info,
		      struct rte_flow_queue_info *queue, struct rte_flow_error *error);
int esn_flow_configure(struct rte_eth_dev *dev, const struct rte_flow_port_attr *attr,
		       uint16_t n_queues, const struct rte_flow_queue_attr *queues[],
		       struct rte_flow_error *error);

/* Are operations waiting that name rules or tables of the port? */
bool esn_flow_is_waiting(uint16_t port_id);
/* The port goes, first: operations that wait are forgotten. */
void esn_flow_queues_drop(uint16_t port_id);
/* And when its rules are gone: all of it. */
void esn_flow_config_drop(uint16_t port_id);

/* flow_template.c: the operations. */
struct rte_flow_pattern_template *esn_flow_pattern_template_create(
	struct rte_eth_dev *dev, const struct rte_flow_pattern_template_attr *attr,
	const struct rte_flow_item items[], struct rte_flow_error *error);
int esn_flow_pattern_template_destroy(struct rte_eth_dev *dev, struct rte_flow_pattern_template *t,
				      struct rte_flow_error *error);
struct rte_flow_actions_template *esn_flow_actions_template_create(
	struct rte_eth_dev *dev, const struct rte_flow_actions_template_attr *attr,
	const struct rte_flow_action actions[], const struct rte_flow_action masks[],
	struct rte_flow_error *error);
int esn_flow_actions_template_destroy(struct rte_eth_dev *dev, struct rte_flow_actions_template *t,
				      struct rte_flow_error *error);

/* flow_template_table.c */
struct rte_flow_template_table *esn_flow_template_table_create(
	struct rte_eth_dev *dev, const struct rte_flow_template_table_attr *attr,
	struct rte_flow_pattern_template *pts[], uint8_t n_pts,
	struct rte_flow_actions_template *ats[], uint8_t n_ats, struct rte_flow_error *error);
int esn_flow_template_table_destroy(struct rte_eth_dev *dev, struct rte_flow_template_table *t,
				    struct rte_flow_error *error);
/* Under the lock, no rule of it is left. */
void esn_flow_template_table_free(struct rte_flow_template_table *t);

/* What rules by this sender are made of; NULL with the refusal, or rte_errno E2BIG: no such. */
const struct esn_flow_sender *esn_flow_sender_get(struct rte_flow_template_table *t,
						  struct esn_flow_pair *pair, uint16_t ep,
						  struct rte_flow_error *error);

#endif /* _ESN_FLOW_CONFIGURE_H_ */
