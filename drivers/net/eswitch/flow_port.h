/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_PORT_H_
#define _ESN_FLOW_PORT_H_

/*
 * The port that a flow call is made on, and the ports that its items and actions name: which
 * endpoint of which e-switch (doc/semantics.md, section 7, "Whose frames").
 *
 * What surprises: a port stands for something else than it is, and rte_flow has a word for either.
 * PORT_ID is deprecated and old: in a transfer rule it means what the port stands for, as OVS 3.1
 * expects of it.
 *
 * Thread-safety: reads of what probe and close write; a port that is named must not be closed
 * meanwhile, which is ethdev's own rule.
 */
#include <ethdev_driver.h>

#include "flow_say.h"
#include "port.h"

enum esn_flow_kind { ESN_FLOW_PF, ESN_FLOW_VF, ESN_FLOW_REP };

struct esn_flow_port {
	const struct rte_eth_dev *dev;
	struct esn_nic *nic;
	struct esw *sw;
	enum esn_flow_kind kind;
	uint16_t vf; /* of a VF's port and of a representor */
	uint16_t ep; /* the port's own endpoint: the owner of its rules */
};

/* How a port is named. */
enum esn_flow_as {
	ESN_FLOW_AS_ID,          /* PORT_ID: what it stands for, a VF's port itself */
	ESN_FLOW_AS_REPRESENTED, /* REPRESENTED_PORT: what it stands for */
	ESN_FLOW_AS_ITSELF,      /* PORT_REPRESENTOR: its own endpoint */
};

/*
 * The port of a call. Refused in a secondary process: rules are the primary's.
 * @return 0 or a negative errno with the refusal in `error`
 */
int esn_flow_port_get(const struct rte_eth_dev *dev, struct esn_flow_port *port,
		      struct rte_flow_error *error);

/* The endpoint that the port stands for; a VF's port stands for nothing but itself. */
uint16_t esn_flow_port_stands_for(const struct esn_flow_port *port);

/*
 * The endpoint that port `id` means, seen from `port`.
 * @param why  out, on failure: a sentence, constant
 * @return 0; -ENODEV no such port; -EXDEV not of this e-switch; -EINVAL it represents nothing
 */
int esn_flow_port_ep(const struct esn_flow_port *port, uint32_t id, enum esn_flow_as as,
		     uint16_t *ep, const char **why);

/* The port on which transfer rules are made in its stead: itself, or the PF's for a VF; -ENODEV. */
int esn_flow_port_proxy(const struct esn_flow_port *port, uint16_t *id);

#endif /* _ESN_FLOW_PORT_H_ */
