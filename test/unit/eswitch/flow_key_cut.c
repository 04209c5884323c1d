/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Flow keys of frames inside VXLAN, of frames that end early and of less depth. Frames lie in
 * memory of their size, for sanitizers.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rte_byteorder.h>

#include "flow_frames.h"

#define NONE UINT16_MAX

/* A tag, IPv6, UDP, VXLAN; inside two tags, IPv4 with options, TCP. */
#define VX_L4 (18 + 40)
#define VX_INNER (VX_L4 + 16)
#define VX_INNER_L3 (VX_INNER + 22)
#define VX_INNER_L4 (VX_INNER_L3 + 24)

static void
vxlan_frame(struct ff *f)
{
	f->n = 0;
	ff_eth(f, 0x8100);
	ff_tag(f, 7, 0x86dd);
	ff_ip6(f, IPPROTO_UDP);
	ff_udp(f, ESW_FLOW_VXLAN_PORT);
	ff_vxlan(f);
	ff_eth(f, 0x88a8);
	ff_tag(f, 0x2008, 0x8100);
	ff_tag(f, 9, 0x0800);
	ff_ip4(f, IPPROTO_TCP, 0x4000, 4);
	ff_tcp(f);
}

static void
vxlan_fields(void **state)
{
	struct ff f, in = { 0 };
	union esw_flow_key k, k_in;
	struct esw_flow_at at;

	(void)state;
	vxlan_frame(&f);
	at = ff_read(&f, f.n, ESW_FLOW_INNER, &k);
	assert_int_equal(at.inner, VX_INNER);
	assert_int_equal(at.l4, VX_L4);
	assert_int_equal(k.h[0].bits, ESW_FLOW_VLAN | ESW_FLOW_VXLAN);
	assert_memory_equal(k.h[0].vni, ((const uint8_t[]){ 0x31, 0x32, 0x33 }), 3);
	assert_int_equal(k.h[0].vx_flags, 0x08);
	assert_int_equal(k.h[0].dport, RTE_BE16(4789));
	/* The same fields are read of the frame inside as of a frame. */
	in.n = f.n - VX_INNER;
	memcpy(in.b, f.b + VX_INNER, in.n);
	(void)ff_read(&in, in.n, ESW_FLOW_L4, &k_in);
	assert_memory_equal(&k.h[1], &k_in.h[0], sizeof(k.h[1]));
	assert_int_equal(k.h[1].l4, IPPROTO_TCP);
	assert_int_equal(k.h[1].tci1, RTE_BE16(9));
}

static void
vxlan_is_udp_to_its_port(void **state)
{
	union esw_flow_key k;
	struct ff f;

	(void)state;
	vxlan_frame(&f);
	f.b[VX_L4 + 3]++; /* destination port */
	assert_int_equal(ff_read(&f, f.n, ESW_FLOW_INNER, &k).inner, NONE);
	assert_int_equal(k.h[0].bits, ESW_FLOW_VLAN);
	assert_int_equal(k.w[9], 0);
	for (uint32_t i = ESW_FLOW_HDR_WORDS; i < ESW_FLOW_WORDS; i++)
		assert_int_equal(k.w[i], 0);
	vxlan_frame(&f);
	f.b[18 + 6] = IPPROTO_SCTP;
	assert_int_equal(ff_read(&f, f.n, ESW_FLOW_INNER, &k).inner, NONE);
	assert_int_equal(k.h[0].l4, IPPROTO_SCTP);
	assert_int_equal(k.h[0].bits, ESW_FLOW_VLAN);
}

static void
vxlan_in_vxlan_is_not_looked_at(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		ff_eth(&f, 0x0800);
		ff_ip4(&f, IPPROTO_UDP, 0, 0);
		ff_udp(&f, ESW_FLOW_VXLAN_PORT);
		ff_vxlan(&f);
	}
	ff_eth(&f, 0x1234);
	(void)ff_read(&f, f.n, ESW_FLOW_INNER, &k);
	assert_int_equal(k.h[0].bits, ESW_FLOW_VXLAN);
	assert_int_equal(k.h[1].bits, 0);
	assert_int_equal(k.h[1].dport, RTE_BE16(4789));
	assert_memory_equal(k.h[1].vni, ((const uint8_t[]){ 0, 0, 0 }), 3);
}

