/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "draw_check.h"
#include "report.h"

/* Far beyond anything measured, far from where drawing would overflow. */
#define NUMBER_MAX 1e18

enum type {
	STRING,
	NUMBER,
	BOOL,
	OBJECT,   /* with the fields of `of`, if there is one */
	LIST,     /* of objects */
	STRINGS,  /* list of them */
	INTERVAL, /* two numbers or nulls */
	PAIRS,    /* list of intervals */
};

static const char *const expected[] = {
	[STRING] = "a string",
	[NUMBER] = "a number from -1e18 to 1e18",
	[BOOL] = "true or false",
	[OBJECT] = "an object",
	[LIST] = "a list of objects",
	[STRINGS] = "a list of strings",
	[INTERVAL] = "a list of two numbers",
	[PAIRS] = "a list of lists of two numbers",
};

/* May be missing; may be null. */
enum { MISSING = 1, NULLABLE = 2, EITHER = 3 };

struct field {
	const char *name;
	enum type type;
	unsigned int may;
	const struct field *of;
};

static const struct field stats[] = {
	{ "n", NUMBER },
	{ "median", NUMBER, NULLABLE },
	{ "min", NUMBER, NULLABLE },
	{ "max", NUMBER, NULLABLE },
	{ "ci", INTERVAL },
	{ "ci_level", NUMBER, EITHER },
	{ "outliers", NUMBER, EITHER },
	{ NULL },
};

static const struct field hist[] = {
	{ "count", NUMBER },
	{ "min", NUMBER, NULLABLE },
	{ "mean", NUMBER, NULLABLE },
	{ "max", NUMBER, NULLABLE },
	{ "p50", NUMBER, EITHER },
	{ "p90", NUMBER, EITHER },
	{ "p99", NUMBER, EITHER },
	{ "p99.9", NUMBER, EITHER },
	{ "p99.99", NUMBER, EITHER },
	{ "p99.999", NUMBER, EITHER },
	{ NULL },
};

static const struct field goal[] = {
	{ "name", STRING },
	{ "loss_ratio", NUMBER, EITHER },
	{ "end", STRING, EITHER },
	{ "pps", OBJECT, 0, stats },
	{ NULL },
};

static const struct field throughput[] = {
	{ "size", STRING },
	{ "mean_pkt_len", NUMBER },
	{ "tester_pps", NUMBER, EITHER },
	{ "saturation_pps", NUMBER, EITHER },
	{ "goals", LIST, 0, goal },
	{ NULL },
};

static const struct field latency[] = {
	{ "size", STRING },
	{ "load", STRING },
	{ "offered", NUMBER, EITHER },
	{ "reached_s", NUMBER, EITHER },
	{ "loss_ratio", NUMBER, EITHER },
	{ "short_offer", BOOL, MISSING },
	{ "latency_ns", OBJECT, 0, hist },
	{ "lag_ns", OBJECT, EITHER, hist },
	{ "pdv_ns", NUMBER, EITHER },
	{ NULL },
};

static const struct field stage[] = { { "name", STRING }, { "cycles", NUMBER }, { NULL } };

static const struct field hop[] = {
	{ "size", STRING },
	{ "cycles", OBJECT, 0, stats },
	{ "cycles_median_batch", OBJECT, EITHER, stats },
	{ "tx_cycles", OBJECT, EITHER, stats },
	{ "rx_cycles", OBJECT, EITHER, stats },
	{ "core_cycles", OBJECT, EITHER, stats },
	{ "copy_reference", OBJECT, MISSING, stats },
	{ "polls_per_packet", NUMBER, EITHER },
	{ "moved", BOOL, MISSING },
	{ "stages", LIST, EITHER, stage },
	{ NULL },
};

static const struct field loss_point[] = {
	{ "share", NUMBER },      { "load_pps", NUMBER },           { "offered_pps", NUMBER },
	{ "loss_ratio", NUMBER }, { "loss_bound", NUMBER, EITHER }, { NULL },
};

static const struct field loss[] = {
	{ "size", STRING },
	{ "points", LIST, 0, loss_point },
	{ NULL },
};

static const struct field back_to_back[] = {
	{ "size", STRING },
	{ "runs", NUMBER },
	{ "frames", OBJECT, NULLABLE, stats },
	{ "buffer_time_ns", OBJECT, EITHER, stats },
	{ "line_rate_pps", NUMBER, EITHER },
	{ NULL },
};

static const struct field value[] = {
	{ "size", STRING },
	{ "name", STRING, NULLABLE },
	{ "x", NUMBER, EITHER },
	{ "x_name", STRING, EITHER },
	{ "value", OBJECT, NULLABLE, stats },
	{ "not_applicable", STRING, EITHER },
	{ "unit", STRING },
	{ NULL },
};

static const struct field side[] = { { "name", STRING }, { "stats", OBJECT, 0, stats }, { NULL } };

static const struct field ratio[] = {
	{ "median", NUMBER },      { "ci", INTERVAL },        { "ci_level", NUMBER, EITHER },
	{ "min", NUMBER, EITHER }, { "max", NUMBER, EITHER }, { NULL },
};

static const struct field comparison[] = {
	{ "metric", STRING },
	{ "unit", STRING },
	{ "a", OBJECT, 0, side },
	{ "b", OBJECT, 0, side },
	{ "ratio", OBJECT, 0, ratio },
	{ "pairs", PAIRS, MISSING },
	{ NULL },
};

