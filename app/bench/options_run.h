/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_OPTIONS_RUN_H_
#define _BENCH_OPTIONS_RUN_H_

/*
 * Options about a run as a whole (scenarios, comparison, plan), and those that scenarios brought
 * along. Part of options.c, for which they are too many.
 *
 * Thread-safety: as options.h.
 */

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

enum bench_run_opt {
	BENCH_RUN_SERVE = 512, /* first of these; those of options.c are below */
	BENCH_RUN_UDP,
	BENCH_RUN_SCENARIO, /* from here: on the command line only, not in a file */
	BENCH_RUN_VS,
	BENCH_RUN_LIMIT,
	BENCH_RUN_LIST,
	BENCH_RUN_DRY_RUN,
};

/* Set one of them; -EINVAL with @p err filled. */
int bench_run_set(struct bench_options *o, enum bench_run_opt opt, const char *a, char *err,
		  size_t errlen);

/* Is it about the run, not about what is measured? */
bool bench_run_only(int opt);

/*
 * A frame of --udp has more in front of its label than the smallest frames have room for: sizes of
 * a profile are left out, sizes that were asked for are refused. -EINVAL with @p err filled.
 */
int bench_run_finish_udp(struct bench_options *o, char *err, size_t errlen);

/* Do the run's options go together? -EINVAL with @p err filled. */
int bench_run_finish(const struct bench_options *o, char *err, size_t errlen);

#endif /* _BENCH_OPTIONS_RUN_H_ */
