/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_byteorder.h>

#include "frame.h"
#include "traffic.h"

/* splitmix64: a full-period generator of one word of state. */
static uint64_t
rng_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static void
shuffle(uint32_t *v, uint32_t n, uint64_t *rng)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t k = (uint32_t)(rng_next(rng) % i), x = v[i - 1];

		v[i - 1] = v[k];
		v[k] = x;
	}
}

/* Whole rounds of sender @p s's streams, each round in another order. */
static int
make_order(struct bench_traffic *t, unsigned int s, uint16_t tx)
{
	struct bench_sender *b = &t->sender[s];
	uint32_t n = 0, rounds;

	for (uint32_t i = 0; i < t->n_streams; i++)
		n += t->stream[i].tx == tx;
	if (n == 0) /* goes_to leaves every sender a receiver */
		return -EINVAL;
	rounds = RTE_MAX(1u, BENCH_ORDER / n);
	b->order = calloc((size_t)rounds * n, sizeof(*b->order));
	if (b->order == NULL)
		return -ENOMEM;
	for (uint32_t r = 0; r < rounds; r++) {
		uint32_t *round = &b->order[(size_t)r * n], k = 0;

		for (uint32_t i = 0; i < t->n_streams; i++)
			if (t->stream[i].tx == tx)
				round[k++] = i;
		do
			shuffle(round, n, &t->rng);
		while (n > 2 && ((r != 0 && round[0] == round[-1]) ||
				 (r == rounds - 1 && round[n - 1] == b->order[0])));
		/* Two streams can only alternate: every round as the first. */
		if (n == 2 && r != 0)
			memcpy(round, b->order, 2 * sizeof(*round));
	}
	b->n_order = rounds * n;
	return 0;
}

/* Whether frames of port @p tx are meant for port @p rx. */
static bool
goes_to(const struct bench_ports *ports, uint16_t tx, uint16_t rx)
{
	return tx != rx || ports->n_rx == 1;
}

/* A locally administered unicast address from the seed; different for different @p i. */
static struct rte_ether_addr
make_mac(uint64_t seed, uint32_t i)
{
	uint64_t high = seed * 0x9e3779b97f4a7c15ULL >> 48;

	return (struct rte_ether_addr){
		{ 0x02, (uint8_t)(high >> 8), (uint8_t)high, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
		  (uint8_t)i },
	};
}

/* Receivers that any sender sends to. */
static unsigned int
receivers(const struct bench_ports *ports, uint16_t out[RTE_MAX_ETHPORTS])
{
	unsigned int n = 0;

	for (unsigned int r = 0; r < ports->n_rx; r++)
		for (unsigned int s = 0; s < ports->n_tx; s++)
			if (goes_to(ports, ports->tx[s], ports->rx[r])) {
				out[n++] = ports->rx[r];
				break;
			}
	return n;
}

static void
add_streams(struct bench_traffic *t, const struct bench_ports *ports, uint16_t rx,
	    const struct rte_ether_addr *dst)
{
	for (unsigned int s = 0; s < ports->n_tx; s++) {
		if (!goes_to(ports, ports->tx[s], rx))
			continue;
		t->stream[t->n_streams++] = (struct bench_stream){
			.dst = *dst,
			.src = ports->port[ports->tx[s]].mac,
			.tx = ports->tx[s],
			.rx = rx,
		};
	}
}

/* Destination @p i: the first of each receiver is its own address, further ones are added. */
static int
add_destination(struct bench_traffic *t, struct bench_ports *ports, const struct bench_options *o,
		uint32_t i, uint16_t rx, bool own, char *err, size_t errlen)
{
	struct rte_ether_addr mac = ports->port[rx].mac;
	int rc;

	if (o->dst_given) {
		memcpy(mac.addr_bytes, o->dst, sizeof(mac.addr_bytes));
	} else if (!own) {
		mac = make_mac(t->seed, i);
		rc = bench_ports_add_mac(ports, rx, &mac, err, errlen);
		if (rc != 0)
			return rc;
	}
	add_streams(t, ports, rx, &mac);
	return 0;
}

