/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_string_fns.h>

#include "scenario_section.h"

int
bench_scenario_refuse(struct bench_scenario_reader *r, const char *key, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	/* clang 14 does not see the va_start above. NOLINTNEXTLINE(clang-analyzer-valist.*) */
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	snprintf(r->err, r->errlen, "%s: [%s] %s%s%s", r->s->file, r->section, key,
		 key[0] != '\0' ? ": " : "", text);
	return -EINVAL;
}

static int
whole(struct bench_scenario_reader *r, const char *key, const char *value, unsigned int min,
      unsigned int max, unsigned int *out)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || errno != 0 || v < min || v > max)
		return bench_scenario_refuse(r, key, "%s: expected a whole number from %u to %u",
					     value, min, max);
	*out = (unsigned int)v;
	return 0;
}

/* "0-3,5", "all" or "none"; how many VFs there are is known at the end only. */
static int
vf_list(struct bench_scenario_reader *r, const char *key, const char *value,
	bool set[BENCH_SCENARIO_VFS_MAX])
{
	const char *p = value;

	memset(set, strcmp(value, "all") == 0, BENCH_SCENARIO_VFS_MAX * sizeof(*set));
	if (strcmp(value, "all") == 0 || strcmp(value, "none") == 0)
		return 0;
	for (;;) {
		char *end;
		unsigned long from = strtoul(p, &end, 10), to = from;

		if (isdigit((unsigned char)*p) && *end == '-' && isdigit((unsigned char)end[1]))
			to = strtoul(end + 1, &end, 10);
		if (!isdigit((unsigned char)*p) || (*end != ',' && *end != '\0') || from > to ||
		    to >= BENCH_SCENARIO_VFS_MAX)
			return bench_scenario_refuse(r, key,
						     "%s: expected VFs as 0-3,5 or all or none",
						     value);
		for (; from <= to; from++)
			set[from] = true;
		if (*end == '\0')
			return 0;
		p = end + 1;
	}
}

static int
read_scenario(struct bench_scenario_reader *r, const char *key, const char *value)
{
	if (strcmp(key, "name") == 0) {
		if (rte_strscpy(r->s->name, value, sizeof(r->s->name)) < 0)
			return bench_scenario_refuse(r, key, "more than %zu characters",
						     sizeof(r->s->name) - 1);
	} else if (strcmp(key, "text") == 0) {
		rte_strscpy(r->s->text, value, sizeof(r->s->text));
	} else {
		return bench_scenario_refuse(r, key, "no such key; there are name, text");
	}
	return 0;
}

/* vdevN = NAME,ARGUMENTS or wireN = DESCRIPTORS */
static int
read_vdev(struct bench_scenario_reader *r, const char *key, const char *value)
{
	struct bench_scenario_line *l = &r->s->vdev[r->s->n_vdevs];
	unsigned int size;

	if (r->s->n_vdevs == BENCH_SCENARIO_VDEVS)
		return bench_scenario_refuse(r, key, "more than %u devices", BENCH_SCENARIO_VDEVS);
	if (strncmp(key, "wire", 4) == 0 && whole(r, key, value, 64, 32768, &size) != 0)
		return -EINVAL;
	if (value[0] == '\0')
		return bench_scenario_refuse(r, key, "expected a device as NAME or NAME,ARGUMENTS");
	rte_strscpy(l->key, key, sizeof(l->key));
	rte_strscpy(l->value, value, sizeof(l->value));
	r->s->n_vdevs++;
	return 0;
}

static bool
numbered(const char *key, const char *word)
{
	size_t n = strlen(word);

	return strncmp(key, word, n) == 0 && isdigit((unsigned char)key[n]) &&
	       strspn(key + n, "0123456789") == strlen(key + n) && strlen(key + n) <= 3;
}

static int
read_device(struct bench_scenario_reader *r, const char *key, const char *value)
{
	struct bench_scenario_nic *nic = &r->s->nic;

	if (numbered(key, "vdev") || numbered(key, "wire"))
		return read_vdev(r, key, value);
	if (strcmp(key, "kind") == 0) {
		nic->used = strcmp(value, "eswitch") == 0;
		return nic->used || strcmp(value, "other") == 0 ?
			       0 :
			       bench_scenario_refuse(r, key, "%s: expected eswitch or other",
						     value);
	}
	if (strcmp(key, "vfs") == 0)
		return whole(r, key, value, 1, BENCH_SCENARIO_VFS_MAX, &nic->vfs);
	if (strcmp(key, "mode") == 0) {
		if (strcmp(value, "veb") != 0 && strcmp(value, "switchdev") != 0)
			return bench_scenario_refuse(r, key, "%s: expected veb or switchdev",
						     value);
		rte_strscpy(nic->mode, value, sizeof(nic->mode));
		return 0;
	}
	if (strcmp(key, "representors") == 0)
		return vf_list(r, key, value, nic->rep);
	if (strcmp(key, "ports") == 0)
		return vf_list(r, key, value, nic->port);
	if (strcmp(key, "uplink") == 0) {
		rte_strscpy(nic->uplink, strcmp(value, "none") == 0 ? "" : value,
			    sizeof(nic->uplink));
		return 0;
	}
	if (strcmp(key, "extra") == 0) {
		rte_strscpy(nic->extra, value, sizeof(nic->extra));
		return 0;
	}
	return bench_scenario_refuse(
		r, key,
		"no such key; there are kind, vfs, mode, representors, ports, uplink, "
		"extra, vdevN, wireN");
}

