/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_BACKING_H_
#define _ESN_BACKING_H_

/*
 * DPDK ports behind the e-switch: the uplink's (devarg uplink=) and those that VFs are handed to
 * (attach=).
 *
 * Polling a port polls what lies behind it: the burst function of the PF (for the uplink) and of a
 * representor (for its VF's port) first moves frames both ways between the port behind and the
 * e-switch. So an application that polls its ports needs no further thread. The PF also serves the
 * VFs that have no started representor.
 *
 * What surprises:
 * - a port behind may appear before or after the PF, and vanish at any time. It is taken (owner) at
 *   once, configured by the tick or when the polling port starts, given that port's pool of
 *   buffers, and given back when the PF is removed;
 * - while an uplink is named but missing or down, the wire's link is down, as with a cable
 *   unplugged; - all of it is of the primary process: a secondary that polls the PF moves nothing
 *   of the uplink's.
 *
 * Thread-safety: control is under one lock. Each port behind has a spinlock that its poller only
 * tries: whoever configures makes a poll skip a turn, never wait.
 */
#include <stdint.h>

#include <rte_mbuf.h>

#include "nic.h"

/* Take the ports that the devargs name; refused only for what can't ever work. */
int esn_backing_add(struct esn_nic *nic, uint16_t vf, const char *name, struct esw_err *err);
/* All of a NIC's: stopped and given back. */
void esn_backing_del_all(struct esn_nic *nic);

/*
 * The port that polls: the PF's (vf == ESN_PORT_NONE) or a VF's representor; its rx queue 0 and
 * pool, NULL when it stops. Returns when nobody uses what is taken away.
 */
void esn_backing_poller_set(struct esn_nic *nic, uint16_t vf, void *rxq, struct rte_mempool *mp);

/* Have MAC, MTU and link states follow, both ways; start what has appeared. */
void esn_backing_tick(void);

/* eth_rx_burst_t of a port that has something behind it. */
uint16_t esn_backing_rx_burst(void *rxq, struct rte_mbuf **pkts, uint16_t n);

#endif /* _ESN_BACKING_H_ */
