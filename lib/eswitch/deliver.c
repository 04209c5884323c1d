/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <string.h>

#include <rte_net.h>

#include "deliver.h"
#include "flow_edit.h"
#include "flow_run.h"
#include "offload.h"
#include "rss.h"

#define HEADROOM_MIN 64 /* what a receiver may count on: room for a VXLAN or two tags */
#define SEGS_MAX 1024   /* 65535 octets in buffers of ESW_MTU_MIN: more than any frame needs */

/* Where the frame is to go, once the queue is known. */
struct target {
	struct esw_rxq *r;
	struct esw_to *to;
	struct esw_lane *l;
	uint32_t free;     /* slots */
	uint16_t pos;      /* first free slot */
	struct esw_edit e; /* from the sender's bytes to the receiver's */
	uint32_t len;      /* octets that the receiver gets */
	uint32_t hash;
	bool hashed;
	uint64_t rx_flags;
	uint16_t vlan_tci;
	struct esw_flow_verdict v; /* of the receiver's own flow rules */
};

/* Is there room in the first segment for what is put in front, and for the edit? */
static bool
has_room(const struct rte_mbuf *m, const struct esw_flow_front *f, const struct esw_edit *e)
{
	uint32_t first = m->data_len, len = m->pkt_len;
	int room = (int)rte_pktmbuf_headroom(m) - (e->push ? ESW_TAG_LEN : 0);

	if (f != NULL) {
		if (first < f->cut)
			return false;
		first = f->n;
		len = f->len;
		room -= (int)f->n - (int)f->cut;
	}
	return first >= RTE_MIN(len, (uint32_t)ESW_HDR_MAX) && room >= HEADROOM_MIN;
}

/* May this mbuf become the receiver's as it is? */
static bool
can_move(const struct esw_send *s, const struct target *t)
{
	const struct rte_mbuf *m = s->m;

	if (m->nb_segs != 1 && (t->r->flags & ESW_RXQ_SCATTER) == 0)
		return false;
	if (!has_room(m, s->front, &t->e))
		return false;
	for (; m != NULL; m = m->next)
		if (m->pool != t->r->mp || !RTE_MBUF_DIRECT(m) || rte_mbuf_refcnt_read(m) != 1 ||
		    m->data_len == 0)
			return false;
	return true;
}

/* Rewritten headers instead of the sender's. */
static void
front_in_place(struct rte_mbuf *m, const struct esw_flow_front *f)
{
	int grow = (int)f->n - (int)f->cut;

	m->data_off -= grow;
	m->data_len += grow;
	m->pkt_len += grow;
	memcpy(rte_pktmbuf_mtod(m, void *), f->p, f->n);
}

/* Make the edit in place; can_move() has seen to the room. */
static void
edit_in_place(struct rte_mbuf *m, const struct esw_edit *e)
{
	uint8_t *p = rte_pktmbuf_mtod(m, uint8_t *);
	int grow = (e->push ? ESW_TAG_LEN : 0) - e->cut;
	uint32_t tag = rte_cpu_to_be_32(e->tag);

	if (grow != 0) {
		memmove(p - grow, p, 2 * RTE_ETHER_ADDR_LEN);
		m->data_off -= grow;
		m->data_len += grow;
		m->pkt_len += grow;
		p -= grow;
	}
	if (e->push)
		memcpy(p + 2 * RTE_ETHER_ADDR_LEN, &tag, sizeof(tag));
}

/* Buffers of the receiver for `n` segments: posted ones from the lane, else from its pool. */
static bool
get_buffers(const struct target *t, struct rte_mbuf **seg, uint32_t n)
{
	uint16_t at = t->pos;

	if (!t->l->posted)
		return rte_pktmbuf_alloc_bulk(t->r->mp, seg, n) == 0;
	for (uint32_t i = 0; i < n; i++) {
		seg[i] = t->l->slot[at];
		if (seg[i] == NULL)
			return false; /* its pool was empty when it last looked */
		rte_pktmbuf_reset(seg[i]);
		at = at + 1 == t->l->cap ? 0 : at + 1;
	}
	return true;
}

static struct rte_mbuf *
copy(const struct esw_send *s, const struct target *t, uint32_t n)
{
	struct rte_mbuf *seg[SEGS_MAX];
	uint32_t at = 0;

	if (n == 0 || !get_buffers(t, seg, n))
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = RTE_MIN(t->len - at, t->r->room);

		esw_send_read(s, &t->e, at, rte_pktmbuf_mtod(seg[i], uint8_t *), k);
		seg[i]->data_len = k;
		seg[i]->next = i + 1 < n ? seg[i + 1] : NULL;
		at += k;
	}
	seg[0]->nb_segs = n;
	seg[0]->pkt_len = t->len;
	return seg[0];
}

