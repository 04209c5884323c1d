/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>

#include "curve.h"

#define CLEAN_ENOUGH 2U
#define ROUNDING 1e-9 /* 1 - 10 * 0.1 is not 0 */

int
msr_curve_init(struct msr_curve *c, double step, char *err, size_t errlen)
{
	if (!(step >= 0.001 && step <= MSR_CURVE_STEP_MAX)) {
		snprintf(err, errlen, "step %g of the loss curve is not in 0.001 to %g", step,
			 MSR_CURVE_STEP_MAX);
		return -EINVAL;
	}
	*c = (struct msr_curve){ .step = step };
	return 0;
}

bool
msr_curve_next(const struct msr_curve *c, double *share)
{
	double next = 1 - c->n * c->step;

	if (c->clean >= CLEAN_ENOUGH || next < ROUNDING)
		return false;
	*share = next;
	return true;
}

void
msr_curve_add(struct msr_curve *c, double loss_ratio)
{
	c->n++;
	c->clean = loss_ratio > 0 ? 0 : c->clean + 1;
}
