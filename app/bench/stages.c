/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <dlfcn.h>
#include <string.h>

#include "stages.h"

/* drivers/net/eswitch/stages.h; not linked to: most builds have none. */
typedef int (*stages_fn)(uint16_t port_id, const char **name, double *cycles, unsigned int n);

static stages_fn
find(void)
{
	void *symbol = dlsym(RTLD_DEFAULT, "rte_pmd_eswitch_stages");
	stages_fn fn;

	memcpy(&fn, &symbol, sizeof(fn)); /* ISO C has no conversion of the two */
	return fn;
}

void
bench_stages_read(const struct bench_ports *ports, struct bench_stages *s)
{
	const stages_fn fn = find();

	*s = (struct bench_stages){ .n = 0 };
	for (unsigned int i = 0; fn != NULL && i < ports->n; i++) {
		double cycles[BENCH_STAGES_MAX];
		int n = fn(ports->port[i].id, s->name, cycles, BENCH_STAGES_MAX);

		for (int k = 0; k < n; k++)
			s->cycles[k] += cycles[k];
		if (n > 0)
			s->n = (unsigned int)n;
	}
}

void
bench_stages_since(const struct bench_ports *ports, const struct bench_stages *before,
		   uint64_t packets, struct bench_stages *s)
{
	bench_stages_read(ports, s);
	for (unsigned int i = 0; i < s->n; i++)
		s->cycles[i] = (s->cycles[i] - before->cycles[i]) / (double)RTE_MAX(packets, 1U);
}

double
bench_stages_sum(const struct bench_stages *s)
{
	double sum = 0;

	for (unsigned int i = 0; i < s->n; i++)
		sum += s->cycles[i];
	return sum;
}

json_t *
bench_stages_json(const struct bench_stages *s)
{
	json_t *list = s->n != 0 ? json_array() : NULL;

	for (unsigned int i = 0; i < s->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:f}", "name", s->name[i], "cycles",
						      s->cycles[i]));
	return list;
}
