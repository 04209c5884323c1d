/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _SWITCHDEV_H_
#define _SWITCHDEV_H_

/*
 * Control of any PF that has an e-switch: what applications call and what devices implement.
 *
 * A device registers one struct swd_dev with a const ops table; applications find it by the
 * PF's ethdev port or by name and call the swd_* functions below, which check their arguments and
 * that the device has the operation, so that drivers need not. The representor driver uses the
 * same table for its data path.
 *
 * What surprises:
 * - the registry is per process (ops are code): a secondary registers again when it attaches;
 * - an absent operation is -ENOTSUP with a sentence, never a silent success;
 * - the queue pointers given by the data-path operations go straight into rte_eth_dev's queue
 *   arrays, and rep_rx/rep_tx into rx_pkt_burst/tx_pkt_burst: no second pointer per burst;
 * - while a call is under way the device cannot go: swd_unregister() waits for it. So an operation
 *   must not unregister its own device, and whoever unregisters must hold no lock that an
 *   operation takes.
 *
 * Thread-safety: the registry has a lock of its own, not held while an operation runs; operations
 * are as safe as the device's (the software NIC: any thread). Calls on a device that has been
 * unregistered are -ENODEV as long as the memory of struct swd_dev is not used for another one.
 * Experimental, as DPDK asks of PF-side VF control (contributing/design, "PF and VF
 * Considerations").
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/queue.h>

#include <rte_ether.h>
#include <rte_mbuf.h>

#include "policy.h"

#define SWD_NAME_LEN 64
#define SWD_COUNTER_NAME_LEN 64
#define SWD_COUNTERS_MAX 256 /* no port has more: a telemetry dictionary holds no more */

enum swd_mode { SWD_MODE_SWITCHDEV, SWD_MODE_VEB };

struct swd_info {
	char name[SWD_NAME_LEN]; /* "net_eswitch_pf0" */
	const char *driver;      /* "net_eswitch" */
	uint16_t pf_port;        /* ethdev port of the PF */
	uint16_t domain_id;      /* switch domain of PF and representors */
	uint16_t nb_vfs;
	enum swd_mode mode;
	uint16_t mtu_max; /* device maximum, octets */
	uint16_t pf_mtu;
	uint64_t policy_fields; /* ESW_F_BIT of what is enforced */
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
	uint16_t n_macs;             /* addresses that the VF added */
	char attached[SWD_NAME_LEN]; /* backing port's name, "" = none */
	int vf_port;                 /* ethdev port of the VF in this process, -1 = none */
	int rep_port;                /* ethdev port of its representor in this process, -1 = none */
};

/*
 * A named number: fates, octets, refusals. Names are [a-z0-9_], unique per port, always in the same
 * order, and start with "tx_" for what the port sent into the e-switch and "rx_" for what it got.
 * Four are known to all: tx_forwarded, tx_bytes, rx_delivered, rx_bytes. Values only grow.
 */
struct swd_counter {
	char name[SWD_COUNTER_NAME_LEN];
	uint64_t value;
	bool drop; /* frames that ended here: in ethdev, ierrors (tx_) and oerrors (rx_) */
};

struct swd_fdb_entry {
	struct rte_ether_addr mac;
	uint16_t vlan; /* 0 none, 1-4095 C-VLAN, 4096 + VID S-VLAN, SWD_VLAN_ANY */
	int vf;        /* VF index, SWD_PORT_PF or SWD_PORT_WIRE */
	bool is_static;
	uint32_t age_s;
};
#define SWD_VLAN_ANY 65535

/* Whose counters or entries: a VF index or one of these. */
#define SWD_PORT_PF (-1)
#define SWD_PORT_WIRE (-2)
#define SWD_PORT_REP(vf) (0x10000 + (int)(vf)) /* counters of the representor itself */

/* One receive queue of a representor. */
struct swd_rep_rxq_conf {
	uint16_t nb_desc;
	struct rte_mempool *mp;
	uint16_t port_id;
	uint64_t offloads; /* RTE_ETH_RX_OFFLOAD_* asked for */
	int socket_id;
};

/*
 * What a device implements. `dev` is the device's own context. Every function returns 0 or a
 * negative errno and, on failure, a sentence. An operation may be NULL unless marked "must".
 * `vf` and `port` have been checked against info_get's nb_vfs.
 */
