/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The way of one frame: doc/semantics.md section 3 for what is sent, section 4 for what arrives.
 * Each step is one "if" in the order of the page.
 */
#include <stdlib.h>
#include <string.h>

#include "model_flow.h"

static const char *const break_names[MODEL_BREAKS] = {
	[MODEL_RIGHT] = "none",
#define BREAK(id, name, text) [MODEL_BREAK_##id] = name,
#include "model_breaks.h"
#undef BREAK
};

const char *
model_break_name(enum model_break b)
{
	return b < MODEL_BREAKS ? break_names[b] : NULL;
}

void
model_init(struct model *m, unsigned int n_vfs, bool veb, uint16_t mtu_max, uint16_t pf_mtu)
{
	unsigned int i;

	memset(m, 0, sizeof(*m));
	m->n_vfs = n_vfs;
	m->veb = veb;
	m->wire_up = true;
	m->mtu_max = mtu_max;
	m->pf_mtu = pf_mtu;
	m->age_s = 300;
	for (i = 0; i < n_vfs; i++) {
		m->vf[i].policy.mtu = 1500;
		m->vf[i].policy.spoofchk = true;
		m->vf[i].policy.vlan.tpid = ESW_TPID_CTAG;
	}
}

unsigned int
model_eps(const struct model *m)
{
	return 2 + 2 * m->n_vfs;
}

bool
model_is_vf(const struct model *m, unsigned int ep)
{
	return ep >= MODEL_VF(0) && ep < MODEL_VF(m->n_vfs);
}

uint32_t
model_mtu(const struct model *m, unsigned int i)
{
	const struct model_vf *vf = &m->vf[i];
	uint32_t mtu = vf->policy.mtu;

	if ((vf->policy.mtu_change || m->broken == MODEL_BREAK_MTU_OWN) && vf->mtu != 0 &&
	    vf->mtu < mtu)
		mtu = vf->mtu;
	if (vf->rep_mtu != 0 && vf->rep_mtu < mtu && m->broken != MODEL_BREAK_MTU_REP)
		mtu = vf->rep_mtu;
	return mtu;
}

bool
model_link(const struct model *m, unsigned int i)
{
	switch (m->vf[i].policy.link) {
	case ESW_LINK_UP:
		return true;
	case ESW_LINK_DOWN:
		return false;
	case ESW_LINK_AUTO:
		break;
	}
	return m->wire_up || m->broken == MODEL_BREAK_LINK_AUTO;
}

bool
model_promisc(const struct model *m, unsigned int i)
{
	const struct model_vf *vf = &m->vf[i];

	if (m->broken == MODEL_BREAK_PROMISC && vf->backed)
		return true;
	return vf->policy.trust && (vf->promisc || vf->backed);
}

bool
model_allmulti(const struct model *m, unsigned int i)
{
	const struct model_vf *vf = &m->vf[i];

	if (vf->backed)
		return true;
	if (!vf->policy.trust)
		return false;
	return vf->allmulti || (vf->promisc && m->broken != MODEL_BREAK_MCAST_PROMISC);
}

/* Section 3.2. */
static enum esw_fate
judge_form(const struct model_frame *in, const struct model_bytes *f)
{
	if (in->pkt_len < 14)
		return ESW_TX_RUNT;
	if (in->overrun || in->pkt_len != in->len || in->len > MODEL_OCTETS)
		return ESW_TX_MALFORMED;
	if (model_tagged(f) && f->n < 18)
		return ESW_TX_MALFORMED;
	return ESW_TX_FORWARDED;
}

static bool
is_own_source(const struct model *m, const struct model_vf *vf, const uint8_t *src)
{
	static const uint8_t zero[6];
	bool trust = vf->policy.trust || m->broken == MODEL_BREAK_SPOOF_TRUST;

	if (model_mac_eq(&vf->policy.mac, src))
		return true;
	if (m->broken != MODEL_BREAK_SPOOF_MACS &&
	    model_macs_have(vf->policy.macs, vf->policy.n_macs, src))
		return true;
	if (m->broken == MODEL_BREAK_SPOOF_ZERO && memcmp(src, zero, 6) == 0)
		return true;
	return trust && model_macs_have(vf->macs, vf->n_macs, src);
}

