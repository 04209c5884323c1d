/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bsd/string.h>

#include "err.h"

/*
 * Sentences quote what a file or a user said. Control characters in it would break the promise of
 * one line, and let a hostile file write escape sequences to the reader's terminal.
 */
static void
no_control_chars(char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
	}
}

int
esw_err_set(struct esw_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	no_control_chars(err->msg);
	return code;
}

void
esw_err_prefix(struct esw_err *err, const char *fmt, ...)
{
	char old[sizeof(err->msg)];
	va_list ap;

	if (err == NULL)
		return;
	strlcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	no_control_chars(err->msg);
	strlcat(err->msg, old, sizeof(err->msg));
}
