/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_TEMPLATE_H_
#define _ESN_FLOW_TEMPLATE_H_

/*
 * Templates of patterns and of actions: what rules of a table have in common.
 *
 * A pattern template is translated once (flow_template_item.c): the mask, what the items imply, and
 * a list of copies that put a rule's values into the key. An actions template is a copy of the
 * application's, in which each field is the template's or each rule's (flow_template_action.c).
 *
 * What surprises:
 * - an item without a mask asks for its header, and for none of its fields (rte_flow_create() would
 *   take a default mask); with relaxed_matching it asks for nothing at all, and edits believe that
 *   the header is there;
 * - an item with `last` is the template's as a whole: `spec` of the template is where its interval
 *   begins, and that of a rule is not looked at;
 * - port items name the sender. They may differ from rule to rule;
 * - where a rule's values decide what else is looked at (has_vlan and its like, fragment offsets),
 *   and where a rule brings octets of its own (RSS, RAW_ENCAP ...), each rule is translated as
 *   rte_flow_create() would do it. It works, at that speed.
 *
 * Thread-safety: templates do not change. Making and destroying: flow_configure.h's lock.
 */
#include <sys/queue.h>

#include "flow_rule.h"

#define ESN_FLOW_TEMPLATE_LEN 32 /* items or actions, END included */
#define ESN_FLOW_COPIES 64
#define ESN_FLOW_CONF_MAX 40 /* octets of the largest configuration, an RSS */

/* Octets of a rule's item that are a part of the key. */
struct esn_flow_copy {
	uint8_t item;
	uint8_t from, len; /* octets of the item's structure; len is at most 8 */
	uint8_t word, shift;
	uint64_t mask; /* octet 0 in the low bits */
};

struct rte_flow_pattern_template {
	TAILQ_ENTRY(rte_flow_pattern_template) next;
	uint32_t tables; /* that have it */
	bool ingress, transfer, relaxed;
	bool slow;        /* a rule's values decide what is looked at */
	int8_t port_item; /* that names the sender; -1 = none */
	enum esn_flow_as as;
	uint8_t n_items; /* END included */
	uint8_t n_copies;
	void *octets;                                     /* that items point to */
	struct rte_flow_item item[ESN_FLOW_TEMPLATE_LEN]; /* spec only beside `last` */
	struct esn_flow_copy copy[ESN_FLOW_COPIES];
	struct esn_flow_pattern pattern; /* values zero */
};

/* Of an action, what each rule brings. */
struct esn_flow_slot {
	bool later; /* a value: all of it, but for what `merge` says */
	bool fixed; /* it is the template's, but is to be looked up for each rule: a meter */
	bool merge; /* some fields are the template's */
	uint8_t ours[ESN_FLOW_CONF_MAX]; /* then: octets of the configuration that are, all ones */
};

struct esn_flow_octets; /* flow_template_conf.c */

struct rte_flow_actions_template {
	TAILQ_ENTRY(rte_flow_actions_template) next;
	uint32_t tables;
	bool ingress, transfer;
	bool slow; /* an action that comes with octets or rules of its own is later */
	bool ages;
	uint8_t n_actions;                                       /* END included */
	struct esn_flow_octets *octets;                          /* that configurations lie in */
	struct rte_flow_action action[ESN_FLOW_TEMPLATE_LEN];    /* conf NULL: nothing is ours */
	enum rte_flow_action_type shared[ESN_FLOW_TEMPLATE_LEN]; /* what INDIRECT is */
	struct esn_flow_slot slot[ESN_FLOW_TEMPLATE_LEN];
};

/* A configuration, when a rule's fields and a template's come together. */
struct esn_flow_conf_room {
	uint64_t octets[ESN_FLOW_CONF_MAX / sizeof(uint64_t)];
};

/* All actions of a rule, and where those lie. */
struct esn_flow_merged {
	struct rte_flow_action action[ESN_FLOW_TEMPLATE_LEN];
	struct esn_flow_conf_room room[ESN_FLOW_TEMPLATE_LEN];
};

/* As the operations are; NULL with the refusal. */
struct rte_flow_pattern_template *esn_flow_pattern_template_make(
	const struct esn_flow_port *port, const struct rte_flow_pattern_template_attr *attr,
	const struct rte_flow_item *items, struct rte_flow_error *error);
void esn_flow_pattern_template_free(struct rte_flow_pattern_template *t);

struct rte_flow_actions_template *esn_flow_actions_template_make(
	const struct esn_flow_port *port, const struct rte_flow_actions_template_attr *attr,
	const struct rte_flow_action *actions, const struct rte_flow_action *masks,
	struct rte_flow_error *error);
void esn_flow_actions_template_free(struct rte_flow_actions_template *t);

/* The direction of a template. */
int esn_flow_template_side(const struct esn_flow_port *port, bool ingress, bool egress,
			   bool transfer, struct rte_flow_error *error);

/* The pattern of a rule with these values, of which only `spec` is looked at. */
int esn_flow_template_pattern(const struct esn_flow_port *port,
			      const struct rte_flow_pattern_template *t, bool transfer,
			      const struct rte_flow_item *values, struct esn_flow_pattern *pattern,
			      struct rte_flow_error *error);

/*
 * The actions of a rule with these values, or of all rules (NULL): then what comes with each has
 * &esn_flow_later for a configuration.
 */
int esn_flow_template_actions(const struct rte_flow_actions_template *t,
			      const struct rte_flow_action *values, struct esn_flow_merged *merged,
			      struct rte_flow_error *error);

/* One configuration of a rule: `values` are its actions. NULL, with the refusal: there is none. */
const void *esn_flow_template_conf(const struct rte_flow_actions_template *t, uint32_t i,
				   const struct rte_flow_action *values,
				   struct esn_flow_conf_room *room, struct rte_flow_error *error);

/*
 * flow_template_conf.c: configurations of actions as structures.
 */

/* A field of one: the template's or the rule's as a whole. */
struct esn_flow_conf_field {
	uint8_t at, len;
};
#define ESN_FLOW_CONF_FIELDS 5

struct esn_flow_conf_kind {
	uint8_t size; /* octets; 0 = there is none, or nobody looks at it */
	struct esn_flow_conf_field field[ESN_FLOW_CONF_FIELDS]; /* len 0 ends */
};

/* NULL: no action that a template may have. */
const struct esn_flow_conf_kind *esn_flow_conf_kind(enum rte_flow_action_type type);

/*
 * A copy that points to nothing of the application's, as far as the fields that `ours` marks go
 * (NULL: all). It lies in *octets. NULL: no memory.
 */
const void *esn_flow_conf_copy(struct esn_flow_octets **octets, enum rte_flow_action_type type,
			       const void *conf, const uint8_t *ours);
/* With a SAMPLE's actions, these hold what they share, or let it go. */
void esn_flow_conf_hold(enum rte_flow_action_type type, const void *conf, bool hold);
void esn_flow_octets_free(struct esn_flow_octets *octets);

#endif /* _ESN_FLOW_TEMPLATE_H_ */
