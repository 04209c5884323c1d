/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <stdlib.h>

#include "cpulist.h"

bool
msr_cpulist_has(const char *list, unsigned int cpu)
{
	const char *p = list;

	while (p != NULL && isdigit((unsigned char)*p)) {
		char *end;
		unsigned long first = strtoul(p, &end, 10), last = first;

		if (*end == '-' && isdigit((unsigned char)end[1]))
			last = strtoul(end + 1, &end, 10);
		if (cpu >= first && cpu <= last)
			return true;
		p = *end == ',' ? end + 1 : NULL;
	}
	return false;
}
