/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_string_fns.h>

#include "fail.h"
#include "ports.h"

#define MTU_WHOLE 9216    /* largest MTU for which an mbuf holds the frame in one piece */
#define FRAME_OVERHEAD 22 /* Ethernet header and two VLAN tags */
#define POOL_CACHE 256
#define POOL_SPARE 4096 /* frames in the workers' hands and in backing ports */

/* "net_eswitch_pf0, net_eswitch_pf1" */
static unsigned int
device_names(char *buf, size_t len)
{
	unsigned int n = 0;

	buf[0] = '\0';
	for (struct swd_dev *d = swd_next(NULL); d != NULL; d = swd_next(d)) {
		if (n++ > 0)
			strlcat(buf, ", ", len);
		strlcat(buf, d->name, len);
	}
	return n;
}

static int
find_device(struct vsw_ports *p, const char *name, struct esw_err *err)
{
	char names[160];
	unsigned int n = device_names(names, sizeof(names));

	if (n == 0)
		return vsw_fail(err, -ENODEV,
				"no PF with an e-switch here; make one with "
				"--vdev net_eswitch_pf0,vfs=4,representor=vf[0-3]");
	if (name == NULL && n > 1)
		return vsw_fail(err, -EINVAL, "--pf: needed, for there are several: %s", names);
	p->dev = name == NULL ? swd_next(NULL) : swd_by_name(name);
	if (p->dev == NULL)
		return vsw_fail(err, -ENODEV, "--pf: no PF '%s'; there is %s", name, names);
	return 0;
}

static int
find_representors(struct vsw_ports *p, struct esw_err *err)
{
	struct swd_vf_info vi;
	unsigned int found = 0;
	int ret;

	for (uint16_t vf = 0; vf < p->info.nb_vfs; vf++) {
		ret = swd_vf_info_get(p->dev, vf, &vi, err);
		if (ret != 0)
			return ret;
		if (vi.rep_port < 0)
			continue;
		p->port[vsw_port_of_vf(vf)] = (struct vsw_port){
			.used = true,
			.port_id = vi.rep_port,
			.vf = vf,
		};
		found++;
	}
	if (found == 0)
		return vsw_fail(err, -ENODEV,
				"%s: no representors; ask for them with representor=vf[0-%u]",
				p->info.name, RTE_MAX(p->info.nb_vfs, 1u) - 1);
	if (found < p->info.nb_vfs)
		fprintf(stderr,
			"vfswitch: %u of %u VFs have a representor; the others are cut off\n",
			found, p->info.nb_vfs);
	return 0;
}

int
vsw_ports_find(struct vsw_ports *p, const char *name, struct esw_err *err)
{
	int ret;

	memset(p, 0, sizeof(*p));
	ret = find_device(p, name, err);
	if (ret != 0)
		return ret;
	ret = swd_info_get(p->dev, &p->info);
	if (ret != 0)
		return vsw_fail(err, ret, "%s: %s", p->dev->name, strerror(-ret));
	if (p->info.nb_vfs >= VSW_PORTS_MAX)
		return vsw_fail(err, -EINVAL, "%s: %u VFs, the bridge takes up to %u", p->info.name,
				p->info.nb_vfs, VSW_PORTS_MAX - 1);
	p->n = p->info.nb_vfs + 1;
	p->port[VSW_UPLINK] = (struct vsw_port){
		.used = true,
		.port_id = p->info.pf_port,
		.vf = SWD_PORT_WIRE,
	};
	return find_representors(p, err);
}

