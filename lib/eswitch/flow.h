/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_H_
#define _ESW_FLOW_H_

/*
 * Flow rules of the e-switch: values in, rules out. What they mean is doc/semantics.md, section 7.
 *
 * A rule belongs to a table, and there is one for each (endpoint, side, group):
 * - side ESW_FLOW_TRANSFER: frames that this endpoint *sends*, in their switch-side form, after its
 *   policy has let them pass and before anything else decides where they go;
 * - side ESW_FLOW_LOCAL: frames that this endpoint is about to *receive*, in the form that it gets,
 *   after its policy; such a rule chooses a queue, marks or drops.
 * Group 0 is looked at first, others by ESW_FLOW_JUMP. In a table the rule with the lowest priority
 * number wins, among equals the one that was made first.
 *
 * What surprises:
 * - actions are done in the order of the list, so "port A, push VLAN, port B" gives A the frame
 *   without a tag;
 * - rules never widen a policy: the sender's was asked before, each receiver's is asked after;
 * - this library knows no ethdev: ports are endpoint numbers, and no rte_flow type is used. The
 *   driver translates (drivers/net/eswitch/flow_*.c).
 *
 * Thread-safety: all functions from any thread of the primary process; the device's mutex is
 * taken inside. The data path takes no lock: a rule is published by one pointer store, and its
 * memory is used again only after a grace period. Counters are exact with any number of senders.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "esw.h"
#include "flow_key.h"

#define ESW_FLOW_PRIO_MAX 65535
#define ESW_FLOW_RANGES_MAX 8
#define ESW_FLOW_ACTS_MAX 64
#define ESW_FLOW_ENCAP_MAX 128 /* octets of one encapsulation */
#define ESW_FLOW_FRONT 512 /* octets in which a frame's headers are rewritten, see flow_edit.h */

struct esw_flow;         /* a rule */
struct esw_flow_counter; /* that rules share */
struct esw_flow_age;     /* the same */
struct esw_flow_meter;
struct esw_flow_quota;

enum esw_flow_side { ESW_FLOW_TRANSFER, ESW_FLOW_LOCAL, ESW_FLOW_SIDES };

/* A field that may lie in an interval, ends included; octets compared as one big-endian number. */
struct esw_flow_range {
	uint8_t off, len; /* octets of union esw_flow_key; len 1 to 16 */
	uint8_t mask[16]; /* what counts of the field, lo and hi */
	uint8_t lo[16], hi[16];
};

struct esw_flow_match {
	union esw_flow_key key;  /* zero where the mask is */
	union esw_flow_key mask; /* zero for fields with a range */
	uint32_t n_ranges;
	struct esw_flow_range range[ESW_FLOW_RANGES_MAX];
};

