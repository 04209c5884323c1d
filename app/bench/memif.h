/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_MEMIF_H_
#define _BENCH_MEMIF_H_

/*
 * Out of the way of two races of net_memif (22.11) with the EAL's interrupt thread, which end
 * a process with both ends of a memif by SIGSEGV now and then:
 *
 * - when one end is stopped, the interrupt thread disconnects the other one; if that is stopped
 *   meanwhile, both free the same regions. So it is stopped only once the thread is through;
 * - the listener of role=server stays registered as an interrupt source after its memory is gone,
 *   and the thread stumbles over it in rte_eal_cleanup(). So a process that had a memif ends
 *   without that.
 *
 * Thread-safety: call from the main lcore.
 */

#include <stdbool.h>

#include "ports.h"

/* A device of this name is there; remembered if it is a memif. */
void bench_memif_saw(const char *name);

/* Port @p index of @p ports was stopped: wait until the other end of a memif knows. */
void bench_memif_settle(const struct bench_ports *ports, unsigned int index);

/* rte_eal_cleanup(), unless there was a memif: then leave the process with @p code. */
void bench_memif_cleanup(int code);

#endif /* _BENCH_MEMIF_H_ */
