/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Extended statistics: every counter of the VF under its own name, then every counter of the
 * representor itself with "rep_" before it ("rep_rx_delivered": what came in here).
 *
 * A device always gives the same counters in the same order, so a counter's place is its id.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_string_fns.h>

#include "internal.h"

#define XSTATS_MAX (2 * SWD_COUNTERS_MAX)

/*
 * All of them, named.
 * @return how many; *c is to be freed. Or a negative errno.
 */
static int
read_all(struct rte_eth_dev *dev, struct swd_counter **c)
{
	const struct rep_port *rp = rep_port_of(dev);
	char name[SWD_COUNTER_NAME_LEN];
	int n, m = 0;

	*c = calloc(XSTATS_MAX, sizeof(**c));
	if (*c == NULL)
		return -ENOMEM;
	n = rep_counters_get(dev, rp->vf, rp->base_vf, *c);
	if (n >= 0)
		m = rep_counters_get(dev, SWD_PORT_REP(rp->vf), rp->base_rep, *c + n);
	if (n < 0 || m < 0) {
		free(*c);
		*c = NULL;
		return n < 0 ? n : m;
	}
	for (int i = n; i < n + m; i++) {
		strlcpy(name, (*c)[i].name, sizeof(name));
		snprintf((*c)[i].name, sizeof((*c)[i].name), "rep_%.*s", (int)sizeof(name) - 5,
			 name);
	}
	return n + m;
}

int
rep_xstats_get(struct rte_eth_dev *dev, struct rte_eth_xstat *xs, unsigned int n)
{
	struct swd_counter *c;
	int count = read_all(dev, &c);

	if (count < 0)
		return count;
	for (int i = 0; xs != NULL && n >= (unsigned int)count && i < count; i++) {
		xs[i].id = i;
		xs[i].value = c[i].value;
	}
	free(c);
	return count;
}

int
rep_xstats_get_names(struct rte_eth_dev *dev, struct rte_eth_xstat_name *names, unsigned int n)
{
	struct swd_counter *c;
	int count = read_all(dev, &c);

	if (count < 0)
		return count;
	for (int i = 0; names != NULL && n >= (unsigned int)count && i < count; i++)
		strlcpy(names[i].name, c[i].name, sizeof(names[i].name));
	free(c);
	return count;
}

/* Are all ids those of counters? Nothing is written otherwise. */
static bool
ids_known(const uint64_t *ids, unsigned int n, int count)
{
	for (unsigned int i = 0; i < n; i++) {
		if (ids[i] >= (uint64_t)count)
			return false;
	}
	return true;
}

int
rep_xstats_get_by_id(struct rte_eth_dev *dev, const uint64_t *ids, uint64_t *values, unsigned int n)
{
	struct swd_counter *c;
	int count = read_all(dev, &c);
	int ret = count;

	if (count < 0)
		return count;
	if (ids == NULL) {
		for (int i = 0; values != NULL && n >= (unsigned int)count && i < count; i++)
			values[i] = c[i].value;
	} else if (values == NULL || !ids_known(ids, n, count)) {
		ret = -EINVAL;
	} else {
		for (unsigned int i = 0; i < n; i++)
			values[i] = c[ids[i]].value;
		ret = (int)n;
	}
	free(c);
	return ret;
}

int
rep_xstats_get_names_by_id(struct rte_eth_dev *dev, const uint64_t *ids,
			   struct rte_eth_xstat_name *names, unsigned int n)
{
	struct swd_counter *c;
	int count, ret;

	if (ids == NULL)
		return rep_xstats_get_names(dev, names, n);
	count = read_all(dev, &c);
	if (count < 0)
		return count;
	ret = (int)n;
	if (names == NULL || !ids_known(ids, n, count))
		ret = -EINVAL;
	for (int i = 0; i < ret; i++)
		strlcpy(names[i].name, c[ids[i]].name, sizeof(names[i].name));
	free(c);
	return ret;
}
