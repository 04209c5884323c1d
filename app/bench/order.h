/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_ORDER_H_
#define _BENCH_ORDER_H_

/*
 * The order in which a sender goes through its streams; part of traffic.c's set-up.
 *
 * Thread-safety: as bench_traffic_open, which calls these.
 */

#include <stdint.h>

#include "traffic.h"

/* Whole rounds of the good streams of sender @p s, port @p tx, each in another order; -ENOMEM. */
int bench_order_make(struct bench_traffic *t, unsigned int s, uint16_t tx);

/* Mix the sender's bad streams into the order that was made, by their shares; -ENOMEM. */
int bench_order_mix(struct bench_traffic *t, unsigned int s, uint16_t tx,
		    const struct bench_bad_list *bad);

#endif /* _BENCH_ORDER_H_ */
