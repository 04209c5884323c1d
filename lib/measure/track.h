/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_TRACK_H_
#define _MSR_TRACK_H_

/*
 * What became of one stream's frames: each received sequence number is entered once, and loss,
 * reordering and duplication come out as separate counts.
 *
 * A bitmap over the last MSR_TRACK_WINDOW sequence numbers remembers which arrived. A number below
 * the highest seen is reordered if its bit is clear and a duplicate if it is set. One that is
 * older than the window cannot be told apart; it is counted as `late`, which callers treat as a
 * wrong result too (a switch that delays a frame by a thousand others reorders, or repeats).
 *
 * Loss is not counted while receiving: a gap may still be filled. It is sent minus received once
 * the trial has drained.
 *
 * Thread-safety: none; a stream is received on one thread.
 */

#include <stdint.h>
#include <string.h>

#define MSR_TRACK_WINDOW 1024U /* a power of two, multiple of 64 */

struct msr_track {
	uint64_t next;     /* highest sequence number seen + 1 */
	uint64_t received; /* different sequence numbers */
	uint64_t reordered;
	uint64_t duplicate;
	uint64_t late;
	uint64_t seen[MSR_TRACK_WINDOW / 64];
};

/*
 * Sums over streams; what is not a stream's (stray, corrupt) is counted by the receiver. `sent` is
 * what has to arrive: a broadcast frame counts once for each receiver, one that must be dropped
 * not at all.
 */
struct msr_tally {
	uint64_t sent;
	uint64_t received;  /* once each */
	uint64_t lost;      /* sent and never received */
	uint64_t reordered; /* within a stream */
	uint64_t duplicate;
	uint64_t late;      /* older than the window: reordered or duplicate */
	uint64_t corrupt;   /* label, length or filler wrong */
	uint64_t stray;     /* intact, but at a port or of a stream that should not have it */
	uint64_t foreign;   /* not frames of the tester */
	uint64_t residue;   /* of an earlier trial: late, wrong for neither */
	uint64_t leaked;    /* arrivals of frames that the device had to drop */
	uint64_t blocked;   /* frames that it had to drop and did; not in `sent` */
	uint64_t mistagged; /* received, with another VLAN tag than it should have */
};

static inline void
msr_track_reset(struct msr_track *t)
{
	memset(t, 0, sizeof(*t));
}

/* A jump ahead, or a number from the past: rare, so out of line. */
void msr_track_odd(struct msr_track *t, uint64_t seq);

/* Enter the received sequence number @p seq. */
static inline void
msr_track_add(struct msr_track *t, uint64_t seq)
{
	uint32_t bit = (uint32_t)(seq % MSR_TRACK_WINDOW);

	if (__builtin_expect(seq != t->next, 0)) {
		msr_track_odd(t, seq);
		return;
	}
	/*
	 * At the first bit of a word its 64 numbers leave the window together: see msr_track_odd.
	 */
	if (bit % 64 == 0)
		t->seen[bit / 64] = 0;
	t->seen[bit / 64] |= UINT64_C(1) << bit % 64;
	t->next = seq + 1;
	t->received++;
}

/* Add a stream that sent @p sent frames, after draining. */
void msr_tally_add(struct msr_tally *tally, const struct msr_track *t, uint64_t sent);

/* Add a stream of @p sent frames that the device had to drop. */
void msr_tally_add_bad(struct msr_tally *tally, const struct msr_track *t, uint64_t sent);

/* Frames that a correct device cannot produce: all but loss, drops, foreign frames, residue. */
uint64_t msr_tally_wrong(const struct msr_tally *tally);

/* Add all counts of @p src to @p dst. */
void msr_tally_merge(struct msr_tally *dst, const struct msr_tally *src);

#endif /* _MSR_TRACK_H_ */
