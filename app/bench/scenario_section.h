/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SCENARIO_SECTION_H_
#define _BENCH_SCENARIO_SECTION_H_

/*
 * The sections of a scenario file: which there are, and what their lines say. Part of scenario.c.
 *
 * Thread-safety: none; one user.
 */

#include "scenario.h"

struct bench_scenario_reader {
	struct bench_scenario *s;
	const char *section;
	struct esw_policy_patch said; /* fields of the policy section that is being read */
	char *err;
	size_t errlen;
};

/* One line of a section; -EINVAL with the sentence in the reader. */
typedef int (*bench_scenario_line_fn)(struct bench_scenario_reader *r, const char *key,
				      const char *value);

/*
 * What reads the lines of r->section, or NULL: there is no such section. That of a policy also
 * begins a section of the policy file.
 */
bench_scenario_line_fn bench_scenario_section(struct bench_scenario_reader *r);

/* One sentence: file, section, key ("" = none), and what is wrong with it. Returns -EINVAL. */
__rte_format_printf(3, 4) int bench_scenario_refuse(struct bench_scenario_reader *r,
						    const char *key, const char *format, ...);

#endif /* _BENCH_SCENARIO_SECTION_H_ */
