/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_H_
#define _ESW_H_

/*
 * The software e-switch: endpoints, their queues, and the policy of every VF enforced between them.
 *
 * There is no switching thread. esw_tx_burst() judges, routes and delivers on the sender's core;
 * esw_rx_burst() picks up on the receiver's. Between a sending and a receiving queue lies a
 * single-producer single-consumer lane (lane.h), so that nobody waits for anybody.
 *
 * What surprises:
 * - esw_tx_burst() always takes the whole burst. A frame that can't be delivered is dropped and
 *   counted, as a NIC does; a slow receiver never holds a sender up.
 * - All state is in memory that DPDK's secondary processes share and holds no pointer to code.
 *   Queues are created by control calls and may then be used by any one thread of any one process
 *   at a time. A process that is killed inside a burst leaves nothing locked, reserved or lost
 *   for others.
 * - A frame is moved (the mbuf itself handed over) only if sender and receiver are polled by the
 *   same process and the mbuf is of the receiver's own pool, direct, unshared and in one segment
 *   or the receiver takes scatter. Otherwise it is copied, as DMA would.
 * - This library knows no ethdev port: numbers like `port_id` are only stamped on mbufs.
 *
 * Thread-safety: burst functions: one thread per queue. All other functions: any thread of any
 * attached process; they take the device's robust process-shared mutex, which no burst function
 * ever takes. Control calls that change what is enforced return after no burst can still see the
 * old state.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_ether.h>
#include <rte_mbuf.h>

#include "fate.h"
#include "policy.h"

#define ESW_NAME_LEN 64
#define ESW_VFS_MAX 256
#define ESW_QUEUES_MAX 16   /* per endpoint and direction */
#define ESW_VF_MACS_MAX 64  /* addresses that a trusted VF adds itself */
#define ESW_VF_MCAST_MAX 64 /* multicast addresses that a VF lists */
#define ESW_RSS_KEY_LEN 40  /* Microsoft RSS: 40 octets cover IPv6 with ports */
#define ESW_RETA_SIZE 128

enum esw_mode { ESW_MODE_SWITCHDEV, ESW_MODE_VEB };

/* Endpoint numbers. */
#define ESW_EP_WIRE 0
#define ESW_EP_PF 1
#define ESW_EP_VF0 2

struct esw; /* one device; shared memory */
struct esw_rxq;
struct esw_txq;

struct esw_conf {
	char name[ESW_NAME_LEN]; /* for messages: "net_eswitch_pf0" */
	uint16_t nb_vfs;         /* 0 to ESW_VFS_MAX */
	enum esw_mode mode;
	uint16_t mtu_max; /* octets; device maximum, ESW_MTU_MIN to ESW_MTU_MAX */
	uint16_t pf_mtu;  /* octets; 0 = the largest of 1500 and what the VFs' policies say */
	uint32_t seed;    /* MAC addresses derive from it and the VF index */
	int socket_id;
	uint32_t fdb_entries; /* VEB mode: capacity of the MAC table; 0 = default (32768) */
	uint32_t fdb_age_s;   /* seconds; 0 = default (300) */
};

/* Device. */

/*
 * Make a device in shared memory (primary process only). Each VF gets a stable MAC derived from
 * (seed, index), the default policy, then patches[i] (NULL: none). All or nothing.
 * @return the device, or NULL with rte_errno set and a sentence in err
 */
struct esw *esw_create(const struct esw_conf *conf, const struct esw_policy_patch *patches,
		       struct esw_err *err);

/* All queues must have been destroyed. NULL is allowed. */
void esw_free(struct esw *sw);

/*
 * A process that will call burst or control functions on `sw`: registers what the grace period
 * needs.
 */
int esw_attach(struct esw *sw);

const struct esw_conf *esw_conf_get(const struct esw *sw);

static inline uint16_t
esw_ep_vf(uint16_t vf)
{
	return ESW_EP_VF0 + vf;
}

/* The endpoint of VF vf's representor. */
uint16_t esw_ep_rep(const struct esw *sw, uint16_t vf);

/* Number of endpoints: wire, PF, VFs, representors. */
uint16_t esw_ep_count(const struct esw *sw);

/* The PF's own MAC (derived like the VFs'); in VEB mode it is a static entry of the MAC table. */
void esw_pf_mac_get(const struct esw *sw, struct rte_ether_addr *mac);
int esw_pf_mac_set(struct esw *sw, const struct rte_ether_addr *mac, struct esw_err *err);

/* Refused with -EBUSY if a VF's policy has a larger `mtu`; -EINVAL out of range. */
int esw_pf_mtu_set(struct esw *sw, uint16_t mtu, struct esw_err *err);
uint16_t esw_pf_mtu_get(const struct esw *sw);
int esw_pf_promisc_set(struct esw *sw, bool on);

/* The wire's link: `auto` VFs follow it. Up when nothing is said. */
int esw_wire_link_set(struct esw *sw, bool up);
bool esw_wire_link_get(const struct esw *sw);

/* Policy. */

