/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What a hop costs where eswitch-bench cannot go: more VFs than a process has ports, rules and
 * policy fields beside each other in one run.
 *
 * TSC cycles a packet of esw_tx_burst + esw_rx_burst, VF 0 to the other VFs, 64-octet frames (60
 * without FCS) in bursts of 32, one core, destinations at random, every VF with a sending queue of
 * its own. Each figure is the median of batches of 64 bursts; all cases in turn, round by round;
 * what is printed is the median and the range over the rounds. Every frame is looked at off the
 * clock: did it reach the receiver that it was meant for, and only once?
 * usage: hop_benchmark [--rounds N] [--case TEXT] [EAL arguments]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_random.h>
#include <rte_udp.h>

#include "device.h"
#include "flow.h"

#define BURST 32
#define BURSTS 64
#define BATCH (BURST * BURSTS)
#define BATCHES 100
#define ROUNDS_MAX 100
#define LEN 60
#define VLAN 100
#define POLLS_MAX 1000
#define NUMBER_AT 50 /* offset of the frame's number */

enum rules { NO_RULES, RULE_MAC_VLAN, RULE_TUPLES };

/* One line of the table. */
struct hop_case {
	const char *name;
	uint16_t vfs;
	uint32_t macs; /* of all receivers together */
	const char *vlan;
	uint16_t list; /* addresses in `macs` of VF 0, which its frames come from in turn */
	bool isolate;  /* VF 0 is */
	bool tagged;   /* frames are sent with a tag */
	bool few;      /* only receivers that have something are polled, as the plain model does */
	enum rules rules;
};

static const struct hop_case cases[] = {
	{ "one destination", 2, 1, "access 100", .rules = NO_RULES },
	{ "8 VFs, 64 MACs", 8, 64, "access 100", .rules = NO_RULES },
	{ "8 VFs, vlan off", 8, 64, "off", .rules = NO_RULES },
	{ "8 VFs, isolate", 8, 64, "access 100", .isolate = true },
	{ "8 VFs, macs of 8", 8, 64, "access 100", .list = 8 },
	{ "8 VFs, trunk native", 8, 64, "trunk 100-110 native 100", .rules = NO_RULES },
	{ "8 VFs, trunk tagged", 8, 64, "trunk 100-110", .tagged = true },
	{ "8 VFs, MAC + VLAN rules", 8, 64, "access 100", .rules = RULE_MAC_VLAN },
	{ "8 VFs, 5-tuples, 4 masks", 8, 64, "access 100", .rules = RULE_TUPLES },
	{ "64 VFs, 4096 MACs", 64, 4096, "access 100", .rules = NO_RULES },
	{ "64 VFs, polled if hit", 64, 4096, "access 100", .few = true },
	{ "256 VFs, 65536 MACs", 256, 65536, "access 100", .rules = NO_RULES },
	{ "256 VFs, polled if hit", 256, 65536, "access 100", .few = true },
};

struct rig {
	const struct hop_case *c;
	struct esw *sw;
	struct rte_mempool *mp;
	struct esw_txq *tx[ESW_VFS_MAX];
	struct esw_rxq *rx[ESW_VFS_MAX];
	struct rte_ether_addr *mac; /* [macs], those of VF i at i - 1, i - 1 + receivers, ... */
	uint32_t n_macs;
	struct rte_ether_addr src[1 + ESW_POLICY_MACS_MAX];
	uint16_t n_src;
};

/* The frames of a batch; of all rigs in turn. */
static struct {
	struct rte_mbuf *sent[BATCH], *got[BATCH + BURST];
	uint16_t want[BATCH]; /* receiver of each frame */
	uint16_t hit[BURSTS][BURST], n_hit[BURSTS];
} set;

static struct esw_err err;
static double batch_cycles[BATCHES];

static int
fail(const char *what)
{
	fprintf(stderr, "%s: %s (%s)\n", what, err.msg, rte_strerror(rte_errno));
	return -1;
}

