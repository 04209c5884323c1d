/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>

#include <rte_common.h>

#include "options_run.h"
#include "options_value.h"
#include "udp.h"

static int
add_scenario(struct bench_options *o, const char *name, char *err, size_t errlen)
{
	if (o->n_scenarios == BENCH_SCENARIOS_MAX) {
		snprintf(err, errlen, "--scenario: more than %u files", BENCH_SCENARIOS_MAX);
		return -EINVAL;
	}
	o->scenario[o->n_scenarios++] = name;
	return 0;
}

int
bench_run_set(struct bench_options *o, enum bench_run_opt opt, const char *a, char *err,
	      size_t errlen)
{
	switch (opt) {
	case BENCH_RUN_SERVE:
		o->serve = a;
		return 0;
	case BENCH_RUN_UDP:
		o->udp = true;
		return 0;
	case BENCH_RUN_SCENARIO:
		return add_scenario(o, a, err, errlen);
	case BENCH_RUN_VS:
		o->vs = a;
		return 0;
	case BENCH_RUN_LIMIT:
		return bench_value_real("limit", a, 0, 1000, false, &o->limit, err, errlen);
	case BENCH_RUN_LIST:
		o->list = true;
		return 0;
	case BENCH_RUN_DRY_RUN:
		o->dry_run = true;
		return 0;
	}
	return -EINVAL;
}

bool
bench_run_only(int opt)
{
	return opt >= BENCH_RUN_SCENARIO;
}

int
bench_run_finish_udp(struct bench_options *o, char *err, size_t errlen)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; o->udp && i < o->n_sizes; i++) {
		uint32_t min = UINT32_MAX;

		for (uint32_t k = 0; k < o->size[i].mix.n; k++)
			min = RTE_MIN(min, o->size[i].mix.entry[k].pkt_len);
		if (min >= BENCH_UDP_MIN) {
			o->size[kept++] = o->size[i];
		} else if (o->sizes_given) {
			snprintf(err, errlen, "--udp: size %s is less than %u", o->size[i].name,
				 BENCH_UDP_MIN + MSR_FCS_LEN);
			return -EINVAL;
		}
	}
	if (o->udp)
		o->n_sizes = kept;
	return 0;
}

int
bench_run_finish(const struct bench_options *o, char *err, size_t errlen)
{
	if (o->vs != NULL && o->n_scenarios != 1) {
		snprintf(err, errlen, "--vs: needs exactly one --scenario to compare with");
		return -EINVAL;
	}
	if (o->limit != BENCH_LIMIT_NONE && o->vs == NULL) {
		snprintf(err, errlen, "--limit: needs --vs");
		return -EINVAL;
	}
	return 0;
}
