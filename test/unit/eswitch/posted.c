/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Lanes between two processes. The other process is a child that sleeps; the test calls in its
 * name by setting esw_self, the number that queues are stamped with.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

#define VF1 (ESW_EP_VF0 + 1)
#define SLOTS 64

static pid_t other;
static uint32_t self;

struct pair {
	struct esw *sw;
	struct esw_txq *tx; /* VF 0, in the other process */
	struct esw_rxq *rx; /* VF 1, in ours */
	struct rte_mempool *mp;
	unsigned int n;
};

static int
setup(void **state)
{
	int rc;

	other = fork();
	if (other == 0) {
		for (;;)
			pause();
	}
	rc = rig_setup(state);
	self = (uint32_t)getpid();
	return other > 0 ? rc : -1;
}

static int
teardown(void **state)
{
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	return rig_teardown(state);
}

static void
send_as(struct pair *p, uint32_t pid, struct rte_mbuf *m)
{
	esw_self = pid;
	rig_send(p->tx, m);
	esw_self = self;
}

static struct pair
pair_make(unsigned int n, uint32_t flags)
{
	struct pair p = { .sw = rig_switch(ESW_MODE_VEB, 2), .n = n };
	struct esw_rxq_conf rc = {
		.nb_desc = SLOTS, .port_id = 100 + VF1, .flags = flags, .socket_id = SOCKET_ID_ANY
	};

	p.mp = rig_pool_make("posted", n, 0, RTE_MBUF_DEFAULT_BUF_SIZE);
	rc.mp = p.mp;
	p.rx = esw_rxq_create(p.sw, VF1, 0, &rc, NULL);
	assert_non_null(p.rx);
	assert_int_equal(esw_rxq_start(p.rx), 0);
	esw_self = (uint32_t)other;
	p.tx = rig_tx(p.sw, ESW_EP_VF0, 0);
	esw_self = self;
	rig_policy(p.sw, 0, ESW_F_MTU, "9000");
	rig_policy(p.sw, 1, ESW_F_MTU, "9000");
	return p;
}

static void
pair_free(struct pair *p)
{
	rig_free(p->sw);
	assert_int_equal(rte_mempool_avail_count(p->mp), p->n);
	rte_mempool_free(p->mp);
}

static struct esw_lane *
lane(const struct pair *p)
{
	return p->rx->lane[p->tx->id];
}

/* Octets whose every value depends on `seed`. */
static uint32_t
make_bytes(const struct pair *p, uint8_t *bytes, uint32_t len, uint32_t seed)
{
	for (uint32_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256 + seed * 13);
	esw_mac48_to_addr(rig_mac(p->sw, 1), (struct rte_ether_addr *)bytes);
	esw_mac48_to_addr(rig_mac(p->sw, 0), (struct rte_ether_addr *)(bytes + 6));
	bytes[12] = 0x88;
	bytes[13] = 0xb5;
	return len;
}

static void
send_n(struct pair *p, uint32_t seed, uint32_t len)
{
	static uint8_t bytes[RIG_FRAME_MAX];

	make_bytes(p, bytes, len, seed);
	send_as(p, (uint32_t)other, rig_chain(rig_pool(RIG_2K), bytes, len, NULL, 0));
}

static void
check(const struct pair *p, struct rte_mbuf *m, uint32_t seed, uint32_t len)
{
	static uint8_t want[RIG_FRAME_MAX], got[RIG_FRAME_MAX];

	make_bytes(p, want, len, seed);
	assert_non_null(m);
	assert_int_equal(m->pkt_len, len);
	assert_int_equal(rig_bytes(m, got), len);
	assert_memory_equal(want, got, len);
	assert_int_equal(m->nb_segs, (len + 2047) / 2048);
	for (const struct rte_mbuf *s = m; s != NULL; s = s->next)
		assert_ptr_equal(s->pool, p->mp);
	rte_pktmbuf_free(m);
}

static void
nothing_before_the_receiver_posts(void **state)
{
	struct pair p = pair_make(2047, 0);

	RTE_SET_USED(state);
	send_n(&p, 0, 100);
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_NO_BUFFER), 1);
	assert_null(rig_recv(p.rx));
	assert_int_equal(lane(&p)->posted, 1);
	assert_int_equal(rte_mempool_in_use_count(p.mp), SLOTS);
	send_n(&p, 1, 100);
	check(&p, rig_recv(p.rx), 1, 100);
	pair_free(&p);
}

