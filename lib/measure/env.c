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
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_version.h>

#include "build_commit.h"
#include "build_flags.h"
#include "conditions.h"
#include "env.h"

#define CPU_DIR "/sys/devices/system/cpu/"
#define DMI_DIR "/sys/class/dmi/id/"

/* What is read once and used twice: in the report and for its warnings. */
struct readings {
	struct msr_conditions c;
	char flags[4096];
	char governor[64];
	char isolated[256];
};

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

/* Null for what is not known, and for what JSON cannot hold because it is not UTF-8. */
static json_t *
text_json(const char *text)
{
	json_t *string = text != NULL ? json_string(text) : NULL;

	return string != NULL ? string : json_null();
}

static json_t *
line_json(const char *path)
{
	char line[4096];

	return text_json(read_line(path, line, sizeof(line)) ? line : NULL);
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

static json_t *
value_json(const char *path, const char *key)
{
	char value[512];

	return text_json(proc_value(path, key, value, sizeof(value)) ? value : NULL);
}

/* AMD and the generic driver say "boost", Intel's says the contrary. */
static int
read_turbo(void)
{
	char line[16];

	if (read_line(CPU_DIR "cpufreq/boost", line, sizeof(line)))
		return line[0] == '1';
	if (read_line(CPU_DIR "intel_pstate/no_turbo", line, sizeof(line)))
		return line[0] == '0';
	return -1;
}

/* The first processor of an lcore's set; that is the only one unless --lcores says otherwise. */
static unsigned int
lcore_cpu(unsigned int lcore)
{
	rte_cpuset_t set = rte_lcore_cpuset(lcore);
	unsigned int cpu = 0;

	while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &set))
		cpu++;
	return cpu;
}

static void
read_placement(struct msr_conditions *c)
{
	unsigned int lcore;

	RTE_LCORE_FOREACH(lcore) {
		if (c->n_lcores < MSR_CONDITIONS_LCORES)
			c->cpu[c->n_lcores] = lcore_cpu(lcore);
		c->n_lcores++;
	}
}

static void
read_system(struct readings *r)
{
	char line[128];
	struct msr_conditions *c = &r->c;

	proc_value("/proc/cpuinfo", "flags", r->flags, sizeof(r->flags));
	c->invariant_tsc = has_word(r->flags, "constant_tsc") && has_word(r->flags, "nonstop_tsc");
	c->virtual_machine = has_word(r->flags, "hypervisor");
	c->smt = read_line(CPU_DIR "smt/active", line, sizeof(line)) && line[0] == '1';
	c->huge_pages = rte_eal_has_hugepages() != 0;
#ifdef __OPTIMIZE__
	c->optimised = true;
#endif
	c->turbo = read_turbo();
	if (read_line(CPU_DIR "cpu0/cpufreq/scaling_governor", r->governor, sizeof(r->governor)))
		c->governor = r->governor;
	if (read_line(CPU_DIR "isolated", r->isolated, sizeof(r->isolated)))
		c->isolated = r->isolated;
	if (getloadavg(&c->load, 1) != 1)
		c->load = -1;
	c->cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	read_placement(c);
}

static json_t *
cpu_json(const struct readings *r)
{
	const struct msr_conditions *c = &r->c;

	return json_pack("{s:o, s:i, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "model",
			 value_json("/proc/cpuinfo", "model name"), "online", (int)c->cpus,
			 "virtual", (int)c->virtual_machine, "smt", (int)c->smt, "invariant_tsc",
			 (int)c->invariant_tsc, "governor", text_json(c->governor), "boost",
			 c->turbo < 0 ? json_null() : json_boolean(c->turbo), "isolated",
			 text_json(c->isolated), "mhz", value_json("/proc/cpuinfo", "cpu MHz"),
			 "cache", value_json("/proc/cpuinfo", "cache size"), "microcode",
			 value_json("/proc/cpuinfo", "microcode"));
}

static json_t *
hugepages_json(const struct readings *r)
{
	char total[32] = "0", unused[32] = "0";

	proc_value("/proc/meminfo", "HugePages_Total", total, sizeof(total));
	proc_value("/proc/meminfo", "HugePages_Free", unused, sizeof(unused));
	return json_pack("{s:b, s:I, s:I, s:o}", "used", (int)r->c.huge_pages, "total",
			 (json_int_t)strtoul(total, NULL, 10), "free",
			 (json_int_t)strtoul(unused, NULL, 10), "size",
			 value_json("/proc/meminfo", "Hugepagesize"));
}

static json_t *
build_json(void)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "compiler",
#ifdef __clang__
			 __VERSION__,
#else
			 "gcc " __VERSION__,
#endif
			 "type", MSR_BUILD_TYPE, "flags", MSR_BUILD_FLAGS, "commit",
			 MSR_BUILD_COMMIT);
}

static json_t *
lcores_json(void)
{
	json_t *list = json_array();
	unsigned int lcore;

	RTE_LCORE_FOREACH(lcore) {
		json_t *cpus = json_array();
		rte_cpuset_t set = rte_lcore_cpuset(lcore);

		for (unsigned int cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &set))
				json_array_append_new(cpus, json_integer(cpu));
		json_array_append_new(list,
				      json_pack("{s:i, s:b, s:i, s:o}", "lcore", (int)lcore, "main",
						(int)(lcore == rte_get_main_lcore()), "node",
						(int)rte_lcore_to_socket_id(lcore), "cpus", cpus));
	}
	return list;
}

json_t *
msr_env(json_t *warnings)
{
	struct readings *r = calloc(1, sizeof(*r));
	struct utsname u = { 0 };
	json_t *env;

	if (r == NULL)
		return NULL;
	uname(&u);
	read_system(r);
	env = json_pack("{s:o, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:b, s:I, s:o, s:o}",
			"cpu", cpu_json(r), "hugepages", hugepages_json(r), "build", build_json(),
			"kernel", u.release, "kernel_command_line", line_json("/proc/cmdline"),
			"machine", u.machine, "vendor", line_json(DMI_DIR "sys_vendor"), "product",
			line_json(DMI_DIR "product_name"), "numa_nodes",
			line_json("/sys/devices/system/node/online"), "dpdk", rte_version(),
			"optimised", (int)r->c.optimised, "tsc_hz", (json_int_t)rte_get_tsc_hz(),
			"load_average", r->c.load < 0 ? json_null() : json_real(r->c.load),
			"lcores", lcores_json());
	msr_conditions_warn(&r->c, warnings);
	free(r);
	return env;
}
