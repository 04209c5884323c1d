/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "args.h"
#include "fail.h"

static const char help_text[] =
	"usage: vfswitch [EAL options] -- [options]\n"
	"\n"
	"Owns a PF and its representors: applies the VFs' policy, switches between the\n"
	"representors and the uplink (802.1Q learning bridge), and shows what happens.\n"
	"Ends on SIGINT or SIGTERM.\n"
	"\n"
	"  --policy FILE     policy of the VFs, INI or JSON; all of it is applied or nothing\n"
	"  --pf NAME         the PF, as in net_eswitch_pf0; needed if there are several\n"
	"  --interval S      seconds between reports, 0.1 to 3600, 0 = none (default 1)\n"
	"  --json            one JSON object a line for each report\n"
	"  --duration S      end after S seconds, 0 = on a signal only (default 0)\n"
	"  --age S           seconds until a learned address is forgotten, 10 to 1000000\n"
	"                    (default 300)\n"
	"  --fdb-entries N   capacity of the MAC table, 1024 to 16777216 (default 65536)\n"
	"  --mbufs N         buffers of each memory pool, 1024 to 4194304\n"
	"                    (default: by the number of ports)\n"
	"  --rxd N, --txd N  descriptors of each queue, 32 to 4096 (default 512)\n"
	"  --idle US         rest of a core that has nothing to do, in microseconds, 0 to 10000\n"
	"                    (default 0 = it polls on)\n"
	"  --help            this text\n"
	"\n"
	"Every lcore that EAL is given (-l) switches; ports are spread over them.\n"
	"Reports go to standard output: a terminal gets a table that is redrawn, a pipe lines.\n"
	"\n"
	"Exit codes: 0 ended as asked; 1 a port failed; 2 wrong command line; 3 no such PF, or\n"
	"it cannot do what is asked; 4 policy file refused (nothing of it was applied).\n"
	"\n"
	"Example: two VFs handed to kernel interfaces\n"
	"  vfswitch -l 0 --no-huge -m 256 --no-pci \\\n"
	"    --vdev net_tap0,iface=vf0 --vdev net_tap1,iface=vf1 \\\n"
	"    --vdev 'net_eswitch_pf0,vfs=2,representor=vf[0-1],"
	"attach=vf0:net_tap0,attach=vf1:net_tap1' \\\n"
	"    -- --policy policy.ini\n";

/* One option with a number: where it goes and what it may be. */
struct num_option {
	const char *name;
	double lo, hi;
	bool zero; /* 0 is allowed too */
	bool whole;
};

enum opt {
	OPT_POLICY = 256,
	OPT_PF,
	OPT_JSON,
	OPT_HELP,
	OPT_NUM, /* the first of num_options */
};

enum num { NUM_INTERVAL, NUM_DURATION, NUM_AGE, NUM_FDB, NUM_MBUFS, NUM_RXD, NUM_TXD, NUM_IDLE };

static const struct num_option num_options[] = {
	[NUM_INTERVAL] = { "interval", 0.1, 3600, true, false },
	[NUM_DURATION] = { "duration", 0.1, 31536000, true, false },
	[NUM_AGE] = { "age", VSW_AGE_MIN, VSW_AGE_MAX, false, true },
	[NUM_FDB] = { "fdb-entries", VSW_FDB_MIN, VSW_FDB_MAX, false, true },
	[NUM_MBUFS] = { "mbufs", 1024, 4194304, false, true },
	[NUM_RXD] = { "rxd", 32, 4096, false, true },
	[NUM_TXD] = { "txd", 32, 4096, false, true },
	[NUM_IDLE] = { "idle", 1, 10000, true, true },
};

static const struct option options[] = {
	{ "policy", required_argument, NULL, OPT_POLICY },
	{ "pf", required_argument, NULL, OPT_PF },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "interval", required_argument, NULL, OPT_NUM + NUM_INTERVAL },
	{ "duration", required_argument, NULL, OPT_NUM + NUM_DURATION },
	{ "age", required_argument, NULL, OPT_NUM + NUM_AGE },
	{ "fdb-entries", required_argument, NULL, OPT_NUM + NUM_FDB },
	{ "mbufs", required_argument, NULL, OPT_NUM + NUM_MBUFS },
	{ "rxd", required_argument, NULL, OPT_NUM + NUM_RXD },
	{ "txd", required_argument, NULL, OPT_NUM + NUM_TXD },
	{ "idle", required_argument, NULL, OPT_NUM + NUM_IDLE },
	{ NULL, 0, NULL, 0 },
};

static int
number(const struct num_option *o, const char *text, double *v, struct esw_err *err)
{
	char *end;

	errno = 0;
	*v = strtod(text, &end);
	if (end == text || *end != '\0' || errno != 0 || !isfinite(*v))
		return vsw_fail(err, -EINVAL, "--%s: '%s' is not a number", o->name, text);
	if (o->whole && *v != floor(*v))
		return vsw_fail(err, -EINVAL, "--%s: %s is not a whole number", o->name, text);
	if (o->zero && *v == 0)
		return 0;
	if (*v < o->lo || *v > o->hi)
		return vsw_fail(err, -EINVAL, "--%s: %s is out of range %g to %.10g%s", o->name,
				text, o->lo, o->hi, o->zero ? ", or 0" : "");
	return 0;
}

static void
store(struct vsw_args *a, enum num n, double v)
{
	switch (n) {
	case NUM_INTERVAL:
		a->interval = v;
		break;
	case NUM_DURATION:
		a->duration = v;
		break;
	case NUM_AGE:
		a->age = v;
		break;
	case NUM_FDB:
		a->fdb_entries = v;
		break;
	case NUM_MBUFS:
		a->mbufs = v;
		break;
	case NUM_RXD:
		a->rxd = v;
		break;
	case NUM_TXD:
		a->txd = v;
		break;
	case NUM_IDLE:
		a->idle_us = v;
		break;
	}
}

static int
take(struct vsw_args *a, int c, char **argv, struct esw_err *err)
{
	double v;
	int ret;

	switch (c) {
	case OPT_POLICY:
		a->policy = optarg;
		return 0;
	case OPT_PF:
		a->pf = optarg;
		return 0;
	case OPT_JSON:
		a->json = true;
		return 0;
	case OPT_HELP:
		a->help = true;
		return 0;
	case ':':
		return vsw_fail(err, -EINVAL, "%s: needs a value", argv[optind - 1]);
	case '?':
		return vsw_fail(err, -EINVAL,
				"%s: no such option (or not clear which); --help lists them",
				argv[optind - 1]);
	default:
		ret = number(&num_options[c - OPT_NUM], optarg, &v, err);
		if (ret == 0)
			store(a, c - OPT_NUM, v);
		return ret;
	}
}

int
vsw_args_parse(struct vsw_args *a, int argc, char **argv, struct esw_err *err)
{
	int c, ret;

	*a = (struct vsw_args){
		.interval = 1,
		.age = 300,
		.fdb_entries = 65536,
		.rxd = 512,
		.txd = 512,
	};
	optind = 0; /* EAL has used getopt before: glibc starts anew at 0 */
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		ret = take(a, c, argv, err);
		if (ret != 0)
			return ret;
	}
	if (optind < argc)
		return vsw_fail(err, -EINVAL, "'%s': not an option; --help lists them",
				argv[optind]);
	return 0;
}

const char *
vsw_args_help(void)
{
	return help_text;
}