static int
policy_make(const struct hop_case *c, uint16_t vf, struct esw_policy_patch *p)
{
	int rc = 0;

	memset(p, 0, sizeof(*p));
	rc |= esw_policy_field_parse(p, ESW_F_VLAN, c->vlan, &err);
	rc |= esw_policy_field_parse(p, ESW_F_TRUST, "on", &err);
	/* Addresses that only the MAC table has. */
	if (vf != 0 && c->macs / c->vfs > ESW_VF_MACS_MAX)
		rc |= esw_policy_field_parse(p, ESW_F_SPOOFCHK, "off", &err);
	if (vf == 0 && c->isolate)
		rc |= esw_policy_field_parse(p, ESW_F_ISOLATE, "on", &err);
	if (vf == 0 && c->list != 0) {
		p->fields |= ESW_F_BIT(ESW_F_MACS);
		for (uint8_t i = 0; i < c->list; i++) {
			struct rte_ether_addr a = { { 2, 0xee, 0, 0, 0, i } };

			rc |= esw_policy_macs_add(&p->value, &a, &err);
		}
	}
	return rc;
}

static int
device_make(struct rig *g)
{
	struct esw_conf conf = { .name = "bench",
				 .nb_vfs = g->c->vfs,
				 .mtu_max = 9000,
				 .seed = 1,
				 .mode = ESW_MODE_VEB,
				 .fdb_entries = RTE_MAX(g->c->macs * 2, 1024u) };
	struct esw_policy_patch *p = calloc(g->c->vfs, sizeof(*p));
	int rc = 0;

	for (uint16_t i = 0; i < g->c->vfs; i++)
		rc |= policy_make(g->c, i, &p[i]);
	g->sw = rc == 0 ? esw_create(&conf, p, &err) : NULL;
	free(p);
	return g->sw != NULL ? 0 : fail("device");
}

static int
queues_make(struct rig *g)
{
	const struct esw_txq_conf tx = { .nb_desc = 512 };

	for (uint16_t i = 0; i < g->c->vfs; i++) {
		struct esw_rxq_conf rx = { .nb_desc = 512, .mp = g->mp, .port_id = i };

		g->tx[i] = esw_txq_create(g->sw, esw_ep_vf(i), 0, &tx, &err);
		g->rx[i] = esw_rxq_create(g->sw, esw_ep_vf(i), 0, &rx, &err);
		if (g->tx[i] == NULL || g->rx[i] == NULL)
			return fail("queues");
		esw_txq_start(g->tx[i]);
		esw_rxq_start(g->rx[i]);
	}
	return 0;
}

static int
addresses_make(struct rig *g)
{
	const uint16_t n = RTE_MAX(g->c->vfs, 2) - 1;
	struct esw_policy p;

	g->mac = calloc(g->c->macs, sizeof(*g->mac));
	for (uint32_t i = 0; i < g->c->macs; i++, g->n_macs++) {
		struct rte_ether_addr a = { { 6, 0, 0, i >> 16, i >> 8, i } };

		if (i < n) {
			esw_policy_get(g->sw, i + 1, &p);
			a = p.mac;
		} else if (i / n > ESW_VF_MACS_MAX) { /* more than a VF may ask for */
			esw_fdb_add_static(&g->sw->fdb, VLAN, esw_mac48(&a), esw_ep_vf(i % n + 1));
		} else if (esw_vf_mac_add(g->sw, i % n + 1, &a, &err) != 0) {
			return fail("address");
		}
		g->mac[i] = a;
	}
	esw_policy_get(g->sw, 0, &p);
	g->src[g->n_src++] = p.mac;
	for (uint16_t i = 0; i < p.n_macs; i++)
		g->src[g->n_src++] = p.macs[i];
	return 0;
}

static void
tuple_mask(struct esw_flow_hdr *m, uint32_t k)
{
	m->l3 = 0xff;
	m->l4 = 0xff;
	m->src4 = UINT32_MAX;
	m->dst4 = UINT32_MAX;
	m->sport = UINT16_MAX;
	m->dport = UINT16_MAX;
	if ((k & 1) != 0)
		m->sport = 0;
	if ((k & 2) != 0)
		m->dst4 = RTE_BE32(0xffffff00);
}

