/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * How an application controls VFs: find the PFs, change one field of a policy, read everything
 * back.
 *
 *	build/examples/eswitch-control --no-huge -m 64 --no-pci \
 *		--vdev net_eswitch_pf0,vfs=2 -- 1 vlan "access 100 qos 3"
 *
 * Without arguments behind "--" nothing is changed. Link with librte_net_eswitch.so; nothing here
 * needs DPDK's internal headers.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_eal.h>

#include "switchdev.h"

#define COUNTERS 64

/* One field, in the form that policy files have: the device is asked for nothing else. */
static int
set_field(struct swd_dev *dev, const char *vf, const char *name, const char *value)
{
	struct esw_policy_patch patch = { 0 };
	struct esw_err err = { .msg = "" };
	int field = esw_policy_field_by_name(name, &err), ret = field;

	if (field >= 0)
		ret = esw_policy_field_parse(&patch, field, value, &err);
	if (ret >= 0)
		ret = swd_policy_patch(dev, strtoul(vf, NULL, 10), &patch, &err);
	if (ret < 0)
		fprintf(stderr, "vf %s: %s\n", vf, err.msg);
	return ret;
}

static void
print_vf(struct swd_dev *dev, uint16_t vf)
{
	struct swd_counter c[COUNTERS];
	struct esw_policy p;
	struct esw_err err;
	char text[512];
	int n;

	if (swd_policy_get(dev, vf, &p, &err) != 0) {
		fprintf(stderr, "vf %u: %s\n", vf, err.msg);
		return;
	}
	printf("[vf %u]\n", vf);
	for (int f = 0; f < ESW_F_COUNT; f++) {
		esw_policy_field_print(&p, f, text, sizeof(text));
		printf("%s = %s\n", esw_policy_field_name(f), text);
	}
	n = swd_counters_get(dev, vf, c, COUNTERS);
	for (int i = 0; i < n && i < COUNTERS; i++) {
		if (c[i].drop && c[i].value > 0)
			printf("# %s %" PRIu64 "\n", c[i].name, c[i].value);
	}
}

int
main(int argc, char **argv)
{
	int used = rte_eal_init(argc, argv), ret = 0;
	struct swd_info info;

	if (used < 0)
		return 1;
	for (struct swd_dev *d = swd_next(NULL); d != NULL; d = swd_next(d)) {
		if (argc - used == 4)
			ret |= set_field(d, argv[used + 1], argv[used + 2], argv[used + 3]);
		if (swd_info_get(d, &info) != 0)
			continue;
		printf("# %s: %u VFs\n", info.name, info.nb_vfs);
		for (uint16_t vf = 0; vf < info.nb_vfs; vf++)
			print_vf(d, vf);
	}
	rte_eal_cleanup();
	return ret < 0 ? 1 : 0;
}
