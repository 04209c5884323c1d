/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <rte_common.h>
#include <rte_ether.h>

#include "mode.h"
#include "options.h"
#include "options_run.h"
#include "options_value.h"
#include "scenario.h"

enum opt {
	OPT_HELP = 256,
	OPT_TX,
	OPT_RX,
	OPT_SIZE,
	OPT_LOSS,
	OPT_DURATION,
	OPT_RATE,
	OPT_REPS,
	OPT_HOP_REPS,
	OPT_PROFILE,
	OPT_JSON,
	OPT_SEED,
	OPT_BURST,
	OPT_DST,
	OPT_MACS,
	OPT_POOLS,
	OPT_SET,
	OPT_BATCH,
	OPT_SAMPLE,
	OPT_DESC,
	OPT_MBUFS,
	OPT_DRAIN,
	OPT_NO_LEARN,
	OPT_PATTERN,
	OPT_BAD,
	OPT_TAG,
	OPT_EXPECT_TAG,
	OPT_ARRIVALS,
	OPT_SOURCES,
	OPT_PLUG,
};

/* One table for getopt and for --help, so that no option lacks its text. */
static const struct {
	const char *name;
	const char *arg;
	int opt; /* enum opt or enum bench_run_opt */
	const char *help;
} table[] = {
	{ "tx", "PORT,...", OPT_TX, "sending ports: names or ids; name[A-B] stands for a range" },
	{ "rx", "PORT,...", OPT_RX, "receiving ports (default: the sending ones)" },
	{ "serve", "PORT,...", BENCH_RUN_SERVE,
	  "ports polled besides: a PF for its uplink, a representor for what is behind its VF" },
	{ "scenario", "FILE", BENCH_RUN_SCENARIO,
	  "measure what FILE describes, or a scenario of --list; several, one after the other" },
	{ "vs", "FILE", BENCH_RUN_VS,
	  "compare the scenario with this one, A B B A ..., --reps pairs" },
	{ "limit", "PCT", BENCH_RUN_LIMIT,
	  "--vs: exit code 4 if B is slower than A by more than this" },
	{ "list", NULL, BENCH_RUN_LIST, "list the scenarios that come with the program" },
	{ "dry-run", NULL, BENCH_RUN_DRY_RUN, "say what would be measured and how long it takes" },
	{ "plug", "DEVARGS", OPT_PLUG,
	  "add this device once those of --vdev are set up (virtio-user to a net_vhost here)" },
	{ "size", "LIST", OPT_SIZE,
	  "frame sizes with FCS, 64 to 9600; also \"imix\" or an RFC 6985 genome like 7a4d1g" },
	{ "profile", "NAME", OPT_PROFILE, "quick (default), ci, rfc2544 or tst009" },
	{ "loss", "PCT", OPT_LOSS, "loss limit of the second goal, % (default 0.5; 0: only NDR)" },
	{ "duration", "S", OPT_DURATION, "duration of a full-length trial (default: profile's)" },
	{ "rate", "PPS", OPT_RATE,
	  "latency at this load, with k, M (default: 10, 50, 90 % of the throughput)" },
	{ "reps", "N", OPT_REPS,
	  "repeat each search N times, sizes interleaved (default: profile's)" },
	{ "hop-reps", "N", OPT_HOP_REPS, "repetitions of the hop measurement (default 9)" },
	{ "burst", "N", OPT_BURST, "frames of one tx_burst or rx_burst, 1 to 256 (default 32)" },
	{ "macs", "N", OPT_MACS,
	  "destination addresses, spread over the receiving ports (default: one each)" },
	{ "dst", "MAC|auto", OPT_DST,
	  "destination of all frames: one receiver's, or a group's (then pattern broadcast)" },
	{ "sources", "N", OPT_SOURCES,
	  "source addresses of each sender, 1 to 65536, not added to it (default: its own)" },
	{ "pattern", "NAME", OPT_PATTERN,
	  "mesh (default), pairs, ring, many-to-one, one-to-many, congestion or broadcast" },
	{ "bad", "KIND:PCT,...", OPT_BAD,
	  "share of frames that must be dropped: spoof, vlan:VID, mtu, unknown, multicast-source" },
	{ "tag", "VID[:PCP]", OPT_TAG, "send frames with this VLAN tag, 4 bytes beyond the size" },
	{ "expect-tag", "TAG", OPT_EXPECT_TAG,
	  "outer tag that frames must arrive with: any (default), none or a VLAN" },
	{ "udp", NULL, BENCH_RUN_UDP,
	  "frames are IPv4 and UDP, each stream a flow; sizes from 82" },
	{ "arrivals", "KIND", OPT_ARRIVALS,
	  "gaps between frames: constant (default), burst:N or poisson" },
	{ "pools", "KIND", OPT_POOLS,
	  "shared: one mempool, frames may move (default); separate: one a port, all copied" },
	{ "no-learn", NULL, OPT_NO_LEARN, "receivers do not announce their addresses first" },
	{ "sample", "N", OPT_SAMPLE,
	  "sum the whole payload of one frame in N (default 16; 1: all; labels always)" },
	{ "set", "N", OPT_SET, "hop: mbufs sent in turn (default 2048)" },
	{ "batch", "N", OPT_BATCH, "hop: bursts timed together, 1 to 64 (default: the set)" },
	{ "desc", "N", OPT_DESC, "descriptors of each queue (default: the driver's)" },
	{ "mbufs", "N", OPT_MBUFS, "mbufs of each pool (default: by the number of ports)" },
	{ "drain", "MS", OPT_DRAIN, "longest wait for frames under way (default: profile's)" },
	{ "seed", "N", OPT_SEED, "of addresses order and payload (default: from the clock)" },
	{ "json", "FILE", OPT_JSON, "write the report; - is standard output" },
	{ "help", NULL, OPT_HELP, "this text" },
};

