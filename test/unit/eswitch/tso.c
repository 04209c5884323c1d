/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* TCP segmentation: whole to a VF that takes it so, cut for everybody else. */
#include "ip.h"
#include "rig.h"

#define VF0 ESW_EP_VF0
#define VF1 (ESW_EP_VF0 + 1)
#define FIN 0x01
#define PSH 0x08
#define ACK 0x10
#define CWR 0x80

static uint8_t whole[RIG_FRAME_MAX], part[RIG_FRAME_MAX];

struct pair {
	struct esw *sw;
	struct esw_txq *tx;
	struct esw_rxq *rx;
};

static struct pair
pair_make(struct rte_mempool *mp, uint32_t flags)
{
	struct pair p = { .sw = rig_switch(ESW_MODE_VEB, 2) };

	p.tx = rig_tx(p.sw, VF0, 0);
	p.rx = rig_rx(p.sw, VF1, 0, mp, flags);
	return p;
}

/* A TSO frame from VF 0 to VF 1; its octets stay in `whole`. */
static struct rte_mbuf *
tso_frame(const struct pair *p, struct ip_frame *f, uint16_t segsz)
{
	struct rte_mbuf *m;

	f->src = rig_mac(p->sw, 0);
	f->dst = rig_mac(p->sw, 1);
	ip_build(f, whole);
	m = rig_chain(rig_pool(RIG_2K), whole, f->len, NULL, 0);
	m->ol_flags = RTE_MBUF_F_TX_TCP_SEG | (f->v6 ? RTE_MBUF_F_TX_IPV6 : RTE_MBUF_F_TX_IPV4);
	m->l2_len = f->l2;
	m->l3_len = f->l3;
	m->l4_len = f->l4;
	m->tso_segsz = segsz;
	return m;
}

static void
check_cksums(const uint8_t *frame, const struct ip_frame *f)
{
	if (!f->v6)
		assert_int_equal(ip_get16(frame + f->l2 + 10), ip_hdr_cksum(frame, f->l2, f->l3));
	assert_int_equal(ip_get16(frame + f->l2 + f->l3 + 16),
			 ip_l4_cksum(frame, f->l2, f->l3, false));
}

/* Segment `i` of `n` in `part`: RFC 9293 3.1 on every field that may differ. */
static void
check_segment(const struct ip_frame *f, uint32_t i, uint32_t n, uint16_t segsz, uint32_t len)
{
	uint32_t head = f->l2 + f->l3 + f->l4, at = head + i * segsz;
	uint32_t data = RTE_MIN((uint32_t)segsz, f->len - at);
	const uint8_t *ip = part + f->l2, *tcp = ip + f->l3, *was = whole + f->l2;
	uint8_t flags = whole[f->l2 + f->l3 + 13];

	assert_int_equal(len, head + data);
	assert_memory_equal(part + head, whole + at, data);
	assert_memory_equal(part, whole, f->l2);
	if (f->v6) {
		assert_int_equal(ip_get16(ip + 4), f->l3 - 40 + f->l4 + data);
	} else {
		assert_int_equal(ip_get16(ip + 2), f->l3 + f->l4 + data);
		assert_int_equal(ip_get16(ip + 4), (ip_get16(was + 4) + i) & 0xffff);
	}
	assert_int_equal(ip_get32(tcp + 4), ip_get32(was + f->l3 + 4) + i * segsz);
	assert_memory_equal(tcp, was + f->l3, 4);
	assert_memory_equal(tcp + 8, was + f->l3 + 8, 5);
	if (i + 1 < n)
		flags &= (uint8_t) ~(FIN | PSH);
	if (i > 0)
		flags &= (uint8_t)~CWR;
	assert_int_equal(tcp[13], flags);
	check_cksums(part, f);
}

static void
cut(bool v6, uint8_t options, uint32_t payload, uint16_t segsz, struct rte_mempool *mp)
{
	struct pair p = pair_make(mp, ESW_RXQ_CKSUM);
	struct ip_frame f = { .v6 = v6, .options = options, .payload = payload };
	struct rte_mbuf *m = tso_frame(&p, &f, segsz);
	uint32_t n = (payload + segsz - 1) / segsz;
	struct esw_counters c;

	rig_send(p.tx, m);
	for (uint32_t i = 0; i < n; i++) {
		m = rig_recv(p.rx);
		assert_non_null(m);
		assert_ptr_equal(m->pool, mp);
		assert_int_equal(m->nb_segs, 1);
		assert_int_equal(m->ol_flags & RTE_MBUF_F_RX_LRO, 0);
		check_segment(&f, i, n, segsz, rig_bytes(m, part));
		rte_pktmbuf_free(m);
	}
	assert_null(rig_recv(p.rx));
	assert_int_equal(rig_fate(p.sw, VF0, ESW_TX_FORWARDED), 1);
	assert_int_equal(esw_counters_get(p.sw, VF1, &c), 0);
	assert_int_equal(c.fate[ESW_RX_DELIVERED], n);
	assert_int_equal(c.rx_bytes, payload + n * (f.l2 + f.l3 + f.l4));
	rig_free(p.sw);
}

static void
segments_are_right(void **state)
{
	RTE_SET_USED(state);
	for (int v6 = 0; v6 < 2; v6++) {
		cut(v6, 0, 10000, 1440, rig_pool(RIG_2K));
		cut(v6, 0, 10000, 1440, rig_pool(RIG_OTHER));
		cut(v6, 12, 5001, 777, rig_pool(RIG_2K)); /* odd everywhere */
		cut(v6, 0, 4000, 1000, rig_pool(RIG_2K)); /* no rest */
		cut(v6, 0, 40, 1000, rig_pool(RIG_2K));   /* one segment */
		cut(v6, 0, 1000, 48, rig_pool(RIG_2K));   /* the least */
	}
	cut(false, 0, 65535 - 54, 1460, rig_pool(RIG_2K));
}

