/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _PROP_H_
#define _PROP_H_

/*
 * The property test's world: one e-switch, one model of it, and everything random about them.
 *
 * A run is cut into rounds. A round has a random generator of its own, seeded from the run's seed
 * and the round's number, makes a switch of random size and mode, and sends bursts, with control
 * calls in between. So a failure is replayed by seed and round alone. Every other round has flow
 * rules, which come and go between bursts.
 *
 * What surprises:
 * - frames are compared as multisets for each receiver, in order where it has one queue and all
 *   that waits came from one sender;
 * - receivers are drained often enough that no queue may ever be full; a frame that is lost for
 *   want of room is a mismatch.
 *
 * Thread-safety: none, one thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "esw.h"
#include "model.h"

#define PROP_BURST 32
#define PROP_RXQS 4
#define PROP_TXQS 2
#define PROP_POOLS 5
#define PROP_ROUND_FRAMES 4000
#define PROP_NB_DESC 256
#define PROP_WAIT_MAX 96 /* frames that may wait for one receiver when a burst begins */
/* and when a frame of it is sent, which may become MODEL_OUTS copies */
#define PROP_WAIT_MORE (PROP_NB_DESC - MODEL_OUTS)
#define PROP_ROOM_MAX PROP_NB_DESC
#define PROP_RULES 200
#define PROP_COUNTERS 2
#define PROP_FAVOURITES 3
#define PROP_PORTS_SEEN 1024

struct prop_rng {
	uint64_t s;
};

uint64_t prop_next(struct prop_rng *r);
uint32_t prop_below(struct prop_rng *r, uint32_t n); /* 0 to n - 1 */
bool prop_percent(struct prop_rng *r, unsigned int p);

struct prop_conf {
	uint64_t frames;
	uint64_t seed;
	int64_t round; /* only this one; -1 = all */
	enum model_break broken;
	bool single; /* bursts of one frame: says which frame it was */
	bool verbose;
	bool quiet; /* say nothing about a mismatch: it is wanted */
};

/* What the model delivered and nobody picked up yet. */
struct prop_wait {
	uint8_t *bytes;
	uint32_t len;
	bool seen;
	struct model_mark mark;
	uint32_t queues; /* a bit each */
	unsigned int n_any;
	struct model_any any[MODEL_ANY];
};

struct prop_port {
	unsigned int n_rxq, n_txq;
	struct esw_rxq *rxq[PROP_RXQS];
	struct esw_txq *txq[PROP_TXQS];
	struct rte_mempool *mp;
	uint32_t flags; /* ESW_RXQ_* */
	bool started;
	unsigned int n_wait;
	bool one_sender;
	unsigned int sender;
	struct prop_wait wait[PROP_ROOM_MAX];
};

/* A reference that the sender keeps: the e-switch may neither change nor free it. */
struct prop_held {
	struct rte_mbuf *m;
	uint16_t data_off, data_len;
	uint32_t sum;
};

/* One frame on its way. */
struct prop_frame {
	uint8_t *bytes;
	struct model_frame in;
	struct rte_mbuf *m;
	struct model_out out;
	unsigned int segs;
	char shape[200]; /* its segments, for a person */
};

struct prop_world {
	const struct prop_conf *conf;
	struct prop_rng rng;
	uint64_t round, sent; /* sent: frames in this round */
	struct esw *sw;
	struct model m;
	struct prop_port port[MODEL_EPS];
	/*
	 * Most frames, receivers, policies and rules of the round are for the fast path: else
	 * too few frames go that way for it to be tested.
	 */
	bool plain;
	uint16_t plain_vid;        /* access VLAN of all VFs, 0 = off */
	unsigned int from, txq, n; /* the burst under way */
	struct prop_frame frame[PROP_BURST];
	unsigned int n_held;
	struct prop_held held[PROP_BURST * 4];
	/* a round with flow rules */
	bool flows, entropy; /* entropy: tunnels whose source port the e-switch chooses */
	unsigned int rules_aim, n_rules;
	struct {
		struct esw_flow *rule;
		struct model_flow *model;
		bool copies;
	} rule[PROP_RULES];
	struct esw_flow_counter *counter[PROP_COUNTERS];
	struct esw_flow_meter *meter;
	unsigned int favourite[PROP_FAVOURITES]; /* endpoints that most rules are about */
	struct {
		uint64_t fingerprint;
		unsigned int port;
	} seen[PROP_PORTS_SEEN];
	bool failed;
	char last[256]; /* the last control call, for a person */
};

