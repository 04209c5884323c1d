/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Checksums and tags that a sender asks for, and requests that make no sense. */
#include <errno.h>

#include <rte_errno.h>

#include "ip.h"
#include "offload.h"
#include "rig.h"

static uint8_t want[RIG_FRAME_MAX], got[RIG_FRAME_MAX];

static uint64_t
flags_of(const struct ip_frame *f)
{
	return (f->v6 ? RTE_MBUF_F_TX_IPV6 : RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM) |
	       (f->udp ? RTE_MBUF_F_TX_UDP_CKSUM : RTE_MBUF_F_TX_TCP_CKSUM);
}

static void
ask(struct rte_mbuf *m, const struct ip_frame *f, uint64_t flags)
{
	m->ol_flags = flags;
	m->l2_len = f->l2;
	m->l3_len = f->l3;
	m->l4_len = f->l4;
}

/* The frame in `want`, finished by the reference. */
static void
finish(const struct ip_frame *f)
{
	if (!f->v6)
		ip_put16(want + f->l2 + 10, ip_hdr_cksum(want, f->l2, f->l3));
	ip_put16(want + f->l2 + f->l3 + (f->udp ? 6 : 16), ip_l4_cksum(want, f->l2, f->l3, f->udp));
}

static void
check_apply(const struct ip_frame *f, struct rte_mbuf *m, uint32_t len)
{
	uint64_t rx = 0;

	assert_int_equal(esw_offload_apply(&m, &rx), 0);
	assert_int_equal(rx,
			 RTE_MBUF_F_RX_L4_CKSUM_GOOD | (f->v6 ? 0 : RTE_MBUF_F_RX_IP_CKSUM_GOOD));
	assert_int_equal(rig_bytes(m, got), len);
	if (memcmp(want, got, len) != 0)
		fail_msg("v%d %s, %u octets of payload, %u segments: %02x%02x instead of %02x%02x",
			 f->v6 ? 6 : 4, f->udp ? "UDP" : "TCP", f->payload, m->nb_segs,
			 got[f->l2 + f->l3 + (f->udp ? 6 : 16)],
			 got[f->l2 + f->l3 + (f->udp ? 7 : 17)],
			 want[f->l2 + f->l3 + (f->udp ? 6 : 16)],
			 want[f->l2 + f->l3 + (f->udp ? 7 : 17)]);
	rte_pktmbuf_free(m);
}

static void
checksums_over_segments(void **state)
{
	static const uint32_t payloads[] = { 0, 1, 2, 3, 17, 100, 1401, 1402, 6000 };
	static const uint16_t cuts[][2] = {
		{ 2000, 0 }, { 74, 0 }, { 75, 0 }, { 94, 1 }, { 81, 33 }, { 82, 33 }, { 101, 1000 },
	};
	uint8_t built[7000];

	RTE_SET_USED(state);
	for (unsigned int kind = 0; kind < 8; kind++) {
		for (unsigned int i = 0; i < RTE_DIM(payloads); i++) {
			struct ip_frame f = {
				.v6 = kind & 1,
				.udp = kind & 2,
				.options = kind & 4 ? 12 : 0,
				.payload = payloads[i],
			};

			ip_build(&f, built);
			memcpy(want, built, f.len);
			finish(&f);
			for (unsigned int c = 0; c < RTE_DIM(cuts); c++) {
				struct rte_mbuf *m = rig_chain(rig_pool(RIG_2K), built, f.len,
							       cuts[c], cuts[c][1] != 0 ? 2 : 1);

				/* the headers must lie in the first segment */
				if (m->data_len < f.l2 + f.l3 + f.l4) {
					rte_pktmbuf_free(m);
					continue;
				}
				ask(m, &f, flags_of(&f));
				check_apply(&f, m, f.len);
			}
		}
	}
}

