/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Policy files of both forms, for a device of 4 VFs: who gets what, and where a mistake is. */

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "rows.h"

#define NB_VFS 4

/* A text that may hold NULs, as a string literal and its length. */
#define TEXT(s) s, sizeof(s) - 1

/* What is said of each VF: its mtu, 0 for unsaid, and trust (-1 unsaid). */
static const struct good {
	const char *name;
	const char *text;
	size_t len;
	unsigned int mtu[NB_VFS];
	int trust[NB_VFS];
} good[] = {
	{ "empty", TEXT(""), { 0 }, { -1, -1, -1, -1 } },
	{ "comments only", TEXT("# a\n; b\n\n  \t\n"), { 0 }, { -1, -1, -1, -1 } },
	{ "default",
	  TEXT("[default]\nmtu = 9000\n"),
	  { 9000, 9000, 9000, 9000 },
	  { -1, -1, -1, -1 } },
	{ "one VF", TEXT("[vf 3]\nmtu=9000\n"), { 0, 0, 0, 9000 }, { -1, -1, -1, -1 } },
	{ "range", TEXT("[vf 1-2]\nmtu = 9000\n"), { 0, 9000, 9000, 0 }, { -1, -1, -1, -1 } },
	{ "list", TEXT("[vf 0,2-3]\nmtu = 9000\n"), { 9000, 0, 9000, 9000 }, { -1, -1, -1, -1 } },
	{ "blanks",
	  TEXT("  [ vf  0 , 2 - 3 ]  # x\n\tmtu\t=\t9000 ; y\n"),
	  { 9000, 0, 9000, 9000 },
	  { -1, -1, -1, -1 } },
	{ "later wins",
	  TEXT("[vf 0-3]\nmtu = 1000\ntrust = on\n[vf 1]\nmtu = 2000\n"),
	  { 1000, 2000, 1000, 1000 },
	  { 1, 1, 1, 1 } },
	{ "default is always below",
	  TEXT("[vf 0]\nmtu = 1000\n[default]\nmtu = 2000\n"),
	  { 1000, 2000, 2000, 2000 },
	  { -1, -1, -1, -1 } },
	{ "no line end", TEXT("[vf 0]\nmtu = 1000"), { 1000 }, { -1, -1, -1, -1 } },
	{ "CR LF",
	  TEXT("[vf 0]\r\n\r\nmtu = 1000\r\ntrust = off\r\n"),
	  { 1000 },
	  { 0, -1, -1, -1 } },
	{ "byte order mark",
	  TEXT("\xef\xbb\xbf[vf 0]\nmtu = 1000\n"),
	  { 1000 },
	  { -1, -1, -1, -1 } },
	{ "section without fields",
	  TEXT("[vf 0]\n[vf 1]\nmtu = 1000\n"),
	  { 0, 1000 },
	  { -1, -1, -1, -1 } },
	{ "JSON empty", TEXT("{}"), { 0 }, { -1, -1, -1, -1 } },
	{ "JSON after a mark and blanks",
	  TEXT("\xef\xbb\xbf \r\n{\"vfs\": {\"0\": {\"mtu\": 99}}}"),
	  { 99 },
	  { -1, -1, -1, -1 } },
	{ "JSON overlay",
	  TEXT("{\"vfs\": {\"0-2\": {\"mtu\": 1000, \"trust\": true}, \"1, 3\": {\"mtu\": 2000}},"
	       "\"default\": {\"mtu\": 3000, \"trust\": false}}"),
	  { 1000, 2000, 1000, 2000 },
	  { 1, 1, 1, 0 } },
};

static void
file_taken(void **state)
{
	const struct good *row = *state;
	struct esw_policy_patch got[NB_VFS];
	struct esw_err err = { "" };
	unsigned int i;
	int ret;

	ret = esw_policy_file_parse("f", row->text, row->len, NB_VFS, got, &err);
	assert_string_equal(err.msg, "");
	assert_int_equal(ret, 0);
	for (i = 0; i < NB_VFS; i++) {
		assert_int_equal(got[i].fields,
				 (row->mtu[i] != 0 ? ESW_F_BIT(ESW_F_MTU) : 0) |
					 (row->trust[i] >= 0 ? ESW_F_BIT(ESW_F_TRUST) : 0));
		assert_int_equal(got[i].value.mtu, row->mtu[i] != 0 ? row->mtu[i] : 1500);
		assert_int_equal(got[i].value.trust, row->trust[i] > 0);
	}
}

