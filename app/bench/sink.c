/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_prefetch.h>

#include "frame.h"
#include "sink.h"
#include "udp.h"

#define SCRATCH_LEN 65536U

int
bench_sink_open(struct bench_sink *s, const struct bench_traffic *t,
		const struct bench_ports *ports, unsigned int burst)
{
	*s = (struct bench_sink){
		.traffic = t,
		.ports = ports,
		.burst = burst,
		.slow = -1,
		.ns_per_cycle = 1e9 / (double)rte_get_tsc_hz(),
		.track = calloc(t->n_tracks, sizeof(struct msr_track)),
		.scratch = malloc(SCRATCH_LEN),
	};
	if (s->track != NULL && s->scratch != NULL)
		return 0;
	bench_sink_close(s);
	return -ENOMEM;
}

void
bench_sink_close(struct bench_sink *s)
{
	free(s->track);
	free(s->scratch);
	s->track = NULL;
	s->scratch = NULL;
}

void
bench_sink_begin(struct bench_sink *s, struct msr_hist *latency)
{
	for (uint32_t i = 0; i < s->traffic->n_tracks; i++)
		msr_track_reset(&s->track[i]);
	memset(&s->tally, 0, sizeof(s->tally));
	s->latency = latency;
	if (latency != NULL)
		msr_hist_init(latency);
	__atomic_store_n(&s->received, 0, __ATOMIC_RELEASE);
}

/* Bytes before the label: the Ethernet header and up to two VLAN tags that a switch put there. */
static inline uint32_t
label_offset(const uint8_t *frame)
{
	uint32_t at = MSR_FRAME_ETH_LEN;

	for (int tags = 0; tags < 2; tags++, at += 4)
		if (!(frame[at - 2] == 0x81 && frame[at - 1] == 0x00) &&
		    !(frame[at - 2] == 0x88 && frame[at - 1] == 0xa8))
			break;
	return at;
}

/* Bytes of the headers of --udp between the EtherType in front of @p at and the label. */
static inline uint32_t
inner_len(const uint8_t *frame, uint32_t at)
{
	return frame[at - 2] == 0x08 && frame[at - 1] == 0x00 ? BENCH_UDP_LEN : 0;
}

/* Whether the outer tag of an intact frame is another one than it should be. */
static bool
mistagged(const struct bench_sink *s, const uint8_t *frame, uint32_t at, const struct rte_mbuf *m)
{
	int vid = BENCH_TAG_NONE;

	if (at != MSR_FRAME_ETH_LEN)
		vid = (frame[14] << 8 | frame[15]) & 0xfff;
	if ((m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) != 0)
		vid = m->vlan_tci & 0xfff;
	return vid != s->traffic->expect_tag;
}

/* The tracker of a frame that is not at its stream's one receiver; NULL if it is a stray. */
static struct msr_track *
find_track(struct bench_sink *s, const struct bench_stream *stream, uint16_t rx)
{
	if (s->null_ring != NULL)
		return &s->track[stream->track];
	/* No frame is meant for a port that is only served. */
	if (s->traffic->slot[rx] == UINT16_MAX)
		return NULL;
	if (stream->rx == BENCH_RX_ALL && (rx != stream->tx || s->traffic->n_rx == 1))
		return &s->track[stream->track + s->traffic->slot[rx]];
	return NULL;
}

/* A frame that is none of those that must arrive. */
static void
judge_stray(struct bench_sink *s, const struct bench_stream *stream, uint64_t seq)
{
	if (stream != NULL && stream->rx == BENCH_RX_NONE)
		msr_track_add(&s->track[stream->track], seq);
	else
		s->tally.stray++;
}

