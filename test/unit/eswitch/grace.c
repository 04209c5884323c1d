/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Changes under traffic: a frame sees the old policy or the new one, queues come and go while
 * others use them, and bursts that never end are waited for no longer than is said.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

#define VF0 ESW_EP_VF0
#define VF1 (ESW_EP_VF0 + 1)
#define SMALL 60 /* octets: both policies let it pass */
#define LARGE 500

/*
 * Go on until `end`, and on a busy machine, where a thread may not run for long, until something
 * was `seen`; but not for ever. Lets the others run.
 */
static bool
go_on(uint64_t end, bool seen)
{
	usleep(100);
	return rig_ms() < end + (seen ? 0 : 20000);
}

struct sender {
	struct esw *sw;
	struct esw_txq *tx;
	uint64_t src, dst;
	uint64_t sent;
	uint16_t tag; /* VID of the frames, 0 = untagged */
	bool stop;
	pthread_t thread;
};

static void *
sender_main(void *arg)
{
	struct sender *s = arg;
	const uint32_t tag = rte_cpu_to_be_32((uint32_t)RTE_ETHER_TYPE_VLAN << 16 | s->tag);

	while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE)) {
		struct rte_mbuf *m[16];
		uint16_t n = 0;

		for (unsigned int i = 0; i < RTE_DIM(m); i++) {
			m[n] = rig_frame(rig_pool(RIG_2K), s->dst, s->src, i % 2 ? SMALL : LARGE);
			if (m[n] == NULL)
				break;
			if (s->tag != 0)
				memcpy(rte_pktmbuf_mtod_offset(m[n], void *, 12), &tag, 4);
			n++;
		}
		esw_tx_burst(s->tx, m, n);
		s->sent += n;
	}
	return NULL;
}

static void
sender_start(struct sender *s, struct esw *sw, uint16_t ep, uint64_t src, uint64_t dst,
	     uint16_t tag)
{
	memset(s, 0, sizeof(*s));
	s->sw = sw;
	s->tx = rig_tx(sw, ep, 0);
	s->src = src;
	s->dst = dst;
	s->tag = tag;
	assert_int_equal(pthread_create(&s->thread, NULL, sender_main, s), 0);
}

static void
sender_stop(struct sender *s)
{
	__atomic_store_n(&s->stop, true, __ATOMIC_RELEASE);
	pthread_join(s->thread, NULL);
}

static struct esw_policy
policy(const struct esw *sw, uint16_t vf, uint16_t vid, uint16_t mtu)
{
	struct esw_policy p;

	assert_int_equal(esw_policy_get(sw, vf, &p), 0);
	p.vlan.mode = ESW_VLAN_ACCESS;
	p.vlan.vid = vid;
	p.mtu = mtu;
	return p;
}

/* VID of the outer tag; 0 = none. */
static uint16_t
vid_of(const struct rte_mbuf *m)
{
	const uint8_t *p = rte_pktmbuf_mtod(m, const uint8_t *);

	return p[12] == 0x81 && p[13] == 0 ? (p[14] << 8 | p[15]) & 0xfff : 0;
}

/* A: access 10, MTU 100. B: access 20, MTU 1000. A mix is a large frame in VLAN 10. */
static void
two_senders_see_no_mix(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_rxq *wire = rig_rx(sw, ESW_EP_WIRE, 0, rig_pool(RIG_2K), 0);
	uint64_t end = rig_ms() + 500, seen[2] = { 0 };
	bool all = false;
	struct sender s[2];

	RTE_SET_USED(state);
	for (uint16_t vf = 0; vf < 2; vf++) {
		struct esw_policy p = policy(sw, vf, 10, 100);

		assert_int_equal(esw_policy_set(sw, vf, &p, NULL), 0);
		sender_start(&s[vf], sw, esw_ep_vf(vf), rig_mac(sw, vf), 0x22, 0);
	}
	for (unsigned int i = 0; go_on(end, all); i++) {
		all = seen[0] > 0 && seen[1] > 0 && rig_fate(sw, VF0, ESW_TX_MTU) > 0 &&
		      rig_fate(sw, VF1, ESW_TX_MTU) > 0;
		for (uint16_t vf = 0; vf < 2; vf++) {
			bool b = (i + vf) % 2 == 0;
			struct esw_policy p = policy(sw, vf, b ? 20 : 10, b ? 1000 : 100);
			struct rte_mbuf *m[64];
			unsigned int bursts = 0;
			uint16_t n;

			assert_int_equal(esw_policy_set(sw, vf, &p, NULL), 0);
			do {
				n = esw_rx_burst(wire, m, RTE_DIM(m));
				for (uint16_t k = 0; k < n; k++) {
					uint16_t vid = vid_of(m[k]);

					assert_true(vid == 10 || vid == 20);
					assert_true(m[k]->pkt_len == SMALL + 4 || vid == 20);
					seen[vid == 20]++;
				}
				rte_pktmbuf_free_bulk(m, n);
			} while (n == RTE_DIM(m) && ++bursts < 32);
		}
	}
	for (uint16_t vf = 0; vf < 2; vf++) {
		struct esw_counters c;

		sender_stop(&s[vf]);
		assert_int_equal(esw_counters_get(sw, esw_ep_vf(vf), &c), 0);
		/* Only the MTU may have cost frames, and only large ones. */
		assert_int_equal(c.fate[ESW_TX_FORWARDED] + c.fate[ESW_TX_MTU], s[vf].sent);
		assert_true(c.fate[ESW_TX_MTU] <= s[vf].sent / 2 + 8);
		assert_true(c.fate[ESW_TX_MTU] > 0);
	}
	assert_true(seen[0] > 0 && seen[1] > 0);
	rig_free(sw);
}

