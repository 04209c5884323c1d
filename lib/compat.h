/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _COMPAT_H_
#define _COMPAT_H_

/*
 * What differs between DPDK 22.11 and 26.07 for a driver, in one place: a driver written with these
 * names compiles with each of those releases, and no other file asks which release it is built
 * with.
 *
 * Three differences need care, not a macro:
 * - From 25.11 on ethdev calls rx_queue_count, tx_pkt_prepare and the descriptor status functions
 *   of struct rte_eth_dev without asking whether they are NULL. They hold harmless functions after
 *   allocation: assign them only where there is a function to assign, never NULL.
 * - Before 24.11 rte_kvargs_process() also calls the handler for a key without a value, with value
 *   == NULL. Handlers must expect that (see esw_compat_kvargs_process()).
 * - In 24.11 an IPv6 address became a struct. Take its bytes by address, as (const uint8_t
 *   *)&hdr->src_addr, which is right for both.
 *
 * Why the release is checked again when the driver is loaded: the structures between drivers and
 * ethdev are internal to DPDK and change between releases that share one soname, so that the loader
 * cannot notice (25.03 inserted operations in the middle of struct eth_dev_ops, 26.07 removed the
 * first member of struct rte_vdev_device).
 *
 * Thread-safety: everything here is free of state.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <rte_kvargs.h>
#include <rte_log.h>
#include <rte_version.h>

/* True if built with DPDK YEAR.MONTH or newer; for #if. */
#define ESW_DPDK_SINCE(year, month) (RTE_VERSION >= RTE_VERSION_NUM(year, month, 0, 0))

/**
 * Whether the running DPDK is of the release (year and month) that this code was built with. To be
 * called before anything is registered with EAL: where it says no, the driver must stay unknown.
 *
 * @return
 *   true if it is; a different patch level ("22.11.3" and "22.11.11") is the same release.
 */
static inline bool
esw_compat_release_ok(void)
{
	char built[32];

	snprintf(built, sizeof(built), "%s %d.%02d.", RTE_VER_PREFIX, RTE_VER_YEAR, RTE_VER_MONTH);
	return strncmp(rte_version(), built, strlen(built)) == 0;
}

