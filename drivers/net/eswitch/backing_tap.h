/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_BACKING_TAP_H_
#define _ESN_BACKING_TAP_H_

/*
 * What net_tap (as of DPDK 22.11) needs beside ethdev's usual calls to be the port behind a VF, or
 * the uplink. Its interface is there to be moved to another network namespace, at any time, while
 * net_tap does all but moving frames by the interface's name, in the namespace of the process.
 *
 * What surprises: queues that are open move frames wherever the interface is. But the first queue
 * is opened by name, and after a move would be that of a new interface; and a started port once
 * stopped would not start again.
 *
 * Thread-safety: to be called under the lock of backing.c.
 */
#include <stdbool.h>
#include <stdint.h>

/* Is it such a port? Only then may the others be called. */
bool esn_tap_is(uint16_t port_id);

/* Is its interface no longer in the namespace of this process? */
bool esn_tap_moved(uint16_t port_id);

/* Open its queue as long as the interface can be found. @return 0, -ENODEV or another errno */
int esn_tap_open(uint16_t port_id);

/* As rte_eth_dev_start(), also if the interface was moved. @return 0 or a negative errno */
int esn_tap_start(uint16_t port_id);

/*
 * Its receive queue, stopped: it keeps buffers of a pool that the polling port's application may
 * free when that port is closed.
 */
void esn_tap_rxq_release(uint16_t port_id);

/* rte_eth_dev_set_mtu() also above the limit that net_tap shows. @return 0 or a negative errno */
int esn_tap_mtu_set(uint16_t port_id, uint16_t mtu);

#endif /* _ESN_BACKING_TAP_H_ */