void
bench_sink_judge(struct bench_sink *s, uint16_t rx, struct rte_mbuf *m, uint64_t now)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	uint32_t at, inner, len = m->pkt_len;
	const struct bench_stream *stream;
	enum msr_frame_fault fault;
	struct msr_track *track;
	struct msr_label label;

	if (unlikely(len < 60 || len > SCRATCH_LEN)) {
		s->tally.foreign++;
		return;
	}
	if (unlikely(m->nb_segs != 1))
		frame = rte_pktmbuf_read(m, 0, len, s->scratch);
	if (unlikely(frame == NULL)) {
		s->tally.corrupt++;
		return;
	}
	at = label_offset(frame);
	inner = inner_len(frame, at);
	/* A tag that the switch added is not the sender's length. */
	fault = msr_frame_verify(frame + at + inner, len - at - inner,
				 len - (at - MSR_FRAME_ETH_LEN), &label);
	if (unlikely(fault != MSR_FRAME_OK)) {
		if (fault == MSR_FRAME_FOREIGN)
			s->tally.foreign++;
		else
			s->tally.corrupt++;
		return;
	}
	if (unlikely(label.epoch != s->traffic->epoch)) {
		s->tally.residue++;
		return;
	}
	if (unlikely(label.stream >= s->traffic->n_streams)) {
		judge_stray(s, NULL, label.seq);
		return;
	}
	stream = &s->traffic->stream[label.stream];
	track = likely(stream->rx == rx) ? &s->track[stream->track] : find_track(s, stream, rx);
	if (unlikely(track == NULL)) {
		judge_stray(s, stream, label.seq);
		return;
	}
	msr_track_add(track, label.seq);
	if (s->traffic->expect_tag != BENCH_TAG_ANY && s->null_ring == NULL)
		s->tally.mistagged += mistagged(s, frame, at, m);
	if (s->latency != NULL)
		msr_hist_add(s->latency, now <= label.tsc ? 0 :
							    (uint64_t)((double)(now - label.tsc) *
								       s->ns_per_cycle));
}

static unsigned int
take(struct bench_sink *s, uint16_t rx, struct rte_mbuf **m, unsigned int n)
{
	uint64_t now = rte_rdtsc();

	for (unsigned int i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(m[i], void *));
	for (unsigned int i = 0; i < n; i++)
		bench_sink_judge(s, rx, m[i], now);
	rte_pktmbuf_free_bulk(m, n);
	__atomic_store_n(&s->received, s->received + n, __ATOMIC_RELEASE);
	return n;
}

unsigned int
bench_sink_poll(struct bench_sink *s)
{
	struct rte_mbuf *m[BENCH_BURST_MAX];
	unsigned int total = 0;

	if (s->null_ring != NULL) {
		total = rte_ring_sc_dequeue_burst(s->null_ring, (void **)m, s->burst, NULL);
		return total != 0 ? take(s, 0, m, total) : 0;
	}
	s->slow_turn = !s->slow_turn;
	for (unsigned int r = 0; r < bench_ports_polled(s->ports); r++) {
		uint16_t rx = bench_ports_poll(s->ports, r), n;

		if ((int)r == s->slow && !s->slow_turn)
			continue;
		n = rte_eth_rx_burst(s->ports->port[rx].id, 0, m, (uint16_t)s->burst);
		if (n != 0)
			total += take(s, rx, m, n);
	}
	return total;
}

static void
add_stream(const struct bench_sink *s, const struct bench_stream *stream, struct msr_tally *tally)
{
	const struct bench_traffic *t = s->traffic;
	const struct msr_track *track = &s->track[stream->track];

	if (stream->rx < BENCH_RX_NONE || s->null_ring != NULL) {
		msr_tally_add(tally, track, stream->next);
	} else if (stream->rx == BENCH_RX_NONE) {
		msr_tally_add_bad(tally, track, stream->next);
	} else {
		for (uint16_t r = 0; r < t->n_rx; r++)
			if (s->ports->rx[r] != stream->tx || t->n_rx == 1)
				msr_tally_add(tally, &track[r], stream->next);
	}
}

struct msr_tally
bench_sink_end(const struct bench_sink *s)
{
	struct msr_tally tally = s->tally;

	for (uint32_t i = 0; i < s->traffic->n_streams; i++)
		add_stream(s, &s->traffic->stream[i], &tally);
	return tally;
}

struct msr_tally
bench_sink_group(const struct bench_sink *s, uint16_t group)
{
	struct msr_tally tally = { 0 };

	for (uint32_t i = 0; i < s->traffic->n_streams; i++)
		if (s->traffic->stream[i].group == group)
			add_stream(s, &s->traffic->stream[i], &tally);
	return tally;
}
