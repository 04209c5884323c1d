/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Making a PF's or VF's port, in the primary process and in a secondary. See port.h. */
#include <errno.h>
#include <stdio.h>

#include <rte_malloc.h>

#include "backing.h"
#include "flow_ops.h"
#include "log.h"
#include "mtr.h"
#include "port.h"

/*
 * Burst and queue functions of this process. (The e-switch notices that another process polls a
 * queue now.)
 */
void
esn_port_funcs_set(struct rte_eth_dev *dev)
{
	const struct esn_port *p = esn_port(dev);

	dev->rx_pkt_burst = esw_rx_burst;
	dev->tx_pkt_burst = esw_tx_burst;
	if (esn_port_is_pf(p) && p->nic->backed && rte_eal_process_type() == RTE_PROC_PRIMARY)
		dev->rx_pkt_burst = esn_backing_rx_burst;
	dev->tx_pkt_prepare = esw_tx_prepare;
	dev->rx_queue_count = esn_rxq_count;
	dev->rx_descriptor_status = esn_rxq_desc_status;
	dev->tx_descriptor_status = esn_txq_desc_status;
}

int
esn_port_init(struct rte_eth_dev *dev, struct esn_nic *nic, uint16_t vf)
{
	struct esn_port *p = esn_port(dev);
	bool is_pf = vf == ESN_PORT_NONE;
	struct esw_policy policy;

	*p = (struct esn_port){
		.nic = nic,
		.port_id = dev->data->port_id,
		.ep = is_pf ? ESW_EP_PF : esw_ep_vf(vf),
		.vf = vf,
	};
	dev->data->mac_addrs = rte_zmalloc_socket(dev->data->name,
						  (is_pf ? 1 : 1 + ESW_VF_MACS_MAX) *
							  sizeof(struct rte_ether_addr),
						  0, dev->data->numa_node);
	if (dev->data->mac_addrs == NULL)
		return -ENOMEM;
	if (is_pf) {
		esw_pf_mac_get(nic->sw, &dev->data->mac_addrs[0]);
		dev->data->mtu = esw_pf_mtu_get(nic->sw);
	} else {
		esw_policy_get(nic->sw, vf, &policy);
		dev->data->mac_addrs[0] = policy.mac;
		dev->data->mtu = RTE_MIN(policy.mtu, RTE_ETHER_MTU);
	}
	if (dev->data->numa_node < 0)
		dev->data->numa_node = nic->socket_id;
	dev->data->dev_flags |= RTE_ETH_DEV_INTR_LSC | RTE_ETH_DEV_AUTOFILL_QUEUE_XSTATS |
				RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE;
	dev->data->dev_link = (struct rte_eth_link){
		.link_speed = RTE_ETH_SPEED_NUM_NONE,
		.link_duplex = RTE_ETH_LINK_FULL_DUPLEX,
		.link_autoneg = RTE_ETH_LINK_FIXED,
		.link_status = RTE_ETH_LINK_DOWN,
	};
	dev->dev_ops = is_pf ? &esn_pf_ops : &esn_vf_ops;
	esn_flow_queue_ops_set(dev);
	esn_stats_reset(dev);
	esn_port_funcs_set(dev);
	esn_nic_ref(nic);
	esn_tick_add(dev->data->port_id);
	return 0;
}

/* Flow rules and queues; what else a port holds is the PF's or the VF's own. */
int
esn_port_close(struct rte_eth_dev *dev)
{
	const struct esn_port *p = esn_port(dev);
	uint16_t i;

	esn_flow_port_forget(p->nic, dev->data->port_id, p->ep);
	if (dev->data->dev_started != 0) {
		esn_port_stop(dev);
		dev->data->dev_started = 0;
	}
	for (i = 0; i < dev->data->nb_rx_queues; i++)
		esn_rxq_release(dev, i);
	for (i = 0; i < dev->data->nb_tx_queues; i++)
		esn_txq_release(dev, i);
	esn_mtr_close(esn_port(dev)->nic->sw, esn_port(dev)->ep);
	return 0;
}

/* What the primary process made, by its name. */
int
esn_port_attach_secondary(struct rte_device *device, const char *name,
			  const struct eth_dev_ops *ops, struct rte_eth_dev **out)
{
	struct rte_eth_dev *dev = rte_eth_dev_attach_secondary(name);

	if (dev == NULL)
		return -ENODEV;
	dev->device = device;
	dev->dev_ops = ops;
	esn_port_funcs_set(dev);
	*out = dev;
	return 0;
}

int
esn_port_priv_dump(struct rte_eth_dev *dev, FILE *f)
{
	const struct esn_port *p = esn_port(dev);
	struct esw_vf_state st;
	struct esw_policy policy;
	char text[512];
	unsigned int i;

	fprintf(f, "device %s, endpoint %u, carrier %s%s\n", p->nic->name, p->ep,
		esn_link_now(p) ? "up" : "down", p->nic->dead ? ", PF removed" : "");
	if (esn_port_is_pf(p)) {
		fprintf(f, "VFs %u, domain %u, uplink %s\n", p->nic->nb_vfs, p->nic->domain_id,
			p->nic->uplink[0] != '\0' ? p->nic->uplink : "none");
		return 0;
	}
	if (esw_policy_get(p->nic->sw, p->vf, &policy) != 0 ||
	    esw_vf_state_get(p->nic->sw, p->vf, &st) != 0)
		return -EINVAL;
	fprintf(f, "VF %u, effective MTU %u, promiscuous %d, all-multicast %d\n", p->vf,
		st.effective_mtu, st.promisc_effective, st.allmulti_effective);
	for (i = 0; i < ESW_F_COUNT; i++) {
		esw_policy_field_print(&policy, (enum esw_policy_field)i, text, sizeof(text));
		fprintf(f, "%s = %s\n", esw_policy_field_name((enum esw_policy_field)i), text);
	}
	return 0;
}