/* An Ethernet frame's padding is none of IP's: a short TCP ACK of 60 octets, as NICs deliver it. */
static void
padding_is_left_out(void **state)
{
	RTE_SET_USED(state);
	for (unsigned int how = 0; how < 4; how++) {
		struct ip_frame f = { .udp = how & 1, .payload = how & 1 ? 3 : 0 };
		uint8_t built[60];
		struct rte_mbuf *m;

		memset(built, how & 2 ? 0xee : 0, sizeof(built));
		ip_build(&f, built);
		memcpy(want, built, sizeof(built));
		finish(&f);
		m = rig_chain(rig_pool(RIG_2K), built, sizeof(built), NULL, 0);
		ask(m, &f, flags_of(&f));
		check_apply(&f, m, sizeof(built));
	}
}

/* Clones mostly come from a pool whose mbufs have no room of their own. */
static void
clone_without_room_is_copied(void **state)
{
	struct rte_mempool *mp = rig_pool_make("clones", 255, 0, 0);
	struct ip_frame f = { .payload = 100 };
	struct rte_mbuf *m, *clone;
	uint8_t built[200];

	RTE_SET_USED(state);
	ip_build(&f, built);
	memcpy(want, built, f.len);
	finish(&f);
	m = rig_chain(rig_pool(RIG_2K), built, f.len, NULL, 0);
	clone = rte_pktmbuf_clone(m, mp);
	assert_non_null(clone);
	ask(clone, &f, flags_of(&f) | RTE_MBUF_F_INDIRECT);
	check_apply(&f, clone, f.len);
	rte_pktmbuf_free(m);
	assert_int_equal(rte_mempool_in_use_count(mp), 0);
	rte_mempool_free(mp);
}

/* RFC 768: a checksum that comes out as zero is sent as all ones. */
static void
udp_zero_becomes_ones(void **state)
{
	RTE_SET_USED(state);
	for (int v6 = 0; v6 < 2; v6++) {
		struct ip_frame f = { .v6 = v6, .udp = true, .payload = 20 };
		struct rte_mbuf *m;
		uint8_t built[128];

		ip_build(&f, built);
		ip_put16(built + f.l2 + f.l3 + 8, 0);
		ip_put16(built + f.l2 + f.l3 + 8, ip_l4_cksum(built, f.l2, f.l3, true));
		memcpy(want, built, f.len);
		finish(&f);
		assert_int_equal(ip_get16(want + f.l2 + f.l3 + 6), 0xffff);
		m = rig_chain(rig_pool(RIG_2K), built, f.len, NULL, 0);
		ask(m, &f, flags_of(&f));
		check_apply(&f, m, f.len);
	}
}

static void
tag_is_put_in_before_checksums(void **state)
{
	struct ip_frame f = { .payload = 33 };
	struct rte_mbuf *m;
	uint64_t rx = 0;

	RTE_SET_USED(state);
	ip_build(&f, got);
	m = rig_chain(rig_pool(RIG_2K), got, f.len, NULL, 0);
	memcpy(want, got, 12);
	memcpy(want + 12, (const uint8_t[]){ 0x81, 0x00, 0xa1, 0x23 }, 4);
	memcpy(want + 16, got + 12, f.len - 12);
	ask(m, &f, flags_of(&f) | RTE_MBUF_F_TX_VLAN);
	m->vlan_tci = 0xa123;
	f.l2 += 4;
	finish(&f);
	assert_int_equal(esw_offload_apply(&m, &rx), 0);
	assert_int_equal(m->ol_flags & RTE_MBUF_F_TX_VLAN, 0);
	assert_int_equal(rig_bytes(m, got), f.len + 4);
	assert_memory_equal(want, got, f.len + 4);
	rte_pktmbuf_free(m);
}

/* No room in front, or addresses in several segments: a private copy is made. */
static void
tag_where_there_is_no_room(void **state)
{
	static const uint16_t cut[] = { 5 };

	RTE_SET_USED(state);
	for (int how = 0; how < 2; how++) {
		struct rte_mbuf *m = rig_frame(rig_pool(RIG_2K), 0x22, 0x32, 100), *was;
		uint64_t rx = 0;

		rig_bytes(m, got);
		rte_pktmbuf_free(m);
		m = rig_chain(rig_pool(RIG_2K), got, 100, cut, how == 0 ? 1 : 0);
		if (how == 1) {
			memmove((uint8_t *)m->buf_addr + 3, rte_pktmbuf_mtod(m, void *), 100);
			m->data_off = 3;
		}
		was = m;
		m->ol_flags = RTE_MBUF_F_TX_VLAN;
		m->vlan_tci = 7;
		assert_int_equal(esw_offload_apply(&m, &rx), 0);
		assert_ptr_not_equal(m, was);
		memcpy(want, got, 12);
		memcpy(want + 12, (const uint8_t[]){ 0x81, 0, 0, 7 }, 4);
		memcpy(want + 16, got + 12, 88);
		assert_int_equal(rig_bytes(m, got), 104);
		assert_memory_equal(want, got, 104);
		rte_pktmbuf_free(m);
	}
	assert_int_equal(rte_mempool_in_use_count(rig_pool(RIG_2K)), 0);
}

