/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SETTING_H_
#define _BENCH_SETTING_H_

/*
 * Another traffic for a while: a mode that wants a pattern or bad frames of its own puts them in
 * the place of what the command line says, on the same ports, and puts that back.
 *
 * The lists of sending and receiving ports are part of it. Which of the ports are used follows from
 * the pattern: many-to-one is all senders to the last receiver, one-to-many the first sender to all
 * others, congestion the first two senders to two receivers that do not send.
 *
 * Thread-safety: call from the main lcore between trials.
 */

#include "manager.h"
#include "pattern.h"

struct bench_setting {
	struct bench_manager *m;
	struct bench_options o;        /* of the traffic; change before bench_setting_run */
	uint16_t tx[RTE_MAX_ETHPORTS]; /* as bench_ports; change likewise */
	unsigned int n_tx;
	uint16_t rx[RTE_MAX_ETHPORTS];
	unsigned int n_rx;
};

/* What the command line says. */
void bench_setting_init(struct bench_setting *s, struct bench_manager *m);

/* Choose pattern and ports; -ENOTSUP with the reason in @p err: there are too few ports. */
int bench_setting_pattern(struct bench_setting *s, enum bench_pattern pattern, char *err,
			  size_t errlen);

/* What is done with the traffic in place; as bench_mode.run. */
typedef int (*bench_setting_work)(struct bench_manager *m, void *arg, char *err, size_t errlen);

/**
 * Put the traffic in place, do @p work, and put the command line's back.
 * @return what @p work returns; negative errno with @p err filled if either traffic cannot be had
 */
int bench_setting_run(struct bench_setting *s, bench_setting_work work, void *arg, char *err,
		      size_t errlen);

#endif /* _BENCH_SETTING_H_ */
