/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_NIC_H_
#define _ESN_NIC_H_

/*
 * The software NIC: the device that a PF's vdev makes, and that VF ports use.
 *
 * Two halves. struct esn_nic lies in shared memory, is read by secondaries and holds no pointer to
 * code. struct esn_dev is what each process keeps beside it: the rte_device and the switchdev
 * registration.
 *
 * What surprises: - a NIC outlives its PF: VF ports hold a reference, so that a PF may be removed
 * in any order. A NIC whose PF is gone is dead: its VFs' links are forced down, what they send is
 * dropped and counted;
 * - closing the PF's port (rte_eth_dev_close) is not the end of the device: representors go on, and
 *   the port is made again when the device is asked for again (scan.c). Only removal is.
 *
 * Thread-safety: probe and remove are serialised by EAL; the list of devices has a lock because
 * applications and the tick read it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <rte_ethdev.h>

#include "esw.h"
#include "switchdev.h"

#define ESN_PORT_NONE UINT16_MAX
#define ESN_DRIVER_PF "net_eswitch_pf"
#define ESN_DRIVER_VF "net_eswitch_vf"

/* Who has a VF. */
enum esn_claim { ESN_VF_FREE, ESN_VF_PORT, ESN_VF_ATTACHED };

/* What went through a port behind the e-switch; written by whoever polls it. */
struct esn_io {
	uint64_t rx_packets;
	uint64_t tx_packets;
	uint64_t tx_dropped; /* the port did not take them in time */
};

struct esn_nic_vf {
	enum esn_claim claim;
	uint16_t vf_port;  /* ethdev port of the VF, ESN_PORT_NONE */
	uint16_t rep_port; /* ethdev port of the representor, ESN_PORT_NONE */
	bool rep_started;
	char attached[RTE_ETH_NAME_MAX_LEN]; /* port behind the VF, "" = none */
	struct esn_io io;
	struct esw_rxq *rep_rxq[ESW_QUEUES_MAX];
	struct esw_txq *rep_txq[ESW_QUEUES_MAX];
	struct rte_mempool *rep_mp; /* of the representor's rx queue 0 */
};

struct esn_nic {
	struct esw *sw;
	char name[ESW_NAME_LEN];
	uint32_t refs;
	bool dead;
	uint16_t nb_vfs;
	uint16_t pf_port;
	uint16_t domain_id;
	uint32_t speed; /* Mbit/s */
	int socket_id;
	char uplink[RTE_ETH_NAME_MAX_LEN]; /* "" = none */
	bool backed;                       /* uplink or attach given */
	bool telemetry_writes;
	struct esn_io io;
	struct esn_nic_vf vf[];
};

/* A NIC as one process sees it. */
struct esn_dev {
	TAILQ_ENTRY(esn_dev) next;
	struct esn_nic *nic;
	struct rte_device *device;
	struct swd_dev sd;
	const char *args_seen; /* the bus's text that was acted on; only to be compared */
};

/* The NIC itself (primary process). */

struct esn_nic *esn_nic_create(const struct esw_conf *conf, const struct esw_policy_patch *patches,
			       struct esw_err *err);
void esn_nic_ref(struct esn_nic *nic);
/* The last reference frees the NIC. */
void esn_nic_unref(struct esn_nic *nic);
/* The PF is being removed: links down, for good. */
void esn_nic_kill(struct esn_nic *nic);
/* -ERANGE no such VF, -EBUSY somebody has it (the sentence says who). */
int esn_nic_claim(struct esn_nic *nic, uint16_t vf, enum esn_claim claim, struct esw_err *err);
void esn_nic_release(struct esn_nic *nic, uint16_t vf);
/*
 * Something may have changed a VF's address or MTU: the copies in its port and its representor,
 * which rte_eth_dev_start() replays, follow. An MTU is only lowered: raising it is the
 * application's, which has the buffers. Any process.
 */
void esn_nic_vf_sync(struct esn_nic *nic, uint16_t vf);

/* The process's list. */

struct esn_dev *esn_dev_add(struct esn_nic *nic, struct rte_device *device);
void esn_dev_del(struct esn_dev *d);
struct esn_dev *esn_dev_by_name(const char *name);
struct esn_dev *esn_dev_by_nic(const struct esn_nic *nic);
/*
 * Walk: NULL starts, NULL ends. To be used between lock and unlock, where nothing may be called
 * that comes back here, or into an application.
 */
struct esn_dev *esn_dev_next(struct esn_dev *d);
void esn_dev_lock(void);
void esn_dev_unlock(void);

/*
 * swd.c: the switchdev operations of a NIC; `backed` has a representor burst that serves ports
 * behind VFs.
 */
extern const struct swd_ops esn_swd_ops;
extern const struct swd_ops esn_swd_ops_backed;

#endif /* _ESN_NIC_H_ */
