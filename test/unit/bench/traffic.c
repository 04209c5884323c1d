/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* What is sent: shares of bad frames, what is bad about them, sources, tags, and repetition. */
#include "bench_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

#define KINDS 5U
#define ALL_BAD "spoof:10,vlan:7:5,mtu:1,unknown:2.5,multicast-source:0.1"

static struct bench_ports ports;
static struct bench_traffic t;
static struct bench_options o;

static void
open_traffic(unsigned int n, const char *line)
{
	bench_rig_ports(&ports, n, NULL, NULL);
	bench_rig_traffic(&t, &ports, &o, line);
}

static bool
is_port_mac(const uint8_t *mac)
{
	for (unsigned int i = 0; i < ports.n; i++)
		if (memcmp(ports.port[i].mac.addr_bytes, mac, 6) == 0)
			return true;
	return false;
}

/* Kind of --bad by what the frame is, not by what its stream says; KINDS if it is good. */
static unsigned int
kind_of(const struct rte_mbuf *m, unsigned int s)
{
	const uint8_t *f = rte_pktmbuf_mtod(m, const uint8_t *);
	bool spoof = memcmp(f + 6, ports.port[ports.tx[s]].mac.addr_bytes, 6) != 0;
	bool group = (f[6] & 1) != 0, tag = f[12] == 0x81 && f[13] == 0;
	bool unknown = !is_port_mac(f) && (f[0] & 1) == 0;
	bool mtu = m->pkt_len > BENCH_RIG_MTU + 14 + 8;

	assert_true(spoof + tag + mtu + unknown <= 1); /* bad in one way only */
	assert_true(!spoof || group || !is_port_mac(f + 6));
	assert_true(!tag || (f[14] << 8 | f[15]) == 7);
	assert_int_equal(m->pkt_len, mtu ? m->pkt_len : tag ? 64 : 60);
	if (spoof)
		return group ? BENCH_BAD_MULTICAST_SOURCE : BENCH_BAD_SPOOF;
	return tag ? BENCH_BAD_VLAN : mtu ? BENCH_BAD_MTU : unknown ? BENCH_BAD_UNKNOWN : KINDS;
}

static void
test_bad_shares(void **state)
{
	static const double percent[KINDS] = { 10, 5, 1, 2.5, 0.1 };
	unsigned int n[KINDS + 1] = { 0 }, spoofs = 0;
	uint64_t expected = 0;

	(void)state;
	open_traffic(4, "--bad " ALL_BAD);
	for (unsigned int i = 0; i < BENCH_MIXED; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, 1, 0);
		const struct bench_stream *stream = bench_rig_stream(&t, m);
		unsigned int k = kind_of(m, 1);

		n[k]++;
		spoofs += k == BENCH_BAD_SPOOF;
		expected += k == KINDS;
		assert_int_equal(stream->rx == BENCH_RX_NONE, k != KINDS);
		assert_int_equal(stream->group, k == KINDS ? stream->rx : t.n_groups + k);
		rte_pktmbuf_free(m);
		/* Spread out: about 410 spoofed in 4096, 19 the standard deviation. */
		if (i % 4096 == 4095) {
			assert_in_range(spoofs, 300, 520);
			spoofs = 0;
		}
	}
	for (unsigned int k = 0; k < KINDS; k++)
		assert_true(abs((int)n[k] - (int)(percent[k] / 100 * BENCH_MIXED)) <= 1);
	assert_int_equal(t.expected, expected);
	assert_int_equal(t.sender[1].n_bad, BENCH_MIXED - n[KINDS]);
	bench_traffic_close(&t);
}

/* Good frames keep what they had: no stream follows itself, however many bad ones are between. */
static void
test_order(void **state)
{
	const struct bench_stream *before = NULL;
	unsigned int n[4] = { 0 };

	(void)state;
	open_traffic(4, "--bad spoof:50");
	for (unsigned int i = 0; i < BENCH_MIXED; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, 0, 0);
		const struct bench_stream *stream = bench_rig_stream(&t, m);

		rte_pktmbuf_free(m);
		if (stream->rx == BENCH_RX_NONE)
			continue;
		assert_ptr_not_equal(stream, before);
		before = stream;
		n[stream->rx]++;
	}
	for (unsigned int r = 1; r < 4; r++)
		assert_in_range(n[r], BENCH_MIXED / 6 - 1, BENCH_MIXED / 6 + 1);
	bench_traffic_close(&t);
}

static void
test_sources(void **state)
{
	enum { N = 300 };
	static uint8_t seen[N][6];
	unsigned int own = 0, in_order = 0;

	(void)state;
	open_traffic(2, "--sources 300");
	for (unsigned int i = 0; i < 2 * N; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, 0, 0);
		const uint8_t *src = rte_pktmbuf_mtod(m, const uint8_t *) + 6;

		assert_int_equal(src[0] & 1, 0);
		own += memcmp(src, ports.port[0].mac.addr_bytes, 6) == 0;
		if (i < N) {
			for (unsigned int k = 0; k < i; k++)
				assert_memory_not_equal(seen[k], src, 6);
			memcpy(seen[i], src, 6);
			in_order += i != 0 && memcmp(seen[i - 1], src, 6) < 0;
		} else {
			assert_memory_equal(seen[i - N], src, 6);
		}
		rte_pktmbuf_free(m);
	}
	assert_int_equal(own, 2);
	assert_in_range(in_order, N / 2 - 50, N / 2 + 50); /* not sorted */
	/* Another sender's are others. */
	for (unsigned int i = 0; i < N; i++) {
		struct rte_mbuf *m = bench_rig_fill(&t, 1, 0);

		for (unsigned int k = 0; k < N; k++)
			assert_memory_not_equal(seen[k], rte_pktmbuf_mtod(m, uint8_t *) + 6, 6);
		rte_pktmbuf_free(m);
	}
	bench_traffic_close(&t);
}

