/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_RULES_H_
#define _BENCH_RULES_H_

/*
 * Flow rules of a scenario: one transfer rule for each stream, which carries it from its sender to
 * its receiver past the e-switch's own table.
 *
 * All are made on the PF's port, which may speak of every port of its e-switch, so that VFs need no
 * representor. A port that is none of the e-switch is what lies behind the wire.
 *
 * With several masks the streams take them in turn: mask k leaves the k lowest bits of the source
 * address (MAC or IPv4) out, so that the e-switch has that many tables to look into.
 *
 * Thread-safety: call from the main lcore.
 */

#include <stddef.h>
#include <stdint.h>

#include <rte_flow.h>

#include "ports.h"
#include "scenario.h"
#include "traffic.h"

struct bench_rules {
	uint16_t pf_port;
	struct rte_flow **flow;
	uint32_t n;
	bool count;
};

/**
 * Make a rule for each stream of @p t.
 * @return 0, or negative errno with @p err filled and no rule left
 */
int bench_rules_open(struct bench_rules *r, const struct bench_scenario *s,
		     const struct bench_ports *ports, const struct bench_traffic *t, char *err,
		     size_t errlen);

/* Frames that they carried, as far as they count ("action = port,count"). */
uint64_t bench_rules_hits(const struct bench_rules *r);

/* Remove them; also after a failed open. The PF's port must still be there. */
void bench_rules_close(struct bench_rules *r);

#endif /* _BENCH_RULES_H_ */
