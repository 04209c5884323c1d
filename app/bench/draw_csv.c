/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "draw_document.h"
#include "draw_escape.h"
#include "draw_flatten.h"
#include "draw_value.h"

struct line {
	FILE *f;
	const char *report;
	const json_t *result; /* NULL: a field of the report itself */
	unsigned int number;
};

/* Numbers are written as they are: only words need quotes, or could be taken for formulas. */
static void
value_field(FILE *f, const json_t *value)
{
	char text[64];

	if (json_is_string(value)) {
		draw_csv(f, json_string_value(value));
	} else if (!json_is_null(value)) {
		draw_format_json(text, sizeof(text), value);
		fputs(text, f);
	}
}

static void
each(void *arg, const char *path, const json_t *value)
{
	const struct line *l = arg;

	draw_csv(l->f, l->report);
	fputc(',', l->f);
	if (l->result != NULL)
		fprintf(l->f, "%u", l->number);
	for (unsigned int i = 0; i < 3; i++) {
		static const char *const key[] = { "kind", "scenario", "size" };

		fputc(',', l->f);
		draw_csv(l->f, draw_string(l->result, key[i]));
	}
	fputc(',', l->f);
	draw_csv(l->f, path);
	fputc(',', l->f);
	value_field(l->f, value);
	fputs("\r\n", l->f);
}

static bool
any(const char *kind, const void *arg)
{
	(void)kind;
	(void)arg;
	return true;
}

static void
run_lines(FILE *f, const struct draw_report *r)
{
	struct line line = { .f = f, .report = r->label };
	json_t *rest = json_copy(r->root);

	json_object_del(rest, "results");
	draw_flatten(rest, each, &line);
	json_decref(rest);
}

void
draw_document_csv(FILE *f, const struct draw_set *set)
{
	struct draw_results r;

	fputs("report,result,kind,scenario,size,field,value\r\n", f);
	for (unsigned int i = 0; i < set->n; i++)
		run_lines(f, &set->report[i]);
	draw_select(set, any, NULL, &r);
	for (unsigned int i = 0; i < r.n; i++) {
		struct line line = { f, draw_label(&r, i), r.result[i].json, i };

		draw_flatten(r.result[i].json, each, &line);
	}
	draw_select_free(&r);
}
