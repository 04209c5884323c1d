/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What a receiver asked to be told of a frame, and which of its queues the frame goes to. */
#include <errno.h>

#include <rte_thash.h>

#include "ip.h"
#include "rig.h"

#define VF1 (ESW_EP_VF0 + 1)
#define QUEUES 4

static uint8_t bytes[2048];

/* VF 0, which may send any tag, to VF 1. */
static struct esw *
make(const char *vlan_of_receiver)
{
	struct esw *sw = rig_switch(ESW_MODE_VEB, 2);

	rig_policy(sw, 0, ESW_F_VLAN, "all");
	rig_policy(sw, 1, ESW_F_VLAN, vlan_of_receiver);
	rig_tx(sw, ESW_EP_VF0, 0);
	return sw;
}

static void
send_bytes(struct esw *sw, uint32_t len)
{
	rig_send(sw->ep[ESW_EP_VF0].txq[0], rig_chain(rig_pool(RIG_2K), bytes, len, NULL, 0));
}

/* Put a tag in front of what `bytes` holds. */
static uint32_t
tag(uint32_t len, uint16_t tpid, uint16_t tci)
{
	memmove(bytes + 16, bytes + 12, len - 12);
	ip_put16(bytes + 12, tpid);
	ip_put16(bytes + 14, tci);
	return len + 4;
}

static uint32_t
build(const struct esw *sw, struct ip_frame *f)
{
	f->src = rig_mac(sw, 0);
	f->dst = rig_mac(sw, 1);
	ip_build(f, bytes);
	return f->len;
}

static const struct {
	const char *vlan;
	uint16_t tpid[2], tci[2]; /* outermost first */
	bool stripped;
	uint16_t tci_told;
	uint16_t type_left; /* EtherType of what is delivered */
} strip[] = {
	{ "all", { 0 }, { 0 }, false, 0, 0x0800 },
	{ "all", { 0x8100 }, { 0x6064 }, true, 0x6064, 0x0800 },
	{ "all", { 0x8100 }, { 0x6000 }, true, 0x6000, 0x0800 },
	{ "all", { 0x88a8 }, { 0x0064 }, false, 0, 0x88a8 },
	{ "all", { 0x8100, 0x8100 }, { 100, 200 }, true, 100, 0x8100 },
	{ "trunk 100 native 5", { 0x8100 }, { 100 }, true, 100, 0x0800 },
	{ "trunk 100 native 5", { 0x8100 }, { 5 }, false, 0, 0x0800 },
	{ "access 5", { 0x8100 }, { 5 }, false, 0, 0x0800 },
	{ "access 5 proto 802.1ad", { 0x88a8, 0x8100 }, { 5, 0x2007 }, true, 0x2007, 0x0800 },
};

static void
vlan_strip(void **state)
{
	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RTE_DIM(strip); i++) {
		struct esw *sw = make(strip[i].vlan);
		struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(i & 1 ? RIG_OTHER : RIG_2K),
					    ESW_RXQ_VLAN_STRIP);
		struct ip_frame f = { .payload = 50 };
		uint64_t flags = RTE_MBUF_F_RX_VLAN | RTE_MBUF_F_RX_VLAN_STRIPPED;
		uint32_t len = build(sw, &f);
		struct rte_mbuf *m;

		for (int k = 1; k >= 0; k--)
			if (strip[i].tpid[k] != 0)
				len = tag(len, strip[i].tpid[k], strip[i].tci[k]);
		send_bytes(sw, len);
		m = rig_recv(rx);
		assert_non_null(m);
		assert_int_equal(m->ol_flags & flags, strip[i].stripped ? flags : 0);
		assert_int_equal(m->vlan_tci, strip[i].tci_told);
		assert_int_equal(rig_bytes(m, bytes), m->pkt_len);
		assert_int_equal(ip_get16(bytes + 12), strip[i].type_left);
		if (strip[i].type_left == 0x0800)
			assert_int_equal(m->pkt_len, f.len);
		rte_pktmbuf_free(m);
		rig_free(sw);
	}
}

