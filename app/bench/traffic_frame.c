/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <rte_ethdev.h>

#include "frame.h"
#include "rng.h"
#include "traffic.h"
#include "udp.h"

void
bench_traffic_size(struct bench_traffic *t, const struct bench_size *size)
{
	uint32_t order[BENCH_LENS], n = 0;

	for (uint32_t i = 0; i < size->mix.n; i++)
		for (uint32_t k = 0; k < size->mix.entry[i].weight && n < BENCH_LENS; k++)
			order[n++] = size->mix.entry[i].pkt_len;
	bench_rng_shuffle(order, n, &t->rng);
	for (uint32_t i = 0; i < n; i++)
		t->len[i] = (uint16_t)order[i];
	t->n_lens = n;
	t->len_at = 0;
	t->size_name = size->name;
}

void
bench_traffic_begin(struct bench_traffic *t)
{
	if (++t->epoch == 0)
		t->epoch = 1;
	for (uint32_t i = 0; i < t->n_streams; i++)
		t->stream[i].next = 0;
	t->expected = 0;
}

/* Headers of a frame that is not plain; returns where the label goes. */
static inline uint8_t *
make_header(const struct bench_traffic *t, struct bench_sender *b,
	    const struct bench_stream *stream, uint8_t *frame)
{
	const struct bench_frame_kind *kind = &t->kind[stream->kind];
	const struct rte_ether_addr *src = &stream->src;
	const uint16_t type = t->udp ? RTE_ETHER_TYPE_IPV4 : MSR_FRAME_ETHERTYPE;

	/* A bad frame's source may be what is bad about it. */
	if (t->n_sources > 1 && stream->kind == 0) {
		src = &b->source[b->source_at];
		b->source_at = b->source_at + 1 == t->n_sources ? 0 : b->source_at + 1;
	}
	if (!kind->tagged) {
		msr_frame_eth(frame, stream->dst.addr_bytes, src->addr_bytes, type);
		return frame + MSR_FRAME_ETH_LEN;
	}
	msr_frame_eth(frame, stream->dst.addr_bytes, src->addr_bytes, RTE_ETHER_TYPE_VLAN);
	msr_frame_tag(frame + MSR_FRAME_ETH_LEN, kind->tci, type);
	return frame + MSR_FRAME_ETH_LEN + MSR_FRAME_TAG_LEN;
}

static inline void
make_frame(struct bench_traffic *t, struct bench_sender *b, uint32_t number, struct rte_mbuf *m,
	   uint64_t tsc, const bool plain)
{
	struct bench_stream *stream = &t->stream[number];
	uint8_t *frame = rte_pktmbuf_mtod(m, uint8_t *), *at = frame + MSR_FRAME_ETH_LEN;
	const uint16_t own = plain ? 0 : t->kind[stream->kind].len;
	const uint16_t len = own != 0 ? own : t->len[t->len_at];
	const struct msr_label label = {
		.stream = number,
		.seq = stream->next++,
		.tsc = tsc,
		.epoch = t->epoch,
		.len = len,
	};

	if (++t->len_at == t->n_lens)
		t->len_at = 0;
	if (plain)
		msr_frame_eth(frame, stream->dst.addr_bytes, stream->src.addr_bytes,
			      MSR_FRAME_ETHERTYPE);
	else
		at = make_header(t, b, stream, frame);
	m->data_len = (uint16_t)(at - frame) + len - MSR_FRAME_ETH_LEN;
	m->pkt_len = m->data_len;
	if (!plain && t->udp) {
		const struct bench_udp_flow flow = bench_udp_flow(number, stream->tx);

		at = bench_udp_write(at, len, &flow);
	}
	if (--t->until_sample != 0) {
		msr_frame_stamp(at, &label);
		return;
	}
	t->until_sample = t->sample;
	msr_frame_build(at, (uint32_t)(m->data_len - (at - frame)), &label, t->seed);
}

/* The number of sender @p b's next stream. */
static inline uint32_t
next_stream(struct bench_sender *b)
{
	uint32_t number = b->order[b->at];

	b->at = b->at + 1 == b->n_order ? 0 : b->at + 1;
	return number;
}

/* Arrivals that a frame of stream @p number must have. */
static inline uint32_t
arrivals(const struct bench_traffic *t, const struct bench_sender *b, uint32_t number)
{
	return t->stream[number].rx == BENCH_RX_NONE ? 0 : b->fan;
}

