/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Options of the traffic: what is taken, and that every refusal names option, value and range. */
#include "bench_rig.h"

#include <errno.h>
#include <string.h>

static struct bench_options o;

static void
refuse(const char *line, const char *want)
{
	assert_int_equal(bench_rig_parse(&o, line), -EINVAL);
	if (strstr(bench_rig_err, want) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", line, bench_rig_err, want);
}

static void
take(const char *line)
{
	if (bench_rig_parse(&o, line) != 0)
		fail_msg("%s: %s", line, bench_rig_err);
}

static void
test_defaults(void **state)
{
	(void)state;
	take("");
	assert_int_equal(o.pattern, BENCH_PATTERN_MESH);
	assert_int_equal(o.bad.n, 0);
	assert_false(o.tagged);
	assert_int_equal(o.expect_tag, BENCH_TAG_ANY);
	assert_int_equal(o.arrivals.kind, BENCH_ARRIVAL_CONSTANT);
	assert_int_equal(o.sources, 1);
}

static void
test_bad(void **state)
{
	(void)state;
	take("--bad spoof:10,vlan:4094:0.5,vlan:7:1,mtu:2,unknown:3,multicast-source:82.5");
	assert_int_equal(o.bad.n, 6);
	assert_int_equal(o.bad.entry[0].kind, BENCH_BAD_SPOOF);
	assert_int_equal(o.bad.entry[1].kind, BENCH_BAD_VLAN);
	assert_int_equal(o.bad.entry[1].vid, 4094);
	assert_true(o.bad.entry[1].percent == 0.5);
	assert_int_equal(o.bad.entry[5].kind, BENCH_BAD_MULTICAST_SOURCE);
	refuse("--bad spoof", "--bad spoof: expected KIND:PERCENT");
	refuse("--bad evil:1", "--bad evil: expected KIND:PERCENT");
	refuse("--bad spoof:0", "from 0.01 to 99");
	refuse("--bad spoof:x", "from 0.01 to 99");
	refuse("--bad spoof:50,mtu:50", "together at most 99 %");
	refuse("--bad vlan:5", "expected vlan:VID:PERCENT");
	refuse("--bad vlan:4095:1", "--bad vlan 4095: expected a whole number from 1 to 4094");
	refuse("--bad ,", "expected a list");
	refuse("--bad mtu:1,mtu:1,mtu:1,mtu:1,mtu:1,mtu:1,mtu:1,mtu:1,mtu:1", "more than 8 kinds");
}

static void
test_plug(void **state)
{
	(void)state;
	take("--plug net_ring7 --plug net_virtio_user0,path=/x");
	assert_int_equal(o.n_plug, 2);
	assert_string_equal(o.plug[0], "net_ring7");
	assert_string_equal(o.plug[1], "net_virtio_user0,path=/x");
	refuse("--plug a --plug b --plug c --plug d --plug e --plug f --plug g --plug h --plug i",
	       "--plug i: more than 8 devices");
}

static void
test_tags(void **state)
{
	(void)state;
	take("--tag 4094:7 --expect-tag none");
	assert_true(o.tagged);
	assert_int_equal(o.tci, 7 << 13 | 4094);
	assert_int_equal(o.expect_tag, BENCH_TAG_NONE);
	take("--tag 0 --expect-tag 12");
	assert_true(o.tagged);
	assert_int_equal(o.tci, 0);
	assert_int_equal(o.expect_tag, 12);
	refuse("--tag 4095", "--tag 4095: expected VID or VID:PCP");
	refuse("--tag 5:8", "priority from 0 to 7");
	refuse("--tag 5:", "--tag 5:");
	refuse("--tag 5:1x", "--tag 5:1x");
	refuse("--tag x", "--tag x");
	refuse("--tag 5:-1", "--tag 5:-1");
	refuse("--tag 99999999999999999999", "--tag 9");
	refuse("--expect-tag 4095", "from 0 to 4094");
	refuse("--expect-tag some", "expected any, none or a VLAN");
}

static void
test_destination(void **state)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	(void)state;
	take("--pattern broadcast");
	assert_memory_equal(o.dst, all, 6);
	take("--dst ff:ff:ff:ff:ff:ff");
	assert_int_equal(o.pattern, BENCH_PATTERN_BROADCAST);
	take("--dst 01:00:5e:00:00:01 --pattern broadcast");
	assert_int_equal(o.dst[0], 1);
	take("--dst 02:00:00:00:00:01");
	assert_int_equal(o.pattern, BENCH_PATTERN_MESH);
	refuse("--dst ff:ff:ff:ff:ff:ff --pattern ring", "--pattern ring: --dst is a group");
	refuse("--dst 02:00:00:00:00:01 --pattern broadcast", "--dst is no group address");
	refuse("--pattern broadcast --macs 2", "exclude each other");
	refuse("--pattern star", "expected mesh, pairs, ring");
	refuse("--sources 0", "from 1 to 65536");
	refuse("--arrivals often", "--arrivals often: expected constant");
}

/* The report's words for it. */
static void
test_config(void **state)
{
	json_t *j, *bad;

	(void)state;
	take("--bad vlan:5:1 --tag 9:3 --expect-tag none --arrivals burst:4 --sources 3 "
	     "--pattern ring");
	j = bench_traffic_json(&o);
	bad = json_array_get(json_object_get(j, "bad"), 0);
	assert_string_equal(json_string_value(json_object_get(j, "pattern")), "ring");
	assert_string_equal(json_string_value(json_object_get(j, "arrivals")), "burst:4");
	assert_string_equal(json_string_value(json_object_get(j, "expect_tag")), "none");
	assert_int_equal(json_integer_value(json_object_get(j, "sources")), 3);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "tag"), "vlan")), 9);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "tag"), "priority")),
			 3);
	assert_string_equal(json_string_value(json_object_get(bad, "kind")), "vlan");
	assert_int_equal(json_integer_value(json_object_get(bad, "vlan")), 5);
	assert_true(json_real_value(json_object_get(bad, "percent")) == 1);
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),    cmocka_unit_test(test_bad),
		cmocka_unit_test(test_plug),        cmocka_unit_test(test_tags),
		cmocka_unit_test(test_destination), cmocka_unit_test(test_config),
	};

	return cmocka_run_group_tests_name("bench-options", tests, NULL, NULL);
}