/* Which headers may be claimed of n octets, and never more. */
static void
cut_anywhere(void **state)
{
	struct ff f, junk;
	union esw_flow_key k, again;

	(void)state;
	vxlan_frame(&f);
	for (uint32_t n = 14; n <= f.n; n++) {
		struct esw_flow_at at = ff_read(&f, n, ESW_FLOW_INNER, &k);
		const struct esw_flow_hdr *o = &k.h[0], *i = &k.h[1];

		assert_int_equal((o->bits & ESW_FLOW_VLAN) != 0, n >= 18);
		assert_int_equal(o->type1 != 0, n >= 18);
		assert_int_equal(o->l3, n >= VX_L4 ? ESW_FLOW_L3_IPV6 : 0);
		assert_int_equal(o->vtc_flow != 0, n >= VX_L4);
		assert_int_equal(at.l3, n >= VX_L4 ? 18 : NONE);
		assert_int_equal(o->l4, n >= VX_L4 + 8 ? IPPROTO_UDP : 0);
		assert_int_equal(o->sport != 0, n >= VX_L4 + 8);
		assert_int_equal(at.l4, n >= VX_L4 + 8 ? VX_L4 : NONE);
		assert_int_equal(at.inner, n >= VX_INNER + 14 ? VX_INNER : NONE);
		assert_int_equal((o->bits & ESW_FLOW_VXLAN) != 0, n >= VX_INNER + 14);
		assert_int_equal(o->vni[0] != 0, n >= VX_INNER + 14);
		assert_int_equal(i->type != 0, n >= VX_INNER + 14);
		assert_int_equal((i->bits & ESW_FLOW_VLAN) != 0, n >= VX_INNER + 18);
		assert_int_equal((i->bits & ESW_FLOW_VLAN2) != 0, n >= VX_INNER + 22);
		assert_int_equal(i->l3, n >= VX_INNER_L4 ? ESW_FLOW_L3_IPV4 : 0);
		assert_int_equal(i->src4 != 0, n >= VX_INNER_L4);
		assert_int_equal(i->l4, n >= VX_INNER_L4 + 20 ? IPPROTO_TCP : 0);
		assert_int_equal(i->tcp_flags != 0, n >= VX_INNER_L4 + 20);
		/* What lies behind plays no part. */
		junk = f;
		memset(junk.b + n, 0x5a, sizeof(junk.b) - n);
		memset(&again, FF_UNTOUCHED, sizeof(again));
		esw_flow_key_read(junk.b, n, ESW_FLOW_INNER, &again, NULL);
		assert_memory_equal(&k, &again, sizeof(k));
	}
}

static void
l4_needs_all_its_octets(void **state)
{
	static const struct {
		uint8_t proto;
		uint32_t need;
	} t[] = {
		{ IPPROTO_TCP, 20 }, { IPPROTO_UDP, 8 },    { IPPROTO_SCTP, 12 },
		{ IPPROTO_ICMP, 8 }, { IPPROTO_ICMPV6, 8 }, { IPPROTO_GRE, 100 },
	};

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(t); i++) {
		struct ff f = { 0 };

		ff_eth(&f, 0x86dd);
		ff_ip6(&f, t[i].proto);
		for (uint32_t n = 0; n < 24; n++, ff_payload(&f, 1)) {
			union esw_flow_key k;
			struct esw_flow_at at = ff_read(&f, f.n, ESW_FLOW_INNER, &k);

			assert_int_equal(k.h[0].l4, n >= t[i].need ? t[i].proto : 0);
			assert_int_equal(k.w[7] != 0, n >= t[i].need);
			assert_int_equal(at.l4, n >= t[i].need ? 54 : NONE);
		}
	}
}

