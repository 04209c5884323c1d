/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "memory.h"

static void
count_memzone(const struct rte_memzone *zone, void *arg)
{
	(void)zone;
	++*(unsigned int *)arg;
}

static void
count_mempool(struct rte_mempool *pool, void *arg)
{
	(void)pool;
	++*(unsigned int *)arg;
}

void
bench_memory_take(struct bench_memory *m)
{
	memset(m, 0, sizeof(*m));
	rte_memzone_walk(count_memzone, &m->memzones);
	rte_mempool_walk(count_mempool, &m->mempools);
	m->ports = rte_eth_dev_count_total();
	for (unsigned int i = 0; i < rte_socket_count(); i++) {
		struct rte_malloc_socket_stats s;

		if (rte_malloc_get_socket_stats(rte_socket_id_by_idx(i), &s) == 0)
			m->heap += s.heap_allocsz_bytes;
	}
}

bool
bench_memory_grew(const struct bench_memory *before, const struct bench_memory *now)
{
	return now->memzones > before->memzones || now->mempools > before->mempools ||
	       now->ports > before->ports || now->heap > before->heap;
}
