/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_ARRIVALS_H_
#define _BENCH_ARRIVALS_H_

/*
 * When the frames of a trial are meant to leave (--arrivals). The timetable does not depend on what
 * the device does (open loop); each frame's label holds its time.
 *
 *   constant  the same gap between any two frames; computed in the measurer, not here
 *   burst:N   N frames at the same time, then a gap of N times the mean one. A burst stays with one
 *             sending port
 *   poisson   independent arrivals: exponential gaps
 *
 * A trial has a fixed number of frames in a fixed time, so the Poisson process is the one that is
 * known to have that many arrivals: each gap is drawn as the distance to the earliest of the
 * frames that are left, spread evenly over the time that is left. Without that condition the last
 * frames of half of all trials would fall after the trial's end, and count as a shortfall.
 *
 * Thread-safety: one user of a timetable.
 */

#include <stddef.h>
#include <stdint.h>

enum bench_arrival {
	BENCH_ARRIVAL_CONSTANT,
	BENCH_ARRIVAL_BURST,
	BENCH_ARRIVAL_POISSON,
};

#define BENCH_ARRIVAL_BURST_MAX 65536U

struct bench_arrivals {
	enum bench_arrival kind;
	uint32_t burst; /* frames of one, for that kind; else 1 */
};

struct bench_timetable {
	struct bench_arrivals arrivals;
	double next;     /* TSC of the next departure */
	double step;     /* mean gap, cycles */
	double end;      /* TSC at which the time is over */
	uint64_t left;   /* frames, the next included */
	uint32_t in_row; /* of the current burst that have left already */
	uint64_t rng;
};

/* "constant", "burst:N" or "poisson"; -EINVAL with one sentence in @p err. */
int bench_arrivals_parse(const char *text, struct bench_arrivals *a, char *err, size_t errlen);

/* As the option is written. */
void bench_arrivals_name(const struct bench_arrivals *a, char *text, size_t len);

/* A timetable of @p n frames, @p step cycles apart on average, from TSC @p start on. */
void bench_timetable_init(struct bench_timetable *t, const struct bench_arrivals *a, double start,
			  double step, uint64_t n, uint64_t seed);

/**
 * Take the departures that are due.
 *
 * @param now   TSC
 * @param when  result, in order; room for @p max
 * @return how many; less than @p max also at the end of a burst, so that no call returns two
 */
unsigned int bench_timetable_due(struct bench_timetable *t, uint64_t now, uint64_t *when,
				 unsigned int max);

#endif /* _BENCH_ARRIVALS_H_ */
