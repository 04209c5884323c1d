/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_LOAD_H_
#define _BENCH_DRAW_LOAD_H_

/*
 * The reports that are drawn together, and their results by kind.
 *
 * Thread-safety: read-only once loaded.
 */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define DRAW_REPORTS_MAX 256U

struct draw_report {
	char label[64]; /* "label" of the report, else its file's name; no two are alike */
	const char *file;
	json_t *root;
};

struct draw_set {
	struct draw_report report[DRAW_REPORTS_MAX];
	unsigned int n;
};

/**
 * Read and check reports.
 *
 * @param err  one sentence on error, naming the file and the field or the line
 * @return 0; -EINVAL for what is no report, another negative errno for what cannot be read
 */
int draw_load(struct draw_set *set, char *const file[], unsigned int n, char *err, size_t errlen);

void draw_unload(struct draw_set *set);

/* A result, and what it is called in legends and tables. */
struct draw_result {
	unsigned int report; /* index */
	const json_t *json;
	const char *kind;
	const char *scenario; /* "" if there is none */
	const char *size;
};

struct draw_results {
	const struct draw_set *set;
	struct draw_result *result;
	unsigned int n;
};

/* The results whose kind @p want accepts, in the order of the reports. */
void draw_select(const struct draw_set *set, bool (*want)(const char *kind, const void *arg),
		 const void *arg, struct draw_results *out);

void draw_select_free(struct draw_results *r);

/* The label of its report. */
const char *draw_label(const struct draw_results *r, unsigned int i);

/*
 * "report, scenario, extra": the parts that tell a result from others; the report only when there
 * are several, what is empty not at all. @p extra may be NULL.
 */
void draw_name(char *text, size_t len, const struct draw_results *r, unsigned int i,
	       const char *extra);

#endif /* _BENCH_DRAW_LOAD_H_ */
