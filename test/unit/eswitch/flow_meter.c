/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Meters: the three algorithms by their RFCs' words, rates that do not drift, times that jump. */
#include <math.h>

#include "meters.h"

/* RFC 2697 3: E fills only when C is full; a frame takes from one bucket, whole. */
static void
rfc2697(void **state)
{
	struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
		.alg = SRTCM, .cir = 1000, .cbs = 2000, .ebs = 1000 });

	RTE_SET_USED(state);
	expect(m, 4, 500, 1, GREEN);
	expect(m, 2, 500, 1, YELLOW);
	expect(m, 1, 14, 1, RED);
	/* Half a second: 500 to C alone. */
	expect(m, 1, 501, 1.5, RED);
	expect(m, 1, 500, 1.5, GREEN);
	expect(m, 1, 14, 1.5, RED);
	/* Three seconds: 2000 to C and 1000 to E; a larger frame than C holds is yellow at most. */
	expect(m, 1, 2001, 4.5, RED);
	expect(m, 1, 2000, 4.5, GREEN);
	expect(m, 1, 1001, 4.5, RED);
	expect(m, 1, 1000, 4.5, YELLOW);
	/* A tenth: a red frame in between takes nothing. */
	expect(m, 3, 101, 4.6, RED);
	expect(m, 1, 100, 4.6, GREEN);
	/* Both full again, what would be more is lost. */
	expect(m, 4, 500, 100, GREEN);
	expect(m, 2, 500, 100, YELLOW);
	expect(m, 1, 14, 100, RED);
	destroy(m);
}

/* RFC 2698 3: P is asked first; green takes from both. */
static void
rfc2698(void **state)
{
	struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
		.alg = TRTCM, .cir = 1000, .pir = 2000, .cbs = 1000, .ebs = 3000 });

	RTE_SET_USED(state);
	expect(m, 2, 500, 1, GREEN);
	expect(m, 4, 500, 1, YELLOW);
	expect(m, 1, 14, 1, RED);
	/* Half a second: 500 to C, 1000 to P. */
	expect(m, 1, 1001, 1.5, RED);
	expect(m, 1, 501, 1.5, YELLOW);
	expect(m, 1, 500, 1.5, RED); /* C has 500, but P has 499 */
	expect(m, 1, 499, 1.5, GREEN);
	expect(m, 1, 14, 1.5, RED);
	/* Long after. */
	expect(m, 1, 3001, 50, RED);
	expect(m, 1, 2000, 50, YELLOW);
	expect(m, 1, 1000, 50, GREEN);
	expect(m, 1, 14, 50, RED);
	destroy(m);
}

/* RFC 4115 3: green takes nothing from E; what C cannot take, E may. */
static void
rfc4115(void **state)
{
	struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
		.alg = TRTCM2, .cir = 1000, .pir = 500, .cbs = 1000, .ebs = 1500 });

	RTE_SET_USED(state);
	expect(m, 2, 500, 1, GREEN);
	expect(m, 3, 500, 1, YELLOW);
	expect(m, 1, 14, 1, RED);
	/* A second: 1000 to C, 500 to E. */
	expect(m, 1, 1001, 2, RED);
	expect(m, 1, 500, 2, GREEN);
	expect(m, 1, 501, 2, RED); /* no bucket has 501 */
	expect(m, 1, 500, 2, GREEN);
	expect(m, 1, 500, 2, YELLOW);
	expect(m, 1, 14, 2, RED);
	destroy(m);
	/* No excess rate: the excess burst is there once. */
	m = make(&(struct esw_flow_meter_conf){
		.alg = TRTCM2, .cir = 1000, .cbs = 1000, .ebs = 1500 });
	expect(m, 1, 1500, 1, YELLOW);
	expect(m, 1, 1000, 1, GREEN);
	expect(m, 1, 1001, 100000, RED);
	expect(m, 1, 1000, 100000, GREEN);
	destroy(m);
}

/* In packet mode lengths are nothing but counted. */
static void
packet_mode(void **state)
{
	struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
		.alg = SRTCM, .packets = true, .cir = 10, .cbs = 3, .ebs = 1 });
	struct esw_flow_meter_stats s;

	RTE_SET_USED(state);
	expect(m, 3, 65000, 1, GREEN);
	expect(m, 1, 65000, 1, YELLOW);
	expect(m, 1, 14, 1, RED);
	expect(m, 1, 14, 1.099, RED);
	expect(m, 1, 65000, 1.101, GREEN);
	expect(m, 1, 14, 1.101, RED);
	/* A TSO frame of three segments; of five, which is more than any burst. */
	assert_true(esw_flow_meter_run(m, 3, 4000, epoch + 10 * hz));
	assert_true(esw_flow_meter_run(m, 5, 7000, epoch + 10 * hz));
	esw_flow_meter_stats_get(sw, m, true, &s);
	assert_int_equal(s.color[GREEN].packets, 3);
	assert_int_equal(s.color[GREEN].bytes, 4000);
	assert_int_equal(s.color[RED].packets, 5);
	assert_int_equal(s.color[RED].bytes, 7000);
	destroy(m);
}

