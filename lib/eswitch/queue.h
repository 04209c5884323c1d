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

/* lane.c; device lock held. */

/* May frames go from one endpoint to the other at all? Lanes exist only where they may. */
bool esw_is_path(const struct esw *sw, uint16_t from, uint16_t to);
/* The lane of two queues that exist. @return 0, -ENOMEM */
int esw_lane_create(struct esw *sw, struct esw_txq *t, struct esw_rxq *r);
/*
 * Both ends were told to let go and a grace period has passed (`safe`), else the memory stays.
 */
void esw_lane_destroy(struct esw *sw, struct esw_txq *t, struct esw_rxq *r, bool safe);

#endif /* _ESW_QUEUE_H_ */