static void
shared_octets_are_not_written(void **state)
{
	struct ip_frame f = { .payload = 100 };
	struct rte_mbuf *m, *clone;
	uint8_t before[200];

	RTE_SET_USED(state);
	ip_build(&f, before);
	memcpy(want, before, f.len);
	finish(&f);
	m = rig_chain(rig_pool(RIG_2K), before, f.len, NULL, 0);
	clone = rte_pktmbuf_clone(m, rig_pool(RIG_2K));
	ask(clone, &f, flags_of(&f) | RTE_MBUF_F_INDIRECT);
	check_apply(&f, clone, f.len);
	rig_bytes(m, got);
	assert_memory_equal(before, got, f.len);
	rte_mbuf_refcnt_update(m, 1);
	ask(m, &f, flags_of(&f));
	check_apply(&f, m, f.len);
	rig_bytes(m, got);
	assert_memory_equal(before, got, f.len);
	rte_pktmbuf_free(m);
	assert_int_equal(rte_mempool_in_use_count(rig_pool(RIG_2K)), 0);
}

/*
 * l2_len is what the tags say or the request is refused: what is written behind it after the frame
 * was judged must never be an address or a tag. Nor may it wrap (7 bits) when a tag is put in.
 */
static void
l2_len_must_be_true(void **state)
{
	RTE_SET_USED(state);
	for (uint16_t l2 = 0; l2 < 128; l2++) {
		struct ip_frame f = { .payload = 400 };
		struct rte_mbuf *m;
		uint64_t rx = 0;
		int rc;

		ip_build(&f, got);
		m = rig_chain(rig_pool(RIG_2K), got, f.len, NULL, 0);
		f.l2 = l2;
		ask(m, &f, flags_of(&f) | RTE_MBUF_F_TX_VLAN);
		rc = esw_offload_apply(&m, &rx);
		assert_int_equal(rc, l2 == 14 ? 0 : -EINVAL);
		if (rc != 0) {
			rig_bytes(m, want);
			assert_memory_equal(want, got, f.len);
		}
		rte_pktmbuf_free(m);
	}
}

static void
unknown_requests_are_refused(void **state)
{
	struct rte_mbuf *m = rig_frame(rig_pool(RIG_2K), 0x22, 0x32, 100);
	unsigned int n = 0;

	RTE_SET_USED(state);
	for (unsigned int bit = 0; bit < 64; bit++) {
		uint64_t flag = UINT64_C(1) << bit;

		if ((flag & ESW_OL_MASK) == 0 || (flag & ESW_OL_KNOWN) != 0)
			continue;
		m->ol_flags = flag;
		assert_int_equal(esw_offload_check(m), -ENOTSUP);
		n++;
	}
	assert_true(n >= 8);
	m->ol_flags = RTE_MBUF_F_TX_SCTP_CKSUM | RTE_MBUF_F_TX_IPV4;
	assert_int_equal(esw_offload_check(m), -ENOTSUP);
	m->ol_flags = 0;
	assert_int_equal(esw_offload_check(m), 0);
	rte_pktmbuf_free(m);
}