/* Pools, made once. */
struct rte_mempool *prop_pool(unsigned int i);
int prop_pools_make(void);
/* Buffers that are not in any pool: what leaked once no switch is left. */
uint64_t prop_pools_missing(void);

/* prop_world.c */
int prop_world_make(struct prop_world *w);
void prop_world_free(struct prop_world *w);
int prop_port_start(struct prop_world *w, unsigned int ep);
int prop_port_stop(struct prop_world *w, unsigned int ep);
/* The e-switch's number of the model's endpoint. */
uint16_t prop_ep(const struct prop_world *w, unsigned int ep);

/* prop_policy.c: one random control call on both sides; both must answer alike. */
void prop_policy_random(struct prop_world *w, unsigned int vf, struct esw_policy *p);
void prop_change(struct prop_world *w);
void prop_state_compare(struct prop_world *w, unsigned int vf);
/* prop_ask.c: what a VF asks for itself */
void prop_ask(struct prop_world *w, unsigned int vf);

/* prop_flow.c: rules come and go, and what they counted */
int prop_flow_make(struct prop_world *w);
void prop_flow_free(struct prop_world *w);
void prop_flow_change(struct prop_world *w);
void prop_flow_compare(struct prop_world *w);
/* prop_entropy.c: octets but for what the model can't know; that, too, has rules */
bool prop_octets_equal(const struct prop_wait *x, const uint8_t *got, uint32_t len);
bool prop_ports_good(struct prop_world *w, const struct prop_wait *x, const uint8_t *got);

/* prop_content.c: what lies behind an EtherType; depth: of frames around it */
void prop_content(struct prop_world *w, uint16_t type, uint8_t *p, uint32_t n, unsigned int depth);
uint16_t prop_ethertype(struct prop_rng *r);
uint16_t prop_l4_port(struct prop_rng *r);
void prop_ip4(struct prop_rng *r, uint8_t ip[4]);
void prop_ip6(struct prop_rng *r, uint8_t ip[16]);
/* prop_frame.c: octets; prop_mbuf.c: mbufs of them */
void prop_frame_random(struct prop_world *w, struct prop_frame *f);
struct rte_ether_addr prop_dst_random(struct prop_world *w);
unsigned int prop_vid_random(struct prop_world *w);
int prop_frame_mbuf(struct prop_world *w, struct prop_frame *f);
void prop_held_check(struct prop_world *w);

/* prop_check.c */
void prop_expect(struct prop_world *w, const struct prop_frame *f);
void prop_drain(struct prop_world *w);
void prop_counters_compare(struct prop_world *w);
/* prop_table.c: the MAC tables, learned and static */
void prop_table_compare(struct prop_world *w);

/* prop_report.c: says once what differs, and how to see it again */
void prop_fail(struct prop_world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void prop_hex(const char *what, const uint8_t *b, uint32_t n);

/* Sets of addresses, small so that they meet. */
enum prop_set {
	PROP_MAC = 0xaa,
	PROP_MACS = 0xbb,
	PROP_ADDED = 0xcc,
	PROP_UNKNOWN = 0xdd,
	PROP_PF = 0xee
};
struct rte_ether_addr prop_mac(enum prop_set set, unsigned int i);
struct rte_ether_addr prop_group(unsigned int i);
uint16_t prop_vid(struct prop_rng *r);

#endif /* _PROP_H_ */
