/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What is read of a frame for flow rules. Frames lie in memory of their size, for sanitizers. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rte_byteorder.h>

#include "flow_frames.h"

#define NONE UINT16_MAX

static struct esw_flow_at
read_all(const struct ff *f, union esw_flow_key *k)
{
	return ff_read(f, f->n, ESW_FLOW_INNER, k);
}

static void
assert_octets(const void *is, const void *want, size_t n)
{
	assert_memory_equal(is, want, n);
}

#define ASSERT_OCTETS(is, ...) \
	assert_octets(is, (const uint8_t[]){ __VA_ARGS__ }, \
		      sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void
assert_zero(const uint64_t *w, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(w[i], 0);
}

static void
assert_at(const struct esw_flow_at *at, uint16_t l3, uint16_t l4, uint16_t inner)
{
	assert_int_equal(at->l2, 0);
	assert_int_equal(at->l3, l3);
	assert_int_equal(at->l4, l4);
	assert_int_equal(at->inner, inner);
}

static void
addresses_and_type(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;

	(void)state;
	ff_eth(&f, 0x1234);
	at = read_all(&f, &k);
	ASSERT_OCTETS(k.h[0].dst, 0x02, 1, 2, 3, 4, 5);
	ASSERT_OCTETS(k.h[0].src, 0x06, 11, 12, 13, 14, 15);
	assert_int_equal(k.h[0].type, RTE_BE16(0x1234));
	assert_int_equal(k.h[0].type1, 0);
	assert_zero(&k.w[2], ESW_FLOW_WORDS - 2);
	assert_at(&at, NONE, NONE, NONE);
}

static void
no_one_asks_where(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key a, b;

	(void)state;
	ff_eth(&f, 0x0800);
	ff_ip4(&f, IPPROTO_TCP, 0, 0);
	ff_tcp(&f);
	(void)read_all(&f, &a);
	esw_flow_key_read(f.b, f.n, ESW_FLOW_INNER, &b, NULL);
	assert_memory_equal(&a, &b, sizeof(a));
}

static void
one_tag(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;

	(void)state;
	ff_eth(&f, 0x88a8);
	ff_tag(&f, 0xb123, 0x0800);
	ff_ip4(&f, 200, 0, 0);
	at = read_all(&f, &k);
	assert_int_equal(k.h[0].type, RTE_BE16(0x88a8));
	assert_int_equal(k.h[0].tci, RTE_BE16(0xb123));
	assert_int_equal(k.h[0].type1, RTE_BE16(0x0800));
	assert_int_equal(k.h[0].tci1, 0);
	assert_int_equal(k.h[0].type2, 0);
	assert_int_equal(k.h[0].bits, ESW_FLOW_VLAN);
	assert_int_equal(k.h[0].l3, ESW_FLOW_L3_IPV4);
	assert_at(&at, 18, NONE, NONE);
}

static void
two_tags(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;

	(void)state;
	ff_eth(&f, 0x88a8);
	ff_tag(&f, 0xb123, 0x8100);
	ff_tag(&f, 0x0456, 0x86dd);
	ff_ip6(&f, IPPROTO_UDP);
	ff_udp(&f, 53);
	at = read_all(&f, &k);
	assert_int_equal(k.h[0].tci, RTE_BE16(0xb123));
	assert_int_equal(k.h[0].type1, RTE_BE16(0x8100));
	assert_int_equal(k.h[0].tci1, RTE_BE16(0x0456));
	assert_int_equal(k.h[0].type2, RTE_BE16(0x86dd));
	assert_int_equal(k.h[0].bits, ESW_FLOW_VLAN | ESW_FLOW_VLAN2);
	assert_int_equal(k.h[0].l4, IPPROTO_UDP);
	assert_at(&at, 22, 62, NONE);
}

static void
three_tags_hide_l3(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;

	(void)state;
	ff_eth(&f, 0x8100);
	ff_tag(&f, 1, 0x8100);
	ff_tag(&f, 2, 0x8100);
	ff_tag(&f, 3, 0x0800);
	ff_ip4(&f, IPPROTO_UDP, 0, 0);
	at = read_all(&f, &k);
	assert_int_equal(k.h[0].type2, RTE_BE16(0x8100));
	assert_int_equal(k.h[0].bits, ESW_FLOW_VLAN | ESW_FLOW_VLAN2);
	assert_int_equal(k.h[0].l3, 0);
	assert_zero(&k.w[3], 5);
	assert_at(&at, NONE, NONE, NONE);
}

static void
ip4_fields(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;
	uint8_t *ip;

	(void)state;
	ff_eth(&f, 0x0800);
	ip = ff_ip4(&f, IPPROTO_TCP, 0x4000, 12);
	ip_put16(ip + 2, 0x1122);
	ff_tcp(&f);
	at = read_all(&f, &k);
	assert_int_equal(k.h[0].l3, ESW_FLOW_L3_IPV4);
	assert_int_equal(k.h[0].l4, IPPROTO_TCP);
	assert_int_equal(k.h[0].proto, IPPROTO_TCP);
	assert_int_equal(k.h[0].bits, 0); /* DF makes no fragment */
	ASSERT_OCTETS(&k.h[0].src4, 10, 1, 2, 3);
	ASSERT_OCTETS(&k.h[0].dst4, 192, 168, 7, 9);
	assert_zero(&k.w[4], 3);
	assert_int_equal(k.h[0].frag, RTE_BE16(0x4000));
	assert_int_equal(k.h[0].tos, 0xb9);
	assert_int_equal(k.h[0].ttl, 64);
	assert_int_equal(k.h[0].ip_len, RTE_BE16(0x1122));
	assert_int_equal(k.h[0].ip_id, RTE_BE16(0xabcd));
	assert_int_equal(k.h[0].ver_ihl, 0x48);
	assert_int_equal(k.h[0].frag_next, 0);
	assert_at(&at, 14, 46, NONE);
}

static void
ip6_fields(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;

	(void)state;
	ff_eth(&f, 0x86dd);
	ff_ip6(&f, IPPROTO_HOPOPTS);
	ff_payload(&f, 40);
	at = read_all(&f, &k);
	assert_int_equal(k.h[0].l3, ESW_FLOW_L3_IPV6);
	assert_int_equal(k.h[0].l4, 0); /* other extension headers are not walked */
	assert_int_equal(k.h[0].proto, IPPROTO_HOPOPTS);
	assert_int_equal(k.h[0].bits, 0);
	assert_memory_equal(k.h[0].src6, f.b + 14 + 8, 16);
	assert_memory_equal(k.h[0].dst6, f.b + 14 + 24, 16);
	assert_int_equal(k.w[7], 0);
	assert_int_equal(k.h[0].tos, 0);
	assert_int_equal(k.h[0].ttl, 63);
	assert_int_equal(k.h[0].vtc_flow, RTE_BE32(0x6abcdef1));
	assert_int_equal(k.w[9], 0);
	assert_at(&at, 14, NONE, NONE);
}

static void
arp_fields(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	struct esw_flow_at at;

	(void)state;
	ff_eth(&f, 0x0806);
	FF_ADD(&f, 0, 1, 8, 0, 6, 4, 0, 2, 1, 2, 3, 4, 5, 6, 10, 0, 0, 7, 11, 12, 13, 14, 15, 16,
	       10, 0, 0, 8);
	at = read_all(&f, &k);
	assert_int_equal(k.h[0].l3, ESW_FLOW_L3_ARP);
	ASSERT_OCTETS(&k.h[0].spa, 10, 0, 0, 7);
	ASSERT_OCTETS(&k.h[0].tpa, 10, 0, 0, 8);
	ASSERT_OCTETS(k.h[0].sha, 1, 2, 3, 4, 5, 6);
	ASSERT_OCTETS(k.h[0].tha, 11, 12, 13, 14, 15, 16);
	assert_int_equal(k.h[0].arp_op, RTE_BE16(2));
	assert_int_equal(k.h[0].arp_pad, 0);
	assert_zero(&k.w[6], 4);
	assert_int_equal(k.h[0].l4, 0);
	assert_at(&at, 14, NONE, NONE);
	for (uint32_t i = 14; i < 20; i++) { /* each octet of types and lengths counts */
		f.b[i] ^= 0x10;
		(void)read_all(&f, &k);
		assert_int_equal(k.h[0].l3, 0);
		assert_zero(&k.w[3], 4);
		f.b[i] ^= 0x10;
	}
}

static void
l4_fields(void **state)
{
	static const struct {
		uint8_t proto;
		uint8_t words[16]; /* words 7 and 9, of the latter all but octet 4 */
	} t[] = {
		{ IPPROTO_TCP, { 0x12, 0x34, 0x56, 0x78, 0x50, 0x12 } },
		{ IPPROTO_UDP, { 0x12, 0x34, 0x56, 0x78 } },
		{ IPPROTO_SCTP, { 0x12, 0x34, 0x56, 0x78 } },
		{ IPPROTO_ICMP, { 0x12, 0x34, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4 } },
		{ IPPROTO_ICMPV6, { 0x12, 0x34, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4 } },
	};

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(t); i++) {
		struct ff f = { 0 };
		union esw_flow_key k;
		struct esw_flow_at at;

		ff_eth(&f, 0x0800);
		ff_ip4(&f, t[i].proto, 0, 0);
		ff_tcp(&f); /* octets are octets */
		at = read_all(&f, &k);
		assert_int_equal(k.h[0].l4, t[i].proto);
		k.h[0].ver_ihl = 0;
		assert_memory_equal(&k.w[7], t[i].words, 8);
		assert_memory_equal(&k.w[9], t[i].words + 8, 8);
		assert_at(&at, 14, 34, NONE);
	}
}

