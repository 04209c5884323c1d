/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_string_fns.h>

#include "bad.h"
#include "options_value.h"

static const char *const kinds[] = {
	[BENCH_BAD_SPOOF] = "spoof",
	[BENCH_BAD_VLAN] = "vlan",
	[BENCH_BAD_MTU] = "mtu",
	[BENCH_BAD_UNKNOWN] = "unknown",
	[BENCH_BAD_MULTICAST_SOURCE] = "multicast-source",
};

const char *
bench_bad_name(enum bench_bad_kind kind)
{
	return kinds[kind];
}

static int
parse_entry(char *text, struct bench_bad *b, char *err, size_t errlen)
{
	char *value = strchr(text, ':');
	size_t k;

	if (value != NULL)
		*value++ = '\0';
	for (k = 0; k < RTE_DIM(kinds); k++)
		if (strcmp(text, kinds[k]) == 0)
			break;
	if (k == RTE_DIM(kinds) || value == NULL) {
		snprintf(err, errlen,
			 "--bad %s: expected KIND:PERCENT, with a kind of spoof, vlan:VID, mtu, "
			 "unknown and multicast-source",
			 text);
		return -EINVAL;
	}
	*b = (struct bench_bad){ .kind = (enum bench_bad_kind)k };
	if (b->kind == BENCH_BAD_VLAN) {
		char *vid = value;

		value = strchr(vid, ':');
		if (value == NULL) {
			snprintf(err, errlen, "--bad vlan:%s: expected vlan:VID:PERCENT", vid);
			return -EINVAL;
		}
		*value++ = '\0';
		if (bench_value_vid("bad vlan", vid, &b->vid, err, errlen) != 0)
			return -EINVAL;
	}
	return bench_value_real("bad", value, BENCH_BAD_PERCENT, BENCH_BAD_ALL, false, &b->percent,
				err, errlen);
}

int
bench_bad_parse(const char *text, struct bench_bad_list *list, char *err, size_t errlen)
{
	char copy[256], *save = NULL;
	double sum = 0;

	if (strlen(text) >= sizeof(copy)) {
		snprintf(err, errlen, "--bad: list of more than %zu characters", sizeof(copy) - 1);
		return -EINVAL;
	}
	rte_strscpy(copy, text, sizeof(copy));
	list->n = 0;
	for (char *p = strtok_r(copy, ",", &save); p != NULL; p = strtok_r(NULL, ",", &save)) {
		if (list->n == BENCH_BAD_MAX) {
			snprintf(err, errlen, "--bad: more than %u kinds", BENCH_BAD_MAX);
			return -EINVAL;
		}
		if (parse_entry(p, &list->entry[list->n], err, errlen) != 0)
			return -EINVAL;
		sum += list->entry[list->n++].percent;
	}
	if (list->n != 0 && sum <= BENCH_BAD_ALL)
		return 0;
	snprintf(err, errlen, "--bad %s: expected a list of KIND:PERCENT, together at most %g %%",
		 text, BENCH_BAD_ALL);
	return -EINVAL;
}
