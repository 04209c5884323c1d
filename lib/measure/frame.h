/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_FRAME_H_
#define _MSR_FRAME_H_

/*
 * The test frame: an Ethernet header and a label that says what the frame is, so that the receiver
 * can tell loss from damage, damage from a stray, and knows when the frame should have left.
 *
 *   0   destination MAC, source MAC, EtherType 0x88b5 (IEEE 802, local experimental 1)
 *   14  struct msr_label, 36 bytes, little endian whatever the CPU is
 *   50  filler up to the end of the frame
 *
 * It fits a minimum-size frame (pkt_len 60, 64 with FCS) also behind a VLAN tag (54) and a double
 * one (58); the label's offset is therefore a parameter.
 *
 * Two checksums. `label_sum` covers the label and is in every frame. `fill_sum` covers the filler:
 * writing and summing 9000 bytes for each frame would measure the tester, so only a sample carries
 * it (0 means: not summed). The filler of a summed frame depends on seed and sequence number, so a
 * device that passes on old buffer contents cannot get it right. Tests and the hop measurement sum
 * every frame.
 *
 * The sums are multiply-and-rotate mixes, not CRCs: they are to catch software that mixes up
 * buffers, where a link has a CRC already. Any change within one 8-byte word is always noticed
 * before the fold to 32 bits; after it, one random damage in 2^32 passes.
 *
 * The destination and source MAC and the tag are not covered: switches may rewrite them.
 *
 * Thread-safety: pure functions on the caller's buffer.
 */

#include <stdbool.h>
#include <stdint.h>

#define MSR_FRAME_MAGIC 0x6873776dU
#define MSR_FRAME_ETHERTYPE 0x88b5U
#define MSR_FRAME_ETH_LEN 14U
#define MSR_FRAME_TAG_LEN 4U

struct msr_label {
	uint32_t magic;
	uint32_t stream;    /* which flow: index in the tester's table */
	uint64_t seq;       /* number within the stream and trial, from 0 */
	uint64_t tsc;       /* TSC at which the frame was meant to leave */
	uint16_t epoch;     /* trial number; late frames of an earlier trial differ in it */
	uint16_t len;       /* pkt_len when sent: notices truncation and padding */
	uint32_t fill_sum;  /* over the filler; 0 = filler not summed */
	uint32_t label_sum; /* over all fields above */
};

#define MSR_LABEL_LEN 36U /* on the wire; the struct is padded by the compiler */

enum msr_frame_fault {
	MSR_FRAME_OK,
	MSR_FRAME_FOREIGN,   /* too short for a label, or no magic: not ours */
	MSR_FRAME_BAD_LABEL, /* ours, label damaged */
	MSR_FRAME_BAD_LEN,   /* label intact, the length is not the one sent */
	MSR_FRAME_BAD_FILL,  /* label intact, filler damaged */
};

/* Write the Ethernet header; @p type in host byte order. */
void msr_frame_eth(uint8_t *frame, const uint8_t dst[6], const uint8_t src[6], uint16_t type);

/* Write what follows the EtherType of a VLAN tag: the tag's control word, and the next type. */
void msr_frame_tag(uint8_t *at, uint16_t tci, uint16_t type);

/**
 * Write label only; the filler stays as it is and is declared unsummed.
 *
 * @param at     where the label goes: frame + header length
 * @param label  magic and sums are ignored; `len` is the whole frame's pkt_len
 */
void msr_frame_stamp(uint8_t *at, const struct msr_label *label);

/**
 * Write label and filler, both summed.
 *
 * @param at    where the label goes
 * @param room  bytes from @p at to the end of the frame, at least MSR_LABEL_LEN
 * @param seed  of the filler
 */
void msr_frame_build(uint8_t *at, uint32_t room, const struct msr_label *label, uint64_t seed);

/**
 * Read and check a label, and the filler where it is summed.
 *
 * @param at       where the label should be
 * @param room     bytes from @p at to the end of the frame
 * @param pkt_len  whole length received, compared with the label's
 * @param label    result; filled unless MSR_FRAME_FOREIGN
 */
enum msr_frame_fault msr_frame_verify(const uint8_t *at, uint32_t room, uint32_t pkt_len,
				      struct msr_label *label);

/* Name of a fault, for reports. */
const char *msr_frame_fault_name(enum msr_frame_fault fault);

#endif /* _MSR_FRAME_H_ */
