/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_ops.h. */
#include <stdlib.h>

#include <rte_errno.h>

#include "flow_async.h"
#include "flow_configure.h"
#include "flow_indirect.h"
#include "flow_ops.h"
#include "flow_rule.h"

/* What the e-switch says against a rule that is well-formed. */
static int
refused(struct rte_flow_error *error, int code, const struct esw_err *err)
{
	return esn_flow_say(error, abs(code), RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL, "%s",
			    err->msg);
}

static int
validate(struct rte_eth_dev *dev, const struct rte_flow_attr *attr,
	 const struct rte_flow_item items[], const struct rte_flow_action actions[],
	 struct rte_flow_error *error)
{
	struct esw_err err = { .msg = "" };
	struct esn_flow_port port;
	struct esn_flow_rule rule;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret == 0)
		ret = esn_flow_rule_get(&port, attr, items, actions, &rule, error);
	if (ret != 0)
		return ret;
	ret = esw_flow_check(port.sw, &rule.spec, &err);
	return ret == 0 ? 0 : refused(error, ret, &err);
}

static struct rte_flow *
create(struct rte_eth_dev *dev, const struct rte_flow_attr *attr,
       const struct rte_flow_item items[], const struct rte_flow_action actions[],
       struct rte_flow_error *error)
{
	struct esn_flow_port port;
	struct esn_flow_rule rule;
	struct esw_flow *flow;
	struct esw_err err;

	if (esn_flow_port_get(dev, &port, error) != 0 ||
	    esn_flow_rule_get(&port, attr, items, actions, &rule, error) != 0)
		return NULL;
	err.msg[0] = '\0';
	flow = esw_flow_create(port.sw, &rule.spec, &err);
	if (flow == NULL) {
		refused(error, rte_errno, &err);
		return NULL;
	}
	if (rule.actions.ages)
		esn_flow_aged_watch(&port);
	return (struct rte_flow *)flow;
}

/* A rule of a queue may still wait there. */
static int
in_force(const struct rte_flow *flow, struct rte_flow_error *error)
{
	if (flow == NULL)
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_HANDLE, NULL,
					  "there is no rule");
	if (!esw_flow_in_force((const struct esw_flow *)flow))
		return rte_flow_error_set(error, EBUSY, RTE_FLOW_ERROR_TYPE_HANDLE, flow,
					  "the rule is not in force");
	return 0;
}

static int
destroy(struct rte_eth_dev *dev, struct rte_flow *flow, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret == 0)
		ret = in_force(flow, error);
	if (ret == 0)
		esw_flow_destroy(port.sw, (struct esw_flow *)flow);
	return ret;
}

static int
flush(struct rte_eth_dev *dev, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret == 0 && esn_flow_is_waiting(dev->data->port_id))
		ret = rte_flow_error_set(error, EBUSY, RTE_FLOW_ERROR_TYPE_STATE, NULL,
					 "operations wait in the port's flow queues");
	if (ret == 0)
		esw_flow_flush(port.sw, port.ep);
	return ret;
}

static int
count_query(struct esw *sw, struct esw_flow *flow, struct rte_flow_query_count *q)
{
	struct esw_flow_stats stats;
	int ret = esw_flow_count_get(sw, flow, q->reset != 0, &stats);

	if (ret == 0)
		esn_flow_count_answer(&stats, q);
	return ret;
}

static int
age_query(struct esw *sw, struct esw_flow *flow, struct rte_flow_query_age *q)
{
	uint32_t idle_s;
	bool aged;
	int ret = esw_flow_age_get(sw, flow, &idle_s, &aged);

	if (ret == 0)
		esn_flow_age_answer(idle_s, aged, q);
	return ret;
}

