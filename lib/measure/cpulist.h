/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_CPULIST_H_
#define _MSR_CPULIST_H_

/*
 * The kernel's lists of processors, as "isolated" and "online" of /sys have them: "0-3,8,10-11".
 *
 * Thread-safety: pure functions.
 */

#include <stdbool.h>

/* Whether @p cpu is in @p list; false for NULL, for an empty list, and from the first character
 * on that no such list has. */
bool msr_cpulist_has(const char *list, unsigned int cpu);

#endif /* _MSR_CPULIST_H_ */
