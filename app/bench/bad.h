/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_BAD_H_
#define _BENCH_BAD_H_

/*
 * Bad frames (--bad): what a sender must not get through. They are mixed into its traffic at a
 * share of all frames; that they do not arrive is right, and one that arrives anywhere fails the
 * run. Which kinds are bad depends on the policy of the device: the user says so by asking.
 *
 *   spoof             source address that is not the sender's
 *   vlan:VID          tagged with a VLAN that the sender may not use
 *   mtu               longer than the sending port's MTU allows, tags included
 *   unknown           unicast to an address that no port has
 *   multicast-source  source address with the group bit
 *
 * Thread-safety: parsed once, read-only afterwards.
 */

#include <stddef.h>
#include <stdint.h>

enum bench_bad_kind {
	BENCH_BAD_SPOOF,
	BENCH_BAD_VLAN,
	BENCH_BAD_MTU,
	BENCH_BAD_UNKNOWN,
	BENCH_BAD_MULTICAST_SOURCE,
};

#define BENCH_BAD_MAX 8U       /* entries of the list */
#define BENCH_BAD_PERCENT 0.01 /* smallest share */
#define BENCH_BAD_ALL 99.0     /* largest sum: a run needs frames that count */

struct bench_bad {
	enum bench_bad_kind kind;
	uint16_t vid; /* of BENCH_BAD_VLAN */
	double percent;
};

struct bench_bad_list {
	struct bench_bad entry[BENCH_BAD_MAX];
	unsigned int n;
};

/* "spoof:10,vlan:5:1.5"; -EINVAL with one sentence in @p err. */
int bench_bad_parse(const char *text, struct bench_bad_list *list, char *err, size_t errlen);

/* Name of a kind, as on the command line. */
const char *bench_bad_name(enum bench_bad_kind kind);

#endif /* _BENCH_BAD_H_ */