int
vsw_ports_mtu_raise(struct vsw_ports *p, const char *policy, struct esw_err *err)
{
	struct rte_eth_conf conf = { 0 };
	struct esw_policy_patch *patch;
	uint16_t mtu = p->info.pf_mtu;
	int ret;

	patch = calloc(p->info.nb_vfs, sizeof(*patch));
	if (patch == NULL)
		return vsw_fail(err, -ENOMEM, "no memory for %u policies", p->info.nb_vfs);
	if (esw_policy_file_load(policy, p->info.nb_vfs, patch, NULL) == 0) {
		for (uint16_t vf = 0; vf < p->info.nb_vfs; vf++) {
			if ((patch[vf].fields & ESW_F_BIT(ESW_F_MTU)) != 0)
				mtu = RTE_MAX(mtu, patch[vf].value.mtu);
		}
	}
	free(patch);
	if (mtu == p->info.pf_mtu || mtu > p->info.mtu_max)
		return 0;
	conf.rxmode.mtu = mtu;
	ret = rte_eth_dev_configure(p->info.pf_port, 1, 1, &conf);
	if (ret == 0)
		ret = rte_eth_dev_set_mtu(p->info.pf_port, mtu);
	if (ret != 0)
		return vsw_fail(err, ret, "port %u: MTU %u, which %s needs, refused: %s",
				p->info.pf_port, mtu, policy, strerror(-ret));
	p->info.pf_mtu = mtu;
	return 0;
}

static int
socket_of(uint16_t port_id)
{
	int socket = rte_eth_dev_socket_id(port_id);

	return socket < 0 || socket >= RTE_MAX_NUMA_NODES ? 0 : socket;
}

static unsigned int
ports_used(const struct vsw_ports *p)
{
	unsigned int n = 0;

	for (uint16_t i = 0; i < p->n; i++)
		n += p->port[i].used;
	return n;
}

/* Pools by socket, made when the first port there asks. */
static struct rte_mempool *
pool_for(struct vsw_ports *p, const struct vsw_args *a, int socket, struct esw_err *err)
{
	uint32_t room = RTE_PKTMBUF_HEADROOM + p->info.pf_mtu + FRAME_OVERHEAD;
	uint32_t n = a->mbufs;
	char name[RTE_MEMPOOL_NAMESIZE];

	if (p->pool[socket] != NULL)
		return p->pool[socket];
	if (p->info.pf_mtu > MTU_WHOLE || room < RTE_MBUF_DEFAULT_BUF_SIZE)
		room = RTE_MBUF_DEFAULT_BUF_SIZE;
	if (n == 0)
		n = ports_used(p) * (a->rxd + a->txd) + POOL_SPARE;
	snprintf(name, sizeof(name), "vfswitch_%d", socket);
	p->pool[socket] = rte_pktmbuf_pool_create(name, n, POOL_CACHE, 0,
						  RTE_ALIGN_CEIL(room, RTE_CACHE_LINE_SIZE),
						  socket);
	if (p->pool[socket] == NULL)
		vsw_fail(err, -rte_errno,
			 "pool of %u mbufs of %u octets: %s; give EAL more memory (-m) or the pool "
			 "fewer (--mbufs)",
			 n, room, rte_strerror(rte_errno));
	return p->pool[socket];
}

static int
configure(struct vsw_ports *p, uint16_t port_id, struct esw_err *err)
{
	struct rte_eth_conf conf = { .rxmode = { .mtu = p->info.pf_mtu } };
	struct rte_eth_dev_info di;
	int ret;

	ret = rte_eth_dev_info_get(port_id, &di);
	if (ret != 0)
		return vsw_fail(err, ret, "port %u: no information: %s", port_id, strerror(-ret));
	if (p->n_workers > di.max_tx_queues)
		return vsw_fail(err, -EINVAL, "port %u: %u workers (-l), it has %u transmit queues",
				port_id, p->n_workers, di.max_tx_queues);
	if (p->info.pf_mtu > MTU_WHOLE)
		conf.rxmode.offloads |= di.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
	/* Frames of several segments go out as they came in. */
	conf.txmode.offloads |= di.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	ret = rte_eth_dev_configure(port_id, 1, p->n_workers, &conf);
	if (ret != 0)
		return vsw_fail(err, ret, "port %u: 1 receive and %u transmit queues refused: %s",
				port_id, p->n_workers, strerror(-ret));
	/* A representor's MTU is the switch port's: only the policy shall set the limit. */
	ret = rte_eth_dev_set_mtu(port_id, p->info.pf_mtu);
	if (ret != 0 && ret != -ENOTSUP)
		return vsw_fail(err, ret, "port %u: MTU %u refused: %s", port_id, p->info.pf_mtu,
				strerror(-ret));
	return 0;
}