static void
nonsense_is_no_ip(void **state)
{
	struct ff f = { 0 };
	union esw_flow_key k;
	static const uint8_t first[] = { 0x44, 0x55, 0x65, 0x05, 0x4b };

	(void)state;
	ff_eth(&f, 0x0800);
	ff_ip4(&f, IPPROTO_UDP, 0, 0);
	ff_udp(&f, 1);
	ff_payload(&f, 12); /* 40 octets behind Ethernet: version 6 would have room */
	for (uint32_t i = 0; i < RTE_DIM(first); i++) {
		f.b[14] = first[i];
		f.b[13] = 0x00;
		(void)read_all(&f, &k);
		assert_int_equal(k.h[0].l3, 0);
		assert_zero(&k.w[2], ESW_FLOW_WORDS - 2);
	}
	f.b[12] = 0x86;
	f.b[13] = 0xdd;
	f.b[14] = 0x45;
	(void)read_all(&f, &k);
	assert_zero(&k.w[2], ESW_FLOW_WORDS - 2);
}

static void
ip4_fragments(void **state)
{
	static const struct {
		uint16_t frag;
		uint8_t bits, l4;
	} t[] = {
		{ 0x0000, 0, IPPROTO_UDP },
		{ 0xc000, 0, IPPROTO_UDP },
		{ 0x2000, ESW_FLOW_FRAG, IPPROTO_UDP },
		{ 0x0001, ESW_FLOW_FRAG | ESW_FLOW_FRAG_LATER, 0 },
		{ 0x1000, ESW_FLOW_FRAG | ESW_FLOW_FRAG_LATER, 0 },
		{ 0x20b9, ESW_FLOW_FRAG | ESW_FLOW_FRAG_LATER, 0 },
	};

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(t); i++) {
		struct ff f = { 0 };
		union esw_flow_key k;
		struct esw_flow_at at;

		ff_eth(&f, 0x0800);
		ff_ip4(&f, IPPROTO_UDP, t[i].frag, 0);
		ff_udp(&f, 53);
		at = read_all(&f, &k);
		assert_int_equal(k.h[0].bits, t[i].bits);
		assert_int_equal(k.h[0].l4, t[i].l4);
		assert_int_equal(k.h[0].proto, IPPROTO_UDP);
		assert_int_equal(rte_be_to_cpu_16(k.h[0].frag), t[i].frag);
		assert_int_equal(rte_be_to_cpu_16(k.h[0].dport), t[i].l4 != 0 ? 53 : 0);
		assert_at(&at, 14, t[i].l4 != 0 ? 34 : NONE, NONE);
	}
}

