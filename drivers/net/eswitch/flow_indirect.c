/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_indirect.h. */
#include <pthread.h>
#include <stdlib.h>

#include "flow_indirect.h"
#include "flow_item.h"
#include "flow_ops.h"
#include "mtr.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TAILQ_HEAD(, esn_flow_handle) handles = TAILQ_HEAD_INITIALIZER(handles);

static int
no(struct rte_flow_error *error, int code, const void *cause, const char *why)
{
	return rte_flow_error_set(error, code, RTE_FLOW_ERROR_TYPE_ACTION, cause, why);
}

static int
conf_check(const struct esn_flow_port *port, const struct rte_flow_indir_action_conf *conf,
	   struct rte_flow_error *error)
{
	if (conf != NULL && conf->egress != 0)
		return rte_flow_error_set(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ATTR_EGRESS, NULL,
					  "egress rules are not supported");
	if (conf != NULL && conf->transfer != 0 && port->kind == ESN_FLOW_VF)
		return rte_flow_error_set(error, EPERM, RTE_FLOW_ERROR_TYPE_ATTR_TRANSFER, NULL,
					  "a VF does not program the e-switch");
	return 0;
}

static int
age_make(struct esn_flow_handle *h, const struct rte_flow_action *action, struct esw_err *err,
	 struct rte_flow_error *error)
{
	const struct rte_flow_action_age *c = action->conf;

	if (c->timeout == 0)
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, c,
					  "a timeout of 0 s is out of range 1 to 16777215");
	h->age = esw_flow_age_create(h->sw, h->owner, c->timeout,
				     c->context != NULL ? c->context : h, err);
	return h->age == NULL ? -ENOMEM : 0;
}

static int
meter_make(struct esn_flow_handle *h, const struct rte_flow_action *action,
	   struct rte_flow_error *error)
{
	const struct rte_flow_action_meter *c = action->conf;

	h->mtr_id = c->mtr_id;
	if (esn_mtr_find(&rte_eth_devices[h->port_id], c->mtr_id) != NULL)
		return 0;
	return esn_flow_say(error, ENOENT, RTE_FLOW_ERROR_TYPE_ACTION_CONF, c,
			    "the port has no meter %u", c->mtr_id);
}

/* The object behind a handle. */
static int
object_make(struct esn_flow_handle *h, const struct rte_flow_action *action,
	    struct rte_flow_error *error)
{
	struct esw_err err = { .msg = "" };
	int ret = 0;

	if (h->type != RTE_FLOW_ACTION_TYPE_COUNT && action->conf == NULL)
		return no(error, EINVAL, action, "this action needs a configuration");
	switch ((int)h->type) {
	case RTE_FLOW_ACTION_TYPE_COUNT:
		h->counter = esw_flow_counter_create(h->sw, &err);
		ret = h->counter == NULL ? -ENOMEM : 0;
		break;
	case RTE_FLOW_ACTION_TYPE_AGE:
		ret = age_make(h, action, &err, error);
		break;
	default:
		return meter_make(h, action, error);
	}
	if (ret != 0 && err.msg[0] != '\0')
		return esn_flow_say(error, -ret, RTE_FLOW_ERROR_TYPE_ACTION, action, "%s", err.msg);
	return ret;
}

struct rte_flow_action_handle *
esn_flow_handle_create(struct rte_eth_dev *dev, const struct rte_flow_indir_action_conf *conf,
		       const struct rte_flow_action *action, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	struct esn_flow_handle *h;

	if (esn_flow_port_get(dev, &port, error) != 0 || conf_check(&port, conf, error) != 0)
		return NULL;
	if (action->type != RTE_FLOW_ACTION_TYPE_COUNT &&
	    action->type != RTE_FLOW_ACTION_TYPE_AGE &&
	    action->type != RTE_FLOW_ACTION_TYPE_METER) {
		no(error, ENOTSUP, action, "only COUNT, AGE and METER can be shared");
		return NULL;
	}
	h = calloc(1, sizeof(*h));
	if (h == NULL) {
		no(error, ENOMEM, action, "no memory for a handle");
		return NULL;
	}
	h->sw = port.sw;
	h->port_id = dev->data->port_id;
	h->owner = port.ep;
	h->type = action->type;
	if (object_make(h, action, error) != 0) {
		free(h);
		return NULL;
	}
	if (h->type == RTE_FLOW_ACTION_TYPE_AGE)
		esn_flow_aged_watch(&port);
	pthread_mutex_lock(&lock);
	TAILQ_INSERT_TAIL(&handles, h, next);
	pthread_mutex_unlock(&lock);
	return (struct rte_flow_action_handle *)h;
}

