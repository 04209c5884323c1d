/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_LANE_H_
#define _ESW_LANE_H_

/*
 * A lane: what lies between one sending and one receiving queue.
 *
 * One producer, one consumer, no lock, no reservation: a frame exists for the receiver from the
 * moment that the doorbell is stored and not before, so either side may be killed at any
 * instruction.
 *
 * Built for fan-out (a burst of 32 that leaves one frame in each of 32 lanes), where an ordinary
 * ring touches four or five cache lines a frame:
 * - a lane's first cache line holds the consumer's index and the first seven slots;
 * - whenever the producer finds the lane empty it starts again at slot 0, so a lane in light use
 *   never touches more than that line. The consumer can follow because unread slots always lie
 *   right before the end position that the doorbell names;
 * - doorbells of all senders to one receiver lie side by side (16 a line): a receiver finds its
 *   active lanes with one or two vector compares against what it has seen.
 *
 * doorbell = frames ever sent (mod 2^16) << 16 | position after the newest one (1 to cap).
 *
 * A lane between two processes is "posted": its slots always hold empty buffers of the receiver's
 * pool, as a NIC's descriptors do; the sender copies into them and the receiver replaces what it
 * took. The sender never touches the receiver's pool, and a buffer is never in nobody's hands.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_common.h>
#include <rte_mbuf.h>

#define ESW_LANE_GROUP 16 /* doorbells in a cache line */
#define ESW_LANE_PAD 8    /* slots behind the last that a reader may copy without meaning to */

struct esw_lane {
	uint16_t cons;  /* frames ever taken (mod 2^16); written by the receiver */
	uint16_t cap;   /* slots */
	uint8_t posted; /* slots hold the receiver's buffers; set by the receiver */
	uint8_t pad[3];
	struct rte_mbuf *slot[];
} __rte_cache_aligned;

/* Octets that a lane of `cap` slots takes. */
static inline size_t
esw_lane_size(uint16_t cap)
{
	return RTE_CACHE_LINE_ROUNDUP(offsetof(struct esw_lane, slot) +
				      (cap + ESW_LANE_PAD) * sizeof(struct rte_mbuf *));
}

static inline uint16_t
esw_bell_count(uint32_t bell)
{
	return bell >> 16;
}

static inline uint16_t
esw_bell_pos(uint32_t bell)
{
	return bell & 0xffff;
}

static inline uint32_t
esw_bell_make(uint16_t count, uint16_t pos)
{
	return (uint32_t)count << 16 | pos;
}

/*
 * Where the sender may write next if the receiver has come to `cons`; false: no room. A lane that
 * was never used has a doorbell of 0: the fast path must leave the first frame to esw_lane_open().
 * Without a branch on what is random from frame to frame (was the lane just emptied?): with many
 * receivers that would be guessed wrongly every other time.
 */
static __rte_always_inline bool
esw_lane_next_from(uint16_t cons, uint16_t cap, uint32_t bell, uint16_t *pos)
{
	uint16_t waiting = esw_bell_count(bell) - cons;
	uint32_t on = (uint32_t)(waiting != 0) & (uint32_t)(esw_bell_pos(bell) != cap);

	*pos = esw_bell_pos(bell) & (0 - on);
	return waiting < cap;
}

static __rte_always_inline bool
esw_lane_next(const struct esw_lane *l, uint32_t bell, uint16_t *pos)
{
	return esw_lane_next_from(__atomic_load_n(&l->cons, __ATOMIC_ACQUIRE), l->cap, bell, pos);
}

/* The first unread slot of `n` frames that end at the doorbell's position. */
static inline uint16_t
esw_lane_first(const struct esw_lane *l, uint32_t bell, uint16_t n)
{
	int first = (int)esw_bell_pos(bell) - n;

	return first < 0 ? first + l->cap : first;
}

#endif /* _ESW_LANE_H_ */
