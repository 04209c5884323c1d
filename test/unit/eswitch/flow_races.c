/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Rules that come and go under traffic: two senders of one endpoint, a receiver of everything, and
 * control. Every frame carries its kind in its source port, and each kind may only arrive in the
 * ways that its rules say, whole: port, tag, mark and TTL are of one rule or of none.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "flow_rig.h"

#define SENDERS 2
#define BURST 32
#define SECONDS 2
#define TAGGED 0x8100
#define MARKED (RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID)
#define TTL 64
#define SEGSZ 200
#define SEGS_PAYLOAD 700
#define HEAD 54 /* octets of a TSO frame's headers */

/* Source ports, and what their rules do. */
enum kind {
	KIND_NONE,  /* no rule ever: representor 0 */
	KIND_STAYS, /* one rule that counts, all the time: the wire */
	KIND_EDITS, /* tag 10 and mark 10 at representor 2, or 20 at the PF, or no rule */
	KIND_SWAPS, /* VF 1, or representor 1: one of the two, always */
	KIND_TSO,   /* VF 1 as it is, or TTL 9 at representor 2, or no rule */
	KINDS
};

static struct fr_net net;

struct sender {
	struct esw_txq *tx;
	uint64_t sent, kind[KINDS];
	pthread_t thread;
};

static bool stop_senders, stop_receiver;

static struct rte_mbuf *
make(uint32_t v)
{
	enum kind k = v % 16 == 0 ? KIND_TSO : v % KIND_TSO;
	struct ip_frame f = {
		.udp = k != KIND_TSO,
		.payload = k == KIND_TSO ? SEGS_PAYLOAD : 40,
		.dst = net.mac[1],
		.src = net.mac[0],
	};
	struct rte_mbuf *m = rte_pktmbuf_alloc(rig_pool(v % 32 == 7 ? RIG_OTHER : RIG_2K));
	uint8_t b[1024];

	if (m == NULL)
		return NULL;
	ip_build(&f, b);
	b[14 + 8] = TTL;
	b[29] = v >> 8; /* many flows */
	ip_put16(b + 34, k);
	memcpy(rte_pktmbuf_append(m, f.len), b, f.len);
	if (k == KIND_TSO) {
		m->ol_flags = RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV4;
		m->l2_len = f.l2;
		m->l3_len = f.l3;
		m->l4_len = f.l4;
		m->tso_segsz = SEGSZ;
	}
	return m;
}

static void *
send_main(void *arg)
{
	struct sender *s = arg;
	uint32_t v = 0;

	while (!__atomic_load_n(&stop_senders, __ATOMIC_ACQUIRE)) {
		struct rte_mbuf *m[BURST];
		uint16_t n = 0;

		for (; n < BURST; n++) {
			m[n] = make(v);
			if (m[n] == NULL)
				break;
			s->kind[v % 16 == 0 ? KIND_TSO : v % KIND_TSO]++;
			v++;
		}
		esw_tx_burst(s->tx, m, n);
		s->sent += n;
		if (n < BURST)
			usleep(50);
	}
	return NULL;
}

/* What the receiver saw; `wrong` is the first thing that may not be. */
static struct {
	uint64_t got, seen[KINDS][EPS];
	const char *wrong;
} rx;

static void
must(bool ok, const char *what)
{
	if (!ok && rx.wrong == NULL)
		rx.wrong = what;
}

static void
look_edited(const struct rte_mbuf *m, const uint8_t *b, uint16_t ep)
{
	uint32_t want = ep == REP2 ? 10 : 20;
	uint32_t tag = ip_get32(b + 12);

	if (ep == REP0) {
		must((m->ol_flags & MARKED) == 0 && tag >> 16 != TAGGED, "half of no rule");
		return;
	}
	must(ep == REP2 || ep == ESW_EP_PF, "an edited frame's place");
	must(tag == ((uint32_t)TAGGED << 16 | want), "an edited frame's tag");
	must((m->ol_flags & MARKED) == MARKED && m->hash.fdir.hi == want, "an edited frame's mark");
}

/* A segment's headers are its own: by its sequence number its octets are known. */
static void
look_segment(const struct rte_mbuf *m, const uint8_t *b, uint16_t ep)
{
	uint32_t at = HEAD + ip_get32(b + 38) - 0xffffff00;

	must(ep == VF1 || ep == REP2 || ep == REP0, "a segment's place");
	must(b[22] == (ep == REP2 ? 9 : TTL), "a segment's TTL");
	must(ip_get16(b + 16) == m->pkt_len - 14, "a segment's length");
	must(at < HEAD + SEGS_PAYLOAD && (at - HEAD) % SEGSZ == 0, "a segment's number");
	must(b[HEAD] == (uint8_t)(0xff - at * 3 - at / 256), "a segment's octets");
	must(ip_get16(b + 24) == ip_hdr_cksum(b, 14, 20), "a segment's checksum");
}

