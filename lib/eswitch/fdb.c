/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>

#include <rte_atomic.h>
#include <rte_malloc.h>

#include "fdb.h"

#define FDB_STATIC (UINT64_C(1) << 16)

int
esw_fdb_init(struct esw_fdb *t, uint32_t entries, uint32_t age_s, uint16_t n_ep, int socket_id)
{
	/*
	 * At twice the room, a Poisson-filled bucket of four overflows for under 2 % of
	 * addresses.
	 */
	uint32_t buckets = rte_align32pow2(RTE_MAX(entries * 2 / ESW_FDB_WAYS, 16u));

	t->bucket = rte_zmalloc_socket("esw_fdb", buckets * sizeof(*t->bucket), RTE_CACHE_LINE_SIZE,
				       socket_id);
	t->n_learned = rte_zmalloc_socket("esw_fdb_count", n_ep * sizeof(*t->n_learned), 0,
					  socket_id);
	if (t->bucket == NULL || t->n_learned == NULL) {
		esw_fdb_fini(t);
		return -ENOMEM;
	}
	t->mask = buckets - 1;
	t->age_s = age_s;
	t->hz = rte_get_tsc_hz();
	return 0;
}

void
esw_fdb_fini(struct esw_fdb *t)
{
	rte_free(t->bucket);
	rte_free(t->n_learned);
	t->bucket = NULL;
	t->n_learned = NULL;
}

static bool
slot_cas(struct esw_fdb_slot *s, struct esw_fdb_slot old, struct esw_fdb_slot new)
{
	rte_int128_t o, n;

	o.val[0] = old.key;
	o.val[1] = old.data;
	n.val[0] = new.key;
	n.val[1] = new.data;
	return rte_atomic128_cmp_exchange((rte_int128_t *)s, &o, &n, 0, __ATOMIC_ACQ_REL,
					  __ATOMIC_RELAXED) != 0;
}

static inline bool
is_static(uint64_t data)
{
	return (data & FDB_STATIC) != 0;
}

static void
count(struct esw_fdb *t, const struct esw_fdb_slot *s, int by)
{
	if (s->key != 0 && !is_static(s->data))
		__atomic_fetch_add(&t->n_learned[(uint16_t)s->data], by, __ATOMIC_RELAXED);
}

static bool
replace(struct esw_fdb *t, struct esw_fdb_slot *at, struct esw_fdb_slot old,
	struct esw_fdb_slot new)
{
	if (!slot_cas(at, old, new))
		return false;
	count(t, &old, -1);
	count(t, &new, 1);
	return true;
}

/*
 * The entry that a new one may take: free, then aged, then (fairness) of the greediest port;
 * never static.
 */
static struct esw_fdb_slot *
victim(struct esw_fdb *t, struct esw_fdb_bucket *const b[2], uint32_t now, struct esw_fdb_slot *old)
{
	struct esw_fdb_slot *worst = NULL;
	uint64_t most = 0;

	for (unsigned int i = 0; i < 2 * ESW_FDB_WAYS; i++) {
		struct esw_fdb_slot *s = &b[i / ESW_FDB_WAYS]->slot[i % ESW_FDB_WAYS];
		struct esw_fdb_slot v = esw_fdb_load(s);
		uint64_t greed;

		if (v.key == 0 || !esw_fdb_alive(t, v.data, now)) {
			*old = v;
			return s;
		}
		if (is_static(v.data))
			continue;
		/* most addresses first, then the oldest stamp */
		greed = (uint64_t)t->n_learned[(uint16_t)v.data] << 32 |
			(now - (uint32_t)(v.data >> 32));
		if (worst == NULL || greed > most) {
			worst = s;
			most = greed;
			*old = v;
		}
	}
	return worst;
}

static struct esw_fdb_slot *
find_slot(struct esw_fdb *t, uint64_t key, struct esw_fdb_slot *v)
{
	uint32_t h = esw_fdb_hash(key);

	for (unsigned int k = 0; k < 2; k++) {
		struct esw_fdb_bucket *b = &t->bucket[(k == 0 ? h : esw_fdb_second(h)) & t->mask];

		for (unsigned int i = 0; i < ESW_FDB_WAYS; i++) {
			*v = esw_fdb_load(&b->slot[i]);
			if (v->key == key)
				return &b->slot[i];
		}
	}
	return NULL;
}

/*
 * Two cores that learn one address at once may each fill a slot. Whoever sees the other's entry
 * beside its own gives way, a learned one to a static one; readers take either meanwhile.
 */
static void
remove_twins(struct esw_fdb *t, struct esw_fdb_bucket *const b[2], const struct esw_fdb_slot *mine,
	     struct esw_fdb_slot new)
{
	const struct esw_fdb_slot none = { 0 };

	for (unsigned int i = 0; i < 2 * ESW_FDB_WAYS; i++) {
		struct esw_fdb_slot *s = &b[i / ESW_FDB_WAYS]->slot[i % ESW_FDB_WAYS];
		struct esw_fdb_slot v = esw_fdb_load(s);

		if (s == mine || v.key != new.key)
			continue;
		if (is_static(new.data) || !is_static(v.data))
			replace(t, s, v, none);
	}
}

