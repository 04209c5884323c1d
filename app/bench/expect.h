/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_EXPECT_H_
#define _BENCH_EXPECT_H_

/*
 * What must have come of a run: lines "NAME = N", "NAME_min = N" or "NAME_max = N" of [expect].
 *
 * NAME is one of the tester's own counts ("lost", "leaked", "blocked": those of "tally" in the
 * report), "rule_hits" (frames that counting rules carried), or a counter of the e-switch with its
 * port in front: "vf0.tx_spoof", "pf.rx_delivered", "wire.tx_forwarded", "rep1.tx_forwarded". The
 * e-switch counts from when it was plugged, the tester from the first trial: announcements are in
 * the former only. N may be the name of a tester's count: "vf0.tx_spoof = blocked".
 *
 * Thread-safety: call from the main lcore.
 */

#include <stdbool.h>
#include <stddef.h>

#include "rules.h"
#include "scenario.h"
#include "track.h"

/**
 * Are all names known? Needs the devices; before measuring, for a mistyped one would be found late.
 * @return 0, or -EINVAL with @p err filled
 */
int bench_expect_names(const struct bench_scenario *s, char *err, size_t errlen);

/**
 * Judge expectation @p i.
 *
 * @param text  result: one line that says what was expected and what is
 * @return does it hold
 */
bool bench_expect_holds(const struct bench_scenario *s, unsigned int i, const struct msr_tally *t,
			const struct bench_rules *rules, char *text, size_t len);

#endif /* _BENCH_EXPECT_H_ */
