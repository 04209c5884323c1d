/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#ifndef _BENCH_OPTIONS_H_
#define _BENCH_OPTIONS_H_

/*
 * What the user asked for, checked: every error names the option, the value and the range.
 *
 * Sizes are frame sizes with FCS, as RFC 2544 has them: --size 64 sends mbufs of pkt_len 60.
 *
 * Thread-safety: parsed once, read-only afterwards.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arrivals.h"
#include "bad.h"
#include "pattern.h"
#include "profile.h"
#include "wire.h"

#define BENCH_SIZES_MAX 32U
#define BENCH_BURST_MAX 256U
#define BENCH_MACS_MAX 65536U
#define BENCH_VID_MAX 4094U

/* Values of expect_tag beside VLANs. */
#define BENCH_TAG_ANY (-1)
#define BENCH_TAG_NONE (-2)
#define BENCH_SCENARIOS_MAX 64U
#define BENCH_LIMIT_NONE (-1.0)

struct bench_scenario;
#define BENCH_PLUGS_MAX 8U

/* Exit codes; scripts rely on them. */
enum bench_exit {
	BENCH_EXIT_OK = 0,
	BENCH_EXIT_USAGE = 1,    /* usage, or set-up failed: nothing was measured */
	BENCH_EXIT_WRONG = 2,    /* a frame was damaged, doubled, reordered, leaked or mistagged,
				  * or an expectation of the scenario does not hold */
	BENCH_EXIT_UNSTABLE = 3, /* measured, but not to be relied on: interrupted, no frame came
				  * through, or the tester could not offer the load */
	BENCH_EXIT_SLOWER = 4,   /* --vs: B is slower than A by more than --limit */
};

/* One entry of --size: a fixed size (one entry in the mix) or a mix. */
struct bench_size {
	char name[32];       /* as given: "64", "imix", "7a4d1g" */
	uint32_t max_len;    /* largest pkt_len of it */
	struct msr_imix mix; /* pkt_len and weights */
};

struct bench_options {
	uint64_t modes; /* a bit for each of bench_modes that was asked for */
	bool all;       /* by the word "all", or by none */
	const char *tx; /* port lists as given; resolved by ports.c */
	const char *rx;
	const char *serve;                 /* polled besides; NULL = none */
	const char *plug[BENCH_PLUGS_MAX]; /* devices that are added late (late.h) */
	unsigned int n_plug;
	struct bench_size size[BENCH_SIZES_MAX];
	uint32_t n_sizes;
	bool sizes_given; /* false: sizes that a port cannot take are left out with a warning */
	const struct bench_profile *profile;
	double loss_ratio; /* of the partial-drop goal, 0 to below 1 */
	double duration_s; /* of a full-length trial; 0 = the profile's */
	double rate;       /* latency at this load, frames/s; 0 = at shares of the throughput */
	unsigned int reps; /* of searches; 0 = the profile's */
	unsigned int hop_reps;
	unsigned int burst;  /* frames of one tx_burst or rx_burst call */
	unsigned int macs;   /* destination addresses; 0 = one for each receiving port */
	unsigned int set;    /* hop: different mbufs that are sent in turn */
	unsigned int batch;  /* hop: bursts timed together */
	unsigned int sample; /* one frame in so many carries a summed filler */
	unsigned int desc;   /* descriptors of each queue; 0 = the driver's default */
	unsigned int mbufs;  /* of each pool; 0 = by the number of ports */
	bool separate;       /* a mempool for each port: receivers get copies */
	bool learn;          /* receivers announce their addresses before a trial */
	bool dst_given;
	uint8_t dst[6]; /* also without dst_given for BENCH_PATTERN_BROADCAST */
	enum bench_pattern pattern;
	bool pattern_given;
	struct bench_bad_list bad;
	bool udp;       /* IPv4 and UDP headers */
	bool tagged;    /* frames are sent with a tag... */
	uint16_t tci;   /* ... of this VLAN and priority */
	int expect_tag; /* VLAN that frames must arrive in, or BENCH_TAG_* */
	struct bench_arrivals arrivals;
	unsigned int sources; /* source addresses of each sender */
	double drain_s;
	uint64_t seed;
	const char *json;                          /* file of the report; NULL = none */
	const char *scenario[BENCH_SCENARIOS_MAX]; /* files or names, as given */
	unsigned int n_scenarios;                  /* 0: the ports are those of the command line */
	const char *vs;                            /* scenario to compare with; NULL = none */
	double limit;                              /* of --vs, in %; BENCH_LIMIT_NONE */
	bool list;
	bool dry_run;
	int argc; /* what was parsed, to be laid over each scenario's options */
	char **argv;
};

/**
 * Read the arguments that follow the EAL's.
 *
 * @param o    result
 * @param err  buffer for one sentence on error
 * @return 0; 1 when help was asked for (and printed); -EINVAL with @p err filled
 */
int bench_options_parse(struct bench_options *o, int argc, char **argv, char *err, size_t errlen);

/**
 * The options of one scenario: what its [traffic] says, and over it what the command line says.
 *
 * @param run  from bench_options_parse()
 * @return 0, or -EINVAL with @p err filled
 */
int bench_options_scenario(struct bench_options *o, const struct bench_options *run,
			   const struct bench_scenario *s, char *err, size_t errlen);

/* Print what every option means on stdout. */
void bench_options_help(const char *program);

#endif /* _BENCH_OPTIONS_H_ */
