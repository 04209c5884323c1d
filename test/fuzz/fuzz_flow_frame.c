/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Fuzzes frames through rules that use all that rules can: every edit, encapsulations in front of
 * each other, intervals, inner headers, samples, jumps, local rules. Offloads are asked for, too.
 * What representor 1 sends goes to the PF and then to the wire: copied and moved, it is the same.
 */
#include <netinet/in.h>

#include "flow_table.h"
#include "fuzz_flow_net.h"

#define BURST 8
#define VF0 ESW_EP_VF0
#define VF1 (ESW_EP_VF0 + 1)
#define REP0 (ESW_EP_VF0 + FUZZ_VFS)
#define REP1 (REP0 + 1)

static struct fuzz_net net;

/* A rule while it is put together. */
static struct {
	struct esw_flow_match match;
	struct esw_flow_act act[ESW_FLOW_ACTS_MAX];
	struct esw_flow_spec spec;
} r;

static void
begin(uint16_t ep, enum esw_flow_side side, uint32_t group, uint32_t prio)
{
	memset(&r, 0, sizeof(r));
	r.spec = (struct esw_flow_spec){
		.ep = ep,
		.side = side,
		.group = group,
		.prio = prio,
		.owner = ep,
		.match = &r.match,
		.act = r.act,
	};
}

static struct esw_flow_act *
add(enum esw_flow_op op)
{
	r.act[r.spec.n_acts].op = op;
	return &r.act[r.spec.n_acts++];
}

static void
add_port(uint16_t ep)
{
	add(ESW_FLOW_PORT)->ep = ep;
}

static void
put(void)
{
	struct esw_err err = { "" };

	promise(esw_flow_create(net.sw, &r.spec, &err) != NULL, "a rule", err.msg);
}

#define IS(level, member, v) \
	do { \
		r.match.key.h[level].member = (v); \
		memset(&r.match.mask.h[level].member, 0xff, sizeof(r.match.mask.h[level].member)); \
	} while (0)

static void
range(uint32_t off, uint32_t len, uint8_t lo, uint8_t hi)
{
	struct esw_flow_range *g = &r.match.range[r.match.n_ranges++];

	g->off = off;
	g->len = len;
	memset(g->mask, 0xff, len);
	g->lo[0] = lo;
	memset(g->hi, 0xff, len);
	g->hi[0] = hi;
}

static void
add_encap(uint16_t len)
{
	static uint8_t outer[ESW_FLOW_ENCAP_MAX];
	struct esw_flow_act *a = add(ESW_FLOW_ENCAP);

	fuzz_headers(FUZZ_VXLAN, outer);
	a->encap.bytes = outer;
	a->encap.len = len;
	a->encap.entropy = true;
	a->encap.fix = true;
}

static void
add_sample(uint32_t ratio, uint8_t n)
{
	struct esw_flow_act *a = add(ESW_FLOW_SAMPLE);

	a->sample.ratio = ratio;
	a->sample.n_acts = n;
}

/* Every edit that a frame may have a place for, between ports. */
static void
all_edits(void)
{
	begin(VF0, ESW_FLOW_TRANSFER, 2, 5);
	for (enum esw_flow_op op = ESW_FLOW_POP_VLAN; op < ESW_FLOW_ENCAP; op++) {
		struct esw_flow_act *a = add(op);

		memset(a->ip6, 0x5a, sizeof(a->ip6));
		if (op == ESW_FLOW_PUSH_VLAN)
			a->tpid = 0x88a8;
		else if (op == ESW_FLOW_SET_PCP)
			a->pcp = 5;
		else if (op == ESW_FLOW_SET_TTL)
			a->u8 = 9;
		if (op % 5 == 0)
			add_port(op % 2 == 0 ? ESW_EP_WIRE : REP1);
	}
	add_port(VF1);
	put();
}

