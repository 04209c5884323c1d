/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Edits of flow rules, one by one: what is changed, what is not, and what is refused. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow_ref.h"

/* A frame, its front, and what it should be. */
struct bench {
	struct ref sent, want, is;
	struct esw_flow_front f;
};

static void
bench_set(struct bench *b, const struct ff *f)
{
	memcpy(b->sent.b, f->b, f->n);
	b->sent.n = f->n;
	ref_lengths(&b->sent);
	ref_cksums(&b->sent, true);
	b->want = b->sent;
	ref_front(&b->f, &b->sent);
}

/* Do it, and join. */
static int
bench_do(struct bench *b, const struct esw_flow_act *a)
{
	int rc = esw_flow_edit(&b->f, a);

	ref_join(&b->f, &b->sent, &b->is);
	return rc;
}

static void
assert_want(struct bench *b)
{
	assert_int_equal(b->is.n, b->want.n);
	assert_memory_equal(b->is.b, b->want.b, b->want.n);
}

static struct ff
ip4_frame(uint8_t proto, uint16_t frag)
{
	struct ff f = { 0 };

	ff_eth(&f, 0x0800);
	ff_ip4(&f, proto, frag, 0);
	if (proto == IPPROTO_TCP)
		ff_tcp(&f);
	else
		ff_udp(&f, 53);
	ff_payload(&f, 31);
	return f;
}

static struct ff
ip6_frame(uint8_t proto)
{
	struct ff f = { 0 };

	ff_eth(&f, 0x86dd);
	ff_ip6(&f, proto);
	if (proto == IPPROTO_TCP)
		ff_tcp(&f);
	else
		ff_udp(&f, 53); /* of ICMPv6: type, code, no checksum yet */
	ff_payload(&f, 31);
	return f;
}

static void
pushes_without_tag(void **state)
{
	struct ff f = ip4_frame(IPPROTO_TCP, 0);
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_PUSH_VLAN, .tpid = 0x88a8 }),
			 0);
	assert_int_equal(b.is.n, f.n + 4);
	assert_memory_equal(b.is.b, b.sent.b, 12);
	assert_int_equal(ip_get32(b.is.b + 12), 0x88a80000);
	assert_memory_equal(b.is.b + 16, b.sent.b + 12, f.n - 12);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_POP_VLAN }), 0);
	assert_want(&b);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_POP_VLAN }), 0);
	assert_want(&b); /* none to pop */
}

static void
pushed_tag_has_the_outer_tci(void **state)
{
	struct ff f = { 0 };
	struct bench b;

	(void)state;
	ff_eth(&f, 0x8100);
	ff_tag(&f, 0xb064, 0x1234);
	bench_set(&b, &f);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_PUSH_VLAN, .tpid = 0x88a8 }),
			 0);
	assert_int_equal(ip_get32(b.is.b + 12), 0x88a8b064);
	assert_int_equal(ip_get32(b.is.b + 16), 0x8100b064);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_SET_VID, .vid = 0xabc }), 0);
	assert_int_equal(ip_get32(b.is.b + 12), 0x88a8babc); /* PCP and DEI stay */
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_SET_PCP, .pcp = 2 }), 0);
	assert_int_equal(ip_get32(b.is.b + 12), 0x88a85abc);
	assert_int_equal(ip_get32(b.is.b + 16), 0x8100b064);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_POP_VLAN }), 0);
	assert_want(&b);
}

static void
half_a_tag_is_none(void **state)
{
	struct ff f = { 0 };
	struct bench b;

	(void)state;
	ff_eth(&f, 0x8100);
	ff_payload(&f, 3);
	bench_set(&b, &f);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_POP_VLAN }), 0);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_SET_VID, .vid = 5 }), 0);
	assert_want(&b);
}

static void
sets_ethernet_addresses(void **state)
{
	struct ff f = ip4_frame(IPPROTO_TCP, 0);
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_SET_SRC,
							      .mac = { 1, 2, 3, 4, 5, 6 } }),
			 0);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_SET_DST,
							      .mac = { 7, 8, 9, 10, 11, 12 } }),
			 0);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_MAC_SWAP }), 0);
	memcpy(b.want.b, (const uint8_t[]){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, 12);
	assert_want(&b);
}

