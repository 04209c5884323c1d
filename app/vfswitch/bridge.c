/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_prefetch.h>
#include <rte_random.h>

#include "bridge.h"
#include "fail.h"

#define IDLE_ROUNDS 64 /* empty rounds over all ports before a core rests */
#define HEADER_LEN (RTE_ETHER_HDR_LEN + RTE_VLAN_HLEN)

static const char *const drop_names[] = {
	[VSW_DROP_HAIRPIN] = "sw_hairpin",   [VSW_DROP_ISOLATED] = "sw_isolated",
	[VSW_DROP_RESERVED] = "sw_reserved", [VSW_DROP_NO_DEST] = "sw_no_dest",
	[VSW_DROP_RUNT] = "sw_runt",         [VSW_DROP_VEB] = "sw_veb",
	[VSW_DROP_TX_FULL] = "sw_tx_full",
};

const char *
vsw_drop_name(enum vsw_drop d)
{
	return drop_names[d];
}

/* Counters have one writer: a plain addition, stored whole so that others can read it. */
static inline void
add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static inline void
drop(struct vsw_worker *w, uint16_t in, enum vsw_drop why, struct rte_mbuf *m)
{
	add(&w->count[in].drop[why], 1);
	rte_pktmbuf_free(m);
}

static void
flush(struct vsw_worker *w, uint16_t out)
{
	struct vsw_txbuf *b = &w->txbuf[out];
	uint16_t sent;

	sent = rte_eth_tx_burst(w->bridge->ports->port[out].port_id, w->id, b->pkt, b->n);
	add(&w->count[out].tx, sent);
	if (unlikely(sent < b->n)) {
		add(&w->count[out].drop[VSW_DROP_TX_FULL], b->n - sent);
		rte_pktmbuf_free_bulk(&b->pkt[sent], b->n - sent);
	}
	b->n = 0;
}

static inline void
put(struct vsw_worker *w, uint16_t out, struct rte_mbuf *m)
{
	struct vsw_txbuf *b = &w->txbuf[out];

	if (b->n == 0)
		w->dirty[w->n_dirty++] = out;
	b->pkt[b->n++] = m;
	if (unlikely(b->n == VSW_BURST)) {
		flush(w, out);
		/*
		 * Stays in the list: an empty buffer is skipped there. It must not be listed twice.
		 */
		for (uint16_t i = 0; i < w->n_dirty; i++) {
			if (w->dirty[i] == out) {
				w->dirty[i] = w->dirty[--w->n_dirty];
				break;
			}
		}
	}
}

static void
flush_all(struct vsw_worker *w)
{
	for (uint16_t i = 0; i < w->n_dirty; i++)
		flush(w, w->dirty[i]);
	w->n_dirty = 0;
}

/* Ports other than `in` that get a flooded frame, as bits. @return how many */
static unsigned int
flood_ports(const struct vsw_bridge *b, uint16_t in, uint16_t vlan, uint64_t *out)
{
	const struct vsw_vlans *v = b->vlans;
	bool isolated = vsw_port_bit(v->isolated, in);
	unsigned int n = 0;

	for (unsigned int i = 0; i < VSW_PORT_WORDS; i++) {
		out[i] = __atomic_load_n(&v->member[vlan][i], __ATOMIC_RELAXED);
		if (isolated)
			out[i] &= ~__atomic_load_n(&v->isolated[i], __ATOMIC_RELAXED);
		if (in / 64 == i)
			out[i] &= ~(UINT64_C(1) << (in % 64));
		n += __builtin_popcountll(out[i]);
	}
	return n;
}

