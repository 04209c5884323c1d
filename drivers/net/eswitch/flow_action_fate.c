/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Actions that say where a frame goes. See flow_action_table.h. */
#include <string.h>

#include "flow_action_table.h"

static int
port(struct esn_flow_act_walk *w, uint32_t id, enum esn_flow_as as, struct esw_flow_act *a)
{
	const char *why;
	int ret = esn_flow_port_ep(w->port, id, as, &a->ep, &why);

	if (ret != 0)
		return esn_flow_act_no(w, -ret, why);
	if (a->ep == w->spec->ep)
		return esn_flow_act_no(w, EINVAL, "frames would go back to who sent them");
	if (!w->in_sample)
		w->has_port = true;
	return 0;
}

int
esn_flow_get_port_id(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_port_id *c = conf;

	if (c->original != 0)
		return esn_flow_conf_no(w, ENOTSUP, "there is no original port");
	return port(w, c->id, ESN_FLOW_AS_ID, a);
}

int
esn_flow_get_represented(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_ethdev *c = conf;

	return port(w, c->port_id, ESN_FLOW_AS_REPRESENTED, a);
}

int
esn_flow_get_representor(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_ethdev *c = conf;

	return port(w, c->port_id, ESN_FLOW_AS_ITSELF, a);
}

int
esn_flow_get_drop(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	RTE_SET_USED(conf);
	RTE_SET_USED(a);
	return w->has_port ? esn_flow_act_no(w, EINVAL, "the frame went to a port before") : 0;
}

int
esn_flow_get_jump(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_jump *c = conf;

	if (c->group <= w->spec->group)
		return esn_flow_conf_no(w, EINVAL, "a rule jumps to groups higher than its own");
	a->group = c->group;
	return 0;
}

static int
queue_check(struct esn_flow_act_walk *w, uint16_t queue)
{
	uint16_t n = w->port->dev->data->nb_rx_queues;

	if (queue < n)
		return 0;
	return esn_flow_say(w->error, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, w->action->conf,
			    "queue %u: the port has %u receive queues", queue, n);
}

int
esn_flow_get_queue(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_queue *c = conf;

	a->queue = c->index;
	return queue_check(w, c->index);
}

/* No list means all of the port's. */
static int
rss_queues(struct esn_flow_act_walk *w, const struct rte_flow_action_rss *c, struct esw_flow_rss *r)
{
	uint32_t n = c->queue_num != 0 ? c->queue_num : w->port->dev->data->nb_rx_queues;
	int ret = 0;

	if (n == 0)
		return esn_flow_conf_no(w, EINVAL, "the port has no receive queues yet");
	if (n > ESW_QUEUES_MAX)
		return esn_flow_conf_no(w, ENOTSUP, "RSS spreads over at most 16 queues");
	if (c->queue_num != 0 && c->queue == NULL)
		return esn_flow_conf_no(w, EINVAL, "there is no list of queues");
	r->n_queues = n;
	for (uint32_t i = 0; i < n && ret == 0; i++) {
		r->queue[i] = c->queue_num != 0 ? c->queue[i] : i;
		ret = queue_check(w, r->queue[i]);
	}
	return ret;
}

int
esn_flow_get_rss(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_rss *c = conf;
	struct esw_flow_rss *r = &w->out->rss;

	if (c->func != RTE_ETH_HASH_FUNCTION_DEFAULT && c->func != RTE_ETH_HASH_FUNCTION_TOEPLITZ)
		return esn_flow_conf_no(w, ENOTSUP, "the only hash function is Toeplitz");
	if (c->level > 1)
		return esn_flow_conf_no(w, ENOTSUP, "only the outermost headers are hashed");
	if ((c->types & ~ESN_RSS_ALL) != 0)
		return esn_flow_say(w->error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION_CONF, conf,
				    "RSS types %#" PRIx64 " go beyond %#" PRIx64,
				    (uint64_t)c->types, (uint64_t)ESN_RSS_ALL);
	r->key_set = c->key != NULL && c->key_len != 0;
	if (r->key_set && c->key_len != ESW_RSS_KEY_LEN)
		return esn_flow_conf_no(w, ENOTSUP, "an RSS key has 40 octets");
	if (r->key_set)
		memcpy(r->key, c->key, ESW_RSS_KEY_LEN);
	r->types = esn_rss_types_of(c->types);
	a->rss = r;
	return rss_queues(w, c, r);
}

/*
 * One frame in `ratio` goes through a list of its own. What that does to the headers is undone
 * behind it.
 */
int
esn_flow_get_sample(struct esn_flow_act_walk *w, const void *conf, struct esw_flow_act *a)
{
	const struct rte_flow_action_sample *c = conf;
	const struct rte_flow_action *sample = w->action;
	const struct esn_flow_layers level[2] = { w->level[0], w->level[1] };
	uint32_t first = w->out->n;
	int ret;

	if (c->ratio == 0)
		return esn_flow_conf_no(w, EINVAL, "a sample of one frame in 0 is none");
	if (c->actions == NULL)
		return esn_flow_conf_no(w, EINVAL, "a sample has a list of actions");
	w->in_sample = true;
	ret = esn_flow_act_list(w, c->actions);
	w->in_sample = false;
	if (ret != 0)
		return ret;
	w->action = sample;
	w->sample_end = w->out->n;
	w->level[0] = level[0];
	w->level[1] = level[1];
	a->sample.ratio = c->ratio;
	a->sample.n_acts = w->out->n - first;
	return a->sample.n_acts != 0 ? 0 :
				       esn_flow_conf_no(w, EINVAL, "the sample's list is empty");
}
