/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What arrived against what the model says: every octet, every counter.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"

/* What must be left in front of a received frame, doc/semantics.md section 6. */
#define HEADROOM_MIN 64

void
prop_expect(struct prop_world *w, const struct prop_frame *f)
{
	unsigned int k, sender = w->from * PROP_TXQS + w->txq;

	for (k = 0; k < f->out.n; k++) {
		const struct model_delivery *d = &f->out.to[k];
		struct prop_port *p = &w->port[d->ep];
		struct prop_wait *x = &p->wait[p->n_wait];

		if (d->fate != ESW_RX_DELIVERED)
			continue;
		if (p->n_wait == 0) {
			p->one_sender = true;
			p->sender = sender;
		}
		if (p->sender != sender)
			p->one_sender = false;
		x->len = d->len;
		x->bytes = malloc(d->len);
		if (x->bytes == NULL || p->n_wait == PROP_ROOM_MAX)
			abort();
		memcpy(x->bytes, d->bytes, d->len);
		x->seen = false;
		x->mark = d->mark;
		x->queues = d->queues;
		x->n_any = d->n_any;
		memcpy(x->any, d->any, d->n_any * sizeof(d->any[0]));
		p->n_wait++;
	}
}

static bool
seg_good(struct prop_world *w, const struct prop_port *p, const struct rte_mbuf *m)
{
	if (m->pool != p->mp)
		prop_fail(w, "received mbuf is of pool %s, not %s", m->pool->name, p->mp->name);
	else if (rte_mbuf_refcnt_read(m) != 1)
		prop_fail(w, "received mbuf has %u references", rte_mbuf_refcnt_read(m));
	else if (!RTE_MBUF_DIRECT(m))
		prop_fail(w, "received mbuf is not direct");
	else if ((uint32_t)m->data_off + m->data_len > m->buf_len)
		prop_fail(w, "received segment: offset %u + %u octets > buffer of %u", m->data_off,
			  m->data_len, m->buf_len);
	return !w->failed;
}

static bool
chain_good(struct prop_world *w, const struct prop_port *p, const struct rte_mbuf *m)
{
	const struct rte_mbuf *s;
	unsigned int segs = 0;
	uint32_t len = 0;

	for (s = m; s != NULL; s = s->next) {
		if (!seg_good(w, p, s))
			return false;
		segs++;
		len += s->data_len;
	}
	if (m == NULL)
		return false;
	if (segs != m->nb_segs || len != m->pkt_len)
		prop_fail(w, "received %u segments of %u octets, mbuf says %u of %u", segs, len,
			  m->nb_segs, m->pkt_len);
	else if (segs > 1 && (p->flags & ESW_RXQ_SCATTER) == 0)
		prop_fail(w, "received %u segments without scatter", segs);
	else if (rte_pktmbuf_headroom(m) < HEADROOM_MIN)
		prop_fail(w, "received mbuf has %u octets of headroom", rte_pktmbuf_headroom(m));
	return !w->failed;
}

static bool
flags_good(struct prop_world *w, const struct prop_port *p, const struct rte_mbuf *m,
	   unsigned int ep)
{
	uint64_t vlan = RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED;
	uint64_t cksum = RTE_MBUF_F_RX_IP_CKSUM_MASK | RTE_MBUF_F_RX_L4_CKSUM_MASK;
	uint64_t rss = RTE_MBUF_F_RX_RSS_HASH;
	uint64_t may = w->flows ? RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID : 0;

	if ((p->flags & ESW_RXQ_VLAN_STRIP) != 0)
		may |= vlan;
	if ((p->flags & ESW_RXQ_CKSUM) != 0)
		may |= cksum;
	if ((p->flags & ESW_RXQ_RSS_HASH) != 0)
		may |= rss;
	if ((m->ol_flags & ~may) != 0)
		prop_fail(w,
			  "received mbuf has flags 0x%" PRIx64 ", of which only 0x%" PRIx64
			  " may be",
			  m->ol_flags, may);
	else if (m->port != ep + 100)
		prop_fail(w, "received mbuf says port %u, queue %u", m->port, ep + 100);
	return !w->failed;
}

/* The frame's octets as they were before a tag was stripped into the mbuf. */
static uint32_t
flatten(const struct rte_mbuf *m, uint8_t *buf)
{
	uint32_t n = 0;

	for (; m != NULL; m = m->next) {
		memcpy(buf + n, rte_pktmbuf_mtod(m, const uint8_t *), m->data_len);
		n += m->data_len;
	}
	return n;
}

static uint32_t
octets_of(const struct rte_mbuf *m, uint8_t *buf)
{
	uint32_t n = flatten(m, buf);

	if ((m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) == 0)
		return n;
	memmove(buf + 16, buf + 12, n - 12);
	buf[12] = 0x81;
	buf[13] = 0x00;
	buf[14] = m->vlan_tci >> 8;
	buf[15] = m->vlan_tci & 0xff;
	return n + 4;
}

/* What flow rules told the receiver. */
static struct model_mark
mark_of(const struct rte_mbuf *m)
{
	struct model_mark k = { .told = (m->ol_flags & RTE_MBUF_F_RX_FDIR) != 0,
				.numbered = (m->ol_flags & RTE_MBUF_F_RX_FDIR_ID) != 0 };

	if (k.numbered)
		k.number = m->hash.fdir.hi;
	return k;
}

static bool
is_it(const struct prop_wait *x, const struct rte_mbuf *m, unsigned int queue, const uint8_t *got,
      uint32_t len)
{
	struct model_mark k = mark_of(m);

	if ((x->queues >> queue & 1) == 0 || k.told != x->mark.told ||
	    k.numbered != x->mark.numbered || (k.numbered && k.number != x->mark.number))
		return false;
	return prop_octets_equal(x, got, len);
}

