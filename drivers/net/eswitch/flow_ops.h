/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_OPS_H_
#define _ESN_FLOW_OPS_H_

/*
 * rte_flow of the NIC's ports: PF, VFs, representors.
 *
 * The handle that an application holds (struct rte_flow) is the e-switch's rule itself.
 *
 * What surprises: rules outlive a stop and a reconfiguration of their port (OVS counts on it), and
 * end with its close. Isolation does, too.
 *
 * Thread-safety: all operations may be called from any thread at once
 * (RTE_ETH_DEV_FLOW_OPS_THREAD_SAFE): the e-switch locks.
 */
#include <rte_flow_driver.h>

#include "flow_port.h"

extern const struct rte_flow_ops esn_flow_ops;

/* flow_async.c: operations of queues, which some releases have apart. */
void esn_flow_queue_ops_set(struct rte_eth_dev *dev);

/* The operation flow_ops_get. */
int esn_flow_ops_get(struct rte_eth_dev *dev, const struct rte_flow_ops **ops);
/* The operation rx_metadata_negotiate: marks and flags are always delivered. */
int esn_flow_rx_metadata(struct rte_eth_dev *dev, uint64_t *features);

/* What a port told about rules is forgotten: it is being closed, or reset. */
void esn_flow_port_forget(struct esn_nic *nic, uint16_t port_id, uint16_t ep);

/*
 * flow_aged.c: applications are told of rules that have aged (RTE_ETH_EVENT_FLOW_AGED).
 */

/* The port has rules that age: look at them from now on. */
void esn_flow_aged_watch(const struct esn_flow_port *port);
void esn_flow_aged_unwatch(uint16_t port_id);
/* About ten times a second, by a thread that holds no lock: applications' callbacks run here. */
void esn_flow_aged_tick(void);

#endif /* _ESN_FLOW_OPS_H_ */
