/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_PORTS_H_
#define _VSW_PORTS_H_

/*
 * The ethdev ports that vfswitch owns: a PF, which in switchdev mode stands for the uplink, and its
 * representors.
 *
 * The bridge's own port numbers: 0 is the uplink, n + 1 is VF n's representor; a VF without a
 * representor leaves a gap, so that a number means the same VF for as long as the program runs.
 * Each port has one receive queue and a transmit queue for each worker, which is why workers need
 * no lock.
 *
 * One memory pool for each NUMA socket that has a port; an mbuf takes the largest frame whole up
 * to 9216 octets of MTU, beyond that frames come in segments.
 *
 * Thread-safety: none; called from the main thread only.
 */
#include <stdint.h>

#include <rte_config.h>
#include <rte_mempool.h>

#include "args.h"
#include "switchdev.h"
#include "vlans.h"

#define VSW_UPLINK 0

struct vsw_port {
	bool used;
	bool started;
	uint16_t port_id; /* ethdev */
	int vf;           /* VF index or SWD_PORT_WIRE */
};

struct vsw_ports {
	struct swd_dev *dev;
	struct swd_info info;
	uint16_t n_workers;
	uint16_t n; /* port numbers are below this */
	struct vsw_port port[VSW_PORTS_MAX];
	struct rte_mempool *pool[RTE_MAX_NUMA_NODES];
};

/*
 * Find the device and its ports. `name` NULL: the only device that there is.
 * @return 0; -ENODEV none, or not that one; -EINVAL several and no name, or more VFs than the
 * bridge has
 *         ports; with a sentence that lists what there is
 */
int vsw_ports_find(struct vsw_ports *p, const char *name, struct esw_err *err);

/*
 * Raise the PF's MTU to the largest that the policy file asks for, if the device can: a VF's may
 * not be larger than the PF's. A file that is wrong, or asks for more, is refused when it is
 * applied.
 * @return 0, or what the port says, with a sentence
 */
int vsw_ports_mtu_raise(struct vsw_ports *p, const char *policy, struct esw_err *err);

/* Configure and start all of them. On failure everything is stopped again. */
int vsw_ports_start(struct vsw_ports *p, const struct vsw_args *a, uint16_t n_workers,
		    struct esw_err *err);

/* Stop and close, in reverse order; ports that were never started too. */
void vsw_ports_close(struct vsw_ports *p);

static inline uint16_t
vsw_port_of_vf(uint16_t vf)
{
	return vf + 1;
}

#endif /* _VSW_PORTS_H_ */