/* Kinds that are not here go into a table as they are. */
static const struct {
	const char *kind;
	const struct field *field;
} kinds[] = {
	{ "throughput", throughput },
	{ "latency", latency },
	{ "hop", hop },
	{ "loss", loss },
	{ "back_to_back", back_to_back },
	{ "forwarding", value },
	{ "congestion", value },
	{ "learning", value },
	{ "capacity", value },
	{ "broadcast", value },
	{ "scaling", value },
	{ "violation", value },
	{ "policy_change", value },
	{ "comparison", comparison },
};

static const struct field any_result[] = {
	{ "kind", STRING },
	{ "scenario", STRING, EITHER },
	{ "size", STRING, EITHER },
	{ "tally", OBJECT, EITHER },
	{ NULL },
};

static const struct field verdict[] = { { "exit", NUMBER }, { "word", STRING }, { NULL } };

static const struct field report[] = {
	{ "schema", STRING },
	{ "tool", STRING },
	{ "version", STRING },
	{ "label", STRING, EITHER },
	{ "started", STRING },
	{ "finished", STRING, EITHER },
	{ "command", STRINGS },
	{ "seed", NUMBER },
	{ "environment", OBJECT },
	{ "warnings", STRINGS },
	{ "config", OBJECT },
	{ "results", LIST, 0, any_result },
	{ "verdict", OBJECT, MISSING, verdict },
	{ NULL },
};

/* Where we are in the document, and where the complaint goes. */
struct place {
	char path[200];
	char *err;
	size_t errlen;
};

static int check_object(struct place *p, const json_t *o, const struct field *fields);

static int
complain(const struct place *p, const char *what)
{
	snprintf(p->err, p->errlen, "%s: expected %s", p->path[0] != '\0' ? p->path : "document",
		 what);
	return -EINVAL;
}

static bool
is_number(const json_t *v)
{
	return json_is_number(v) && fabs(json_number_value(v)) <= NUMBER_MAX;
}

static bool
is_interval(const json_t *v)
{
	if (json_array_size(v) != 2)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (!json_is_null(json_array_get(v, i)) && !is_number(json_array_get(v, i)))
			return false;
	return true;
}

static bool
all(const json_t *list, bool (*is)(const json_t *))
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!is(json_array_get(list, i)))
			return false;
	return json_is_array(list);
}

static bool
is_string(const json_t *v)
{
	return json_is_string(v);
}

static bool
has_type(const json_t *v, enum type type)
{
	switch (type) {
	case STRING:
		return json_is_string(v);
	case NUMBER:
		return is_number(v);
	case BOOL:
		return json_is_boolean(v);
	case OBJECT:
		return json_is_object(v);
	case LIST:
		return json_is_array(v);
	case STRINGS:
		return all(v, is_string);
	case INTERVAL:
		return is_interval(v);
	case PAIRS:
		return all(v, is_interval);
	}
	return false;
}

static int
check_list(struct place *p, const json_t *list, const struct field *of)
{
	size_t end = strlen(p->path);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(list); i++) {
		snprintf(p->path + end, sizeof(p->path) - end, "[%zu]", i);
		rc = check_object(p, json_array_get(list, i), of);
	}
	return rc;
}

static int
check_field(struct place *p, const json_t *v, const struct field *f)
{
	if (v == NULL)
		return (f->may & MISSING) != 0 ? 0 : complain(p, expected[f->type]);
	if (json_is_null(v) && (f->may & NULLABLE) != 0)
		return 0;
	if (!has_type(v, f->type))
		return complain(p, expected[f->type]);
	if (f->type == LIST)
		return check_list(p, v, f->of);
	return f->of != NULL ? check_object(p, v, f->of) : 0;
}

static int
check_object(struct place *p, const json_t *o, const struct field *fields)
{
	size_t end = strlen(p->path);
	int rc = 0;

	if (!json_is_object(o))
		return complain(p, "an object");
	for (const struct field *f = fields; rc == 0 && f->name != NULL; f++) {
		snprintf(p->path + end, sizeof(p->path) - end, "%s%s", end != 0 ? "." : "",
			 f->name);
		rc = check_field(p, json_object_get(o, f->name), f);
		/* The path stays for whoever prints it. */
		if (rc == 0)
			p->path[end] = '\0';
	}
	return rc;
}

static const struct field *
kind_fields(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i].kind) == 0)
			return kinds[i].field;
	return NULL;
}

int
draw_check(const json_t *root, char *err, size_t errlen)
{
	struct place p = { .err = err, .errlen = errlen };
	const char *schema = json_string_value(json_object_get(root, "schema"));
	const json_t *results = json_object_get(root, "results");
	int rc = 0;

	/* First of all: the other fields of something else do not matter. */
	if (schema == NULL || strcmp(schema, MSR_REPORT_SCHEMA) != 0) {
		snprintf(p.path, sizeof(p.path), "schema");
		return complain(&p, "\"" MSR_REPORT_SCHEMA "\"");
	}
	rc = check_object(&p, root, report);
	for (size_t i = 0; rc == 0 && i < json_array_size(results); i++) {
		const json_t *r = json_array_get(results, i);
		const struct field *f = kind_fields(json_string_value(json_object_get(r, "kind")));

		snprintf(p.path, sizeof(p.path), "results[%zu]", i);
		rc = f != NULL ? check_object(&p, r, f) : 0;
	}
	return rc;
}
