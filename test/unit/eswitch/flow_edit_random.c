/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Random edits of random frames with right checksums, each against the reference, which computes
 * checksums anew. A failure names the frame; run with its number as argument to see it alone.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow_ref.h"

#define FRAMES 150000
#define EDITS 6

static uint64_t rnd_state;
static uint32_t first, end = FRAMES;

/* 64-bit linear congruential generator, upper half (Knuth 3.3.4 has the multiplier). */
static uint32_t
rnd(uint32_t n)
{
	rnd_state = rnd_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(rnd_state >> 32) % n;
}

static void
rnd_bytes(uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		p[i] = (uint8_t)rnd(256);
}

static uint16_t
rnd_frag(bool v6)
{
	static const uint16_t v4_of[] = { 0, 0x4000, 0x2000, 0x2011, 0x0011 };
	static const uint16_t v6_of[] = { 0, 1, 1, 0x89, 0x88 };

	return v6 ? v6_of[rnd(5)] : v4_of[rnd(3) == 0 ? rnd(5) : rnd(2)];
}

static void
rnd_l3(struct ff *f, uint32_t kind, uint8_t proto)
{
	uint8_t *ip;

	switch (kind) {
	case 0:
		ip = ff_ip4(f, proto, rnd_frag(false), rnd(4) == 0 ? rnd(11) * 4 : 0);
		ip[1] = (uint8_t)rnd(256);
		ip[8] = (uint8_t)rnd(5);
		rnd_bytes(ip + 12, 8);
		break;
	case 1:
		ip = ff_ip6(f, proto);
		ip[7] = (uint8_t)rnd(5);
		rnd_bytes(ip + 8, 32);
		break;
	case 2:
		ip = ff_ip6(f, IPPROTO_FRAGMENT);
		rnd_bytes(ip + 8, 32);
		ff_frag6(f, proto, rnd_frag(true));
		break;
	default:
		break;
	}
}

static void
rnd_frame(struct ref *r)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_TCP,    IPPROTO_UDP,
					  IPPROTO_UDP, IPPROTO_ICMPV6, IPPROTO_GRE };
	static const uint16_t types[] = { 0x0800, 0x86dd, 0x86dd, 0x88cc };
	uint32_t kind = rnd(16) == 0 ? 3 : rnd(3), tags = rnd(3);
	uint8_t proto = protos[rnd(RTE_DIM(protos))];
	struct ff f = { 0 };
	uint8_t *l4;

	ff_eth(&f, tags != 0 ? 0x88a8 : types[kind]);
	for (uint32_t i = 0; i < tags; i++)
		ff_tag(&f, (uint16_t)rnd(65536), i + 1 < tags ? 0x8100 : types[kind]);
	rnd_l3(&f, kind, proto);
	l4 = proto == IPPROTO_TCP ? ff_tcp(&f) : ff_udp(&f, 7);
	if (proto == IPPROTO_UDP || proto == IPPROTO_TCP)
		rnd_bytes(l4, 4);
	f.n += rnd(8) == 0 ? rnd(400) : rnd(40);
	rnd_bytes(l4 + 8, (uint32_t)(f.b + f.n - l4) - 8);
	if (rnd(16) == 0) /* a header that is cut off */
		f.n = 14 + rnd(f.n - 13);
	memcpy(r->b, f.b, f.n);
	r->n = f.n;
	ref_lengths(r);
	ref_cksums(r, rnd(4) != 0);
}

static struct esw_flow_act
rnd_edit(void)
{
	struct esw_flow_act a = { ESW_FLOW_POP_VLAN + rnd(ESW_FLOW_ENCAP - ESW_FLOW_POP_VLAN) };

	switch (a.op) {
	case ESW_FLOW_PUSH_VLAN:
		a.tpid = rnd(2) != 0 ? 0x8100 : 0x88a8;
		break;
	case ESW_FLOW_SET_VID:
		a.vid = (uint16_t)rnd(4096);
		break;
	case ESW_FLOW_SET_PCP:
		a.pcp = (uint8_t)rnd(8);
		break;
	case ESW_FLOW_SET_DSCP:
		a.u8 = (uint8_t)rnd(64);
		break;
	default: /* addresses, ports, TTL: whatever */
		rnd_bytes(a.ip6, sizeof(a.ip6));
	}
	return a;
}

static void
checksums_follow_edits(void **state)
{
	(void)state;
	for (uint32_t i = first; i < end; i++) {
		struct ref sent, want, is;
		struct esw_flow_front f;

		rnd_state = i;
		rnd_frame(&sent);
		ref_front(&f, &sent);
		want = sent;
		for (uint32_t j = 0; j < EDITS; j++) {
			struct esw_flow_act a = rnd_edit();
			int rc = ref_edit(&want, &a);

			if (esw_flow_edit(&f, &a) != rc)
				fail_msg("frame %u, edit %u, op %u: not %d", i, j, a.op, rc);
			ref_join(&f, &sent, &is);
			if (is.n != want.n || memcmp(is.b, want.b, is.n) != 0)
				fail_msg("frame %u, edit %u, op %u: not the same", i, j, a.op);
		}
	}
}

/* Edits of what an encapsulation put in front, and of what its removal leaves. */
static void
tunnels_and_edits(void **state)
{
	(void)state;
	for (uint32_t i = first; i < end / 4; i++) {
		struct ref sent, want;
		struct esw_flow_front f;
		struct ff e = { 0 };
		struct esw_flow_act a;

		rnd_state = ~(uint64_t)i;
		rnd_frame(&sent);
		ref_front(&f, &sent);
		want = sent;
		ff_eth(&e, rnd(2) != 0 ? 0x0800 : 0x86dd);
		rnd_l3(&e, e.b[12] == 0x08 ? 0 : 1, IPPROTO_UDP);
		ff_udp(&e, ESW_FLOW_VXLAN_PORT);
		ff_vxlan(&e);
		a = (struct esw_flow_act){ ESW_FLOW_ENCAP };
		a.encap.bytes = e.b;
		a.encap.len = (uint16_t)e.n;
		a.encap.fix = true; /* the reference knows only right checksums */
		ref_same(&f, &sent, &want, &a);
		for (uint32_t j = 0; j < 2; j++) {
			a = rnd_edit();
			ref_same(&f, &sent, &want, &a);
		}
		a = (struct esw_flow_act){ ESW_FLOW_DECAP };
		ref_same(&f, &sent, &want, &a);
		a = rnd_edit();
		ref_same(&f, &sent, &want, &a);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(checksums_follow_edits),
	cmocka_unit_test(tunnels_and_edits),
};

int
main(int argc, char **argv)
{
	if (argc > 1) {
		first = (uint32_t)strtoul(argv[1], NULL, 10);
		end = first + 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
