/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_string_fns.h>

#include "late.h"
#include "memif.h"
#include "portlist.h"
#include "ports.h"

/* Bytes beyond the largest size: tags, and what a frame of --bad mtu has too many. */
#define ROOM_BEYOND 16U
#define LINK_WAIT_MS 3000U
#define LINK_SETTLE_MS 200U

/* Index of ethdev @p id in ports->port, entered if new. */
static uint16_t
enter(struct bench_ports *ports, uint16_t id)
{
	for (unsigned int i = 0; i < ports->n; i++)
		if (ports->port[i].id == id)
			return (uint16_t)i;
	ports->port[ports->n].id = id;
	return (uint16_t)ports->n++;
}

static int
resolve(struct bench_ports *ports, const struct bench_options *o, char *err, size_t errlen)
{
	uint16_t id[RTE_MAX_ETHPORTS];
	int n;

	n = bench_portlist("tx", o->tx, id, RTE_DIM(id), err, errlen);
	if (n < 0)
		return n;
	for (ports->n_tx = 0; ports->n_tx < (unsigned int)n; ports->n_tx++)
		ports->tx[ports->n_tx] = enter(ports, id[ports->n_tx]);
	n = bench_portlist("rx", o->rx, id, RTE_DIM(id), err, errlen);
	if (n < 0)
		return n;
	for (ports->n_rx = 0; ports->n_rx < (unsigned int)n; ports->n_rx++)
		ports->rx[ports->n_rx] = enter(ports, id[ports->n_rx]);
	if (o->dst_given && o->pattern != BENCH_PATTERN_BROADCAST && n != 1) {
		snprintf(err, errlen, "--dst: needs exactly one receiving port, --rx names %d", n);
		return -EINVAL;
	}
	return 0;
}

/* A port that is served and received from would be polled twice. */
static int
resolve_served(struct bench_ports *ports, const struct bench_options *o, char *err, size_t errlen)
{
	uint16_t id[RTE_MAX_ETHPORTS];
	int n = o->serve != NULL ? bench_portlist("serve", o->serve, id, RTE_DIM(id), err, errlen) :
				   0;

	for (ports->n_serve = 0; n > 0 && ports->n_serve < (unsigned int)n; ports->n_serve++) {
		const uint16_t index = enter(ports, id[ports->n_serve]);

		for (unsigned int r = 0; r < ports->n_rx; r++)
			if (ports->rx[r] == index) {
				snprintf(err, errlen, "--serve %s: port %u is in --rx", o->serve,
					 id[ports->n_serve]);
				return -EINVAL;
			}
		ports->serve[ports->n_serve] = index;
	}
	return n < 0 ? n : 0;
}

static int
read_info(struct bench_port *p, char *err, size_t errlen)
{
	struct rte_eth_dev_info info;
	int rc = rte_eth_dev_info_get(p->id, &info);

	if (rc == 0)
		rc = rte_eth_macaddr_get(p->id, &p->mac);
	if (rc != 0) {
		snprintf(err, errlen, "port %u: device information: %s", p->id, strerror(-rc));
		return rc;
	}
	rte_eth_dev_get_name_by_port(p->id, p->name);
	bench_memif_saw(p->name);
	rte_strscpy(p->driver, info.driver_name != NULL ? info.driver_name : "?",
		    sizeof(p->driver));
	p->min_mtu = info.min_mtu;
	p->max_mtu = info.max_mtu;
	p->tx_offloads = info.tx_offload_capa;
	p->rss_types = info.flow_type_rss_offloads;
	p->max_rxq = info.max_rx_queues;
	p->n_rxq = 1;
	return 0;
}

/*
 * Frames lie in one segment: what a device does with chains is a different measurement, and the
 * verifier should not pay for them. So the buffers are as large as the largest frame.
 */
