/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include "report.h"
#include "verdict.h"

static const char *
word(enum bench_exit code)
{
	switch (code) {
	case BENCH_EXIT_OK:
		return "ok";
	case BENCH_EXIT_USAGE:
		return "not everything could be set up";
	case BENCH_EXIT_WRONG:
		return "wrong frames, or an expectation that does not hold: the figures are void";
	case BENCH_EXIT_UNSTABLE:
		return "unstable or incomplete";
	case BENCH_EXIT_SLOWER:
		return "slower than the limit allows";
	}
	return "failed";
}

void
bench_verdict_write(json_t *report, enum bench_exit code, bool stopped)
{
	bool early = stopped && code != BENCH_EXIT_WRONG;

	msr_report_finish(report, (int)code,
			  early ? "interrupted: not everything was measured" : word(code));
}
