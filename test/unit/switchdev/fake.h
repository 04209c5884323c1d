/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _FAKE_H_
#define _FAKE_H_

/*
 * A device for tests that implements struct swd_ops in memory: it keeps what it is told, counts
 * what it is asked, and refuses what the test wants refused. Not thread-safe but for `entered` and
 * `gate`.
 */
#include <stdbool.h>
#include <stdint.h>

#include "switchdev.h"

#define FAKE_VFS 8
#define FAKE_COUNTERS 7

struct fake {
	struct swd_dev sd;
	struct swd_ops ops; /* own copy: tests take operations away */
	struct swd_info info;
	struct esw_policy policy[FAKE_VFS];
	uint16_t rep_mtu[FAKE_VFS];
	int rep_port[FAKE_VFS];
	bool rep_started[FAKE_VFS];
	struct swd_fdb_entry fdb[500];
	unsigned int n_fdb;
	int flows_pf, flows_vf[FAKE_VFS], flows_rep[FAKE_VFS];
	uint64_t add; /* added to every counter */

	/* knobs */
	int refuse_vf;   /* policy_set and policy_patch of this VF are -EIO; -1 = none */
	int refuse_from; /* ... but only from this many accepted calls on */
	int queue_error; /* what queue setup answers */
	int gate;        /* info_get waits while it is 1 */

	/* what happened */
	int entered;             /* calls inside info_get */
	unsigned int sets;       /* accepted policy_set and policy_patch calls */
	unsigned int rxqs, txqs; /* that exist */
	uint64_t rxq_offloads;
};

/* A device "<name>" with FAKE_VFS VFs, MAC 02:00:00:00:00:<VF>, registered. */
void fake_init(struct fake *f, const char *name, uint16_t pf_port);
void fake_fini(struct fake *f);

/*
 * EAL without hugepages, devices and neighbours; telemetry listens. The second removes what EAL
 * leaves in its runtime folder.
 */
int fake_eal_init(const char *prefix);
void fake_eal_fini(void);

#endif /* _FAKE_H_ */
