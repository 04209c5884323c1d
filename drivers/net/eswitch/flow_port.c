/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_port.h. */
#include "flow_port.h"

static void
of_port(struct esn_flow_port *port, const struct esn_port *p)
{
	port->nic = p->nic;
	port->sw = p->nic->sw;
	port->kind = esn_port_is_pf(p) ? ESN_FLOW_PF : ESN_FLOW_VF;
	port->vf = p->vf;
	port->ep = p->ep;
}

static void
of_rep(struct esn_flow_port *port, struct esn_nic *nic, uint16_t vf)
{
	port->nic = nic;
	port->sw = nic->sw;
	port->kind = ESN_FLOW_REP;
	port->vf = vf;
	port->ep = esw_ep_rep(nic->sw, vf);
}

static bool
is_ours(const struct rte_eth_dev *dev)
{
	return dev->dev_ops == &esn_pf_ops || dev->dev_ops == &esn_vf_ops;
}

/* A port that is neither the PF's nor a VF's has these operations because it is a representor. */
int
esn_flow_port_get(const struct rte_eth_dev *dev, struct esn_flow_port *port,
		  struct rte_flow_error *error)
{
	const struct swd_dev *sd;

	if (rte_eal_process_type() != RTE_PROC_PRIMARY)
		return rte_flow_error_set(error, ENOTSUP, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					  "flow rules are made by the primary process only");
	port->dev = dev;
	if (is_ours(dev)) {
		of_port(port, esn_port(dev));
		return 0;
	}
	sd = dev->process_private;
	if (sd == NULL)
		return rte_flow_error_set(error, ENODEV, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
					  "the representor's device has been removed");
	of_rep(port, ((const struct esn_dev *)sd->dev)->nic, dev->data->representor_id);
	return 0;
}

uint16_t
esn_flow_port_stands_for(const struct esn_flow_port *port)
{
	switch (port->kind) {
	case ESN_FLOW_PF:
		return ESW_EP_WIRE;
	case ESN_FLOW_REP:
		return esw_ep_vf(port->vf);
	default:
		return port->ep;
	}
}

/*
 * Another port of the same e-switch. Nothing is read through a pointer that may be another
 * driver's: that a representor is ours is what the NIC's own list of port numbers says.
 */
static int
find(const struct esn_flow_port *from, uint32_t id, struct esn_flow_port *port, const char **why)
{
	struct esn_nic *nic = from->nic;
	const struct rte_eth_dev *dev;
	uint16_t vf;

	if (id >= RTE_MAX_ETHPORTS || rte_eth_devices[id].state == RTE_ETH_DEV_UNUSED) {
		*why = "there is no such port";
		return -ENODEV;
	}
	dev = &rte_eth_devices[id];
	port->dev = dev;
	if (is_ours(dev) && esn_port(dev)->nic == nic) {
		of_port(port, esn_port(dev));
		return 0;
	}
	vf = dev->data->representor_id;
	if ((dev->data->dev_flags & RTE_ETH_DEV_REPRESENTOR) != 0 && vf < nic->nb_vfs &&
	    nic->vf[vf].rep_port == id) {
		of_rep(port, nic, vf);
		return 0;
	}
	*why = "the port is not one of this e-switch";
	return -EXDEV;
}

int
esn_flow_port_ep(const struct esn_flow_port *port, uint32_t id, enum esn_flow_as as, uint16_t *ep,
		 const char **why)
{
	struct esn_flow_port other;
	int ret = find(port, id, &other, why);

	if (ret != 0)
		return ret;
	if (as == ESN_FLOW_AS_REPRESENTED && other.kind == ESN_FLOW_VF) {
		*why = "a VF's own port represents nothing: name it by PORT_ID or PORT_REPRESENTOR";
		return -EINVAL;
	}
	*ep = as == ESN_FLOW_AS_ITSELF ? other.ep : esn_flow_port_stands_for(&other);
	return 0;
}

/* The NIC remembers the number of a PF's port that is closed: it may be anybody's now. */
int
esn_flow_port_proxy(const struct esn_flow_port *port, uint16_t *id)
{
	struct esn_flow_port pf;
	const char *why;

	*id = port->kind == ESN_FLOW_VF ? port->nic->pf_port : port->dev->data->port_id;
	if (port->kind != ESN_FLOW_VF)
		return 0;
	return find(port, *id, &pf, &why) == 0 && pf.kind == ESN_FLOW_PF ? 0 : -ENODEV;
}