static void
ip6_fragments(void **state)
{
	static const struct {
		uint16_t frag;
		uint8_t bits, l4;
	} t[] = {
		{ 0x0000, ESW_FLOW_FRAG, IPPROTO_TCP }, /* RFC 6946 */
		{ 0x0001, ESW_FLOW_FRAG, IPPROTO_TCP },
		{ 0x0006, ESW_FLOW_FRAG, IPPROTO_TCP }, /* reserved bits are no offset */
		{ 0x0008, ESW_FLOW_FRAG | ESW_FLOW_FRAG_LATER, 0 },
		{ 0x8001, ESW_FLOW_FRAG | ESW_FLOW_FRAG_LATER, 0 },
	};

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(t); i++) {
		struct ff f = { 0 };
		union esw_flow_key k;
		struct esw_flow_at at;

		ff_eth(&f, 0x86dd);
		ff_ip6(&f, IPPROTO_FRAGMENT);
		ff_frag6(&f, IPPROTO_TCP, t[i].frag);
		ff_tcp(&f);
		at = read_all(&f, &k);
		assert_int_equal(k.h[0].bits, t[i].bits | ESW_FLOW_FRAG_EXT);
		assert_int_equal(k.h[0].l4, t[i].l4);
		assert_int_equal(k.h[0].proto, IPPROTO_FRAGMENT);
		assert_int_equal(k.h[0].frag_next, IPPROTO_TCP);
		assert_int_equal(rte_be_to_cpu_16(k.h[0].frag), t[i].frag);
		assert_at(&at, 14, t[i].l4 != 0 ? 62 : NONE, NONE);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(addresses_and_type),
	cmocka_unit_test(no_one_asks_where),
	cmocka_unit_test(one_tag),
	cmocka_unit_test(two_tags),
	cmocka_unit_test(three_tags_hide_l3),
	cmocka_unit_test(ip4_fields),
	cmocka_unit_test(ip6_fields),
	cmocka_unit_test(arp_fields),
	cmocka_unit_test(l4_fields),
	cmocka_unit_test(nonsense_is_no_ip),
	cmocka_unit_test(ip4_fragments),
	cmocka_unit_test(ip6_fragments),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
