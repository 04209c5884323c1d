/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Pools, and a random switch with its queues.
 */
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_mempool.h>

#include "prop.h"

static const struct {
	const char *name;
	unsigned int n;
	uint16_t priv, room;
} pool_conf[PROP_POOLS] = {
	{ "prop_2k", 24575, 0, 2048 + RTE_PKTMBUF_HEADROOM },
	{ "prop_2k_other", 24575, 64, 2048 + RTE_PKTMBUF_HEADROOM },
	{ "prop_1600", 16383, 0, 1600 + RTE_PKTMBUF_HEADROOM },
	{ "prop_small", 32767, 8, 256 + RTE_PKTMBUF_HEADROOM },
	{ "prop_10k", 4095, 0, 10240 + RTE_PKTMBUF_HEADROOM },
};
static struct rte_mempool *pools[PROP_POOLS];

uint64_t
prop_next(struct prop_rng *r)
{
	uint64_t z = (r->s += UINT64_C(0x9e3779b97f4a7c15)); /* splitmix64, Steele et al. 2014 */

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t
prop_below(struct prop_rng *r, uint32_t n)
{
	return (uint32_t)(prop_next(r) >> 32) % n;
}

bool
prop_percent(struct prop_rng *r, unsigned int p)
{
	return prop_below(r, 100) < p;
}

struct rte_mempool *
prop_pool(unsigned int i)
{
	return pools[i];
}

int
prop_pools_make(void)
{
	unsigned int i;

	for (i = 0; i < PROP_POOLS; i++) {
		pools[i] = rte_pktmbuf_pool_create(pool_conf[i].name, pool_conf[i].n, 128,
						   pool_conf[i].priv, pool_conf[i].room,
						   SOCKET_ID_ANY);
		if (pools[i] == NULL) {
			fprintf(stderr, "%s: %s\n", pool_conf[i].name, rte_strerror(rte_errno));
			return -1;
		}
	}
	return 0;
}

uint64_t
prop_pools_missing(void)
{
	uint64_t missing = 0;
	unsigned int i;

	for (i = 0; i < PROP_POOLS; i++)
		missing += pool_conf[i].n - rte_mempool_avail_count(pools[i]);
	return missing;
}

uint16_t
prop_ep(const struct prop_world *w, unsigned int ep)
{
	if (ep < MODEL_VF(0))
		return ep == MODEL_WIRE ? ESW_EP_WIRE : ESW_EP_PF;
	if (ep < MODEL_REP(&w->m, 0))
		return esw_ep_vf(ep - MODEL_VF(0));
	return esw_ep_rep(w->sw, ep - MODEL_REP(&w->m, 0));
}

int
prop_port_start(struct prop_world *w, unsigned int ep)
{
	struct prop_port *p = &w->port[ep];
	unsigned int q;

	for (q = 0; q < p->n_rxq; q++) {
		if (esw_rxq_start(p->rxq[q]) < 0)
			return -1;
	}
	p->started = true;
	w->m.port[ep].started = true;
	return 0;
}

int
prop_port_stop(struct prop_world *w, unsigned int ep)
{
	struct prop_port *p = &w->port[ep];
	unsigned int q;

	for (q = 0; q < p->n_rxq; q++) {
		if (esw_rxq_stop(p->rxq[q]) < 0)
			return -1;
	}
	p->started = false;
	w->m.port[ep].started = false;
	return 0;
}

/* Spread frames over the queues in a random way: what a queue gets must not change the sum. */
static int
rss_random(struct prop_world *w, unsigned int ep)
{
	static const uint32_t types[] = {
		0,
		ESW_RSS_IPV4 | ESW_RSS_IPV6,
		ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_TCP | ESW_RSS_UDP,
		ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_ETH,
	};
	struct esw_rss rss = { .types = types[prop_below(&w->rng, RTE_DIM(types))] };
	struct esw_err err = { "" };
	unsigned int i;

	for (i = 0; i < ESW_RSS_KEY_LEN; i++)
		rss.key[i] = prop_next(&w->rng);
	for (i = 0; i < ESW_RETA_SIZE; i++)
		rss.reta[i] = prop_below(&w->rng, w->port[ep].n_rxq);
	if (esw_rss_set(w->sw, prop_ep(w, ep), &rss, &err) < 0) {
		prop_fail(w, "esw_rss_set: %s", err.msg);
		return -1;
	}
	return 0;
}

static int
port_make(struct prop_world *w, unsigned int ep)
{
	struct prop_port *p = &w->port[ep];
	struct esw_txq_conf tx = { .nb_desc = PROP_NB_DESC, .socket_id = SOCKET_ID_ANY };
	struct esw_rxq_conf rx = { .nb_desc = PROP_NB_DESC,
				   .port_id = ep + 100,
				   .socket_id = SOCKET_ID_ANY };
	struct esw_err err = { "" };
	unsigned int q;

	p->mp = pools[prop_below(&w->rng, PROP_POOLS)];
	if (w->plain && prop_percent(&w->rng, 80))
		p->mp = pools[0];
	p->flags = prop_percent(&w->rng, 60) ? ESW_RXQ_SCATTER : 0;
	if (w->plain && prop_percent(&w->rng, 80))
		goto flags_done;
	if (prop_percent(&w->rng, 15))
		p->flags |= ESW_RXQ_VLAN_STRIP;
	if (prop_percent(&w->rng, 15))
		p->flags |= ESW_RXQ_CKSUM;
	if (prop_percent(&w->rng, 15))
		p->flags |= ESW_RXQ_RSS_HASH;
	if (prop_percent(&w->rng, 15))
		p->flags |= ESW_RXQ_PTYPE;
flags_done:
	w->m.port[ep].scatter = (p->flags & ESW_RXQ_SCATTER) != 0;
	w->m.port[ep].room = rte_pktmbuf_data_room_size(p->mp) - RTE_PKTMBUF_HEADROOM;
	rx.mp = p->mp;
	rx.flags = p->flags;
	p->n_rxq = prop_percent(&w->rng, w->plain ? 90 : 50) ? 1 :
							       1 + prop_below(&w->rng, PROP_RXQS);
	p->n_txq = 1 + prop_below(&w->rng, PROP_TXQS);
	for (q = 0; q < p->n_rxq; q++) {
		p->rxq[q] = esw_rxq_create(w->sw, prop_ep(w, ep), q, &rx, &err);
		if (p->rxq[q] == NULL)
			goto fail;
	}
	for (q = 0; q < p->n_txq; q++) {
		p->txq[q] = esw_txq_create(w->sw, prop_ep(w, ep), q, &tx, &err);
		if (p->txq[q] == NULL || esw_txq_start(p->txq[q]) < 0)
			goto fail;
	}
	w->m.port[ep].n_rxq = p->n_rxq;
	if (rss_random(w, ep) < 0)
		return -1;
	return prop_percent(&w->rng, 95) ? prop_port_start(w, ep) : 0;
fail:
	prop_fail(w, "queue %u of endpoint %u: %s (%s)", q, ep, err.msg, rte_strerror(rte_errno));
	return -1;
}

/*
 * Read back what the e-switch made of the patches; the addresses that it derived are the model's
 * too.
 */
static int
policies_take(struct prop_world *w, const struct esw_policy_patch *patches)
{
	struct esw_policy got, want;
	unsigned int i;

	for (i = 0; i < w->m.n_vfs; i++) {
		esw_policy_default(&want);
		if (esw_policy_get(w->sw, i, &got) < 0) {
			prop_fail(w, "esw_policy_get(%u) refused", i);
			return -1;
		}
		esw_policy_patch_apply(&want, &patches[i]);
		if (rte_is_zero_ether_addr(&want.mac))
			want.mac = got.mac;
		if (esw_policy_diff(&want, &got) != 0) {
			prop_fail(w, "VF %u does not start with its policy", i);
			return -1;
		}
		w->m.vf[i].policy = want;
	}
	esw_pf_mac_get(w->sw, &w->m.pf_mac);
	return 0;
}

int
prop_world_make(struct prop_world *w)
{
	static const uint16_t mtu_max[] = { 1500, 2000, 9216, 9216, ESW_MTU_MAX };
	struct esw_policy_patch patches[MODEL_VFS] = { 0 };
	struct esw_conf conf = { .name = "property",
				 .socket_id = SOCKET_ID_ANY,
				 .fdb_entries = 4096 };
	struct esw_err err = { "" };
	unsigned int i;

	w->flows = w->round % 2 == 1;
	w->plain = prop_percent(&w->rng, 30);
	w->plain_vid = prop_percent(&w->rng, 50) ? 100 : 0;
	conf.nb_vfs = 1 + prop_below(&w->rng, MODEL_VFS);
	conf.mode = prop_percent(&w->rng, w->flows ? 50 : 75) ? ESW_MODE_VEB : ESW_MODE_SWITCHDEV;
	conf.mtu_max = mtu_max[prop_below(&w->rng, RTE_DIM(mtu_max))];
	conf.pf_mtu = conf.mtu_max;
	conf.seed = prop_next(&w->rng);
	model_init(&w->m, conf.nb_vfs, conf.mode == ESW_MODE_VEB, conf.mtu_max, conf.pf_mtu);
	w->m.broken = w->conf->broken;
	for (i = 0; i < conf.nb_vfs; i++) {
		prop_policy_random(w, i, &patches[i].value);
		patches[i].fields = prop_next(&w->rng) & ESW_F_ALL & ~ESW_F_BIT(ESW_F_MAC) &
				    ~ESW_F_BIT(ESW_F_MACS);
		patches[i].value.mtu = RTE_MAX(RTE_MIN(patches[i].value.mtu, conf.pf_mtu),
					       ESW_MTU_MIN);
	}
	w->sw = esw_create(&conf, patches, &err);
	if (w->sw == NULL || esw_attach(w->sw) < 0) {
		prop_fail(w, "esw_create: %s", err.msg);
		return -1;
	}
	if (policies_take(w, patches) < 0)
		return -1;
	for (i = 0; i < model_eps(&w->m); i++) {
		if (port_make(w, i) < 0)
			return -1;
	}
	return prop_flow_make(w);
}

void
prop_world_free(struct prop_world *w)
{
	unsigned int ep, q;

	prop_flow_free(w);
	for (ep = 0; ep < MODEL_EPS; ep++) {
		struct prop_port *p = &w->port[ep];

		for (q = 0; q < p->n_txq; q++)
			esw_txq_destroy(p->txq[q]);
		for (q = 0; q < p->n_rxq; q++)
			esw_rxq_destroy(p->rxq[q]);
		memset(p, 0, sizeof(*p));
	}
	esw_free(w->sw);
	w->sw = NULL;
}