static void
cut_for_the_wire(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct esw_rxq *wire = rig_rx(p.sw, ESW_EP_WIRE, 0, rig_pool(RIG_OTHER), ESW_RXQ_LRO);
	struct ip_frame f = { .payload = 3000 };
	struct rte_mbuf *m = tso_frame(&p, &f, 1000);

	RTE_SET_USED(state);
	esw_mac48_to_addr(0x22, rte_pktmbuf_mtod(m, struct rte_ether_addr *));
	assert_int_equal(esw_rxq_flags_set(wire, 0), 0); /* it changed its mind */
	rig_send(p.tx, m);
	assert_int_equal(rig_drain(wire), 3);
	rig_free(p.sw);
}

static void
whole_where_it_is_wanted(void **state)
{
	RTE_SET_USED(state);
	for (int how = 0; how < 4; how++) {
		bool v6 = how & 1;
		struct pair p = pair_make(rig_pool(how & 2 ? RIG_OTHER : RIG_2K),
					  ESW_RXQ_LRO | ESW_RXQ_SCATTER | ESW_RXQ_CKSUM);
		struct ip_frame f = { .v6 = v6, .payload = 20001 };
		struct rte_mbuf *m = tso_frame(&p, &f, 1400);

		rig_send(p.tx, m);
		m = rig_recv(p.rx);
		assert_non_null(m);
		assert_int_equal(rig_bytes(m, part), f.len);
		check_cksums(part, &f);
		assert_memory_equal(part + f.len - 20001, whole + f.len - 20001, 20001);
		assert_true((m->ol_flags & RTE_MBUF_F_RX_LRO) != 0);
		assert_int_equal(m->tso_segsz, 1400);
		assert_int_equal(m->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK,
				 RTE_MBUF_F_RX_L4_CKSUM_GOOD);
		rte_pktmbuf_free(m);
		assert_null(rig_recv(p.rx));
		assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_DELIVERED), 1);
		rig_free(p.sw);
	}
}

static void
mtu_is_of_a_segment(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct ip_frame f = { .payload = 5000 };

	RTE_SET_USED(state);
	rig_send(p.tx, tso_frame(&p, &f, 1460)); /* 1460 + 40 = 1500 */
	assert_int_equal(rig_drain(p.rx), 4);
	rig_send(p.tx, tso_frame(&p, &f, 1461));
	assert_int_equal(rig_fate(p.sw, VF0, ESW_TX_MTU), 1);
	/* A frame shorter than one segment is judged by what it has. */
	f.payload = 1460;
	rig_send(p.tx, tso_frame(&p, &f, 9000));
	assert_int_equal(rig_drain(p.rx), 1);
	rig_policy(p.sw, 1, ESW_F_MTU, "1000");
	f.payload = 5000;
	rig_send(p.tx, tso_frame(&p, &f, 960));
	assert_int_equal(rig_drain(p.rx), 6);
	rig_send(p.tx, tso_frame(&p, &f, 961));
	assert_int_equal(rig_drain(p.rx), 0);
	assert_true(rig_fate(p.sw, VF1, ESW_RX_MTU) > 0);
	rig_free(p.sw);
}

static void
segments_with_tags(void **state)
{
	struct pair p = pair_make(rig_pool(RIG_2K), 0);
	struct ip_frame f = { .payload = 2500 };

	RTE_SET_USED(state);
	rig_policy(p.sw, 0, ESW_F_VLAN, "access 5");
	rig_policy(p.sw, 1, ESW_F_VLAN, "all");
	rig_send(p.tx, tso_frame(&p, &f, 1000));
	for (uint32_t i = 0; i < 3; i++) {
		struct rte_mbuf *m = rig_recv(p.rx);
		uint32_t len;

		assert_non_null(m);
		len = rig_bytes(m, part);
		assert_memory_equal(part + 12, ((const uint8_t[]){ 0x81, 0, 0, 5 }), 4);
		memmove(part + 12, part + 16, len - 16);
		check_segment(&f, i, 3, 1000, len - 4);
		rte_pktmbuf_free(m);
	}
	rig_free(p.sw);
}

/* Each segment has a fate of its own. */
static void
few_buffers_lose_segments(void **state)
{
	struct rte_mempool *mp = rig_pool_make("few", 3, 0, RTE_MBUF_DEFAULT_BUF_SIZE);
	struct pair p = pair_make(mp, 0);
	struct ip_frame f = { .payload = 5000 };

	RTE_SET_USED(state);
	rig_send(p.tx, tso_frame(&p, &f, 1000));
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_DELIVERED), 3);
	assert_int_equal(rig_fate(p.sw, VF1, ESW_RX_NO_BUFFER), 2);
	assert_int_equal(rig_drain(p.rx), 3);
	assert_int_equal(rte_mempool_avail_count(mp), 3);
	rig_free(p.sw);
	rte_mempool_free(mp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_are_right),
		cmocka_unit_test(cut_for_the_wire),
		cmocka_unit_test(whole_where_it_is_wanted),
		cmocka_unit_test(mtu_is_of_a_segment),
		cmocka_unit_test(segments_with_tags),
		cmocka_unit_test(few_buffers_lose_segments),
	};

	return cmocka_run_group_tests_name("tso", tests, rig_setup, rig_teardown);
}
