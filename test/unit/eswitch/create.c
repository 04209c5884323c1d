/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Devices: made whole or not at all; the addresses they derive; the list of fates. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "rig.h"

static struct esw_conf
good(void)
{
	return (struct esw_conf){
		.name = "dev",
		.nb_vfs = 4,
		.mode = ESW_MODE_VEB,
		.mtu_max = 9000,
		.seed = 7,
		.socket_id = SOCKET_ID_ANY,
		.fdb_entries = 256,
	};
}

static void
refused(const struct esw_conf *c, const struct esw_policy_patch *p, int error, const char *words)
{
	struct rte_malloc_socket_stats a, b;
	struct esw_err err = { "" };

	rte_malloc_get_socket_stats(0, &a);
	assert_null(esw_create(c, p, &err));
	assert_int_equal(rte_errno, error);
	if (strstr(err.msg, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
	assert_null(esw_create(c, p, NULL));
	rte_malloc_get_socket_stats(0, &b);
	assert_int_equal(a.heap_allocsz_bytes, b.heap_allocsz_bytes);
}

static void
bad_values_are_named(void **state)
{
	struct esw_conf c = good();

	RTE_SET_USED(state);
	c.nb_vfs = 257;
	refused(&c, NULL, EINVAL, "vfs: 257 is out of range 0 to 256");
	c = good();
	c.mtu_max = 67;
	refused(&c, NULL, EINVAL, "mtu: 67 is out of range 68 to 65521");
	c.mtu_max = 65522;
	refused(&c, NULL, EINVAL, "mtu: 65522 is out of range 68 to 65521");
	c = good();
	c.pf_mtu = 9001;
	refused(&c, NULL, EINVAL, "PF mtu: 9001 is out of range 68 to 9000");
	c.pf_mtu = 67;
	refused(&c, NULL, EINVAL, "PF mtu: 67 is out of range 68 to 9000");
	c = good();
	c.mode = 2;
	refused(&c, NULL, EINVAL, "mode: 2 is neither switchdev nor veb");
}

static void
no_vfs_is_a_device(void **state)
{
	struct esw_conf c = good();
	struct esw_policy p;
	struct esw_err err = { "" };
	struct esw *sw;

	RTE_SET_USED(state);
	c.nb_vfs = 0;
	sw = esw_create(&c, NULL, &err);
	assert_non_null(sw);
	assert_int_equal(esw_ep_count(sw), 2);
	esw_policy_default(&p);
	assert_int_equal(esw_policy_set(sw, 0, &p, &err), -ERANGE);
	assert_string_equal(err.msg, "vf: 0, but dev has no VFs");
	esw_free(sw);
}

static void
defaults_are_filled_in(void **state)
{
	struct esw_conf c = good();
	struct esw_policy p, want;
	struct esw *sw;

	RTE_SET_USED(state);
	c.fdb_entries = 0;
	sw = esw_create(&c, NULL, NULL);
	assert_non_null(sw);
	assert_int_equal(esw_conf_get(sw)->fdb_entries, 32768);
	assert_int_equal(esw_conf_get(sw)->fdb_age_s, 300);
	assert_int_equal(esw_pf_mtu_get(sw), 1500);
	assert_true(esw_wire_link_get(sw));
	assert_int_equal(esw_policy_get(sw, 3, &p), 0);
	esw_policy_default(&want);
	assert_int_equal(esw_policy_diff(&p, &want), ESW_F_BIT(ESW_F_MAC));
	assert_int_equal(esw_policy_get(sw, 4, &p), -ERANGE);
	esw_free(sw);
	c.mtu_max = 1000; /* below the default policy's MTU */
	sw = esw_create(&c, NULL, NULL);
	assert_non_null(sw);
	assert_int_equal(esw_policy_get(sw, 0, &p), 0);
	assert_int_equal(p.mtu, 1000);
	assert_int_equal(esw_pf_mtu_get(sw), 1000);
	esw_free(sw);
}

static void
addresses_are_stable_and_unique(void **state)
{
	static uint64_t mac[2][ESW_VFS_MAX + 1];
	struct esw_conf c = good();

	RTE_SET_USED(state);
	c.nb_vfs = ESW_VFS_MAX;
	c.fdb_entries = 1024;
	for (unsigned int round = 0; round < 2; round++) {
		struct esw *sw = esw_create(&c, NULL, NULL);
		struct rte_ether_addr pf;

		assert_non_null(sw);
		esw_pf_mac_get(sw, &pf);
		for (uint16_t i = 0; i < ESW_VFS_MAX; i++)
			mac[round][i] = rig_mac(sw, i);
		mac[round][ESW_VFS_MAX] = esw_mac48(&pf);
		esw_free(sw);
	}
	assert_memory_equal(mac[0], mac[1], sizeof(mac[0]));
	for (unsigned int i = 0; i <= ESW_VFS_MAX; i++) {
		assert_int_equal(mac[0][i] & 3, 2); /* locally administered, unicast */
		for (unsigned int k = 0; k < i; k++)
			assert_int_not_equal(mac[0][i], mac[0][k]);
	}
	c.nb_vfs = 1;
	c.seed++;
	for (unsigned int i = 0; i < 200; i++, c.seed++) { /* seeds near each other */
		struct esw *sw = esw_create(&c, NULL, NULL);

		assert_non_null(sw);
		assert_int_not_equal(rig_mac(sw, 0), mac[0][0]);
		esw_free(sw);
	}
}

static void
patch(struct esw_policy_patch *p, enum esw_policy_field f, const char *text)
{
	struct esw_err err = { "" };

	if (esw_policy_field_parse(p, f, text, &err) != 0)
		fail_msg("%s", err.msg);
}

static void
patches_are_applied(void **state)
{
	struct esw_policy_patch p[4] = { 0 };
	struct esw_conf c = good();
	struct esw_policy got;
	struct esw *sw;

	RTE_SET_USED(state);
	patch(&p[1], ESW_F_MAC, "02:00:00:00:00:11");
	patch(&p[1], ESW_F_MTU, "4000");
	patch(&p[2], ESW_F_VLAN, "access 100 qos 3");
	sw = esw_create(&c, p, NULL);
	assert_non_null(sw);
	assert_int_equal(rig_mac(sw, 1), 0x110000000002);
	assert_int_equal(esw_pf_mtu_get(sw), 4000); /* the largest that a VF has */
	assert_int_equal(esw_policy_get(sw, 2, &got), 0);
	assert_int_equal(got.vlan.vid, 100);
	assert_int_equal(got.mtu, 1500);
	esw_free(sw);
}

static void
one_bad_patch_and_no_device(void **state)
{
	struct esw_policy_patch p[4] = { 0 };
	struct esw_conf c = good();

	RTE_SET_USED(state);
	patch(&p[0], ESW_F_TRUST, "on");
	patch(&p[3], ESW_F_MTU, "9001");
	refused(&c, p, EINVAL, "vf 3: mtu: 9001");
	memset(p, 0, sizeof(p));
	c.pf_mtu = 1400; /* the default MTU of the VFs does not fit */
	refused(&c, p, EINVAL, "vf 0: mtu: 1500");
}

static void
duplicates_are_refused(void **state)
{
	struct esw_policy_patch p[4] = { 0 };
	struct esw_conf c = good();
	struct rte_ether_addr pf;
	struct esw *sw;

	RTE_SET_USED(state);
	patch(&p[0], ESW_F_MAC, "02:00:00:00:00:11");
	patch(&p[2], ESW_F_MAC, "02:00:00:00:00:11");
	refused(&c, p, EEXIST, "mac: 02:00:00:00:00:11 is already an address of vf");
	memset(p, 0, sizeof(p));
	patch(&p[0], ESW_F_MACS, "02:00:00:00:00:11");
	patch(&p[2], ESW_F_MAC, "02:00:00:00:00:11");
	refused(&c, p, EEXIST, "02:00:00:00:00:11 is already an address of vf");
	sw = esw_create(&c, NULL, NULL);
	assert_non_null(sw);
	esw_pf_mac_get(sw, &pf);
	memset(p, 0, sizeof(p));
	p[1].fields = ESW_F_BIT(ESW_F_MAC);
	p[1].value.mac = pf;
	refused(&c, p, EEXIST, "is the PF's address");
	/* Two VFs may exchange what they would have had, and share a listed address (VRRP). */
	memset(p, 0, sizeof(p));
	for (unsigned int i = 0; i < 2; i++) {
		struct esw_policy other;

		esw_policy_get(sw, 1 - i, &other);
		patch(&p[i], ESW_F_MACS, "02:00:00:00:00:22");
		p[i].fields |= ESW_F_BIT(ESW_F_MAC);
		p[i].value.mac = other.mac;
	}
	esw_free(sw);
	sw = esw_create(&c, p, NULL);
	assert_non_null(sw);
	esw_free(sw);
}

static void
table_too_small_is_said(void **state)
{
	struct esw_policy_patch p[4] = { 0 };
	struct esw_conf c = good();
	char text[64 * 18] = "";

	RTE_SET_USED(state);
	c.fdb_entries = 1; /* the smallest table has 64 places */
	for (unsigned int vf = 0; vf < 4; vf++) {
		int at = 0;

		for (unsigned int i = 0; i < 40; i++)
			at += snprintf(text + at, sizeof(text) - at, "%s02:00:00:00:%02x:%02x",
				       i == 0 ? "" : ",", vf, i);
		patch(&p[vf], ESW_F_MACS, text);
	}
	refused(&c, p, ENOSPC, "vf ");
}

static void
fates_have_names_and_reasons(void **state)
{
	RTE_SET_USED(state);
	for (int i = 0; i < ESW_FATE_COUNT; i++) {
		const char *prefix = i < ESW_FATE_RX_FIRST ? "tx_" : "rx_";

		assert_non_null(esw_fate_name(i));
		assert_memory_equal(esw_fate_name(i), prefix, 3);
		assert_non_null(esw_fate_reason(i));
		assert_true(strlen(esw_fate_reason(i)) > 10);
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(esw_fate_name(i), esw_fate_name(k));
			assert_string_not_equal(esw_fate_reason(i), esw_fate_reason(k));
		}
	}
	assert_null(esw_fate_name(ESW_FATE_COUNT));
	assert_null(esw_fate_reason(ESW_FATE_COUNT));
	assert_null(esw_fate_name(-1));
}

static void
fates_are_in_the_guide(void **state)
{
	FILE *f = fopen(GUIDE, "r");
	static char text[1 << 18];
	char word[64];

	RTE_SET_USED(state);
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	for (int i = 0; i < ESW_FATE_COUNT; i++) {
		snprintf(word, sizeof(word), "``%s``", esw_fate_name(i));
		if (strstr(text, word) == NULL)
			fail_msg("%s is not in %s", word, GUIDE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_values_are_named),
		cmocka_unit_test(no_vfs_is_a_device),
		cmocka_unit_test(defaults_are_filled_in),
		cmocka_unit_test(addresses_are_stable_and_unique),
		cmocka_unit_test(patches_are_applied),
		cmocka_unit_test(one_bad_patch_and_no_device),
		cmocka_unit_test(duplicates_are_refused),
		cmocka_unit_test(table_too_small_is_said),
		cmocka_unit_test(fates_have_names_and_reasons),
		cmocka_unit_test(fates_are_in_the_guide),
	};

	return cmocka_run_group_tests_name("create", tests, rig_setup, rig_teardown);
}