static void
fragment_header_needs_all_its_octets(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;

	(void)state;
	ff_eth(&f, 0x86dd);
	ff_ip6(&f, IPPROTO_FRAGMENT);
	ff_frag6(&f, IPPROTO_UDP, 0x0011);
	(void)ff_read(&f, f.n, ESW_FLOW_L4, &k);
	assert_int_equal(k.h[0].bits, ESW_FLOW_FRAG | ESW_FLOW_FRAG_LATER | ESW_FLOW_FRAG_EXT);
	(void)ff_read(&f, f.n - 1, ESW_FLOW_L4, &k);
	assert_int_equal(k.h[0].l3, ESW_FLOW_L3_IPV6);
	assert_int_equal(k.h[0].bits, 0);
	assert_int_equal(k.w[7], 0);
	assert_int_equal(k.w[9], 0);
}

/* Of less depth the same is read, as far as it goes, and the rest is left alone. */
static void
depths(void **state)
{
	union esw_flow_key all, k;
	struct esw_flow_at at;
	struct ff f;

	(void)state;
	vxlan_frame(&f);
	(void)ff_read(&f, f.n, ESW_FLOW_INNER, &all);
	at = ff_read(&f, f.n, ESW_FLOW_L4, &k);
	assert_int_equal(at.l4, VX_L4);
	assert_int_equal(at.inner, NONE);
	all.h[0].bits &= ~ESW_FLOW_VXLAN;
	memset(all.h[0].vni, 0, sizeof(all.h[0].vni));
	all.h[0].vx_flags = 0;
	assert_memory_equal(&k.h[0], &all.h[0], sizeof(k.h[0]));
	for (uint32_t i = 0; i < sizeof(k.h[1]); i++)
		assert_int_equal(((const uint8_t *)&k.h[1])[i], FF_UNTOUCHED);
	at = ff_read(&f, f.n, ESW_FLOW_L2, &k);
	assert_int_equal(at.l3, NONE);
	assert_memory_equal(k.w, all.w, 16);
	all.h[0].l3 = 0;
	all.h[0].l4 = 0;
	all.h[0].proto = 0;
	assert_int_equal(k.w[2], all.w[2]);
	assert_int_equal(k.w[8], 0);
	for (uint32_t i = 24; i < sizeof(k); i++)
		assert_true(i / 8 == 8 || ((const uint8_t *)&k)[i] == FF_UNTOUCHED);
}

static void
depth_of_each_octet(void **state)
{
	union esw_flow_key m = { 0 };
	uint8_t *o = (uint8_t *)&m;

	(void)state;
	assert_int_equal(esw_flow_depth_of(&m), ESW_FLOW_L2);
	for (uint32_t i = 0; i < sizeof(m); i++) {
		enum esw_flow_depth want = ESW_FLOW_L4;

		if (i >= sizeof(m) / 2 || (i >= offsetof(struct esw_flow_hdr, vni) &&
					   i <= offsetof(struct esw_flow_hdr, vx_flags)))
			want = ESW_FLOW_INNER;
		else if (i < offsetof(struct esw_flow_hdr, l3) ||
			 i / 2 == offsetof(struct esw_flow_hdr, type2) / 2)
			want = ESW_FLOW_L2;
		o[i] = i == offsetof(struct esw_flow_hdr, bits) ? ESW_FLOW_FRAG : 0x10;
		assert_int_equal(esw_flow_depth_of(&m), want);
		o[i] = 0;
	}
	m.h[0].bits = ESW_FLOW_VLAN | ESW_FLOW_VLAN2;
	assert_int_equal(esw_flow_depth_of(&m), ESW_FLOW_L2);
	m.h[0].bits = ESW_FLOW_FRAG_EXT;
	assert_int_equal(esw_flow_depth_of(&m), ESW_FLOW_L4);
	m.h[0].bits = ESW_FLOW_VXLAN;
	assert_int_equal(esw_flow_depth_of(&m), ESW_FLOW_INNER);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(vxlan_fields),
	cmocka_unit_test(vxlan_is_udp_to_its_port),
	cmocka_unit_test(vxlan_in_vxlan_is_not_looked_at),
	cmocka_unit_test(cut_anywhere),
	cmocka_unit_test(l4_needs_all_its_octets),
	cmocka_unit_test(fragment_header_needs_all_its_octets),
	cmocka_unit_test(depths),
	cmocka_unit_test(depth_of_each_octet),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
