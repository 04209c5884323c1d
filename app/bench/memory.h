/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_MEMORY_H_
#define _BENCH_MEMORY_H_

/*
 * What DPDK memory is in use between two configurations: a round that leaves something behind makes
 * the next one different from it, and ends a long comparison early.
 *
 * Thread-safety: call from the main lcore while no device is plugged or unplugged.
 */

#include <stdbool.h>
#include <stddef.h>

struct bench_memory {
	unsigned int memzones;
	unsigned int mempools;
	unsigned int ports;
	size_t heap; /* octets handed out by rte_malloc */
};

void bench_memory_take(struct bench_memory *m);

/* Is there more in @p now than in @p before? */
bool bench_memory_grew(const struct bench_memory *before, const struct bench_memory *now);

#endif /* _BENCH_MEMORY_H_ */
