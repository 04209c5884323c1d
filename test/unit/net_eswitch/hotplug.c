/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* Devices that come and go: names, numbers, order of removal, what a VF keeps. */
#include "rig.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <ethdev_driver.h>

#include "switchdev.h"

#define PF_ARGS "vfs=4,representor=vf[0-1]"
#define VF0_ARGS "pf=net_eswitch_pf0,vf=0"
#define VF1_ARGS "pf=net_eswitch_pf0,vf=1"
#define REP0 RIG_PF "_representor_vf0"
#define REP1 RIG_PF "_representor_vf1"
#define REP2 RIG_PF "_representor_vf2"

static unsigned int ports_before;

static int
none_yet(void **state)
{
	(void)state;
	ports_before = rte_eth_dev_count_total();
	return 0;
}

static int
none_left(void **state)
{
	(void)state;
	assert_int_equal(rte_eth_dev_count_total(), ports_before);
	assert_null(swd_by_name(RIG_PF));
	assert_int_equal(rig_pool_used(), 0);
	return 0;
}

static void
names_and_numbers(void **state)
{
	struct rte_eth_dev_info pf, rep;
	struct rte_eth_representor_info *ri;
	uint16_t p, r0, r1;

	(void)state;
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	p = rig_port(RIG_PF);
	r0 = rig_port(REP0);
	r1 = rig_port(REP1);
	assert_true(p < r0 && r0 < r1);
	assert_int_equal(rte_eth_dev_info_get(p, &pf), 0);
	assert_int_equal(rte_eth_dev_info_get(r1, &rep), 0);
	assert_true((*rep.dev_flags & RTE_ETH_DEV_REPRESENTOR) != 0);
	assert_true((*pf.dev_flags & RTE_ETH_DEV_REPRESENTOR) == 0);
	assert_int_not_equal(pf.switch_info.domain_id, RTE_ETH_DEV_SWITCH_DOMAIN_ID_INVALID);
	assert_int_equal(pf.switch_info.domain_id, rep.switch_info.domain_id);
	assert_string_equal(pf.driver_name, "net_eswitch_pf");
	assert_int_equal(rte_eth_devices[r1].data->representor_id, 1);
	assert_int_equal(rte_eth_devices[r1].data->backer_port_id, p);
	assert_int_equal(rte_eth_representor_info_get(p, NULL), 1);
	ri = calloc(1, sizeof(*ri) + sizeof(ri->ranges[0]));
	assert_non_null(ri);
	ri->nb_ranges_alloc = 1;
	assert_int_equal(rte_eth_representor_info_get(p, ri), 1);
	assert_int_equal(ri->ranges[0].type, RTE_ETH_REPRESENTOR_VF);
	assert_int_equal(ri->ranges[0].id_base, 0);
	assert_int_equal(ri->ranges[0].id_end, 3);
	free(ri);
	rig_del(RIG_PF);
}

/* As OVS looks for a port. */
static uint16_t
iterate(const char *devargs)
{
	struct rte_dev_iterator it;
	uint16_t port, found = UINT16_MAX;

	RTE_ETH_FOREACH_MATCHING_DEV(port, devargs, &it) {
		found = port;
		rte_eth_iterator_cleanup(&it);
		break;
	}
	return found;
}

static void
found_by_devargs(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	assert_int_equal(iterate(RIG_PF), rig_port(RIG_PF));
	assert_int_equal(iterate(RIG_PF ",representor=[1]"), rig_port(REP1));
	assert_int_equal(iterate(RIG_PF ",representor=vf1"), rig_port(REP1));
	assert_int_equal(iterate(RIG_PF ",representor=pf0vf1"), rig_port(REP1));
	assert_int_equal(iterate(RIG_PF ",representor=vf3"), UINT16_MAX);
	rig_del(RIG_PF);
}

static void
two_pfs_two_domains(void **state)
{
	struct rte_eth_dev_info a, b;
	struct rte_ether_addr ma, mb;

	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=2,representor=0"), 0);
	assert_int_equal(rig_add("net_eswitch_pf1", "vfs=2,representor=0"), 0);
	assert_int_equal(rte_eth_dev_info_get(rig_port(RIG_PF), &a), 0);
	assert_int_equal(rte_eth_dev_info_get(rig_port("net_eswitch_pf1"), &b), 0);
	assert_int_not_equal(a.switch_info.domain_id, b.switch_info.domain_id);
	ma = rig_mac(rig_port(REP0));
	mb = rig_mac(rig_port("net_eswitch_pf1_representor_vf0"));
	assert_false(rte_is_same_ether_addr(&ma, &mb));
	rig_del(RIG_PF);
	rig_del("net_eswitch_pf1");
}