static void
strip_on_a_live_queue(void **state)
{
	struct esw *sw = make("all");
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), 0);
	struct ip_frame f = { .payload = 50 };
	struct rte_mbuf *m;

	RTE_SET_USED(state);
	for (uint32_t on = 0; on < 3; on++) {
		assert_int_equal(esw_rxq_flags_set(rx, on == 1 ? ESW_RXQ_VLAN_STRIP : 0), 0);
		build(sw, &f);
		send_bytes(sw, tag(f.len, 0x8100, 7));
		m = rig_recv(rx);
		assert_non_null(m);
		assert_int_equal(m->pkt_len, on == 1 ? f.len : f.len + 4);
		rte_pktmbuf_free(m);
	}
	rig_free(sw);
}

static void
cksum_is_told_only_if_asked(void **state)
{
	const uint64_t mask = RTE_MBUF_F_RX_IP_CKSUM_MASK | RTE_MBUF_F_RX_L4_CKSUM_MASK;
	const uint64_t good = RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_GOOD;

	RTE_SET_USED(state);
	for (unsigned int how = 0; how < 4; how++) {
		bool sent = how & 1, asked = how & 2;
		struct esw *sw = make("all");
		struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K),
					    asked ? ESW_RXQ_CKSUM : 0);
		struct ip_frame f = { .payload = 50 };
		struct rte_mbuf *m;

		build(sw, &f);
		m = rig_chain(rig_pool(RIG_2K), bytes, f.len, NULL, 0);
		m->l2_len = f.l2;
		m->l3_len = f.l3;
		if (sent)
			m->ol_flags = RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM |
				      RTE_MBUF_F_TX_TCP_CKSUM;
		rig_send(sw->ep[ESW_EP_VF0].txq[0], m);
		m = rig_recv(rx);
		assert_non_null(m);
		assert_int_equal(m->ol_flags & mask, sent && asked ? good : 0);
		assert_int_equal(m->ol_flags & RTE_MBUF_F_TX_OFFLOAD_MASK, 0);
		rte_pktmbuf_free(m);
		rig_free(sw);
	}
}

static void
packet_types(void **state)
{
	struct esw *sw = make("all");
	struct esw_rxq *rx = rig_rx(sw, VF1, 0, rig_pool(RIG_2K), ESW_RXQ_PTYPE);

	RTE_SET_USED(state);
	for (unsigned int how = 0; how < 8; how++) {
		struct ip_frame f = { .v6 = how & 1, .udp = how & 2, .payload = 20 };
		uint32_t len = build(sw, &f);
		struct rte_mbuf *m;

		if (how & 4)
			len = tag(len, 0x8100, 9);
		send_bytes(sw, len);
		m = rig_recv(rx);
		assert_non_null(m);
		assert_int_equal(m->packet_type,
				 (how & 4 ? RTE_PTYPE_L2_ETHER_VLAN : RTE_PTYPE_L2_ETHER) |
					 (f.v6 ? RTE_PTYPE_L3_IPV6 : RTE_PTYPE_L3_IPV4) |
					 (f.udp ? RTE_PTYPE_L4_UDP : RTE_PTYPE_L4_TCP));
		rte_pktmbuf_free(m);
	}
	assert_int_equal(esw_rxq_flags_set(rx, 0), 0);
	send_bytes(sw, 60);
	rte_pktmbuf_free(rig_recv(rx));
	rig_free(sw);
}

static void
rss_set(struct esw *sw, uint32_t types, struct esw_rss *rss)
{
	struct esw_err err = { "" };

	rss->types = types;
	for (unsigned int i = 0; i < ESW_RSS_KEY_LEN; i++)
		rss->key[i] = (uint8_t)(0x6d ^ i * 37);
	for (unsigned int i = 0; i < ESW_RETA_SIZE; i++)
		rss->reta[i] = (i * 7 + 1) % QUEUES;
	if (esw_rss_set(sw, VF1, rss, &err) != 0)
		fail_msg("%s", err.msg);
}

