/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "draw_document.h"
#include "draw_escape.h"
#include "draw_kind.h"
#include "draw_run.h"
#include "draw_value.h"

/* Nothing from outside, no script: also where a string of a report got past the escaping. */
#define POLICY "default-src 'none'; style-src 'unsafe-inline'"

static void
head(FILE *f, const struct draw_set *set)
{
	fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\"/>\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
	      f);
	for (unsigned int i = 0; i < set->n; i++) {
		draw_xml(f, set->report[i].label);
		fputs(i + 1 < set->n ? ", " : "", f);
	}
	/* CDATA lets the sheet be XML, and is a comment to HTML's style. */
	fprintf(f,
		" \xE2\x80\x93 eswitch-bench</title>\n<style>\n/*<![CDATA[*/\n%s/*]]>*/\n"
		"</style>\n</head>\n<body>\n",
		draw_style);
}

static void
run_card(FILE *f, const struct draw_report *r)
{
	const json_t *env = json_object_get(r->root, "environment");
	int code = draw_run_exit(r);

	fputs("<div class=\"run\"><h3>", f);
	draw_xml(f, r->label);
	fprintf(f, "</h3>\n<p class=\"%s\">", code == 0 ? "ok" : code > 0 ? "bad" : "sub");
	draw_xml(f, draw_run_verdict(r));
	if (code > 0)
		fprintf(f, " (exit status %d)", code);
	fputs("</p>\n<p class=\"note\">", f);
	draw_xml(f, draw_string(r->root, "started"));
	fputs("; ", f);
	draw_xml(f, draw_string(json_object_get(env, "cpu"), "model"));
	fputs("; ", f);
	draw_xml(f, draw_string(env, "dpdk"));
	fputs("; ", f);
	draw_xml(f, r->file);
	fputs("</p></div>\n", f);
}

static void
warning(void *arg, const char *text, const char *reports)
{
	FILE *f = arg;

	fputs("<li>", f);
	draw_xml(f, text);
	if (reports[0] != '\0') {
		fputs(" <span class=\"note\">(", f);
		draw_xml(f, reports);
		fputs(")</span>", f);
	}
	fputs("</li>\n", f);
}

static void
warnings(FILE *f, const struct draw_set *set)
{
	if (!draw_run_has_warnings(set))
		return;
	fputs("<section class=\"warn\"><h2>Warnings</h2>\n<ul>\n", f);
	draw_run_warnings(set, warning, f);
	fputs("</ul></section>\n", f);
}

static void
kind(FILE *f, const struct draw_set *set, const struct draw_kind *k)
{
	struct draw_results r;
	struct draw_table t;

	if (draw_kind_open(k, set, &r, &t)) {
		fputs("<h2>", f);
		draw_xml(f, k->title);
		fputs("</h2>\n", f);
		if (k->figures != NULL) {
			fputs("<div class=\"figures\">\n", f);
			k->figures(&r, f);
			fputs("</div>\n", f);
		}
		draw_table_html(f, &t, NULL);
	}
	draw_kind_close(&r, &t);
}

static void
runs(FILE *f, const struct draw_set *set)
{
	static const struct {
		const char *key, *title;
	} block[] = { { "environment", "Environment" }, { "config", "Configuration" } };
	const char *column[DRAW_RUN_COLUMNS];
	struct draw_table t = { 0 };

	fputs("<h2>Runs</h2>\n", f);
	draw_run_table(set, &t);
	draw_table_html(f, &t, NULL);
	draw_table_free(&t);
	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++) {
		t = (struct draw_table){ .title = block[i].title };
		draw_run_fields(set, block[i].key, column, &t);
		draw_table_html(f, &t, t.title);
		draw_table_free(&t);
	}
}

void
draw_document_html(FILE *f, const struct draw_set *set)
{
	head(f, set);
	fputs("<header><h1>Benchmark report</h1>\n<p class=\"sub\">Measured with eswitch-bench. "
	      "Sizes are those of frames with FCS.</p></header>\n<div class=\"runs\">\n",
	      f);
	for (unsigned int i = 0; i < set->n; i++)
		run_card(f, &set->report[i]);
	fputs("</div>\n", f);
	warnings(f, set);
	for (unsigned int i = 0; draw_kinds[i] != NULL; i++)
		kind(f, set, draw_kinds[i]);
	runs(f, set);
	fputs("</body>\n</html>\n", f);
}