void
bench_options_help(const char *program)
{
	printf("Usage: %s EAL-OPTIONS -- [MODE ...] --tx PORT,... [OPTIONS]\n"
	       "       %s EAL-OPTIONS -- [MODE ...] --scenario FILE [--vs FILE] [OPTIONS]\n"
	       "       %s report FILE... (draws reports; report --help says more)\n"
	       "Without \"--\" all are options of the program.\n\nModes:\n",
	       program, program, program);
	for (size_t i = 0; bench_modes[i] != NULL; i++)
		printf("  %-14s %s%s\n", bench_modes[i]->name, bench_modes[i]->help,
		       bench_modes[i]->standard ? " *" : "");
	printf("  %-14s those with a star (default)\n\n", "all");
	for (size_t i = 0; i < RTE_DIM(table); i++) {
		char left[48];

		snprintf(left, sizeof(left), "--%s %s", table[i].name,
			 table[i].arg != NULL ? table[i].arg : "");
		printf("  %-20s %s\n", left, table[i].help);
	}
	printf("\nOne lcore sends and receives; with two (-l A,B) the first sends, the second "
	       "receives.\nSizes are with FCS: --size 64 is an mbuf of 60 bytes.\n"
	       "Exit status: 0 ok, 1 usage or set-up, 2 wrong frames or an expectation that does "
	       "not hold,\n3 unstable or incomplete, 4 slower than --limit allows.\n");
}

/* The options that say what is sent; 1 for --help. */
static int
parse_traffic(struct bench_options *o, enum opt opt, const char *a, char *err, size_t errlen)
{
	switch (opt) {
	case OPT_PATTERN:
		o->pattern_given = true;
		return bench_pattern_parse(a, &o->pattern, err, errlen);
	case OPT_BAD:
		return bench_bad_parse(a, &o->bad, err, errlen);
	case OPT_TAG:
		return bench_value_tag(o, a, err, errlen);
	case OPT_EXPECT_TAG:
		return bench_value_expect_tag(o, a, err, errlen);
	case OPT_ARRIVALS:
		return bench_arrivals_parse(a, &o->arrivals, err, errlen);
	case OPT_SOURCES:
		return bench_value_uint("sources", a, 1, BENCH_MACS_MAX, &o->sources, err, errlen);
	case OPT_DST:
		return bench_value_dst(o, a, err, errlen);
	case OPT_MACS:
		return bench_value_uint("macs", a, 1, BENCH_MACS_MAX, &o->macs, err, errlen);
	default:
		return 1;
	}
}

