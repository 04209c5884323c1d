/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw_check.h"
#include "draw_load.h"
#include "draw_memory.h"
#include "draw_value.h"

static bool
label_taken(const struct draw_set *set, unsigned int before, const char *label)
{
	for (unsigned int i = 0; i < before; i++)
		if (strcmp(set->report[i].label, label) == 0)
			return true;
	return false;
}

/* "a/b/ring.json" is called "ring". */
static void
set_label(struct draw_set *set, unsigned int index)
{
	struct draw_report *r = &set->report[index];
	const char *own = draw_string(r->root, "label");
	const char *slash = strrchr(r->file, '/');
	char base[sizeof(r->label)];
	size_t len;

	snprintf(base, sizeof(base), "%s",
		 own[0] != '\0' ? own :
		 slash != NULL  ? slash + 1 :
				  r->file);
	len = strlen(base);
	if (own[0] == '\0' && len > 5 && strcmp(base + len - 5, ".json") == 0)
		base[len - 5] = '\0';
	snprintf(r->label, sizeof(r->label), "%s", base);
	for (unsigned int k = 2; label_taken(set, index, r->label); k++)
		snprintf(r->label, sizeof(r->label), "%.50s (%u)", base, k);
}

static int
load_one(struct draw_report *r, const char *file, char *err, size_t errlen)
{
	char what[320];
	json_error_t e;
	FILE *f = fopen(file, "r");
	int rc;

	if (f == NULL) {
		rc = -errno;
		snprintf(err, errlen, "%s: %s", file, strerror(-rc));
		return rc;
	}
	r->file = file;
	r->root = json_loadf(f, JSON_REJECT_DUPLICATES, &e);
	fclose(f);
	if (r->root == NULL) {
		snprintf(err, errlen, "%s: line %d, column %d: not JSON: %s", file, e.line,
			 e.column, e.text);
		return -EINVAL;
	}
	rc = draw_check(r->root, what, sizeof(what));
	if (rc != 0)
		snprintf(err, errlen, "%s: %s", file, what);
	return rc;
}

int
draw_load(struct draw_set *set, char *const file[], unsigned int n, char *err, size_t errlen)
{
	int rc = 0;

	*set = (struct draw_set){ 0 };
	if (n == 0 || n > DRAW_REPORTS_MAX) {
		snprintf(err, errlen, "%u files: expected 1 to %u", n, DRAW_REPORTS_MAX);
		return -EINVAL;
	}
	for (unsigned int i = 0; rc == 0 && i < n; i++) {
		rc = load_one(&set->report[i], file[i], err, errlen);
		set->n++;
		if (rc == 0)
			set_label(set, i);
	}
	if (rc != 0)
		draw_unload(set);
	return rc;
}

void
draw_unload(struct draw_set *set)
{
	for (unsigned int i = 0; i < set->n; i++)
		json_decref(set->report[i].root);
	set->n = 0;
}

void
draw_select(const struct draw_set *set, bool (*want)(const char *kind, const void *arg),
	    const void *arg, struct draw_results *out)
{
	*out = (struct draw_results){ .set = set };
	for (unsigned int k = 0; k < set->n; k++) {
		const json_t *list = json_object_get(set->report[k].root, "results");

		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *r = json_array_get(list, i);
			const char *kind = draw_string(r, "kind");

			if (!want(kind, arg))
				continue;
			out->result = draw_resize(out->result, out->n + 1, sizeof(*out->result));
			out->result[out->n++] = (struct draw_result){
				.report = k,
				.json = r,
				.kind = kind,
				.scenario = draw_string(r, "scenario"),
				.size = draw_string(r, "size"),
			};
		}
	}
}

void
draw_select_free(struct draw_results *r)
{
	free(r->result);
	*r = (struct draw_results){ 0 };
}

const char *
draw_label(const struct draw_results *r, unsigned int i)
{
	return r->set->report[r->result[i].report].label;
}

void
draw_name(char *text, size_t len, const struct draw_results *r, unsigned int i, const char *extra)
{
	const char *part[] = { r->set->n > 1 ? draw_label(r, i) : "", r->result[i].scenario,
			       extra != NULL ? extra : "" };
	size_t at = 0;

	text[0] = '\0';
	for (size_t k = 0; k < sizeof(part) / sizeof(part[0]); k++)
		if (part[k][0] != '\0' && at < len)
			at += (size_t)snprintf(text + at, len - at, "%s%s", at != 0 ? ", " : "",
					       part[k]);
	if (text[0] == '\0')
		snprintf(text, len, "%s", draw_label(r, i));
}
