/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * What flow rules cost: how fast they are made and destroyed, what memory they take, and what a
 * frame pays for 1 to 32 masks and a thousand to a million rules.
 *
 * The cost of a frame is TSC cycles of esw_tx_burst + esw_rx_burst, VF to VF, 64-octet frames
 * (60 without FCS) in bursts of 32, on one core; every frame hits a rule of its own choosing. Each
 * line is the median of ROUNDS rounds, all cases taken in turn, so that a machine that others use
 * spoils all alike. The line without rules is VEB mode's MAC table, for comparison.
 *
 * usage: flow_benchmark [--rules N] [EAL arguments]; N: most rules (default 1000000)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_random.h>
#include <rte_udp.h>

#include "flow.h"

#define BURST 32
#define BURSTS 2000
#define ROUNDS 7
#define LEN 60

struct rig {
	struct esw *sw;
	struct esw_txq *tx;
	struct esw_rxq *rx;
	struct rte_mempool *mp;
	struct rte_mbuf *pkts[BURST];
	struct rte_ether_addr mac[2];
};

struct result {
	uint32_t rules, masks;
	double cycles[ROUNDS];
};

static struct esw_err err;

static int
fail(const char *what)
{
	fprintf(stderr, "%s: %s (%s)\n", what, err.msg, rte_strerror(rte_errno));
	return -1;
}

/* VF 0 sends UDP to VF 1; what differs from frame to frame is the source address. */
static void
frame_fill(const struct rig *g, struct rte_mbuf *m)
{
	struct rte_ether_hdr *eth = rte_pktmbuf_mtod(m, struct rte_ether_hdr *);
	struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)(eth + 1);
	struct rte_udp_hdr *udp = (struct rte_udp_hdr *)(ip + 1);

	memset(eth, 0, LEN);
	eth->dst_addr = g->mac[1];
	eth->src_addr = g->mac[0];
	eth->ether_type = RTE_BE16(RTE_ETHER_TYPE_IPV4);
	ip->version_ihl = RTE_IPV4_VHL_DEF;
	ip->total_length = RTE_BE16(LEN - sizeof(*eth));
	ip->time_to_live = 64;
	ip->next_proto_id = IPPROTO_UDP;
	ip->dst_addr = RTE_BE32(RTE_IPV4(10, 0, 0, 1));
	udp->src_port = RTE_BE16(1000);
	udp->dst_port = RTE_BE16(2000);
	m->data_len = m->pkt_len = LEN;
}

static void
source_set(struct rte_mbuf *m, uint32_t i)
{
	rte_pktmbuf_mtod_offset(m, struct rte_ipv4_hdr *, sizeof(struct rte_ether_hdr))
		->src_addr = rte_cpu_to_be_32(i);
}

