/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Meters, and the table of rte_mtr's operations. See mtr.h. */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>

#include "mtr_table.h"

static int
capabilities_get(struct rte_eth_dev *dev, struct rte_mtr_capabilities *cap,
		 struct rte_mtr_error *error)
{
	struct esn_mtr_port *port;
	int ret = esn_mtr_enter(dev, &port, error);

	if (ret != 0)
		return ret;
	esn_mtr_leave();
	if (cap == NULL)
		return esn_mtr_no(error, EINVAL, RTE_MTR_ERROR_TYPE_UNSPECIFIED, NULL,
				  "there is no room for capabilities at NULL");
	*cap = (struct rte_mtr_capabilities){
		.n_max = ESN_MTR_MAX,
		.n_shared_max = ESN_MTR_MAX,
		.identical = 1,
		.shared_identical = 1,
		.shared_n_flows_per_mtr_max = UINT32_MAX,
		/* any action of a rule but one, which says where the frame goes */
		.chaining_n_mtrs_per_flow_max = ESW_FLOW_ACTS_MAX - 1,
		.meter_srtcm_rfc2697_n_max = ESN_MTR_MAX,
		.meter_trtcm_rfc2698_n_max = ESN_MTR_MAX,
		.meter_trtcm_rfc4115_n_max = ESN_MTR_MAX,
		.meter_rate_max = ESW_FLOW_METER_RATE_MAX,
		.meter_policy_n_max = ESN_MTR_MAX,
		.srtcm_rfc2697_byte_mode_supported = 1,
		.srtcm_rfc2697_packet_mode_supported = 1,
		.trtcm_rfc2698_byte_mode_supported = 1,
		.trtcm_rfc2698_packet_mode_supported = 1,
		.trtcm_rfc4115_byte_mode_supported = 1,
		.trtcm_rfc4115_packet_mode_supported = 1,
		.stats_mask = (UINT64_C(1) << ESN_MTR_STATS) - 1,
	};
	return 0;
}

int
esn_mtr_enter_meter(const struct rte_eth_dev *dev, uint32_t id, struct esn_mtr_port **port,
		    struct esn_mtr **m, struct rte_mtr_error *error)
{
	int ret = esn_mtr_enter(dev, port, error);

	if (ret != 0)
		return ret;
	*m = esn_mtr_get(&(*port)->meters, id);
	if (*m != NULL)
		return 0;
	esn_mtr_leave();
	return esn_mtr_no(error, ENOENT, RTE_MTR_ERROR_TYPE_MTR_ID, NULL, "there is no meter %u",
			  id);
}

static struct esn_mtr_profile *
get_profile(const struct esn_mtr_port *port, uint32_t id, struct rte_mtr_error *error)
{
	struct esn_mtr_profile *p = esn_mtr_get(&port->profiles, id);

	if (p == NULL)
		esn_mtr_no(error, ENOENT, RTE_MTR_ERROR_TYPE_METER_PROFILE_ID, NULL,
			   "there is no meter profile %u", id);
	return p;
}

static struct esn_mtr_policy *
get_policy(const struct esn_mtr_port *port, uint32_t id, struct rte_mtr_error *error)
{
	struct esn_mtr_policy *p = esn_mtr_get(&port->policies, id);

	if (p == NULL)
		esn_mtr_no(error, ENOENT, RTE_MTR_ERROR_TYPE_METER_POLICY_ID, NULL,
			   "there is no meter policy %u", id);
	return p;
}

/* Input colours: a table of nothing but green is the same as none. */
static int
table_check(const enum rte_color *table, unsigned int n, const char *what,
	    struct rte_mtr_error *error)
{
	for (unsigned int i = 0; table != NULL && i < n; i++)
		if (table[i] != RTE_COLOR_GREEN)
			return esn_mtr_no(error, ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS, table,
					  "%s: entry %u is not green, but meters are colour-blind",
					  what, i);
	return 0;
}

static int
params_check(const struct rte_mtr_params *p, struct rte_mtr_error *error)
{
	int ret;

	if (p == NULL)
		return esn_mtr_no(error, EINVAL, RTE_MTR_ERROR_TYPE_MTR_PARAMS, NULL,
				  "NULL is no parameter of a meter");
	if (p->use_prev_mtr_color != 0)
		return esn_mtr_no(error, ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS, p,
				  "use_prev_mtr_color: %d, but meters are colour-blind",
				  p->use_prev_mtr_color);
	ret = table_check(p->dscp_table, 64, "dscp_table", error);
	if (ret == 0)
		ret = table_check(p->vlan_table, 16, "vlan_table", error);
	return ret != 0 ? ret : esn_mtr_stats_mask_check(p->stats_mask, error);
}

