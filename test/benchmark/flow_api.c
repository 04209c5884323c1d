/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * How many rules a second an application makes and destroys through rte_flow, one at a time
 * (rte_flow_create) and through a template table's queue (rte_flow_async_create, with a push and a
 * pull for every BATCH of them).
 *
 * The rules are what OVS offloads most: ETH, IPV4 with its own source address; COUNT,
 * REPRESENTED_PORT; made on the representor of VF 0. Each figure is the median of ROUNDS rounds of
 * all rules, the ways taken in turn. There are two: by the clock, and by the processor time that
 * the thread had; on a machine that others use it is the second that says what the code costs.
 *
 * usage: flow_api_benchmark [--rules N] [--batch N] [--sync] [EAL arguments]; --sync: not the queue
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_bus_vdev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_flow.h>

#define NIC "net_eswitch_pf0"
#define ROUNDS 5
#define QUEUE_SIZE 1024
#define BATCH_MAX 512

enum what { SYNC_MADE, SYNC_DESTROYED, ASYNC_MADE, ASYNC_DESTROYED, WHATS };

static const char *const names[WHATS] = {
	[SYNC_MADE] = "rte_flow_create",
	[SYNC_DESTROYED] = "rte_flow_destroy",
	[ASYNC_MADE] = "rte_flow_async_create",
	[ASYNC_DESTROYED] = "rte_flow_async_destroy",
};

struct watch {
	struct timespec wall, cpu;
};

struct result {
	double wall[ROUNDS], cpu[ROUNDS]; /* million a second */
};

struct rig {
	uint16_t port, to;
	uint32_t rules, batch;
	bool sync_only;
	struct rte_flow **flow;
	struct rte_flow_template_table *table;
	struct result r[WHATS];
};

static struct rte_flow_error error;

static int
fail(const char *what)
{
	fprintf(stderr, "%s: %s (%s)\n", what, error.message != NULL ? error.message : "",
		rte_strerror(rte_errno));
	return -1;
}

static void
watch_start(struct watch *w)
{
	clock_gettime(CLOCK_MONOTONIC, &w->wall);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &w->cpu);
}

