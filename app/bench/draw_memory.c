/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw_memory.h"
#include "options.h"

void *
draw_resize(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n != 0 ? n : 1, size);

	if (p == NULL) {
		fprintf(stderr, "eswitch-bench: report: no memory for %zu times %zu bytes\n", n,
			size);
		exit(BENCH_EXIT_USAGE);
	}
	return p;
}

char *
draw_copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(draw_resize(NULL, size, 1), text, size);
}
