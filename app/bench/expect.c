/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_string_fns.h>

#include "expect.h"
#include "report.h"
#include "switchdev.h"

enum relation { EQUAL, AT_LEAST, AT_MOST };

static const char *const relation_text[] = { "exactly", "at least", "at most" };

/* The key of a line without _min or _max. */
static enum relation
split(const char *key, char *name, size_t len)
{
	size_t n = strlen(key);

	rte_strscpy(name, key, len);
	if (n < 5 || key[n - 4] != '_')
		return EQUAL;
	if (strcmp(key + n - 4, "_min") != 0 && strcmp(key + n - 4, "_max") != 0)
		return EQUAL;
	name[n - 4] = '\0';
	return key[n - 1] == 'n' ? AT_LEAST : AT_MOST;
}

/* The names are those of the report: a count that is added there can be expected at once. */
static int
tally_value(const struct msr_tally *t, const char *name, uint64_t *value)
{
	json_t *all = msr_report_tally(t);
	const json_t *one = json_object_get(all, name);
	int rc = json_is_integer(one) ? 0 : -ENOENT;

	*value = rc == 0 ? (uint64_t)json_integer_value(one) : 0;
	json_decref(all);
	return rc;
}

/* "vf3" as the port of swd_counters_get(); false if it is none. */
static bool
port_of(const char *word, const struct swd_info *info, int *port)
{
	unsigned long vf;
	char *end;
	const bool rep = strncmp(word, "rep", 3) == 0;

	*port = SWD_PORT_PF;
	if (strcmp(word, "pf") == 0)
		return true;
	*port = SWD_PORT_WIRE;
	if (strcmp(word, "wire") == 0)
		return true;
	if (!rep && strncmp(word, "vf", 2) != 0)
		return false;
	word += rep ? 3 : 2;
	vf = strtoul(word, &end, 10);
	*port = rep ? SWD_PORT_REP(vf) : (int)vf;
	return isdigit((unsigned char)*word) && *end == '\0' && vf < info->nb_vfs;
}

/* "PORT.COUNTER"; -ENODEV no such port, -ENOENT no such counter of it. */
static int
device_value(const char *name, uint64_t *value)
{
	struct swd_counter c[SWD_COUNTERS_MAX];
	struct swd_dev *d = swd_next(NULL);
	const char *dot = strchr(name, '.');
	struct swd_info info;
	char word[CFG_NAME_LEN];
	int port, n;

	snprintf(word, sizeof(word), "%.*s", (int)(dot - name), name);
	if (d == NULL || swd_info_get(d, &info) != 0 || !port_of(word, &info, &port))
		return -ENODEV;
	n = swd_counters_get(d, port, c, RTE_DIM(c));
	for (int i = 0; i < n; i++)
		if (strcmp(c[i].name, dot + 1) == 0) {
			*value = c[i].value;
			return 0;
		}
	return -ENOENT;
}

static int
value_of(const struct msr_tally *t, const struct bench_rules *rules, const char *name,
	 uint64_t *value)
{
	if (strcmp(name, "rule_hits") == 0) {
		*value = bench_rules_hits(rules);
		return 0;
	}
	return strchr(name, '.') != NULL ? device_value(name, value) : tally_value(t, name, value);
}

static int
wanted(const struct msr_tally *t, const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	if (isdigit((unsigned char)text[0]) && *end == '\0' && errno == 0)
		return 0;
	return tally_value(t, text, value);
}

int
bench_expect_names(const struct bench_scenario *s, char *err, size_t errlen)
{
	static const struct msr_tally none;
	static const struct bench_rules no_rules;
	uint64_t value;

	for (unsigned int i = 0; i < s->n_expect; i++) {
		const struct bench_scenario_line *l = &s->expect[i];
		const char *what = NULL;
		char name[CFG_NAME_LEN];
		int rc;

		split(l->key, name, sizeof(name));
		rc = value_of(&none, &no_rules, name, &value);
		if (rc == -ENODEV)
			what = "no such port; there are vfN and repN of the device's VFs, pf, wire";
		else if (rc != 0)
			what = "no such count; there are those of \"tally\" in the report (sent, "
			       "received, lost, ...), rule_hits and PORT.COUNTER of the e-switch "
			       "(vf0.tx_spoof), each also with _min or _max";
		else if (wanted(&none, l->value, &value) != 0)
			what = "expected a whole number or a count of the tester as its value";
		if (what == NULL)
			continue;
		snprintf(err, errlen, "%s: [expect] %s = %s: %s", s->file, l->key, l->value, what);
		return -EINVAL;
	}
	return 0;
}

bool
bench_expect_holds(const struct bench_scenario *s, unsigned int i, const struct msr_tally *t,
		   const struct bench_rules *rules, char *text, size_t len)
{
	const struct bench_scenario_line *l = &s->expect[i];
	uint64_t is = 0, want = 0;
	char name[CFG_NAME_LEN];
	enum relation rel = split(l->key, name, sizeof(name));
	bool known = value_of(t, rules, name, &is) == 0 && wanted(t, l->value, &want) == 0;

	snprintf(text, len, "%s is %llu, expected %s %llu", name, (unsigned long long)is,
		 relation_text[rel], (unsigned long long)want);
	if (!known)
		return false;
	return rel == EQUAL ? is == want : rel == AT_LEAST ? is >= want : is <= want;
}