static void
look(const struct rte_mbuf *m, uint16_t ep)
{
	const uint8_t *b = rte_pktmbuf_mtod(m, const uint8_t *);
	uint32_t tag = ip_get16(b + 12) == TAGGED ? 4 : 0;
	uint32_t k = ip_get16(b + 34 + tag);

	must(k < KINDS, "a kind");
	if (k >= KINDS)
		return;
	rx.got++;
	__atomic_fetch_add(&rx.seen[k][ep], 1, __ATOMIC_RELAXED);
	if (k == KIND_EDITS) {
		look_edited(m, b, ep);
		return;
	}
	must(tag == 0 && (m->ol_flags & MARKED) == 0, "an edit of another kind");
	if (k == KIND_TSO)
		look_segment(m, b, ep);
	else
		must(b[22] == TTL, "a TTL of another kind");
	must(k != KIND_NONE || ep == REP0, "no rule");
	must(k != KIND_STAYS || ep == ESW_EP_WIRE, "the rule that stays");
	must(k != KIND_SWAPS || ep == VF1 || ep == REP1, "one of two rules");
}

static uint32_t
receive(void)
{
	uint32_t sum = 0;

	for (uint16_t ep = 0; ep < EPS; ep++) {
		struct rte_mbuf *m[64];
		uint16_t n = esw_rx_burst(net.rx[ep], m, RTE_DIM(m));

		for (uint16_t i = 0; i < n; i++)
			look(m[i], ep);
		rte_pktmbuf_free_bulk(m, n);
		sum += n;
	}
	return sum;
}

static void *
receive_main(void *arg)
{
	RTE_SET_USED(arg);
	while (!__atomic_load_n(&stop_receiver, __ATOMIC_ACQUIRE))
		if (receive() == 0)
			usleep(20);
	return NULL;
}

static void
begin(struct fr *r, enum kind k, uint32_t prio)
{
	fr_begin(r, VF0, ESW_FLOW_TRANSFER, 0, prio);
	FR_IS(r, 0, sport, rte_cpu_to_be_16(k));
	r->spec.owner = k == KIND_TSO ? ESW_EP_PF : VF0;
}

static struct esw_flow *
edits(bool a)
{
	struct fr r;

	begin(&r, KIND_EDITS, 30);
	fr_do(&r, ESW_FLOW_MARK)->mark = a ? 10 : 20;
	fr_do(&r, ESW_FLOW_PUSH_VLAN)->tpid = TAGGED;
	fr_do(&r, ESW_FLOW_SET_VID)->vid = a ? 10 : 20;
	fr_port(&r, a ? REP2 : ESW_EP_PF);
	return fr_make(net.sw, &r);
}

static struct esw_flow *
swaps(bool a, uint32_t prio)
{
	struct fr r;

	begin(&r, KIND_SWAPS, prio);
	if (a)
		fr_do(&r, ESW_FLOW_COUNT);
	fr_port(&r, a ? VF1 : REP1);
	return fr_make(net.sw, &r);
}

static struct esw_flow *
tso(bool a, uint32_t prio)
{
	struct fr r;

	begin(&r, KIND_TSO, prio);
	if (!a)
		fr_do(&r, ESW_FLOW_SET_TTL)->u8 = 9;
	fr_port(&r, a ? VF1 : REP2);
	return fr_make(net.sw, &r);
}

/* A rule of some mask, better than all others, that no frame has the TTL for. */
static void
other_mask(uint32_t v)
{
	struct fr r;

	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, v % 4);
	r.spec.owner = ESW_EP_PF;
	FR_UNDER(&r, 0, src4, v << 24, (v & 1) != 0 ? UINT32_MAX : 0xffff0000);
	FR_UNDER(&r, 0, ttl, 200, (v & 2) != 0 ? 0xff : 0x88);
	if ((v & 4) != 0)
		fr_range(&r, FR_OFF(0, dport), 2, v & 8, 16);
	fr_do(&r, ESW_FLOW_DROP);
	(void)esw_flow_create(net.sw, &r.spec, NULL); /* may be a twin */
}

static struct esw_flow *
stays(void)
{
	struct fr r;

	begin(&r, KIND_STAYS, 100);
	fr_do(&r, ESW_FLOW_COUNT);
	fr_port(&r, ESW_EP_WIRE);
	return fr_make(net.sw, &r);
}

/*
 * One turn of control. Of two that swap, the better rule is put in first, or the worse one is taken
 * away; those that edit take each other's memory at once, if nobody waits until it may be had.
 */
