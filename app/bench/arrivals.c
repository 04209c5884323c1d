/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrivals.h"
#include "rng.h"

int
bench_arrivals_parse(const char *text, struct bench_arrivals *a, char *err, size_t errlen)
{
	unsigned long n;
	char *end;

	if (strcmp(text, "constant") == 0 || strcmp(text, "poisson") == 0) {
		a->kind = text[0] == 'c' ? BENCH_ARRIVAL_CONSTANT : BENCH_ARRIVAL_POISSON;
		a->burst = 1;
		return 0;
	}
	if (strncmp(text, "burst:", 6) == 0 && isdigit((unsigned char)text[6])) {
		n = strtoul(text + 6, &end, 10);
		if (*end == '\0' && n >= 1 && n <= BENCH_ARRIVAL_BURST_MAX) {
			*a = (struct bench_arrivals){ BENCH_ARRIVAL_BURST, (uint32_t)n };
			return 0;
		}
	}
	snprintf(err, errlen,
		 "--arrivals %s: expected constant, poisson, or burst:N with N 1 to %u", text,
		 BENCH_ARRIVAL_BURST_MAX);
	return -EINVAL;
}

void
bench_arrivals_name(const struct bench_arrivals *a, char *text, size_t len)
{
	if (a->kind == BENCH_ARRIVAL_BURST)
		snprintf(text, len, "burst:%u", a->burst);
	else
		snprintf(text, len, "%s",
			 a->kind == BENCH_ARRIVAL_POISSON ? "poisson" : "constant");
}

/* The distance to the earliest of t->left points that lie evenly in the time from next to end. */
static double
poisson_gap(struct bench_timetable *t)
{
	double x = log(bench_rng_unit(&t->rng)) / (double)t->left;

	/* 1 - e^x; the series has all digits where x is that small, and is much faster. */
	return (t->end - t->next) * (x > -1e-4 ? -x * (1 + x / 2 * (1 + x / 3)) : -expm1(x));
}

void
bench_timetable_init(struct bench_timetable *t, const struct bench_arrivals *a, double start,
		     double step, uint64_t n, uint64_t seed)
{
	*t = (struct bench_timetable){
		.arrivals = *a,
		.next = start,
		.step = step,
		.end = start + step * (double)n,
		.left = n,
		.rng = seed,
	};
	if (a->kind == BENCH_ARRIVAL_POISSON && n != 0)
		t->next += poisson_gap(t);
}

static void
advance(struct bench_timetable *t)
{
	t->left--;
	if (t->arrivals.kind == BENCH_ARRIVAL_POISSON) {
		if (t->left != 0)
			t->next += poisson_gap(t);
		return;
	}
	if (++t->in_row == t->arrivals.burst) {
		t->in_row = 0;
		t->next += t->step * t->arrivals.burst;
	}
}

unsigned int
bench_timetable_due(struct bench_timetable *t, uint64_t now, uint64_t *when, unsigned int max)
{
	unsigned int n = 0;

	while (n < max && t->left != 0 && t->next <= (double)now) {
		when[n++] = (uint64_t)t->next;
		advance(t);
		if (t->arrivals.kind == BENCH_ARRIVAL_BURST && t->in_row == 0)
			break;
	}
	return n;
}
