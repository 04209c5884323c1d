/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The lane: alone with a consumer as lane.h describes it, then as the queues use it. */
#include <pthread.h>
#include <string.h>

#include "rig.h"

#define CAP 8

struct one {
	struct esw_lane *l;
	struct esw_to to;
	uint32_t bell, seen;
	uintptr_t sent, got; /* what slots hold: running numbers instead of mbufs */
};

static union {
	struct esw_lane l;
	uint8_t room[256];
} memory;

static struct one
fresh(void)
{
	memset(&memory, 0, sizeof(memory));
	memory.l.cap = CAP;
	assert_true(esw_lane_size(CAP) <= sizeof(memory));
	return (struct one){ .l = &memory.l };
}

/* @return the slot that was used, -1 = full */
static int
push(struct one *o)
{
	uint16_t pos;

	if (!esw_lane_next(o->l, o->bell, &pos))
		return -1;
	o->l->slot[pos] = (struct rte_mbuf *)++o->sent;
	o->to.lane = o->l;
	o->to.bell = &o->bell;
	esw_lane_push(&o->to, pos, 1, 60);
	return pos;
}

/* Take up to n; they must be the next ones in order. */
static uint16_t
take(struct one *o, uint16_t n)
{
	uint16_t waiting = esw_bell_count(o->bell) - esw_bell_count(o->seen);
	uint16_t at = esw_lane_first(o->l, o->bell, waiting);

	n = RTE_MIN(n, waiting);
	for (uint16_t i = 0; i < n; i++)
		assert_int_equal((uintptr_t)o->l->slot[(at + i) % CAP], ++o->got);
	o->seen = esw_bell_make(esw_bell_count(o->seen) + n, 0);
	o->l->cons = esw_bell_count(o->seen);
	return n;
}

/* The sender's side must not share a line with another lane's; the lane ends on one too. */
static void
sides_have_lines_of_their_own(void **state)
{
	RTE_SET_USED(state);
	assert_int_equal(sizeof(struct esw_to), RTE_CACHE_LINE_SIZE);
	for (uint16_t cap = 1; cap < 100; cap++) {
		assert_int_equal(esw_lane_size(cap) % RTE_CACHE_LINE_SIZE, 0);
		assert_true(esw_lane_size(cap) >= offsetof(struct esw_lane, slot[cap]));
	}
}

static void
empty_starts_at_slot_0(void **state)
{
	struct one o = fresh();

	RTE_SET_USED(state);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(push(&o), 0);
		assert_int_equal(push(&o), 1);
		assert_int_equal(take(&o, 1), 1);
		assert_int_equal(push(&o), 2); /* one waits: no jump */
		assert_int_equal(take(&o, CAP), 2);
	}
}

static void
wraps_at_the_end(void **state)
{
	struct one o = fresh();

	RTE_SET_USED(state);
	for (int i = 0; i < 6; i++)
		assert_int_equal(push(&o), i);
	assert_int_equal(take(&o, 4), 4);
	assert_int_equal(push(&o), 6);
	assert_int_equal(push(&o), 7);
	assert_int_equal(esw_bell_pos(o.bell), CAP); /* not 0: the position after the newest */
	assert_int_equal(push(&o), 0);
	assert_int_equal(push(&o), 1);
	assert_int_equal(take(&o, 3), 3);
	assert_int_equal(take(&o, CAP), 3);
}

static void
full_at_cap(void **state)
{
	struct one o = fresh();

	RTE_SET_USED(state);
	for (int i = 0; i < CAP; i++)
		assert_int_equal(push(&o), i);
	assert_int_equal(push(&o), -1);
	assert_int_equal(take(&o, 1), 1);
	assert_int_equal(push(&o), 0);
	assert_int_equal(push(&o), -1);
	assert_int_equal(take(&o, CAP), CAP);
}

static void
count_wraps(void **state)
{
	struct one o = fresh();

	RTE_SET_USED(state);
	for (uint32_t i = 0; o.sent < 3 * 65536; i++) {
		for (uint32_t k = 0; k < i % (CAP + 3); k++)
			push(&o);
		take(&o, i % 5);
	}
	take(&o, CAP);
	assert_int_equal(o.got, o.sent);
	assert_int_equal(o.to.packets, o.sent);
	assert_int_equal(o.to.bytes, o.sent * 60);
}

/* Frames with running numbers from VF 0 to VF 1; `src` decides between the two paths of tx.c. */
struct stream {
	struct esw *sw;
	struct esw_txq *tx;
	struct esw_rxq *rx;
	uint64_t src, dst;
	uint32_t sent, next;
	bool stop;
};

static void
stream_make(struct stream *s, bool fast)
{
	memset(s, 0, sizeof(*s));
	s->sw = rig_switch(ESW_MODE_VEB, 2);
	if (!fast)
		rig_policy(s->sw, 0, ESW_F_SPOOFCHK, "off");
	s->tx = rig_tx(s->sw, ESW_EP_VF0, 0);
	s->rx = rig_rx(s->sw, ESW_EP_VF0 + 1, 0, rig_pool(RIG_2K), 0);
	s->src = rig_mac(s->sw, 0);
	s->dst = rig_mac(s->sw, 1);
}

static bool
stream_send(struct stream *s, uint16_t n)
{
	struct rte_mbuf *m[64];

	for (uint16_t i = 0; i < n; i++) {
		m[i] = rig_frame(rig_pool(RIG_2K), s->dst, s->src, 60);
		if (m[i] == NULL) {
			rte_pktmbuf_free_bulk(m, i);
			return false;
		}
		memcpy(rte_pktmbuf_mtod_offset(m[i], void *, 16), &s->sent, sizeof(s->sent));
		s->sent++;
	}
	return esw_tx_burst(s->tx, m, n) == n;
}

