/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "frame.h"
#include "learner.h"

/* The label's stream says what a frame is for. */
enum phase { TEACH, ASK };

#define SETTLE_S 0.002 /* without a frame: nothing is under way any more */

struct round {
	struct bench_learner *l;
	enum phase phase;
	uint64_t first; /* number of the first address */
	struct msr_track track;
	uint64_t elsewhere;
	uint16_t at; /* index of the port where the frames should arrive */
};

/* Address number @p i: locally administered, unicast, spread over the whole space. */
static struct rte_ether_addr
address(uint64_t i)
{
	/* Odd multipliers make a permutation of 40 bits: no address comes twice. */
	uint64_t v = i * UINT64_C(0x9e3779b97f) & UINT64_C(0xffffffffff);

	v ^= v >> 21;
	return (struct rte_ether_addr){
		{ 0x06, (uint8_t)(v >> 32), (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		  (uint8_t)(v >> 8), (uint8_t)v },
	};
}

static void
make(const struct round *r, struct rte_mbuf *m, uint64_t seq)
{
	const struct bench_learner *l = r->l;
	const struct rte_ether_addr *own = &l->m->ports.port[l->testing].mac;
	const struct rte_ether_addr other = address(r->first + seq);
	const struct msr_label label = {
		.stream = r->phase,
		.seq = seq,
		.tsc = rte_rdtsc(),
		.epoch = l->m->traffic.epoch,
		.len = (uint16_t)l->len,
	};
	uint8_t *frame = rte_pktmbuf_mtod(m, uint8_t *);

	m->data_len = m->pkt_len = l->len;
	if (r->phase == TEACH)
		msr_frame_eth(frame, own->addr_bytes, other.addr_bytes, MSR_FRAME_ETHERTYPE);
	else
		msr_frame_eth(frame, other.addr_bytes, own->addr_bytes, MSR_FRAME_ETHERTYPE);
	msr_frame_stamp(frame + MSR_FRAME_ETH_LEN, &label);
}

static void
judge(struct round *r, uint16_t port, const struct rte_mbuf *m)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	struct msr_label label;

	if (m->data_len < MSR_FRAME_ETH_LEN + MSR_LABEL_LEN ||
	    msr_frame_verify(frame + MSR_FRAME_ETH_LEN, m->data_len - MSR_FRAME_ETH_LEN, m->pkt_len,
			     &label) != MSR_FRAME_OK ||
	    label.epoch != r->l->m->traffic.epoch || label.stream != r->phase)
		return;
	if (port == r->at)
		msr_track_add(&r->track, label.seq);
	else
		r->elsewhere++;
}

/* Every port, so that floods are seen and no queue is left full. */
static unsigned int
poll(struct round *r)
{
	const struct bench_ports *ports = &r->l->m->ports;
	struct rte_mbuf *m[BENCH_BURST_MAX];
	unsigned int total = 0;

	for (uint16_t p = 0; p < ports->n; p++) {
		uint16_t n = rte_eth_rx_burst(ports->port[p].id, 0, m, BENCH_BURST_MAX);

		for (uint16_t i = 0; i < n; i++)
			judge(r, p, m[i]);
		rte_pktmbuf_free_bulk(m, n);
		total += n;
	}
	return total;
}

/* Send all of @p m, receiving meanwhile; false when stopped or refused for too long. */
static bool
send_all(struct round *r, uint16_t port, struct rte_mbuf **m, unsigned int n)
{
	const struct bench_manager *b = r->l->m;
	const uint64_t limit = rte_rdtsc() + (uint64_t)(b->o.drain_s * (double)rte_get_tsc_hz());
	unsigned int sent = 0;

	while (sent < n) {
		sent += rte_eth_tx_burst(b->ports.port[port].id, 0, &m[sent], (uint16_t)(n - sent));
		poll(r);
		if (sent < n && (*b->stop != 0 || rte_rdtsc() > limit)) {
			rte_pktmbuf_free_bulk(&m[sent], n - sent);
			return false;
		}
	}
	return true;
}

static void
settle(struct round *r)
{
	const uint64_t quiet = (uint64_t)(SETTLE_S * (double)rte_get_tsc_hz());
	const uint64_t limit = rte_rdtsc() +
			       (uint64_t)(r->l->m->o.drain_s * (double)rte_get_tsc_hz()) + quiet;
	uint64_t last = rte_rdtsc(), now = last;

	while (now - last < quiet && now < limit) {
		if (poll(r) != 0)
			last = rte_rdtsc();
		now = rte_rdtsc();
	}
}