static struct rte_mempool *
make_pool(const struct bench_options *o, unsigned int which, unsigned int n_ports, uint32_t max_len,
	  char *err, size_t errlen)
{
	uint32_t room = RTE_MAX(max_len + ROOM_BEYOND, (uint32_t)RTE_MBUF_DEFAULT_DATAROOM);
	unsigned int per_port = o->desc != 0 ? 2 * o->desc : 1024;
	unsigned int n = o->mbufs;
	char name[RTE_MEMPOOL_NAMESIZE];
	struct rte_mempool *pool;

	if (n == 0)
		n = o->set * rte_lcore_count() + 2047 +
		    (o->separate ? per_port : per_port * n_ports);
	snprintf(name, sizeof(name), "bench_pool_%u", which);
	pool = rte_pktmbuf_pool_create(name, n, 256, 0,
				       (uint16_t)(RTE_PKTMBUF_HEADROOM + RTE_ALIGN(room, 64)),
				       SOCKET_ID_ANY);
	if (pool == NULL)
		snprintf(err, errlen,
			 "--mbufs %u: no memory for pool %u of %u-byte buffers (%s); give the EAL "
			 "more (-m MB) or ask for fewer",
			 n, which, room, rte_strerror(rte_errno));
	return pool;
}

static int
make_pools(struct bench_ports *ports, const struct bench_options *o, uint32_t max_len, char *err,
	   size_t errlen)
{
	for (unsigned int i = 0; i < ports->n; i++) {
		if (i != 0 && !o->separate)
			ports->port[i].pool = ports->port[0].pool;
		else
			ports->port[i].pool = make_pool(o, i, ports->n, max_len, err, errlen);
		if (ports->port[i].pool == NULL)
			return -ENOMEM;
	}
	return 0;
}

/* Several receive queues share the frames by RSS; ours are not IP. */
static void
spread(const struct bench_port *p, struct rte_eth_conf *conf)
{
	uint64_t by_mac = p->rss_types & (RTE_ETH_RSS_ETH | RTE_ETH_RSS_L2_PAYLOAD);

	if (p->n_rxq == 1)
		return;
	conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf->rx_adv_conf.rss_conf.rss_hf = by_mac != 0 ? by_mac : p->rss_types;
}

static int
rx_queues(struct bench_port *p, uint16_t rxd)
{
	struct rte_eth_rxq_info info;
	int rc = 0;

	for (uint16_t q = 0; rc == 0 && q < p->n_rxq; q++)
		rc = rte_eth_rx_queue_setup(p->id, q, rxd, rte_eth_dev_socket_id(p->id), NULL,
					    p->pool);
	if (rc == 0)
		p->rx_desc = rte_eth_rx_queue_info_get(p->id, 0, &info) == 0 ? info.nb_desc : 0;
	return rc;
}

static int
configure(struct bench_port *p, const struct bench_options *o, uint32_t max_len, char *err,
	  size_t errlen)
{
	struct rte_eth_conf conf = { 0 };
	uint16_t rxd = (uint16_t)o->desc, txd = (uint16_t)o->desc;
	const char *what = "configuring";
	int rc;

	if (max_len > RTE_ETHER_HDR_LEN + RTE_ETHER_MTU)
		conf.rxmode.mtu = max_len - RTE_ETHER_HDR_LEN;
	if (!o->separate)
		conf.txmode.offloads = p->tx_offloads & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
	spread(p, &conf);
	rc = rte_eth_dev_configure(p->id, p->n_rxq, 1, &conf);
	p->configured = true;
	/* Nobody reads packet types here; a device that cannot leave them out does not matter. */
	if (rc == 0)
		rte_eth_dev_set_ptypes(p->id, RTE_PTYPE_UNKNOWN, NULL, 0);
	if (rc == 0 && o->desc != 0) {
		what = "--desc";
		rc = rte_eth_dev_adjust_nb_rx_tx_desc(p->id, &rxd, &txd);
		if (rc == 0 && (rxd != o->desc || txd != o->desc)) {
			snprintf(err, errlen, "--desc %u: port %s would take %u and %u", o->desc,
				 p->name, rxd, txd);
			return -EINVAL;
		}
	}
	if (rc == 0) {
		what = "setting up the receive queues of";
		rc = rx_queues(p, rxd);
	}
	if (rc == 0) {
		what = "setting up the send queue of";
		rc = rte_eth_tx_queue_setup(p->id, 0, txd, rte_eth_dev_socket_id(p->id), NULL);
	}
	if (rc == 0) {
		what = "starting";
		rc = rte_eth_dev_start(p->id);
		p->started = rc == 0;
	}
	if (rc == 0)
		rc = rte_eth_dev_get_mtu(p->id, &p->mtu);
	if (rc != 0)
		snprintf(err, errlen, "%s port %s (mtu %u): %s", what, p->name, conf.rxmode.mtu,
			 strerror(-rc));
	return rc;
}