/* Everything that a receiver may read of an mbuf's metadata. */
static void
dress(struct rte_mbuf *m, const struct target *t)
{
	struct rte_net_hdr_lens lens;

	m->port = t->r->port_id;
	m->ol_flags = t->rx_flags;
	m->vlan_tci = t->vlan_tci;
	m->vlan_tci_outer = 0;
	m->packet_type = 0;
	m->hash.rss = t->hash;
	if (t->hashed)
		m->ol_flags |= RTE_MBUF_F_RX_RSS_HASH;
	if (t->v.mark_flags != 0) {
		m->ol_flags |= t->v.mark_flags;
		m->hash.fdir.hi = t->v.mark;
	}
	if ((t->r->flags & ESW_RXQ_PTYPE) != 0)
		m->packet_type = rte_net_get_ptype(m, &lens,
						   RTE_PTYPE_L2_MASK | RTE_PTYPE_L3_MASK |
							   RTE_PTYPE_L4_MASK);
}

/* Receive features that change what the receiver sees of the frame. */
static void
features(const struct esw_send *s, struct target *t, bool popped)
{
	uint16_t type = popped ? s->s.type1 : s->s.type;

	t->rx_flags = 0;
	t->vlan_tci = 0;
	if ((t->r->flags & ESW_RXQ_CKSUM) != 0)
		t->rx_flags = s->rx_flags;
	/* A tag that came to light behind an S-tag may be cut off: not a tag then. */
	if ((t->r->flags & ESW_RXQ_VLAN_STRIP) != 0 && type == ESW_TPID_CTAG &&
	    t->len >= RTE_ETHER_HDR_LEN + ESW_TAG_LEN) {
		t->rx_flags |= RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED;
		t->vlan_tci = popped ? s->s.tci1 : s->s.tci;
		esw_edit_pop(&t->e);
		t->len -= ESW_TAG_LEN;
	}
}

/* By flow rule, or by the endpoint's RSS: a number among `nb` started queues. */
static uint16_t
spread(const struct esw_send *s, uint16_t ep, struct target *t, uint16_t nb)
{
	const struct esw_ep *e = &s->q->sw->ep[ep];
	bool wanted = t->r != NULL && (t->r->flags & ESW_RXQ_RSS_HASH) != 0;
	const struct esw_flow_rss *rule = t->v.rss;
	uint8_t buf[ESW_FLOW_LOOK];
	const uint8_t *p;
	uint32_t n;

	if (t->v.queue >= 0 && !wanted)
		return t->v.queue;
	if (rule == NULL && (e->rss.types == 0 || (nb == 1 && !wanted)))
		return RTE_MAX(t->v.queue, 0);
	p = esw_send_head(s, &s->e, s->s.len, buf, &n);
	if (rule != NULL)
		return rule->queue[esw_rss_hash_rule(e, rule, p, n, &t->hash, &t->hashed) %
				   rule->n_queues];
	t->hash = esw_rss_hash(e, p, n, &t->hashed);
	return t->v.queue >= 0 ? t->v.queue : esw_rss_queue(e, t->hash, nb);
}

static bool
pick_queue(const struct esw_send *s, uint16_t ep, struct target *t)
{
	struct esw *sw = s->q->sw;
	const struct esw_ep *e = &sw->ep[ep];
	uint16_t nb = __atomic_load_n(&sw->out[ep].nb_rxq, __ATOMIC_ACQUIRE), k = 0;

	if (nb == 0)
		return false;
	t->hash = 0;
	t->hashed = false;
	t->r = __atomic_load_n(&e->rxq[0], __ATOMIC_ACQUIRE);
	if (nb > 1 || t->v.queue >= 0 || t->v.rss != NULL ||
	    (t->r != NULL && (t->r->flags & ESW_RXQ_RSS_HASH) != 0))
		k = spread(s, ep, t, nb);
	t->r = __atomic_load_n(&e->rxq[k], __ATOMIC_ACQUIRE);
	if (t->r == NULL || !t->r->started)
		return false;
	if ((t->r->flags & ESW_RXQ_RSS_HASH) == 0)
		t->hashed = false;
	if (s->q->to[k] == NULL)
		return false;
	t->to = &s->q->to[k][ep];
	t->l = __atomic_load_n(&t->to->lane, __ATOMIC_ACQUIRE);
	return t->l != NULL;
}

/* The queue step: buffer, room, counters. */
static enum esw_fate
enqueue(struct esw_send *s, struct target *t, bool last)
{
	uint32_t bell = *t->to->bell, n = (t->len + t->r->room - 1) / t->r->room;
	bool posted = __atomic_load_n(&t->l->posted, __ATOMIC_ACQUIRE) != 0;
	bool move = !posted && last && t->r->pid == esw_self && can_move(s, t);
	uint16_t cons = __atomic_load_n(&t->l->cons, __ATOMIC_ACQUIRE);
	uint16_t waiting = esw_bell_count(bell) - cons;
	struct rte_mbuf *m = s->m;

	if (!posted)
		n = 1;
	t->to->cons = cons;
	if (!esw_lane_next(t->l, bell, &t->pos) || waiting + n > t->l->cap)
		return ESW_RX_FULL;
	if (move) {
		if (s->front != NULL)
			front_in_place(m, s->front);
		edit_in_place(m, &t->e);
		s->m = NULL;
	} else {
		if (!posted && t->r->pid != esw_self)
			return ESW_RX_NO_BUFFER; /* the other process has not posted any yet */
		m = copy(s, t, (t->len + t->r->room - 1) / t->r->room);
		if (m == NULL)
			return ESW_RX_NO_BUFFER;
	}
	dress(m, t);
	if (s->tso) {
		m->ol_flags |= RTE_MBUF_F_RX_LRO;
		m->tso_segsz = s->m != NULL ? s->m->tso_segsz : m->tso_segsz;
	}
	t->l->slot[t->pos] = m;
	return ESW_RX_DELIVERED;
}