static const struct bad {
	const char *name;
	const char *text;
	size_t len;
	int ret;
	const char *says;
} bad[] = {
	{ "before any section", TEXT("\nmtu = 1500\n"), -EINVAL,
	  "f:2: mtu: stands before the first section" },
	{ "no equals", TEXT("[vf 0]\nmtu 1500\n"), -EINVAL, "f:2: mtu 1500: '=' is missing" },
	{ "no name", TEXT("[vf 0]\n= 5\n"), -EINVAL, "f:2: \"= 5\": the field's name is missing" },
	{ "no value", TEXT("[vf 0]\nmtu =\n"), -EINVAL, "f:2: mtu: the value is empty" },
	{ "value is a comment", TEXT("[vf 0]\nmtu = # 5\n"), -EINVAL, "f:2: mtu: the value is" },
	{ "unknown field", TEXT("[vf 0]\n\n\nmtuu = 1\n"), -EINVAL, "f:4: mtuu: unknown field" },
	{ "later field", TEXT("[vf 0]\nmax-tx-rate = 0\n"), -ENOTSUP,
	  "f:2: max-tx-rate: this release does not enforce it" },
	{ "field twice", TEXT("[vf 0]\nmtu = 1500\nmtu = 1500\n"), -EINVAL,
	  "f:3: mtu: given twice" },
	{ "bad value", TEXT("[vf 0]\r\nmtu = 1500\r\nvlan = access 0\r\n"), -EINVAL,
	  "f:3: vlan: access VLAN 0 is out of range 1 to 4094" },
	{ "NUL in a value", TEXT("[vf 0]\nmtu = 1500\0 9000\n"), -EINVAL,
	  "f:2: control character 0x00 at octet 11" },
	{ "NUL in a comment", TEXT("# \0\n"), -EINVAL, "f:1: control character 0x00" },
	{ "old Mac line ends", TEXT("[vf 0]\rmtu = 1500\r"), -EINVAL,
	  "f:1: control character 0x0d at octet 7" },
	{ "escape sequence", TEXT("[vf 0]\n\033[2J\n"), -EINVAL, "f:2: control character 0x1b" },
	{ "UTF-16", TEXT("\xff\xfe[\0v\0f\0"), -EINVAL, "f:1: control character 0x00" },
	{ "mark inside", TEXT("[vf 0]\n\xef\xbb\xbfmtu = 1500\n"), -EINVAL, "unknown field" },
	{ "unknown section", TEXT("[pf]\n"), -EINVAL,
	  "f:1: [pf]: unknown section; known are [default] and [vf LIST]" },
	{ "empty section name", TEXT("[]\n"), -EINVAL, "f:1: []: unknown section" },
	{ "words after default", TEXT("[default 1]\n"), -EINVAL, "f:1: [default 1]: unknown" },
	{ "open section", TEXT("[vf 0\n"), -EINVAL, "f:1: \"[vf 0\": a section is" },
	{ "only a bracket", TEXT("["), -EINVAL, "f:1: \"[\": a section is" },
	{ "text after a section", TEXT("[vf 0] mtu = 5\n"), -EINVAL, "f:1: \"[vf 0] mtu = 5\"" },
	{ "default twice", TEXT("[default]\n[default]\n"), -EINVAL,
	  "f:2: default: the section is given twice" },
	{ "no list", TEXT("[vf]\n"), -EINVAL, "f:1: [vf]: unknown section" },
	{ "not a list", TEXT("[vf x]\n"), -EINVAL,
	  "f:1: vf: \"x\" is neither a VF of 0 to 3 nor a range" },
	{ "empty item", TEXT("[vf 1,]\n"), -EINVAL,
	  "f:1: vf: an item of the list of VFs is empty" },
	{ "VF past the end", TEXT("[vf 0]\n[vf 4]\n"), -ERANGE,
	  "f:2: vf: VF 4 is out of range 0 to 3 (4 VFs)" },
	{ "range past the end", TEXT("[vf 2-9]\n"), -ERANGE,
	  "f:1: vf: VF 9 is out of range 0 to 3 (4 VFs)" },
	{ "VF 65536 is not VF 0", TEXT("[vf 65536]\n"), -ERANGE,
	  "f:1: vf: VF 65536 is out of range 0 to 3 (4 VFs)" },
	{ "backwards", TEXT("[vf 3-1]\n"), -EINVAL,
	  "f:1: vf: the range 3-1 of VFs runs backwards" },
	{ "VF twice", TEXT("[vf 0-2,1]\n"), -EINVAL, "f:1: vf: VF 1 is listed twice" },
	{ "mac by default", TEXT("[default]\nmac = 02:00:00:00:00:01\n"), -EINVAL,
	  "f:2: mac: addresses belong to one VF, so they are not allowed in the section default" },
	{ "mac of two", TEXT("[vf 0-1]\nmac = 02:00:00:00:00:01\n"), -EINVAL,
	  "f:2: mac: addresses belong to one VF, so they are not allowed in a section for 2 VFs" },
	{ "macs of two", TEXT("[vf 0-1]\nmacs = 02:00:00:00:00:01\n"), -EINVAL, "f:2: macs: " },
	{ "mac of another VF",
	  TEXT("[vf 0]\nmac = 02:00:00:00:00:01\n[vf 1]\nmac = 02:00:00:00:00:01\n"), -EINVAL,
	  "f:4: mac: 02:00:00:00:00:01 is the address of VF 0 already" },
	{ "JSON mac of another VF",
	  TEXT("{\"vfs\": {\"2\": {\"mac\": \"02:00:00:00:00:01\"},\n"
	       "\"1\": {\"mac\": \"02:00:00:00:00:01\"}}}"),
	  -EINVAL, "f:2: mac: 02:00:00:00:00:01 is the address of VF 2 already" },
	{ "JSON syntax", TEXT("{\n\"vfs\": {\n\"0\": {\"mtu\": }}}"), -EINVAL, "f:3: not JSON: " },
	{ "JSON and more", TEXT("{}\n[vf 0]\n"), -EINVAL, "f:2: not JSON: " },
	{ "JSON key twice", TEXT("{\"vfs\": {\"0\": {\"mtu\": 99,\n\"mtu\": 99}}}"), -EINVAL,
	  "f:2: not JSON: duplicate object key" },
	{ "JSON unknown section", TEXT("{\n\"vf\": {}}"), -EINVAL,
	  "f:2: vf: unknown section; known are default and vfs" },
	{ "JSON default is no object", TEXT("{\n\"default\": []}"), -EINVAL,
	  "f:2: default: a section is an object of fields" },
	{ "JSON vfs is no object", TEXT("{\n\n\"vfs\": [{}]}"), -EINVAL,
	  "f:3: vfs: an object is needed" },
	{ "JSON section is no object", TEXT("{\"vfs\": {\n\"1\": 5}}"), -EINVAL,
	  "f:2: 1: a section is an object of fields" },
	{ "JSON VF past the end", TEXT("{\"vfs\": {\"0\": {},\n\"4\": {}}}"), -ERANGE,
	  "f:2: vf: VF 4 is out of range 0 to 3 (4 VFs)" },
	{ "JSON field",
	  TEXT("{\"default\": {\"mtu\": 99},\n\"vfs\": {\"0\": {\"vlan\": {\"mode\": \"off\"}},\n"
	       "\"1\": {\"link\": \"}\\\"{\",\n\"mtu\": 67}}}"),
	  -EINVAL, "f:3: link: \"}\"{\" is none of" },
	{ "JSON field after structures",
	  TEXT("{\"default\": {\"mtu\": 99},\n\"vfs\": {\"0\": {\"vlan\": {\"mode\": \"trunk\",\n"
	       "\"trunk\": [{\"id\": 1}, {\"id\": 2}]},\n\"mtu\": 67}}}"),
	  -EINVAL, "f:4: mtu: 67 is out of range 68 to 65521" },
	{ "JSON same key elsewhere",
	  TEXT("{\"default\": {\"mtu\": 99},\n\"vfs\": {\"0\": {\"mtu\": 99},\n\"1\": {\n"
	       "\"mtu\": 1}}}"),
	  -EINVAL, "f:4: mtu: 1 is out of range" },
	{ "JSON later field", TEXT("{\"default\":\n{\"ip\": []}}"), -ENOTSUP, "f:2: ip: this " },
	{ "JSON mac of two", TEXT("{\"vfs\": {\"0-1\": {\"mac\": \"02:00:00:00:00:01\"}}}"),
	  -EINVAL, "f:1: mac: addresses belong to one VF" },
};

