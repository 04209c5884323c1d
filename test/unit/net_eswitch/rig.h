/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _RIG_H_
#define _RIG_H_

/*
 * What the tests of the software NIC's ports share: EAL without hugepages or files, devices made
 * and removed as the bus does it, ports brought up, frames made. cmocka's assertions inside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>

#define RIG_PF "net_eswitch_pf0"
#define RIG_LEN 64

/* cmocka group setup and teardown. */
int rig_eal(void **state);
int rig_eal_done(void **state);

/* The test's pool of buffers, of 2048 octets of room. */
struct rte_mempool *rig_pool(void);
unsigned int rig_pool_used(void);

/* Device `name` with `args`; @return what the probe said. rig_del: removal must succeed. */
int rig_add(const char *name, const char *args);
void rig_del(const char *name);
/* As "port attach name,args": also for devices that are there already. */
int rig_attach(const char *devargs);

/* The port of that name, which must exist; or UINT16_MAX. */
uint16_t rig_port(const char *name);
uint16_t rig_find(const char *name);

/* Configure with n rx and tx queues, set up, start. */
void rig_up(uint16_t port, uint16_t n);
void rig_up_conf(uint16_t port, uint16_t n, const struct rte_eth_conf *conf);

/* A frame of RIG_LEN octets. */
struct rte_mbuf *rig_frame(const struct rte_ether_addr *src, const struct rte_ether_addr *dst);

/* What an IP frame is made of. */
struct rig_kind {
	bool v6, udp;
};

uint32_t rig_l3_len(const struct rig_kind *k);
uint32_t rig_l4_len(const struct rig_kind *k);
/* A TCP or UDP frame with wrong checksums, and the lengths and flags that a request needs. */
struct rte_mbuf *rig_ip_frame(const struct rig_kind *k, const struct rte_ether_addr *from,
			      const struct rte_ether_addr *to, uint32_t payload);

/* Send one frame on queue 0. */
void rig_send(uint16_t port, const struct rte_ether_addr *src, const struct rte_ether_addr *dst);
/* Receive and free what is there on queue q; @return how many. */
unsigned int rig_recv(uint16_t port, uint16_t q);
struct rte_ether_addr rig_mac(uint16_t port);
uint64_t rig_xstat(uint16_t port, const char *name);

/* Wait for the tick to have run twice. */
void rig_tick(void);

#endif /* _RIG_H_ */
