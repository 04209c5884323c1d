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

#define SCRATCH_LEN 65536U

int
bench_sink_open(struct bench_sink *s, const struct bench_traffic *t,
		const struct bench_ports *ports, unsigned int burst)
{
	*s = (struct bench_sink){
		.traffic = t,
		.ports = ports,
		.burst = burst,
		.ns_per_cycle = 1e9 / (double)rte_get_tsc_hz(),
		.track = calloc(t->n_streams, sizeof(struct msr_track)),
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
	for (uint32_t i = 0; i < s->traffic->n_streams; i++)
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

void
bench_sink_judge(struct bench_sink *s, uint16_t rx, struct rte_mbuf *m, uint64_t now)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	uint32_t at, len = m->pkt_len;
	struct msr_label label;
	enum msr_frame_fault fault;

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
	/* A tag that the switch added is not the sender's length. */
	fault = msr_frame_verify(frame + at, len - at, len - (at - MSR_FRAME_ETH_LEN), &label);
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
	if (unlikely(label.stream >= s->traffic->n_streams ||
		     (s->traffic->stream[label.stream].rx != rx && s->null_ring == NULL))) {
		s->tally.stray++;
		return;
	}
	msr_track_add(&s->track[label.stream], label.seq);
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
	for (unsigned int r = 0; r < s->ports->n_rx; r++) {
		uint16_t rx = s->ports->rx[r];
		uint16_t n = rte_eth_rx_burst(s->ports->port[rx].id, 0, m, (uint16_t)s->burst);

		if (n != 0)
			total += take(s, rx, m, n);
	}
	return total;
}

struct msr_tally
bench_sink_end(const struct bench_sink *s)
{
	struct msr_tally tally = s->tally;

	for (uint32_t i = 0; i < s->traffic->n_streams; i++)
		msr_tally_add(&tally, &s->track[i], s->traffic->stream[i].next);
	return tally;
}