int
bench_traffic_open(struct bench_traffic *t, struct bench_ports *ports,
		   const struct bench_options *o, char *err, size_t errlen)
{
	uint16_t rx[RTE_MAX_ETHPORTS];
	unsigned int n_rx = receivers(ports, rx);
	uint32_t macs = o->macs != 0 ? o->macs : n_rx;
	int rc = 0;

	memset(t, 0, sizeof(*t));
	t->seed = t->rng = o->seed;
	t->sample = t->until_sample = o->sample;
	if (n_rx == 0 || macs < n_rx) {
		snprintf(err, errlen, "--macs %u: fewer than the %u receiving ports", macs, n_rx);
		return -EINVAL;
	}
	t->stream = calloc((size_t)macs * ports->n_tx, sizeof(*t->stream));
	if (t->stream == NULL)
		rc = -ENOMEM;
	for (uint32_t i = 0; rc == 0 && i < macs; i++)
		rc = add_destination(t, ports, o, i, rx[i % n_rx], i < n_rx, err, errlen);
	for (unsigned int s = 0; rc == 0 && s < ports->n_tx; s++)
		rc = make_order(t, s, ports->tx[s]);
	if (rc == -ENOMEM)
		snprintf(err, errlen, "no memory for %u streams", macs * ports->n_tx);
	if (rc != 0)
		bench_traffic_close(t);
	return rc;
}

void
bench_traffic_close(struct bench_traffic *t)
{
	for (unsigned int s = 0; s < RTE_DIM(t->sender); s++)
		free(t->sender[s].order);
	free(t->stream);
	memset(t, 0, sizeof(*t));
}

void
bench_traffic_size(struct bench_traffic *t, const struct bench_size *size)
{
	uint32_t order[BENCH_LENS], n = 0;

	for (uint32_t i = 0; i < size->mix.n; i++)
		for (uint32_t k = 0; k < size->mix.entry[i].weight && n < BENCH_LENS; k++)
			order[n++] = size->mix.entry[i].pkt_len;
	shuffle(order, n, &t->rng);
	for (uint32_t i = 0; i < n; i++)
		t->len[i] = (uint16_t)order[i];
	t->n_lens = n;
	t->len_at = 0;
}

void
bench_traffic_begin(struct bench_traffic *t)
{
	if (++t->epoch == 0)
		t->epoch = 1;
	for (uint32_t i = 0; i < t->n_streams; i++)
		t->stream[i].next = 0;
}

static inline void
make_frame(struct bench_traffic *t, struct bench_stream *stream, uint32_t number,
	   struct rte_mbuf *m, uint64_t tsc)
{
	uint8_t *frame = rte_pktmbuf_mtod(m, uint8_t *);
	const uint16_t len = t->len[t->len_at];
	const struct msr_label label = {
		.stream = number,
		.seq = stream->next++,
		.tsc = tsc,
		.epoch = t->epoch,
		.len = len,
	};

	if (++t->len_at == t->n_lens)
		t->len_at = 0;
	m->data_len = len;
	m->pkt_len = len;
	msr_frame_eth(frame, stream->dst.addr_bytes, stream->src.addr_bytes, MSR_FRAME_ETHERTYPE);
	if (--t->until_sample != 0) {
		msr_frame_stamp(frame + MSR_FRAME_ETH_LEN, &label);
		return;
	}
	t->until_sample = t->sample;
	msr_frame_build(frame + MSR_FRAME_ETH_LEN, len - MSR_FRAME_ETH_LEN, &label, t->seed);
}

void
bench_traffic_fill(struct bench_traffic *t, unsigned int s, struct rte_mbuf **m, unsigned int n,
		   double tsc, double step)
{
	struct bench_sender *b = &t->sender[s];

	for (unsigned int i = 0; i < n; i++) {
		uint32_t number = b->order[b->at];

		if (++b->at == b->n_order)
			b->at = 0;
		make_frame(t, &t->stream[number], number, m[i], (uint64_t)(tsc + i * step));
	}
}

/* A label of epoch 0 belongs to no trial: receivers count such frames as residue. */
static bool
announce(const struct bench_port *p, const struct rte_ether_addr *src,
	 const struct rte_ether_addr *dst)
{
	const struct msr_label label = { .len = 60 };
	struct rte_mbuf *m = rte_pktmbuf_alloc(p->pool);
	uint8_t *frame;

	if (m == NULL)
		return false;
	frame = rte_pktmbuf_mtod(m, uint8_t *);
	m->data_len = label.len;
	m->pkt_len = label.len;
	msr_frame_eth(frame, dst->addr_bytes, src->addr_bytes, MSR_FRAME_ETHERTYPE);
	msr_frame_build(frame + MSR_FRAME_ETH_LEN, label.len - MSR_FRAME_ETH_LEN, &label, 0);
	if (rte_eth_tx_burst(p->id, 0, &m, 1) == 1)
		return true;
	rte_pktmbuf_free(m);
	return false;
}

unsigned int
bench_traffic_learn(struct bench_traffic *t, const struct bench_ports *ports)
{
	unsigned int sent = 0;

	for (uint32_t i = 0; i < t->n_streams; i++) {
		const struct bench_stream *s = &t->stream[i];

		sent += announce(&ports->port[s->rx], &s->dst, &s->src);
	}
	return sent;
}
