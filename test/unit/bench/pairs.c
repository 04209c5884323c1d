/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Pairs of a comparison: which figures are compared, their ratios, and who is slower. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "pairs.h"

static json_t *
hop(double cycles)
{
	return json_pack("{s:s, s:s, s:{s:f}}", "kind", "hop", "size", "64", "cycles", "median",
			 cycles);
}

static json_t *
throughput(double pps)
{
	return json_pack("{s:s, s:s, s:[{s:s, s:{s:f}}]}", "kind", "throughput", "size", "64",
			 "goals", "name", "NDR", "pps", "median", pps);
}

static void
add(struct bench_pairs *p, unsigned int side, unsigned int round, json_t *result)
{
	assert_int_equal(bench_pairs_add(p, side, round, result), 0);
	json_decref(result);
}

/* @p n rounds of hops of a[i] and b[i] cycles. */
static void
hops(struct bench_pairs *p, const double *a, const double *b, unsigned int n)
{
	bench_pairs_open(p, n);
	for (unsigned int i = 0; i < n; i++) {
		add(p, i % 2, i, hop(i % 2 == 0 ? a[i] : b[i]));
		add(p, 1 - i % 2, i, hop(i % 2 == 0 ? b[i] : a[i]));
	}
}

/* Ratios are of one round each: the drift from 10 to 40 cycles does not matter. */
static void
ratio_of_rounds(void **state)
{
	const double a[] = { 10, 20, 30, 40, 50, 60 }, b[] = { 11, 22, 33, 44, 55, 66 };
	struct bench_pair_result r;
	struct bench_pairs p;

	(void)state;
	hops(&p, a, b, 6);
	assert_int_equal(p.n, 1);
	assert_int_equal(bench_pairs_result(&p, 0, 5, &r), 0);
	assert_float_equal(r.ratio.median, 1.1, 1e-9);
	assert_float_equal(r.ratio.ci_lo, 1.1, 1e-9);
	assert_float_equal(r.ratio.ci_hi, 1.1, 1e-9);
	assert_float_equal(r.side[0].median, 35, 1e-9);
	assert_true(r.slower);
	assert_int_equal(bench_pairs_result(&p, 0, 11, &r), 0);
	assert_false(r.slower);
	assert_int_equal(bench_pairs_result(&p, 0, -1, &r), 0);
	assert_false(r.slower);
	bench_pairs_close(&p);
}

/* A median beyond the limit is nothing as long as the interval holds 1. */
static void
interval_holds_one(void **state)
{
	const double a[] = { 10, 10, 10, 10, 10 }, b[] = { 9, 13, 13, 13, 13 };
	struct bench_pair_result r;
	struct bench_pairs p;

	(void)state;
	hops(&p, a, b, 5);
	assert_int_equal(bench_pairs_result(&p, 0, 5, &r), 0);
	assert_float_equal(r.ratio.median, 1.3, 1e-9);
	assert_float_equal(r.ratio.ci_lo, 0.9, 1e-9);
	assert_false(r.slower);
	bench_pairs_close(&p);
}

/* Of rates, less is worse. */
static void
rates_the_other_way(void **state)
{
	struct bench_pair_result r;
	struct bench_pairs p;

	(void)state;
	bench_pairs_open(&p, 2);
	for (unsigned int i = 0; i < 2; i++) {
		add(&p, 0, i, throughput(100));
		add(&p, 1, i, throughput(80));
	}
	assert_int_equal(bench_pairs_result(&p, 0, 10, &r), 0);
	assert_float_equal(r.ratio.median, 0.8, 1e-9);
	assert_true(r.slower);
	bench_pairs_close(&p);
	bench_pairs_open(&p, 2);
	for (unsigned int i = 0; i < 2; i++) {
		add(&p, 0, i, throughput(100));
		add(&p, 1, i, throughput(300));
	}
	assert_int_equal(bench_pairs_result(&p, 0, 10, &r), 0);
	assert_false(r.slower);
	bench_pairs_close(&p);
}

/* A round in which one side has no value is no pair; none at all is said. */
static void
missing_values(void **state)
{
	struct bench_pair_result r;
	struct bench_pairs p;
	json_t *pairs;

	(void)state;
	bench_pairs_open(&p, 3);
	add(&p, 0, 0, hop(10));
	add(&p, 1, 0, hop(20));
	add(&p, 0, 1, hop(10));
	add(&p, 1, 2, hop(20));
	assert_int_equal(bench_pairs_result(&p, 0, 0, &r), 0);
	assert_int_equal(r.ratio.n, 1);
	pairs = bench_pairs_json(&p, 0);
	assert_int_equal(json_array_size(pairs), 1);
	json_decref(pairs);
	bench_pairs_close(&p);
	bench_pairs_open(&p, 2);
	add(&p, 0, 0, hop(10));
	add(&p, 1, 1, hop(10));
	assert_int_equal(bench_pairs_result(&p, 0, 0, &r), -ENODATA);
	bench_pairs_close(&p);
}

/* Sizes, kinds and places are apart; null and the tester's own latency are no figures. */
static void
which_figures(void **state)
{
	struct bench_pairs p;

	(void)state;
	bench_pairs_open(&p, 1);
	add(&p, 0, 0, hop(10));
	add(&p, 0, 0,
	    json_pack("{s:s, s:s, s:{s:f}}", "kind", "hop", "size", "128", "cycles", "median",
		      11.0));
	add(&p, 0, 0,
	    json_pack("{s:s, s:s, s:{s:n}}", "kind", "hop", "size", "256", "cycles", "median"));
	assert_int_equal(p.n, 2);
	add(&p, 0, 0,
	    json_pack("{s:s, s:s, s:s, s:{s:i}}", "kind", "latency", "size", "64", "load",
		      "tester alone", "latency_ns", "p50", 9));
	assert_int_equal(p.n, 2);
	add(&p, 0, 0,
	    json_pack("{s:s, s:s, s:s, s:{s:i, s:n}}", "kind", "latency", "size", "64", "load",
		      "10 %", "latency_ns", "p50", 9, "p99"));
	assert_int_equal(p.n, 3);
	assert_string_equal(p.list[2].metric.name, "latency 10 % p50");
	assert_true(p.list[2].metric.lower_better);
	add(&p, 0, 0,
	    json_pack("{s:s, s:s, s:s, s:s, s:{s:f}}", "kind", "forwarding", "size", "64", "name",
		      "mesh", "unit", "pps", "value", "median", 5.0));
	assert_string_equal(p.list[3].metric.name, "forwarding mesh");
	assert_false(p.list[3].metric.lower_better);
	bench_pairs_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ratio_of_rounds),     cmocka_unit_test(interval_holds_one),
		cmocka_unit_test(rates_the_other_way), cmocka_unit_test(missing_values),
		cmocka_unit_test(which_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
