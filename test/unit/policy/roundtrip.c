/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What is written is what is read: random valid policies through each form and back.
 *
 * A failure names the seed of its policy; ESW_SEED=N in the environment replays it alone.
 */

#include <stdio.h>

#include "random.h"
#include "rows.h"

#define NB_SEEDS 2000
#define NB_VFS 5

static const struct esw_policy_limits limits = {
	.mtu_max = ESW_MTU_MAX,
	.fields = ESW_F_ALL,
	.device = "any",
};

static void
same(const struct esw_policy *want, const struct esw_policy *got, const char *form, uint64_t seed)
{
	uint64_t diff = esw_policy_diff(want, got);

	if (diff != 0)
		fail_msg("ESW_SEED=%lu: %s loses %s", (unsigned long)seed, form,
			 esw_policy_field_name((enum esw_policy_field)__builtin_ctzll(diff)));
}

static void
through_text(const struct esw_policy *p, uint64_t seed)
{
	char text[ESW_POLICY_TEXT_MAX], again[ESW_POLICY_TEXT_MAX];
	struct esw_policy_patch patch = { 0 };
	struct esw_policy got;
	struct esw_err err = { "" };
	unsigned int i;

	for (i = 0; i < ESW_F_COUNT; i++) {
		const enum esw_policy_field f = (enum esw_policy_field)i;
		int len = esw_policy_field_print(p, f, text, sizeof(text));

		assert_in_range(len, 1, sizeof(text) - 1);
		if (esw_policy_field_parse(&patch, f, text, &err) != 0)
			fail_msg("ESW_SEED=%lu: %s", (unsigned long)seed, err.msg);
		esw_policy_field_print(&patch.value, f, again, sizeof(again));
		assert_string_equal(text, again);
	}
	assert_int_equal(patch.fields, ESW_F_ALL);
	esw_policy_default(&got);
	esw_policy_patch_apply(&got, &patch);
	same(p, &got, "text", seed);
}

static void
through_json(const struct esw_policy *p, uint64_t seed)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { "" };
	char *text = esw_policy_json_print(p, (unsigned int)(seed % 5));

	assert_non_null(text);
	if (esw_policy_json_parse(&patch, text, strlen(text), &err) != 0)
		fail_msg("ESW_SEED=%lu: %s", (unsigned long)seed, err.msg);
	free(text);
	assert_int_equal(patch.fields, ESW_F_ALL);
	same(p, &patch.value, "JSON", seed);
}

/* The policies of an INI file and of the JSON file that says the same. */
static void
through_file(const struct esw_policy *p, uint64_t seed, bool json)
{
	struct esw_policy_patch patches[NB_VFS];
	struct esw_err err = { "" };
	char *text = NULL, *one;
	unsigned int i;
	size_t len;

	if (json) {
		FILE *out = open_memstream(&text, &len);

		assert_non_null(out);
		for (i = 0; i < NB_VFS; i++) {
			one = esw_policy_json_print(&p[i], 1);
			fprintf(out, "%s\"%u\": %s", i == 0 ? "{\"vfs\": {" : ",\n", i, one);
			free(one);
		}
		fprintf(out, "}}");
		fclose(out);
	} else {
		text = esw_policy_file_print(p, NB_VFS);
	}
	assert_non_null(text);
	if (esw_policy_file_parse("file", text, strlen(text), NB_VFS, patches, &err) != 0)
		fail_msg("ESW_SEED=%lu: %s", (unsigned long)seed, err.msg);
	free(text);
	for (i = 0; i < NB_VFS; i++) {
		assert_int_equal(patches[i].fields, ESW_F_ALL);
		same(&p[i], &patches[i].value, json ? "a JSON file" : "an INI file", seed);
	}
}

static void
one_seed(uint64_t seed)
{
	struct esw_policy p[NB_VFS];
	struct esw_err err = { "" };
	uint64_t state = seed;
	unsigned int i;

	for (i = 0; i < NB_VFS; i++) {
		random_policy(&state, &p[i]);
		if (esw_policy_validate(&p[i], &limits, &err) != 0)
			fail_msg("ESW_SEED=%lu: %s", (unsigned long)seed, err.msg);
	}
	through_text(&p[0], seed);
	through_json(&p[0], seed);
	through_file(p, seed, false);
	through_file(p, seed, true);
}

static void
written_is_read(void **state)
{
	const char *replay = getenv("ESW_SEED");
	uint64_t seed;

	(void)state;
	if (replay != NULL) {
		one_seed(strtoull(replay, NULL, 10));
		return;
	}
	for (seed = 0; seed < NB_SEEDS; seed++)
		one_seed(seed);
}

/* The default has no address of its own: both forms leave it out, and say all the rest. */
static void
default_is_read(void **state)
{
	const uint64_t all_but_mac = ESW_F_ALL & ~ESW_F_BIT(ESW_F_MAC);
	struct esw_policy_patch from_file, from_json = { 0 };
	struct esw_policy def;
	char *text;

	(void)state;
	esw_policy_default(&def);
	text = esw_policy_file_print(&def, 1);
	assert_non_null(text);
	assert_int_equal(esw_policy_file_parse("f", text, strlen(text), 1, &from_file, NULL), 0);
	free(text);
	assert_int_equal(from_file.fields, all_but_mac);
	same(&def, &from_file.value, "an INI file", 0);
	text = esw_policy_json_print(&def, 0);
	assert_non_null(text);
	assert_int_equal(esw_policy_json_parse(&from_json, text, strlen(text), NULL), 0);
	free(text);
	assert_int_equal(from_json.fields, all_but_mac);
	same(&def, &from_json.value, "JSON", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_is_read),
		cmocka_unit_test(default_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