/* Under the lock. */
static int
drop(struct esn_flow_handle *h, struct esw_err *err)
{
	int ret = 0;

	if (h->templates != 0)
		return esw_err_set(err, -EBUSY, "the action is named by %u templates",
				   h->templates);
	if (h->type == RTE_FLOW_ACTION_TYPE_COUNT)
		ret = esw_flow_counter_destroy(h->sw, h->counter, err);
	else if (h->type == RTE_FLOW_ACTION_TYPE_AGE)
		ret = esw_flow_age_destroy(h->sw, h->age, err);
	if (ret != 0)
		return ret;
	TAILQ_REMOVE(&handles, h, next);
	free(h);
	return 0;
}

int
esn_flow_handle_destroy(struct rte_eth_dev *dev, struct rte_flow_action_handle *handle,
			struct rte_flow_error *error)
{
	struct esw_err err = { .msg = "" };
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&lock);
	ret = drop((struct esn_flow_handle *)handle, &err);
	pthread_mutex_unlock(&lock);
	return ret == 0 ?
		       0 :
		       esn_flow_say(error, -ret, RTE_FLOW_ERROR_TYPE_HANDLE, handle, "%s", err.msg);
}

void
esn_flow_handle_hold(const struct rte_flow_action_handle *handle, bool hold)
{
	struct esn_flow_handle *h = (struct esn_flow_handle *)(uintptr_t)handle;

	pthread_mutex_lock(&lock);
	h->templates += hold ? 1 : -1;
	pthread_mutex_unlock(&lock);
}

void
esn_flow_handles_forget(struct esw *sw, uint16_t owner)
{
	struct esn_flow_handle *h, *next;

	pthread_mutex_lock(&lock);
	for (h = TAILQ_FIRST(&handles); h != NULL; h = next) {
		next = TAILQ_NEXT(h, next);
		if (h->sw != sw || (h->owner != owner && h->owner != ESN_FLOW_EP_NONE))
			continue;
		if (drop(h, NULL) != 0)
			h->owner = ESN_FLOW_EP_NONE; /* another port's close tries again */
	}
	pthread_mutex_unlock(&lock);
}

int
esn_flow_handle_update(struct rte_eth_dev *dev, struct rte_flow_action_handle *handle,
		       const void *update, struct rte_flow_error *error)
{
	struct esn_flow_handle *h = (struct esn_flow_handle *)handle;
	const struct rte_flow_update_age *u = update;
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	if (h->type != RTE_FLOW_ACTION_TYPE_AGE)
		return no(error, ENOTSUP, NULL, "only an AGE can be updated");
	if (u == NULL)
		return no(error, EINVAL, NULL, "there is nothing to update to");
	/* Such is also what is left of an AGE's own configuration, taken for an update. */
	if (u->reserved != 0 || (u->timeout_valid == 0 && u->touch == 0))
		return no(error, EINVAL, NULL, "an AGE's update has a timeout or a touch");
	if (u->timeout_valid != 0 && u->timeout == 0)
		return no(error, ENOTSUP, NULL, "an AGE cannot be stopped by a timeout of 0");
	if (u->timeout_valid != 0)
		esw_flow_age_update(h->sw, h->age, u->timeout);
	else if (u->touch != 0)
		esw_flow_age_update(h->sw, h->age, 0);
	return 0;
}

void
esn_flow_count_answer(const struct esw_flow_stats *stats, struct rte_flow_query_count *q)
{
	q->hits_set = 1;
	q->bytes_set = 1;
	q->hits = stats->packets;
	q->bytes = stats->bytes;
}

void
esn_flow_age_answer(uint32_t idle_s, bool aged, struct rte_flow_query_age *q)
{
	q->aged = aged;
	q->sec_since_last_hit_valid = 1;
	q->sec_since_last_hit = RTE_MIN(idle_s, (1u << 24) - 1);
}

int
esn_flow_handle_query(struct rte_eth_dev *dev, const struct rte_flow_action_handle *handle,
		      void *data, struct rte_flow_error *error)
{
	const struct esn_flow_handle *h = (const struct esn_flow_handle *)handle;
	struct esw_flow_stats stats;
	struct esn_flow_port port;
	uint32_t idle_s;
	bool aged;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	switch ((int)h->type) {
	case RTE_FLOW_ACTION_TYPE_COUNT:
		esw_flow_counter_get(h->sw, h->counter,
				     ((struct rte_flow_query_count *)data)->reset != 0, &stats);
		esn_flow_count_answer(&stats, data);
		return 0;
	case RTE_FLOW_ACTION_TYPE_AGE:
		esw_flow_age_shared_get(h->sw, h->age, &idle_s, &aged);
		esn_flow_age_answer(idle_s, aged, data);
		return 0;
	default:
		return no(error, ENOTSUP, NULL, "a meter is queried through rte_mtr");
	}
}
