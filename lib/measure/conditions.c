/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <string.h>

#include "conditions.h"
#include "cpulist.h"

/* A sentence, printf-like. */
#define warn(warnings, ...) json_array_append_new(warnings, json_sprintf(__VA_ARGS__))

static unsigned int
lcores(const struct msr_conditions *c)
{
	return c->n_lcores < MSR_CONDITIONS_LCORES ? c->n_lcores : MSR_CONDITIONS_LCORES;
}

static void
warn_clock(const struct msr_conditions *c, json_t *warnings)
{
	if (!c->invariant_tsc)
		warn(warnings, "the TSC is not declared invariant: durations may be wrong");
	if (c->governor == NULL)
		warn(warnings, "the frequency governor cannot be read: the clock may change its "
			       "pace");
	else if (strcmp(c->governor, "performance") != 0)
		warn(warnings, "the frequency governor is \"%.64s\", not \"performance\"",
		     c->governor);
	if (c->turbo == 1)
		warn(warnings, "turbo is on: the clock depends on what else the processor does");
}

static void
warn_isolation(const struct msr_conditions *c, json_t *warnings)
{
	if (c->isolated == NULL || c->isolated[0] == '\0') {
		warn(warnings, "no isolated cores: other tasks run on the measuring ones");
		return;
	}
	for (unsigned int i = 0; i < lcores(c); i++)
		if (!msr_cpulist_has(c->isolated, c->cpu[i]))
			warn(warnings, "CPU %u, which measures, is not isolated (isolated: %.64s)",
			     c->cpu[i], c->isolated);
}

static void
warn_placement(const struct msr_conditions *c, json_t *warnings)
{
	if (c->n_lcores == 1)
		warn(warnings,
		     "tester and device run on one core, CPU %u: the tester's own cost "
		     "is part of every rate",
		     c->cpu[0]);
	for (unsigned int i = 0; i < lcores(c); i++)
		for (unsigned int k = i + 1; k < lcores(c); k++)
			if (c->cpu[i] == c->cpu[k]) {
				warn(warnings, "two lcores share CPU %u: they take turns",
				     c->cpu[i]);
				return;
			}
}

void
msr_conditions_warn(const struct msr_conditions *c, json_t *warnings)
{
	warn_clock(c, warnings);
	if (c->virtual_machine)
		warn(warnings, "virtual machine: the host may take the core away at any moment");
	if (c->smt)
		warn(warnings, "SMT is on: a sibling thread shares the core");
	warn_isolation(c, warnings);
	if (!c->huge_pages)
		warn(warnings, "no huge pages: TLB misses are part of the figures");
	if (!c->optimised)
		warn(warnings, "the measuring program was built without optimisation");
	if (c->load < 0)
		warn(warnings, "the load average cannot be read: something else may be running");
	else if (c->load > c->cpus / 2.0)
		warn(warnings,
		     "load average %.2f on %u processors at the start: something else is "
		     "running",
		     c->load, c->cpus);
	warn_placement(c, warnings);
}
