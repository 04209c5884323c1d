/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Section 7 of doc/semantics.md, for one frame at a time. */
#include <errno.h>

#include <rte_random.h>

#include "flow_edit.h"
#include "flow_meter.h"
#include "flow_run.h"
#include "offload.h"
#include "slow.h"

/* How a rule's list of actions ended. */
enum end {
	END_DONE,     /* all was said */
	END_FATE,     /* the frame ends here: run.fate */
	END_JUMP,     /* run.table */
	END_PASSTHRU, /* the next rule */
};

/* One frame's way through the rules. */
struct run {
	struct esw_send *s;
	struct esw_flow_front *buf;
	const struct esw_flow_table *table;
	uint64_t after; /* rules up to this order have had it */
	/*
	 * What a TSO frame's first rule is was asked before it was decided not to cut it. The rule
	 * that is obeyed must be that one: meanwhile there may be another, that edits.
	 */
	bool looked;
	const struct esw_flow *first;
	enum esw_fate fate;
	bool served;      /* some port got it */
	bool edited;      /* s->f and s->s are out of date */
	uint32_t packets; /* what a counter counts */
	uint64_t bytes;
};

/* The first edit: the frame's first octets are copied, the sender's VLAN edit included. */
static void
front_begin(struct run *r)
{
	struct esw_send *s = r->s;
	struct esw_flow_front *f = r->buf;

	f->len = s->s.len;
	f->n = RTE_MIN(f->len, (uint32_t)ESW_FLOW_LOOK);
	f->p = f->buf + ESW_FLOW_FRONT_HEAD;
	f->put = 0;
	f->cut = f->n + s->e.cut - (s->e.push ? ESW_TAG_LEN : 0);
	esw_send_read(s, &s->e, 0, f->p, f->n);
	s->front = f;
	s->e = (struct esw_edit){ 0 };
}

/* What the switch knows of the frame follows its octets. */
static void
refresh(struct run *r)
{
	struct esw_send *s = r->s;

	if (!r->edited)
		return;
	esw_frame_parse(&s->f, s->front->p, s->front->n, s->front->len);
	if (s->f.len < RTE_ETHER_HDR_LEN + ESW_TAG_LEN)
		s->f.type = 0; /* an edit may leave a tag that is cut off: none */
	esw_side_make(&s->s, &s->f, &s->e);
	r->edited = false;
}

/* Behind a DECAP: the next octets of the sender's frame come up. */
static void
front_refill(struct run *r)
{
	const struct esw_edit none = { 0 };
	uint16_t more;
	uint8_t *p = esw_flow_front_more(r->buf, &more);

	esw_send_read(r->s, &none, r->buf->n, p, more);
	r->buf->n += more;
	r->buf->cut += more;
}

static enum end
edit(struct run *r, const struct esw_flow_act *a)
{
	int rc;

	if (r->s->front == NULL)
		front_begin(r);
	rc = esw_flow_edit(r->buf, a);
	if (rc == 0 && a->op == ESW_FLOW_DECAP)
		front_refill(r);
	r->edited = true;
	r->fate = rc == -EDOM ? ESW_TX_TTL : ESW_TX_MALFORMED;
	return rc == 0 ? END_DONE : END_FATE;
}

static void
port(struct run *r, const struct esw_flow_act *a, bool last)
{
	refresh(r);
	r->s->by_rule = true;
	esw_deliver(r->s, a->ep, last);
	r->s->by_rule = false;
	r->served = true;
}

static void
note_time(const struct run *r, struct esw_flow_age *a)
{
	uint32_t now = esw_fdb_now(&r->s->q->sw->fdb);

	if (__atomic_load_n(&a->last, __ATOMIC_RELAXED) != now)
		__atomic_store_n(&a->last, now, __ATOMIC_RELAXED);
}

static enum end actions(struct run *r, const struct esw_flow_act *a, uint32_t n, bool own);

/* A copy goes through the sub-list; then the frame, whose headers are rewritten, is as it was. */
static void
sample_front(struct run *r, const struct esw_flow_act *a)
{
	const struct esw_flow_front front = *r->buf;

	(void)actions(r, a + 1, a->sample.n_acts, false);
	*r->buf = front;
}

