/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

#include <rte_common.h>

#include "profile.h"

#define RFC2544_SIZES "64,128,256,512,1024,1280,1518"

static const struct bench_profile profiles[] = {
	{
		.name = "quick",
		.sizes = RFC2544_SIZES ",9000",
		.final_s = 0.05,
		.sum_s = 0.1,
		.initial_s = 0.0125,
		.exceed_ratio = 0.5,
		.width = 0.02,
		.drain_s = 0.02,
		.latency_s = 0.5,
		.reps = 5,
		.burst_runs = 10,
	},
	{
		.name = "ci",
		.sizes = "64,1518",
		.final_s = 0.05,
		.sum_s = 0.1,
		.initial_s = 0.05,
		.exceed_ratio = 0.5,
		.width = 0.05,
		.drain_s = 0.02,
		.latency_s = 0.2,
		.reps = 5,
		.burst_runs = 5,
	},
	{
		.name = "rfc2544",
		.sizes = RFC2544_SIZES,
		.final_s = 60,
		.sum_s = 60,
		.initial_s = 1,
		.exceed_ratio = 0,
		.width = 0.005,
		.drain_s = 2,
		.latency_s = 120,
		.reps = 1,
		.burst_runs = 50,
	},
	{
		.name = "tst009",
		.sizes = RFC2544_SIZES,
		.final_s = 60,
		.sum_s = 120,
		.initial_s = 1,
		.exceed_ratio = 0.5,
		.width = 0.005,
		.drain_s = 2,
		.latency_s = 120,
		.reps = 1,
		.burst_runs = 50,
	},
};

const struct bench_profile *
bench_profile_find(const char *name)
{
	for (size_t i = 0; i < RTE_DIM(profiles); i++)
		if (strcmp(name, profiles[i].name) == 0)
			return &profiles[i];
	return NULL;
}

size_t
bench_profile_goals(const struct bench_profile *p, double loss_ratio, double final_s,
		    struct msr_goal goal[2])
{
	double scale = final_s != 0 ? final_s / p->final_s : 1;

	goal[0] = (struct msr_goal){
		.name = "NDR",
		.loss_ratio = 0,
		.exceed_ratio = p->exceed_ratio,
		.final_s = p->final_s * scale,
		.sum_s = p->sum_s * scale,
		.initial_s = RTE_MIN(p->initial_s, p->final_s * scale),
		.width = p->width,
	};
	goal[1] = goal[0];
	goal[1].name = "PDR";
	goal[1].loss_ratio = loss_ratio;
	return loss_ratio > 0 ? 2 : 1;
}
