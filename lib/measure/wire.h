/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_WIRE_H_
#define _MSR_WIRE_H_

/*
 * Wire arithmetic: how long a frame is on an Ethernet link, and so how many fit into a second.
 *
 * Three lengths of one frame are in use and they are easily mixed up:
 *
 *   size     what RFC 2544 and every data sheet call the frame size: header + payload + FCS (64,
 *   1518) pkt_len  what DPDK puts in the mbuf: the same without the 4 bytes of FCS          (60,
 *   1514) wire     size + 20: 7 preamble, 1 SFD, 12 inter-frame gap (IEEE 802.3 4.4.2)      (84,
 *   1538)
 *
 * Users of the bench give sizes; everything below the option parser works with pkt_len.
 * A VLAN tag counts: a tagged frame of the same payload is 4 bytes longer in all three.
 *
 * A software port has no line rate. These functions say what a link of a given speed would carry;
 * they never say that the tester offered it.
 *
 * Thread-safety: pure functions.
 */

#include <stddef.h>
#include <stdint.h>

#define MSR_FCS_LEN 4U
#define MSR_WIRE_GAP 20U /* preamble + SFD + inter-frame gap, bytes */

#define MSR_SIZE_MIN 64U   /* smallest Ethernet frame with FCS (IEEE 802.3 4.4.2) */
#define MSR_SIZE_MAX 9600U /* jumbo limit of common NICs; no standard gives one */

#define MSR_IMIX_MAX 16U /* entries of one mix */

/* Frame sizes of a mix, in the order in which they are sent; `pkt_len` is without FCS. */
struct msr_imix {
	uint32_t n;
	uint32_t total; /* sum of the weights */
	struct {
		uint32_t pkt_len;
		uint32_t weight;
	} entry[MSR_IMIX_MAX];
};

/* pkt_len of a frame whose size with FCS is @p size bytes; 0 if there is no room for the FCS. */
uint32_t msr_wire_pkt_len(uint32_t size);

/* Bits that a frame of @p pkt_len bytes (without FCS) occupies on the wire, gap included. */
uint64_t msr_wire_bits(uint32_t pkt_len);

/* The same of a mix of frames whose lengths without FCS are @p mean bytes on average. */
double msr_wire_mean_bits(double mean);

/* Frames per second of @p pkt_len bytes that a link of @p bits_per_s carries at most. */
double msr_wire_pps(uint32_t pkt_len, uint64_t bits_per_s);

/* Link speed in bit/s that @p pps frames per second of @p pkt_len bytes fill. */
double msr_wire_bps(uint32_t pkt_len, double pps);

/**
 * Read a mix of frame sizes.
 *
 * @param text  "imix" (7 x 64, 4 x 570, 1 x 1518 bytes with FCS: the "simple IMIX" that CSIT calls
 *              IMIX_v4_1), or an RFC 6985 genome: one letter a frame, a=64 b=128 c=256 d=512
 *              e=1024 f=1280 g=1518 i=9000, each optionally preceded by a repeat count, which is
 *              a shorthand of ours ("7a4d1g" is "aaaaaaaddddg"). h (2112) is taken as well;
 *              j (16000) and z (MTU) are refused: beyond MSR_SIZE_MAX, and not a size.
 * @param mix   result; untouched on error
 * @param err   buffer for one sentence on error
 * @return 0, or -EINVAL with @p err filled
 */
int msr_imix_parse(const char *text, struct msr_imix *mix, char *err, size_t errlen);

/* Mean pkt_len of the mix, bytes without FCS. */
double msr_imix_mean(const struct msr_imix *mix);

#endif /* _MSR_WIRE_H_ */