static int
parse_one(struct bench_options *o, enum opt opt, const char *a, char *err, size_t errlen)
{
	double v;
	int rc;

	switch (opt) {
	case OPT_TX:
		o->tx = a;
		return 0;
	case OPT_RX:
		o->rx = a;
		return 0;
	case OPT_PLUG:
		return bench_value_plug(o, a, err, errlen);
	case OPT_SIZE:
		o->sizes_given = true;
		return bench_value_sizes(o, a, err, errlen);
	case OPT_PROFILE:
		return bench_value_profile(o, a, err, errlen);
	case OPT_LOSS:
		rc = bench_value_real("loss", a, 0, 99, false, &v, err, errlen);
		o->loss_ratio = rc == 0 ? v / 100 : 0;
		return rc;
	case OPT_DURATION:
		return bench_value_real("duration", a, 0.001, 86400, false, &o->duration_s, err,
					errlen);
	case OPT_RATE:
		return bench_value_real("rate", a, 1, 1e10, true, &o->rate, err, errlen);
	case OPT_REPS:
		return bench_value_uint("reps", a, 1, 1000, &o->reps, err, errlen);
	case OPT_HOP_REPS:
		return bench_value_uint("hop-reps", a, 1, 1000, &o->hop_reps, err, errlen);
	case OPT_BURST:
		return bench_value_uint("burst", a, 1, BENCH_BURST_MAX, &o->burst, err, errlen);
	case OPT_POOLS:
		return bench_value_pools(o, a, err, errlen);
	case OPT_SET:
		return bench_value_uint("set", a, 1, 65536, &o->set, err, errlen);
	case OPT_BATCH:
		return bench_value_uint("batch", a, 1, 64, &o->batch, err, errlen);
	case OPT_SAMPLE:
		return bench_value_uint("sample", a, 1, 1u << 20, &o->sample, err, errlen);
	case OPT_DESC:
		return bench_value_uint("desc", a, 32, 32768, &o->desc, err, errlen);
	case OPT_MBUFS:
		return bench_value_uint("mbufs", a, 512, 1u << 22, &o->mbufs, err, errlen);
	case OPT_DRAIN:
		rc = bench_value_real("drain", a, 1, 60000, false, &v, err, errlen);
		o->drain_s = rc == 0 ? v / 1000 : 0;
		return rc;
	case OPT_SEED:
		return bench_value_whole("seed", a, 0, INT64_MAX, &o->seed, err, errlen);
	case OPT_JSON:
		o->json = a;
		return 0;
	case OPT_NO_LEARN:
		o->learn = false;
		return 0;
	default:
		break;
	}
	return parse_traffic(o, opt, a, err, errlen);
}

static void
all_modes(struct bench_options *o)
{
	o->all = true;
	for (unsigned int i = 0; bench_modes[i] != NULL; i++)
		if (bench_modes[i]->standard)
			o->modes |= UINT64_C(1) << i;
}

static int
parse_mode(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	int i = bench_mode_find(text);

	if (strcmp(text, "all") == 0) {
		all_modes(o);
	} else if (i < 0) {
		snprintf(err, errlen, "mode %s: unknown; --help lists the modes", text);
		return -EINVAL;
	} else {
		o->modes |= UINT64_C(1) << i;
	}
	return 0;
}

/* A group address is broadcast's destination, and broadcast has no other. */
static int
finish_destination(struct bench_options *o, char *err, size_t errlen)
{
	const bool group = o->dst_given && (o->dst[0] & RTE_ETHER_GROUP_ADDR) != 0;

	if (o->dst_given && o->macs != 0) {
		snprintf(err, errlen, "--dst and --macs exclude each other");
		return -EINVAL;
	}
	if (group && !o->pattern_given)
		o->pattern = BENCH_PATTERN_BROADCAST;
	if (o->dst_given && group != (o->pattern == BENCH_PATTERN_BROADCAST)) {
		snprintf(err, errlen, "--pattern %s: --dst is %s group address",
			 bench_pattern_name(o->pattern), group ? "a" : "no");
		return -EINVAL;
	}
	if (o->pattern != BENCH_PATTERN_BROADCAST)
		return 0;
	if (o->macs != 0) {
		snprintf(err, errlen, "--pattern broadcast and --macs exclude each other");
		return -EINVAL;
	}
	if (!o->dst_given)
		memset(o->dst, 0xff, sizeof(o->dst));
	return 0;
}

/* What is only known once all options are read. */
static int
finish(struct bench_options *o, char *err, size_t errlen)
{
	if (o->tx == NULL) {
		snprintf(err, errlen, "--tx is missing: name a sending port, for example --tx 0");
		return -EINVAL;
	}
	if (o->modes == 0)
		all_modes(o);
	if (o->rx == NULL)
		o->rx = o->tx;
	if (finish_destination(o, err, errlen) != 0)
		return -EINVAL;
	if (o->batch == 0)
		o->batch = o->set >= 64 * o->burst ? 64 : o->set / o->burst;
	if (o->batch == 0)
		o->batch = 1;
	if (o->set < o->burst * o->batch) {
		snprintf(err, errlen, "--set %u: less than --batch %u times --burst %u", o->set,
			 o->batch, o->burst);
		return -EINVAL;
	}
	if (!o->sizes_given && bench_value_sizes(o, o->profile->sizes, err, errlen) != 0)
		return -EINVAL;
	if (o->duration_s == 0)
		o->duration_s = o->profile->final_s;
	if (o->drain_s == 0)
		o->drain_s = o->profile->drain_s;
	if (o->reps == 0)
		o->reps = o->profile->reps;
	return bench_run_finish_udp(o, err, errlen);
}

