/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <string.h>

#include <rte_errno.h>

#include "backing_port.h"
#include "backing_tap.h"
#include "log.h"
#include "port.h"

#define BURST 32
#define DESC 1024
/*
 * A full port gets a few chances, then the frames are dropped: whoever polls has other ports to
 * serve, and a guest that does not fetch its frames must not hold them up.
 */
#define TX_TRIES 4

uint64_t
esn_backing_owner(void)
{
	static uint64_t id;

	if (id == RTE_ETH_DEV_NO_OWNER)
		rte_eth_dev_owner_new(&id);
	return id;
}

/* Data path. */

static void
to_eswitch(struct esn_backing *b)
{
	struct rte_mbuf *m[BURST];
	uint16_t n = rte_eth_rx_burst(b->port_id, 0, m, BURST);

	if (n == 0)
		return;
	b->io->rx_packets += n;
	esw_tx_burst(b->txq, m, n);
}

static void
from_eswitch(struct esn_backing *b)
{
	struct rte_mbuf *m[BURST];
	uint16_t n = esw_rx_burst(b->rxq, m, BURST);
	uint16_t sent = 0, tries;

	for (tries = 0; sent < n && tries < TX_TRIES; tries++)
		sent += rte_eth_tx_burst(b->port_id, 0, m + sent, n - sent);
	b->io->tx_packets += sent;
	if (sent < n) {
		b->io->tx_dropped += n - sent;
		rte_pktmbuf_free_bulk(m + sent, n - sent);
	}
}

void
esn_backing_poll(struct esn_backing *b)
{
	if (rte_spinlock_trylock(&b->lock) == 0)
		return;
	if (b->running) {
		to_eswitch(b);
		from_eswitch(b);
	}
	rte_spinlock_unlock(&b->lock);
}

/* Control. */

static bool
is_uplink(const struct esn_backing *b)
{
	return b->vf == ESN_PORT_NONE;
}

static uint16_t
mtu_wanted(const struct esn_backing *b)
{
	struct esw_vf_state st;

	if (is_uplink(b))
		return esw_pf_mtu_get(b->nic->sw);
	return esw_vf_state_get(b->nic->sw, b->vf, &st) == 0 ? st.effective_mtu : RTE_ETHER_MTU;
}

static void
running_set(struct esn_backing *b, bool on)
{
	rte_spinlock_lock(&b->lock);
	b->running = on;
	rte_spinlock_unlock(&b->lock);
}

/* The e-switch's side. */
static int
endpoint_open(struct esn_backing *b, struct rte_mempool *mp, bool multi_segs)
{
	uint16_t ep = is_uplink(b) ? ESW_EP_WIRE : esw_ep_vf(b->vf);
	const struct esw_rxq_conf rc = {
		.nb_desc = DESC,
		.mp = mp,
		.port_id = b->port_id,
		.flags = multi_segs ? ESW_RXQ_SCATTER : 0,
		.socket_id = b->nic->socket_id,
	};
	const struct esw_txq_conf tc = { .nb_desc = DESC, .socket_id = b->nic->socket_id };
	struct esw_err err = { .msg = "" };

	b->rxq = esw_rxq_create(b->nic->sw, ep, 0, &rc, &err);
	if (b->rxq != NULL)
		b->txq = esw_txq_create(b->nic->sw, ep, 0, &tc, &err);
	if (b->txq == NULL || esw_txq_start(b->txq) != 0 || esw_rxq_start(b->rxq) != 0) {
		ESN_LOG_BACKING(ERR, "%s: port %s: %s", b->nic->name, b->name, err.msg);
		return -ENOMEM;
	}
	return 0;
}

static void
endpoint_close(struct esn_backing *b)
{
	esw_rxq_destroy(b->rxq);
	esw_txq_destroy(b->txq);
	b->rxq = NULL;
	b->txq = NULL;
	b->mp = NULL;
}

static struct rte_eth_conf
conf_for(const struct esn_backing *b, const struct rte_eth_dev_info *info, struct rte_mempool *mp)
{
	uint32_t room = rte_pktmbuf_data_room_size(mp) - RTE_PKTMBUF_HEADROOM;
	uint16_t mtu = mtu_wanted(b);
	struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };

	/* 0 is ethdev's own choice; what the port can't take is said once, by follow(). */
	if (mtu >= info->min_mtu && mtu <= info->max_mtu &&
	    mtu + RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN <= (int)info->max_rx_pktlen)
		conf.rxmode.mtu = mtu;
	if (room < (uint32_t)mtu + ESN_OVERHEAD)
		conf.rxmode.offloads = info->rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
	conf.txmode.offloads = info->tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	return conf;
}

/* @return 0, or a negative errno and what it was that failed */
static int
port_setup(const struct esn_backing *b, struct rte_mempool *mp, bool *multi_segs, const char **what)
{
	struct rte_eth_dev_info info;
	struct rte_eth_conf conf;
	uint16_t rxd = DESC, txd = DESC;
	int ret;

	*what = "info";
	ret = rte_eth_dev_info_get(b->port_id, &info);
	if (ret != 0)
		return ret;
	*what = "stop";
	ret = rte_eth_dev_stop(b->port_id); /* its creator may have started it */
	if (ret != 0 && ret != -ENOTSUP)
		return ret;
	conf = conf_for(b, &info, mp);
	*multi_segs = conf.txmode.offloads != 0;
	*what = "configure";
	ret = rte_eth_dev_configure(b->port_id, 1, 1, &conf);
	if (ret != 0)
		return ret;
	*what = "descriptors";
	ret = rte_eth_dev_adjust_nb_rx_tx_desc(b->port_id, &rxd, &txd);
	if (ret != 0)
		return ret;
	*what = "rx queue";
	ret = rte_eth_rx_queue_setup(b->port_id, 0, rxd, rte_eth_dev_socket_id(b->port_id), NULL,
				     mp);
	if (ret != 0)
		return ret;
	*what = "tx queue";
	return rte_eth_tx_queue_setup(b->port_id, 0, txd, rte_eth_dev_socket_id(b->port_id), NULL);
}