static const struct {
	const char *what;
	uint64_t flags;
	uint16_t l2, l3, l4, segsz;
} insane[] = {
#define TCP RTE_MBUF_F_TX_TCP_CKSUM
#define UDP RTE_MBUF_F_TX_UDP_CKSUM
#define V4 RTE_MBUF_F_TX_IPV4
#define V6 RTE_MBUF_F_TX_IPV6
#define TSO RTE_MBUF_F_TX_TCP_SEG
	{ "no IP version", TCP, 14, 20, 20, 0 },
	{ "both IP versions", TCP | V4 | V6, 14, 20, 20, 0 },
	{ "the other IP version", TCP | V6, 14, 40, 20, 0 },
	{ "IP checksum of IPv6", RTE_MBUF_F_TX_IP_CKSUM | V6, 14, 40, 0, 0 },
	{ "IP checksum of nothing", RTE_MBUF_F_TX_IP_CKSUM, 14, 20, 0, 0 },
	{ "no Ethernet header", TCP | V4, 0, 20, 20, 0 },
	{ "half an Ethernet header", TCP | V4, 13, 20, 20, 0 },
	{ "L2 elsewhere", TCP | V4, 15, 20, 20, 0 },
	{ "short IP header", TCP | V4, 14, 19, 20, 0 },
	{ "no IP header", UDP | V4, 14, 0, 8, 0 },
	{ "IP header past the frame", UDP | V4, 14, 500, 8, 0 },
	{ "IP checksum past the frame", RTE_MBUF_F_TX_IP_CKSUM | V4, 14, 500, 0, 0 },
	{ "no room for TCP", TCP | V4, 14, 80, 20, 0 },
	{ "TSO without a size", TSO | V4, 14, 20, 20, 0 },
	{ "TSO with a short TCP header", TSO | V4, 14, 20, 19, 100 },
	{ "TSO with a long TCP header", TSO | V4, 14, 20, 61, 100 },
	{ "TSO of headers alone", TSO | V4, 14, 34, 52, 100 },
	{ "TSO without a version", TSO, 14, 20, 20, 100 },
	{ "TSO of UDP", TSO | UDP | V4, 14, 20, 20, 100 },
};

static struct rte_mbuf *
insane_frame(unsigned int i, uint64_t dst, uint64_t src)
{
	struct ip_frame f = { .payload = 46, .dst = dst, .src = src }; /* 100 octets */
	struct rte_mbuf *m;

	ip_build(&f, got);
	m = rig_chain(rig_pool(RIG_2K), got, f.len, NULL, 0);
	m->ol_flags = insane[i].flags;
	m->l2_len = insane[i].l2;
	m->l3_len = insane[i].l3;
	m->l4_len = insane[i].l4;
	m->tso_segsz = insane[i].segsz;
	return m;
}

static void
insane_requests_are_refused(void **state)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);
	struct esw_txq *tx = rig_tx(sw, ESW_EP_VF0, 0);
	struct rte_mbuf *m[2];

	RTE_SET_USED(state);
	rig_rx(sw, ESW_EP_VF0 + 1, 0, rig_pool(RIG_2K), 0);
	for (unsigned int i = 0; i < RTE_DIM(insane); i++) {
		m[0] = rig_frame(rig_pool(RIG_2K), 0, 0, 60);
		m[1] = insane_frame(i, rig_mac(sw, 1), rig_mac(sw, 0));
		if (esw_offload_check(m[1]) != -EINVAL)
			fail_msg("%s is taken", insane[i].what);
		rte_errno = 0;
		assert_int_equal(esw_tx_prepare(tx, m, 2), 1);
		assert_int_equal(rte_errno, EINVAL);
		assert_int_equal(esw_tx_prepare(tx, m, 1), 1);
		rte_pktmbuf_free(m[0]);
		rig_send(tx, m[1]);
		assert_int_equal(rig_fate(sw, ESW_EP_VF0, ESW_TX_OFFLOAD), i + 1);
	}
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksums_over_segments),
		cmocka_unit_test(padding_is_left_out),
		cmocka_unit_test(clone_without_room_is_copied),
		cmocka_unit_test(udp_zero_becomes_ones),
		cmocka_unit_test(tag_is_put_in_before_checksums),
		cmocka_unit_test(tag_where_there_is_no_room),
		cmocka_unit_test(shared_octets_are_not_written),
		cmocka_unit_test(l2_len_must_be_true),
		cmocka_unit_test(unknown_requests_are_refused),
		cmocka_unit_test(insane_requests_are_refused),
	};

	return cmocka_run_group_tests_name("offload", tests, rig_setup, rig_teardown);
}
