/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <string.h>

#include "hist.h"

void
msr_hist_init(struct msr_hist *h)
{
	memset(h, 0, sizeof(*h));
	h->min = UINT64_MAX;
}

uint64_t
msr_hist_slot_top(uint32_t slot)
{
	uint32_t shift;
	uint64_t sub;

	if (slot < MSR_HIST_SUB)
		return slot;
	shift = slot / MSR_HIST_HALF - 1;
	sub = slot - (uint64_t)shift * MSR_HIST_HALF;
	return ((sub + 1) << shift) - 1;
}

void
msr_hist_merge(struct msr_hist *dst, const struct msr_hist *src)
{
	dst->count += src->count;
	dst->over += src->over;
	dst->sum += src->sum;
	if (src->min < dst->min)
		dst->min = src->min;
	if (src->max > dst->max)
		dst->max = src->max;
	for (uint32_t i = 0; i < MSR_HIST_SLOTS; i++)
		dst->slot[i] += src->slot[i];
}

int
msr_hist_percentile(const struct msr_hist *h, double p, uint64_t *ns)
{
	uint64_t rank, seen = 0;

	if (!(p > 0.0 && p < 100.0))
		return -EINVAL;
	if (h->count == 0)
		return -ENODATA;
	/* A hair is taken off so that 99.9 % of 1000 is rank 999, not 1000 by rounding. */
	rank = (uint64_t)ceil((double)h->count * p / 100.0 - 1e-6);
	if (rank == 0)
		rank = 1;
	if (h->count - rank < MSR_HIST_BEYOND)
		return -ERANGE;
	for (uint32_t i = 0; i < MSR_HIST_SLOTS; i++) {
		seen += h->slot[i];
		if (seen >= rank) {
			uint64_t top = msr_hist_slot_top(i);

			*ns = top < h->max ? top : h->max;
			return 0;
		}
	}
	/* The rank lies among the samples above the range: only the maximum is known of them. */
	*ns = h->max;
	return 0;
}

int
msr_hist_pdv(const struct msr_hist *h, uint64_t *ns)
{
	int rc = msr_hist_percentile(h, 99.9, ns);

	if (rc == 0)
		*ns -= h->min;
	return rc;
}

double
msr_hist_mean(const struct msr_hist *h)
{
	return h->count == 0 ? NAN : (double)h->sum / (double)h->count;
}
