/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Flow rules on the reference model, by hand: the model judges the e-switch, so it is judged
 * first. Frames are worked out beforehand, checksums by adding up all that they cover (RFC 1071).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model_flow.h"

/* VF 0 to VF 1, IPv4 with TTL 2, UDP 1000 to 2000, four octets of payload. */
static const uint8_t udp4[] = {
	0x02, 0, 0, 0,  0,    1,    0x02, 0,    0, 0,  0,    0,    0x08, 0x00, /* Ethernet */
	0x45, 0, 0, 32, 0,    1,    0,    0,    2, 17, 0xa4, 0xca, 10,   0,    0,   1, /* IPv4 */
	10,   0, 0, 2,  0x03, 0xe8, 0x07, 0xd0, 0, 12, 0x1b, 0x55, 'a',  'b',  'c', 'd',
};

static struct model m;
static struct model_out out;
static struct esw_flow_match any;

static int
setup(void **state)
{
	unsigned int i;

	(void)state;
	memset(&any, 0, sizeof(any));
	model_init(&m, 2, false, 1500, 1500);
	for (i = 0; i < model_eps(&m); i++) {
		m.port[i].started = true;
		m.port[i].scatter = true;
		m.port[i].n_rxq = 4;
	}
	for (i = 0; i < 2; i++) {
		m.vf[i].policy.mac.addr_bytes[0] = 2;
		m.vf[i].policy.mac.addr_bytes[5] = i;
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	model_out_free(&out);
	model_flow_free_all(&m);
	return 0;
}

static struct model_flow *
rule(unsigned int ep, uint32_t group, uint32_t prio, const struct esw_flow_match *match,
     const struct esw_flow_act *act, unsigned int n)
{
	struct esw_flow_spec s = {
		.ep = ep, .group = group, .prio = prio, .match = match, .act = act, .n_acts = n
	};

	for (; n > 0; n--) {
		if (act[n - 1].op == ESW_FLOW_QUEUE || act[n - 1].op == ESW_FLOW_RSS)
			s.side = ESW_FLOW_LOCAL;
	}
	return model_flow_create(&m, &s);
}

static void
send_octets(unsigned int ep, const uint8_t *b, uint32_t n)
{
	struct model_frame in = { .bytes = b, .len = n, .pkt_len = n };

	model_out_free(&out);
	model_send(&m, ep, &in, &out);
}

static const struct model_delivery *
only(unsigned int ep)
{
	assert_int_equal(out.tx, ESW_TX_FORWARDED);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.to[0].ep, ep);
	return &out.to[0];
}

static void
test_no_rule(void **state)
{
	(void)state;
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_REP(&m, 0))->len, sizeof(udp4));
}

static void
test_priority(void **state)
{
	const struct esw_flow_act wire[] = { { .op = ESW_FLOW_PORT, .ep = MODEL_WIRE } };
	const struct esw_flow_act vf1[] = { { .op = ESW_FLOW_COUNT },
					    { .op = ESW_FLOW_PORT, .ep = MODEL_VF(1) } };
	const struct esw_flow_act drop[] = { { .op = ESW_FLOW_DROP } };
	struct esw_flow_match to = { 0 };
	struct model_flow *r;

	(void)state;
	memcpy(to.key.h[0].dst, udp4, 6);
	memset(to.mask.h[0].dst, 0xff, 6);
	assert_non_null(rule(MODEL_VF(0), 0, 5, &any, wire, 1));
	r = rule(MODEL_VF(0), 0, 4, &to, vf1, 2);
	assert_non_null(rule(MODEL_VF(0), 0, 4, &any, drop, 1));
	assert_null(rule(MODEL_VF(0), 0, 4, &to, drop, 1));
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	only(MODEL_VF(1));
	assert_int_equal(r->stats.packets, 1);
	assert_int_equal(r->stats.bytes, sizeof(udp4));
	model_flow_destroy(&m, r);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(out.tx, ESW_TX_FLOW_DROP);
}

/* Addresses, ports and TTL change; both checksums are those of the new frame. */
static void
test_edits(void **state)
{
	static const uint8_t want[] = {
		0x02, 0, 0, 0,  0,    1,    0x02, 0,    0, 0,  0,    0,    0x08, 0x00, /**/
		0x45, 0, 0, 32, 0,    1,    0,    0,    1, 17, 0xee, 0x20, 192,  168,  1,   2,
		10,   0, 0, 2,  0x03, 0xe8, 0x00, 0x50, 0, 12, 0x6b, 0x2b, 'a',  'b',  'c', 'd',
	};
	const uint8_t ip[] = { 192, 168, 1, 2 };
	struct esw_flow_act act[] = {
		{ .op = ESW_FLOW_SET_IP4_SRC }, { .op = ESW_FLOW_SET_DPORT, .port = RTE_BE16(80) },
		{ .op = ESW_FLOW_DEC_TTL },     { .op = ESW_FLOW_PORT, .ep = MODEL_WIRE },
		{ .op = ESW_FLOW_DEC_TTL },     { .op = ESW_FLOW_PORT, .ep = MODEL_VF(1) }
	};

	(void)state;
	memcpy(&act[0].ip4, ip, 4);
	rule(MODEL_VF(0), 0, 0, &any, act, RTE_DIM(act));
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_WIRE)->len, sizeof(want));
	assert_memory_equal(out.to[0].bytes, want, sizeof(want));
	model_flow_free_all(&m);
	act[0].op = ESW_FLOW_DEC_TTL;
	rule(MODEL_VF(0), 0, 0, &any, act, 3);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(out.tx, ESW_TX_TTL);
}

