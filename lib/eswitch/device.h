/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_DEVICE_H_
#define _ESW_DEVICE_H_

/*
 * The e-switch's own state. Internal to lib/eswitch.
 *
 * Laid out by who writes: `out[]` is what a sender reads of a receiver (one cache line each,
 * written by control alone); a queue's structure is written by the one thread that uses it. All
 * pointers are to shared memory that every process maps at the same address.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_common.h>
#include <rte_log.h>
#include <rte_mempool.h>

#include "esw.h"
#include "fdb.h"
#include "lane.h"
#include "rules.h"
#include "stage.h"

extern int esw_logtype;
#define ESW_LOG(level, ...) \
	rte_log(RTE_LOG_##level, esw_logtype, \
		RTE_FMT("eswitch: " RTE_FMT_HEAD(__VA_ARGS__, ) "\n", \
			RTE_FMT_TAIL(__VA_ARGS__, )))

/*
 * The gate: the part of a VF's rules that decides the common case (untagged delivery of a plain
 * unicast frame to a known address), in one word that is stored and loaded at once.
 * bits 0-15 VLAN class, 16-31 longest untagged frame, 32 open, 33 isolated, 34 several queues.
 */
#define ESW_OWN_SEVERAL UINT64_MAX /* esw.own: it has several addresses, ask the MAC table */
#define ESW_GATE_OPEN (UINT64_C(1) << 32)
#define ESW_GATE_ISOLATED (UINT64_C(1) << 33)
#define ESW_GATE_SPREAD (UINT64_C(1) << 34)

/* What a sender's slow path needs of a receiving endpoint. */
struct esw_out {
	struct esw_rules *rules;      /* VFs only, else NULL */
	uint16_t nb_rxq;              /* started queues, 0 = stopped */
	bool isolated;                /* only what a flow rule lets in */
	struct esw_flow_table *local; /* its own flow rules, NULL = none */
};

/*
 * The sender's side of a lane, one cache line, written by the sender (counters) and by control.
 * `mp` is the pool whose mbufs may be moved: NULL if sender and receiver are different processes,
 * or if there is no lane.
 */
struct esw_to {
	struct esw_lane *lane;
	uint32_t *bell;
	struct rte_mempool *mp;
	uint64_t packets, bytes; /* delivered */
	uint16_t port_id;
	uint16_t at; /* of the burst under way: where its frames begin */
	/*
	 * For a receiver with several queues (fast_spread.h): doorbell and lane->cons as the sender
	 * knows them, so that it need not read lines that other cores write. `open`: what it wrote
	 * in this burst is not in the doorbell yet. The way to a single queue does not keep them:
	 * they are read anew if `gen` is not sw->spread_gen.
	 */
	uint16_t cons;
	bool open;
	uint32_t mine, gen;
	struct rte_mbuf **next; /* of the burst under way: the first free slot */
} __rte_cache_aligned;

/* Drops and casts at a receiver, counted by the sender. */
enum { ESW_AT_MCAST = ESW_FATE_COUNT - ESW_FATE_RX_FIRST, ESW_AT_BCAST, ESW_AT_COUNT };
struct esw_at {
	uint64_t n[ESW_AT_COUNT]; /* index: fate - ESW_FATE_RX_FIRST, then casts */
};

struct esw_txq {
	struct esw *sw;
	uint32_t epoch; /* odd while inside a burst */
	uint32_t pid;   /* process that uses the queue */
	uint16_t ep, qid, id;
	uint16_t nb_desc;
	bool started;
	struct esw_to
		*to[ESW_QUEUES_MAX]; /* [qid of receiver][ep of receiver]; NULL until needed */
	struct esw_at *at;           /* [ep of receiver] */
	uint32_t *sum; /* [ep of receiver] of the burst under way: frames | octets << 8 */
	struct esw_flow_cache *cache; /* of flow rules; NULL = none */
	uint64_t fate[ESW_FATE_RX_FIRST];
	uint64_t bytes, mcast, bcast;
	ESW_STAGES_MEMBER
} __rte_cache_aligned;

struct esw_rxq {
	/* what a burst looks at: one line */
	struct esw *sw;
	uint32_t epoch;
	uint32_t pid;
	uint32_t *bell;         /* [id of sender], written by senders */
	uint32_t *seen;         /* [id of sender] */
	struct esw_lane **lane; /* [id of sender] */
	/*
	 * Bit g % 64: some sender of 16 with number g has ever sent something. Set by senders
	 * before their first frame, never cleared, so that a receiver does not look at the
	 * doorbells of neighbours who have nothing to say to it.
	 */
	uint64_t groups;
	uint32_t post_gen; /* sw->post_gen when posted lanes were last looked after */
	uint32_t turn;     /* where the next round starts */
	bool started;
	uint8_t holes; /* bursts until posted slots that stayed empty are tried again; 0 = none */
	uint16_t ep, qid;
	/* the rest is for control and for senders' slow path */
	uint16_t nb_desc;
	uint16_t port_id;
	uint32_t flags; /* ESW_RXQ_* */
	uint32_t room;  /* octets that fit behind the headroom of one mbuf */
	struct rte_mempool *mp;
	/* of lanes that are gone */
	uint64_t old_packets, old_bytes;
	ESW_STAGES_MEMBER
} __rte_cache_aligned;

struct esw_vf {
	struct esw_policy policy;
	struct esw_vf_asked asked;
	struct esw_rules *rules[2]; /* one is published, the other is for the next change */
	bool stuck;                 /* a burst may still hold the version that is not published */
};

