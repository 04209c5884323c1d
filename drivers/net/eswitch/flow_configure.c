/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_configure.h. */
#include <pthread.h>
#include <stdlib.h>

#include "flow_configure.h"
#include "mtr_table.h"

struct esn_flow_config *esn_flow_configs[RTE_MAX_ETHPORTS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void
esn_flow_config_lock(void)
{
	pthread_mutex_lock(&lock);
}

void
esn_flow_config_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

static const struct rte_flow_port_info limits = {
	.max_nb_queues = ESN_FLOW_QUEUES_MAX,
	.max_nb_counters = ESN_FLOW_OBJECTS_MAX,
	.max_nb_aging_objects = ESN_FLOW_OBJECTS_MAX,
	.max_nb_meters = ESN_MTR_MAX,
};

int
esn_flow_info_get(struct rte_eth_dev *dev, struct rte_flow_port_info *info,
		  struct rte_flow_queue_info *queue, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	if (info != NULL)
		*info = limits;
	if (queue != NULL)
		queue->max_size = ESN_FLOW_QUEUE_SIZE_MAX;
	return 0;
}

static int
too_many(struct rte_flow_error *error, const void *cause, const char *what, uint32_t n,
	 uint32_t max)
{
	return esn_flow_say(error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, cause,
			    "%u %s are out of range 0 to %u", n, what, max);
}

static int
attr_check(const struct rte_flow_port_attr *a, uint16_t n_queues,
	   const struct rte_flow_queue_attr *queues[], struct rte_flow_error *error)
{
	if (a->nb_counters > limits.max_nb_counters)
		return too_many(error, a, "counters", a->nb_counters, limits.max_nb_counters);
	if (a->nb_aging_objects > limits.max_nb_aging_objects)
		return too_many(error, a, "ages", a->nb_aging_objects, limits.max_nb_aging_objects);
	if (a->nb_meters > limits.max_nb_meters)
		return too_many(error, a, "meters", a->nb_meters, limits.max_nb_meters);
	if (a->nb_conn_tracks > limits.max_nb_conn_tracks)
		return too_many(error, a, "tracked connections", a->nb_conn_tracks,
				limits.max_nb_conn_tracks);
	if (a->flags != 0)
		return esn_flow_say(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, a,
				    "flags %#x are not supported", a->flags);
	if (n_queues > ESN_FLOW_QUEUES_MAX)
		return too_many(error, NULL, "queues", n_queues, ESN_FLOW_QUEUES_MAX);
	for (uint16_t i = 0; i < n_queues; i++)
		if (queues[i] != NULL && queues[i]->size > ESN_FLOW_QUEUE_SIZE_MAX)
			return too_many(error, queues[i], "operations of a queue", queues[i]->size,
					ESN_FLOW_QUEUE_SIZE_MAX);
	return 0;
}

static void
queues_free(struct esw *sw, struct esn_flow_queue **queue, uint16_t n)
{
	for (uint16_t i = 0; queue != NULL && i < n; i++)
		if (queue[i] != NULL)
			esn_flow_queue_free(sw, queue[i]);
	free(queue);
}

static struct esn_flow_queue **
queues_make(struct esw *sw, uint16_t n, const struct rte_flow_queue_attr *attr[])
{
	struct esn_flow_queue **queue = calloc(RTE_MAX(n, 1), sizeof(struct esn_flow_queue *));

	for (uint16_t i = 0; queue != NULL && i < n; i++) {
		uint32_t size = attr[i] != NULL ? attr[i]->size : 0;

		queue[i] = esn_flow_queue_make(size != 0 ? size : ESN_FLOW_QUEUE_SIZE_DEFAULT);
		if (queue[i] == NULL) {
			queues_free(sw, queue, n);
			return NULL;
		}
	}
	return queue;
}

/* Under the lock. Results that nobody has pulled would be lost with their queue. */
static bool
is_in_use(const struct esn_flow_config *c)
{
	for (uint16_t i = 0; i < c->n_queues; i++)
		if (c->queue[i]->pulled != c->queue[i]->last)
			return true;
	return !TAILQ_EMPTY(&c->tables);
}

/* Under the lock. */
static int
replace(struct esn_flow_config **at, struct esw *sw, struct esn_flow_queue **queue, uint16_t n,
	struct rte_flow_error *error)
{
	struct esn_flow_config *c = *at;

	if (c != NULL && is_in_use(c)) {
		rte_flow_error_set(error, EBUSY, RTE_FLOW_ERROR_TYPE_STATE, NULL,
				   "there are template tables, or results to be pulled");
		return -EBUSY;
	}
	if (c == NULL) {
		c = calloc(1, sizeof(*c));
		if (c == NULL) {
			rte_flow_error_set(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					   "no memory for flow queues");
			return -ENOMEM;
		}
		TAILQ_INIT(&c->patterns);
		TAILQ_INIT(&c->actions);
		TAILQ_INIT(&c->tables);
	} else {
		queues_free(c->sw, c->queue, c->n_queues);
	}
	c->sw = sw;
	c->queue = queue;
	c->n_queues = n;
	*at = c;
	return 0;
}

int
esn_flow_configure(struct rte_eth_dev *dev, const struct rte_flow_port_attr *attr,
		   uint16_t n_queues, const struct rte_flow_queue_attr *queues[],
		   struct rte_flow_error *error)
{
	struct esn_flow_queue **queue;
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret == 0)
		ret = attr_check(attr, n_queues, queues, error);
	if (ret != 0)
		return ret;
	queue = queues_make(port.sw, n_queues, queues);
	if (queue == NULL)
		return rte_flow_error_set(error, ENOMEM, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					  "no memory for flow queues");
	esn_flow_config_lock();
	ret = replace(&esn_flow_configs[dev->data->port_id], port.sw, queue, n_queues, error);
	esn_flow_config_unlock();
	if (ret != 0)
		queues_free(port.sw, queue, n_queues);
	return ret;
}

