/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_ether.h>
#include <rte_string_fns.h>

#include "options_value.h"

int
bench_value_whole(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *value,
		  char *err, size_t errlen)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || v < min || v > max) {
		snprintf(err, errlen, "--%s %s: expected a whole number from %llu to %llu", name,
			 text, (unsigned long long)min, (unsigned long long)max);
		return -EINVAL;
	}
	*value = v;
	return 0;
}

int
bench_value_uint(const char *name, const char *text, unsigned int min, unsigned int max,
		 unsigned int *value, char *err, size_t errlen)
{
	uint64_t v;

	if (bench_value_whole(name, text, min, max, &v, err, errlen) != 0)
		return -EINVAL;
	*value = (unsigned int)v;
	return 0;
}

int
bench_value_real(const char *name, const char *text, double min, double max, bool suffix,
		 double *value, char *err, size_t errlen)
{
	static const char letters[] = "kMG";
	char *end;
	double v = strtod(text, &end);
	const char *s = *end != '\0' ? strchr(letters, *end) : NULL;

	if (suffix && s != NULL) {
		v *= pow(1000, (double)(s - letters + 1));
		end++;
	}
	if (end == text || *end != '\0' || !(v >= min && v <= max)) {
		snprintf(err, errlen, "--%s %s: expected a number from %g to %g%s", name, text, min,
			 max, suffix ? ", with an optional k, M or G" : "");
		return -EINVAL;
	}
	*value = v;
	return 0;
}

static int
add_size(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	struct bench_size *s = &o->size[o->n_sizes];
	uint64_t size;

	if (o->n_sizes == BENCH_SIZES_MAX) {
		snprintf(err, errlen, "--size: more than %u sizes", BENCH_SIZES_MAX);
		return -EINVAL;
	}
	if (strlen(text) >= sizeof(s->name)) {
		snprintf(err, errlen, "--size %s: more than %zu characters", text,
			 sizeof(s->name) - 1);
		return -EINVAL;
	}
	*s = (struct bench_size){ 0 };
	rte_strscpy(s->name, text, sizeof(s->name));
	if (strspn(text, "0123456789") == strlen(text)) {
		if (bench_value_whole("size", text, MSR_SIZE_MIN, MSR_SIZE_MAX, &size, err,
				      errlen) != 0)
			return -EINVAL;
		s->mix.n = s->mix.total = s->mix.entry[0].weight = 1;
		s->mix.entry[0].pkt_len = msr_wire_pkt_len((uint32_t)size);
	} else if (msr_imix_parse(text, &s->mix, err, errlen) != 0) {
		return -EINVAL;
	}
	for (uint32_t i = 0; i < s->mix.n; i++)
		s->max_len = RTE_MAX(s->max_len, s->mix.entry[i].pkt_len);
	o->n_sizes++;
	return 0;
}

int
bench_value_sizes(struct bench_options *o, const char *list, char *err, size_t errlen)
{
	char copy[512], *save = NULL;

	if (strlen(list) >= sizeof(copy)) {
		snprintf(err, errlen, "--size: list of more than %zu characters", sizeof(copy) - 1);
		return -EINVAL;
	}
	rte_strscpy(copy, list, sizeof(copy));
	o->n_sizes = 0;
	for (char *p = strtok_r(copy, ",", &save); p != NULL; p = strtok_r(NULL, ",", &save))
		if (add_size(o, p, err, errlen) != 0)
			return -EINVAL;
	if (o->n_sizes == 0) {
		snprintf(err, errlen, "--size \"%s\": no size in the list", list);
		return -EINVAL;
	}
	return 0;
}

int
bench_value_dst(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	struct rte_ether_addr a;

	if (strcmp(text, "auto") == 0) {
		o->dst_given = false;
		return 0;
	}
	if (rte_ether_unformat_addr(text, &a) != 0) {
		snprintf(err, errlen, "--dst %s: expected six bytes as xx:xx:xx:xx:xx:xx, or auto",
			 text);
		return -EINVAL;
	}
	memcpy(o->dst, a.addr_bytes, sizeof(o->dst));
	o->dst_given = true;
	return 0;
}

int
bench_value_pools(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	if (strcmp(text, "shared") != 0 && strcmp(text, "separate") != 0) {
		snprintf(err, errlen, "--pools %s: expected shared or separate", text);
		return -EINVAL;
	}
	o->separate = strcmp(text, "separate") == 0;
	return 0;
}

int
bench_value_profile(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	o->profile = bench_profile_find(text);
	if (o->profile != NULL)
		return 0;
	snprintf(err, errlen, "--profile %s: expected quick, ci, rfc2544 or tst009", text);
	return -EINVAL;
}

int
bench_value_vid(const char *name, const char *text, uint16_t *vid, char *err, size_t errlen)
{
	uint64_t v;

	if (bench_value_whole(name, text, 1, BENCH_VID_MAX, &v, err, errlen) != 0)
		return -EINVAL;
	*vid = (uint16_t)v;
	return 0;
}

int
bench_value_tag(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	unsigned long vid, pcp = 0;
	bool valid;
	char *end;

	errno = 0;
	vid = strtoul(text, &end, 10);
	valid = isdigit((unsigned char)text[0]) != 0;
	if (valid && *end == ':') {
		valid = isdigit((unsigned char)end[1]) != 0;
		pcp = strtoul(end + 1, &end, 10);
	}
	if (!valid || *end != '\0' || errno != 0 || vid > BENCH_VID_MAX || pcp > 7) {
		snprintf(err, errlen,
			 "--tag %s: expected VID or VID:PCP, with a VLAN from 0 to %u and a "
			 "priority from 0 to 7",
			 text, BENCH_VID_MAX);
		return -EINVAL;
	}
	o->tagged = true;
	o->tci = (uint16_t)(pcp << 13 | vid);
	return 0;
}

int
bench_value_expect_tag(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	uint64_t v;

	if (strcmp(text, "any") == 0 || strcmp(text, "none") == 0) {
		o->expect_tag = text[0] == 'a' ? BENCH_TAG_ANY : BENCH_TAG_NONE;
		return 0;
	}
	if (!isdigit((unsigned char)text[0])) {
		snprintf(err, errlen, "--expect-tag %s: expected any, none or a VLAN from 0 to %u",
			 text, BENCH_VID_MAX);
		return -EINVAL;
	}
	if (bench_value_whole("expect-tag", text, 0, BENCH_VID_MAX, &v, err, errlen) != 0)
		return -EINVAL;
	o->expect_tag = (int)v;
	return 0;
}

int
bench_value_plug(struct bench_options *o, const char *devargs, char *err, size_t errlen)
{
	if (o->n_plug == BENCH_PLUGS_MAX) {
		snprintf(err, errlen, "--plug %s: more than %u devices", devargs, BENCH_PLUGS_MAX);
		return -EINVAL;
	}
	o->plug[o->n_plug++] = devargs;
	return 0;
}
