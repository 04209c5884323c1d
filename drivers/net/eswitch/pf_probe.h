/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_PF_PROBE_H_
#define _ESN_PF_PROBE_H_

/*
 * Probe and remove of both drivers, and what is asked for after a probe. Called by EAL, one at a
 * time.
 */
#include <bus_vdev_driver.h>

#include "nic.h"

int esn_pf_probe(struct rte_vdev_device *vdev);
int esn_pf_remove(struct rte_vdev_device *vdev);
int esn_vf_probe(struct rte_vdev_device *vdev);
int esn_vf_remove(struct rte_vdev_device *vdev);

/* The PF's ethdev port; also makes it anew after it was closed. @return 0 or a negative errno */
int esn_pf_port_create(struct rte_vdev_device *vdev, struct esn_nic *nic, struct esn_dev **d);

/* Attach to what the primary process made. */
int esn_pf_attach(struct rte_vdev_device *vdev);
int esn_vf_attach(struct rte_vdev_device *vdev);
/* Let go of all ports of a device, in a secondary. */
void esn_detach(struct rte_vdev_device *vdev);

/* Representors asked for later: the vdev bus probes no device twice, but calls this (scan.c). */
void esn_scan(void *arg);

#endif /* _ESN_PF_PROBE_H_ */