static void
flood(struct vsw_worker *w, uint16_t in, uint16_t vlan, struct rte_mbuf *m)
{
	uint64_t out[VSW_PORT_WORDS];
	unsigned int n = flood_ports(w->bridge, in, vlan, out);

	if (n == 0) {
		drop(w, in, VSW_DROP_NO_DEST, m);
		return;
	}
	if (n > 1) {
		add(&w->count[in].flooded, 1);
		for (struct rte_mbuf *s = m; s != NULL; s = s->next)
			rte_mbuf_refcnt_update(s, n - 1);
	}
	for (unsigned int i = 0; i < VSW_PORT_WORDS; i++) {
		for (uint64_t bits = out[i]; bits != 0; bits &= bits - 1)
			put(w, i * 64 + __builtin_ctzll(bits), m);
	}
}

/*
 * The header in one piece, or NULL if the frame is too short for it. The e-switch lets no malformed
 * frame through, but a header may be split over segments.
 */
static inline const struct rte_ether_hdr *
header(const struct rte_mbuf *m, void *buf)
{
	const struct rte_ether_hdr *eh;
	bool tagged;

	if (likely(rte_pktmbuf_data_len(m) >= HEADER_LEN))
		return rte_pktmbuf_mtod(m, const struct rte_ether_hdr *);
	eh = rte_pktmbuf_read(m, 0, RTE_MIN(rte_pktmbuf_pkt_len(m), (uint32_t)HEADER_LEN), buf);
	if (eh == NULL || rte_pktmbuf_pkt_len(m) < RTE_ETHER_HDR_LEN)
		return NULL;
	tagged = eh->ether_type == RTE_BE16(RTE_ETHER_TYPE_VLAN) ||
		 eh->ether_type == RTE_BE16(RTE_ETHER_TYPE_QINQ);
	return tagged && rte_pktmbuf_pkt_len(m) < HEADER_LEN ? NULL : eh;
}

/* IEEE 802.1Q-2018 table 8-1: the sixteen addresses of a C-VLAN bridge. */
static inline bool
reserved(const struct rte_ether_addr *a)
{
	static const uint8_t prefix[] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };

	return memcmp(a->addr_bytes, prefix, sizeof(prefix)) == 0 && a->addr_bytes[5] <= 0x0f;
}

static inline void
forward(struct vsw_worker *w, uint16_t in, struct rte_mbuf *m)
{
	const struct vsw_bridge *b = w->bridge;
	uint8_t buf[HEADER_LEN];
	const struct rte_ether_hdr *eh = header(m, buf);
	uint16_t vlan, out;

	if (unlikely(eh == NULL)) {
		drop(w, in, VSW_DROP_RUNT, m);
		return;
	}
	vlan = vsw_frame_vlan(eh);
	vsw_fdb_learn(b->fdb, vlan, &eh->src_addr, in, __atomic_load_n(&b->now, __ATOMIC_RELAXED));
	if (rte_is_multicast_ether_addr(&eh->dst_addr)) {
		if (unlikely(reserved(&eh->dst_addr)))
			drop(w, in, VSW_DROP_RESERVED, m);
		else
			flood(w, in, vlan, m);
		return;
	}
	out = vsw_fdb_lookup(b->fdb, vlan, &eh->dst_addr);
	/* An entry of a port that is no longer a member is void. */
	if (out == VSW_FDB_NONE || !vsw_port_bit(b->vlans->member[vlan], out))
		flood(w, in, vlan, m);
	else if (unlikely(out == in))
		drop(w, in, VSW_DROP_HAIRPIN, m);
	else if (unlikely(vsw_port_bit(b->vlans->isolated, in) &&
			  vsw_port_bit(b->vlans->isolated, out)))
		drop(w, in, VSW_DROP_ISOLATED, m);
	else
		put(w, out, m);
}

static uint16_t
poll_port(struct vsw_worker *w, uint16_t in)
{
	struct rte_mbuf *pkt[VSW_BURST];
	uint16_t n = rte_eth_rx_burst(w->bridge->ports->port[in].port_id, 0, pkt, VSW_BURST);

	if (n == 0)
		return 0;
	add(&w->count[in].rx, n);
	if (!w->bridge->forward) {
		add(&w->count[in].drop[VSW_DROP_VEB], n);
		rte_pktmbuf_free_bulk(pkt, n);
		return n;
	}
	for (uint16_t i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(pkt[i], void *));
	for (uint16_t i = 0; i < n; i++)
		forward(w, in, pkt[i]);
	flush_all(w);
	return n;
}

