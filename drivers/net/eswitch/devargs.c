/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ethdev_driver.h>
#include <rte_common.h>
#include <rte_kvargs.h>
#include <rte_string_fns.h>

#include "devargs.h"

/* What a parser of one value gets; `out` is a struct esn_pf_args or esn_vf_args. */
typedef int (*arg_parse_t)(void *out, const char *key, const char *value, struct esw_err *err);

struct arg {
	const char *key;
	arg_parse_t parse;
	bool repeatable;
};

static int
number(const char *key, const char *value, uint64_t lo, uint64_t hi, uint64_t *out,
       struct esw_err *err)
{
	char *end = NULL;
	uint64_t v = 0;

	errno = 0;
	if (isdigit((unsigned char)value[0]))
		v = strtoull(value, &end, 0);
	if (end == NULL || *end != '\0' || errno != 0)
		return esw_err_set(err, -EINVAL,
				   "%s: '%s' is not a number from %" PRIu64 " to %" PRIu64, key,
				   value, lo, hi);
	if (v < lo || v > hi)
		return esw_err_set(err, -EINVAL, "%s: %s is out of range %" PRIu64 " to %" PRIu64,
				   key, value, lo, hi);
	*out = v;
	return 0;
}

static int
copy(const char *key, const char *value, char *out, size_t len, struct esw_err *err)
{
	if (value[0] == '\0')
		return esw_err_set(err, -EINVAL, "%s: no value", key);
	if (rte_strscpy(out, value, len) < 0)
		return esw_err_set(err, -EINVAL, "%s: '%.40s...' is longer than %zu characters",
				   key, value, len - 1);
	return 0;
}

bool
esn_speed_valid(uint32_t mbps)
{
	return mbps != 0 && rte_eth_speed_bitflag(mbps, RTE_ETH_LINK_FULL_DUPLEX) != 0;
}

static int
arg_vfs(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	uint64_t v = 0;
	int ret = number(key, value, 0, UINT32_MAX, &v, err);

	if (ret != 0)
		return ret;
	if (v == 0)
		return esw_err_set(
			err, -EINVAL,
			"%s: 0 is out of range 1 to %u: an e-switch without VFs has nothing "
			"to switch",
			key, ESW_VFS_MAX);
	if (v > ESW_VFS_MAX)
		return esw_err_set(err, -EINVAL, "%s: %s is out of range 1 to %u", key, value,
				   ESW_VFS_MAX);
	a->vfs = v;
	return 0;
}

static int
arg_mode(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;

	if (strcmp(value, "switchdev") == 0)
		a->mode = ESW_MODE_SWITCHDEV;
	else if (strcmp(value, "veb") == 0)
		a->mode = ESW_MODE_VEB;
	else
		return esw_err_set(err, -EINVAL, "%s: '%s' is neither switchdev nor veb", key,
				   value);
	return 0;
}

static int
arg_speed(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	uint64_t v = 0;
	int ret = number(key, value, 10, 400000, &v, err);

	if (ret != 0)
		return ret;
	if (!esn_speed_valid(v))
		return esw_err_set(
			err, -EINVAL,
			"%s: %s Mbit/s is no Ethernet speed: 10, 100, 1000, 2500, 5000, "
			"10000, 20000, 25000, 40000, 50000, 56000, 100000, 200000 or 400000",
			key, value);
	a->speed = v;
	return 0;
}

static int
arg_mtu(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	uint64_t v = 0;
	/* Not below 1500: that is a VF's MTU by default, and the device's maximum can't be less. */
	int ret = number(key, value, RTE_ETHER_MTU, ESW_MTU_MAX, &v, err);

	if (ret == 0)
		a->mtu = v;
	return ret;
}

static int
arg_seed(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	uint64_t v = 0;
	int ret = number(key, value, 0, UINT32_MAX, &v, err);

	if (ret == 0) {
		a->seed = v;
		a->seed_set = true;
	}
	return ret;
}

