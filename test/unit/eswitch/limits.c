/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Queues for which there is no room: no number, no memory. */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "rig.h"

#define VF0 ESW_EP_VF0

static const struct esw_txq_conf tx_conf = { .nb_desc = 512, .socket_id = SOCKET_ID_ANY };

/* Sender ids are 2048 per device; a device of 64 VFs has 130 endpoints of 16 queues. */
static void
sender_limit_has_a_sentence(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 64);
	struct esw_err err = { "" };
	unsigned int n = 0;

	RTE_SET_USED(state);
	while (esw_txq_create(sw, n / ESW_QUEUES_MAX, n % ESW_QUEUES_MAX, &tx_conf, &err) != NULL)
		n++;
	assert_int_equal(n, 2048);
	assert_int_equal(rte_errno, ENOSPC);
	assert_string_equal(err.msg, "tx queue 0: the device has 2048, the limit");
	esw_txq_destroy(sw->ep[VF0].txq[3]);
	rig_tx(sw, n / ESW_QUEUES_MAX, 0);
	rig_free(sw);
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats s;

	assert_int_equal(rte_malloc_get_socket_stats(0, &s), 0);
	return s.heap_allocsz_bytes;
}

/* Take all memory but for about `left` octets, block by block. */
static unsigned int
hog(void **blocks, unsigned int max, size_t left)
{
	void *spare = rte_malloc(NULL, left, 0);
	unsigned int n = 0;

	assert_non_null(spare);
	for (size_t size = 64 << 20; size >= 128; size /= 2)
		while (n < max && (blocks[n] = rte_malloc(NULL, size, 0)) != NULL)
			n++;
	rte_free(spare);
	return n;
}

/* Whatever step of making a queue finds no memory: a sentence, and nothing stays behind. */
static void
no_memory_leaves_nothing(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 8);
	const struct esw_rxq_conf rc = {
		.nb_desc = 64,
		.mp = rig_pool(RIG_2K),
		.socket_id = SOCKET_ID_ANY,
	};
	unsigned int refused_rx_n = 0, refused_tx_n = 0;

	RTE_SET_USED(state);
	for (uint16_t i = 0; i < 7; i++) {
		rig_tx(sw, esw_ep_vf(i), 0);
		rig_rx(sw, esw_ep_vf(i), 0, rig_pool(RIG_2K), 0);
	}
	for (size_t left = 256; left < 65536; left += left / 4) {
		static void *blocks[4096];
		size_t used = heap_used();
		unsigned int n = hog(blocks, RTE_DIM(blocks), left);
		struct esw_err err = { "" };
		struct esw_rxq *rx = esw_rxq_create(sw, esw_ep_vf(7), 0, &rc, &err);
		struct esw_txq *tx;

		if (rx == NULL) {
			refused_rx_n++;
			assert_int_equal(rte_errno, ENOMEM);
			assert_string_equal(err.msg, "rx queue 0: no memory");
		}
		esw_rxq_destroy(rx);
		tx = esw_txq_create(sw, esw_ep_vf(7), 0, &tx_conf, &err);
		if (tx == NULL) {
			refused_tx_n++;
			assert_int_equal(rte_errno, ENOMEM);
			assert_non_null(strstr(err.msg, "tx queue 0: no memory"));
		}
		esw_txq_destroy(tx);
		while (n > 0)
			rte_free(blocks[--n]);
		assert_int_equal(heap_used(), used);
	}
	assert_true(refused_rx_n > 2);
	assert_true(refused_tx_n > 2);
	rig_rx(sw, esw_ep_vf(7), 0, rig_pool(RIG_2K), 0);
	rig_tx(sw, esw_ep_vf(7), 0);
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sender_limit_has_a_sentence),
		cmocka_unit_test(no_memory_leaves_nothing),
	};

	return cmocka_run_group_tests_name("limits", tests, rig_setup, rig_teardown);
}
