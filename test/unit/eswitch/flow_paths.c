/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The fast path and the slow one obey the same rules: random rules and frames, where each burst is
 * sent as frames that may take the fast path, and then in forms that may not.
 */
#include <stdlib.h>

#include <rte_hash_crc.h>
#include <rte_ip.h>
#include <rte_vect.h>

#include "flow_rig.h"
#include "flow_table.h"

#define BURST 40 /* more than a chunk */
#define RULES 12
#define ROUNDS 60
#define BURSTS 6
#define MARKED (RTE_MBUF_F_RX_FDIR | RTE_MBUF_F_RX_FDIR_ID)

enum form { FORM_PLAIN, FORM_POOL, FORM_SEGMENTS, FORM_HEADROOM, FORMS };

/* What became of a frame, who got what; each frame has its number in its last four octets. */
struct result {
	uint32_t who[BURST], octets[BURST], mark[BURST];
	uint64_t fate[ESW_FATE_RX_FIRST];
	struct esw_flow_stats count[RULES];
};

static struct fr_net net;
static struct esw_flow *rule[RULES];
static struct ip_frame like[BURST];
static uint32_t seed[BURST];

static void
random_fields(struct fr *r, uint32_t v)
{
	if ((v & 1) != 0)
		FR_IS(r, 0, src4, RTE_BE32(RTE_IPV4(10, 0, 0, 1 + (v >> 8) % 3)));
	if ((v & 2) != 0)
		FR_IS(r, 0, sport, RTE_BE16(1 + (v >> 10) % 3));
	if ((v & 4) != 0)
		FR_IS(r, 0, proto, (v & 0x1000) != 0 ? 6 : 17);
	if ((v & 8) != 0)
		FR_UNDER(r, 0, tci, RTE_BE16((v & 0x2000) != 0 ? 7 : 8), RTE_BE16(0xfff));
	if ((v & 0x10) != 0)
		fr_range(r, FR_OFF(0, dport), 2, (v >> 14) % 3, 1 + (v >> 16) % 3);
	if ((v & 0x60) == 0)
		FR_IS(r, 1, dport, RTE_BE16(4));
	if ((v & 0x180) == 0)
		FR_IS(r, 0, type, RTE_BE16(0x86dd));
}

/* Mostly what the fast path does by itself, and some of the rest. */
static void
random_actions(struct fr *r, uint32_t v)
{
	static const uint16_t to[] = { VF1, VF1, ESW_EP_WIRE, ESW_EP_PF, REP2 };

	if ((v & 1) != 0)
		fr_do(r, ESW_FLOW_COUNT);
	if ((v & 0x0e) == 0)
		fr_do(r, ESW_FLOW_MARK)->mark = v;
	if ((v & 0x30) == 0)
		fr_do(r, ESW_FLOW_SET_TTL)->u8 = v >> 20;
	if ((v & 0xc0) == 0)
		fr_port(r, to[(v >> 8) % RTE_DIM(to)]);
	if ((v & 0x700) == 0)
		fr_do(r, ESW_FLOW_PASSTHRU);
	else if ((v & 0x700) == 0x100 && (v & 0xc0) != 0)
		fr_do(r, ESW_FLOW_DROP);
	else
		fr_port(r, to[(v >> 12) % RTE_DIM(to)]);
}

static uint32_t
some(void)
{
	return (uint32_t)random() << 16 ^ (uint32_t)random();
}

static void
rules_make(void)
{
	struct fr r;

	for (uint32_t i = 0; i < RULES; i++) {
		fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, some() % 4);
		random_fields(&r, some());
		random_actions(&r, some());
		rule[i] = esw_flow_create(net.sw, &r.spec, NULL);
	}
}

/* What frames look like: few values, so that rules match; headers are cut off now and then. */
static void
frames_make(void)
{
	for (uint32_t i = 0; i < BURST; i++) {
		uint32_t v = some();

		seed[i] = v;
		like[i] = (struct ip_frame){
			.v6 = v % 8 == 0,
			.udp = v % 3 != 0,
			.payload = 30 + (v >> 8) % 60,
			.dst = (v >> 14) % 8 == 0 ? 0x0b0a09080702 : net.mac[1],
			.src = net.mac[0],
		};
	}
}