struct esw_ep {
	struct esw_rxq *rxq[ESW_QUEUES_MAX];
	struct esw_txq *txq[ESW_QUEUES_MAX];
	struct esw_rss rss;
	uint8_t rss_key_be[ESW_RSS_KEY_LEN];
	/* the same for carry-less multiplication (fast_spread.h), and queues by reversed hash */
	uint64_t rss_rev[ESW_RSS_KEY_LEN / 4 - 1];
	uint8_t rss_fan[ESW_RETA_SIZE];
	struct esw_counters old; /* of queues that are gone */
};

#define ESW_FLOW_MEM_CLASSES 64
#define ESW_FLOW_RETIRED_MAX 1024
#define ESW_FLOW_WHEEL 1024 /* seconds in one turn of the wheel of ages */

/* Flow rules of one endpoint; written by control. */
struct esw_flow_ep {
	struct esw_flow_table *table[2]; /* [side] all groups */
	struct esw_flow *first, *last;   /* that its port made */
	uint32_t n;                      /* of these */
	uint32_t n_aged;
	struct esw_flow_age *aged; /* that its port made and have aged */
	bool news;                 /* some since somebody asked */
	bool isolated;
};

/* All flow rules; what the data path reads are root[] and struct esw_out. */
struct esw_flow_dev {
	struct esw_flow_table **root; /* [nb_ep] group 0 of what it sends, NULL = no rules */
	struct esw_flow_ep *ep;       /* [nb_ep] */
	uint64_t *path;               /* bit from * nb_ep + to: some rule sends there */
	uint64_t made;                /* rules ever made */
	struct esw_flow_age *wheel[ESW_FLOW_WHEEL];
	uint32_t wheel_at; /* second that was looked at last */
	/* flow_mem.c */
	void *chunks;
	uint64_t octets;
	uint8_t *rest;
	uint32_t left;
	uint32_t n_retired;
	void *piece[ESW_FLOW_MEM_CLASSES];
	struct {
		void *p;
		uint32_t size;
	} retired[ESW_FLOW_RETIRED_MAX];
};

struct esw {
	struct esw_conf conf;
	pthread_mutex_t lock; /* control only; robust, process-shared */
	uint16_t nb_ep;
	uint16_t nb_tx_ids;  /* capacity of per-sender arrays */
	uint16_t hi_tx_ids;  /* sender ids in use are below this, a multiple of 16 */
	uint32_t post_gen;   /* bumped when a queue changes process */
	uint32_t spread_gen; /* bumped when an endpoint begins to spread its frames over queues */
	bool wire_link;
	bool pf_promisc;
	uint16_t pf_mtu;
	struct rte_ether_addr pf_mac;
	struct esw_vf_asked undo; /* what a VF asked for before the call under way */
	struct esw_fdb fdb;
	struct esw_flow_dev flow;
	uint64_t *gate;            /* [nb_ep]; 0 = closed: take the slow path */
	uint64_t *own;             /* [nb_ep]; a VF's address, 0 = any: part of the gate */
	struct esw_out *out;       /* [nb_ep] */
	struct esw_ep *ep;         /* [nb_ep] */
	struct esw_vf *vf;         /* [nb_vfs] */
	struct esw_txq **tx_by_id; /* [nb_tx_ids] */
};

/* The number of this process: what queues are stamped with. */
extern uint32_t esw_self __attribute__((visibility("hidden")));

static inline bool
esw_ep_is_vf(const struct esw *sw, uint16_t ep)
{
	return ep >= ESW_EP_VF0 && ep < ESW_EP_VF0 + sw->conf.nb_vfs;
}

static inline bool
esw_ep_is_rep(const struct esw *sw, uint16_t ep)
{
	return ep >= ESW_EP_VF0 + sw->conf.nb_vfs;
}

/* tx.c: choose the fast path for this machine and what EAL was told (--force-max-simd-bitwidth). */
void esw_tx_select(void);

/* Control lock; a holder that died leaves state that every control call can go on from. */
void esw_lock(const struct esw *sw);
bool esw_trylock(const struct esw *sw);
void esw_unlock(const struct esw *sw);

/* grace.c: return when every burst that began before the call is over; -EAGAIN after a second. */
int esw_grace(const struct esw *sw);
int esw_grace_init(void);
/* Has the process ended (zombies count)? Never this one. */
bool esw_is_gone(uint32_t pid);
/*
 * Wait for one queue whose epoch and owner these are; false: not until `deadline` (timer cycles).
 */
bool esw_grace_wait(const uint32_t *epoch, const uint32_t *pid, uint64_t deadline);

/* vf.c; device lock held. May this VF have this policy beside its neighbours? */
int esw_vf_check(const struct esw *sw, uint16_t vf, const struct esw_policy *p,
		 struct esw_err *err);
/*
 * vf.c: compile, publish, wait; device lock held. `addresses`: the MAC table may change too.
 * -EAGAIN: nothing was changed, a burst is stuck with the version that would be overwritten.
 */
int esw_vf_publish(struct esw *sw, uint16_t vf, bool addresses);
/* asked.c: did the VF add this address (even if it is not trusted now)? */
bool esw_asked_has(const struct esw_vf_asked *a, const struct rte_ether_addr *mac);
/* lane.c: frames may go from one endpoint to the other from now on; device lock held. */
int esw_path_open(struct esw *sw, uint16_t from, uint16_t to);
/* Recompute out[ep] from queues and rules; device lock held. */
void esw_out_update(struct esw *sw, uint16_t ep);
/* mactable.c: static entries of an endpoint follow its policy; device lock held. */
int esw_mactable_sync(struct esw *sw, uint16_t ep);

#endif /* _ESW_DEVICE_H_ */
