/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * The profiling build's way out: eswitch-bench finds this function by its name in the loaded
 * driver, so that nothing else needs to know whether it is there.
 */
#include <errno.h>

#include <stage.h>

#include "port.h"
#include "stages.h"

#ifdef ESW_STAGES /* else there is nothing to ask for */

int
rte_pmd_eswitch_stages(uint16_t port_id, const char **name, double *cycles, unsigned int n)
{
	static uint64_t cost;
	struct esw_stages sum;
	const struct esn_port *p;

	if (!rte_eth_dev_is_valid_port(port_id) || n < ESW_STAGE_COUNT)
		return -EINVAL;
	if (rte_eth_devices[port_id].rx_pkt_burst != esw_rx_burst)
		return -ENOTSUP;
	if (cost == 0)
		cost = esw_stage_cost();
	p = esn_port(&rte_eth_devices[port_id]);
	esw_stages_get(p->nic->sw, p->ep, &sum);
	for (unsigned int i = 0; i < ESW_STAGE_COUNT; i++) {
		double net = (double)sum.cycles[i] - (double)(sum.readings[i] * cost);

		name[i] = esw_stage_name((enum esw_stage)i);
		cycles[i] = RTE_MAX(net, 0.0);
	}
	return ESW_STAGE_COUNT;
}

#endif /* ESW_STAGES */
