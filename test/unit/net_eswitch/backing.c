/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Ports behind the e-switch. A pair of rings stands for a cable: net_ring is the port behind, the
 * test holds the other end.
 */
#include "rig.h"

#include <errno.h>
#include <unistd.h>

#include <ethdev_driver.h>
#include <rte_bus_vdev.h>
#include <rte_eth_ring.h>
#include <rte_ring.h>

#include "switchdev.h"

static struct rte_ring *to_port, *from_port; /* as the port behind sees it: rx, tx */

static void
cable_plug(void)
{
	to_port = rte_ring_create("to_port", 256, 0, RING_F_SP_ENQ | RING_F_SC_DEQ);
	from_port = rte_ring_create("from_port", 256, 0, RING_F_SP_ENQ | RING_F_SC_DEQ);
	assert_true(to_port != NULL && from_port != NULL);
	assert_true(rte_eth_from_rings("cable", &to_port, 1, &from_port, 1, 0) >= 0);
}

static void
cable_pull(void)
{
	struct rte_mbuf *m;

	rig_del("net_ring_cable");
	while (rte_ring_dequeue(to_port, (void **)&m) == 0)
		rte_pktmbuf_free(m);
	while (rte_ring_dequeue(from_port, (void **)&m) == 0)
		rte_pktmbuf_free(m);
	rte_ring_free(to_port);
	rte_ring_free(from_port);
}

static void
cable_send(const struct rte_ether_addr *src, const struct rte_ether_addr *dst)
{
	assert_int_equal(rte_ring_enqueue(to_port, rig_frame(src, dst)), 0);
}

static unsigned int
cable_recv(void)
{
	struct rte_mbuf *m;
	unsigned int n;

	for (n = 0; rte_ring_dequeue(from_port, (void **)&m) == 0; n++)
		rte_pktmbuf_free(m);
	return n;
}

static bool
wire_is_up(void)
{
	struct swd_info info;

	assert_int_equal(swd_info_get(swd_by_name(RIG_PF), &info), 0);
	return info.wire_link;
}

/* Frames cross both ways by polling the PF alone. */
static void
uplink_check(void)
{
	struct rte_ether_addr out = { { 0x02, 0, 0, 0, 0, 0x55 } };
	uint16_t pf = rig_port(RIG_PF);
	struct rte_ether_addr mac = rig_mac(pf);

	cable_send(&out, &mac);
	assert_int_equal(rig_recv(pf, 0), 1);
	rig_send(pf, &mac, &out);
	assert_int_equal(rig_recv(pf, 0), 0);
	assert_int_equal(cable_recv(), 1);
}

static void
uplink_before(void **state)
{
	(void)state;
	cable_plug();
	assert_int_equal(rig_add(RIG_PF, "vfs=1,uplink=net_ring_cable"), 0);
	/* taken: applications that walk over free ports do not see it */
	assert_int_not_equal(rte_eth_find_next_owned_by(rig_port("net_ring_cable"),
							RTE_ETH_DEV_NO_OWNER),
			     rig_port("net_ring_cable"));
	assert_false(wire_is_up());
	rig_up(rig_port(RIG_PF), 1);
	assert_true(wire_is_up());
	uplink_check();
	uplink_check();
	assert_int_equal(rig_xstat(rig_port(RIG_PF), "uplink_rx_packets"), 2);
	assert_int_equal(rig_xstat(rig_port(RIG_PF), "uplink_tx_packets"), 2);
	/* stopped and started again */
	assert_int_equal(rte_eth_dev_stop(rig_port(RIG_PF)), 0);
	assert_false(wire_is_up());
	assert_int_equal(rte_eth_dev_start(rig_port(RIG_PF)), 0);
	uplink_check();
	rig_del(RIG_PF);
	/* given back */
	assert_int_equal(rte_eth_find_next_owned_by(rig_port("net_ring_cable"),
						    RTE_ETH_DEV_NO_OWNER),
			 rig_port("net_ring_cable"));
	cable_pull();
}