static int
setup_queues(struct vsw_ports *p, const struct vsw_args *a, uint16_t port_id, struct esw_err *err)
{
	int socket = socket_of(port_id), ret;
	uint16_t rxd = a->rxd, txd = a->txd;
	struct rte_mempool *mp = pool_for(p, a, socket, err);

	if (mp == NULL)
		return -ENOMEM;
	ret = rte_eth_dev_adjust_nb_rx_tx_desc(port_id, &rxd, &txd);
	if (ret == 0 && (rxd != a->rxd || txd != a->txd))
		return vsw_fail(err, -EINVAL,
				"port %u: --rxd %u, --txd %u refused; next to them are %u and %u",
				port_id, a->rxd, a->txd, rxd, txd);
	ret = rte_eth_rx_queue_setup(port_id, 0, rxd, socket, NULL, mp);
	if (ret != 0)
		return vsw_fail(err, ret, "port %u: receive queue of %u refused: %s", port_id, rxd,
				strerror(-ret));
	for (uint16_t q = 0; q < p->n_workers; q++) {
		ret = rte_eth_tx_queue_setup(port_id, q, txd, socket, NULL);
		if (ret != 0)
			return vsw_fail(err, ret, "port %u: transmit queue %u of %u refused: %s",
					port_id, q, txd, strerror(-ret));
	}
	return 0;
}

static int
start_port(struct vsw_ports *p, const struct vsw_args *a, struct vsw_port *port,
	   struct esw_err *err)
{
	int ret = configure(p, port->port_id, err);

	if (ret != 0)
		return ret;
	ret = setup_queues(p, a, port->port_id, err);
	if (ret != 0)
		return ret;
	ret = rte_eth_dev_start(port->port_id);
	if (ret != 0)
		return vsw_fail(err, ret, "port %u: did not start: %s", port->port_id,
				strerror(-ret));
	port->started = true;
	if (port->vf != SWD_PORT_WIRE || p->info.mode == SWD_MODE_VEB)
		return 0;
	/* A bridge hears everything on the uplink. Who cannot be asked to does so already. */
	ret = rte_eth_promiscuous_enable(port->port_id);
	if (ret != 0 && ret != -ENOTSUP)
		return vsw_fail(err, ret, "port %u: promiscuous mode refused: %s", port->port_id,
				strerror(-ret));
	return 0;
}

static void
stop_all(struct vsw_ports *p)
{
	for (int i = p->n - 1; i >= 0; i--) {
		if (!p->port[i].started)
			continue;
		rte_eth_dev_stop(p->port[i].port_id);
		p->port[i].started = false;
	}
}

int
vsw_ports_start(struct vsw_ports *p, const struct vsw_args *a, uint16_t n_workers,
		struct esw_err *err)
{
	int ret;

	p->n_workers = n_workers;
	for (uint16_t i = 0; i < p->n; i++) {
		if (!p->port[i].used)
			continue;
		ret = start_port(p, a, &p->port[i], err);
		if (ret != 0) {
			stop_all(p);
			return ret;
		}
	}
	return 0;
}

void
vsw_ports_close(struct vsw_ports *p)
{
	stop_all(p);
	for (int i = p->n - 1; i >= 0; i--) {
		if (p->port[i].used)
			rte_eth_dev_close(p->port[i].port_id);
		p->port[i].used = false;
	}
	for (int s = 0; s < RTE_MAX_NUMA_NODES; s++) {
		rte_mempool_free(p->pool[s]);
		p->pool[s] = NULL;
	}
}
