/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_CONDITIONS_H_
#define _MSR_CONDITIONS_H_

/*
 * Conditions known to spoil measurements, and the sentence that the reader of a report gets for
 * each that holds. What could not be found out is a condition too: it is not taken for good.
 *
 * Apart from env.c, which reads them from the system, so that each can be tested on any system.
 *
 * Thread-safety: pure function.
 */

#include <stdbool.h>

#include <jansson.h>

#define MSR_CONDITIONS_LCORES 16U /* more are not looked at one by one */

struct msr_conditions {
	bool invariant_tsc;
	bool virtual_machine;
	bool smt;
	bool huge_pages;      /* this process has its memory in them */
	bool optimised;       /* this program was */
	int turbo;            /* 1 on, 0 off, -1 not readable */
	const char *governor; /* NULL: not readable */
	const char *isolated; /* list of processors, as the kernel writes it; NULL: not readable */
	double load;          /* average of the last minute at the start; negative: not readable */
	unsigned int cpus;    /* online */
	unsigned int n_lcores;
	unsigned int cpu[MSR_CONDITIONS_LCORES]; /* on which each lcore runs */
};

/* Append one sentence to @p warnings for each bad condition of @p c. */
void msr_conditions_warn(const struct msr_conditions *c, json_t *warnings);

#endif /* _MSR_CONDITIONS_H_ */
