/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _PROP_FLOW_H_
#define _PROP_FLOW_H_

/*
 * Random flow rules for both sides. Matches are made of headers of frames that the generator makes,
 * so that they hit.
 *
 * What surprises: where the e-switch chooses a UDP source port (a round with `entropy`), nobody can
 * say what a rule that looks at source ports does. Such a round has no such rule, and nothing that
 * would shift the port into another field.
 *
 * Thread-safety: none, one thread.
 */
#include "model_flow.h"
#include "prop.h"

/* Everything that a spec points to. */
struct prop_spec {
	struct esw_flow_spec spec;
	struct esw_flow_match match;
	struct esw_flow_act act[ESW_FLOW_ACTS_MAX];
	struct esw_flow_rss rss;
	uint8_t encap[4][ESW_FLOW_ENCAP_MAX];
	unsigned int n_encap;
	bool copies; /* it goes on after a copy was made */
};

/* prop_flow_match.c: needs spec.ep and spec.side */
void prop_match_random(struct prop_world *w, struct prop_spec *s);
/* prop_flow_act.c: needs spec.ep, spec.side and spec.group */
void prop_acts_random(struct prop_world *w, struct prop_spec *s);
/* prop_flow_encap.c: octets of a tunnel's headers into the next of s->encap */
void prop_encap_random(struct prop_world *w, struct prop_spec *s, struct esw_flow_act *a);

#endif /* _PROP_FLOW_H_ */
