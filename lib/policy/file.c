/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * A policy file: what INI and JSON have in common, which is everything but the syntax.
 *
 * rte_cfgfile is not used: it gives no line numbers, cuts long lines and takes duplicates in
 * silence, and a mistake in a policy has to be found before it is enforced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* 65536 VFs need less; a path that leads to a device or a disk image must not fill the memory. */
#define FILE_MAX (16u << 20)

static void
section_open(struct esw_file *f, bool is_default)
{
	memset(f->selected, 0, sizeof(f->selected));
	f->nb_selected = 0;
	f->in_default = is_default;
	f->section.fields = 0;
}

int
esw_file_section_default(struct esw_file *f, struct esw_err *err)
{
	if (f->has_default)
		return esw_err_set(err, -EINVAL, "default: the section is given twice");
	f->has_default = true;
	section_open(f, true);
	return 0;
}

int
esw_file_section_vfs(struct esw_file *f, struct esw_word list, struct esw_err *err)
{
	struct esw_list_rule rule = { .what = "VF" };
	char note[32];
	unsigned int i;
	int ret;

	if (f->nb_vfs == 0)
		return esw_err_set(err, -ERANGE, "vf: VF %.*s is out of range: there are 0 VFs",
				   ESW_WORD_ARG(list));
	snprintf(note, sizeof(note), " (%u VF%s)", f->nb_vfs, f->nb_vfs == 1 ? "" : "s");
	rule.note = note;
	rule.hi = f->nb_vfs - 1;
	section_open(f, false);
	ret = esw_list_parse(list, &rule, f->selected, err);
	if (ret != 0) {
		esw_err_prefix(err, "vf: ");
		return ret;
	}
	for (i = 0; i < sizeof(f->selected) / sizeof(f->selected[0]); i++)
		f->nb_selected += (unsigned int)__builtin_popcountll(f->selected[i]);
	return 0;
}

int
esw_file_may_say(const struct esw_file *f, const char *field, struct esw_err *err)
{
	if (strcmp(field, "mac") != 0 && strcmp(field, "macs") != 0)
		return 0;
	if (f->in_default)
		return esw_err_set(err, -EINVAL,
				   "%s: addresses belong to one VF, so they are not "
				   "allowed in the section default",
				   field);
	if (f->nb_selected != 1)
		return esw_err_set(err, -EINVAL,
				   "%s: addresses belong to one VF, so they are not "
				   "allowed in a section for %u VFs",
				   field, f->nb_selected);
	return 0;
}

/* Also found when the policies are applied, but nobody could say the line any more. */
int
esw_file_mac_once(const struct esw_file *f, struct esw_err *err)
{
	const struct rte_ether_addr *mac = &f->section.value.mac;
	unsigned int i;

	if ((f->section.fields & ESW_F_BIT(ESW_F_MAC)) == 0)
		return 0;
	for (i = 0; i < f->nb_vfs; i++) {
		if (((f->selected[i / 64] >> (i % 64)) & 1) != 0 ||
		    (f->vfs[i].fields & ESW_F_BIT(ESW_F_MAC)) == 0 ||
		    !rte_is_same_ether_addr(mac, &f->vfs[i].value.mac))
			continue;
		return esw_err_set(err, -EINVAL,
				   "mac: " ESW_MAC_FMT " is the address of VF %u already",
				   ESW_MAC_ARG(mac), i);
	}
	return 0;
}

static void
overlay(struct esw_policy_patch *p, const struct esw_policy_patch *by)
{
	esw_policy_patch_apply(&p->value, by);
	p->fields |= by->fields;
}

void
esw_file_section_close(struct esw_file *f)
{
	unsigned int i;

	if (f->in_default)
		overlay(&f->def, &f->section);
	for (i = 0; i < f->nb_vfs && f->nb_selected != 0; i++) {
		if (((f->selected[i / 64] >> (i % 64)) & 1) != 0)
			overlay(&f->vfs[i], &f->section);
	}
	section_open(f, false);
}

void
esw_file_err_at(const struct esw_file *f, unsigned int line, struct esw_err *err)
{
	const size_t len = strlen(f->name), max = 100;
	const char *tail = len > max ? f->name + len - max : f->name;
	const char *dots = len > max ? "..." : "";

	if (line == 0)
		esw_err_prefix(err, "%s%s: ", dots, tail);
	else
		esw_err_prefix(err, "%s%s:%u: ", dots, tail, line);
}

