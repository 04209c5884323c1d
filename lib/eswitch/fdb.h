/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FDB_H_
#define _ESW_FDB_H_

/*
 * The MAC table of VEB mode: (VLAN, address) -> endpoint.
 *
 * Made for the lookup: a bucket is one cache line of four 16-octet entries, an entry is found by
 * one hash and one line in nearly all cases (a second bucket is looked at only if the first was
 * ever full). An entry is read and replaced as one 16-octet word, so that readers need no lock and
 * never pair the key of one with the port of another, and a process that is killed leaves a valid
 * table.
 *
 * Static entries are control's. Learned ones are put in by the sender's core with compare-and-swap;
 * they age by their stamp: nobody sweeps, an old entry simply does not match and is overwritten.
 *
 * Fair eviction: when both buckets of a new address are full of live entries, the entry that goes
 * is one of the port with the most learned addresses among them, so a VF that floods
 * addresses pushes out its own and not its neighbours' (the attack: fill the table, make the
 * switch flood, listen).
 *
 * Thread-safety: lookup and learn from any burst; static changes under the device's mutex.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_atomic.h>
#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_hash_crc.h>
#include <rte_prefetch.h>
#include <rte_vect.h>

#include "esw.h"
#include "frame.h"

#define ESW_FDB_WAYS 4
#define ESW_FDB_NONE UINT16_MAX

struct esw_fdb_slot {
	uint64_t key;  /* address | VLAN class << 48 | 1 << 62; 0 = free */
	uint64_t data; /* endpoint | static << 16 | stamp << 32 (seconds) */
} __rte_aligned(16);

struct esw_fdb_bucket {
	struct esw_fdb_slot slot[ESW_FDB_WAYS];
} __rte_cache_aligned;

struct esw_fdb {
	uint32_t mask; /* buckets - 1 */
	uint32_t age_s;
	uint64_t hz;    /* TSC cycles a second: stamps are TSC / hz */
	uint32_t n_any; /* entries for any VLAN: a second look-up is worth it */
	bool spilled;   /* some entry lies in its second bucket */
	uint64_t evicted;
	uint32_t *n_learned; /* per endpoint: approximate, atomic */
	struct esw_fdb_bucket *bucket;
};

int esw_fdb_init(struct esw_fdb *t, uint32_t entries, uint32_t age_s, uint16_t n_ep, int socket_id);
void esw_fdb_fini(struct esw_fdb *t);

/* Static entries (device mutex held). @return 0, -ENOSPC */
int esw_fdb_add_static(struct esw_fdb *t, uint16_t vlan, uint64_t mac, uint16_t ep);
/* Remove the static entries of an endpoint that keep() does not want. */
void esw_fdb_keep_static(struct esw_fdb *t, uint16_t ep,
			 bool (*keep)(const void *arg, uint16_t vlan, uint64_t mac),
			 const void *arg);
/* Forget what was learned of an endpoint, or of all with UINT16_MAX. */
void esw_fdb_remove_learned(struct esw_fdb *t, uint16_t ep);

/* Remember where `mac` was last seen; called with the burst's time. */
void esw_fdb_learn(struct esw_fdb *t, uint16_t vlan, uint64_t mac, uint16_t ep, uint32_t now);

uint32_t esw_fdb_walk(const struct esw_fdb *t, uint32_t now, struct esw_fdb_entry *e, uint32_t n);

static inline uint32_t
esw_fdb_now(const struct esw_fdb *t)
{
	return (uint32_t)(rte_rdtsc() / t->hz);
}

static inline uint64_t
esw_fdb_key(uint16_t vlan, uint64_t mac)
{
	return mac | (uint64_t)vlan << 48 | UINT64_C(1) << 62;
}

static inline uint16_t
esw_fdb_key_vlan(uint64_t key)
{
	return key >> 48 & 0x3fff;
}

static inline uint32_t
esw_fdb_hash(uint64_t key)
{
#ifdef __SSE4_2__
	return (uint32_t)_mm_crc32_u64(0x9e3779b9,
				       key); /* rte_hash_crc asks for the CPU each time */
#else
	return rte_hash_crc_8byte(key, 0x9e3779b9);
#endif
}

static inline uint32_t
esw_fdb_second(uint32_t hash)
{
	return hash ^ (hash >> 16 | 1) * UINT32_C(0x5bd1e995);
}

/*
 * Key and data of one moment: aligned 16-octet vector loads are atomic on every CPU with AVX. The
 * load is volatile, for the compiler would make two of it where key and data are used apart (gcc 12
 * did, and an address was found at the port of the one that had taken its place).
 */
static inline struct esw_fdb_slot
esw_fdb_load(const struct esw_fdb_slot *s)
{
	struct esw_fdb_slot v;
#ifdef RTE_ARCH_X86_64
	const __m128i x = *(const volatile __m128i *)s;

	_mm_store_si128((__m128i *)&v, x);
#else
	/* A compare-and-swap that changes nothing: 16-octet loads are not atomic everywhere. */
	rte_int128_t e = { .val = { 0, 0 } };

	rte_atomic128_cmp_exchange((rte_int128_t *)(uintptr_t)s, &e, &e, 0, __ATOMIC_ACQUIRE,
				   __ATOMIC_ACQUIRE);
	v.key = e.val[0];
	v.data = e.val[1];
#endif
	return v;
}

static inline bool
esw_fdb_alive(const struct esw_fdb *t, uint64_t data, uint32_t now)
{
	/* Signed: another core's clock may be a second ahead. */
	return ((data >> 16) & 1) != 0 ||
	       (int32_t)(now - (uint32_t)(data >> 32)) <= (int32_t)t->age_s;
}

static inline uint64_t
esw_fdb_bucket_find(const struct esw_fdb_bucket *b, uint64_t key)
{
	for (unsigned int i = 0; i < ESW_FDB_WAYS; i++) {
		if (b->slot[i].key == key) {
			struct esw_fdb_slot s = esw_fdb_load(&b->slot[i]);

			if (likely(s.key == key))
				return s.data;
		}
	}
	return UINT64_MAX;
}

static inline uint64_t
esw_fdb_find(const struct esw_fdb *t, uint64_t key, uint32_t hash)
{
	uint64_t d = esw_fdb_bucket_find(&t->bucket[hash & t->mask], key);

	if (unlikely(d == UINT64_MAX && t->spilled))
		d = esw_fdb_bucket_find(&t->bucket[esw_fdb_second(hash) & t->mask], key);
	return d;
}

/* An exact entry for this VLAN that has not aged: its data, or UINT64_MAX. */
static inline uint64_t
esw_fdb_exact(const struct esw_fdb *t, uint16_t vlan, uint64_t mac, uint32_t now)
{
	uint64_t key = esw_fdb_key(vlan, mac);
	uint64_t d = esw_fdb_find(t, key, esw_fdb_hash(key));

	return d == UINT64_MAX || !esw_fdb_alive(t, d, now) ? UINT64_MAX : d;
}

#endif /* _ESW_FDB_H_ */