static double
since(const struct timespec *from, clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

static void
watch_stop(const struct watch *w, struct rig *g, enum what what, unsigned int round)
{
	g->r[what].cpu[round] = g->rules / since(&w->cpu, CLOCK_THREAD_CPUTIME_ID) / 1e6;
	g->r[what].wall[round] = g->rules / since(&w->wall, CLOCK_MONOTONIC) / 1e6;
}

static int
sync_run(struct rig *g, unsigned int round)
{
	const struct rte_flow_attr attr = { .transfer = 1 };
	const struct rte_flow_item_ipv4 mask = { .hdr.src_addr = UINT32_MAX };
	const struct rte_flow_action_ethdev to = { .port_id = g->to };
	struct rte_flow_item_ipv4 spec = { 0 };
	const struct rte_flow_item items[] = {
		{ .type = RTE_FLOW_ITEM_TYPE_ETH },
		{ .type = RTE_FLOW_ITEM_TYPE_IPV4, .spec = &spec, .mask = &mask },
		{ .type = RTE_FLOW_ITEM_TYPE_END },
	};
	const struct rte_flow_action actions[] = {
		{ .type = RTE_FLOW_ACTION_TYPE_COUNT },
		{ .type = RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT, .conf = &to },
		{ .type = RTE_FLOW_ACTION_TYPE_END },
	};
	struct watch w;

	watch_start(&w);
	for (uint32_t i = 0; i < g->rules; i++) {
		spec.hdr.src_addr = rte_cpu_to_be_32(i);
		g->flow[i] = rte_flow_create(g->port, &attr, items, actions, &error);
		if (g->flow[i] == NULL)
			return fail("rte_flow_create");
	}
	watch_stop(&w, g, SYNC_MADE, round);
	watch_start(&w);
	for (uint32_t i = 0; i < g->rules; i++)
		if (rte_flow_destroy(g->port, g->flow[i], &error) != 0)
			return fail("rte_flow_destroy");
	watch_stop(&w, g, SYNC_DESTROYED, round);
	return 0;
}

/* What a template says, and each rule: all but the source address and the port is constant. */
static int
table_make(struct rig *g)
{
	const struct rte_flow_pattern_template_attr pt_attr = { .transfer = 1 };
	const struct rte_flow_actions_template_attr at_attr = { .transfer = 1 };
	const struct rte_flow_template_table_attr attr = {
		.flow_attr.transfer = 1,
		.nb_flows = g->rules,
	};
	const struct rte_flow_item_ipv4 mask = { .hdr.src_addr = UINT32_MAX };
	const struct rte_flow_item items[] = {
		{ .type = RTE_FLOW_ITEM_TYPE_ETH },
		{ .type = RTE_FLOW_ITEM_TYPE_IPV4, .mask = &mask },
		{ .type = RTE_FLOW_ITEM_TYPE_END },
	};
	const struct rte_flow_action actions[] = {
		{ .type = RTE_FLOW_ACTION_TYPE_COUNT },
		{ .type = RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT },
		{ .type = RTE_FLOW_ACTION_TYPE_END },
	};
	struct rte_flow_pattern_template *pt;
	struct rte_flow_actions_template *at;

	pt = rte_flow_pattern_template_create(g->port, &pt_attr, items, &error);
	if (pt == NULL)
		return fail("rte_flow_pattern_template_create");
	at = rte_flow_actions_template_create(g->port, &at_attr, actions, actions, &error);
	if (at == NULL)
		return fail("rte_flow_actions_template_create");
	g->table = rte_flow_template_table_create(g->port, &attr, &pt, 1, &at, 1, &error);
	return g->table != NULL ? 0 : fail("rte_flow_template_table_create");
}

/* The batch is under way: have it done, and look at each result. */
static int
batch_end(struct rig *g, uint32_t n)
{
	struct rte_flow_op_result res[BATCH_MAX];
	int got;

	if (rte_flow_push(g->port, 0, &error) != 0)
		return fail("rte_flow_push");
	for (; n != 0; n -= got) {
		got = rte_flow_pull(g->port, 0, res, RTE_MIN(n, (uint32_t)BATCH_MAX), &error);
		if (got < 0)
			return fail("rte_flow_pull");
		for (int i = 0; i < got; i++)
			if (res[i].status != RTE_FLOW_OP_SUCCESS)
				return fail("a result is an error");
	}
	return 0;
}

static int
async_make(struct rig *g)
{
	const struct rte_flow_op_attr later = { .postpone = 1 };
	const struct rte_flow_action_ethdev to = { .port_id = g->to };
	struct rte_flow_item_ipv4 spec = { 0 };
	const struct rte_flow_item items[] = {
		{ .type = RTE_FLOW_ITEM_TYPE_ETH },
		{ .type = RTE_FLOW_ITEM_TYPE_IPV4, .spec = &spec },
		{ .type = RTE_FLOW_ITEM_TYPE_END },
	};
	const struct rte_flow_action actions[] = {
		{ .type = RTE_FLOW_ACTION_TYPE_COUNT },
		{ .type = RTE_FLOW_ACTION_TYPE_REPRESENTED_PORT, .conf = &to },
		{ .type = RTE_FLOW_ACTION_TYPE_END },
	};
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->rules; i++) {
		spec.hdr.src_addr = rte_cpu_to_be_32(i);
		g->flow[i] = rte_flow_async_create(g->port, 0, &later, g->table, items, 0, actions,
						   0, NULL, &error);
		if (g->flow[i] == NULL)
			return fail("rte_flow_async_create");
		if (++n < g->batch && i + 1 != g->rules)
			continue;
		if (batch_end(g, n) != 0)
			return -1;
		n = 0;
	}
	return 0;
}

static int
async_destroy(struct rig *g)
{
	const struct rte_flow_op_attr later = { .postpone = 1 };
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->rules; i++) {
		if (rte_flow_async_destroy(g->port, 0, &later, g->flow[i], NULL, &error) != 0)
			return fail("rte_flow_async_destroy");
		if (++n < g->batch && i + 1 != g->rules)
			continue;
		if (batch_end(g, n) != 0)
			return -1;
		n = 0;
	}
	return 0;
}

