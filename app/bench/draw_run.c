/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw_flatten.h"
#include "draw_memory.h"
#include "draw_run.h"
#include "draw_value.h"

int
draw_run_exit(const struct draw_report *r)
{
	double code = draw_number(json_object_get(r->root, "verdict"), "exit");

	return code >= 0 && code <= 255 ? (int)code : -1;
}

const char *
draw_run_verdict(const struct draw_report *r)
{
	const char *word = draw_string(json_object_get(r->root, "verdict"), "word");

	return word[0] != '\0' ? word : "not recorded";
}

static bool
is_plain(const char *word)
{
	return word[0] != '\0' &&
	       word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "-_=+,./:@%")] == '\0';
}

/* As a shell takes it, so that it can be run again. */
static char *
command_line(const json_t *command)
{
	char *line = draw_copy("");
	size_t len = 0;

	for (size_t i = 0; i < json_array_size(command); i++) {
		const char *word = json_string_value(json_array_get(command, i));
		bool plain = is_plain(word);

		/* At worst each letter is a quote, which takes four. */
		line = draw_resize(line, len + 4 * strlen(word) + 4, 1);
		if (i != 0)
			line[len++] = ' ';
		if (!plain)
			line[len++] = '\'';
		for (; *word != '\0'; word++) {
			if (*word == '\'') {
				memcpy(line + len, "'\\'", 3);
				len += 3;
			}
			line[len++] = *word;
		}
		if (!plain)
			line[len++] = '\'';
		line[len] = '\0';
	}
	return line;
}

void
draw_run_table(const struct draw_set *set, struct draw_table *t)
{
	static const char *const columns[] = { "report",  "verdict",  "exit",
					       "started", "finished", "version",
					       "seed",    "commit",   "command line" };

	t->title = "Runs";
	DRAW_COLUMNS(t, columns, 9);
	for (unsigned int i = 0; i < set->n; i++) {
		const json_t *root = set->report[i].root;
		const json_t *env = json_object_get(root, "environment");
		char *line = command_line(json_object_get(root, "command"));
		int code = draw_run_exit(&set->report[i]);
		char seed[32];

		draw_format_json(seed, sizeof(seed), json_object_get(root, "seed"));
		draw_table_text(t, set->report[i].label);
		draw_table_text(t, draw_run_verdict(&set->report[i]));
		draw_table_cell(t, code >= 0 ? "%d" : "-", code);
		draw_table_text(t, draw_string(root, "started"));
		draw_table_text(t, draw_string(root, "finished"));
		draw_table_cell(t, "%s %s", draw_string(root, "tool"),
				draw_string(root, "version"));
		draw_table_text(t, seed);
		draw_table_text(t, draw_string(json_object_get(env, "build"), "commit"));
		draw_table_text(t, line);
		free(line);
	}
}

/* All fields that any report has, each with its value in every report. */
struct fields {
	unsigned int report; /* that is being read */
	unsigned int n;
	struct field {
		char *path;
		char *value[DRAW_REPORTS_MAX];
	} * field;
};

static void
each(void *arg, const char *path, const json_t *value)
{
	struct fields *f = arg;
	unsigned int i = 0;
	char text[4096];

	while (i < f->n && strcmp(f->field[i].path, path) != 0)
		i++;
	if (i == f->n) {
		f->field = draw_resize(f->field, f->n + 1, sizeof(*f->field));
		f->field[f->n++] = (struct field){ .path = draw_copy(path) };
	}
	draw_format_json(text, sizeof(text), value);
	/* Paths may repeat where keys hold dots or are too long: the last counts. */
	free(f->field[i].value[f->report]);
	f->field[i].value[f->report] = draw_copy(text);
}

static const char *
value_of(const struct field *f, unsigned int report)
{
	return f->value[report] != NULL ? f->value[report] : "";
}

static bool
differs(const struct field *f, unsigned int report)
{
	return strcmp(value_of(f, report), value_of(f, 0)) != 0;
}

static void
side_by_side(const struct draw_set *set, const struct field *f, struct draw_table *t)
{
	bool any = false;

	for (unsigned int i = 0; i < set->n; i++) {
		any |= differs(f, i);
		draw_table_text(t, value_of(f, i));
	}
	if (set->n > 1)
		draw_table_text(t, any ? "differs" : "");
}

/* "label: value; label: value" */
static void
first_and_others(const struct draw_set *set, const struct field *f, struct draw_table *t)
{
	char *others = draw_copy("");
	size_t len = 0;

	for (unsigned int i = 1; i < set->n; i++) {
		const char *label = set->report[i].label, *value = value_of(f, i);

		if (!differs(f, i))
			continue;
		others = draw_resize(others, len + strlen(label) + strlen(value) + 5, 1);
		len += (size_t)sprintf(others + len, "%s%s: %s", len != 0 ? "; " : "", label,
				       value[0] != '\0' ? value : "-");
	}
	draw_table_text(t, value_of(f, 0));
	draw_table_text(t, others);
	free(others);
}

static void
name_columns(const struct draw_set *set, const char **column, struct draw_table *t)
{
	t->column = column;
	column[t->n_columns++] = "field";
	if (set->n > DRAW_RUN_SIDES) {
		column[t->n_columns++] = set->report[0].label;
		column[t->n_columns++] = "others, where they differ";
	} else {
		for (unsigned int i = 0; i < set->n; i++)
			column[t->n_columns++] = set->report[i].label;
		if (set->n > 1)
			column[t->n_columns++] = "";
	}
	t->n_left = t->n_columns;
}

void
draw_run_fields(const struct draw_set *set, const char *key, const char **column,
		struct draw_table *t)
{
	struct fields f = { 0 };

	for (f.report = 0; f.report < set->n; f.report++)
		draw_flatten(json_object_get(set->report[f.report].root, key), each, &f);
	name_columns(set, column, t);
	for (unsigned int i = 0; i < f.n; i++) {
		draw_table_text(t, f.field[i].path);
		if (set->n > DRAW_RUN_SIDES)
			first_and_others(set, &f.field[i], t);
		else
			side_by_side(set, &f.field[i], t);
		for (unsigned int k = 0; k < set->n; k++)
			free(f.field[i].value[k]);
		free(f.field[i].path);
	}
	free(f.field);
}
