/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "draw_document.h"
#include "draw_escape.h"
#include "draw_kind.h"
#include "draw_run.h"

static void
warning(void *arg, const char *text, const char *reports)
{
	FILE *f = arg;

	fputs("- ", f);
	draw_markdown(f, text);
	if (reports[0] != '\0') {
		fputs(" (", f);
		draw_markdown(f, reports);
		fputs(")", f);
	}
	fputs("\n", f);
}

static void
kind(FILE *f, const struct draw_set *set, const struct draw_kind *k)
{
	struct draw_results r;
	struct draw_table t;

	if (draw_kind_open(k, set, &r, &t))
		draw_table_markdown(f, &t);
	draw_kind_close(&r, &t);
}

void
draw_document_markdown(FILE *f, const struct draw_set *set)
{
	const char *column[DRAW_RUN_COLUMNS];
	struct draw_table t = { 0 };

	fputs("## Benchmark report\n\n", f);
	draw_run_table(set, &t);
	draw_table_markdown(f, &t);
	draw_table_free(&t);
	if (draw_run_has_warnings(set)) {
		fputs("### Warnings\n\n", f);
		draw_run_warnings(set, warning, f);
		fputs("\n", f);
	}
	for (unsigned int i = 0; draw_kinds[i] != NULL; i++)
		kind(f, set, draw_kinds[i]);
	t = (struct draw_table){ .title = "Environment" };
	draw_run_fields(set, "environment", column, &t);
	draw_table_markdown(f, &t);
	draw_table_free(&t);
	t = (struct draw_table){ .title = "Configuration" };
	draw_run_fields(set, "config", column, &t);
	draw_table_markdown(f, &t);
	draw_table_free(&t);
}
