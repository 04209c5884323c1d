/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _MODEL_H_
#define _MODEL_H_

/*
 * The e-switch once more, written to be read: what becomes of one frame, by doc/semantics.md.
 *
 * Nothing here is shared with lib/eswitch but the policy's struct, the names of the fates and the
 * values in which a flow rule is given (model_flow.h). A
 * frame is an array of octets, the MAC table a list that is searched from its start, static
 * entries are worked out anew for every frame, and nothing is remembered that could be computed.
 * Where the two disagree, the page decides.
 *
 * What surprises:
 * - the model has no queues: every delivery has room. A test that overfills a queue can't use it;
 * - time passes only by model_age();
 * - it can be made wrong on purpose in one of the ways of model_breaks.h, to show that a test
 *   notices.
 *
 * Thread-safety: none; one thread per model.
 */
#include <stdbool.h>
#include <stdint.h>

#include "fate.h"
#include "flow.h"
#include "policy.h"

#define MODEL_VFS 8
#define MODEL_EPS (2 + 2 * MODEL_VFS)
#define MODEL_OCTETS 65535 /* longest frame that a sender may send */
#define MODEL_MACS 64
#define MODEL_MCAST 64
#define MODEL_LEARNED 4096
#define MODEL_RULES 1024
#define MODEL_COUNTERS 8 /* shared by flow rules */
#define MODEL_ANY 32     /* octets that the model does not know, of one frame */
#define MODEL_OUTS 128   /* copies of one frame */

/* Endpoint numbers of the model: the wire, the PF, the VFs, their representors. */
#define MODEL_WIRE 0u
#define MODEL_PF 1u
#define MODEL_VF(i) (2u + (i))
#define MODEL_REP(m, i) (2u + (m)->n_vfs + (i))

/* VLAN of a frame: none, 1 to 4095 = C-VLAN, MODEL_SVLAN + VID = S-VLAN. */
#define MODEL_NO_VLAN 0
#define MODEL_SVLAN 4096

enum model_break {
	MODEL_RIGHT,
#define BREAK(id, name, text) MODEL_BREAK_##id,
#include "model_breaks.h"
#undef BREAK
	MODEL_BREAKS
};

/*
 * A UDP source port that the e-switch chooses by a hash. Edits happen in front of a frame or in
 * its headers, so where it lies is told from the frame's end.
 */
struct model_any {
	uint32_t to_end; /* octets from its first one to the frame's end */
	uint32_t inner;  /* octets at the frame's end that decide which port it is */
};

/* Octets with room to put tags in front. */
struct model_bytes {
	uint32_t n;
	uint32_t put; /* octets that flow rules have put in front so far */
	unsigned int n_any;
	struct model_any any[MODEL_ANY];
	uint8_t b[MODEL_OCTETS + 64];
};

struct model_vf {
	struct esw_policy policy;
	uint16_t mtu;     /* that the VF set; 0 = none */
	uint16_t rep_mtu; /* 0 = no representor */
	bool promisc, allmulti, backed;
	bool filter; /* the VF's own VLAN filter is on */
	bool filter_vid[4096];
	unsigned int n_macs, n_mcast;
	struct rte_ether_addr macs[MODEL_MACS], mcast[MODEL_MCAST];
};

struct model_counts {
	uint64_t fate[ESW_FATE_COUNT];
	uint64_t tx_bytes, rx_bytes;
	uint64_t tx_mcast, tx_bcast, rx_mcast, rx_bcast;
	uint64_t tx_wire, rx_wire;
};

struct model_port {
	bool started;  /* has a started receive queue */
	bool scatter;  /* takes several buffers for one frame */
	uint32_t room; /* octets that one receive buffer holds */
	unsigned int n_rxq;
	struct model_counts count;
};

struct model_entry {
	struct rte_ether_addr mac;
	int vlan;
	unsigned int ep;
	uint32_t age_s;
};

struct model_flow;

struct model {
	unsigned int n_vfs;
	bool veb;
	bool wire_up;
	bool pf_promisc;
	struct rte_ether_addr pf_mac;
	uint16_t pf_mtu, mtu_max;
	uint32_t age_s; /* a learned entry lives that long */
	enum model_break broken;
	struct model_vf vf[MODEL_VFS];
	struct model_port port[MODEL_EPS];
	unsigned int n_learned;
	struct model_entry learned[MODEL_LEARNED];
	/* flow rules, in the order in which they were made */
	unsigned int n_rules;
	struct model_flow *rule[MODEL_RULES];
	uint64_t rules_made;
	uint64_t n_taken; /* how often a frame met a rule: for the test's last line */
	bool isolated[MODEL_EPS];
	unsigned int n_counters;
	struct {
		const void *id;
		struct esw_flow_stats stats;
	} counter[MODEL_COUNTERS];
};

/* What a sender hands over. */
struct model_frame {
	const uint8_t *bytes;
	uint32_t len;        /* octets in all segments */
	uint32_t pkt_len;    /* what the mbuf says */
	bool overrun;        /* a segment claims more than its buffer holds, or there is none */
	bool insert;         /* the sender asks for a C-tag ... */
	uint16_t insert_tci; /* ... of this content, host order */
};

