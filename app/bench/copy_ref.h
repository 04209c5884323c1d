/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_COPY_REF_H_
#define _BENCH_COPY_REF_H_

/*
 * What copying costs without a device: the reference for hops that copy.
 *
 * The frames of the hop measurement, from the same pool, set, batch and burst, go into mbufs of the
 * receivers' pools (of one receiver a burst, in turn): rte_mempool_get_bulk from the receiver's
 * pool, rte_memcpy of each frame, rte_mempool_put_bulk of what was copied. That is the least that a
 * device can do which must not hand foreign mbufs out. The copies are verified as if a device had
 * delivered them; like there, off the clock.
 *
 * Thread-safety: call from the main lcore.
 */

#include <signal.h>

#include "ports.h"
#include "sink.h"
#include "stats.h"
#include "track.h"
#include "traffic.h"

struct bench_copy_ref {
	unsigned int reps;
	struct msr_stats batch; /* TSC cycles a frame, of each repetition's median batch */
	struct msr_tally tally;
};

/**
 * Measure with the size that @p traffic is set to and its first sender.
 *
 * @param overhead  cycles of a pair of TSC readings
 * @return 0; -EINTR when stopped; another negative errno with @p err filled
 */
int bench_copy_ref_run(const struct bench_ports *ports, struct bench_traffic *traffic,
		       struct bench_sink *sink, const struct bench_options *o, double overhead,
		       const volatile sig_atomic_t *stop, struct bench_copy_ref *out, char *err,
		       size_t errlen);

#endif /* _BENCH_COPY_REF_H_ */