static struct esw_flow_meter_conf
conf_of(const struct esn_mtr_profile *profile, const struct esn_mtr_policy *policy)
{
	struct esw_flow_meter_conf c = profile->conf;

	memcpy(c.drop, policy->drop, sizeof(c.drop));
	return c;
}

/* Lock held; the meter has a number, a profile and a policy. */
static int
meter_make(struct esn_mtr_port *port, struct esn_mtr *m, const struct rte_mtr_params *p,
	   struct rte_mtr_error *error)
{
	const struct esw_flow_meter_conf conf = conf_of(m->profile, m->policy);
	struct esw_err err = { .msg = "" };

	m->sw = port->sw;
	m->mask = p->stats_mask;
	m->meter = esw_flow_meter_create(port->sw, &conf, &err);
	if (m->meter == NULL)
		return esn_mtr_no(error, rte_errno, RTE_MTR_ERROR_TYPE_MTR_ID, NULL, "%s", err.msg);
	esw_flow_meter_enable(m->meter, p->meter_enable != 0);
	m->profile->users++;
	m->policy->users++;
	return 0;
}

static int
create_locked(struct esn_mtr_port *port, uint32_t id, const struct rte_mtr_params *p, bool shared,
	      struct rte_mtr_error *error)
{
	static const struct esn_mtr_kind kind = {
		"meter",
		RTE_MTR_ERROR_TYPE_MTR_ID,
		sizeof(struct esn_mtr),
	};
	struct esn_mtr_profile *profile;
	struct esn_mtr_policy *policy;
	struct esn_mtr *m;
	int ret;

	profile = get_profile(port, p->meter_profile_id, error);
	if (profile == NULL)
		return -ENOENT;
	policy = get_policy(port, p->meter_policy_id, error);
	if (policy == NULL)
		return -ENOENT;
	m = esn_mtr_add(&port->meters, &kind, id, &ret, error);
	if (m == NULL)
		return ret;
	m->shared = shared;
	m->profile = profile;
	m->policy = policy;
	ret = meter_make(port, m, p, error);
	if (ret != 0)
		esn_mtr_del(&port->meters, m);
	return ret;
}

static int
create(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_params *p, int shared,
       struct rte_mtr_error *error)
{
	struct esn_mtr_port *port;
	int ret = params_check(p, error);

	if (ret == 0)
		ret = esn_mtr_enter(dev, &port, error);
	if (ret != 0)
		return ret;
	ret = create_locked(port, id, p, shared != 0, error);
	esn_mtr_leave();
	return ret;
}

static int
destroy(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error)
{
	struct esw_err err = { .msg = "" };
	struct esn_mtr_port *port;
	struct esn_mtr *m;
	int ret = esn_mtr_enter_meter(dev, id, &port, &m, error);

	if (ret != 0)
		return ret;
	ret = esw_flow_meter_destroy(m->sw, m->meter, &err);
	if (ret != 0) {
		ret = esn_mtr_no(error, -ret, RTE_MTR_ERROR_TYPE_MTR_ID, NULL, "%s", err.msg);
		goto out;
	}
	m->profile->users--;
	m->policy->users--;
	esn_mtr_del(&port->meters, m);
out:
	esn_mtr_leave();
	return ret;
}

static int
enable_set(struct rte_eth_dev *dev, uint32_t id, bool on, struct rte_mtr_error *error)
{
	struct esn_mtr_port *port;
	struct esn_mtr *m;
	int ret = esn_mtr_enter_meter(dev, id, &port, &m, error);

	if (ret != 0)
		return ret;
	esw_flow_meter_enable(m->meter, on);
	esn_mtr_leave();
	return ret;
}

static int
meter_enable(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error)
{
	return enable_set(dev, id, true, error);
}

static int
meter_disable(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error)
{
	return enable_set(dev, id, false, error);
}

/* Lock held. All of it or nothing. */
static int
change(struct esn_mtr *m, struct esn_mtr_profile *profile, struct esn_mtr_policy *policy,
       struct rte_mtr_error *error)
{
	const struct esw_flow_meter_conf conf = conf_of(profile, policy);
	struct esw_err err = { .msg = "" };
	int ret = esw_flow_meter_update(m->sw, m->meter, &conf, &err);