/* What the receiver is told by flow rules. */
struct model_mark {
	bool told, numbered;
	uint32_t number;
};

struct model_delivery {
	unsigned int ep;
	enum esw_fate fate;
	struct model_mark mark;
	uint32_t queues; /* that may be chosen, a bit each */
	uint32_t len;
	uint8_t *bytes; /* of ESW_RX_DELIVERED; malloc'd, model_out_free() */
	unsigned int n_any;
	struct model_any any[MODEL_ANY];
};

struct model_out {
	enum esw_fate tx;
	unsigned int n;
	struct model_delivery to[MODEL_OUTS];
};

/*
 * All VFs get the default policy with the MACs that the caller then writes; link up, nothing
 * started.
 */
void model_init(struct model *m, unsigned int n_vfs, bool veb, uint16_t mtu_max, uint16_t pf_mtu);
unsigned int model_eps(const struct model *m);

/* One frame, from its sender to all its fates; everything is counted. */
void model_send(struct model *m, unsigned int ep, const struct model_frame *in,
		struct model_out *out);
void model_out_free(struct model_out *out);

/* Effective values of VF i. */
uint32_t model_mtu(const struct model *m, unsigned int i);
bool model_link(const struct model *m, unsigned int i);
bool model_promisc(const struct model *m, unsigned int i);
bool model_allmulti(const struct model *m, unsigned int i);

/* Control calls, as esw.h names them; 0 or the negative errno that the e-switch must give too. */
int model_policy_set(struct model *m, unsigned int i, const struct esw_policy *p);
int model_pf_mac_set(struct model *m, const struct rte_ether_addr *mac);
int model_pf_mtu_set(struct model *m, uint16_t mtu);
int model_vf_mac_set(struct model *m, unsigned int i, const struct rte_ether_addr *mac);
int model_vf_mac_add(struct model *m, unsigned int i, const struct rte_ether_addr *mac);
int model_vf_mac_remove(struct model *m, unsigned int i, const struct rte_ether_addr *mac);
int model_vf_mtu_set(struct model *m, unsigned int i, uint16_t mtu);
int model_vf_promisc_set(struct model *m, unsigned int i, bool on);
int model_vf_allmulti_set(struct model *m, unsigned int i, bool on);
int model_vf_mcast_set(struct model *m, unsigned int i, const struct rte_ether_addr *list,
		       unsigned int n);
int model_vf_vlan_filter_set(struct model *m, unsigned int i, uint16_t vid, bool on);
int model_vf_rep_mtu_set(struct model *m, unsigned int i, uint16_t mtu);
void model_vf_reset(struct model *m, unsigned int i);

/* Time passes: learned entries as old as age_s are forgotten. */
void model_age(struct model *m, uint32_t seconds);
/* What was learned of an endpoint is forgotten. */
void model_forget(struct model *m, unsigned int ep);
/* What was learned of an address that has a static entry by now is forgotten. */
void model_forget_static(struct model *m);

/* Between the model's own files. */

/* VLAN of the outermost tag, section 2. */
int model_vlan_of(const struct model_bytes *f);
bool model_tagged(const struct model_bytes *f);
/* L of section 3.3, octets; below zero for a tag with nothing behind it. */
int32_t model_l3_len(const struct model *m, const struct model_bytes *f);
void model_tag_put(struct model_bytes *f, uint16_t tpid, uint16_t tci);
/* Section 3.5: change the frame to its form on the switch side; false = drop. */
bool model_vlan_in(const struct model *m, unsigned int i, struct model_bytes *f);
/* Section 4.4, the table: would the VF take VLAN v? */
bool model_vlan_member(const struct model *m, unsigned int i, int v);
/* Section 4.4: change the frame to what the VF gets; false = drop. */
bool model_vlan_out(const struct model *m, unsigned int i, struct model_bytes *f);
struct model_way;
/*
 * Section 4: the frame as it now is reaches an endpoint.
 * @param by_port  a flow rule's port action sends it there
 */
void model_deliver(struct model *m, struct model_way *w, unsigned int ep, bool by_port);
void model_bytes_copy(struct model_bytes *to, const struct model_bytes *from);
/* Section 5: which endpoints a frame on the switch side is meant for; returns their number. */
unsigned int model_route(const struct model *m, unsigned int from, const struct model_bytes *f,
			 bool to[MODEL_EPS]);
/* Who is known to have this address in VLAN v; UINT32_MAX = nobody. */
unsigned int model_find(const struct model *m, const uint8_t *mac, int vlan);
void model_learn(struct model *m, unsigned int i, const struct model_bytes *f);

bool model_is_vf(const struct model *m, unsigned int ep);
bool model_mac_eq(const struct rte_ether_addr *a, const uint8_t *b);
bool model_macs_have(const struct rte_ether_addr *list, unsigned int n, const uint8_t *mac);
const char *model_break_name(enum model_break b);

#endif /* _MODEL_H_ */