/* What may pass in the given time at double the rate, burst left out, is the rate. */
static void
long_run(uint64_t rate, enum esw_flow_meter_alg alg)
{
	const struct esw_flow_meter_conf c = { .alg = alg,
					       .cir = rate,
					       .pir = rate,
					       .cbs = 64000,
					       .ebs = 64000,
					       .drop = { [RED] = true, [YELLOW] = alg != TRTCM2 } };
	struct esw_flow_meter *m = make(&c);
	struct esw_flow_meter_stats s;
	/* of 640 octets, at double the rate */
	const uint64_t frames = 400000;
	long double gap = 640.0L * hz / rate / 2, expected;

	/* TRTCM2 has two buckets of that rate. */
	gap /= alg == TRTCM2 ? 2 : 1;
	while (esw_flow_meter_run(m, 1, 640, epoch))
		;
	esw_flow_meter_stats_get(sw, m, true, &s);
	for (uint64_t i = 1; i <= frames; i++)
		esw_flow_meter_run(m, 1, 640, epoch + (uint64_t)(gap * i));
	esw_flow_meter_stats_get(sw, m, true, &s);
	expected = gap * frames / hz * rate / 640 * (alg == TRTCM2 ? 2 : 1);
	assert_int_equal(s.color[GREEN].packets + s.color[YELLOW].packets + s.dropped.packets,
			 frames);
	assert_in_range(s.color[GREEN].packets + s.color[YELLOW].packets, expected * 0.9999L - 1,
			expected * 1.0001L + 1);
	destroy(m);
}

static void
rates_do_not_drift(void **state)
{
	static const uint64_t rates[] = {
		1,           3,           1000,         12345,
		125000,      8388607,     125000000,    1234567891,
		12500000000, 50000000000, 987654321987, ESW_FLOW_METER_RATE_MAX,
	};

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RTE_DIM(rates); i++) {
		long_run(rates[i], SRTCM);
		long_run(rates[i], TRTCM);
		if (rates[i] <= ESW_FLOW_METER_RATE_MAX / 2)
			long_run(rates[i], TRTCM2);
	}
}

static void
rates_are_near(void **state)
{
	static const uint64_t clocks[] = { 25000000, 1000000000, 2596120000, 3000000000,
					   4299999989 };

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < 200000; i++) {
		uint64_t clock = clocks[i % RTE_DIM(clocks)], rate = 1 + rnd_size(40);
		struct esw_flow_meter_rate r;
		long double is;

		rate = RTE_MIN(rate, ESW_FLOW_METER_RATE_MAX);
		r = esw_flow_meter_rate(rate, clock);
		assert_true(r.per_token > 0 && r.per_cycle > 0);
		assert_true(r.per_cycle * clock <= UINT64_C(1) << 46);
		assert_true(r.per_token <= clock);
		is = (long double)clock * r.per_cycle / r.per_token;
		/* flow_meter.h's bound, and something for two roundings of integers */
		assert_true(fabsl(is / rate - 1) <= 1.05L * clock / (UINT64_C(1) << 47));
		if (rate <= (UINT64_C(1) << 46) / clock)
			assert_true((wide)clock * r.per_cycle == (wide)rate * r.per_token);
	}
}

/* However long nothing came: the burst, to the octet. */
static void
idle_gives_one_burst(void **state)
{
	static const double hours[] = { 0.01, 1, 7, 24, 40, 70 };
	const uint64_t rates[] = { 1000000, 12500000000, 123456789 };

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RTE_DIM(rates); i++) {
		struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
			.alg = SRTCM, .cir = rates[i], .cbs = 1000000, .ebs = 2000000 });
		double at = 0;

		for (unsigned int k = 0; k < RTE_DIM(hours); k++) {
			at += hours[k] * 3600;
			expect(m, 10, 100000, at, GREEN);
			expect(m, 20, 100000, at, YELLOW);
			expect(m, 1, 14, at, RED);
		}
		destroy(m);
	}
}

/* Cores' clocks, and the moments at which bursts read them, are not in order. */
static void
clock_behind_gives_nothing(void **state)
{
	static const enum esw_flow_meter_alg algs[] = { SRTCM, TRTCM, TRTCM2 };

	RTE_SET_USED(state);
	for (unsigned int i = 0; i < RTE_DIM(algs); i++) {
		struct esw_flow_meter *m = make(&(struct esw_flow_meter_conf){
			.alg = algs[i], .cir = 1000, .pir = 1000, .cbs = 1000, .ebs = 1000 });

		expect(m, 1, 1000, 10, GREEN);
		if (algs[i] != TRTCM)
			expect(m, 1, 1000, 10, YELLOW);
		expect(m, 10, 14, 9.5, RED);
		expect(m, 10, 14, 10, RED);
		expect(m, 1, 100, 10.1001, GREEN);
		expect(m, 1, 100, 10.15, algs[i] == TRTCM2 ? YELLOW : RED);
		/* Set back by more than a second: no meter stays closed. */
		expect(m, 1, 1000, 5, GREEN);
		destroy(m);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rfc2697, setup, teardown),
		cmocka_unit_test_setup_teardown(rfc2698, setup, teardown),
		cmocka_unit_test_setup_teardown(rfc4115, setup, teardown),
		cmocka_unit_test_setup_teardown(packet_mode, setup, teardown),
		cmocka_unit_test_setup_teardown(rates_do_not_drift, setup, teardown),
		cmocka_unit_test_setup_teardown(rates_are_near, setup, teardown),
		cmocka_unit_test_setup_teardown(idle_gives_one_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(clock_behind_gives_nothing, setup, teardown),
	};

	return cmocka_run_group_tests_name("flow_meter", tests, rig_setup, rig_teardown);
}