struct swd_ops {
	int (*info_get)(void *dev, struct swd_info *info);               /* must */
	int (*policy_get)(void *dev, uint16_t vf, struct esw_policy *p); /* must */
	int (*policy_set)(void *dev, uint16_t vf, const struct esw_policy *p,
			  struct esw_err *err); /* must */
	int (*policy_patch)(void *dev, uint16_t vf, const struct esw_policy_patch *patch,
			    struct esw_err *err);                             /* must */
	int (*vf_info_get)(void *dev, uint16_t vf, struct swd_vf_info *info); /* must */
	/*
	 * counters of a VF index or SWD_PORT_*: fill up to n, return how many there are. A device
	 * that does not count for that kind of port returns 0.
	 */
	int (*counters_get)(void *dev, int port, struct swd_counter *c, unsigned int n); /* must */
	/* entries of the device's MAC table: fill up to n, return how many there are */
	int (*fdb_get)(void *dev, struct swd_fdb_entry *e, unsigned int n);
	int (*fdb_flush)(void *dev);
	/* how many flow rules the application of a VF's port, SWD_PORT_PF or _REP has in force */
	int (*flows_get)(void *dev, int port);
	/* the representor's MTU (0 = representor gone) */
	int (*rep_mtu_set)(void *dev, uint16_t vf, uint16_t mtu, struct esw_err *err);

	/* Data path of VF vf's representor. Queues are created stopped. */
	int (*rep_rxq_setup)(void *dev, uint16_t vf, uint16_t qid,
			     const struct swd_rep_rxq_conf *conf, void **queue,
			     struct esw_err *err);
	int (*rep_txq_setup)(void *dev, uint16_t vf, uint16_t qid, uint16_t nb_desc, int socket_id,
			     void **queue, struct esw_err *err);
	void (*rep_rxq_release)(void *queue);
	void (*rep_txq_release)(void *queue);
	/* starts and stops all queues that were set up, and what lies behind the VF */
	int (*rep_start)(void *dev, uint16_t vf);
	int (*rep_stop)(void *dev, uint16_t vf);
	uint16_t (*rep_rx)(void *queue, struct rte_mbuf **pkts, uint16_t n);
	uint16_t (*rep_tx)(void *queue, struct rte_mbuf **pkts, uint16_t n);
	uint16_t (*rep_tx_prepare)(void *queue, struct rte_mbuf **pkts, uint16_t n);
	uint32_t (*rep_rxq_count)(void *queue); /* frames that wait */
	/* RTE_ETH_RX_OFFLOAD_* of a live queue: VLAN strip on or off */
	int (*rep_rxq_offloads_set)(void *queue, uint64_t offloads);
	/* capabilities in rte_eth terms; without queues (0) the representor is control only */
	uint64_t rep_rx_offload_capa, rep_tx_offload_capa;
	uint64_t rep_rss_hf;        /* RTE_ETH_RSS_* by which frames are spread over queues */
	const uint32_t *rep_ptypes; /* what rep_rx fills in, ends with RTE_PTYPE_UNKNOWN; or NULL */
	uint16_t rep_queues_max;    /* each way */
	uint16_t rep_desc_min, rep_desc_max; /* of a queue, powers of two; 0 = 32 and 4096 */
	/* in-process hooks the representor driver tells the device about */
	void (*rep_port_set)(void *dev, uint16_t vf, int port_id); /* -1 = closed */
	/*
	 * rte_flow front end of the device for this representor, or NULL (struct rte_flow_ops). Its
	 * operations are called from any thread, and rules outlive a stop of the port. When the
	 * representor closes, rep_port_set ends them.
	 */
	const void *(*rep_flow_ops)(void *dev, uint16_t vf);
	/* the same for meters (struct rte_mtr_ops) */
	const void *(*rep_mtr_ops)(void *dev, uint16_t vf);
	uint64_t rep_rx_metadata; /* RTE_ETH_RX_METADATA_* that flow rules may tell with a frame */
};

/* One registered device. The driver owns the memory, until swd_unregister() has returned. */
struct swd_dev {
	char name[SWD_NAME_LEN];
	uint16_t pf_port;
	const struct swd_ops *ops;
	void *dev;
	/* The registry's own. */
	TAILQ_ENTRY(swd_dev) next;
	unsigned int users; /* calls under way */
	bool writable;      /* by telemetry */
};

/* An address in lower case, as policies are written (RTE_ETHER_ADDR_PRT_FMT is upper case). */
#define SWD_MAC_TEXT_LEN 18
static inline void
swd_mac_text(const struct rte_ether_addr *mac, char text[static SWD_MAC_TEXT_LEN])
{
	const uint8_t *b = mac->addr_bytes;

	snprintf(text, SWD_MAC_TEXT_LEN, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
		 b[4], b[5]);
}