static void
copies_and_refills(void **state)
{
	struct pair p = pair_make(2047, 0);
	struct rte_mbuf *m, *was, *got;
	uint8_t bytes[100];

	RTE_SET_USED(state);
	rig_recv(p.rx);
	make_bytes(&p, bytes, sizeof(bytes), 3);
	/* Even an mbuf of the receiver's own pool is copied: it is in the sender's hands. */
	m = rig_chain(p.mp, bytes, sizeof(bytes), NULL, 0);
	was = lane(&p)->slot[0];
	send_as(&p, (uint32_t)other, m);
	got = rig_recv(p.rx);
	assert_ptr_equal(got, was);
	assert_ptr_not_equal(got, m);
	assert_non_null(lane(&p)->slot[0]);
	assert_ptr_not_equal(lane(&p)->slot[0], was);
	check(&p, got, 3, sizeof(bytes));
	assert_int_equal(rte_mempool_in_use_count(p.mp), SLOTS);
	pair_free(&p);
}

static void
sender_takes_nothing_from_the_pool(void **state)
{
	const uint32_t least = 32; /* a small pool: a quarter of it would be less */
	struct pair p = pair_make(SLOTS - 1, 0);

	RTE_SET_USED(state);
	rig_recv(p.rx);
	for (uint32_t i = 0; i < least + 5; i++)
		send_n(&p, i, 100);
	assert_int_equal(rte_mempool_in_use_count(p.mp), least);
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_FULL), 5);
	pair_free(&p); /* with all of them waiting */
}

static void
frames_over_several_slots(void **state)
{
	struct pair p = pair_make(2047, ESW_RXQ_SCATTER);
	uint32_t sent = 0, got = 0;

	RTE_SET_USED(state);
	rig_recv(p.rx);
	send_n(&p, sent++, 5000);
	while (sent < 300) { /* one always waits: the lane wraps, in the middle of frames too */
		for (unsigned int k = 0; k < 1 + sent % 5; k++) {
			send_n(&p, sent, 60 + sent % 4 * 2500);
			sent++;
		}
		for (; got + 1 < sent; got++)
			check(&p, rig_recv(p.rx), got, got == 0 ? 5000 : 60 + got % 4 * 2500);
	}
	check(&p, rig_recv(p.rx), got, 60 + got % 4 * 2500);
	assert_null(rig_recv(p.rx));
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_DELIVERED), sent);
	assert_int_equal(rte_mempool_in_use_count(p.mp), SLOTS);
	pair_free(&p);
}

static void
several_slots_or_none(void **state)
{
	struct pair p = pair_make(2047, ESW_RXQ_SCATTER);

	RTE_SET_USED(state);
	rig_recv(p.rx);
	for (uint32_t i = 0; i < 22; i++)
		send_n(&p, i, 5000); /* 3 slots of 64: the 22nd finds one */
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_FULL), 1);
	send_n(&p, 99, 100);
	for (uint32_t i = 0; i < 21; i++)
		check(&p, rig_recv(p.rx), i, 5000);
	check(&p, rig_recv(p.rx), 99, 100);
	pair_free(&p);
}

static void
too_big_without_scatter(void **state)
{
	struct pair p = pair_make(2047, 0);

	RTE_SET_USED(state);
	rig_recv(p.rx);
	send_n(&p, 0, 2049);
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_TOO_BIG), 1);
	pair_free(&p);
}

/* Frames of a sender that lived in our process wait when another takes its queue over. */
static void
lane_is_emptied_before_it_is_posted(void **state)
{
	struct pair p = pair_make(2047, 0);

	RTE_SET_USED(state);
	for (uint32_t i = 0; i < 3; i++) {
		static uint8_t bytes[100];

		make_bytes(&p, bytes, sizeof(bytes), i);
		send_as(&p, self, rig_chain(p.mp, bytes, sizeof(bytes), NULL, 0));
	}
	send_n(&p, 9, 100);
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_NO_BUFFER), 1);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(lane(&p)->posted, 0);
		check(&p, rig_recv(p.rx), i, 100);
	}
	assert_null(rig_recv(p.rx));
	assert_int_equal(lane(&p)->posted, 1);
	send_n(&p, 4, 100);
	check(&p, rig_recv(p.rx), 4, 100);
	pair_free(&p);
}

