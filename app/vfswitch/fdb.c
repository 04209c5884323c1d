/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "fdb_table.h"

static inline uint64_t
key_of(uint16_t vlan, const struct rte_ether_addr *mac)
{
	uint64_t k = vlan | FDB_KEY_USED;

	for (int i = 0; i < RTE_ETHER_ADDR_LEN; i++)
		k = k << 8 | mac->addr_bytes[i];
	return k;
}

static inline uint64_t
value_of(uint16_t port, uint32_t now)
{
	return (uint64_t)port << 48 | now;
}

/* Finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
static inline uint64_t
hash_of(const struct vsw_fdb *t, uint64_t key)
{
	uint64_t h = key ^ t->seed;

	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}

static inline struct fdb_bucket *
bucket_of(const struct vsw_fdb *t, uint64_t hash, int which)
{
	uint32_t i = which == 0 ? (uint32_t)hash : (uint32_t)(hash >> 32);

	/*
	 * By address: the const is the caller's promise not to write, which holds for readers of
	 * the table.
	 */
	return (struct fdb_bucket *)((uintptr_t)t->bucket +
				     (i & t->mask) * sizeof(struct fdb_bucket));
}

static bool
find(const struct vsw_fdb *t, uint64_t key, struct fdb_place *p)
{
	uint64_t hash = hash_of(t, key);

	for (int w = 0; w < 2; w++) {
		struct fdb_bucket *b = bucket_of(t, hash, w);

		for (int i = 0; i < FDB_BUCKET_ENTRIES; i++) {
			if (__atomic_load_n(&b->key[i], __ATOMIC_ACQUIRE) == key) {
				*p = (struct fdb_place){ &b->key[i], &b->value[i] };
				return true;
			}
		}
	}
	return false;
}

/* The value of a key, 0xffff... if there is none or it went away meanwhile. */
static uint64_t
get(const struct vsw_fdb *t, uint64_t key, struct fdb_place *p)
{
	uint64_t v;

	if (!find(t, key, p))
		return UINT64_MAX;
	v = __atomic_load_n(p->value, __ATOMIC_ACQUIRE);
	if (unlikely(__atomic_load_n(p->key, __ATOMIC_RELAXED) != key))
		return UINT64_MAX;
	return v;
}

