/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FAST_H_
#define _ESW_FAST_H_

/*
 * The fast path: plain frames, in stages over a burst.
 *
 * A frame is plain if everything that semantics.md asks is answered "yes" by what lies in two cache
 * lines: one segment, unshared, no offload asked for, source = an address of the VF, unicast
 * destination, no tag. Whatever is not plain, or does not find an exact static entry and an
 * open gate at the receiver, goes to esw_slow_send(), in the order of the burst, so that
 * frames of one flow never overtake each other.
 *
 * Compiled once for each instruction set (fast_base.c, fast_avx2.c, fast_avx512.c); all do the
 * same and the property test runs all that the machine has.
 *
 * Thread-safety: as esw_tx_burst().
 */
#include "device.h"

/* Send a burst. false: this sender has no fast path, nothing was done. */
typedef bool (*esw_fast_fn)(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n);

bool esw_fast_base(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n);
bool esw_fast_avx2(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n);
bool esw_fast_avx512(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n);

#endif /* _ESW_FAST_H_ */
