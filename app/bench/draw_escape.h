/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_ESCAPE_H_
#define _BENCH_DRAW_ESCAPE_H_

/*
 * Text of a report, made harmless for the format it goes into. A report is a file that anybody may
 * have written: whatever its strings say, they end up as text and nothing else.
 *
 * Bytes that are not UTF-8, and characters that XML 1.0 forbids, become U+FFFD in all formats.
 *
 * Thread-safety: pure but for the stream.
 */

#include <stdio.h>

/* Text of an element, or of an attribute in double quotes. */
void draw_xml(FILE *f, const char *text);

/* The same, at most @p max characters; what is longer ends in an ellipsis. */
void draw_xml_cut(FILE *f, const char *text, unsigned int max);

/*
 * A field of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front;
 * numbers are not written with this.
 */
void draw_csv(FILE *f, const char *text);

/* Text within a line or a table cell of GitHub's Markdown. */
void draw_markdown(FILE *f, const char *text);

#endif /* _BENCH_DRAW_ESCAPE_H_ */