/* Frame i, in its bytes. */
static void
frame_fill(const struct rig *g, uint8_t *p, uint32_t i, uint32_t mac)
{
	struct rte_ether_hdr *eth = (struct rte_ether_hdr *)p;
	struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)(eth + 1);
	struct rte_udp_hdr *udp = (struct rte_udp_hdr *)(ip + 1);

	memset(p, 0, LEN);
	eth->dst_addr = g->mac[mac];
	eth->src_addr = g->src[i % g->n_src];
	eth->ether_type = RTE_BE16(RTE_ETHER_TYPE_IPV4);
	if (g->c->tagged) { /* what follows is no header that anything looks at */
		eth->ether_type = RTE_BE16(RTE_ETHER_TYPE_VLAN);
		p[15] = VLAN;
		p[16] = 0x88;
		p[17] = 0xb5;
	} else {
		ip->version_ihl = RTE_IPV4_VHL_DEF;
		ip->total_length = RTE_BE16(LEN - sizeof(*eth));
		ip->time_to_live = 64;
		ip->next_proto_id = IPPROTO_UDP;
		ip->src_addr = rte_cpu_to_be_32(RTE_IPV4(10, 0, 0, 0) + mac);
		ip->dst_addr = RTE_BE32(RTE_IPV4(10, 1, 0, 1));
		udp->src_port = RTE_BE16(1000);
		udp->dst_port = RTE_BE16(2000);
	}
	memcpy(p + NUMBER_AT, &i, sizeof(i));
}

/* One rule for each address: by address and VLAN, or by a 5-tuple under one of four masks. */
static int
rules_make(struct rig *g)
{
	for (uint32_t i = 0; g->c->rules != NO_RULES && i < g->n_macs; i++) {
		const struct esw_flow_act act[] = {
			{ .op = ESW_FLOW_COUNT },
			{ .op = ESW_FLOW_PORT, .ep = esw_ep_vf(i % RTE_MAX(g->c->vfs - 1, 1) + 1) },
		};
		struct esw_flow_match m = { 0 };
		struct esw_flow_spec s = { .ep = esw_ep_vf(0),
					   .side = ESW_FLOW_TRANSFER,
					   .owner = esw_ep_rep(g->sw, 0),
					   .match = &m,
					   .act = act,
					   .n_acts = RTE_DIM(act) };

		if (g->c->rules == RULE_MAC_VLAN) {
			memset(m.mask.h[0].dst, 0xff, 6);
			memcpy(m.key.h[0].dst, &g->mac[i], 6);
			m.mask.h[0].bits = m.key.h[0].bits = ESW_FLOW_VLAN;
			m.mask.h[0].tci = RTE_BE16(0xfff);
			m.key.h[0].tci = RTE_BE16(VLAN);
		} else {
			uint8_t p[LEN];
			union esw_flow_key k;

			frame_fill(g, p, 0, i);
			esw_flow_key_read(p, LEN, ESW_FLOW_L4, &k, NULL);
			tuple_mask(&m.mask.h[0], i % 4);
			for (uint32_t w = 0; w < ESW_FLOW_HDR_WORDS; w++)
				m.key.w[w] = k.w[w] & m.mask.w[w];
		}
		if (esw_flow_create(g->sw, &s, &err) == NULL)
			return fail("rule");
	}
	return 0;
}

static int
rig_make(struct rig *g, const struct hop_case *c, struct rte_mempool *mp)
{
	memset(g, 0, sizeof(*g));
	g->c = c;
	g->mp = mp;
	if (device_make(g) != 0 || addresses_make(g) != 0 || queues_make(g) != 0 ||
	    rules_make(g) != 0)
		return -1;
	return 0;
}

static void
rig_free(struct rig *g)
{
	for (uint16_t i = 0; i < g->c->vfs; i++) {
		esw_txq_destroy(g->tx[i]);
		esw_rxq_destroy(g->rx[i]);
	}
	esw_free(g->sw);
	free(g->mac);
}

static void
batch_prepare(struct rig *g)
{
	for (uint32_t b = 0; b < BURSTS; b++) {
		set.n_hit[b] = 0;
		for (uint32_t k = 0; k < BURST; k++) {
			uint32_t i = b * BURST + k, mac = (uint32_t)rte_rand_max(g->n_macs), h = 0;
			struct rte_mbuf *m = set.sent[i];

			frame_fill(g, rte_pktmbuf_mtod(m, uint8_t *), i, mac);
			m->data_len = m->pkt_len = LEN;
			set.want[i] = mac % (g->c->vfs - 1) + 1;
			while (h < set.n_hit[b] && set.hit[b][h] != set.want[i])
				h++;
			if (h == set.n_hit[b])
				set.hit[b][set.n_hit[b]++] = set.want[i];
		}
	}
}

