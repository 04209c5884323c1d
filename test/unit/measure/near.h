/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _NEAR_H_
#define _NEAR_H_

/* Comparison of doubles, which older releases of cmocka lack. Not true for NaN. */

#include <math.h>

#define assert_near(a, b, eps) assert_true(fabs((double)(a) - (double)(b)) <= (eps))

#endif /* _NEAR_H_ */
