/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>
#include <string.h>

#include "figure.h"
#include "report.h"

static json_t *
to_json(const struct bench_figure *f, json_t *value)
{
	return json_pack("{s:s, s:s, s:s?, s:o, s:s?, s:o, s:s, s:o}", "kind", f->kind, "size",
			 f->size, "name", f->name, "x",
			 f->x_name != NULL ? json_real(f->x) : json_null(), "x_name", f->x_name,
			 "value", value, "unit", f->unit, "tally", msr_report_tally(&f->tally));
}

void
bench_figure_add(struct bench_manager *m, const struct bench_figure *f)
{
	double scale = f->scale != 0 ? f->scale : 1;
	struct msr_stats s = { 0 };
	json_t *o;

	msr_stats(f->value, f->n, &s);
	o = to_json(f, msr_report_stats(&s));
	if (f->more != NULL)
		json_object_update(o, f->more);
	json_decref(f->more);
	msr_report_add(m->report, o);
	fprintf(m->out, "  %-36s %12.6g [%.6g - %.6g] %s%s%s\n", f->name, s.median / scale,
		s.min / scale, s.max / scale, f->shown != NULL ? f->shown : f->unit,
		f->remark != NULL ? "; " : "", f->remark != NULL ? f->remark : "");
	fflush(m->out);
}

void
bench_figure_none(struct bench_manager *m, const struct bench_figure *f, const char *reason)
{
	json_t *o = to_json(f, json_null());

	json_object_set_new(o, "not_applicable", json_string(reason));
	msr_report_add(m->report, o);
	fprintf(m->out, "  %-36s %12s %s\n", f->name, "-", reason);
	fflush(m->out);
}

static void
append_us(char *text, size_t len, const char *name, bool known, uint64_t ns)
{
	size_t at = strlen(text);

	if (known)
		snprintf(text + at, len - at, " %s %.3f", name, (double)ns / 1e3);
	else
		snprintf(text + at, len - at, " %s -", name);
}

void
bench_figure_latency(const struct msr_hist *h, char *text, size_t len)
{
	static const struct {
		const char *name;
		double p;
	} shown[] = { { "p50", 50 }, { "p99", 99 } };
	uint64_t ns = 0;

	snprintf(text, len, "latency");
	for (size_t i = 0; i < RTE_DIM(shown); i++) {
		bool known = msr_hist_percentile(h, shown[i].p, &ns) == 0;

		append_us(text, len, shown[i].name, known, ns);
	}
	append_us(text, len, "max", h->count != 0, h->max);
	snprintf(text + strlen(text), len - strlen(text), " us");
}