static int
arg_fdb(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	uint64_t v = 0;
	int ret = number(key, value, 64, 1 << 20, &v, err);

	if (ret == 0)
		a->fdb_entries = v;
	return ret;
}

static int
arg_age(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	uint64_t v = 0;
	/* IEEE 802.1Q-2018 table 8-6 goes from 10 s; shorter is allowed here, for tests. */
	int ret = number(key, value, 1, 1000000, &v, err);

	if (ret == 0)
		a->age_s = v;
	return ret;
}

static int
arg_policy(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;

	return copy(key, value, a->policy, sizeof(a->policy), err);
}

static int
arg_control(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;

	if (strcmp(value, "telemetry") != 0)
		return esw_err_set(err, -EINVAL, "%s: '%s' is not telemetry, the only value", key,
				   value);
	a->telemetry_writes = true;
	return 0;
}

static int
arg_uplink(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;

	return copy(key, value, a->uplink, sizeof(a->uplink), err);
}

/* "vf3:net_tap0" */
static int
arg_attach(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_pf_args *a = out;
	struct esn_attach *at = &a->attach[a->n_attach];
	const char *colon = strchr(value, ':');
	char index[8] = "";
	uint64_t v = 0;
	int ret;

	if (strncmp(value, "vf", 2) != 0 || colon == NULL ||
	    colon - value - 2 >= (int)sizeof(index))
		return esw_err_set(err, -EINVAL, "%s: '%s' is not vf<index>:<port name>", key,
				   value);
	if (a->n_attach == RTE_DIM(a->attach))
		return esw_err_set(err, -EINVAL, "%s: more than the %u ports that DPDK can have",
				   key, RTE_MAX_ETHPORTS);
	memcpy(index, value + 2, colon - value - 2);
	ret = number(key, index, 0, ESW_VFS_MAX - 1, &v, err);
	if (ret == 0)
		ret = copy(key, colon + 1, at->port, sizeof(at->port), err);
	if (ret != 0)
		return ret;
	at->vf = v;
	a->n_attach++;
	return 0;
}

/* Parsed apart, by ethdev's own grammar. */
static int
arg_representor(void *out, const char *key, const char *value, struct esw_err *err)
{
	RTE_SET_USED(out);
	RTE_SET_USED(key);
	RTE_SET_USED(value);
	RTE_SET_USED(err);
	return 0;
}

static int
arg_pf(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_vf_args *a = out;

	return copy(key, value, a->pf, sizeof(a->pf), err);
}

static int
arg_vf(void *out, const char *key, const char *value, struct esw_err *err)
{
	struct esn_vf_args *a = out;
	uint64_t v = 0;
	int ret = number(key, value, 0, ESW_VFS_MAX - 1, &v, err);

	if (ret == 0)
		a->vf = v;
	return ret;
}

static const struct arg pf_keys[] = {
	{ "vfs", arg_vfs, false },       { "representor", arg_representor, false },
	{ "mode", arg_mode, false },     { "uplink", arg_uplink, false },
	{ "attach", arg_attach, true },  { "speed", arg_speed, false },
	{ "mtu", arg_mtu, false },       { "seed", arg_seed, false },
	{ "policy", arg_policy, false }, { "control", arg_control, false },
	{ "fdb", arg_fdb, false },       { "age", arg_age, false },
};

static const struct arg vf_keys[] = {
	{ "pf", arg_pf, false },
	{ "vf", arg_vf, false },
};

/* What is wrong with the key itself, as a sentence; NULL if nothing. */
static const struct arg *
key_find(const struct arg *keys, unsigned int n, const char *key, struct esw_err *err)
{
	char known[192] = "";
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (strcmp(keys[i].key, key) == 0)
			return &keys[i];
		if (i > 0)
			strlcat(known, ", ", sizeof(known));
		strlcat(known, keys[i].key, sizeof(known));
	}
	esw_err_set(err, -EINVAL, "'%s' is not a known key: %s", key, known);
	return NULL;
}