static void
uplink_after_and_gone_and_back(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=1,uplink=net_ring_cable"), 0);
	rig_up(rig_port(RIG_PF), 1);
	assert_false(wire_is_up());
	assert_int_equal(rig_recv(rig_port(RIG_PF), 0), 0);
	cable_plug();
	rig_tick();
	assert_true(wire_is_up());
	uplink_check();
	cable_pull();
	assert_false(wire_is_up());
	assert_int_equal(rig_recv(rig_port(RIG_PF), 0), 0);
	cable_plug();
	rig_tick();
	uplink_check();
	rig_del(RIG_PF);
	cable_pull();
}

/* What the port behind does not take is dropped and counted, not waited for. */
static void
uplink_full(void **state)
{
	struct rte_ether_addr out = { { 0x02, 0, 0, 0, 0, 0x55 } };
	struct rte_ether_addr mac;
	uint16_t pf;
	int i;

	(void)state;
	cable_plug();
	assert_int_equal(rig_add(RIG_PF, "vfs=1,uplink=net_ring_cable"), 0);
	pf = rig_port(RIG_PF);
	rig_up(pf, 1);
	mac = rig_mac(pf);
	for (i = 0; i < 300; i++) {
		rig_send(pf, &mac, &out);
		rig_recv(pf, 0);
	}
	assert_int_equal(rig_xstat(pf, "uplink_tx_packets"), 255); /* what the ring holds */
	assert_int_equal(rig_xstat(pf, "uplink_tx_dropped"), 45);
	assert_int_equal(cable_recv(), 255);
	rig_del(RIG_PF);
	cable_pull();
}

/* A VF handed to a port: polling its representor serves it, in switchdev mode. */
static void
attached_vf_by_representor(void **state)
{
	struct rte_ether_addr vf_mac, out = { { 0x02, 0, 0, 0, 0, 0x55 } };
	uint16_t rep;

	(void)state;
	cable_plug();
	assert_int_equal(rig_add(RIG_PF, "vfs=2,representor=vf1,attach=vf1:net_ring_cable"), 0);
	rep = rig_port(RIG_PF "_representor_vf1");
	rig_up(rep, 1);
	vf_mac = rig_mac(rep);
	cable_send(&vf_mac, &out);
	assert_int_equal(rig_recv(rep, 0), 1);
	rig_send(rep, &out, &vf_mac);
	assert_int_equal(rig_recv(rep, 0), 0);
	assert_int_equal(cable_recv(), 1);
	cable_send(&out, &out); /* spoofed */
	assert_int_equal(rig_recv(rep, 0), 0);
	rig_del(RIG_PF);
	cable_pull();
}

/* VEB mode without representors: the PF's polling serves the VF's port. */
static void
attached_vf_by_pf(void **state)
{
	struct rte_ether_addr vf_mac, pf_mac;
	struct swd_vf_info vi;
	uint16_t pf;

	(void)state;
	cable_plug();
	assert_int_equal(rig_add(RIG_PF, "vfs=1,mode=veb,attach=vf0:net_ring_cable"), 0);
	pf = rig_port(RIG_PF);
	rig_up(pf, 1);
	assert_int_equal(swd_vf_info_get(swd_by_name(RIG_PF), 0, &vi, NULL), 0);
	assert_string_equal(vi.attached, "net_ring_cable");
	vf_mac = vi.mac;
	pf_mac = rig_mac(pf);
	cable_send(&vf_mac, &pf_mac);
	assert_int_equal(rig_recv(pf, 0), 1);
	rig_send(pf, &pf_mac, &vf_mac);
	rig_recv(pf, 0);
	assert_int_equal(cable_recv(), 1);
	rig_del(RIG_PF);
	cable_pull();
}

/*
 * The pool of the port that polls goes with it: the representor takes over from the PF and gives
 * back.
 */
static void
poller_changes(void **state)
{
	struct rte_ether_addr vf_mac, pf_mac;
	uint16_t pf, rep;

	(void)state;
	cable_plug();
	assert_int_equal(rig_add(RIG_PF,
				 "vfs=1,mode=veb,representor=vf0,attach=vf0:net_ring_cable"),
			 0);
	pf = rig_port(RIG_PF);
	rep = rig_port(RIG_PF "_representor_vf0");
	rig_up(pf, 1);
	pf_mac = rig_mac(pf);
	vf_mac = rig_mac(rep);
	cable_send(&vf_mac, &pf_mac);
	assert_int_equal(rig_recv(pf, 0), 1);
	rig_up(rep, 1);
	cable_send(&vf_mac, &pf_mac);
	assert_int_equal(rig_recv(pf, 0), 0);
	assert_int_equal(rig_recv(rep, 0), 0); /* moves it */
	assert_int_equal(rig_recv(pf, 0), 1);
	assert_int_equal(rte_eth_dev_stop(rep), 0);
	cable_send(&vf_mac, &pf_mac);
	assert_int_equal(rig_recv(pf, 0), 1);
	rig_del(RIG_PF);
	cable_pull();
}