/* Sections 3.3 to 3.5; `f` becomes what the switch side sees. */
static enum esw_fate
judge_vf_sender(const struct model *m, unsigned int i, struct model_bytes *f)
{
	const struct model_vf *vf = &m->vf[i];
	int32_t mtu = (int32_t)model_mtu(m, i);

	if (m->broken == MODEL_BREAK_MTU_TX)
		mtu++;
	if (model_l3_len(m, f) > mtu)
		return ESW_TX_MTU;
	if (f->b[6] % 2 == 1 && (vf->policy.spoofchk || m->broken != MODEL_BREAK_SRC_MCAST))
		return ESW_TX_SRC_MCAST;
	if (vf->policy.spoofchk && !is_own_source(m, vf, f->b + 6))
		return ESW_TX_SPOOF;
	if (!model_vlan_in(m, i, f))
		return ESW_TX_VLAN;
	return ESW_TX_FORWARDED;
}

/* Section 4.6. */
static bool
wants_address(const struct model *m, unsigned int i, const uint8_t *dst)
{
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	const struct model_vf *vf = &m->vf[i];

	if (memcmp(dst, bcast, 6) == 0)
		return true;
	if (dst[0] % 2 == 1) {
		if (m->broken == MODEL_BREAK_MCAST_ALL || model_allmulti(m, i))
			return true;
		return m->broken != MODEL_BREAK_MCAST_LIST &&
		       model_macs_have(vf->mcast, vf->n_mcast, dst);
	}
	if (!vf->policy.spoofchk || model_promisc(m, i))
		return true;
	if (model_mac_eq(&vf->policy.mac, dst))
		return true;
	if (model_macs_have(vf->policy.macs, vf->policy.n_macs, dst))
		return true;
	return vf->policy.trust && model_macs_have(vf->macs, vf->n_macs, dst);
}

/* Sections 4.2 to 4.6; `f` becomes what the VF gets. */
static enum esw_fate
judge_vf_receiver(const struct model *m, unsigned int from, unsigned int i, struct model_bytes *f,
		  bool by_port)
{
	const struct model_vf *vf = &m->vf[i];
	int32_t mtu = (int32_t)model_mtu(m, i);

	if (m->broken == MODEL_BREAK_MTU_RX)
		mtu++;
	if (!model_link(m, i))
		return ESW_RX_LINK_DOWN;
	if (model_is_vf(m, from) && m->vf[from - MODEL_VF(0)].policy.isolate &&
	    vf->policy.isolate && m->broken != MODEL_BREAK_ISOLATE &&
	    !(by_port && m->broken == MODEL_BREAK_FLOW_ISOLATED))
		return ESW_RX_ISOLATED;
	if (!model_vlan_out(m, i, f))
		return ESW_RX_VLAN;
	if (model_l3_len(m, f) > mtu)
		return ESW_RX_MTU;
	if (!wants_address(m, i, f->b))
		return ESW_RX_FILTERED;
	return ESW_RX_DELIVERED;
}

/* Section 4; `f` becomes what the receiver gets. */
static enum esw_fate
judge_receiver(struct model *m, const struct model_way *w, struct model_delivery *d,
	       struct model_bytes *f, bool by_port)
{
	const struct model_port *port = &m->port[d->ep];
	bool skip = by_port && m->broken == MODEL_BREAK_FLOW_POLICY;
	enum esw_fate fate;

	if (!port->started)
		return ESW_RX_STOPPED;
	if (d->ep == MODEL_WIRE && !m->wire_up)
		return ESW_RX_LINK_DOWN;
	if (m->broken == MODEL_BREAK_FLOW_LOCAL) {
		fate = model_flow_local(m, d->ep, f, by_port, d);
		if (fate != ESW_RX_DELIVERED)
			return fate;
	}
	if (model_is_vf(m, d->ep) && !skip) {
		fate = judge_vf_receiver(m, w->from, d->ep - MODEL_VF(0), f, by_port);
		if (fate != ESW_RX_DELIVERED)
			return fate;
	}
	if (m->broken != MODEL_BREAK_FLOW_LOCAL) {
		fate = model_flow_local(m, d->ep, f, by_port, d);
		if (fate != ESW_RX_DELIVERED)
			return fate;
	}
	if (port->n_rxq != 0 && d->queues % (1u << port->n_rxq) == 0)
		return ESW_RX_STOPPED;
	if (!port->scatter && f->n + (m->broken == MODEL_BREAK_TOO_BIG) > port->room)
		return ESW_RX_TOO_BIG;
	return ESW_RX_DELIVERED;
}

