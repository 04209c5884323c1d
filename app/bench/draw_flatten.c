/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "draw_flatten.h"

/* Deeper than any report; jansson's own limit would be a stack of 2048 frames. */
#define DEPTH_MAX 32U

struct walk {
	char path[512];
	draw_scalar each;
	void *arg;
};

static bool
is_raw(const char *key)
{
	return strcmp(key, "slots") == 0 || strcmp(key, "trials") == 0 || strcmp(key, "pairs") == 0;
}

static void
walk(struct walk *w, const json_t *value, unsigned int depth)
{
	const size_t end = strlen(w->path), room = sizeof(w->path) - end;
	const char *key;
	const json_t *v;
	size_t i;

	if (depth == DEPTH_MAX)
		return;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, key, v) {
			if (is_raw(key))
				continue;
			snprintf(w->path + end, room, "%s%s", end != 0 ? "." : "", key);
			walk(w, v, depth + 1);
		}
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, v) {
			snprintf(w->path + end, room, "[%zu]", i);
			walk(w, v, depth + 1);
		}
	} else {
		w->each(w->arg, w->path, value);
	}
	w->path[end] = '\0';
}

void
draw_flatten(const json_t *value, draw_scalar each, void *arg)
{
	struct walk w = { .each = each, .arg = arg };

	walk(&w, value, 0);
}
