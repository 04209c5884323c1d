/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FUZZ_FLOW_NET_H_
#define _FUZZ_FLOW_NET_H_

/*
 * An e-switch of two VFs for fuzzing programs, on which every endpoint sends and receives; and the
 * question after each input whether anything was lost.
 *
 * Thread-safety: libFuzzer calls from one thread.
 */
#include "device.h"
#include "flow.h"
#include "fuzz_flow.h"

#define FUZZ_VFS 2
#define FUZZ_EPS (ESW_EP_VF0 + 2 * FUZZ_VFS)

struct fuzz_net {
	struct esw *sw;
	struct rte_mempool *mp;
	struct esw_txq *tx[FUZZ_EPS];
	struct esw_rxq *rx[FUZZ_EPS];
	uint8_t mac[FUZZ_EPS][6]; /* of VFs */
	unsigned int avail;
	uint64_t sent, got;
};

static inline void
fuzz_net_queues(struct fuzz_net *n, uint16_t ep)
{
	/* One that takes all, one that takes little, one that has its own wishes. */
	static const uint32_t flags[] = {
		ESW_RXQ_SCATTER | ESW_RXQ_LRO | ESW_RXQ_CKSUM,
		0,
		ESW_RXQ_SCATTER | ESW_RXQ_VLAN_STRIP | ESW_RXQ_RSS_HASH | ESW_RXQ_PTYPE,
	};
	const struct esw_txq_conf tx = { .nb_desc = 32, .socket_id = SOCKET_ID_ANY };
	const struct esw_rxq_conf rx = {
		.nb_desc = 64,
		.mp = n->mp,
		.port_id = ep,
		.flags = flags[ep % RTE_DIM(flags)],
		.socket_id = SOCKET_ID_ANY,
	};

	n->tx[ep] = esw_txq_create(n->sw, ep, 0, &tx, NULL);
	n->rx[ep] = esw_rxq_create(n->sw, ep, 0, &rx, NULL);
	promise(n->tx[ep] != NULL && n->rx[ep] != NULL, "queues", "none");
	promise(esw_txq_start(n->tx[ep]) == 0 && esw_rxq_start(n->rx[ep]) == 0, "queues start",
		"they do not");
}

static inline void
fuzz_net_make(struct fuzz_net *n, struct rte_mempool *mp)
{
	const struct esw_conf conf = {
		.name = "fuzz",
		.nb_vfs = FUZZ_VFS,
		.mode = ESW_MODE_SWITCHDEV,
		.mtu_max = 9216,
		.pf_mtu = 9216,
		.seed = 1,
		.socket_id = SOCKET_ID_ANY,
	};
	struct esw_policy p;

	n->mp = mp;
	n->sw = esw_create(&conf, NULL, NULL);
	promise(n->sw != NULL, "an e-switch", "none");
	for (uint16_t ep = 0; ep < FUZZ_EPS; ep++)
		fuzz_net_queues(n, ep);
	for (uint16_t vf = 0; vf < FUZZ_VFS; vf++) {
		promise(esw_policy_get(n->sw, vf, &p) == 0, "a policy", "none");
		memcpy(n->mac[esw_ep_vf(vf)], &p.mac, sizeof(n->mac[0]));
	}
	n->avail = rte_mempool_avail_count(mp);
}

static inline void
fuzz_net_receive(struct fuzz_net *n)
{
	for (uint16_t ep = 0; ep < FUZZ_EPS; ep++) {
		struct rte_mbuf *m[32];
		uint16_t k;

		do {
			k = esw_rx_burst(n->rx[ep], m, RTE_DIM(m));
			for (uint16_t i = 0; i < k; i++)
				fuzz_look(m[i]);
			rte_pktmbuf_free_bulk(m, k);
			n->got += k;
		} while (k != 0);
	}
}

/* A burst of one endpoint. */
static inline void
fuzz_net_send(struct fuzz_net *n, uint16_t from, struct rte_mbuf **m, uint16_t k)
{
	promise(esw_tx_burst(n->tx[from], m, k) == k, "a burst is taken whole", "it is not");
	n->sent += k;
}

/* Every frame has a fate at its sender, everything delivered was received, no buffer is missing. */
static inline void
fuzz_net_account(struct fuzz_net *n)
{
	uint64_t sent = 0, got = 0;

	for (uint16_t ep = 0; ep < FUZZ_EPS; ep++) {
		struct esw_counters c;

		promise(esw_counters_get(n->sw, ep, &c) == 0, "counters", "none");
		for (uint32_t f = 0; f < ESW_FATE_RX_FIRST; f++)
			sent += c.fate[f];
		got += c.fate[ESW_RX_DELIVERED];
	}
	promise(sent == n->sent, "each frame has one fate", "the sum differs");
	promise(got == n->got, "what is delivered arrives", "the sum differs");
	promise(rte_mempool_avail_count(n->mp) == n->avail, "all buffers are back", "some are not");
}

#endif /* _FUZZ_FLOW_NET_H_ */