enum esw_flow_op {
	ESW_FLOW_END, /* stands behind the last action of a compiled rule; never given */
	/* where to: */
	ESW_FLOW_PORT,     /* ep; transfer only; several allowed */
	ESW_FLOW_DROP,     /* last, and no PORT before it */
	ESW_FLOW_JUMP,     /* group; last; a higher group than the rule's */
	ESW_FLOW_PASSTHRU, /* last; the next rule that matches, or none, decides */
	ESW_FLOW_QUEUE,    /* queue; local only, last */
	ESW_FLOW_RSS,      /* rss; local only, last */
	/* on the way: */
	ESW_FLOW_COUNT, /* counter; NULL = the rule's own (one at most) */
	ESW_FLOW_AGE,   /* age, or timeout and context for the rule's own (one at most) */
	ESW_FLOW_METER, /* meter */
	ESW_FLOW_MARK,  /* mark: told to the receivers in mbuf->hash.fdir.hi */
	ESW_FLOW_FLAG,  /* told to the receivers without a number */
	/*
	 * sample: one frame of `ratio` also goes through the next n_acts actions, whose edits the
	 * frame itself does not keep; transfer only, not nested
	 */
	ESW_FLOW_SAMPLE,
	/* edits; transfer only: */
	ESW_FLOW_POP_VLAN,
	ESW_FLOW_PUSH_VLAN, /* tpid; the new tag's TCI is that of the present outer tag, or 0 */
	ESW_FLOW_SET_VID,   /* vid */
	ESW_FLOW_SET_PCP,   /* pcp */
	ESW_FLOW_SET_SRC,   /* mac */
	ESW_FLOW_SET_DST,   /* mac */
	ESW_FLOW_MAC_SWAP,
	ESW_FLOW_SET_IP4_SRC, /* ip4 */
	ESW_FLOW_SET_IP4_DST,
	ESW_FLOW_SET_IP6_SRC, /* ip6 */
	ESW_FLOW_SET_IP6_DST,
	ESW_FLOW_SET_SPORT, /* port */
	ESW_FLOW_SET_DPORT,
	ESW_FLOW_SET_TTL,  /* u8 */
	ESW_FLOW_DEC_TTL,  /* 1 or less: the frame ends there */
	ESW_FLOW_SET_DSCP, /* u8, 6 bits */
	ESW_FLOW_ENCAP,    /* encap */
	ESW_FLOW_DECAP,    /* decap: octets off the front; 0 = up to the frame inside VXLAN */
	ESW_FLOW_OPS
};

struct esw_flow_rss {
	uint32_t types;               /* ESW_RSS_*; 0 = the endpoint's own */
	uint8_t key[ESW_RSS_KEY_LEN]; /* aligned here: it is read in words of 32 bits */
	bool key_set;
	uint16_t n_queues; /* 1 to ESW_QUEUES_MAX */
	uint16_t queue[ESW_QUEUES_MAX];
};

struct esw_flow_act {
	enum esw_flow_op op;
	union {
		uint16_t ep;
		uint16_t queue;
		struct {
			uint32_t group;
			void *table; /* the engine's own: leave it alone */
		};
		uint32_t mark;
		struct esw_flow_counter *counter;
		struct {
			struct esw_flow_age *age;
			uint32_t timeout; /* seconds, 1 to 2^24 - 1 */
			void *context;
		};
		struct esw_flow_meter *meter;
		struct {
			uint32_t ratio; /* 1 = every frame */
			uint8_t n_acts;
		} sample;
		const struct esw_flow_rss *rss;
		uint16_t tpid; /* host order */
		uint16_t vid;  /* host order */
		uint8_t pcp;
		uint8_t mac[6];
		uint32_t ip4; /* network order */
		uint8_t ip6[16];
		uint16_t port; /* network order */
		uint8_t u8;
		struct {
			const uint8_t *bytes; /* 14 to ESW_FLOW_ENCAP_MAX, or less behind a DECAP */
			uint16_t len;
			bool entropy; /* UDP source port from a hash of what is inside */
			bool fix; /* lengths and IPv4 checksum of the IP and UDP headers in it */
		} encap;
		struct {
			uint16_t len;
		} decap;
	};
};

struct esw_flow_spec {
	uint16_t ep; /* whose frames */
	enum esw_flow_side side;
	uint32_t group;
	uint32_t prio;  /* 0 (best) to ESW_FLOW_PRIO_MAX */
	uint16_t owner; /* endpoint of the port that made it */
	const struct esw_flow_match *match;
	const struct esw_flow_act *act;
	uint32_t n_acts;
};

struct esw_flow_stats {
	uint64_t packets, bytes; /* octets without FCS, of the frame as it was matched */
};

/*
 * May this rule be made? Everything that esw_flow_create() refuses but for want of memory.
 * @return 0; -EINVAL, -ERANGE, -ENOTSUP, -EEXIST (same table, priority and match), with a sentence
 */
int esw_flow_check(struct esw *sw, const struct esw_flow_spec *spec, struct esw_err *err);

