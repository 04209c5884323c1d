/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <stdarg.h>
#include <stdio.h>

#include "fail.h"

int
vsw_fail(struct esw_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return code;
	va_start(ap, fmt);
	/* clang 14 does not see the va_start above. NOLINTNEXTLINE(clang-analyzer-valist.*) */
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return code;
}
