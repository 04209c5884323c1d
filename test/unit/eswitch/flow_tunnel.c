/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Octets put in front of frames and taken off, and the room that there is for it. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow_ref.h"

static struct esw_flow_act
encap_of(const struct ff *e, bool fix, bool entropy)
{
	struct esw_flow_act a = { ESW_FLOW_ENCAP };

	a.encap.bytes = e->b;
	a.encap.len = (uint16_t)e->n;
	a.encap.fix = fix;
	a.encap.entropy = entropy;
	return a;
}

static struct esw_flow_act
decap_of(uint16_t len)
{
	struct esw_flow_act a = { ESW_FLOW_DECAP };

	a.decap.len = len;
	return a;
}

/* n octets of a frame; of headers as many as fit. */
static struct ref
frame(uint32_t n)
{
	struct ref r;
	struct ff f = { 0 };

	ff_eth(&f, 0x0800);
	ff_ip4(&f, IPPROTO_TCP, 0, 0);
	ff_tcp(&f);
	for (r.n = 0; r.n < n; r.n++)
		r.b[r.n] = r.n < f.n ? f.b[r.n] : (uint8_t)(r.n * 7 + r.n / 256);
	return r;
}

static struct ff
vxlan(bool v6, uint32_t tags)
{
	struct ff e = { 0 };
	uint16_t type = v6 ? 0x86dd : 0x0800;

	ff_eth(&e, tags != 0 ? 0x88a8 : type);
	for (uint32_t i = 0; i < tags; i++)
		ff_tag(&e, 5, i + 1 < tags ? 0x8100 : type);
	if (v6)
		ff_ip6(&e, IPPROTO_UDP);
	else
		ff_ip4(&e, IPPROTO_UDP, 0x4000, 8);
	ip_put16(ff_udp(&e, ESW_FLOW_VXLAN_PORT) + 6, 0x1234);
	ff_vxlan(&e);
	return e;
}

static void
lengths_of_an_encapsulation(void **state)
{
	struct ref sent = frame(1500), is;

	(void)state;
	for (uint32_t tags = 0; tags <= 2; tags++) {
		uint32_t ip = 14 + 4 * tags;
		struct ff e = vxlan(false, tags);
		struct esw_flow_act a = encap_of(&e, true, false);
		struct esw_flow_front f;

		ref_front(&f, &sent);
		assert_int_equal(esw_flow_edit(&f, &a), 0);
		ref_join(&f, &sent, &is);
		assert_int_equal(is.n, 1500 + e.n);
		assert_int_equal(ip_get16(is.b + ip + 2), is.n - ip);
		assert_int_equal(ip_get16(is.b + ip + 10), ip_hdr_cksum(is.b, ip, 28));
		assert_int_equal(ip_get16(is.b + ip + 28), 0x1234); /* source port as given */
		assert_int_equal(ip_get16(is.b + ip + 28 + 4), is.n - ip - 28);
		assert_int_equal(ip_get16(is.b + ip + 28 + 6), 0x1234); /* checksum as well */
		assert_memory_equal(is.b + e.n, sent.b, sent.n);

		e = vxlan(true, tags);
		a = encap_of(&e, true, false);
		ref_front(&f, &sent);
		assert_int_equal(esw_flow_edit(&f, &a), 0);
		ref_join(&f, &sent, &is);
		assert_int_equal(ip_get16(is.b + ip + 4), is.n - ip - 40);
		assert_int_equal(ip_get16(is.b + ip + 40 + 4), is.n - ip - 40);
	}
}

/* Headers of the frame behind are not the encapsulation's, however little that is. */
static void
fixes_no_more_than_its_octets(void **state)
{
	static const uint32_t lens[] = { 4, 14, 14 + 27, 14 + 28, 14 + 28 + 7 };
	struct ref sent = frame(100), is;

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(lens); i++) {
		struct ff e = vxlan(false, 0);
		struct esw_flow_act a;
		struct esw_flow_front f;

		e.n = lens[i];
		a = encap_of(&e, true, true);
		ref_front(&f, &sent);
		assert_int_equal(esw_flow_edit(&f, &a), 0);
		ref_join(&f, &sent, &is);
		assert_memory_equal(is.b + e.n, sent.b, sent.n);
		if (e.n >= 14 + 28) {
			assert_int_equal(ip_get16(is.b + 16), is.n - 14);
			memcpy(is.b + 16, e.b + 16, 2);
			memcpy(is.b + 24, e.b + 24, 2);
		}
		assert_memory_equal(is.b, e.b, e.n);
	}
}

