/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* A VF that may send from any address: the MAC table knows of each, however the frame went. */
#include "rig.h"

#define VF(i) (ESW_EP_VF0 + (i))
#define VFS 3
#define BURST 40
#define LEN 60
#define FOREIGN UINT64_C(0x0500004455aa) /* the lowest octet is the first on the wire */
#define GROUP UINT64_C(0x050000445501)
#define ENTRIES 64

struct net {
	struct esw *sw;
	struct esw_txq *tx[VFS];
	struct esw_rxq *rx[VFS];
};

static struct net
net_make(void)
{
	struct net n = { .sw = rig_switch(ESW_MODE_VEB, VFS) };

	for (uint16_t i = 0; i < VFS; i++) {
		rig_policy(n.sw, i, ESW_F_SPOOFCHK, "off");
		n.tx[i] = rig_tx(n.sw, VF(i), 0);
		n.rx[i] = rig_rx(n.sw, VF(i), 0, rig_pool(RIG_2K), 0);
	}
	return n;
}

/* So many frames from VF `from` to VF `to`, all from one source. */
static void
send(struct net *n, uint16_t from, uint16_t to, uint64_t src, uint16_t k)
{
	struct rte_mbuf *m[BURST];

	for (uint16_t i = 0; i < k; i++)
		m[i] = rig_frame(rig_pool(RIG_2K), rig_mac(n->sw, to), src, LEN);
	assert_int_equal(esw_tx_burst(n->tx[from], m, k), k);
}

/* Endpoint that the table has for a source, UINT16_MAX if none. */
static uint16_t
where(const struct net *n, uint64_t src)
{
	struct esw_fdb_entry e[ENTRIES];
	struct rte_ether_addr mac;
	uint32_t k = esw_fdb_dump(n->sw, e, ENTRIES);

	esw_mac48_to_addr(src, &mac);
	assert_true(k <= ENTRIES);
	for (uint32_t i = 0; i < k; i++)
		if (rte_is_same_ether_addr(&e[i].mac, &mac))
			return e[i].ep;
	return UINT16_MAX;
}

static uint32_t
age(const struct net *n, uint64_t src)
{
	struct esw_fdb_entry e[ENTRIES];
	struct rte_ether_addr mac;
	uint32_t k = esw_fdb_dump(n->sw, e, ENTRIES);

	esw_mac48_to_addr(src, &mac);
	for (uint32_t i = 0; i < k; i++)
		if (rte_is_same_ether_addr(&e[i].mac, &mac))
			return e[i].age_s;
	return UINT32_MAX;
}

static void
learned_in_bursts(void **state)
{
	struct net n = net_make();

	(void)state;
	send(&n, 0, 1, rig_mac(n.sw, 0), BURST);
	assert_int_equal(rig_drain(n.rx[1]), BURST);
	assert_int_equal(where(&n, FOREIGN), UINT16_MAX);
	send(&n, 0, 1, FOREIGN, BURST);
	send(&n, 0, 1, FOREIGN, BURST);
	assert_int_equal(rig_drain(n.rx[1]), 2 * BURST);
	assert_int_equal(where(&n, FOREIGN), VF(0));
	/* An address of another VF is not taken away from it. */
	send(&n, 0, 1, rig_mac(n.sw, 2), BURST);
	assert_int_equal(rig_drain(n.rx[1]), BURST);
	assert_int_equal(where(&n, rig_mac(n.sw, 2)), VF(2));
	rig_free(n.sw);
}

/* Within the second in which the table saw it last, too. */
static void
moves_at_once(void **state)
{
	struct net n = net_make();

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		uint16_t from = i % 2 == 0 ? 0 : 2;

		send(&n, from, 1, FOREIGN, 1 + i * 7);
		assert_int_equal(rig_drain(n.rx[1]), 1 + i * 7);
		assert_int_equal(where(&n, FOREIGN), VF(from));
	}
	rig_free(n.sw);
}

/* A station that goes on sending does not grow old. */
static void
kept_alive(void **state)
{
	struct net n = net_make();
	const uint64_t start = rig_ms();

	(void)state;
	while (rig_ms() - start < 2200) {
		send(&n, 0, 1, FOREIGN, BURST);
		assert_int_equal(rig_drain(n.rx[1]), BURST);
		assert_true(age(&n, FOREIGN) <= 1);
	}
	rig_free(n.sw);
}

/* A group address is no source, and none is learned. */
static void
no_group(void **state)
{
	struct net n = net_make();

	(void)state;
	send(&n, 0, 1, GROUP, BURST);
	assert_int_equal(rig_drain(n.rx[1]), 0);
	assert_int_equal(where(&n, GROUP), UINT16_MAX);
	assert_int_equal(rig_fate(n.sw, VF(0), ESW_TX_FORWARDED), 0);
	rig_free(n.sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learned_in_bursts),
		cmocka_unit_test(moves_at_once),
		cmocka_unit_test(kept_alive),
		cmocka_unit_test(no_group),
	};

	return cmocka_run_group_tests_name("learn", tests, rig_setup, rig_teardown);
}
