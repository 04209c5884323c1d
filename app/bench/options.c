/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rte_common.h>
#include <rte_ether.h>
#include <rte_string_fns.h>

#include "mode.h"
#include "options.h"

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
};

/* One table for getopt and for --help, so that no option lacks its text. */
static const struct {
	const char *name;
	const char *arg;
	enum opt opt;
	const char *help;
} table[] = {
	{ "tx", "PORT,...", OPT_TX, "sending ports: names or ids; name[A-B] stands for a range" },
	{ "rx", "PORT,...", OPT_RX, "receiving ports (default: the sending ones)" },
	{ "size", "LIST", OPT_SIZE,
	  "frame sizes with FCS, 64 to 9600; also \"imix\" or an RFC 6985 genome like 7a4d1g" },
	{ "profile", "NAME", OPT_PROFILE, "quick (default), ci, rfc2544 or tst009" },
	{ "loss", "PCT", OPT_LOSS, "loss limit of the second goal, % (default 0.5; 0: only NDR)" },
	{ "duration", "S", OPT_DURATION, "duration of a full-length trial (default: profile's)" },
	{ "rate", "PPS", OPT_RATE,
	  "latency at this load, with k, M (default: 10, 50, 90 % of the throughput)" },
	{ "reps", "N", OPT_REPS, "repeat each search N times, sizes interleaved (default 1)" },
	{ "hop-reps", "N", OPT_HOP_REPS, "repetitions of the hop measurement (default 9)" },
	{ "burst", "N", OPT_BURST, "frames of one tx_burst or rx_burst, 1 to 256 (default 32)" },
	{ "macs", "N", OPT_MACS,
	  "destination addresses, spread over the receiving ports (default: one each)" },
	{ "dst", "MAC|auto", OPT_DST, "destination address of all frames (one receiving port)" },
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
	printf("Usage: %s EAL-OPTIONS -- [MODE ...] --tx PORT,... [OPTIONS]\n\nModes:\n", program);
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
	       "Exit status: 0 ok, 1 usage or set-up, 2 wrong frames, 3 unstable or incomplete.\n");
}

/* A whole number of option @p name within [min, max]. */
static int
whole(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *value, char *err,
      size_t errlen)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || v < min || v > max) {
		snprintf(err, errlen, "--%s %s: expected a whole number from %llu to %llu", name,
			 text, (unsigned long long)min, (unsigned long long)max);
		return -EINVAL;
	}
	*value = v;
	return 0;
}

static int
uint_option(const char *name, const char *text, unsigned int min, unsigned int max,
	    unsigned int *value, char *err, size_t errlen)
{
	uint64_t v;

	if (whole(name, text, min, max, &v, err, errlen) != 0)
		return -EINVAL;
	*value = (unsigned int)v;
	return 0;
}

/* A number within [min, max], with a suffix k, M or G if @p suffix. */
static int
real(const char *name, const char *text, double min, double max, bool suffix, double *value,
     char *err, size_t errlen)
{
	static const char letters[] = "kMG";
	char *end;
	double v = strtod(text, &end);
	const char *s = *end != '\0' ? strchr(letters, *end) : NULL;

	if (suffix && s != NULL) {
		v *= pow(1000, (double)(s - letters + 1));
		end++;
	}
	if (end == text || *end != '\0' || !(v >= min && v <= max)) {
		snprintf(err, errlen, "--%s %s: expected a number from %g to %g%s", name, text, min,
			 max, suffix ? ", with an optional k, M or G" : "");
		return -EINVAL;
	}
	*value = v;
	return 0;
}

static int
add_size(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	struct bench_size *s = &o->size[o->n_sizes];
	uint64_t size;

	if (o->n_sizes == BENCH_SIZES_MAX) {
		snprintf(err, errlen, "--size: more than %u sizes", BENCH_SIZES_MAX);
		return -EINVAL;
	}
	if (strlen(text) >= sizeof(s->name)) {
		snprintf(err, errlen, "--size %s: more than %zu characters", text,
			 sizeof(s->name) - 1);
		return -EINVAL;
	}
	*s = (struct bench_size){ 0 };
	rte_strscpy(s->name, text, sizeof(s->name));
	if (strspn(text, "0123456789") == strlen(text)) {
		if (whole("size", text, MSR_SIZE_MIN, MSR_SIZE_MAX, &size, err, errlen) != 0)
			return -EINVAL;
		s->mix.n = s->mix.total = s->mix.entry[0].weight = 1;
		s->mix.entry[0].pkt_len = msr_wire_pkt_len((uint32_t)size);
	} else if (msr_imix_parse(text, &s->mix, err, errlen) != 0) {
		return -EINVAL;
	}
	for (uint32_t i = 0; i < s->mix.n; i++)
		s->max_len = RTE_MAX(s->max_len, s->mix.entry[i].pkt_len);
	o->n_sizes++;
	return 0;
}

static int
parse_sizes(struct bench_options *o, const char *list, char *err, size_t errlen)
{
	char copy[512], *save = NULL;

	if (strlen(list) >= sizeof(copy)) {
		snprintf(err, errlen, "--size: list of more than %zu characters", sizeof(copy) - 1);
		return -EINVAL;
	}
	rte_strscpy(copy, list, sizeof(copy));
	o->n_sizes = 0;
	for (char *p = strtok_r(copy, ",", &save); p != NULL; p = strtok_r(NULL, ",", &save))
		if (add_size(o, p, err, errlen) != 0)
			return -EINVAL;
	if (o->n_sizes == 0) {
		snprintf(err, errlen, "--size \"%s\": no size in the list", list);
		return -EINVAL;
	}
	return 0;
}

