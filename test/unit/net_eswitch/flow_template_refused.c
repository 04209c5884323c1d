/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/* What templates, tables and rte_flow_configure() refuse, and how. */
#include "flow_async_rig.h"

static struct rte_flow_error error;

static void
pt_refused_on(uint16_t port, const struct rte_flow_pattern_template_attr *attr,
	      const struct rte_flow_item *items, int code, enum rte_flow_error_type type,
	      const void *cause, const char *words)
{
	memset(&error, 0, sizeof(error));
	assert_null(rte_flow_pattern_template_create(port, attr, items, &error));
	flow_refused(-rte_errno, &error, code, type, cause, words);
}

static void
pt_refused(const struct rte_flow_item *items, int code, enum rte_flow_error_type type,
	   const void *cause, const char *words)
{
	pt_refused_on(flow_rep0, &pt_transfer, items, code, type, cause, words);
}

static void
at_refused(const struct rte_flow_action *actions, const struct rte_flow_action *masks, int code,
	   enum rte_flow_error_type type, const void *cause, const char *words)
{
	memset(&error, 0, sizeof(error));
	assert_null(
		rte_flow_actions_template_create(flow_rep0, &at_transfer, actions, masks, &error));
	flow_refused(-rte_errno, &error, code, type, cause, words);
}

