/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PATTERN_H_
#define _BENCH_PATTERN_H_

/*
 * Patterns: which sending port sends to which receiving port (--pattern).
 *
 *   mesh         every sender to every receiver but itself; a sole receiver gets its own, too
 *   pairs        the i-th of --tx to the i-th of --rx
 *   ring         each port of --tx to the next, the last to the first
 *   many-to-one  all senders to the one receiver (RFC 2889 section 5.3)
 *   one-to-many  the one sender to all receivers but itself (RFC 2889 section 5.4)
 *   congestion   two senders, two receivers (RFC 2889 section 5.5): the first sender halves its
 *                frames between the receivers, the second sends all to the second receiver, which
 *                so is offered one and a half times what a port sends; the first receiver is not
 *                congested, and what it loses is lost to head-of-line blocking
 *   broadcast    each frame of a sender to every receiver but itself, once each
 *
 * A group is a number for the streams that a reader wants summed. In `congestion` each of the
 * three flows is one (BENCH_GROUP_*); else the group is the index of the receiver in --rx, in
 * `broadcast` that of the sender in --tx.
 *
 * Thread-safety: pure functions.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_ports;

enum bench_pattern {
	BENCH_PATTERN_MESH,
	BENCH_PATTERN_PAIRS,
	BENCH_PATTERN_RING,
	BENCH_PATTERN_MANY_TO_ONE,
	BENCH_PATTERN_ONE_TO_MANY,
	BENCH_PATTERN_CONGESTION,
	BENCH_PATTERN_BROADCAST,
};

/* Groups of `congestion`. */
#define BENCH_GROUP_FREE 0U   /* first sender to the receiver that is not congested */
#define BENCH_GROUP_SHARED 1U /* first sender to the congested one */
#define BENCH_GROUP_FULL 2U   /* second sender to the congested one */

/* -EINVAL with the possible names in @p err. */
int bench_pattern_parse(const char *name, enum bench_pattern *pattern, char *err, size_t errlen);

/* As on the command line. */
const char *bench_pattern_name(enum bench_pattern pattern);

/* Whether the ports suit the pattern; -EINVAL with one sentence in @p err. */
int bench_pattern_check(enum bench_pattern pattern, const struct bench_ports *ports, char *err,
			size_t errlen);

/* Whether sender @p s (index in ports->tx) sends to receiver @p r (index in ports->rx). */
bool bench_pattern_sends(enum bench_pattern pattern, const struct bench_ports *ports,
			 unsigned int s, unsigned int r);

/* The group of the stream from @p s to @p r. */
uint16_t bench_pattern_group(enum bench_pattern pattern, unsigned int s, unsigned int r);

/* Number of groups. */
uint16_t bench_pattern_groups(enum bench_pattern pattern, const struct bench_ports *ports);

#endif /* _BENCH_PATTERN_H_ */
