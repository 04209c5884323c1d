/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PROGRESS_H_
#define _BENCH_PROGRESS_H_

/*
 * One line on standard error that says what is being measured. It is there while a trial is under
 * way and gone before anything else is printed, so that tables on the same terminal stay whole.
 * Nothing at all is written when standard error is no terminal.
 *
 * Thread-safety: call from the main lcore, never while frames are on the clock.
 */

#include <stdbool.h>
#include <stdint.h>

struct bench_progress {
	bool on;
	const char *scenario; /* "" = none */
	const char *mode;
	const char *size;
	unsigned int trial; /* of this mode */
	double start_s;     /* clock */
	double expected_s;  /* of everything; 0 = not known */
};

/* @p expected_s from bench_plan_seconds(). */
void bench_progress_init(struct bench_progress *p, double expected_s);

/* What comes next; the trials are counted from 1 again. */
void bench_progress_mode(struct bench_progress *p, const char *scenario, const char *mode);

/* Another trial begins: draw. @p p may be NULL; @p size may be NULL (as before). */
void bench_progress_trial(struct bench_progress *p, const char *size);

/* The trial is over: the line goes. */
void bench_progress_hide(const struct bench_progress *p);

#endif /* _BENCH_PROGRESS_H_ */
