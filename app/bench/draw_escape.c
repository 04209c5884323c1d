/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "draw_escape.h"

#define BAD 0xFFFDU

/* XML 1.0 section 2.2; line ends and tabs count as blanks here. */
static bool
is_character(uint32_t c)
{
	return c >= 0x20 && c != 0x7f && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF &&
	       c <= 0x10FFFF;
}

/* The next character of *@p p, which is advanced; 0 at the end. */
static uint32_t
next(const char **p)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)*p;
	unsigned int more = s[0] >= 0xF0 ? 3 : s[0] >= 0xE0 ? 2 : s[0] >= 0xC0 ? 1 : 0;
	uint32_t c = s[0] < 0x80 ? s[0] : s[0] & (0x3FU >> more);

	*p += s[0] != 0;
	if (s[0] == '\t' || s[0] == '\n' || s[0] == '\r')
		return ' ';
	if (s[0] == 0)
		return 0;
	if ((s[0] >= 0x80 && more == 0) || s[0] > 0xF7)
		return BAD;
	for (unsigned int i = 1; i <= more; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return BAD;
		c = c << 6 | (s[i] & 0x3F);
	}
	*p += more;
	return c >= least[more] && is_character(c) ? c : BAD;
}

static void
put(FILE *f, uint32_t c)
{
	static const unsigned char lead[] = { 0, 0xC0, 0xE0, 0xF0 };
	unsigned int more = c >= 0x10000 ? 3 : c >= 0x800 ? 2 : c >= 0x80 ? 1 : 0;

	fputc((int)(lead[more] | c >> 6 * more), f);
	for (; more > 0; more--)
		fputc((int)(0x80 | (c >> 6 * (more - 1) & 0x3F)), f);
}

static void
put_xml(FILE *f, uint32_t c)
{
	switch (c) {
	case '<':
		fputs("&lt;", f);
		break;
	case '>':
		fputs("&gt;", f);
		break;
	case '&':
		fputs("&amp;", f);
		break;
	case '"':
		fputs("&quot;", f);
		break;
	case '\'':
		fputs("&#39;", f);
		break;
	default:
		put(f, c);
	}
}

void
draw_xml(FILE *f, const char *text)
{
	for (uint32_t c; (c = next(&text)) != 0;)
		put_xml(f, c);
}

void
draw_xml_cut(FILE *f, const char *text, unsigned int max)
{
	const char *p = text;
	unsigned int n = 0;

	while (next(&p) != 0)
		n++;
	for (unsigned int i = 0; i < n && (n <= max || i + 1 < max); i++)
		put_xml(f, next(&text));
	if (n > max)
		fputs("\xE2\x80\xA6", f);
}

void
draw_csv(FILE *f, const char *text)
{
	bool quoted = text[strcspn(text, ",\"\r\n\t")] != '\0';

	if (quoted)
		fputc('"', f);
	if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
		fputc('\'', f);
	for (uint32_t c; (c = next(&text)) != 0;) {
		if (c == '"')
			fputc('"', f);
		put(f, c);
	}
	if (quoted)
		fputc('"', f);
}

void
draw_markdown(FILE *f, const char *text)
{
	for (uint32_t c; (c = next(&text)) != 0;) {
		if (c == '<' || c == '>' || c == '&') {
			put_xml(f, c);
			continue;
		}
		if (c < 0x80 && strchr("\\`*_{}[]()#!|~$", (int)c) != NULL)
			fputc('\\', f);
		put(f, c);
	}
}
