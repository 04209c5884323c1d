/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_LONGEST_H_
#define _MSR_LONGEST_H_

/*
 * The controller of a search for the largest number that a device masters: the longest burst
 * (RFC 9004), the most addresses (RFC 2889 section 5.7), the fastest learning (section 5.8).
 *
 * Like search.h it sends nothing and knows no clock: a number out, passed or failed in. The
 * difference is what is searched: there the answer is a rate, and a trial has a duration and a loss
 * ratio; here it is a count, and a trial passes or fails as a whole.
 *
 * A number that failed is tried again up to `verify` times, and fails only if no trial passes: the
 * binary search with loss verification of ETSI TST 009 12.3.3, which RFC 9004 section 6 recommends.
 * What interrupts a software device now and then does not decide about its buffer. A number that
 * passed is not tried again.
 *
 * It begins with the hint and goes outwards in steps that double until it has both bounds, then
 * halves. What a noisy device says about one number never undoes a bound, so the search ends.
 *
 * Thread-safety: none; one user.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum msr_longest_end {
	MSR_LONGEST_RUNNING,
	MSR_LONGEST_FOUND, /* `lower` passed, `upper` failed, and they are close enough */
	MSR_LONGEST_MAX,   /* the maximum passed: the device's limit is not known */
	MSR_LONGEST_MIN,   /* the minimum failed */
};

struct msr_longest_in {
	uint64_t min;  /* smallest number worth a trial, from 1 */
	uint64_t max;  /* largest number that can be tried */
	uint64_t hint; /* to begin with; brought into the limits */
	double width;  /* relative distance of the bounds at which to stop, 0 (exact) to below 1 */
	unsigned int verify;
};

struct msr_longest {
	struct msr_longest_in in;
	uint64_t lower; /* largest that passed; 0 = none */
	uint64_t upper; /* smallest that failed; 0 = none */
	enum msr_longest_end end;
	unsigned int trials;
	/* Where the search stands. */
	uint64_t pending;
	uint64_t step;
	unsigned int failed; /* trials of `pending` */
};

/* 0, or -EINVAL with one sentence in @p err. */
int msr_longest_init(struct msr_longest *s, const struct msr_longest_in *in, char *err,
		     size_t errlen);

/* Ask for the next trial: true and its number, or false when the search has ended. */
bool msr_longest_next(struct msr_longest *s, uint64_t *number);

/* Enter what came of the trial asked for last. */
void msr_longest_add(struct msr_longest *s, bool passed);

/* Name of an end, for reports. */
const char *msr_longest_end_name(enum msr_longest_end end);

#endif /* _MSR_LONGEST_H_ */
