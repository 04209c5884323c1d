/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_string_fns.h>

#include "portlist.h"

struct list {
	const char *option;
	uint16_t *id;
	unsigned int n;
	unsigned int max;
	char *err;
	size_t errlen;
};

static int
add(struct list *l, const char *name)
{
	uint16_t id;

	if (strspn(name, "0123456789") == strlen(name) && strlen(name) < 6)
		id = (uint16_t)atoi(name); /* NOLINT(cert-err34-c): digits only, checked above */
	else if (rte_eth_dev_get_port_by_name(name, &id) != 0)
		id = RTE_MAX_ETHPORTS;
	if (!rte_eth_dev_is_valid_port(id)) {
		snprintf(l->err, l->errlen, "--%s %s: no such port (%u ports exist)", l->option,
			 name, rte_eth_dev_count_avail());
		return -EINVAL;
	}
	for (unsigned int i = 0; i < l->n; i++) {
		if (l->id[i] != id)
			continue;
		snprintf(l->err, l->errlen, "--%s %s: port named twice", l->option, name);
		return -EINVAL;
	}
	if (l->n == l->max) {
		snprintf(l->err, l->errlen, "--%s: more than %u ports", l->option, l->max);
		return -EINVAL;
	}
	l->id[l->n++] = id;
	return 0;
}

/* Read a number of at most four digits at *@p p and step over it. */
static bool
number(const char **p, unsigned int *value)
{
	unsigned int digits = 0;

	for (*value = 0; isdigit((unsigned char)**p); ++*p, digits++)
		*value = *value * 10 + (unsigned int)(**p - '0');
	return digits > 0 && digits <= 4;
}

/* One entry, with at most one [A-B]. */
static int
add_range(struct list *l, const char *entry)
{
	const char *open = strchr(entry, '['), *p = open;
	char name[RTE_ETH_NAME_MAX_LEN];
	unsigned int from, to;

	if (open == NULL)
		return add(l, entry);
	p++;
	if (!number(&p, &from) || *p++ != '-' || !number(&p, &to) || *p++ != ']' || from > to) {
		snprintf(l->err, l->errlen, "--%s %s: expected a range as [A-B] with A <= B",
			 l->option, entry);
		return -EINVAL;
	}
	for (; from <= to; from++) {
		snprintf(name, sizeof(name), "%.*s%u%s", (int)(open - entry), entry, from, p);
		if (add(l, name) != 0)
			return -EINVAL;
	}
	return 0;
}

int
bench_portlist(const char *option, const char *list, uint16_t *id, unsigned int max, char *err,
	       size_t errlen)
{
	struct list l = { option, id, 0, max, err, errlen };
	char copy[2048], *save = NULL;

	if (strlen(list) >= sizeof(copy)) {
		snprintf(err, errlen, "--%s: list of more than %zu characters", option,
			 sizeof(copy) - 1);
		return -EINVAL;
	}
	rte_strscpy(copy, list, sizeof(copy));
	for (char *p = strtok_r(copy, ",", &save); p != NULL; p = strtok_r(NULL, ",", &save))
		if (add_range(&l, p) != 0)
			return -EINVAL;
	if (l.n == 0) {
		snprintf(err, errlen, "--%s \"%s\": no port in the list", option, list);
		return -EINVAL;
	}
	return (int)l.n;
}
