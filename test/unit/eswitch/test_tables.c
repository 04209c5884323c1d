/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The truth tables on the e-switch, one row one test: a fresh switch of two VFs for each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_eal.h>
#include <rte_mbuf.h>

#include "esw.h"
#include "tables.h"

static struct rte_mempool *pool;

struct bed {
	struct esw *sw;
	struct esw_rxq *rxq[TABLE_EPS];
	struct esw_txq *txq[TABLE_EPS];
};

static uint16_t
ep_of(const struct bed *b, enum table_ep ep)
{
	switch (ep) {
	case TABLE_WIRE:
		return ESW_EP_WIRE;
	case TABLE_PF:
		return ESW_EP_PF;
	case TABLE_VF0:
	case TABLE_VF1:
		return esw_ep_vf(ep - TABLE_VF0);
	default:
		return esw_ep_rep(b->sw, ep - TABLE_REP0);
	}
}

static int
do_policy_set(void *ctx, unsigned int vf, const struct esw_policy *p)
{
	return esw_policy_set(((struct bed *)ctx)->sw, vf, p, NULL);
}

static int
do_wire_link(void *ctx, bool up)
{
	return esw_wire_link_set(((struct bed *)ctx)->sw, up);
}

static int
do_pf_promisc(void *ctx, bool on)
{
	return esw_pf_promisc_set(((struct bed *)ctx)->sw, on);
}

static int
do_stop(void *ctx, enum table_ep ep)
{
	return esw_rxq_stop(((struct bed *)ctx)->rxq[ep]);
}

static int
do_promisc(void *ctx, unsigned int vf, bool on)
{
	return esw_vf_promisc_set(((struct bed *)ctx)->sw, vf, on, NULL);
}

static int
do_allmulti(void *ctx, unsigned int vf, bool on)
{
	return esw_vf_allmulti_set(((struct bed *)ctx)->sw, vf, on, NULL);
}

static int
do_mcast(void *ctx, unsigned int vf, const struct rte_ether_addr *mac)
{
	return esw_vf_mcast_set(((struct bed *)ctx)->sw, vf, mac, 1, NULL);
}

static int
do_mac_add(void *ctx, unsigned int vf, const struct rte_ether_addr *mac)
{
	return esw_vf_mac_add(((struct bed *)ctx)->sw, vf, mac, NULL);
}

static int
do_mac_set(void *ctx, unsigned int vf, const struct rte_ether_addr *mac)
{
	return esw_vf_mac_set(((struct bed *)ctx)->sw, vf, mac, NULL);
}

static int
do_mtu(void *ctx, unsigned int vf, uint16_t mtu)
{
	return esw_vf_mtu_set(((struct bed *)ctx)->sw, vf, mtu, NULL);
}

static int
do_rep_mtu(void *ctx, unsigned int vf, uint16_t mtu)
{
	return esw_vf_rep_mtu_set(((struct bed *)ctx)->sw, vf, mtu, NULL);
}

static int
do_backed(void *ctx, unsigned int vf, bool on)
{
	return esw_vf_backed_set(((struct bed *)ctx)->sw, vf, on);
}

static int
do_filter_on(void *ctx, unsigned int vf, bool on)
{
	return esw_vf_vlan_filter_enable(((struct bed *)ctx)->sw, vf, on);
}

static int
do_filter_set(void *ctx, unsigned int vf, uint16_t vid)
{
	return esw_vf_vlan_filter_set(((struct bed *)ctx)->sw, vf, vid, true, NULL);
}

/* A chain of as many buffers as the frame needs. */
static struct rte_mbuf *
mbuf_of(const uint8_t *frame, uint32_t len)
{
	struct rte_mbuf *head = rte_pktmbuf_alloc(pool), *m = head;
	uint32_t at = 0, n;

	assert_non_null(head);
	for (;;) {
		n = RTE_MIN(len - at, (uint32_t)rte_pktmbuf_tailroom(m));
		memcpy(rte_pktmbuf_mtod(m, uint8_t *), frame + at, n);
		m->data_len = n;
		at += n;
		if (at == len)
			break;
		m->next = rte_pktmbuf_alloc(pool);
		m = m->next;
		assert_non_null(m);
		head->nb_segs++;
	}
	head->pkt_len = len;
	return head;
}

/* The one fate that rose by one; what the sender passes on is counted at the receiver. */
static int
fate_between(const struct esw_counters *a, const struct esw_counters *b)
{
	int fate = -1, f;

	for (f = 0; f < ESW_FATE_COUNT; f++) {
		uint64_t n = b->fate[f] - a->fate[f];

		if (n == 0 || f == ESW_TX_FORWARDED)
			continue;
		if (n != 1 || fate != -1)
			return -1;
		fate = f;
	}
	return fate;
}

