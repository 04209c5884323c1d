/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_PORTS_H_
#define _BENCH_PORTS_H_

/*
 * The ethdev ports under test: found by name or id, set up with one queue each way, started. A mode
 * may give a port more receive queues (bench_ports_queues).
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
	uint16_t mtu;         /* applied */
	uint64_t tx_offloads; /* capabilities */
	uint64_t rss_types;   /* capabilities */
	uint16_t max_rxq;
	uint16_t n_rxq;   /* receive queues that it is set up with */
	uint16_t rx_desc; /* descriptors of a receive queue, 0 = the driver does not say */
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
	uint16_t serve[RTE_MAX_ETHPORTS]; /* polled, and no frame is meant for them */
	unsigned int n_serve;
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

/* Ports that are polled: the receivers, then those that are served. */
static inline unsigned int
bench_ports_polled(const struct bench_ports *ports)
{
	return ports->n_rx + ports->n_serve;
}

/* Polled port @p i, an index into ports->port. */
static inline uint16_t
bench_ports_poll(const struct bench_ports *ports, unsigned int i)
{
	return i < ports->n_rx ? ports->rx[i] : ports->serve[i - ports->n_rx];
}

/* Add @p mac to port @p index's addresses; negative errno with @p err filled. */
int bench_ports_add_mac(struct bench_ports *ports, unsigned int index,
			const struct rte_ether_addr *mac, char *err, size_t errlen);

/* Have port @p index receive the group @p mac, also; negative errno with @p err filled. */
int bench_ports_join(struct bench_ports *ports, unsigned int index,
		     const struct rte_ether_addr *mac, char *err, size_t errlen);

/*
 * Set port @p index up anew with up to @p n receive queues, fewer if it has no more; frames are
 * spread over them by RSS, by MAC addresses if the port can. port[index].n_rxq says how many.
 * Negative errno with @p err filled.
 */
int bench_ports_queues(struct bench_ports *ports, const struct bench_options *o, unsigned int index,
		       uint16_t n, char *err, size_t errlen);

/* Stop and close what open did; also after a failed open. */
void bench_ports_close(struct bench_ports *ports);

/**
 * Wait until the links of all ports are up; a port that knows no link is.
 *
 * @param ms      longest wait for all of them together
 * @param waited  result: ms
 * @return index of the first port whose link stays down, or -1
 */
int bench_ports_links_wait(const struct bench_ports *ports, unsigned int ms, unsigned int *waited);

#endif /* _BENCH_PORTS_H_ */