/* What VF 0 sends: group 0 goes by inner headers, intervals and the rest. */
static void
rules_of_vf0(void)
{
	begin(VF0, ESW_FLOW_TRANSFER, 0, 0);
	IS(0, bits, ESW_FLOW_VXLAN);
	IS(1, l4, IPPROTO_UDP);
	range(offsetof(union esw_flow_key, h[1].dst4), 4, 0, 0x80);
	add(ESW_FLOW_COUNT);
	add(ESW_FLOW_DECAP);
	add_port(VF1);
	add(ESW_FLOW_JUMP)->group = 2;
	put();
	begin(VF0, ESW_FLOW_TRANSFER, 0, 1);
	range(offsetof(union esw_flow_key, h[0].sport), 2, 0, 0x20);
	range(offsetof(union esw_flow_key, h[0].src6), 16, 0, 0x30);
	add_sample(2, 4);
	add_encap(ESW_FLOW_ENCAP_MAX);
	add_encap(60);
	add(ESW_FLOW_DEC_TTL);
	add_port(ESW_EP_WIRE);
	add(ESW_FLOW_MARK)->mark = 5;
	add_port(ESW_EP_PF);
	add(ESW_FLOW_PASSTHRU);
	put();
	begin(VF0, ESW_FLOW_TRANSFER, 0, 2);
	IS(0, l3, ESW_FLOW_L3_IPV6);
	add(ESW_FLOW_AGE)->timeout = 1;
	add(ESW_FLOW_DECAP)->decap.len = 30;
	add_encap(14);
	add(ESW_FLOW_JUMP)->group = 2;
	put();
	begin(VF0, ESW_FLOW_TRANSFER, 0, 9);
	add(ESW_FLOW_FLAG);
	add(ESW_FLOW_JUMP)->group = 2;
	put();
	all_edits();
}

/* The wire's: blind decapsulation and a growing frame; the tail is for TSO frames as a whole. */
static void
rules_of_wire(void)
{
	begin(ESW_EP_WIRE, ESW_FLOW_TRANSFER, 0, 0);
	IS(0, type, RTE_BE16(0x88a8));
	for (uint32_t i = 0; i < 3; i++)
		add(ESW_FLOW_DECAP)->decap.len = 60;
	add_port(VF0);
	for (uint32_t i = 0; i < 3; i++)
		add_encap(ESW_FLOW_ENCAP_MAX);
	add_port(VF1);
	put();
	begin(ESW_EP_WIRE, ESW_FLOW_TRANSFER, 0, 1);
	IS(0, l3, ESW_FLOW_L3_IPV4);
	add(ESW_FLOW_POP_VLAN);
	add(ESW_FLOW_POP_VLAN);
	add_port(VF1);
	add(ESW_FLOW_DECAP)->decap.len = 100;
	add(ESW_FLOW_SET_DSCP)->u8 = 63;
	add_port(REP0);
	put();
	begin(VF1, ESW_FLOW_TRANSFER, 0, 0);
	IS(0, l4, IPPROTO_TCP);
	add(ESW_FLOW_COUNT);
	add_port(VF0);
	add_port(ESW_EP_WIRE);
	put();
}

/* The last port may have the mbuf itself, segments and all. */
static void
rules_of_rep1(void)
{
	begin(REP1, ESW_FLOW_TRANSFER, 0, 0);
	IS(0, l4, IPPROTO_UDP);
	add(ESW_FLOW_DECAP)->decap.len = 20;
	add_encap(17);
	add_port(ESW_EP_PF);
	add_port(ESW_EP_WIRE);
	put();
	begin(REP1, ESW_FLOW_TRANSFER, 0, 1);
	IS(0, l3, ESW_FLOW_L3_IPV4);
	add(ESW_FLOW_DEC_TTL);
	add_port(ESW_EP_PF);
	add_port(ESW_EP_WIRE);
	put();
	begin(REP1, ESW_FLOW_TRANSFER, 0, 2);
	add(ESW_FLOW_PUSH_VLAN)->tpid = 0x8100;
	add_port(ESW_EP_PF);
	add_port(ESW_EP_WIRE);
	put();
}

/* What VF 1 gets. */
static void
local_rules(void)
{
	static const struct esw_flow_rss rss = { .types = ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_UDP,
						 .n_queues = 1 };

	begin(VF1, ESW_FLOW_LOCAL, 0, 0);
	range(offsetof(union esw_flow_key, h[0].tos), 1, 1, 3);
	add(ESW_FLOW_COUNT);
	add(ESW_FLOW_DROP);
	put();
	begin(VF1, ESW_FLOW_LOCAL, 0, 1);
	IS(1, proto, IPPROTO_UDP);
	add(ESW_FLOW_MARK)->mark = 7;
	add(ESW_FLOW_PASSTHRU);
	put();
	begin(VF1, ESW_FLOW_LOCAL, 0, 2);
	IS(0, l4, IPPROTO_UDP);
	add(ESW_FLOW_RSS)->rss = &rss;
	put();
}

