/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FIXTURE_H_
#define _FIXTURE_H_

/* One representor, of VF 2 of a fake device: made before each test, gone without a trace after. */
#include <dev_driver.h>

#include "fake.h"
#include "representor.h"

#define PF_PORT 30
#define DOMAIN 5

extern struct rte_driver driver;
extern struct rte_device device;
extern struct rte_mempool *pool; /* all mbufs are in it between tests */
extern struct fake fake;
extern uint16_t port;

struct CMUnitTest;

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, fixture_setup, fixture_teardown)

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* EAL up, tests, EAL down. @return for main() */
int fixture_run(const struct CMUnitTest *tests, size_t n);

/* Queues of 256 and 512 descriptors each way; the port is not started yet. */
void configure(uint16_t queues, uint64_t rx_offloads);

/* With one queue each way. */
void start(uint64_t rx_offloads);

/* The port's address is 02:00:00:00:00:<last>. */
void assert_mac(uint16_t port_id, uint8_t last);

#endif /* _FIXTURE_H_ */
