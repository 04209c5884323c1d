/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_DEVICE_H_
#define _BENCH_DEVICE_H_

/*
 * The e-switch behind the ports under test, where they are of one: its policies can be changed and
 * its counters say why a frame did not come. Ports of any other kind have none, and the modes that
 * need it say so.
 *
 * Thread-safety: as lib/switchdev; the PF must not be removed meanwhile.
 */

#include "ports.h"
#include "switchdev.h"

struct bench_device {
	struct swd_dev *dev;
	unsigned int n;             /* ports under test that are of it */
	int port[RTE_MAX_ETHPORTS]; /* VF index or SWD_PORT_PF of each */
};

/* The device of the first sending port; false if it is not one that lib/switchdev knows. */
bool bench_device_find(struct bench_device *d, const struct bench_ports *ports);

/* A VF of the device that is no port under test; -1 if there is none. */
int bench_device_idle_vf(const struct bench_device *d);

/* Sum over the ports under test of the counter @p name ("tx_spoof"). */
uint64_t bench_device_count(const struct bench_device *d, const char *name);

/* The same of all counters of frames that a rule, not a full queue, ended. */
uint64_t bench_device_forbidden(const struct bench_device *d);

#endif /* _BENCH_DEVICE_H_ */