static int
parse_any(struct bench_options *o, int opt, const char *a, char *err, size_t errlen)
{
	return opt >= BENCH_RUN_SERVE ? bench_run_set(o, (enum bench_run_opt)opt, a, err, errlen) :
					parse_one(o, (enum opt)opt, a, err, errlen);
}

static bool
not_for_file(int opt)
{
	return bench_run_only(opt) || opt == OPT_HELP || opt == OPT_JSON;
}

/* Option @p name of a file; one that takes no value is said as "yes". */
static int
set_one(struct bench_options *o, const char *name, const char *value, char *err, size_t errlen)
{
	for (size_t i = 0; i < RTE_DIM(table); i++) {
		if (strcmp(name, table[i].name) != 0 || not_for_file(table[i].opt))
			continue;
		if (table[i].arg != NULL)
			return parse_any(o, table[i].opt, value, err, errlen);
		if (strcmp(value, "no") == 0)
			return 0;
		if (strcmp(value, "yes") == 0)
			return parse_any(o, table[i].opt, NULL, err, errlen);
		snprintf(err, errlen, "--%s %s: expected yes or no", name, value);
		return -EINVAL;
	}
	snprintf(err, errlen, "no such option; --help lists them");
	return -EINVAL;
}

static void
set_defaults(struct bench_options *o)
{
	*o = (struct bench_options){
		.profile = bench_profile_find("quick"),
		.loss_ratio = 0.005,
		.hop_reps = 9,
		.burst = 32,
		.set = 2048,
		.sample = 16,
		.learn = true,
		.sources = 1,
		.expect_tag = BENCH_TAG_ANY,
		.arrivals = { BENCH_ARRIVAL_CONSTANT, 1 },
		.seed = (uint64_t)time(NULL),
	};
}

static int
read_arguments(struct bench_options *o, int argc, char **argv, char *err, size_t errlen)
{
	struct option getopt_table[RTE_DIM(table) + 1] = { 0 };
	int c, rc;

	for (size_t i = 0; i < RTE_DIM(table); i++)
		getopt_table[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].arg != NULL ? required_argument : no_argument,
			.val = table[i].opt,
		};
	opterr = 0;
	optind = 0; /* from the start, also after the EAL's own arguments */
	while ((c = getopt_long(argc, argv, ":", getopt_table, NULL)) != -1) {
		if (c == '?' || c == ':') {
			snprintf(err, errlen, "%s: %s; --help lists the options", argv[optind - 1],
				 c == ':' ? "value missing" : "unknown option");
			return -EINVAL;
		}
		rc = parse_any(o, c, optarg, err, errlen);
		if (rc == 1)
			bench_options_help("eswitch-bench");
		if (rc != 0)
			return rc;
	}
	for (; optind < argc; optind++)
		if (parse_mode(o, argv[optind], err, errlen) != 0)
			return -EINVAL;
	return 0;
}

int
bench_options_parse(struct bench_options *o, int argc, char **argv, char *err, size_t errlen)
{
	int rc;

	set_defaults(o);
	o->argc = argc;
	o->argv = argv;
	o->limit = BENCH_LIMIT_NONE;
	rc = read_arguments(o, argc, argv, err, errlen);
	if (rc != 0 || o->list)
		return rc;
	rc = bench_run_finish(o, err, errlen);
	/* With scenarios the rest is judged with each of them. */
	return rc != 0 || o->n_scenarios != 0 ? rc : finish(o, err, errlen);
}

int
bench_options_scenario(struct bench_options *o, const struct bench_options *run,
		       const struct bench_scenario *s, char *err, size_t errlen)
{
	char text[384] = "";
	int rc;

	err[0] = '\0';
	set_defaults(o);
	o->seed = run->seed;
	for (unsigned int i = 0; i < s->n_traffic; i++) {
		rc = set_one(o, s->traffic[i].key, s->traffic[i].value, text, sizeof(text));
		if (rc == 0)
			continue;
		snprintf(err, errlen, "%s: [traffic] %s: %s", s->file, s->traffic[i].key, text);
		return -EINVAL;
	}
	rc = read_arguments(o, run->argc, run->argv, err, errlen);
	if (rc == 0)
		rc = finish(o, text, sizeof(text));
	if (rc != 0 && err[0] == '\0')
		snprintf(err, errlen, "%s: [traffic] %s", s->file, text);
	return rc;
}
