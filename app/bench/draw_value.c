/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "draw_value.h"

double
draw_number(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

const char *
draw_string(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL ? s : "";
}

static double
element(const json_t *list, size_t i)
{
	const json_t *v = json_array_get(list, i);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

struct draw_stats
draw_stats(const json_t *stats, double scale)
{
	const json_t *ci = json_object_get(stats, "ci");
	double n = draw_number(stats, "n");

	return (struct draw_stats){
		.median = draw_number(stats, "median") * scale,
		.lo = element(ci, 0) * scale,
		.hi = element(ci, 1) * scale,
		.min = draw_number(stats, "min") * scale,
		.max = draw_number(stats, "max") * scale,
		.n = n > 0 ? (unsigned int)fmin(n, 1e9) : 0,
	};
}

static bool
is_rate(const char *unit)
{
	return strcmp(unit, "pps") == 0 || strcmp(unit, "frames/s") == 0;
}

double
draw_scale(const char *unit)
{
	return is_rate(unit) ? 1e-6 : 1;
}

const char *
draw_unit(const char *unit)
{
	return is_rate(unit) ? "Mpps" : unit;
}

void
draw_format(char *text, size_t len, double value, int digits)
{
	double size = fabs(value);

	if (!isfinite(value))
		snprintf(text, len, "-");
	else if (value == 0)
		snprintf(text, len, "0");
	else if (size >= 1e9 || size < 1e-4)
		snprintf(text, len, "%.*g", digits, value);
	else if (value == rint(value) || size >= pow(10, digits))
		snprintf(text, len, "%.0f", value);
	else
		snprintf(text, len, "%.*f", (int)fmax(0, digits - 1 - floor(log10(size))), value);
}

void
draw_format_ns(char *text, size_t len, double ns)
{
	static const char *const unit[] = { "ns", "\xC2\xB5s", "ms", "s" };
	unsigned int u = 0;

	if (!isfinite(ns)) {
		snprintf(text, len, "-");
		return;
	}
	for (; u < 3 && fabs(ns) >= 1000; u++)
		ns /= 1000;
	snprintf(text, len, "%.3g %s", ns, unit[u]);
}

void
draw_format_stats(char *text, size_t len, const struct draw_stats *s, int digits)
{
	char median[32], min[32], max[32];

	draw_format(median, sizeof(median), s->median, digits);
	draw_format(min, sizeof(min), s->min, digits);
	draw_format(max, sizeof(max), s->max, digits);
	if (s->n > 1)
		snprintf(text, len, "%s [%s - %s]", median, min, max);
	else
		snprintf(text, len, "%s", median);
}

void
draw_format_json(char *text, size_t len, const json_t *value)
{
	if (json_is_string(value))
		snprintf(text, len, "%s", json_string_value(value));
	else if (json_is_integer(value))
		snprintf(text, len, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		snprintf(text, len, "%.12g", json_real_value(value));
	else
		snprintf(text, len, "%s",
			 json_is_true(value)  ? "yes" :
			 json_is_false(value) ? "no" :
			 json_is_null(value)  ? "-" :
						"");
}
