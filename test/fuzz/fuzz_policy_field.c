/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Fuzzes one field from text, and the way through its canonical text and back. The input is the
 * field's name, '=', and the value, as a command or a devarg has it.
 */

#include "fuzz.h"

static void
there_and_back(const struct esw_policy_patch *patch, enum esw_policy_field f)
{
	char text[ESW_POLICY_TEXT_MAX];
	struct esw_policy_patch again = { 0 };
	struct esw_err err = { "" };
	struct esw_policy p, got;
	int len;

	esw_policy_default(&p);
	got = p;
	esw_policy_patch_apply(&p, patch);
	promise_valid(&p);
	len = esw_policy_field_print(&p, f, text, sizeof(text));
	promise(len > 0 && (size_t)len < sizeof(text), "a text fits", text);
	promise(esw_policy_field_parse(&again, f, text, &err) == 0, "a text is read", err.msg);
	esw_policy_patch_apply(&got, &again);
	promise_same(&p, &got, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct esw_policy_patch patch, before;
	struct esw_err err = { "" };
	char *name = malloc(len + 1), *value;
	int f, ret;

	promise(name != NULL, "memory", "none");
	memcpy(name, data, len);
	name[len] = '\0';
	memset(&patch, 0, sizeof(patch));
	memcpy(&before, &patch, sizeof(patch));
	value = strchr(name, '=');
	if (value != NULL)
		*value++ = '\0';
	f = esw_policy_field_by_name(name, &err);
	if (f < 0) {
		promise_refusal(f, &err);
	} else if (value != NULL) {
		ret = esw_policy_field_parse(&patch, (enum esw_policy_field)f, value, &err);
		if (ret == 0) {
			there_and_back(&patch, (enum esw_policy_field)f);
		} else {
			promise_refusal(ret, &err);
			promise(memcmp(&before, &patch, sizeof(patch)) == 0, "unchanged on error",
				err.msg);
		}
	}
	free(name);
	return 0;
}
