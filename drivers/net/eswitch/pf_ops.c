/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The PF's port: the wire's representor in switchdev mode, a member of the switch in VEB mode. See
 * port.h.
 */
#include <errno.h>

#include "backing.h"
#include "flow_ops.h"
#include "log.h"
#include "mtr.h"
#include "port.h"
#include "representor.h"

static int
pf_mac_set(struct rte_eth_dev *dev, struct rte_ether_addr *mac)
{
	struct esw *sw = esn_port(dev)->nic->sw;
	struct esw_err err = { .msg = "" };
	struct rte_ether_addr now;
	int ret;

	esw_pf_mac_get(sw, &now);
	if (rte_is_same_ether_addr(&now, mac))
		return 0;
	ret = esw_pf_mac_set(sw, mac, &err);
	if (ret != 0)
		ESN_LOG(ERR, "%s: %s", dev->data->name, err.msg);
	return ret;
}

static int
pf_mtu_set(struct rte_eth_dev *dev, uint16_t mtu)
{
	struct esw *sw = esn_port(dev)->nic->sw;
	struct esw_err err = { .msg = "" };
	int ret = 0;

	if (dev->data->dev_started != 0)
		ret = esn_port_mtu_room(dev, mtu, &err);
	if (ret == 0)
		ret = esw_pf_mtu_set(sw, mtu, &err);
	if (ret != 0)
		ESN_LOG(ERR, "%s: %s", dev->data->name, err.msg);
	else
		esn_tick_soon(); /* the uplink's port follows */
	return ret;
}

static int
pf_promisc_on(struct rte_eth_dev *dev)
{
	return esw_pf_promisc_set(esn_port(dev)->nic->sw, true);
}

static int
pf_promisc_off(struct rte_eth_dev *dev)
{
	return esw_pf_promisc_set(esn_port(dev)->nic->sw, false);
}

/* Every group address reaches the PF anyway (doc/semantics.md, sections 4 and 5). */
static int
pf_allmulti(struct rte_eth_dev *dev)
{
	RTE_SET_USED(dev);
	return 0;
}

static int
pf_vlan_offload_set(struct rte_eth_dev *dev, int mask)
{
	uint64_t offloads = dev->data->dev_conf.rxmode.offloads;

	if ((mask & RTE_ETH_VLAN_STRIP_MASK) != 0)
		esn_port_vlan_strip_all(dev, (offloads & RTE_ETH_RX_OFFLOAD_VLAN_STRIP) != 0);
	return 0;
}

static int
pf_representor_info_get(struct rte_eth_dev *dev, struct rte_eth_representor_info *info)
{
	struct esn_dev *d = esn_dev_by_nic(esn_port(dev)->nic);

	return d == NULL ? -ENODEV : rep_info_get(&d->sd, info);
}

/* The port goes, the device stays: representors and VFs need the e-switch, not this port. */
static int
pf_close(struct rte_eth_dev *dev)
{
	struct esn_port *p = esn_port(dev);
	struct esn_dev *d = esn_dev_by_nic(p->nic);

	esn_tick_del(dev->data->port_id);
	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return 0; /* the port goes on without this process */
	if (d != NULL)
		d->sd.pf_port = ESN_PORT_NONE; /* the number will be another port's */
	esn_port_close(dev);
	esw_pf_promisc_set(p->nic->sw, false);
	esn_nic_unref(p->nic);
	return 0;
}

const struct eth_dev_ops esn_pf_ops = {
	.dev_configure = esn_port_configure,
	.dev_start = esn_port_start,
	.dev_stop = esn_port_stop,
	.dev_close = pf_close,
	.dev_reset = esn_port_reset,
	.dev_infos_get = esn_port_infos_get,
	.dev_set_link_up = esn_link_up,
	.dev_set_link_down = esn_link_down,
	.link_update = esn_link_update,
	.promiscuous_enable = pf_promisc_on,
	.promiscuous_disable = pf_promisc_off,
	.allmulticast_enable = pf_allmulti,
	.allmulticast_disable = pf_allmulti,
	.mac_addr_set = pf_mac_set,
	.mtr_ops_get = esn_mtr_ops_get,
	.mtu_set = pf_mtu_set,
	.vlan_offload_set = pf_vlan_offload_set,
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
	.representor_info_get = pf_representor_info_get,
	.eth_dev_priv_dump = esn_port_priv_dump,
	.flow_ops_get = esn_flow_ops_get,
	.rx_metadata_negotiate = esn_flow_rx_metadata,
};