/* The hash by DPDK's plain function over the tuple, ports or not. */
static uint32_t
expected_hash(const struct ip_frame *f, const struct esw_rss *rss, uint32_t l2, bool ports)
{
	uint32_t t[10], n = f->v6 ? 8 : 2;

	for (uint32_t i = 0; i < n; i++)
		t[i] = ip_get32(bytes + l2 + (f->v6 ? 8 : 12) + 4 * i);
	if (ports)
		t[n++] = ip_get32(bytes + l2 + f->l3);
	return rte_softrss(t, n, rss->key);
}

static struct rte_mbuf *
from_queue(const struct esw *sw, uint16_t want)
{
	struct rte_mbuf *m = NULL;

	for (uint16_t k = 0; k < QUEUES; k++) {
		struct esw_rxq *q = sw->ep[VF1].rxq[k];
		struct rte_mbuf *got = q != NULL ? rig_recv(q) : NULL;

		if (got != NULL && k != want)
			fail_msg("in queue %u instead of %u", k, want);
		if (got != NULL)
			m = got;
	}
	assert_non_null(m);
	return m;
}

static void
rss_spreads_by_the_tuple(void **state)
{
	struct esw *sw = make("all");
	struct esw_rss rss;
	unsigned int used = 0;

	RTE_SET_USED(state);
	for (uint16_t k = 0; k < QUEUES; k++)
		rig_rx(sw, VF1, k, rig_pool(RIG_2K), ESW_RXQ_RSS_HASH);
	rss_set(sw, ESW_RSS_IPV4 | ESW_RSS_IPV6 | ESW_RSS_TCP, &rss);
	for (unsigned int i = 0; i < 200; i++) {
		struct ip_frame f = { .v6 = i & 1, .udp = i & 2, .payload = 20 };
		uint32_t len = build(sw, &f), hash, l2 = 14;
		struct rte_mbuf *m;

		ip_put16(bytes + f.l2 + f.l3 - 2, i * 31);
		ip_put16(bytes + f.l2 + f.l3, i * 17);
		for (unsigned int tags = 0; tags < i / 4 % 3; tags++, l2 += 4)
			len = tag(len, tags == 0 ? 0x8100 : 0x88a8, 9);
		hash = expected_hash(&f, &rss, l2, !f.udp); /* UDP's ports were not asked for */
		send_bytes(sw, len);
		m = from_queue(sw, rss.reta[hash % ESW_RETA_SIZE]);
		used |= 1u << rss.reta[hash % ESW_RETA_SIZE];
		assert_true((m->ol_flags & RTE_MBUF_F_RX_RSS_HASH) != 0);
		assert_int_equal(m->hash.rss, hash);
		rte_pktmbuf_free(m);
	}
	assert_int_equal(used, (1u << QUEUES) - 1);
	rig_free(sw);
}

/* Fragments of one packet stay together: the later ones have no ports, so none counts them. */
static void
fragments_go_by_addresses(void **state)
{
	static const uint16_t fields[] = { 0x2000, 0x2010, 0x0020 };
	struct esw *sw = make("all");
	struct esw_rss rss;

	RTE_SET_USED(state);
	for (uint16_t k = 0; k < QUEUES; k++)
		rig_rx(sw, VF1, k, rig_pool(RIG_2K), ESW_RXQ_RSS_HASH);
	rss_set(sw, ESW_RSS_IPV4 | ESW_RSS_TCP, &rss);
	for (unsigned int i = 0; i < RTE_DIM(fields); i++) {
		struct ip_frame f = { .payload = 20 };
		uint32_t len = build(sw, &f), hash;
		struct rte_mbuf *m;

		ip_put16(bytes + 14 + 6, fields[i]);
		hash = expected_hash(&f, &rss, 14, false);
		send_bytes(sw, len);
		m = from_queue(sw, rss.reta[hash % ESW_RETA_SIZE]);
		assert_int_equal(m->hash.rss, hash);
		rte_pktmbuf_free(m);
	}
	rig_free(sw);
}

