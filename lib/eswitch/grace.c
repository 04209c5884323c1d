/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Grace periods: when is nobody using the old version any more?
 *
 * Each queue has an epoch, odd while a burst runs. The data path makes it odd with a plain store
 * and no fence: it is control that pays, by membarrier(2), which runs a full barrier on every
 * core where a thread of a registered process is. After it, a burst that could still hold an old
 * pointer shows an odd epoch, and control waits for that epoch to change. (rte_rcu_qsbr would
 * need a fence or a report per burst.)
 *
 * A process that died inside a burst leaves its epoch odd for ever: its pid tells. All processes of
 * a device must therefore live in one pid namespace (as DPDK's own multi-process needs).
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_pause.h>

#include "device.h"

uint32_t esw_self;

static int
membarrier(int cmd)
{
	return (int)syscall(SYS_membarrier, cmd, 0, 0);
}

int
esw_grace_init(void)
{
	esw_self = (uint32_t)getpid();
	/* Not there (old kernel, seccomp): barrier_all() falls back. */
	(void)membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED);
	return 0;
}

static void
barrier_all(void)
{
	rte_atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED) == 0 ||
	    membarrier(MEMBARRIER_CMD_GLOBAL) == 0)
		return;
	/* A store buffer drains within microseconds; a millisecond is a wide margin. */
	rte_delay_us_sleep(1000);
}

/* Dead but not yet waited for by its parent (proc(5): state Z or X)? It answers signals still. */
static bool
is_zombie(uint32_t pid)
{
	char path[32], line[512];
	const char *state = NULL;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) != NULL)
		state = strrchr(line, ')'); /* the name before it may hold anything */
	fclose(f);
	return state != NULL && state[1] == ' ' && (state[2] == 'Z' || state[2] == 'X');
}

bool
esw_is_gone(uint32_t pid)
{
	if (pid == esw_self)
		return false;
	if (kill((pid_t)pid, 0) != 0)
		return errno == ESRCH;
	return is_zombie(pid);
}

bool
esw_grace_wait(const uint32_t *epoch, const uint32_t *pid, uint64_t deadline)
{
	uint32_t seen = __atomic_load_n(epoch, __ATOMIC_ACQUIRE);
	uint32_t rounds = 0;

	if ((seen & 1) == 0)
		return true;
	while (__atomic_load_n(epoch, __ATOMIC_ACQUIRE) == seen) {
		if ((++rounds & 0xff) == 0 && esw_is_gone(*pid))
			return true;
		if (rte_get_timer_cycles() > deadline)
			return false;
		if (rounds > 1000)
			rte_delay_us_sleep(10); /* its core may be ours */
		else
			rte_pause();
	}
	return true;
}

int
esw_grace(const struct esw *sw)
{
	uint64_t deadline = rte_get_timer_cycles() + rte_get_timer_hz();
	bool ok = true;

	barrier_all();
	for (uint16_t i = 0; i < sw->hi_tx_ids; i++) {
		const struct esw_txq *q = sw->tx_by_id[i];

		if (q != NULL)
			ok = esw_grace_wait(&q->epoch, &q->pid, deadline) && ok;
	}
	for (uint16_t ep = 0; ep < sw->nb_ep; ep++) {
		for (uint16_t k = 0; k < ESW_QUEUES_MAX; k++) {
			const struct esw_rxq *q = sw->ep[ep].rxq[k];

			if (q != NULL)
				ok = esw_grace_wait(&q->epoch, &q->pid, deadline) && ok;
		}
	}
	if (!ok)
		ESW_LOG(WARNING, "%s: a burst has been running for over a second", sw->conf.name);
	return ok ? 0 : -EAGAIN;
}