struct vsw_fdb *
vsw_fdb_create(uint32_t entries, uint16_t n_ports, uint64_t seed, int socket_id)
{
	uint32_t buckets = rte_align32pow2(RTE_MAX(entries, 2u * FDB_BUCKET_ENTRIES)) /
			   FDB_BUCKET_ENTRIES;
	size_t size = sizeof(struct vsw_fdb) + (size_t)buckets * sizeof(struct fdb_bucket);
	struct vsw_fdb *t;

	t = rte_zmalloc_socket("vsw_fdb", size, RTE_CACHE_LINE_SIZE, socket_id);
	if (t == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	t->count = rte_zmalloc_socket("vsw_fdb_count", n_ports * sizeof(*t->count), 0, socket_id);
	if (t->count == NULL) {
		rte_free(t);
		rte_errno = ENOMEM;
		return NULL;
	}
	t->mask = buckets - 1;
	t->n_ports = n_ports;
	t->seed = seed;
	rte_spinlock_init(&t->lock);
	return t;
}

void
vsw_fdb_free(struct vsw_fdb *t)
{
	if (t == NULL)
		return;
	rte_free(t->count);
	rte_free(t);
}

uint16_t
vsw_fdb_lookup(const struct vsw_fdb *t, uint16_t vlan, const struct rte_ether_addr *mac)
{
	struct fdb_place p;
	uint64_t v;

	v = get(t, key_of(VSW_VLAN_ANY, mac), &p);
	if (v == UINT64_MAX)
		v = get(t, key_of(vlan, mac), &p);
	return fdb_value_port(v); /* UINT64_MAX gives VSW_FDB_NONE */
}

/* Lock held. The value first: who sees the key must find its value. */
static void
fill(struct vsw_fdb *t, struct fdb_place *p, uint64_t key, uint64_t value)
{
	/*
	 * Ordered after the clearing of the key before: a reader of the old key must not keep this
	 * value.
	 */
	__atomic_store_n(p->value, value, __ATOMIC_RELEASE);
	__atomic_store_n(p->key, key, __ATOMIC_RELEASE);
	if ((value & FDB_VALUE_STATIC) == 0)
		t->count[fdb_value_port(value)]++;
	t->stats.entries++;
}

/* Is b a better victim than a: of a port with more entries, or as many and older? */
static bool
rather(const struct vsw_fdb *t, uint64_t a, uint64_t b, uint32_t now)
{
	uint32_t ca = t->count[fdb_value_port(a)], cb = t->count[fdb_value_port(b)];

	if (ca != cb)
		return cb > ca;
	return now - (uint32_t)b > now - (uint32_t)a;
}

/* A free entry of a bucket. @return how many there are */
static unsigned int
free_place(struct fdb_bucket *b, struct fdb_place *p)
{
	unsigned int n = 0;

	for (int i = 0; i < FDB_BUCKET_ENTRIES; i++) {
		if (__atomic_load_n(&b->key[i], __ATOMIC_RELAXED) != 0)
			continue;
		*p = (struct fdb_place){ &b->key[i], &b->value[i] };
		n++;
	}
	return n;
}

/*
 * Lock held. The entry of a full bucket that is the fairest to lose, if it is a better one than *p.
 */
static void
choose_victim(struct vsw_fdb *t, struct fdb_bucket *b, uint32_t least, uint32_t now,
	      struct fdb_place *p)
{
	for (int i = 0; i < FDB_BUCKET_ENTRIES; i++) {
		uint64_t v = b->value[i];

		if ((v & FDB_VALUE_STATIC) != 0 || t->count[fdb_value_port(v)] < least)
			continue;
		if (p->key == NULL || rather(t, *p->value, v, now))
			*p = (struct fdb_place){ &b->key[i], &b->value[i] };
	}
}

/*
 * Lock held. A free place for `key`, in the emptier bucket (two choices fill a table to some 90 %
 * before one overflows), or made by eviction.
 * @param least  entries that a port must have to lose one
 */
static bool
make_room(struct vsw_fdb *t, uint64_t key, uint32_t least, uint32_t now, struct fdb_place *p)
{
	uint64_t hash = hash_of(t, key);
	struct fdb_bucket *b0 = bucket_of(t, hash, 0), *b1 = bucket_of(t, hash, 1);
	struct fdb_place p1 = { NULL, NULL };
	unsigned int n0 = free_place(b0, p), n1 = free_place(b1, &p1);

	if (n1 > n0)
		*p = p1;
	if (n0 + n1 > 0)
		return true;
	p->key = NULL;
	choose_victim(t, b0, least, now, p);
	choose_victim(t, b1, least, now, p);
	if (p->key == NULL)
		return false;
	fdb_clear(t, p);
	t->stats.evicted++;
	return true;
}

/* Lock held. */
static void
enter(struct vsw_fdb *t, uint64_t key, uint16_t port, uint32_t now)
{
	struct fdb_place p;

	if (find(t, key, &p))
		return; /* another worker was faster */
	if (!make_room(t, key, t->count[port], now, &p)) {
		t->stats.refused++;
		return;
	}
	fill(t, &p, key, value_of(port, now));
	t->stats.learned++;
}

/* Lock held: counts change hands. */
static void
move(struct vsw_fdb *t, uint64_t key, uint16_t port, uint32_t now)
{
	struct fdb_place p;
	uint64_t v = get(t, key, &p);

	if (v == UINT64_MAX || (v & FDB_VALUE_STATIC) != 0 || fdb_value_port(v) == port)
		return;
	t->count[fdb_value_port(v)]--;
	t->count[port]++;
	__atomic_store_n(p.value, value_of(port, now), __ATOMIC_RELEASE);
	t->stats.moved++;
}

void
vsw_fdb_learn(struct vsw_fdb *t, uint16_t vlan, const struct rte_ether_addr *mac, uint16_t port,
	      uint32_t now)
{
	uint64_t key = key_of(vlan, mac), v;
	struct fdb_place p;

	if (unlikely(!rte_is_valid_assigned_ether_addr(mac)))
		return;
	v = get(t, key, &p);
	if (likely(v == value_of(port, now)) || unlikely(find(t, key_of(VSW_VLAN_ANY, mac), &p)))
		return;
	if (v != UINT64_MAX && fdb_value_port(v) == port) {
		/* Renew, unless the place was given to somebody else since. */
		if ((v & FDB_VALUE_STATIC) == 0 && get(t, key, &p) == v)
			__atomic_compare_exchange_n(p.value, &v, value_of(port, now), false,
						    __ATOMIC_RELEASE, __ATOMIC_RELAXED);
		return;
	}
	if (rte_spinlock_trylock(&t->lock) == 0)
		return;
	if (v == UINT64_MAX)
		enter(t, key, port, now);
	else
		move(t, key, port, now);
	rte_spinlock_unlock(&t->lock);
}

int
vsw_fdb_static_add(struct vsw_fdb *t, uint16_t vlan, const struct rte_ether_addr *mac,
		   uint16_t port)
{
	uint64_t key = key_of(vlan, mac), v;
	struct fdb_place p;
	int ret = 0;

	rte_spinlock_lock(&t->lock);
	v = get(t, key, &p);
	if (v != UINT64_MAX && (v & FDB_VALUE_STATIC) != 0) {
		ret = fdb_value_port(v) == port ? 0 : -EEXIST;
	} else {
		if (v != UINT64_MAX)
			fdb_clear(t, &p);
		if (make_room(t, key, 0, 0, &p))
			fill(t, &p, key, value_of(port, 0) | FDB_VALUE_STATIC);
		else
			ret = -ENOSPC;
	}
	rte_spinlock_unlock(&t->lock);
	return ret;
}
