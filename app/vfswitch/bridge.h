/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_BRIDGE_H_
#define _VSW_BRIDGE_H_

/*
 * The forwarding loop: an 802.1Q learning bridge over the uplink and the representors.
 *
 * Who is connected to whom is decided here; whether a VF may send or get a frame is decided by
 * the e-switch, before the frame arrives and after it leaves. What surprises:
 * - each worker polls its own share of the ports, and has a transmit queue of its own on every
 *   port;
 * - a broadcast is one mbuf with many references; the e-switch copies it for each VF, as it must
 *   anyway;
 * - a VF's own addresses are static entries: neither the uplink nor a VF without spoofchk can
 *   attract them;
 * - frames to 01-80-C2-00-00-00 to -0F end here (IEEE 802.1Q-2018 8.6.3): they concern one link
 *   only;
 * - in VEB mode the e-switch switches by itself. The bridge then only polls, which serves the ports
 *   behind the VFs and the uplink, and drops what it gets.
 *
 * Thread-safety: vsw_bridge_run() once for each worker; counters may be read from any thread, each
 * is right by itself.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_common.h>

#include "fdb.h"
#include "ports.h"
#include "vlans.h"

#define VSW_WORKERS_MAX 16
#define VSW_BURST 32

/* Frames that the bridge itself ends, by reason; counted at the port on which they came in. */
enum vsw_drop {
	VSW_DROP_HAIRPIN,  /* the destination is behind the port that it came from */
	VSW_DROP_ISOLATED, /* from an isolated VF to an isolated VF */
	VSW_DROP_RESERVED, /* address that bridges do not forward */
	VSW_DROP_NO_DEST,  /* no other port is a member of the VLAN */
	VSW_DROP_RUNT,     /* too short for the header or tag that it claims to have */
	VSW_DROP_VEB,      /* VEB mode: nothing to switch here */
	VSW_DROP_TX_FULL,  /* counted at the port that did not take the frame */
	VSW_DROP_COUNT
};

/* "sw_hairpin", ... */
const char *vsw_drop_name(enum vsw_drop d);

struct vsw_port_counters {
	uint64_t rx, tx;  /* frames taken from and given to the port */
	uint64_t flooded; /* of rx: sent to several ports */
	uint64_t drop[VSW_DROP_COUNT];
};

struct vsw_txbuf {
	uint16_t n;
	struct rte_mbuf *pkt[VSW_BURST];
};

struct vsw_worker {
	struct vsw_bridge *bridge;
	uint16_t id; /* and its transmit queue on every port */
	uint16_t n_in;
	uint16_t in[VSW_PORTS_MAX]; /* ports that it polls */
	uint16_t n_dirty;
	uint16_t dirty[VSW_PORTS_MAX]; /* ports with frames in txbuf */
	struct vsw_txbuf txbuf[VSW_PORTS_MAX];
	struct vsw_port_counters count[VSW_PORTS_MAX];
} __rte_cache_aligned;

struct vsw_bridge {
	const struct vsw_ports *ports;
	struct vsw_vlans *vlans;
	struct vsw_fdb *fdb;
	bool forward; /* false: VEB mode */
	uint32_t idle_us;
	bool stop;    /* set by anybody, also by a signal handler */
	uint32_t now; /* seconds since start, kept by the control thread */
	uint16_t n_workers;
	struct vsw_worker *worker[VSW_WORKERS_MAX];
};

/*
 * Make tables and spread the ports over the workers.
 * @return 0; -ENOMEM; -EINVAL too many workers; with a sentence
 */
int vsw_bridge_create(struct vsw_bridge *b, const struct vsw_ports *ports, const struct vsw_args *a,
		      uint16_t n_workers, struct esw_err *err);
void vsw_bridge_destroy(struct vsw_bridge *b);

/* An lcore's main function: arg is a struct vsw_worker. Returns 0 when bridge->stop is set. */
int vsw_bridge_run(void *arg);

/* Sum over all workers. */
void vsw_bridge_counters(const struct vsw_bridge *b, uint16_t port, struct vsw_port_counters *c);

#endif /* _VSW_BRIDGE_H_ */
