/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <rte_atomic.h>
#include <rte_common.h>

#include "counter.h"

#define PARANOID "/proc/sys/kernel/perf_event_paranoid"

void
msr_counter_say(int error, int paranoid, char *why, size_t len)
{
	switch (error) {
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		snprintf(why, len,
			 "this machine has no counter of core cycles (a virtual machine "
			 "without a performance unit)");
		break;
	case EACCES:
	case EPERM:
		snprintf(why, len,
			 "the kernel does not let this user count core cycles: " PARANOID
			 " is %d, 2 or less or CAP_PERFMON is needed",
			 paranoid);
		break;
	case ENOSYS:
		snprintf(why, len, "the kernel has no perf events");
		break;
	default:
		snprintf(why, len, "counting core cycles: perf_event_open: %s", strerror(error));
	}
}

static int
read_paranoid(void)
{
	FILE *f = fopen(PARANOID, "r");
	char text[16] = "-1";

	if (f == NULL)
		return -1;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	return (int)strtol(text, NULL, 10);
}

int
msr_counter_open(struct msr_counter *c, enum msr_counter_kind kind, char *why, size_t len)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = kind == MSR_COUNTER_CORE_CYCLES ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE,
		.config = kind == MSR_COUNTER_CORE_CYCLES ? PERF_COUNT_HW_CPU_CYCLES :
							    PERF_COUNT_SW_TASK_CLOCK,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.pinned = 1, /* never shared in time with another event: no estimates */
	};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	void *page;

	*c = (struct msr_counter){ .fd = -1 };
	if (fd < 0) {
		int error = errno;

		msr_counter_say(error, read_paranoid(), why, len);
		return -error;
	}
	c->fd = (int)fd;
	c->page_len = (size_t)sysconf(_SC_PAGESIZE);
	page = mmap(NULL, c->page_len, PROT_READ, MAP_SHARED, c->fd, 0);
	c->page = page != MAP_FAILED ? page : NULL;
	return 0;
}

void
msr_counter_close(struct msr_counter *c)
{
	if (c->page != NULL)
		munmap(c->page, c->page_len);
	if (c->fd >= 0)
		close(c->fd);
	*c = (struct msr_counter){ .fd = -1 };
}

bool
msr_counter_from_page(const volatile struct perf_event_mmap_page *page,
		      uint64_t (*rdpmc)(uint32_t index), uint64_t *value)
{
	uint32_t lock, index;
	uint16_t width;
	int64_t count;

	do {
		lock = page->lock;
		rte_compiler_barrier();
		index = page->index;
		width = page->pmc_width;
		count = page->offset;
		if (!page->cap_user_rdpmc || index == 0 || width == 0 || width > 64)
			return false;
		/* The hardware has `width` bits, and the kernel counts from a negative start. */
		count += (int64_t)(rdpmc(index - 1) << (64 - width)) >> (64 - width);
		rte_compiler_barrier();
	} while (page->lock != lock);
	*value = (uint64_t)count;
	return true;
}

static uint64_t
rdpmc_here(uint32_t index)
{
#ifdef RTE_ARCH_X86
	return __builtin_ia32_rdpmc((int)index);
#else
	RTE_SET_USED(index);
	return 0;
#endif
}

bool
msr_counter_is_direct(const struct msr_counter *c)
{
#ifdef RTE_ARCH_X86
	uint64_t v;

	return c->page != NULL && msr_counter_from_page(c->page, rdpmc_here, &v);
#else
	RTE_SET_USED(c);
	return false;
#endif
}

bool
msr_counter_read(const struct msr_counter *c, uint64_t *value)
{
#ifdef RTE_ARCH_X86
	if (c->page != NULL && msr_counter_from_page(c->page, rdpmc_here, value))
		return true;
#endif
	return c->fd >= 0 && read(c->fd, value, sizeof(*value)) == (ssize_t)sizeof(*value);
}
