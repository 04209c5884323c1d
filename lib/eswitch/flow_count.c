/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Counters of rules: read, reset, shared. A reset moves the zero: only senders write sums. */
#include <errno.h>

#include <rte_errno.h>

#include "flow_table.h"

static void
get(struct esw_flow_counter *c, bool reset, struct esw_flow_stats *s)
{
	uint64_t packets = __atomic_load_n(&c->packets, __ATOMIC_RELAXED) +
			   __atomic_load_n(&c->x_packets, __ATOMIC_RELAXED);
	uint64_t bytes = __atomic_load_n(&c->bytes, __ATOMIC_RELAXED) +
			 __atomic_load_n(&c->x_bytes, __ATOMIC_RELAXED);

	s->packets = packets - c->base_packets;
	s->bytes = bytes - c->base_bytes;
	if (!reset)
		return;
	c->base_packets = packets;
	c->base_bytes = bytes;
}

int
esw_flow_count_get(struct esw *sw, struct esw_flow *rule, bool reset, struct esw_flow_stats *s)
{
	if (rule->counter == NULL)
		return -ENOENT;
	esw_flow_counter_get(sw, rule->counter, reset, s);
	return 0;
}

struct esw_flow_counter *
esw_flow_counter_create(struct esw *sw, struct esw_err *err)
{
	struct esw_flow_counter *c;

	esw_lock(sw);
	c = esw_flow_mem_get(sw, sizeof(*c));
	esw_unlock(sw);
	if (c == NULL) {
		esw_err_set(err, -ENOMEM, "no memory for a counter");
		rte_errno = ENOMEM;
	}
	return c;
}

int
esw_flow_counter_destroy(struct esw *sw, struct esw_flow_counter *c, struct esw_err *err)
{
	uint32_t refs;
	int rc = 0;

	esw_lock(sw);
	refs = __atomic_load_n(&c->refs, __ATOMIC_RELAXED);
	if (refs != 0)
		rc = esw_err_set(err, -EBUSY, "the counter is used by %u rules", refs);
	else
		esw_flow_mem_retire(sw, c, sizeof(*c));
	esw_unlock(sw);
	return rc;
}

void
esw_flow_counter_get(struct esw *sw, struct esw_flow_counter *c, bool reset,
		     struct esw_flow_stats *s)
{
	esw_lock(sw);
	get(c, reset, s);
	esw_unlock(sw);
}