static uint32_t
octets_make(uint32_t i, uint8_t *b)
{
	struct ip_frame f = like[i];
	uint32_t v = seed[i];

	ip_build(&f, b);
	if (!f.v6) {
		memcpy(b + 26, (const uint8_t[]){ 10, 0, 0, 1 + (v >> 20) % 3 }, 4);
		b[14 + 8] = 64;
	}
	ip_put16(b + f.l2 + f.l3, 1 + (v >> 22) % 3);
	ip_put16(b + f.l2 + f.l3 + 2, (v >> 24) % 8 == 0 ? 4789 : (v >> 24) % 3);
	memcpy(b + f.len - 4, &i, 4);
	if ((v >> 28) == 0) { /* a header that is none */
		memcpy(b + 40, &i, 4);
		return 44;
	}
	return f.len;
}

static struct rte_mbuf *
frame_make(uint32_t i, enum form form)
{
	uint8_t b[512];
	uint32_t n = octets_make(i, b);
	const uint16_t lens[] = { 1 + seed[i] % (n - 1) };
	struct rte_mbuf *m;

	if (form == FORM_SEGMENTS)
		return rig_chain(rig_pool(RIG_2K), b, n, lens, 1);
	m = rte_pktmbuf_alloc(rig_pool(form == FORM_POOL ? RIG_OTHER : RIG_2K));
	assert_non_null(m);
	if (form == FORM_HEADROOM)
		m->data_off = 8;
	memcpy(rte_pktmbuf_append(m, n), b, n);
	return m;
}

static void
receive(uint16_t ep, struct result *r)
{
	struct rte_mbuf *m;
	uint8_t b[512];

	while ((m = rig_recv(net.rx[ep])) != NULL) {
		uint32_t n = rig_bytes(m, b), i;

		assert_ptr_equal(m->pool, rig_pool(RIG_2K));
		memcpy(&i, b + n - 4, 4);
		assert_true(i < BURST);
		r->who[i] += 1u << (4 * ep);
		r->octets[i] += rte_hash_crc(b, n, ep);
		if ((m->ol_flags & MARKED) != 0)
			r->mark[i] += m->hash.fdir.hi + ep + 1;
		rte_pktmbuf_free(m);
	}
}

static void
send_all(enum form form, struct result *r)
{
	struct rte_mbuf *m[BURST];
	struct esw_counters was, now;

	memset(r, 0, sizeof(*r));
	for (uint32_t i = 0; i < RULES; i++) {
		struct esw_flow_stats s;

		if (rule[i] != NULL)
			(void)esw_flow_count_get(net.sw, rule[i], true, &s);
	}
	for (uint32_t i = 0; i < BURST; i++)
		m[i] = frame_make(i, form);
	assert_int_equal(esw_counters_get(net.sw, VF0, &was), 0);
	assert_int_equal(esw_tx_burst(net.tx[VF0], m, BURST), BURST);
	assert_int_equal(esw_counters_get(net.sw, VF0, &now), 0);
	for (uint32_t i = 0; i < ESW_FATE_RX_FIRST; i++)
		r->fate[i] = now.fate[i] - was.fate[i];
	for (uint16_t ep = 0; ep < EPS; ep++)
		receive(ep, r);
	for (uint32_t i = 0; i < RULES; i++)
		if (rule[i] != NULL)
			(void)esw_flow_count_get(net.sw, rule[i], false, &r->count[i]);
}

static void
same(const struct result *a, const struct result *b)
{
	for (uint32_t i = 0; i < BURST; i++) {
		assert_int_equal(a->who[i], b->who[i]);
		assert_int_equal(a->octets[i], b->octets[i]);
		assert_int_equal(a->mark[i], b->mark[i]);
	}
	assert_memory_equal(a->fate, b->fate, sizeof(a->fate));
	for (uint32_t i = 0; i < RULES; i++) {
		assert_int_equal(a->count[i].packets, b->count[i].packets);
		assert_int_equal(a->count[i].bytes, b->count[i].bytes);
	}
}

