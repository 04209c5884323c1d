/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_HIST_H_
#define _MSR_HIST_H_

/*
 * High dynamic range histogram of durations in nanoseconds.
 *
 * Three significant digits from 1 ns to 68 s in fixed memory (216 KiB), so that a tail of one in a
 * million is kept with the same precision as the median and nothing is allocated while measuring.
 * Values below 2048 ns are kept exactly; above, a bucket is at most 1/1024 of its value wide.
 *
 * A percentile is the nearest-rank one: the smallest recorded value with at least p % of all
 * samples at or below it, given as the upper edge of its bucket (never above the maximum seen).
 * It is refused when fewer than MSR_HIST_BEYOND samples lie beyond it: with 10 000 samples there
 * is no p99.99, only a maximum, and printing one would be inventing it.
 *
 * Thread-safety: none; one histogram per thread, merged afterwards.
 */

#include <stdbool.h>
#include <stdint.h>

#define MSR_HIST_SUB_BITS 11U /* 2^11 sub-buckets: 2048 > 2 * 10^3, three digits */
#define MSR_HIST_SUB (1U << MSR_HIST_SUB_BITS)
#define MSR_HIST_HALF (MSR_HIST_SUB / 2)
#define MSR_HIST_MAX_BITS 36U /* 2^36 ns = 68.7 s */
#define MSR_HIST_SLOTS ((MSR_HIST_MAX_BITS - MSR_HIST_SUB_BITS + 2) * MSR_HIST_HALF)

#define MSR_HIST_BEYOND 100U /* samples needed beyond a percentile */

struct msr_hist {
	uint64_t count; /* all samples, those above the range too */
	uint64_t over;  /* samples of 2^MSR_HIST_MAX_BITS ns and more */
	uint64_t sum;   /* ns */
	uint64_t min;   /* ns, exact; UINT64_MAX when empty */
	uint64_t max;   /* ns, exact */
	uint64_t slot[MSR_HIST_SLOTS];
};

void msr_hist_init(struct msr_hist *h);

/* Slot of @p ns, which is below 2^MSR_HIST_MAX_BITS. */
static inline uint32_t
msr_hist_slot(uint64_t ns)
{
	uint32_t shift = 63 - MSR_HIST_SUB_BITS + 1;

	/* The bits above the sub-bucket's eleven say which power of two the value is in. */
	shift -= (uint32_t)__builtin_clzll(ns | (MSR_HIST_SUB - 1));
	return shift * MSR_HIST_HALF + (uint32_t)(ns >> shift);
}

/* Count one duration. */
static inline void
msr_hist_add(struct msr_hist *h, uint64_t ns)
{
	h->count++;
	h->sum += ns;
	if (ns < h->min)
		h->min = ns;
	if (ns > h->max)
		h->max = ns;
	if ((ns >> MSR_HIST_MAX_BITS) != 0)
		h->over++;
	else
		h->slot[msr_hist_slot(ns)]++;
}

/* Largest duration that falls into @p slot, ns. */
uint64_t msr_hist_slot_top(uint32_t slot);

/* Add all samples of @p src to @p dst. */
void msr_hist_merge(struct msr_hist *dst, const struct msr_hist *src);

/**
 * Nearest-rank percentile.
 *
 * @param p   percentile, greater than 0 and less than 100
 * @param ns  result, nanoseconds
 * @return 0; -EINVAL for a p outside the range; -ENODATA without samples; -ERANGE when fewer than
 *         MSR_HIST_BEYOND samples lie beyond it (@p ns is untouched in each case)
 */
int msr_hist_percentile(const struct msr_hist *h, double p, uint64_t *ns);

/**
 * Packet delay variation as RFC 8219 section 7.3.1 has it: the 99.9th percentile less the minimum.
 *
 * @return as msr_hist_percentile
 */
int msr_hist_pdv(const struct msr_hist *h, uint64_t *ns);

/* Mean in ns; NaN without samples. */
double msr_hist_mean(const struct msr_hist *h);

#endif /* _MSR_HIST_H_ */
