/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Carrier of a representor, and what it copies from its VF.
 *
 * The representor and its VF are the two ends of one cable: the representor has carrier while it is
 * started and the VF has (policy `link`, and the wire's link where that is `auto`). So
 * rte_eth_dev_set_link_down() on the representor, which takes the VF's carrier, shows on both.
 */
#include <errno.h>

#include "internal.h"

/*
 * The carrier as this process saw it last, by port. What lies in the port's data is of no use for
 * that: every process refreshes it, and the first one would take the change from all others.
 */
static bool seen_up[RTE_MAX_ETHPORTS];

static void
link_fill(struct rte_eth_link *link, bool up, uint32_t speed_mbps)
{
	link->link_speed = speed_mbps != 0 ? speed_mbps : RTE_ETH_SPEED_NUM_UNKNOWN;
	link->link_duplex = RTE_ETH_LINK_FULL_DUPLEX;
	link->link_autoneg = RTE_ETH_LINK_FIXED;
	link->link_status = up ? RTE_ETH_LINK_UP : RTE_ETH_LINK_DOWN;
}

int
rep_sync(struct rte_eth_dev *dev, bool started)
{
	struct swd_dev *sd = rep_enter(dev);
	struct rte_eth_link link = { .link_duplex = RTE_ETH_LINK_FULL_DUPLEX };
	struct swd_vf_info vi;
	struct swd_info info;
	int ret = -ENODEV;
	bool up;

	if (sd != NULL) {
		ret = swd_info_get(sd, &info);
		if (ret == 0)
			ret = swd_vf_info_get(sd, rep_port_of(dev)->vf, &vi, NULL);
		swd_release(sd);
	}
	if (ret == 0) {
		link_fill(&link, vi.link && started, info.speed_mbps);
		if (!rte_is_same_ether_addr(&dev->data->mac_addrs[0], &vi.mac))
			dev->data->mac_addrs[0] = vi.mac;
	}
	up = link.link_status == RTE_ETH_LINK_UP;
	rte_eth_linkstatus_set(dev, &link);
	if (__atomic_exchange_n(&seen_up[dev->data->port_id], up, __ATOMIC_ACQ_REL) != up &&
	    ret == 0)
		ret = 1;
	return ret;
}

void
rep_carrier_forget(uint16_t port_id)
{
	__atomic_store_n(&seen_up[port_id], false, __ATOMIC_RELEASE);
}

/* @return 0 if the carrier changed, -1 if not (ethdev ignores it), -ENODEV */
int
rep_link_update(struct rte_eth_dev *dev, int wait)
{
	int ret = rep_sync(dev, dev->data->dev_started != 0);

	RTE_SET_USED(wait);
	if (ret < 0)
		return ret;
	return ret > 0 ? 0 : -1;
}

/* Up undoes down, and leaves what an operator has set otherwise. */
static int
set_policy(struct rte_eth_dev *dev, bool up)
{
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_LINK) };
	struct swd_dev *sd = rep_enter(dev);
	struct esw_err err = { "" };
	int ret;

	if (sd == NULL)
		return -ENODEV;
	ret = swd_policy_get(sd, rep_port_of(dev)->vf, &patch.value, &err);
	if (ret == 0 && up != (patch.value.link != ESW_LINK_DOWN)) {
		patch.value.link = up ? ESW_LINK_AUTO : ESW_LINK_DOWN;
		ret = swd_policy_patch(sd, rep_port_of(dev)->vf, &patch, &err);
	}
	if (ret < 0)
		REP_LOG(ERR, dev, "%s", err.msg);
	else
		rep_sync(dev, dev->data->dev_started != 0);
	swd_release(sd);
	return ret;
}

int
rep_set_link_up(struct rte_eth_dev *dev)
{
	return set_policy(dev, true);
}

int
rep_set_link_down(struct rte_eth_dev *dev)
{
	return set_policy(dev, false);
}