static int
query(struct rte_eth_dev *dev, struct rte_flow *flow, const struct rte_flow_action *actions,
      void *data, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret == 0)
		ret = in_force(flow, error);
	for (; ret == 0 && actions->type != RTE_FLOW_ACTION_TYPE_END; actions++) {
		if (actions->type == RTE_FLOW_ACTION_TYPE_VOID)
			continue;
		if (actions->type == RTE_FLOW_ACTION_TYPE_COUNT)
			ret = count_query(port.sw, (struct esw_flow *)flow, data);
		else if (actions->type == RTE_FLOW_ACTION_TYPE_AGE)
			ret = age_query(port.sw, (struct esw_flow *)flow, data);
		else
			return rte_flow_error_set(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION,
						  actions, "only COUNT and AGE can be queried");
		if (ret != 0)
			return rte_flow_error_set(error, -ret, RTE_FLOW_ERROR_TYPE_ACTION, actions,
						  "the rule has no such action");
	}
	return ret;
}

static int
isolate(struct rte_eth_dev *dev, int set, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	ret = esw_flow_isolate(port.sw, port.ep, set != 0);
	return ret == 0 ? 0 :
			  rte_flow_error_set(error, -ret, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					     "the port cannot be isolated now");
}

static int
dump(struct rte_eth_dev *dev, struct rte_flow *flow, FILE *file, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret == 0)
		esw_flow_dump(port.sw, port.ep, (struct esw_flow *)flow, file);
	return ret;
}

/* No room asked for: how many there are. */
static int
aged(struct rte_eth_dev *dev, void **contexts, uint32_t n, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	uint32_t total;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	if (n != 0 && contexts == NULL)
		return rte_flow_error_set(error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					  "there is no room for contexts");
	total = esw_flow_aged_get(port.sw, port.ep, contexts, n);
	return n == 0 ? total : RTE_MIN(total, n);
}

/* Who makes transfer rules for the port: itself, or the PF for a VF. */
static int
transfer_proxy(struct rte_eth_dev *dev, uint16_t *proxy, struct rte_flow_error *error)
{
	struct esn_flow_port port;
	int ret = esn_flow_port_get(dev, &port, error);

	if (ret != 0)
		return ret;
	ret = esn_flow_port_proxy(&port, proxy);
	return ret == 0 ? 0 :
			  rte_flow_error_set(error, -ret, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					     "the PF's port is closed");
}

const struct rte_flow_ops esn_flow_ops = {
	.validate = validate,
	.create = create,
	.destroy = destroy,
	.flush = flush,
	.query = query,
	.isolate = isolate,
	.dev_dump = dump,
	.get_aged_flows = aged,
	.action_handle_create = esn_flow_handle_create,
	.action_handle_destroy = esn_flow_handle_destroy,
	.action_handle_update = esn_flow_handle_update,
	.action_handle_query = esn_flow_handle_query,
	.pick_transfer_proxy = transfer_proxy,
	.info_get = esn_flow_info_get,
	.configure = esn_flow_configure,
	.pattern_template_create = esn_flow_pattern_template_create,
	.pattern_template_destroy = esn_flow_pattern_template_destroy,
	.actions_template_create = esn_flow_actions_template_create,
	.actions_template_destroy = esn_flow_actions_template_destroy,
	.template_table_create = esn_flow_template_table_create,
	.template_table_destroy = esn_flow_template_table_destroy,
	ESN_FLOW_QUEUE_OPS(ESW_FLOW_OP)
};

int
esn_flow_ops_get(struct rte_eth_dev *dev, const struct rte_flow_ops **ops)
{
	RTE_SET_USED(dev);
	*ops = &esn_flow_ops;
	return 0;
}

int
esn_flow_rx_metadata(struct rte_eth_dev *dev, uint64_t *features)
{
	RTE_SET_USED(dev);
	*features &= RTE_ETH_RX_METADATA_USER_FLAG | RTE_ETH_RX_METADATA_USER_MARK;
	return 0;
}

void
esn_flow_port_forget(struct esn_nic *nic, uint16_t port_id, uint16_t ep)
{
	esn_flow_aged_unwatch(port_id);
	esn_flow_queues_drop(port_id);
	esw_flow_flush(nic->sw, ep);
	esn_flow_config_drop(port_id);
	esn_flow_handles_forget(nic->sw, ep);
	esw_flow_isolate(nic->sw, ep, false);
}