static int
do_send(void *ctx, enum table_ep from, const uint8_t *frame, uint32_t len, enum table_ep at,
	uint8_t *got, uint32_t *got_len)
{
	struct bed *b = ctx;
	struct rte_mbuf *m = mbuf_of(frame, len), *s;
	struct esw_counters before, after;
	unsigned int ep;

	assert_int_equal(esw_counters_get(b->sw, ep_of(b, at), &before), 0);
	assert_int_equal(esw_tx_burst(b->txq[from], &m, 1), 1);
	assert_int_equal(esw_counters_get(b->sw, ep_of(b, at), &after), 0);
	for (ep = 0; ep < TABLE_EPS; ep++) {
		while (esw_rx_burst(b->rxq[ep], &m, 1) == 1) {
			if (ep == at) {
				*got_len = 0;
				for (s = m; s != NULL; s = s->next) {
					memcpy(got + *got_len, rte_pktmbuf_mtod(s, uint8_t *),
					       s->data_len);
					*got_len += s->data_len;
				}
			}
			rte_pktmbuf_free(m);
		}
	}
	return fate_between(&before, &after);
}

static const struct table_target on_eswitch = {
	.policy_set = do_policy_set,
	.wire_link = do_wire_link,
	.pf_promisc = do_pf_promisc,
	.stop = do_stop,
	.promisc = do_promisc,
	.allmulti = do_allmulti,
	.mcast = do_mcast,
	.mac_add = do_mac_add,
	.mac_set = do_mac_set,
	.mtu = do_mtu,
	.rep_mtu = do_rep_mtu,
	.backed = do_backed,
	.filter_on = do_filter_on,
	.filter_set = do_filter_set,
	.send = do_send,
};

static void
bed_make(struct bed *b, bool veb)
{
	struct esw_conf conf = {
		.name = "tables",
		.nb_vfs = 2,
		.mode = veb ? ESW_MODE_VEB : ESW_MODE_SWITCHDEV,
		.mtu_max = TABLE_MTU_MAX,
		.pf_mtu = TABLE_MTU_MAX,
		.socket_id = SOCKET_ID_ANY,
		.fdb_entries = 256,
	};
	struct esw_rxq_conf rx = {
		.nb_desc = 32, .mp = pool, .flags = ESW_RXQ_SCATTER, .socket_id = SOCKET_ID_ANY
	};
	struct esw_txq_conf tx = { .nb_desc = 32, .socket_id = SOCKET_ID_ANY };
	struct esw_policy_patch patches[2] = { 0 };
	unsigned int ep;

	b->sw = esw_create(&conf, patches, NULL);
	assert_non_null(b->sw);
	assert_int_equal(esw_attach(b->sw), 0);
	assert_int_equal(esw_pf_mac_set(b->sw, table_mac("pf"), NULL), 0);
	for (ep = 0; ep < TABLE_EPS; ep++) {
		b->rxq[ep] = esw_rxq_create(b->sw, ep_of(b, ep), 0, &rx, NULL);
		b->txq[ep] = esw_txq_create(b->sw, ep_of(b, ep), 0, &tx, NULL);
		assert_non_null(b->rxq[ep]);
		assert_non_null(b->txq[ep]);
		assert_int_equal(esw_rxq_start(b->rxq[ep]), 0);
		assert_int_equal(esw_txq_start(b->txq[ep]), 0);
	}
}

static void
bed_free(struct bed *b)
{
	unsigned int ep;

	for (ep = 0; ep < TABLE_EPS; ep++) {
		esw_txq_destroy(b->txq[ep]);
		esw_rxq_destroy(b->rxq[ep]);
	}
	esw_free(b->sw);
}

static void
test_row(void **state)
{
	const struct table_row *row = *state;
	struct table_target t = on_eswitch;
	char err[512] = "";
	struct bed b;
	int rc;

	bed_make(&b, table_is_veb(row));
	t.ctx = &b;
	rc = table_run(row, &t, err, sizeof(err));
	bed_free(&b);
	if (rc < 0)
		fail_msg("%s", err);
	assert_int_equal(rte_mempool_in_use_count(pool), 0);
}

int
main(int argc, char **argv)
{
	static char eal[][32] = { "test_tables", "--no-huge",         "-m",
				  "128",         "--no-pci",          "--no-telemetry",
				  "--no-shconf", "--log-level=error", "--file-prefix=" };
	char *eal_argv[RTE_DIM(eal) + 1] = { NULL };
	struct CMUnitTest *tests = calloc(table_rows_n, sizeof(*tests));
	unsigned int i;
	int rc;

	(void)argc;
	(void)argv;
	for (i = 0; i < RTE_DIM(eal); i++)
		eal_argv[i] = eal[i];
	snprintf(eal[i - 1], sizeof(eal[i - 1]), "--file-prefix=tab%d", getpid());
	if (tests == NULL || rte_eal_init(RTE_DIM(eal), eal_argv) < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("tables", 8191, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
				       SOCKET_ID_ANY);
	if (pool == NULL)
		return 1;
	for (i = 0; i < table_rows_n; i++) {
		tests[i].name = table_rows[i].name;
		tests[i].test_func = test_row;
		tests[i].initial_state = (void *)(uintptr_t)&table_rows[i];
	}
	rc = _cmocka_run_group_tests("truth tables on the e-switch", tests, table_rows_n, NULL,
				     NULL);
	free(tests);
	rmdir(rte_eal_get_runtime_dir()); /* empty: nothing is shared */
	rte_eal_cleanup();
	return rc;
}
