/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/utsname.h>

#include <rte_cycles.h>
#include <rte_version.h>

#include "env.h"

#define CPU_DIR "/sys/devices/system/cpu/"

/* First line of @p path without its newline; false if there is none. */
static bool
read_line(const char *path, char *line, size_t len)
{
	FILE *f = fopen(path, "r");
	bool ok;

	if (f == NULL)
		return false;
	ok = fgets(line, (int)len, f) != NULL;
	fclose(f);
	if (ok)
		line[strcspn(line, "\n")] = '\0';
	return ok;
}

static json_t *
line_json(const char *path)
{
	char line[256];

	return read_line(path, line, sizeof(line)) ? json_string(line) : json_null();
}

/* Value of the first line "key : value" of a /proc file. */
static bool
proc_value(const char *path, const char *key, char *value, size_t len)
{
	FILE *f = fopen(path, "r");
	char line[4096];
	bool found = false;

	if (f == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), f) != NULL) {
		char *colon = strchr(line, ':');

		if (colon == NULL || strncmp(line, key, strlen(key)) != 0)
			continue;
		colon += 1 + strspn(colon + 1, " \t");
		colon[strcspn(colon, "\n")] = '\0';
		snprintf(value, len, "%s", colon);
		found = true;
	}
	fclose(f);
	return found;
}

static bool
has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; (p = strstr(p, word)) != NULL; p += n)
		if ((p == text || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static void
warn(json_t *warnings, const char *text)
{
	json_array_append_new(warnings, json_string(text));
}

static json_t *
cpu_json(json_t *warnings)
{
	char model[128] = "", flags[4096] = "", line[128];
	bool invariant, vm, smt;
	json_t *cpu;

	proc_value("/proc/cpuinfo", "model name", model, sizeof(model));
	proc_value("/proc/cpuinfo", "flags", flags, sizeof(flags));
	invariant = has_word(flags, "constant_tsc") && has_word(flags, "nonstop_tsc");
	vm = has_word(flags, "hypervisor");
	smt = read_line(CPU_DIR "smt/active", line, sizeof(line)) && line[0] == '1';
	cpu = json_pack("{s:s, s:i, s:b, s:b, s:b, s:o, s:o, s:o}", "model", model, "online",
			(int)sysconf(_SC_NPROCESSORS_ONLN), "virtual", vm, "smt", smt,
			"invariant_tsc", invariant, "governor",
			line_json(CPU_DIR "cpu0/cpufreq/scaling_governor"), "boost",
			line_json(CPU_DIR "cpufreq/boost"), "isolated",
			line_json(CPU_DIR "isolated"));
	if (!invariant)
		warn(warnings, "the TSC is not declared invariant: durations may be wrong");
	if (vm)
		warn(warnings, "virtual machine: the host may take the core away at any moment");
	if (smt)
		warn(warnings, "SMT is on: a sibling thread shares the core");
	if (read_line(CPU_DIR "cpu0/cpufreq/scaling_governor", line, sizeof(line)) &&
	    strcmp(line, "performance") != 0)
		warn(warnings, "the frequency governor is not \"performance\"");
	if (!read_line(CPU_DIR "isolated", line, sizeof(line)) || line[0] == '\0')
		warn(warnings, "no isolated cores: other tasks run on the measuring ones");
	return cpu;
}

static json_t *
hugepages_json(json_t *warnings)
{
	char total[32] = "0", size[32] = "0";

	proc_value("/proc/meminfo", "HugePages_Total", total, sizeof(total));
	proc_value("/proc/meminfo", "Hugepagesize", size, sizeof(size));
	if (strtoul(total, NULL, 10) == 0)
		warn(warnings, "no huge pages: TLB misses are part of the figures");
	return json_pack("{s:I, s:s}", "total", (json_int_t)strtoul(total, NULL, 10), "size", size);
}

json_t *
msr_env(json_t *warnings)
{
	struct utsname u = { 0 };
	double load = 0;
	char text[96];
	json_t *env;

	uname(&u);
	if (getloadavg(&load, 1) != 1)
		load = -1;
	env = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:b, s:I, s:f}", "cpu", cpu_json(warnings),
			"hugepages", hugepages_json(warnings), "kernel", u.release, "machine",
			u.machine, "compiler", __VERSION__, "dpdk", rte_version(),
#ifdef __OPTIMIZE__
			"optimised", true,
#else
			"optimised", false,
#endif
			"tsc_hz", (json_int_t)rte_get_tsc_hz(), "load_average", load);
	if (load > 0.5) {
		snprintf(text, sizeof(text),
			 "load average %.2f at the start: something else is running", load);
		warn(warnings, text);
	}
#ifndef __OPTIMIZE__
	warn(warnings, "the measuring program was built without optimisation");
#endif
	return env;
}
