/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Fuzzes rules of lib/eswitch: made, asked, dumped and destroyed, with frames in between.
 * What esw_flow_check() says must be what esw_flow_create() does.
 */
#include <rte_errno.h>

#include "flow_meter.h"
#include "fuzz_flow_net.h"

#define STEPS 24
#define RULES 16
#define SHARED 2

static struct fuzz_net net;
static struct esw_flow *rule[RULES];
static struct esw_flow_counter *counter[SHARED];
static struct esw_flow_age *age[SHARED];
static struct esw_flow_meter *meter[SHARED];
static FILE *nowhere;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_net_make(&net, fuzz_start());
	nowhere = fopen("/dev/null", "w");
	promise(nowhere != NULL, "/dev/null", "none");
	return 0;
}

static void
shared_make(void)
{
	const struct esw_flow_meter_conf conf = {
		.packets = true,
		.cir = 1,
		.cbs = 3,
		.drop = { [ESW_FLOW_RED] = true },
	};

	for (uint32_t i = 0; i < SHARED; i++) {
		counter[i] = esw_flow_counter_create(net.sw, NULL);
		age[i] = esw_flow_age_create(net.sw, ESW_EP_PF, 1, NULL, NULL);
		meter[i] = esw_flow_meter_create(net.sw, &conf, NULL);
		promise(counter[i] != NULL && age[i] != NULL && meter[i] != NULL, "objects",
			"none");
	}
}

static void
shared_drop(void)
{
	for (uint32_t i = 0; i < SHARED; i++) {
		promise(esw_flow_counter_destroy(net.sw, counter[i], NULL) == 0, "unused", "busy");
		promise(esw_flow_age_destroy(net.sw, age[i], NULL) == 0, "unused", "busy");
		promise(esw_flow_meter_destroy(net.sw, meter[i], NULL) == 0, "unused", "busy");
	}
}

/* Few octets of input make many of a rule: what is long seldom comes about. */
static void
range_take(struct take *t, struct esw_flow_range *g)
{
	g->off = take_u8(t);
	g->len = take_u8(t) % 18;
	memset(g->mask, take_u8(t), sizeof(g->mask));
	memset(g->lo, take_u8(t), sizeof(g->lo));
	memset(g->hi, take_u8(t), sizeof(g->hi));
}

static void
match_take(struct take *t, struct esw_flow_match *m)
{
	uint8_t v = take_u8(t);

	memset(m, 0, sizeof(*m));
	for (uint32_t n = v % 4; n > 0; n--) {
		uint32_t w = take_u8(t) % ESW_FLOW_WORDS, at = take_u8(t);

		((uint8_t *)&m->mask.w[w])[at % 8] = at < 0x80 ? 0xff : take_u8(t);
		((uint8_t *)&m->key.w[w])[at % 8] = take_u8(t);
	}
	m->n_ranges = v >= 0x80 ? take_below(t, ESW_FLOW_RANGES_MAX + 1) : 0;
	for (uint32_t i = 0; i < RTE_MIN(m->n_ranges, (uint32_t)ESW_FLOW_RANGES_MAX); i++)
		range_take(t, &m->range[i]);
}

/* Pointers are to what they must be to; all other values are the input's. */
static void
act_take(struct take *t, struct esw_flow_act *a)
{
	static uint8_t octets[ESW_FLOW_ENCAP_MAX];
	static struct esw_flow_rss rss;
	uint8_t v;

	memset(a, 0, sizeof(*a));
	a->op = take_below(t, ESW_FLOW_OPS);
	v = take_u8(t);
	switch (a->op) {
	case ESW_FLOW_COUNT:
		a->counter = v % 2 == 0 ? NULL : counter[v / 2 % SHARED];
		break;
	case ESW_FLOW_AGE:
		a->age = v % 2 == 0 ? NULL : age[v / 2 % SHARED];
		a->timeout = v < 0xc0 ? v : take_u32(t);
		break;
	case ESW_FLOW_METER:
		a->meter = meter[v % SHARED];
		break;
	case ESW_FLOW_RSS:
		rss.types = take_u8(t);
		rss.key_set = v % 2;
		rss.n_queues = take_below(t, ESW_QUEUES_MAX);
		memset(rss.queue, 0, sizeof(rss.queue));
		rss.queue[v / 2 % ESW_QUEUES_MAX] = take_below(t, ESW_QUEUES_MAX);
		a->rss = &rss;
		break;
	case ESW_FLOW_ENCAP:
		fuzz_headers(v % FUZZ_LIKES, octets);
		take_octets(t, octets + v % 64, 4);
		a->encap.bytes = octets;
		a->encap.len = v;
		a->encap.entropy = take_u8(t) % 2;
		a->encap.fix = take_u8(t) % 2;
		break;
	case ESW_FLOW_PORT:
		a->ep = v % (FUZZ_EPS + 1);
		break;
	case ESW_FLOW_JUMP: /* few: tables stay */
		a->group = v % 8 == 7 ? UINT32_MAX : v % 4;
		break;
	case ESW_FLOW_SAMPLE:
		a->sample.ratio = v & 3;
		a->sample.n_acts = v >> 2;
		break;
	default:
		memset(a->ip6, v, sizeof(a->ip6));
	}
}