static enum esw_fate
deliver_one(struct esw_send *s, uint16_t ep, struct target *t, bool popped, bool last)
{
	enum esw_fate f;
	uint32_t len = t->len, slots;

	if (t->len > t->r->room && (t->r->flags & ESW_RXQ_SCATTER) == 0)
		return ESW_RX_TOO_BIG;
	features(s, t, popped);
	f = enqueue(s, t, last);
	if (f != ESW_RX_DELIVERED)
		return f;
	if (unlikely(*t->to->bell == 0))
		esw_lane_open(t->r, s->q->id);
	slots = t->l->posted ? t->l->slot[t->pos]->nb_segs : 1;
	esw_lane_push(t->to, t->pos, slots, len);
	if (esw_mac48_is_group(s->f.dst))
		s->q->at[ep].n[s->f.dst == ESW_MAC_BCAST ? ESW_AT_BCAST : ESW_AT_MCAST]++;
	return f;
}

/* The receiver's own flow rules: they choose a queue, mark, or drop. */
static enum esw_fate
judge_local(struct esw_send *s, uint16_t ep, struct target *t)
{
	const struct esw_out *o = &s->q->sw->out[ep];
	const struct esw_flow_table *rules = __atomic_load_n(&o->local, __ATOMIC_ACQUIRE);
	uint8_t buf[ESW_FLOW_LOOK];
	enum esw_fate f = ESW_RX_DELIVERED;
	const uint8_t *p;
	uint32_t n;

	if (likely(rules == NULL && !o->isolated))
		return f;
	if (rules != NULL) {
		p = esw_send_head(s, &t->e, t->len, buf, &n);
		f = esw_flow_local(s, rules, p, n, t->len, &t->v);
	}
	if (f == ESW_RX_DELIVERED && o->isolated && !t->v.taken && !s->by_rule)
		f = ESW_RX_NO_FLOW;
	if (f == ESW_RX_DELIVERED && (t->v.queue >= 0 || t->v.rss != NULL) && !pick_queue(s, ep, t))
		f = ESW_RX_STOPPED;
	return f;
}

/* A receiver that does not take TSO frames whole gets the segments, each with a fate of its own. */
static void
deliver_segments(struct esw_send *s, uint16_t ep, const struct target *whole, bool popped)
{
	uint32_t n = esw_tso_count(s->m);

	for (uint32_t i = 0; i < n; i++) {
		struct esw_send part = *s;
		struct target t = *whole;
		enum esw_fate f = ESW_RX_NO_BUFFER;

		part.m = esw_tso_segment(s->m, i);
		part.tso = false;
		if (part.m != NULL) {
			t.len = whole->len - s->m->pkt_len + part.m->pkt_len;
			part.s.len = s->s.len - s->m->pkt_len + part.m->pkt_len;
			f = judge_local(&part, ep, &t);
			if (f == ESW_RX_DELIVERED)
				f = deliver_one(&part, ep, &t, popped, true);
		}
		if (f != ESW_RX_DELIVERED)
			esw_at_count(s->q, ep, f);
		rte_pktmbuf_free(part.m);
	}
}

static enum esw_fate
judge(struct esw_send *s, uint16_t ep, struct target *t)
{
	const struct esw *sw = s->q->sw;
	const struct esw_rules *r = __atomic_load_n(&sw->out[ep].rules, __ATOMIC_ACQUIRE);

	if (!pick_queue(s, ep, t))
		return ESW_RX_STOPPED;
	if (r != NULL)
		return esw_rules_egress(r, &s->s, s->f.dst, s->isolated, &t->e);
	if (ep == ESW_EP_WIRE && !esw_wire_link_get(sw))
		return ESW_RX_LINK_DOWN;
	return ESW_RX_DELIVERED;
}

void
esw_deliver(struct esw_send *s, uint16_t ep, bool last)
{
	struct target t = {
		.e = s->e,
		.v = { .queue = -1, .mark = s->mark, .mark_flags = s->mark_flags },
	};
	enum esw_fate f = judge(s, ep, &t);
	bool popped = t.e.cut != s->e.cut || t.e.push != s->e.push;

	if (f == ESW_RX_DELIVERED) {
		t.len = s->s.len - (popped ? ESW_TAG_LEN : 0);
		if (s->tso && (t.r->flags & ESW_RXQ_LRO) == 0) {
			deliver_segments(s, ep, &t, popped);
			return;
		}
		f = judge_local(s, ep, &t);
	}
	if (f == ESW_RX_DELIVERED)
		f = deliver_one(s, ep, &t, popped, last);
	if (f != ESW_RX_DELIVERED)
		esw_at_count(s->q, ep, f);
}
