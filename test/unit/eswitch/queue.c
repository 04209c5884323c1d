/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Queues: made, refused, started, stopped and taken down in every order. */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>

#include "rig.h"

#define VF0 ESW_EP_VF0
#define VF1 (ESW_EP_VF0 + 1)

static const struct esw_txq_conf tx_conf = { .nb_desc = 512, .socket_id = SOCKET_ID_ANY };

static struct esw_rxq_conf
rx_conf(void)
{
	return (struct esw_rxq_conf){
		.nb_desc = 64,
		.mp = rig_pool(RIG_2K),
		.socket_id = SOCKET_ID_ANY,
	};
}

static struct rte_mbuf *
frame(const struct esw *sw)
{
	return rig_frame(rig_pool(RIG_2K), rig_mac(sw, 1), rig_mac(sw, 0), 60);
}

static void
send_n(const struct esw *sw, struct esw_txq *tx, unsigned int n)
{
	while (n-- > 0)
		rig_send(tx, frame(sw));
}

static void
either_side_first(void **state)
{
	RTE_SET_USED(state);
	for (int receiver_first = 0; receiver_first < 2; receiver_first++) {
		struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
		struct esw_rxq *rx = NULL;
		struct esw_txq *tx;

		if (receiver_first)
			rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
		tx = rig_tx(sw, VF0, 0);
		if (!receiver_first)
			rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
		send_n(sw, tx, 3);
		assert_int_equal(rig_drain(rx), 3);
		rig_free(sw);
	}
}

static void
start_and_stop_twice(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_txq *tx = rig_tx(sw, VF0, 0);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);

	RTE_SET_USED(state);
	assert_int_equal(esw_rxq_start(rx), 0);
	assert_int_equal(esw_txq_start(tx), 0);
	send_n(sw, tx, 1);
	assert_int_equal(rig_drain(rx), 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(esw_rxq_stop(rx), 0);
		assert_int_equal(esw_txq_stop(tx), 0);
	}
	assert_int_equal(esw_rxq_start(rx), 0);
	assert_int_equal(esw_txq_start(tx), 0);
	send_n(sw, tx, 1);
	assert_int_equal(rig_drain(rx), 1);
	rig_free(sw);
}