/* Poll until `n` frames of a burst are there. @return those that came */
static inline uint32_t
collect(struct rig *g, uint32_t b, uint32_t at, uint32_t n)
{
	const uint32_t until = at + n, last = g->c->few ? set.n_hit[b] : g->c->vfs - 1u;
	const uint32_t start = at;

	for (uint32_t polls = 0; at < until && polls < POLLS_MAX; polls++) {
		for (uint32_t i = 0; i < last && at <= until; i++) {
			uint32_t vf = g->c->few ? set.hit[b][i] : i + 1;
			uint16_t k = esw_rx_burst(g->rx[vf], &set.got[at], BURST);

			at += k;
		}
	}
	return at - start;
}

/* Every frame once, and at its receiver? They go back into the set. */
static int
batch_judge(uint32_t n)
{
	static uint8_t seen[BATCH];

	memset(seen, 0, sizeof(seen));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number;

		memcpy(&number, rte_pktmbuf_mtod(set.got[i], uint8_t *) + NUMBER_AT,
		       sizeof(number));
		if (number >= BATCH || seen[number]++ != 0 || set.got[i]->port != set.want[number])
			return fail("a frame is where it should not be");
		set.sent[i] = set.got[i];
	}
	return n == BATCH ? 0 : fail("frames were lost");
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* @return cycles a packet, or below zero */
static double
measure(struct rig *g)
{
	for (uint32_t k = 0; k < BATCHES; k++) {
		uint32_t n = 0;
		uint64_t t;

		batch_prepare(g);
		t = rte_rdtsc_precise();
		for (uint32_t b = 0; b < BURSTS; b++) {
			esw_tx_burst(g->tx[0], &set.sent[b * BURST], BURST);
			n += collect(g, b, n, BURST);
		}
		batch_cycles[k] = (double)(rte_rdtsc_precise() - t) / BATCH;
		if (batch_judge(n) != 0)
			return -1;
	}
	qsort(batch_cycles, BATCHES, sizeof(double), by_value);
	return batch_cycles[BATCHES / 2];
}

static int
run(struct rte_mempool *mp, uint32_t rounds, const char *only)
{
	static double v[RTE_DIM(cases)][ROUNDS_MAX];
	static struct rig rig[RTE_DIM(cases)];
	bool ok = rte_pktmbuf_alloc_bulk(mp, set.sent, BATCH) == 0;

	for (uint32_t c = 0; c < RTE_DIM(cases); c++)
		if (only == NULL || strstr(cases[c].name, only) != NULL)
			ok = ok && rig_make(&rig[c], &cases[c], mp) == 0;
	for (uint32_t r = 0; r < rounds; r++) {
		for (uint32_t c = 0; c < RTE_DIM(cases) && ok; c++) {
			if (rig[c].sw == NULL)
				continue;
			ok = measure(&rig[c]) > 0; /* warm up */
			v[c][r] = ok ? measure(&rig[c]) : -1;
			ok = v[c][r] > 0;
		}
	}
	for (uint32_t c = 0; c < RTE_DIM(cases); c++)
		if (rig[c].sw != NULL)
			rig_free(&rig[c]);
	if (!ok)
		return -1;
	printf("%-28s %s\n", "case", "TSC cycles a packet");
	for (uint32_t c = 0; c < RTE_DIM(cases); c++) {
		if (only != NULL && strstr(cases[c].name, only) == NULL)
			continue;
		qsort(v[c], rounds, sizeof(double), by_value);
		printf("%-28s %6.1f [%.1f - %.1f]\n", cases[c].name, v[c][rounds / 2], v[c][0],
		       v[c][rounds - 1]);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static char plain[][16] = { "--no-huge",      "-m",           "1400", "--no-pci",
				    "--no-telemetry", "--log-level=3" };
	char *args[32] = { argv[0] };
	const char *only = NULL;
	uint32_t rounds = 5;
	struct rte_mempool *mp;
	int n = 1;

	for (int i = 1; i < argc && n < (int)RTE_DIM(args) - 8; i++) {
		if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
			rounds = (uint32_t)strtoul(argv[++i], NULL, 0);
		else if (strcmp(argv[i], "--case") == 0 && i + 1 < argc)
			only = argv[++i];
		else
			args[n++] = argv[i];
	}
	if (n == 1)
		for (; n <= (int)RTE_DIM(plain); n++)
			args[n] = plain[n - 1];
	if (rounds == 0 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "--rounds: expected 1 to %d\n", ROUNDS_MAX);
		return 1;
	}
	if (rte_eal_init(n, args) < 0)
		return 1;
	mp = rte_pktmbuf_pool_create("bench", 8191, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	if (mp == NULL)
		return 1;
	return run(mp, rounds, only) == 0 ? 0 : 1;
}
