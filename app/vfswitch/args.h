/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _VSW_ARGS_H_
#define _VSW_ARGS_H_

/*
 * The command line of vfswitch, after EAL's own arguments.
 *
 * Nothing is clamped: a value outside its range ends the program with a sentence that names the
 * option, the value and the range, before any port is touched. Called once, from the main thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "err.h"

/* How the program ends; --help lists them. */
enum vsw_exit {
	VSW_EXIT_OK = 0,
	VSW_EXIT_RUN = 1,    /* something failed while ports were set up or ran */
	VSW_EXIT_USAGE = 2,  /* the command line, or EAL's part of it, is wrong */
	VSW_EXIT_DEVICE = 3, /* no such PF, or it cannot do what is asked */
	VSW_EXIT_POLICY = 4, /* the policy file was refused; nothing of it was applied */
};

#define VSW_AGE_MIN 10 /* seconds; IEEE 802.1Q-2018 8.8.3: 10 to 1 000 000, 300 recommended */
#define VSW_AGE_MAX 1000000
#define VSW_FDB_MIN 1024
#define VSW_FDB_MAX (1u << 24)

struct vsw_args {
	const char *policy;   /* file, or NULL: VFs keep the policy that they have */
	const char *pf;       /* name, or NULL: the only one */
	double interval;      /* seconds between two reports, 0 = none */
	double duration;      /* seconds until the program ends by itself, 0 = never */
	uint32_t age;         /* seconds */
	uint32_t fdb_entries; /* capacity of the MAC table */
	uint32_t mbufs;       /* buffers of each pool, 0 = from the number of ports */
	uint16_t rxd, txd;    /* descriptors */
	uint32_t idle_us;     /* rest of a core that has nothing to do, 0 = it polls on */
	bool json;
	bool help;
};

/*
 * Read argv[1] to argv[argc - 1]; strings are not copied.
 *
 * @return 0, or -EINVAL with a sentence in err
 */
int vsw_args_parse(struct vsw_args *a, int argc, char **argv, struct esw_err *err);

/* The text of --help. */
const char *vsw_args_help(void);

#endif /* _VSW_ARGS_H_ */