static int
rig_make(struct rig *g)
{
	const struct esw_conf conf = {
		.name = "bench", .nb_vfs = 2, .mtu_max = 9000, .seed = 1, .mode = ESW_MODE_VEB
	};
	const struct esw_txq_conf tx = { .nb_desc = 512 };
	struct esw_rxq_conf rx = { .nb_desc = 512 };
	struct esw_policy p;

	g->mp = rte_pktmbuf_pool_create("bench", 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	g->sw = esw_create(&conf, NULL, &err);
	if (g->mp == NULL || g->sw == NULL)
		return fail("device");
	rx.mp = g->mp;
	g->tx = esw_txq_create(g->sw, esw_ep_vf(0), 0, &tx, &err);
	g->rx = esw_rxq_create(g->sw, esw_ep_vf(1), 0, &rx, &err);
	if (g->tx == NULL || g->rx == NULL)
		return fail("queues");
	esw_txq_start(g->tx);
	esw_rxq_start(g->rx);
	for (uint16_t i = 0; i < 2; i++) {
		esw_policy_get(g->sw, i, &p);
		g->mac[i] = p.mac;
	}
	if (rte_pktmbuf_alloc_bulk(g->mp, g->pkts, BURST) != 0)
		return fail("mbufs");
	for (unsigned int i = 0; i < BURST; i++)
		frame_fill(g, g->pkts[i]);
	return 0;
}

/* Rule i: that source address; mask k of 32 looks at five other fields, or not. */
static void
match_make(struct esw_flow_match *m, uint32_t i, uint32_t k)
{
	struct esw_flow_hdr *key = &m->key.h[0], *mask = &m->mask.h[0];

	memset(m, 0, sizeof(*m));
	key->l3 = ESW_FLOW_L3_IPV4;
	mask->l3 = 0xff;
	key->src4 = rte_cpu_to_be_32(i);
	mask->src4 = UINT32_MAX;
	if ((k & 1) != 0) {
		key->dst4 = RTE_BE32(RTE_IPV4(10, 0, 0, 1));
		mask->dst4 = UINT32_MAX;
	}
	if ((k & 2) != 0) {
		key->l4 = IPPROTO_UDP;
		mask->l4 = 0xff;
	}
	if ((k & 4) != 0) {
		key->sport = RTE_BE16(1000);
		mask->sport = UINT16_MAX;
	}
	if ((k & 8) != 0) {
		key->dport = RTE_BE16(2000);
		mask->dport = UINT16_MAX;
	}
	if ((k & 16) != 0) {
		key->ttl = 64;
		mask->ttl = 0xff;
	}
}

/* @return seconds that it took, or below zero */
static double
rules_make(struct rig *g, uint32_t n, uint32_t masks, struct esw_flow **rule)
{
	const struct esw_flow_act act[] = {
		{ .op = ESW_FLOW_COUNT },
		{ .op = ESW_FLOW_PORT, .ep = esw_ep_vf(1) },
	};
	struct esw_flow_match m;
	struct esw_flow_spec s = {
		.ep = esw_ep_vf(0),
		.side = ESW_FLOW_TRANSFER,
		.owner = esw_ep_rep(g->sw, 0),
		.match = &m,
		.act = act,
		.n_acts = RTE_DIM(act),
	};
	uint64_t t = rte_rdtsc();

	for (uint32_t i = 0; i < n; i++) {
		match_make(&m, i, i % masks);
		rule[i] = esw_flow_create(g->sw, &s, &err);
		if (rule[i] == NULL)
			return fail("rule");
	}
	return (double)(rte_rdtsc() - t) / rte_get_tsc_hz();
}

/* @return cycles a packet, or below zero */
static double
frames_send(struct rig *g, uint32_t rules)
{
	uint64_t cycles = 0, t;

	for (unsigned int b = 0; b < BURSTS; b++) {
		for (unsigned int i = 0; i < BURST; i++)
			source_set(g->pkts[i], rules == 0 ? 0 : (uint32_t)rte_rand_max(rules));
		t = rte_rdtsc();
		esw_tx_burst(g->tx, g->pkts, BURST);
		if (esw_rx_burst(g->rx, g->pkts, BURST) != BURST)
			return fail("frames were lost");
		cycles += rte_rdtsc() - t;
	}
	return (double)cycles / BURSTS / BURST;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static uint64_t
counted(struct rig *g, struct esw_flow **rule, uint32_t n)
{
	struct esw_flow_stats s;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		esw_flow_count_get(g->sw, rule[i], false, &s);
		sum += s.packets;
	}
	return sum;
}

static int
case_run(struct rig *g, struct result *r, unsigned int round, struct esw_flow **rule)
{
	double made = rules_make(g, r->rules, r->masks, rule), destroyed;
	uint64_t octets = esw_flow_memory(g->sw), t;

	if (made < 0)
		return -1;
	frames_send(g, r->rules); /* warm up */
	r->cycles[round] = frames_send(g, r->rules);
	if (r->cycles[round] < 0)
		return -1;
	if (r->rules != 0 && counted(g, rule, r->rules) != 2 * BURSTS * BURST)
		return fail("counters are not what was sent");
	t = rte_rdtsc();
	esw_flow_flush(g->sw, esw_ep_rep(g->sw, 0));
	destroyed = (double)(rte_rdtsc() - t) / rte_get_tsc_hz();
	if (r->rules >= 100000 && round == 0)
		printf("%8u rules, %2u masks: %5.2f million made a second, %5.2f destroyed, "
		       "%" PRIu64 " octets each\n",
		       r->rules, r->masks, r->rules / made / 1e6, r->rules / destroyed / 1e6,
		       octets / r->rules);
	return 0;
}

static int
run(struct rig *g, uint32_t most)
{
	static const uint32_t masks[] = { 1, 2, 4, 8, 32 },
			      rules[] = { 1000, 10000, 100000, 1000000 };
	struct esw_flow **rule = calloc(most, sizeof(void *));
	struct result r[1 + RTE_DIM(masks) * RTE_DIM(rules)];
	unsigned int n = 0;
	bool ok = true;

	if (rule == NULL)
		return -1;
	r[n++] = (struct result){ .rules = 0, .masks = 1 };
	for (unsigned int i = 0; i < RTE_DIM(rules) && rules[i] <= most; i++)
		for (unsigned int k = 0; k < RTE_DIM(masks); k++)
			r[n++] = (struct result){ .rules = rules[i], .masks = masks[k] };
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int c = 0; c < n; c++)
			ok = ok && case_run(g, &r[c], round, rule) == 0;
	}
	free(rule);
	if (!ok)
		return -1;
	printf("\n%8s %6s %18s\n", "rules", "masks", "cycles a packet");
	for (unsigned int c = 0; c < n; c++) {
		qsort(r[c].cycles, ROUNDS, sizeof(double), by_value);
		printf("%8u %6u %8.1f [%.1f - %.1f]\n", r[c].rules, r[c].masks,
		       r[c].cycles[ROUNDS / 2], r[c].cycles[0], r[c].cycles[ROUNDS - 1]);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	/* the last is made a runtime folder of its own */
	static char plain[][32] = { "--no-huge",      "-m",
				    "1536",           "--no-pci",
				    "--no-telemetry", "--log-level=3",
				    "--no-shconf",    "--file-prefix=" };
	char *args[32] = { argv[0] };
	uint32_t most = 1000000;
	struct rig g = { 0 };
	int n = 1, rc;

	snprintf(plain[RTE_DIM(plain) - 1], sizeof(plain[0]), "--file-prefix=flow%d", getpid());
	for (int i = 1; i < argc && n < (int)RTE_DIM(args) - 8; i++) {
		if (strcmp(argv[i], "--rules") == 0 && i + 1 < argc)
			most = strtoul(argv[++i], NULL, 0);
		else
			args[n++] = argv[i];
	}
	for (unsigned int i = 0; n == 1 && i < RTE_DIM(plain); i++)
		args[1 + i] = plain[i];
	if (n == 1)
		n += RTE_DIM(plain);
	if (rte_eal_init(n, args) < 0 || rig_make(&g) != 0)
		return 1;
	rc = run(&g, most) == 0 ? 0 : 1;
	rmdir(rte_eal_get_runtime_dir()); /* empty if nothing is shared */
	return rc;
}
