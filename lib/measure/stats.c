/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

#define LEVEL 0.95
#define MAD_SCALE 1.4826 /* makes the MAD of a normal distribution its standard deviation */
#define MAD_LIMIT 5.0

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
sorted_median(const double *v, size_t n)
{
	return n % 2 != 0 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/*
 * Largest k (from 1) such that [v(k), v(n+1-k)] holds the median with at least LEVEL:
 * the probability of missing it is 2 * P(Binomial(n, 1/2) < k).
 */
static size_t
median_rank(size_t n, double *level)
{
	double term = pow(0.5, (double)n), below = term; /* P(B = 0), P(B <= 0) */
	size_t k = 1;

	*level = n == 1 ? 0 : 1 - 2 * below;
	while (k < n / 2) {
		term *= (double)(n - k + 1) / (double)k;
		if (1 - 2 * (below + term) < LEVEL)
			break;
		below += term;
		k++;
		*level = 1 - 2 * below;
	}
	return k;
}

static size_t
count_outliers(const double *v, size_t n, double median, double *work)
{
	double mad;
	size_t out = 0;

	for (size_t i = 0; i < n; i++)
		work[i] = fabs(v[i] - median);
	qsort(work, n, sizeof(*work), cmp_double);
	mad = sorted_median(work, n) * MAD_SCALE;
	for (size_t i = 0; i < n; i++)
		out += mad > 0 && work[i] > MAD_LIMIT * mad;
	return out;
}

int
msr_stats(const double *value, size_t n, struct msr_stats *out)
{
	double *v;
	size_t k;

	if (n == 0)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(value[i]))
			return -EINVAL;
	v = malloc(2 * n * sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	memcpy(v, value, n * sizeof(*v));
	qsort(v, n, sizeof(*v), cmp_double);
	out->n = n;
	out->min = v[0];
	out->max = v[n - 1];
	out->median = sorted_median(v, n);
	k = median_rank(n, &out->level);
	out->ci_lo = v[k - 1];
	out->ci_hi = v[n - k];
	out->outliers = count_outliers(v, n, out->median, v + n);
	free(v);
	return 0;
}

double
msr_stats_loss_bound(uint64_t lost, uint64_t n)
{
	double p;

	if (n == 0)
		return 1;
	if (lost == 0)
		return fmin(1, 3.0 / (double)n);
	p = (double)lost / (double)n;
	return fmin(1, p + 1.6449 * sqrt(p * (1 - p) / (double)n));
}
