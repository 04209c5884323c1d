/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Meter profiles and policies: values that meters are made of. See mtr.h. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "mtr_table.h"

/* Both count colours from the same side. */
static_assert((int)RTE_COLOR_GREEN == (int)ESW_FLOW_GREEN &&
		      (int)RTE_COLOR_YELLOW == (int)ESW_FLOW_YELLOW &&
		      (int)RTE_COLOR_RED == (int)ESW_FLOW_RED,
	      "colours");

static int
conf_of(const struct rte_mtr_meter_profile *p, struct esw_flow_meter_conf *c,
	struct rte_mtr_error *error)
{
	*c = (struct esw_flow_meter_conf){ .packets = p->packet_mode != 0 };
	switch (p->alg) {
	case RTE_MTR_SRTCM_RFC2697:
		c->alg = ESW_FLOW_METER_SRTCM;
		c->cir = p->srtcm_rfc2697.cir;
		c->cbs = p->srtcm_rfc2697.cbs;
		c->ebs = p->srtcm_rfc2697.ebs;
		return 0;
	case RTE_MTR_TRTCM_RFC2698:
		c->alg = ESW_FLOW_METER_TRTCM;
		c->cir = p->trtcm_rfc2698.cir;
		c->pir = p->trtcm_rfc2698.pir;
		c->cbs = p->trtcm_rfc2698.cbs;
		c->ebs = p->trtcm_rfc2698.pbs;
		return 0;
	case RTE_MTR_TRTCM_RFC4115:
		c->alg = ESW_FLOW_METER_TRTCM2;
		c->cir = p->trtcm_rfc4115.cir;
		c->pir = p->trtcm_rfc4115.eir;
		c->cbs = p->trtcm_rfc4115.cbs;
		c->ebs = p->trtcm_rfc4115.ebs;
		return 0;
	default:
		return esn_mtr_no(error, ENOTSUP, RTE_MTR_ERROR_TYPE_METER_PROFILE, p,
				  "algorithm: %d is none of RFC 2697, RFC 2698, RFC 4115",
				  (int)p->alg);
	}
}

static const struct esn_mtr_kind profile_kind = {
	"meter profile",
	RTE_MTR_ERROR_TYPE_METER_PROFILE_ID,
	sizeof(struct esn_mtr_profile),
};
static const struct esn_mtr_kind policy_kind = {
	"meter policy",
	RTE_MTR_ERROR_TYPE_METER_POLICY_ID,
	sizeof(struct esn_mtr_policy),
};

static int
delete_no(const struct esn_mtr_kind *k, const uint32_t *users, uint32_t id,
	  struct rte_mtr_error *error)
{
	if (users == NULL)
		return esn_mtr_no(error, ENOENT, k->id_type, NULL, "there is no %s %u", k->name,
				  id);
	return esn_mtr_no(error, EBUSY, k->id_type, NULL, "%s %u: %u meters have it", k->name, id,
			  *users);
}

int
esn_mtr_profile_add(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_meter_profile *p,
		    struct rte_mtr_error *error)
{
	struct esw_err err = { .msg = "" };
	struct esw_flow_meter_conf conf;
	struct esn_mtr_port *port;
	struct esn_mtr_profile *profile;
	int ret;

	if (p == NULL)
		return esn_mtr_no(error, EINVAL, RTE_MTR_ERROR_TYPE_METER_PROFILE, NULL,
				  "NULL is no meter profile");
	ret = conf_of(p, &conf, error);
	if (ret != 0)
		return ret;
	ret = esw_flow_meter_check(&conf, &err);
	if (ret != 0)
		return esn_mtr_no(error, -ret, RTE_MTR_ERROR_TYPE_METER_PROFILE, p, "%s", err.msg);
	ret = esn_mtr_enter(dev, &port, error);
	if (ret != 0)
		return ret;
	profile = esn_mtr_add(&port->profiles, &profile_kind, id, &ret, error);
	if (profile != NULL)
		profile->conf = conf;
	esn_mtr_leave();
	return ret;
}