static void
representor_later(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	assert_int_equal(rig_find(REP2), UINT16_MAX);
	assert_int_equal(rig_attach(RIG_PF ",representor=[2]"), 0);
	assert_int_equal(rte_eth_devices[rig_port(REP2)].data->backer_port_id, rig_port(RIG_PF));
	/* closed, asked for again */
	assert_int_equal(rte_eth_dev_close(rig_port(REP2)), 0);
	/* somebody else's probe brings nothing back */
	assert_int_equal(rig_attach("net_eswitch_vf0," VF0_ARGS), 0);
	assert_int_equal(rig_find(REP2), UINT16_MAX);
	assert_int_equal(rig_attach(RIG_PF ",representor=[2]"), 0);
	assert_int_not_equal(rig_find(REP2), UINT16_MAX);
	rig_del("net_eswitch_vf0");
	rig_del(RIG_PF);
}

/* OVS: del-port of the PF closes its port; add-port asks for the device again. */
static void
pf_port_closed_and_back(void **state)
{
	uint16_t p;

	(void)state;
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	assert_int_equal(rte_eth_dev_close(rig_port(RIG_PF)), 0);
	assert_int_equal(rig_find(RIG_PF), UINT16_MAX);
	rig_up(rig_port(REP0), 1);
	/* another PF takes the number meanwhile */
	assert_int_equal(rig_add("net_eswitch_pf1", NULL), 0);
	assert_int_equal(rig_attach(RIG_PF), 0);
	p = rig_port(RIG_PF);
	assert_int_equal(rte_eth_devices[rig_port(REP0)].data->backer_port_id, p);
	assert_ptr_equal(swd_by_pf_port(p), swd_by_name(RIG_PF));
	rig_del("net_eswitch_pf1");
	rig_del(RIG_PF);
}

static void
vf_keeps_index_mac_policy(void **state)
{
	struct rte_ether_addr mac = { { 0x02, 0, 0, 0, 0, 0x77 } }, now;
	struct esw_policy_patch patch = { .fields = ESW_F_BIT(ESW_F_MAC) | ESW_F_BIT(ESW_F_TRUST),
					  .value = { .mac = mac, .trust = true } };
	struct esw_policy p;
	uint16_t vf;
	int i;

	(void)state;
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	assert_int_equal(swd_policy_patch(swd_by_name(RIG_PF), 1, &patch, NULL), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(rig_add("net_eswitch_vf9", VF1_ARGS), 0);
		vf = rig_port("net_eswitch_vf9");
		now = rig_mac(vf);
		assert_memory_equal(&now, &mac, sizeof(mac));
		rig_up(vf, 2);
		assert_int_equal(rte_eth_promiscuous_enable(vf), 0);
		rig_del("net_eswitch_vf9");
	}
	assert_int_equal(swd_policy_get(swd_by_name(RIG_PF), 1, &p, NULL), 0);
	assert_true(p.trust);
	assert_memory_equal(&p.mac, &mac, sizeof(mac));
	rig_del(RIG_PF);
}