/* The receiver dies between saying what it took and saying that there is room. */
static void
receiver_dies_while_it_takes(void **state)
{
	struct pair p = pair_make(2047, ESW_RXQ_SCATTER);
	struct rte_mbuf *lost[2];
	uint32_t dead;

	RTE_SET_USED(state);
	dead = (uint32_t)fork();
	if (dead == 0)
		_exit(0);
	waitpid((pid_t)dead, NULL, 0);
	rig_recv(p.rx);
	for (uint32_t i = 0; i < 5; i++)
		send_n(&p, i, i == 3 ? 5000 : 100); /* slots 0, 1, 2, 3-5, 6 */
	/* It took all, refilled two slots, and was gone. */
	p.rx->seen[p.tx->id] = p.rx->bell[p.tx->id];
	for (unsigned int i = 0; i < 2; i++) {
		lost[i] = lane(&p)->slot[i]; /* in its hands: lost with it, and no other */
		lane(&p)->slot[i] = rte_pktmbuf_alloc(p.mp);
	}
	p.rx->epoch |= 1;
	p.rx->pid = dead;
	assert_null(rig_recv(p.rx)); /* adopts */
	assert_int_equal(p.rx->epoch & 1, 0);
	assert_int_equal(p.rx->pid, self);
	for (uint32_t i = 0; i < SLOTS; i++)
		send_n(&p, 50 + i, 100);
	for (uint32_t i = 0; i < SLOTS; i++)
		check(&p, rig_recv(p.rx), 50 + i, 100);
	assert_int_equal(rte_mempool_in_use_count(p.mp), SLOTS + 2);
	rte_pktmbuf_free_bulk(lost, 2);
	pair_free(&p);
}

/* The sender dies with a frame written and the doorbell not yet stored. */
static void
sender_dies_before_the_doorbell(void **state)
{
	struct pair p = pair_make(2047, ESW_RXQ_SCATTER);
	uint32_t bell;

	RTE_SET_USED(state);
	rig_recv(p.rx);
	send_n(&p, 0, 100);
	bell = p.rx->bell[p.tx->id];
	send_n(&p, 1, 5000);
	p.rx->bell[p.tx->id] = bell;
	p.tx->epoch |= 1;
	send_n(&p, 2, 100); /* a successor in the same place */
	check(&p, rig_recv(p.rx), 0, 100);
	check(&p, rig_recv(p.rx), 2, 100);
	assert_null(rig_recv(p.rx));
	assert_int_equal(rte_mempool_in_use_count(p.mp), SLOTS);
	p.tx->epoch &= ~1u;
	pair_free(&p);
}

/* A slot that found the pool empty is filled when there are buffers again. */
static void
pool_is_empty_for_a_while(void **state)
{
	struct pair p = pair_make(33, 0); /* one more than is posted at least */
	struct rte_mbuf *held[2];

	RTE_SET_USED(state);
	rig_recv(p.rx);
	held[0] = rte_pktmbuf_alloc(p.mp);
	assert_non_null(held[0]);
	send_n(&p, 0, 100);
	held[1] = rig_recv(p.rx);
	assert_non_null(held[1]);
	assert_null(lane(&p)->slot[0]);
	send_n(&p, 1, 100); /* begins at that slot */
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_NO_BUFFER), 1);
	rte_pktmbuf_free_bulk(held, 2);
	for (unsigned int i = 0; i < 1000; i++)
		rig_recv(p.rx);
	send_n(&p, 2, 100);
	check(&p, rig_recv(p.rx), 2, 100);
	pair_free(&p);
}

/*
 * Its process died and ours takes the sender's queue over: the lane's buffers stay whose they
 * are.
 */
static void
sender_comes_home(void **state)
{
	struct pair p = pair_make(2047, 0);
	unsigned int posted;

	RTE_SET_USED(state);
	rig_recv(p.rx);
	posted = rte_mempool_in_use_count(p.mp);
	for (uint32_t i = 0; i < 10; i++) {
		uint8_t bytes[100];

		make_bytes(&p, bytes, sizeof(bytes), i);
		send_as(&p, self, rig_chain(p.mp, bytes, sizeof(bytes), NULL, 0));
		check(&p, rig_recv(p.rx), i, sizeof(bytes));
		assert_int_equal(rte_mempool_in_use_count(p.mp), posted);
	}
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_before_the_receiver_posts),
		cmocka_unit_test(copies_and_refills),
		cmocka_unit_test(sender_takes_nothing_from_the_pool),
		cmocka_unit_test(frames_over_several_slots),
		cmocka_unit_test(several_slots_or_none),
		cmocka_unit_test(too_big_without_scatter),
		cmocka_unit_test(lane_is_emptied_before_it_is_posted),
		cmocka_unit_test(receiver_dies_while_it_takes),
		cmocka_unit_test(sender_dies_before_the_doorbell),
		cmocka_unit_test(pool_is_empty_for_a_while),
		cmocka_unit_test(sender_comes_home),
	};

	return cmocka_run_group_tests_name("posted", tests, setup, teardown);
}
