/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"
#include "pattern.h"
#include "rng.h"
#include "traffic.h"

/* First bytes of made-up addresses: locally administered, and different for different uses. */
#define MAC_DESTINATION 0x02
#define MAC_SOURCE 0x06
#define MAC_SPOOFED 0x0a
#define MAC_UNKNOWN 0x0e

/* What bench_traffic_open works on. */
struct plan {
	struct bench_traffic *t;
	struct bench_ports *ports;
	const struct bench_options *o;
	uint16_t
		rx[RTE_MAX_ETHPORTS]; /* receivers that any sender sends to: indices in ports->rx */
	unsigned int n_rx;
	uint32_t macs;
	char *err;
	size_t errlen;
};

/* A unicast address from the seed; different for different @p i. */
static struct rte_ether_addr
make_mac(uint64_t seed, uint8_t first, uint32_t i)
{
	uint64_t high = seed * 0x9e3779b97f4a7c15ULL >> 48;

	return (struct rte_ether_addr){
		{ first, (uint8_t)(high >> 8), (uint8_t)(high ^ i >> 24), (uint8_t)(i >> 16),
		  (uint8_t)(i >> 8), (uint8_t)i },
	};
}

static void
find_receivers(struct plan *p)
{
	memset(p->t->slot, 0xff, sizeof(p->t->slot));
	p->t->n_rx = (uint16_t)p->ports->n_rx;
	for (unsigned int r = 0; r < p->ports->n_rx; r++) {
		p->t->slot[p->ports->rx[r]] = (uint16_t)r;
		for (unsigned int s = 0; s < p->ports->n_tx; s++)
			if (bench_pattern_sends(p->o->pattern, p->ports, s, r)) {
				p->rx[p->n_rx++] = (uint16_t)r;
				break;
			}
	}
}

static struct bench_stream *
add_stream(struct plan *p, unsigned int s, uint16_t rx, const struct rte_ether_addr *dst)
{
	struct bench_traffic *t = p->t;
	struct bench_stream *stream = &t->stream[t->n_streams++];
	const uint16_t tx = p->ports->tx[s];

	*stream = (struct bench_stream){
		.dst = *dst,
		.src = p->ports->port[tx].mac,
		.tx = tx,
		.rx = rx,
		.track = t->n_tracks,
	};
	t->n_tracks += rx == BENCH_RX_ALL ? p->ports->n_rx : 1;
	return stream;
}

/* Destination @p i: the first of each receiver is its own address, further ones are added. */
static int
add_destination(struct plan *p, uint32_t i)
{
	const unsigned int r = p->rx[i % p->n_rx];
	const uint16_t rx = p->ports->rx[r];
	struct rte_ether_addr mac = p->ports->port[rx].mac;
	int rc;

	if (p->o->dst_given) {
		memcpy(mac.addr_bytes, p->o->dst, sizeof(mac.addr_bytes));
	} else if (i >= p->n_rx) {
		mac = make_mac(p->t->seed, MAC_DESTINATION, i);
		rc = bench_ports_add_mac(p->ports, rx, &mac, p->err, p->errlen);
		if (rc != 0)
			return rc;
	}
	for (unsigned int s = 0; s < p->ports->n_tx; s++)
		if (bench_pattern_sends(p->o->pattern, p->ports, s, r))
			add_stream(p, s, rx, &mac)->group = bench_pattern_group(p->o->pattern, s,
										r);
	return 0;
}

/* One stream for each sender, to all. */
static int
add_broadcast(struct plan *p)
{
	struct rte_ether_addr dst;
	int rc = 0;

	memcpy(dst.addr_bytes, p->o->dst, sizeof(dst.addr_bytes));
	for (unsigned int s = 0; s < p->ports->n_tx; s++)
		add_stream(p, s, BENCH_RX_ALL, &dst)->group = bench_pattern_group(p->o->pattern, s,
										  0);
	if (!rte_is_broadcast_ether_addr(&dst))
		for (unsigned int r = 0; rc == 0 && r < p->n_rx; r++)
			rc = bench_ports_join(p->ports, p->ports->rx[p->rx[r]], &dst, p->err,
					      p->errlen);
	return rc;
}

