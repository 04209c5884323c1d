/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdbool.h>

#include "track.h"

/*
 * The bitmap is cleared a word at a time, when the first number of the word's next use is entered.
 * So the oldest word may be gone already, and one word less than the window can be relied on.
 */
#define REMEMBERED (MSR_TRACK_WINDOW - 64)

static void
track_ahead(struct msr_track *t, uint64_t seq)
{
	uint64_t first = (t->next + 63) / 64; /* word index in the endless bitmap, not yet opened */
	uint64_t last = seq / 64;

	if (last - t->next / 64 >= MSR_TRACK_WINDOW / 64)
		memset(t->seen, 0, sizeof(t->seen));
	else
		for (uint64_t w = first; w <= last; w++)
			t->seen[w % (MSR_TRACK_WINDOW / 64)] = 0;
	t->seen[last % (MSR_TRACK_WINDOW / 64)] |= UINT64_C(1) << seq % 64;
	t->next = seq + 1;
	t->received++;
}

void
msr_track_odd(struct msr_track *t, uint64_t seq)
{
	uint64_t *word = &t->seen[seq / 64 % (MSR_TRACK_WINDOW / 64)];
	uint64_t bit = UINT64_C(1) << seq % 64;

	if (seq >= t->next) {
		track_ahead(t, seq);
		return;
	}
	if (t->next - seq > REMEMBERED) {
		t->late++;
		return;
	}
	if ((*word & bit) != 0) {
		t->duplicate++;
		return;
	}
	*word |= bit;
	t->reordered++;
	t->received++;
}

void
msr_tally_add(struct msr_tally *tally, const struct msr_track *t, uint64_t sent)
{
	tally->sent += sent;
	tally->received += t->received;
	if (sent > t->received)
		tally->lost += sent - t->received;
	tally->reordered += t->reordered;
	tally->duplicate += t->duplicate;
	tally->late += t->late;
}

void
msr_tally_add_bad(struct msr_tally *tally, const struct msr_track *t, uint64_t sent)
{
	tally->leaked += t->received + t->duplicate + t->late;
	if (sent > t->received)
		tally->blocked += sent - t->received;
}

uint64_t
msr_tally_wrong(const struct msr_tally *tally)
{
	return tally->reordered + tally->duplicate + tally->late + tally->corrupt + tally->stray +
	       tally->leaked + tally->mistagged;
}

void
msr_tally_merge(struct msr_tally *dst, const struct msr_tally *src)
{
	dst->sent += src->sent;
	dst->received += src->received;
	dst->lost += src->lost;
	dst->reordered += src->reordered;
	dst->duplicate += src->duplicate;
	dst->late += src->late;
	dst->corrupt += src->corrupt;
	dst->stray += src->stray;
	dst->foreign += src->foreign;
	dst->residue += src->residue;
	dst->leaked += src->leaked;
	dst->blocked += src->blocked;
	dst->mistagged += src->mistagged;
}