static void
describe(const char *what, const uint8_t *bytes, uint32_t len, struct model_mark k, uint32_t queues)
{
	prop_hex(what, bytes, len);
	printf("  flagged %d, marked %d %u, queues 0x%x\n", k.told, k.numbered, k.number, queues);
}

static void
match(struct prop_world *w, unsigned int ep, unsigned int queue, const struct rte_mbuf *m,
      const uint8_t *got, uint32_t len)
{
	struct prop_port *p = &w->port[ep];
	bool in_order = p->n_rxq == 1 && p->one_sender, ctag;
	bool stripped = (m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) != 0;
	unsigned int k;

	for (k = 0; k < p->n_wait; k++) {
		if (p->wait[k].seen)
			continue;
		if (is_it(&p->wait[k], m, queue, got, len))
			break;
		if (in_order) {
			if (!w->conf->quiet)
				describe("expected next", p->wait[k].bytes, p->wait[k].len,
					 p->wait[k].mark, p->wait[k].queues);
			k = p->n_wait;
			break;
		}
	}
	if (k == p->n_wait) {
		if (!w->conf->quiet)
			describe("received", got, len, mark_of(m), 1u << queue);
		prop_fail(w, "endpoint %u received a frame that the model %s", ep,
			  in_order ? "delivers later or not at all" : "does not deliver");
		for (k = 0; k < p->n_wait && !w->conf->quiet; k++) {
			if (!p->wait[k].seen)
				describe("still expected", p->wait[k].bytes, p->wait[k].len,
					 p->wait[k].mark, p->wait[k].queues);
		}
		return;
	}
	p->wait[k].seen = true;
	if (!prop_ports_good(w, &p->wait[k], got))
		return;
	ctag = len >= 18 && got[12] == 0x81 && got[13] == 0x00;
	if (stripped != (ctag && (p->flags & ESW_RXQ_VLAN_STRIP) != 0)) {
		if (!w->conf->quiet)
			prop_hex("received", got, len);
		prop_fail(w, "endpoint %u: tag stripped: %d, C-tagged: %d, flags 0x%x", ep,
			  stripped, ctag, p->flags);
	}
}

static void
drain_queue(struct prop_world *w, unsigned int ep, unsigned int queue)
{
	static uint8_t buf[MODEL_OCTETS + 4096];
	struct prop_port *p = &w->port[ep];
	struct rte_mbuf *pkts[PROP_BURST];
	uint16_t n, i;

	while ((n = esw_rx_burst(p->rxq[queue], pkts, PROP_BURST)) > 0) {
		for (i = 0; i < n; i++) {
			if (!w->failed && chain_good(w, p, pkts[i]) &&
			    flags_good(w, p, pkts[i], ep)) {
				uint32_t len = octets_of(pkts[i], buf);

				match(w, ep, queue, pkts[i], buf, len);
			}
			if (pkts[i]->pool != NULL)
				rte_pktmbuf_free(pkts[i]);
		}
	}
}

static void
drain_port(struct prop_world *w, unsigned int ep)
{
	struct prop_port *p = &w->port[ep];
	unsigned int q, k;

	for (q = 0; q < p->n_rxq; q++)
		drain_queue(w, ep, q);
	for (k = 0; k < p->n_wait; k++) {
		if (!p->wait[k].seen && !w->failed) {
			if (!w->conf->quiet)
				describe("expected", p->wait[k].bytes, p->wait[k].len,
					 p->wait[k].mark, p->wait[k].queues);
			prop_fail(w, "endpoint %u did not receive a frame that the model delivers",
				  ep);
		}
		free(p->wait[k].bytes);
	}
	p->n_wait = 0;
}

void
prop_drain(struct prop_world *w)
{
	unsigned int ep;

	for (ep = 0; ep < model_eps(&w->m); ep++) {
		if (w->port[ep].started)
			drain_port(w, ep);
	}
}

static void
one_counter(struct prop_world *w, unsigned int ep, const char *name, uint64_t got, uint64_t want)
{
	if (got != want)
		prop_fail(w, "endpoint %u: %s is %" PRIu64 ", model %" PRIu64, ep, name, got, want);
}

static void
port_counters(struct prop_world *w, unsigned int ep)
{
	const struct model_counts *c = &w->m.port[ep].count;
	struct esw_counters got;
	unsigned int f;

	if (esw_counters_get(w->sw, prop_ep(w, ep), &got) < 0) {
		prop_fail(w, "endpoint %u: no counters", ep);
		return;
	}
	for (f = 0; f < ESW_FATE_COUNT; f++)
		one_counter(w, ep, esw_fate_name(f), got.fate[f], c->fate[f]);
	one_counter(w, ep, "tx_bytes", got.tx_bytes, c->tx_bytes);
	one_counter(w, ep, "rx_bytes", got.rx_bytes, c->rx_bytes);
	one_counter(w, ep, "tx_mcast", got.tx_mcast, c->tx_mcast);
	one_counter(w, ep, "tx_bcast", got.tx_bcast, c->tx_bcast);
	one_counter(w, ep, "rx_mcast", got.rx_mcast, c->rx_mcast);
	one_counter(w, ep, "rx_bcast", got.rx_bcast, c->rx_bcast);
	one_counter(w, ep, "tx_wire", got.tx_wire, c->tx_wire);
	one_counter(w, ep, "rx_wire", got.rx_wire, c->rx_wire);
}

void
prop_counters_compare(struct prop_world *w)
{
	unsigned int ep;

	for (ep = 0; ep < model_eps(&w->m); ep++)
		port_counters(w, ep);
}
