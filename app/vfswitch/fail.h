/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_FAIL_H_
#define _VSW_FAIL_H_

/*
 * A refusal of the program's own, in the form that the libraries use (err.h): the errno is handed
 * back, the sentence goes to the caller's buffer. The libraries' function for it stays inside the
 * shared object. Safe from any thread.
 */
#include <rte_common.h>

#include "err.h"

/* @param err where the sentence goes, or NULL. @return code, a negative errno */
int vsw_fail(struct esw_err *err, int code, const char *fmt, ...) __rte_format_printf(3, 4);

#endif /* _VSW_FAIL_H_ */
