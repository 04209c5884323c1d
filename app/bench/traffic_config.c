/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <stdio.h>

#include "traffic.h"

/* Room for any value of --expect-tag. */
static const char *
expect_tag_name(int tag, char text[16])
{
	if (tag == BENCH_TAG_ANY)
		return "any";
	if (tag == BENCH_TAG_NONE)
		return "none";
	snprintf(text, 16, "%d", tag);
	return text;
}

static json_t *
bad_json(const struct bench_bad_list *list)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < list->n; i++) {
		const struct bench_bad *b = &list->entry[i];
		json_t *o = json_pack("{s:s, s:f}", "kind", bench_bad_name(b->kind), "percent",
				      b->percent);

		if (b->kind == BENCH_BAD_VLAN)
			json_object_set_new(o, "vlan", json_integer(b->vid));
		json_array_append_new(array, o);
	}
	return array;
}

json_t *
bench_traffic_json(const struct bench_options *o)
{
	json_t *tag = o->tagged ? json_pack("{s:i, s:i}", "vlan", o->tci & 0xfff, "priority",
					    o->tci >> 13) :
				  json_null();
	char arrivals[32], expect[16];

	bench_arrivals_name(&o->arrivals, arrivals, sizeof(arrivals));
	return json_pack("{s:s, s:i, s:i, s:s, s:o, s:s, s:o, s:b}", "pattern",
			 bench_pattern_name(o->pattern), "macs", (int)o->macs, "sources",
			 (int)o->sources, "arrivals", arrivals, "tag", tag, "expect_tag",
			 expect_tag_name(o->expect_tag, expect), "bad", bad_json(&o->bad), "udp",
			 (int)o->udp);
}

void
bench_traffic_print(const struct bench_options *o, FILE *out)
{
	char arrivals[32], expect[16];

	bench_arrivals_name(&o->arrivals, arrivals, sizeof(arrivals));
	fprintf(out, "pattern %s, %s arrivals, %u source%s a sender",
		bench_pattern_name(o->pattern), arrivals, o->sources, o->sources == 1 ? "" : "s");
	if (o->udp)
		fprintf(out, ", IPv4 and UDP");
	if (o->tagged)
		fprintf(out, ", sent with VLAN tag %d priority %d", o->tci & 0xfff, o->tci >> 13);
	if (o->expect_tag != BENCH_TAG_ANY)
		fprintf(out, ", expected tag %s", expect_tag_name(o->expect_tag, expect));
	for (unsigned int i = 0; i < o->bad.n; i++) {
		const struct bench_bad *b = &o->bad.entry[i];

		fprintf(out, "%s%g %% %s", i == 0 ? "\nframes that must be dropped: " : ", ",
			b->percent, bench_bad_name(b->kind));
		if (b->kind == BENCH_BAD_VLAN)
			fprintf(out, " %u", b->vid);
	}
	fprintf(out, "\n");
}
