/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* The key representor=, which ethdev parses, and device names. See devargs.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ethdev_driver.h>
#include <rte_kvargs.h>

#include "compat.h"
#include "devargs.h"

/* Lists in one value: "[vf[0-3],pf0vf5]", which DPDK knows since 24.03. */
#define GROUPS_MAX 8

/* One controller, one PF: 0 or not said. "pf0vf3" and "c0pf0vf3" are this device's VF 3. */
static int
range_check(const struct rte_eth_devargs *da, struct esw_err *err)
{
	uint16_t i;

	if (da->type != RTE_ETH_REPRESENTOR_VF)
		return esw_err_set(err, -EINVAL,
				   "representor: only VFs have one here: vf<list>, [<list>] or "
				   "pf0vf<list>");
	for (i = 0; i < da->nb_mh_controllers; i++)
		if (da->mh_controllers[i] != 0)
			return esw_err_set(err, -EINVAL,
					   "representor: controller %u is out of range 0 to 0",
					   da->mh_controllers[i]);
	for (i = 0; i < da->nb_ports; i++)
		if (da->ports[i] != 0)
			return esw_err_set(err, -EINVAL,
					   "representor: PF %u is out of range 0 to 0",
					   da->ports[i]);
	return 0;
}

/* Only this key is given to ethdev: its parser trusts the number of pairs. */
static int
key_extract(const char *text, char *out, size_t len, struct esw_err *err)
{
	struct rte_kvargs *kv = rte_kvargs_parse(text, NULL);
	const char *value;
	int ret = 0;

	if (kv == NULL)
		return esw_err_set(err, -EINVAL,
				   "device arguments: '%.120s' is no list of at most %u key=value",
				   text, RTE_KVARGS_MAX);
	value = rte_kvargs_get(kv, "representor");
	out[0] = '\0';
	if (rte_kvargs_count(kv, "representor") > 1)
		ret = esw_err_set(err, -EINVAL, "representor: said twice");
	else if (value != NULL && snprintf(out, len, "representor=%s", value) >= (int)len)
		ret = esw_err_set(err, -EINVAL,
				  "representor: '%.60s...' is longer than %zu characters", value,
				  len);
	rte_kvargs_free(kv);
	return ret;
}

/* @return how many VFs the group adds, or a negative errno */
static int
group_add(const struct rte_eth_devargs *da, uint16_t nb_vfs, bool *reps, struct esw_err *err)
{
	int ret = range_check(da, err);
	int n = 0;
	uint16_t i;

	if (ret != 0)
		return ret;
	for (i = 0; i < da->nb_representor_ports; i++) {
		uint16_t vf = da->representor_ports[i];

		if (vf >= nb_vfs)
			return esw_err_set(err, -EINVAL,
					   "representor: VF %u is out of range 0 to %u", vf,
					   nb_vfs - 1);
		if (!reps[vf])
			n++;
		reps[vf] = true;
	}
	return n;
}

int
esn_args_representors(const char *text, uint16_t nb_vfs, bool *reps, struct esw_err *err)
{
	struct rte_eth_devargs da[GROUPS_MAX];
	char key[512] = "";
	int i, groups, ret, n = 0;

	if (text == NULL || text[0] == '\0')
		return 0;
	ret = key_extract(text, key, sizeof(key), err);
	if (ret != 0 || key[0] == '\0')
		return ret;
	groups = esw_compat_devargs_parse(key, da, RTE_DIM(da));
	if (groups < 0)
		return esw_err_set(
			err, -EINVAL,
			"%.120s: not vf<list>, [<list>] or pf0vf<list> of at most %u VFs", key,
			RTE_MAX_ETHPORTS);
	for (i = 0; i < groups; i++) {
		ret = group_add(&da[i], nb_vfs, reps, err);
		if (ret < 0)
			return ret;
		n += ret;
	}
	return n;
}

/*
 * The bus finds drivers by the beginning of a name. A port's name given where a device's is
 * expected ("net_eswitch_pf0_representor_vf2") would thus quietly make a second, empty device.
 */
int
esn_name_check(const char *name, const char *driver, struct esw_err *err)
{
	size_t n = strlen(driver);
	const char *p;

	if (name == NULL || strncmp(name, driver, n) != 0)
		return esw_err_set(err, -EINVAL, "%s: not a device of driver %s",
				   name == NULL ? "(no name)" : name, driver);
	for (p = name + n; isdigit((unsigned char)*p); p++)
		;
	if (*p != '\0' || p == name + n)
		return esw_err_set(
			err, -EINVAL,
			"%s: not a device name, which is %s and a number; a representor is "
			"asked for by its PF's name and representor=vf<N>",
			name, driver);
	return 0;
}