static void
destroy(uint32_t i)
{
	if (rule[i] != NULL)
		esw_flow_destroy(net.sw, rule[i]);
	rule[i] = NULL;
}

static void
make(struct take *t)
{
	static struct esw_flow_act act[ESW_FLOW_ACTS_MAX + 8];
	struct esw_err err = { "" }, again = { "" };
	struct esw_flow_match match;
	struct esw_flow_spec s = {
		.ep = take_below(t, FUZZ_EPS),
		.side = take_u8(t) % 16 == 0 ? take_u8(t) : take_u8(t) % 2,
		.group = take_u8(t) % 3,
		.prio = take_u8(t) == 0xff ? take_u32(t) : take_u8(t),
		.owner = take_below(t, FUZZ_EPS),
		.match = &match,
		.act = act,
		.n_acts = take_u8(t),
	};
	struct esw_flow *f;
	int rc;

	s.n_acts = s.n_acts < 0xf0 ? s.n_acts % 8 : s.n_acts - 0xf0 + ESW_FLOW_ACTS_MAX - 8;
	match_take(t, &match);
	for (uint32_t i = 0; i < s.n_acts; i++)
		act_take(t, &act[i]);
	destroy(s.prio % RULES);
	rc = esw_flow_check(net.sw, &s, &err);
	f = esw_flow_create(net.sw, &s, &again);
	promise((rc == 0) == (f != NULL), "check and create agree", err.msg);
	rule[s.prio % RULES] = f;
	if (f != NULL)
		return;
	promise_refusal(rc, &err);
	promise(-rte_errno == rc, "check and create agree on the code", err.msg);
	promise(strcmp(err.msg, again.msg) == 0, "and on the sentence", again.msg);
}

static void
ask(struct esw_flow *f)
{
	struct esw_flow_stats stats;
	uint32_t idle;
	bool aged;

	esw_flow_dump(net.sw, 0, f, nowhere);
	(void)esw_flow_count_get(net.sw, f, true, &stats);
	(void)esw_flow_age_get(net.sw, f, &idle, &aged);
}

static void
send(struct take *t)
{
	uint16_t from = take_u8(t) % FUZZ_EPS, n = 1 + take_u8(t) % 4;
	uint16_t vf = from == ESW_EP_VF0 ? ESW_EP_VF0 : ESW_EP_VF0 + 1;
	struct rte_mbuf *m[4];

	for (uint16_t i = 0; i < n; i++)
		m[i] = fuzz_frame(t, net.mp, net.mac[ESW_EP_VF0 + i % 2], net.mac[vf]);
	fuzz_net_send(&net, from, m, n);
	fuzz_net_receive(&net);
}

static void
step(struct take *t)
{
	uint8_t v = take_u8(t);

	switch (v % 8) {
	case 0:
		destroy(v / 8 % RULES);
		break;
	case 1:
		if (rule[v / 8 % RULES] != NULL)
			ask(rule[v / 8 % RULES]);
		break;
	case 2:
		(void)esw_flow_isolate(net.sw, v / 16 % FUZZ_EPS, v / 8 % 2 != 0);
		break;
	case 3:
	case 4:
		send(t);
		break;
	default:
		make(t);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct take t = { data, len };
	uint32_t n = 0;

	shared_make();
	for (uint32_t i = 0; i < STEPS && t.n > 0; i++)
		step(&t);
	for (uint32_t i = 0; i < RULES; i++)
		n += rule[i] != NULL;
	memset(rule, 0, sizeof(rule));
	for (uint16_t ep = 0; ep < FUZZ_EPS; ep++) {
		n -= esw_flow_flush(net.sw, ep);
		promise(esw_flow_number(net.sw, ep) == 0, "no rules are left", "some are");
		(void)esw_flow_isolate(net.sw, ep, false);
	}
	promise(n == 0, "an owner has what was made", "the number differs");
	shared_drop();
	fuzz_net_account(&net);
	return 0;
}
