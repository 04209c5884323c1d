/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_OPTIONS_VALUE_H_
#define _BENCH_OPTIONS_VALUE_H_

/*
 * The values of options, from text. Each returns 0, or -EINVAL with one sentence in err that names
 * the option, the value and what was expected; nothing is changed then.
 *
 * Thread-safety: pure functions on the caller's data.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

/* A whole number of option @p name within [min, max]. */
int bench_value_whole(const char *name, const char *text, uint64_t min, uint64_t max,
		      uint64_t *value, char *err, size_t errlen);

/* The same in an unsigned int. */
int bench_value_uint(const char *name, const char *text, unsigned int min, unsigned int max,
		     unsigned int *value, char *err, size_t errlen);

/* A number within [min, max], with a suffix k, M or G if @p suffix. */
int bench_value_real(const char *name, const char *text, double min, double max, bool suffix,
		     double *value, char *err, size_t errlen);

/* A VLAN, 1 to 4094. */
int bench_value_vid(const char *name, const char *text, uint16_t *vid, char *err, size_t errlen);

/* --tag: VID or VID:PCP; VID 0 is a priority tag. */
int bench_value_tag(struct bench_options *o, const char *text, char *err, size_t errlen);

/* --expect-tag: any, none or a VID. */
int bench_value_expect_tag(struct bench_options *o, const char *text, char *err, size_t errlen);

/* --size: the whole list. */
int bench_value_sizes(struct bench_options *o, const char *list, char *err, size_t errlen);

int bench_value_dst(struct bench_options *o, const char *text, char *err, size_t errlen);
int bench_value_pools(struct bench_options *o, const char *text, char *err, size_t errlen);
int bench_value_profile(struct bench_options *o, const char *text, char *err, size_t errlen);
int bench_value_plug(struct bench_options *o, const char *devargs, char *err, size_t errlen);

#endif /* _BENCH_OPTIONS_VALUE_H_ */
