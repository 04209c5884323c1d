/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>

#include "deliver.h"
#include "flow_edit.h"
#include "flow_run.h"
#include "mactable.h"
#include "offload.h"
#include "slow.h"

#define FRAME_MAX 65535

/* Section 3.2: do the segments make the frame that the mbuf says it is? */
static enum esw_fate
check_form(const struct rte_mbuf *m)
{
	const struct rte_mbuf *s = m;
	uint32_t sum = 0, n = 0;

	if (m->pkt_len < RTE_ETHER_HDR_LEN)
		return ESW_TX_RUNT;
	if (m->pkt_len > FRAME_MAX)
		return ESW_TX_MALFORMED;
	for (; s != NULL && n < m->nb_segs; s = s->next, n++) {
		if ((uint32_t)s->data_off + s->data_len > s->buf_len)
			return ESW_TX_MALFORMED;
		sum += s->data_len;
	}
	if (s != NULL || n != m->nb_segs || n == 0 || sum != m->pkt_len)
		return ESW_TX_MALFORMED;
	return ESW_TX_FORWARDED;
}

static enum esw_fate
do_offloads(struct esw_send *s)
{
	int rc;

	if ((s->m->ol_flags & ESW_OL_MASK) == 0)
		return ESW_TX_FORWARDED;
	rc = esw_offload_apply(&s->m, &s->rx_flags);
	if (rc == -ENOMEM)
		return ESW_TX_NO_BUFFER;
	if (rc != 0)
		return ESW_TX_OFFLOAD;
	s->tso = (s->m->ol_flags & RTE_MBUF_F_TX_TCP_SEG) != 0;
	return ESW_TX_FORWARDED;
}

static enum esw_fate
ingress(struct esw_send *s)
{
	const struct esw *sw = s->q->sw;
	const struct esw_rules *r = __atomic_load_n(&sw->out[s->q->ep].rules, __ATOMIC_ACQUIRE);
	enum esw_fate f;

	if (r != NULL && !r->link)
		return ESW_TX_LINK_DOWN;
	f = check_form(s->m);
	if (f == ESW_TX_FORWARDED)
		f = do_offloads(s);
	if (f != ESW_TX_FORWARDED)
		return f;
	esw_frame_read(&s->f, s->m);
	if (esw_is_tpid(s->f.type) && s->f.len < RTE_ETHER_HDR_LEN + ESW_TAG_LEN)
		return ESW_TX_MALFORMED;
	if (s->tso)
		s->f.l2_payload_max = RTE_MIN(s->f.len, esw_tso_headers(s->m) + s->m->tso_segsz);
	if (r != NULL) {
		f = esw_rules_ingress(r, &s->f, &s->e);
		s->isolated = r->isolate;
	}
	esw_side_make(&s->s, &s->f, &s->e);
	if (f == ESW_TX_FORWARDED && r != NULL && r->learn && sw->conf.mode == ESW_MODE_VEB)
		esw_mactable_learn(s->q->sw, s->s.vlan, s->f.src, s->q->ep, esw_fdb_now(&sw->fdb));
	return f;
}

/* Receivers of one frame; 2 + 256 is the most that VEB mode knows. */
struct fan {
	uint16_t n;
	uint16_t ep[ESW_EP_VF0 + ESW_VFS_MAX];
};

static bool
is_promisc(const struct esw *sw, uint16_t ep)
{
	const struct esw_rules *r = __atomic_load_n(&sw->out[ep].rules, __ATOMIC_ACQUIRE);

	return r != NULL ? r->promisc : ep == ESW_EP_PF && sw->pf_promisc;
}

static bool
is_member(const struct esw *sw, uint16_t ep, const struct esw_side *s)
{
	const struct esw_rules *r = __atomic_load_n(&sw->out[ep].rules, __ATOMIC_ACQUIRE);

	return r == NULL || esw_rules_member(r, s->vlan);
}

/* Section 5, VEB mode. */
static void
route_veb(const struct esw_send *s, struct fan *fan)
{
	const struct esw *sw = s->q->sw;
	uint16_t from = s->q->ep, members = ESW_EP_VF0 + sw->conf.nb_vfs;
	bool group = esw_mac48_is_group(s->f.dst), is_static;
	uint16_t known = ESW_FDB_NONE;

	if (!group)
		known = esw_mactable_lookup(sw, s->s.vlan, s->f.dst, esw_fdb_now(&sw->fdb),
					    &is_static);
	if (known != ESW_FDB_NONE) {
		if (known != from)
			fan->ep[fan->n++] = known;
		return;
	}
	for (uint16_t ep = 0; ep < members; ep++) {
		bool to_wire = ep == ESW_EP_WIRE;

		if (ep != from && (group || to_wire || is_promisc(sw, ep)) &&
		    is_member(sw, ep, &s->s))
			fan->ep[fan->n++] = ep;
	}
}

static void
route(const struct esw_send *s, struct fan *fan)
{
	const struct esw *sw = s->q->sw;
	uint16_t from = s->q->ep;

	if (esw_ep_is_rep(sw, from))
		fan->ep[fan->n++] = from - sw->conf.nb_vfs;
	else if (sw->conf.mode == ESW_MODE_VEB)
		route_veb(s, fan);
	else if (esw_ep_is_vf(sw, from))
		fan->ep[fan->n++] = from + sw->conf.nb_vfs;
	else
		fan->ep[fan->n++] = from == ESW_EP_PF ? ESW_EP_WIRE : ESW_EP_PF;
}

enum esw_fate
esw_slow_route(struct esw_send *s)
{
	struct fan fan;

	fan.n = 0;
	route(s, &fan);
	for (uint16_t i = 0; i < fan.n; i++)
		esw_deliver(s, fan.ep[i], i + 1 == fan.n);
	return fan.n == 0 ? ESW_TX_NO_DEST : ESW_TX_FORWARDED;
}

/* Rules may rewrite the frame: room for that only where there are rules. */
static __rte_noinline enum esw_fate
send_by_rules(struct esw_send *s, const struct esw_flow_table *root)
{
	struct esw_flow_front front;

	return esw_flow_send(s, root, &front);
}

void
esw_slow_send(struct esw_txq *q, struct rte_mbuf *m)
{
	const struct esw_flow_table *root = __atomic_load_n(&q->sw->flow.root[q->ep],
							    __ATOMIC_ACQUIRE);
	struct esw_send s = { .q = q, .m = m };
	enum esw_fate f = ingress(&s);
	uint64_t dst = s.f.dst; /* rules may change both */
	uint32_t len = s.f.len;

	if (f == ESW_TX_FORWARDED)
		f = root != NULL ? send_by_rules(&s, root) : esw_slow_route(&s);
	q->fate[f]++;
	if (f == ESW_TX_FORWARDED) {
		q->bytes += len;
		if (dst == ESW_MAC_BCAST)
			q->bcast++;
		else if (esw_mac48_is_group(dst))
			q->mcast++;
	}
	rte_pktmbuf_free(s.m); /* NULL if it went to a receiver */
}
