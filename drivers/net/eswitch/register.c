/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The two drivers, as EAL sees them. Neither name is the beginning of the other: the bus takes the
 * first driver whose name a device's name begins with.
 */
#include <rte_bus_vdev.h>
#include <rte_common.h>
#include <dev_driver.h>

#include "compat.h"
#include "log.h"
#include "pf_probe.h"

static struct rte_vdev_driver pf_driver = {
	.driver = { .name = ESN_DRIVER_PF },
	.probe = esn_pf_probe,
	.remove = esn_pf_remove,
};

static struct rte_vdev_driver vf_driver = {
	.driver = { .name = ESN_DRIVER_VF },
	.probe = esn_vf_probe,
	.remove = esn_vf_remove,
};

/*
 * Drivers share structures with EAL that change between releases under one soname (see compat.h).
 */
RTE_INIT(esn_register)
{
	if (!esw_compat_release_ok()) {
		ESN_LOG_INIT(ERR, "built with DPDK %u.%02u, not loaded into %s", RTE_VER_YEAR,
			     RTE_VER_MONTH, rte_version());
		return;
	}
	rte_vdev_register(&pf_driver);
	rte_vdev_register(&vf_driver);
	rte_vdev_add_custom_scan(esn_scan, NULL);
}

ESW_PMD_EXPORT_NAME(net_eswitch_pf);
RTE_PMD_REGISTER_PARAM_STRING(
	net_eswitch_pf, "vfs=<1-256> representor=vf<list> mode=switchdev|veb uplink=<port> "
			"attach=vf<N>:<port> speed=<Mbit/s> mtu=<1500-65521> seed=<0-4294967295> "
			"policy=<file> control=telemetry fdb=<64-1048576> age=<1-1000000>");
ESW_PMD_EXPORT_NAME(net_eswitch_vf);
RTE_PMD_REGISTER_PARAM_STRING(net_eswitch_vf, "pf=<device> vf=<0-255>");
