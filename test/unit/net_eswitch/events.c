/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * Events to applications: no lock of the driver's is held while a callback runs. A callback here
 * waits for another thread, which closes a port of the driver's, as an application's would that
 * guards its ports by a mutex.
 */
#include "rig.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ethdev_driver.h>
#include <rte_eth_ring.h>
#include <rte_ring.h>

#include "switchdev.h"

#define REP0 RIG_PF "_representor_vf0"
#define OTHER "net_eswitch_pf1"
#define OTHER_REP OTHER "_representor_vf0"

static unsigned int events; /* that were waited for */
static bool stuck;
static char wanted[RTE_ETH_NAME_MAX_LEN]; /* the port whose event counts */

static void *
close_other(void *arg)
{
	uint16_t port = rig_find(OTHER_REP);

	if (port != UINT16_MAX)
		rte_eth_dev_close(port);
	return arg;
}

static int
on_event(uint16_t port, enum rte_eth_event_type event, void *arg, void *ret_param)
{
	struct timespec until;
	pthread_t thread;

	(void)event;
	(void)arg;
	(void)ret_param;
	if (strcmp(rte_eth_devices[port].data->name, wanted) != 0)
		return 0;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2;
	if (pthread_create(&thread, NULL, close_other, NULL) != 0)
		return 0;
	if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
		__atomic_store_n(&stuck, true, __ATOMIC_RELAXED);
		pthread_detach(thread);
	}
	__atomic_add_fetch(&events, 1, __ATOMIC_RELEASE);
	return 0;
}

static void
listen_for(enum rte_eth_event_type type, const char *name)
{
	snprintf(wanted, sizeof(wanted), "%s", name);
	events = 0;
	stuck = false;
	assert_int_equal(rte_eth_dev_callback_register(RTE_ETH_ALL, type, on_event, NULL), 0);
	assert_int_equal(rig_add(OTHER, "vfs=1,representor=vf0"), 0);
}

static void
heard(enum rte_eth_event_type type, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < 50 && __atomic_load_n(&events, __ATOMIC_ACQUIRE) < n; i++)
		usleep(100000);
	assert_int_equal(__atomic_load_n(&events, __ATOMIC_ACQUIRE), n);
	assert_false(__atomic_load_n(&stuck, __ATOMIC_RELAXED));
	assert_int_equal(rig_find(OTHER_REP), UINT16_MAX);
	rte_eth_dev_callback_unregister(RTE_ETH_ALL, type, on_event, NULL);
	rig_del(OTHER);
}

static const struct rte_eth_conf with_lsc = {
	.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE,
	.intr_conf.lsc = 1,
};

/* The tick notices: the port behind the uplink goes down, and with it the VFs' carriers. */
static void
link_by_tick(void **state)
{
	struct rte_ring *r = rte_ring_create("events", 64, 0, 0);
	uint16_t cable;

	(void)state;
	assert_non_null(r);
	assert_true(rte_eth_from_rings("events", &r, 1, &r, 1, 0) >= 0);
	cable = rig_port("net_ring_events");
	assert_int_equal(rig_add(RIG_PF, "vfs=1,representor=vf0,uplink=net_ring_events"), 0);
	rig_up(rig_port(RIG_PF), 1);
	rig_up_conf(rig_port(REP0), 1, &with_lsc);
	rig_tick();
	listen_for(RTE_ETH_EVENT_INTR_LSC, REP0);
	assert_int_equal(rte_eth_dev_set_link_down(cable), 0);
	heard(RTE_ETH_EVENT_INTR_LSC, 1);
	rig_del(RIG_PF);
	rig_del("net_ring_events");
	rte_ring_free(r);
}

/* By the application's own call: the event still comes, and exactly once. */
static void
link_by_call(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=1,representor=vf0"), 0);
	rig_up_conf(rig_port(REP0), 1, &with_lsc);
	rig_tick();
	listen_for(RTE_ETH_EVENT_INTR_LSC, REP0);
	assert_int_equal(rte_eth_dev_set_link_down(rig_port(REP0)), 0);
	rig_tick();
	heard(RTE_ETH_EVENT_INTR_LSC, 1);
	rig_del(RIG_PF);
}

static void
new_by_scan(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=1"), 0);
	listen_for(RTE_ETH_EVENT_NEW, REP0);
	assert_int_equal(rig_attach(RIG_PF ",representor=vf0"), 0);
	heard(RTE_ETH_EVENT_NEW, 1);
	rig_del(RIG_PF);
}

static void
destroy_by_removal(void **state)
{
	(void)state;
	assert_int_equal(rig_add(RIG_PF, "vfs=1,representor=vf0"), 0);
	listen_for(RTE_ETH_EVENT_DESTROY, REP0);
	rig_del(RIG_PF);
	heard(RTE_ETH_EVENT_DESTROY, 1);
}

static int
none_left(void **state)
{
	(void)state;
	assert_int_equal(rte_eth_dev_count_total(), 0);
	assert_int_equal(rig_pool_used(), 0);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(link_by_tick, none_left),
		cmocka_unit_test_teardown(link_by_call, none_left),
		cmocka_unit_test_teardown(new_by_scan, none_left),
		cmocka_unit_test_teardown(destroy_by_removal, none_left),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