/* Largest pkt_len that every port says it takes. */
static uint32_t
possible_len(const struct bench_ports *ports, uint32_t max_len)
{
	for (unsigned int i = 0; i < ports->n; i++)
		max_len = RTE_MIN(max_len, ports->port[i].max_mtu + RTE_ETHER_HDR_LEN);
	return max_len;
}

/*
 * Index of the port with the greatest id below @p id, or -1. Of two ports that are connected the
 * first is a memif server or a vhost port, which must be ready for the second and must outlive it:
 * a memif server that is not started turns its client away for good, and a virtio-user port says to
 * the vhost port that it found (--plug) that it goes, and SIGPIPE would end the program.
 */
static int
latest(const struct bench_ports *ports, unsigned int id)
{
	int found = -1;

	for (unsigned int i = 0; i < ports->n; i++)
		if (ports->port[i].id < id &&
		    (found < 0 || ports->port[i].id > ports->port[found].id))
			found = (int)i;
	return found;
}

/* The same upwards: index of the port with the smallest id above, or -1. */
static int
next(const struct bench_ports *ports, int id)
{
	int found = -1;

	for (unsigned int i = 0; i < ports->n; i++)
		if (ports->port[i].id > id &&
		    (found < 0 || ports->port[i].id < ports->port[found].id))
			found = (int)i;
	return found;
}

static void
stop_all(struct bench_ports *ports)
{
	for (int i = latest(ports, UINT_MAX); i >= 0; i = latest(ports, ports->port[i].id)) {
		if (!ports->port[i].started)
			continue;
		rte_eth_dev_stop(ports->port[i].id);
		ports->port[i].started = false;
		bench_memif_settle(ports, (unsigned int)i);
	}
}

int
bench_ports_links_wait(const struct bench_ports *ports, unsigned int ms, unsigned int *waited)
{
	*waited = 0;
	for (unsigned int i = 0; i < ports->n; i++) {
		struct rte_eth_link link = { 0 };

		while (rte_eth_link_get_nowait(ports->port[i].id, &link) == 0 &&
		       link.link_status == RTE_ETH_LINK_DOWN) {
			if (*waited == ms)
				return (int)i;
			rte_delay_us_sleep(1000);
			++*waited;
		}
	}
	return -1;
}

/*
 * Ports whose other end is another process or thread have a link once both ends have met; what is
 * sent before is dropped. A moment more where it was waited for: the other program sees it later.
 */
static void
wait_for_links(const struct bench_ports *ports)
{
	unsigned int waited = 0;

	bench_ports_links_wait(ports, LINK_WAIT_MS, &waited);
	if (waited != 0)
		rte_delay_us_sleep(LINK_SETTLE_MS * 1000);
}

static int
start_all(struct bench_ports *ports, const struct bench_options *o, uint32_t len, char *err,
	  size_t errlen)
{
	for (int i = next(ports, -1); i >= 0; i = next(ports, ports->port[i].id)) {
		int rc = configure(&ports->port[i], o, len, err, errlen);

		if (rc != 0) {
			stop_all(ports);
			return rc;
		}
	}
	ports->max_len = len;
	return 0;
}