/* A known example: RFC 1624 4. The field 0x5555 becomes 0x3285, checksum 0xdd2f becomes 0x0000. */
static void
rfc1624_example(void **state)
{
	static const uint8_t was[] = { 0x55, 0x55 }, now[] = { 0x32, 0x85 };
	struct ff f = ip4_frame(IPPROTO_GRE, 0);
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	memcpy(b.f.p + 14 + 12, was, 2);
	memcpy(b.f.p + 14 + 14, was, 2);
	ip_put16(b.f.p + 14 + 10, 0xdd2f);
	assert_int_equal(bench_do(&b, &(struct esw_flow_act){ ESW_FLOW_SET_IP4_SRC,
							      .ip4 = RTE_BE32(0x32855555) }),
			 0);
	assert_memory_equal(b.is.b + 14 + 12, now, 2);
	assert_int_equal(ip_get16(b.is.b + 14 + 10), 0x0000);
}

static void
ttl_ends_at_one(void **state)
{
	static const uint32_t ttl_at[] = { 14 + 8, 14 + 7 };
	struct ff f[] = { ip4_frame(IPPROTO_TCP, 0), ip6_frame(IPPROTO_TCP) };
	static const struct esw_flow_act dec = { ESW_FLOW_DEC_TTL };

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(f); i++) {
		struct bench b;

		f[i].b[ttl_at[i]] = 3;
		bench_set(&b, &f[i]);
		ref_same(&b.f, &b.sent, &b.want, &dec);
		ref_same(&b.f, &b.sent, &b.want, &dec);
		assert_int_equal(b.f.p[ttl_at[i]], 1);
		assert_int_equal(bench_do(&b, &dec), -EDOM);
		assert_want(&b);
		ref_same(&b.f, &b.sent, &b.want,
			 &(struct esw_flow_act){ ESW_FLOW_SET_TTL, .u8 = 0 });
		assert_int_equal(bench_do(&b, &dec), -EDOM);
		assert_want(&b);
	}
}

static void
dscp_leaves_ecn_and_flow_label(void **state)
{
	struct ff f4 = ip4_frame(IPPROTO_TCP, 0), f6 = ip6_frame(IPPROTO_TCP);
	static const struct esw_flow_act dscp = { ESW_FLOW_SET_DSCP, .u8 = 0x2d };
	struct bench b;

	(void)state;
	bench_set(&b, &f4);
	assert_int_equal(bench_do(&b, &dscp), 0);
	assert_int_equal(b.is.b[15], 0xb5); /* was 0xb9 */
	bench_set(&b, &f6);
	assert_int_equal(bench_do(&b, &dscp), 0);
	assert_int_equal(ip_get32(b.is.b + 14), 0x6b7cdef1); /* was 0x6abcdef1 */
}

static void
udp_checksum_of_zero_stays(void **state)
{
	static const struct esw_flow_act acts[] = {
		{ ESW_FLOW_SET_IP4_SRC, .ip4 = RTE_BE32(0x01020304) },
		{ ESW_FLOW_SET_SPORT, .port = RTE_BE16(77) },
	};
	struct ff f = ip4_frame(IPPROTO_UDP, 0);
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	ip_put16(b.sent.b + 14 + 20 + 6, 0);
	ref_front(&b.f, &b.sent);
	for (uint32_t i = 0; i < RTE_DIM(acts); i++) {
		assert_int_equal(bench_do(&b, &acts[i]), 0);
		assert_int_equal(ip_get16(b.is.b + 14 + 20 + 6), 0);
	}
	assert_int_equal(ip_get16(b.is.b + 14 + 20), 77);
}

/* Every port once: among them is the one that makes the sum zero, which UDP writes as ones. */
static void
udp_checksum_never_becomes_zero(void **state)
{
	struct ff f = ip4_frame(IPPROTO_UDP, 0);
	uint32_t ones = 0;
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	for (uint32_t port = 0; port < 65536; port++) {
		struct esw_flow_act a = { ESW_FLOW_SET_DPORT,
					  .port = rte_cpu_to_be_16((uint16_t)port) };
		uint32_t c;

		assert_int_equal(esw_flow_edit(&b.f, &a), 0);
		c = ip_get16(b.f.p + 14 + 20 + 6);
		assert_int_not_equal(c, 0);
		ones += c == 0xffff;
		ip_put16(b.want.b + 14 + 20 + 2, port);
		assert_int_equal(c, ip_l4_cksum(b.want.b, 14, 20, true));
	}
	assert_true(ones >= 1);
}

static void
wrong_checksums_stay_wrong(void **state)
{
	static const struct esw_flow_act a = { ESW_FLOW_SET_IP4_DST, .ip4 = RTE_BE32(0x01020304) };
	struct ff f = ip4_frame(IPPROTO_TCP, 0);
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	b.sent.b[14 + 10] ^= 0x40;
	b.sent.b[14 + 20 + 16] ^= 0x40;
	ref_front(&b.f, &b.sent);
	assert_int_equal(bench_do(&b, &a), 0);
	assert_int_not_equal(ip_get16(b.is.b + 24), ip_hdr_cksum(b.is.b, 14, 20));
	assert_int_not_equal(ip_get16(b.is.b + 50), ip_l4_cksum(b.is.b, 14, 20, false));
}

