/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * What a VF's port asks for itself: addresses, MTU, promiscuous, VLAN filter. Its policy decides.
 *
 * rte_eth_dev_start() replays addresses, and promiscuous mode either way: what holds already is no
 * request, and turning something off always works, or a port could not start after its trust was
 * withdrawn.
 */
#include <errno.h>

#include "flow_ops.h"
#include "log.h"
#include "mtr.h"
#include "port.h"

/* One line for each refusal. */
static int
told(const struct rte_eth_dev *dev, int ret, const struct esw_err *err)
{
	if (ret != 0)
		ESN_LOG(NOTICE, "%s: %s", dev->data->name, err->msg);
	return ret;
}

static int
vf_mac_set(struct rte_eth_dev *dev, struct rte_ether_addr *mac)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };
	int ret = told(dev, esw_vf_mac_set(p->nic->sw, p->vf, mac, &err), &err);

	if (ret == 0)
		esn_nic_vf_sync(p->nic, p->vf);
	return ret;
}

static int
vf_mac_add(struct rte_eth_dev *dev, struct rte_ether_addr *mac, uint32_t index, uint32_t pool)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };

	RTE_SET_USED(index);
	RTE_SET_USED(pool);
	return told(dev, esw_vf_mac_add(p->nic->sw, p->vf, mac, &err), &err);
}

static void
vf_mac_remove(struct rte_eth_dev *dev, uint32_t index)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };

	told(dev, esw_vf_mac_remove(p->nic->sw, p->vf, &dev->data->mac_addrs[index], &err), &err);
}

static int
vf_mcast_set(struct rte_eth_dev *dev, struct rte_ether_addr *list, uint32_t n)
{
	struct esn_port *p = esn_port(dev);
	const struct rte_ether_addr none = { .addr_bytes = { 0 } };
	struct esw_err err = { .msg = "" };

	if (n > ESW_VF_MCAST_MAX)
		return told(dev,
			    esw_err_set(&err, -ENOSPC,
					"multicast list: %u addresses are out of range 0 to %u", n,
					ESW_VF_MCAST_MAX),
			    &err);
	return told(dev, esw_vf_mcast_set(p->nic->sw, p->vf, n == 0 ? &none : list, n, &err), &err);
}

static int
vf_mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };
	int ret = 0;

	if (dev->data->dev_started != 0)
		ret = esn_port_mtu_room(dev, mtu, &err);
	/* What the application was told at configure is no request either. */
	if (ret == 0 && mtu != dev->data->mtu)
		ret = esw_vf_mtu_set(p->nic->sw, p->vf, mtu, &err);
	return told(dev, ret, &err);
}

static int
promisc_set(struct rte_eth_dev *dev, bool on)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };
	struct esw_vf_state st;

	if (esw_vf_state_get(p->nic->sw, p->vf, &st) == 0 && st.promisc == on)
		return 0;
	return told(dev, esw_vf_promisc_set(p->nic->sw, p->vf, on, &err), &err);
}

static int
allmulti_set(struct rte_eth_dev *dev, bool on)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };
	struct esw_vf_state st;

	if (esw_vf_state_get(p->nic->sw, p->vf, &st) == 0 && st.allmulti == on)
		return 0;
	return told(dev, esw_vf_allmulti_set(p->nic->sw, p->vf, on, &err), &err);
}

static int
vf_promisc_on(struct rte_eth_dev *dev)
{
	return promisc_set(dev, true);
}

static int
vf_promisc_off(struct rte_eth_dev *dev)
{
	return promisc_set(dev, false);
}

static int
vf_allmulti_on(struct rte_eth_dev *dev)
{
	return allmulti_set(dev, true);
}

static int
vf_allmulti_off(struct rte_eth_dev *dev)
{
	return allmulti_set(dev, false);
}

static int
vf_vlan_filter_set(struct rte_eth_dev *dev, uint16_t vid, int on)
{
	struct esn_port *p = esn_port(dev);
	struct esw_err err = { .msg = "" };

	return told(dev, esw_vf_vlan_filter_set(p->nic->sw, p->vf, vid, on != 0, &err), &err);
}