static void
decap_undoes_encap(void **state)
{
	static const uint32_t sizes[] = { 14, 60, 255, 256, 257, 3000 };

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(sizes) * 2; i++) {
		struct ref sent = frame(sizes[i / 2]), is;
		struct ff e = vxlan(i % 2 != 0, 2);
		struct esw_flow_act en = encap_of(&e, true, true), de = decap_of((uint16_t)e.n),
				    vx = decap_of(0);
		struct esw_flow_front f;

		ref_front(&f, &sent);
		assert_int_equal(esw_flow_edit(&f, &en), 0);
		assert_int_equal(esw_flow_edit(&f, &en), 0);
		assert_int_equal(esw_flow_edit(&f, &vx), 0);
		assert_int_equal(esw_flow_edit(&f, &de), 0);
		ref_join(&f, &sent, &is);
		assert_int_equal(is.n, sent.n);
		assert_memory_equal(is.b, sent.b, sent.n);
	}
}

/* Ten thousand flows: each always the same port, all in the range, and spread over it. */
static void
entropy_of_a_flow(void **state)
{
	uint32_t used[64] = { 0 };
	struct ff e = vxlan(false, 0);
	struct esw_flow_act a = encap_of(&e, true, true);

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		struct ref r = frame(60);
		struct esw_flow_front f;
		uint32_t port, again;

		r.b[14 + 15] = (uint8_t)(i / 100); /* source address */
		ip_put16(r.b + 34, i % 100);       /* source port */
		ref_front(&f, &r);
		assert_int_equal(esw_flow_edit(&f, &a), 0);
		port = ip_get16(f.p + 14 + 28);
		assert_true(port >= 49152);
		used[(port - 49152) / 256]++;
		r.b[34 + 13] ^= 0xff;         /* flags */
		r.b[34 + 7]++;                /* sequence number */
		r.b[14 + 5]++;                /* identification */
		r.b[14 + 8]--;                /* TTL */
		ip_put16(r.b + 14 + 2, 1000); /* length */
		r.n = 200;
		ref_front(&f, &r);
		assert_int_equal(esw_flow_edit(&f, &a), 0);
		again = ip_get16(f.p + 14 + 28);
		assert_int_equal(port, again);
	}
	for (uint32_t i = 0; i < RTE_DIM(used); i++)
		assert_in_range(used[i], 10000 / 64 / 2, 10000 / 64 * 2);
}

static uint32_t
port_of(const struct ref *r)
{
	struct ff e = vxlan(true, 0);
	struct esw_flow_act a = encap_of(&e, true, true);
	struct esw_flow_front f;

	ref_front(&f, r);
	assert_int_equal(esw_flow_edit(&f, &a), 0);
	return ip_get16(f.p + 14 + 40);
}

static void
entropy_of_fragments_and_of_what_is_not_ip(void **state)
{
	struct ref r = frame(100), other;

	(void)state;
	r.b[14 + 6] = 0x20; /* MF */
	other = r;
	other.b[14 + 7] = 0x10; /* a later one, its payload elsewhere */
	other.b[34]++;
	assert_int_equal(port_of(&r), port_of(&other));
	r.b[12] = 0x12; /* not IP */
	other = r;
	other.b[14 + 15]++;
	assert_int_equal(port_of(&r), port_of(&other));
	other.b[11]++;
	assert_int_not_equal(port_of(&r), port_of(&other));
}

static void
decap_needs_vxlan_or_a_length(void **state)
{
	static const struct esw_flow_act vx = { ESW_FLOW_DECAP };
	struct ref sent = frame(100), is;
	struct esw_flow_front f;

	(void)state;
	ref_front(&f, &sent);
	assert_int_equal(esw_flow_edit(&f, &vx), 0);
	ref_join(&f, &sent, &is);
	assert_int_equal(is.n, sent.n);
	assert_memory_equal(is.b, sent.b, sent.n);
}

/* Further than what was copied, bit by bit and at once, up to the last 14 octets. */
static void
decap_beyond_the_front(void **state)
{
	static const uint16_t steps[] = { 1, 13, 100, 255, 256, 257, 986 };
	struct ref sent = frame(1000), is;

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(steps); i++) {
		struct esw_flow_act a = decap_of(steps[i]);
		struct esw_flow_front f;
		uint32_t left = sent.n;

		ref_front(&f, &sent);
		for (; left >= steps[i] + 14U; left -= steps[i]) {
			assert_int_equal(esw_flow_edit(&f, &a), 0);
			ref_join(&f, &sent, &is);
			assert_int_equal(is.n, left - steps[i]);
			assert_memory_equal(is.b, sent.b + sent.n - is.n, is.n);
		}
		assert_int_equal(esw_flow_edit(&f, &a), -ENOSPC);
		ref_join(&f, &sent, &is);
		assert_int_equal(is.n, left);
		assert_memory_equal(is.b, sent.b + sent.n - is.n, is.n);
	}
}