static int
parse_dst(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	struct rte_ether_addr a;

	if (strcmp(text, "auto") == 0) {
		o->dst_given = false;
		return 0;
	}
	if (rte_ether_unformat_addr(text, &a) != 0) {
		snprintf(err, errlen, "--dst %s: expected six bytes as xx:xx:xx:xx:xx:xx, or auto",
			 text);
		return -EINVAL;
	}
	memcpy(o->dst, a.addr_bytes, sizeof(o->dst));
	o->dst_given = true;
	return 0;
}

static int
parse_pools(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	if (strcmp(text, "shared") != 0 && strcmp(text, "separate") != 0) {
		snprintf(err, errlen, "--pools %s: expected shared or separate", text);
		return -EINVAL;
	}
	o->separate = strcmp(text, "separate") == 0;
	return 0;
}

static int
parse_profile(struct bench_options *o, const char *text, char *err, size_t errlen)
{
	o->profile = bench_profile_find(text);
	if (o->profile != NULL)
		return 0;
	snprintf(err, errlen, "--profile %s: expected quick, ci, rfc2544 or tst009", text);
	return -EINVAL;
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
	case OPT_SIZE:
		o->sizes_given = true;
		return parse_sizes(o, a, err, errlen);
	case OPT_PROFILE:
		return parse_profile(o, a, err, errlen);
	case OPT_LOSS:
		rc = real("loss", a, 0, 99, false, &v, err, errlen);
		o->loss_ratio = rc == 0 ? v / 100 : 0;
		return rc;
	case OPT_DURATION:
		return real("duration", a, 0.001, 86400, false, &o->duration_s, err, errlen);
	case OPT_RATE:
		return real("rate", a, 1, 1e10, true, &o->rate, err, errlen);
	case OPT_REPS:
		return uint_option("reps", a, 1, 1000, &o->reps, err, errlen);
	case OPT_HOP_REPS:
		return uint_option("hop-reps", a, 1, 1000, &o->hop_reps, err, errlen);
	case OPT_BURST:
		return uint_option("burst", a, 1, BENCH_BURST_MAX, &o->burst, err, errlen);
	case OPT_DST:
		return parse_dst(o, a, err, errlen);
	case OPT_MACS:
		return uint_option("macs", a, 1, BENCH_MACS_MAX, &o->macs, err, errlen);
	case OPT_POOLS:
		return parse_pools(o, a, err, errlen);
	case OPT_SET:
		return uint_option("set", a, 1, 65536, &o->set, err, errlen);
	case OPT_BATCH:
		return uint_option("batch", a, 1, 64, &o->batch, err, errlen);
	case OPT_SAMPLE:
		return uint_option("sample", a, 1, 1u << 20, &o->sample, err, errlen);
	case OPT_DESC:
		return uint_option("desc", a, 32, 32768, &o->desc, err, errlen);
	case OPT_MBUFS:
		return uint_option("mbufs", a, 512, 1u << 22, &o->mbufs, err, errlen);
	case OPT_DRAIN:
		rc = real("drain", a, 1, 60000, false, &v, err, errlen);
		o->drain_s = rc == 0 ? v / 1000 : 0;
		return rc;
	case OPT_SEED:
		return whole("seed", a, 0, INT64_MAX, &o->seed, err, errlen);
	case OPT_JSON:
		o->json = a;
		return 0;
	case OPT_NO_LEARN:
		o->learn = false;
		return 0;
	case OPT_HELP:
		break;
	}
	return 1;
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
	if (o->dst_given && o->macs != 0) {
		snprintf(err, errlen, "--dst and --macs exclude each other");
		return -EINVAL;
	}
	if (o->batch == 0)
		o->batch = o->set >= 64 * o->burst ? 64 : o->set / o->burst;
	if (o->batch == 0)
		o->batch = 1;
	if (o->set < o->burst * o->batch) {
		snprintf(err, errlen, "--set %u: less than --batch %u times --burst %u", o->set,
			 o->batch, o->burst);
		return -EINVAL;
	}
	if (!o->sizes_given && parse_sizes(o, o->profile->sizes, err, errlen) != 0)
		return -EINVAL;
	if (o->duration_s == 0)
		o->duration_s = o->profile->final_s;
	if (o->drain_s == 0)
		o->drain_s = o->profile->drain_s;
	if (o->reps == 0)
		o->reps = o->profile->reps;
	return 0;
}

int
bench_options_parse(struct bench_options *o, int argc, char **argv, char *err, size_t errlen)
{
	struct option getopt_table[RTE_DIM(table) + 1] = { 0 };
	int c, rc;

	*o = (struct bench_options){
		.profile = bench_profile_find("quick"),
		.loss_ratio = 0.005,
		.hop_reps = 9,
		.burst = 32,
		.set = 2048,
		.sample = 16,
		.learn = true,
		.seed = (uint64_t)time(NULL),
	};
	for (size_t i = 0; i < RTE_DIM(table); i++)
		getopt_table[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].arg != NULL ? required_argument : no_argument,
			.val = table[i].opt,
		};
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":", getopt_table, NULL)) != -1) {
		if (c == '?' || c == ':') {
			snprintf(err, errlen, "%s: %s; --help lists the options", argv[optind - 1],
				 c == ':' ? "value missing" : "unknown option");
			return -EINVAL;
		}
		rc = parse_one(o, (enum opt)c, optarg, err, errlen);
		if (rc == 1)
			bench_options_help("eswitch-bench");
		if (rc != 0)
			return rc;
	}
	for (; optind < argc; optind++)
		if (parse_mode(o, argv[optind], err, errlen) != 0)
			return -EINVAL;
	return finish(o, err, errlen);
}
