/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _RIG_H_
#define _RIG_H_

/*
 * What the unit tests of lib/eswitch share: EAL without huge pages, pools, a switch with queues,
 * frames, and the question whether any mbuf was lost.
 *
 * What surprises: rig_free() fails the test if a pool is not as full as before rig_switch(), so
 * every test is a leak test. Helpers fail the test instead of returning errors.
 *
 * Thread-safety: rig_frame(), rig_send() and rig_recv() from any thread (on queues of its own);
 * the rest from the test's thread alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rte_mbuf.h>

#include "deliver.h"
#include "device.h"

#define RIG_TYPE 0x88b5 /* IEEE 802 local experimental EtherType 1 */
#define RIG_FRAME_MAX 65536
#define RIG_NB_DESC 512

/* Pools; every test may use them and must give all back. */
enum rig_pool {
	RIG_2K,    /* ordinary */
	RIG_OTHER, /* ordinary, of somebody else */
	RIG_PRIV,  /* 576 octets of private area, as OVS-DPDK's pools */
	RIG_POOLS
};

/* cmocka group fixtures. */
int rig_setup(void **state);
int rig_teardown(void **state);

struct rte_mempool *rig_pool(enum rig_pool p);

/* A small pool of the test's own, not watched; rte_mempool_free() it. */
struct rte_mempool *rig_pool_make(const char *name, unsigned int n, uint16_t priv, uint16_t room);

struct esw *rig_switch(enum esw_mode mode, uint16_t nb_vfs);
void rig_free(struct esw *sw);

/* Made and started. */
struct esw_rxq *rig_rx(struct esw *sw, uint16_t ep, uint16_t qid, struct rte_mempool *mp,
		       uint32_t flags);
struct esw_txq *rig_tx(struct esw *sw, uint16_t ep, uint16_t qid);

/* Address of a VF, ESW_MAC48 form. */
uint64_t rig_mac(const struct esw *sw, uint16_t vf);

/* Set one field of a policy by its text. */
void rig_policy(struct esw *sw, uint16_t vf, enum esw_policy_field f, const char *text);

/* One segment, EtherType RIG_TYPE, octet i of the payload is i; len >= 14. */
struct rte_mbuf *rig_frame(struct rte_mempool *mp, uint64_t dst, uint64_t src, uint32_t len);

/* The octets of `data` in segments of the given lengths; the last takes the rest. */
struct rte_mbuf *rig_chain(struct rte_mempool *mp, const uint8_t *data, uint32_t len,
			   const uint16_t *lens, unsigned int n_lens);

/* The frame's octets; @return their number */
uint32_t rig_bytes(const struct rte_mbuf *m, uint8_t *to);

void rig_send(struct esw_txq *q, struct rte_mbuf *m);

/* The next frame or NULL. */
struct rte_mbuf *rig_recv(struct esw_rxq *q);

/* Take and free all that waits; @return frames */
uint32_t rig_drain(struct esw_rxq *q);

uint64_t rig_fate(const struct esw *sw, uint16_t ep, enum esw_fate f);

/* Milliseconds of a monotonic clock. */
uint64_t rig_ms(void);

#endif /* _RIG_H_ */
