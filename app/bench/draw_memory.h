/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DRAW_MEMORY_H_
#define _BENCH_DRAW_MEMORY_H_

/*
 * Memory of the drawing: it only draws, so without memory all it can do is to say so and end.
 *
 * Thread-safety: as the C library's.
 */

#include <stddef.h>

/* As realloc() for @p n elements of @p size; does not return when there is no memory. */
void *draw_resize(void *old, size_t n, size_t size);

/* As strdup(). */
char *draw_copy(const char *text);

#endif /* _BENCH_DRAW_MEMORY_H_ */
