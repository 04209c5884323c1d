/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <string.h>

#include <measure/calibrate.h>

#include "device.h"

#ifdef ESW_STAGES /* else there is nothing to ask for */

static const char *const names[ESW_STAGE_COUNT] = {
	[ESW_STAGE_RULES] = "sender's rules", [ESW_STAGE_KEYS] = "read, check, key",
	[ESW_STAGE_LOOKUP] = "look up",       [ESW_STAGE_DELIVER] = "deliver",
	[ESW_STAGE_RECEIVE] = "receive",
};

const char *
esw_stage_name(enum esw_stage stage)
{
	return names[stage];
}

/* As the fast path has it: a reading, and the counters written. */
static uint64_t
read_stage(void *arg)
{
	struct esw_stages *s = arg;

	esw_stage_end(s, ESW_STAGE_RULES);
	return s->last;
}

uint64_t
esw_stage_cost(void)
{
	struct esw_stages s = { .last = 0 };

	return msr_calibrate(read_stage, &s);
}

static void
add(struct esw_stages *sum, const struct esw_stages *s)
{
	for (unsigned int i = 0; i < ESW_STAGE_COUNT; i++) {
		sum->cycles[i] += __atomic_load_n(&s->cycles[i], __ATOMIC_RELAXED);
		sum->readings[i] += __atomic_load_n(&s->readings[i], __ATOMIC_RELAXED);
	}
}

void
esw_stages_get(const struct esw *sw, uint16_t ep, struct esw_stages *sum)
{
	memset(sum, 0, sizeof(*sum));
	esw_lock(sw);
	for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
		if (sw->ep[ep].txq[k] != NULL)
			add(sum, &sw->ep[ep].txq[k]->stages);
		if (sw->ep[ep].rxq[k] != NULL)
			add(sum, &sw->ep[ep].rxq[k]->stages);
	}
	esw_unlock(sw);
}

#endif /* ESW_STAGES */
