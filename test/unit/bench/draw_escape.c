/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Escaping: all characters of all formats that mean something, and bytes that are no characters. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "draw_escape.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */
#define DOTS "\xE2\x80\xA6"

static void
expect(void (*escape)(FILE *f, const char *text), const char *text, const char *want)
{
	char *got = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&got, &size);

	assert_non_null(f);
	escape(f, text);
	fclose(f);
	assert_string_equal(got, want);
	free(got);
}

static void
test_xml(void **state)
{
	(void)state;
	expect(draw_xml, "", "");
	expect(draw_xml, "<a b=\"c\" d='e'>&amp;",
	       "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
	expect(draw_xml, "one\ttwo\r\nthree", "one two  three");
	expect(draw_xml, "\x01\x1f\x7f", BAD BAD BAD);
	expect(draw_xml, "\xC2\xB5s \xE2\x82\xAC \xF0\x9F\x98\x80",
	       "\xC2\xB5s \xE2\x82\xAC \xF0\x9F\x98\x80");
}

/* What is cut off, too long, a surrogate, beyond Unicode, or forbidden in XML. */
static void
test_not_utf8(void **state)
{
	(void)state;
	expect(draw_xml, "\x80 \xBF", BAD " " BAD);
	expect(draw_xml, "\xC3", BAD);
	expect(draw_xml, "\xE2\x82<", BAD BAD "&lt;");
	expect(draw_xml, "\xC0\xBC", BAD);
	expect(draw_xml, "\xE0\x80\xBC", BAD);
	expect(draw_xml, "\xF0\x80\x80\xBC", BAD);
	expect(draw_xml, "\xED\xA0\x80", BAD);
	expect(draw_xml, "\xEF\xBF\xBE", BAD);
	expect(draw_xml, "\xF4\x90\x80\x80", BAD);
	expect(draw_xml, "\xFF\xFE", BAD BAD);
}

static void
cut(FILE *f, const char *text)
{
	draw_xml_cut(f, text, 5);
}

static void
test_cut(void **state)
{
	(void)state;
	expect(cut, "12345", "12345");
	expect(cut, "123456", "1234" DOTS);
	expect(cut, "\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5",
	       "\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5");
	expect(cut, "<<<<<<", "&lt;&lt;&lt;&lt;" DOTS);
	expect(cut, "", "");
}

static void
test_csv(void **state)
{
	(void)state;
	expect(draw_csv, "plain words", "plain words");
	expect(draw_csv, "a,b", "\"a,b\"");
	expect(draw_csv, "say \"so\"", "\"say \"\"so\"\"\"");
	expect(draw_csv, "two\nlines", "\"two lines\"");
	expect(draw_csv, "=1+2", "'=1+2");
	expect(draw_csv, "@x", "'@x");
	expect(draw_csv, "-1,2", "\"'-1,2\"");
	expect(draw_csv, "+x", "'+x");
	expect(draw_csv, "\t=x", "\"' =x\"");
	expect(draw_csv, "a=b", "a=b");
	expect(draw_csv, "", "");
}

static void
test_markdown(void **state)
{
	(void)state;
	expect(draw_markdown, "10 % of 2.5 us", "10 % of 2.5 us");
	expect(draw_markdown, "a|b", "a\\|b");
	expect(draw_markdown, "\\|", "\\\\\\|");
	expect(draw_markdown, "<b>&lt;", "&lt;b&gt;&amp;lt;");
	expect(draw_markdown, "[a](b) `c` *d* _e_", "\\[a\\]\\(b\\) \\`c\\` \\*d\\* \\_e\\_");
	expect(draw_markdown, "two\nlines", "two lines");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xml),      cmocka_unit_test(test_not_utf8),
		cmocka_unit_test(test_cut),      cmocka_unit_test(test_csv),
		cmocka_unit_test(test_markdown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