static void
change(uint32_t i, struct esw_flow **swap, struct esw_flow **edit)
{
	struct esw_flow *was = *swap;

	*swap = swaps(i % 2 != 0, 50 + (i + 1) % 2);
	esw_flow_destroy(net.sw, was);
	for (uint32_t k = 0; k < 9; k++) {
		esw_flow_destroy(net.sw, *edit);
		*edit = edits((i + k) % 2 == 0);
	}
	other_mask(rand());
	tso(i % 2 == 0, 30 - i % 8);
	if (i % 8 != 7)
		return;
	esw_flow_flush(net.sw, ESW_EP_PF);
	usleep(50);
}

static bool
is_seen(enum kind k, uint16_t ep)
{
	return __atomic_load_n(&rx.seen[k][ep], __ATOMIC_RELAXED) != 0;
}

static bool
all_seen(void)
{
	return is_seen(KIND_EDITS, REP2) && is_seen(KIND_EDITS, ESW_EP_PF) &&
	       is_seen(KIND_EDITS, REP0) && is_seen(KIND_SWAPS, VF1) && is_seen(KIND_SWAPS, REP1) &&
	       is_seen(KIND_TSO, VF1) && is_seen(KIND_TSO, REP2) && is_seen(KIND_TSO, REP0);
}

static void
senders_start(struct sender *s)
{
	for (uint16_t i = 0; i < SENDERS; i++) {
		s[i] = (struct sender){ .tx = i == 0 ? net.tx[VF0] : rig_tx(net.sw, VF0, i) };
		assert_int_equal(pthread_create(&s[i].thread, NULL, send_main, &s[i]), 0);
	}
}

/* Nothing was lost without a name, and the rule that stayed has counted every frame. */
static void
account(const struct sender *s, struct esw_flow *stay)
{
	uint64_t sent = 0, tx = 0, offered = 0, delivered = 0, stayed = 0, cut = 0;
	struct esw_counters c;

	for (uint16_t i = 0; i < SENDERS; i++) {
		sent += s[i].sent;
		stayed += s[i].kind[KIND_STAYS];
		cut += s[i].kind[KIND_TSO];
	}
	assert_int_equal(esw_counters_get(net.sw, VF0, &c), 0);
	for (uint32_t f = 0; f < ESW_FATE_RX_FIRST; f++)
		tx += c.fate[f];
	assert_int_equal(tx, sent);
	assert_int_equal(c.fate[ESW_TX_FORWARDED] + c.fate[ESW_TX_NO_BUFFER], sent);
	sent -= c.fate[ESW_TX_NO_BUFFER];
	for (uint16_t ep = 0; ep < EPS; ep++) {
		assert_int_equal(esw_counters_get(net.sw, ep, &c), 0);
		delivered += c.fate[ESW_RX_DELIVERED];
		for (uint32_t f = ESW_FATE_RX_FIRST; f < ESW_FATE_COUNT; f++)
			offered += c.fate[f];
		assert_int_equal(c.fate[ESW_RX_FILTERED] + c.fate[ESW_RX_STOPPED], 0);
	}
	/* TSO frames are four segments, of which some find no buffer to be cut into. */
	assert_in_range(offered, sent, sent + 3 * cut);
	assert_int_equal(delivered, rx.got);
	assert_int_equal(fr_count(net.sw, stay).packets, stayed);
	assert_int_equal(fr_count(net.sw, stay).bytes, stayed * 82);
}

/* EAL pins its main thread, and threads inherit that: they are to run at the same time. */
static void
all_cores(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof(set));
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

static void
no_frame_sees_half_a_rule(void **state)
{
	struct sender s[SENDERS];
	struct esw_flow *swap, *edit, *stay;
	pthread_t receiver;
	uint64_t end;

	RTE_SET_USED(state);
	memset(&rx, 0, sizeof(rx));
	stop_senders = stop_receiver = false;
	all_cores();
	fr_net_make(&net);
	stay = stays();
	swap = swaps(true, 50);
	edit = edits(true);
	assert_int_equal(pthread_create(&receiver, NULL, receive_main, NULL), 0);
	senders_start(s);
	end = rig_ms() + SECONDS * 1000;
	for (uint32_t i = 0; rig_ms() < end + (all_seen() ? 0 : 20000); i++)
		change(i, &swap, &edit);
	__atomic_store_n(&stop_senders, true, __ATOMIC_RELEASE);
	for (uint16_t i = 0; i < SENDERS; i++)
		pthread_join(s[i].thread, NULL);
	__atomic_store_n(&stop_receiver, true, __ATOMIC_RELEASE);
	pthread_join(receiver, NULL);
	while (receive() != 0)
		;
	if (rx.wrong != NULL)
		fail_msg("%s", rx.wrong);
	assert_true(all_seen());
	account(s, stay);
	rig_free(net.sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_frame_sees_half_a_rule),
	};

	return cmocka_run_group_tests_name("flow_races", tests, rig_setup, rig_teardown);
}