/* Two tags and one byte more than fits whoever counts; -ERANGE if the buffers do not hold it. */
static int
spoil_len(struct plan *p, const struct bench_port *port, struct bench_frame_kind *kind)
{
	uint32_t len = port->mtu + RTE_ETHER_HDR_LEN + 2 * RTE_VLAN_HLEN + 1;
	uint32_t room = rte_pktmbuf_data_room_size(port->pool) - RTE_PKTMBUF_HEADROOM;

	if (len + RTE_VLAN_HLEN > room) {
		snprintf(
			p->err, p->errlen,
			"--bad mtu: port %s has an MTU of %u, and buffers hold frames of %u bytes; "
			"a --size near the MTU makes them larger",
			port->name, port->mtu, room);
		return -ERANGE;
	}
	kind->len = (uint16_t)len;
	return 0;
}

/* What makes the frames of @p stream bad. */
static int
spoil(struct plan *p, const struct bench_bad *bad, struct bench_stream *stream,
      struct bench_frame_kind *kind)
{
	switch (bad->kind) {
	case BENCH_BAD_SPOOF:
		stream->src = make_mac(p->t->seed, MAC_SPOOFED, stream->tx);
		break;
	case BENCH_BAD_VLAN:
		kind->tagged = true;
		kind->tci = bad->vid;
		break;
	case BENCH_BAD_MTU:
		return spoil_len(p, &p->ports->port[stream->tx], kind);
	case BENCH_BAD_UNKNOWN:
		stream->dst = make_mac(p->t->seed, MAC_UNKNOWN, stream->tx);
		break;
	case BENCH_BAD_MULTICAST_SOURCE:
		stream->src.addr_bytes[0] |= RTE_ETHER_GROUP_ADDR;
		break;
	}
	return 0;
}

/* A stream for each sender and kind, to where the sender's first good one goes. */
static int
add_bad(struct plan *p)
{
	struct bench_traffic *t = p->t;
	const uint32_t n_good = t->n_streams;
	int rc = 0;

	for (unsigned int s = 0; rc == 0 && s < p->ports->n_tx; s++) {
		uint32_t first = 0;

		while (first < n_good && t->stream[first].tx != p->ports->tx[s])
			first++;
		for (unsigned int k = 0; rc == 0 && first < n_good && k < p->o->bad.n; k++) {
			struct bench_stream *stream = add_stream(p, s, BENCH_RX_NONE,
								 &t->stream[first].dst);

			stream->group = (uint16_t)(t->n_groups + k);
			stream->kind = (uint16_t)t->n_kinds;
			t->kind[t->n_kinds] = t->kind[0];
			rc = spoil(p, &p->o->bad.entry[k], stream, &t->kind[t->n_kinds++]);
		}
	}
	return rc;
}

/* The port's own address and made-up ones, in a random order (RFC 4814 section 4.2). */
static int
make_sources(struct plan *p, unsigned int s)
{
	struct bench_sender *b = &p->t->sender[s];
	uint32_t n = p->t->n_sources, *turn = calloc(n, sizeof(*turn));

	b->source = calloc(n, sizeof(*b->source));
	if (b->source == NULL || turn == NULL) {
		free(turn);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < n; i++)
		turn[i] = i;
	bench_rng_shuffle(turn, n, &p->t->rng);
	for (uint32_t i = 0; i < n; i++)
		b->source[turn[i]] = i == 0 ? p->ports->port[p->ports->tx[s]].mac :
					      make_mac(p->t->seed, MAC_SOURCE, s << 16 | i);
	free(turn);
	return 0;
}