static void
sample(struct run *r, const struct esw_flow_act *a)
{
	const struct esw_send s = *r->s;
	bool edited = r->edited;

	if (a->sample.ratio > 1 && rte_rand_max(a->sample.ratio) != 0)
		return;
	if (s.front != NULL)
		sample_front(r, a);
	else
		(void)actions(r, a + 1, a->sample.n_acts, false);
	*r->s = s;
	r->edited = edited;
}

/* The first n actions; own: the mbuf itself may go with the last of them. */
static enum end
actions(struct run *r, const struct esw_flow_act *a, uint32_t n, bool own)
{
	struct esw_send *s = r->s;

	for (; n > 0 && a->op != ESW_FLOW_END; a++, n--) {
		switch (a->op) {
		case ESW_FLOW_PORT:
			port(r, a, own && a[1].op == ESW_FLOW_END);
			break;
		case ESW_FLOW_DROP:
			r->fate = ESW_TX_FLOW_DROP;
			return END_FATE;
		case ESW_FLOW_JUMP:
			r->table = a->table;
			return END_JUMP;
		case ESW_FLOW_PASSTHRU:
			return END_PASSTHRU;
		case ESW_FLOW_COUNT:
			esw_flow_counter_add(a->counter, s->q->id, r->packets, r->bytes);
			break;
		case ESW_FLOW_AGE:
			note_time(r, a->age);
			break;
		case ESW_FLOW_METER:
			r->fate = ESW_TX_METER;
			if (!esw_flow_meter_run(a->meter, r->packets, r->bytes, rte_rdtsc()))
				return END_FATE;
			break;
		case ESW_FLOW_MARK:
			s->mark = a->mark;
			s->mark_flags = RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID;
			break;
		case ESW_FLOW_FLAG:
			s->mark_flags |= RTE_MBUF_F_RX_FDIR;
			break;
		case ESW_FLOW_SAMPLE:
			sample(r, a);
			n -= a->sample.n_acts;
			a += a->sample.n_acts;
			break;
		default:
			if (edit(r, a) != END_DONE)
				return END_FATE;
		}
	}
	return END_DONE;
}

static const struct esw_flow *
find(const struct run *r, const struct esw_flow_subs *subs)
{
	const struct esw_send *s = r->s;
	uint32_t len = s->front != NULL ? s->front->len : s->s.len, n;
	uint8_t buf[ESW_FLOW_LOOK];
	union esw_flow_key k;
	const uint8_t *p = esw_send_head(s, &s->e, len, buf, &n);

	esw_flow_key_read(p, n, subs->depth, &k, NULL);
	return esw_flow_lookup(subs, &k, r->after);
}

static struct esw_flow_subs *
subs_of(const struct esw_flow_table *t)
{
	return __atomic_load_n(&t->subs, __ATOMIC_ACQUIRE);
}

/* What a counter of the rule that matched counts: the frame as it is now, of `len` octets. */
static void
measure(struct run *r, uint32_t len)
{
	const struct esw_send *s = r->s;

	r->packets = 1;
	r->bytes = len;
	if (s->tso) {
		r->packets = esw_tso_count(s->m);
		r->bytes += (uint64_t)(r->packets - 1) *
			    (esw_tso_headers(s->m) + len - s->m->pkt_len);
	}
}

/* The next rule that matches, or NULL. */
static const struct esw_flow *
next_rule(struct run *r)
{
	const struct esw_flow_subs *subs;

	if (r->looked) {
		r->looked = false;
		return r->first;
	}
	subs = subs_of(r->table);
	return subs != NULL ? find(r, subs) : NULL;
}

/* One frame, or a TSO frame whose rules take it whole. */
static enum esw_fate
run_whole(struct run *r)
{
	enum end e = END_DONE;

	for (;;) {
		const struct esw_flow *rule = next_rule(r);

		if (rule == NULL) {
			refresh(r);
			r->fate = esw_slow_route(r->s);
			return r->served ? ESW_TX_FORWARDED : r->fate;
		}
		measure(r, r->s->front != NULL ? r->s->front->len : r->s->s.len);
		e = actions(r, rule->act, UINT32_MAX, true);
		if (e == END_DONE)
			return ESW_TX_FORWARDED;
		if (e == END_FATE)
			return r->served ? ESW_TX_FORWARDED : r->fate;
		r->after = e == END_PASSTHRU ? rule->order : 0;
	}
}

