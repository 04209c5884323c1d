/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Fuzzes one policy as a JSON object, and the way through JSON and back. */

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct esw_policy_patch patch, before, again = { 0 };
	struct esw_policy p, got;
	struct esw_err err = { "" };
	char *text;
	int ret;

	memset(&patch, 0, sizeof(patch));
	memcpy(&before, &patch, sizeof(patch));
	ret = esw_policy_json_parse(&patch, (const char *)data, len, &err);
	if (ret != 0) {
		promise_refusal(ret, &err);
		promise(memcmp(&before, &patch, sizeof(patch)) == 0, "unchanged on error", err.msg);
		return 0;
	}
	esw_policy_default(&p);
	got = p;
	esw_policy_patch_apply(&p, &patch);
	promise_valid(&p);
	text = esw_policy_json_print(&p, (unsigned int)(len % 3));
	promise(text != NULL, "an object is written", "no memory");
	promise(esw_policy_json_parse(&again, text, strlen(text), &err) == 0,
		"an object that is written is read", err.msg);
	free(text);
	esw_policy_patch_apply(&got, &again);
	promise_same(&p, &got, "JSON");
	return 0;
}