bool
esn_flow_is_waiting(uint16_t port_id)
{
	const struct esn_flow_config *c = esn_flow_configs[port_id];

	for (uint16_t i = 0; c != NULL && i < c->n_queues; i++)
		if (__atomic_load_n(&c->queue[i]->done, __ATOMIC_RELAXED) !=
		    __atomic_load_n(&c->queue[i]->last, __ATOMIC_RELAXED))
			return true;
	return false;
}

void
esn_flow_queues_drop(uint16_t port_id)
{
	struct esn_flow_config *c = esn_flow_configs[port_id];

	for (uint16_t i = 0; c != NULL && i < c->n_queues; i++)
		esn_flow_queue_drop(c->sw, c->queue[i]);
}

void
esn_flow_config_drop(uint16_t port_id)
{
	struct esn_flow_config *c = esn_flow_configs[port_id];
	struct rte_flow_actions_template *at;
	struct rte_flow_pattern_template *pt;
	struct rte_flow_template_table *t;

	if (c == NULL)
		return;
	esn_flow_config_lock();
	esn_flow_configs[port_id] = NULL;
	while ((t = TAILQ_FIRST(&c->tables)) != NULL) {
		TAILQ_REMOVE(&c->tables, t, next);
		esn_flow_template_table_free(t);
	}
	while ((pt = TAILQ_FIRST(&c->patterns)) != NULL) {
		TAILQ_REMOVE(&c->patterns, pt, next);
		esn_flow_pattern_template_free(pt);
	}
	while ((at = TAILQ_FIRST(&c->actions)) != NULL) {
		TAILQ_REMOVE(&c->actions, at, next);
		esn_flow_actions_template_free(at);
	}
	esn_flow_config_unlock();
	queues_free(c->sw, c->queue, c->n_queues);
	free(c);
}
