/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_FLOW_ACTION_H_
#define _ESN_FLOW_ACTION_H_

/*
 * Action lists: a list of rte_flow actions becomes an array of struct esw_flow_act.
 *
 * What surprises:
 * - the e-switch does actions in the order of the list and ends with the one that says where the
 *   frame goes. What stands behind "drop", "jump", "queue" ... and only takes note (COUNT, AGE,
 *   MARK, FLAG, METER) is moved before it; an edit there is refused, for nobody would see it;
 * - an edit is refused unless the pattern, or an action before, says that the header is there. The
 *   e-switch would skip it silently for frames that lack it;
 * - the result holds octets of encapsulations and the RSS of its own, and points to them, to the
 *   application's RAW_ENCAP data and to shared objects: it is good for one call of the engine,
 *   which copies, and it must not be moved.
 *
 * Thread-safety: pure functions, but that indirect actions and meters are looked up.
 */
#include "flow_item.h"

/* Octets of encapsulations that are built, all together. */
#define ESN_FLOW_BYTES (4 * ESW_FLOW_ENCAP_MAX)

struct esn_flow_actions {
	struct esw_flow_act act[ESW_FLOW_ACTS_MAX];
	uint32_t n;
	uint64_t later;                  /* bit i: act[i] has no value yet */
	uint8_t from[ESW_FLOW_ACTS_MAX]; /* then: its place in the list of actions */
	bool ages;                       /* the rule has an age of its own */
	uint16_t n_bytes;
	uint8_t bytes[ESN_FLOW_BYTES];
	struct esw_flow_rss rss;
};

/*
 * The configuration of an action whose value comes with each rule: templates have such. It is taken
 * for what its type is; a SAMPLE of them is not.
 */
extern const uint8_t esn_flow_later;

/**
 * @param port     the port that the rule is made on
 * @param spec     side, group and sender have been filled in
 * @param pattern  what the rule's items say of the headers
 * @param actions  ends with END
 * @param out      need not be initialised
 * @return 0 or a negative errno with the refusal, which points at the action at fault
 */
int esn_flow_actions_get(const struct esn_flow_port *port, const struct esw_flow_spec *spec,
			 const struct esn_flow_pattern *pattern,
			 const struct rte_flow_action *actions, struct esn_flow_actions *out,
			 struct rte_flow_error *error);

#endif /* _ESN_FLOW_ACTION_H_ */
