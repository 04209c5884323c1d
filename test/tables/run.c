/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * One row on one switch: policy, state, frame, outcome.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

bool
table_is_veb(const struct table_row *row)
{
	if (strncmp(row->from, "rep", 3) == 0 || strncmp(row->at, "rep", 3) == 0)
		return false;
	return strcmp(row->from, row->at) != 0 || strstr(row->state, "veb") != NULL;
}

static char *
trim(char *s)
{
	size_t n;

	while (*s == ' ')
		s++;
	n = strlen(s);
	while (n > 0 && s[n - 1] == ' ')
		s[--n] = '\0';
	return s;
}

/* "vlan = access 100; mtu = 1400" over the defaults. */
static int
parse_policy(char *text, unsigned int vf, struct esw_policy *p, struct esw_err *err)
{
	struct esw_policy_patch patch = { .fields = 0 };
	char *item, *value, *save = NULL;
	int f;

	esw_policy_default(p);
	p->mac = *table_mac(vf == 0 ? "vf0" : "vf1");
	for (item = strtok_r(text, ";", &save); item != NULL; item = strtok_r(NULL, ";", &save)) {
		item = trim(item);
		if (*item == '\0')
			continue;
		value = strchr(item, '=');
		if (value == NULL)
			return -1;
		*value++ = '\0';
		f = esw_policy_field_by_name(trim(item), err);
		if (f < 0 || esw_policy_field_parse(&patch, f, trim(value), err) < 0)
			return -1;
	}
	esw_policy_patch_apply(p, &patch);
	return 0;
}

static int
set_policies(const struct table_row *row, const struct table_target *t, struct esw_policy p[2],
	     struct esw_err *err)
{
	char text[2][256] = { "", "" };
	const char *bar = strchr(row->policy, '|');
	unsigned int vf;
	int rc;

	snprintf(text[0], sizeof(text[0]), "%s", row->policy);
	if (bar != NULL) {
		text[0][bar - row->policy] = '\0';
		snprintf(text[1], sizeof(text[1]), "%s", bar + 1);
	}
	for (vf = 0; vf < 2; vf++) {
		rc = parse_policy(text[vf], vf, &p[vf], err);
		if (rc == 0)
			rc = t->policy_set(t->ctx, vf, &p[vf]);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
device_word(const struct table_target *t, const char *w)
{
	if (strcmp(w, "wire-down") == 0)
		return t->wire_link(t->ctx, false);
	if (strcmp(w, "pf-promisc") == 0)
		return t->pf_promisc(t->ctx, true);
	if (strcmp(w, "stopped-wire") == 0)
		return t->stop(t->ctx, TABLE_WIRE);
	if (strcmp(w, "stopped-pf") == 0)
		return t->stop(t->ctx, TABLE_PF);
	if (strcmp(w, "veb") == 0)
		return 0;
	return -ENOENT;
}

static int
number_word(const struct table_target *t, unsigned int vf, const char *w)
{
	int rc;

	if (strncmp(w, "mtu=", 4) == 0)
		return t->mtu(t->ctx, vf, (uint16_t)strtoul(w + 4, NULL, 10));
	if (strncmp(w, "rep-mtu=", 8) == 0)
		return t->rep_mtu(t->ctx, vf, (uint16_t)strtoul(w + 8, NULL, 10));
	if (strncmp(w, "mac=", 4) == 0)
		return t->mac_set(t->ctx, vf, table_mac(w + 4));
	if (strncmp(w, "filter=", 7) == 0) {
		rc = t->filter_set(t->ctx, vf, (uint16_t)strtoul(w + 7, NULL, 10));
		return rc == 0 ? t->filter_on(t->ctx, vf, true) : rc;
	}
	return device_word(t, w);
}

static int
state_word(const struct table_target *t, unsigned int vf, struct esw_policy *p, const char *w)
{
	if (strcmp(w, "promisc") == 0)
		return t->promisc(t->ctx, vf, true);
	if (strcmp(w, "allmulti") == 0)
		return t->allmulti(t->ctx, vf, true);
	if (strcmp(w, "mcast") == 0)
		return t->mcast(t->ctx, vf, table_mac("mcast"));
	if (strcmp(w, "added") == 0)
		return t->mac_add(t->ctx, vf, table_mac("added"));
	if (strcmp(w, "backed") == 0)
		return t->backed(t->ctx, vf, true);
	if (strcmp(w, "filter-on") == 0)
		return t->filter_on(t->ctx, vf, true);
	if (strcmp(w, "stopped") == 0)
		return t->stop(t->ctx, TABLE_VF0 + vf);
	if (strcmp(w, "untrust") == 0) {
		p->trust = false;
		return t->policy_set(t->ctx, vf, p);
	}
	return number_word(t, vf, w);
}

static int
set_state(const struct table_row *row, const struct table_target *t, struct esw_policy p[2],
	  char *err, size_t errlen)
{
	char text[256], *w, *save = NULL;

	snprintf(text, sizeof(text), "%s", row->state);
	for (w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		unsigned int vf = strncmp(w, "vf1.", 4) == 0 ? 1 : 0;
		size_t n = strlen(w);
		int want = 0, rc;

		if (w[n - 1] == '!') {
			w[n - 1] = '\0';
			want = -EPERM;
		}
		rc = state_word(t, vf, &p[vf], w + 4 * vf);
		if (rc != want) {
			snprintf(err, errlen, "%s: state \"%s\" gave %d, not %d", row->name, w, rc,
				 want);
			return -1;
		}
	}
	return 0;
}

static int
check(const struct table_row *row, int fate, const uint8_t *got, uint32_t len, char *err,
      size_t errlen)
{
	char tags[TABLE_TAGS_MAX] = "-";

	if (fate != (int)row->fate) {
		snprintf(err, errlen, "%s: fate %d counted at %s, not %d", row->name, fate, row->at,
			 row->fate);
		return -1;
	}
	if (fate == ESW_RX_DELIVERED)
		table_tags(got, len, tags);
	if (strcmp(tags, row->tags) != 0) {
		snprintf(err, errlen, "%s: tags \"%s\", not \"%s\"", row->name, tags, row->tags);
		return -1;
	}
	return 0;
}

int
table_run(const struct table_row *row, const struct table_target *t, char *err, size_t errlen)
{
	static uint8_t frame[TABLE_FRAME_MAX], got[TABLE_FRAME_MAX];
	int from = table_ep_by_name(row->from), at = table_ep_by_name(row->at);
	struct esw_err why = { "no sentence" };
	struct esw_policy p[2];
	uint32_t got_len = 0;
	int len, fate;

	if (set_policies(row, t, p, &why) < 0) {
		snprintf(err, errlen, "%s: policy: %s", row->name, why.msg);
		return -1;
	}
	if (set_state(row, t, p, err, errlen) < 0)
		return -1;
	len = table_frame(row, frame);
	if (len < 0 || from < 0 || at < 0) {
		snprintf(err, errlen, "%s: not a frame, sender or receiver", row->name);
		return -1;
	}
	fate = t->send(t->ctx, from, frame, len, at, got, &got_len);
	return check(row, fate, got, got_len, err, errlen);
}