static int
parse(const struct arg *keys, unsigned int n_keys, const char *text, void *out, uint32_t *seen,
      struct esw_err *err)
{
	struct rte_kvargs *kv;
	int ret = 0;
	unsigned int i;

	*seen = 0;
	if (text == NULL || text[0] == '\0')
		return 0;
	kv = rte_kvargs_parse(text, NULL);
	if (kv == NULL)
		return esw_err_set(err, -EINVAL,
				   "device arguments: '%.120s' is no list of at most %u key=value",
				   text, RTE_KVARGS_MAX);
	for (i = 0; i < kv->count && ret == 0; i++) {
		const char *value = kv->pairs[i].value;
		const struct arg *k = key_find(keys, n_keys, kv->pairs[i].key, err);

		if (k == NULL)
			ret = -EINVAL;
		else if (value == NULL || value[0] == '\0')
			ret = esw_err_set(err, -EINVAL, "%s: no value", k->key);
		else if (!k->repeatable && (*seen & RTE_BIT32(k - keys)) != 0)
			ret = esw_err_set(err, -EINVAL, "%s: said twice", k->key);
		else
			ret = k->parse(out, k->key, value, err);
		if (ret == 0)
			*seen |= RTE_BIT32(k - keys);
	}
	rte_kvargs_free(kv);
	return ret;
}

/* Rules between keys. */
static int
attach_check(const struct esn_pf_args *a, struct esw_err *err)
{
	uint16_t i, j;

	for (i = 0; i < a->n_attach; i++) {
		const struct esn_attach *at = &a->attach[i];

		if (at->vf >= a->vfs)
			return esw_err_set(err, -EINVAL, "attach: vf%u is out of range vf0 to vf%u",
					   at->vf, a->vfs - 1);
		if (strcmp(at->port, a->uplink) == 0)
			return esw_err_set(err, -EINVAL, "attach: port %s is the uplink already",
					   at->port);
		for (j = 0; j < i; j++) {
			if (a->attach[j].vf == at->vf)
				return esw_err_set(err, -EINVAL,
						   "attach: vf%u has a port behind it already, %s",
						   at->vf, a->attach[j].port);
			if (strcmp(a->attach[j].port, at->port) == 0)
				return esw_err_set(err, -EINVAL,
						   "attach: port %s is behind vf%u already",
						   at->port, a->attach[j].vf);
		}
	}
	return 0;
}

int
esn_pf_args_parse(struct esn_pf_args *a, const char *text, struct esw_err *err)
{
	uint32_t seen;
	int ret;

	*a = (struct esn_pf_args){
		.vfs = 1,
		.mode = ESW_MODE_SWITCHDEV,
		.speed = ESN_SPEED_DEFAULT,
		.mtu = ESN_MTU_DEFAULT,
	};
	ret = parse(pf_keys, RTE_DIM(pf_keys), text, a, &seen, err);
	if (ret == 0)
		ret = attach_check(a, err);
	if (ret == 0) {
		ret = esn_args_representors(text, a->vfs, a->reps, err);
		ret = RTE_MIN(ret, 0);
	}
	return ret;
}

int
esn_vf_args_parse(struct esn_vf_args *a, const char *text, struct esw_err *err)
{
	uint32_t seen;
	int ret;

	*a = (struct esn_vf_args){ .vf = 0 };
	ret = parse(vf_keys, RTE_DIM(vf_keys), text, a, &seen, err);
	if (ret == 0 && seen != RTE_BIT32(RTE_DIM(vf_keys)) - 1)
		ret = esw_err_set(err, -EINVAL,
				  "a VF's port needs pf=<PF device> and vf=<index>, e.g. "
				  "pf=net_eswitch_pf0,vf=0");
	return ret;
}
