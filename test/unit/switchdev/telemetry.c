/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* The telemetry commands, asked as any client does: through the socket of this process. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include <rte_eal.h>

#include "fake.h"

static struct fake fake;
static int sock = -1;
static char answer[1 << 15];

static int
connect_self(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/dpdk_telemetry.v2",
		 rte_eal_get_runtime_dir());
	sock = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;
	/* The greeting. */
	return recv(sock, answer, sizeof(answer), 0) > 0 ? 0 : -EIO;
}

/* Ask; what stands behind the command in the answer. The caller drops the reference. */
static json_t *
ask(const char *request)
{
	char cmd[64];
	ssize_t n;
	json_error_t e;
	json_t *root, *value;

	assert_int_equal(send(sock, request, strlen(request), 0), (ssize_t)strlen(request));
	n = recv(sock, answer, sizeof(answer) - 1, 0);
	assert_true(n > 0);
	answer[n] = '\0';
	root = json_loads(answer, 0, &e);
	if (root == NULL)
		fail_msg("%s: no JSON: %s", request, answer);
	snprintf(cmd, sizeof(cmd), "%.*s", (int)strcspn(request, ","), request);
	value = json_object_get(root, cmd);
	assert_non_null(value);
	json_incref(value);
	json_decref(root);
	return value;
}

static void
assert_text(const json_t *object, const char *key, const char *text)
{
	const char *is = json_string_value(json_object_get(object, key));

	if (is == NULL)
		fail_msg("no string \"%s\" in %s", key, answer);
	assert_string_equal(is, text);
}

static void
assert_number(const json_t *object, const char *key, long long value)
{
	const json_t *is = json_object_get(object, key);

	if (!json_is_integer(is))
		fail_msg("no number \"%s\" in %s", key, answer);
	assert_int_equal(json_integer_value(is), value);
}

/* A string, or the strings of an array put together. */
static void
join(const json_t *value, char *buf, size_t len)
{
	const json_t *piece;
	size_t i;

	buf[0] = '\0';
	if (json_is_string(value)) {
		snprintf(buf, len, "%s", json_string_value(value));
		return;
	}
	assert_true(json_is_array(value));
	assert_true(json_array_size(value) > 1);
	json_array_foreach(value, i, piece) {
		assert_true(json_string_length(piece) <= 127);
		strncat(buf, json_string_value(piece), len - strlen(buf) - 1);
	}
}

static int
setup(void **state)
{
	(void)state;
	fake_init(&fake, "net_fake_pf0", 3);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_fini(&fake);
	return 0;
}

static void
test_list(void **state)
{
	struct fake other;
	json_t *j;

	(void)state;
	fake_init(&other, "net_fake_pf1", 4);
	j = ask("/eswitch/list");
	assert_int_equal(json_array_size(j), 2);
	assert_string_equal(json_string_value(json_array_get(j, 0)), "net_fake_pf0");
	assert_string_equal(json_string_value(json_array_get(j, 1)), "net_fake_pf1");
	json_decref(j);
	fake_fini(&other);
}

static void
test_pf(void **state)
{
	json_t *j, *fields;

	(void)state;
	j = ask("/eswitch/pf,3");
	assert_text(j, "name", "net_fake_pf0");
	assert_text(j, "driver", "net_fake");
	assert_text(j, "mode", "switchdev");
	assert_text(j, "wire_link", "up");
	assert_text(j, "control", "none");
	assert_number(j, "vfs", FAKE_VFS);
	assert_number(j, "mtu", 9000);
	assert_number(j, "domain_id", 5);
	fields = json_object_get(j, "policy_fields");
	assert_int_equal(json_array_size(fields), ESW_F_COUNT);
	assert_string_equal(json_string_value(json_array_get(fields, ESW_F_MAC_CHANGE)),
			    "mac-change");
	json_decref(j);
}

static void
test_vf(void **state)
{
	json_t *j, *st;

	(void)state;
	fake.policy[2].mac_change = true;
	j = ask("/eswitch/vf,net_fake_pf0,2");
	assert_text(j, "mac", "02:00:00:00:00:02");
	assert_text(j, "macs", "none");
	assert_text(j, "vlan", "off");
	assert_text(j, "mtu", "1500");
	assert_text(j, "mac_change", "allow");
	assert_text(j, "mtu_change", "deny");
	st = json_object_get(j, "state");
	assert_text(st, "mac", "02:00:00:00:00:02");
	assert_text(st, "link", "up");
	assert_text(st, "attached", "net_tap0");
	assert_number(st, "mtu", 1500);
	assert_number(st, "representor_port", -1);
	json_decref(j);
}

