/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Whole bursts: each receiver's frames come in order and all, wherever its lane ends. */
#include <unistd.h>
#include <sys/wait.h>

#include <rte_random.h>

#include "rig.h"

#define VF(i) (ESW_EP_VF0 + (i))
#define VFS 4
#define BURST 40 /* more than is handed over at once */
#define LEN 60
#define SEQ_AT 20

struct net {
	struct esw *sw;
	struct esw_txq *tx;
	struct esw_rxq *rx[VFS];
	uint32_t sent[VFS], got[VFS]; /* frames; what is dropped counts as got */
};

static struct net
net_make(void)
{
	struct net n = { .sw = rig_switch(ESW_MODE_VEB, VFS) };

	n.tx = rig_tx(n.sw, VF(0), 0);
	for (uint16_t i = 1; i < VFS; i++)
		n.rx[i] = rig_rx(n.sw, VF(i), 0, rig_pool(RIG_2K), 0);
	return n;
}

/* A burst whose frame i goes to VF to[i]; 0: nobody's address that needs the slow path. */
static void
burst_send(struct net *n, const uint16_t *to, uint16_t k)
{
	struct rte_mbuf *m[BURST];

	for (uint16_t i = 0; i < k; i++) {
		m[i] = rig_frame(rig_pool(RIG_2K), to[i] == 0 ? 0x22 : rig_mac(n->sw, to[i]),
				 rig_mac(n->sw, 0), LEN);
		memcpy(rte_pktmbuf_mtod(m[i], uint8_t *) + SEQ_AT, &n->sent[to[i]], 4);
		n->sent[to[i]]++;
	}
	assert_int_equal(esw_tx_burst(n->tx, m, k), k);
}

static uint16_t
burst_recv(struct net *n, uint16_t vf, uint16_t max)
{
	struct rte_mbuf *m[BURST];
	uint16_t k = esw_rx_burst(n->rx[vf], m, max);
	uint32_t seq;

	assert_true(k <= max);
	for (uint16_t i = 0; i < k; i++) {
		memcpy(&seq, rte_pktmbuf_mtod(m[i], uint8_t *) + SEQ_AT, 4);
		assert_true(seq >= n->got[vf]);
		n->got[vf] = seq + 1;
		rte_pktmbuf_free(m[i]);
	}
	return k;
}

/* Every length of burst and of what is taken, so that lanes wrap in all positions and are full. */
static void
in_order_and_all(void **state)
{
	struct net n = net_make();
	uint64_t came = 0, asked = 0;

	RTE_SET_USED(state);
	for (unsigned int round = 0; round < 20000; round++) {
		uint16_t to[BURST], k = 1 + rte_rand_max(BURST);
		bool slow = round % 7 == 0; /* some frame goes the other way */

		for (uint16_t i = 0; i < k; i++)
			to[i] = slow && i == k / 2 ? 0 : 1 + rte_rand_max(VFS - 1);
		burst_send(&n, to, k);
		asked += k - slow;
		for (uint16_t i = 1; i < VFS; i++)
			if (rte_rand_max(4) == 0)
				came += burst_recv(&n, i, rte_rand_max(BURST));
	}
	for (uint16_t i = 1; i < VFS; i++) {
		for (uint16_t k = burst_recv(&n, i, BURST); k != 0; k = burst_recv(&n, i, BURST))
			came += k;
		asked -= rig_fate(n.sw, VF(i), ESW_RX_FULL);
	}
	assert_true(rig_fate(n.sw, VF(1), ESW_RX_FULL) > 0);
	assert_int_equal(came, asked);
	rig_free(n.sw);
}

static void
counted(void **state)
{
	struct net n = net_make();
	const uint16_t to[] = { 1, 2, 1, 3, 1, 2 };
	struct esw_counters c;

	RTE_SET_USED(state);
	burst_send(&n, to, 6);
	burst_send(&n, to, 6);
	for (uint16_t i = 1; i < VFS; i++) {
		assert_int_equal(burst_recv(&n, i, BURST), 2 * (4 - i));
		esw_counters_get(n.sw, VF(i), &c);
		assert_int_equal(c.fate[ESW_RX_DELIVERED], 2 * (4 - i));
		assert_int_equal(c.rx_bytes, 2 * (4 - i) * LEN);
	}
	esw_counters_get(n.sw, VF(0), &c);
	assert_int_equal(c.fate[ESW_TX_FORWARDED], 12);
	assert_int_equal(c.tx_bytes, 12 * LEN);
	rig_free(n.sw);
}

