/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_common.h>

#include "pattern.h"
#include "ports.h"

static const char *const names[] = {
	[BENCH_PATTERN_MESH] = "mesh",
	[BENCH_PATTERN_PAIRS] = "pairs",
	[BENCH_PATTERN_RING] = "ring",
	[BENCH_PATTERN_MANY_TO_ONE] = "many-to-one",
	[BENCH_PATTERN_ONE_TO_MANY] = "one-to-many",
	[BENCH_PATTERN_CONGESTION] = "congestion",
	[BENCH_PATTERN_BROADCAST] = "broadcast",
};

const char *
bench_pattern_name(enum bench_pattern pattern)
{
	return names[pattern];
}

int
bench_pattern_parse(const char *name, enum bench_pattern *pattern, char *err, size_t errlen)
{
	for (size_t i = 0; i < RTE_DIM(names); i++)
		if (strcmp(name, names[i]) == 0) {
			*pattern = (enum bench_pattern)i;
			return 0;
		}
	snprintf(
		err, errlen,
		"--pattern %s: expected mesh, pairs, ring, many-to-one, one-to-many, congestion or "
		"broadcast",
		name);
	return -EINVAL;
}

bool
bench_pattern_sends(enum bench_pattern pattern, const struct bench_ports *ports, unsigned int s,
		    unsigned int r)
{
	const uint16_t tx = ports->tx[s], rx = ports->rx[r];

	switch (pattern) {
	case BENCH_PATTERN_PAIRS:
		return s == r;
	case BENCH_PATTERN_RING:
		return rx == ports->tx[(s + 1) % ports->n_tx];
	case BENCH_PATTERN_CONGESTION:
		return s == 0 || r == 1;
	case BENCH_PATTERN_MESH:
	case BENCH_PATTERN_MANY_TO_ONE:
	case BENCH_PATTERN_ONE_TO_MANY:
	case BENCH_PATTERN_BROADCAST:
		break;
	}
	return tx != rx || ports->n_rx == 1;
}

uint16_t
bench_pattern_group(enum bench_pattern pattern, unsigned int s, unsigned int r)
{
	if (pattern == BENCH_PATTERN_CONGESTION)
		return (uint16_t)(s == 1 ? BENCH_GROUP_FULL : r);
	return (uint16_t)(pattern == BENCH_PATTERN_BROADCAST ? s : r);
}

uint16_t
bench_pattern_groups(enum bench_pattern pattern, const struct bench_ports *ports)
{
	if (pattern == BENCH_PATTERN_CONGESTION)
		return 3;
	return (uint16_t)(pattern == BENCH_PATTERN_BROADCAST ? ports->n_tx : ports->n_rx);
}

static bool
receives(const struct bench_ports *ports, uint16_t port)
{
	for (unsigned int r = 0; r < ports->n_rx; r++)
		if (ports->rx[r] == port)
			return true;
	return false;
}

/* The number of ports. */
static int
check_numbers(enum bench_pattern pattern, const struct bench_ports *ports, char *err, size_t errlen)
{
	const unsigned int n_tx = ports->n_tx, n_rx = ports->n_rx;
	const char *need = NULL;

	switch (pattern) {
	case BENCH_PATTERN_PAIRS:
		need = n_tx != n_rx ? "as many receiving as sending ports" : NULL;
		break;
	case BENCH_PATTERN_RING:
		need = n_tx < 2 ? "at least two sending ports" : NULL;
		break;
	case BENCH_PATTERN_MANY_TO_ONE:
		need = n_tx < 2 || n_rx != 1 ?
			       "at least two sending ports and exactly one receiving port" :
			       NULL;
		break;
	case BENCH_PATTERN_ONE_TO_MANY:
		need = n_tx != 1 || n_rx - receives(ports, ports->tx[0]) < 2 ?
			       "exactly one sending port and at least two other receiving ones" :
			       NULL;
		break;
	case BENCH_PATTERN_CONGESTION:
		need = n_tx != 2 || n_rx != 2 ? "exactly two sending and two receiving ports" :
						NULL;
		break;
	case BENCH_PATTERN_MESH:
	case BENCH_PATTERN_BROADCAST:
		break;
	}
	if (need == NULL)
		return 0;
	snprintf(err, errlen, "--pattern %s: needs %s; --tx names %u, --rx %u", names[pattern],
		 need, n_tx, n_rx);
	return -EINVAL;
}

/* Which ports: none may get its own frames, and in a ring every one receives. */
static int
check_ports(enum bench_pattern pattern, const struct bench_ports *ports, unsigned int s, char *err,
	    size_t errlen)
{
	const uint16_t tx = ports->tx[s];
	const char *fault = NULL;

	if (pattern == BENCH_PATTERN_PAIRS && ports->n_rx > 1 && tx == ports->rx[s])
		fault = "would send to itself: give --rx another order";
	else if (pattern == BENCH_PATTERN_RING && !receives(ports, tx))
		fault = "is in --tx and not in --rx";
	else if ((pattern == BENCH_PATTERN_MANY_TO_ONE || pattern == BENCH_PATTERN_CONGESTION) &&
		 receives(ports, tx))
		fault = "is in --tx and in --rx: senders and receivers must be different ports";
	if (fault == NULL)
		return 0;
	snprintf(err, errlen, "--pattern %s: port %s %s", names[pattern], ports->port[tx].name,
		 fault);
	return -EINVAL;
}

int
bench_pattern_check(enum bench_pattern pattern, const struct bench_ports *ports, char *err,
		    size_t errlen)
{
	int rc = check_numbers(pattern, ports, err, errlen);

	for (unsigned int s = 0; rc == 0 && s < ports->n_tx; s++)
		rc = check_ports(pattern, ports, s, err, errlen);
	return rc;
}
