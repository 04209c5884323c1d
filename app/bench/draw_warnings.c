/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "draw_run.h"

static const json_t *
warnings_of(const struct draw_set *set, unsigned int report)
{
	return json_object_get(set->report[report].root, "warnings");
}

static bool
has(const struct draw_set *set, unsigned int report, size_t n, const char *text)
{
	const json_t *list = warnings_of(set, report);

	for (size_t i = 0; i < json_array_size(list) && i < n; i++)
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return true;
	return false;
}

/* Whether the warning with that number was there before, in this report or in another. */
static bool
is_repeated(const struct draw_set *set, unsigned int report, size_t number, const char *text)
{
	for (unsigned int k = 0; k < report; k++)
		if (has(set, k, SIZE_MAX, text))
			return true;
	return has(set, report, number, text);
}

static void
name_reports(const struct draw_set *set, const char *text, char *names, size_t len)
{
	unsigned int n = 0;
	size_t at = 0;

	names[0] = '\0';
	for (unsigned int k = 0; k < set->n; k++) {
		if (!has(set, k, SIZE_MAX, text))
			continue;
		if (at < len)
			at += (size_t)snprintf(names + at, len - at, "%s%s", n != 0 ? ", " : "",
					       set->report[k].label);
		n++;
	}
	if (n == set->n)
		names[0] = '\0';
}

void
draw_run_warnings(const struct draw_set *set,
		  void (*each)(void *arg, const char *text, const char *reports), void *arg)
{
	for (unsigned int k = 0; k < set->n; k++) {
		const json_t *list = warnings_of(set, k);

		for (size_t i = 0; i < json_array_size(list); i++) {
			const char *text = json_string_value(json_array_get(list, i));
			char names[512];

			if (is_repeated(set, k, i, text))
				continue;
			name_reports(set, text, names, sizeof(names));
			each(arg, text, names);
		}
	}
}

bool
draw_run_has_warnings(const struct draw_set *set)
{
	for (unsigned int k = 0; k < set->n; k++)
		if (json_array_size(warnings_of(set, k)) != 0)
			return true;
	return false;
}
