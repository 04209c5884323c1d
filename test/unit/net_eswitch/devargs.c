/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Device arguments: what is taken, and the sentence for each that is not. No device is made. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "devargs.h"

struct row {
	const char *args;
	const char *says; /* part of the sentence */
};

static const struct row bad_pf[] = {
	{ "vfs=0",
	  "vfs: 0 is out of range 1 to 256: an e-switch without VFs has nothing to switch" },
	{ "vfs=257", "vfs: 257 is out of range 1 to 256" },
	{ "vfs=-1", "vfs: '-1' is not a number" },
	{ "vfs=four", "vfs: 'four' is not a number" },
	{ "vfs=4x", "vfs: '4x' is not a number" },
	{ "vfs=99999999999999999999999", "vfs: '99999999999999999999999' is not a number" },
	{ "vfs=", "vfs: no value" },
	{ "vfs", "vfs: no value" },
	{ "vfs=2,vfs=3", "vfs: said twice" },
	{ "vf=2",
	  "'vf' is not a known key: vfs, representor, mode, uplink, attach, speed, mtu, seed, "
	  "policy, control, fdb, age" },
	{ "polcy=x.ini", "'polcy' is not a known key" },
	{ "mode=legacy", "mode: 'legacy' is neither switchdev nor veb" },
	{ "speed=0", "speed: 0 is out of range 10 to 400000" },
	{ "speed=12345", "speed: 12345 Mbit/s is no Ethernet speed" },
	{ "speed=500000", "speed: 500000 is out of range 10 to 400000" },
	{ "mtu=1499", "mtu: 1499 is out of range 1500 to 65521" },
	{ "mtu=65522", "mtu: 65522 is out of range 1500 to 65521" },
	{ "seed=4294967296", "seed: 4294967296 is out of range 0 to 4294967295" },
	{ "fdb=1", "fdb: 1 is out of range 64 to 1048576" },
	{ "age=0", "age: 0 is out of range 1 to 1000000" },
	{ "control=all", "control: 'all' is not telemetry, the only value" },
	{ "uplink=net_of_a_name_that_is_far_too_long_to_be_the_name_of_a_port_in_this_dpdk",
	  "uplink: 'net_of_a_name_that_is_far_too_long_to_be...' is longer than 63 characters" },
	{ "vfs=2,attach=1:net_tap0", "attach: '1:net_tap0' is not vf<index>:<port name>" },
	{ "vfs=2,attach=vf1", "attach: 'vf1' is not vf<index>:<port name>" },
	{ "vfs=2,attach=vf1:", "attach: no value" },
	{ "vfs=2,attach=vf:net_tap0", "attach: '' is not a number" },
	{ "vfs=2,attach=vf2:net_tap0", "attach: vf2 is out of range vf0 to vf1" },
	{ "vfs=2,attach=vf256:net_tap0", "attach: 256 is out of range 0 to 255" },
	{ "vfs=2,attach=vf1:a,attach=vf1:b", "attach: vf1 has a port behind it already, a" },
	{ "vfs=2,attach=vf0:a,attach=vf1:a", "attach: port a is behind vf0 already" },
	{ "vfs=2,uplink=a,attach=vf1:a", "attach: port a is the uplink already" },
	{ "vfs=2,representor=vf2", "representor: VF 2 is out of range 0 to 1" },
	{ "vfs=2,representor=[0-5]", "representor: VF 2 is out of range 0 to 1" },
	{ "vfs=2,representor=sf0", "representor: only VFs have one here" },
	{ "vfs=2,representor=pf0", "representor: only VFs have one here" },
	{ "vfs=2,representor=pf1vf0", "representor: PF 1 is out of range 0 to 0" },
	{ "vfs=2,representor=c1pf0vf0", "representor: controller 1 is out of range 0 to 0" },
	{ "vfs=2,representor=foo", "representor=foo: not vf<list>, [<list>] or pf0vf<list>" },
	{ "vfs=2,representor=vf0,representor=vf1", "representor: said twice" },
	{ "vfs=2,representor=[0-", "representor=[0-: not vf<list>, [<list>] or pf0vf<list>" },
};

static const struct row bad_vf[] = {
	{ NULL, "a VF's port needs pf=<PF device> and vf=<index>" },
	{ "", "a VF's port needs pf=<PF device> and vf=<index>" },
	{ "pf=net_eswitch_pf0", "a VF's port needs pf=<PF device> and vf=<index>" },
	{ "vf=1", "a VF's port needs pf=<PF device> and vf=<index>" },
	{ "pf=net_eswitch_pf0,vf=256", "vf: 256 is out of range 0 to 255" },
	{ "pf=net_eswitch_pf0,vf=x", "vf: 'x' is not a number from 0 to 255" },
	{ "pf=net_eswitch_pf0,vf=0,mac=02:00:00:00:00:01", "'mac' is not a known key: pf, vf" },
};