static int
vf_vlan_offload_set(struct rte_eth_dev *dev, int mask)
{
	const struct esn_port *p = esn_port(dev);
	uint64_t offloads = dev->data->dev_conf.rxmode.offloads;

	if ((mask & RTE_ETH_VLAN_STRIP_MASK) != 0)
		esn_port_vlan_strip_all(dev, (offloads & RTE_ETH_RX_OFFLOAD_VLAN_STRIP) != 0);
	if ((mask & RTE_ETH_VLAN_FILTER_MASK) != 0)
		return esw_vf_vlan_filter_enable(p->nic->sw, p->vf,
						 (offloads & RTE_ETH_RX_OFFLOAD_VLAN_FILTER) != 0);
	return 0;
}

static int
vf_close(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);

	esn_tick_del(dev->data->port_id);
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return 0; /* the port goes on without this process */
	esn_port_close(dev);
	esw_vf_state_reset(p->nic->sw, p->vf);
	esn_nic_release(p->nic, p->vf);
	esn_nic_unref(p->nic);
	return 0;
}

const struct eth_dev_ops esn_vf_ops = {
	.dev_configure = esn_port_configure,
	.dev_start = esn_port_start,
	.dev_stop = esn_port_stop,
	.dev_close = vf_close,
	.dev_reset = esn_port_reset,
	.dev_infos_get = esn_port_infos_get,
	.dev_set_link_up = esn_link_up,
	.dev_set_link_down = esn_link_down,
	.link_update = esn_link_update,
	.promiscuous_enable = vf_promisc_on,
	.promiscuous_disable = vf_promisc_off,
	.allmulticast_enable = vf_allmulti_on,
	.allmulticast_disable = vf_allmulti_off,
	.mac_addr_set = vf_mac_set,
	.mac_addr_add = vf_mac_add,
	.mac_addr_remove = vf_mac_remove,
	.set_mc_addr_list = vf_mcast_set,
	.mtr_ops_get = esn_mtr_ops_get,
	.mtu_set = vf_mtu_set,
	.vlan_filter_set = vf_vlan_filter_set,
	.vlan_offload_set = vf_vlan_offload_set,
	.vlan_strip_queue_set = esn_port_vlan_strip_queue,
	.rx_queue_setup = esn_rxq_setup,
	.rx_queue_release = esn_rxq_release,
	.rx_queue_start = esn_rxq_start,
	.rx_queue_stop = esn_rxq_stop,
	.tx_queue_setup = esn_txq_setup,
	.tx_queue_release = esn_txq_release,
	.tx_queue_start = esn_txq_start,
	.tx_queue_stop = esn_txq_stop,
	.tx_done_cleanup = esn_txq_done_cleanup,
	.rxq_info_get = esn_port_rxq_info,
	.txq_info_get = esn_port_txq_info,
	.rx_burst_mode_get = esn_port_burst_mode,
	.tx_burst_mode_get = esn_port_burst_mode,
	.dev_supported_ptypes_get = esn_port_ptypes_get,
	.dev_ptypes_set = esn_port_ptypes_set,
	.rss_hash_update = esn_rss_hash_update,
	.rss_hash_conf_get = esn_rss_hash_conf_get,
	.reta_update = esn_rss_reta_update,
	.reta_query = esn_rss_reta_query,
	.stats_get = esn_stats_get,
	.stats_reset = esn_stats_reset,
	.xstats_get = esn_xstats_get,
	.xstats_reset = esn_stats_reset,
	.xstats_get_names = esn_xstats_names,
	.xstats_get_by_id = esn_xstats_by_id,
	.xstats_get_names_by_id = esn_xstats_names_by_id,
	.eth_dev_priv_dump = esn_port_priv_dump,
	.flow_ops_get = esn_flow_ops_get,
	.rx_metadata_negotiate = esn_flow_rx_metadata,
};
