/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_CHECK_H_
#define _BENCH_DRAW_CHECK_H_

/*
 * Whether a JSON document is a report that can be drawn: schema, and name and type of every field
 * that is looked at. report.schema.json says more, and forbids what is not in it; this must also
 * take reports of versions that came before and after.
 *
 * Thread-safety: pure.
 */

#include <stddef.h>

#include <jansson.h>

/**
 * @param err  one sentence on error, naming the field: "results[3].size: expected a string"
 * @return 0 or -EINVAL
 */
int draw_check(const json_t *root, char *err, size_t errlen);

#endif /* _BENCH_DRAW_CHECK_H_ */