/* The same for what a VF receives, from two senders on the wire, one in each VLAN. */
static void
receiver_sees_no_mix(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 1);
	struct esw_rxq *rx = rig_rx(sw, VF0, 0, rig_pool(RIG_2K), 0);
	uint64_t end = rig_ms() + 400, got = 0;
	struct sender s[2];

	RTE_SET_USED(state);
	sender_start(&s[0], sw, ESW_EP_WIRE, 0x22, rig_mac(sw, 0), 10);
	sender_start(&s[1], sw, ESW_EP_PF, 0x32, rig_mac(sw, 0), 20);
	for (unsigned int i = 0; go_on(end, got > 0); i++) {
		struct esw_policy p = policy(sw, 0, i % 2 ? 20 : 10, i % 2 ? 1000 : 100);
		struct rte_mbuf *m[64];
		unsigned int bursts = 0;
		uint16_t n;

		assert_int_equal(esw_policy_set(sw, 0, &p, NULL), 0);
		do {
			n = esw_rx_burst(rx, m, RTE_DIM(m));
			for (uint16_t k = 0; k < n; k++) {
				const uint8_t *b = rte_pktmbuf_mtod(m[k], const uint8_t *);
				bool from_wire = b[6] == 0x22; /* VLAN 10, so the small MTU holds */

				assert_int_equal(vid_of(m[k]), 0); /* the tag is off, always */
				if (from_wire)
					assert_int_equal(m[k]->pkt_len, SMALL - 4);
				got++;
			}
			rte_pktmbuf_free_bulk(m, n);
		} while (n == RTE_DIM(m) && ++bursts < 32);
	}
	sender_stop(&s[0]);
	sender_stop(&s[1]);
	assert_true(got > 0);
	rig_free(sw);
}

/* MTU goes up and down above what is sent: nothing may be lost but to a full queue. */
static void
what_both_allow_is_not_lost(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
	uint64_t end = rig_ms() + 400, got = 0;
	struct esw_counters a, b;
	struct sender s;

	RTE_SET_USED(state);
	sender_start(&s, sw, VF0, rig_mac(sw, 0), rig_mac(sw, 1), 0);
	for (unsigned int i = 0; go_on(end, got > 0); i++) {
		rig_policy(sw, 0, ESW_F_MTU, i % 2 ? "600" : "1500");
		rig_policy(sw, 1, ESW_F_ISOLATE, i % 2 ? "on" : "off");
		got += rig_drain(rx);
	}
	sender_stop(&s);
	got += rig_drain(rx);
	assert_int_equal(esw_counters_get(sw, VF0, &a), 0);
	assert_int_equal(esw_counters_get(sw, VF1, &b), 0);
	assert_int_equal(a.fate[ESW_TX_FORWARDED], s.sent);
	assert_int_equal(b.fate[ESW_RX_DELIVERED] + b.fate[ESW_RX_FULL], s.sent);
	assert_int_equal(b.fate[ESW_RX_DELIVERED], got);
	assert_true(got > 0);
	rig_free(sw);
}

static void
receiver_stops_under_fire(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
	uint64_t end = rig_ms() + 400, got = 0;
	struct esw_counters a, b;
	struct sender s;

	RTE_SET_USED(state);
	sender_start(&s, sw, VF0, rig_mac(sw, 0), rig_mac(sw, 1), 0);
	for (unsigned int i = 0; go_on(end, got > 0); i++) {
		got += rig_drain(rx);
		if (i % 3 == 2) {
			esw_rxq_destroy(rx);
			rx = rig_rx(sw, VF1, 0, rig_pool(i % 2 ? RIG_2K : RIG_OTHER), 0);
		} else {
			assert_int_equal(esw_rxq_stop(rx), 0);
			assert_null(rig_recv(rx));
			assert_int_equal(esw_rxq_start(rx), 0);
		}
	}
	sender_stop(&s);
	assert_int_equal(esw_counters_get(sw, VF0, &a), 0);
	assert_int_equal(esw_counters_get(sw, VF1, &b), 0);
	assert_int_equal(a.fate[ESW_TX_FORWARDED], s.sent);
	assert_int_equal(b.fate[ESW_RX_DELIVERED] + b.fate[ESW_RX_STOPPED] + b.fate[ESW_RX_FULL] +
				 b.fate[ESW_RX_NO_BUFFER],
			 s.sent);
	assert_true(got > 0);
	rig_free(sw);
}

