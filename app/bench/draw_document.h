/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_DOCUMENT_H_
#define _BENCH_DRAW_DOCUMENT_H_

/*
 * The three documents that reports become. All of them are made from the reports alone, so they
 * can be made again, and on another machine.
 *
 *   HTML      one page for a browser and for paper: pictures, then tables. It refers to nothing
 *             outside itself, runs nothing, and is well-formed XML
 *   Markdown  the same tables
 *   CSV       a line for each value: "report,result,kind,scenario,size,field,value", field as in
 *             the JSON, without the raw samples
 *
 * Thread-safety: pure but for the stream.
 */

#include <stdio.h>

#include "draw_load.h"

void draw_document_html(FILE *f, const struct draw_set *set);
void draw_document_markdown(FILE *f, const struct draw_set *set);
void draw_document_csv(FILE *f, const struct draw_set *set);

/* The style sheet of the page. */
extern const char draw_style[];

#endif /* _BENCH_DRAW_DOCUMENT_H_ */