static void
directions(void **state)
{
	const struct rte_flow_pattern_template_attr egress = { .egress = 1 }, none = { 0 };
	const struct rte_flow_pattern_template_attr both = { .ingress = 1, .transfer = 1 };
	const struct rte_flow_actions_template_attr at_none = { 0 };
	struct rte_flow_item *items = PATTERN(ITEM(PORT_ID));

	(void)state;
	pt_refused_on(flow_rep0, &egress, PATTERN(ITEM(ETH)), ENOTSUP,
		      RTE_FLOW_ERROR_TYPE_ATTR_EGRESS, NULL, "egress rules are not supported");
	pt_refused_on(flow_rep0, &none, PATTERN(ITEM(ETH)), EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, NULL,
		      "for ingress, for transfer");
	pt_refused_on(flow_rep0, &both, items, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, items,
		      "port items are for transfer rules");
	async_configure(flow_vf0);
	pt_refused_on(flow_vf0, &pt_transfer, PATTERN(ITEM(ETH)), EPERM,
		      RTE_FLOW_ERROR_TYPE_ATTR_TRANSFER, NULL, "does not program");
	assert_null(rte_flow_actions_template_create(flow_rep0, &at_none, ACTIONS(ACT(DROP)),
						     ACTIONS(ACT(DROP)), &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR, NULL, "for ingress");
}

static void
patterns(void **state)
{
	const struct rte_flow_item_ipv4 cksum = { .hdr.hdr_checksum = UINT16_MAX };
	const struct rte_flow_item_ethdev part = { .port_id = 1 };
	const struct rte_flow_item_udp udp = { .hdr.src_port = RTE_BE16(5) };
	struct rte_flow_item many[33] = { [0 ... 31] = ITEM(VOID), [32] = ITEM(END) };
	struct rte_flow_item *items;

	(void)state;
	items = PATTERN(ITEM(ETH), ITEM(GENEVE));
	pt_refused(items, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM, &items[1], "not supported");
	items = PATTERN(ITEM(IPV4), ITEM(ETH));
	pt_refused(items, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, &items[1], "order of headers");
	items = PATTERN(ITEM(IPV4, .mask = &cksum));
	pt_refused(items, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_MASK, &cksum, "checksum");
	items = PATTERN(ITEM(UDP, .mask = &udp, .last = &udp));
	pt_refused(items, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, items, "there is no spec");
	items = PATTERN(ITEM(REPRESENTED_PORT, .mask = &part));
	pt_refused(items, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_MASK, &part, "as a whole");
	items = PATTERN(ITEM(REPRESENTED_PORT), ITEM(PORT_REPRESENTOR));
	pt_refused(items, EINVAL, RTE_FLOW_ERROR_TYPE_ITEM, &items[1], "a port item already");
	items = PATTERN(ITEM(REPRESENTED_PORT, OF(part), .last = &part));
	pt_refused(items, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_LAST, &part, "about one port");
	pt_refused(many, ENOTSUP, RTE_FLOW_ERROR_TYPE_ITEM_NUM, many, "at most 31 items");
}

static void
actions(void **state)
{
	const struct rte_flow_action_mark mark = { .id = 1 };
	const struct rte_flow_action_set_ttl ttl = { .ttl_value = 1 };
	const struct rte_flow_action_of_set_vlan_pcp pcp = { .vlan_pcp = 8 }, all = { 255 };
	struct rte_flow_action *a, *m;

	(void)state;
	a = ACTIONS(ACT(COUNT), ACT(DROP));
	m = ACTIONS(ACT(DROP), ACT(COUNT));
	at_refused(a, m, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, m, "not of the actions' types");
	a = ACTIONS(ACT(SECURITY), ACT(DROP));
	at_refused(a, a, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION, a, "not supported");
	a = ACTIONS(ACT(DROP), ACT(SET_TTL));
	at_refused(a, a, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, &a[1], "and ends");
	a = ACTIONS(ACT(COUNT));
	at_refused(a, a, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, a, "where the frame goes");
	a = ACTIONS(ACT(AGE), ACT(AGE), ACT(DROP));
	at_refused(a, a, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION, &a[1], "one age");
	a = ACTIONS(ACT(MARK), ACT(PORT_ID));
	m = ACTIONS(ACT(MARK, .conf = &mark), ACT(PORT_ID));
	at_refused(a, m, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, a, "no configuration");
	a = ACTIONS(ACT(OF_SET_VLAN_PCP, .conf = &pcp), ACT(PORT_ID));
	m = ACTIONS(ACT(OF_SET_VLAN_PCP, .conf = &all), ACT(PORT_ID));
	at_refused(a, m, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, &pcp, "out of range 0 to 7");
	a = ACTIONS(ACT(INDIRECT), ACT(DROP));
	at_refused(a, a, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, a, "says what it is");
	a = ACTIONS(ACT(QUEUE), ACT(SET_TTL, .conf = &ttl));
	at_refused(a, a, ENOTSUP, RTE_FLOW_ERROR_TYPE_ACTION, a, "for ingress rules only");
}

static void
table_refused(const struct rte_flow_template_table_attr *attr, const struct rte_flow_item *items,
	      const struct rte_flow_action *acts, const struct rte_flow_action *masks, int code,
	      enum rte_flow_error_type type, const char *words)
{
	struct rte_flow_pattern_template *pt = pt_make(&pt_transfer, items);
	struct rte_flow_actions_template *at = at_make(acts, masks);
	const void *cause = NULL;

	memset(&error, 0, sizeof(error));
	assert_null(rte_flow_template_table_create(flow_rep0, attr, &pt, 1, &at, 1, &error));
	cause = error.cause; /* the attributes, a part of them, or nothing */
	flow_refused(-rte_errno, &error, code, type, cause, words);
	/* Neither is in use. */
	assert_int_equal(rte_flow_pattern_template_destroy(flow_rep0, pt, &error), 0);
	assert_int_equal(rte_flow_actions_template_destroy(flow_rep0, at, &error), 0);
}

static void
tables(void **state)
{
	struct rte_flow_template_table_attr attr = { .flow_attr.transfer = 1, .nb_flows = 10 };
	const struct rte_flow_action_jump jump = { .group = 3 };
	struct rte_flow_action *drop = ACTIONS(ACT(DROP)), *ttl = ACTIONS(ACT(DEC_TTL), ACT(DROP));
	struct rte_flow_action *to = ACTIONS(ACT(JUMP, .conf = &jump));
	struct rte_flow_action *back = ACTIONS(TO_PORT(flow_rep0));
	struct rte_flow_item *any = PATTERN(ITEM(ETH));
	struct rte_flow_pattern_template *pt = pt_make(&pt_transfer, any);

	(void)state;
	table_refused(&attr, any, ttl, ttl, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, "no item says");
	table_refused(&attr, any, back, back, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, "back to who");
	attr.flow_attr.group = 3;
	table_refused(&attr, any, to, to, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION_CONF, "higher");
	attr.flow_attr.priority = 65536;
	table_refused(&attr, any, drop, drop, ENOTSUP, RTE_FLOW_ERROR_TYPE_ATTR_PRIORITY,
		      "out of range 0 to 65535");
	attr = (struct rte_flow_template_table_attr){ .flow_attr.ingress = 1, .nb_flows = 10 };
	table_refused(&attr, any, drop, drop, EINVAL, RTE_FLOW_ERROR_TYPE_ATTR,
		      "not for the direction");
	attr = (struct rte_flow_template_table_attr){ .flow_attr.transfer = 1 };
	table_refused(&attr, any, drop, drop, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED,
		      "for 0 rules");
	attr.nb_flows = 1;
	assert_null(rte_flow_template_table_create(flow_rep0, &attr, &pt, 1,
						   (struct rte_flow_actions_template *[]){ NULL },
						   0, &error));
	flow_refused(-rte_errno, &error, EINVAL, RTE_FLOW_ERROR_TYPE_UNSPECIFIED, NULL,
		     "at least one");
}

static void
in_use(void **state)
{
	struct rte_flow_pattern_template *pt = pt_make(&pt_transfer, PATTERN(ITEM(ETH)));
	struct rte_flow_action *acts = ACTIONS(ACT(DROP));
	struct rte_flow_actions_template *at = at_make(acts, acts);
	struct rte_flow_template_table *t = table_make(pt, at, 1);
	struct rte_flow *flow;

	(void)state;
	flow_refused(rte_flow_pattern_template_destroy(flow_rep0, pt, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_UNSPECIFIED, pt, "in 1 tables");
	flow_refused(rte_flow_actions_template_destroy(flow_rep0, at, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_UNSPECIFIED, at, "in 1 tables");
	flow = rule_make(&now, t, PATTERN(ITEM(ETH)), acts, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	flow_refused(rte_flow_template_table_destroy(flow_rep0, t, &error), &error, EBUSY,
		     RTE_FLOW_ERROR_TYPE_UNSPECIFIED, t, "has 1 rules");
	rule_destroy(&now, flow, NULL);
	assert_int_equal(rte_flow_template_table_destroy(flow_rep0, t, &error), 0);
	assert_int_equal(rte_flow_pattern_template_destroy(flow_rep0, pt, &error), 0);
	assert_int_equal(rte_flow_actions_template_destroy(flow_rep0, at, &error), 0);
}

static void
configure_refused(const struct rte_flow_port_attr *attr, uint16_t n, uint32_t size, int code,
		  const char *words)
{
	const struct rte_flow_queue_attr queue = { .size = size };
	const struct rte_flow_queue_attr *queues[65];

	for (unsigned int i = 0; i < RTE_DIM(queues); i++)
		queues[i] = &queue;
	memset(&error, 0, sizeof(error));
	assert_int_equal(rte_flow_configure(flow_rep0, attr, n, queues, &error), -code);
	if (strstr(error.message, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error.message, words);
}

/* What rte_flow_info_get() says is what rte_flow_configure() takes. */
static void
limits(void **state)
{
	struct rte_flow_port_info info;
	struct rte_flow_queue_info queue;
	struct rte_flow_port_attr attr = { 0 };
	const struct rte_flow_queue_attr *none[] = { NULL };

	(void)state;
	assert_int_equal(rte_flow_info_get(flow_rep0, &info, &queue, NULL), 0);
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
	configure_refused(&attr, info.max_nb_queues + 1, 1, EINVAL, "queues are out of range");
	configure_refused(&attr, 1, queue.max_size + 1, EINVAL, "operations of a queue are out");
	attr.nb_counters = info.max_nb_counters + 1;
	configure_refused(&attr, 1, 1, EINVAL, "counters are out of range");
	attr = (struct rte_flow_port_attr){ .nb_aging_objects = info.max_nb_aging_objects + 1 };
	configure_refused(&attr, 1, 1, EINVAL, "ages are out of range");
	attr = (struct rte_flow_port_attr){ .nb_meters = info.max_nb_meters + 1 };
	configure_refused(&attr, 1, 1, EINVAL, "meters are out of range");
	attr = (struct rte_flow_port_attr){ .nb_conn_tracks = 1 };
	assert_int_equal(info.max_nb_conn_tracks, 0);
	configure_refused(&attr, 1, 1, EINVAL, "connections are out of range");
	attr = (struct rte_flow_port_attr){ .flags = RTE_FLOW_PORT_FLAG_STRICT_QUEUE };
	assert_int_equal(info.supported_flags, 0);
	configure_refused(&attr, 1, 1, ENOTSUP, "flags 0x1 are not supported");
	attr = (struct rte_flow_port_attr){ .nb_counters = info.max_nb_counters,
					    .nb_aging_objects = info.max_nb_aging_objects,
					    .nb_meters = info.max_nb_meters };
	assert_int_equal(rte_flow_configure(flow_rep0, &attr, 1, none, NULL), 0);
}

/* A second time: not while something of the first is in use. */
static void
configured_again(void **state)
{
	struct rte_flow_pattern_template *pt = pt_make(&pt_transfer, PATTERN(ITEM(ETH)));
	const struct rte_flow_port_attr attr = { 0 };
	struct rte_flow_action *acts = ACTIONS(ACT(DROP));
	struct rte_flow_actions_template *at = at_make(acts, acts);
	struct rte_flow_template_table *t = table_make(pt, at, 1);
	struct rte_flow *flow;

	(void)state;
	assert_int_equal(rte_eth_dev_stop(flow_rep0), 0);
	configure_refused(&attr, 1, 1, EBUSY, "template tables");
	flow = rule_make(&now, t, PATTERN(ITEM(ETH)), acts, NULL);
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	rule_destroy(&now, flow, NULL);
	assert_int_equal(rte_flow_template_table_destroy(flow_rep0, t, &error), 0);
	configure_refused(&attr, 1, 1, EBUSY, "results to be pulled");
	pulled(RTE_FLOW_OP_SUCCESS, NULL);
	async_configure(flow_rep0);
	/* Templates stay. */
	table_make(pt, at, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ASYNC_TEST(directions),       ASYNC_TEST(patterns), ASYNC_TEST(actions),
		ASYNC_TEST(tables),           ASYNC_TEST(in_use),   ASYNC_TEST(limits),
		ASYNC_TEST(configured_again),
	};

	return cmocka_run_group_tests(tests, rig_eal, rig_eal_done);
}