struct poller {
	struct esw_rxq *rx;
	uint64_t got;
	bool stop;
};

static void *
poller_main(void *arg)
{
	struct poller *p = arg;

	while (!__atomic_load_n(&p->stop, __ATOMIC_ACQUIRE))
		__atomic_fetch_add(&p->got, rig_drain(p->rx), __ATOMIC_RELAXED);
	return NULL;
}

static void
sender_goes_while_receiver_polls(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct poller p = { .rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0) };
	uint64_t end = rig_ms() + 400, sent = 0, delivered;
	pthread_t t;

	RTE_SET_USED(state);
	assert_int_equal(pthread_create(&t, NULL, poller_main, &p), 0);
	while (go_on(end, __atomic_load_n(&p.got, __ATOMIC_RELAXED) > 0)) {
		struct esw_txq *tx = rig_tx(sw, VF0, 0);

		for (unsigned int i = 0; i < 20; i++, sent++)
			rig_send(tx,
				 rig_frame(rig_pool(RIG_2K), rig_mac(sw, 1), rig_mac(sw, 0), 60));
		if (sent % 40 == 0)
			usleep(200); /* some are received, some still wait */
		esw_txq_destroy(tx);
	}
	__atomic_store_n(&p.stop, true, __ATOMIC_RELEASE);
	pthread_join(t, NULL);
	delivered = rig_fate(sw, VF1, ESW_RX_DELIVERED);
	assert_int_equal(delivered, sent);
	assert_true(p.got > 0 && p.got <= delivered); /* what still waited went with the sender */
	rig_free(sw);
}

/* A process that is stopped inside a burst: a second, then -EAGAIN, and nothing has changed. */
static void
stuck_burst_gives_eagain(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_txq *tx = rig_tx(sw, VF0, 0);
	struct esw_policy p = policy(sw, 0, 10, 100), after;
	struct esw_err err = { "" };
	uint64_t begin;

	RTE_SET_USED(state);
	tx->epoch++;
	begin = rig_ms();
	assert_int_equal(esw_policy_set(sw, 0, &p, &err), -EAGAIN);
	assert_in_range(rig_ms() - begin, 900, 3000);
	assert_string_equal(err.msg, "vf 0: a process is stopped inside a burst");
	assert_int_equal(esw_policy_get(sw, 0, &after), 0);
	assert_int_equal(after.vlan.mode, ESW_VLAN_OFF);
	assert_int_equal(after.mtu, 1500);
	tx->epoch++;
	assert_int_equal(esw_policy_set(sw, 0, &p, &err), 0);
	rig_free(sw);
}

/* Its sender is taken away nevertheless: what it counted is kept, once. */
static void
stuck_sender_counts_once(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_txq *tx = rig_tx(sw, VF0, 0);

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < 5; i++)
		rig_send(tx, rig_frame(rig_pool(RIG_2K), rig_mac(sw, 1), rig_mac(sw, 0), SMALL));
	tx->epoch++;
	esw_txq_destroy(tx);
	assert_int_equal(rig_fate(sw, VF1, ESW_RX_STOPPED), 5);
	assert_int_equal(rig_fate(sw, VF0, ESW_TX_FORWARDED), 5);
	rig_free(sw);
}

static void
dead_process_is_not_waited_for(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_txq *tx = rig_tx(sw, VF0, 0);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
	struct esw_policy p = policy(sw, 0, 10, 100);
	uint64_t begin;
	pid_t dead = fork();

	RTE_SET_USED(state);
	if (dead == 0)
		_exit(0);
	waitpid(dead, NULL, 0);
	tx->epoch++;
	tx->pid = (uint32_t)dead;
	rx->epoch++;
	rx->pid = (uint32_t)dead;
	begin = rig_ms();
	assert_int_equal(esw_policy_set(sw, 0, &p, NULL), 0);
	assert_true(rig_ms() - begin < 500);
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_senders_see_no_mix),
		cmocka_unit_test(receiver_sees_no_mix),
		cmocka_unit_test(what_both_allow_is_not_lost),
		cmocka_unit_test(receiver_stops_under_fire),
		cmocka_unit_test(sender_goes_while_receiver_polls),
		cmocka_unit_test(stuck_burst_gives_eagain),
		cmocka_unit_test(stuck_sender_counts_once),
		cmocka_unit_test(dead_process_is_not_waited_for),
	};

	return cmocka_run_group_tests_name("grace", tests, rig_setup, rig_teardown);
}