static void
test_tag(void **state)
{
	static const uint8_t tag[6] = { 0x81, 0x00, 0x60, 0x05, 0x88, 0xb5 };
	const uint64_t departure = UINT64_C(1) << 60 | 1; /* a double would round it */
	struct rte_mbuf *m;

	(void)state;
	open_traffic(2, "--tag 5:3 --sample 1");
	m = bench_rig_fill(&t, 0, 77);
	assert_memory_equal(rte_pktmbuf_mtod(m, uint8_t *) + 12, tag, sizeof(tag));
	assert_int_equal(m->pkt_len, 64);
	assert_int_equal(bench_rig_label(m).len, 60);
	assert_true(bench_rig_label(m).tsc == 77);
	bench_traffic_fill_at(&t, 0, &m, 1, &departure);
	assert_true(bench_rig_label(m).tsc == departure);
	rte_pktmbuf_free(m);
	bench_traffic_close(&t);
}

/* Frames of a run, one behind the other. */
static size_t
record(const char *line, uint8_t *out)
{
	const uint64_t tsc[4] = { 5, 6, 9, 9 };
	size_t len = 0;

	open_traffic(3, line);
	for (unsigned int i = 0; i < 3000; i++) {
		struct rte_mbuf *m[4];

		assert_int_equal(rte_pktmbuf_alloc_bulk(rig_pool(), m, 4), 0);
		for (unsigned int k = 0; k < 4; k++)
			memset(rte_pktmbuf_mtod(m[k], void *), 0, 60);
		if (i % 2 == 0)
			bench_traffic_fill(&t, i % 3, m, 4, i * 100, 10);
		else
			bench_traffic_fill_at(&t, i % 3, m, 4, tsc);
		for (unsigned int k = 0; k < 4; k++) {
			memcpy(out + len, rte_pktmbuf_mtod(m[k], void *), 60);
			len += 60;
		}
		rte_pktmbuf_free_bulk(m, 4);
	}
	bench_traffic_close(&t);
	return len;
}

static void
test_repeats(void **state)
{
	static const char line[] = "--bad spoof:10,unknown:1 --sources 5 --sample 3";
	static uint8_t a[3000 * 4 * 60], b[sizeof(a)];

	(void)state;
	assert_int_equal(record(line, a), sizeof(a));
	record(line, b);
	assert_memory_equal(a, b, sizeof(a));
	record("--bad spoof:10,unknown:1 --sources 5 --sample 3 --seed 2", b);
	assert_memory_not_equal(a, b, sizeof(a));
}

/* Frames that are not sent after all leave no gap, and are not expected. */
static void
test_unfill(void **state)
{
	uint64_t next[32], expected;
	struct rte_mbuf *m[32];
	uint32_t sum[33];

	(void)state;
	open_traffic(4, "--bad spoof:50");
	assert_int_equal(rte_pktmbuf_alloc_bulk(rig_pool(), m, 32), 0);
	bench_traffic_fill(&t, 2, m, 32, 0, 0);
	assert_true(t.n_streams <= RTE_DIM(next));
	for (uint32_t i = 0; i < t.n_streams; i++)
		next[i] = t.stream[i].next;
	expected = t.expected;
	bench_traffic_fill(&t, 2, m, 32, 0, 0);
	bench_traffic_arrivals(&t, 2, 32, sum);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(sum[i + 1] - sum[i],
				 bench_rig_stream(&t, m[i])->rx != BENCH_RX_NONE);
	assert_int_equal(t.expected, expected + sum[32]);
	bench_traffic_unfill(&t, 2, 32);
	for (uint32_t i = 0; i < t.n_streams; i++)
		assert_int_equal(t.stream[i].next, next[i]);
	assert_int_equal(t.expected, expected);
	rte_pktmbuf_free_bulk(m, 32);
	bench_traffic_close(&t);
}

/* A frame beyond the MTU must not run over its buffer. */
static void
test_mtu_room(void **state)
{
	(void)state;
	bench_rig_ports(&ports, 2, NULL, NULL);
	ports.port[1].mtu = 2048 - 14 - 8 - 1 - 4; /* room of the rig's buffers */
	bench_rig_traffic(&t, &ports, &o, "--bad mtu:1");
	bench_traffic_close(&t);
	ports.port[1].mtu++;
	assert_int_equal(bench_traffic_open(&t, &ports, &o, bench_rig_err, sizeof(bench_rig_err)),
			 -ERANGE);
	assert_non_null(strstr(bench_rig_err, "port1 has an MTU of 2022, and buffers hold"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_shares), cmocka_unit_test(test_order),
		cmocka_unit_test(test_sources),    cmocka_unit_test(test_tag),
		cmocka_unit_test(test_repeats),    cmocka_unit_test(test_unfill),
		cmocka_unit_test(test_mtu_room),
	};

	return cmocka_run_group_tests_name("bench-traffic", tests, rig_eal, rig_eal_done);
}
