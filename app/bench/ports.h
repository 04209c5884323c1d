/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PORTS_H_
#define _BENCH_PORTS_H_

/*
 * The ethdev ports under test: found by name or id, set up with one queue each way, started.
 *
 * A port may be in both lists. With --pools separate each port receives into a mempool of its own
 * and frames are sent from the sender's, so that a device which must not hand foreign mbufs out
 * has to copy; with --pools shared all use one and it may move them.
 *
 * Thread-safety: one thread sets up and tears down; the data path only reads.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_mempool.h>

#include "options.h"

struct bench_port {
	uint16_t id;
	char name[RTE_ETH_NAME_MAX_LEN];
	char driver[32];
	struct rte_ether_addr mac;
	uint32_t max_mtu;
	uint32_t min_mtu;
	uint64_t tx_offloads; /* capabilities */
	bool configured;
	bool started;
	struct rte_mempool *pool;
	struct rte_ether_addr *extra; /* addresses added for --macs */
	uint32_t n_extra;
};

struct bench_ports {
	struct bench_port port[RTE_MAX_ETHPORTS];
	unsigned int n;
	uint16_t tx[RTE_MAX_ETHPORTS]; /* indices into port */
	unsigned int n_tx;
	uint16_t rx[RTE_MAX_ETHPORTS];
	unsigned int n_rx;
	uint32_t max_len; /* largest pkt_len that all ports take */
};

/**
 * Resolve the port lists of @p o, configure and start the ports.
 *
 * @param max_len  pkt_len that is wanted; ports->max_len says what is possible, which is less only
 *                 if !o->sizes_given
 * @return 0, or negative errno with @p err filled and nothing left running
 */
int bench_ports_open(struct bench_ports *ports, const struct bench_options *o, uint32_t max_len,
		     char *err, size_t errlen);

/* Add @p mac to port @p index's addresses; negative errno with @p err filled. */
int bench_ports_add_mac(struct bench_ports *ports, unsigned int index,
			const struct rte_ether_addr *mac, char *err, size_t errlen);

/* Stop and close what open did; also after a failed open. */
void bench_ports_close(struct bench_ports *ports);

#endif /* _BENCH_PORTS_H_ */