/* A line of log of a dynamic type: ESW_LOG_LINE(ERR, esw_logtype, "VF %u: no queue", vf). */
#define ESW_LOG_LINE(level, type, fmt, ...) \
	rte_log(RTE_LOG_##level, (uint32_t)(type), fmt "\n", ##__VA_ARGS__)

/**
 * Calls the handler for each pair with this key, also for a key that was written without a value.
 *
 * @param kvlist
 *   Parsed list; NULL is an empty one, in every release.
 * @param key
 *   Key to look for; NULL for each pair.
 * @param handler
 *   Called with (key, value, arg); value is NULL where there is none. A negative value ends the
 *   walk.
 * @param arg
 *   Handed to the handler.
 * @return
 *   0, or -1 if the handler said no.
 */
static inline int
esw_compat_kvargs_process(const struct rte_kvargs *kvlist, const char *key, arg_handler_t handler,
			  void *arg)
{
	if (kvlist == NULL)
		return 0;
#if ESW_DPDK_SINCE(24, 11)
	return rte_kvargs_process_opt(kvlist, key, handler, arg);
#else
	return rte_kvargs_process(kvlist, key, handler, arg);
#endif
}

/* What follows is for drivers: it needs headers and symbols that are internal to DPDK. */
#ifdef ALLOW_INTERNAL_API

#include <bus_pci_driver.h>
#include <bus_vdev_driver.h>
#include <ethdev_driver.h>

/**
 * Parses the key "representor" of a device's arguments.
 *
 * @param args
 *   All arguments of the device; NULL is the same as "".
 * @param da
 *   Array of nb results, all zeroed first; da[i].type is RTE_ETH_REPRESENTOR_NONE for those not
 *   used.
 * @param nb
 *   Entries in da, at least 1. Releases before 24.03 know one group ("vf[0-3]") only and fill
 *   da[0]; later ones know several ("[vf[0-3],pf1vf2]").
 * @return
 *   Number of entries filled, 0 if there is no such key, -EINVAL if it cannot be parsed.
 */
static inline int
esw_compat_devargs_parse(const char *args, struct rte_eth_devargs *da, unsigned int nb)
{
	if (args == NULL)
		args = "";
	memset(da, 0, nb * sizeof(*da));
#if ESW_DPDK_SINCE(24, 3)
	int ret = rte_eth_devargs_parse(args, da, nb);

	return ret < 0 ? -EINVAL : ret;
#else
	if (rte_eth_devargs_parse(args, da) < 0)
		return -EINVAL;
	return da[0].type == RTE_ETH_REPRESENTOR_NONE ? 0 : 1;
#endif
}

/*
 * The device behind a port, or a bus's device around a generic one. 26.07 replaced the macros of
 * the two buses by one for all.
 */
#if ESW_DPDK_SINCE(26, 7)
#define ESW_DEV_TO_VDEV(dev) RTE_BUS_DEVICE(dev, struct rte_vdev_device)
#define ESW_DEV_TO_PCI(dev) RTE_BUS_DEVICE(dev, struct rte_pci_device)
#else
#define ESW_DEV_TO_VDEV(dev) RTE_DEV_TO_VDEV(dev)
#define ESW_DEV_TO_PCI(dev) RTE_DEV_TO_PCI(dev)
#endif
#define ESW_ETH_DEV_TO_VDEV(eth_dev) ESW_DEV_TO_VDEV((eth_dev)->device)
#define ESW_ETH_DEV_TO_PCI(eth_dev) ESW_DEV_TO_PCI((eth_dev)->device)

/* The driver's name for dpdk-pmdinfo; 25.07 took the number away that kept several apart. */
#if ESW_DPDK_SINCE(25, 7)
#define ESW_PMD_EXPORT_NAME(name) RTE_PMD_EXPORT_NAME(name)
#else
#define ESW_PMD_EXPORT_NAME(name) RTE_PMD_EXPORT_NAME(name, __COUNTER__)
#endif

/*
 * The operation stats_get:
 *
 *	static int
 *	pf_stats_get(ESW_STATS_GET_ARGS(dev, stats, qstats))
 *	{
 *		struct esw_queue_stats *q = ESW_QUEUE_STATS(stats, qstats);
 *
 *		stats->ipackets += ...;
 *		if (q != NULL)
 *			q->q_ipackets[0] += ...;
 *
 * 25.11 took the counters of the first RTE_ETHDEV_QUEUE_STAT_CNTRS queues out of struct
 * rte_eth_stats; where they go may be NULL.
 */
#if ESW_DPDK_SINCE(25, 11)
#define ESW_STATS_GET_ARGS(dev, stats, qstats) \
	struct rte_eth_dev *dev, struct rte_eth_stats *stats, struct eth_queue_stats *qstats
#define ESW_QUEUE_STATS(stats, qstats) (qstats)
#define esw_queue_stats eth_queue_stats
#else
#define ESW_STATS_GET_ARGS(dev, stats, qstats) struct rte_eth_dev *dev, struct rte_eth_stats *stats
#define ESW_QUEUE_STATS(stats, qstats) (stats)
#define esw_queue_stats rte_eth_stats
#endif

/*
 * The operation dev_supported_ptypes_get. The array is static const, and ends with
 * RTE_PTYPE_UNKNOWN, which 24.03 and later do not count:
 *
 *	static const uint32_t *
 *	pf_ptypes_get(ESW_PTYPES_GET_ARGS(dev, count))
 *	{
 *		static const uint32_t ptypes[] = { RTE_PTYPE_L2_ETHER, RTE_PTYPE_UNKNOWN };
 *
 *		RTE_SET_USED(dev);
 *		return ESW_PTYPES(ptypes, count);
 *	}
 */
#if ESW_DPDK_SINCE(24, 3)
#define ESW_PTYPES_GET_ARGS(dev, count) struct rte_eth_dev *dev, size_t *count
#define ESW_PTYPES(array, count) (*(count) = RTE_DIM(array) - 1, (array))
#else
#define ESW_PTYPES_GET_ARGS(dev, count) struct rte_eth_dev *dev
#define ESW_PTYPES(array, count) (array)
#endif

/* What rx_queue_count returns: a negative errno is possible from 25.11 on, not before. */
#if ESW_DPDK_SINCE(25, 11)
#define ESW_RX_COUNT int
#else
#define ESW_RX_COUNT uint32_t
#endif

/*
 * Members of struct rte_flow_item_arp_eth_ipv4. In 22.11 it has gaps that an ARP header has not;
 * 23.03 put a real header beside them, which applications are told to prefer.
 */
#if ESW_DPDK_SINCE(23, 3)
#define ESW_ITEM_ARP_OP hdr.arp_opcode
#define ESW_ITEM_ARP_SHA hdr.arp_data.arp_sha
#define ESW_ITEM_ARP_SPA hdr.arp_data.arp_sip
#define ESW_ITEM_ARP_THA hdr.arp_data.arp_tha
#define ESW_ITEM_ARP_TPA hdr.arp_data.arp_tip
#else
#define ESW_ITEM_ARP_OP op
#define ESW_ITEM_ARP_SHA sha
#define ESW_ITEM_ARP_SPA spa
#define ESW_ITEM_ARP_THA tha
#define ESW_ITEM_ARP_TPA tpa
#endif

/*
 * Operations of flow queues. 24.03 took them out of struct rte_flow_ops into a structure that each
 * port points to, and calls them without asking whether they are there. A driver lists them once,
 *
 *	#define PF_QUEUE_OPS(X) X(push, pf_push) X(pull, pf_pull) ...
 *
 * puts PF_QUEUE_OPS(ESW_FLOW_OP) at the end of its struct rte_flow_ops, and does
 * ESW_FLOW_OPS_SET(dev, PF_QUEUE_OPS) when it makes a port in the primary process.
 */
#if ESW_DPDK_SINCE(24, 3)
#include <rte_flow_driver.h>

#define ESW_FLOW_OP(member, function)
#define ESW_FLOW_FP_OP(member, function) fp_ops_now.member = function;
#define ESW_FLOW_OPS_SET(dev, list) \
	do { \
		static struct rte_flow_fp_ops fp_ops; \
		struct rte_flow_fp_ops fp_ops_now = rte_flow_fp_default_ops; \
		list(ESW_FLOW_FP_OP) fp_ops = fp_ops_now; /* the same octets each time */ \
		(dev)->flow_fp_ops = &fp_ops; \
	} while (0)
#else
#define ESW_FLOW_OP(member, function) .member = function,
#define ESW_FLOW_OPS_SET(dev, list) RTE_SET_USED(dev)
#endif

/* Are rules of a template table inserted by their pattern? Before 23.03 there is nothing else. */
#if ESW_DPDK_SINCE(23, 3)
#define ESW_FLOW_TABLE_BY_PATTERN(attr) \
	((attr)->insertion_type == RTE_FLOW_TABLE_INSERTION_TYPE_PATTERN)
#else
#define ESW_FLOW_TABLE_BY_PATTERN(attr) ((attr) != NULL)
#endif

#endif /* ALLOW_INTERNAL_API */

#endif /* _COMPAT_H_ */
