/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The INI form of a policy file.
 *
 *   line    = [ section | field "=" value ] [ comment ]
 *   section = "[default]" | "[vf " LIST "]"
 *   comment = ("#" | ";") anything       no value contains either, so it may follow one
 *
 * Lines end with LF or CR LF, the last one may end with the file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static int
section_line(struct esw_file *f, struct esw_word line, struct esw_err *err)
{
	struct esw_word in, word, rest;

	if (line.s[line.len - 1] != ']')
		return esw_err_set(err, -EINVAL,
				   "\"%.*s\": a section is [default] or [vf LIST], one on a line",
				   ESW_WORD_ARG(line));
	in = esw_word_trim(line.s + 1, line.len - 2);
	rest = in;
	word = esw_word_next(&rest);
	if (esw_word_is(word, "default") && rest.len == 0)
		return esw_file_section_default(f, err);
	if (esw_word_is(word, "vf") && rest.len != 0)
		return esw_file_section_vfs(f, rest, err);
	return esw_err_set(err, -EINVAL,
			   "[%.*s]: unknown section; known are [default] and "
			   "[vf LIST], LIST like 3 or 1,4-7",
			   ESW_WORD_ARG(in));
}

static int
field_line(struct esw_file *f, struct esw_word line, struct esw_err *err)
{
	const char *eq = memchr(line.s, '=', line.len);
	char name[64], value[ESW_LINE_MAX + 1];
	struct esw_word key, val;
	int ret;

	if (eq == NULL)
		return esw_err_set(err, -EINVAL,
				   "%.*s: '=' is missing: neither a section nor "
				   "field = value",
				   ESW_WORD_ARG(line));
	key = esw_word_trim(line.s, (size_t)(eq - line.s));
	val = esw_word_trim(eq + 1, line.len - (size_t)(eq - line.s) - 1);
	if (key.len == 0)
		return esw_err_set(err, -EINVAL, "\"%.*s\": the field's name is missing",
				   ESW_WORD_ARG(line));
	/* A name that is cut here is still longer than any that is known. */
	snprintf(name, sizeof(name), "%.*s", (int)key.len, key.s);
	snprintf(value, sizeof(value), "%.*s", (int)val.len, val.s);
	ret = esw_policy_field_by_name(name, err);
	if (ret < 0)
		return ret;
	if (!f->in_default && f->nb_selected == 0)
		return esw_err_set(err, -EINVAL, "%s: stands before the first section", name);
	if (esw_file_may_say(f, name, err) != 0)
		return -EINVAL;
	ret = esw_policy_field_parse(&f->section, (enum esw_policy_field)ret, value, err);
	return ret == 0 ? esw_file_mac_once(f, err) : ret;
}

/* What no line of text contains, most of all NUL, at which a value would end in silence. */
static int
check_line(struct esw_word line, struct esw_err *err)
{
	size_t i;

	if (line.len > ESW_LINE_MAX)
		return esw_err_set(err, -EINVAL, "line of %zu octets: at most %u are allowed",
				   line.len, (unsigned int)ESW_LINE_MAX);
	for (i = 0; i < line.len; i++) {
		const unsigned char c = (unsigned char)line.s[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return esw_err_set(err, -EINVAL,
					   "control character 0x%02x at octet %zu of the line", c,
					   i + 1);
	}
	return 0;
}

static int
one_line(struct esw_file *f, struct esw_word line, struct esw_err *err)
{
	size_t n = 0;
	int ret;

	if (line.len != 0 && line.s[line.len - 1] == '\r')
		line.len--;
	ret = check_line(line, err);
	if (ret != 0)
		return ret;
	while (n < line.len && line.s[n] != '#' && line.s[n] != ';')
		n++;
	line = esw_word_trim(line.s, n);
	if (line.len == 0)
		return 0;
	if (line.s[0] != '[')
		return field_line(f, line, err);
	esw_file_section_close(f);
	return section_line(f, line, err);
}

int
esw_file_parse_ini(struct esw_file *f, const char *text, size_t len, struct esw_err *err)
{
	const char *s = text, *end = text + len, *nl;
	unsigned int line_no = 0;
	int ret;

	while (s < end) {
		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			nl = end;
		line_no++;
		ret = one_line(f, (struct esw_word){ .s = s, .len = (size_t)(nl - s) }, err);
		if (ret != 0) {
			esw_file_err_at(f, line_no, err);
			/* One errno for what is wrong with the text, whoever found it. */
			return ret == -ENOTSUP || ret == -ERANGE ? ret : -EINVAL;
		}
		s = nl + 1;
	}
	esw_file_section_close(f);
	return 0;
}