/* Would some segment go another way than the frame as a whole, or be another? */
static bool
must_cut(struct run *r)
{
	const struct esw_flow_subs *subs = subs_of(r->table);

	if (subs != NULL && subs->tso_differs)
		return true;
	r->first = subs != NULL ? find(r, subs) : NULL;
	r->looked = true;
	return r->first != NULL && (r->first->bits & ESW_FLOW_IS_WHOLE) == 0;
}

static enum esw_fate
run_segments(const struct esw_send *s, const struct esw_flow_table *root,
	     struct esw_flow_front *buf)
{
	uint32_t n = esw_tso_count(s->m);
	enum esw_fate fate = ESW_TX_NO_BUFFER;

	for (uint32_t i = 0; i < n; i++) {
		struct esw_send part = *s;
		struct run r = { .s = &part, .buf = buf, .table = root };
		enum esw_fate f = ESW_TX_NO_BUFFER;

		part.tso = false;
		part.m = esw_tso_segment(s->m, i);
		if (part.m != NULL) {
			esw_frame_read(&part.f, part.m);
			esw_side_make(&part.s, &part.f, &part.e);
			f = run_whole(&r);
			rte_pktmbuf_free(part.m);
		}
		if (fate != ESW_TX_FORWARDED)
			fate = f;
	}
	return fate;
}

enum esw_fate
esw_flow_send(struct esw_send *s, const struct esw_flow_table *root, struct esw_flow_front *buf)
{
	struct run r = { .s = s, .buf = buf, .table = root };

	if (s->tso && must_cut(&r))
		return run_segments(s, root, buf);
	return run_whole(&r);
}

/* One rule's actions at the receiver. @return END_DONE: all was said */
static enum end
local_actions(const struct esw_send *s, const struct esw_flow *rule, uint32_t len,
	      struct esw_flow_verdict *v, const struct esw_flow_table **next)
{
	struct run r = { .s = (struct esw_send *)(uintptr_t)s };

	measure(&r, len);
	for (const struct esw_flow_act *a = rule->act; a->op != ESW_FLOW_END; a++) {
		switch (a->op) {
		case ESW_FLOW_DROP:
			return END_FATE;
		case ESW_FLOW_JUMP:
			*next = a->table;
			return END_JUMP;
		case ESW_FLOW_PASSTHRU:
			return END_PASSTHRU;
		case ESW_FLOW_COUNT:
			esw_flow_counter_add(a->counter, s->q->id, r.packets, r.bytes);
			break;
		case ESW_FLOW_AGE:
			note_time(&r, a->age);
			break;
		case ESW_FLOW_METER:
			if (!esw_flow_meter_run(a->meter, r.packets, r.bytes, rte_rdtsc()))
				return END_FATE;
			break;
		case ESW_FLOW_MARK:
			v->mark = a->mark;
			v->mark_flags = RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID;
			break;
		case ESW_FLOW_FLAG:
			v->mark_flags |= RTE_MBUF_F_RX_FDIR;
			break;
		case ESW_FLOW_QUEUE:
			v->queue = a->queue;
			v->taken = true;
			break;
		case ESW_FLOW_RSS:
			v->rss = a->rss;
			v->taken = true;
			break;
		default: /* esw_flow_spec_check() lets no other in */
			break;
		}
	}
	return END_DONE;
}

enum esw_fate
esw_flow_local(const struct esw_send *s, const struct esw_flow_table *root, const uint8_t *p,
	       uint32_t n, uint32_t len, struct esw_flow_verdict *v)
{
	const struct esw_flow_table *t = root;
	uint64_t after = 0;

	for (;;) {
		const struct esw_flow_subs *subs = subs_of(t);
		const struct esw_flow *rule = NULL;
		union esw_flow_key k;
		enum end e;

		if (subs != NULL) {
			esw_flow_key_read(p, n, subs->depth, &k, NULL);
			rule = esw_flow_lookup(subs, &k, after);
		}
		if (rule == NULL)
			return ESW_RX_DELIVERED;
		e = local_actions(s, rule, len, v, &t);
		if (e == END_DONE)
			return ESW_RX_DELIVERED;
		if (e == END_FATE)
			return ESW_RX_FLOW_DROP;
		after = e == END_PASSTHRU ? rule->order : 0;
	}
}
