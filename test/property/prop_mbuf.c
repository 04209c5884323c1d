/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Octets into mbufs, in every shape that an application may send: any pool, any headroom, cut
 * into segments at odd places, segments of nothing, shared, indirect, with leftovers of an
 * earlier reception.
 */
#include <stdio.h>
#include <string.h>

#include "prop.h"

static uint32_t
sum_of(const struct rte_mbuf *m)
{
	const uint8_t *p = rte_pktmbuf_mtod(m, const uint8_t *);
	uint32_t sum = 1, i;

	for (i = 0; i < m->data_len; i++)
		sum = sum * 31 + p[i];
	return sum;
}

static void
hold(struct prop_world *w, struct rte_mbuf *m)
{
	struct prop_held *h = &w->held[w->n_held++];

	h->m = m;
	h->data_off = m->data_off;
	h->data_len = m->data_len;
	h->sum = sum_of(m);
}

/* The references that were kept: nobody else has them any more and nothing was written. */
void
prop_held_check(struct prop_world *w)
{
	unsigned int i;

	for (i = 0; i < w->n_held; i++) {
		struct prop_held *h = &w->held[i];

		if (rte_mbuf_refcnt_read(h->m) != 1)
			prop_fail(w, "a shared mbuf has %u references left, not 1",
				  rte_mbuf_refcnt_read(h->m));
		if (h->m->data_off != h->data_off || h->m->data_len != h->data_len ||
		    sum_of(h->m) != h->sum)
			prop_fail(w, "a shared mbuf was written to");
		h->m->next = NULL;
		h->m->nb_segs = 1;
		rte_pktmbuf_free_seg(h->m);
	}
	w->n_held = 0;
}

static struct rte_mempool *
pool_random(struct prop_world *w)
{
	/* often the pool of a receiver, so that frames can be moved */
	if (prop_percent(&w->rng, 60))
		return w->port[prop_below(&w->rng, model_eps(&w->m))].mp;
	return prop_pool(prop_below(&w->rng, PROP_POOLS));
}

/* One segment with up to `len` octets; NULL when the pool is empty. */
static struct rte_mbuf *
seg_make(struct prop_world *w, struct rte_mempool *mp, const uint8_t *bytes, uint32_t len)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(mp);
	uint32_t room;

	if (m == NULL)
		return NULL;
	if (prop_percent(&w->rng, 25))
		m->data_off = prop_below(&w->rng, RTE_MIN(m->buf_len, 200u));
	room = m->buf_len - m->data_off;
	if (len > room && len <= m->buf_len) {
		m->data_off = m->buf_len - len;
		room = len;
	}
	m->data_len = RTE_MIN(len, room);
	memcpy(rte_pktmbuf_mtod(m, uint8_t *), bytes, m->data_len);
	return m;
}

/* Share it, or send a clone of it instead. */
static struct rte_mbuf *
seg_share(struct prop_world *w, struct rte_mbuf *m)
{
	struct rte_mbuf *clone;

	if (w->n_held == RTE_DIM(w->held) || !prop_percent(&w->rng, 8))
		return m;
	hold(w, m);
	if (prop_percent(&w->rng, 50)) {
		rte_mbuf_refcnt_update(m, 1);
		return m;
	}
	clone = rte_pktmbuf_alloc(prop_pool(prop_below(&w->rng, PROP_POOLS)));
	if (clone == NULL)
		return NULL;
	rte_pktmbuf_attach(clone, m);
	return clone;
}

static uint32_t
cut_random(struct prop_world *w, uint32_t left, unsigned int segs_left)
{
	if (segs_left <= 1)
		return left;
	if (prop_percent(&w->rng, 10))
		return 0;
	if (prop_percent(&w->rng, 50)) /* within the header */
		return RTE_MIN(left, prop_below(&w->rng, 20));
	return left == 0 ? 0 : prop_below(&w->rng, left);
}

/*
 * What an application leaves in an mbuf that it received before: no request, so nothing may come
 * of it.
 */
static void
leftovers(struct prop_world *w, struct rte_mbuf *m)
{
	if (!prop_percent(&w->rng, 20))
		return;
	m->ol_flags |= RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED | RTE_MBUF_F_RX_RSS_HASH |
		       RTE_MBUF_F_RX_IP_CKSUM_BAD;
	m->vlan_tci = prop_next(&w->rng);
	m->packet_type = RTE_PTYPE_L4_TCP;
	m->port = prop_below(&w->rng, 10);
}

/* "prop_2k@128:60 ..." = pool, offset, octets; ~ shared, * indirect */
static void
describe(struct prop_frame *f)
{
	const struct rte_mbuf *m;
	size_t n = 0;

	f->shape[0] = '\0';
	for (m = f->m; m != NULL && n + 40 < sizeof(f->shape); m = m->next)
		n += snprintf(f->shape + n, sizeof(f->shape) - n, " %s%s%s@%u:%u",
			      rte_mbuf_refcnt_read(m) > 1 ? "~" : "", RTE_MBUF_DIRECT(m) ? "" : "*",
			      m->pool->name, m->data_off, m->data_len);
}

static void
finish(struct prop_world *w, struct prop_frame *f, unsigned int segs)
{
	struct rte_mbuf *m = f->m, *last = rte_pktmbuf_lastseg(f->m);

	m->nb_segs = segs;
	m->pkt_len = f->in.pkt_len;
	leftovers(w, m);
	if (f->in.insert) {
		m->ol_flags |= RTE_MBUF_F_TX_VLAN;
		m->vlan_tci = f->in.insert_tci;
	}
	if (f->in.overrun) {
		uint16_t more = last->buf_len - last->data_off - last->data_len + 1;

		last->data_len += more;
		m->pkt_len += more;
	}
	f->segs = segs;
	describe(f);
}

int
prop_frame_mbuf(struct prop_world *w, struct prop_frame *f)
{
	unsigned int want = prop_percent(&w->rng, 55) ? 1 : 1 + prop_below(&w->rng, 5), segs = 0;
	struct rte_mempool *mp = pool_random(w);
	struct rte_mbuf *m, **end = &f->m;
	uint32_t at = 0, left = f->in.len;
	bool share = prop_percent(&w->rng, 20);

	if (w->plain && prop_percent(&w->rng, 90)) {
		want = 1;
		mp = prop_pool(prop_percent(&w->rng, 85) ? 0 : 1);
		share = false;
	}
	f->m = NULL;
	if (left > 20000)
		mp = prop_pool(PROP_POOLS - 1);
	do {
		uint32_t cut = cut_random(w, left, want - segs);

		m = seg_make(w, mp, f->bytes + at, cut);
		if (m == NULL)
			return -1;
		at += m->data_len;
		left -= m->data_len;
		if (share && !f->in.overrun && (m = seg_share(w, m)) == NULL)
			return -1;
		*end = m;
		end = &m->next;
		segs++;
		if (segs >= want)
			want = segs + 1; /* the last one was too small */
		if (prop_percent(&w->rng, 5))
			mp = pool_random(w);
	} while (left > 0 && segs < 300);
	if (prop_percent(&w->rng, 3)) {
		*end = rte_pktmbuf_alloc(mp); /* a segment of nothing at the end */
		segs += *end != NULL;
	}
	finish(w, f, segs);
	return left == 0 ? 0 : -1;
}