/* Stopped, and with nothing left of the pool that it was given. */
static void
port_halt(const struct esn_backing *b)
{
	rte_eth_dev_stop(b->port_id);
	if (esn_tap_is(b->port_id))
		esn_tap_rxq_release(b->port_id);
}

int
esn_backing_port_start(struct esn_backing *b, struct rte_mempool *mp)
{
	const char *what = "";
	bool multi_segs = false;
	int ret;

	ret = port_setup(b, mp, &multi_segs, &what);
	if (ret == 0) {
		what = "start";
		ret = esn_tap_is(b->port_id) ? esn_tap_start(b->port_id) :
					       rte_eth_dev_start(b->port_id);
	}
	if (ret != 0) {
		ESN_LOG_BACKING(ERR, "%s: port %s: %s: %s", b->nic->name, b->name, what,
				rte_strerror(-ret));
		port_halt(b);
		return ret;
	}
	ret = endpoint_open(b, mp, multi_segs);
	if (ret != 0) {
		endpoint_close(b);
		port_halt(b);
		return ret;
	}
	if (is_uplink(b))
		rte_eth_promiscuous_enable(b->port_id); /* what can't be is as before */
	b->io = is_uplink(b) ? &b->nic->io : &b->nic->vf[b->vf].io;
	b->mp = mp;
	b->link_up = true;
	b->mtu = 0;
	memset(&b->mac, 0, sizeof(b->mac));
	running_set(b, true);
	return 0;
}

void
esn_backing_port_stop(struct esn_backing *b)
{
	if (!b->running)
		return;
	running_set(b, false);
	endpoint_close(b);
	port_halt(b);
}

void
esn_backing_port_lost(struct esn_backing *b)
{
	if (b->running) {
		running_set(b, false);
		endpoint_close(b);
	}
	b->port_id = ESN_PORT_NONE;
}

/* Each of these is tried once for each new value: not every port can, and that is no failure. */
static void
mtu_follow(struct esn_backing *b)
{
	uint16_t mtu = mtu_wanted(b);
	int ret;

	if (mtu == b->mtu)
		return;
	b->mtu = mtu;
	ret = esn_tap_is(b->port_id) ? esn_tap_mtu_set(b->port_id, mtu) :
				       rte_eth_dev_set_mtu(b->port_id, mtu);
	if (ret == -ENOTSUP)
		ESN_LOG_BACKING(INFO, "%s: port %s has no MTU to set", b->nic->name, b->name);
	else if (ret != 0)
		ESN_LOG_BACKING(NOTICE, "%s: port %s does not take MTU %u: %s", b->nic->name,
				b->name, mtu, rte_strerror(-ret));
}

static void
mac_follow(struct esn_backing *b)
{
	struct esw_policy p;
	int ret;

	if (esw_policy_get(b->nic->sw, b->vf, &p) != 0 || rte_is_same_ether_addr(&p.mac, &b->mac))
		return;
	b->mac = p.mac;
	ret = rte_eth_dev_default_mac_addr_set(b->port_id, &p.mac);
	if (ret != 0)
		ESN_LOG_BACKING(INFO, "%s: port %s does not take a MAC address: %s", b->nic->name,
				b->name, rte_strerror(-ret));
}

static void
link_follow(struct esn_backing *b)
{
	bool up = esw_vf_link_get(b->nic->sw, b->vf);
	int ret;

	if (up == b->link_up)
		return;
	b->link_up = up;
	ret = up ? rte_eth_dev_set_link_up(b->port_id) : rte_eth_dev_set_link_down(b->port_id);
	if (ret != 0)
		ESN_LOG_BACKING(INFO, "%s: port %s does not take link %s: %s", b->nic->name,
				b->name, up ? "up" : "down", rte_strerror(-ret));
}

/* Its link can't be asked for any more, and would be "down" for ever. */
static bool
is_moved_tap(const struct esn_backing *b)
{
	return esn_tap_is(b->port_id) && esn_tap_moved(b->port_id);
}

static void
wire_follow(struct esn_backing *b)
{
	struct rte_eth_link link = { .link_status = RTE_ETH_LINK_DOWN };
	bool up;

	up = b->running && rte_eth_link_get_nowait(b->port_id, &link) == 0 &&
	     (link.link_status == RTE_ETH_LINK_UP || is_moved_tap(b));
	if (up != esw_wire_link_get(b->nic->sw))
		esw_wire_link_set(b->nic->sw, up);
}

void
esn_backing_port_prepare(struct esn_backing *b)
{
	int ret;

	if (b->prepared || b->refused || !rte_dev_is_probed(rte_eth_devices[b->port_id].device))
		return;
	if (esn_tap_is(b->port_id)) {
		ret = esn_tap_open(b->port_id);
		if (ret != 0) {
			b->refused = true;
			ESN_LOG_BACKING(ERR, "%s: port %s: %s", b->nic->name, b->name,
					ret == -ENODEV ? "its interface was moved too early" :
							 rte_strerror(-ret));
			return;
		}
		mtu_follow(b);
		if (!is_uplink(b))
			mac_follow(b);
	}
	b->prepared = true;
}

void
esn_backing_port_follow(struct esn_backing *b)
{
	if (is_uplink(b))
		wire_follow(b);
	if (!b->running)
		return;
	mtu_follow(b);
	if (!is_uplink(b)) {
		mac_follow(b);
		link_follow(b);
	}
}