/*
 * Replace VF vf's policy, whole, while traffic runs. `mac` zero = keep the VF's present address.
 * @return 0; -EINVAL, -ENOTSUP, -ERANGE (no such VF), -EEXIST (MAC in use in this device),
 *         -EAGAIN (a burst is stuck in a stopped process); nothing has changed then
 */
int esw_policy_set(struct esw *sw, uint16_t vf, const struct esw_policy *p, struct esw_err *err);
int esw_policy_get(const struct esw *sw, uint16_t vf, struct esw_policy *p);

/* Apply only some fields, atomically with respect to other control calls. */
int esw_policy_patch_set(struct esw *sw, uint16_t vf, const struct esw_policy_patch *patch,
			 struct esw_err *err);

/* Fields of struct esw_policy that this device enforces. */
uint64_t esw_policy_fields(const struct esw *sw);

/* What a VF asks for itself; allowed or not by its policy. */

/* The VF's side of the story: what it asked for and what holds. */
struct esw_vf_state {
	uint16_t mtu;           /* the VF's own MTU; 0 = not set by it, policy's holds */
	uint16_t rep_mtu;       /* the representor's MTU; 0 = no representor */
	uint16_t effective_mtu; /* what is enforced */
	bool promisc, allmulti; /* asked for */
	bool promisc_effective, allmulti_effective;
	bool backed;     /* a port stands behind the VF (see esw_vf_backed_set) */
	bool link;       /* effective carrier */
	uint16_t n_macs; /* added by the VF */
	uint16_t n_mcast;
	struct rte_ether_addr macs[ESW_VF_MACS_MAX];
	struct rte_ether_addr mcast[ESW_VF_MCAST_MAX];
	uint64_t denied_mac, denied_mtu, denied_promisc, denied_addr,
		denied_vlan; /* refusals, counted */
};
int esw_vf_state_get(const struct esw *sw, uint16_t vf, struct esw_vf_state *st);

/*
 * -EPERM unless mac-change = allow (setting the present address is a no-op, 0). Changes policy
 * `mac`.
 */
int esw_vf_mac_set(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac,
		   struct esw_err *err);
/* -EPERM unless trusted; -ENOSPC; -EEXIST in use by another VF; adding twice is a no-op. */
int esw_vf_mac_add(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac,
		   struct esw_err *err);
int esw_vf_mac_remove(struct esw *sw, uint16_t vf, const struct rte_ether_addr *mac,
		      struct esw_err *err);
/*
 * -EPERM unless mtu-change = allow (the present effective value is a no-op); -EINVAL above the
 * policy's.
 */
int esw_vf_mtu_set(struct esw *sw, uint16_t vf, uint16_t mtu, struct esw_err *err);
/* -EPERM unless trusted; off is always allowed. */
int esw_vf_promisc_set(struct esw *sw, uint16_t vf, bool on, struct esw_err *err);
int esw_vf_allmulti_set(struct esw *sw, uint16_t vf, bool on, struct esw_err *err);
/* Replace the list; n <= ESW_VF_MCAST_MAX or -ENOSPC; -EINVAL for a unicast address. */
int esw_vf_mcast_set(struct esw *sw, uint16_t vf, const struct rte_ether_addr *list, uint16_t n,
		     struct esw_err *err);
/*
 * The VF's own VLAN filter (rte_eth_dev_vlan_filter); -EPERM for a VID that its policy does not
 * let in.
 */
int esw_vf_vlan_filter_enable(struct esw *sw, uint16_t vf, bool on);
int esw_vf_vlan_filter_set(struct esw *sw, uint16_t vf, uint16_t vid, bool on, struct esw_err *err);
/* Forget all that the VF asked for (it was unplugged); policy stays. */
int esw_vf_state_reset(struct esw *sw, uint16_t vf);
/*
 * A DPDK port stands behind the VF: it filters by itself, so all multicast, and if trusted
 * everything, reaches it.
 */
int esw_vf_backed_set(struct esw *sw, uint16_t vf, bool on);
/*
 * The representor's MTU; 0 = representor gone. -EINVAL outside ESW_MTU_MIN to the device maximum.
 */
int esw_vf_rep_mtu_set(struct esw *sw, uint16_t vf, uint16_t mtu, struct esw_err *err);
/* Effective carrier; cheap, lock-free. */
bool esw_vf_link_get(const struct esw *sw, uint16_t vf);

/* Queues. */

#define ESW_RXQ_SCATTER 0x1    /* may deliver several segments */
#define ESW_RXQ_VLAN_STRIP 0x2 /* outermost C-tag into mbuf->vlan_tci */
#define ESW_RXQ_CKSUM 0x4      /* say GOOD where the sender had the checksum computed */
#define ESW_RXQ_LRO 0x8        /* takes TSO frames whole */
#define ESW_RXQ_RSS_HASH 0x10  /* fill mbuf->hash.rss */
#define ESW_RXQ_PTYPE 0x20     /* fill mbuf->packet_type (L2, L3, L4) */

struct esw_rxq_conf {
	/* frames held for each sender, 32 to 4096; fewer beyond 64 senders */
	uint16_t nb_desc;
	struct rte_mempool *mp; /* every mbuf handed out is of this pool */
	uint16_t port_id;       /* stamped on mbuf->port */
	uint32_t flags;         /* ESW_RXQ_* */
	int socket_id;
};

