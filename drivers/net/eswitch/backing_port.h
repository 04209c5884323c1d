/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESN_BACKING_PORT_H_
#define _ESN_BACKING_PORT_H_

/*
 * One port behind the e-switch: how it is configured, polled and kept in step. Internal to
 * backing*.c.
 *
 * `lock` is held by whoever polls, and by control for the moment in which it changes `running`:
 * after that no burst is inside. Everything else is control's, under the lock of backing.c.
 */
#include <rte_spinlock.h>

#include "backing.h"

struct esn_backing {
	rte_spinlock_t lock;
	bool running;
	void *poller;        /* rx queue whose polling serves this port, or NULL */
	uint16_t port_id;    /* ESN_PORT_NONE: not there */
	struct esw_rxq *rxq; /* the e-switch's frames for the port */
	struct esw_txq *txq; /* the port's frames for the e-switch */
	struct esn_io *io;
	struct rte_mempool *mp;

	struct esn_nic *nic; /* NULL: entry is free */
	uint16_t vf;         /* ESN_PORT_NONE: the uplink */
	char name[RTE_ETH_NAME_MAX_LEN];
	void *pf_rxq, *rep_rxq; /* who could poll */
	struct rte_mempool *pf_mp, *rep_mp;
	bool prepared; /* may be started */
	bool refused;  /* has another owner, or was moved too early, and that was said */
	bool failed;   /* did not start, and that was said */
	/* what the port was told last */
	bool link_up;
	uint16_t mtu;
	struct rte_ether_addr mac;
} __rte_cache_aligned;

/* The owner id of all ports behind e-switches of this process. */
uint64_t esn_backing_owner(void);

/* Frames both ways, once; nothing if control is at work. */
void esn_backing_poll(struct esn_backing *b);

/*
 * As soon as its driver is known: what can't wait for somebody who polls, since the port may be
 * handed to its user first. Before that it can't be started.
 */
void esn_backing_port_prepare(struct esn_backing *b);
/* Configure and start with buffers of `mp`; what fails is logged. */
int esn_backing_port_start(struct esn_backing *b, struct rte_mempool *mp);
void esn_backing_port_stop(struct esn_backing *b);
/* The port no longer exists. */
void esn_backing_port_lost(struct esn_backing *b);
/* MAC, MTU and link as the e-switch has them; the wire's link as the uplink has it. */
void esn_backing_port_follow(struct esn_backing *b);

#endif /* _ESN_BACKING_PORT_H_ */
