/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

uint32_t
msr_wire_pkt_len(uint32_t size)
{
	return size > MSR_FCS_LEN ? size - MSR_FCS_LEN : 0;
}

uint64_t
msr_wire_bits(uint32_t pkt_len)
{
	return ((uint64_t)pkt_len + MSR_FCS_LEN + MSR_WIRE_GAP) * 8;
}

double
msr_wire_mean_bits(double mean)
{
	return (mean + MSR_FCS_LEN + MSR_WIRE_GAP) * 8;
}

double
msr_wire_pps(uint32_t pkt_len, uint64_t bits_per_s)
{
	return (double)bits_per_s / (double)msr_wire_bits(pkt_len);
}

double
msr_wire_bps(uint32_t pkt_len, double pps)
{
	return pps * (double)msr_wire_bits(pkt_len);
}

/* RFC 6985 section 3; 0 for a letter that is not a size we can send. */
static uint32_t
genome_size(char letter)
{
	static const uint32_t size[] = { 64, 128, 256, 512, 1024, 1280, 1518, 2112, 9000 };

	if (letter < 'a' || letter > 'i')
		return 0;
	return size[letter - 'a'];
}

static int
imix_add(struct msr_imix *mix, uint32_t size, uint32_t weight)
{
	uint32_t pkt_len = msr_wire_pkt_len(size);

	mix->total += weight;
	if (mix->n != 0 && mix->entry[mix->n - 1].pkt_len == pkt_len) {
		mix->entry[mix->n - 1].weight += weight;
		return 0;
	}
	if (mix->n == MSR_IMIX_MAX)
		return -ENOSPC;
	mix->entry[mix->n].pkt_len = pkt_len;
	mix->entry[mix->n].weight = weight;
	mix->n++;
	return 0;
}

int
msr_imix_parse(const char *text, struct msr_imix *mix, char *err, size_t errlen)
{
	struct msr_imix m = { 0 };
	const char *p = text;

	if (strcmp(text, "imix") == 0) {
		imix_add(&m, 64, 7);
		imix_add(&m, 570, 4);
		imix_add(&m, 1518, 1);
		*mix = m;
		return 0;
	}
	while (*p != '\0') {
		unsigned long count = 1;
		char *end;

		if (isdigit((unsigned char)*p)) {
			count = strtoul(p, &end, 10);
			p = end;
		}
		if (count == 0 || count > 1000 || genome_size(*p) == 0) {
			snprintf(err, errlen,
				 "mix \"%s\": at offset %zu: expected \"imix\" or letters a to i, "
				 "each after an optional count of 1 to 1000",
				 text, (size_t)(p - text));
			return -EINVAL;
		}
		if (imix_add(&m, genome_size(*p), (uint32_t)count) != 0) {
			snprintf(err, errlen, "mix \"%s\": more than %u changes of size", text,
				 MSR_IMIX_MAX);
			return -EINVAL;
		}
		p++;
	}
	if (m.total == 0) {
		snprintf(err, errlen, "mix \"\": empty; expected \"imix\" or letters a to i");
		return -EINVAL;
	}
	*mix = m;
	return 0;
}

double
msr_imix_mean(const struct msr_imix *mix)
{
	double sum = 0;

	for (uint32_t i = 0; i < mix->n; i++)
		sum += (double)mix->entry[i].pkt_len * mix->entry[i].weight;
	return mix->total == 0 ? 0 : sum / mix->total;
}
