/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Frames from words and tags to words; see tables.h for the words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

static const struct {
	const char *word;
	struct rte_ether_addr mac;
} macs[] = {
	{ "pf", { { 0x02, 0, 0, 0, 0, 0x01 } } },
	{ "vf0", { { 0x02, 0, 0, 0, 0, 0x10 } } },
	{ "vf1", { { 0x02, 0, 0, 0, 0, 0x11 } } },
	{ "macs", { { 0x02, 0, 0, 0, 0, 0x20 } } },
	{ "added", { { 0x02, 0, 0, 0, 0, 0x30 } } },
	{ "other", { { 0x02, 0, 0, 0, 0, 0x99 } } },
	{ "mcast", { { 0x01, 0x00, 0x5e, 0, 0, 0x05 } } },
	{ "bcast", { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } } },
	{ "zero", { { 0, 0, 0, 0, 0, 0 } } },
};

static const char *const ep_names[TABLE_EPS] = {
	[TABLE_WIRE] = "wire", [TABLE_PF] = "pf",     [TABLE_VF0] = "vf0",
	[TABLE_VF1] = "vf1",   [TABLE_REP0] = "rep0", [TABLE_REP1] = "rep1",
};

/* A frame that is being put together. */
struct draft {
	const struct rte_ether_addr *src, *dst;
	uint8_t tags[64];
	unsigned int tags_len;
	int l3, octets;
};

const struct rte_ether_addr *
table_mac(const char *word)
{
	unsigned int i;

	for (i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		if (strcmp(macs[i].word, word) == 0)
			return &macs[i].mac;
	}
	return NULL;
}

int
table_ep_by_name(const char *name)
{
	int i;

	for (i = 0; i < TABLE_EPS; i++) {
		if (strcmp(ep_names[i], name) == 0)
			return i;
	}
	return -1;
}

/* "C100p5d" */
static int
tag_word(struct draft *d, const char *word)
{
	unsigned long vid, pcp = 0, tci;
	char *end;

	if (d->tags_len + 4 > sizeof(d->tags))
		return -1;
	vid = strtoul(word + 1, &end, 10);
	if (end == word + 1 || vid > 4095)
		return -1;
	if (*end == 'p')
		pcp = strtoul(end + 1, &end, 10);
	tci = pcp << 13 | vid;
	if (*end == 'd') {
		tci |= 0x1000;
		end++;
	}
	if (*end != '\0' || pcp > 7)
		return -1;
	d->tags[d->tags_len] = word[0] == 'C' ? 0x81 : 0x88;
	d->tags[d->tags_len + 1] = word[0] == 'C' ? 0x00 : 0xa8;
	d->tags[d->tags_len + 2] = tci >> 8;
	d->tags[d->tags_len + 3] = tci & 0xff;
	d->tags_len += 4;
	return 0;
}

static int
frame_word(struct draft *d, const char *word)
{
	if (strcmp(word, "untagged") == 0)
		return 0;
	if (word[0] == 'C' || word[0] == 'S')
		return tag_word(d, word);
	if (strncmp(word, "src=", 4) == 0)
		return (d->src = table_mac(word + 4)) == NULL ? -1 : 0;
	if (strncmp(word, "dst=", 4) == 0)
		return (d->dst = table_mac(word + 4)) == NULL ? -1 : 0;
	if (strncmp(word, "l3=", 3) == 0) {
		d->l3 = (int)strtol(word + 3, NULL, 10);
		return 0;
	}
	if (strncmp(word, "octets=", 7) == 0) {
		d->octets = (int)strtol(word + 7, NULL, 10);
		return 0;
	}
	return -1;
}

int
table_frame(const struct table_row *row, uint8_t frame[TABLE_FRAME_MAX])
{
	struct draft d = { .l3 = 46, .octets = -1 };
	char text[256], *word, *save = NULL;
	int len, i;

	d.src = table_mac(row->from);
	d.dst = table_mac(strncmp(row->at, "vf", 2) == 0 ? row->at : "other");
	if (strcmp(row->at, row->from) == 0)
		d.dst = table_mac("other");
	if (d.src == NULL)
		d.src = table_mac("other");
	snprintf(text, sizeof(text), "%s", row->frame);
	for (word = strtok_r(text, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		if (frame_word(&d, word) < 0)
			return -1;
	}
	len = 14 + (int)d.tags_len + d.l3;
	if (len > TABLE_FRAME_MAX)
		return -1;
	memcpy(frame, d.dst->addr_bytes, 6);
	memcpy(frame + 6, d.src->addr_bytes, 6);
	memcpy(frame + 12, d.tags, d.tags_len);
	i = 12 + (int)d.tags_len;
	frame[i++] = 0x88; /* IEEE 802 local experimental EtherType 1 */
	frame[i++] = 0xb5;
	for (; i < len; i++)
		frame[i] = i & 0xff;
	return d.octets >= 0 ? d.octets : len;
}

void
table_tags(const uint8_t *frame, uint32_t len, char text[TABLE_TAGS_MAX])
{
	unsigned int n = 0, at = 12;

	text[0] = '\0';
	while (len >= at + 2 && n + 16 < TABLE_TAGS_MAX) {
		unsigned int type = frame[at] << 8 | frame[at + 1], tci;

		if (type != ESW_TPID_CTAG && type != ESW_TPID_STAG)
			break;
		if (len < at + 6) {
			n += sprintf(text + n, " half");
			break;
		}
		tci = frame[at + 2] << 8 | frame[at + 3];
		n += sprintf(text + n, " %c%u", type == ESW_TPID_CTAG ? 'C' : 'S', tci & 0xfff);
		if (tci >> 13 != 0)
			n += sprintf(text + n, "p%u", tci >> 13);
		if ((tci & 0x1000) != 0)
			n += sprintf(text + n, "d");
		at += 4;
	}
	if (n == 0)
		memcpy(text, "untagged", sizeof("untagged"));
	else
		memmove(text, text + 1, n);
}
