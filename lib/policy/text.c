/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct esw_word
esw_word_trim(const char *s, size_t len)
{
	while (len > 0 && is_blank(s[0])) {
		s++;
		len--;
	}
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	return (struct esw_word){ .s = s, .len = len };
}

struct esw_word
esw_word_next(struct esw_word *rest)
{
	struct esw_word w = esw_word_trim(rest->s, rest->len);
	size_t n = 0;

	while (n < w.len && !is_blank(w.s[n]))
		n++;
	*rest = esw_word_trim(w.s + n, w.len - n);
	w.len = n;
	return w;
}

bool
esw_word_is(struct esw_word w, const char *s)
{
	return w.len == strlen(s) && strncasecmp(w.s, s, w.len) == 0;
}

/* The value, or UINT32_MAX when it does not fit, which no range in a policy contains. */
static bool
decimal(struct esw_word w, uint32_t *out)
{
	uint64_t v = 0;
	size_t i;

	if (w.len == 0 || (w.len > 1 && w.s[0] == '0'))
		return false;
	for (i = 0; i < w.len; i++) {
		if (w.s[i] < '0' || w.s[i] > '9')
			return false;
		if (v < UINT32_MAX)
			v = v * 10 + (uint64_t)(w.s[i] - '0');
	}
	*out = v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
	return true;
}

int
esw_word_u16(struct esw_word w, uint16_t lo, uint16_t hi, uint16_t *out, struct esw_err *err)
{
	uint32_t v;

	if (!decimal(w, &v))
		return esw_err_set(err, -EINVAL, "\"%.*s\" is not a decimal number of %u to %u",
				   ESW_WORD_ARG(w), lo, hi);
	if (v < lo || v > hi)
		return esw_err_set(err, -ERANGE, "%.*s is out of range %u to %u", ESW_WORD_ARG(w),
				   lo, hi);
	*out = (uint16_t)v;
	return 0;
}

int
esw_list_add(uint64_t *bits, uint32_t first, uint32_t last, const struct esw_list_rule *rule,
	     struct esw_err *err)
{
	uint32_t v;

	if (first < rule->lo || first > rule->hi || last < rule->lo || last > rule->hi) {
		v = first < rule->lo || first > rule->hi ? first : last;
		return esw_err_set(err, -ERANGE, "%s %u is out of range %u to %u%s", rule->what, v,
				   rule->lo, rule->hi, rule->note);
	}
	if (first > last)
		return esw_err_set(err, -EINVAL, "the range %u-%u of %ss runs backwards", first,
				   last, rule->what);
	for (v = first; v <= last; v++) {
		if (((bits[v / 64] >> (v % 64)) & 1) != 0)
			return esw_err_set(err, -EINVAL, "%s %u is listed twice", rule->what, v);
		bits[v / 64] |= UINT64_C(1) << (v % 64);
	}
	return 0;
}

static int
list_item(struct esw_word item, const struct esw_list_rule *rule, uint64_t *bits,
	  struct esw_err *err)
{
	const char *dash = memchr(item.s, '-', item.len);
	struct esw_word first = item, last = item;
	uint32_t a, b;

	if (item.len == 0)
		return esw_err_set(err, -EINVAL, "an item of the list of %ss is empty", rule->what);
	if (dash != NULL) {
		first = esw_word_trim(item.s, (size_t)(dash - item.s));
		last = esw_word_trim(dash + 1, item.len - (size_t)(dash - item.s) - 1);
	}
	if (!decimal(first, &a) || !decimal(last, &b))
		return esw_err_set(err, -EINVAL, "\"%.*s\" is neither a %s of %u to %u nor a range",
				   ESW_WORD_ARG(item), rule->what, rule->lo, rule->hi);
	return esw_list_add(bits, a, b, rule, err);
}

int
esw_list_parse(struct esw_word list, const struct esw_list_rule *rule, uint64_t *bits,
	       struct esw_err *err)
{
	const char *s = list.s, *end = list.s + list.len, *comma;
	int ret;

	do {
		comma = memchr(s, ',', (size_t)(end - s));
		if (comma == NULL)
			comma = end;
		ret = list_item(esw_word_trim(s, (size_t)(comma - s)), rule, bits, err);
		if (ret != 0)
			return ret;
		s = comma + 1;
	} while (comma != end);
	return 0;
}

void
esw_out_add(struct esw_out *o, const char *fmt, ...)
{
	size_t room = o->used < o->len ? o->len - o->used : 0;
	char *at = room != 0 ? o->buf + o->used : NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(at, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		o->used += (size_t)n;
}
