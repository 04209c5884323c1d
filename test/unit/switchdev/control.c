/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Registry, argument checks, and policy files applied all or nothing. No EAL needed. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake.h"

static struct fake fake;

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
	assert_null(swd_next(NULL));
	return 0;
}

static void
test_registry_finds(void **state)
{
	struct fake other;
	int vf = 99;

	(void)state;
	fake_init(&other, "net_fake_pf1", 4);
	assert_ptr_equal(swd_by_name("net_fake_pf0"), &fake.sd);
	assert_ptr_equal(swd_by_name("net_fake_pf1"), &other.sd);
	assert_null(swd_by_name("net_fake_pf"));
	assert_null(swd_by_name(NULL));
	assert_ptr_equal(swd_by_pf_port(4), &other.sd);
	assert_null(swd_by_pf_port(5));
	assert_ptr_equal(swd_next(NULL), &fake.sd);
	assert_ptr_equal(swd_next(&fake.sd), &other.sd);
	assert_null(swd_next(&other.sd));

	other.rep_port[6] = 12;
	assert_ptr_equal(swd_by_port(12, &vf), &other.sd);
	assert_int_equal(vf, 6);
	assert_ptr_equal(swd_by_port(3, &vf), &fake.sd);
	assert_int_equal(vf, SWD_PORT_PF);
	assert_null(swd_by_port(13, &vf));
	fake_fini(&other);
	assert_null(swd_by_name("net_fake_pf1"));
	assert_null(swd_by_port(12, NULL));
}

static void
test_registry_refuses(void **state)
{
	struct fake f = fake;

	(void)state;
	/* same name, other port; other name, same port; the same device again */
	f.sd.pf_port = 9;
	assert_int_equal(swd_register(&f.sd), -EEXIST);
	f.sd.name[0] = 'x';
	f.sd.pf_port = fake.sd.pf_port;
	assert_int_equal(swd_register(&f.sd), -EEXIST);
	assert_int_equal(swd_register(&fake.sd), -EEXIST);

	f.sd.pf_port = 9;
	f.sd.ops = &f.ops;
	f.ops.counters_get = NULL;
	assert_int_equal(swd_register(&f.sd), -EINVAL);
	f.ops = fake.ops;
	f.sd.name[0] = '\0';
	assert_int_equal(swd_register(&f.sd), -EINVAL);
	f.sd.ops = NULL;
	assert_int_equal(swd_register(&f.sd), -EINVAL);
	assert_int_equal(swd_register(NULL), -EINVAL);
	swd_unregister(NULL);
	swd_unregister(&f.sd);
	assert_ptr_equal(swd_next(NULL), &fake.sd);
}

static void
test_arguments(void **state)
{
	struct esw_policy_patch patch = { .fields = UINT64_C(1) << 63 };
	struct swd_counter c[FAKE_COUNTERS];
	struct swd_vf_info vi;
	struct swd_info info;
	struct esw_policy p;
	struct esw_err err;

	(void)state;
	assert_int_equal(swd_info_get(NULL, &info), -EINVAL);
	assert_int_equal(swd_info_get(&fake.sd, NULL), -EINVAL);
	assert_int_equal(swd_policy_get(&fake.sd, FAKE_VFS, &p, &err), -ERANGE);
	assert_string_equal(err.msg, "vf: 8 is out of range 0 to 7 of net_fake_pf0");
	assert_int_equal(swd_policy_get(&fake.sd, 0, NULL, NULL), -EINVAL);
	assert_int_equal(swd_policy_set(&fake.sd, FAKE_VFS, &p, NULL), -ERANGE);
	assert_int_equal(swd_policy_set(&fake.sd, 0, NULL, NULL), -EINVAL);
	assert_int_equal(swd_policy_patch(&fake.sd, 0, &patch, NULL), -EINVAL);
	assert_int_equal(swd_vf_info_get(&fake.sd, 65535, &vi, NULL), -ERANGE);
	assert_int_equal(swd_counters_get(&fake.sd, FAKE_VFS, c, FAKE_COUNTERS), -ERANGE);
	assert_int_equal(swd_counters_get(&fake.sd, -3, c, FAKE_COUNTERS), -ERANGE);
	assert_int_equal(swd_counters_get(&fake.sd, SWD_PORT_REP(FAKE_VFS), c, 1), -ERANGE);
	assert_int_equal(swd_counters_get(&fake.sd, 0, NULL, 1), -EINVAL);
	assert_int_equal(swd_counters_get(&fake.sd, 0, NULL, 0), FAKE_COUNTERS);
	assert_int_equal(swd_counters_get(&fake.sd, SWD_PORT_REP(7), c, 1), FAKE_COUNTERS);
	assert_int_equal(c[0].value, 1070);
	fake.info.nb_vfs = 0;
	assert_int_equal(swd_policy_get(&fake.sd, 0, &p, &err), -ERANGE);
	assert_string_equal(err.msg, "vf: 0 does not exist, net_fake_pf0 has no VF");
}