static void
refused_rx(const struct esw_rxq_conf *c, uint16_t ep, uint16_t qid, int error, const char *words)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_err err = { "" };

	rig_rx(sw, VF0, 0, rig_pool(RIG_2K), 0);
	assert_null(esw_rxq_create(sw, ep, qid, c, &err));
	assert_int_equal(rte_errno, error);
	if (strstr(err.msg, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
	assert_null(esw_rxq_create(sw, ep, qid, c, NULL));
	rig_free(sw);
}

static void
bad_receivers_are_refused(void **state)
{
	struct rte_mempool *small = rig_pool_make("small_room", 63, 0, RTE_PKTMBUF_HEADROOM + 64);
	struct esw_rxq_conf c = rx_conf();

	RTE_SET_USED(state);
	refused_rx(&c, VF0, 0, EEXIST, "rx queue 0: exists already");
	refused_rx(&c, VF0, ESW_QUEUES_MAX, EINVAL, "16 is out of range 0 to 15");
	refused_rx(&c, 6, 0, EINVAL, "out of range");
	c.nb_desc = 31;
	refused_rx(&c, VF0, 1, EINVAL, "31 descriptors is out of range 32 to 4096");
	c.nb_desc = 4097;
	refused_rx(&c, VF0, 1, EINVAL, "4097 descriptors is out of range 32 to 4096");
	c = rx_conf();
	c.mp = NULL;
	refused_rx(&c, VF0, 1, EINVAL, "rx queue 1: no mempool");
	c.mp = small;
	refused_rx(&c, VF0, 1, EINVAL, "buffers of 192 octets, at least 196");
	rte_mempool_free(small);
}

static void
bad_senders_are_refused(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_err err = { "" };

	RTE_SET_USED(state);
	rig_tx(sw, VF0, 0);
	assert_null(esw_txq_create(sw, VF0, 0, &tx_conf, &err));
	assert_int_equal(rte_errno, EEXIST);
	assert_string_equal(err.msg, "tx queue 0: exists already");
	assert_null(esw_txq_create(sw, VF0, ESW_QUEUES_MAX, &tx_conf, &err));
	assert_int_equal(rte_errno, EINVAL);
	assert_string_equal(err.msg, "tx queue: 16 is out of range 0 to 15");
	assert_null(esw_txq_create(sw, 6, 0, &tx_conf, &err));
	assert_int_equal(rte_errno, EINVAL);
	rig_free(sw);
}

static void
destroy_null(void **state)
{
	RTE_SET_USED(state);
	esw_rxq_destroy(NULL);
	esw_txq_destroy(NULL);
	esw_free(NULL);
}

/* rig_free() sees whether a frame was lost. */
static void
waiting_frames_are_freed(void **state)
{
	RTE_SET_USED(state);
	for (int how = 0; how < 3; how++) {
		struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
		struct esw_txq *tx = rig_tx(sw, VF0, 0);
		struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);

		send_n(sw, tx, 100);
		rte_pktmbuf_free(rig_recv(rx));
		send_n(sw, tx, 100);
		if (how == 0) {
			esw_txq_destroy(tx);
			assert_null(rig_recv(rx));
		} else if (how == 1) {
			esw_rxq_destroy(rx);
		} else {
			assert_int_equal(esw_rxq_stop(rx), 0);
			assert_int_equal(esw_rxq_count(rx), 0);
		}
		assert_int_equal(rig_fate(sw, VF1, ESW_RX_DELIVERED), 200);
		rig_free(sw);
	}
}

static void
stopped_queues_drop_and_count(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_txq *tx = rig_tx(sw, VF0, 0);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
	struct esw_queue_counters c;

	RTE_SET_USED(state);
	assert_int_equal(esw_rxq_stop(rx), 0);
	send_n(sw, tx, 2);
	assert_null(rig_recv(rx));
	assert_int_equal(rig_fate(sw, VF1, ESW_RX_STOPPED), 2);
	assert_int_equal(esw_rxq_start(rx), 0);
	assert_int_equal(esw_txq_stop(tx), 0);
	send_n(sw, tx, 3);
	assert_null(rig_recv(rx));
	assert_int_equal(rig_fate(sw, VF0, ESW_TX_FORWARDED), 2);
	esw_txq_counters_get(tx, &c);
	assert_int_equal(c.packets, 2);
	assert_int_equal(c.errors, 3);
	rig_free(sw);
}

static void
ids_are_used_again(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < 100; i++) {
		struct esw_txq *tx = rig_tx(sw, VF0, i % ESW_QUEUES_MAX);

		assert_int_equal(tx->id, 0);
		assert_null(rig_recv(rx)); /* nothing left of the former user */
		send_n(sw, tx, 1 + i % 7);
		rte_pktmbuf_free(rig_recv(rx));
		esw_txq_destroy(tx);
	}
	assert_int_equal(sw->hi_tx_ids, 16);
	rig_free(sw);
}