struct esw_txq_conf {
	uint16_t nb_desc; /* kept for rte_eth_tx_queue_info_get only: nothing waits here */
	int socket_id;
};

/*
 * Queue qid (0 to ESW_QUEUES_MAX - 1) of an endpoint; it exists but is stopped. Queue numbers of an
 * endpoint that receive must be started from 0 without gaps for RSS to reach them.
 * @return the queue or NULL with rte_errno (-EEXIST taken, -ENOMEM, -EINVAL) and a sentence
 */
struct esw_rxq *esw_rxq_create(struct esw *sw, uint16_t ep, uint16_t qid,
			       const struct esw_rxq_conf *conf, struct esw_err *err);
struct esw_txq *esw_txq_create(struct esw *sw, uint16_t ep, uint16_t qid,
			       const struct esw_txq_conf *conf, struct esw_err *err);
/* Started queues are stopped first; frames that wait are freed. NULL is allowed. */
void esw_rxq_destroy(struct esw_rxq *q);
void esw_txq_destroy(struct esw_txq *q);
/*
 * Stop returns when no sender is inside the queue; waiting frames are freed (they were counted
 * delivered).
 */
int esw_rxq_start(struct esw_rxq *q);
int esw_rxq_stop(struct esw_rxq *q);
int esw_txq_start(struct esw_txq *q);
int esw_txq_stop(struct esw_txq *q);
/* Change the flags (runtime VLAN strip, say) of a live queue. */
int esw_rxq_flags_set(struct esw_rxq *q, uint32_t flags);
/* Another process takes the queue over (after its last user died or let go). */
int esw_rxq_adopt(struct esw_rxq *q);
int esw_txq_adopt(struct esw_txq *q);
uint32_t esw_rxq_count(const struct esw_rxq *q); /* frames that wait */

/*
 * Signatures of eth_rx_burst_t and eth_tx_burst_t: usable as rx_pkt_burst / tx_pkt_burst as they
 * are.
 */
uint16_t esw_rx_burst(void *rxq, struct rte_mbuf **pkts, uint16_t nb_pkts);
uint16_t esw_tx_burst(void *txq, struct rte_mbuf **pkts, uint16_t nb_pkts);
/* For tx_pkt_prepare: checks offload requests; rte_errno on the first bad one. */
uint16_t esw_tx_prepare(void *txq, struct rte_mbuf **pkts, uint16_t nb_pkts);

/* RSS of an endpoint with several receive queues. */
#define ESW_RSS_IPV4 0x1
#define ESW_RSS_IPV6 0x2
#define ESW_RSS_TCP 0x4 /* L4 ports are hashed too */
#define ESW_RSS_UDP 0x8
#define ESW_RSS_ETH 0x10 /* non-IP frames by MAC addresses; else they go to queue reta[0] */
struct esw_rss {
	uint32_t types; /* ESW_RSS_*; 0 = everything to queue reta[0] */
	uint8_t key[ESW_RSS_KEY_LEN];
	uint16_t reta[ESW_RETA_SIZE]; /* queue numbers */
};
int esw_rss_set(struct esw *sw, uint16_t ep, const struct esw_rss *rss, struct esw_err *err);
int esw_rss_get(const struct esw *sw, uint16_t ep, struct esw_rss *rss);

/* Counters. */

struct esw_counters {
	uint64_t fate[ESW_FATE_COUNT];
	uint64_t tx_bytes; /* octets of ESW_TX_FORWARDED frames as sent, no FCS */
	uint64_t rx_bytes; /* octets of ESW_RX_DELIVERED frames as delivered */
	uint64_t tx_mcast, tx_bcast, rx_mcast, rx_bcast; /* of forwarded / delivered */
	uint64_t tx_wire,
		rx_wire; /* of forwarded / delivered: to / from the wire (the rest stayed local) */
};
/* Totals since creation; queues come and go without a count lost. Never reset: callers subtract. */
int esw_counters_get(const struct esw *sw, uint16_t ep, struct esw_counters *c);
struct esw_queue_counters {
	uint64_t packets, bytes, errors;
};
void esw_rxq_counters_get(const struct esw_rxq *q, struct esw_queue_counters *c);
void esw_txq_counters_get(const struct esw_txq *q, struct esw_queue_counters *c);

/* MAC table (VEB mode). */
struct esw_fdb_entry {
	struct rte_ether_addr mac;
	uint16_t vid; /* 0 = none, 4096 + VID for an S-VLAN, ESW_FDB_ANY_VLAN for all */
	uint16_t ep;
	bool is_static;
	uint32_t age_s;
};
#define ESW_FDB_ANY_VLAN 0xffff
/* Fill up to n entries; @return the number that there are (may be > n) */
uint32_t esw_fdb_dump(const struct esw *sw, struct esw_fdb_entry *e, uint32_t n);
void esw_fdb_flush(struct esw *sw,
		   uint16_t ep); /* learned entries of an endpoint; UINT16_MAX = all */

#endif /* _ESW_H_ */
