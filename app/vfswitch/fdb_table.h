/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_FDB_TABLE_H_
#define _VSW_FDB_TABLE_H_

/*
 * How the MAC table lies in memory; for fdb.c, which looks up and learns, and fdb_sweep.c, which
 * goes through all of it. See fdb.h for what it promises.
 */
#include <rte_spinlock.h>

#include "fdb.h"

#define FDB_BUCKET_ENTRIES 8

/* Key: VLAN and a bit that says "in use" in the upper 16 bits, address below; 0 = free. */
#define FDB_KEY_USED 0x4000 /* set in VSW_VLAN_ANY, and in no VLAN number */
/* Value: port in the upper 16 bits, static flag in bit 32, last-heard second in the lower 32. */
#define FDB_VALUE_STATIC (UINT64_C(1) << 32)

struct fdb_bucket {
	uint64_t key[FDB_BUCKET_ENTRIES];
	uint64_t value[FDB_BUCKET_ENTRIES];
} __rte_cache_aligned;

struct vsw_fdb {
	uint32_t mask; /* buckets - 1 */
	uint16_t n_ports;
	uint64_t seed;
	rte_spinlock_t lock; /* over everything below but reads */
	struct vsw_fdb_stats stats;
	uint32_t *count; /* learned entries by port */
	struct fdb_bucket bucket[];
};

/* Where a key is, or would be. */
struct fdb_place {
	uint64_t *key, *value;
};

static inline uint16_t
fdb_value_port(uint64_t v)
{
	return v >> 48;
}

/* Lock held. */
static inline void
fdb_clear(struct vsw_fdb *t, struct fdb_place *p)
{
	uint64_t v = __atomic_load_n(p->value, __ATOMIC_RELAXED);

	__atomic_store_n(p->key, 0, __ATOMIC_RELEASE);
	if ((v & FDB_VALUE_STATIC) == 0)
		t->count[fdb_value_port(v)]--;
	t->stats.entries--;
}

#endif /* _VSW_FDB_TABLE_H_ */
