/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mode.h"
#include "plan.h"
#include "scenario_dir.h"

#define PLUG_S 0.3 /* devices made, memory given and taken back */
#define VS_ROUNDS 5U

static int
add_scenario(struct bench_plan *p, const struct bench_options *o, const char *name, char *err,
	     size_t errlen)
{
	struct bench_plan_entry *e = &p->entry[p->n];
	char path[4096];
	int rc;

	e->scenario = calloc(1, sizeof(*e->scenario));
	if (e->scenario == NULL) {
		snprintf(err, errlen, "no memory for scenario %s", name);
		return -ENOMEM;
	}
	p->n++;
	bench_scenario_path(name, path, sizeof(path));
	rc = bench_scenario_load(e->scenario, path, err, errlen);
	return rc == 0 ? bench_options_scenario(&e->o, o, e->scenario, err, errlen) : rc;
}

static int
fill(struct bench_plan *p, const struct bench_options *o, char *err, size_t errlen)
{
	int rc = 0;

	if (o->n_scenarios == 0) {
		p->entry[p->n++].o = *o;
		return 0;
	}
	for (unsigned int i = 0; rc == 0 && i < o->n_scenarios; i++)
		rc = add_scenario(p, o, o->scenario[i], err, errlen);
	if (rc != 0 || o->vs == NULL)
		return rc;
	rc = add_scenario(p, o, o->vs, err, errlen);
	if (rc != 0)
		return rc;
	/* The repetitions are the rounds: one measurement each, both in turn. */
	p->rounds = o->reps != 0 ? o->reps : VS_ROUNDS;
	for (unsigned int i = 0; i < p->n; i++)
		p->entry[i].o.reps = 1;
	return 0;
}

int
bench_plan_open(struct bench_plan *p, const struct bench_options *o, char *err, size_t errlen)
{
	int rc;

	*p = (struct bench_plan){
		.entry = calloc(o->n_scenarios + 1, sizeof(*p->entry)),
		.rounds = 1,
	};
	if (p->entry == NULL) {
		snprintf(err, errlen, "no memory for %u scenarios", o->n_scenarios);
		return -ENOMEM;
	}
	rc = fill(p, o, err, errlen);
	if (rc != 0)
		bench_plan_close(p);
	return rc;
}

void
bench_plan_close(struct bench_plan *p)
{
	for (unsigned int i = 0; i < p->n; i++) {
		if (p->entry[i].scenario != NULL)
			bench_scenario_free(p->entry[i].scenario);
		free(p->entry[i].scenario);
	}
	free(p->entry);
	*p = (struct bench_plan){ 0 };
}

static bool
asked(const struct bench_options *o, int mode)
{
	return (o->modes & UINT64_C(1) << mode) != 0;
}

double
bench_plan_seconds(const struct bench_plan *p)
{
	double sum = 0;

	for (unsigned int i = 0; i < p->n; i++) {
		const struct bench_options *o = &p->entry[i].o;

		sum += PLUG_S;
		for (int k = 0; bench_modes[k] != NULL; k++)
			if (asked(o, k) && bench_modes[k]->seconds != NULL)
				sum += bench_modes[k]->seconds(o);
	}
	return sum * p->rounds;
}

static void
print_entry(const struct bench_plan_entry *e, FILE *out)
{
	const struct bench_options *o = &e->o;

	if (e->scenario != NULL)
		fprintf(out, "%s: %s\n", e->scenario->name, e->scenario->text);
	fprintf(out,
		"  from %s to %s; profile %s, %u repetitions of a search, %u of a hop\n  modes",
		o->tx, o->rx, o->profile->name, o->reps, o->hop_reps);
	for (int k = 0; bench_modes[k] != NULL; k++)
		if (asked(o, k))
			fprintf(out, " %s", bench_modes[k]->name);
	fprintf(out, "; sizes");
	for (uint32_t i = 0; i < o->n_sizes; i++)
		fprintf(out, " %s", o->size[i].name);
	fprintf(out, "\n");
}

void
bench_plan_print(const struct bench_plan *p, FILE *out)
{
	bool known = true;

	for (unsigned int i = 0; i < p->n; i++) {
		print_entry(&p->entry[i], out);
		for (int k = 0; bench_modes[k] != NULL; k++)
			known &= !asked(&p->entry[i].o, k) || bench_modes[k]->seconds != NULL;
	}
	if (p->rounds > 1)
		fprintf(out, "%u rounds, in turn A B B A\n", p->rounds);
	fprintf(out, "about %.0f s%s\n", bench_plan_seconds(p),
		known ? "" : ", and the modes whose duration is not known beforehand");
}