static void
count_rx(struct model *m, unsigned int from, struct model_delivery *d, const struct model_bytes *f)
{
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	struct model_counts *c = &m->port[d->ep].count;

	c->fate[d->fate]++;
	if (d->fate != ESW_RX_DELIVERED)
		return;
	c->rx_bytes += f->n;
	if (memcmp(f->b, bcast, 6) == 0)
		c->rx_bcast++;
	else if (f->b[0] % 2 == 1)
		c->rx_mcast++;
	if (from == MODEL_WIRE)
		c->rx_wire++;
	if (d->ep == MODEL_WIRE)
		m->port[from].count.tx_wire++;
	d->len = f->n;
	d->bytes = malloc(f->n);
	if (d->bytes == NULL)
		abort();
	memcpy(d->bytes, f->b, f->n);
	d->n_any = f->n_any;
	memcpy(d->any, f->any, f->n_any * sizeof(f->any[0]));
}

static void
count_tx(struct model *m, unsigned int from, uint32_t len, const uint8_t *dst)
{
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	struct model_counts *c = &m->port[from].count;

	c->tx_bytes += len;
	if (memcmp(dst, bcast, 6) == 0)
		c->tx_bcast++;
	else if (dst[0] % 2 == 1)
		c->tx_mcast++;
}

void
model_bytes_copy(struct model_bytes *to, const struct model_bytes *from)
{
	to->n = from->n;
	to->put = from->put;
	to->n_any = from->n_any;
	memcpy(to->any, from->any, from->n_any * sizeof(from->any[0]));
	memcpy(to->b, from->b, from->n);
}

/* Section 3, all of it but the last step. */
static enum esw_fate
judge_sender(struct model *m, unsigned int ep, const struct model_frame *in, struct model_bytes *f)
{
	bool vf = model_is_vf(m, ep);
	enum esw_fate fate;

	f->put = 0;
	f->n_any = 0;
	if (vf && !model_link(m, ep - MODEL_VF(0)))
		return ESW_TX_LINK_DOWN;
	if (in->len <= MODEL_OCTETS && !in->overrun) {
		f->n = in->len;
		memcpy(f->b, in->bytes, in->len);
		if (in->insert && in->len >= 14)
			model_tag_put(f, 0x8100, in->insert_tci);
	}
	fate = judge_form(in, f);
	if (fate != ESW_TX_FORWARDED || !vf)
		return fate;
	fate = judge_vf_sender(m, ep - MODEL_VF(0), f);
	if (fate == ESW_TX_FORWARDED)
		model_learn(m, ep - MODEL_VF(0), f);
	return fate;
}

void
model_deliver(struct model *m, struct model_way *w, unsigned int ep, bool by_port)
{
	static struct model_bytes copy;
	struct model_delivery *d = &w->out->to[w->out->n];

	if (w->out->n == MODEL_OUTS)
		abort();
	model_bytes_copy(&copy, &w->f);
	memset(d, 0, sizeof(*d));
	d->ep = ep;
	d->mark = w->mark;
	d->queues = UINT32_MAX;
	d->fate = judge_receiver(m, w, d, &copy, by_port);
	count_rx(m, w->from, d, &copy);
	w->out->n++;
}

/* Section 5, for a frame that no rule took. */
static enum esw_fate
send_by_table(struct model *m, struct model_way *w)
{
	bool to[MODEL_EPS];
	unsigned int r;

	if (model_route(m, w->from, &w->f, to) == 0)
		return w->served ? ESW_TX_FORWARDED : ESW_TX_NO_DEST;
	for (r = 0; r < model_eps(m); r++) {
		if (to[r])
			model_deliver(m, w, r, false);
	}
	return ESW_TX_FORWARDED;
}

void
model_send(struct model *m, unsigned int ep, const struct model_frame *in, struct model_out *out)
{
	static struct model_way w;
	uint8_t dst[6];
	bool route;

	out->n = 0;
	w.from = ep;
	w.out = out;
	w.served = false;
	memset(&w.mark, 0, sizeof(w.mark));
	out->tx = judge_sender(m, ep, in, &w.f);
	if (out->tx == ESW_TX_FORWARDED) {
		memcpy(dst, w.f.b, sizeof(dst));
		out->tx = model_flow_transfer(m, &w, &route);
		if (route)
			out->tx = send_by_table(m, &w);
	}
	m->port[ep].count.fate[out->tx]++;
	if (out->tx == ESW_TX_FORWARDED)
		count_tx(m, ep, in->len + (in->insert ? 4 : 0), dst);
}

void
model_out_free(struct model_out *out)
{
	unsigned int k;

	for (k = 0; k < out->n; k++) {
		free(out->to[k].bytes);
		out->to[k].bytes = NULL;
	}
	out->n = 0;
}
