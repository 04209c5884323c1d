/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _MSR_COUNTER_H_
#define _MSR_COUNTER_H_

/*
 * A counter of the kernel's perf events, of the calling thread and in user mode only: cycles of the
 * core's own clock, beside the TSC, which always ticks at the same rate.
 *
 * Virtual machines often have no such counter, and perf_event_paranoid may forbid it: opening then
 * fails with a sentence that says which. Where the kernel allows it the counter is read without a
 * system call (rdpmc).
 *
 * Thread-safety: read by the thread that opened it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/perf_event.h>

enum msr_counter_kind {
	MSR_COUNTER_CORE_CYCLES,
	MSR_COUNTER_TASK_CLOCK, /* nanoseconds of this thread: there wherever perf events are */
};

struct msr_counter {
	int fd;                            /* -1 = closed */
	struct perf_event_mmap_page *page; /* NULL = read by system call */
	size_t page_len;
};

/** @return 0, or negative errno with one sentence in @p why */
int msr_counter_open(struct msr_counter *c, enum msr_counter_kind kind, char *why, size_t len);

void msr_counter_close(struct msr_counter *c);

/** The count so far; false: the kernel took the counter away, and what it has is worth nothing. */
bool msr_counter_read(const struct msr_counter *c, uint64_t *value);

/* Is it read without a system call? */
bool msr_counter_is_direct(const struct msr_counter *c);

/* --- for tests --- */

/* What the failure of perf_event_open means, as one sentence. @p paranoid: the sysctl's value */
void msr_counter_say(int error, int paranoid, char *why, size_t len);

/**
 * One reading by way of the page that the kernel shares, with @p rdpmc in place of the instruction.
 * @return false: not possible at this moment, ask the kernel
 */
bool msr_counter_from_page(const volatile struct perf_event_mmap_page *page,
			   uint64_t (*rdpmc)(uint32_t index), uint64_t *value);

#endif /* _MSR_COUNTER_H_ */
