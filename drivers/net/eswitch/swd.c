/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The switchdev operations of the software NIC: control. The representors' data path is in
 * swd_rep.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>

#include "backing.h"
#include "flow_ops.h"
#include "mtr.h"
#include "port.h"
#include "representor.h"
#include "swd.h"

static int
info_get(void *dev, struct swd_info *info)
{
	const struct esn_dev *d = dev;
	const struct esn_nic *nic = d->nic;
	const struct esw_conf *conf = esw_conf_get(nic->sw);

	*info = (struct swd_info){
		.driver = "net_eswitch",
		.pf_port = d->sd.pf_port,
		.domain_id = nic->domain_id,
		.nb_vfs = nic->nb_vfs,
		.mode = conf->mode == ESW_MODE_VEB ? SWD_MODE_VEB : SWD_MODE_SWITCHDEV,
		.mtu_max = conf->mtu_max,
		.pf_mtu = esw_pf_mtu_get(nic->sw),
		.policy_fields = esw_policy_fields(nic->sw),
		.speed_mbps = nic->speed,
		.wire_link = esw_wire_link_get(nic->sw),
	};
	rte_strscpy(info->name, nic->name, sizeof(info->name));
	rte_strscpy(info->uplink, nic->uplink, sizeof(info->uplink));
	return 0;
}

static int
policy_get(void *dev, uint16_t vf, struct esw_policy *p)
{
	const struct esn_dev *d = dev;

	return esw_policy_get(d->nic->sw, vf, p);
}

/* What hangs on a policy: copies of the MAC, ports behind, link events (by the tick). */
static int
policy_changed(struct esn_dev *d, uint16_t vf, int ret)
{
	if (ret != 0)
		return ret;
	esn_nic_vf_sync(d->nic, vf);
	if (d->nic->backed)
		esn_tick_soon();
	return 0;
}

static int
policy_set(void *dev, uint16_t vf, const struct esw_policy *p, struct esw_err *err)
{
	struct esn_dev *d = dev;

	return policy_changed(d, vf, esw_policy_set(d->nic->sw, vf, p, err));
}

static int
policy_patch(void *dev, uint16_t vf, const struct esw_policy_patch *patch, struct esw_err *err)
{
	struct esn_dev *d = dev;

	return policy_changed(d, vf, esw_policy_patch_set(d->nic->sw, vf, patch, err));
}

static int
vf_info_get(void *dev, uint16_t vf, struct swd_vf_info *info)
{
	const struct esn_dev *d = dev;
	const struct esn_nic_vf *v;
	struct esw_vf_state st;
	struct esw_policy p;
	int ret = esw_policy_get(d->nic->sw, vf, &p);

	if (ret == 0)
		ret = esw_vf_state_get(d->nic->sw, vf, &st);
	if (ret != 0)
		return ret;
	v = &d->nic->vf[vf];
	*info = (struct swd_vf_info){
		.mac = p.mac,
		.mtu = st.effective_mtu,
		.rep_mtu = st.rep_mtu,
		.link = st.link,
		.promisc = st.promisc_effective,
		.allmulti = st.allmulti_effective,
		.promisc_asked = st.promisc,
		.allmulti_asked = st.allmulti,
		.n_macs = st.n_macs,
		.vf_port = v->vf_port == ESN_PORT_NONE ? -1 : v->vf_port,
		.rep_port = v->rep_port == ESN_PORT_NONE ? -1 : v->rep_port,
	};
	rte_strscpy(info->attached, v->attached, sizeof(info->attached));
	return 0;
}

/* A list that is filled as far as it goes, and counted to its end. */
struct list {
	struct swd_counter *c;
	unsigned int room, n;
};

static void
put_as(struct list *l, const char *name, uint64_t value, bool drop)
{
	if (l->n < l->room) {
		rte_strscpy(l->c[l->n].name, name, sizeof(l->c[l->n].name));
		l->c[l->n].value = value;
		l->c[l->n].drop = drop;
	}
	l->n++;
}

static void
put(struct list *l, const char *name, uint64_t value)
{
	put_as(l, name, value, false);
}

/* An endpoint's own: every fate, octets, casts, what crossed the wire. */
static void
put_counters(struct list *l, const struct esw_counters *c)
{
	unsigned int f;

	for (f = 0; f < ESW_FATE_COUNT; f++)
		put_as(l, esw_fate_name((enum esw_fate)f), c->fate[f],
		       f != ESW_TX_FORWARDED && f != ESW_RX_DELIVERED);
	put(l, "tx_bytes", c->tx_bytes);
	put(l, "rx_bytes", c->rx_bytes);
	put(l, "tx_multicast_packets", c->tx_mcast);
	put(l, "tx_broadcast_packets", c->tx_bcast);
	put(l, "rx_multicast_packets", c->rx_mcast);
	put(l, "rx_broadcast_packets", c->rx_bcast);
	put(l, "tx_wire_packets", c->tx_wire);
	put(l, "rx_wire_packets", c->rx_wire);
}

/* The port behind an endpoint: "rx" is what it sent into the e-switch. */
static void
put_io(struct list *l, const struct esn_io *io)
{
	put(l, "backing_rx_packets", io->rx_packets);
	put(l, "backing_tx_packets", io->tx_packets);
	put(l, "backing_tx_dropped", io->tx_dropped);
}

/* What the VF asked for and was not given. */
static void
put_refusals(struct list *l, const struct esn_nic *nic, uint16_t vf)
{
	struct esw_vf_state st;

	if (esw_vf_state_get(nic->sw, vf, &st) != 0)
		return;
	put(l, "denied_mac", st.denied_mac);
	put(l, "denied_mtu", st.denied_mtu);
	put(l, "denied_promisc", st.denied_promisc);
	put(l, "denied_addr", st.denied_addr);
	put(l, "denied_vlan", st.denied_vlan);
}

