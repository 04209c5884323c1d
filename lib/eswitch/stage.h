/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _ESW_STAGE_H_
#define _ESW_STAGE_H_

/*
 * Where the cycles of a burst go: only in a profiling build (-Dstages=true). In any other the
 * macros are empty and the queues have no such member: nothing is left of them in the objects.
 *
 * The fast path reads the TSC between its stages, once for a burst and stage, and adds the
 * difference to the queue's counters. A reading waits until what came before it is done, which
 * costs more than a stage of one frame takes: so the sum over all stages is the cost of a burst
 * that cannot overlap its stages, less the readings themselves, whose calibrated cost is taken off
 * when somebody asks. Compare stages with each other, and with the same stage after a change.
 *
 * Thread-safety: each queue's counters are written by the thread that uses the queue.
 */

#include <stdint.h>

#include <rte_cycles.h>

enum esw_stage {
	ESW_STAGE_RULES,   /* the sender's rules, once a burst */
	ESW_STAGE_KEYS,    /* frames read, the sender's policy checked, keys made */
	ESW_STAGE_LOOKUP,  /* MAC table or flow rules */
	ESW_STAGE_DELIVER, /* the receiver's gate, lanes, counters; also all of the slow path */
	ESW_STAGE_RECEIVE, /* rx_burst, empty polls too */
	ESW_STAGE_COUNT
};

#ifdef ESW_STAGES

struct esw_stages {
	uint64_t last; /* the reading before */
	uint64_t cycles[ESW_STAGE_COUNT];
	uint64_t readings[ESW_STAGE_COUNT];
};

static __rte_always_inline uint64_t
esw_stage_now(void)
{
#ifdef RTE_ARCH_X86
	__builtin_ia32_lfence();
#endif
	return rte_rdtsc();
}

static __rte_always_inline void
esw_stage_end(struct esw_stages *s, enum esw_stage stage)
{
	uint64_t now = esw_stage_now();

	s->cycles[stage] += now - s->last;
	s->readings[stage]++;
	s->last = now;
}

#define ESW_STAGES_MEMBER struct esw_stages stages;
#define ESW_STAGE_BEGIN(q) ((q)->stages.last = esw_stage_now())
#define ESW_STAGE_END(q, stage) \
	esw_stage_end((struct esw_stages *)(uintptr_t) & (q)->stages, ESW_STAGE_##stage)

struct esw;

/* Cycles and readings of all queues of an endpoint since they were made. */
void esw_stages_get(const struct esw *sw, uint16_t ep, struct esw_stages *sum);
/* What a reading costs, in cycles. */
uint64_t esw_stage_cost(void);
const char *esw_stage_name(enum esw_stage stage);

#else

#define ESW_STAGES_MEMBER
#define ESW_STAGE_BEGIN(q) ((void)0)
#define ESW_STAGE_END(q, stage) ((void)0)

#endif

#endif /* _ESW_STAGE_H_ */