/* Mbufs of two pools in one burst: those of the receiver's are moved, the others copied. */
static void
two_pools(void **state)
{
	struct net n = net_make();
	const uint16_t to[] = { 1, 2, 3 };
	struct rte_mbuf *m[4], *got[4];

	RTE_SET_USED(state);
	burst_send(&n, to, 3);
	assert_int_equal(burst_recv(&n, 1, BURST), 1);
	for (unsigned int i = 0; i < 4; i++)
		m[i] = rig_frame(rig_pool(i % 2 == 0 ? RIG_2K : RIG_OTHER), rig_mac(n.sw, 1),
				 rig_mac(n.sw, 0), LEN + i);
	esw_tx_burst(n.tx, m, 4);
	assert_int_equal(esw_rx_burst(n.rx[1], got, 4), 4);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(got[i]->pkt_len, LEN + i);
		assert_ptr_equal(got[i]->pool, rig_pool(RIG_2K));
		assert_true((got[i] == m[i]) == (i % 2 == 0));
		rte_pktmbuf_free(got[i]);
	}
	rig_free(n.sw);
}

/* One long frame among short ones: it alone is dropped. */
static void
one_too_long(void **state)
{
	struct net n = net_make();
	struct rte_mbuf *m[3];

	RTE_SET_USED(state);
	rig_policy(n.sw, 1, ESW_F_MTU, "100");
	for (unsigned int i = 0; i < 3; i++)
		m[i] = rig_frame(rig_pool(RIG_2K), rig_mac(n.sw, 1), rig_mac(n.sw, 0),
				 i == 1 ? 115 : LEN);
	esw_tx_burst(n.tx, m, 3);
	assert_int_equal(rig_drain(n.rx[1]), 2);
	assert_int_equal(rig_fate(n.sw, VF(1), ESW_RX_MTU), 1);
	rig_free(n.sw);
}

/* Killed between adding up and ringing: whoever takes the queue over begins with nothing. */
static void
sums_of_a_killed_sender(void **state)
{
	struct net n = net_make();
	const uint16_t to[] = { 1, 1, 2 };
	pid_t dead = fork();

	RTE_SET_USED(state);
	if (dead == 0)
		_exit(0);
	waitpid(dead, NULL, 0);
	burst_send(&n, to, 3);
	for (unsigned int start = 0; start < 2; start++) {
		n.tx->pid = (uint32_t)dead;
		n.tx->epoch |= 1;
		n.tx->sum[VF(1)] = 7 | 700 << 8;
		n.tx->sum[VF(3)] = 1 | 60 << 8;
		if (start != 0)
			assert_int_equal(esw_txq_start(n.tx), 0);
		burst_send(&n, to, 3);
	}
	assert_int_equal(burst_recv(&n, 1, BURST), 6);
	assert_int_equal(burst_recv(&n, 2, BURST), 3);
	assert_int_equal(rig_fate(n.sw, VF(1), ESW_RX_DELIVERED), 6);
	assert_int_equal(rig_fate(n.sw, VF(0), ESW_TX_FORWARDED), 9);
	rig_free(n.sw);
}

/* Senders of several sixteens, each seen from its first frame on. */
static void
senders_of_many_groups(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 80);
	struct esw_rxq *rx = rig_rx(sw, VF(0), 0, rig_pool(RIG_2K), 0);
	struct esw_txq *tx[80];

	RTE_SET_USED(state);
	for (uint16_t i = 1; i < 80; i++)
		tx[i] = rig_tx(sw, VF(i), 0);
	assert_null(rig_recv(rx));
	assert_int_equal(rx->groups, 0);
	for (int i = 79; i >= 1; i -= 13) {
		for (unsigned int k = 0; k < 3; k++) {
			struct rte_mbuf *m;

			rig_send(tx[i], rig_frame(rig_pool(RIG_2K), rig_mac(sw, 0), rig_mac(sw, i),
						  LEN + i));
			m = rig_recv(rx);
			assert_non_null(m);
			assert_int_equal(m->pkt_len, LEN + i);
			rte_pktmbuf_free(m);
		}
		assert_true((rx->groups >> (tx[i]->id / ESW_LANE_GROUP) & 1) != 0);
	}
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_and_all),
		cmocka_unit_test(counted),
		cmocka_unit_test(two_pools),
		cmocka_unit_test(one_too_long),
		cmocka_unit_test(sums_of_a_killed_sender),
		cmocka_unit_test(senders_of_many_groups),
	};

	return cmocka_run_group_tests_name("burst", tests, rig_setup, rig_teardown);
}