static void
file_refused(void **state)
{
	const struct bad *row = *state;
	struct esw_policy_patch got[NB_VFS], before[NB_VFS];
	struct esw_err err = { "" };

	memset(got, 0x5a, sizeof(got));
	memcpy(before, got, sizeof(got));
	assert_int_equal(esw_policy_file_parse("f", row->text, row->len, NB_VFS, got, &err),
			 row->ret);
	assert_says(&err, row->says);
	assert_memory_equal(got, before, sizeof(got));
	assert_int_equal(esw_policy_file_parse("f", row->text, row->len, NB_VFS, got, NULL),
			 row->ret);
}

static void
no_vfs(void **state)
{
	static const char text[] = "[default]\nmtu = 1500\n[vf 0]\n";
	struct esw_policy_patch unused;
	struct esw_err err = { "" };

	(void)state;
	assert_int_equal(esw_policy_file_parse("f", text, sizeof(text) - 1, 0, &unused, &err),
			 -ERANGE);
	assert_says(&err, "f:3: vf: VF 0 is out of range: there are 0 VFs");
	assert_int_equal(esw_policy_file_parse("f", text, 21, 0, &unused, &err), 0);
}

static void
last_vf(void **state)
{
	static const char text[] = "[vf 65534]\nmtu = 99\n";
	struct esw_policy_patch *all = calloc(UINT16_MAX, sizeof(*all));
	struct esw_err err = { "" };

	(void)state;
	assert_non_null(all);
	assert_int_equal(esw_policy_file_parse("f", text, sizeof(text) - 1, UINT16_MAX, all, &err),
			 0);
	assert_int_equal(all[65533].fields, 0);
	assert_int_equal(all[65534].fields, ESW_F_BIT(ESW_F_MTU));
	free(all);
}