/* The largest values that a policy can have still arrive whole. */
static void
test_vf_long_values(void **state)
{
	char want[ESW_POLICY_TEXT_MAX], got[ESW_POLICY_TEXT_MAX];
	struct esw_policy *p = &fake.policy[7];
	json_t *j;

	(void)state;
	p->n_macs = ESW_POLICY_MACS_MAX;
	for (uint16_t i = 0; i < p->n_macs; i++)
		p->macs[i] = (struct rte_ether_addr){ { 0x06, 0, 0, 0, 0, (uint8_t)i } };
	p->vlan.mode = ESW_VLAN_TRUNK;
	for (uint16_t v = 1; v <= ESW_VID_MAX; v++) {
		if (v % 3 != 0)
			esw_vlan_trunk_add(&p->vlan, v);
	}
	j = ask("/eswitch/vf,net_fake_pf0,7");
	esw_policy_field_print(p, ESW_F_MACS, want, sizeof(want));
	join(json_object_get(j, "macs"), got, sizeof(got));
	assert_string_equal(got, want);
	esw_policy_field_print(p, ESW_F_VLAN, want, sizeof(want));
	join(json_object_get(j, "vlan"), got, sizeof(got));
	assert_string_equal(got, want);
	assert_text(j, "isolate", "off");
	json_decref(j);
}

