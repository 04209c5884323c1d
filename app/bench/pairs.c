/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairs.h"

struct add {
	struct bench_pairs *p;
	unsigned int side;
	unsigned int round;
};

void
bench_pairs_open(struct bench_pairs *p, unsigned int rounds)
{
	*p = (struct bench_pairs){ .rounds = rounds };
}

void
bench_pairs_close(struct bench_pairs *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->list[i].value[0]);
		free(p->list[i].value[1]);
	}
	free(p->list);
	*p = (struct bench_pairs){ 0 };
}

static struct bench_pair_list *
append(struct bench_pairs *p, const struct bench_metric *m)
{
	struct bench_pair_list *more = realloc(p->list, (p->n + 1) * sizeof(*more)), *l;

	if (more == NULL)
		return NULL;
	p->list = more;
	l = &more[p->n];
	*l = (struct bench_pair_list){ .metric = *m };
	for (unsigned int side = 0; side < 2; side++) {
		l->value[side] = calloc(p->rounds, sizeof(double));
		if (l->value[side] == NULL) {
			free(l->value[0]);
			return NULL;
		}
		for (unsigned int i = 0; i < p->rounds; i++)
			l->value[side][i] = NAN;
	}
	p->n++;
	return l;
}

static void
add_metric(const struct bench_metric *m, void *arg)
{
	const struct add *a = arg;
	struct bench_pair_list *l = NULL;

	for (size_t i = 0; l == NULL && i < a->p->n; i++)
		if (strcmp(a->p->list[i].metric.name, m->name) == 0 &&
		    strcmp(a->p->list[i].metric.size, m->size) == 0)
			l = &a->p->list[i];
	if (l == NULL)
		l = append(a->p, m);
	if (l == NULL)
		a->p->no_memory = true;
	else
		l->value[a->side][a->round] = m->value;
}

int
bench_pairs_add(struct bench_pairs *p, unsigned int side, unsigned int round, const json_t *result)
{
	struct add a = { p, side, round };

	bench_metrics(result, add_metric, &a);
	return p->no_memory ? -ENOMEM : 0;
}

/* Both were measured, and the ratio exists. */
static bool
complete(const struct bench_pair_list *l, unsigned int round)
{
	return isfinite(l->value[0][round]) && isfinite(l->value[1][round]) &&
	       l->value[0][round] > 0;
}

int
bench_pairs_result(const struct bench_pairs *p, size_t i, double limit,
		   struct bench_pair_result *out)
{
	const struct bench_pair_list *l = &p->list[i];
	double *v = calloc(3 * (size_t)p->rounds, sizeof(*v));
	double *a, *b, *ratio;
	size_t n = 0;
	int rc = 0;

	if (v == NULL)
		return -ENOMEM;
	a = v;
	b = a + p->rounds;
	ratio = b + p->rounds;
	for (unsigned int r = 0; r < p->rounds; r++) {
		if (!complete(l, r))
			continue;
		a[n] = l->value[0][r];
		b[n] = l->value[1][r];
		ratio[n] = b[n] / a[n];
		n++;
	}
	if (n == 0)
		rc = -ENODATA;
	else if (msr_stats(a, n, &out->side[0]) != 0 || msr_stats(b, n, &out->side[1]) != 0 ||
		 msr_stats(ratio, n, &out->ratio) != 0)
		rc = -ENOMEM;
	free(v);
	if (rc != 0)
		return rc;
	if (l->metric.lower_better)
		out->slower = out->ratio.median > 1 + limit / 100 && out->ratio.ci_lo > 1;
	else
		out->slower = out->ratio.median < 1 - limit / 100 && out->ratio.ci_hi < 1;
	out->slower &= limit >= 0;
	return 0;
}

json_t *
bench_pairs_json(const struct bench_pairs *p, size_t i)
{
	const struct bench_pair_list *l = &p->list[i];
	json_t *list = json_array();

	for (unsigned int r = 0; r < p->rounds; r++)
		if (complete(l, r))
			json_array_append_new(list,
					      json_pack("[f, f]", l->value[0][r], l->value[1][r]));
	return list;
}
