/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random lists of actions that the e-switch takes: some that do something on the way, ports among
 * them, and one that has the last word.
 */
#include <string.h>

#include "prop_flow.h"

#define ACTS_ENOUGH 30 /* one more thing on the way is at most half of ESW_FLOW_ACTS_MAX */

static struct esw_flow_act *
next(struct prop_spec *s, enum esw_flow_op op)
{
	struct esw_flow_act *a = &s->act[s->spec.n_acts++];

	memset(a, 0, sizeof(*a));
	a->op = op;
	return a;
}

/* Mostly a VF, and one's representor: never the sender. */
static void
port(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;
	unsigned int ep;

	do {
		ep = prop_below(r, model_eps(&w->m));
		if (prop_percent(r, 50))
			ep = MODEL_VF(prop_below(r, w->m.n_vfs));
	} while (ep == s->spec.ep);
	next(s, ESW_FLOW_PORT)->ep = ep;
}

static void
count(struct prop_world *w, struct prop_spec *s, bool may_be_own)
{
	struct esw_flow_counter *c = w->counter[prop_below(&w->rng, PROP_COUNTERS)];
	unsigned int i;

	for (i = 0; i < s->spec.n_acts; i++) {
		if (s->act[i].op == ESW_FLOW_COUNT && s->act[i].counter == NULL)
			may_be_own = false;
	}
	next(s, ESW_FLOW_COUNT)->counter = may_be_own && prop_percent(&w->rng, 85) ? NULL : c;
}

static void
decap(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;

	if (w->entropy || prop_percent(r, 70)) {
		next(s, ESW_FLOW_DECAP)->decap.len = 0;
		return;
	}
	next(s, ESW_FLOW_DECAP)->decap.len = prop_percent(r, 60) ? 14 : 1 + prop_below(r, 80);
	if (prop_percent(r, 70) && s->n_encap < RTE_DIM(s->encap)) {
		struct esw_flow_act *a = next(s, ESW_FLOW_ENCAP);

		prop_encap_random(w, s, a);
		if (prop_percent(r, 20)) /* less than an Ethernet header may stand behind a decap */
			a->encap.len = 1 + prop_below(r, a->encap.len);
	}
}

/* One tunnel in the other, now and then until there is no room for more. */
static void
encap(struct prop_world *w, struct prop_spec *s)
{
	unsigned int n = prop_percent(&w->rng, 15) ? RTE_DIM(s->encap) : 1, tags = 0;

	if (n > 1)
		tags = prop_below(&w->rng, 4);
	for (; n > 0 && s->n_encap < RTE_DIM(s->encap); n--)
		prop_encap_random(w, s, next(s, ESW_FLOW_ENCAP));
	for (; tags > 0; tags--)
		next(s, ESW_FLOW_PUSH_VLAN)->tpid = ESW_TPID_CTAG;
}

/* Edits of MAC addresses and tags. */
static void
edit_l2(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;
	struct rte_ether_addr mac = prop_dst_random(w);
	struct esw_flow_act *a;

	switch (prop_below(r, 8)) {
	case 0:
		next(s, ESW_FLOW_POP_VLAN);
		break;
	case 1:
		a = next(s, ESW_FLOW_PUSH_VLAN);
		a->tpid = prop_percent(r, 70) ? ESW_TPID_CTAG : ESW_TPID_STAG;
		if (prop_percent(r, 70))
			next(s, ESW_FLOW_SET_VID)->vid = prop_vid_random(w);
		break;
	case 2:
		next(s, ESW_FLOW_SET_VID)->vid = prop_vid_random(w);
		break;
	case 3:
		next(s, ESW_FLOW_SET_PCP)->pcp = prop_below(r, 8);
		break;
	case 4:
	case 5:
		a = next(s, ESW_FLOW_SET_DST);
		memcpy(a->mac, mac.addr_bytes, 6);
		break;
	case 6:
		a = next(s, ESW_FLOW_SET_SRC);
		memcpy(a->mac, mac.addr_bytes, 6);
		break;
	case 7:
		next(s, ESW_FLOW_MAC_SWAP);
		break;
	}
}

/* Edits of IP and L4, and tunnels. */
static void
edit_l3(struct prop_world *w, struct prop_spec *s)
{
	static const uint8_t ttls[] = { 0, 1, 2, 64, 255 };
	struct prop_rng *r = &w->rng;
	struct esw_flow_act *a;
	uint8_t ip4[4];

	switch (prop_below(r, 10)) {
	case 0:
	case 1:
		a = next(s, prop_percent(r, 50) ? ESW_FLOW_SET_IP4_SRC : ESW_FLOW_SET_IP4_DST);
		prop_ip4(r, ip4);
		memcpy(&a->ip4, ip4, 4);
		break;
	case 2:
		a = next(s, prop_percent(r, 50) ? ESW_FLOW_SET_IP6_SRC : ESW_FLOW_SET_IP6_DST);
		prop_ip6(r, a->ip6);
		break;
	case 3:
	case 4:
		a = next(s, prop_percent(r, 50) ? ESW_FLOW_SET_SPORT : ESW_FLOW_SET_DPORT);
		a->port = rte_cpu_to_be_16(prop_l4_port(r));
		break;
	case 5:
		next(s, ESW_FLOW_SET_TTL)->u8 = ttls[prop_below(r, RTE_DIM(ttls))];
		break;
	case 6:
		next(s, ESW_FLOW_DEC_TTL);
		break;
	case 7:
		next(s, ESW_FLOW_SET_DSCP)->u8 = prop_below(r, 64);
		break;
	case 8:
		encap(w, s);
		break;
	case 9:
		decap(w, s);
		break;
	}
}