int
esn_mtr_profile_delete(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error)
{
	struct esn_mtr_profile *profile;
	struct esn_mtr_port *port;
	int ret = esn_mtr_enter(dev, &port, error);

	if (ret != 0)
		return ret;
	profile = esn_mtr_get(&port->profiles, id);
	if (profile == NULL || profile->users != 0)
		ret = delete_no(&profile_kind, profile == NULL ? NULL : &profile->users, id, error);
	else
		esn_mtr_del(&port->profiles, profile);
	esn_mtr_leave();
	return ret;
}

/* A colour's actions: nothing, the colour that the frame has, or drop. */
static int
drop_of(const struct rte_flow_action *a, enum rte_color color, bool *drop,
	struct rte_mtr_error *error)
{
	static const enum rte_mtr_error_type types[] = {
		RTE_MTR_ERROR_TYPE_POLICER_ACTION_GREEN,
		RTE_MTR_ERROR_TYPE_POLICER_ACTION_YELLOW,
		RTE_MTR_ERROR_TYPE_POLICER_ACTION_RED,
	};
	const struct rte_flow_action_meter_color *to;

	*drop = false;
	for (; a != NULL && a->type != RTE_FLOW_ACTION_TYPE_END; a++) {
		switch ((int)a->type) {
		case RTE_FLOW_ACTION_TYPE_VOID:
			break;
		case RTE_FLOW_ACTION_TYPE_DROP:
			*drop = true;
			break;
		case RTE_FLOW_ACTION_TYPE_METER_COLOR:
			to = a->conf;
			if (to != NULL && to->color == color)
				break;
			return esn_mtr_no(error, ENOTSUP, types[color], a,
					  "a frame keeps the colour that the meter gave it");
		default:
			return esn_mtr_no(error, ENOTSUP, types[color], a,
					  "a policy may drop frames or let them pass, nothing else "
					  "(action %d)",
					  (int)a->type);
		}
	}
	return 0;
}

static int
policy_of(const struct rte_mtr_meter_policy_params *p, bool *drop, struct rte_mtr_error *error)
{
	int ret = 0;

	if (p == NULL)
		return esn_mtr_no(error, EINVAL, RTE_MTR_ERROR_TYPE_METER_POLICY, NULL,
				  "NULL is no meter policy");
	for (unsigned int i = 0; i < RTE_COLORS && ret == 0; i++)
		ret = drop_of(p->actions[i], (enum rte_color)i, &drop[i], error);
	return ret;
}

int
esn_mtr_policy_validate(struct rte_eth_dev *dev, struct rte_mtr_meter_policy_params *p,
			struct rte_mtr_error *error)
{
	struct esn_mtr_port *port;
	bool drop[ESW_FLOW_COLORS];
	int ret = esn_mtr_enter(dev, &port, error);

	if (ret != 0)
		return ret;
	if (port->policies.n >= ESN_MTR_MAX)
		ret = esn_mtr_no(error, ENOSPC, RTE_MTR_ERROR_TYPE_METER_POLICY, NULL,
				 "meter policy: the port has %u, the limit", ESN_MTR_MAX);
	esn_mtr_leave();
	return ret != 0 ? ret : policy_of(p, drop, error);
}

int
esn_mtr_policy_add(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_meter_policy_params *p,
		   struct rte_mtr_error *error)
{
	bool drop[ESW_FLOW_COLORS];
	struct esn_mtr_port *port;
	struct esn_mtr_policy *policy;
	int ret = policy_of(p, drop, error);

	if (ret == 0)
		ret = esn_mtr_enter(dev, &port, error);
	if (ret != 0)
		return ret;
	policy = esn_mtr_add(&port->policies, &policy_kind, id, &ret, error);
	if (policy != NULL)
		memcpy(policy->drop, drop, sizeof(drop));
	esn_mtr_leave();
	return ret;
}

int
esn_mtr_policy_delete(struct rte_eth_dev *dev, uint32_t id, struct rte_mtr_error *error)
{
	struct esn_mtr_policy *policy;
	struct esn_mtr_port *port;
	int ret = esn_mtr_enter(dev, &port, error);

	if (ret != 0)
		return ret;
	policy = esn_mtr_get(&port->policies, id);
	if (policy == NULL || policy->users != 0)
		ret = delete_no(&policy_kind, policy == NULL ? NULL : &policy->users, id, error);
	else
		esn_mtr_del(&port->policies, policy);
	esn_mtr_leave();
	return ret;
}
