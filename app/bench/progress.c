/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define LINE_BEGIN "\r"
#define LINE_END "\033[K" /* clears what is to the right */

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
bench_progress_init(struct bench_progress *p, double expected_s)
{
	*p = (struct bench_progress){
		.on = isatty(STDERR_FILENO) == 1,
		.scenario = "",
		.mode = "",
		.size = "",
		.start_s = seconds(),
		.expected_s = expected_s,
	};
}

void
bench_progress_mode(struct bench_progress *p, const char *scenario, const char *mode)
{
	p->scenario = scenario;
	p->mode = mode;
	p->size = "";
	p->trial = 0;
}

void
bench_progress_trial(struct bench_progress *p, const char *size)
{
	if (p == NULL)
		return;
	p->trial++;
	if (size != NULL)
		p->size = size;
	if (!p->on)
		return;
	fprintf(stderr, LINE_BEGIN "%s%s%s, size %s, trial %u, %.0f s", p->scenario,
		p->scenario[0] != '\0' ? ": " : "", p->mode, p->size, p->trial,
		seconds() - p->start_s);
	if (p->expected_s > 0)
		fprintf(stderr, " of about %.0f", p->expected_s);
	fputs(LINE_END, stderr);
	fflush(stderr);
}

void
bench_progress_hide(const struct bench_progress *p)
{
	if (p == NULL || !p->on)
		return;
	fputs(LINE_BEGIN LINE_END, stderr);
	fflush(stderr);
}