/* @return the rule, in force; or NULL with rte_errno (as above, -ENOMEM) and a sentence */
struct esw_flow *esw_flow_create(struct esw *sw, const struct esw_flow_spec *spec,
				 struct esw_err *err);

/*
 * Many at once, under one lock: rule[i] is the rule or NULL. No rule is half made; those that were
 * made stay although others are refused.
 * @param rc  out: 0 or a negative errno for each; err is the first refusal's sentence
 * @return how many were made
 */
uint32_t esw_flow_create_bulk(struct esw *sw, const struct esw_flow_spec *spec, uint32_t n,
			      struct esw_flow **rule, int *rc, struct esw_err *err);

/* No frame that is sent after the return sees the rule; its memory is freed later. */
void esw_flow_destroy(struct esw *sw, struct esw_flow *rule);
void esw_flow_destroy_bulk(struct esw *sw, struct esw_flow **rule, uint32_t n);
/* All rules of an owner. @return how many there were */
uint32_t esw_flow_flush(struct esw *sw, uint16_t owner);
uint32_t esw_flow_number(const struct esw *sw, uint16_t owner);
/* Walk an owner's rules, oldest first: NULL starts, NULL ends. Not while rules are destroyed. */
struct esw_flow *esw_flow_next(const struct esw *sw, uint16_t owner, const struct esw_flow *rule);

/* What the rule has counted; -ENOENT: it does not count. `reset`: from zero again. */
int esw_flow_count_get(struct esw *sw, struct esw_flow *rule, bool reset, struct esw_flow_stats *s);
/* Seconds since the last frame (or since it was made), and whether it has aged; -ENOENT. */
int esw_flow_age_get(struct esw *sw, struct esw_flow *rule, uint32_t *idle_s, bool *aged);

/* Shared objects: not to be destroyed while a rule has them (-EBUSY). */
struct esw_flow_counter *esw_flow_counter_create(struct esw *sw, struct esw_err *err);
int esw_flow_counter_destroy(struct esw *sw, struct esw_flow_counter *c, struct esw_err *err);
void esw_flow_counter_get(struct esw *sw, struct esw_flow_counter *c, bool reset,
			  struct esw_flow_stats *s);
struct esw_flow_age *esw_flow_age_create(struct esw *sw, uint16_t owner, uint32_t timeout,
					 void *context, struct esw_err *err);
int esw_flow_age_destroy(struct esw *sw, struct esw_flow_age *a, struct esw_err *err);
/* Another timeout; 0 = only touch, as if a frame had come. It is no longer aged. */
void esw_flow_age_update(struct esw *sw, struct esw_flow_age *a, uint32_t timeout);
void esw_flow_age_shared_get(struct esw *sw, struct esw_flow_age *a, uint32_t *idle_s, bool *aged);

/*
 * Contexts of an owner's aged rules and shared ages (the rule itself where the context is NULL),
 * until they are destroyed. @return how many there are, of which n are filled in
 */
uint32_t esw_flow_aged_get(struct esw *sw, uint16_t owner, void **context, uint32_t n);
/*
 * To be called about once a second: finds what has aged since. @return whether owner has any that
 * were not there at the last call of this function or of esw_flow_aged_get()
 */
bool esw_flow_age_tick(struct esw *sw, uint16_t owner);

/* Isolated: what an endpoint is about to receive and no rule of it takes is dropped. */
int esw_flow_isolate(struct esw *sw, uint16_t ep, bool on);
bool esw_flow_is_isolated(const struct esw *sw, uint16_t ep);

/* One rule, or all of an owner (rule NULL), for a person: a line each. */
void esw_flow_dump(const struct esw *sw, uint16_t owner, const struct esw_flow *rule, FILE *f);

/* Octets of shared memory that rules, tables and counters take. */
uint64_t esw_flow_memory(const struct esw *sw);

#endif /* _ESW_FLOW_H_ */