static void
test_groups(void **state)
{
	const struct esw_flow_act jump[] = { { .op = ESW_FLOW_MARK, .mark = 7 },
					     { .op = ESW_FLOW_JUMP, .group = 3 } };
	const struct esw_flow_act on[] = { { .op = ESW_FLOW_PUSH_VLAN, .tpid = 0x8100 },
					   { .op = ESW_FLOW_SET_VID, .vid = 100 },
					   { .op = ESW_FLOW_PASSTHRU } };
	const struct esw_flow_act wire[] = { { .op = ESW_FLOW_PORT, .ep = MODEL_WIRE } };
	struct esw_flow_match vid = { 0 };

	(void)state;
	vid.mask.h[0].tci = RTE_BE16(0xfff);
	vid.key.h[0].tci = RTE_BE16(100);
	rule(MODEL_VF(0), 0, 9, &any, jump, 2);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4)); /* nothing there: section 5 */
	assert_int_equal(only(MODEL_REP(&m, 0))->mark.number, 7);
	rule(MODEL_VF(0), 3, 1, &vid, wire, 1);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	only(MODEL_REP(&m, 0));
	rule(MODEL_VF(0), 3, 0, &any, on, 3);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_WIRE)->len, sizeof(udp4) + 4);
	assert_true(out.to[0].mark.numbered);
	assert_int_equal(out.to[0].bytes[15], 100);
}

static void
test_sample(void **state)
{
	const struct esw_flow_act act[] = {
		{ .op = ESW_FLOW_SAMPLE, .sample = { .ratio = 1, .n_acts = 2 } },
		{ .op = ESW_FLOW_MAC_SWAP },
		{ .op = ESW_FLOW_PORT, .ep = MODEL_PF },
		{ .op = ESW_FLOW_DROP },
	};

	(void)state;
	rule(MODEL_VF(0), 0, 0, &any, act, 4);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_memory_equal(only(MODEL_PF)->bytes, udp4 + 6, 6);
}

static void
test_tunnel(void **state)
{
	uint8_t front[14 + 20 + 8 + 8] = { [12] = 8, [14] = 0x45, [22] = 64, [23] = 17 };
	struct esw_flow_act act[] = {
		{ .op = ESW_FLOW_ENCAP,
		  .encap = { .bytes = front, .len = sizeof(front), .fix = true, .entropy = true } },
		{ .op = ESW_FLOW_PORT, .ep = MODEL_WIRE },
		{ .op = ESW_FLOW_DECAP },
		{ .op = ESW_FLOW_PORT, .ep = MODEL_PF },
	};

	(void)state;
	front[36] = 4789 / 256;
	front[37] = 4789 % 256;
	rule(MODEL_VF(0), 0, 0, &any, act, 4);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(out.n, 2);
	assert_int_equal(out.to[0].len, sizeof(udp4) + sizeof(front));
	assert_int_equal(out.to[0].bytes[17], sizeof(udp4) + sizeof(front) - 14);
	assert_int_equal(out.to[0].bytes[39], sizeof(udp4) + 16);
	assert_int_equal(out.to[0].n_any, 1);
	assert_int_equal(out.to[0].any[0].to_end, sizeof(udp4) + 16);
	assert_int_equal(out.to[1].len, sizeof(udp4));
	assert_memory_equal(out.to[1].bytes, udp4, sizeof(udp4));
	assert_int_equal(out.to[1].n_any, 0);
}

static void
test_local(void **state)
{
	const struct esw_flow_act queue[] = { { .op = ESW_FLOW_FLAG },
					      { .op = ESW_FLOW_QUEUE, .queue = 2 } };
	struct esw_flow_match port = { .n_ranges = 1 };
	struct esw_flow_range *r = &port.range[0];

	(void)state;
	m.isolated[MODEL_REP(&m, 0)] = true;
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_REP(&m, 0))->fate, ESW_RX_NO_FLOW);
	r->off = offsetof(struct esw_flow_hdr, dport);
	r->len = 2;
	memset(r->mask, 0xff, 2);
	r->lo[0] = r->hi[0] = 2000 / 256;
	r->lo[1] = 1;
	r->hi[1] = 2000 % 256;
	rule(MODEL_REP(&m, 0), 0, 0, &port, queue, 2);
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_REP(&m, 0))->fate, ESW_RX_DELIVERED);
	assert_int_equal(out.to[0].queues, 1u << 2);
	assert_true(out.to[0].mark.told && !out.to[0].mark.numbered);
}

static void
test_policy(void **state)
{
	const struct esw_flow_act vf1[] = { { .op = ESW_FLOW_PORT, .ep = MODEL_VF(1) } };

	(void)state;
	rule(MODEL_VF(0), 0, 0, &any, vf1, 1);
	m.vf[0].policy.isolate = m.vf[1].policy.isolate = true;
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_VF(1))->fate, ESW_RX_ISOLATED);
	m.vf[1].policy.isolate = false;
	m.vf[1].policy.mtu = 31;
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(only(MODEL_VF(1))->fate, ESW_RX_MTU);
	m.vf[0].policy.mtu = 31;
	send_octets(MODEL_VF(0), udp4, sizeof(udp4));
	assert_int_equal(out.tx, ESW_TX_MTU);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_no_rule), CASE(test_priority), CASE(test_edits), CASE(test_groups),
		CASE(test_sample),  CASE(test_tunnel),   CASE(test_local), CASE(test_policy),
	};

	return cmocka_run_group_tests_name("flow rules on the model", tests, NULL, NULL);
}
