/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/*
 * Fuzzes rules as applications give them: rte_flow's items, actions and attributes on the PF's
 * port, a VF's and representors. rte_flow_validate() and rte_flow_create() must say the same, word
 * for word, and what was made can be asked, dumped and destroyed.
 */
#include <rte_bus_vdev.h>
#include <rte_errno.h>

#include "flow.h"
#include "flow_port.h"
#include "fuzz_flow_acts.h"

#define STEPS 16
#define RULES 8
#define HANDLES 4

/* The PF's, representors 0 and 1, VF 0's own, and one that no device has. */
static uint16_t port[5];
static struct rte_mempool *pool;
static struct rte_flow *rule[RULES];
static uint16_t rule_port[RULES];
static struct rte_flow_action_handle *handle[HANDLES];
static FILE *nowhere;

static uint16_t
port_up(const char *name)
{
	const struct rte_eth_conf conf = { .rxmode = { .mq_mode = RTE_ETH_MQ_RX_NONE } };
	uint16_t id;

	promise(rte_eth_dev_get_port_by_name(name, &id) == 0, "a port", name);
	promise(rte_eth_dev_configure(id, 2, 1, &conf) == 0, "a port is set up", name);
	promise(rte_eth_rx_queue_setup(id, 0, 64, 0, NULL, pool) == 0 &&
			rte_eth_rx_queue_setup(id, 1, 64, 0, NULL, pool) == 0 &&
			rte_eth_tx_queue_setup(id, 0, 64, 0, NULL) == 0,
		"a port's queues are set up", name);
	promise(rte_eth_dev_start(id) == 0, "a port starts", name);
	return id;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	pool = fuzz_start();
	promise(rte_vdev_init("net_eswitch_pf0", "vfs=2,representor=vf[0-1]") == 0, "a PF", "none");
	promise(rte_vdev_init("net_eswitch_vf0", "pf=net_eswitch_pf0,vf=0") == 0, "a VF", "none");
	port[0] = port_up("net_eswitch_pf0");
	port[1] = port_up("net_eswitch_pf0_representor_vf0");
	port[2] = port_up("net_eswitch_pf0_representor_vf1");
	port[3] = port_up("net_eswitch_vf0");
	port[4] = 77;
	api_meter_make(port[1]);
	nowhere = fopen("/dev/null", "w");
	promise(nowhere != NULL, "/dev/null", "none");
	return 0;
}

/* A refusal has a code, a type and one line of a sentence. */
static void
promise_error(int ret, const struct rte_flow_error *e)
{
	promise(ret < 0 && rte_errno == -ret, "a refusal's code", "it is not rte_errno");
	promise(e->type != RTE_FLOW_ERROR_TYPE_NONE, "a refusal has a type", "none");
	promise(e->message != NULL && e->message[0] != '\0', "a refusal has a sentence", "none");
	for (const char *s = e->message; *s != '\0'; s++)
		promise((unsigned char)*s >= 0x20 && *s != 0x7f, "one line", e->message);
}

static void
ask(uint32_t i)
{
	const struct rte_flow_action count[] = { { .type = RTE_FLOW_ACTION_TYPE_COUNT },
						 { .type = RTE_FLOW_ACTION_TYPE_END } };
	const struct rte_flow_action age[] = { { .type = RTE_FLOW_ACTION_TYPE_AGE },
					       { .type = RTE_FLOW_ACTION_TYPE_END } };
	struct rte_flow_query_count c = { .reset = i % 2 };
	struct rte_flow_error e = { .message = NULL };
	struct rte_flow_query_age a;
	int ret = rte_flow_query(rule_port[i], rule[i], count, &c, &e);

	if (ret != 0)
		promise_error(ret, &e);
	memset(&e, 0, sizeof(e));
	ret = rte_flow_query(rule_port[i], rule[i], age, &a, &e);
	if (ret != 0)
		promise_error(ret, &e);
	promise(rte_flow_dev_dump(rule_port[i], rule[i], nowhere, &e) == 0, "a rule is dumped",
		"it is not");
}

static void
destroy(uint32_t i)
{
	struct rte_flow_error e;

	if (rule[i] != NULL)
		promise(rte_flow_destroy(rule_port[i], rule[i], &e) == 0, "a rule is destroyed",
			"it is not");
	rule[i] = NULL;
}

static void
make(struct take *t, struct api *a)
{
	struct rte_flow_error check = { .message = NULL }, create = { .message = NULL };
	uint16_t on = port[take_u8(t) % 4];
	uint32_t at = take_u8(t) % RULES;
	const struct rte_flow_attr *attr = api_attr(t, a);
	const struct rte_flow_item *items = api_items(t, a);
	const struct rte_flow_action *actions = api_actions(t, a, 0);
	char said[256] = "";
	int ret;

	destroy(at);
	ret = rte_flow_validate(on, attr, items, actions, &check);
	if (ret != 0) {
		promise_error(ret, &check);
		snprintf(said, sizeof(said), "%s",
			 check.message); /* the next one may overwrite it */
	}
	rule[at] = rte_flow_create(on, attr, items, actions, &create);
	rule_port[at] = on;
	promise((ret == 0) == (rule[at] != NULL), "validate and create agree",
		ret != 0 ? said : "create refuses");
	if (ret == 0)
		return;
	promise_error(ret, &create);
	promise(check.type == create.type && check.cause == create.cause,
		"validate and create blame the same", said);
	promise(strcmp(said, create.message) == 0, "and say the same", create.message);
}

