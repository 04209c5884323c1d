/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _SWITCHDEV_H_
#define _SWITCHDEV_H_

/*
 * Control of any PF that has an e-switch: what applications call and what devices implement.
 *
 * A device registers one struct swd_dev with a const ops table; applications find it by the
 * PF's ethdev port or by name and call the swd_* functions below, which check their arguments and that the device has
 * the operation, so that drivers need not. The representor driver uses the same table for its data path.
 *
 * What surprises:
 * - the registry is per process (ops are code): a secondary registers again when it attaches;
 * - an absent operation is -ENOTSUP with a sentence, never a silent success;
 * - the queue pointers given by the data-path operations go straight into rte_eth_dev's queue arrays, and
 *   rep_rx/rep_tx into rx_pkt_burst/tx_pkt_burst: no call through a second pointer per burst.
 *
 * Thread-safety: the registry has a lock of its own; operations are as safe as the device's (the software
 * NIC: any thread). Experimental, as DPDK asks of PF-side VF control (contributing/design, "PF and VF Considerations").
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <rte_ether.h>
#include <rte_mbuf.h>

#include "policy.h"

#define SWD_NAME_LEN 64
#define SWD_COUNTER_NAME_LEN 64

enum swd_mode { SWD_MODE_SWITCHDEV, SWD_MODE_VEB };

struct swd_info {
	char name[SWD_NAME_LEN];  /* "net_eswitch_pf0" */
	const char *driver;       /* "net_eswitch" */
	uint16_t pf_port;         /* ethdev port of the PF */
	uint16_t domain_id;       /* switch domain of PF and representors */
	uint16_t nb_vfs;
	enum swd_mode mode;
	uint16_t mtu_max;         /* device maximum, octets */
	uint16_t pf_mtu;
	uint64_t policy_fields;   /* ESW_F_BIT of what is enforced */
	uint32_t speed_mbps;
	bool wire_link;
	char uplink[SWD_NAME_LEN]; /* backing port's name, "" = none */
};

/* How one VF stands, beside its policy. */
struct swd_vf_info {
	struct rte_ether_addr mac; /* effective */
	uint16_t mtu;              /* effective, octets */
	uint16_t rep_mtu;          /* representor's, 0 = none */
	bool link;                 /* effective carrier */
	bool promisc, allmulti;    /* effective */
	bool promisc_asked, allmulti_asked;
	uint16_t n_macs;           /* addresses that the VF added */
	char attached[SWD_NAME_LEN]; /* backing port's name, "" = none */
	int vf_port;               /* ethdev port of the VF in this process, -1 = none */
	int rep_port;              /* ethdev port of its representor in this process, -1 = none */
};

/* A named number: fates, bytes, refusals. */
struct swd_counter {
	char name[SWD_COUNTER_NAME_LEN];
	uint64_t value;
};

struct swd_fdb_entry {
	struct rte_ether_addr mac;
	uint16_t vlan; /* 0 none, 1-4095 C-VLAN, 4096 + VID S-VLAN, 65535 any */
	int vf;        /* VF index, SWD_PORT_PF or SWD_PORT_WIRE */
	bool is_static;
	uint32_t age_s;
};
/* Whose counters or entries: a VF index or one of these. */
#define SWD_PORT_PF (-1)
#define SWD_PORT_WIRE (-2)

struct swd_rep_rxq_conf {
	uint16_t nb_desc;
	struct rte_mempool *mp;
	uint16_t port_id;
	uint64_t offloads; /* RTE_ETH_RX_OFFLOAD_* asked for */
	int socket_id;
};

struct swd_dev;

/*
 * What a device implements. `dev` is the device's own context. Every function returns 0 or a
 * negative errno and, on failure, a sentence. An operation may be NULL unless marked "must".
 */
struct swd_ops {
	int (*info_get)(void *dev, struct swd_info *info);                             /* must */
	int (*policy_get)(void *dev, uint16_t vf, struct esw_policy *p);               /* must */
	int (*policy_set)(void *dev, uint16_t vf, const struct esw_policy *p,
			  struct esw_err *err);                                        /* must */
	int (*policy_patch)(void *dev, uint16_t vf, const struct esw_policy_patch *patch,
			    struct esw_err *err);                                      /* must */
	int (*vf_info_get)(void *dev, uint16_t vf, struct swd_vf_info *info);          /* must */
	/* counters of a VF (or SWD_PORT_*): fill up to n, return how many there are */
	int (*counters_get)(void *dev, int port, struct swd_counter *c, unsigned int n); /* must */
	/* entries of the device's MAC table: fill up to n, return how many there are */
	int (*fdb_get)(void *dev, struct swd_fdb_entry *e, unsigned int n);
	int (*fdb_flush)(void *dev);
	/* the representor's MTU (0 = representor gone) */
	int (*rep_mtu_set)(void *dev, uint16_t vf, uint16_t mtu, struct esw_err *err);

