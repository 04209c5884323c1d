/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _REPRESENTOR_INTERNAL_H_
#define _REPRESENTOR_INTERNAL_H_

/*
 * One representor, inside the driver.
 *
 * What all processes share (struct rep_port) is dev_private and holds no pointer to code; the
 * device, whose ops are code, is process_private. Every operation enters the device with
 * rep_enter() and leaves it with swd_release(), so that the PF cannot be removed half way.
 */
#include <stdint.h>
#include <stdio.h>

#include <rte_ethdev.h>

#include <ethdev_driver.h>

#include "compat.h"
#include "representor.h"
#include "switchdev.h"

#define REP_QUEUES_MAX 16 /* each way; the ops may say less */
#define REP_DESC_MIN 32
#define REP_DESC_MAX 4096
/* What a frame has beside its MTU: the Ethernet header and one tag. */
#define REP_OVERHEAD (RTE_ETHER_HDR_LEN + RTE_VLAN_HLEN)

extern int rep_logtype;
#define REP_LOG(level, dev, fmt, ...) \
	ESW_LOG_LINE(level, rep_logtype, "%s: " fmt, (dev)->data->name, ##__VA_ARGS__)

/* What rte_eth_rx_queue_info_get() tells. */
struct rep_rxq {
	struct rte_mempool *mp;
	struct rte_eth_rxconf conf;
	uint16_t nb_desc;
};

struct rep_txq {
	struct rte_eth_txconf conf;
	uint16_t nb_desc;
};

/* dev_private; shared memory. */
struct rep_port {
	uint16_t vf;
	uint16_t pf_port;
	uint16_t domain_id;
	struct rep_rxq rxq[REP_QUEUES_MAX];
	struct rep_txq txq[REP_QUEUES_MAX];
	/* counters at the last reset, by index; no lock: a reset racing a read is off by a burst */
	uint64_t base_vf[SWD_COUNTERS_MAX];
	uint64_t base_rep[SWD_COUNTERS_MAX];
};

static inline struct rep_port *
rep_port_of(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

/* Hold the device; NULL if it has been removed. swd_release() must follow. */
static inline struct swd_dev *
rep_enter(const struct rte_eth_dev *dev)
{
	struct swd_dev *sd = dev->process_private;

	return sd != NULL && swd_hold(sd) ? sd : NULL;
}

/* Can this device carry packets to representors at all? */
static inline bool
rep_has_data_path(const struct swd_ops *ops)
{
	return ops->rep_rx != NULL && ops->rep_tx != NULL && ops->rep_queues_max > 0;
}

/* port.c */
bool rep_is_ours(const struct rte_eth_dev *dev);
/* From here on rep_refresh() does not touch the port: it is about to be released. */
void rep_forget(struct rte_eth_dev *dev);

/* ops.c */
extern const struct eth_dev_ops rep_ops;

/* link.c */
int rep_link_update(struct rte_eth_dev *dev, int wait);
int rep_set_link_up(struct rte_eth_dev *dev);
int rep_set_link_down(struct rte_eth_dev *dev);
/*
 * Take over MAC and carrier. `started` is said, because ethdev changes dev_started around the
 * operations. @return 1 if the carrier is another than this process saw last, 0 if not, or a
 * negative errno
 */
int rep_sync(struct rte_eth_dev *dev, bool started);
/* A new port has no carrier yet, whatever had its number before. */
void rep_carrier_forget(uint16_t port_id);

/* info.c */
int rep_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info);
int rep_representor_info_get(struct rte_eth_dev *dev, struct rte_eth_representor_info *info);
int rep_burst_mode_get(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_burst_mode *mode);
const uint32_t *rep_ptypes_get(ESW_PTYPES_GET_ARGS(dev, count));
int rep_flow_ops_get(struct rte_eth_dev *dev, const struct rte_flow_ops **ops);
int rep_mtr_ops_get(struct rte_eth_dev *dev, void *ops);
int rep_rx_metadata_negotiate(struct rte_eth_dev *dev, uint64_t *features);

/* queue.c */
int rep_rxq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
		  const struct rte_eth_rxconf *conf, struct rte_mempool *mp);
int rep_txq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
		  const struct rte_eth_txconf *conf);
void rep_rxq_release(struct rte_eth_dev *dev, uint16_t qid);
void rep_txq_release(struct rte_eth_dev *dev, uint16_t qid);
void rep_queues_release(struct rte_eth_dev *dev);
void rep_rxq_info_get(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_rxq_info *info);
void rep_txq_info_get(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_txq_info *info);
/* Do frames of the present MTU fit into the receive buffers? Logs if not. */
int rep_rxq_check_room(const struct rte_eth_dev *dev);
/* The burst functions of this process. */
void rep_burst_set(struct rte_eth_dev *dev, const struct swd_ops *ops);

/* vf.c: what acts on the VF */
int rep_mac_addr_set(struct rte_eth_dev *dev, struct rte_ether_addr *mac);
int rep_vlan_filter_set(struct rte_eth_dev *dev, uint16_t vid, int on);
int rep_vlan_pvid_set(struct rte_eth_dev *dev, uint16_t vid, int on);
int rep_vlan_offload_set(struct rte_eth_dev *dev, int mask);

/* vlan.c: a VF's VLAN policy edited as ethdev does it; `v` is unchanged on error */
int rep_vlan_add(struct esw_vlan *v, uint16_t vid, struct esw_err *err);
int rep_vlan_remove(struct esw_vlan *v, uint16_t vid, struct esw_err *err);
int rep_vlan_pvid_on(struct esw_vlan *v, uint16_t vid, struct esw_err *err);
void rep_vlan_pvid_off(struct esw_vlan *v);

/* stats.c */
int rep_stats_get(ESW_STATS_GET_ARGS(dev, stats, qstats));
int rep_stats_reset(struct rte_eth_dev *dev);
/* Counters of `port` less `base`. @return how many, or a negative errno */
int rep_counters_get(struct rte_eth_dev *dev, int port, const uint64_t *base,
		     struct swd_counter *c);

/* xstats.c */
int rep_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *xs, unsigned int n);
int rep_xstats_get_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n);
int rep_xstats_get_by_id(struct rte_eth_dev *dev, const uint64_t *ids, uint64_t *values,
			 unsigned int n);
int rep_xstats_get_names_by_id(struct rte_eth_dev *dev, const uint64_t *ids,
			       struct rte_eth_xstat_name *names, unsigned int n);

/* dump.c */
int rep_priv_dump(struct rte_eth_dev *dev, FILE *f);

#endif /* _REPRESENTOR_INTERNAL_H_ */