static int
make_sender(struct plan *p, unsigned int s)
{
	const uint16_t tx = p->ports->tx[s];
	struct bench_traffic *t = p->t;
	int rc = bench_order_make(t, s, tx);

	t->sender[s].fan = 1;
	if (p->o->pattern == BENCH_PATTERN_BROADCAST)
		t->sender[s].fan = (uint16_t)(t->n_rx - (t->n_rx > 1 && t->slot[tx] != UINT16_MAX));
	if (t->sender[s].fan != 1)
		t->all_fan_1 = false;
	if (rc == 0 && p->o->bad.n != 0)
		rc = bench_order_mix(t, s, tx, &p->o->bad);
	if (rc == 0 && t->n_sources > 1)
		rc = make_sources(p, s);
	return rc;
}

static int
make_streams(struct plan *p)
{
	const size_t most = ((size_t)p->macs + p->o->bad.n) * p->ports->n_tx;
	int rc = 0;

	p->t->stream = calloc(most, sizeof(*p->t->stream));
	p->t->kind = calloc(1 + (size_t)p->o->bad.n * p->ports->n_tx, sizeof(*p->t->kind));
	if (p->t->stream == NULL || p->t->kind == NULL)
		return -ENOMEM;
	p->t->kind[0] = (struct bench_frame_kind){ .tagged = p->o->tagged, .tci = p->o->tci };
	p->t->n_kinds = 1;
	if (p->o->pattern == BENCH_PATTERN_BROADCAST)
		rc = add_broadcast(p);
	else
		for (uint32_t i = 0; rc == 0 && i < p->macs; i++)
			rc = add_destination(p, i);
	if (rc == 0)
		rc = add_bad(p);
	for (unsigned int s = 0; rc == 0 && s < p->ports->n_tx; s++)
		rc = make_sender(p, s);
	return rc;
}

int
bench_traffic_open(struct bench_traffic *t, struct bench_ports *ports,
		   const struct bench_options *o, char *err, size_t errlen)
{
	struct plan p = { .t = t, .ports = ports, .o = o, .err = err, .errlen = errlen };
	int rc = bench_pattern_check(o->pattern, ports, err, errlen);

	memset(t, 0, sizeof(*t));
	if (rc != 0)
		return rc;
	t->seed = t->rng = o->seed;
	t->sample = t->until_sample = o->sample;
	t->n_sources = o->sources;
	t->expect_tag = o->expect_tag;
	t->n_groups = bench_pattern_groups(o->pattern, ports);
	t->udp = o->udp;
	t->plain = !o->udp && !o->tagged && o->bad.n == 0 && o->sources == 1;
	t->all_fan_1 = o->bad.n == 0;
	find_receivers(&p);
	p.macs = o->macs != 0 ? o->macs : p.n_rx;
	if (p.n_rx == 0 || p.macs < p.n_rx) {
		snprintf(err, errlen, "--macs %u: fewer than the %u receiving ports", p.macs,
			 p.n_rx);
		return -EINVAL;
	}
	rc = make_streams(&p);
	if (rc == -ENOMEM)
		snprintf(err, errlen, "no memory for %u streams", p.macs * ports->n_tx);
	if (rc != 0)
		bench_traffic_close(t);
	return rc;
}

void
bench_traffic_close(struct bench_traffic *t)
{
	for (unsigned int s = 0; s < RTE_DIM(t->sender); s++) {
		free(t->sender[s].order);
		free(t->sender[s].source);
	}
	free(t->stream);
	free(t->kind);
	memset(t, 0, sizeof(*t));
}

bool
bench_traffic_sends(const struct bench_traffic *t, const struct bench_ports *ports, unsigned int s,
		    uint16_t rx)
{
	const uint16_t tx = ports->tx[s];

	for (uint32_t i = 0; i < t->n_streams; i++)
		if (t->stream[i].tx == tx &&
		    (t->stream[i].rx == rx ||
		     (t->stream[i].rx == BENCH_RX_ALL && (tx != rx || t->n_rx == 1))))
			return true;
	return false;
}