int
vsw_bridge_run(void *arg)
{
	struct vsw_worker *w = arg;
	const struct vsw_bridge *b = w->bridge;
	unsigned int idle = 0;
	uint32_t got;

	while (!__atomic_load_n(&b->stop, __ATOMIC_RELAXED)) {
		got = 0;
		for (uint16_t i = 0; i < w->n_in; i++)
			got += poll_port(w, w->in[i]);
		idle = got > 0 ? 0 : idle + 1;
		if (idle >= IDLE_ROUNDS && b->idle_us > 0)
			rte_delay_us_sleep(b->idle_us);
	}
	return 0;
}

int
vsw_bridge_create(struct vsw_bridge *b, const struct vsw_ports *ports, const struct vsw_args *a,
		  uint16_t n_workers, struct esw_err *err)
{
	uint16_t next = 0;

	*b = (struct vsw_bridge){
		.ports = ports,
		.forward = ports->info.mode == SWD_MODE_SWITCHDEV,
		.idle_us = a->idle_us,
	};
	if (n_workers > VSW_WORKERS_MAX)
		return vsw_fail(err, -EINVAL, "-l: %u lcores, vfswitch uses 1 to %u", n_workers,
				VSW_WORKERS_MAX);
	b->vlans = rte_zmalloc("vsw_vlans", sizeof(*b->vlans), RTE_CACHE_LINE_SIZE);
	b->fdb = vsw_fdb_create(a->fdb_entries, VSW_PORTS_MAX, rte_rand(), SOCKET_ID_ANY);
	if (b->vlans == NULL || b->fdb == NULL)
		goto no_memory;
	for (; b->n_workers < n_workers; b->n_workers++) {
		struct vsw_worker *w = rte_zmalloc("vsw_worker", sizeof(*w), RTE_CACHE_LINE_SIZE);

		if (w == NULL)
			goto no_memory;
		w->bridge = b;
		w->id = b->n_workers;
		b->worker[w->id] = w;
	}
	for (uint16_t i = 0; i < ports->n; i++) {
		struct vsw_worker *w = b->worker[next];

		if (!ports->port[i].used)
			continue;
		w->in[w->n_in++] = i;
		next = (next + 1) % n_workers;
	}
	vsw_vlans_port_all(b->vlans, VSW_UPLINK);
	return 0;

no_memory:
	vsw_bridge_destroy(b);
	return vsw_fail(err, -ENOMEM,
			"no memory for a MAC table of %u entries (--fdb-entries) and %u workers; "
			"give EAL more (-m)",
			a->fdb_entries, n_workers);
}

void
vsw_bridge_destroy(struct vsw_bridge *b)
{
	while (b->n_workers > 0)
		rte_free(b->worker[--b->n_workers]);
	vsw_fdb_free(b->fdb);
	rte_free(b->vlans);
	b->fdb = NULL;
	b->vlans = NULL;
}

void
vsw_bridge_counters(const struct vsw_bridge *b, uint16_t port, struct vsw_port_counters *c)
{
	memset(c, 0, sizeof(*c));
	for (uint16_t i = 0; i < b->n_workers; i++) {
		const struct vsw_port_counters *w = &b->worker[i]->count[port];

		c->rx += __atomic_load_n(&w->rx, __ATOMIC_RELAXED);
		c->tx += __atomic_load_n(&w->tx, __ATOMIC_RELAXED);
		c->flooded += __atomic_load_n(&w->flooded, __ATOMIC_RELAXED);
		for (int d = 0; d < VSW_DROP_COUNT; d++)
			c->drop[d] += __atomic_load_n(&w->drop[d], __ATOMIC_RELAXED);
	}
}
