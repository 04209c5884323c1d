/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>

#include "scenario.h"
#include "scenario_section.h"

#define SECTIONS_MAX 300
#define ENTRIES_MAX 128

static int
read_section(struct bench_scenario_reader *r, struct rte_cfgfile *cfg, int index)
{
	static struct rte_cfgfile_entry entry[ENTRIES_MAX];
	static char name[CFG_NAME_LEN];
	bench_scenario_line_fn read;
	int n, rc = 0;

	n = rte_cfgfile_section_num_entries_by_index(cfg, name, index);
	r->section = name;
	read = bench_scenario_section(r);
	if (read == NULL)
		return bench_scenario_refuse(
			r, "",
			"no such section; there are scenario, device, policy default, "
			"policy vf LIST, traffic, rules, expect");
	if (n > ENTRIES_MAX)
		return bench_scenario_refuse(r, "", "more than %d lines", ENTRIES_MAX);
	rte_cfgfile_section_entries_by_index(cfg, index, name, entry, ENTRIES_MAX);
	for (int i = 0; rc == 0 && i < n; i++) {
		/* rte_cfgfile cuts what does not fit, without a word. */
		if (strlen(entry[i].value) == sizeof(entry[i].value) - 1 ||
		    strlen(entry[i].name) == sizeof(entry[i].name) - 1)
			return bench_scenario_refuse(r, entry[i].name, "key or value is too long");
		for (int k = 0; k < i; k++)
			if (strcmp(entry[i].name, entry[k].name) == 0)
				return bench_scenario_refuse(r, entry[i].name, "said twice");
		rc = read(r, entry[i].name, entry[i].value);
	}
	return rc;
}

static int
no_section_twice(struct bench_scenario_reader *r, char *const *name, int n)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			if (strcmp(name[i], name[k]) == 0) {
				r->section = name[i];
				return bench_scenario_refuse(r, "", "section said twice");
			}
	return 0;
}

/* What only the whole file shows. */
static int
finish(struct bench_scenario_reader *r)
{
	struct bench_scenario *s = r->s;
	struct bench_scenario_nic *nic = &s->nic;

	r->section = "device";
	if (nic->used && nic->vfs == 0)
		return bench_scenario_refuse(r, "vfs",
					     "missing: kind = eswitch needs the number of VFs");
	if (!nic->used && (nic->vfs != 0 || nic->uplink[0] != '\0' || nic->extra[0] != '\0'))
		return bench_scenario_refuse(r, "kind",
					     "missing: vfs, uplink and extra need kind = eswitch");
	for (unsigned int i = nic->vfs; i < BENCH_SCENARIO_VFS_MAX; i++)
		nic->rep[i] = nic->port[i] = false;
	r->section = "rules";
	if (s->rules.match != BENCH_MATCH_NONE && !nic->used)
		return bench_scenario_refuse(r, "match", "needs [device] kind = eswitch");
	if (s->rules.mirror >= (int)nic->vfs)
		return bench_scenario_refuse(r, "mirror", "vf %d: there are %u VFs",
					     s->rules.mirror, nic->vfs);
	if (s->rules.mirror >= 0 && s->rules.match == BENCH_MATCH_NONE)
		return bench_scenario_refuse(r, "mirror",
					     "needs match: a mirror is an action of a rule");
	r->section = "policy";
	if (s->policy != NULL && !nic->used)
		return bench_scenario_refuse(r, "", "needs [device] kind = eswitch");
	r->section = "scenario";
	return s->name[0] != '\0' ? 0 : bench_scenario_refuse(r, "name", "missing");
}

static int
read_sections(struct bench_scenario_reader *r, struct rte_cfgfile *cfg)
{
	static char store[SECTIONS_MAX][CFG_NAME_LEN];
	char *name[SECTIONS_MAX];
	int n = rte_cfgfile_num_sections(cfg, NULL, 0), rc;

	r->section = "";
	if (n > SECTIONS_MAX)
		return bench_scenario_refuse(r, "", "more than %d sections", SECTIONS_MAX);
	for (int i = 0; i < SECTIONS_MAX; i++)
		name[i] = store[i];
	n = rte_cfgfile_sections(cfg, name, SECTIONS_MAX);
	rc = no_section_twice(r, name, n);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = read_section(r, cfg, i);
	return rc == 0 ? finish(r) : rc;
}

/* A line as rte_cfgfile wants it; @p first: no section has begun yet. */
static bool
line_ok(const char *line, bool first)
{
	line += strspn(line, " \t\r\n");
	if (line[0] == '\0' || line[0] == '#')
		return true;
	if (line[0] == '[')
		return strchr(line, ']') != NULL;
	return !first && line[0] != '=' && strchr(line, '=') != NULL;
}

/* rte_cfgfile skips lines that it does not understand; those would be mistakes nobody hears of. */
static int
check_lines(const char *path, char *err, size_t errlen)
{
	FILE *f = fopen(path, "r");
	bool first = true;
	char *line = NULL;
	size_t room = 0;
	int rc = 0;

	if (f == NULL) {
		rc = -errno;
		snprintf(err, errlen, "--scenario %s: %s", path, strerror(-rc));
		return rc;
	}
	for (unsigned int n = 1; rc == 0 && getline(&line, &room, f) >= 0; n++) {
		if (!line_ok(line, first)) {
			snprintf(err, errlen,
				 "%s:%u: expected [SECTION], and below it KEY = VALUE or # COMMENT",
				 path, n);
			rc = -EINVAL;
		}
		first = first && line[strspn(line, " \t")] != '[';
	}
	free(line);
	fclose(f);
	return rc;
}

int
bench_scenario_load(struct bench_scenario *s, const char *path, char *err, size_t errlen)
{
	const struct rte_cfgfile_parameters params = { .comment_character = '#' };
	struct bench_scenario_reader r = { .s = s, .err = err, .errlen = errlen };
	struct rte_cfgfile *cfg;
	int rc;

	*s = (struct bench_scenario){
		.nic = { .mode = "veb" },
		.rules = { .masks = 1, .mirror = -1 },
	};
	memset(s->nic.port, true, sizeof(s->nic.port));
	if (rte_strscpy(s->file, path, sizeof(s->file)) < 0) {
		snprintf(err, errlen, "--scenario: a path of more than %zu characters",
			 sizeof(s->file) - 1);
		return -ENAMETOOLONG;
	}
	rc = check_lines(path, err, errlen);
	if (rc != 0)
		return rc;
	cfg = rte_cfgfile_load_with_params(path, 0, &params);
	if (cfg == NULL) {
		snprintf(
			err, errlen,
			"%s: rte_cfgfile cannot read it: a line is too long, or there is no memory",
			path);
		return -EINVAL;
	}
	rc = read_sections(&r, cfg);
	rte_cfgfile_close(cfg);
	if (rc != 0)
		bench_scenario_free(s);
	return rc;
}

void
bench_scenario_free(struct bench_scenario *s)
{
	free(s->policy);
	s->policy = NULL;
}

unsigned int
bench_scenario_ports(const struct bench_scenario *s)
{
	unsigned int n = s->nic.used ? 1 : 0;

	for (unsigned int i = 0; i < s->n_vdevs; i++)
		n += strncmp(s->vdev[i].key, "wire", 4) == 0 ? 2 : 1;
	for (unsigned int i = 0; i < s->nic.vfs; i++)
		n += (unsigned int)s->nic.rep[i] + (unsigned int)s->nic.port[i];
	return n;
}
