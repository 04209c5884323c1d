/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_TEXT_H_
#define _ESW_TEXT_H_

/*
 * Small pieces of text that policies are made of: words, decimal numbers, lists of ranges, and a
 * bounded writer. Private to lib/policy.
 *
 * What surprises: a word is not NUL-terminated, it points into the text that it came from. Numbers
 * are strict: no sign, no leading zero (which a C programmer would read as octal), no overflow.
 *
 * Pure functions: safe from any thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct esw_word {
	const char *s;
	size_t len; /* octets */
};

/* For "%.*s": a message has room for a word, not for a page. */
#define ESW_WORD_ARG(w) (int)((w).len < 40 ? (w).len : 40), (w).s

/* The text without blanks (space, tab) at both ends. */
struct esw_word esw_word_trim(const char *s, size_t len);

/* Cut the next word, ended by a blank, off the front of `rest`; empty (len 0) at the end. */
struct esw_word esw_word_next(struct esw_word *rest);

/* Letter case is ignored: users write 802.1Q. */
bool esw_word_is(struct esw_word w, const char *s);

/*
 * A decimal number of lo to hi.
 * @return 0; -EINVAL not a number; -ERANGE out of range. The sentence starts with the value.
 */
int esw_word_u16(struct esw_word w, uint16_t lo, uint16_t hi, uint16_t *out, struct esw_err *err);

/* What the numbers of a list are, for its messages: "VF 9 is out of range 0 to 3 (4 VFs)". */
struct esw_list_rule {
	const char *what; /* "VF" */
	const char *note; /* " (4 VFs)", or "" */
	uint16_t lo;
	uint16_t hi;
};

/*
 * Set bits lo to hi in an array of 64-bit words; a bit that is set already is an error.
 * @return 0; -EINVAL backwards or said twice; -ERANGE out of range (uint32_t: it may be)
 */
int esw_list_add(uint64_t *bits, uint32_t first, uint32_t last, const struct esw_list_rule *rule,
		 struct esw_err *err);

/*
 * Parse "10,20-30" into bits. Blanks around commas and dashes are fine, empty items are not.
 * @param bits  hi / 64 + 1 words, zeroed by the caller
 * @return 0; -EINVAL malformed, backwards or said twice; -ERANGE out of range
 */
int esw_list_parse(struct esw_word list, const struct esw_list_rule *rule, uint64_t *bits,
		   struct esw_err *err);

/* Writer with the result of snprintf: `used` goes on counting when the buffer is full. */
struct esw_out {
	char *buf;
	size_t len;
	size_t used;
};

void esw_out_add(struct esw_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* _ESW_TEXT_H_ */
