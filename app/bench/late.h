/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_LATE_H_
#define _BENCH_LATE_H_

/*
 * Devices that cannot come with the EAL's --vdev, because they need another one that is set up:
 * virtio-user connects to a socket while it is probed, and the net_vhost of the same process makes
 * that socket when it is configured. So `--plug DEVARGS` configures what is there and probes then.
 *
 * Ports are known by name only when they exist: to be called before any list of ports is read.
 *
 * Thread-safety: call from the main lcore.
 */

#include "options.h"

/** @return 0, or negative errno with @p err filled */
int bench_late(const struct bench_options *o, char *err, size_t errlen);

#endif /* _BENCH_LATE_H_ */
