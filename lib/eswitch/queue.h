/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_QUEUE_H_
#define _ESW_QUEUE_H_

/*
 * The receiving half of the data path, shared by the burst function and by control that drains a
 * stopped queue. One caller per queue at a time.
 */
#include "device.h"

/* Up to n frames out of the queue's lanes, in turn. */
uint16_t esw_rxq_take(struct esw_rxq *q, struct rte_mbuf **pkts, uint16_t n);

/*
 * From inside a burst, before its epoch is odd: take over a queue that another process used last.
 * false: control is at work; try again in the next burst.
 */
bool esw_rxq_try_adopt(struct esw_rxq *q);
bool esw_txq_try_adopt(struct esw_txq *q);

#endif /* _ESW_QUEUE_H_ */
