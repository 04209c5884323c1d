/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_FLOW_RUN_H_
#define _ESW_FLOW_RUN_H_

/*
 * A frame through flow rules, inside a burst of its sender. Called by the slow path, before it asks
 * where a frame goes (esw_flow_send) and after a receiver's policy let it in (esw_flow_local).
 */
#include "deliver.h"
#include "flow_table.h"

/* What a receiver's own rules say of a frame. */
struct esw_flow_verdict {
	int queue;                      /* -1 = none was named */
	const struct esw_flow_rss *rss; /* NULL = none was named */
	bool taken;                     /* some rule gave it to a queue */
	uint32_t mark;
	uint64_t mark_flags;
};

/*
 * Through the rules of what the sender sends, to wherever they say, or if they say nothing by
 * esw_slow_route().
 * @param buf  room for the frame's headers, should they be rewritten
 * @return ESW_TX_FORWARDED or the drop
 */
enum esw_fate esw_flow_send(struct esw_send *s, const struct esw_flow_table *root,
			    struct esw_flow_front *buf);

/*
 * Through a receiver's own rules.
 * @param p, n  the frame's first octets as it will get them; len: of the whole frame
 * @param v     in: nothing named yet; out: the verdict
 * @return ESW_RX_DELIVERED or the drop
 */
enum esw_fate esw_flow_local(const struct esw_send *s, const struct esw_flow_table *root,
			     const uint8_t *p, uint32_t n, uint32_t len,
			     struct esw_flow_verdict *v);

#endif /* _ESW_FLOW_RUN_H_ */