/* Judged here, for the messages about the file that the device gets would not name this one. */
static int
read_policy(struct bench_scenario_reader *r, const char *key, const char *value)
{
	struct esw_err e = { { 0 } };
	int f = esw_policy_field_by_name(key, &e);
	char *text;

	if (f < 0)
		return bench_scenario_refuse(r, key, "%s", e.msg);
	if (esw_policy_field_parse(&r->said, (enum esw_policy_field)f, value, &e) != 0)
		return bench_scenario_refuse(r, key, "%s", e.msg);
	if (asprintf(&text, "%s%s = %s\n", r->s->policy, key, value) < 0)
		return bench_scenario_refuse(r, key, "no memory");
	free(r->s->policy);
	r->s->policy = text;
	return 0;
}

static int
add_line(struct bench_scenario_reader *r, const char *key, const char *value,
	 struct bench_scenario_line *list, unsigned int *n)
{
	if (*n == BENCH_SCENARIO_LINES)
		return bench_scenario_refuse(r, key, "more than %u lines", BENCH_SCENARIO_LINES);
	rte_strscpy(list[*n].key, key, sizeof(list[*n].key));
	rte_strscpy(list[*n].value, value, sizeof(list[*n].value));
	++*n;
	return 0;
}

static int
read_traffic(struct bench_scenario_reader *r, const char *key, const char *value)
{
	return add_line(r, key, value, r->s->traffic, &r->s->n_traffic);
}

static int
read_expect(struct bench_scenario_reader *r, const char *key, const char *value)
{
	return add_line(r, key, value, r->s->expect, &r->s->n_expect);
}

static int
read_match(struct bench_scenario_reader *r, const char *value)
{
	static const char *const name[] = { "none", "mac", "mac-vlan", "five-tuple" };

	for (size_t i = 0; i < RTE_DIM(name); i++)
		if (strcmp(value, name[i]) == 0) {
			r->s->rules.match = (enum bench_match)i;
			return 0;
		}
	return bench_scenario_refuse(r, "match", "%s: expected mac, mac-vlan, five-tuple or none",
				     value);
}

static int
read_rules(struct bench_scenario_reader *r, const char *key, const char *value)
{
	struct bench_scenario_rules *rules = &r->s->rules;
	unsigned int vf = 0;
	int rc;

	if (strcmp(key, "match") == 0)
		return read_match(r, value);
	if (strcmp(key, "masks") == 0)
		return whole(r, key, value, 1, BENCH_SCENARIO_MASKS_MAX, &rules->masks);
	if (strcmp(key, "action") == 0) {
		rules->count = strcmp(value, "port,count") == 0;
		return rules->count || strcmp(value, "port") == 0 ?
			       0 :
			       bench_scenario_refuse(r, key, "%s: expected port or port,count",
						     value);
	}
	if (strcmp(key, "mirror") == 0) {
		if (strncmp(value, "vf ", 3) != 0)
			return bench_scenario_refuse(r, key, "%s: expected vf N", value);
		rc = whole(r, key, value + 3, 0, BENCH_SCENARIO_VFS_MAX - 1, &vf);
		rules->mirror = rc == 0 ? (int)vf : -1;
		return rc;
	}
	return bench_scenario_refuse(r, key, "no such key; there are match, masks, action, mirror");
}

bench_scenario_line_fn
bench_scenario_section(struct bench_scenario_reader *r)
{
	static const struct {
		const char *name;
		bench_scenario_line_fn read;
	} table[] = {
		{ "scenario", read_scenario }, { "device", read_device },
		{ "traffic", read_traffic },   { "rules", read_rules },
		{ "expect", read_expect },
	};
	char *text;

	for (size_t i = 0; i < RTE_DIM(table); i++)
		if (strcmp(r->section, table[i].name) == 0)
			return table[i].read;
	if (strcmp(r->section, "policy default") != 0 &&
	    strncmp(r->section, "policy vf ", strlen("policy vf ")) != 0)
		return NULL;
	if (asprintf(&text, "%s[%s]\n", r->s->policy != NULL ? r->s->policy : "",
		     r->section + strlen("policy ")) < 0)
		return NULL;
	free(r->s->policy);
	r->s->policy = text;
	memset(&r->said, 0, sizeof(r->said));
	return read_policy;
}