/* For drivers. */

/*
 * Make the device known in this process, and the telemetry commands with the first one. name,
 * pf_port, ops and dev have been filled in.
 * @return 0, -EEXIST a device of that name or PF port is registered, -EINVAL a "must" operation or
 *         the name is missing
 */
int swd_register(struct swd_dev *d);

/* Forget the device; returns when no call on it is under way. Not registered (or NULL): nothing. */
void swd_unregister(struct swd_dev *d);

/*
 * Keep a device from being unregistered while something of d->ops is called directly.
 * @return false if it is not (or no more) registered, else swd_release() must follow
 */
bool swd_hold(struct swd_dev *d);
void swd_release(struct swd_dev *d);
/* The same by name, or by the PF's ethdev port; NULL if there is none. */
struct swd_dev *swd_hold_name(const char *name);
struct swd_dev *swd_hold_pf_port(uint16_t port_id);

/* For applications: find a device. The pointer stays valid until the PF is removed. */

struct swd_dev *swd_by_name(const char *name);
struct swd_dev *swd_by_pf_port(uint16_t port_id);
/* PF, representor or VF port -> its device; *vf = VF index or SWD_PORT_PF */
struct swd_dev *swd_by_port(uint16_t port_id, int *vf);
/* Walk: NULL starts, NULL ends. */
struct swd_dev *swd_next(struct swd_dev *d);

/*
 * For applications: control. Arguments are checked here; see struct swd_ops.
 * All return -EINVAL for a NULL argument, -ENODEV for a device that is gone, -ERANGE for a VF that
 * the device does not have, -ENOTSUP for an operation that it lacks, else what the device says.
 */

int swd_info_get(struct swd_dev *d, struct swd_info *info);
int swd_policy_get(struct swd_dev *d, uint16_t vf, struct esw_policy *p, struct esw_err *err);
int swd_policy_set(struct swd_dev *d, uint16_t vf, const struct esw_policy *p, struct esw_err *err);
int swd_policy_patch(struct swd_dev *d, uint16_t vf, const struct esw_policy_patch *patch,
		     struct esw_err *err);
int swd_vf_info_get(struct swd_dev *d, uint16_t vf, struct swd_vf_info *info, struct esw_err *err);
/* @return how many counters there are, of which up to n were filled in; c may be NULL for n = 0 */
int swd_counters_get(struct swd_dev *d, int port, struct swd_counter *c, unsigned int n);
/* @return how many entries there are, of which up to n were filled in; e may be NULL for n = 0 */
int swd_fdb_get(struct swd_dev *d, struct swd_fdb_entry *e, unsigned int n);
int swd_fdb_flush(struct swd_dev *d);
/* @return how many flow rules that port has made (SWD_PORT_WIRE makes none) */
int swd_flows_get(struct swd_dev *d, int port);

/*
 * Apply a policy file to every VF, all or nothing. Fields of which the file says nothing keep their
 * value. All VFs are judged first, also against each other; what was applied is put back if the
 * device refuses later all the same. VFs whose addresses move from one to another are set in an
 * order that the device accepts, if there is one (two VFs that swap `mac` have none: -EEXIST).
 * @return 0; what esw_policy_file_load(), esw_policy_validate() or the device says, the VF named
 */
int swd_policy_file_apply(struct swd_dev *d, const char *path, struct esw_err *err);

/*
 * Telemetry (telemetry.c), served inside any stock process that loaded the driver. <pf> is a
 * device's name or its PF's ethdev port number:
 *   /eswitch/list                            devices
 *   /eswitch/pf,<pf>                         one device
 *   /eswitch/vf,<pf>,<vf>                    policy and state
 *   /eswitch/stats,<pf>[,<vf>|pf|wire|rep<vf>]  counters; of the PF if not said
 *   /eswitch/fdb,<pf>[,<first>]              MAC table, a page from entry <first>
 *   /eswitch/flows,<pf>                      how many flow rules each port has made
 *   /eswitch/vf/set,<pf>,<vf>,<field>=<value>   only for devices that allow writing
 * A refusal is one string that begins with "error: ". Keys are field names with '_' for '-', for
 * 22.11 takes no other. A value that is longer than a telemetry string (127) is an array of strings
 * which, put together, are the text.
 * Registered by swd_register(); a second call does nothing.
 */
int swd_telemetry_init(void);
/* Devices opt in to writing with the devarg control=telemetry. */
void swd_telemetry_allow_write(struct swd_dev *d, bool on);

#endif /* _SWITCHDEV_H_ */