static struct rte_mempool *
first_pool(uint16_t pf)
{
	struct rte_mempool *first = rte_pktmbuf_pool_create("first", 1023, 0, 0, 2176, 0);
	const struct rte_eth_conf conf = { .rxmode.mq_mode = RTE_ETH_MQ_RX_NONE };

	assert_non_null(first);
	assert_int_equal(rte_eth_dev_configure(pf, 1, 1, &conf), 0);
	assert_int_equal(rte_eth_rx_queue_setup(pf, 0, 256, 0, NULL, first), 0);
	assert_int_equal(rte_eth_tx_queue_setup(pf, 0, 256, 0, NULL), 0);
	assert_int_equal(rte_eth_dev_start(pf), 0);
	return first;
}

/* net_null makes frames of its pool's buffers, as many as it is asked for. */
static uint64_t
poll_null(uint16_t pf)
{
	struct rte_mbuf *m[32];
	uint64_t before = rig_xstat(pf, "uplink_rx_packets");

	rte_pktmbuf_free_bulk(m, rte_eth_rx_burst(pf, 0, m, RTE_DIM(m)));
	return rig_xstat(pf, "uplink_rx_packets") - before;
}

/*
 * The queue that polls is set up again while the port runs: the port behind goes on with the new
 * pool, and the application may free the old one.
 */
static void
polling_queue_anew(void **state)
{
	struct rte_mempool *first;
	uint16_t pf;

	(void)state;
	assert_int_equal(rig_add("net_null0", "copy=1"), 0);
	assert_int_equal(rig_add(RIG_PF, "vfs=1,uplink=net_null0"), 0);
	pf = rig_port(RIG_PF);
	first = first_pool(pf);
	assert_int_equal(poll_null(pf), 32);
	assert_int_equal(rte_eth_dev_rx_queue_stop(pf, 0), 0);
	assert_int_equal(rte_eth_rx_queue_setup(pf, 0, 512, 0, NULL, rig_pool()), 0);
	assert_false(wire_is_up());
	assert_int_equal(rte_mempool_in_use_count(first), 0);
	rte_mempool_free(first);
	assert_int_equal(rte_eth_dev_rx_queue_start(pf, 0), 0);
	assert_true(wire_is_up());
	assert_int_equal(poll_null(pf), 32);
	rig_del(RIG_PF);
	rig_del("net_null0");
}

/* A TAP holds buffers as long as it has a receive queue; the pool may go with the PF's port. */
static void
tap_keeps_no_buffers(void **state)
{
	struct rte_mempool *first;
	uint16_t pf;

	(void)state;
	if (geteuid() != 0 || access("/dev/net/tun", R_OK | W_OK) != 0 ||
	    rig_add("net_tap_unit", "iface=esn_unit0") != 0)
		skip();
	assert_int_equal(rig_add(RIG_PF, "vfs=1,uplink=net_tap_unit"), 0);
	pf = rig_port(RIG_PF);
	first = first_pool(pf);
	assert_int_not_equal(rte_mempool_in_use_count(first), 0);
	assert_int_equal(rte_eth_dev_stop(pf), 0);
	assert_int_equal(rte_mempool_in_use_count(first), 0);
	/* and it works again with another */
	rig_up(pf, 1);
	assert_true(wire_is_up());
	rte_mempool_free(first);
	rig_recv(pf, 0);
	rig_del(RIG_PF);
	rig_del("net_tap_unit");
}

static int
none_left(void **state)
{
	(void)state;
	assert_int_equal(rig_pool_used(), 0);
	return 0;
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, none_left)
	const struct CMUnitTest tests[] = {
		T(uplink_before),      T(uplink_after_and_gone_and_back),
		T(uplink_full),        T(attached_vf_by_representor),
		T(attached_vf_by_pf),  T(poller_changes),
		T(polling_queue_anew), T(tap_keeps_no_buffers),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
