/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mempool.h>

#include "rig.h"

/*
 * Threads of a test may have to share a core. DPDK's ordinary ring spins for a whole time slice
 * behind a thread that was preempted inside it, "ring_mt_rts" does not; but its tail may lag by an
 * eighth of its size, and a put that then finds no room loses the mbuf: so not 8191, which would
 * fill the ring.
 */
#define POOL_N 6143
#define POOL_OPS "ring_mt_rts"

static struct rte_mempool *pools[RIG_POOLS];
static unsigned int avail[RIG_POOLS];

int
rig_setup(void **state)
{
	static const uint16_t priv[RIG_POOLS] = { [RIG_PRIV] = 576 };
	static char prefix[32]; /* tests that start at once tidy each other's runtime folder up */
	char *argv[] = {
		(char[]){ "test" },
		(char[]){ "--no-huge" },
		(char[]){ "-m" },
		(char[]){ "256" },
		(char[]){ "--no-pci" },
		(char[]){ "--no-telemetry" },
		(char[]){ "--no-shconf" },
		(char[]){ "-l" },
		(char[]){ "0" },
		(char[]){ "--log-level=lib.eal:4" },
		prefix,
	};

	RTE_SET_USED(state);
	snprintf(prefix, sizeof(prefix), "--file-prefix=rig%d", getpid());
	if (rte_eal_init(RTE_DIM(argv), argv) < 0)
		return -1;
	for (unsigned int i = 0; i < RIG_POOLS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "rig_%u", i);
		pools[i] = rte_pktmbuf_pool_create_by_ops(name, POOL_N, 0, priv[i],
							  RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY,
							  POOL_OPS);
		if (pools[i] == NULL)
			return -1;
	}
	return 0;
}

int
rig_teardown(void **state)
{
	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RIG_POOLS; i++)
		rte_mempool_free(pools[i]);
	rmdir(rte_eal_get_runtime_dir()); /* empty: nothing is shared */
	return rte_eal_cleanup();
}

struct rte_mempool *
rig_pool(enum rig_pool p)
{
	return pools[p];
}

struct rte_mempool *
rig_pool_make(const char *name, unsigned int n, uint16_t priv, uint16_t room)
{
	struct rte_mempool *mp = rte_pktmbuf_pool_create(name, n, 0, priv, room, SOCKET_ID_ANY);

	assert_non_null(mp);
	return mp;
}

struct esw *
rig_switch(enum esw_mode mode, uint16_t nb_vfs)
{
	struct esw_conf conf = {
		.name = "rig",
		.nb_vfs = nb_vfs,
		.mode = mode,
		.mtu_max = 9216,
		.pf_mtu = 9216,
		.seed = 1,
		.socket_id = SOCKET_ID_ANY,
		.fdb_entries = 1024,
	};
	struct esw_err err = { "" };
	struct esw *sw;

	for (unsigned int i = 0; i < RIG_POOLS; i++)
		avail[i] = rte_mempool_avail_count(pools[i]);
	sw = esw_create(&conf, NULL, &err);
	if (sw == NULL)
		fail_msg("esw_create: %s", err.msg);
	return sw;
}

void
rig_free(struct esw *sw)
{
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++) {
		for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
			esw_txq_destroy(sw->ep[ep].txq[k]);
			esw_rxq_destroy(sw->ep[ep].rxq[k]);
		}
	}
	esw_free(sw);
	for (unsigned int i = 0; i < RIG_POOLS; i++)
		assert_int_equal(rte_mempool_avail_count(pools[i]), avail[i]);
}

struct esw_rxq *
rig_rx(struct esw *sw, uint16_t ep, uint16_t qid, struct rte_mempool *mp, uint32_t flags)
{
	const struct esw_rxq_conf conf = {
		.nb_desc = RIG_NB_DESC,
		.mp = mp,
		.port_id = 100 + ep,
		.flags = flags,
		.socket_id = SOCKET_ID_ANY,
	};
	struct esw_err err = { "" };
	struct esw_rxq *q = esw_rxq_create(sw, ep, qid, &conf, &err);

	if (q == NULL)
		fail_msg("esw_rxq_create: %s", err.msg);
	assert_int_equal(esw_rxq_start(q), 0);
	return q;
}