static void
other_frames_go_to_the_first_entry(void **state)
{
	struct esw *sw = make("all");
	struct esw_rss rss;

	RTE_SET_USED(state);
	for (uint16_t k = 0; k < QUEUES; k++)
		rig_rx(sw, VF1, k, rig_pool(RIG_2K), ESW_RXQ_RSS_HASH);
	for (unsigned int eth = 0; eth < 2; eth++) {
		struct ip_frame f = { .payload = 20 };
		struct rte_mbuf *m;
		uint32_t hash = 0;

		rss_set(sw, ESW_RSS_IPV4 | (eth ? ESW_RSS_ETH : 0), &rss);
		build(sw, &f);
		ip_put16(bytes + 12, RIG_TYPE);
		if (eth) {
			uint32_t t[3] = { ip_get32(bytes), ip_get32(bytes + 4),
					  ip_get32(bytes + 8) };

			hash = rte_softrss(t, 3, rss.key);
		}
		send_bytes(sw, f.len);
		m = from_queue(sw, rss.reta[hash % ESW_RETA_SIZE]);
		assert_int_equal((m->ol_flags & RTE_MBUF_F_RX_RSS_HASH) != 0, eth);
		rte_pktmbuf_free(m);
	}
	rig_free(sw);
}

static void
entry_of_a_missing_queue(void **state)
{
	struct esw *sw = make("all");
	struct ip_frame f = { .payload = 20 };
	struct esw_rss rss;

	RTE_SET_USED(state);
	for (uint16_t k = 0; k < 2; k++)
		rig_rx(sw, VF1, k, rig_pool(RIG_2K), 0);
	rss_set(sw, ESW_RSS_IPV4, &rss);
	for (unsigned int i = 0; i < ESW_RETA_SIZE; i++)
		rss.reta[i] = 3;
	assert_int_equal(esw_rss_set(sw, VF1, &rss, NULL), 0);
	build(sw, &f);
	send_bytes(sw, f.len);
	rte_pktmbuf_free(from_queue(sw, 0));
	rig_free(sw);
}

static void
bad_rss_is_refused(void **state)
{
	struct esw *sw = make("all");
	struct esw_rss rss, back;
	struct esw_err err = { "" };

	RTE_SET_USED(state);
	rss_set(sw, ESW_RSS_IPV4, &rss);
	rss.types = 0x120;
	assert_int_equal(esw_rss_set(sw, VF1, &rss, &err), -ENOTSUP);
	assert_string_equal(err.msg, "rss: hash types 0x120 are not known");
	rss.types = ESW_RSS_IPV4;
	rss.reta[127] = 16;
	assert_int_equal(esw_rss_set(sw, VF1, &rss, &err), -EINVAL);
	assert_string_equal(err.msg, "rss: reta[127] = 16 is out of range 0 to 15");
	assert_int_equal(esw_rss_set(sw, esw_ep_count(sw), &rss, &err), -EINVAL);
	assert_int_equal(esw_rss_get(sw, esw_ep_count(sw), &back), -EINVAL);
	assert_int_equal(esw_rss_get(sw, VF1, &back), 0);
	assert_int_equal(back.reta[127], (127 * 7 + 1) % QUEUES);
	rig_free(sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vlan_strip),
		cmocka_unit_test(strip_on_a_live_queue),
		cmocka_unit_test(cksum_is_told_only_if_asked),
		cmocka_unit_test(packet_types),
		cmocka_unit_test(rss_spreads_by_the_tuple),
		cmocka_unit_test(fragments_go_by_addresses),
		cmocka_unit_test(other_frames_go_to_the_first_entry),
		cmocka_unit_test(entry_of_a_missing_queue),
		cmocka_unit_test(bad_rss_is_refused),
	};

	return cmocka_run_group_tests_name("features", tests, rig_setup, rig_teardown);
}