static int
endpoint_of(const struct esn_nic *nic, int port)
{
	if (port == SWD_PORT_PF)
		return ESW_EP_PF;
	if (port == SWD_PORT_WIRE)
		return ESW_EP_WIRE;
	if (port >= SWD_PORT_REP(0) && port < SWD_PORT_REP(nic->nb_vfs))
		return esw_ep_rep(nic->sw, port - SWD_PORT_REP(0));
	if (port >= 0 && port < nic->nb_vfs)
		return esw_ep_vf(port);
	return -ERANGE;
}

static int
counters_get(void *dev, int port, struct swd_counter *c, unsigned int n)
{
	const struct esn_nic *nic = ((const struct esn_dev *)dev)->nic;
	struct list l = { .c = c, .room = c == NULL ? 0 : n };
	struct esw_counters now;
	int ep = endpoint_of(nic, port);
	int ret = ep < 0 ? ep : esw_counters_get(nic->sw, ep, &now);

	if (ret != 0)
		return ret;
	put_counters(&l, &now);
	if (port >= 0 && port < nic->nb_vfs) {
		put_refusals(&l, nic, port);
		if (nic->vf[port].attached[0] != '\0')
			put_io(&l, &nic->vf[port].io);
	} else if (port == SWD_PORT_WIRE && nic->uplink[0] != '\0') {
		put_io(&l, &nic->io);
	}
	return l.n;
}

static int
fdb_get(void *dev, struct swd_fdb_entry *e, unsigned int n)
{
	const struct esn_dev *d = dev;
	struct esw_fdb_entry *from = calloc(n == 0 ? 1 : n, sizeof(*from));
	uint32_t i, total;

	if (from == NULL)
		return -ENOMEM;
	total = esw_fdb_dump(d->nic->sw, from, n);
	for (i = 0; i < RTE_MIN(total, n); i++)
		e[i] = (struct swd_fdb_entry){
			.mac = from[i].mac,
			.vlan = from[i].vid,
			.vf = from[i].ep == ESW_EP_WIRE ? SWD_PORT_WIRE :
			      from[i].ep == ESW_EP_PF   ? SWD_PORT_PF :
							  from[i].ep - ESW_EP_VF0,
			.is_static = from[i].is_static,
			.age_s = from[i].age_s,
		};
	free(from);
	return total;
}

static int
fdb_flush(void *dev)
{
	const struct esn_dev *d = dev;

	esw_fdb_flush(d->nic->sw, UINT16_MAX);
	return 0;
}

static int
flows_get(void *dev, int port)
{
	const struct esn_nic *nic = ((const struct esn_dev *)dev)->nic;
	int ep = endpoint_of(nic, port);

	return ep < 0 ? ep : (int)esw_flow_number(nic->sw, ep);
}

static int
rep_mtu_set(void *dev, uint16_t vf, uint16_t mtu, struct esw_err *err)
{
	struct esn_dev *d = dev;

	return policy_changed(d, vf, esw_vf_rep_mtu_set(d->nic->sw, vf, mtu, err));
}

static const void *
rep_mtr_ops(void *dev, uint16_t vf)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(vf);
	return &esn_mtr_ops;
}

/* What the e-switch fills in where a representor's application asked for checksums or RSS. */
static const uint32_t rep_ptypes[] = { ESN_PTYPES, RTE_PTYPE_UNKNOWN };

static const void *
rep_flow_ops(void *dev, uint16_t vf)
{
	RTE_SET_USED(dev);
	RTE_SET_USED(vf);
	return &esn_flow_ops;
}

#define ESN_SWD_OPS(rx) \
	{ \
		.info_get = info_get, .policy_get = policy_get, .policy_set = policy_set, \
		.policy_patch = policy_patch, .vf_info_get = vf_info_get, \
		.counters_get = counters_get, .fdb_get = fdb_get, .fdb_flush = fdb_flush, \
		.flows_get = flows_get, .rep_mtu_set = rep_mtu_set, \
		.rep_rxq_setup = esn_rep_rxq_setup, .rep_txq_setup = esn_rep_txq_setup, \
		.rep_rxq_release = esn_rep_rxq_release, .rep_txq_release = esn_rep_txq_release, \
		.rep_start = esn_rep_start, .rep_stop = esn_rep_stop, .rep_rx = (rx), \
		.rep_tx = esw_tx_burst, .rep_tx_prepare = esw_tx_prepare, \
		.rep_rxq_count = esn_rep_rxq_count, .rep_rxq_offloads_set = esn_rep_offloads_set, \
		.rep_mtr_ops = rep_mtr_ops, .rep_rx_offload_capa = ESN_RX_OFFLOADS_QUEUE, \
		.rep_tx_offload_capa = ESN_TX_OFFLOADS, .rep_rss_hf = ESN_RSS_ALL, \
		.rep_ptypes = rep_ptypes, .rep_queues_max = ESW_QUEUES_MAX, \
		.rep_desc_min = ESN_DESC_MIN, .rep_desc_max = ESN_DESC_MAX, \
		.rep_port_set = esn_rep_port_set, .rep_flow_ops = rep_flow_ops, \
		.rep_rx_metadata = RTE_ETH_RX_METADATA_USER_FLAG | RTE_ETH_RX_METADATA_USER_MARK, \
	}

const struct swd_ops esn_swd_ops = ESN_SWD_OPS(esw_rx_burst);
const struct swd_ops esn_swd_ops_backed = ESN_SWD_OPS(esn_backing_rx_burst);