	if (ret != 0)
		return esn_mtr_no(error, -ret, RTE_MTR_ERROR_TYPE_MTR_ID, NULL, "%s", err.msg);
	m->profile->users--;
	m->policy->users--;
	m->profile = profile;
	m->policy = policy;
	m->profile->users++;
	m->policy->users++;
	return 0;
}

static int
meter_profile_update(struct rte_eth_dev *dev, uint32_t id, uint32_t profile_id,
		     struct rte_mtr_error *error)
{
	struct esn_mtr_profile *profile;
	struct esn_mtr_port *port;
	struct esn_mtr *m;
	int ret = esn_mtr_enter_meter(dev, id, &port, &m, error);

	if (ret != 0)
		return ret;
	profile = get_profile(port, profile_id, error);
	ret = profile == NULL ? -ENOENT : change(m, profile, m->policy, error);
	esn_mtr_leave();
	return ret;
}

static int
meter_policy_update(struct rte_eth_dev *dev, uint32_t id, uint32_t policy_id,
		    struct rte_mtr_error *error)
{
	struct esn_mtr_policy *policy;
	struct esn_mtr_port *port;
	struct esn_mtr *m;
	int ret = esn_mtr_enter_meter(dev, id, &port, &m, error);

	if (ret != 0)
		return ret;
	policy = get_policy(port, policy_id, error);
	ret = policy == NULL ? -ENOENT : change(m, m->profile, policy, error);
	esn_mtr_leave();
	return ret;
}

static int
input_table(struct rte_eth_dev *dev, uint32_t id, const enum rte_color *table, unsigned int n,
	    const char *what, struct rte_mtr_error *error)
{
	struct esn_mtr_port *port;
	struct esn_mtr *m;
	int ret = esn_mtr_enter_meter(dev, id, &port, &m, error);

	if (ret != 0)
		return ret;
	esn_mtr_leave();
	return table_check(table, n, what, error);
}

static int
dscp_table_update(struct rte_eth_dev *dev, uint32_t id, enum rte_mtr_color_in_protocol proto,
		  enum rte_color *table, struct rte_mtr_error *error)
{
	RTE_SET_USED(proto);
	return input_table(dev, id, table, 64, "dscp_table", error);
}

static int
vlan_table_update(struct rte_eth_dev *dev, uint32_t id, enum rte_mtr_color_in_protocol proto,
		  enum rte_color *table, struct rte_mtr_error *error)
{
	RTE_SET_USED(proto);
	return input_table(dev, id, table, 16, "vlan_table", error);
}

static int
in_proto_set(struct rte_eth_dev *dev, uint32_t id, enum rte_mtr_color_in_protocol proto,
	     uint32_t priority, struct rte_mtr_error *error)
{
	int ret = input_table(dev, id, NULL, 0, "", error);

	RTE_SET_USED(priority);
	return ret != 0 ? ret :
			  esn_mtr_no(error, ENOTSUP, RTE_MTR_ERROR_TYPE_MTR_PARAMS, NULL,
				     "input colour protocol: %d, but meters are colour-blind",
				     (int)proto);
}

static int
in_proto_get(struct rte_eth_dev *dev, uint32_t id, uint64_t *mask, struct rte_mtr_error *error)
{
	int ret = input_table(dev, id, NULL, 0, "", error);

	if (ret == 0 && mask != NULL)
		*mask = 0;
	return ret;
}

const struct rte_mtr_ops esn_mtr_ops = {
	.capabilities_get = capabilities_get,
	.meter_profile_add = esn_mtr_profile_add,
	.meter_profile_delete = esn_mtr_profile_delete,
	.meter_policy_validate = esn_mtr_policy_validate,
	.meter_policy_add = esn_mtr_policy_add,
	.meter_policy_delete = esn_mtr_policy_delete,
	.create = create,
	.destroy = destroy,
	.meter_enable = meter_enable,
	.meter_disable = meter_disable,
	.meter_profile_update = meter_profile_update,
	.meter_policy_update = meter_policy_update,
	.meter_dscp_table_update = dscp_table_update,
	.meter_vlan_table_update = vlan_table_update,
	.in_proto_set = in_proto_set,
	.in_proto_get = in_proto_get,
	.stats_update = esn_mtr_stats_update,
	.stats_read = esn_mtr_stats_read,
};

int
esn_mtr_ops_get(struct rte_eth_dev *dev, void *ops)
{
	RTE_SET_USED(dev);
	*(const struct rte_mtr_ops **)ops = &esn_mtr_ops;
	return 0;
}
