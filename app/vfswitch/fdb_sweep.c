/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include "fdb_table.h"

#define LOCK_CHUNK 64 /* buckets that a sweep handles between two breaths */

/* What a sweep removes: learned or static, of one port (VSW_FDB_NONE: all), older than `age`. */
struct sweep {
	bool is_static;
	uint16_t port;
	uint32_t now, age;
};

static bool
sweep_wants(const struct sweep *s, uint64_t v)
{
	if (((v & FDB_VALUE_STATIC) != 0) != s->is_static)
		return false;
	if (s->port != VSW_FDB_NONE && s->port != fdb_value_port(v))
		return false;
	/* A worker's clock may be ahead of the sweep's by a tick. */
	return s->age == 0 || (int32_t)(s->now - (uint32_t)v) > (int32_t)s->age;
}

static uint32_t
sweep_bucket(struct vsw_fdb *t, struct fdb_bucket *b, const struct sweep *s)
{
	uint32_t n = 0;

	for (int i = 0; i < FDB_BUCKET_ENTRIES; i++) {
		struct fdb_place p = { &b->key[i], &b->value[i] };

		if (*p.key == 0 || !sweep_wants(s, __atomic_load_n(p.value, __ATOMIC_RELAXED)))
			continue;
		fdb_clear(t, &p);
		n++;
	}
	return n;
}

static uint32_t
sweep_all(struct vsw_fdb *t, const struct sweep *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i <= t->mask; i += LOCK_CHUNK) {
		rte_spinlock_lock(&t->lock);
		for (uint32_t j = i; j < i + LOCK_CHUNK && j <= t->mask; j++)
			n += sweep_bucket(t, &t->bucket[j], s);
		rte_spinlock_unlock(&t->lock);
	}
	return n;
}

uint32_t
vsw_fdb_static_flush(struct vsw_fdb *t, uint16_t port)
{
	return sweep_all(t, &(struct sweep){ .is_static = true, .port = port });
}

uint32_t
vsw_fdb_flush(struct vsw_fdb *t, uint16_t port)
{
	return sweep_all(t, &(struct sweep){ .port = port });
}

uint32_t
vsw_fdb_age(struct vsw_fdb *t, uint32_t now, uint32_t age)
{
	uint32_t n = sweep_all(t, &(struct sweep){ .port = VSW_FDB_NONE, .now = now, .age = age });

	rte_spinlock_lock(&t->lock);
	t->stats.aged += n;
	rte_spinlock_unlock(&t->lock);
	return n;
}

void
vsw_fdb_stats_get(const struct vsw_fdb *t, struct vsw_fdb_stats *s)
{
	*s = t->stats; /* single words, each right by itself */
}

uint32_t
vsw_fdb_port_count(const struct vsw_fdb *t, uint16_t port)
{
	return port < t->n_ports ? t->count[port] : 0;
}

uint32_t
vsw_fdb_dump(const struct vsw_fdb *t, uint32_t now, struct vsw_fdb_entry *e, uint32_t n)
{
	uint32_t filled = 0;

	for (uint32_t i = 0; i < (t->mask + 1) * FDB_BUCKET_ENTRIES && filled < n; i++) {
		const struct fdb_bucket *b = &t->bucket[i / FDB_BUCKET_ENTRIES];
		uint64_t k = __atomic_load_n(&b->key[i % FDB_BUCKET_ENTRIES], __ATOMIC_ACQUIRE);
		uint64_t v = __atomic_load_n(&b->value[i % FDB_BUCKET_ENTRIES], __ATOMIC_RELAXED);

		if (k == 0)
			continue;
		e[filled] = (struct vsw_fdb_entry){
			.vlan = k >> 48 == VSW_VLAN_ANY ? VSW_VLAN_ANY : k >> 48 & ~FDB_KEY_USED,
			.port = fdb_value_port(v),
			.is_static = (v & FDB_VALUE_STATIC) != 0,
			.age_s = (v & FDB_VALUE_STATIC) != 0 ? 0 : now - (uint32_t)v,
		};
		for (int j = 0; j < RTE_ETHER_ADDR_LEN; j++)
			e[filled].mac.addr_bytes[j] = k >> (40 - 8 * j);
		filled++;
	}
	return filled;
}