void
bench_traffic_fill(struct bench_traffic *t, unsigned int s, struct rte_mbuf **m, unsigned int n,
		   double tsc, double step)
{
	struct bench_sender *b = &t->sender[s];

	if (t->plain) {
		for (unsigned int i = 0; i < n; i++)
			make_frame(t, b, next_stream(b), m[i], (uint64_t)(tsc + i * step), true);
		t->expected += (uint64_t)n * b->fan;
		return;
	}
	for (unsigned int i = 0; i < n; i++) {
		uint32_t number = next_stream(b);

		make_frame(t, b, number, m[i], (uint64_t)(tsc + i * step), false);
		t->expected += arrivals(t, b, number);
	}
}

void
bench_traffic_fill_at(struct bench_traffic *t, unsigned int s, struct rte_mbuf **m, unsigned int n,
		      const uint64_t *tsc)
{
	struct bench_sender *b = &t->sender[s];

	for (unsigned int i = 0; i < n; i++) {
		uint32_t number = next_stream(b);

		make_frame(t, b, number, m[i], tsc[i], false);
		t->expected += arrivals(t, b, number);
	}
}

/* Place in the order of the frame that was filled @p back frames ago; 1 is the last one. */
static uint32_t
filled_before(const struct bench_sender *b, unsigned int back)
{
	return (b->at + b->n_order - back % b->n_order) % b->n_order;
}

void
bench_traffic_unfill(struct bench_traffic *t, unsigned int s, unsigned int n)
{
	const struct bench_sender *b = &t->sender[s];

	for (unsigned int back = 1; back <= n; back++) {
		uint32_t number = b->order[filled_before(b, back)];

		t->stream[number].next--;
		t->expected -= arrivals(t, b, number);
	}
}

void
bench_traffic_arrivals(const struct bench_traffic *t, unsigned int s, unsigned int n, uint32_t *sum)
{
	const struct bench_sender *b = &t->sender[s];

	sum[0] = 0;
	for (unsigned int i = 0; i < n; i++)
		sum[i + 1] = sum[i] + arrivals(t, b, b->order[filled_before(b, n - i)]);
}

/* A label of epoch 0 belongs to no trial: receivers count such frames as residue. */
static bool
announce(const struct bench_traffic *t, const struct bench_port *p,
	 const struct bench_stream *stream)
{
	const struct msr_label label = { .len = 60 };
	const struct bench_frame_kind *kind = &t->kind[0];
	struct rte_mbuf *m = rte_pktmbuf_alloc(p->pool);
	uint8_t *frame, *at;

	if (m == NULL)
		return false;
	frame = rte_pktmbuf_mtod(m, uint8_t *);
	at = frame + MSR_FRAME_ETH_LEN;
	msr_frame_eth(frame, stream->src.addr_bytes, stream->dst.addr_bytes, MSR_FRAME_ETHERTYPE);
	/* As the receiver gets its frames, so it sends: it learns in the VLAN that it is in. */
	if (t->expect_tag >= 0 || (kind->tagged && t->expect_tag == BENCH_TAG_ANY)) {
		frame[12] = RTE_ETHER_TYPE_VLAN >> 8;
		frame[13] = RTE_ETHER_TYPE_VLAN & 0xff;
		msr_frame_tag(at, t->expect_tag >= 0 ? (uint16_t)t->expect_tag : kind->tci,
			      MSR_FRAME_ETHERTYPE);
		at += MSR_FRAME_TAG_LEN;
	}
	msr_frame_build(at, label.len - MSR_FRAME_ETH_LEN, &label, 0);
	m->data_len = (uint16_t)(at - frame) + label.len - MSR_FRAME_ETH_LEN;
	m->pkt_len = m->data_len;
	if (rte_eth_tx_burst(p->id, 0, &m, 1) == 1)
		return true;
	rte_pktmbuf_free(m);
	return false;
}

unsigned int
bench_traffic_learn(struct bench_traffic *t, const struct bench_ports *ports)
{
	unsigned int sent = 0;

	for (uint32_t i = 0; i < t->n_streams; i++)
		if (t->stream[i].rx < BENCH_RX_NONE)
			sent += announce(t, &ports->port[t->stream[i].rx], &t->stream[i]);
	return sent;
}