static void
counters_outlive_queues(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_counters a, b;

	RTE_SET_USED(state);
	for (unsigned int round = 1; round <= 4; round++) {
		struct esw_txq *tx = rig_tx(sw, VF0, 0);
		struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);

		send_n(sw, tx, 10);
		rig_send(tx, rig_frame(rig_pool(RIG_2K), ESW_MAC_BCAST, rig_mac(sw, 0), 64));
		rig_send(tx, rig_frame(rig_pool(RIG_2K), 1, rig_mac(sw, 0), 64));
		rig_send(tx, rig_frame(rig_pool(RIG_2K), rig_mac(sw, 1), 0x22, 60));
		assert_int_equal(esw_rxq_stop(rx), 0);
		send_n(sw, tx, 2);
		if (round % 2 == 0) {
			esw_txq_destroy(tx);
			esw_rxq_destroy(rx);
		} else {
			esw_rxq_destroy(rx);
			esw_txq_destroy(tx);
		}
		assert_int_equal(esw_counters_get(sw, VF0, &a), 0);
		assert_int_equal(esw_counters_get(sw, VF1, &b), 0);
		assert_int_equal(a.fate[ESW_TX_FORWARDED], 14 * round);
		assert_int_equal(a.fate[ESW_TX_SPOOF], round);
		assert_int_equal(a.tx_bytes, (12 * 60 + 2 * 64) * round);
		assert_int_equal(a.tx_bcast, round);
		assert_int_equal(a.tx_mcast, round);
		assert_int_equal(b.fate[ESW_RX_DELIVERED], 11 * round);
		assert_int_equal(b.fate[ESW_RX_FILTERED], round);
		assert_int_equal(b.fate[ESW_RX_STOPPED], 2 * round);
		assert_int_equal(b.rx_bytes, (10 * 60 + 64) * round);
		assert_int_equal(b.rx_bcast, round);
	}
	rig_free(sw);
}

static void
wire_counters_outlive_queues(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_counters c;

	RTE_SET_USED(state);
	for (unsigned int round = 1; round <= 2; round++) {
		struct esw_txq *vf = rig_tx(sw, VF0, 0), *wire = rig_tx(sw, ESW_EP_WIRE, 0);
		struct esw_rxq *to_vf = rig_rx(sw, VF0, 0, rig_pool(RIG_2K), 0);
		struct esw_rxq *to_wire = rig_rx(sw, ESW_EP_WIRE, 0, rig_pool(RIG_2K), 0);

		rig_send(vf, rig_frame(rig_pool(RIG_2K), 0x22, rig_mac(sw, 0), 60));
		rig_send(wire, rig_frame(rig_pool(RIG_2K), rig_mac(sw, 0), 0x22, 60));
		assert_int_equal(esw_counters_get(sw, VF0, &c), 0);
		assert_int_equal(c.tx_wire, round);
		assert_int_equal(c.rx_wire, round);
		esw_txq_destroy(vf);
		esw_rxq_destroy(to_wire);
		esw_rxq_destroy(to_vf);
		esw_txq_destroy(wire);
		assert_int_equal(esw_counters_get(sw, VF0, &c), 0);
		assert_int_equal(c.tx_wire, round);
		assert_int_equal(c.rx_wire, round);
	}
	rig_free(sw);
}

static void
rxq_counters_outlive_senders(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
	struct esw_queue_counters c;

	RTE_SET_USED(state);
	for (unsigned int round = 1; round <= 3; round++) {
		struct esw_txq *tx = rig_tx(sw, VF0, 0);

		send_n(sw, tx, 5);
		esw_txq_destroy(tx);
		esw_rxq_counters_get(rx, &c);
		assert_int_equal(c.packets, 5 * round);
		assert_int_equal(c.bytes, 300 * round);
	}
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(either_side_first),
		cmocka_unit_test(start_and_stop_twice),
		cmocka_unit_test(bad_receivers_are_refused),
		cmocka_unit_test(bad_senders_are_refused),
		cmocka_unit_test(destroy_null),
		cmocka_unit_test(waiting_frames_are_freed),
		cmocka_unit_test(stopped_queues_drop_and_count),
		cmocka_unit_test(ids_are_used_again),
		cmocka_unit_test(counters_outlive_queues),
		cmocka_unit_test(wire_counters_outlive_queues),
		cmocka_unit_test(rxq_counters_outlive_senders),
	};

	return cmocka_run_group_tests_name("queue", tests, rig_setup, rig_teardown);
}