static int
parse_by_form(struct esw_file *f, const char *text, size_t len, struct esw_err *err)
{
	static const char bom[] = "\xef\xbb\xbf"; /* UTF-8, as some editors write it */
	size_t i = 0;

	if (len >= 3 && memcmp(text, bom, 3) == 0) {
		text += 3;
		len -= 3;
	}
	while (i < len && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n'))
		i++;
	if (i < len && text[i] == '{')
		return esw_file_parse_json(f, text, len, err);
	return esw_file_parse_ini(f, text, len, err);
}

int
esw_policy_file_parse(const char *name, const char *text, size_t len, uint16_t nb_vfs,
		      struct esw_policy_patch *patches, struct esw_err *err)
{
	struct esw_file *f = calloc(1, sizeof(*f));
	struct esw_policy_patch *vfs = calloc(nb_vfs != 0 ? nb_vfs : 1, sizeof(*vfs));
	unsigned int i;
	int ret;

	if (f == NULL || vfs == NULL) {
		ret = esw_err_set(err, -ENOMEM, "%s: no memory for %u policies", name, nb_vfs);
		goto out;
	}
	f->name = name;
	f->nb_vfs = nb_vfs;
	f->vfs = vfs;
	ret = parse_by_form(f, text, len, err);
	if (ret != 0)
		goto out;
	for (i = 0; i < nb_vfs; i++) {
		patches[i].fields = 0;
		esw_policy_default(&patches[i].value);
		overlay(&patches[i], &f->def);
		overlay(&patches[i], &vfs[i]);
	}
out:
	free(vfs);
	free(f);
	return ret;
}

/* Read to the end, as a pipe has no size. @return octets or -errno, with the sentence */
static ssize_t
read_all(int fd, const char *path, char *buf, struct esw_err *err)
{
	size_t used = 0;
	ssize_t n;

	for (;;) {
		n = read(fd, buf + used, FILE_MAX + 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return esw_err_set(err, -errno, "%s: cannot be read: %m", path);
		if (n == 0)
			return (ssize_t)used;
		used += (size_t)n;
		if (used > FILE_MAX)
			return esw_err_set(err, -EFBIG, "%s: longer than %u octets", path,
					   FILE_MAX);
	}
}

int
esw_policy_file_load(const char *path, uint16_t nb_vfs, struct esw_policy_patch *patches,
		     struct esw_err *err)
{
	char *buf;
	ssize_t n;
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return esw_err_set(err, -errno, "%s: cannot be opened: %m", path);
	buf = malloc(FILE_MAX + 1); /* untouched pages cost nothing */
	if (buf == NULL) {
		ret = esw_err_set(err, -ENOMEM, "%s: no memory to read it", path);
		goto out;
	}
	n = read_all(fd, path, buf, err);
	ret = n < 0 ? (int)n : esw_policy_file_parse(path, buf, (size_t)n, nb_vfs, patches, err);
	free(buf);
out:
	close(fd);
	return ret;
}

static int
print_section(FILE *out, const struct esw_policy *p, unsigned int vf, char *text)
{
	unsigned int f;
	int ret;

	ret = fprintf(out, "%s[vf %u]\n", vf == 0 ? "" : "\n", vf);
	for (f = 0; ret >= 0 && f < ESW_F_COUNT; f++) {
		if (f == ESW_F_MAC && rte_is_zero_ether_addr(&p->mac))
			continue;
		esw_policy_field_print(p, (enum esw_policy_field)f, text, ESW_POLICY_TEXT_MAX);
		ret = fprintf(out, "%s = %s\n", esw_policy_field_name((enum esw_policy_field)f),
			      text);
	}
	return ret < 0 ? ret : 0;
}

char *
esw_policy_file_print(const struct esw_policy *policies, uint16_t nb_vfs)
{
	char *file = NULL, *text = malloc(ESW_POLICY_TEXT_MAX);
	size_t len = 0;
	FILE *out = open_memstream(&file, &len);
	unsigned int i;
	int ret = 0;

	if (text == NULL || out == NULL)
		ret = -ENOMEM;
	for (i = 0; ret == 0 && i < nb_vfs; i++)
		ret = print_section(out, &policies[i], i, text);
	if (out != NULL && fclose(out) != 0)
		ret = -ENOMEM;
	free(text);
	if (ret != 0) {
		free(file);
		return NULL;
	}
	return file;
}