static int
async_run(struct rig *g, unsigned int round)
{
	struct watch w;

	watch_start(&w);
	if (async_make(g) != 0)
		return -1;
	watch_stop(&w, g, ASYNC_MADE, round);
	watch_start(&w);
	if (async_destroy(g) != 0)
		return -1;
	watch_stop(&w, g, ASYNC_DESTROYED, round);
	return 0;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
results_print(struct rig *g)
{
	printf("%u rules, batches of %u; million a second, median of %d rounds\n", g->rules,
	       g->batch, ROUNDS);
	printf("%-24s %8s %8s %20s\n", "", "clock", "CPU", "CPU least - most");
	for (unsigned int i = 0; i < (g->sync_only ? ASYNC_MADE : WHATS); i++) {
		struct result *r = &g->r[i];

		qsort(r->wall, ROUNDS, sizeof(double), by_value);
		qsort(r->cpu, ROUNDS, sizeof(double), by_value);
		printf("%-24s %8.2f %8.2f %12.2f - %5.2f\n", names[i], r->wall[ROUNDS / 2],
		       r->cpu[ROUNDS / 2], r->cpu[0], r->cpu[ROUNDS - 1]);
	}
}

static int
measure(struct rig *g)
{
	const struct rte_flow_queue_attr size = { .size = QUEUE_SIZE }, *sizes[] = { &size };
	const struct rte_flow_port_attr attr = { .nb_counters = g->rules };
	const struct rte_eth_conf conf = { 0 };

	if (rte_vdev_init(NIC, "vfs=2,representor=vf[0-1]") != 0)
		return fail(NIC);
	if (rte_eth_dev_get_port_by_name(NIC "_representor_vf0", &g->port) != 0 ||
	    rte_eth_dev_get_port_by_name(NIC "_representor_vf1", &g->to) != 0 ||
	    rte_eth_dev_configure(g->port, 1, 1, &conf) != 0)
		return fail("representors");
	if (!g->sync_only && rte_flow_configure(g->port, &attr, 1, sizes, &error) != 0)
		return fail("rte_flow_configure");
	if (!g->sync_only && table_make(g) != 0)
		return -1;
	for (unsigned int i = 0; i < ROUNDS; i++)
		if (sync_run(g, i) != 0 || (!g->sync_only && async_run(g, i) != 0))
			return -1;
	results_print(g);
	return rte_vdev_uninit(NIC);
}

static int
run(struct rig *g)
{
	int ret;

	g->flow = calloc(g->rules, sizeof(void *));
	if (g->flow == NULL)
		return fail("memory");
	ret = measure(g);
	free(g->flow);
	return ret;
}

int
main(int argc, char **argv)
{
	/* the last is made a runtime folder of its own */
	static char plain[][32] = { "--no-huge",      "-m",
				    "1024",           "--no-pci",
				    "--no-telemetry", "--log-level=3",
				    "--no-shconf",    "--file-prefix=" };
	struct rig g = { .rules = 1000000, .batch = 32 };
	char *args[32] = { argv[0] };
	int n = 1;

	snprintf(plain[RTE_DIM(plain) - 1], sizeof(plain[0]), "--file-prefix=flowapi%d", getpid());
	for (int i = 1; i < argc && n < (int)RTE_DIM(args) - 8; i++) {
		if (strcmp(argv[i], "--rules") == 0 && i + 1 < argc)
			g.rules = strtoul(argv[++i], NULL, 0);
		else if (strcmp(argv[i], "--batch") == 0 && i + 1 < argc)
			g.batch = strtoul(argv[++i], NULL, 0);
		else if (strcmp(argv[i], "--sync") == 0)
			g.sync_only = true;
		else
			args[n++] = argv[i];
	}
	for (unsigned int i = 0; n == 1 && i < RTE_DIM(plain); i++)
		args[1 + i] = plain[i];
	if (n == 1)
		n += RTE_DIM(plain);
	if (g.rules == 0 || g.batch == 0 || g.batch > QUEUE_SIZE) {
		fprintf(stderr, "--rules: 1 or more; --batch: 1 to %d\n", QUEUE_SIZE);
		return 1;
	}
	if (rte_eal_init(n, args) < 0 || run(&g) != 0)
		return 1;
	rmdir(rte_eal_get_runtime_dir()); /* empty if nothing is shared */
	return rte_eal_cleanup() == 0 ? 0 : 1;
}
