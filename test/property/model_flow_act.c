/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Actions in the order of their list, and the way from rule to rule: doc/semantics.md section 7.
 */
#include <string.h>

#include "model_flow.h"

static void
count(struct model *m, struct model_flow *r, const struct esw_flow_act *a, uint32_t len)
{
	struct esw_flow_stats *s = model_flow_stats(m, r, a->counter);

	s->packets++;
	s->bytes += len;
}

static void
mark(const struct model *m, struct model_mark *k, const struct esw_flow_act *a)
{
	if (m->broken == MODEL_BREAK_FLOW_REMARK && k->numbered)
		return;
	k->told = true;
	if (a->op == ESW_FLOW_MARK) {
		k->numbered = true;
		k->number = a->mark;
	} else if (m->broken == MODEL_BREAK_FLOW_FLAG) {
		k->numbered = false;
	}
}

static enum esw_fate list_do(struct model *m, struct model_way *w, struct model_flow *r,
			     unsigned int first, unsigned int n, uint32_t len);

/* The frame goes on as if there had been no sample, but that a port may have been served. */
static void
sample(struct model *m, struct model_way *w, struct model_flow *r, unsigned int i, uint32_t len)
{
	static struct model_bytes before;
	struct model_mark told = w->mark;

	model_bytes_copy(&before, &w->f);
	list_do(m, w, r, i + 1, r->act[i].sample.n_acts, len);
	if (m->broken == MODEL_BREAK_FLOW_SAMPLE)
		return;
	model_bytes_copy(&w->f, &before);
	w->mark = told;
}

/* `n` actions from `first` on. @param len  octets of the frame as it was matched */
static enum esw_fate
list_do(struct model *m, struct model_way *w, struct model_flow *r, unsigned int first,
	unsigned int n, uint32_t len)
{
	enum esw_fate fate = ESW_TX_FORWARDED;
	unsigned int i;

	for (i = first; i < first + n && fate == ESW_TX_FORWARDED; i++) {
		const struct esw_flow_act *a = &r->act[i];

		switch (a->op) {
		case ESW_FLOW_PORT:
			if (!w->served || m->broken != MODEL_BREAK_FLOW_COPIES)
				model_deliver(m, w, a->ep, true);
			w->served = true;
			break;
		case ESW_FLOW_DROP:
			fate = ESW_TX_FLOW_DROP;
			break;
		case ESW_FLOW_COUNT:
			count(m, r, a, m->broken == MODEL_BREAK_FLOW_BYTES ? w->f.n : len);
			break;
		case ESW_FLOW_MARK:
		case ESW_FLOW_FLAG:
			mark(m, &w->mark, a);
			break;
		case ESW_FLOW_SAMPLE:
			sample(m, w, r, i, len);
			i += a->sample.n_acts;
			break;
		case ESW_FLOW_JUMP:
		case ESW_FLOW_PASSTHRU:
		case ESW_FLOW_AGE:
		case ESW_FLOW_METER:
			break;
		default:
			fate = model_flow_edit(m, &w->f, a);
			break;
		}
	}
	return fate;
}

/* The rule after this one; NULL with *more: none matches, without: this was the last word. */
static struct model_flow *
next_rule(const struct model *m, const struct model_flow *r, const struct model_bytes *f,
	  const struct model_bytes *sent, bool *more)
{
	const struct esw_flow_act *last = &r->act[r->spec.n_acts - 1];
	const struct esw_flow_spec *s = &r->spec;

	*more = last->op == ESW_FLOW_JUMP || last->op == ESW_FLOW_PASSTHRU;
	if (last->op == ESW_FLOW_JUMP)
		return model_flow_find(m, s->ep, s->side, last->group, f, NULL);
	if (last->op != ESW_FLOW_PASSTHRU || m->broken == MODEL_BREAK_FLOW_PASSTHRU)
		return NULL;
	if (m->broken == MODEL_BREAK_FLOW_REMATCH)
		f = sent;
	return model_flow_find(m, s->ep, s->side, s->group, f, r);
}

enum esw_fate
model_flow_transfer(struct model *m, struct model_way *w, bool *route)
{
	static struct model_bytes sent;
	struct model_flow *r = model_flow_find(m, w->from, ESW_FLOW_TRANSFER, 0, &w->f, NULL);
	enum esw_fate fate;
	bool jumped;

	*route = true;
	if (r != NULL) {
		model_bytes_copy(&sent, &w->f);
		m->n_taken++;
	}
	while (r != NULL) {
		fate = list_do(m, w, r, 0, r->spec.n_acts, w->f.n);
		if (fate != ESW_TX_FORWARDED) {
			*route = false;
			return w->served && m->broken != MODEL_BREAK_FLOW_SERVED ?
				       ESW_TX_FORWARDED :
				       fate;
		}
		jumped = r->act[r->spec.n_acts - 1].op == ESW_FLOW_JUMP;
		if (jumped && m->broken == MODEL_BREAK_FLOW_MARK)
			w->mark.numbered = false;
		r = next_rule(m, r, &w->f, &sent, route);
		if (r == NULL && jumped && m->broken == MODEL_BREAK_FLOW_MISS) {
			*route = false;
			return w->served ? ESW_TX_FORWARDED : ESW_TX_FLOW_DROP;
		}
		if (r == NULL && *route && m->broken == MODEL_BREAK_FLOW_ROUTE)
			model_bytes_copy(&w->f, &sent);
	}
	return ESW_TX_FORWARDED;
}

/* The queues that an action leaves to choose from, a bit each. */
static uint32_t
queues_of(const struct model *m, const struct esw_flow_act *a)
{
	uint32_t set = 0;
	unsigned int i;

	if (a->op == ESW_FLOW_QUEUE)
		return m->broken == MODEL_BREAK_FLOW_QUEUE ? 1 : 1u << a->queue;
	for (i = 0; i < a->rss->n_queues; i++)
		set |= 1u << a->rss->queue[i];
	return set;
}

enum esw_fate
model_flow_local(struct model *m, unsigned int ep, const struct model_bytes *f, bool by_port,
		 struct model_delivery *d)
{
	struct model_flow *r = model_flow_find(m, ep, ESW_FLOW_LOCAL, 0, f, NULL);
	bool more, given = by_port && m->broken != MODEL_BREAK_FLOW_ISOLATE;
	unsigned int i;

	m->n_taken += r != NULL;
	for (; r != NULL; r = next_rule(m, r, f, f, &more)) {
		for (i = 0; i < r->spec.n_acts; i++) {
			const struct esw_flow_act *a = &r->act[i];

			if (a->op == ESW_FLOW_COUNT) {
				count(m, r, a, f->n);
			} else if (a->op == ESW_FLOW_MARK || a->op == ESW_FLOW_FLAG) {
				mark(m, &d->mark, a);
			} else if (a->op == ESW_FLOW_DROP) {
				return ESW_RX_FLOW_DROP;
			} else if (a->op == ESW_FLOW_QUEUE || a->op == ESW_FLOW_RSS) {
				d->queues = queues_of(m, a);
				given = true;
			}
		}
	}
	if (m->isolated[ep] && !given)
		return ESW_RX_NO_FLOW;
	return ESW_RX_DELIVERED;
}
