/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_SCENARIO_H_
#define _BENCH_SCENARIO_H_

/*
 * A scenario: one configuration to measure, as an INI file describes it. Which devices are plugged,
 * what policy the VFs have, what is sent, which flow rules carry it, and what must come of it.
 *
 * A file is read whole and judged line by line before anything is plugged: a section or key that is
 * not known is refused, for a mistyped one would measure something else.
 *
 * Thread-safety: a value; loaded once, read-only afterwards.
 */

#include <stdbool.h>
#include <stddef.h>

#include <rte_cfgfile.h>

#include "policy.h"

#define BENCH_SCENARIO_VDEVS 32U
#define BENCH_SCENARIO_LINES 64U
#define BENCH_SCENARIO_MASKS_MAX 16U
#define BENCH_SCENARIO_VFS_MAX 256U

/* "key = value" of a section whose lines others judge. */
struct bench_scenario_line {
	char key[CFG_NAME_LEN];
	char value[CFG_VALUE_LEN];
};

enum bench_match { BENCH_MATCH_NONE, BENCH_MATCH_MAC, BENCH_MATCH_MAC_VLAN, BENCH_MATCH_FIVE };

/* The e-switch of [device] kind = eswitch; the words are those of its device arguments. */
struct bench_scenario_nic {
	bool used;
	unsigned int vfs;
	char mode[16];
	char uplink[CFG_VALUE_LEN]; /* "" = none */
	char extra[CFG_VALUE_LEN];  /* further device arguments, as they are */
	bool rep[BENCH_SCENARIO_VFS_MAX];
	bool port[BENCH_SCENARIO_VFS_MAX]; /* VFs that get a port */
};

struct bench_scenario_rules {
	enum bench_match match; /* NONE: no rules */
	unsigned int masks;     /* different ones that the streams take in turn */
	bool count;
	int mirror; /* VF that gets a copy of each frame; -1 = none */
};

struct bench_scenario {
	char file[4096];
	char name[64];
	char text[CFG_VALUE_LEN];
	struct bench_scenario_nic nic;
	struct bench_scenario_line vdev[BENCH_SCENARIO_VDEVS]; /* "vdev" or "wire", in order */
	unsigned int n_vdevs;
	char *policy; /* text of a policy file; NULL = none said */
	struct bench_scenario_line traffic[BENCH_SCENARIO_LINES]; /* options of the command line */
	unsigned int n_traffic;
	struct bench_scenario_rules rules;
	struct bench_scenario_line expect[BENCH_SCENARIO_LINES];
	unsigned int n_expect;
};

/**
 * Read @p path. Options and expectations are kept as text: their owners judge them.
 *
 * @return 0; negative errno with @p err filled: file, section, key and what is allowed
 */
int bench_scenario_load(struct bench_scenario *s, const char *path, char *err, size_t errlen);

void bench_scenario_free(struct bench_scenario *s);

/* Ethdev ports that plugging it makes. */
unsigned int bench_scenario_ports(const struct bench_scenario *s);

#endif /* _BENCH_SCENARIO_H_ */
