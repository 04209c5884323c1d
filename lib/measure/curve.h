/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_CURVE_H_
#define _MSR_CURVE_H_

/*
 * The controller of a frame loss curve (RFC 2544 section 26.3): from the maximum load down in equal
 * steps of at most 10 % of it, until two successive trials lose nothing.
 *
 * Only successive ones end it: a clean trial between two with loss is noise, and is kept. If no two
 * follow each other the curve ends with the smallest share above zero, which `clean` tells.
 *
 * Thread-safety: none; one user.
 */

#include <stdbool.h>
#include <stddef.h>

#define MSR_CURVE_STEP_MAX 0.1 /* RFC 2544: finer is encouraged */

struct msr_curve {
	double step;        /* share of the maximum */
	unsigned int n;     /* trials entered */
	unsigned int clean; /* how many of the last ones lost nothing; 2 = ended as it should */
};

/* 0, or -EINVAL with one sentence in @p err unless 0.001 <= @p step <= MSR_CURVE_STEP_MAX. */
int msr_curve_init(struct msr_curve *c, double step, char *err, size_t errlen);

/* The next load as a share of the maximum; false when the curve is complete. */
bool msr_curve_next(const struct msr_curve *c, double *share);

/* Enter the loss of the trial asked for last: 0 is none, anything else is some. */
void msr_curve_add(struct msr_curve *c, double loss_ratio);

#endif /* _MSR_CURVE_H_ */
