/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Fuzzes whole policy files, INI and JSON, and the way through the INI form and back. */

#include "fuzz.h"

#define NB_VFS 8

static void
there_and_back(const struct esw_policy_patch *patches)
{
	struct esw_policy_patch again[NB_VFS];
	struct esw_policy policies[NB_VFS];
	struct esw_err err = { "" };
	unsigned int i;
	char *text;

	for (i = 0; i < NB_VFS; i++) {
		policies[i] = patches[i].value;
		promise_valid(&policies[i]);
	}
	text = esw_policy_file_print(policies, NB_VFS);
	promise(text != NULL, "a file is written", "no memory");
	promise(esw_policy_file_parse("again", text, strlen(text), NB_VFS, again, &err) == 0,
		"a file that is written is read", err.msg);
	free(text);
	for (i = 0; i < NB_VFS; i++)
		promise_same(&policies[i], &again[i].value, "INI");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct esw_policy_patch patches[NB_VFS], before[NB_VFS];
	struct esw_err err = { "" };
	int ret;

	memset(patches, 0, sizeof(patches));
	memcpy(before, patches, sizeof(patches));
	ret = esw_policy_file_parse("fuzz", (const char *)data, len, NB_VFS, patches, &err);
	if (ret == 0) {
		there_and_back(patches);
		return 0;
	}
	promise_refusal(ret, &err);
	promise(strncmp(err.msg, "fuzz:", 5) == 0, "a refusal names the file", err.msg);
	promise(err.msg[5] >= '1' && err.msg[5] <= '9', "a refusal names the line", err.msg);
	promise(memcmp(before, patches, sizeof(patches)) == 0, "written on success only", err.msg);
	return 0;
}
