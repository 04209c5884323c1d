/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_string_fns.h>

#include "fake.h"

static int
info_get(void *dev, struct swd_info *info)
{
	struct fake *f = dev;

	__atomic_fetch_add(&f->entered, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&f->gate, __ATOMIC_SEQ_CST) != 0)
		usleep(100);
	*info = f->info;
	__atomic_fetch_sub(&f->entered, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static int
policy_get(void *dev, uint16_t vf, struct esw_policy *p)
{
	struct fake *f = dev;

	*p = f->policy[vf];
	return 0;
}

static int
policy_set(void *dev, uint16_t vf, const struct esw_policy *p, struct esw_err *err)
{
	struct fake *f = dev;

	if (vf == f->refuse_vf && f->sets >= (unsigned int)f->refuse_from)
		return esw_err_set(err, -EIO, "fake: will not");
	for (uint16_t i = 0; i < FAKE_VFS; i++) {
		if (i != vf && rte_is_same_ether_addr(&f->policy[i].mac, &p->mac))
			return esw_err_set(err, -EEXIST, "mac: in use by VF %u", i);
	}
	f->policy[vf] = *p;
	f->sets++;
	return 0;
}

static int
policy_patch(void *dev, uint16_t vf, const struct esw_policy_patch *patch, struct esw_err *err)
{
	struct fake *f = dev;
	struct esw_policy p = f->policy[vf];
	const struct esw_policy_limits lim = { .mtu_max = f->info.pf_mtu,
					       .fields = ESW_F_ALL,
					       .device = "fake" };
	int ret;

	esw_policy_patch_apply(&p, patch);
	ret = esw_policy_validate(&p, &lim, err);
	return ret < 0 ? ret : policy_set(dev, vf, &p, err);
}

static int
vf_info_get(void *dev, uint16_t vf, struct swd_vf_info *vi)
{
	struct fake *f = dev;
	const struct esw_policy *p = &f->policy[vf];

	vi->mac = p->mac;
	vi->mtu = p->mtu;
	vi->rep_mtu = f->rep_mtu[vf];
	vi->link = p->link == ESW_LINK_UP || (p->link == ESW_LINK_AUTO && f->info.wire_link);
	vi->vf_port = -1;
	vi->rep_port = f->rep_port[vf];
	strlcpy(vi->attached, "net_tap0", sizeof(vi->attached));
	return 0;
}

/* Value = index, 10 for each VF, 1000 more for the representor: all differ. */
static int
counters_get(void *dev, int port, struct swd_counter *c, unsigned int n)
{
	static const char *const names[FAKE_COUNTERS] = { "tx_forwarded", "tx_spoof",
							  "tx_bytes",     "rx_delivered",
							  "rx_full",      "rx_no_buffer",
							  "rx_bytes" };
	static const bool drop[FAKE_COUNTERS] = { false, true, false, false, true, true, false };
	struct fake *f = dev;
	uint64_t base = 0;

	if (port == SWD_PORT_WIRE)
		return 0;
	if (port >= SWD_PORT_REP(0))
		base = 1000 + 10 * (port - SWD_PORT_REP(0));
	else if (port >= 0)
		base = 10 * port;
	for (unsigned int i = 0; i < n && i < FAKE_COUNTERS; i++) {
		strlcpy(c[i].name, names[i], sizeof(c[i].name));
		c[i].drop = drop[i];
		c[i].value = base + i + f->add;
	}
	return FAKE_COUNTERS;
}

static int
fdb_get(void *dev, struct swd_fdb_entry *e, unsigned int n)
{
	struct fake *f = dev;

	for (unsigned int i = 0; i < n && i < f->n_fdb; i++)
		e[i] = f->fdb[i];
	return f->n_fdb;
}

static int
fdb_flush(void *dev)
{
	struct fake *f = dev;

	f->n_fdb = 0;
	return 0;
}

static int
flows_get(void *dev, int port)
{
	struct fake *f = dev;

	if (port >= SWD_PORT_REP(0))
		return f->flows_rep[port - SWD_PORT_REP(0)];
	if (port == SWD_PORT_PF)
		return f->flows_pf;
	return (unsigned int)port < RTE_DIM(f->flows_vf) ? f->flows_vf[port] : 0;
}

static int
rep_mtu_set(void *dev, uint16_t vf, uint16_t mtu, struct esw_err *err)
{
	struct fake *f = dev;

	if (mtu != 0 && (mtu < ESW_MTU_MIN || mtu > f->info.mtu_max))
		return esw_err_set(err, -EINVAL, "mtu: %u is out of range", mtu);
	f->rep_mtu[vf] = mtu;
	return 0;
}

/* A queue is memory that leads back to its device, so that a leak is seen twice. */
struct queue {
	struct fake *f;
	bool is_rx;
};

static int
queue_new(struct fake *f, bool is_rx, void **queue, struct esw_err *err)
{
	struct queue *q;

	if (f->queue_error != 0)
		return esw_err_set(err, f->queue_error, "fake: no queue");
	q = calloc(1, sizeof(*q));
	q->f = f;
	q->is_rx = is_rx;
	if (is_rx)
		f->rxqs++;
	else
		f->txqs++;
	*queue = q;
	return 0;
}

static int
rep_rxq_setup(void *dev, uint16_t vf, uint16_t qid, const struct swd_rep_rxq_conf *conf,
	      void **queue, struct esw_err *err)
{
	struct fake *f = dev;

	(void)vf;
	(void)qid;
	f->rxq_offloads = conf->offloads;
	return queue_new(f, true, queue, err);
}

static int
rep_txq_setup(void *dev, uint16_t vf, uint16_t qid, uint16_t nb_desc, int socket_id, void **queue,
	      struct esw_err *err)
{
	(void)vf;
	(void)qid;
	(void)nb_desc;
	(void)socket_id;
	return queue_new(dev, false, queue, err);
}

static void
queue_release(void *queue)
{
	struct queue *q = queue;

	if (q->is_rx)
		q->f->rxqs--;
	else
		q->f->txqs--;
	free(q);
}

static int
rep_start(void *dev, uint16_t vf)
{
	struct fake *f = dev;

	f->rep_started[vf] = true;
	return 0;
}

static int
rep_stop(void *dev, uint16_t vf)
{
	struct fake *f = dev;

	f->rep_started[vf] = false;
	return 0;
}

/* Nothing ever comes; what is sent is freed. */
static uint16_t
rep_rx(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	(void)queue;
	(void)pkts;
	(void)n;
	return 0;
}

static uint16_t
rep_tx(void *queue, struct rte_mbuf **pkts, uint16_t n)
{
	(void)queue;
	rte_pktmbuf_free_bulk(pkts, n);
	return n;
}

static uint32_t
rep_rxq_count(void *queue)
{
	(void)queue;
	return 17;
}

static int
rep_rxq_offloads_set(void *queue, uint64_t offloads)
{
	struct queue *q = queue;

	q->f->rxq_offloads = offloads;
	return 0;
}

static void
rep_port_set(void *dev, uint16_t vf, int port_id)
{
	struct fake *f = dev;

	f->rep_port[vf] = port_id;
}

static const struct swd_ops ops = {
	.info_get = info_get,
	.policy_get = policy_get,
	.policy_set = policy_set,
	.policy_patch = policy_patch,
	.vf_info_get = vf_info_get,
	.counters_get = counters_get,
	.fdb_get = fdb_get,
	.fdb_flush = fdb_flush,
	.flows_get = flows_get,
	.rep_mtu_set = rep_mtu_set,
	.rep_rxq_setup = rep_rxq_setup,
	.rep_txq_setup = rep_txq_setup,
	.rep_rxq_release = queue_release,
	.rep_txq_release = queue_release,
	.rep_start = rep_start,
	.rep_stop = rep_stop,
	.rep_rx = rep_rx,
	.rep_tx = rep_tx,
	.rep_rxq_count = rep_rxq_count,
	.rep_rxq_offloads_set = rep_rxq_offloads_set,
	.rep_rx_offload_capa = 0x1, /* RTE_ETH_RX_OFFLOAD_VLAN_STRIP */
	.rep_queues_max = 4,
	.rep_port_set = rep_port_set,
};

void
fake_init(struct fake *f, const char *name, uint16_t pf_port)
{
	memset(f, 0, sizeof(*f));
	f->ops = ops;
	f->info = (struct swd_info){
		.driver = "net_fake",
		.pf_port = pf_port,
		.domain_id = 5,
		.nb_vfs = FAKE_VFS,
		.mtu_max = 9216,
		.pf_mtu = 9000,
		.policy_fields = ESW_F_ALL,
		.speed_mbps = 10000,
		.wire_link = true,
	};
	strlcpy(f->info.name, name, sizeof(f->info.name));
	for (uint16_t i = 0; i < FAKE_VFS; i++) {
		esw_policy_default(&f->policy[i]);
		f->policy[i].mac.addr_bytes[0] = 0x02;
		f->policy[i].mac.addr_bytes[5] = (uint8_t)i;
		f->rep_port[i] = -1;
	}
	f->refuse_vf = -1;
	strlcpy(f->sd.name, name, sizeof(f->sd.name));
	f->sd.pf_port = pf_port;
	f->sd.ops = &f->ops;
	f->sd.dev = f;
	if (swd_register(&f->sd) < 0)
		abort();
}

void
fake_fini(struct fake *f)
{
	swd_unregister(&f->sd);
}