	/* Data path of VF vf's representor. Queues are created stopped. */
	int (*rep_rxq_setup)(void *dev, uint16_t vf, uint16_t qid,
			     const struct swd_rep_rxq_conf *conf, void **queue, struct esw_err *err);
	int (*rep_txq_setup)(void *dev, uint16_t vf, uint16_t qid, uint16_t nb_desc, int socket_id,
			     void **queue, struct esw_err *err);
	void (*rep_rxq_release)(void *queue);
	void (*rep_txq_release)(void *queue);
	int (*rep_start)(void *dev, uint16_t vf); /* starts all queues; also starts what lies behind the VF */
	int (*rep_stop)(void *dev, uint16_t vf);
	uint16_t (*rep_rx)(void *queue, struct rte_mbuf **pkts, uint16_t n);
	uint16_t (*rep_tx)(void *queue, struct rte_mbuf **pkts, uint16_t n);
	uint32_t (*rep_rxq_count)(void *queue); /* frames that wait */
	/* capabilities in rte_eth terms */
	uint64_t rep_rx_offload_capa, rep_tx_offload_capa;
	uint16_t rep_queues_max;
	/* in-process hooks the representor driver tells the device about */
	void (*rep_port_set)(void *dev, uint16_t vf, int port_id); /* -1 = closed */
	/* rte_flow front end of the device for this representor, or NULL (struct rte_flow_ops) */
	const void *(*rep_flow_ops)(void *dev, uint16_t vf);
};

struct swd_dev {
	TAILQ_ENTRY(swd_dev) next;
	char name[SWD_NAME_LEN];
	uint16_t pf_port;
	const struct swd_ops *ops;
	void *dev;
};

/* For drivers. */

/* @return 0, -EEXIST a device of that name is registered, -EINVAL a "must" operation is missing */
int swd_register(struct swd_dev *d);
void swd_unregister(struct swd_dev *d);

/* For applications: find a device. The pointer stays valid until the PF is removed. */

struct swd_dev *swd_by_name(const char *name);
struct swd_dev *swd_by_pf_port(uint16_t port_id);
/* PF, representor or VF port -> its device; *vf = VF index or SWD_PORT_PF */
struct swd_dev *swd_by_port(uint16_t port_id, int *vf);
/* Walk: NULL starts, NULL ends. */
struct swd_dev *swd_next(struct swd_dev *d);

/* For applications: control. Arguments are checked here; see struct swd_ops. */

int swd_info_get(struct swd_dev *d, struct swd_info *info);
int swd_policy_get(struct swd_dev *d, uint16_t vf, struct esw_policy *p, struct esw_err *err);
int swd_policy_set(struct swd_dev *d, uint16_t vf, const struct esw_policy *p, struct esw_err *err);
int swd_policy_patch(struct swd_dev *d, uint16_t vf, const struct esw_policy_patch *patch,
		     struct esw_err *err);
int swd_vf_info_get(struct swd_dev *d, uint16_t vf, struct swd_vf_info *info, struct esw_err *err);
int swd_counters_get(struct swd_dev *d, int port, struct swd_counter *c, unsigned int n);
int swd_fdb_get(struct swd_dev *d, struct swd_fdb_entry *e, unsigned int n);
int swd_fdb_flush(struct swd_dev *d);

/*
 * Apply a policy file to every VF, all or nothing: validated for all VFs first, and what was already applied
 * is put back if a device refuses later.
 */
int swd_policy_file_apply(struct swd_dev *d, const char *path, struct esw_err *err);

/*
 * Telemetry (telemetry.c), served inside any stock process that loaded the driver:
 *   /eswitch/list                         devices
 *   /eswitch/pf,<pf>                      one device
 *   /eswitch/vf,<pf>,<vf>                 policy and state
 *   /eswitch/stats,<pf>[,<vf>|pf|wire]    counters
 *   /eswitch/fdb,<pf>
 *   /eswitch/vf/set,<pf>,<vf>,<field>=<value>   only for devices that allow writing
 */
int swd_telemetry_init(void);
/* Devices opt in to writing with the devarg control=telemetry. */
void swd_telemetry_allow_write(struct swd_dev *d, bool on);

#endif /* _SWITCHDEV_H_ */