static void
vf_refused(void **state)
{
	(void)state;
	assert_int_equal(rig_add("net_eswitch_vf0", VF0_ARGS), -ENODEV); /* no PF */
	assert_int_equal(rig_add(RIG_PF, "vfs=4,attach=vf2:net_none0"), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=4"), -ERANGE);
	assert_int_equal(rig_add("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=2"), -EBUSY);
	assert_int_equal(rig_add("net_eswitch_vf0", NULL), -EINVAL);
	assert_int_equal(rig_add("net_eswitch_vf0", VF0_ARGS), 0);
	assert_int_equal(rig_add("net_eswitch_vf5", VF0_ARGS), -EBUSY);
	assert_int_not_equal(rig_add("net_eswitch_pf0_vf2", ""), 0);
	rig_del("net_eswitch_vf0");
	rig_del(RIG_PF);
}

static void
pf_refused(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=0"), -EINVAL);
	assert_int_equal(rig_add(RIG_PF, "vfs=40,representor=[0-31]"), -ENOSPC);
	assert_int_equal(rig_add(RIG_PF, "vfs=2,policy=/no/such/file"), -ENOENT);
	assert_int_equal(rig_add(RIG_PF, "vfs=2,uplink=net_eswitch_pf0"), -EINVAL);
	assert_int_equal(rig_add(RIG_PF, "vfs=2,attach=vf0:" REP0), -EINVAL);
	assert_int_equal(rig_find(RIG_PF), UINT16_MAX);
}

/* The last step of a probe fails: a name that somebody else registered. Nothing is left of it. */
static void
pf_not_registered(void **state)
{
	struct swd_dev taken = { .name = RIG_PF, .pf_port = UINT16_MAX - 1 };
	struct swd_ops ops;

	(void)state;
	/* any operations will do: nobody asks */
	assert_int_equal(rig_add("net_eswitch_pf1", ""), 0);
	ops = *swd_by_name("net_eswitch_pf1")->ops;
	taken.ops = &ops;
	assert_int_equal(swd_register(&taken), 0);
	assert_int_not_equal(rig_add(RIG_PF, PF_ARGS), 0);
	assert_int_equal(rig_find(RIG_PF), UINT16_MAX);
	swd_unregister(&taken);
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	rig_del(RIG_PF);
	rig_del("net_eswitch_pf1");
}

/*
 * A PF that goes first leaves VF ports without a link: what they send is dropped, counted and
 * freed.
 */
static void
pf_goes_first(void **state)
{
	struct rte_ether_addr mac;
	struct rte_eth_link link;
	uint16_t vf;

	(void)state;
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	assert_int_equal(rig_add("net_eswitch_vf0", VF0_ARGS), 0);
	vf = rig_port("net_eswitch_vf0");
	rig_up(rig_port(REP0), 1);
	rig_up(vf, 1);
	mac = rig_mac(vf);
	rig_send(vf, &mac, &mac);
	rig_del(RIG_PF);
	assert_int_equal(rte_eth_link_get_nowait(vf, &link), 0);
	assert_int_equal(link.link_status, RTE_ETH_LINK_DOWN);
	rig_send(vf, &mac, &mac);
	assert_int_equal(rig_xstat(vf, "tx_link_down"), 1);
	/* the name is free again, for a new device */
	assert_int_equal(rig_add(RIG_PF, PF_ARGS), 0);
	rig_del(RIG_PF);
	rig_del("net_eswitch_vf0");
}

static void
policy_file(void **state)
{
	static const char text[] =
		"[default]\nspoofchk = off\n[vf 1]\nvlan = access 100\ntrust = on\n";
	char path[] = "policy-XXXXXX", args[64];
	int fd = mkstemp(path);
	struct esw_policy p;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	snprintf(args, sizeof(args), "vfs=2,policy=%s", path);
	assert_int_equal(rig_add(RIG_PF, args), 0);
	unlink(path);
	assert_int_equal(swd_policy_get(swd_by_name(RIG_PF), 1, &p, NULL), 0);
	assert_int_equal(p.vlan.mode, ESW_VLAN_ACCESS);
	assert_int_equal(p.vlan.vid, 100);
	assert_true(p.trust && !p.spoofchk);
	rig_del(RIG_PF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_and_numbers, none_yet, none_left),
		cmocka_unit_test_setup_teardown(found_by_devargs, none_yet, none_left),
		cmocka_unit_test_setup_teardown(two_pfs_two_domains, none_yet, none_left),
		cmocka_unit_test_setup_teardown(representor_later, none_yet, none_left),
		cmocka_unit_test_setup_teardown(pf_port_closed_and_back, none_yet, none_left),
		cmocka_unit_test_setup_teardown(vf_keeps_index_mac_policy, none_yet, none_left),
		cmocka_unit_test_setup_teardown(vf_refused, none_yet, none_left),
		cmocka_unit_test_setup_teardown(pf_refused, none_yet, none_left),
		cmocka_unit_test_setup_teardown(pf_not_registered, none_yet, none_left),
		cmocka_unit_test_setup_teardown(pf_goes_first, none_yet, none_left),
		cmocka_unit_test_setup_teardown(policy_file, none_yet, none_left),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
