/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_FDB_H_
#define _VSW_FDB_H_

/*
 * MAC table of the bridge: (VLAN, address) -> port. IEEE 802.1Q-2018 8.8.
 *
 * Two buckets of eight entries may hold a key; a bucket's keys are one cache line. That has four
 * consequences worth knowing:
 *
 * 1. A lookup reads at most two key lines and never waits: keys and values are single 64-bit words,
 *    and a value counts only if its key is still there after it was read.
 * 2. Learning what is known costs no write but once a second, when the entry's age is renewed.
 * 3. Entering, moving in and removing take a lock; a worker that does not get it at once goes on
 *    without learning. The station's next frame teaches the same.
 * 4. A full pair of buckets evicts fairly. The victim is the oldest entry of that port which has
 *    the most entries in the whole table, and only if that is at least as many as the learning port
 *    has. A VF that floods addresses hence pushes out its own and never another's: otherwise a MAC
 *    flood would turn everybody's traffic into floods that the attacker can read.
 *
 * Static entries never age, never move and are never evicted. VSW_VLAN_ANY is a key of its own that
 * holds in every VLAN and is looked at first.
 *
 * Thread-safety: every function but create and free from any thread at any time.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_ether.h>

#define VSW_VLAN_ANY 0xffff
#define VSW_FDB_NONE UINT16_MAX

struct vsw_fdb;

struct vsw_fdb_stats {
	uint64_t learned; /* entered */
	uint64_t moved;   /* the station came up behind another port */
	uint64_t aged;    /* not heard of for the aging time */
	uint64_t evicted; /* had to make room */
	uint64_t refused; /* not entered: no room that is fair to take */
	uint32_t entries; /* in the table now, static ones included */
};

struct vsw_fdb_entry {
	struct rte_ether_addr mac;
	uint16_t vlan; /* 0 none, 1-4095 C-VLAN, 4096 + VID S-VLAN, VSW_VLAN_ANY */
	uint16_t port;
	bool is_static;
	uint32_t age_s;
};

/*
 * @param entries  capacity, rounded up to a power of two of at least 16
 * @param n_ports  ports are 0 to n_ports - 1
 * @param seed     of the hash; addresses can be chosen by an attacker, so it should not be known
 * @return the table, or NULL with rte_errno set
 */
struct vsw_fdb *vsw_fdb_create(uint32_t entries, uint16_t n_ports, uint64_t seed, int socket_id);
void vsw_fdb_free(struct vsw_fdb *t);

/* @return the port, or VSW_FDB_NONE */
uint16_t vsw_fdb_lookup(const struct vsw_fdb *t, uint16_t vlan, const struct rte_ether_addr *mac);

/*
 * A frame from `mac` came in from `port`. Group addresses and the zero address are not learned, nor
 * is anything that has a static entry.
 * @param now  seconds of any clock that does not go back
 */
void vsw_fdb_learn(struct vsw_fdb *t, uint16_t vlan, const struct rte_ether_addr *mac,
		   uint16_t port, uint32_t now);

/*
 * @return 0; -EEXIST another port has that static entry; -ENOSPC both buckets are full of static
 * ones
 */
int vsw_fdb_static_add(struct vsw_fdb *t, uint16_t vlan, const struct rte_ether_addr *mac,
		       uint16_t port);

/*
 * Static entries of a port are removed by the first, learned ones by the second. @return how many
 */
uint32_t vsw_fdb_static_flush(struct vsw_fdb *t, uint16_t port);
uint32_t vsw_fdb_flush(struct vsw_fdb *t, uint16_t port);

/* Remove what was last heard of more than `age` seconds before `now`. @return how many */
uint32_t vsw_fdb_age(struct vsw_fdb *t, uint32_t now, uint32_t age);

void vsw_fdb_stats_get(const struct vsw_fdb *t, struct vsw_fdb_stats *s);
uint32_t vsw_fdb_port_count(const struct vsw_fdb *t, uint16_t port);

/* Fill up to n entries in no order. @return how many were filled in */
uint32_t vsw_fdb_dump(const struct vsw_fdb *t, uint32_t now, struct vsw_fdb_entry *e, uint32_t n);

#endif /* _VSW_FDB_H_ */