static void
edit(struct prop_world *w, struct prop_spec *s)
{
	if (prop_percent(&w->rng, 50))
		edit_l2(w, s);
	else
		edit_l3(w, s);
}

static void
sample(struct prop_world *w, struct prop_spec *s)
{
	unsigned int first, n = 1 + prop_below(&w->rng, 3), at = s->spec.n_acts;

	next(s, ESW_FLOW_SAMPLE)->sample.ratio = 1;
	first = s->spec.n_acts;
	for (; n > 0; n--) {
		if (prop_percent(&w->rng, 15))
			count(w, s, false);
		else if (prop_percent(&w->rng, 60))
			edit(w, s);
		else
			port(w, s);
	}
	if (prop_percent(&w->rng, 60))
		port(w, s);
	s->act[at].sample.n_acts = s->spec.n_acts - first;
}

static void
on_the_way(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;
	bool transfer = s->spec.side == ESW_FLOW_TRANSFER;
	unsigned int p = prop_below(r, 100);

	if (p < 12) {
		count(w, s, true);
	} else if (p < 22) {
		next(s, ESW_FLOW_MARK)->mark = prop_below(r, 5) * 0x30000001u;
	} else if (p < 28) {
		next(s, ESW_FLOW_FLAG);
	} else if (p < 31 && w->meter != NULL) {
		next(s, ESW_FLOW_METER)->meter = w->meter;
	} else if (transfer && p < 38) {
		sample(w, s);
	} else if (transfer) {
		edit(w, s);
	}
}

static void
last_word_local(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;
	unsigned int p = prop_below(r, 100), n_rxq = w->port[s->spec.ep].n_rxq;

	if (p < 15) {
		next(s, ESW_FLOW_DROP);
	} else if (p < 30) {
		next(s, ESW_FLOW_JUMP)->group = s->spec.group + 1;
	} else if (p < 50) {
		next(s, ESW_FLOW_PASSTHRU);
	} else if (p < 75) {
		next(s, ESW_FLOW_QUEUE)->queue = prop_below(r, n_rxq);
		if (prop_percent(r, 5)) /* perhaps there is none */
			s->act[s->spec.n_acts - 1].queue = prop_below(r, PROP_RXQS);
	} else {
		memset(&s->rss, 0, sizeof(s->rss));
		s->rss.types = prop_percent(r, 50) ? 0 : ESW_RSS_IPV4 | ESW_RSS_UDP;
		s->rss.key_set = prop_percent(r, 30);
		memset(s->rss.key, 0x5a, sizeof(s->rss.key));
		s->rss.n_queues = 1 + prop_below(r, 4);
		for (p = 0; p < s->rss.n_queues; p++)
			s->rss.queue[p] = prop_below(r, n_rxq);
		next(s, ESW_FLOW_RSS)->rss = &s->rss;
	}
}

static void
last_word(struct prop_world *w, struct prop_spec *s, bool go_on, bool served)
{
	struct prop_rng *r = &w->rng;

	if (s->spec.side == ESW_FLOW_LOCAL) {
		last_word_local(w, s);
	} else if (go_on && prop_percent(r, 50)) {
		/* now and then to a group that nobody has rules in */
		next(s, ESW_FLOW_JUMP)->group = s->spec.group + 1 +
						(prop_percent(r, 90) ? 0 : prop_below(r, 100000));
	} else if (go_on) {
		next(s, ESW_FLOW_PASSTHRU);
	} else if (!served && prop_percent(r, 15)) {
		next(s, ESW_FLOW_DROP);
	} else {
		port(w, s);
	}
}

static bool
has_copies(const struct prop_spec *s)
{
	unsigned int i;

	for (i = 0; i < s->spec.n_acts; i++) {
		if (s->act[i].op == ESW_FLOW_PORT)
			return true;
	}
	return false;
}

void
prop_acts_random(struct prop_world *w, struct prop_spec *s)
{
	struct prop_rng *r = &w->rng;
	unsigned int n = prop_percent(r, 40) ? 0 : prop_below(r, prop_percent(r, 90) ? 5 : 14);
	bool go_on = prop_percent(r, 35), served = false;

	s->spec.n_acts = 0;
	s->n_encap = 0;
	if (prop_percent(r, 60))
		count(w, s, true);
	if (w->plain && s->spec.side == ESW_FLOW_TRANSFER && prop_percent(r, 75)) {
		port(w, s);
		s->copies = false;
		return;
	}
	for (; n > 0 && s->spec.n_acts < ACTS_ENOUGH; n--) {
		on_the_way(w, s);
		if (s->spec.side == ESW_FLOW_TRANSFER && prop_percent(r, go_on ? 3 : 15)) {
			port(w, s);
			served = true;
		}
	}
	last_word(w, s, go_on, served);
	if (prop_percent(r, 10) && !go_on && s->spec.side == 0 &&
	    s->act[s->spec.n_acts - 1].op == ESW_FLOW_PORT)
		port(w, s);
	s->copies = go_on && has_copies(s);
}
