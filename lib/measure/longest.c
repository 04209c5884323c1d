/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "longest.h"

#define FIRST_STEP 16U /* the hint divided by this */

int
msr_longest_init(struct msr_longest *s, const struct msr_longest_in *in, char *err, size_t errlen)
{
	if (in->min == 0 || in->max < in->min || in->max > UINT64_MAX / 4) {
		snprintf(err, errlen,
			 "limits %" PRIu64 " to %" PRIu64
			 ": expected 1 <= minimum <= maximum <= 2^62",
			 in->min, in->max);
		return -EINVAL;
	}
	if (!(in->width >= 0 && in->width < 1)) {
		snprintf(err, errlen, "width %g is not in 0 to below 1", in->width);
		return -EINVAL;
	}
	*s = (struct msr_longest){ .in = *in };
	if (s->in.hint < in->min)
		s->in.hint = in->min;
	if (s->in.hint > in->max)
		s->in.hint = in->max;
	s->step = s->in.hint / FIRST_STEP + 1;
	return 0;
}

static bool
ended(struct msr_longest *s)
{
	if (s->upper == s->in.min)
		s->end = MSR_LONGEST_MIN;
	else if (s->lower == s->in.max)
		s->end = MSR_LONGEST_MAX;
	else if (s->lower != 0 && s->upper != 0 &&
		 (s->upper - s->lower <= 1 ||
		  (double)(s->upper - s->lower) <= s->in.width * (double)s->upper))
		s->end = MSR_LONGEST_FOUND;
	return s->end != MSR_LONGEST_RUNNING;
}

static uint64_t
choose(struct msr_longest *s)
{
	uint64_t step = s->step;

	if (s->lower == 0 && s->upper == 0)
		return s->in.hint;
	if (s->lower != 0 && s->upper != 0)
		return s->lower + (s->upper - s->lower) / 2;
	if (s->step <= s->in.max)
		s->step *= 2;
	if (s->upper == 0)
		return s->in.max - s->lower <= step ? s->in.max : s->lower + step;
	return s->upper - s->in.min <= step ? s->in.min : s->upper - step;
}

bool
msr_longest_next(struct msr_longest *s, uint64_t *number)
{
	if (s->pending == 0) {
		if (ended(s))
			return false;
		s->pending = choose(s);
		s->failed = 0;
	}
	*number = s->pending;
	return true;
}

void
msr_longest_add(struct msr_longest *s, bool passed)
{
	s->trials++;
	if (passed)
		s->lower = s->pending;
	else if (s->failed++ < s->in.verify)
		return; /* once more */
	else
		s->upper = s->pending;
	s->pending = 0;
}

const char *
msr_longest_end_name(enum msr_longest_end end)
{
	static const char *const name[] = {
		[MSR_LONGEST_RUNNING] = "running",
		[MSR_LONGEST_FOUND] = "found",
		[MSR_LONGEST_MAX] = "the maximum passes",
		[MSR_LONGEST_MIN] = "the minimum fails",
	};

	return name[end];
}