/* Edits of headers that a frame does not have. */
static void
no_place_no_change(void **state)
{
	static const struct esw_flow_act v4[] = {
		{ ESW_FLOW_SET_IP4_SRC, .ip4 = RTE_BE32(0x01020304) },
		{ ESW_FLOW_SET_IP4_DST, .ip4 = RTE_BE32(0x01020304) },
	}, v6[] = {
		{ ESW_FLOW_SET_IP6_SRC, .ip6 = { 1 } },
		{ ESW_FLOW_SET_IP6_DST, .ip6 = { 1 } },
	}, any[] = {
		{ ESW_FLOW_POP_VLAN },
		{ ESW_FLOW_SET_VID, .vid = 9 },
		{ ESW_FLOW_SET_PCP, .pcp = 7 },
		{ ESW_FLOW_SET_SPORT, .port = 1 },
		{ ESW_FLOW_SET_DPORT, .port = 1 },
		{ ESW_FLOW_DECAP },
	}, ip[] = {
		{ ESW_FLOW_SET_TTL, .u8 = 9 },
		{ ESW_FLOW_DEC_TTL },
		{ ESW_FLOW_SET_DSCP, .u8 = 9 },
	};
	struct ff other = { 0 }, cut = ip4_frame(IPPROTO_TCP, 0);
	struct {
		struct ff f;
		bool is4, is6;
	} t[] = {
		{ ip4_frame(IPPROTO_SCTP, 0), true, false }, /* ports are those of TCP and UDP */
		{ ip4_frame(IPPROTO_UDP, 0x0003), true, false },
		{ ip6_frame(IPPROTO_ICMPV6), false, true },
		{ other, false, false },
		{ cut, false, false },
	};

	(void)state;
	ff_eth(&t[3].f, 0x88cc);
	ff_payload(&t[3].f, 46);
	t[4].f.n = 14 + 19;
	for (uint32_t i = 0; i < RTE_DIM(t); i++) {
		struct bench b;

		bench_set(&b, &t[i].f);
		for (uint32_t j = 0; j < RTE_DIM(v4) && !t[i].is4; j++)
			assert_int_equal(bench_do(&b, &v4[j]), 0);
		for (uint32_t j = 0; j < RTE_DIM(v6) && !t[i].is6; j++)
			assert_int_equal(bench_do(&b, &v6[j]), 0);
		for (uint32_t j = 0; j < RTE_DIM(any); j++)
			assert_int_equal(bench_do(&b, &any[j]), 0);
		for (uint32_t j = 0; j < RTE_DIM(ip) && !t[i].is4 && !t[i].is6; j++)
			assert_int_equal(bench_do(&b, &ip[j]), 0);
		ref_join(&b.f, &b.sent, &b.is);
		assert_want(&b);
	}
}

/* The header checksum follows; what looks like an L4 checksum is payload. */
static void
later_fragments_have_no_l4(void **state)
{
	static const struct esw_flow_act a = { ESW_FLOW_SET_IP4_SRC, .ip4 = RTE_BE32(0x01020304) };
	struct ff f = ip4_frame(IPPROTO_TCP, 0x2001);
	struct bench b;

	(void)state;
	bench_set(&b, &f);
	assert_int_equal(bench_do(&b, &a), 0);
	assert_int_equal(ip_get32(b.is.b + 26), 0x01020304);
	assert_int_equal(ip_get16(b.is.b + 24), ip_hdr_cksum(b.is.b, 14, 20));
	assert_memory_equal(b.is.b + 34, b.sent.b + 34, f.n - 34);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pushes_without_tag),
	cmocka_unit_test(pushed_tag_has_the_outer_tci),
	cmocka_unit_test(half_a_tag_is_none),
	cmocka_unit_test(sets_ethernet_addresses),
	cmocka_unit_test(rfc1624_example),
	cmocka_unit_test(ttl_ends_at_one),
	cmocka_unit_test(dscp_leaves_ecn_and_flow_label),
	cmocka_unit_test(udp_checksum_of_zero_stays),
	cmocka_unit_test(udp_checksum_never_becomes_zero),
	cmocka_unit_test(wrong_checksums_stay_wrong),
	cmocka_unit_test(no_place_no_change),
	cmocka_unit_test(later_fragments_have_no_l4),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