/* The longest line that is read, and one octet more. */
static void
long_line(void **state)
{
	const size_t max = ESW_POLICY_TEXT_MAX + 256;
	struct esw_policy_patch got[NB_VFS];
	struct esw_err err = { "" };
	char *text = malloc(max + 3);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', max + 3);
	text[0] = '\n';
	text[1] = '#';
	text[max + 1] = '\r';
	text[max + 2] = '\n';
	assert_int_equal(esw_policy_file_parse("f", text, max + 3, NB_VFS, got, &err), 0);
	text[max + 1] = 'x';
	assert_int_equal(esw_policy_file_parse("f", text, max + 3, NB_VFS, got, &err), -EINVAL);
	assert_says(&err, "f:2: line of 16641 octets: at most 16640 are allowed");
	free(text);
}

/* A long path loses its front: the reason must still be there. */
static void
long_name(void **state)
{
	struct esw_policy_patch got[NB_VFS];
	struct esw_err err = { "" };
	char name[1000];

	(void)state;
	memset(name, 'd', sizeof(name));
	memcpy(name + sizeof(name) - 6, "/file", 6);
	assert_int_equal(esw_policy_file_parse(name, TEXT("mtu = 5"), NB_VFS, got, &err), -EINVAL);
	assert_says(&err, "...ddd");
	assert_says(&err, "d/file:1: mtu: stands before the first section");
}

static void
load_from_disk(void **state)
{
	static const char text[] = "[vf 2]\nmtu = 1400\n";
	char path[] = "policy-XXXXXX";
	struct esw_policy_patch got[NB_VFS];
	struct esw_err err = { "" };
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	assert_int_equal(esw_policy_file_load(path, NB_VFS, got, &err), 0);
	assert_int_equal(got[2].value.mtu, 1400);
	assert_int_equal(esw_policy_file_load(path, 2, got, &err), -ERANGE);
	assert_int_equal(strncmp(err.msg, path, strlen(path)), 0);
	assert_int_equal(ftruncate(fd, (16 << 20) + 1), 0);
	assert_int_equal(esw_policy_file_load(path, NB_VFS, got, &err), -EFBIG);
	assert_says(&err, "longer than 16777216 octets");
	close(fd);
	unlink(path);
	assert_int_equal(esw_policy_file_load(path, NB_VFS, got, &err), -ENOENT);
	assert_says(&err, "cannot be opened: No such file");
	assert_int_equal(esw_policy_file_load(".", NB_VFS, got, &err), -EISDIR);
	assert_says(&err, ".: cannot be read: Is a directory");
}

int
main(void)
{
	const struct CMUnitTest single[] = {
		cmocka_unit_test(no_vfs),         cmocka_unit_test(last_vf),
		cmocka_unit_test(long_line),      cmocka_unit_test(long_name),
		cmocka_unit_test(load_from_disk),
	};

	return ROWS_RUN(file_taken, good) + ROWS_RUN(file_refused, bad) +
	       cmocka_run_group_tests(single, NULL, NULL);
}
