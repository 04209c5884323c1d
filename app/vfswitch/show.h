/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_SHOW_H_
#define _VSW_SHOW_H_

/*
 * A report on standard output: a redrawn table on a terminal, lines in a pipe, or one JSON object a
 * line.
 *
 * Thread-safety: one thread at a time. Output that nobody reads any more (a closed pipe) is an
 * error that the caller may take as the wish to end.
 */
#include "report.h"

enum vsw_show { VSW_SHOW_TABLE, VSW_SHOW_LINES, VSW_SHOW_JSON };

/* @return 0, -ENOMEM, or the negative errno of writing */
int vsw_show(const struct vsw_report *r, enum vsw_show how);

#endif /* _VSW_SHOW_H_ */
