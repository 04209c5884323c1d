/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_PORT_H_
#define _ESN_PORT_H_

/*
 * An ethdev port of the software NIC: the PF's or a VF's.
 *
 * Both are an endpoint of the e-switch with queues; what differs (addresses, MTU, promiscuous,
 * link) is in pf_ops.c and vf_ops.c, what does not is in port_*.c. rx_pkt_burst and tx_pkt_burst
 * are the e-switch's own functions with its queues as arguments: nothing lies in between.
 *
 * struct esn_port is the port's dev_private: shared memory, no pointer to code, read by
 * secondaries.
 *
 * What surprises: rte_eth_dev_configure() without an MTU means 1500 and overwrites the port's; a
 * VF's MTU is its policy's, so 1500 there is taken as "not said" (port_conf.c).
 *
 * Thread-safety: as ethdev asks: one control thread per port; statistics and link from any thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "compat.h"
#include "nic.h"

/* Ethernet header and one tag: what a frame has beside its MTU. */
#define ESN_OVERHEAD (RTE_ETHER_HDR_LEN + RTE_VLAN_HLEN)
#define ESN_DESC_MIN 32
#define ESN_DESC_MAX 4096
#define ESN_DESC_DEFAULT 512
#define ESN_RX_BUF_MIN 64 /* octets of room in an mbuf: smaller ones are a mistake */

#define ESN_RX_OFFLOADS_QUEUE \
	(RTE_ETH_RX_OFFLOAD_VLAN_STRIP | RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | \
	 RTE_ETH_RX_OFFLOAD_UDP_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM | \
	 RTE_ETH_RX_OFFLOAD_SCATTER | RTE_ETH_RX_OFFLOAD_TCP_LRO | RTE_ETH_RX_OFFLOAD_RSS_HASH)
#define ESN_TX_OFFLOADS \
	(RTE_ETH_TX_OFFLOAD_VLAN_INSERT | RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | \
	 RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM | \
	 RTE_ETH_TX_OFFLOAD_TCP_TSO | RTE_ETH_TX_OFFLOAD_MULTI_SEGS)

/* RSS: types of packets that the e-switch can spread by; see port_rss.c. */
#define ESN_RSS_IP4 (RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_OTHER)
#define ESN_RSS_IP6 \
	(RTE_ETH_RSS_IPV6 | RTE_ETH_RSS_FRAG_IPV6 | RTE_ETH_RSS_NONFRAG_IPV6_OTHER | \
	 RTE_ETH_RSS_IPV6_EX)
#define ESN_RSS_TCP \
	(RTE_ETH_RSS_NONFRAG_IPV4_TCP | RTE_ETH_RSS_NONFRAG_IPV6_TCP | RTE_ETH_RSS_IPV6_TCP_EX)
#define ESN_RSS_UDP \
	(RTE_ETH_RSS_NONFRAG_IPV4_UDP | RTE_ETH_RSS_NONFRAG_IPV6_UDP | RTE_ETH_RSS_IPV6_UDP_EX)
#define ESN_RSS_ALL (ESN_RSS_IP4 | ESN_RSS_IP6 | ESN_RSS_TCP | ESN_RSS_UDP | RTE_ETH_RSS_L2_PAYLOAD)

/* Packet types that the e-switch tells apart. */
#define ESN_PTYPES \
	RTE_PTYPE_L2_ETHER, RTE_PTYPE_L2_ETHER_VLAN, RTE_PTYPE_L2_ETHER_QINQ, \
		RTE_PTYPE_L3_IPV4_EXT_UNKNOWN, RTE_PTYPE_L3_IPV6_EXT_UNKNOWN, RTE_PTYPE_L4_TCP, \
		RTE_PTYPE_L4_UDP, RTE_PTYPE_L4_FRAG

/* What the application said of a queue, beside what the e-switch's queue knows. */
struct esn_rxq_info {
	struct rte_mempool *mp;
	uint16_t nb_desc;
	bool deferred;
	uint64_t offloads;
	struct esw_queue_counters base; /* at the last reset of statistics */
};

struct esn_txq_info {
	uint16_t nb_desc;
	bool deferred;
	uint64_t offloads;
	struct esw_queue_counters base;
};

struct esn_port {
	struct esn_nic *nic;
	uint16_t port_id;
	uint16_t ep;
	uint16_t vf;     /* ESN_PORT_NONE: the PF's port */
	bool admin_down; /* rte_eth_dev_set_link_down */
	bool ptypes;     /* the application asked for packet types */
	struct esw_rss rss;
	uint64_t rss_hf; /* as asked for */
	struct esw_counters base;
	uint64_t base_denied[5];
	struct esn_io base_io;
	struct esn_rxq_info rxq[ESW_QUEUES_MAX];
	struct esn_txq_info txq[ESW_QUEUES_MAX];
};

static inline struct esn_port *
esn_port(const struct rte_eth_dev *dev)
{
	return dev->data->dev_private;
}

static inline bool
esn_port_is_pf(const struct esn_port *p)
{
	return p->vf == ESN_PORT_NONE;
}

