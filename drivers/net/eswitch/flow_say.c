/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* See flow_say.h. */
#include <stdarg.h>
#include <stdio.h>

#include "flow_say.h"

#define SAY_LEN 256

int
esn_flow_say(struct rte_flow_error *error, int code, enum rte_flow_error_type type,
	     const void *cause, const char *fmt, ...)
{
	static __thread char text[SAY_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return rte_flow_error_set(error, code, type, cause, text);
}