static void
check_says(const struct row *r, int ret, const struct esw_err *err)
{
	if (ret == -EINVAL && strstr(err->msg, r->says) != NULL)
		return;
	print_error("'%s' -> %d '%s'\n", r->args == NULL ? "(null)" : r->args, ret, err->msg);
	fail();
}

static void
pf_refused(void **state)
{
	struct esn_pf_args a;
	struct esw_err err;
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(bad_pf); i++) {
		err.msg[0] = '\0';
		check_says(&bad_pf[i], esn_pf_args_parse(&a, bad_pf[i].args, &err), &err);
	}
}

/* DPDK's parser takes 32 pairs; one more must not be lost silently. */
static void
too_many(void **state)
{
	char text[512] = "vfs=256";
	struct esn_pf_args a;
	struct esw_err err;
	size_t n = strlen(text);
	int i;

	(void)state;
	for (i = 0; i < 32; i++)
		n += snprintf(text + n, sizeof(text) - n, ",attach=vf%d:p%d", i, i);
	assert_int_equal(esn_pf_args_parse(&a, text, &err), -EINVAL);
	assert_non_null(strstr(err.msg, "is no list of at most 32 key=value"));
}

static void
vf_refused(void **state)
{
	struct esn_vf_args a;
	struct esw_err err;
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(bad_vf); i++) {
		err.msg[0] = '\0';
		check_says(&bad_vf[i], esn_vf_args_parse(&a, bad_vf[i].args, &err), &err);
	}
}

static void
defaults(void **state)
{
	static const char *const texts[] = { NULL, "" };
	struct esn_pf_args a;
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(texts); i++) {
		assert_int_equal(esn_pf_args_parse(&a, texts[i], NULL), 0);
		assert_int_equal(a.vfs, 1);
		assert_int_equal(a.mode, ESW_MODE_SWITCHDEV);
		assert_int_equal(a.speed, 100000);
		assert_int_equal(a.mtu, 9216);
		assert_int_equal(a.n_attach, 0);
		assert_string_equal(a.uplink, "");
		assert_false(a.seed_set || a.telemetry_writes || a.reps[0]);
	}
}

static void
everything(void **state)
{
	struct esn_pf_args a;

	(void)state;
	assert_int_equal(esn_pf_args_parse(
				 &a,
				 "vfs=256,representor=[0,2-3],mode=veb,uplink=net_tap0,"
				 "attach=vf7:net_tap1,attach=vf255:net_ring2,speed=2500,mtu=65521,"
				 "seed=0xffffffff,policy=/tmp/p.ini,control=telemetry,fdb=64,age=1",
				 NULL),
			 0);
	assert_int_equal(a.vfs, 256);
	assert_int_equal(a.mode, ESW_MODE_VEB);
	assert_int_equal(a.speed, 2500);
	assert_int_equal(a.mtu, 65521);
	assert_true(a.seed_set);
	assert_int_equal(a.seed, UINT32_MAX);
	assert_int_equal(a.fdb_entries, 64);
	assert_int_equal(a.age_s, 1);
	assert_true(a.telemetry_writes);
	assert_string_equal(a.policy, "/tmp/p.ini");
	assert_string_equal(a.uplink, "net_tap0");
	assert_int_equal(a.n_attach, 2);
	assert_int_equal(a.attach[1].vf, 255);
	assert_string_equal(a.attach[1].port, "net_ring2");
	assert_true(a.reps[0] && !a.reps[1] && a.reps[2] && a.reps[3] && !a.reps[4]);
}

/* All ways to name VF 3. */
static void
representor_forms(void **state)
{
	static const char *const forms[] = { "representor=vf3",      "representor=[3]",
					     "representor=3",        "representor=pf0vf3",
					     "representor=c0pf0vf3", "representor=vf[3-3]" };
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(forms); i++) {
		bool reps[4] = { false };

		assert_int_equal(esn_args_representors(forms[i], 4, reps, NULL), 1);
		assert_true(reps[3] && !reps[0]);
	}
}

static void
names(void **state)
{
	static const char *const bad[] = { NULL,
					   "net_eswitch_pf",
					   "net_eswitch_pf0_vf2",
					   "net_eswitch_pf0_representor_vf1",
					   "net_eswitch_pfx",
					   "net_eswitch_pf 0",
					   "net_eswitch_vf0" };
	struct esw_err err;
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(bad); i++)
		assert_int_equal(esn_name_check(bad[i], "net_eswitch_pf", &err), -EINVAL);
	assert_int_equal(esn_name_check("net_eswitch_pf0", "net_eswitch_pf", NULL), 0);
	assert_int_equal(esn_name_check("net_eswitch_pf17", "net_eswitch_pf", NULL), 0);
	esn_name_check("net_eswitch_pf0_vf2", "net_eswitch_pf", &err);
	assert_non_null(strstr(err.msg, "a representor is asked for by its PF's name"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pf_refused),        cmocka_unit_test(too_many),
		cmocka_unit_test(vf_refused),        cmocka_unit_test(defaults),
		cmocka_unit_test(everything),        cmocka_unit_test(names),
		cmocka_unit_test(representor_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