static void
test_absent_operations(void **state)
{
	struct swd_fdb_entry e;

	(void)state;
	fake.n_fdb = 3;
	assert_int_equal(swd_fdb_get(&fake.sd, &e, 1), 3);
	assert_int_equal(swd_fdb_flush(&fake.sd), 0);
	assert_int_equal(swd_fdb_get(&fake.sd, NULL, 0), 0);
	fake.flows_rep[7] = 4;
	assert_int_equal(swd_flows_get(&fake.sd, SWD_PORT_REP(7)), 4);
	assert_int_equal(swd_flows_get(&fake.sd, 7), 0);
	assert_int_equal(swd_flows_get(&fake.sd, SWD_PORT_WIRE), 0);
	assert_int_equal(swd_flows_get(&fake.sd, SWD_PORT_REP(8)), -ERANGE);
	fake.ops.fdb_get = NULL;
	fake.ops.fdb_flush = NULL;
	fake.ops.flows_get = NULL;
	assert_int_equal(swd_fdb_get(&fake.sd, &e, 1), -ENOTSUP);
	assert_int_equal(swd_fdb_flush(&fake.sd), -ENOTSUP);
	assert_int_equal(swd_flows_get(&fake.sd, SWD_PORT_PF), -ENOTSUP);
}

static void
test_gone_device(void **state)
{
	struct esw_policy p;
	struct swd_info info;
	struct esw_err err;

	(void)state;
	swd_unregister(&fake.sd);
	assert_int_equal(swd_info_get(&fake.sd, &info), -ENODEV);
	assert_int_equal(swd_policy_get(&fake.sd, 0, &p, &err), -ENODEV);
	assert_string_equal(err.msg, "device: it has been removed");
	assert_int_equal(swd_policy_file_apply(&fake.sd, "/nowhere", &err), -ENODEV);
	assert_false(swd_hold(&fake.sd));
	assert_null(swd_next(&fake.sd));
}

static void *
call_info(void *arg)
{
	struct swd_info info;

	return (void *)(intptr_t)swd_info_get(arg, &info);
}

static int unregistered;