/* With less than an Ethernet header in the front there is no place for edits; more can be had. */
static void
more_of_the_front(void **state)
{
	static const struct esw_flow_act push = { ESW_FLOW_PUSH_VLAN, .tpid = 0x8100 };
	struct ref sent = frame(1000), is, was;

	(void)state;
	for (uint16_t off = 0; off <= 986; off++) {
		struct esw_flow_act a = decap_of(off);
		struct esw_flow_front f;
		uint16_t more;
		uint8_t *p;

		ref_front(&f, &sent);
		if (off != 0)
			assert_int_equal(esw_flow_edit(&f, &a), 0);
		ref_join(&f, &sent, &was);
		if (f.n < 14)
			assert_int_equal(esw_flow_edit(&f, &push), 0);
		p = esw_flow_front_more(&f, &more);
		assert_ptr_equal(p, f.p + f.n);
		assert_true(p + more <= f.buf + sizeof(f.buf));
		memcpy(p, sent.b + f.cut, more);
		f.n += more;
		f.cut += more;
		assert_int_equal(f.n, RTE_MIN(f.len, (uint32_t)ESW_FLOW_LOOK));
		ref_join(&f, &sent, &is);
		assert_int_equal(is.n, sent.n - off);
		assert_memory_equal(is.b, was.b, is.n);
		ref_same(&f, &sent, &was, &push);
	}
}

static void
room_ends(void **state)
{
	static const struct esw_flow_act push = { ESW_FLOW_PUSH_VLAN, .tpid = 0x8100 };
	static const uint8_t bytes[ESW_FLOW_ENCAP_MAX];
	struct ref sent = frame(60), is, was;
	struct esw_flow_act a = { ESW_FLOW_ENCAP };
	struct esw_flow_front f;

	(void)state;
	a.encap.bytes = bytes;
	a.encap.len = sizeof(bytes);
	ref_front(&f, &sent);
	for (uint32_t i = 0; i < ESW_FLOW_FRONT_HEAD / sizeof(bytes); i++)
		assert_int_equal(esw_flow_edit(&f, &a), 0);
	ref_join(&f, &sent, &was);
	assert_int_equal(esw_flow_edit(&f, &push), -ENOSPC);
	assert_int_equal(esw_flow_edit(&f, &a), -ENOSPC);
	ref_join(&f, &sent, &is);
	assert_int_equal(is.n, was.n);
	assert_memory_equal(is.b, was.b, was.n);
	a = decap_of(sizeof(bytes)); /* makes no room */
	assert_int_equal(esw_flow_edit(&f, &a), 0);
	assert_int_equal(esw_flow_edit(&f, &push), -ENOSPC);
}

static void
no_frame_beyond_65535(void **state)
{
	static const struct esw_flow_act push = { ESW_FLOW_PUSH_VLAN, .tpid = 0x8100 };
	struct ref sent = frame(1000);
	struct ff e = vxlan(false, 0);
	struct esw_flow_act a = encap_of(&e, true, true);
	struct esw_flow_front f;

	(void)state;
	ref_front(&f, &sent);
	f.len = 65535 - 4;
	assert_int_equal(esw_flow_edit(&f, &push), 0);
	assert_int_equal(f.len, 65535);
	assert_int_equal(esw_flow_edit(&f, &push), -ENOSPC);
	f.len = 65535 - e.n + 1;
	assert_int_equal(esw_flow_edit(&f, &a), -ENOSPC);
	f.len--;
	assert_int_equal(esw_flow_edit(&f, &a), 0);
	assert_int_equal(ip_get16(f.p + 16), 65535 - 14);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lengths_of_an_encapsulation),
	cmocka_unit_test(fixes_no_more_than_its_octets),
	cmocka_unit_test(decap_undoes_encap),
	cmocka_unit_test(entropy_of_a_flow),
	cmocka_unit_test(entropy_of_fragments_and_of_what_is_not_ip),
	cmocka_unit_test(decap_needs_vxlan_or_a_length),
	cmocka_unit_test(decap_beyond_the_front),
	cmocka_unit_test(more_of_the_front),
	cmocka_unit_test(room_ends),
	cmocka_unit_test(no_frame_beyond_65535),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