struct esw_txq *
rig_tx(struct esw *sw, uint16_t ep, uint16_t qid)
{
	const struct esw_txq_conf conf = { .nb_desc = 512, .socket_id = SOCKET_ID_ANY };
	struct esw_err err = { "" };
	struct esw_txq *q = esw_txq_create(sw, ep, qid, &conf, &err);

	if (q == NULL)
		fail_msg("esw_txq_create: %s", err.msg);
	assert_int_equal(esw_txq_start(q), 0);
	return q;
}

uint64_t
rig_mac(const struct esw *sw, uint16_t vf)
{
	struct esw_policy p;

	assert_int_equal(esw_policy_get(sw, vf, &p), 0);
	return esw_mac48(&p.mac);
}

void
rig_policy(struct esw *sw, uint16_t vf, enum esw_policy_field f, const char *text)
{
	struct esw_policy_patch patch = { .fields = 0 };
	struct esw_err err = { "" };

	if (esw_policy_field_parse(&patch, f, text, &err) != 0 ||
	    esw_policy_patch_set(sw, vf, &patch, &err) != 0)
		fail_msg("%s", err.msg);
}

struct rte_mbuf *
rig_frame(struct rte_mempool *mp, uint64_t dst, uint64_t src, uint32_t len)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(mp);
	uint8_t *p;

	if (m == NULL)
		return NULL;
	p = (uint8_t *)rte_pktmbuf_append(m, len);
	if (p == NULL) {
		rte_pktmbuf_free(m);
		return NULL;
	}
	esw_mac48_to_addr(dst, (struct rte_ether_addr *)p);
	esw_mac48_to_addr(src, (struct rte_ether_addr *)(p + 6));
	p[12] = RIG_TYPE >> 8;
	p[13] = RIG_TYPE & 0xff;
	for (uint32_t i = RTE_ETHER_HDR_LEN; i < len; i++)
		p[i] = (uint8_t)(i - RTE_ETHER_HDR_LEN);
	return m;
}

struct rte_mbuf *
rig_chain(struct rte_mempool *mp, const uint8_t *data, uint32_t len, const uint16_t *lens,
	  unsigned int n_lens)
{
	struct rte_mbuf *first = NULL;
	uint32_t at = 0;

	for (unsigned int i = 0; at < len; i++) {
		struct rte_mbuf *m = rte_pktmbuf_alloc(mp);
		uint32_t k = i < n_lens ? lens[i] : len;

		assert_non_null(m);
		k = RTE_MIN(k, RTE_MIN(len - at, (uint32_t)rte_pktmbuf_tailroom(m)));
		memcpy(rte_pktmbuf_append(m, k), data + at, k);
		at += k;
		if (first == NULL)
			first = m;
		else
			assert_int_equal(rte_pktmbuf_chain(first, m), 0);
	}
	return first;
}

uint32_t
rig_bytes(const struct rte_mbuf *m, uint8_t *to)
{
	uint32_t n = 0;

	for (; m != NULL; m = m->next) {
		memcpy(to + n, rte_pktmbuf_mtod(m, const uint8_t *), m->data_len);
		n += m->data_len;
	}
	return n;
}

void
rig_send(struct esw_txq *q, struct rte_mbuf *m)
{
	assert_non_null(m);
	assert_int_equal(esw_tx_burst(q, &m, 1), 1);
}

struct rte_mbuf *
rig_recv(struct esw_rxq *q)
{
	struct rte_mbuf *m = NULL;

	return esw_rx_burst(q, &m, 1) == 1 ? m : NULL;
}

uint32_t
rig_drain(struct esw_rxq *q)
{
	struct rte_mbuf *m[32];
	uint32_t n, sum = 0;

	do {
		n = esw_rx_burst(q, m, RTE_DIM(m));
		rte_pktmbuf_free_bulk(m, n);
		sum += n;
	} while (n != 0 && sum <= POOL_N); /* a sender may be faster than this */
	return sum;
}

uint64_t
rig_fate(const struct esw *sw, uint16_t ep, enum esw_fate f)
{
	struct esw_counters c;

	assert_int_equal(esw_counters_get(sw, ep, &c), 0);
	return c.fate[f];
}

uint64_t
rig_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