static void
test_stats(void **state)
{
	static const struct {
		const char *request;
		long long first; /* -1: no counters */
	} rows[] = {
		{ "/eswitch/stats,net_fake_pf0,2", 20 },
		{ "/eswitch/stats,3,2", 20 },
		{ "/eswitch/stats,3,rep2", 1020 },
		{ "/eswitch/stats,3", 0 },
		{ "/eswitch/stats,3,pf", 0 },
		{ "/eswitch/stats,3,wire", -1 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *j = ask(rows[i].request);

		assert_true(json_is_object(j));
		if (rows[i].first < 0) {
			assert_int_equal(json_object_size(j), 0);
		} else {
			assert_int_equal(json_object_size(j), FAKE_COUNTERS);
			assert_number(j, "tx_forwarded", rows[i].first);
			assert_number(j, "rx_bytes", rows[i].first + FAKE_COUNTERS - 1);
		}
		json_decref(j);
	}
}

static void
test_fdb(void **state)
{
	json_t *j, *list;

	(void)state;
	fake.n_fdb = 450;
	for (unsigned int i = 0; i < fake.n_fdb; i++)
		fake.fdb[i] = (struct swd_fdb_entry){ .mac = { { 2, 0, 0, 0, i >> 8, i & 0xff } },
						      .vlan = 4095 + i % 3,
						      .vf = 255,
						      .age_s = UINT32_MAX };
	fake.fdb[0].is_static = true;
	fake.fdb[0].vf = SWD_PORT_PF;
	fake.fdb[0].vlan = SWD_VLAN_ANY;
	fake.fdb[449].vlan = 4096 + 77;
	fake.fdb[449].vf = SWD_PORT_WIRE;
	fake.fdb[449].age_s = 12;

	j = ask("/eswitch/fdb,net_fake_pf0");
	assert_number(j, "total", 450);
	assert_number(j, "first", 0);
	assert_number(j, "next", 200);
	list = json_object_get(j, "entries");
	assert_int_equal(json_array_size(list), 200);
	assert_string_equal(json_string_value(json_array_get(list, 0)),
			    "02:00:00:00:00:00 vlan any port pf static");
	json_decref(j);

	j = ask("/eswitch/fdb,net_fake_pf0,400");
	assert_null(json_object_get(j, "next"));
	list = json_object_get(j, "entries");
	assert_int_equal(json_array_size(list), 50);
	assert_string_equal(json_string_value(json_array_get(list, 49)),
			    "02:00:00:00:01:c1 vlan s77 port wire age 12");
	json_decref(j);

	j = ask("/eswitch/fdb,net_fake_pf0,9999");
	assert_int_equal(json_array_size(json_object_get(j, "entries")), 0);
	assert_number(j, "total", 450);
	json_decref(j);
}

static void
test_flows(void **state)
{
	json_t *j;

	(void)state;
	j = ask("/eswitch/flows,net_fake_pf0");
	assert_number(j, "total", 0);
	assert_number(j, "pf", 0);
	assert_int_equal(json_object_size(json_object_get(j, "representors")), 0);
	assert_int_equal(json_object_size(json_object_get(j, "vfs")), 0);
	json_decref(j);

	fake.flows_pf = 2;
	fake.flows_vf[7] = 10;
	fake.flows_rep[0] = 100;
	fake.flows_rep[3] = 1000;
	j = ask("/eswitch/flows,3");
	assert_number(j, "total", 1112);
	assert_number(j, "pf", 2);
	assert_number(json_object_get(j, "vfs"), "7", 10);
	assert_number(json_object_get(j, "representors"), "0", 100);
	assert_number(json_object_get(j, "representors"), "3", 1000);
	assert_int_equal(json_object_size(json_object_get(j, "vfs")), 1);
	assert_int_equal(json_object_size(json_object_get(j, "representors")), 2);
	json_decref(j);

	fake.ops.flows_get = NULL;
	j = ask("/eswitch/flows,3");
	assert_string_equal(json_string_value(j), "error: net_fake_pf0 has no flow rules");
	json_decref(j);
}

static void
test_set(void **state)
{
	json_t *j;

	(void)state;
	swd_telemetry_allow_write(&fake.sd, true);
	j = ask("/eswitch/vf/set,net_fake_pf0,2,mtu=9000");
	assert_text(j, "mtu", "9000");
	json_decref(j);
	assert_int_equal(fake.policy[2].mtu, 9000);
	/* a value with commas and blanks, a key with '_' or '-' */
	j = ask("/eswitch/vf/set,3,2,vlan=trunk 10,20-22 native 20");
	assert_text(j, "vlan", "trunk 10,20-22 native 20");
	json_decref(j);
	assert_true(esw_vlan_trunk_has(&fake.policy[2].vlan, 21));
	j = ask("/eswitch/vf/set,3,2,mac_change=allow");
	assert_text(j, "mac_change", "allow");
	json_decref(j);
	j = ask("/eswitch/vf/set,3,2,mtu-change=allow");
	assert_text(j, "mtu_change", "allow");
	json_decref(j);
	assert_true(fake.policy[2].mac_change && fake.policy[2].mtu_change);
}

/* Every refusal is one string that says why, and changes nothing. */
static void
test_refusals(void **state)
{
	static const struct {
		const char *request;
		const char *says;
		bool may_write;
	} rows[] = {
		{ "/eswitch/list,1", "one too many", false },
		{ "/eswitch/pf", "pf: missing", false },
		{ "/eswitch/pf,net_fake_pf9", "\"net_fake_pf9\" is not in /eswitch/list", false },
		{ "/eswitch/pf,4", "\"4\" is not in", false },
		{ "/eswitch/pf,65536", "out of range 0 to 65535", false },
		{ "/eswitch/pf, 3", "is not in /eswitch/list", false },
		{ "/eswitch/pf,3,", "one too many", false },
		{ "/eswitch/vf,3", "vf: missing", false },
		{ "/eswitch/vf,3,8", "vf: 8 is out of range 0 to 7 of net_fake_pf0", false },
		{ "/eswitch/vf,3,-1", "vf: \"-1\"", false },
		{ "/eswitch/vf,3,+1", "vf: \"+1\"", false },
		{ "/eswitch/vf,3,1x", "vf: \"1x\"", false },
		{ "/eswitch/vf,3,1,2", "\"2\" is one too many", false },
		{ "/eswitch/vf,3,00000000000000000000001", "longer than 15", false },
		{ "/eswitch/stats,3,vf1", "port (pf, wire,", false },
		{ "/eswitch/stats,3,rep", "port (pf, wire,", false },
		{ "/eswitch/stats,3,rep8", "vf: 8 does not exist", false },
		{ "/eswitch/stats,3,9", "vf: 9 does not exist", false },
		{ "/eswitch/fdb,3,x", "first: \"x\"", false },
		{ "/eswitch/flows", "pf: missing", false },
		{ "/eswitch/flows,3,1", "\"1\" is one too many", false },
		{ "/eswitch/vf/set,3,2,mtu=9000", "control=telemetry", false },
		{ "/eswitch/vf/set,3,2,mtu=9001", "mtu: 9001", true },
		{ "/eswitch/vf/set,3,2,mtu", "value: missing", true },
		{ "/eswitch/vf/set,3,2,=1", "field: \"\"", true },
		{ "/eswitch/vf/set,3,2,colour=red", "colour", true },
		{ "/eswitch/vf/set,3,2", "field: missing", true },
		{ "/eswitch/vf/set,3,9,mtu=1000", "vf: 9", true },
		{ "/eswitch/vf/set,3", "vf: missing", true },
		{ "/eswitch/vf/set,3,2,mac=01:00:00:00:00:01", "mac", true },
		{ "/eswitch/vf/set,3,2,mac=02:00:00:00:00:03", "in use by VF 3", true },
	};
	struct esw_policy was = fake.policy[2];

	(void)state;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text;
		json_t *j;

		swd_telemetry_allow_write(&fake.sd, rows[i].may_write);
		j = ask(rows[i].request);
		text = json_string_value(j);
		if (text == NULL || strncmp(text, "error: ", 7) != 0 ||
		    strstr(text, rows[i].says) == NULL)
			fail_msg("%s: %s does not say \"%s\"", rows[i].request, answer,
				 rows[i].says);
		json_decref(j);
	}
	assert_int_equal(esw_policy_diff(&was, &fake.policy[2]), 0);
	assert_int_equal(fake.sets, 0);
	/* No handler has kept the device. */
	assert_int_equal(fake.sd.users, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_list, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vf_long_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fdb, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
	};
	int ret;

	if (fake_eal_init("swd_telemetry") < 0)
		return 1;
	if (connect_self() < 0) {
		fprintf(stderr, "telemetry does not answer in %s\n", rte_eal_get_runtime_dir());
		return 1;
	}
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	close(sock);
	fake_eal_fini();
	return ret;
}