static void
handle_drop(uint32_t i)
{
	struct rte_flow_error e;

	if (handle[i] == NULL)
		return;
	/* A rule may still have it: then it stays. */
	if (rte_flow_action_handle_destroy(port[i % 3], handle[i], &e) == 0)
		handle[i] = NULL;
}

static void
handle_make(struct take *t, struct api *a)
{
	const struct rte_flow_indir_action_conf conf = {
		.ingress = take_u8(t) % 2,
		.transfer = take_u8(t) % 2,
		.egress = take_u8(t) % 16 == 0,
	};
	uint32_t i = take_u8(t) % HANDLES;
	struct rte_flow_error e = { .message = NULL };
	struct rte_flow_action action = { .type = RTE_FLOW_ACTION_TYPE_VOID };

	api_action(t, a, &action, API_DEEP);
	handle_drop(i);
	if (handle[i] != NULL)
		return;
	handle[i] = rte_flow_action_handle_create(port[i % 3], &conf, &action, &e);
	if (handle[i] == NULL)
		promise_error(-rte_errno, &e);
}

static void
handle_use(struct take *t)
{
	const struct rte_flow_update_age update = {
		.timeout_valid = take_u8(t) % 2,
		.touch = take_u8(t) % 2,
		.timeout = take_u8(t),
	};
	union {
		struct rte_flow_query_count count;
		struct rte_flow_query_age age;
	} answer = { .count = { .reset = 1 } };
	uint32_t i = take_u8(t) % HANDLES;
	struct rte_flow_error e = { .message = NULL };
	int ret;

	if (handle[i] == NULL)
		return;
	ret = rte_flow_action_handle_query(port[i % 3], handle[i], &answer, &e);
	if (ret != 0)
		promise_error(ret, &e);
	memset(&e, 0, sizeof(e));
	ret = rte_flow_action_handle_update(port[i % 3], handle[i], &update, &e);
	if (ret != 0)
		promise_error(ret, &e);
}

static void
frame_send(struct take *t)
{
	uint16_t from = port[take_u8(t) % 4], k;
	struct rte_ether_addr mac;
	struct rte_mbuf *m[32];

	promise(rte_eth_macaddr_get(port[3], &mac) == 0, "an address", "none");
	m[0] = fuzz_frame(t, pool, mac.addr_bytes, mac.addr_bytes);
	promise(rte_eth_tx_burst(from, 0, m, 1) == 1, "a frame is taken", "it is not");
	for (uint16_t q = 0; q < 2; q++) {
		for (uint16_t i = 0; i < 4; i++) {
			k = rte_eth_rx_burst(port[i], q, m, RTE_DIM(m));
			for (uint16_t n = 0; n < k; n++)
				fuzz_look(m[n]);
			rte_pktmbuf_free_bulk(m, k);
		}
	}
}

static void
step(struct take *t, struct api *a)
{
	uint8_t v = take_u8(t);

	switch (v % 8) {
	case 0:
		destroy(v / 8 % RULES);
		break;
	case 1:
		if (rule[v / 8 % RULES] != NULL)
			ask(v / 8 % RULES);
		break;
	case 2:
		handle_make(t, a);
		break;
	case 3:
		handle_use(t);
		break;
	case 4:
		frame_send(t);
		break;
	default:
		make(t, a);
	}
}

static void
all_gone(void)
{
	struct rte_flow_error e;
	struct esn_flow_port p;

	for (uint32_t i = 0; i < 4; i++) {
		promise(rte_flow_flush(port[i], &e) == 0, "a port is flushed", "it is not");
		promise(esn_flow_port_get(&rte_eth_devices[port[i]], &p, &e) == 0, "a port",
			"none");
		promise(esw_flow_number(p.sw, p.ep) == 0, "no rules are left", "some are");
	}
	memset(rule, 0, sizeof(rule));
	for (uint32_t i = 0; i < HANDLES; i++) {
		handle_drop(i);
		promise(handle[i] == NULL, "a handle that no rule has is destroyed", "it is not");
	}
	promise(rte_mempool_avail_count(pool) == FUZZ_POOL_N, "all buffers are back",
		"some are not");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct take t = { data, len };
	static struct api a;

	a.port = port;
	a.handle = handle;
	a.n_handles = HANDLES;

	for (uint32_t i = 0; i < STEPS && t.n > 0; i++)
		step(&t, &a);
	api_forget(&a);
	all_gone();
	return 0;
}
