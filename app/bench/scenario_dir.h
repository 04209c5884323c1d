/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SCENARIO_DIR_H_
#define _BENCH_SCENARIO_DIR_H_

/*
 * Where the scenarios of this project are: beside the installed program, else in the source tree.
 *
 * Thread-safety: none; call from the main thread.
 */

#include <stddef.h>
#include <stdio.h>

/* The folder. */
void bench_scenario_dir(char *path, size_t len);

/* The file that --scenario NAME means: that file if there is one, else one of the folder. */
void bench_scenario_path(const char *name, char *path, size_t len);

/**
 * Print name and text of every scenario of the folder.
 * @return 0; negative errno with @p err filled
 */
int bench_scenario_list(FILE *out, char *err, size_t errlen);

#endif /* _BENCH_SCENARIO_DIR_H_ */