static int
insert(struct esw_fdb *t, struct esw_fdb_slot new, uint32_t now)
{
	uint32_t h = esw_fdb_hash(new.key);
	struct esw_fdb_bucket *b[2] = { &t->bucket[h & t->mask],
					&t->bucket[esw_fdb_second(h) & t->mask] };

	for (unsigned int tries = 0; tries < 4; tries++) {
		struct esw_fdb_slot old = { 0 };
		struct esw_fdb_slot *s = find_slot(t, new.key, &old);

		if (s != NULL && is_static(old.data) && !is_static(new.data))
			return 0;
		if (s == NULL)
			s = victim(t, b, now, &old);
		if (s == NULL)
			return -ENOSPC;
		if (!replace(t, s, old, new))
			continue; /* somebody else was faster: look again */
		if (s >= b[1]->slot && s < b[1]->slot + ESW_FDB_WAYS)
			t->spilled = true;
		if (old.key != 0 && old.key != new.key && esw_fdb_alive(t, old.data, now))
			t->evicted++;
		remove_twins(t, b, s, new);
		return 0;
	}
	return -EAGAIN;
}

/* An address that becomes static in any VLAN was perhaps learned in some. */
static void
unlearn(struct esw_fdb *t, uint64_t mac)
{
	for (uint32_t i = 0; i <= t->mask; i++) {
		for (unsigned int k = 0; k < ESW_FDB_WAYS; k++) {
			struct esw_fdb_slot v = esw_fdb_load(&t->bucket[i].slot[k]);

			if (v.key != 0 && !is_static(v.data) && (v.key & ESW_MAC48) == mac)
				replace(t, &t->bucket[i].slot[k], v, (struct esw_fdb_slot){ 0 });
		}
	}
}

int
esw_fdb_add_static(struct esw_fdb *t, uint16_t vlan, uint64_t mac, uint16_t ep)
{
	struct esw_fdb_slot new = { .key = esw_fdb_key(vlan, mac), .data = ep | FDB_STATIC }, old;
	bool was_static = find_slot(t, new.key, &old) != NULL && is_static(old.data);
	int rc;

	do {
		rc = insert(t, new, esw_fdb_now(t));
	} while (rc == -EAGAIN);
	if (rc == 0 && vlan == ESW_VLAN_ANY && !was_static) {
		t->n_any++;
		unlearn(t, mac);
	}
	return rc;
}

/* Forget one slot if it still holds `v`. */
static void
forget(struct esw_fdb *t, struct esw_fdb_slot *s, struct esw_fdb_slot v)
{
	const struct esw_fdb_slot none = { 0 };

	if (replace(t, s, v, none) && esw_fdb_key_vlan(v.key) == ESW_VLAN_ANY)
		t->n_any--;
}

void
esw_fdb_remove_learned(struct esw_fdb *t, uint16_t ep)
{
	for (uint32_t i = 0; i <= t->mask; i++) {
		for (unsigned int k = 0; k < ESW_FDB_WAYS; k++) {
			struct esw_fdb_slot *s = &t->bucket[i].slot[k];
			struct esw_fdb_slot v = esw_fdb_load(s);

			if (v.key != 0 && !is_static(v.data) &&
			    (ep == UINT16_MAX || (uint16_t)v.data == ep))
				forget(t, s, v);
		}
	}
}

void
esw_fdb_keep_static(struct esw_fdb *t, uint16_t ep,
		    bool (*keep)(const void *arg, uint16_t vlan, uint64_t mac), const void *arg)
{
	for (uint32_t i = 0; i <= t->mask; i++) {
		for (unsigned int k = 0; k < ESW_FDB_WAYS; k++) {
			struct esw_fdb_slot *s = &t->bucket[i].slot[k];
			struct esw_fdb_slot v = esw_fdb_load(s);

			if (v.key != 0 && is_static(v.data) && (uint16_t)v.data == ep &&
			    !keep(arg, esw_fdb_key_vlan(v.key), v.key & ESW_MAC48))
				forget(t, s, v);
		}
	}
}

void
esw_fdb_learn(struct esw_fdb *t, uint16_t vlan, uint64_t mac, uint16_t ep, uint32_t now)
{
	struct esw_fdb_slot new = { .key = esw_fdb_key(vlan, mac),
				    .data = ep | (uint64_t)now << 32 },
			    old;
	struct esw_fdb_slot *s;

	s = find_slot(t, new.key, &old);
	if (s == NULL) {
		/* Full of static entries: the address stays unknown, frames to it are flooded. */
		insert(t, new, now);
		return;
	}
	/* Refresh at most once a second: a busy table is read, not written. */
	if (is_static(old.data) || old.data == new.data)
		return;
	replace(t, s, old, new);
}

uint32_t
esw_fdb_walk(const struct esw_fdb *t, uint32_t now, struct esw_fdb_entry *e, uint32_t n)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i <= t->mask; i++) {
		for (unsigned int k = 0; k < ESW_FDB_WAYS; k++) {
			struct esw_fdb_slot v = esw_fdb_load(&t->bucket[i].slot[k]);
			uint16_t vlan = v.key >> 48 & 0x3fff;

			if (v.key == 0 || !esw_fdb_alive(t, v.data, now))
				continue;
			if (found < n) {
				esw_mac48_to_addr(v.key & ESW_MAC48, &e[found].mac);
				e[found].vid = vlan == ESW_VLAN_ANY ? ESW_FDB_ANY_VLAN : vlan;
				e[found].ep = (uint16_t)v.data;
				e[found].is_static = is_static(v.data);
				e[found].age_s = is_static(v.data) ? 0 :
								     now - (uint32_t)(v.data >> 32);
			}
			found++;
		}
	}
	return found;
}
