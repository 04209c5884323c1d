/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _ESN_STAGES_H_
#define _ESN_STAGES_H_

#include <stdint.h>

/**
 * Cycles in each stage of the data path since the port's queues were made, net of the calibrated
 * cost of reading the TSC. Exists only in a profiling build (-Dstages=true).
 *
 * @param n  length of both arrays
 * @return number of stages; -EINVAL: no such port, or more stages than n; -ENOTSUP: the port is
 *   another driver's
 */
int rte_pmd_eswitch_stages(uint16_t port_id, const char **name, double *cycles, unsigned int n);

#endif /* _ESN_STAGES_H_ */
