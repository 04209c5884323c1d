/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _REPRESENTOR_H_
#define _REPRESENTOR_H_

/*
 * The ethdev that stands for a VF on the switch side, once for every device that implements
 * struct swd_ops.
 *
 * What a user does to it acts on the VF where users of i40e or mlx5 expect it (MAC, VLAN filter,
 * PVID, link up and down), and on the representor itself otherwise (MTU, promiscuous, offloads).
 * The guide, doc/guides/nics/representor.rst, lists every operation.
 *
 * What surprises:
 * - rte_eth_dev_start() replays the MAC address, and OVS looks for ports by MAC: the representor's
 *   copy must always be the VF's. Devices therefore call rep_refresh() after whatever may
 *   have changed a VF's address or carrier.
 * - representors are named after `dev`, the rte_device that they belong to; the numbers of ethdev
 *   ports are few (RTE_MAX_ETHPORTS, 32 in Debian), so not every VF needs one.
 * - representors live shorter than the device: destroy them before swd_unregister() and before the
 *   PF's queues go. A representor whose device was unregistered all the same answers -ENODEV, and
 *   its queues are then left to the device, never touched.
 *
 * Thread-safety: create, attach and destroy are for the thread that probes and removes devices.
 * rep_refresh() is for any thread that holds no lock which an operation of the device takes.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_dev.h>
#include <rte_ethdev.h>

#include "switchdev.h"

/**
 * Makes the port "<device name>_representor_vf<N>" and announces it (primary process).
 *
 * @param dev        the device that the PF's port belongs to; its name starts the port's name
 * @param sd         registered, with the same or another name
 * @param vf         VF index, also the port's representor_id
 * @param pf_port    ethdev port of the PF: the port's backer_port_id
 * @param domain_id  switch domain of PF and representors
 * @return 0; -EEXIST there is one; -ERANGE no such VF; -ENOSPC RTE_MAX_ETHPORTS are in use;
 *         -ENAMETOOLONG; -ENOMEM; -ENODEV sd is not registered
 */
int rep_create(struct rte_device *dev, struct swd_dev *sd, uint16_t vf, uint16_t pf_port,
	       uint16_t domain_id, struct esw_err *err);

/* Stops and closes every representor of `dev` whose backer is pf_port. */
void rep_destroy_all(struct rte_device *dev, uint16_t pf_port);

/**
 * Attaches the port that the primary process made, in a secondary. `sd` is that process's own.
 * @return 0; -ENODEV the primary has no such representor
 */
int rep_attach_secondary(struct rte_device *dev, struct swd_dev *sd, uint16_t vf);

bool rep_exists(const struct rte_device *dev, uint16_t vf);

/* The ethdev port of VF vf's representor in this process, -1 if there is none. */
int rep_port_id(const struct swd_dev *sd, uint16_t vf);

/**
 * Takes over what changed at the VF: the MAC address and the carrier, with an LSC event where the
 * application asked for them. No such representor: nothing.
 */
void rep_refresh(struct swd_dev *sd, uint16_t vf);

/**
 * The same for a caller that holds locks: the application's callback may wait for a thread that
 * waits for them.
 *
 * @return the ethdev port whose application the caller has to tell of a link change
 *         (RTE_ETH_EVENT_INTR_LSC), when it holds nothing any more; -1 if there is nothing to tell
 */
int rep_refresh_quietly(struct swd_dev *sd, uint16_t vf);

/**
 * The operation representor_info_get, for the PF's ops too: one range, VFs of PF 0 of controller 0,
 * representor_id = VF index. (ethdev asks the backing port, so the PF needs it.)
 *
 * @param info  NULL: only count
 * @return number of ranges or a negative errno
 */
int rep_info_get(struct swd_dev *sd, struct rte_eth_representor_info *info);

#endif /* _REPRESENTOR_H_ */