/* Send the @p n frames of a phase at @p pps; how many were sent, and their time in *seconds. */
static uint64_t
send_phase(struct round *r, uint64_t n, double pps, double *seconds)
{
	const struct bench_learner *l = r->l;
	const uint16_t port = r->phase == TEACH ? l->learning : l->testing;
	const double hz = (double)rte_get_tsc_hz(), step = pps > 0 ? hz / pps : 0;
	const uint64_t start = rte_rdtsc();
	struct rte_mbuf *m[BENCH_BURST_MAX];
	const uint64_t patience = (uint64_t)(l->m->o.drain_s * hz);
	uint64_t sent = 0, last = start;

	while (sent < n && *l->m->stop == 0) {
		double due = step > 0 ? (double)(rte_rdtsc() - start) / step + 1 : (double)n;
		uint64_t k = RTE_MIN((uint64_t)RTE_MIN(due, (double)n) - sent,
				     (uint64_t)l->m->o.burst);

		if (k == 0)
			last = rte_rdtsc();
		if (k == 0 ||
		    rte_pktmbuf_alloc_bulk(l->m->ports.port[port].pool, m, (unsigned int)k) != 0) {
			poll(r);
			/* A device that gives no mbuf back learns no more. */
			if (rte_rdtsc() - last > patience)
				break;
			continue;
		}
		for (uint64_t i = 0; i < k; i++)
			make(r, m[i], sent + i);
		if (!send_all(r, port, m, (unsigned int)k))
			break;
		sent += k;
		last = rte_rdtsc();
	}
	*seconds = (double)(rte_rdtsc() - start) / hz;
	settle(r);
	return sent;
}

bool
bench_learner_trial(struct bench_learner *l, uint64_t n, double pps, struct bench_learned *out)
{
	struct round teach = { .l = l, .phase = TEACH, .first = l->addresses, .at = l->testing };
	struct round ask = teach;
	double seconds;

	*out = (struct bench_learned){ 0 };
	l->addresses += n;
	ask.phase = ASK;
	ask.at = l->learning;
	if (l->can_flush)
		swd_fdb_flush(l->device.dev);
	bench_traffic_begin(&l->m->traffic);
	out->taught = send_phase(&teach, n, pps, &out->seconds);
	out->heard = teach.track.received;
	out->asked = send_phase(&ask, out->taught, 0, &seconds);
	out->found = ask.track.received;
	out->flooded = ask.elsewhere;
	return out->taught == n && out->heard == n && out->found == n && out->flooded == 0;
}

/* Whether a frame to an address that was never taught arrives all the same. */
static bool
delivers_unknown(struct bench_learner *l)
{
	struct round ask = {
		.l = l,
		.phase = ASK,
		.first = l->addresses++,
		.at = l->learning,
	};
	double seconds;

	bench_traffic_begin(&l->m->traffic);
	send_phase(&ask, 1, 0, &seconds);
	return ask.track.received != 0;
}

/* The first sending port asks; the first other one that also receives has the addresses. */
static bool
choose_ports(struct bench_learner *l)
{
	const struct bench_ports *ports = &l->m->ports;

	l->testing = ports->tx[0];
	for (unsigned int i = 0; i < ports->n_rx; i++)
		if (ports->rx[i] != l->testing) {
			l->learning = ports->rx[i];
			return true;
		}
	return false;
}

int
bench_learner_open(struct bench_learner *l, struct bench_manager *m, const struct bench_size *size,
		   char *err, size_t errlen)
{
	struct bench_learned t;

	*l = (struct bench_learner){
		.m = m,
		.len = size->mix.entry[0].pkt_len,
		.addresses = m->o.seed << 24, /* other ones in another run */
	};
	if (!choose_ports(l)) {
		snprintf(err, errlen, "learning shows at a second port, and only one is named");
		return -ENOTSUP;
	}
	if (bench_device_find(&l->device, &m->ports))
		l->can_flush = swd_fdb_flush(l->device.dev) == 0;
	if (delivers_unknown(l)) {
		snprintf(err, errlen,
			 "the device delivers to %s what nobody taught it: it learns nothing, "
			 "or floods",
			 m->ports.port[l->learning].name);
		return -ENOTSUP;
	}
	if (bench_learner_trial(l, 1, 0, &t))
		return 0;
	snprintf(err, errlen,
		 t.heard == 0 ? "no frame of a new source address reaches the other port (an "
				"e-switch wants spoofchk = off)" :
				"the device learns no source address (an e-switch does with "
				"mode=veb)");
	return -ENOTSUP;
}

void
bench_learner_tally(const struct bench_learned *t, struct msr_tally *tally)
{
	tally->sent += t->asked;
	tally->received += t->found;
	tally->lost += t->asked - RTE_MIN(t->asked, t->found);
}
