/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_common.h>

#include "frame.h"

/* Odd constants with well-spread bits (the golden ratio's fraction and a prime beside it). */
#define MIX_A 0x9e3779b97f4a7c15ULL
#define MIX_B 0xc2b2ae3d27d4eb4fULL

/* The label as it lies in the frame, little endian, unaligned. */
struct wire_label {
	rte_le32_t magic;
	rte_le32_t stream;
	rte_le64_t seq;
	rte_le64_t tsc;
	rte_le16_t epoch;
	rte_le16_t len;
	rte_le32_t fill_sum;
	rte_le32_t label_sum;
} __rte_packed;

static_assert(sizeof(struct wire_label) == MSR_LABEL_LEN, "MSR_LABEL_LEN is wrong");

static inline uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * MIX_A;
	return h << 29 | h >> 35;
}

static inline uint32_t
fold(uint64_t h)
{
	h ^= h >> 32;
	h *= MIX_B;
	return (uint32_t)(h >> 32);
}

/* Only the label's first 32 bytes are summed: whole words, the sum itself is the rest. */
static inline uint32_t
label_sum(const struct wire_label *w)
{
	uint64_t word[4], h = MIX_B;

	static_assert(offsetof(struct wire_label, label_sum) == sizeof(word), "label words");
	memcpy(word, w, sizeof(word));
	for (unsigned int i = 0; i < RTE_DIM(word); i++)
		h = mix(h, rte_le_to_cpu_64(word[i]));
	return fold(h);
}

/* Never 0, which stands for "not summed". */
static uint32_t
fill_sum(const uint8_t *p, uint32_t len)
{
	uint64_t h = MIX_A ^ len;
	uint32_t sum;
	uint64_t word;

	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = mix(h, rte_le_to_cpu_64(word));
	}
	word = 0;
	memcpy(&word, p, len);
	sum = fold(mix(h, rte_le_to_cpu_64(word)));
	return sum != 0 ? sum : 1;
}

static void
fill(uint8_t *p, uint32_t len, uint64_t state)
{
	while (len != 0) {
		uint32_t n = RTE_MIN(len, (uint32_t)sizeof(state));

		state = mix(state, MIX_B);
		memcpy(p, &state, n);
		p += n;
		len -= n;
	}
}

void
msr_frame_eth(uint8_t *frame, const uint8_t dst[6], const uint8_t src[6], uint16_t type)
{
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
}

void
msr_frame_tag(uint8_t *at, uint16_t tci, uint16_t type)
{
	at[0] = (uint8_t)(tci >> 8);
	at[1] = (uint8_t)tci;
	at[2] = (uint8_t)(type >> 8);
	at[3] = (uint8_t)type;
}

static inline void
put_label(uint8_t *at, const struct msr_label *label, uint32_t sum)
{
	struct wire_label w = {
		.magic = rte_cpu_to_le_32(MSR_FRAME_MAGIC),
		.stream = rte_cpu_to_le_32(label->stream),
		.seq = rte_cpu_to_le_64(label->seq),
		.tsc = rte_cpu_to_le_64(label->tsc),
		.epoch = rte_cpu_to_le_16(label->epoch),
		.len = rte_cpu_to_le_16(label->len),
		.fill_sum = rte_cpu_to_le_32(sum),
	};

	w.label_sum = rte_cpu_to_le_32(label_sum(&w));
	memcpy(at, &w, sizeof(w));
}

void
msr_frame_stamp(uint8_t *at, const struct msr_label *label)
{
	put_label(at, label, 0);
}

void
msr_frame_build(uint8_t *at, uint32_t room, const struct msr_label *label, uint64_t seed)
{
	uint32_t len = room - MSR_LABEL_LEN;

	fill(at + MSR_LABEL_LEN, len, seed ^ label->seq * MIX_B ^ label->stream);
	put_label(at, label, fill_sum(at + MSR_LABEL_LEN, len));
}

enum msr_frame_fault
msr_frame_verify(const uint8_t *at, uint32_t room, uint32_t pkt_len, struct msr_label *label)
{
	struct wire_label w;

	if (room < MSR_LABEL_LEN)
		return MSR_FRAME_FOREIGN;
	memcpy(&w, at, sizeof(w));
	if (rte_le_to_cpu_32(w.magic) != MSR_FRAME_MAGIC)
		return MSR_FRAME_FOREIGN;
	*label = (struct msr_label){
		.magic = MSR_FRAME_MAGIC,
		.stream = rte_le_to_cpu_32(w.stream),
		.seq = rte_le_to_cpu_64(w.seq),
		.tsc = rte_le_to_cpu_64(w.tsc),
		.epoch = rte_le_to_cpu_16(w.epoch),
		.len = rte_le_to_cpu_16(w.len),
		.fill_sum = rte_le_to_cpu_32(w.fill_sum),
		.label_sum = rte_le_to_cpu_32(w.label_sum),
	};
	if (label_sum(&w) != label->label_sum)
		return MSR_FRAME_BAD_LABEL;
	if (label->len != pkt_len)
		return MSR_FRAME_BAD_LEN;
	if (label->fill_sum != 0 &&
	    fill_sum(at + MSR_LABEL_LEN, room - MSR_LABEL_LEN) != label->fill_sum)
		return MSR_FRAME_BAD_FILL;
	return MSR_FRAME_OK;
}

const char *
msr_frame_fault_name(enum msr_frame_fault fault)
{
	static const char *const name[] = {
		[MSR_FRAME_OK] = "ok",
		[MSR_FRAME_FOREIGN] = "foreign",
		[MSR_FRAME_BAD_LABEL] = "label damaged",
		[MSR_FRAME_BAD_LEN] = "length changed",
		[MSR_FRAME_BAD_FILL] = "filler damaged",
	};

	return (unsigned int)fault < RTE_DIM(name) ? name[fault] : "unknown";
}