/* Numbers may be left out where the lane was full, but only rise. @return frames, -1 = wrong */
static int
stream_recv(struct stream *s, uint16_t n)
{
	struct rte_mbuf *m[64];
	bool ok = true;

	n = esw_rx_burst(s->rx, m, n);
	for (uint16_t i = 0; i < n; i++) {
		uint32_t number;

		memcpy(&number, rte_pktmbuf_mtod_offset(m[i], const void *, 16), sizeof(number));
		ok = ok && number >= s->next && m[i]->pkt_len == 60;
		s->next = number + 1;
	}
	rte_pktmbuf_free_bulk(m, n);
	return ok ? n : -1;
}

static void
queue_past_wrap(bool fast)
{
	struct stream s;
	uint32_t got = 0;
	int n;

	stream_make(&s, fast);
	for (uint32_t i = 0; s.sent < 140000; i++) { /* over 2 * 65536 */
		assert_true(stream_send(&s, 1 + i % 40));
		n = stream_recv(&s, 1 + i % 43);
		assert_true(n >= 0);
		got += n;
	}
	do {
		n = stream_recv(&s, 64);
		assert_true(n >= 0);
		got += n;
	} while (n != 0);
	assert_int_equal(got, s.sent);
	assert_int_equal(s.next, s.sent);
	assert_int_equal(rig_fate(s.sw, ESW_EP_VF0 + 1, ESW_RX_DELIVERED), s.sent);
	rig_free(s.sw);
}

static void
queue_past_wrap_fast(void **state)
{
	RTE_SET_USED(state);
	queue_past_wrap(true);
}

static void
queue_past_wrap_slow(void **state)
{
	RTE_SET_USED(state);
	queue_past_wrap(false);
}

static void
partial_takes(void **state)
{
	struct stream s;

	RTE_SET_USED(state);
	stream_make(&s, true);
	assert_true(stream_send(&s, 50));
	assert_int_equal(esw_rxq_count(s.rx), 50);
	for (uint16_t i = 0; i < 7; i++)
		assert_int_equal(stream_recv(&s, 7), 7);
	assert_int_equal(esw_rxq_count(s.rx), 1);
	assert_true(stream_send(&s, 1));
	assert_int_equal(stream_recv(&s, 7), 2);
	assert_int_equal(stream_recv(&s, 7), 0);
	assert_int_equal(s.next, 51);
	rig_free(s.sw);
}

static void
full_lane_counts_and_keeps_order(void **state)
{
	struct stream s;

	RTE_SET_USED(state);
	stream_make(&s, true);
	for (uint32_t i = 0; i < RIG_NB_DESC / 64 + 1; i++)
		assert_true(stream_send(&s, 64));
	assert_int_equal(rig_fate(s.sw, ESW_EP_VF0 + 1, ESW_RX_DELIVERED), RIG_NB_DESC);
	assert_int_equal(rig_fate(s.sw, ESW_EP_VF0 + 1, ESW_RX_FULL), 64);
	for (uint32_t i = 0; i < RIG_NB_DESC / 64; i++)
		assert_int_equal(stream_recv(&s, 64), 64);
	assert_int_equal(s.next, RIG_NB_DESC); /* the oldest stay, the newest are dropped */
	rig_free(s.sw);
}

static void *
hammer(void *arg)
{
	struct stream *s = arg;
	uint32_t i = 0;

	while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE))
		stream_send(s, 1 + i++ % 64);
	return NULL;
}

static void
two_threads(bool fast)
{
	struct stream s;
	uint64_t end, got = 0;
	pthread_t t;
	int n = 0;

	stream_make(&s, fast);
	assert_int_equal(pthread_create(&t, NULL, hammer, &s), 0);
	for (end = rig_ms() + 400; rig_ms() < end + (got > 0 ? 0 : 20000) && n >= 0;
	     got += n > 0 ? n : 0)
		n = stream_recv(&s, 1 + got % 64);
	__atomic_store_n(&s.stop, true, __ATOMIC_RELEASE);
	pthread_join(t, NULL);
	assert_true(n >= 0);
	while ((n = stream_recv(&s, 64)) > 0)
		got += n;
	assert_int_equal(n, 0);
	assert_true(got > 0);
	assert_int_equal(rig_fate(s.sw, ESW_EP_VF0 + 1, ESW_RX_DELIVERED), got);
	assert_int_equal(got + rig_fate(s.sw, ESW_EP_VF0 + 1, ESW_RX_FULL),
			 rig_fate(s.sw, ESW_EP_VF0, ESW_TX_FORWARDED));
	rig_free(s.sw);
}

static void
two_threads_fast(void **state)
{
	RTE_SET_USED(state);
	two_threads(true);
}

static void
two_threads_slow(void **state)
{
	RTE_SET_USED(state);
	two_threads(false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sides_have_lines_of_their_own),
		cmocka_unit_test(empty_starts_at_slot_0),
		cmocka_unit_test(wraps_at_the_end),
		cmocka_unit_test(full_at_cap),
		cmocka_unit_test(count_wraps),
		cmocka_unit_test(queue_past_wrap_fast),
		cmocka_unit_test(queue_past_wrap_slow),
		cmocka_unit_test(partial_takes),
		cmocka_unit_test(full_lane_counts_and_keeps_order),
		cmocka_unit_test(two_threads_fast),
		cmocka_unit_test(two_threads_slow),
	};

	return cmocka_run_group_tests_name("lane", tests, rig_setup, rig_teardown);
}
