/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include <rte_ethdev.h>

#include <ethdev_driver.h>

#include "fixture.h"

struct rte_driver driver = { .name = "net_fake" };
struct rte_device device = { .name = "net_fake_pf0", .driver = &driver, .numa_node = -1 };
struct rte_mempool *pool;
struct fake fake;
uint16_t port;

int
fixture_setup(void **state)
{
	(void)state;
	fake_init(&fake, "net_fake_pf0", PF_PORT);
	if (rep_create(&device, &fake.sd, 2, PF_PORT, DOMAIN, NULL) < 0)
		return -1;
	port = fake.rep_port[2];
	return 0;
}

/* Nothing may be left, whatever the test did. */
int
fixture_teardown(void **state)
{
	(void)state;
	rep_destroy_all(&device, PF_PORT);
	assert_int_equal(rte_eth_dev_count_total(), 0);
	assert_int_equal(fake.rxqs, 0);
	assert_int_equal(fake.txqs, 0);
	assert_int_equal(fake.rep_port[2], -1);
	assert_int_equal(fake.rep_mtu[2], 0);
	assert_false(fake.rep_started[2]);
	assert_int_equal(fake.sd.users, 0);
	fake_fini(&fake);
	return 0;
}

/* As OVS and testpmd do it; the port is not started yet. */
void
configure(uint16_t queues, uint64_t rx_offloads)
{
	struct rte_eth_conf conf = { .rxmode.offloads = rx_offloads };

	assert_int_equal(rte_eth_dev_configure(port, queues, queues, &conf), 0);
	for (uint16_t i = 0; i < queues; i++) {
		assert_int_equal(rte_eth_tx_queue_setup(port, i, 512, 0, NULL), 0);
		assert_int_equal(rte_eth_rx_queue_setup(port, i, 256, 0, NULL, pool), 0);
	}
}

void
start(uint64_t rx_offloads)
{
	configure(1, rx_offloads);
	assert_int_equal(rte_eth_dev_start(port), 0);
}

void
assert_mac(uint16_t port_id, uint8_t last)
{
	const struct rte_ether_addr want = { { 2, 0, 0, 0, 0, last } };
	struct rte_ether_addr is;

	assert_int_equal(rte_eth_macaddr_get(port_id, &is), 0);
	assert_memory_equal(&is, &want, sizeof(is));
}

int
fixture_run(const struct CMUnitTest *tests, size_t n)
{
	int ret = 1;

	if (fake_eal_init("representor") < 0)
		return 1;
	pool = rte_pktmbuf_pool_create("pool", 255, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
	if (pool != NULL)
		ret = _cmocka_run_group_tests("representor", tests, n, NULL, NULL);
	rte_mempool_free(pool);
	fake_eal_fini();
	return ret;
}
