/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_LOAD_H_
#define _BENCH_LOAD_H_

/*
 * The loads of which the modes take shares.
 *
 * Software ports have no line rate. The maximum load of RFC 2544 is here what the tester offers
 * these ports when it sends as fast as it can, or --rate.
 *
 * Thread-safety: call from the main lcore.
 */

#include "manager.h"

/* Frames per second with the traffic as it is set; a trial that is accounted. */
double bench_load_max(struct bench_manager *m);

/*
 * The throughput of size @p i, searched if it was not; --rate instead if given.
 * @return 0, or as bench_mode.run
 */
int bench_load_throughput(struct bench_manager *m, uint32_t i, double *pps, char *err,
			  size_t errlen);

#endif /* _BENCH_LOAD_H_ */