static void
all_forms_alike(uint16_t bits, const char *vlan)
{
	uint64_t moved = 0, hits = 0;
	struct result first, r;

	assert_int_equal(rte_vect_set_max_simd_bitwidth(bits), 0);
	fr_net_make_rx(&net, ESW_RXQ_SCATTER);
	esw_tx_select();
	rig_policy(net.sw, 0, ESW_F_VLAN, vlan);
	rig_policy(net.sw, 1, ESW_F_VLAN, vlan);
	srandom(bits);
	for (uint32_t k = 0; k < ROUNDS; k++) {
		rules_make();
		for (uint32_t n = 0; n < BURSTS; n++) {
			frames_make();
			send_all(FORM_PLAIN, &first);
			moved += first.fate[ESW_TX_FORWARDED];
			for (uint32_t i = 0; i < RULES; i++)
				hits += first.count[i].packets;
			for (enum form f = FORM_PLAIN; f < FORMS; f++) {
				send_all(f, &r); /* plain again: from the cache */
				same(&first, &r);
			}
		}
		esw_flow_flush(net.sw, VF0);
	}
	assert_true(moved > ROUNDS * BURSTS * BURST / 4);
	assert_true(hits > ROUNDS * BURSTS * BURST / 8);
	rig_free(net.sw);
	assert_int_equal(rte_vect_set_max_simd_bitwidth(RTE_VECT_SIMD_512), 0);
}

static void
base(void **state)
{
	RTE_SET_USED(state);
	all_forms_alike(RTE_VECT_SIMD_128, "off");
	all_forms_alike(RTE_VECT_SIMD_128, "access 7");
}

static void
avx2(void **state)
{
	RTE_SET_USED(state);
	all_forms_alike(RTE_VECT_SIMD_256, "off");
	all_forms_alike(RTE_VECT_SIMD_256, "access 7 proto 802.1ad");
}

static void
avx512(void **state)
{
	RTE_SET_USED(state);
	all_forms_alike(RTE_VECT_SIMD_512, "off");
	all_forms_alike(RTE_VECT_SIMD_512, "access 8");
}

/*
 * A list of masks that is seen before its generation: what the cache holds is of another shape. It
 * must neither be believed nor be added to.
 */
static void
cache_of_another_list(void **state)
{
	struct esw_flow_cache *c;
	struct esw_flow_table *t;
	struct esw_flow *wrong;
	struct fr r;

	RTE_SET_USED(state);
	fr_net_make(&net);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 1);
	fr_port(&r, REP2);
	fr_make(net.sw, &r);
	assert_int_equal(fr_send(&net, 1), TO(REP2)); /* the first frame of a lane is a slow one */
	esw_flow_flush(net.sw, VF0);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 1);
	FR_IS(&r, 0, sport, RTE_BE16(1));
	fr_port(&r, VF1);
	fr_make(net.sw, &r);
	fr_begin(&r, VF0, ESW_FLOW_TRANSFER, 0, 2);
	FR_IS(&r, 0, src4, 1);
	fr_port(&r, REP2);
	wrong = fr_make(net.sw, &r);
	t = net.sw->flow.root[VF0];
	c = net.tx[VF0]->cache;
	assert_non_null(c);
	assert_true(t->subs->n_words != 0);
	assert_int_equal(fr_send(&net, 1), TO(VF1));
	for (uint32_t i = 0; i < ESW_FLOW_CACHE_LINES; i++)
		if (c->line[i].rule != NULL)
			c->line[i].rule = wrong;
	assert_int_equal(fr_send(&net, 1), TO(REP2)); /* so it is used */
	t->gen = t->subs->since - 1;
	for (uint32_t i = 0; i < ESW_FLOW_CACHE_LINES; i++)
		c->line[i].gen = t->gen;
	assert_int_equal(fr_send(&net, 1), TO(VF1));
	assert_int_equal(fr_send(&net, 2), TO(REP0));
	for (uint32_t i = 0; i < ESW_FLOW_CACHE_LINES; i++)
		assert_true(c->line[i].rule == NULL || c->line[i].rule == wrong);
	rig_free(net.sw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base),
		cmocka_unit_test(avx2),
		cmocka_unit_test(avx512),
		cmocka_unit_test(cache_of_another_list),
	};

	return cmocka_run_group_tests_name("flow_paths", tests, rig_setup, rig_teardown);
}