int
bench_ports_open(struct bench_ports *ports, const struct bench_options *o, uint32_t max_len,
		 char *err, size_t errlen)
{
	const uint32_t normal = RTE_ETHER_HDR_LEN + RTE_ETHER_MTU;
	uint32_t len;
	int rc;

	memset(ports, 0, sizeof(*ports));
	rc = bench_late(o, err, errlen);
	if (rc == 0)
		rc = resolve(ports, o, err, errlen);
	if (rc == 0)
		rc = resolve_served(ports, o, err, errlen);
	for (unsigned int i = 0; rc == 0 && i < ports->n; i++)
		rc = read_info(&ports->port[i], err, errlen);
	if (rc != 0)
		return rc;
	len = possible_len(ports, max_len);
	if (len < max_len && o->sizes_given) {
		snprintf(err, errlen, "--size %u: a port takes frames of at most %u bytes",
			 max_len + MSR_FCS_LEN, len + MSR_FCS_LEN);
		return -ERANGE;
	}
	rc = make_pools(ports, o, len, err, errlen);
	if (rc == 0)
		rc = start_all(ports, o, len, err, errlen);
	/* The capability may be there and the permission not: a VF whose policy fixes its MTU. */
	if (rc != 0 && rc != -ENOMEM && len > normal && !o->sizes_given)
		rc = start_all(ports, o, normal, err, errlen);
	if (rc != 0)
		bench_ports_close(ports);
	else
		wait_for_links(ports);
	return rc;
}

int
bench_ports_add_mac(struct bench_ports *ports, unsigned int index, const struct rte_ether_addr *mac,
		    char *err, size_t errlen)
{
	struct bench_port *p = &ports->port[index];
	char text[RTE_ETHER_ADDR_FMT_SIZE];
	struct rte_ether_addr *more;
	int rc;

	more = realloc(p->extra, (p->n_extra + 1) * sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	p->extra = more;
	rc = rte_eth_dev_mac_addr_add(p->id, (struct rte_ether_addr *)(uintptr_t)mac, 0);
	/* A device that has no address table takes every address: nothing to add. */
	if (rc == -ENOTSUP)
		return 0;
	if (rc != 0) {
		rte_ether_format_addr(text, sizeof(text), mac);
		snprintf(err, errlen, "--macs: port %s refuses %s as its address number %u: %s%s",
			 p->name, text, p->n_extra + 2, strerror(-rc),
			 rc == -EPERM ? " (its policy must trust it)" : "");
		return rc;
	}
	p->extra[p->n_extra++] = *mac;
	return 0;
}

int
bench_ports_join(struct bench_ports *ports, unsigned int index, const struct rte_ether_addr *mac,
		 char *err, size_t errlen)
{
	struct bench_port *p = &ports->port[index];
	int rc = rte_eth_dev_set_mc_addr_list(p->id, (struct rte_ether_addr *)(uintptr_t)mac, 1);

	/* As with addresses of its own: a device without a filter has nothing to be told. */
	if (rc == 0 || rc == -ENOTSUP)
		return 0;
	snprintf(err, errlen, "--dst: port %s does not join the group: %s", p->name, strerror(-rc));
	return rc;
}

int
bench_ports_queues(struct bench_ports *ports, const struct bench_options *o, unsigned int index,
		   uint16_t n, char *err, size_t errlen)
{
	struct bench_port *p = &ports->port[index];

	n = RTE_MIN(n, p->max_rxq);
	if (p->n_rxq == n)
		return 0;
	if (p->started)
		rte_eth_dev_stop(p->id);
	p->started = false;
	p->n_rxq = n;
	return configure(p, o, ports->max_len, err, errlen);
}

void
bench_ports_close(struct bench_ports *ports)
{
	stop_all(ports);
	for (int i = latest(ports, UINT_MAX); i >= 0; i = latest(ports, ports->port[i].id)) {
		struct bench_port *p = &ports->port[i];

		for (uint32_t k = 0; k < p->n_extra; k++)
			rte_eth_dev_mac_addr_remove(p->id, &p->extra[k]);
		free(p->extra);
		p->extra = NULL;
		p->n_extra = 0;
		if (!p->configured)
			continue;
		rte_eth_dev_close(p->id);
		p->configured = false;
	}
	for (unsigned int i = 0; i < ports->n; i++) {
		struct rte_mempool *pool = ports->port[i].pool;

		for (unsigned int k = i; k < ports->n; k++)
			if (ports->port[k].pool == pool)
				ports->port[k].pool = NULL;
		rte_mempool_free(pool);
	}
	ports->n = 0;
}
