/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "env.h"
#include "report.h"

const double msr_report_percentiles[] = { 50, 90, 99, 99.9, 99.99, 99.999, 0 };

/* JSON has no NaN: what could not be measured is null. */
static json_t *
real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *
now_json(void)
{
	time_t now = time(NULL);
	struct tm tm = { 0 };
	char text[32];

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

json_t *
msr_report_new(const char *tool, const char *version, int argc, char *const argv[], uint64_t seed)
{
	json_t *warnings = json_array(), *command = json_array();

	for (int i = 0; i < argc; i++)
		json_array_append_new(command, json_string(argv[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:{}, s:[]}", "schema",
			 MSR_REPORT_SCHEMA, "tool", tool, "version", version, "started", now_json(),
			 "command", command, "seed", (json_int_t)seed, "environment",
			 msr_env(warnings), "warnings", warnings, "config", "results");
}

void
msr_report_warn(json_t *report, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	json_array_append_new(json_object_get(report, "warnings"), json_string(text));
}

void
msr_report_finish(json_t *report, int exit_code, const char *word)
{
	json_object_set_new(report, "finished", now_json());
	json_object_set_new(report, "verdict",
			    json_pack("{s:i, s:s}", "exit", exit_code, "word", word));
}

int
msr_report_add(json_t *report, json_t *result)
{
	return json_array_append_new(json_object_get(report, "results"), result) == 0 ? 0 : -ENOMEM;
}

void
msr_report_percentile_key(double p, char *key, size_t len)
{
	snprintf(key, len, "p%g", p);
}

json_t *
msr_report_hist(const struct msr_hist *h)
{
	json_t *slots = json_array();
	json_t *o = json_pack("{s:I, s:o, s:o, s:o, s:I}", "count", (json_int_t)h->count, "min",
			      h->count != 0 ? json_integer((json_int_t)h->min) : json_null(),
			      "mean", real(msr_hist_mean(h)), "max",
			      h->count != 0 ? json_integer((json_int_t)h->max) : json_null(),
			      "over_range", (json_int_t)h->over);

	for (const double *p = msr_report_percentiles; *p != 0; p++) {
		char key[16];
		uint64_t ns;

		msr_report_percentile_key(*p, key, sizeof(key));
		json_object_set_new(o, key,
				    msr_hist_percentile(h, *p, &ns) == 0 ?
					    json_integer((json_int_t)ns) :
					    json_null());
	}
	for (uint32_t i = 0; i < MSR_HIST_SLOTS; i++)
		if (h->slot[i] != 0)
			json_array_append_new(slots,
					      json_pack("[I, I]", (json_int_t)msr_hist_slot_top(i),
							(json_int_t)h->slot[i]));
	json_object_set_new(o, "slots", slots);
	return o;
}

json_t *
msr_report_stats(const struct msr_stats *s)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:[o, o], s:o, s:I}", "n", (json_int_t)s->n,
			 "median", real(s->median), "min", real(s->min), "max", real(s->max), "ci",
			 real(s->ci_lo), real(s->ci_hi), "ci_level", real(s->level), "outliers",
			 (json_int_t)s->outliers);
}

json_t *
msr_report_tally(const struct msr_tally *t)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f}",
			 "sent", (json_int_t)t->sent, "received", (json_int_t)t->received, "lost",
			 (json_int_t)t->lost, "reordered", (json_int_t)t->reordered, "duplicate",
			 (json_int_t)t->duplicate, "late", (json_int_t)t->late, "corrupt",
			 (json_int_t)t->corrupt, "stray", (json_int_t)t->stray, "foreign",
			 (json_int_t)t->foreign, "residue", (json_int_t)t->residue, "leaked",
			 (json_int_t)t->leaked, "blocked", (json_int_t)t->blocked, "mistagged",
			 (json_int_t)t->mistagged, "loss_bound",
			 msr_stats_loss_bound(t->lost, t->sent));
}

json_t *
msr_report_goal(const struct msr_goal *g, const struct msr_goal_result *r)
{
	return json_pack("{s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:s, s:b, s:o, s:o, s:o}", "name",
			 g->name, "loss_ratio", g->loss_ratio, "exceed_ratio", g->exceed_ratio,
			 "final_trial_s", g->final_s, "duration_sum_s", g->sum_s, "initial_trial_s",
			 g->initial_s, "width", g->width, "end", msr_end_name(r->end), "regular",
			 r->end == MSR_END_REGULAR, "lower",
			 r->lower != 0 ? json_real(r->lower) : json_null(), "upper",
			 r->upper != 0 ? json_real(r->upper) : json_null(), "throughput",
			 r->lower != 0 ? json_real(r->throughput) : json_null());
}

static int
dump(const json_t *report, FILE *f)
{
	if (json_dumpf(report, f, JSON_COMPACT | JSON_REAL_PRECISION(12)) != 0)
		return -EIO;
	if (fputc('\n', f) == EOF || fflush(f) != 0)
		return -EIO;
	return 0;
}

int
msr_report_write(const json_t *report, const char *path, char *err, size_t errlen)
{
	char tmp[4096];
	FILE *f;
	int rc;

	if (strcmp(path, "-") == 0) {
		rc = dump(report, stdout);
		if (rc != 0)
			snprintf(err, errlen, "report: standard output cannot be written");
		return rc;
	}
	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.part", path) >= sizeof(tmp)) {
		snprintf(err, errlen, "report: the file name has more than 4090 characters");
		return -ENAMETOOLONG;
	}
	f = fopen(tmp, "w");
	if (f == NULL) {
		rc = -errno;
		snprintf(err, errlen, "report \"%s\": %s", path, strerror(-rc));
		return rc;
	}
	rc = dump(report, f);
	if (fclose(f) != 0 && rc == 0)
		rc = -EIO;
	if (rc == 0 && rename(tmp, path) != 0)
		rc = -errno;
	if (rc != 0) {
		snprintf(err, errlen, "report \"%s\": %s", path, strerror(-rc));
		unlink(tmp);
	}
	return rc;
}
