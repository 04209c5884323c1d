/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>
#include <string.h>

#include <rte_common.h>

#include "metric.h"

struct walk {
	const json_t *result;
	bench_metric_fn fn;
	void *arg;
};

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static void
tell(const struct walk *w, const char *name, const char *unit, bool lower_better,
     const json_t *value)
{
	struct bench_metric m = { .lower_better = lower_better };

	if (!json_is_number(value))
		return;
	m.value = json_number_value(value);
	snprintf(m.name, sizeof(m.name), "%s", name);
	snprintf(m.size, sizeof(m.size), "%s", text(w->result, "size"));
	snprintf(m.unit, sizeof(m.unit), "%s", unit);
	w->fn(&m, w->arg);
}

static const json_t *
median(const json_t *o, const char *key)
{
	return json_object_get(json_object_get(o, key), "median");
}

static void
of_hop(const struct walk *w)
{
	tell(w, "hop", "cycles/packet", true, median(w->result, "cycles"));
	tell(w, "hop tx", "cycles/packet", true, median(w->result, "tx_cycles"));
	tell(w, "hop rx", "cycles/packet", true, median(w->result, "rx_cycles"));
}

static void
of_throughput(const struct walk *w)
{
	const json_t *goals = json_object_get(w->result, "goals");

	for (size_t i = 0; i < json_array_size(goals); i++) {
		const json_t *g = json_array_get(goals, i);

		tell(w, text(g, "name"), "pps", false, median(g, "pps"));
	}
}

static void
of_latency(const struct walk *w)
{
	static const char *const key[] = { "p50", "p99", "p99.9" };
	const json_t *h = json_object_get(w->result, "latency_ns");
	char name[80];

	/* The tester's own floor is no property of what is compared. */
	if (strcmp(text(w->result, "load"), "tester alone") == 0)
		return;
	for (size_t i = 0; i < RTE_DIM(key); i++) {
		snprintf(name, sizeof(name), "latency %s %s", text(w->result, "load"), key[i]);
		tell(w, name, "ns", true, json_object_get(h, key[i]));
	}
}

static void
of_back_to_back(const struct walk *w)
{
	tell(w, "back to back", "frames", false, median(w->result, "frames"));
}

/* Any other kind that has a value with statistics: times are better small, the rest large. */
static void
of_other(const struct walk *w)
{
	const char *unit = text(w->result, "unit");
	const json_t *x = json_object_get(w->result, "x");
	const bool time = strcmp(unit, "ns") == 0 || strcmp(unit, "us") == 0 ||
			  strcmp(unit, "s") == 0 || strncmp(unit, "cycles", 6) == 0;
	char name[96];

	if (json_is_number(x))
		snprintf(name, sizeof(name), "%s %s %s %g", text(w->result, "kind"),
			 text(w->result, "name"), text(w->result, "x_name"), json_number_value(x));
	else
		snprintf(name, sizeof(name), "%s %s", text(w->result, "kind"),
			 text(w->result, "name"));
	tell(w, name, unit, time, median(w->result, "value"));
}

void
bench_metrics(const json_t *result, bench_metric_fn fn, void *arg)
{
	static const struct {
		const char *kind;
		void (*read)(const struct walk *w);
	} table[] = {
		{ "hop", of_hop },
		{ "throughput", of_throughput },
		{ "latency", of_latency },
		{ "back_to_back", of_back_to_back },
	};
	const struct walk w = { result, fn, arg };

	for (size_t i = 0; i < RTE_DIM(table); i++)
		if (strcmp(text(result, "kind"), table[i].kind) == 0) {
			table[i].read(&w);
			return;
		}
	of_other(&w);
}