static void *
call_unregister(void *arg)
{
	swd_unregister(arg);
	__atomic_store_n(&unregistered, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void
test_removal_waits_for_calls(void **state)
{
	pthread_t caller, remover;
	void *ret;

	(void)state;
	unregistered = 0;
	__atomic_store_n(&fake.gate, 1, __ATOMIC_SEQ_CST);
	assert_int_equal(pthread_create(&caller, NULL, call_info, &fake.sd), 0);
	while (__atomic_load_n(&fake.entered, __ATOMIC_SEQ_CST) == 0)
		usleep(100);
	assert_int_equal(pthread_create(&remover, NULL, call_unregister, &fake.sd), 0);
	/* Out of sight at once, but not gone while the call is inside. */
	while (swd_next(NULL) != NULL)
		usleep(100);
	usleep(20000);
	assert_int_equal(__atomic_load_n(&unregistered, __ATOMIC_SEQ_CST), 0);
	assert_false(swd_hold(&fake.sd));
	__atomic_store_n(&fake.gate, 0, __ATOMIC_SEQ_CST);
	pthread_join(caller, &ret);
	assert_int_equal((intptr_t)ret, 0);
	pthread_join(remover, NULL);
	assert_int_equal(unregistered, 1);
}

/* Policy files. */

static char path[] = "/tmp/swd_policy_XXXXXX";

static int
apply(const char *text, struct esw_err *err)
{
	FILE *f;
	int fd, ret;

	memset(path + sizeof(path) - 7, 'X', 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	ret = swd_policy_file_apply(&fake.sd, path, err);
	unlink(path);
	return ret;
}

static void
assert_unchanged(const struct esw_policy *was)
{
	for (uint16_t i = 0; i < FAKE_VFS; i++)
		assert_int_equal(esw_policy_diff(&was[i], &fake.policy[i]), 0);
}

static void
test_file_applies(void **state)
{
	struct esw_err err;

	(void)state;
	assert_int_equal(apply("[default]\nmtu = 2000\n[vf 3]\nvlan = access 7\n", &err), 0);
	assert_int_equal(fake.sets, FAKE_VFS);
	for (uint16_t i = 0; i < FAKE_VFS; i++) {
		assert_int_equal(fake.policy[i].mtu, 2000);
		assert_int_equal(fake.policy[i].vlan.mode, i == 3 ? ESW_VLAN_ACCESS : ESW_VLAN_OFF);
		assert_int_equal(fake.policy[i].mac.addr_bytes[5], i);
	}
	/* What is so already is not set again. */
	assert_int_equal(apply("[default]\nmtu = 2000\n[vf 2]\ntrust = on\n", &err), 0);
	assert_int_equal(fake.sets, FAKE_VFS + 1);
	assert_int_equal(fake.policy[3].vlan.vid, 7);
}

static void
test_file_refused_by_device(void **state)
{
	struct esw_policy was[FAKE_VFS];
	struct esw_err err;

	(void)state;
	memcpy(was, fake.policy, sizeof(was));
	fake.refuse_vf = 3;
	assert_int_equal(apply("[default]\ntrust = on\n", &err), -EIO);
	assert_non_null(strstr(err.msg, "vf 3: fake: will not"));
	assert_unchanged(was);
	/* three applied and put back: the device was asked, so the roll back was needed */
	assert_int_equal(fake.sets, 6);
}

static void
test_file_roll_back_fails(void **state)
{
	struct esw_err err;

	(void)state;
	/* VF 1 takes the new policy and refuses the old one; VF 4's MAC is never free. */
	fake.refuse_vf = 1;
	fake.refuse_from = 8;
	fake.info.nb_vfs = 7;
	memcpy(&fake.policy[7].mac, &(struct rte_ether_addr){ { 2, 9, 9, 9, 9, 9 } }, 6);
	assert_int_equal(apply("[default]\ntrust = on\n[vf 6]\nmac = 02:09:09:09:09:09\n", &err),
			 -EEXIST);
	assert_non_null(strstr(err.msg, "VF 1 keeps its new policy (fake: will not)"));
	assert_true(fake.policy[1].trust);
	for (uint16_t i = 0; i < 7; i++)
		assert_int_equal(fake.policy[i].trust, i == 1);
}

static void
test_file_judged_before(void **state)
{
	static const struct {
		const char *text;
		int ret;
		const char *says;
	} rows[] = {
		{ "[default]\ntrust = on\n[vf 7]\nmtu = 9001\n", -EINVAL, "vf 7: mtu" },
		{ "[vf 0]\ntrust = on\n[vf 8]\ntrust = on\n", -ERANGE, "8" },
		{ "[vf 0]\ntrust = on\n[vf 1]\nvlan = nonsense\n", -EINVAL, ":4:" },
		{ "[vf 0]\ntrust = on\n[vf 2]\nmac = 02:00:00:00:00:05\n", -EEXIST,
		  "vf 2: mac: 02:00:00:00:00:05 is also an address of VF 5" },
		{ "[vf 2]\nmacs = 02:00:00:00:00:05\n", -EEXIST,
		  "vf 5: mac: 02:00:00:00:00:05 is also an address of VF 2" },
	};
	struct esw_policy was[FAKE_VFS];
	struct esw_err err;

	(void)state;
	memcpy(was, fake.policy, sizeof(was));
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(apply(rows[i].text, &err), rows[i].ret);
		if (strstr(err.msg, rows[i].says) == NULL)
			fail_msg("row %u: \"%s\" does not say \"%s\"", i, err.msg, rows[i].says);
	}
	assert_unchanged(was);
	assert_int_equal(fake.sets, 0);
	assert_int_equal(swd_policy_file_apply(&fake.sd, "/nonexistent/p.ini", &err), -ENOENT);
}

/* An address moves down a chain of VFs: each must wait for the next. */
static void
test_file_moves_addresses(void **state)
{
	struct esw_err err;

	(void)state;
	assert_int_equal(apply("[vf 0]\nmac = 02:00:00:00:00:01\n"
			       "[vf 1]\nmac = 02:00:00:00:00:02\n"
			       "[vf 2]\nmac = 02:00:00:00:00:aa\n",
			       &err),
			 0);
	assert_int_equal(fake.policy[0].mac.addr_bytes[5], 1);
	assert_int_equal(fake.policy[1].mac.addr_bytes[5], 2);
	assert_int_equal(fake.policy[2].mac.addr_bytes[5], 0xaa);
	/* A swap has no order that works, and leaves everything as it was. */
	assert_int_equal(apply("[vf 0]\nmac = 02:00:00:00:00:02\n"
			       "[vf 1]\nmac = 02:00:00:00:00:01\n[vf 5]\ntrust = on\n",
			       &err),
			 -EEXIST);
	assert_int_equal(fake.policy[0].mac.addr_bytes[5], 1);
	assert_int_equal(fake.policy[1].mac.addr_bytes[5], 2);
	assert_false(fake.policy[5].trust);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_registry_finds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_registry_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_arguments, setup, teardown),
		cmocka_unit_test_setup_teardown(test_absent_operations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone_device, setup, teardown),
		cmocka_unit_test_setup_teardown(test_removal_waits_for_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_applies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_refused_by_device, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_roll_back_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_judged_before, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_moves_addresses, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
