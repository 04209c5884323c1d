/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_SLOW_H_
#define _ESW_SLOW_H_

/*
 * The whole meaning of doc/semantics.md for one frame, without shortcuts: what the fast path in
 * tx.c does not do itself comes here, and both must agree (the property test runs every frame
 * through either).
 */
#include "deliver.h"

/* Judge, route and deliver one frame; it is consumed. */
void esw_slow_send(struct esw_txq *q, struct rte_mbuf *m);

/* Section 5 for a frame that no flow rule took: to all who shall have it. @return its fate */
enum esw_fate esw_slow_route(struct esw_send *s);

#endif /* _ESW_SLOW_H_ */
