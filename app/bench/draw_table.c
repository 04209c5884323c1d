/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "draw_escape.h"
#include "draw_memory.h"
#include "draw_table.h"
#include "draw_value.h"

#define LONG_CELL 36

void
draw_table_text(struct draw_table *t, const char *text)
{
	t->cell = draw_resize(t->cell, t->n_cells + 1, sizeof(*t->cell));
	t->cell[t->n_cells++] = draw_copy(text);
}

void
draw_table_cell(struct draw_table *t, const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	/* clang 14 does not see the va_start above. NOLINTNEXTLINE(clang-analyzer-valist.*) */
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	draw_table_text(t, text);
}

void
draw_table_number(struct draw_table *t, double value, int digits)
{
	char text[48];

	draw_format(text, sizeof(text), value, digits);
	draw_table_text(t, text);
}

void
draw_table_free(struct draw_table *t)
{
	for (unsigned int i = 0; i < t->n_cells; i++)
		free(t->cell[i]);
	free(t->cell);
	t->cell = NULL;
	t->n_cells = 0;
}

/* A bit for each column with a word in it; the others are left out. */
static uint64_t
used_columns(const struct draw_table *t)
{
	uint64_t used = 0;

	for (unsigned int i = 0; i < t->n_cells; i++)
		used |= (uint64_t)(t->cell[i][0] != '\0') << i % t->n_columns;
	return used;
}

static bool
is_used(uint64_t used, unsigned int column)
{
	return (used >> column & 1) != 0;
}

static const char *
html_class(const struct draw_table *t, unsigned int column)
{
	return column < t->n_left ? "" : " class=\"n\"";
}

/* Long words get room, and may be wrapped; all other cells are one line. */
static const char *
cell_class(const struct draw_table *t, unsigned int cell)
{
	const char *class = html_class(t, cell % t->n_columns);

	return class[0] == '\0' && strlen(t->cell[cell]) > LONG_CELL ? " class=\"l\"" : class;
}

void
draw_table_html(FILE *f, const struct draw_table *t, const char *title)
{
	const uint64_t used = used_columns(t);

	if (t->n_cells == 0 || t->n_columns == 0)
		return;
	fputs("<div class=\"table\"><table>\n", f);
	if (title != NULL) {
		fputs("<caption>", f);
		draw_xml(f, title);
		fputs("</caption>\n", f);
	}
	fputs("<thead><tr>", f);
	for (unsigned int c = 0; c < t->n_columns; c++) {
		if (!is_used(used, c))
			continue;
		fprintf(f, "<th scope=\"col\"%s>", html_class(t, c));
		draw_xml(f, t->column[c]);
		fputs("</th>", f);
	}
	fputs("</tr></thead>\n<tbody>\n", f);
	for (unsigned int i = 0; i < t->n_cells; i++) {
		unsigned int c = i % t->n_columns;

		if (c == 0)
			fputs("<tr>", f);
		if (is_used(used, c)) {
			fprintf(f, "<td%s>", cell_class(t, i));
			draw_xml(f, t->cell[i]);
			fputs("</td>", f);
		}
		if (c + 1 == t->n_columns)
			fputs("</tr>\n", f);
	}
	fputs("</tbody></table></div>\n", f);
	if (t->note != NULL) {
		fputs("<p class=\"note\">", f);
		draw_xml(f, t->note);
		fputs("</p>\n", f);
	}
}

void
draw_table_markdown(FILE *f, const struct draw_table *t)
{
	const uint64_t used = used_columns(t);

	if (t->n_cells == 0 || t->n_columns == 0)
		return;
	fputs("### ", f);
	draw_markdown(f, t->title);
	fputs("\n\n|", f);
	for (unsigned int c = 0; c < t->n_columns; c++)
		if (is_used(used, c)) {
			fputc(' ', f);
			draw_markdown(f, t->column[c]);
			fputs(" |", f);
		}
	fputs("\n|", f);
	for (unsigned int c = 0; c < t->n_columns; c++)
		if (is_used(used, c))
			fputs(c < t->n_left ? " --- |" : " ---: |", f);
	for (unsigned int i = 0; i < t->n_cells; i++) {
		if (i % t->n_columns == 0)
			fputs("\n|", f);
		if (is_used(used, i % t->n_columns)) {
			fputc(' ', f);
			draw_markdown(f, t->cell[i]);
			fputs(" |", f);
		}
	}
	fputs("\n\n", f);
	if (t->note != NULL) {
		draw_markdown(f, t->note);
		fputs("\n\n", f);
	}
}
