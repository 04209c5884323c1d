/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Templates as a port has them: made, listed, destroyed. See flow_template.h. */
#include "flow_configure.h"

static int
not_configured(struct rte_flow_error *error)
{
	return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_STATE, NULL,
				  "rte_flow_configure() comes first");
}

static int
in_use(struct rte_flow_error *error, const void *template, uint32_t tables)
{
	return esn_flow_say(error, EBUSY, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, template,
			    "the template is in %u tables", tables);
}

/* The application's handle may be of a port that was closed since: it is looked for, not read. */
static int
no_such(struct rte_flow_error *error, const void *template)
{
	return rte_flow_error_set(error, ENOENT, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, template,
				  "the port has no such template");
}

static bool
has_pattern(const struct esn_flow_config *c, const struct rte_flow_pattern_template *t)
{
	const struct rte_flow_pattern_template *p;

	TAILQ_FOREACH(p, &c->patterns, next)
		if (p == t)
			return true;
	return false;
}

static bool
has_actions(const struct esn_flow_config *c, const struct rte_flow_actions_template *t)
{
	const struct rte_flow_actions_template *p;

	TAILQ_FOREACH(p, &c->actions, next)
		if (p == t)
			return true;
	return false;
}

struct rte_flow_pattern_template *
esn_flow_pattern_template_create(struct rte_eth_dev *dev,
				 const struct rte_flow_pattern_template_attr *attr,
				 const struct rte_flow_item items[], struct rte_flow_error *error)
{
	struct rte_flow_pattern_template *t;
	struct esn_flow_port port;

	if (esn_flow_port_get(dev, &port, error) != 0)
		return NULL;
	t = esn_flow_pattern_template_make(&port, attr, items, error);
	if (t == NULL)
		return NULL;
	esn_flow_config_lock();
	if (esn_flow_config(dev) != NULL) {
		TAILQ_INSERT_TAIL(&esn_flow_config(dev)->patterns, t, next);
	} else {
		not_configured(error);
		esn_flow_pattern_template_free(t);
		t = NULL;
	}
	esn_flow_config_unlock();
	return t;
}

int
esn_flow_pattern_template_destroy(struct rte_eth_dev *dev, struct rte_flow_pattern_template *t,
				  struct rte_flow_error *error)
{
	int ret = 0;

	esn_flow_config_lock();
	if (esn_flow_config(dev) == NULL) {
		ret = not_configured(error);
	} else if (!has_pattern(esn_flow_config(dev), t)) {
		ret = no_such(error, t);
	} else if (t->tables != 0) {
		ret = in_use(error, t, t->tables);
	} else {
		TAILQ_REMOVE(&esn_flow_config(dev)->patterns, t, next);
		esn_flow_pattern_template_free(t);
	}
	esn_flow_config_unlock();
	return ret;
}

struct rte_flow_actions_template *
esn_flow_actions_template_create(struct rte_eth_dev *dev,
				 const struct rte_flow_actions_template_attr *attr,
				 const struct rte_flow_action actions[],
				 const struct rte_flow_action masks[], struct rte_flow_error *error)
{
	struct rte_flow_actions_template *t;
	struct esn_flow_port port;

	if (esn_flow_port_get(dev, &port, error) != 0)
		return NULL;
	t = esn_flow_actions_template_make(&port, attr, actions, masks, error);
	if (t == NULL)
		return NULL;
	esn_flow_config_lock();
	if (esn_flow_config(dev) != NULL) {
		TAILQ_INSERT_TAIL(&esn_flow_config(dev)->actions, t, next);
	} else {
		not_configured(error);
		esn_flow_actions_template_free(t);
		t = NULL;
	}
	esn_flow_config_unlock();
	return t;
}

int
esn_flow_actions_template_destroy(struct rte_eth_dev *dev, struct rte_flow_actions_template *t,
				  struct rte_flow_error *error)
{
	int ret = 0;

	esn_flow_config_lock();
	if (esn_flow_config(dev) == NULL) {
		ret = not_configured(error);
	} else if (!has_actions(esn_flow_config(dev), t)) {
		ret = no_such(error, t);
	} else if (t->tables != 0) {
		ret = in_use(error, t, t->tables);
	} else {
		TAILQ_REMOVE(&esn_flow_config(dev)->actions, t, next);
		esn_flow_actions_template_free(t);
	}
	esn_flow_config_unlock();
	return ret;
}