static void
policy(uint16_t vf, enum esw_policy_field f, const char *text)
{
	struct esw_policy_patch patch = { .fields = 0 };
	struct esw_err err = { "" };

	promise(esw_policy_field_parse(&patch, f, text, &err) == 0, "a field", err.msg);
	promise(esw_policy_patch_set(net.sw, vf, &patch, &err) == 0, "a policy", err.msg);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_net_make(&net, fuzz_start());
	policy(0, ESW_F_VLAN, "all");
	policy(0, ESW_F_SPOOFCHK, "off");
	policy(0, ESW_F_MTU, "9000");
	policy(1, ESW_F_VLAN, "access 7 proto 802.1ad");
	policy(1, ESW_F_SPOOFCHK, "off");
	rules_of_vf0();
	rules_of_wire();
	rules_of_rep1();
	local_rules();
	return 0;
}

static uint32_t
octets(const struct rte_mbuf *m, uint8_t *to)
{
	uint32_t n = 0;

	for (; m != NULL; n += m->data_len, m = m->next)
		memcpy(to + n, rte_pktmbuf_mtod(m, const void *), m->data_len);
	return n;
}

/* Frames that were too large for the PF, or that a full queue has lost, shift the order. */
static void
copied_as_moved(void)
{
	struct rte_mbuf *pf[64], *wire[64];
	static uint8_t a[1 << 16], b[1 << 16];
	uint16_t n = esw_rx_burst(net.rx[ESW_EP_PF], pf, RTE_DIM(pf));
	uint16_t k = esw_rx_burst(net.rx[ESW_EP_WIRE], wire, RTE_DIM(wire));

	for (uint16_t i = 0; i < n; i++)
		fuzz_look(pf[i]);
	for (uint16_t i = 0; i < k; i++)
		fuzz_look(wire[i]);
	for (uint16_t i = 0; n == k && n < RTE_DIM(pf) && i < n; i++) {
		uint32_t len = octets(pf[i], a);

		promise(len == octets(wire[i], b) && memcmp(a, b, len) == 0,
			"what is copied is what is moved", "it differs");
	}
	rte_pktmbuf_free_bulk(pf, n);
	rte_pktmbuf_free_bulk(wire, k);
	net.got += n + k;
}

/* Lengths and wishes as an application that lies would give them. */
static void
offloads(struct take *t, struct rte_mbuf *m)
{
	static const uint64_t flags[] = {
		RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV4,
		RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV6,
		RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_UDP_CKSUM,
		RTE_MBUF_F_TX_VLAN,
	};
	uint8_t v = take_u8(t);

	if (v % 2 == 0)
		return;
	m->ol_flags = flags[v / 2 % RTE_DIM(flags)];
	m->l2_len = 14 + 4 * (v >> 4 & 3);
	m->l3_len = (v & 0x40) != 0 ? take_u8(t) : (v & 2) != 0 ? 40 : 20;
	m->l4_len = (v & 0x80) != 0 ? take_u8(t) : 20;
	m->tso_segsz = take_u8(t);
	m->vlan_tci = take_u8(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct take t = { data, len };

	for (uint32_t i = 0; i < 4 && (t.n > 0 || i == 0); i++) {
		uint16_t from = take_u8(&t) % FUZZ_EPS, n = 1 + take_u8(&t) % BURST;
		struct rte_mbuf *m[BURST];

		for (uint16_t k = 0; k < n; k++) {
			m[k] = fuzz_frame(&t, net.mp, net.mac[VF0 + k % 2], net.mac[VF0]);
			offloads(&t, m[k]);
		}
		fuzz_net_send(&net, from, m, n);
		if (from == REP1)
			copied_as_moved();
		fuzz_net_receive(&net);
	}
	fuzz_net_account(&net);
	return 0;
}