extern const struct eth_dev_ops esn_pf_ops;
extern const struct eth_dev_ops esn_vf_ops;

/* port.c: making a port, in the primary and in a secondary. */
int esn_port_init(struct rte_eth_dev *dev, struct esn_nic *nic, uint16_t vf);
void esn_port_funcs_set(struct rte_eth_dev *dev);
int esn_port_attach_secondary(struct rte_device *device, const char *name,
			      const struct eth_dev_ops *ops, struct rte_eth_dev **out);
int esn_port_close(struct rte_eth_dev *dev);
int esn_port_priv_dump(struct rte_eth_dev *dev, FILE *f);

/* port_conf.c */
int esn_port_configure(struct rte_eth_dev *dev);
int esn_port_start(struct rte_eth_dev *dev);
int esn_port_stop(struct rte_eth_dev *dev);
int esn_port_mtu_room(const struct rte_eth_dev *dev, uint16_t mtu, struct esw_err *err);
int esn_port_reset(struct rte_eth_dev *dev);

/* port_info.c */
int esn_port_infos_get(struct rte_eth_dev *dev, struct rte_eth_dev_info *info);
const uint32_t *esn_port_ptypes_get(ESW_PTYPES_GET_ARGS(dev, count));
int esn_port_ptypes_set(struct rte_eth_dev *dev, uint32_t mask);
void esn_port_rxq_info(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_rxq_info *info);
void esn_port_txq_info(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_txq_info *info);
int esn_port_burst_mode(struct rte_eth_dev *dev, uint16_t qid, struct rte_eth_burst_mode *mode);

/* port_queue.c */
int esn_rxq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
		  const struct rte_eth_rxconf *conf, struct rte_mempool *mp);
int esn_txq_setup(struct rte_eth_dev *dev, uint16_t qid, uint16_t nb_desc, unsigned int socket_id,
		  const struct rte_eth_txconf *conf);
void esn_rxq_release(struct rte_eth_dev *dev, uint16_t qid);
void esn_txq_release(struct rte_eth_dev *dev, uint16_t qid);
int esn_rxq_start(struct rte_eth_dev *dev, uint16_t qid);
int esn_rxq_stop(struct rte_eth_dev *dev, uint16_t qid);
int esn_txq_start(struct rte_eth_dev *dev, uint16_t qid);
int esn_txq_stop(struct rte_eth_dev *dev, uint16_t qid);
ESW_RX_COUNT esn_rxq_count(void *queue);
int esn_rxq_desc_status(void *queue, uint16_t offset);
int esn_txq_desc_status(void *queue, uint16_t offset);
int esn_txq_done_cleanup(void *queue, uint32_t n);
void esn_port_vlan_strip_queue(struct rte_eth_dev *dev, uint16_t qid, int on);
int esn_port_vlan_strip_all(struct rte_eth_dev *dev, bool on);
/* ESW_RXQ_* of every queue follow offloads, packet types and VLAN strip of the port. */
void esn_rxq_flags_refresh(struct rte_eth_dev *dev);

/* port_rss.c */
extern const uint8_t esn_rss_key[ESW_RSS_KEY_LEN]; /* where no other is asked for */
uint32_t esn_rss_types_of(uint64_t hf); /* ESW_RSS_* of RTE_ETH_RSS_*, at most ESN_RSS_ALL */
int esn_rss_configure(struct rte_eth_dev *dev, struct esw_err *err);
int esn_rss_hash_update(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf);
int esn_rss_hash_conf_get(struct rte_eth_dev *dev, struct rte_eth_rss_conf *conf);
int esn_rss_reta_update(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t n);
int esn_rss_reta_query(struct rte_eth_dev *dev, struct rte_eth_rss_reta_entry64 *reta, uint16_t n);

/* stats.c */
int esn_stats_get(ESW_STATS_GET_ARGS(dev, stats, qstats));
int esn_stats_reset(struct rte_eth_dev *dev);

/* xstats.c */
int esn_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *xs, unsigned int n);
int esn_xstats_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n);
int esn_xstats_by_id(struct rte_eth_dev *dev, const uint64_t *ids, uint64_t *values,
		     unsigned int n);
int esn_xstats_names_by_id(struct rte_eth_dev *dev, const uint64_t *ids,
			   struct rte_eth_xstat_name *names, unsigned int n);
void esn_xstats_base_set(struct esn_port *p);

/* link.c */
bool esn_link_now(const struct esn_port *p);
int esn_link_update(struct rte_eth_dev *dev, int wait);
int esn_link_up(struct rte_eth_dev *dev);
int esn_link_down(struct rte_eth_dev *dev);
/*
 * The tick: watches carriers and reconciles ports behind the e-switch, while there is a device or
 * port.
 */
void esn_tick_arm(void);
void esn_tick_add(uint16_t port_id);
void esn_tick_del(uint16_t port_id);
/* Have the tick run soon, in EAL's interrupt thread. */
void esn_tick_soon(void);
/* Have the application be told of a link event on this port, soon and by that thread. */
void esn_link_tell(uint16_t port_id);

#endif /* _ESN_PORT_H_ */
