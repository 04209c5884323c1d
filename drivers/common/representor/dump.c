/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* rte_eth_dev_priv_dump(): what stands behind the port, for a person (dpdk-proc-info shows it). */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

static int
dump_policy(FILE *f, const struct esw_policy *p)
{
	char *text = malloc(ESW_POLICY_TEXT_MAX);

	if (text == NULL)
		return -ENOMEM;
	for (int i = 0; i < ESW_F_COUNT; i++) {
		esw_policy_field_print(p, i, text, ESW_POLICY_TEXT_MAX);
		fprintf(f, "  %s = %s\n", esw_policy_field_name(i), text);
	}
	free(text);
	return 0;
}

static void
dump_state(FILE *f, const struct swd_vf_info *vi)
{
	char mac[SWD_MAC_TEXT_LEN];

	swd_mac_text(&vi->mac, mac);
	fprintf(f, "  MAC in use: %s, %u more added by the VF\n", mac, vi->n_macs);
	fprintf(f, "  MTU in force: %u (representor: %u)\n", vi->mtu, vi->rep_mtu);
	fprintf(f, "  carrier: %s\n", vi->link ? "up" : "down");
	fprintf(f, "  promiscuous: %s (asked: %s), all-multicast: %s (asked: %s)\n",
		vi->promisc ? "on" : "off", vi->promisc_asked ? "on" : "off",
		vi->allmulti ? "on" : "off", vi->allmulti_asked ? "on" : "off");
	fprintf(f, "  behind it: %s\n", vi->attached[0] != '\0' ? vi->attached : "no port");
	fprintf(f, "  port of the VF in this process: %d\n", vi->vf_port);
}

int
rep_priv_dump(struct rte_eth_dev *dev, FILE *f)
{
	uint16_t vf = rep_port_of(dev)->vf;
	struct swd_dev *sd = rep_enter(dev);
	struct swd_vf_info vi;
	struct esw_policy p;
	int ret;

	if (sd == NULL)
		return -ENODEV;
	ret = swd_policy_get(sd, vf, &p, NULL);
	if (ret == 0)
		ret = swd_vf_info_get(sd, vf, &vi, NULL);
	if (ret == 0) {
		fprintf(f, "VF %u of %s, switch domain %u\n", vf, sd->name,
			rep_port_of(dev)->domain_id);
		ret = dump_policy(f, &p);
	}
	if (ret == 0)
		dump_state(f, &vi);
	swd_release(sd);
	return ret;
}
